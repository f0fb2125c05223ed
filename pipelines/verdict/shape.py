"""How the text of a page is spread: prose in one run under one heading, or many small pieces that look alike.

Nothing here asks what a block was labelled, so that the verdict does not hang on the body's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pipelines.page.page import Block, Kind, Node, Page
from pipelines.surroundings import Surroundings, word_set
from pipelines.verdict.address import path_of

__all__ = ["Shape", "is_led_by_link", "read_shape", "shape_features"]

PROSE_CHARS = 80
"""Shortest paragraph or item that counts as prose."""
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
SAMPLE_BLOCKS = 100
SAMPLE_CHARS = 300
"""Blocks and characters that the script is told from."""

_DENSE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CURRENCIES = "$€£¥₹"
_TIME = re.compile(
    r"[0-9](?:[0-9]{3}\b|[0-9]?(?:[./-][0-9]{1,2}[./-][0-9]{2,4}|:[0-9]{2})\b|\s?[hdwmy]\b| \w+ ago\b)",
)
_WRITER_TOKENS = word_set("author username user avatar byline poster")
_HEADING, _CODE = Kind.HEADING, Kind.CODE
"""By their own names: on Python 3.11 to look a member up in its enumeration takes ten times as long."""
_PROSE_KINDS = frozenset({Kind.PARAGRAPH, Kind.QUOTE, Kind.LIST_ITEM})


@dataclass(slots=True)
class Shape:
    """What one pass over the shown blocks has counted, in characters."""

    scale: int = 1
    """Latin characters that a character of this page stands for."""
    shown: int = 0
    """Characters of all shown blocks."""
    prose: list[Block] = field(default_factory=list)
    """Prose outside sidebars, comments and the like; all of it where none stands outside, as a wrapper may be misnamed."""
    chars: int = 0
    """Its characters."""
    aside: int = 0
    """Characters of other prose."""
    loose: int = 0
    """Characters of paragraphs and items that are no prose."""
    code: int = 0
    headings: list[Block] = field(default_factory=list)
    """Those outside sidebars and the like; linked ones stand beside articles as well."""
    short: list[str] = field(default_factory=list)
    """Texts of short blocks."""
    turns: list[int] = field(default_factory=list)
    """Prose between two lines that name a time or a writer: one turn in an article, many in a thread."""


def read_shape(page: Page, title_block: int | None) -> Shape:
    """Count a page's blocks once."""
    shape = Shape(_scale(page.blocks))
    around = Surroundings(page, title_block)
    signed = {mark.block for mark in page.marks if _signs(mark.node, mark.rel)}
    shortest = PROSE_CHARS / shape.scale
    aside: list[Block] = []
    turn = 0
    for block in page.blocks:
        chars = len(block.text)
        if block.hidden or not chars:
            continue
        shape.shown += chars
        if chars >= shortest and block.link_chars * 2 < chars and block.kind in _PROSE_KINDS:
            turn += chars
            if around.in_margin(block.node):
                aside.append(block)
                shape.aside += chars
            else:
                shape.prose.append(block)
                shape.chars += chars
            continue
        _count_other(shape, block, chars, around)
        if turn and (block.index in signed or (chars < SHORT_CHARS and _TIME.search(block.text))):
            shape.turns.append(turn)
            turn = 0
    shape.turns.append(turn)
    if not shape.prose:
        shape.prose, shape.chars, shape.aside = aside, shape.aside, 0
    return shape


def _count_other(shape: Shape, block: Block, chars: int, around: Surroundings) -> None:
    """Count a block that is no prose."""
    if chars < SHORT_CHARS:
        shape.short.append(block.text)
    if block.kind is _HEADING:
        if not around.in_margin(block.node):
            shape.headings.append(block)
    elif block.kind is _CODE:
        shape.code += chars
    elif block.kind in _PROSE_KINDS:
        shape.loose += chars


def _signs(node: Node, rel: str) -> bool:
    """Whether a mark names a time or a writer."""
    return node.tag == "time" or rel == "author" or node.itemprop == "author" or not _WRITER_TOKENS.isdisjoint(node.tokens)


