"""The walk: receives a parser's events and turns them into blocks, marks, images, microdata and head as they come.

No tree is built: libxml2 reports elements properly nested whatever the markup was, so the chain of open elements is all the
state that a walk of the tree would have. Building the tree and reading tags and attributes from it takes longer than being told
(1.84 ms against 1.21 ms a page, median of 106 saved articles), and no nesting, however deep, costs recursion.

Most of a page is elements that say nothing and white space, so these must cost next to nothing: text goes into a list without
passing through Python code, and what is due when an element ends stands on a stack as a function.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pipelines.page.addresses import Resolver
from pipelines.page.aside import Held, Skipped
from pipelines.page.elements import (
    HEADINGS,
    ITEMS,
    LISTS,
    PREFORMATTED,
    RUNNING_TEXT,
    USES,
    Use,
    heading_level,
    hides,
    is_bold_style,
)
from pipelines.page.head import HeadReader
from pipelines.page.images import caption_images, read_image
from pipelines.page.marks import Draft, Marks
from pipelines.page.nodes import SPECIAL, make_node, names_role, read_words
from pipelines.page.open_elements import Box, Context, Inline, Row, open_document
from pipelines.page.page import Block, Image, Kind, Node
from pipelines.page.runs import RULE_CHARS, Runs, is_rule, tidy
from pipelines.page.spaces import SEAM
from pipelines.page.tables import is_data_row, join_cells

HEADING_CHARS = 300
"""A longer run inside a heading is a paragraph whose heading was never closed."""
CAPTION_CHARS = 500
"""A longer run inside an element of class `caption` is no caption."""
FIGURE_PARTS = 300
"""A figure that holds more blocks, marks and images was never closed; keeps the cost of nested ones linear."""
NODE_DEPTH = 120
"""Deeper elements share the node at this depth: a page nests 20 to 50 deep, a broken one without end."""

_PARAGRAPH, _HEADING, _ITEM, _CODE, _QUOTE, _CAPTION = (
    Kind.PARAGRAPH,
    Kind.HEADING,
    Kind.LIST_ITEM,
    Kind.CODE,
    Kind.QUOTE,
    Kind.CAPTION,
)
_SPLIT = frozenset({_PARAGRAPH, _QUOTE})
"""Kinds of block whose lines may be paragraphs. On 391 pages one in seven of these was one text all the same, of items half."""
_LINE_KEEPING = frozenset({"verse", "poem", "poetry", "lyrics", "stanza"})
_NODE_ATTRIBUTES = frozenset({"class", "id", "role", "itemprop", "itemtype", "aria-label", "rel"})
_TELLING = _NODE_ATTRIBUTES | {"hidden", "style", "itemscope"}
"""Attributes for which an inline element is worth a look."""
_BOLD_TAGS = frozenset({"b", "strong"})
_VOID = frozenset({"wbr", "input"})
"""Inline elements that end no word."""


class Walk(Runs):
    """What lxml takes for a parser target: `start`, `end`, `data` and `close` are called by name."""

    def __init__(self, url: str | None, scripts: bool = True) -> None:
        """Make a walk of a document fetched from that address; without scripts, what `noscript` holds is text."""
        super().__init__()
        self.resolve = Resolver(url)
        self.data = self.pieces.append
        """Receives all text, also that of elements set aside, which take it out again."""
        self.blocks: list[Block] = []
        self.marks = Marks()
        self.images: list[Image] = []
        self.head = HeadReader(self.resolve)
        self._openers = self._outside_code = _OPENERS if scripts else _OPENERS_WITHOUT_SCRIPTS
        self._closers: list[_Closer] = []
        """What is due at the end of each open element."""
        self._box = open_document()
        self._top: Box | Inline = self._box
        """The innermost open element that has an object."""
        self._aside: Skipped | Held | None = None
        self._lists = 0
        self._releasing = False

    # Events

    def start(self, tag: str, attrib: dict[str, str]) -> None:
        """Handle a start tag."""
        if self._aside is None:
            self._openers.get(tag, _open_inline)(self, tag, attrib)
        else:
            self._start_aside(self._aside, tag, attrib)

    def end(self, tag: str) -> None:
        """Handle an end tag."""
        if self._aside is None:
            if self._closers:
                self._closers.pop()(self)
        elif self._aside.end(tag):
            self._aside = self._aside.around

    def close(self) -> None:
        """End the document."""
        self._end_run(self._box)

    def forget(self) -> None:
        """Let go of all that was read, now rather than when garbage is collected.

        lxml's parser and its context hold each other, and with them the walk.
        """
        self.pieces.clear()
        vars(self).clear()
        self.pieces = []

    # Elements set aside

    def _start_aside(self, aside: Skipped | Held, tag: str, attrib: dict[str, str]) -> None:
        if isinstance(aside, Skipped):
            aside.depth += 1
            return
        opener = self._openers.get(tag)
        if opener in _SKIPPERS and not _is_shadow_root(tag, attrib):
            self._skip(tag, attrib)
        elif tag == "p":
            self._release(aside)
            self._open_block(tag, attrib)
        else:
            aside.start(tag, attrib, opener is Walk._open_soft or (opener in _INLINES and hides(attrib)))

    def _skip(self, tag: str, attrib: dict[str, str]) -> None:
        take = None
        held = self._aside if isinstance(self._aside, Held) else None
        if tag == "script" and "ld+json" in attrib.get("type", "").lower():
            take = self.head.json_ld.append
        elif tag == "title" and held is None:
            take = self.head.take_title
        self._aside = Skipped(self.pieces, take, held)

    def _open_template(self, tag: str, attrib: dict[str, str]) -> None:
        if _is_shadow_root(tag, attrib):
            self._open_block(tag, attrib)
        else:
            self._skip(tag, attrib)

    def _open_soft(self, tag: str, attrib: dict[str, str]) -> None:
        if self._releasing:
            self._open_block(tag, attrib)
        else:
            self._hold(tag, attrib)

    def _hold(self, tag: str, attrib: dict[str, str]) -> None:
        held = Held(self.pieces)
        held.start(tag, attrib, soft=True)
        self._aside = held

    def _release(self, held: Held) -> None:
        """Take the held elements as ordinary ones: a paragraph stands inside them."""
        self._aside = None
        self._releasing = True
        for pieces, tag, attrib in held.release():
            self.pieces.extend(pieces)
            if attrib is None:
                self.end(tag)
            else:
                self.start(tag, attrib)
        self._releasing = False

    # Inline elements

    def _open_inline(self, tag: str, attrib: dict[str, str]) -> None:
        if "-" in tag and self._box.tag not in RUNNING_TEXT:
            self._open_custom(tag, attrib)
        elif attrib and not _TELLING.isdisjoint(attrib):
            self._open_telling(tag, attrib)
        else:
            if self.inline_end == len(self.pieces):
                self._join_inline()
            self._closers.append(_close_nothing if tag in _VOID else _close_plain)

    def _open_custom(self, tag: str, attrib: dict[str, str]) -> None:
        if self._keeps_back(attrib):
            self._hold(tag, attrib)
        else:
            self._open_block(tag, attrib)

    def _open_bold(self, tag: str, attrib: dict[str, str]) -> None:
        if attrib:
            self._open_telling(tag, attrib)
        else:
            if self.inline_end == len(self.pieces):
                self._join_inline()
            self.open_bold()
            self._closers.append(_close_bold)

    def _open_link(self, tag: str, attrib: dict[str, str]) -> None:
        if not _TELLING.isdisjoint(attrib):
            self._open_telling(tag, attrib)
            if self._aside is not None:
                return
        else:
            if self.inline_end == len(self.pieces):
                self._join_inline()
            self._closers.append(_close_link)
        self.open_link(attrib.get("href"))

    def _open_telling(self, tag: str, attrib: dict[str, str]) -> None:
        """Open an inline element that says something by its name or attributes, or set it aside."""
        styled = "style" in attrib or "hidden" in attrib
        if styled and self._keeps_back(attrib):
            self._hold(tag, attrib)
            return
        if self.inline_end == len(self.pieces):
            self._join_inline()
        frame = Inline(tag, attrib, self._top)
        marked = tag == "time" or names_role(attrib)
        if marked or "itemscope" in attrib:
            node = self._node_of(frame)[0]
            frame.draft = self.marks.watch(Draft(node, attrib, len(self.pieces), len(self.blocks), marked))
        if styled:
            frame.hidden = frame.hidden or hides(attrib)
        if tag in _BOLD_TAGS or (styled and is_bold_style(attrib.get("style", ""))):
            frame.bold = True
            self.open_bold()
        self._top = frame
        self._closers.append(_close_telling_link if tag == "a" else _close_telling)

    def _keeps_back(self, attrib: dict[str, str]) -> bool:
        """Tell whether an inline element is to be held because it is not shown."""
        return ("style" in attrib or "hidden" in attrib) and not self._releasing and hides(attrib)

    def _join_inline(self) -> None:
        """Part an inline element from the one that has just ended, outside running text."""
        if self._box.tag not in RUNNING_TEXT:
            self.pieces.append(SEAM)

    def _close_telling(self) -> None:
        frame: Inline = self._top  # type: ignore[assignment]  # what ends is what began
        if frame.draft is not None:
            self.marks.settle(frame.draft, frame.tag, self.pieces, self.resolve)
        if frame.bold:
            self.close_bold()
        self._top = frame.outer
        if frame.tag not in _VOID:
            self.inline_end = len(self.pieces)

    def _close_link(self) -> None:
        self.close_link(self._box.context.kind is _HEADING)
        self.inline_end = len(self.pieces)

    def _close_telling_link(self) -> None:
        self._close_telling()
        self._close_link()

    def _node_of(self, frame: Box | Inline) -> tuple[Node, int]:
        """Return an element's node and how deep it is; an inline one that says nothing has that of the element around it."""
        waiting: list[Inline] = []
        while frame.node is None:
            waiting.append(frame)
            frame = frame.outer
        above, depth = frame.node, frame.depth
        for inline in reversed(waiting):
            if depth < NODE_DEPTH and not (_NODE_ATTRIBUTES.isdisjoint(inline.attrib) and inline.tag != "time"):
                above, depth = make_node(above, inline.tag, inline.attrib)[0], depth + 1
            inline.node, inline.depth = above, depth
        return above, depth

    # Elements without content

    def _open_break(self, tag: str, attrib: dict[str, str]) -> None:
        box = self._box
        if box.context.kind is _CODE:
            self.pieces.append("\n")
        else:
            if self.is_broken():
                self._end_run(box)
            self.break_line(box.tag == "address" or not _LINE_KEEPING.isdisjoint(box.node.tokens))
        self._open_empty(tag, attrib)

    def _open_rule(self, tag: str, attrib: dict[str, str]) -> None:
        self._end_run(self._box)
        self._append(self._box, Kind.BREAK, "")
        self._open_empty(tag, attrib)

    def _open_image(self, tag: str, attrib: dict[str, str]) -> None:
        image = read_image(attrib, self.resolve, len(self.blocks))
        if image is not None:
            self.images.append(image)
        self._open_empty(tag, attrib)

    def _open_base(self, tag: str, attrib: dict[str, str]) -> None:
        self.head.take_base(attrib)
        self._open_empty(tag, attrib)

    def _open_link_element(self, tag: str, attrib: dict[str, str]) -> None:
        self.head.take_link(attrib)
        self._open_empty(tag, attrib)

    def _open_meta(self, tag: str, attrib: dict[str, str]) -> None:
        self.head.take_meta(attrib, in_item=bool(self.marks.scopes))
        self._open_empty(tag, attrib)

    def _open_empty(self, tag: str, attrib: dict[str, str]) -> None:
        if "itemprop" not in attrib:
            self._closers.append(_close_nothing)
            return
        frame = Inline(tag, attrib, self._top)
        node = self._node_of(frame)[0]
        frame.draft = self.marks.watch(Draft(node, attrib, len(self.pieces), len(self.blocks), True))
        self._top = frame
        self._closers.append(_close_empty)

    def _close_empty(self) -> None:
        frame = self._top
        assert isinstance(frame, Inline)
        assert frame.draft is not None
        self.marks.settle(frame.draft, frame.tag, self.pieces, self.resolve)
        self._top = frame.outer

    # Boxes

    def _open_block(self, tag: str, attrib: dict[str, str]) -> None:
        """Open a box where boxes may stand, else a line of code."""
        self._openers["p"](self, tag, attrib)

    def _open_box(self, tag: str, attrib: dict[str, str]) -> None:
        parent, top = self._box, self._top
        if self.run_start != len(self.pieces):
            self._end_run(parent)
        if top is parent:
            above, depth = parent.node, parent.depth
        else:
            above, depth = self._node_of(top)
        special = marked = False
        if not attrib:
            node = Node(above, tag)
        elif SPECIAL.isdisjoint(attrib):
            words, marked = read_words(attrib)
            node = Node(above, tag, words)
        else:
            special = True
            node, marked = make_node(above, tag, attrib)
        if depth < NODE_DEPTH:
            depth += 1
            above = node
        self._box = self._top = box = Box(tag, parent, top, above, depth)
        if tag in _STRUCTURES:
            enter, closer = _STRUCTURES[tag]
            enter(self, box, attrib)
            self._closers.append(closer)
        else:
            self._closers.append(_close_box)
        if special:
            _take_attributes(box, attrib)
        if marked or (special and "itemscope" in attrib):
            box.draft = self.marks.watch(Draft(node, attrib, len(self.pieces), len(self.blocks), marked))
        if top is not parent and top.hidden:
            box.context = box.context.of_hidden()

    def _close_box(self) -> None:
        box = self._box
        if self.run_start != len(self.pieces):
            self._end_run(box)
        if box.draft is not None:
            self.marks.settle(box.draft, box.tag, self.pieces, self.resolve)
        self._box, self._top = box.parent, box.outer

    def _open_line(self, tag: str, attrib: dict[str, str]) -> None:
        """Open a box inside preformatted text: a line of it."""
        self.pieces.append("\n")
        self._top = Inline(tag, attrib, self._top)
        self._closers.append(_close_telling)

    def _close_code(self) -> None:
        self._close_box()
        self._openers = self._outside_code

    def _enter_html(self, box: Box, attrib: dict[str, str]) -> None:
        del box
        self.head.take_language(attrib)

    def _enter_heading(self, box: Box, attrib: dict[str, str]) -> None:
        box.context = box.context.of_kind(_HEADING, int(box.tag[1]))
        item = box.context.item
        if item is not None:
            item.headed = True
        self._note_structure(box, attrib)

    def _enter_list(self, box: Box, attrib: dict[str, str]) -> None:
        outer = box.context
        if outer.list_depth == 0:
            self._lists += 1
        number = outer.list_id if outer.list_depth else self._lists
        box.context = outer.of_list(number, ordered=box.tag == "ol")
        self._note_structure(box, attrib)

    def _enter_item(self, box: Box, attrib: dict[str, str]) -> None:
        del attrib
        box.context = box.context.of_item()

    def _enter_quote(self, box: Box, attrib: dict[str, str]) -> None:
        box.context = box.context.of_kind(_QUOTE)
        self._note_structure(box, attrib)

    def _enter_code(self, box: Box, attrib: dict[str, str]) -> None:
        box.context = box.context.of_kind(_CODE)
        self._openers = _OPENERS_IN_CODE
        self._note_structure(box, attrib)

    def _enter_caption(self, box: Box, attrib: dict[str, str]) -> None:
        del attrib
        box.context = box.context.of_kind(_CAPTION)

    def _enter_figure(self, box: Box, attrib: dict[str, str]) -> None:
        box.since = (len(self.blocks), len(self.marks.drafts), len(self.images))
        self._note_structure(box, attrib)

    def _enter_table(self, box: Box, attrib: dict[str, str]) -> None:
        self._note_structure(box, attrib)
        self._lists += 1
        tabular = attrib.get("role") not in ("presentation", "none")
        box.context = Context(list_id=self._lists, hidden=box.context.hidden, tabular=tabular)

    def _enter_row(self, box: Box, attrib: dict[str, str]) -> None:
        del attrib
        since = (len(self.blocks), len(self.marks.drafts), len(self.images))
        box.context = box.context.of_row(Row(box.context.tabular, since))

    def _note_structure(self, box: Box, attrib: dict[str, str]) -> None:
        """Note in the row around, if there is one, that a cell holds more than a line of text."""
        del attrib
        if box.context.row is not None:
            box.context.row.plain = False

    def _close_row(self) -> None:
        """Make one block of the cells, where each holds a line of text and nothing else."""
        box = self._box
        self._close_box()
        row = box.context.row
        if row is None or not row.plain:
            return
        first, first_draft, first_image = row.since
        cells = self.blocks[first:]
        if is_data_row(cells):
            self.blocks[first:] = [join_cells(cells, box.node, box.context.list_id)]
            for draft in self.marks.drafts[first_draft:]:
                draft.block = first
            self.images[first_image:] = [replace(image, block=first) for image in self.images[first_image:]]

    def _close_figure(self) -> None:
        since = first, first_draft, first_image = self._box.since
        self._close_box()
        parts = len(self.blocks) + len(self.marks.drafts) + len(self.images) - sum(since)
        if first_image < len(self.images) and parts <= FIGURE_PARTS:
            images, drafts = self.images[first_image:], self.marks.drafts[first_draft:]
            self.images[first_image:] = caption_images(images, self.blocks[first:], drafts)

    # Blocks

    def _end_run(self, box: Box) -> None:
        """End the run of text, and make a block of it where it holds any, or of each line that is a paragraph of its own."""
        pieces, start = self.pieces, self.run_start
        if self.rich:
            if self.line_ends and box.context.kind in _SPLIT:
                self._end_lines(box)
            self._end_line(box)
            self.begin_run()
            return
        if len(pieces) != start + 1 or not pieces[start].isspace():  # white space between tags is the commonest run of all
            self._end_line(box)
            start = len(pieces) - 1
        self.run_start = start + 1
        self.inline_end = -1

    def _end_lines(self, box: Box) -> None:
        """Make a block of each line of the run that is a paragraph of its own, except the last."""
        parts = self.split_lines()
        if not parts:
            return
        whole, self.run_start = (self.pieces, self.linked, self.bold, self.run_start), 0
        for self.pieces, self.linked, self.bold in parts:
            self._end_line(box)
        self.pieces, self.linked, self.bold, self.run_start = whole

    def _end_line(self, box: Box) -> None:
        """Make a block of the run's text."""
        pieces, start = self.pieces, self.run_start
        text = pieces[start] if len(pieces) == start + 1 else "".join(pieces[start:])
        if text.isspace():
            return
        text = tidy(text, box.context.kind)
        if text:
            kind = _kind_of(text, box)
            if kind is _PARAGRAPH and len(text) <= RULE_CHARS and is_rule(text):
                kind, text = Kind.BREAK, ""
            self._append(box, kind, text)
            pieces.append(" ")

    def _append(self, box: Box, kind: Kind, text: str) -> None:
        context = box.context
        linked = bold = level = depth = number = 0
        links: tuple[str, ...] = ()
        ordered = False
        if self.rich:
            linked, links = self.count_linked(text, self.resolve)
            if self.bold_depth or self.bold:
                bold = self.count_bold(text)
        if kind is _HEADING:
            level = context.level
        elif kind is _ITEM:
            depth, number, ordered = context.list_depth or 1, context.list_id, context.ordered
        blocks, node = self.blocks, box.node
        blocks.append(Block(len(blocks), kind, text, node, level, depth, linked, bold, context.hidden, links, number, ordered))


