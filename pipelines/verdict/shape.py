"""How the text of a page is spread: prose in one run under one heading, or many small pieces that look alike.

Nothing here asks what a block was labelled, so that the verdict does not hang on the body's.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.page.page import Block, Kind, Node, Page
from pipelines.surroundings import Surroundings, word_set
from pipelines.verdict.address import path_of

__all__ = ["Shape", "is_led_by_link", "margin_features", "read_shape", "shape_features"]

PROSE_CHARS = 80
"""Shortest paragraph that counts as prose."""
LONG_PROSE = 200
"""Characters of a paragraph that is no teaser."""
SHORT_CHARS = 60
"""Longest text of a label, a button or a line with a date."""
MOSTLY_LINK = 0.8
"""Link density from which a block leads elsewhere."""
DENSE_SHARE = 0.3
"""Share of dense letters in a sample from which a page is written in them."""
DENSE_WEIGHT = 3
"""Latin characters that one dense letter stands for."""
SAMPLE_CHARS = 300

_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_PRICE = re.compile(r"[$€£¥₹]\s?\d|\d\s?€")
_TIME = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{1,2}:\d\d\b|\d\s?[hdwmy]\b|\d \w+ ago\b")
_WRITER_TOKENS = word_set("author username user avatar byline poster")
_TEXT_KINDS = frozenset({Kind.PARAGRAPH, Kind.QUOTE, Kind.LIST_ITEM})
_PROSE_KINDS = frozenset({Kind.PARAGRAPH, Kind.QUOTE})


@dataclass(slots=True)
class Shape:
    """What one pass over the shown blocks has counted. Lengths are in characters, dense letters weighed."""

    scale: int = 1
    shown: int = 0
    """Characters of all shown blocks."""
    prose: list[Block] = field(default_factory=list)
    lengths: list[int] = field(default_factory=list)
    """Of each block of prose, its characters."""
    gaps: list[int] = field(default_factory=list)
    """Blocks between one block of prose and the next."""
    headings: list[Block] = field(default_factory=list)
    code: int = 0
    loose: int = 0
    """Characters of short paragraphs and of list items."""
    short: list[str] = field(default_factory=list)
    """Texts of short blocks."""
    turns: list[int] = field(default_factory=list)
    """Prose between two lines that name a time or a writer: one turn in an article, many in a thread."""

    @property
    def chars(self) -> int:
        """Characters of all prose."""
        return sum(self.lengths)


def read_shape(page: Page) -> Shape:
    """Count a page's blocks once."""
    shape = Shape(_scale(page.blocks))
    signed = {mark.block for mark in page.marks if _signs(mark.node, mark.rel)}
    gap = 0
    turn = 0
    for block in page.blocks:
        if block.hidden:
            continue
        chars = len(block.text) * shape.scale
        if block.kind in _PROSE_KINDS and chars >= PROSE_CHARS and block.link_chars * 2 < len(block.text):
            if shape.prose:
                shape.gaps.append(gap)
            shape.prose.append(block)
            shape.lengths.append(chars)
            turn += chars
            gap = 0
        else:
            gap += 1
            _count_other(shape, block, chars)
            if turn and (block.index in signed or (chars <= SHORT_CHARS and _TIME.search(block.text))):
                shape.turns.append(turn)
                turn = 0
        shape.shown += chars
    shape.turns.append(turn)
    return shape


def _count_other(shape: Shape, block: Block, chars: int) -> None:
    if block.kind is Kind.HEADING:
        shape.headings.append(block)
    elif block.kind is Kind.CODE:
        shape.code += chars
    elif block.kind in _TEXT_KINDS:
        shape.loose += chars
    if 0 < chars < SHORT_CHARS:
        shape.short.append(block.text)


def _signs(node: Node, rel: str) -> bool:
    """Whether a mark names a time or a writer."""
    return node.tag == "time" or rel == "author" or node.itemprop == "author" or not _WRITER_TOKENS.isdisjoint(node.tokens)