def _scale(blocks: Sequence[Block]) -> int:
    sample = "".join(block.text for block in blocks[:SAMPLE_BLOCKS] if len(block.text) > 20)[:SAMPLE_CHARS]
    dense = not sample.isascii() and len(_DENSE.findall(sample)) > DENSE_SHARE * len(sample)
    return DENSE_WEIGHT if dense else 1


def shape_features(shape: Shape) -> dict[str, float]:
    """Give the features that need neither title nor address."""
    count, headings = max(1, len(shape.prose)), len(shape.headings)
    chars, shown = max(1, shape.chars), max(1, shape.shown)
    long = LONG_PROSE / shape.scale
    return {
        "prose_chars": math.log1p(shape.chars * shape.scale),
        "prose_share": shape.chars / shown,
        "prose_aside": shape.aside / max(1, shape.chars + shape.aside),
        "prose_mean": shape.chars * shape.scale / count,
        "prose_long": sum(len(block.text) > long for block in shape.prose) / count,
        "prose_links": sum(len(block.links) for block in shape.prose) / count,
        "prose_linked": sum(block.link_chars for block in shape.prose) / chars,
        "adjacent": sum(one.index + 1 == two.index for one, two in pairwise(shape.prose)) / max(1, count - 1),
        "code": shape.code / shown,
        "prices": math.log1p(sum(map("".join(shape.short).count, _CURRENCIES))),
        "headings_linked": float(sum(block.link_chars > MOSTLY_LINK * len(block.text) for block in shape.headings)),
        "heading_chars": sum(len(block.text) for block in shape.headings) / max(1, headings),
        "prose_per_heading": len(shape.prose) / max(1, headings),
        **_turn_features(shape.turns),
        **_place_features(shape),
    }


def _turn_features(turns: Sequence[int]) -> dict[str, float]:
    """How evenly the prose is shared among writers: the turns that it would be if all were of one length; the longest's share."""
    total = max(1, sum(turns))
    return {
        "turns": math.log1p(len(turns) - turns.count(0)),
        "turns_even": total * total / max(1, sum(turn * turn for turn in turns)),
        "turn_longest": max(turns, default=0) / total,
    }


def _place_features(shape: Shape) -> dict[str, float]:
    """How much of the prose stands together: an article's paragraphs are children of one element, those of cards of many."""
    parents: dict[Node | None, int] = {}
    counts: dict[Node | None, int] = {}
    above: dict[Node | None, int] = {}
    for block in shape.prose:
        chars, parent = len(block.text), block.node.parent
        upper = parent.parent if parent else None
        parents[parent] = parents.get(parent, 0) + chars
        counts[parent] = counts.get(parent, 0) + 1
        above[upper] = above.get(upper, 0) + chars
    count, chars = max(1, len(shape.prose)), max(1, shape.chars)
    most = max(parents.values(), default=0)
    return {
        "together": most / chars,
        "together_chars": math.log1p(most * shape.scale),
        "together_prose": max(counts.values(), default=0) / count,
        "together_above": max(above.values(), default=0) / chars,
        "parents": len(parents) / count,
        "articles": math.log1p(_count_articles(parents)),
    }


def _count_articles(parents: Iterable[Node | None]) -> int:
    """`article` elements around the prose."""
    seen: set[Node] = set()
    found = 0
    for node in parents:
        while node is not None and node not in seen:
            seen.add(node)
            found += node.tag == "article"
            node = node.parent
    return found


def is_led_by_link(page: Page, title_block: int | None) -> bool:
    """Whether the heading over the first prose behind the title leads to another page, whose post is printed here."""
    if title_block is None or not page.url:
        return False
    for block in page.blocks[title_block:]:
        if len(block.text) >= PROSE_CHARS and block.kind in _PROSE_KINDS:
            return False
        if block.kind is _HEADING and block.link_density > MOSTLY_LINK and not block.hidden:
            return path_of(page.url) not in map(path_of, block.links)
    return False