_Opener = Callable[[Walk, str, dict[str, str]], None]
_Closer = Callable[[Walk], None]


def _close_nothing(walk: Walk) -> None:
    """End an element for which nothing is due."""
    del walk


def _close_plain(walk: Walk) -> None:
    """End an inline element that says nothing."""
    walk.inline_end = len(walk.pieces)


def _close_bold(walk: Walk) -> None:
    """End a bold element without attributes."""
    walk.close_bold()
    walk.inline_end = len(walk.pieces)


_close_box, _close_link, _close_telling_link = Walk._close_box, Walk._close_link, Walk._close_telling_link
_close_telling, _close_empty = Walk._close_telling, Walk._close_empty
_open_inline = Walk._open_inline

_SKIPPERS: frozenset[_Opener | None] = frozenset({Walk._skip, Walk._open_template})
_INLINES: frozenset[_Opener | None] = frozenset({None, Walk._open_inline, Walk._open_bold, Walk._open_link, Walk._open_telling})
_OPENERS: dict[str, _Opener] = {
    **{tag: Walk._open_box for tag, use in USES.items() if use is Use.BOX},
    **{tag: Walk._skip for tag, use in USES.items() if use is Use.SKIP},
    **{tag: Walk._open_soft for tag, use in USES.items() if use is Use.SOFT},
    **dict.fromkeys(("b", "strong"), Walk._open_bold),
    "a": Walk._open_link,
    "time": Walk._open_telling,
    **dict.fromkeys(("img", "amp-img"), Walk._open_image),
    "template": Walk._open_template,
    "br": Walk._open_break,
    "hr": Walk._open_rule,
    "base": Walk._open_base,
    "link": Walk._open_link_element,
    "meta": Walk._open_meta,
}
"""What begins with each tag; with others an inline element, or a box where the name has a hyphen."""
_OPENERS_WITHOUT_SCRIPTS: dict[str, _Opener] = {**_OPENERS, "noscript": Walk._open_box}
"""For pages that bring their text by script, and for readers without it in `noscript`; elsewhere that repeats pictures."""
_OPENERS_IN_CODE: dict[str, _Opener] = {
    tag: Walk._open_line if opener == Walk._open_box else opener for tag, opener in _OPENERS.items()
}

