"""The elements that a text must have had, told from its indentation."""

from __future__ import annotations

from pipelines.page.page import Kind, Node


class Boxes:
    """Gives each block of a text, in order, an element that stands inside those that are indented less."""

    def __init__(self, margin: int) -> None:
        """Begin a page.

        Args:
            margin: columns up to which indentation says nothing.
        """
        self._margin = margin
        root = Node(None, "#text")
        self._open: list[tuple[int, Node]] = [(-1, root)]
        self._group: tuple[int, Node, Node] = (-1, root, root)

    def node_of(self, kind: Kind, indent: int, inner: int, group: int | None = None) -> Node:
        """Return the element that holds a block.

        Args:
            kind: what the block is.
            indent: columns before its text or its bullet.
            inner: columns before its text.
            group: number of the run of lines that it stands in with others; None where it stands alone between blank lines.
        """
        indent = max(indent - self._margin, 0)
        while self._open[-1][0] > indent or (
            self._open[-1][0] == indent and self._open[-1][1].tag == "ul" and kind is not Kind.LIST_ITEM
        ):
            self._open.pop()
        if kind is Kind.LIST_ITEM:
            return self._item(indent, max(inner - self._margin, indent + 1))
        if self._open[-1][0] < indent and kind is not Kind.HEADING and kind is not Kind.BREAK:
            self._open.append((indent, Node(self._open[-1][1], "#text")))
        return self._open[-1][1] if group is None else self._group_node(group)

    def _group_node(self, group: int) -> Node:
        """The element of a run of lines in the one that is open."""
        above = self._open[-1][1]
        if self._group[:2] != (group, above):
            self._group = (group, above, Node(above, "#text"))
        return self._group[2]

    def _item(self, indent: int, inner: int) -> Node:
        if self._open[-1][0] < indent or self._open[-1][1].tag != "ul":
            self._open.append((indent, Node(self._open[-1][1], "ul")))
        item = Node(self._open[-1][1], "li")
        self._open.append((inner, item))
        return item
