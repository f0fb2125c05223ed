"""Rows of data tables made one block; cells of layout tables stay apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.page.elements import CELLS
from pipelines.page.page import Block, Kind, Node

LAYOUT_CELL_CHARS = 400
"""A longer table cell is a column of a layout."""
_LINE = re.compile(r" ?\| ?")
"""A line inside a cell; it loses the spaces around it, which stand between the cells of a row alone."""


def is_data_row(cells: Sequence[Block]) -> bool:
    """Tell whether several cells each hold one short line."""
    if len(cells) < 2 or any(len(cell.text) > LAYOUT_CELL_CHARS or cell.kind is Kind.BREAK for cell in cells):
        return False
    return len({id(_cell_of(cell.node)) for cell in cells}) == len(cells)


def _cell_of(node: Node | None) -> Node | None:
    while node is not None and node.tag not in CELLS:
        node = node.parent
    return node


def join_cells(cells: Sequence[Block], node: Node, list_id: int) -> Block:
    """Make one block of the cells of a row."""
    return Block(
        cells[0].index,
        Kind.TABLE_ROW,
        " | ".join(_LINE.sub("|", cell.text) if "|" in cell.text else cell.text for cell in cells),
        node,
        link_chars=sum(cell.link_chars for cell in cells),
        bold_chars=sum(cell.bold_chars for cell in cells),
        hidden=all(cell.hidden for cell in cells),
        links=tuple(link for cell in cells for link in cell.links),
        list_id=list_id,
    )
