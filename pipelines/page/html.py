"""HTML to `Page`: one parse, whose events are turned into blocks, marks, images, microdata and head as they come.

No tree is built. libxml2 reports elements properly nested whatever the markup was, so a stack of open boxes (block-level
elements) with the inline elements open inside each is all the state that a walk of the tree would have, and no nesting, however
deep, costs recursion.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from enum import IntEnum
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree

from pipelines.page.page import Block, Head, Image, Kind, Mark, MicrodataItem, Node, Page
from pipelines.page.tokens import names_a_role, split_words

MARK_CHARS = 500
"""Longer elements are containers, whatever their class says."""
RAW_MARK_CHARS = 4000
"""The same before white space is collapsed; keeps the cost of nested marks linear."""
HEADING_CHARS = 300
"""A longer run inside a heading is a paragraph whose heading was never closed."""
CAPTION_CHARS = 500
"""A longer run inside an element of class `caption` is no caption."""
LAYOUT_CELL_CHARS = 400
"""A longer table cell is a column of a layout."""
NODE_DEPTH = 120
"""Deeper elements share the node at this depth; pages of the corpus nest 20 to 50 deep, broken ones without end."""
ITEM_DEPTH = 8
"""Microdata items nested deeper are left out."""
TRACKING_PIXEL = 2
"""Images of at most this width or height are no pictures."""


class _Use(IntEnum):
    """What the walk does with an element."""

    INLINE = 0
    BOX = 1
    SKIP = 2
    """Never text."""
    SOFT = 3
    """No text, unless a paragraph turns up inside: libxml2 leaves `button` and its like open where authors forgot to close them."""
    BREAK = 4
    RULE = 5
    IMAGE = 6
    HEAD = 7
    """meta, link, base: no content."""


_BOXES = """
    html body div p section article main header footer nav aside ul ol menu dir li dl dt dd table thead tbody tfoot tr td th caption
    figure figcaption blockquote pre listing xmp address form fieldset details summary h1 h2 h3 h4 h5 h6 hgroup center dialog search
    noframes frameset marquee
