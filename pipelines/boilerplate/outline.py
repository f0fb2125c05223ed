"""The elements of a page by what they span and hold.

Blocks lie in document order, so that an element is a span of them, and whatever it holds is a difference of two prefix sums.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, compress

from pipelines.page.page import Block, Kind, Node

GOOD_CHARS = 80
"""A shorter block is no proof of prose (measured on the bodies of 793 article pages: it parts prose from menus and captions)."""
GOOD_CHARS_DENSE = 30
"""The same for scripts that write a word in one or two characters."""
GOOD_LINK_DENSITY = 0.35
"""Prose has a smaller share of its characters in links."""
HIDDEN_PROSE = 2.0
"""A page that hides more than this many times the prose it shows shows it by script; then nothing counts as hidden."""

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(?:\s|$)|[。！？」』]|[।؟۔]")
_DENSE_END = re.compile(r"[。！？]")
_PROSE_KINDS = frozenset({Kind.PARAGRAPH, Kind.QUOTE, Kind.LIST_ITEM})


def good_chars(block: Block) -> int:
    """Characters of a block that are prose: all or none."""
    text = block.text
    length = len(text)
    if length < GOOD_CHARS_DENSE or block.kind not in _PROSE_KINDS or block.link_chars >= GOOD_LINK_DENSITY * length:
        return 0
    if length < GOOD_CHARS and (text.isascii() or not _DENSE_END.search(text)):
        return 0
    return length if _SENTENCE_END.search(text) else 0


@dataclass(slots=True, eq=False)
class Outline:
    """The elements of one page that hold blocks, parents before children, and what blocks and elements hold."""

    blocks: Sequence[Block]
    title_block: int | None
    """Index of the block that prints the title."""
    shown: list[bool]
    """Of each block, whether it is shown."""
    good: list[int]
    """Of each block, its characters of prose; none where it is hidden or prints a field."""
    nodes: list[Node]
    at: list[int]
    """Of each block, the place of its node in `nodes`."""
    parent: list[int]
    """Of each node, the place of its parent; the root is its own."""
    depth: list[int]
    first: list[int]
    """Of each node, its first block."""
    last: list[int]
    sums: list[int]
    """Prefix sums of `good`: one more than there are blocks."""

    @property
    def total(self) -> int:
        """Characters of prose on the page."""
        return self.sums[-1]

    def good_between(self, first: int, last: int) -> int:
        """Characters of prose in the blocks from `first` to `last`, both included."""
        return self.sums[last + 1] - self.sums[first] if last >= first else 0

    def good_in(self, node: int) -> int:
        """Characters of prose in an element."""
        return self.sums[self.last[node] + 1] - self.sums[self.first[node]]

    def good_since_title(self, index: int) -> int:
        """Characters of prose between the title, or the start of a page without one before it, and a block."""
        title = self.title_block
        return self.good_between(0 if title is None or title > index else title, index - 1)


def outline_of(blocks: Sequence[Block], title_block: int | None, furniture: frozenset[int]) -> Outline:
    """Measure the elements of a page.

    Args:
        blocks: Its blocks, in order.
        title_block: Index of the block that prints the title.
        furniture: Indices of blocks that print fields; they are no prose of the body.
    """
    good = [good_chars(block) for block in blocks]
    for index in furniture:
        good[index] = 0
    shown = _shown(blocks, good)
    if not all(shown):
        good = [chars if visible else 0 for chars, visible in zip(good, shown, strict=True)]
    nodes, at, parent, first = _nodes(blocks)
    return Outline(
        blocks, title_block, shown, good, nodes, at, parent, _depths(parent), first, _lasts(at, parent), [0, *accumulate(good)]
    )


def _shown(blocks: Sequence[Block], good: Sequence[int]) -> list[bool]:
    shown = [not block.hidden for block in blocks]
    prose = sum(compress(good, shown))
    return [True] * len(blocks) if sum(good) - prose > HIDDEN_PROSE * prose else shown


def _nodes(blocks: Sequence[Block]) -> tuple[list[Node], list[int], list[int], list[int]]:
    """The nodes that hold blocks and those above them, parents first; each block's node, each node's parent and first block."""
    nodes: list[Node] = []
    index: dict[Node, int] = {}
    at: list[int] = []
    parents: list[int] = []
    firsts: list[int] = []
    for block in blocks:
        node = block.node
        place = index.get(node)
        if place is None:
            chain = [node]
            above = node.parent
            while above is not None and (place := index.get(above)) is None:
                chain.append(above)
                above = above.parent
            place = place or 0
            for new in reversed(chain):
                parents.append(place)
                place = index[new] = len(nodes)
                nodes.append(new)
                firsts.append(block.index)
        at.append(place)
    return nodes, at, parents, firsts


def _lasts(at: Sequence[int], parents: Sequence[int]) -> list[int]:
    lasts = [-1] * len(parents)
    for block, node in enumerate(at):
        lasts[node] = block
    for node in range(len(parents) - 1, 0, -1):
        if lasts[parents[node]] < lasts[node]:
            lasts[parents[node]] = lasts[node]
    return lasts


def _depths(parents: Sequence[int]) -> list[int]:
    depths = [0] * len(parents)
    for node in range(1, len(parents)):
        depths[node] = depths[parents[node]] + 1
    return depths