def _scale(blocks: Sequence[Block]) -> int:
    sample = "".join(block.text for block in blocks[:SAMPLE_CHARS] if len(block.text) > 20)[:SAMPLE_CHARS]
    dense = not sample.isascii() and len(_DENSE.findall(sample)) > DENSE_SHARE * len(sample)
    return DENSE_WEIGHT if dense else 1


def shape_features(shape: Shape) -> dict[str, float]:
    """Give the features that need neither title nor address."""
    prose, chars = len(shape.prose), shape.chars
    shown = max(1, shape.shown)
    headings = len(shape.headings)
    linked = sum(block.link_density > MOSTLY_LINK for block in shape.headings)
    return {
        "prose_chars": math.log1p(chars),
        "prose_share": chars / shown,
        "prose_mean": chars / max(1, prose),
        "prose_long": sum(length > LONG_PROSE for length in shape.lengths) / max(1, prose),
        "prose_links": sum(len(block.links) for block in shape.prose) / max(1, prose),
        "prose_linked": sum(block.link_chars for block in shape.prose) / max(1, chars),
        "adjacent": sum(gap == 0 for gap in shape.gaps) / max(1, len(shape.gaps)),
        "code": shape.code / shown,
        "prices": math.log1p(len(_PRICE.findall("\n".join(shape.short)))),
        "headings_linked": float(linked),
        "heading_chars": sum(len(block.text) for block in shape.headings) / max(1, headings),
        "prose_per_heading": prose / max(1, headings),
        **_turn_features(shape.turns),
        **_place_features(shape),
    }


def _turn_features(turns: Sequence[int]) -> dict[str, float]:
    """How evenly the prose is shared among writers: the turns that it would be if all were of one length; the longest's share."""
    total = max(1, sum(turns))
    return {
        "turns": math.log1p(sum(turn > 0 for turn in turns)),
        "turns_even": total * total / max(1, sum(turn * turn for turn in turns)),
        "turn_longest": max(turns, default=0) / total,
    }


def _place_features(shape: Shape) -> dict[str, float]:
    """How much of the prose stands together: an article's paragraphs are children of one element, those of cards of many."""
    total = max(1, shape.chars)
    parents: Counter[int] = Counter()
    counts: Counter[int] = Counter()
    above: Counter[int] = Counter()
    for block, length in zip(shape.prose, shape.lengths, strict=True):
        parent = block.node.parent
        parents[id(parent)] += length
        counts[id(parent)] += 1
        above[id(parent.parent if parent else None)] += length
    most = max(parents.values(), default=0)
    prose = max(1, len(shape.prose))
    return {
        "together": most / total,
        "together_chars": math.log1p(most),
        "together_prose": max(counts.values(), default=0) / prose,
        "together_above": max(above.values(), default=0) / total,
        "parents": len(parents) / prose,
        "articles": math.log1p(_count_articles(shape.prose)),
    }


def _count_articles(prose: Sequence[Block]) -> int:
    """`article` elements that hold prose."""
    seen: set[int] = set()
    found = 0
    for block in prose:
        node: Node | None = block.node
        while node is not None and id(node) not in seen:
            seen.add(id(node))
            found += node.tag == "article"
            node = node.parent
    return found


def margin_features(page: Page, shape: Shape, title_block: int | None) -> dict[str, float]:
    """Prose and headings outside sidebars, comments and the like; both stand beside articles as well."""
    around = Surroundings(page, title_block)
    inside = [length for block, length in zip(shape.prose, shape.lengths, strict=True) if not around.in_margin(block.node)]
    headings = sum(not around.in_margin(block.node) for block in shape.headings)
    return {"prose_inside": math.log1p(sum(inside)), "prose_per_heading_inside": len(inside) / max(1, headings)}


def is_led_by_link(page: Page, title_block: int | None) -> bool:
    """Whether the heading over the first prose behind the title leads to another page, whose post is printed here."""
    if title_block is None or not page.url:
        return False
    for block in page.blocks[title_block:]:
        if block.kind in _PROSE_KINDS and len(block.text) >= PROSE_CHARS:
            return False
        if block.kind is Kind.HEADING and block.link_density > MOSTLY_LINK and not block.hidden:
            return path_of(page.url) not in map(path_of, block.links)
    return False
