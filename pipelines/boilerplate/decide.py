"""Which blocks are kept, from how likely each is: what is more likely body than not.

Where that promises little, as on a page of cards without any prose, what promises the best F1 is kept instead: the most likely
blocks, so many that 2 x (expected words of the body kept) / (words kept + expected words of the body) is largest.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Collection, Sequence
from itertools import pairwise

from pipelines.page.page import Block, Kind

EVEN = 0.5
"""No fitted threshold: in, where in is more likely than out."""
UNSURE = 0.8
"""Expected F1 under which the judge is at a loss with a page. Out of fold, .6 to .9 differ by less than .002 of F1."""
REPEATED_CHARS = 60
"""A longer block is kept once: some pages print the article again, for narrow screens or for printing."""
_HEADING, _CAPTION, _BREAK = Kind.HEADING, Kind.CAPTION, Kind.BREAK
"""By their own names: on Python 3.11 to look a member up in its enumeration takes ten times as long."""
_PLACED = frozenset({Kind.BREAK, Kind.CAPTION})
"""Kinds that are kept by their place among kept text, however likely."""
_INNER = frozenset({Kind.QUOTE, Kind.CODE, Kind.LIST_ITEM, Kind.TABLE_ROW})
"""Kinds of which 54 in 62 belong to the body where the judge leaves them out alone among kept blocks (wcxb and fundus)."""
HEADING_BETWEEN = 0.4
"""A heading without links right over kept text, and behind kept text, is kept from this chance. Of 38 such headings that the
judge leaves out of 70 pages each of wcxb and fundus, as HTML and as text, 3 of 3 from here belong to the body, and 15 of 35
below: few, so it stands close to even."""
BESIDE = 6
"""Blocks of boxes that may stand between such a block and the text."""
LINKED = 0.3
"""Link density from which such a block may be a link to elsewhere."""
CAPTION_REACH = 5
"""Most blocks from the text before a picture to the text behind it."""


def keep_blocks(
    blocks: Sequence[Block],
    chances: Sequence[float],
    barred: Collection[int],
    openers: Collection[int],
    unnamed: Collection[int] = (),
    printed: Collection[int] = (),
) -> list[bool]:
    """Decide for each block.

    Args:
        blocks: All blocks of the page, in order.
        chances: How likely each belongs to the body, 0 to 1.
        barred: Indices of blocks that are never kept, however likely: those that print a field, and those that a rule is sure of.
        openers: Indices of blocks that read like the heading of a box; they go where what follows goes.
        unnamed: Indices of blocks that no rule says anything of.
        printed: Indices of blocks that print a field.
    """
    chances = [0.0 if index in barred else chance for index, chance in enumerate(chances)]
    least = _least_chance([(chance, len(block.text)) for block, chance in zip(blocks, chances, strict=True) if chance])
    kept = [chance >= least and block.kind not in _PLACED for block, chance in zip(blocks, chances, strict=True)]
    _drop_repeats(blocks, kept)
    for index in openers:
        kept[index] = kept[index] and index + 1 < len(kept) and kept[index + 1]
    for index in sorted(unnamed):
        if not kept[index] and 0 < index < len(blocks) - 1:
            kept[index] = _is_inner(blocks[index], kept, unnamed, printed)
    _keep_headings_between(blocks, chances, kept)
    _drop_bare_headings(blocks, kept)
    _keep_inner_captions(blocks, kept, barred)
    _keep_inner_breaks(blocks, kept)
    return kept


def _least_chance(sized: Sequence[tuple[float, int]]) -> float:
    """Chance from which a block is kept, given each block's chance and its characters; never 0."""
    inside = sum(chance * size for chance, size in sized)
    whole = sum(size for chance, size in sized if chance >= EVEN)
    found = sum(chance * size for chance, size in sized if chance >= EVEN)
    if 2 * found >= UNSURE * (inside + whole):
        return EVEN
    least, best, found, whole = EVEN, 0.0, 0.0, 0
    for chance, size in sorted(sized, reverse=True):
        found, whole = found + chance * size, whole + size
        if 2 * found > best * (inside + whole):
            least, best = chance, 2 * found / (inside + whole)
    return min(least, EVEN)


def _is_inner(block: Block, kept: Sequence[bool], unnamed: Collection[int], printed: Collection[int]) -> bool:
    """Whether a block stands where it can only belong to the body: in one piece with it, or as its first heading."""
    if block.link_density >= LINKED:
        return False
    if block.kind is _HEADING:
        return block.index - 1 in printed and kept[block.index + 1]
    return block.kind in _INNER and all(_is_kept_beside(block.index, step, kept, unnamed) for step in (-1, 1))


def _is_kept_beside(index: int, step: int, kept: Sequence[bool], unnamed: Collection[int]) -> bool:
    """Whether the nearest block on one side that is in no box with a name is kept."""
    reach = (index + step * distance for distance in range(1, BESIDE + 1))
    return next((kept[place] for place in reach if place in unnamed), False)


def _drop_repeats(blocks: Sequence[Block], kept: list[bool]) -> None:
    seen: set[str] = set()
    for block in blocks:
        if kept[block.index] and len(block.text) >= REPEATED_CHARS:
            kept[block.index] = block.text not in seen
            seen.add(block.text)


def _keep_headings_between(blocks: Sequence[Block], chances: Sequence[float], kept: list[bool]) -> None:
    before = False
    for block, under in pairwise(blocks):
        if block.kind is _HEADING and before and kept[under.index] and block.link_density < LINKED:
            kept[block.index] = kept[block.index] or chances[block.index] >= HEADING_BETWEEN
        if block.kind is not _BREAK:
            before = kept[block.index]


def _drop_bare_headings(blocks: Sequence[Block], kept: list[bool]) -> None:
    """Leave out headings that no kept text follows."""
    level_below = 0
    has_text = False
    for block in reversed(blocks):
        if not kept[block.index]:
            continue
        if block.kind is not _HEADING:
            has_text = True
            level_below = 0
        elif has_text or level_below > block.level:
            has_text = False
            level_below = block.level
        else:
            kept[block.index] = False


def _keep_inner_captions(blocks: Sequence[Block], kept: list[bool], barred: Collection[int]) -> None:
    """Keep the captions of pictures among the text: the judge learnt from truths without them."""
    text = [index for index, keep in enumerate(kept) if keep]
    for block in blocks:
        if block.kind is _CAPTION and block.index not in barred:
            behind = bisect(text, block.index)
            near = text[max(behind - 1, 0) : behind + 1]
            kept[block.index] = len(near) == 2 and near[0] < block.index and near[1] - near[0] <= CAPTION_REACH


def _keep_inner_breaks(blocks: Sequence[Block], kept: list[bool]) -> None:
    """Keep a thematic break where the blocks around it are kept."""
    for block in blocks[1:-1]:
        if block.kind is _BREAK:
            kept[block.index] = kept[block.index - 1] and (kept[block.index + 1] or blocks[block.index + 1].kind is _BREAK)