_STRUCTURES: dict[str, tuple[Callable[[Walk, Box, dict[str, str]], None], _Closer]] = {
    **dict.fromkeys(HEADINGS, (Walk._enter_heading, _close_box)),
    **dict.fromkeys(LISTS, (Walk._enter_list, _close_box)),
    **dict.fromkeys(ITEMS, (Walk._enter_item, _close_box)),
    **dict.fromkeys(PREFORMATTED, (Walk._enter_code, Walk._close_code)),
    **dict.fromkeys(("figcaption", "caption"), (Walk._enter_caption, _close_box)),
    **dict.fromkeys(("article", "section", "form"), (Walk._note_structure, _close_box)),
    "html": (Walk._enter_html, _close_box),
    "blockquote": (Walk._enter_quote, _close_box),
    "figure": (Walk._enter_figure, Walk._close_figure),
    "table": (Walk._enter_table, _close_box),
    "tr": (Walk._enter_row, Walk._close_row),
}
"""What is due at the beginning and at the end of boxes that are more than that."""


def _is_shadow_root(tag: str, attrib: dict[str, str]) -> bool:
    return tag == "template" and ("shadowrootmode" in attrib or "shadowroot" in attrib)


def _take_attributes(box: Box, attrib: dict[str, str]) -> None:
    if hides(attrib) or attrib.get("aria-hidden") == "true":
        box.context = box.context.of_hidden()
    if attrib.get("role") == "heading":
        box.context = box.context.of_kind(_HEADING, heading_level(attrib.get("aria-level", "")))


def _kind_of(text: str, box: Box) -> Kind:
    context = box.context
    kind = context.kind
    if kind is _PARAGRAPH:
        return _CAPTION if "caption" in box.node.tokens and len(text) <= CAPTION_CHARS else kind
    if kind is _HEADING and len(text) > HEADING_CHARS:
        return _PARAGRAPH
    if kind is _ITEM and context.item is not None and context.item.headed:
        return _PARAGRAPH  # the item is a card
    return kind
