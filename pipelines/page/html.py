"""HTML to `Page`: one parse, whose events are turned into blocks, marks, images, microdata and head as they come.

No tree is built. libxml2 reports elements properly nested whatever the markup was, so a stack of open boxes (block-level
elements), each with the inline elements open inside it, is all the state that a walk of the tree would have, and no nesting,
however deep, costs recursion.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, cast

from lxml import etree

from pipelines.page.addresses import Resolver
from pipelines.page.elements import (
    CELLS,
    HEADINGS,
    ITEMS,
    LISTS,
    PREFORMATTED,
    RUNNING_TEXT,
    USES,
    Use,
    heading_level,
    hides,
    image_address,
    is_bold_style,
    last_segment,
)
from pipelines.page.page import Block, Head, Image, Kind, Mark, MicrodataItem, Node, Page
from pipelines.page.spaces import collapse
from pipelines.page.tokens import read_names

MARK_CHARS = 500
"""Longer elements are containers, whatever their class says."""
RAW_MARK_CHARS = 4000
"""The same in pieces and characters before white space is collapsed; keeps the cost of nested marks linear."""
HEADING_CHARS = 300
"""A longer run inside a heading is a paragraph whose heading was never closed."""
CAPTION_CHARS = 500
"""A longer run inside an element of class `caption` is no caption."""
LAYOUT_CELL_CHARS = 400
"""A longer table cell is a column of a layout."""
NODE_DEPTH = 120
"""Deeper elements share the node at this depth: a page nests 20 to 50 deep, a broken one without end."""
NAMES_CHARS = 500
"""Longer class and id attributes are cut."""
ITEM_DEPTH = 8
"""Microdata items nested deeper are left out."""

_BOX, _INLINE, _SKIP, _SOFT = Use.BOX, Use.INLINE, Use.SKIP, Use.SOFT
_PARAGRAPH, _HEADING, _ITEM, _CODE = Kind.PARAGRAPH, Kind.HEADING, Kind.LIST_ITEM, Kind.CODE
_USES_WITHOUT_SCRIPTS = {**USES, "noscript": Use.BOX}
"""For pages that bring their text by script, and for readers without it in `noscript`; elsewhere that repeats pictures."""
_BOLD_TAGS = frozenset({"b", "strong"})
_WITHOUT_CONTENT = frozenset({"br", "img", "wbr", "meta", "link", "input"})
_LINE_KEEPING = frozenset({"verse", "poem", "poetry", "lyrics", "stanza"})
_CREDIT_WORDS = frozenset({"credit", "credits", "copyright", "photographer"})
_MARK_RELS = frozenset({"author", "tag", "category", "license"})
_NODE_ATTRIBUTES = frozenset({"class", "id", "role", "itemprop", "itemtype", "aria-label", "rel"})
_SPECIAL = _NODE_ATTRIBUTES - {"class"} | {"hidden", "style", "aria-hidden", "itemscope"}
_EMBEDDED = frozenset({"img", "amp-img", "source", "iframe", "video", "audio", "embed"})

_SEAM = "\x00"
"""Stands where one inline element ends and the next begins; libxml2 lets no such character through."""
_LINE_END = "\x00\n"
_SEAM_BETWEEN_WORDS = re.compile(r"(?<=\w\w)\x00(?=\w)")
_BLANK_EDGES = re.compile(r"\A(?:[ \t]*\n)+|\s+\Z")


class _Context(NamedTuple):
    """What blocks inside a box take from it."""

    kind: Kind = Kind.PARAGRAPH
    level: int = 0
    list_depth: int = 0
    list_id: int = 0
    ordered: bool = False
    hidden: bool = False
    item: _Box | None = None
    """The list item around, innermost."""
    row: _Box | None = None
    """The table row around, and the table; up to the innermost table only."""
    table: _Box | None = None

    def of_kind(self, kind: Kind, level: int = 0) -> _Context:
        """Return the same context for another kind of block. `_replace` would take three times as long."""
        return _Context(kind, level, *self[2:])


_TOP = _Context()


class _Inline:
    """An inline element that is open."""

    __slots__ = ("attrib", "bold", "closing", "depth", "hidden", "node", "outer_href", "since", "tag")

    def __init__(self, tag: str, attrib: dict[str, str]) -> None:
        self.tag = tag
        self.attrib = attrib
        self.node: Node | None = None
        self.depth = 0
        """Of the node, once there is one."""
        self.outer_href = ""
        self.since = (0, 0, 0)
        """Of a link: how many pieces, linked pieces and addresses of this run there were when it began."""
        self.bold = False
        self.hidden = False
        """Whether it or an inline element around it says that it is not shown."""
        self.closing: _Closing | None = None


class _Box:
    """A block-level element that is open."""

    __slots__ = ("closing", "context", "depth", "headed", "inlines", "node", "parent", "plain", "since", "tag")

    def __init__(self, tag: str, parent: _Box | None, node: Node, depth: int) -> None:
        self.tag = tag
        self.parent = parent
        self.node = node
        self.context: _Context = _TOP if parent is None else parent.context
        self.depth = depth
        self.inlines: list[_Inline] = []
        self.closing: _Closing | None = None
        self.headed = False
        """Of a list item: whether a heading has stood in it."""
        self.plain = True
        """Of a row: whether its cells hold lines of text and nothing else; of a table: whether they may."""
        self.since = (0, 0, 0)
        """Of a row or figure: how many blocks, marks and images there were when it began."""


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
    names: tuple[str, ...]
    """Properties of `owner` that the element gives."""
    owner: _Item | None
    item: _Item | None
    attrib: dict[str, str]
    tag: str


class _Walk:
    """Receives the parser's events: `start`, `end`, `data` and `close` are what lxml calls."""

    def __init__(self, url: str | None, uses: Mapping[str, Use] = USES) -> None:
        self.resolve = Resolver(url)
        self._uses = uses
        self.blocks: list[Block] = []
        self.drafts: list[_Draft] = []
        self.images: list[Image] = []
        self.items: list[MicrodataItem] = []
        self.title = ""
        self.lang = ""
        self.meta: list[tuple[str, str]] = []
        self.links: list[tuple[str, str, str]] = []
        self.json_ld: list[str] = []
        self._box = _Box("#document", None, Node(None, "#document"), 0)
        self._pieces: list[str] = []
        """All text so far; runs and marks are slices of it."""
        self._chars = 0
        self._run_start = 0
        self._break_at = -1
        """Number of pieces when the last `<br>` of this run came, or -1."""
        self._linked: list[str] = []
        self._bold: list[str] = []
        self._run_links: list[str] = []
        self._link_depth = self._bold_depth = self._lists = 0
        self._href = ""
        self._inline_ended = False
        self._skipped = 0
        """Depth inside an element without text; 0 outside."""
        self._script: list[str] | None = None
        self._on_script: Callable[[str], None] | None = None
        self._held: list[tuple[str, Any]] = []
        """Events inside a soft element, until it ends or a paragraph shows that it was left open."""
        self._held_open: list[int] = []
        """Where in `_held` each open soft element began, -1 for elements that are none."""
        self._scopes: list[_Item] = []

    # Events

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        """Handle a start tag."""
        if self._skipped:
            self._skipped += 1
            return
        use = self._uses.get(tag, _INLINE)
        if use is _SKIP and self._skip(tag, attrib):
            return
        if self._held_open or use is _SOFT or (use is _INLINE and ("style" in attrib or "hidden" in attrib) and hides(attrib)):
            self._hold(tag, attrib, use)
        elif use is _BOX:
            self._open_box(tag, attrib)
        elif use is _INLINE:
            self._open_inline(tag, attrib)
        else:
            self._open_empty(tag, attrib, use)

    def end(self, tag: str) -> None:
        """Handle an end tag."""
        if self._skipped:
            self._end_skipped()
        elif self._held_open:
            self._end_held(tag)
        elif self._box.inlines:
            self._close_inline(self._box.inlines.pop())
        else:
            self._close_box(self._box)

    def data(self, text: str) -> None:
        """Handle text."""
        if self._skipped:
            if self._script is not None:
                self._script.append(text)
            return
        if self._held_open:
            self._held.append(("data", text))
            return
        self._inline_ended = False
        if text.isspace():
            if self._run_start != len(self._pieces):
                self._pieces.append(text)
            return
        self._pieces.append(text)
        self._chars += len(text)
        if self._link_depth:
            self._linked.append(text)
            if self._href and (not self._run_links or self._run_links[-1] != self._href):
                self._run_links.append(self._href)
        if self._bold_depth:
            self._bold.append(text)

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
        elif tag == "title" and not self.title and not self._held_open:
            self._script, self._on_script = [], self._take_title
        return True

    def _end_skipped(self) -> None:
        self._skipped -= 1
        if not self._skipped and self._on_script is not None:
            self._on_script("".join(self._script or ()))
            self._script = self._on_script = None

    def _take_title(self, text: str) -> None:
        self.title = collapse(text)

    def _hold(self, tag: str, attrib: dict[str, str], use: Use) -> None:
        """Keep the event back while a soft or hidden element is open."""
        if tag == "p":
            self._release()
            self._open_box(tag, attrib)
            return
        soft = use is _SOFT or (use is _INLINE and hides(attrib))
        self._held_open.append(len(self._held) if soft else -1)
        self._held.append(("start", (tag, attrib)))

    def _end_held(self, tag: str) -> None:
        began = self._held_open.pop()
        if began >= 0:
            del self._held[began:]
        else:
            self._held.append(("end", tag))

    def _release(self) -> None:
        """Take the held elements as ordinary ones: a paragraph stands inside them."""
        held, self._held, self._held_open = self._held, [], []
        for event, value in held:
            if event == "data":
                self.data(value)
            elif event == "end":
                self.end(value)
            else:
                self._open_any(*value)

    def _open_any(self, tag: str, attrib: dict[str, str]) -> None:
        use = self._uses.get(tag, _INLINE)
        if use in (_BOX, _SOFT, _SKIP):
            self._open_box(tag, attrib)
        elif use is _INLINE:
            self._open_inline(tag, attrib)
        else:
            self._open_empty(tag, attrib, use)

    # Inline elements

    def _open_empty(self, tag: str, attrib: dict[str, str], use: Use) -> None:
        if use is Use.BREAK:
            self._break_line()
        elif use is Use.IMAGE:
            self._add_image(attrib)
        elif use is Use.HEAD:
            self._read_head(tag, attrib)
        elif use is Use.RULE:
            self._flush()
            self._append(Kind.BREAK, "")
        else:
            self._open_box(tag, attrib)
            return
        frame = _Inline(tag, attrib)
        if "itemprop" in attrib:
            frame.closing = self._watch(tag, attrib, self._node_of(frame)[0], True)
        self._box.inlines.append(frame)

    def _open_inline(self, tag: str, attrib: dict[str, str]) -> None:
        box = self._box
        running = box.tag in RUNNING_TEXT
        if "-" in tag and not running:
            self._open_box(tag, attrib)
            return
        if self._inline_ended and not running:
            self._pieces.append(_SEAM)
        frame = _Inline(tag, attrib)
        if tag == "a":
            self._open_link(frame)
        elif tag in _BOLD_TAGS:
            frame.bold = True
        if attrib:
            if "style" in attrib:
                frame.bold = frame.bold or is_bold_style(attrib["style"])
                frame.hidden = hides(attrib)
            if "hidden" in attrib:
                frame.hidden = hides(attrib)
            marked = tag == "time" or _names_role(attrib)
            if marked or "itemscope" in attrib:
                frame.closing = self._watch(tag, attrib, self._node_of(frame)[0], marked)
        elif tag == "time":
            frame.closing = self._watch(tag, attrib, self._node_of(frame)[0], True)
        if frame.bold:
            self._bold_depth += 1
        if box.inlines and box.inlines[-1].hidden:
            frame.hidden = True
        box.inlines.append(frame)

    def _open_link(self, frame: _Inline) -> None:
        self._link_depth += 1
        frame.outer_href = self._href
        frame.since = (len(self._pieces), len(self._linked), len(self._run_links))
        href = frame.attrib.get("href")
        if href:
            self._href = self.resolve(href)

    def _close_inline(self, frame: _Inline) -> None:
        if frame.closing is not None:
            self._settle(frame.closing)
        if frame.bold:
            self._bold_depth -= 1
        if frame.tag == "a":
            self._link_depth -= 1
            self._href = frame.outer_href
            if self._box.context.kind is _HEADING and "#" in frame.attrib.get("href", ""):
                self._drop_permalink(frame)
        if frame.tag not in _WITHOUT_CONTENT:
            self._inline_ended = True

    def _drop_permalink(self, frame: _Inline) -> None:
        """Take back what a link prints that is there to copy the address of its heading: a sign and no word."""
        pieces, linked, addresses = frame.since
        if pieces < self._run_start or any(char.isalnum() for piece in self._pieces[pieces:] for char in piece):
            return
        del self._pieces[pieces:], self._linked[linked:], self._run_links[addresses:]

    # Boxes

    def _open_box(self, tag: str, attrib: dict[str, str]) -> None:
        parent = self._box
        if parent.context.kind is _CODE and parent.tag in PREFORMATTED:
            self._pieces.append("\n")
            parent.inlines.append(_Inline(tag, attrib))
            return
        if self._run_start != len(self._pieces):
            self._flush()
        above, depth = self._node_of(parent.inlines[-1]) if parent.inlines else (parent.node, parent.depth)
        node, special, marked = _node(above, tag, attrib)
        box = _Box(tag, parent, node, depth + 1) if depth < NODE_DEPTH else _Box(tag, parent, above, depth)
        self._box = box
        enter = _ENTER.get(tag)
        if enter is not None:
            enter(self, box, attrib)
        if special:
            self._take_attributes(box, attrib)
        if marked or "itemscope" in attrib:
            box.closing = self._watch(tag, attrib, node, marked)
        if parent.inlines and parent.inlines[-1].hidden:
            box.context = box.context._replace(hidden=True)

    def _take_attributes(self, box: _Box, attrib: dict[str, str]) -> None:
        if hides(attrib) or attrib.get("aria-hidden") == "true":
            box.context = box.context._replace(hidden=True)
        if attrib.get("role") == "heading":
            box.context = box.context.of_kind(_HEADING, heading_level(attrib.get("aria-level", "")))

    def _close_box(self, box: _Box) -> None:
        if self._run_start != len(self._pieces):
            self._flush()
        if box.closing is not None:
            self._settle(box.closing)
        if box.parent is None:
            return
        if box.tag == "tr":
            self._join_row(box)
        elif box.tag == "figure":
            self._caption_images(box)
        self._box = box.parent

    def _enter_html(self, box: _Box, attrib: dict[str, str]) -> None:
        del box
        self.lang = (attrib.get("lang") or attrib.get("xml:lang") or "").strip()

    def _enter_heading(self, box: _Box, attrib: dict[str, str]) -> None:
        box.context = box.context.of_kind(_HEADING, int(box.tag[1]))
        if box.context.item is not None:
            box.context.item.headed = True
        self._note_structure(box, attrib)

    def _enter_list(self, box: _Box, attrib: dict[str, str]) -> None:
        outer = box.context
        if outer.list_depth == 0:
            self._lists += 1
        number = outer.list_id if outer.list_depth else self._lists
        ordered = box.tag == "ol"
        box.context = _Context(
            outer.kind, outer.level, outer.list_depth + 1, number, ordered, outer.hidden, outer.item, outer.row, outer.table
        )
        self._note_structure(box, attrib)

    def _enter_item(self, box: _Box, attrib: dict[str, str]) -> None:
        del attrib
        outer = box.context
        box.context = _Context(
            _ITEM, 0, outer.list_depth, outer.list_id, outer.ordered, outer.hidden, box, outer.row, outer.table
        )

    def _enter_quote(self, box: _Box, attrib: dict[str, str]) -> None:
        box.context = box.context.of_kind(Kind.QUOTE)
        self._note_structure(box, attrib)

    def _enter_code(self, box: _Box, attrib: dict[str, str]) -> None:
        box.context = box.context.of_kind(_CODE)
        self._note_structure(box, attrib)

    def _enter_caption(self, box: _Box, attrib: dict[str, str]) -> None:
        del attrib
        box.context = box.context.of_kind(Kind.CAPTION)

    def _enter_figure(self, box: _Box, attrib: dict[str, str]) -> None:
        box.since = (len(self.blocks), len(self.drafts), len(self.images))
        self._note_structure(box, attrib)

    def _enter_table(self, box: _Box, attrib: dict[str, str]) -> None:
        self._note_structure(box, attrib)
        self._lists += 1
        box.context = _Context(list_id=self._lists, hidden=box.context.hidden, table=box)
        box.plain = attrib.get("role") not in ("presentation", "none")

    def _enter_row(self, box: _Box, attrib: dict[str, str]) -> None:
        del attrib
        table = box.context.table
        box.plain = table is not None and table.plain
        box.context = box.context._replace(row=box)
        box.since = (len(self.blocks), len(self.drafts), len(self.images))

    def _note_structure(self, box: _Box, attrib: dict[str, str]) -> None:
        """Note in the row around, if there is one, that a cell holds more than a line of text."""
        del attrib
        if box.context.row is not None:
            box.context.row.plain = False

    def _join_row(self, row: _Box) -> None:
        """Make one block of the cells, where each holds a line of text and nothing else."""
        first, first_draft, first_image = row.since
        cells = self.blocks[first:]
        if len(cells) < 2 or not row.plain or not _is_data_row(cells):
            return
        text = " | ".join(cell.text for cell in cells)
        del self.blocks[first:]
        self.blocks.append(
            Block(
                first,
                Kind.TABLE_ROW,
                text,
                row.node,
                link_chars=sum(cell.link_chars for cell in cells),
                bold_chars=sum(cell.bold_chars for cell in cells),
                hidden=all(cell.hidden for cell in cells),
                links=tuple(link for cell in cells for link in cell.links),
                list_id=row.context.list_id,
            )
        )
        for draft in self.drafts[first_draft:]:
            draft.block = first
        self.images[first_image:] = [replace(image, block=first) for image in self.images[first_image:]]

    def _caption_images(self, figure: _Box) -> None:
        first, first_draft, first_image = figure.since
        if first_image == len(self.images):
            return
        caption = " ".join(block.text for block in self.blocks[first:] if block.kind is Kind.CAPTION)
        named = (draft.text for draft in self.drafts[first_draft:] if not _CREDIT_WORDS.isdisjoint(draft.node.tokens))
        credit = next(filter(None, named), "")
        self.images[first_image:] = [
            replace(image, caption=image.caption or caption, credit=image.credit or credit) for image in self.images[first_image:]
        ]

    # Text

    def _break_line(self) -> None:
        box = self._box
        if box.context.kind is _CODE:
            self._pieces.append("\n")
            return
        if self._break_at >= self._run_start and "".join(self._pieces[self._break_at :]).strip(" \t\n\r\f\xa0\0") == "":
            self._flush()
        keeps = box.tag == "address" or not _LINE_KEEPING.isdisjoint(box.node.tokens)
        self._pieces.append(_LINE_END if keeps else " ")
        self._break_at = len(self._pieces)

    def _flush(self) -> None:
        """End the run of text, and make a block of it where it holds any."""
        self._inline_ended = False
        self._break_at = -1
        pieces = self._pieces
        text = "".join(pieces[self._run_start :])
        if text and not text.isspace():
            text = _tidy(text, self._box.context.kind)
            pieces.append(" ")
            if text:
                self._append(self._kind_of(text), text)
        self._run_start = len(pieces)
        if self._linked:
            self._linked, self._run_links = [], []
        if self._bold:
            self._bold = []

    def _kind_of(self, text: str) -> Kind:
        box = self._box
        kind = box.context.kind
        if kind is _HEADING and len(text) > HEADING_CHARS:
            return _PARAGRAPH
        if kind is _ITEM and box.context.item is not None and box.context.item.headed:
            return _PARAGRAPH  # the item is a card
        if kind is _PARAGRAPH and "caption" in box.node.tokens and len(text) <= CAPTION_CHARS:
            return Kind.CAPTION
        return kind

    def _append(self, kind: Kind, text: str) -> None:
        box = self._box
        context = box.context
        linked = min(len(text), len(collapse(" ".join(self._linked)))) if self._linked else 0
        bold = min(len(text), len(collapse("".join(self._bold)))) if self._bold else 0
        listed = kind is _ITEM
        self.blocks.append(
            Block(
                len(self.blocks),
                kind,
                text,
                box.node,
                context.level if kind is _HEADING else 0,
                max(context.list_depth, 1) if listed else 0,
                linked,
                bold,
                context.hidden,
                tuple(self._run_links) if linked else (),
                context.list_id if listed else 0,
                listed and context.ordered,
            )
        )

    # Marks and microdata

    def _node_of(self, frame: _Inline) -> tuple[Node, int]:
        """Return the node of an inline element, and how deep it is; one that says nothing has that of the element around it."""
        if frame.node is not None:
            return frame.node, frame.depth
        above, depth = self._box.node, self._box.depth
        waiting = [frame]
        for inline in reversed(self._box.inlines):
            if inline.node is not None:
                above, depth = inline.node, inline.depth
                break
            if inline is not frame:
                waiting.append(inline)
        for inline in reversed(waiting):
            if depth < NODE_DEPTH and not (_NODE_ATTRIBUTES.isdisjoint(inline.attrib) and inline.tag != "time"):
                above, depth = _node(above, inline.tag, inline.attrib)[0], depth + 1
            inline.node, inline.depth = above, depth
        return above, depth

    def _watch(self, tag: str, attrib: dict[str, str], node: Node, marked: bool) -> _Closing:
        draft = None
        if marked:
            draft = _Draft(node, len(self.blocks), attrib)
            self.drafts.append(draft)
        owner = self._scopes[-1] if self._scopes else None
        names = tuple(attrib.get("itemprop", "").split()) if owner is not None else ()
        item = None
        if "itemscope" in attrib:
            item = _Item(last_segment(attrib.get("itemtype", "")))
            self._scopes.append(item)
        return _Closing(len(self._pieces), self._chars, draft, names, owner, item, attrib, tag)

    def _settle(self, closing: _Closing) -> None:
        """Give a mark and its properties their text now that the element has ended."""
        text: str | None = None
        if max(self._chars - closing.chars, len(self._pieces) - closing.pieces) <= RAW_MARK_CHARS:
            text = collapse("".join(self._pieces[closing.pieces :]).replace(_SEAM, " "))
        if closing.draft is not None:
            closing.draft.text = text
        if closing.item is not None:
            self._scopes.pop()
            self._close_item(closing, closing.item)
        elif closing.owner is not None and closing.names:
            value = self._property_value(closing, text)
            if value:
                closing.owner.properties.extend((name, value) for name in closing.names)

    def _close_item(self, closing: _Closing, draft: _Item) -> None:
        item = MicrodataItem(draft.type, tuple(draft.properties))
        if closing.owner is None or not closing.names:
            self.items.append(item)
        elif len(self._scopes) < ITEM_DEPTH:
            closing.owner.properties.extend((name, item) for name in closing.names)

    def _property_value(self, closing: _Closing, text: str | None) -> str:
        attrib, tag = closing.attrib, closing.tag
        if "content" in attrib:
            return attrib["content"].strip()
        if tag == "time" and "datetime" in attrib:
            return attrib["datetime"].strip()
        if tag in ("a", "link", "area") and "href" in attrib:
            return text if tag == "a" and text and not _wants_address(closing.names) else self.resolve(attrib["href"])
        if tag in _EMBEDDED:
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
        names = [attrib[key].strip().lower() for key in ("name", "property", "http-equiv") if attrib.get(key)]
        if not names and not self._scopes and attrib.get("itemprop"):
            names = [attrib["itemprop"].strip().lower()]
        self.meta.extend((name, content.strip()) for name in dict.fromkeys(names))

    def _add_image(self, attrib: dict[str, str]) -> None:
        address = image_address(attrib)
        if address:
            self.images.append(Image(self.resolve(address), collapse(attrib.get("alt", "")), block=len(self.blocks)))


