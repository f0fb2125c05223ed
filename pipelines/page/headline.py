"""Which line of a page without markup is its headline."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol
from urllib.parse import unquote, urlsplit

from pipelines.page.headings import is_meta_line, is_prose, looks_like_heading, width_in_words
from pipelines.page.page import Kind

HEADLINE_CHARS = 200
"""Longer lines are prose."""
PROSE_CHARS = 80
"""Shorter sentences stand in menus and captions too."""
PROSE_LINKED = 0.5
"""Share of links from which a line is none of the text."""
REACH = 16
"""Blocks behind a headline in which the article has begun."""
META_REACH = 4
"""Blocks behind a headline in which byline and date are printed."""
WORDS = range(4, 19)
"""Words that most headlines have."""
FEWEST_ADDRESS_WORDS = 2

AGREES, HEADING, LOOKS, SIGNED, LENGTH, BEGINS = 6.0, 1.0, 2.0, 3.0, 1.5, 1.0
BEHIND_PROSE, PROSE_BEFORE, LINKED = -3.5, -0.34, -2.0
"""Weights of the signs, by a conditional logit over the lines of 442 pages in three renderings, rounded; of 473 others it finds
.74 of the titles (of those that stand in a line of their own: .83)."""
LEAST = 3.0
"""Points from which a line is taken for the headline: a line that looks like a heading, with the text behind it."""

_WORD = re.compile(r"[^\W\d_]{2,}")


class Printed(Protocol):
    """What is asked of a line."""

    @property
    def kind(self) -> Kind:
        """What it is."""

    @property
    def text(self) -> str:
        """Its text."""

    @property
    def link_chars(self) -> int:
        """Its characters inside links."""


def find_headline(lines: Sequence[Printed], url: str | None) -> int | None:
    """Return the place of the line that is likest to be the headline; None where none is like one.

    A headline repeats the words of the address, looks like a heading, has byline or date soon behind it and the text after them.
    """
    prose = [_prose(line) for line in lines]
    before = [0, *accumulate(prose)]
    total = max(before[-1], 1)
    most = max((before[min(at + REACH, len(lines))] - before[at] for at in range(len(lines))), default=0) or 1
    wanted = _words_of_address(url)
    best, found = LEAST, None
    for at, line in enumerate(lines):
        if line.kind not in (Kind.HEADING, Kind.PARAGRAPH) or not 0 < len(line.text) <= HEADLINE_CHARS or is_meta_line(line.text):
            continue
        points = _points(line, wanted)
        points += BEHIND_PROSE * before[at] / total + PROSE_BEFORE * math.log1p(min(before[at], 3000))
        points += BEGINS * (before[min(at + REACH, len(lines))] - before[at]) / most
        if points + SIGNED > best:
            points += SIGNED * any(is_meta_line(behind.text) for behind in lines[at + 1 : at + 1 + META_REACH])
        if points > best:
            best, found = points, at
    return found


def _points(line: Printed, wanted: frozenset[str]) -> float:
    """What speaks for a line by itself."""
    points = HEADING * (line.kind is Kind.HEADING) + LOOKS * looks_like_heading(line.text)
    points += LENGTH * (width_in_words(line.text) in WORDS) + LINKED * (line.link_chars > PROSE_LINKED * len(line.text))
    words = frozenset(_WORD.findall(line.text.lower())) if wanted else wanted
    return points + (AGREES * 2 * len(words & wanted) / (len(words) + len(wanted)) if words else 0.0)


def _prose(line: Printed) -> int:
    if (
        line.kind not in (Kind.PARAGRAPH, Kind.QUOTE)
        or len(line.text) < PROSE_CHARS
        or line.link_chars > PROSE_LINKED * len(line.text)
    ):
        return 0
    return len(line.text) if is_prose(line.text) else 0


def _words_of_address(url: str | None) -> frozenset[str]:
    """The words of that part of an address which has most; none where it is no phrase."""
    try:
        parts = unquote(urlsplit(url or "").path).lower().split("/")
    except ValueError:
        return frozenset()
    words = max((frozenset(_WORD.findall(part)) for part in parts), key=len)
    return words if len(words) >= FEWEST_ADDRESS_WORDS else frozenset()
