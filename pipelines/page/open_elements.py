"""Elements that are open while the walk passes through a document.

Each knows the one around it, so they form a chain from the innermost outwards. Only those are kept that say something: an inline
element without attributes of use has no object of its own. None of these objects leads back to itself, so that all are gone with
the walk and nothing is left to the garbage collector.
"""

from __future__ import annotations

from dataclasses import replace

from pipelines.page.marks import Draft
from pipelines.page.page import Kind, Node, record


class Item:
    """A list item that is open."""

    __slots__ = ("headed",)

    def __init__(self) -> None:
        self.headed = False
        """Whether a heading has stood in it."""


class Row:
    """A table row that is open."""

    __slots__ = ("plain", "since")

    def __init__(self, plain: bool, since: tuple[int, int, int]) -> None:
        self.plain = plain
        """Whether its cells hold lines of text and nothing else."""
        self.since = since
        """How many blocks, marks and images there were when it began."""


@record
class Context:
    """What blocks inside a box take from it. Never changed, for the boxes inside share it; a tuple would take longer to make."""

    kind: Kind = Kind.PARAGRAPH
    level: int = 0
    list_depth: int = 0
    list_id: int = 0
    ordered: bool = False
    hidden: bool = False
    item: Item | None = None
    """The list item around, innermost."""
    row: Row | None = None
    """The table row around; up to the innermost table only."""
    tabular: bool = False
    """Whether the innermost table around may hold data."""

    def of_kind(self, kind: Kind, level: int = 0) -> Context:
        """Return the same context for another kind of block."""
        return Context(kind, level, self.list_depth, self.list_id, self.ordered, self.hidden, self.item, self.row, self.tabular)

    def of_list(self, number: int, ordered: bool) -> Context:
        """Return the context inside a list."""
        return Context(
            self.kind, self.level, self.list_depth + 1, number, ordered, self.hidden, self.item, self.row, self.tabular
        )

    def of_item(self) -> Context:
        """Return the context inside a list item."""
        return Context(
            Kind.LIST_ITEM, 0, self.list_depth, self.list_id, self.ordered, self.hidden, Item(), self.row, self.tabular
        )

    def of_row(self, row: Row) -> Context:
        """Return the context inside a table row."""
        return replace(self, row=row)

    def of_hidden(self) -> Context:
        """Return the same context inside an element that is not shown."""
        return self if self.hidden else replace(self, hidden=True)


class Box:
    """A block-level element: begins and ends a run of text."""

    __slots__ = ("context", "depth", "draft", "node", "outer", "parent", "since", "tag")

    hidden = False
    """Of inline elements only; a box has this in its context."""
    since: tuple[int, int, int]
    """Set on figures alone: how many blocks, marks and images there were when it began."""

    def __init__(self, tag: str, parent: Box, outer: Box | Inline, node: Node, depth: int) -> None:
        self.tag = tag
        self.parent = parent
        """The innermost box around."""
        self.outer = outer
        """The innermost element around that has an object, box or inline."""
        self.node = node
        self.depth = depth
        """How many nodes are above."""
        self.context: Context = parent.context
        self.draft: Draft | None = None


def open_document() -> Box:
    """Return the box around a whole document, the only one with none around it."""
    box = Box.__new__(Box)
    box.tag, box.node, box.depth = "#document", Node(None, "#document"), 0
    box.context, box.draft = Context(), None
    return box


class Inline:
    """An inline element that says something by its name or attributes."""

    __slots__ = ("attrib", "bold", "depth", "draft", "hidden", "node", "outer", "tag")

    def __init__(self, tag: str, attrib: dict[str, str], outer: Box | Inline) -> None:
        self.tag = tag
        self.attrib = attrib
        self.outer = outer
        self.node: Node | None = None
        self.depth = 0
        """Of the node, once there is one."""
        self.hidden: bool = outer.hidden
        """Whether it or an inline element around it, in the same box, says that it is not shown."""
        self.bold = False
        self.draft: Draft | None = None
