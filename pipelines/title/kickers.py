"""Kickers and subtitles: lines that share an element with the headline and are no part of it.

A heading prints them in one run: `Harbour Ferry sails again`. What the page declares shows where one ends and the other begins: a
title that is the end or the beginning of the heading, or the same words with a sign between them (`Harbour | Ferry sails again`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["located_words", "without_kicker"]

FEWEST_TITLE_WORDS = 3
"""Words that a title has at least for a longer heading to be cut to it; texts without spaces count characters."""

LONGEST_KICKER = 6
"""Words of a kicker in front of a title that is declared without it. Cutting it off is right on 16 and wrong on 3 pages of wcxb,
traf and fundus."""

LONGEST_JOINED_KICKER = 4
"""Words of a kicker that a sign parts from the title in what is declared; a longer first part is the title, and a subtitle
follows."""

FEWEST_SUBTITLE_WORDS = 3

_WORD = re.compile(r"\w+")
_SIGN = re.compile(r"\s*[:|]\s+|\s+[-–—|/·:]+\s+|\s*\|\s*")
_OPENING = frozenset("\"'“„«»‘‚‹›「『《(¿¡[#")
_SHORTEST_LAST_WORD = 3
"""Letters; a kicker that ends with a shorter word in lower case is the beginning of a sentence."""


class Word(NamedTuple):
    """A word for comparing, with its place in the text that it is from."""

    text: str
    start: int
    end: int


def located_words(text: str) -> list[Word]:
    """The words of a text as `words_of` gives them, with their places."""
    plain = text.isascii()
    return [
        Word((match[0] if plain else unicodedata.normalize("NFKC", match[0])).casefold(), *match.span())
        for match in _WORD.finditer(text)
    ]


def without_kicker(heading: str, titles: Sequence[tuple[str, ...]], declared: Sequence[str]) -> str:
    """The title in a heading that may hold a kicker before it or a subtitle behind it.

    Args:
        heading: as printed.
        titles: words of titles that may be shorter than the heading, best first.
        declared: titles that may have the words of the heading, and signs between its parts.
    """
    words = located_words(heading)
    for title in titles:
        start, end = _place_of(heading, words, title)
        if end:
            return heading[start:end].strip()
    return _parted_by_sign(heading, words, declared)


def _place_of(heading: str, words: list[Word], title: tuple[str, ...]) -> tuple[int, int]:
    """Where a heading prints a shorter title behind a kicker or before a subtitle; (0, 0) where it prints none."""
    count = len(title)
    if not _is_title(title) or count >= len(words):
        return 0, 0
    plain = tuple(word.text for word in words)
    if plain[-count:] == title and _may_be_kicker(heading, words[:-count]):
        return _with_opening(heading, words[-count].start), len(heading)
    if plain[:count] == title and _may_be_subtitle(heading, words[count - 1], words[count:]):
        return 0, words[count - 1].end + len(_closing(heading[words[count - 1].end : words[count].start]))
    return 0, 0


def _is_title(words: tuple[str, ...]) -> bool:
    return len(words) >= FEWEST_TITLE_WORDS or any(len(word) > 2 * FEWEST_TITLE_WORDS and not word.isascii() for word in words)


def _may_be_kicker(heading: str, words: list[Word]) -> bool:
    """Whether words before a title name a subject, a series or a date and do not begin its sentence."""
    if len(words) > LONGEST_KICKER or all(word.text.isdigit() for word in words):
        return False
    last = heading[words[-1].start : words[-1].end]
    is_parted = not heading[words[-1].end : words[-1].end + 1].isspace()
    return is_parted or len(last) > _SHORTEST_LAST_WORD or (not last.islower() and len(words) > 1) or last.isdigit()


def _may_be_subtitle(heading: str, last: Word, rest: list[Word]) -> bool:
    """Whether what follows a title is a line of its own: parted by `|`, or by nothing though it begins as a sentence does."""
    between = heading[last.end : rest[0].start]
    if between.strip() == "|":
        return True
    begins = heading[rest[0].start].isupper() or between[-1:] in _OPENING
    return not between.strip("\"'“”»«’!?….。 ") and begins and len(rest) >= FEWEST_SUBTITLE_WORDS


def _closing(between: str) -> str:
    """The signs behind a word that end the text before them: `!` and closing quotes."""
    return between.split(" ", 1)[0].rstrip("|:")


def _with_opening(text: str, start: int) -> int:
    """Where a title begins, the quotes and brackets before its first word included."""
    while start and text[start - 1] in _OPENING:
        start -= 1
    return start


def _parted_by_sign(heading: str, words: list[Word], declared: Sequence[str]) -> str:
    """Part a heading where a declared title of the same words has a sign and the heading none."""
    plain = [word.text for word in words]
    for title in declared:
        if title == heading or not _SIGN.search(title):
            continue
        others = located_words(title)
        if len(others) < len(words):
            continue
        texts = [word.text for word in others]
        for offset in range(len(others) - len(words) + 1):
            if texts[offset : offset + len(words)] == plain:
                return _behind_joint(heading, words, title, others[offset : offset + len(words)])
    return heading


def _behind_joint(heading: str, words: list[Word], title: str, others: list[Word]) -> str:
    for place in range(1, min(LONGEST_JOINED_KICKER, len(words) - FEWEST_TITLE_WORDS) + 1):
        joint = heading[words[place - 1].end : words[place].start]
        sign = title[others[place - 1].end : others[place].start].strip("\"'“”„»«’‘")
        if _SIGN.fullmatch(sign) and not joint.strip("\"'“”„»«’‘ "):
            return heading[_with_opening(heading, words[place].start) :]
    return heading
