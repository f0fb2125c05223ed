"""The elements of a page by how much prose they hold, and what each calls itself.

Elements are measured once; a share of the text is then a division. Names of elements count only where the text agrees: a
wrapper that holds the article keeps no label, whatever its class says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.boilerplate.vocabulary import SOFT_LABELS, label_of_heading, label_of_node
from pipelines.fields import Label
from pipelines.page.page import Block, Kind, Node

GOOD_CHARS = 80
"""A shorter block is no proof of prose (measured on the bodies of 793 article pages: it parts prose from menus and captions)."""
GOOD_CHARS_DENSE = 30
"""The same for scripts that write a word in one or two characters."""
GOOD_LINK_DENSITY = 0.35
"""Prose has a smaller share of its characters in links."""
WRAPPER_SHARE = 0.5
"""An element with this share of the prose is a wrapper and no part beside the article."""
PROSE_BEFORE = 80
"""Characters of prose between title and element that make it possible that the article ended before it."""
SOFT_SHARE = 0.1
"""An element called `meta` or `tags` that holds more of the prose than this is misnamed."""

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*(?:\s|$)|[。！？」』]|[।؟۔]")
_DENSE_END = re.compile(r"[。！？]")
_PROSE_KINDS = frozenset({Kind.PARAGRAPH, Kind.QUOTE, Kind.LIST_ITEM})
_AFTER_ARTICLE = frozenset({Label.COMMENTS, Label.FOOTER, Label.CONSENT, Label.BIO, Label.RELATED})
"""Parts that may hold more prose than the article before them."""


def good_chars(block: Block) -> int:
    """Characters of a block that are prose: all or none."""
    length = len(block.text)
    if length < GOOD_CHARS_DENSE or block.kind not in _PROSE_KINDS or block.link_chars >= GOOD_LINK_DENSITY * length:
        return 0
    if length < GOOD_CHARS and not _DENSE_END.search(block.text):
        return 0
    return length if _SENTENCE_END.search(block.text) else 0


@dataclass(slots=True, eq=False)
class Extent:
    """What an element spans and holds."""

    node: Node
    depth: int
    first: int
    last: int
    good: int = 0
    """Characters of prose."""
    good_blocks: int = 0


class Outline:
    """The elements of one page, measured."""

    def __init__(self, blocks: Sequence[Block], title_block: int | None, furniture: frozenset[int]) -> None:
        """Measure all elements.

        Args:
            blocks: The blocks of the page.
            title_block: Index of the block that prints the title.
            furniture: Indices of blocks that print fields; they are no prose of the body.
        """
        self.blocks = blocks
        self.title_block = title_block
        self.shown = [not block.hidden for block in blocks]
        self.good = [0 if block.index in furniture else good_chars(block) for block in blocks]
        self._unhide()
        self.total = sum(self.good)
        self._prefix = _prefix_sums(self.good)
        self.extents = self._measure()
        self._named = [(extent, label_of_node(extent.node)) for extent in self.extents.values()]
        self.regions = self._regions(frozenset())
        if misused := self._misused():
            self.regions = self._regions(misused)

    def _unhide(self) -> None:
        """Count hidden text as shown where the page hides the better part of its prose until a script runs."""
        hidden = sum(good for good, shown in zip(self.good, self.shown, strict=True) if not shown)
        if hidden > 2 * (sum(self.good) - hidden):
            self.shown = [True] * len(self.good)
        self.good = [good if shown else 0 for good, shown in zip(self.good, self.shown, strict=True)]

    def good_between(self, first: int, last: int) -> int:
        """Characters of prose in the blocks from `first` to `last`, both included."""
        return self._prefix[last + 1] - self._prefix[first] if last >= first else 0

    def _measure(self) -> dict[Node, Extent]:
        """Measure every element that holds a block; parents stand before their children."""
        extents: dict[Node, Extent] = {}
        for block in self.blocks:
            extent = extents.get(block.node) or _add_with_ancestors(extents, block)
            extent.last = block.index
        for extent in reversed(extents.values()):
            parent = extent.node.parent
            if parent is not None and extents[parent].last < extent.last:
                extents[parent].last = extent.last
        chars, counts = self._prefix, _prefix_sums([good > 0 for good in self.good])
        for extent in extents.values():
            extent.good = chars[extent.last + 1] - chars[extent.first]
            extent.good_blocks = counts[extent.last + 1] - counts[extent.first]
        return extents

    def _regions(self, misused: frozenset[Label]) -> dict[Node, tuple[Label, str]]:
        """Label of each element that has one, inherited downwards; a plain outer name gives way to a telling inner one."""
        regions: dict[Node, tuple[Label, str]] = {}
        for extent, own in self._named:
            parent = extent.node.parent
            inherited = regions.get(parent) if parent is not None else None
            if inherited is not None and (inherited[0] not in _PLAIN or own is None or own[0] in _PLAIN):
                regions[extent.node] = inherited
            elif own is not None and own[0] not in misused and self._keeps_name(extent, own[0]):
                regions[extent.node] = own
            elif inherited is not None:
                regions[extent.node] = inherited
        return regions

    def _misused(self) -> frozenset[Label]:
        """Labels whose elements hold most of the prose together: the site means something else by the word."""
        held: dict[Label, int] = {}
        first: dict[Label, int] = {}
        for block, good in zip(self.blocks, self.good, strict=True):
            region = self.regions.get(block.node) if good else None
            if region is not None:
                held[region[0]] = held.get(region[0], 0) + good
                first.setdefault(region[0], block.index)
        return frozenset(
            label
            for label, good in held.items()
            if good >= WRAPPER_SHARE * self.total
            and not (label in _AFTER_ARTICLE and self._prose_before(first[label]) >= PROSE_BEFORE)
        )

    def _prose_before(self, index: int) -> int:
        """Characters of prose between the title, or the start of a page without one, and a block."""
        title = self.title_block
        return self.good_between(0 if title is None or title > index else title, index - 1)

    def _keeps_name(self, extent: Extent, label: Label) -> bool:
        if self._is_wrapper(extent, label):
            return False
        if label in SOFT_LABELS:
            return extent.good <= SOFT_SHARE * self.total or extent.good_blocks == 0
        if label is Label.PAYWALL:
            return extent.good_blocks < 2
        return not self._is_titled_by_its_name(extent)

    def _is_wrapper(self, extent: Extent, label: Label) -> bool:
        title = self.title_block
        holds_title = title is not None and extent.first <= title <= extent.last
        if holds_title and (extent.node.tag == "header" or self.good_between(title or 0, extent.last)):
            return True
        if not self.total or extent.good < WRAPPER_SHARE * self.total:
            return False
        return not (label in _AFTER_ARTICLE and self._prose_before(extent.first) >= PROSE_BEFORE)

    def _is_titled_by_its_name(self, extent: Extent) -> bool:
        """Whether an element is a section whose id repeats its heading (`<section id="related-work">`)."""
        first = self.blocks[extent.first]
        if extent.node.tag not in _SLUGGED or first.kind is not Kind.HEADING or len(extent.node.tokens) < 2 or not extent.good:
            return False
        words = frozenset(re.findall(r"\w+", first.text.casefold()))
        return frozenset(extent.node.tokens) <= words and label_of_heading(first.text) is None


_PLAIN = frozenset({Label.OTHER, Label.FURNITURE, Label.NAVIGATION, Label.FOOTER, Label.WIDGET})
_SLUGGED = frozenset({"section", "div"})


def _add_with_ancestors(extents: dict[Node, Extent], block: Block) -> Extent:
    chain: list[Node] = []
    node: Node | None = block.node
    while node is not None and node not in extents:
        chain.append(node)
        node = node.parent
    depth = extents[node].depth + 1 if node is not None else 0
    for new in reversed(chain):
        extents[new] = Extent(new, depth, block.index, block.index)
        depth += 1
    return extents[block.node]


def _prefix_sums(values: Sequence[int]) -> list[int]:
    sums = [0]
    for value in values:
        sums.append(sums[-1] + value)
    return sums
