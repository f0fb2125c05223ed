"""Pure: a number for each run of words of a text, all runs of it at once.

Signatures need no run itself, only some order of all possible ones. Made one by one, as strings, the runs took three quarters of
the time of a signature; here a text is an array of characters, and each step is done for all of it.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from random import Random
from typing import TYPE_CHECKING

from archive.words import UNSPACED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

BETWEEN, OF_WORD, ALONE, UNSEEN = range(4)
"""What a character is: between words; of a word; a word by itself; as if it were not there."""
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Soft hyphens, joiners and the like, which one site puts into a text and another leaves out."""
CHARACTERS = 0x33480
"""Code points that are told apart; beyond it Unicode 16 has no letter and no digit."""
FACTOR = 0x9E3779B97F4A7C15
"""Odd, its bits evenly set: the golden ratio of 2**64, as in SplitMix64 (Steele, Lea and Flood 2014)."""
MIXER = 0xBF58476D1CE4E5B9
"""The first factor of SplitMix64's own mixing."""
LONGEST_WORD = 256
"""Characters of a word that each count by their place; those behind it count alike."""


def hash_runs(text: str, *, shortest: int, longest: int, run: int, unspaced_run: int) -> Numbers | None:
    """The numbers of a text's overlapping runs, each distinct one once, ascending; None if it has too few words.

    Letter case, signs and what cannot be seen make no difference. Equal runs have equal numbers in every process.

    Args:
        text: the text; in what normal form it is makes no difference.
        shortest: words that it must have.
        longest: words of it that are looked at.
        run: words of a run.
        unspaced_run: the same, where most words are characters of a script without spaces.
    """
    import numpy as np

    codes, kinds = _characters(text)
    within = kinds == OF_WORD
    begins = within.copy()
    begins[1:] &= ~within[:-1]
    starts = np.flatnonzero(begins | (kinds == ALONE))
    if len(starts) < shortest:
        return None
    ends = starts[longest] if len(starts) > longest else len(codes)
    starts = starts[:longest]
    length = unspaced_run if np.count_nonzero(kinds[starts] == ALONE) > len(starts) / 2 else run
    codes[kinds == BETWEEN] = 0
    return _distinct(_hash_runs(_hash_words(codes[starts[0] : ends], starts - starts[0]), length))


def least_in_orders(hashes: Numbers, orders: int, bits: int, seed: int) -> list[int]:
    """For each of several orders of all numbers, how far up the first of these stands, in so many bits."""
    import numpy as np

    factors, shifts = _orders(orders, seed)
    least: list[int] = ((factors * hashes + shifts).min(axis=1) >> np.uint64(64 - bits)).tolist()
    return least


def _characters(text: str) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """The characters of a text, lower case, with the kind of each; those that cannot be seen are left out."""
    import numpy as np

    if not text.isascii():
        # Few texts have anything else that normalising changes, and it is quick to say that it changes nothing.
        text = unicodedata.normalize("NFKC", text.replace("…", " ").replace("\xa0", " "))
    codes = np.frombuffer(bytearray(text.casefold().encode("utf-32-le", "surrogatepass")), "<u4")
    kinds = _kinds().take(codes, mode="clip")
    seen = kinds != UNSEEN
    return (codes, kinds) if seen.all() else (codes[seen], kinds[seen])


def _hash_words(codes: NDArray[np.uint32], starts: NDArray[np.int64]) -> Numbers:
    """A number for each word, of its characters and their places in it; the characters between words are 0."""
    import numpy as np

    places = np.arange(len(codes)) - np.repeat(starts, np.diff(starts, append=len(codes)))
    return _mixed(np.add.reduceat(_powers().take(places, mode="clip") * codes, starts))


def _hash_runs(words: Numbers, length: int) -> Numbers:
    import numpy as np

    count = len(words) - length + 1
    hashes = np.zeros(count, np.uint64)
    for start in range(length):
        hashes = hashes * np.uint64(FACTOR) + words[start : start + count]
    return _mixed(hashes)


def _distinct(hashes: Numbers) -> Numbers:
    """Each number once, ascending; `numpy.unique` takes ten times as long for so few."""
    import numpy as np

    hashes.sort()
    fresh = np.ones(len(hashes), np.bool_)
    fresh[1:] = hashes[1:] != hashes[:-1]
    return hashes[fresh]


def _mixed(hashes: Numbers) -> Numbers:
    """The same numbers, each bit depending on many; a step of SplitMix64."""
    import numpy as np

    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(MIXER)
    return hashes ^ (hashes >> np.uint64(27))


@cache
def _kinds() -> NDArray[np.uint8]:
    """The kind of each character; takes some 20 ms."""
    import numpy as np

    kinds = np.array([OF_WORD if chr(code).isalnum() else BETWEEN for code in range(CHARACTERS + 1)], np.uint8)
    for first, last in zip(UNSPACED[::3], UNSPACED[2::3], strict=True):
        kinds[ord(first) : ord(last) + 1] = ALONE
    kinds[[ord(char) for char in INVISIBLE]] = UNSEEN
    return kinds


@cache
def _powers() -> Numbers:
    import numpy as np

    return np.array([pow(FACTOR, place, 2**64) for place in range(LONGEST_WORD)], np.uint64)


@cache
def _orders(count: int, seed: int) -> tuple[Numbers, Numbers]:
    """What makes an order of all numbers: an odd factor and a shift, one in a row."""
    import numpy as np

    random = Random(seed)  # noqa: S311 - always the same on purpose
    factors = [[random.getrandbits(64) | 1] for _ in range(count)]
    shifts = [[random.getrandbits(64)] for _ in range(count)]
    return np.array(factors, np.uint64), np.array(shifts, np.uint64)
