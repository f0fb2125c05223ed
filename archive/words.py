"""Pure: a text word by word, and what of it changed.

A word is a run of letters and digits; in scripts that are written without spaces, each character is one.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import NamedTuple

from archive.alignment import align

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""Thai, Lao, Burmese, Khmer, kana and Han characters, for a class in a pattern."""
TOKEN = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+(?:[’'][^\W{UNSPACED}]+)*|\s+|[^\w\s]|_+")


class Op(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class Piece(NamedTuple):
    """A run of characters, and what became of it."""

    op: Op
    text: str


def tokens(text: str) -> list[str]:
    """Words, spaces and signs in order; together they are the text."""
    return TOKEN.findall(text)


def compare_words(old: str, new: str) -> tuple[Piece, ...]:
    """What was removed, added and kept, in order.

    Without what was added it is the old text, without what was removed the new one. What is removed stands before what takes
    its place.
    """
    before, after = tokens(old), tokens(new)
    pairs = _without_islands(align(before, after), before)
    pieces: list[Piece] = []
    i = j = 0
    for a, b in [*pairs, (len(before), len(after))]:
        pieces += [Piece(Op.REMOVED, "".join(before[i:a])), Piece(Op.ADDED, "".join(after[j:b]))]
        pieces.append(Piece(Op.SAME, "".join(before[a : a + 1])))
        i, j = a + 1, b + 1
    return _joined(pieces)


def _without_islands(pairs: list[tuple[int, int]], before: list[str]) -> list[tuple[int, int]]:
    """Leave out spaces that stand alone between changes: `removed added space removed added` is hard to read."""
    kept = set(pairs)
    return [
        (a, b)
        for a, b in pairs
        if not before[a].isspace() or (a - 1, b - 1) in kept or (a + 1, b + 1) in kept or (a, b) == (0, 0)
    ]


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    """The same with neighbours of one kind made one, and empty pieces left out."""
    joined: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if joined and joined[-1].op is piece.op:
            joined[-1] = Piece(piece.op, joined[-1].text + piece.text)
        else:
            joined.append(piece)
    return tuple(joined)