"""
_USES: dict[str, _Use] = {
    **dict.fromkeys(_BOXES.split(), _Use.BOX),
    **dict.fromkeys("script style template noscript iframe textarea title canvas video audio rt rp annotation head".split(), _Use.SKIP),
    **dict.fromkeys("button svg select object label legend datalist".split(), _Use.SOFT),
    **dict.fromkeys("meta link base".split(), _Use.HEAD),
    "br": _Use.BREAK,
    "hr": _Use.RULE,
    "img": _Use.IMAGE,
    "amp-img": _Use.IMAGE,
}
del _USES["head"]
_TEXT_BOXES = frozenset("p h1 h2 h3 h4 h5 h6 li dt dd td th pre figcaption caption summary blockquote".split())
"""Boxes of running text: inline elements side by side are one word, and unknown elements are inline."""
_PRE = frozenset({"pre", "listing", "xmp"})
_BOLD = frozenset({"b", "strong"})
_LISTS = frozenset({"ul", "ol", "menu", "dir", "dl"})
_ITEMS = frozenset({"li", "dt", "dd"})
_STRUCTURED_CELL = frozenset("table ul ol dl h1 h2 h3 h4 h5 h6 blockquote pre figure article section form".split())
"""Elements whose presence in a cell shows that the table is a layout."""
_VERSE = frozenset({"verse", "poem", "poetry", "lyrics", "stanza"})
_CREDIT = frozenset({"credit", "credits", "copyright", "photographer", "photocredit", "imagecredit"})
_MARK_RELS = frozenset({"author", "tag", "category", "license"})
_AUTHOR_WORDS = frozenset({"author", "autor", "auteur", "byline", "writer", "contributor", "creator"})
_ATTRIBUTES = frozenset("class id style role hidden itemprop itemscope itemtype aria-hidden aria-label aria-level rel".split())
"""Attributes that change what is done with an element."""
_LAZY_SOURCES = ("data-src", "data-lazy-src", "data-original", "data-lazy", "data-url")

_HIDING = re.compile(r"display\s*:\s*none", re.I)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff\x00]")
_SEAM = "\x00"
"""Stands where one inline element ends and the next begins; libxml2 lets no such character through."""
_SEAM_BETWEEN_WORDS = re.compile(r"(?<=\w\w)\x00(?=\w)")
_BLANK_EDGES = re.compile(r"\A(?:[ \t]*\n)+|\s+\Z")


class _Inline:
    """An inline element that is open."""

    __slots__ = ("attrib", "bold", "closing", "hidden", "href", "node", "tag")

    def __init__(self, tag: str, attrib: dict[str, str]) -> None:
        self.tag = tag
        self.attrib = attrib
        self.node: Node | None = None
        self.href = ""
        self.bold = False
        self.hidden = False
        self.closing: _Closing | None = None


class _Box:
    """A block-level element that is open, with what the blocks inside take from it."""

    __slots__ = (
        "blocks", "closing", "depth", "headed", "hidden", "images", "inlines", "kind", "level", "list_depth", "list_id", "marks", "node",
        "ordered", "outer_kind", "parent", "plain_row", "tag",
    )  # fmt: skip

    def __init__(self, tag: str, parent: _Box | None, node: Node) -> None:
        self.tag = tag
        self.parent = parent
        self.node = node
        self.inlines: list[_Inline] = []
        self.closing: _Closing | None = None
        self.headed = False
        self.plain_row = True
        self.blocks = self.marks = self.images = 0
        if parent is None:
            self.kind, self.level, self.list_depth, self.list_id = Kind.PARAGRAPH, 0, 0, 0
            self.ordered = self.hidden = False
            self.depth = 0
        else:
            self.kind, self.level, self.list_depth, self.list_id = parent.kind, parent.level, parent.list_depth, parent.list_id
            self.ordered, self.hidden = parent.ordered, parent.hidden
            self.depth = parent.depth + 1


class _Draft:
    """A mark while its element is open."""

    __slots__ = ("attrib", "block", "node", "text")

    def __init__(self, node: Node, block: int, attrib: dict[str, str]) -> None:
        self.node = node
        self.block = block
        self.attrib = attrib
        self.text: str | None = None


class _Item:
    """A microdata item while its element is open."""

    __slots__ = ("properties", "type")

    def __init__(self, type_: str) -> None:
        self.type = type_
        self.properties: list[tuple[str, str | MicrodataItem]] = []


class _Closing(NamedTuple):
    """What is due when an element ends: its text for a mark or property, its item for the item around it."""

    pieces: int
    chars: int
    draft: _Draft | None
    properties: tuple[str, ...]
    owner: _Item | None
    item: _Item | None
    attrib: dict[str, str]
    tag: str


class _Run(NamedTuple):
    """A block before it has its place among the others; a row of a table may still take it in."""

    kind: Kind
    text: str
    node: Node
    level: int
    depth: int
    link_chars: int
    bold_chars: int
    hidden: bool
    links: tuple[str, ...]
    list_id: int
    ordered: bool
    cell: Node | None


def collapse(text: str) -> str:
    """Collapse white space to single spaces and take out characters without width."""
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())


class _Resolver:
    """Makes addresses absolute. `urljoin` alone would cost as much as the rest of the walk."""

    def __init__(self, base: str | None) -> None:
        self._known: dict[str, str] = {}
        self.rebase(base or "")

    def rebase(self, base: str) -> None:
        """Resolve against another base from now on."""
        self.base = base
        self._known.clear()
        try:
            parts = urlsplit(base)
        except ValueError:
            self.base, self._scheme, self._origin = "", "", ""
            return
        self._scheme = f"{parts.scheme}:" if parts.scheme else ""
        self._origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""

    def __call__(self, href: str) -> str:
        """Return the absolute address, or the reference as it stands where that is impossible."""
        found = self._known.get(href)
        if found is None:
            found = self._known[href] = self._resolve("".join(href.split()))
        return found

    def _resolve(self, href: str) -> str:
        if href.startswith(("https://", "http://")) or not self.base:
            return href
        if href.startswith("//"):
            return self._scheme + href
        if href.startswith("/") and "/." not in href and self._origin:
            return self._origin + href
        try:
            return urljoin(self.base, href)
        except ValueError:
            return href


class _Walk:
    """Receives the parser's events. Methods without underscore are those that lxml calls."""

    def __init__(self, url: str | None) -> None:
        self.resolve = _Resolver(url)
        self.runs: list[_Run] = []
        self.drafts: list[_Draft] = []
        self.images: list[Image] = []
        self.items: list[MicrodataItem] = []
        self.title = ""
        self.lang = ""
        self.meta: list[tuple[str, str]] = []
        self.links: list[tuple[str, str, str]] = []
        self.json_ld: list[str] = []
        self._box = _Box("#document", None, Node(None, "#document"))
        self._pieces: list[str] = []
        """All text so far; runs and marks are slices of it."""
        self._chars = 0
        self._run_start = 0
        self._break_at = -1
        """Number of pieces when the last `<br>` of this run came, or -1."""
        self._linked: list[str] = []
        self._bold_text: list[str] = []
        self._run_links: list[str] = []
        self._link_depth = self._bold_depth = 0
        self._href = ""
        self._inline_ended = False
        self._skipped = 0
        """Depth inside an element without text; 0 outside."""
        self._script: list[str] | None = None
        self._on_script: Callable[[str], None] | None = None
        self._held: list[tuple[str, Any]] = []
        self._held_open: list[int] = []
        """Where each open element of `_held` began, -1 for those that are not soft."""
        self._holding = False
        self._soft_depth: list[bool] = []
        self._scopes: list[_Item] = []
        self._lists = 0

    # Events

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        """Handle a start tag."""
        if self._skipped:
            self._skipped += 1
            return
        use = _USES.get(tag, _Use.INLINE)
        if use is _Use.SKIP and self._skip(tag, attrib):
            return
        if self._holding or use is _Use.SOFT:
            self._hold_start(tag, attrib, use)
            return
        self._open(tag, attrib, use)

    def end(self, tag: str) -> None:
        """Handle an end tag."""
        if self._skipped:
            self._skipped -= 1
            if not self._skipped and self._on_script is not None:
                self._on_script("".join(self._script or ()))
                self._script = self._on_script = None
            return
        if self._holding:
            self._hold_end(tag)
            return
        self._close(tag)

    def data(self, text: str) -> None:
        """Handle text."""
        if self._skipped:
            if self._script is not None:
                self._script.append(text)
            return
        if self._holding:
            self._held.append(("data", text))
            return
        self._pieces.append(text)
        self._chars += len(text)
        self._inline_ended = False
        if self._link_depth and not text.isspace():
            self._linked.append(text)
            if self._href and (not self._run_links or self._run_links[-1] != self._href):
                self._run_links.append(self._href)
        if self._bold_depth:
            self._bold_text.append(text)

    def close(self) -> None:
        """End the document."""
        self._flush()

    # Elements without text

    def _skip(self, tag: str, attrib: dict[str, str]) -> bool:
        if tag == "template" and ("shadowrootmode" in attrib or "shadowroot" in attrib):
            return False
        self._skipped = 1
        if tag == "script" and "ld+json" in attrib.get("type", "").lower():
            self._script, self._on_script = [], self.json_ld.append
        elif tag == "title" and not self.title and not self._holding:
            self._script, self._on_script = [], self._take_title
        return True

    def _take_title(self, text: str) -> None:
        self.title = collapse(text)

    def _hold_start(self, tag: str, attrib: dict[str, str], use: _Use) -> None:
        if tag == "p":
            self._release()
            self._open(tag, attrib, use)
            return
        self._holding = True
        if use is not _Use.SOFT and use not in (_Use.INLINE, _Use.BOX):
            use_index = -1
        else:
            use_index = len(self._held) if use is _Use.SOFT else -1
        self._held_open.append(use_index)
        self._held.append(("start", (tag, attrib)))

    def _hold_end(self, tag: str) -> None:
        began = self._held_open.pop()
        self._held.append(("end", tag))
        if began >= 0:
            del self._held[began:]
        self._holding = bool(self._held_open)

    def _release(self) -> None:
        """Take the held elements as ordinary ones: a paragraph stands inside them."""
        held, self._held, self._held_open, self._holding = self._held, [], [], False
        for event, value in held:
            if event == "start":
                tag, attrib = value
                use = _USES.get(tag, _Use.INLINE)
                self._open(tag, attrib, _Use.BOX if use is _Use.SOFT else use)
            elif event == "end":
                self._close(value)
            else:
                self.data(value)

    # Opening and closing

    def _open(self, tag: str, attrib: dict[str, str], use: _Use) -> None:
        if use is _Use.BOX:
            self._open_box(tag, attrib)
        elif use is _Use.INLINE:
            if "-" in tag and self._box.tag not in _TEXT_BOXES:
                self._open_box(tag, attrib)
            else:
                self._open_inline(tag, attrib)
        else:
            self._open_void(tag, attrib, use)

    def _open_void(self, tag: str, attrib: dict[str, str], use: _Use) -> None:
        if use is _Use.BREAK:
            self._break_line()
        elif use is _Use.RULE:
            self._flush()
            self._append(Kind.BREAK, "", ())
        elif use is _Use.IMAGE:
            self._add_image(attrib)
        elif use is _Use.HEAD:
            self._read_head(tag, attrib)
        frame = _Inline(tag, attrib)
        if "itemprop" in attrib:
            frame.closing = self._watch(tag, attrib, self._node_of(frame), _roles(tag, attrib))
        self._box.inlines.append(frame)

    def _open_inline(self, tag: str, attrib: dict[str, str]) -> None:
        frame = _Inline(tag, attrib)
        box = self._box
        if self._inline_ended and box.tag not in _TEXT_BOXES:
            self._pieces.append(_SEAM)
        if tag == "a":
            self._link_depth += 1
            href = attrib.get("href")
            if href:
                frame.href, self._href = self._href, self.resolve(href)
            else:
                frame.href = self._href
        elif tag in _BOLD:
            frame.bold = True
        if attrib:
            style = attrib.get("style")
            if style and _BOLD_STYLE.search(style):
                frame.bold = True
            if "hidden" in attrib or (style and _HIDING.search(style)):
                frame.hidden = True
            if _is_marked(tag, attrib):
                frame.closing = self._watch(tag, attrib, self._node_of(frame), _roles(tag, attrib))
        elif tag == "time":
            frame.closing = self._watch(tag, attrib, self._node_of(frame), True)
        if frame.bold:
            self._bold_depth += 1
        box.inlines.append(frame)

    def _close(self, tag: str) -> None:
        box = self._box
        if box.inlines:
            frame = box.inlines.pop()
            if frame.closing is not None:
                self._settle(frame.closing)
            if frame.bold:
                self._bold_depth -= 1
            if frame.tag == "a":
                self._link_depth -= 1
                self._href = frame.href
            if frame.tag not in ("br", "img", "wbr"):
                self._inline_ended = True
            return
        self._flush()
        if box.closing is not None:
            self._settle(box.closing)
        if box.parent is not None:
            self._leave(box)
            self._box = box.parent

    # Boxes

    def _open_box(self, tag: str, attrib: dict[str, str]) -> None:
        parent = self._box
        if parent.kind is Kind.CODE:
            self._pieces.append("\n")
            self._open_inline(tag, attrib)
            return
        self._flush()
        box = self._box = _Box(tag, parent, self._node_for(tag, attrib))
        if attrib:
            if tag == "html":
                self.lang = attrib.get("lang") or attrib.get("xml:lang") or ""
            if "hidden" in attrib or attrib.get("aria-hidden") == "true" or _HIDING.search(attrib.get("style", "")):
                box.hidden = True
        for frame in parent.inlines:
            box.hidden = box.hidden or frame.hidden
        setter = _SETTERS.get(tag)
        if setter is not None:
            setter(self, box, attrib)
        if attrib:
            if attrib.get("role") == "heading":
                box.kind, box.level = Kind.HEADING, _level(attrib.get("aria-level", ""))
            if _is_marked(tag, attrib):
                box.closing = self._watch(tag, attrib, box.node, _roles(tag, attrib))

    def _set_heading(self, box: _Box, attrib: dict[str, str]) -> None:
        box.kind, box.level = Kind.HEADING, int(box.tag[1])
        outer = box.parent
        while outer is not None and outer.tag != "body":
            if outer.tag in _ITEMS:
                outer.headed = True
                break
            outer = outer.parent
        self._note_structure(box, attrib)

    def _set_list(self, box: _Box, attrib: dict[str, str]) -> None:
        box.ordered = box.tag == "ol"
        box.list_depth += 1
        if box.list_depth == 1:
            self._lists += 1
            box.list_id = self._lists
        self._note_structure(box, attrib)

    def _set_item(self, box: _Box, attrib: dict[str, str]) -> None:
        box.kind, box.level = Kind.LIST_ITEM, 0

    def _set_quote(self, box: _Box, attrib: dict[str, str]) -> None:
        box.kind, box.level = Kind.QUOTE, 0
        self._note_structure(box, attrib)

    def _set_code(self, box: _Box, attrib: dict[str, str]) -> None:
        box.kind, box.level = Kind.CODE, 0
        self._note_structure(box, attrib)

    def _set_caption(self, box: _Box, attrib: dict[str, str]) -> None:
        box.kind, box.level = Kind.CAPTION, 0

    def _set_figure(self, box: _Box, attrib: dict[str, str]) -> None:
        box.images, box.marks = len(self.images), len(self.drafts)
        self._note_structure(box, attrib)

    def _set_table(self, box: _Box, attrib: dict[str, str]) -> None:
        self._note_structure(box, attrib)
        box.kind, box.level, box.list_depth = Kind.PARAGRAPH, 0, 0
        self._lists += 1
        box.list_id = self._lists
        box.plain_row = attrib.get("role") not in ("presentation", "none")

    def _set_row(self, box: _Box, attrib: dict[str, str]) -> None:
        table: _Box | None = box.parent
        while table is not None and table.tag != "table":
            table = table.parent
        box.plain_row = table is None or table.plain_row
        box.blocks, box.marks, box.images = len(self.runs), len(self.drafts), len(self.images)

    def _set_structure(self, box: _Box, attrib: dict[str, str]) -> None:
        self._note_structure(box, attrib)

    def _note_structure(self, box: _Box, attrib: dict[str, str]) -> None:
        """Note in the row around, if there is one, that a cell holds more than a line of text."""
        del attrib
        outer = box.parent
        while outer is not None and outer.tag in _CELL_INSIDES:
            if outer.tag == "tr":
                outer.plain_row = False
                return
            outer = outer.parent

    def _leave(self, box: _Box) -> None:
        if box.tag == "tr":
            self._join_row(box)
        elif box.tag == "figure":
            self._caption_images(box)

    def _join_row(self, row: _Box) -> None:
        """Make one block of the cells, where each holds a line of text and nothing else."""
        cells = self.runs[row.blocks :]
        if len(cells) < 2 or not row.plain_row or any(len(run.text) > LAYOUT_CELL_CHARS or run.kind is Kind.BREAK for run in cells):
            return
        if len({id(run.cell) for run in cells}) < len(cells):
            return
        first = cells[0]
        links = tuple(link for run in cells for link in run.links)
        link_chars, bold_chars = sum(run.link_chars for run in cells), sum(run.bold_chars for run in cells)
        text = " | ".join(run.text for run in cells)
        hidden = all(run.hidden for run in cells)
        joined = _Run(
            Kind.TABLE_ROW, text, row.node, 0, 0, link_chars, bold_chars, hidden, links, first.list_id or row.list_id, False, None
        )
        self.runs[row.blocks :] = [joined]
        for draft in self.drafts[row.marks :]:
            draft.block = row.blocks
        for index in range(row.images, len(self.images)):
            image = self.images[index]
            self.images[index] = Image(image.url, image.alt, image.caption, image.credit, row.blocks)

    def _caption_images(self, figure: _Box) -> None:
        if figure.images == len(self.images):
            return
        first = self.images[figure.images].block
        caption = " ".join(run.text for run in self.runs[first:] if run.kind is Kind.CAPTION)
        credits_ = (draft.text for draft in self.drafts[figure.marks :] if draft.text and not _CREDIT.isdisjoint(draft.node.tokens))
        credit = next(credits_, "")
        for index in range(figure.images, len(self.images)):
            image = self.images[index]
            self.images[index] = Image(image.url, image.alt, image.caption or caption, image.credit or credit, image.block)

    # Text

    def _break_line(self) -> None:
        if self._box.kind is Kind.CODE:
            self._pieces.append("\n")
            return
        if self._break_at >= self._run_start and "".join(self._pieces[self._break_at :]).strip() == "":
            self._flush()
        self._pieces.append(_line_end(self._box))
        self._break_at = len(self._pieces)

    def _flush(self) -> None:
        """End the run of text, and make a block of it where it holds any."""
        self._inline_ended = False
        self._break_at = -1
        start, end = self._run_start, len(self._pieces)
        if start == end:
            return
        text = "".join(self._pieces[start:])
        self._pieces.append(" ")
        self._run_start = end + 1
        text = _tidy(text, self._box)
        if text:
            self._append(self._kind_of(text), text, tuple(self._run_links))
        if self._linked or self._bold_text:
            self._linked, self._bold_text = [], []
        if self._run_links:
            self._run_links = []

    def _kind_of(self, text: str) -> Kind:
        box = self._box
        kind = box.kind
        if kind is Kind.HEADING and len(text) > HEADING_CHARS:
            return Kind.PARAGRAPH
        if kind is Kind.LIST_ITEM and self._is_card(box):
            return Kind.PARAGRAPH
        if kind is Kind.PARAGRAPH and "caption" in box.node.tokens and len(text) <= CAPTION_CHARS:
            return Kind.CAPTION
        return kind

    def _is_card(self, box: _Box) -> bool:
        """Tell whether the list item around has had a heading: it is a card, and its text are paragraphs."""
        outer: _Box | None = box
        while outer is not None and outer.kind is Kind.LIST_ITEM:
            if outer.tag in _ITEMS:
                return outer.headed
            outer = outer.parent
        return False

    def _append(self, kind: Kind, text: str, links: tuple[str, ...]) -> None:
        box = self._box
        linked = min(len(text), len(collapse(" ".join(self._linked)))) if self._linked else 0
        bold = min(len(text), len(collapse("".join(self._bold_text)))) if self._bold_text else 0
        listed = kind is Kind.LIST_ITEM
        self.runs.append(
            _Run(
                kind,
                text,
                box.node,
                box.level if kind is Kind.HEADING else 0,
                max(box.list_depth, 1) if listed else 0,
                linked,
                bold,
                box.hidden,
                links,
                box.list_id if listed else 0,
                listed and box.ordered,
                _cell_of(box),
            )
        )

    # Nodes and marks

    def _node_for(self, tag: str, attrib: dict[str, str]) -> Node:
        """Make the node of a box, and of the inline elements between it and the box around it that say anything."""
        box = self._box
        above = box.node
        if box.depth >= NODE_DEPTH:
            return above
        if box.inlines:
            above = self._node_of(box.inlines[-1])
        return _node(above, tag, attrib)

    def _node_of(self, frame: _Inline) -> Node:
        """Return the node of an inline element; one that says nothing has that of the element around it."""
        if frame.node is None:
            box = self._box
            above = box.node
            for inline in box.inlines:
                if inline is frame:
                    break
                if inline.node is None:
                    inline.node = _node(above, inline.tag, inline.attrib) if _says_something(inline) else above
                above = inline.node
            frame.node = _node(above, frame.tag, frame.attrib) if len(box.inlines) < NODE_DEPTH else above
        return frame.node

    def _watch(self, tag: str, attrib: dict[str, str], node: Node, marked: bool) -> _Closing:
        draft = None
        if marked:
            draft = _Draft(node, len(self.runs), attrib)
            self.drafts.append(draft)
        owner = self._scopes[-1] if self._scopes else None
        properties = tuple(attrib.get("itemprop", "").split()) if owner is not None else ()
        item = None
        if "itemscope" in attrib:
            item = _Item(_last_segment(attrib.get("itemtype", "")))
            self._scopes.append(item)
        return _Closing(len(self._pieces), self._chars, draft, properties, owner, item, attrib, tag)

    def _settle(self, closing: _Closing) -> None:
        """Give a mark and its properties their text now that the element has ended."""
        text: str | None = None
        if self._chars - closing.chars <= RAW_MARK_CHARS:
            text = collapse("".join(self._pieces[closing.pieces :]).replace(_SEAM, " "))
        if closing.draft is not None:
            closing.draft.text = text
        if closing.item is not None:
            self._scopes.pop()
            item = MicrodataItem(closing.item.type, tuple(closing.item.properties))
            if not closing.properties or closing.owner is None:
                self.items.append(item)
            elif len(self._scopes) < ITEM_DEPTH:
                closing.owner.properties.extend((name, item) for name in closing.properties)
        elif closing.owner is not None and closing.properties:
            value = self._property_value(closing, text)
            if value:
                closing.owner.properties.extend((name, value) for name in closing.properties)

    def _property_value(self, closing: _Closing, text: str | None) -> str:
        attrib = closing.attrib
        if "content" in attrib:
            return attrib["content"].strip()
        if closing.tag == "time" and "datetime" in attrib:
            return attrib["datetime"].strip()
        if closing.tag in ("a", "link", "area") and "href" in attrib:
            address = self.resolve(attrib["href"])
            return f"{address} {text}" if text and closing.tag == "a" and False else address
        if closing.tag in ("img", "amp-img", "source", "iframe", "video", "audio"):
            return self.resolve(attrib.get("src", ""))
        return text or ""

    # Head and images

    def _read_head(self, tag: str, attrib: dict[str, str]) -> None:
        if tag == "base":
            if attrib.get("href"):
                self.resolve.rebase(self.resolve(attrib["href"]))
        elif tag == "link":
            if "href" in attrib and "rel" in attrib:
                self.links.append((attrib["rel"].lower(), self.resolve(attrib["href"]), attrib.get("type", "").lower()))
        else:
            self._read_meta(attrib)

    def _read_meta(self, attrib: dict[str, str]) -> None:
        content = attrib.get("content")
        if content is None:
            return
        names = [attrib[key] for key in ("name", "property", "http-equiv") if attrib.get(key)]
        if not names and not self._scopes and attrib.get("itemprop"):
            names = [attrib["itemprop"]]
        self.meta.extend((name.strip().lower(), content.strip()) for name in dict.fromkeys(names))

    def _add_image(self, attrib: dict[str, str]) -> None:
        address = _image_address(attrib)
        if address:
            alt = collapse(attrib.get("alt", ""))
            self.images.append(Image(self.resolve(address), alt, block=len(self.runs)))


