"""The passage of an article that shows best why it was found, in the words of the article.

FTS5 has a function of its own for this, but it would show text cut into pairs for scripts without spaces, and it has to look up
each hit in the index once more, a third of a millisecond each on a large archive.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from sqlite_utils import Database

from archive.pairs import RANGES, holds_unspaced
from archive.search.expression import Leaf, Tree, leaves, wanted

OPEN, CLOSE, MORE = "[[", "]]", "…"

WORDS = 24
"""Words of a snippet at most; about two lines of a terminal."""
BEFORE = 5
"""Words shown before the first match."""
UNSPACED_AS_WORDS = 2
"""Characters of a script without spaces that count as a word."""

LONGEST = 200_000
"""Characters of a text that are looked through; more than all but a few in a thousand articles have."""

WORD = re.compile(rf"[{RANGES}]{{1,{UNSPACED_AS_WORDS}}}|[^\W_{RANGES}]+(?:['’.-][^\W_{RANGES}]+)*")
"""What is counted as a word, and never cut in two."""

PLAIN = re.compile(r"[0-9A-Za-z]+")
"""Words that the index and a pattern read alike."""

BETWEEN = r"[\x01-/:-@\[-`{-~]"
"""Characters of ASCII that are no part of a word."""

ACCENTS = range(0x300, 0x370)
"""Marks that the index leaves away from letters."""


class _Folding(dict[int, str]):
    """Letters as the index compares them, each one letter, so that places stay what they are."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        parts = unicodedata.normalize("NFD", character)
        plain = parts[0] if len(parts) > 1 and ord(parts[1]) in ACCENTS else character
        lowered = plain.lower()
        self[code] = lowered if len(lowered) == 1 else plain
        return self[code]


_FOLDING = _Folding()


def snippet(tree: Tree, title: str | None, dek: str | None, byline: str | None, text: str) -> str:
    """Return the passage with most of what was looked for, matches between `[[` and `]]`, on what it cuts off a `…`.

    The text is shown where anything matches in it; else the dek, title or byline, whichever does; else the beginning.
    """
    looked_for = leaves(wanted(tree))
    for column, shown in (("text", text[:LONGEST]), ("dek", dek), ("title", title), ("byline", byline)):
        patterns = [_pattern(leaf) for leaf in looked_for if leaf.column in (None, column)]
        if not shown or not patterns:
            continue
        matches = _matches(patterns, _folded(shown))
        if matches:
            return _passage(shown, matches)
    return _passage(text[:LONGEST] or dek or title or "", [])


def surely_holding(db: Database, tree: Tree, ids: Sequence[int]) -> list[int]:
    """Those of some articles whose text is sure to match, as only letters and digits of ASCII and what is between them tell it.

    Of others nothing is said: the index has to be asked, which takes five times as long.
    """
    joined = isinstance(tree, Leaf) or (tree.operator == "AND" and all(isinstance(part, Leaf) for part in tree.parts))
    words = leaves(tree) if joined else []
    if not words or any(leaf.column or leaf.prefix or not PLAIN.fullmatch(leaf.text) for leaf in words):
        return []
    patterns = [re.compile(f"(?:^|{BETWEEN}){leaf.text}(?:$|{BETWEEN})", re.IGNORECASE | re.ASCII) for leaf in words]
    rows = db.conn.execute("SELECT id, text FROM articles WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),))
    return [number for number, text in rows if all(pattern.search(text) for pattern in patterns)]


def count_matches(tree: Tree, columns: Sequence[str | None]) -> list[int]:
    """How often a title, dek and byline match what is looked for."""
    looked_for = [(leaf, _pattern(leaf)) for leaf in leaves(wanted(tree))]
    return [
        sum(len(pattern.findall(_folded(text))) for leaf, pattern in looked_for if leaf.column in (None, column)) if text else 0
        for column, text in zip(("title", "dek", "byline"), columns, strict=True)
    ]


def _folded(text: str) -> str:
    """The text as the index compares it, of the same length."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)


@lru_cache(maxsize=1000)
def _pattern(leaf: Leaf) -> re.Pattern[str]:
    """The words of a leaf, anything that is no word between them."""
    folded = unicodedata.normalize("NFC", leaf.text).translate(_FOLDING)
    words = re.findall(rf"[{RANGES}]+|[^\W_{RANGES}]+", folded)
    between = r"[\W_]*" if holds_unspaced(folded) else r"[\W_]+"
    middle = between.join(map(re.escape, words))
    if not words:
        return re.compile(r"(?!)")
    first, last = ("" if holds_unspaced(word) else r"(?![^\W_])" for word in (words[0], words[-1]))
    return re.compile(("" if not first else r"(?<![^\W_])") + middle + ("" if leaf.prefix else last))


def _matches(patterns: Sequence[re.Pattern[str]], folded: str) -> list[tuple[int, int, int]]:
    """Start, end and number of the pattern, in order, none within another."""
    found = [(match.start(), match.end(), number) for number, p in enumerate(patterns) for match in p.finditer(folded)]
    kept: list[tuple[int, int, int]] = []
    for match in sorted(found, key=lambda match: (match[0], -match[1])):
        if not kept or match[0] >= kept[-1][1]:
            kept.append(match)
    return kept


def _passage(text: str, matches: Sequence[tuple[int, int, int]]) -> str:
    """At most WORDS words around the matches that hold most of the patterns."""
    words = [(word.start(), word.end()) for word in WORD.finditer(text)]
    if not words:
        return ""
    start = _best_start(words, matches)
    first, last = start, min(start + WORDS, len(words)) - 1
    begin, end = (0 if first == 0 else words[first][0]), (len(text) if last == len(words) - 1 else words[last][1])
    parts, at = ["" if begin == 0 else MORE], begin
    for opened, closed, _ in matches:
        if at <= opened and closed <= end:
            parts += [text[at:opened], OPEN, text[opened:closed], CLOSE]
            at = closed
    return "".join([*parts, text[at:end], "" if end == len(text) else MORE])


def _best_start(words: Sequence[tuple[int, int]], matches: Sequence[tuple[int, int, int]]) -> int:
    """Number of the word that the passage begins with."""
    places = _places(words, matches)
    best, chosen = (0, 0), 0
    for index, place in enumerate(places):
        inside = [matches[i][2] for i in range(index, len(places)) if places[i] < place + WORDS - BEFORE]
        worth = (len(set(inside)), len(inside))
        if worth > best:
            best, chosen = worth, place
    return max(0, min(chosen - BEFORE, len(words) - WORDS))


def _places(words: Sequence[tuple[int, int]], matches: Sequence[tuple[int, int, int]]) -> list[int]:
    """Number of the word that each match begins in."""
    places, number = [], 0
    for start, _, _ in matches:
        while number + 1 < len(words) and words[number + 1][0] <= start:
            number += 1
        places.append(number)
    return places