_ENTER: dict[str, Callable[[_Walk, _Box, dict[str, str]], None]] = {
    **dict.fromkeys(HEADINGS, _Walk._enter_heading),
    **dict.fromkeys(LISTS, _Walk._enter_list),
    **dict.fromkeys(ITEMS, _Walk._enter_item),
    **dict.fromkeys(PREFORMATTED, _Walk._enter_code),
    **dict.fromkeys(("figcaption", "caption"), _Walk._enter_caption),
    **dict.fromkeys(("article", "section", "form"), _Walk._note_structure),
    "html": _Walk._enter_html,
    "blockquote": _Walk._enter_quote,
    "figure": _Walk._enter_figure,
    "table": _Walk._enter_table,
    "tr": _Walk._enter_row,
}


def _tidy(text: str, kind: Kind) -> str:
    if _SEAM in text:
        lines = (collapse(_SEAM_BETWEEN_WORDS.sub(" ", line).replace(_SEAM, "")) for line in text.split(_LINE_END))
        return "\n".join(line for line in lines if line)
    if kind is _CODE:
        return _BLANK_EDGES.sub("", text.expandtabs(4))
    return collapse(text)


def _is_data_row(cells: list[Block]) -> bool:
    """Tell whether each cell holds one short line."""
    if any(len(cell.text) > LAYOUT_CELL_CHARS or cell.kind is Kind.BREAK for cell in cells):
        return False
    return len({id(_cell_of(cell.node)) for cell in cells}) == len(cells)


