"""Lines that were broken for want of room, told from those that their author broke.

Whoever wraps text puts into a line whatever fits: a line was wrapped where the first word of the next one would not have fitted.
Every pair of lines so names the widths that it agrees with, and the width that most agree on is the document's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

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


def columns(line: str) -> int:
    """Columns that a line takes on a screen; Chinese, Japanese and Korean letters take two."""
    return len(line) if line.isascii() else len(line) + len(_WIDE.findall(line))


def join_lines(line: str, following: str) -> str:
    """Join two lines of one paragraph; no space between letters of scripts that write none."""
    if _WIDE.match(line[-1:]) and _WIDE.match(following) and not "\uac00" <= line[-1] <= "\ud7a3":
        return line + following
    return f"{line} {following}"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two lines that follow one another without anything that keeps them apart."""

    length: int
    """Columns of the first, its indentation included."""
    word: int
    """Columns of the first word of the second."""
    indent: int
    """Columns before the second."""


def pair_of(line: str, following: str) -> Pair:
    """Measure two lines."""
    text = following.lstrip()
    word = text.split(None, 1)[0] if text else ""
    wide = _WIDE.search(word)
    length = (2 if wide.start() == 0 else columns(word[: wide.start()])) if wide else columns(word)
    return Pair(columns(line.rstrip()), min(length, LONGEST_WORD), len(following) - len(text))


@dataclass(frozen=True, slots=True)
class Wrapping:
    """The width that a document's lines were broken at."""

    width: int = 0
    """Columns; 0 where a line is a paragraph."""
    by_indent: dict[int, int] = field(default_factory=dict)
    """Widths of lines with so much before them, where they have another than most: quotes and lists have margins."""

    def breaks(self, pair: Pair, line: str, following: str) -> bool:
        """Tell whether the second line goes on with the first."""
        width = self.by_indent.get(pair.indent, self.width)
        if not width:
            return False
        if pair.length + 1 + pair.word > width:
            return True
        unfinished = following.lstrip()[:1].islower() and not _SENTENCE_END.search(line)
        return unfinished and pair.length >= width * LONG_LINE


def find_wrapping(pairs: Sequence[Pair]) -> Wrapping:
    """Find the width that most pairs of lines agree on."""
    width = _agreed(pairs)
    if not width:
        return Wrapping()
    indents = Counter(pair.indent for pair in pairs)
    own = {
        indent: _agreed([pair for pair in pairs if pair.indent == indent]) for indent, n in indents.items() if n >= FEWEST_PAIRS
    }
    return Wrapping(width, {indent: found for indent, found in own.items() if found})


def _agreed(pairs: Sequence[Pair]) -> int:
    """The width that most pairs agree on, the widest of several; 0 where too few do."""
    changes: Counter[int] = Counter()
    for pair in pairs:
        changes[max(pair.length, NARROWEST)] += 1
        changes[max(pair.length + pair.word + 1, NARROWEST)] -= 1
    votes = best = width = 0
    for at in sorted(changes):
        if votes and votes >= best:
            best, width = votes, at - 1
        votes += changes[at]
    long = sum(pair.length >= width * LONG_LINE for pair in pairs)
    over = sum(pair.length > width + SLACK for pair in pairs)
    return width if best >= FEWEST_PAIRS and best >= AGREEING * long and over < best else 0