_SETTERS: dict[str, Callable[[_Walk, _Box, dict[str, str]], None]] = {
    **dict.fromkeys("h1 h2 h3 h4 h5 h6".split(), _Walk._set_heading),
    **dict.fromkeys(_LISTS, _Walk._set_list),
    **dict.fromkeys(_ITEMS, _Walk._set_item),
    **dict.fromkeys(_PRE, _Walk._set_code),
    **dict.fromkeys(("figcaption", "caption"), _Walk._set_caption),
    **dict.fromkeys(("article", "section", "form"), _Walk._set_structure),
    "blockquote": _Walk._set_quote,
    "figure": _Walk._set_figure,
    "table": _Walk._set_table,
    "tr": _Walk._set_row,
}
_CELL_INSIDES = frozenset("tr td th div p span center font li ul ol dl dd dt section article figure blockquote form".split())
"""Elements that a cell's structure may be wrapped in: the way up to its row leads through these."""


def _line_end(box: _Box) -> str:
    return "\n" if box.tag == "address" or not _VERSE.isdisjoint(box.node.tokens) else " "


def _tidy(text: str, box: _Box) -> str:
    if _SEAM in text:
        text = _SEAM_BETWEEN_WORDS.sub(" ", text).replace(_SEAM, "")
    if box.kind is Kind.CODE:
        return _BLANK_EDGES.sub("", text.expandtabs(4).replace("\r\n", "\n"))
    if _line_end(box) == "\n":
        lines = (collapse(line) for line in text.split("\n"))
        return "\n".join(line for line in lines if line)
    return collapse(text)