def _cell_of(node: Node | None) -> Node | None:
    while node is not None and node.tag not in CELLS:
        node = node.parent
    return node


def _node(parent: Node, tag: str, attrib: dict[str, str]) -> tuple[Node, bool, bool]:
    """Make an element's node; say also whether it has attributes that change the walk, and whether it names its role."""
    if not attrib:
        return Node(parent, tag), False, False
    words: tuple[str, ...] = ()
    marked = special = False
    for name in attrib:
        if name == "class":
            words, marked = read_names(attrib[name][:NAMES_CHARS])
        elif name in _SPECIAL:
            special = True
    if not special:
        return Node(parent, tag, words), False, marked
    if attrib.get("id"):
        of_id = read_names(attrib["id"][:NAMES_CHARS])
        words = tuple(dict.fromkeys(words + of_id.words))
        marked = marked or of_id.marked
    itemtype = last_segment(attrib["itemtype"]) if "itemtype" in attrib else ""
    role, itemprop = attrib.get("role", "").strip().lower(), attrib.get("itemprop", "")
    marked = marked or bool(itemprop) or _has_mark_rel(attrib)
    return Node(parent, tag, words, role, itemprop, itemtype, attrib.get("aria-label", "")), True, marked


def _names_role(attrib: dict[str, str]) -> bool:
    """Tell whether an inline element's attributes name a role that makes it worth a mark."""
    for name in ("class", "id"):
        if name in attrib and read_names(attrib[name][:NAMES_CHARS]).marked:
            return True
    return bool(attrib.get("itemprop")) or _has_mark_rel(attrib)


