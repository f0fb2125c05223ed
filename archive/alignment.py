"""Pure: which items of one sequence are those of another, in an order that both share.

First what both begin and end with, then items that stand once in each (as in Bram Cohen's patience diff), then, in what is left
between those, the longest common subsequence. The work grows with the length of the sequences, not with its square.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import pairwise

LARGEST_TABLE = 250_000
"""Cells of a table of common subsequences at most: 500 by 500 items, a twentieth of a second. What is larger, and has no item
that stands once in both, counts as replaced."""

Pair = tuple[int, int]
"""Index of an item in the old sequence, and of its equal in the new one."""


def align(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Pair equal items of two sequences, ascending in both."""
    pairs: list[Pair] = []
    gaps = [(0, len(old), 0, len(new))]
    while gaps:
        start, end, new_start, new_end = gaps.pop()
        while start < end and new_start < new_end and old[start] == new[new_start]:
            pairs.append((start, new_start))
            start, new_start = start + 1, new_start + 1
        while start < end and new_start < new_end and old[end - 1] == new[new_end - 1]:
            end, new_end = end - 1, new_end - 1
            pairs.append((end, new_end))
        if start == end or new_start == new_end:
            continue
        anchors = _anchors(old, new, (start, end, new_start, new_end))
        if anchors:
            edges = [(start - 1, new_start - 1), *anchors, (end, new_end)]
            pairs += anchors
            gaps += [(a + 1, c, b + 1, d) for (a, b), (c, d) in pairwise(edges)]
        elif (end - start) * (new_end - new_start) <= LARGEST_TABLE:
            common = _common(old[start:end], new[new_start:new_end])
            pairs += [(start + i, new_start + j) for i, j in common]
    return sorted(pairs)


def rising(pairs: Sequence[Pair]) -> list[Pair]:
    """The most pairs that ascend in both members.

    Args:
        pairs: ascending in the first member, each member once.

    """
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for place, (_, new) in enumerate(pairs):
        length = bisect_left(ends, new)
        before.append(last[length - 1] if length else -1)
        if length == len(ends):
            ends.append(new)
            last.append(place)
        else:
            ends[length], last[length] = new, place
    chosen: list[Pair] = []
    place = last[-1] if last else -1
    while place >= 0:
        chosen.append(pairs[place])
        place = before[place]
    return chosen[::-1]


def _anchors(old: Sequence[Hashable], new: Sequence[Hashable], gap: tuple[int, int, int, int]) -> list[Pair]:
    """Items that stand once on either side of a gap, as many of them as keep their order."""
    start, end, new_start, new_end = gap
    counts, new_counts = Counter(old[start:end]), Counter(new[new_start:new_end])
    places = {new[j]: j for j in range(new_start, new_end) if new_counts[new[j]] == 1}
    return rising([(i, places[old[i]]) for i in range(start, end) if counts[old[i]] == 1 and old[i] in places])


def _common(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """The longest common subsequence, by the table of its lengths from the end."""
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in range(len(old) - 1, -1, -1):
        row, below = table[i], table[i + 1]
        for j in range(len(new) - 1, -1, -1):
            row[j] = below[j + 1] + 1 if old[i] == new[j] else max(below[j], row[j + 1])
    pairs: list[Pair] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if old[i] == new[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif table[i + 1][j] >= table[i][j + 1]:
            i += 1
        else:
            j += 1
    return pairs