def _cell_of(box: _Box) -> Node | None:
    outer: _Box | None = box
    while outer is not None and outer.tag in _CELL_INSIDES:
        if outer.tag in ("td", "th"):
            return outer.node
        outer = outer.parent
    return None


def _node(parent: Node, tag: str, attrib: dict[str, str]) -> Node:
    if not attrib:
        return Node(parent, tag)
    names, ident = attrib.get("class"), attrib.get("id")
    words = split_words(names) if names else ()
    if ident:
        words = tuple(dict.fromkeys(words + split_words(ident)))
    return Node(
        parent,
        tag,
        words,
        attrib.get("role", "").lower(),
        attrib.get("itemprop", ""),
        _last_segment(attrib["itemtype"]) if "itemtype" in attrib else "",
        attrib.get("aria-label", ""),
    )


def _says_something(frame: _Inline) -> bool:
    return not _ATTRIBUTES.isdisjoint(frame.attrib)


def _is_marked(tag: str, attrib: dict[str, str]) -> bool:
    return "itemprop" in attrib or "itemscope" in attrib or _roles(tag, attrib)


def _roles(tag: str, attrib: dict[str, str]) -> bool:
    """Tell whether an element names its role."""
    if tag == "time" or "itemprop" in attrib:
        return True
    names = attrib.get("class")
    if names and names_a_role(names):
        return True
    ident = attrib.get("id")
    if ident and names_a_role(ident):
        return True
    rel = attrib.get("rel")
    return bool(rel) and not _MARK_RELS.isdisjoint(rel.lower().split())  # type: ignore[union-attr]


