"""The body of an article as formats need it: by section, and with items of one list or rows of one table together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypedDict

from archive.revision import Revision, RevisionBlock

TOGETHER = {"list_item", "table_row"}
"""Kinds of blocks that make one thing with those of their kind beside them."""


class Section(TypedDict):
    """A heading with what stands under it."""

    heading: str | None
    """None before the first heading."""
    level: int
    """Of the heading, 1 to 6; 0 without."""
    paragraphs: list[str]
    """Texts of the blocks: paragraphs, items, quotes, rows..."""


class Group(NamedTuple):
    """A block alone, or the items of lists that stand together, or the rows of one table."""

    kind: str
    ordered: bool
    """Whether the first is numbered."""
    blocks: tuple[RevisionBlock, ...]


def body_blocks(revision: Revision) -> list[RevisionBlock]:
    """Return the blocks of the body, captions and breaks included."""
    return [block for block in revision.blocks if block.section is not None]


def sections_of(revision: Revision) -> Iterator[Section]:
    """Give each section of the body with its heading, and the texts of the blocks under it."""
    for heading, blocks in parted(revision):
        yield {
            "heading": heading.text if heading else None,
            "level": heading.level if heading else 0,
            "paragraphs": [block.text for block in blocks if block.text],
        }


def parted(revision: Revision) -> Iterator[tuple[RevisionBlock | None, list[RevisionBlock]]]:
    """Give each section of the body: its first heading, if it has one, and its other blocks."""
    for _, group in groupby(body_blocks(revision), key=lambda block: block.section):
        blocks = list(group)
        heading = next((block for block in blocks if block.kind == "heading"), None)
        yield heading, [block for block in blocks if block is not heading]


def grouped(blocks: Sequence[RevisionBlock]) -> Iterator[Group]:
    """Put the items of lists and the rows of a table together."""

    def key(pair: tuple[int, RevisionBlock]) -> tuple[str, int]:
        place, block = pair
        return block.kind, 0 if block.kind in TOGETHER else place + 1

    for (kind, _), pairs in groupby(enumerate(blocks), key=key):
        group = tuple(block for _, block in pairs)
        yield Group(kind, group[0].ordered, group)