def _has_mark_rel(attrib: dict[str, str]) -> bool:
    return "rel" in attrib and not _MARK_RELS.isdisjoint(attrib["rel"].lower().split())


def _wants_address(names: tuple[str, ...]) -> bool:
    return any(name in ("url", "sameAs", "image", "license", "mainEntityOfPage", "item", "id") for name in names)


def _mark(draft: _Draft, last: int, resolve: Resolver) -> Mark | None:
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


def parse_html(text: str, *, url: str | None, fetched: datetime | None, headers: tuple[tuple[str, str], ...] = ()) -> Page:
    """Read an HTML document into a page. Never raises, whatever the text."""
    walk = _walk(text, url, USES)
    if not walk.blocks and "<noscript" in text:
        walk = _walk(text, url, _USES_WITHOUT_SCRIPTS)
    last = max(len(walk.blocks) - 1, 0)
    marks = (_mark(draft, last, walk.resolve) for draft in walk.drafts)
    return Page(
        url,
        fetched,
        "html",
        tuple(walk.blocks),
        tuple(mark for mark in marks if mark is not None),
        Head(walk.title, walk.lang, tuple(walk.meta), tuple(walk.links), tuple(walk.json_ld)),
        tuple(walk.items),
        tuple(image if image.block <= last else replace(image, block=last) for image in walk.images),
        headers,
    )


def _walk(text: str, url: str | None, uses: Mapping[str, Use]) -> _Walk:
    walk = _Walk(url, uses)
    body = text.encode("utf-8", "replace")
    if body.strip():
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, target=cast("Any", walk))
        try:
            etree.fromstring(body, parser)
        except etree.XMLSyntaxError:  # nothing like a document; what was read of it stands
            walk.close()
    return walk
