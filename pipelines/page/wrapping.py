"""Lines that were broken for want of room, told from those that their author broke.

Whoever wraps text puts into a line whatever fits: a line was wrapped where the first word of the next one would not have fitted.
Every pair of lines so names the widths that it agrees with, and the width that most agree on is the document's.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

NARROWEST = 36
"""Columns; menus and verse have shorter lines, and no renderer wraps at fewer."""
FEWEST_PAIRS = 3
"""Pairs of lines that must agree on a width before a document counts as wrapped."""
AGREEING = 0.5
"""Share of the pairs with lines long enough that must agree."""
LONG_LINE = 0.6
"""Share of the width that a line fills which is long enough to have been wrapped."""
SLACK = 4
"""Columns by which lines may run over the width: headings have other margins than paragraphs."""
LONGEST_WORD = 30
"""A longer first word is an address, which tells little of the room."""

_WIDE = re.compile("[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]")
_SENTENCE_END = re.compile(r"[.!?:;。！？…][\s\"'”’»」』)\]\d]*$")


def columns(line: str, wide: int = 2) -> int:
    """Columns that a line takes on a screen, where Chinese, Japanese and Korean letters take so many."""
    return len(line) if line.isascii() or wide == 1 else len(line) + len(_WIDE.findall(line))


def join_lines(lines: Sequence[str]) -> str:
    """Join the lines of one paragraph; no space between letters of scripts that write none."""
    if len(lines) == 1:
        return lines[0]
    if all(map(str.isascii, lines)):
        return " ".join(lines)
    parts = [lines[0]]
    for line, following in pairwise(lines):
        parts += (following,) if _meet(line, following) else (" ", following)
    return "".join(parts)


def _meet(line: str, following: str) -> bool:
    return bool(_WIDE.match(line[-1:]) and _WIDE.match(following)) and not "\uac00" <= line[-1] <= "\ud7a3"


class _Pair(NamedTuple):
    """Two lines that follow one another, measured."""

    length: int
    """Columns of the first, its indentation included."""
    word: int
    """Columns of the first word of the second."""
    indent: int
    """Columns before the second."""


def _measure(line: str, following: str, wide: int) -> _Pair:
    text = following.lstrip()
    word = text.split(None, 1)[0] if text else ""
    first_wide = _WIDE.search(word)
    if first_wide:
        word = word[: max(first_wide.start(), 1)]
    return _Pair(columns(line.rstrip(), wide), min(columns(word, wide), LONGEST_WORD), len(following) - len(text))


@dataclass(frozen=True, slots=True)
class Wrapping:
    """The width that a document's lines were broken at."""

    width: int = 0
    """Columns; 0 where a line is a paragraph."""
    by_indent: dict[int, int] = field(default_factory=dict)
    """Widths of lines with so much before them, where they have another than most: quotes and lists have margins."""
    wide: int = 2
    """Columns that the renderer gave to a Chinese, Japanese or Korean letter; some count it as one."""

    def breaks(self, line: str, following: str) -> bool:
        """Tell whether the second line goes on with the first."""
        if not self.width:
            return False
        pair = _measure(line, following, self.wide)
        width = self.by_indent.get(pair.indent, self.width)
        if pair.length + 1 + pair.word > width:
            return True
        unfinished = following.lstrip()[:1].islower() and not _SENTENCE_END.search(line)
        return unfinished and pair.length >= width * LONG_LINE


def find_wrapping(lines: Sequence[tuple[str, str]]) -> Wrapping:
    """Find the width that most pairs of lines agree on; the lines of a pair follow one another and nothing keeps them apart."""
    for wide in (2, 1):
        pairs = [_measure(line, following, wide) for line, following in lines]
        width = _agreed(pairs)
        if width:
            by_indent: dict[int, list[_Pair]] = {}
            for pair in pairs:
                by_indent.setdefault(pair.indent, []).append(pair)
            return Wrapping(width, {indent: own for indent, some in by_indent.items() if (own := _agreed(some))}, wide)
        if not any(_WIDE.search(line) for line, _ in lines):
            break
    return Wrapping()


def _agreed(pairs: Sequence[_Pair]) -> int:
    """The width that most pairs agree on and fewest contradict by being longer, the widest of several; 0 where too few agree."""
    changes: Counter[int] = Counter()
    for pair in pairs:
        if pair.length + pair.word >= NARROWEST:
            changes[max(pair.length, NARROWEST)] += 1
            changes[pair.length + pair.word + 1] -= 1
    lengths = sorted(pair.length for pair in pairs)
    votes = most = best = width = 0
    for at in sorted(changes):
        over = len(lengths) - bisect_right(lengths, at - 1 + SLACK)
        if votes and votes - over >= best:
            best, most, width = votes - over, votes, at - 1
        votes += changes[at]
    long = len(lengths) - bisect_left(lengths, width * LONG_LINE)
    return width if most >= FEWEST_PAIRS and most >= AGREEING * long else 0
