"""Which pages of a site have most in common with the others. Pure: bytes in, places out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

PIECE_BYTES = 48
"""Shortest piece that pages are compared by. A piece ends where a tag begins or a line ends."""

LEAST_GAIN = 0.02
"""A page is no candidate where it has less than this share of its bytes in common with others that no earlier candidate had."""

NEARLY_ALL = 0.9
"""Share of pages that are of usual length."""
LARGEST_TYPICAL = 3
"""Times the length that nearly all pages keep to: a longer one, for instance a whole manual as one page, has something of
everything, and costs more than it saves."""

BOUNDARY = re.compile(rb"[<\n]")


def most_typical(pages: Sequence[bytes], most: int, most_bytes: int) -> list[int]:
    """Return the places of pages that together have most of what is shared, the most typical first.

    Each is the one with most bytes, times the number of other pages that have them too, of those that no page before it had.
    (Greedy cover of weighted sets.)

    Args:
        pages: of one site.
        most: places at most.
        most_bytes: bytes of these pages together at most.

    """
    pieces = [frozenset(_pieces(page)) for page in pages]
    having = Counter(piece for some in pieces for piece in some)
    lengths = sorted(map(len, pages))
    longest = min(most_bytes, LARGEST_TYPICAL * lengths[int(NEARLY_ALL * (len(pages) - 1))]) if pages else 0
    left = {place for place, page in enumerate(pages) if len(page) <= longest}
    covered: set[bytes] = set()
    chosen: list[int] = []
    room = most_bytes
    while left and len(chosen) < most:
        gains = {place: _gain(pieces[place] - covered, having) for place in left}
        best = max(left, key=lambda place: (gains[place], place))
        if gains[best] <= LEAST_GAIN * len(pages[best]):
            break
        chosen.append(best)
        covered |= pieces[best]
        room -= len(pages[best])
        left = {place for place in left - {best} if len(pages[place]) <= room}
    return chosen


def _gain(pieces: frozenset[bytes], having: Counter[bytes]) -> int:
    return sum(len(piece) * (having[piece] - 1) for piece in pieces)


def _pieces(page: bytes) -> list[bytes]:
    pieces: list[bytes] = []
    start = 0
    for boundary in BOUNDARY.finditer(page, PIECE_BYTES):
        if boundary.start() - start >= PIECE_BYTES:
            pieces.append(page[start : boundary.start()])
            start = boundary.start()
    pieces.append(page[start:])
    return pieces