def _last_segment(address: str) -> str:
    return address.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1].strip()


def _level(text: str) -> int:
    return int(text) if text in ("1", "2", "3", "4", "5", "6") else 2


def _image_address(attrib: dict[str, str]) -> str:
    for side in ("width", "height"):
        size = attrib.get(side, "")
        if size.isascii() and size.isdigit() and int(size[:6]) <= TRACKING_PIXEL:
            return ""
    for name in ("src", *_LAZY_SOURCES):
        address = attrib.get(name, "").strip()
        if address and not address.startswith("data:"):
            return address
    sources = attrib.get("srcset") or attrib.get("data-srcset") or ""
    first = sources.split(",")[0].split()
    return first[0] if first and not first[0].startswith("data:") else ""


def _mark(draft: _Draft, last: int, resolve: _Resolver) -> Mark | None:
    """Finish a mark; None for one that is too long or says nothing."""
    if draft.text is None or len(draft.text) > MARK_CHARS:
        return None
    attrib = draft.attrib
    href = resolve(attrib["href"]) if "href" in attrib else ""
    values = (attrib.get("datetime", ""), attrib.get("content", ""), attrib.get("title", ""), href)
    value = next((given.strip() for given in values if given.strip() and given.strip() != draft.text), "")
    if not value and not draft.text:
        return None
    return Mark(draft.node, min(draft.block, last), draft.text, value, attrib.get("rel", "").lower(), href)


def parse_html(
    text: str, *, url: str | None, fetched: datetime | None, headers: tuple[tuple[str, str], ...] = (), format: str = "html"
) -> Page:
    """Read an HTML document into a page. Never raises, whatever the text."""
    walk = _run(text, url)
    blocks = tuple(Block(index, *run[:-1]) for index, run in enumerate(walk.runs))
    last = max(len(blocks) - 1, 0)
    marks = (_mark(draft, last, walk.resolve) for draft in walk.drafts)
    images = tuple(Image(i.url, i.alt, i.caption, i.credit, min(i.block, last)) for i in walk.images)
    head = Head(walk.title, walk.lang.strip(), tuple(walk.meta), tuple(walk.links), tuple(walk.json_ld))
    return Page(url, fetched, format, blocks, tuple(m for m in marks if m), head, tuple(walk.items), images, headers)


def _run(text: str, url: str | None) -> _Walk:
    walk = _Walk(url)
    body = text.encode("utf-8", "replace")
    if not body.strip():
        return walk
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, target=walk)
    try:
        etree.fromstring(body, parser)
    except etree.XMLSyntaxError:  # nothing like a document; what was read of it stands
        walk.close()
    return walk
