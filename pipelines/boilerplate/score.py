"""How likely each block belongs to the body: structure alone, no words.

One function, `score_blocks`, so that another judge can take its place without anything else noticing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.boilerplate.regions import Extent, Outline
from pipelines.page.page import Block, Kind, Node

CONTAINER_SHARE = 0.75
"""The container is the smallest element with this share of the prose (on 793 article pages the strongest single sign)."""
SCOPE_SHARE = 0.5
"""The element around title and article holds this share of the prose of the page."""
ARTICLE_CHARS = 600
"""An `article` element with the title and this much prose is the whole article, whatever stands behind it."""
LINKED = 0.5
"""Link density from which a block is a link rather than text with links in it."""
CARD_CHARS = 150
"""A linked block up to this length is the headline of another page."""

_RICH = frozenset({Kind.TABLE_ROW, Kind.CODE, Kind.QUOTE, Kind.CAPTION})


@dataclass(slots=True)
class Context:
    """What the judge knows beside the blocks."""

    outline: Outline
    free: Sequence[bool]
    """Which blocks no rule has named."""
    ended: int
    """Index of the first block behind the article that a rule has named comments, biography or footer; without one, the number of
    blocks."""


def score_blocks(blocks: Sequence[Block], context: Context) -> list[float]:
    """Give the share 0 to 1 of such blocks that belong to the body; 0 for those that a rule has named."""
    frame = _Frame(blocks, context)
    scores = [frame.score(block) if context.free[block.index] else 0.0 for block in blocks]
    _lift_lists(blocks, scores)
    return scores


class _Frame:
    """Where on the page the body lies."""

    def __init__(self, blocks: Sequence[Block], context: Context) -> None:
        self.blocks = blocks
        self.outline = context.outline
        self.ended = context.ended
        self.start = self._start(context)
        self.sums = self._sums(context)
        self.scope = self._scope()
        self.container = self._container()
        self.first, self.last = self._edges(context)

    def _start(self, context: Context) -> int:
        title = self.outline.title_block
        if title is None:
            return 0
        behind = sum(self.outline.good[i] for i in range(title, len(self.blocks)) if context.free[i])
        before = sum(self.outline.good[i] for i in range(title) if context.free[i])
        return title if behind * 4 >= before else 0

    def _sums(self, context: Context) -> list[int]:
        sums = [0]
        for good, free, index in zip(self.outline.good, context.free, range(len(self.blocks)), strict=True):
            sums.append(sums[-1] + (good if free and index >= self.start else 0))
        return sums

    def _prose(self, extent: Extent) -> int:
        return self.sums[extent.last + 1] - self.sums[extent.first]

    def _scope(self) -> Extent | None:
        """Element around the title and the prose that belongs to it."""
        title = self.outline.title_block
        node: Node | None = self.blocks[title].node if title is not None else None
        while node is not None:
            extent = self.outline.extents[node]
            prose = self._prose(extent)
            if prose >= SCOPE_SHARE * self.sums[-1] or (node.tag == "article" and prose >= ARTICLE_CHARS):
                return extent
            node = node.parent
        return max(self.outline.extents.values(), key=self._prose, default=None)

    def _container(self) -> Extent | None:
        """Smallest element inside the scope that holds nearly all of its prose."""
        if self.scope is None:
            return None
        first, last, least = self.scope.first, self.scope.last, CONTAINER_SHARE * self._prose(self.scope)
        found = self.scope
        for extent in self.outline.extents.values():
            if extent.depth > found.depth and first <= extent.first and extent.last <= last and self._prose(extent) >= least:
                found = extent
        return found

    def _edges(self, context: Context) -> tuple[int, int]:
        """First and last block of prose in the container."""
        if self.container is None:
            return 0, -1
        good = [
            index
            for index in range(max(self.container.first, self.start), self.container.last + 1)
            if self.outline.good[index] and context.free[index]
        ]
        return (good[0], good[-1]) if good else (self.container.first, self.container.last)

    def score(self, block: Block) -> float:
        """Score one block."""
        index = block.index
        if self.container is None or self.scope is None or index < self.start or not self.scope.first <= index <= self.scope.last:
            return 0.05
        if self.container.first <= index <= self.container.last:
            return self._score_inside(block)
        return self._score_beside(block)

    def _score_inside(self, block: Block) -> float:
        if self.outline.good[block.index]:
            return 0.95
        if _is_card(block):
            return 0.3
        if self.first <= block.index <= self.last:
            return 0.85
        if block.kind in _RICH or block.kind is Kind.HEADING or block.kind is Kind.LIST_ITEM:
            return 0.7
        return 0.55 if block.index > self.last else 0.5

    def _score_beside(self, block: Block) -> float:
        assert self.container is not None
        if block.index < self.container.first:
            return 0.75 if self.outline.good[block.index] else 0.3
        if block.index > self.ended:
            return 0.1
        return 0.6 if self.outline.good[block.index] else 0.25


def _is_card(block: Block) -> bool:
    return block.link_density >= LINKED and len(block.text) <= CARD_CHARS and block.kind is not Kind.TABLE_ROW


def _lift_lists(blocks: Sequence[Block], scores: list[float]) -> None:
    """Judge the items of one list together: a list of links inside prose stays if most of its items are more than links."""
    lists: dict[int, list[int]] = {}
    for block in blocks:
        if block.list_id and scores[block.index] > 0:
            lists.setdefault(block.list_id, []).append(block.index)
    for items in lists.values():
        mean = sum(scores[index] for index in items) / len(items)
        for index in items:
            scores[index] = mean
