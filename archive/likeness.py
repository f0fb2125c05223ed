"""Pure: is one text a copy of another? Its signature, which likely copies share values of, and the comparison that decides.

A text is seen as its overlapping runs of words; of scripts without spaces, of characters. The signature holds for each of several
orders of all possible runs the one of the text that comes first (MinHash, Broder 1997): two texts have a value in common as often
as runs. The comparison goes by the runs themselves. A copy may be cut, have a lead of its own or edited sentences. A text from
the same mould is none: there other numbers and names stand between the words that are shared.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from archive.run_hashes import INVISIBLE, hash_runs, least_in_orders
from archive.words import UNSPACED

VERSION = 2
"""Of what makes a signature: signatures of another version are made anew before they are compared."""

VALUES = 16
"""Values of a signature. A text that is cut to a third is then missed once in 700 times, one that is cut to a sixth once in 18;
each value is a row of the index. `python -m bench copies` measures it."""
SEED = 20260822
"""Any number, always the same."""
VALUE_BITS = 32
"""Bits of a value; the number of its order stands above them."""

RUN = 5
"""Words of a run. Texts on one subject share many pairs and some threes; of fives hardly any."""
UNSPACED_RUN = 8
"""Characters of a run, in a text that is mostly of a script without spaces; about as rare as five words."""

SHORTEST = 40
"""Words (or characters of a script without spaces) of a text that can be a copy. Shorter ones are notices and captions."""
LONGEST = 20_000
"""Words that are looked at. Longer texts are books; it bounds the time of a comparison to some 20 ms."""

LONGEST_TEXT = 20 * LONGEST
"""Characters that are looked at; no language has longer words in the mean."""

COPIED = 0.5
"""Share of the shorter text's runs that the longer one must have. An edit in every tenth word leaves half of them."""
COPIED_ON_SITE = 0.75
"""The same where both are of one site, which repeats itself: background, notes on corrections, lists that move on."""
COPIED_THROUGHOUT = 0.3
"""The same where each part of the shorter text has that much: it is edited, and not quoted in one place."""
PARTS = 4
"""Parts of a text, for that."""
PART = 0.2
"""Runs of the shorter text as a share of the longer's, at least: a text of which it is less is a round-up of several."""
MOULDS = 3
"""Gaps between shared words with a number or name that the other text has not: from so many on, a mould is supposed."""
MOULD_SHARE = 0.34
"""Share of the gaps that must be such ones, in a mould. In edited copies it is under a tenth."""
LONGEST_GAP = 25
"""Words of a gap that one fills in; longer ones are passages of one's own."""

UNSURE = 120
"""Words of a text that may be a notice (page not found, subscribers only): so short, or on one site, the headline must fit."""
FITTING = 0.5
"""Share of a headline's words that the other headline, or the text, must have to fit."""

TOKEN = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")
TOKEN_OF_ASCII = re.compile("[A-Za-z0-9]+")
"""The same for a text that is all ASCII, in half the time."""
UNSPACED_TOKEN = re.compile(f"[{UNSPACED}]")
UNSEEN = re.compile(f"[{INVISIBLE}]")
DIGIT = re.compile(r"\d")
SENTENCE_STARTS = re.compile(rf"(?:^|[.!?:…\n][\s\"'”’»«“‘(]{{0,8}})([^\W_{UNSPACED}]+)")
WORD_OF_NOTE = 4
"""Letters of a word of a headline that says something."""


@dataclass(frozen=True)
class Body:
    """A text as copies are told by it."""

    text: str
    """The text, in NFKC and without what cannot be seen; empty if it is too short to be anybody's copy."""

    @cached_property
    def printed(self) -> list[str]:
        """Its words in order, or characters of a script without spaces."""
        return (TOKEN_OF_ASCII if self.text.isascii() else TOKEN).findall(self.text)[:LONGEST]

    @cached_property
    def tokens(self) -> list[str]:
        """The same, case folded."""
        return list(map(str.casefold, self.printed))

    @cached_property
    def facts(self) -> frozenset[str]:
        """Those of the tokens that are numbers, or names going by their capital within a sentence."""
        starts = set(SENTENCE_STARTS.findall(self.text))
        words = set(self.printed)
        names = {word for word in words - starts if word[0].isupper()}
        return frozenset(word.casefold() for word in names.union(filter(DIGIT.search, words)))

    @cached_property
    def run_length(self) -> int:
        """How many tokens make a run."""
        unspaced = 0 if self.text.isascii() else sum(1 for token in self.printed if UNSPACED_TOKEN.fullmatch(token))
        return UNSPACED_RUN if unspaced > len(self.tokens) / 2 else RUN

    @cached_property
    def runs(self) -> list[str]:
        """Its overlapping runs, in order."""
        return list(map(" ".join, zip(*(self.tokens[start:] for start in range(self.run_length)), strict=False)))

    @cached_property
    def distinct(self) -> frozenset[str]:
        """Its runs, each once."""
        return frozenset(self.runs)


def read_body(text: str) -> Body:
    """Take a text apart."""
    text = text[:LONGEST_TEXT]
    if not text.isascii():
        text = unicodedata.normalize("NFKC", UNSEEN.sub("", text))
    body = Body(text)
    return body if len(body.printed) >= SHORTEST else Body("")


def signature_of(text: str) -> bytes:
    """The signature of a text; empty for one that is too short to be anybody's copy.

    Returns:
        The number of distinct runs and the values, each four bytes, big-endian.

    """
    hashes = hash_runs(text[:LONGEST_TEXT], shortest=SHORTEST, longest=LONGEST, run=RUN, unspaced_run=UNSPACED_RUN)
    if hashes is None:
        return b""
    return struct.pack(f">{VALUES + 1}I", len(hashes), *least_in_orders(hashes, VALUES, VALUE_BITS, SEED))


def values_of(signature: bytes) -> tuple[int, ...]:
    """The values of a signature as the index has them; none of an empty one."""
    return tuple(place << VALUE_BITS | value for place, value in enumerate(_numbers(signature)[1:]))


def size_of(signature: bytes) -> int:
    """Distinct runs of the text that was signed."""
    return (_numbers(signature) or (0,))[0]


def may_be_copies(shared: int, first: bytes, second: bytes) -> bool:
    """Whether it is worth while to compare two texts.

    A single shared value does not tell of copies that are about as long: they would have a third of their runs in common, and
    with it at least two values, 98 times in 100.
    """
    shorter, longer = sorted((size_of(first), size_of(second)))
    return shorter >= PART * longer and (shared > 1 or shorter < longer / 2)


def copied_share(first: Body, second: Body, *, one_site: bool = False) -> float | None:
    """What share of the shorter text's runs the longer one has, 0 to 1; None where neither is a copy of the other.

    It does not matter which is which.

    Args:
        first: a text.
        second: another.
        one_site: whether both stand on the same site.

    """
    shorter, longer = sorted((first, second), key=lambda body: (len(body.distinct), body.text))
    if not shorter.distinct or len(shorter.distinct) < PART * len(longer.distinct):
        return None
    share = len(shorter.distinct & longer.distinct) / len(shorter.distinct)
    enough = share >= COPIED_ON_SITE if one_site else share >= COPIED or _is_copied_throughout(shorter, longer)
    return share if enough and not _are_of_one_mould(shorter, longer) else None


def titles_fit(first: str | None, second: str | None, bodies: tuple[Body, Body]) -> bool:
    """Whether the headlines are alike, or one is about what the other's text says; so it is with no headline.

    A page that has nothing but a notice for its text has a headline that does not fit it, or the like of many.
    """
    words, others = _words(first), _words(second)
    if not words or not others:
        return True
    if len(words & others) >= FITTING * min(len(words), len(others)):
        return True
    return any(
        len(title & set(body.tokens)) >= FITTING * len(title)
        for title, body in zip((words, others), reversed(bodies), strict=True)
    )


def is_unsure(first: Body, second: Body) -> bool:
    """Whether one of two texts is so short that both may be a notice."""
    return min(len(first.tokens), len(second.tokens)) < UNSURE


def _is_copied_throughout(shorter: Body, longer: Body) -> bool:
    """Whether every part of a text is much like the other."""
    shared = [run in longer.distinct for run in shorter.runs]
    size = -(-len(shared) // PARTS)
    parts = [shared[start : start + size] for start in range(0, len(shared), size)]
    return all(sum(part) >= COPIED_THROUGHOUT * len(part) for part in parts)


def _are_of_one_mould(shorter: Body, longer: Body) -> bool:
    """Whether numbers and names of its own stand between what a text shares with another."""
    gaps = list(_gaps(shorter, longer))
    filled = sum(any(token in shorter.facts and token not in longer.facts for token in gap) for gap in gaps)
    return filled >= MOULDS and filled >= MOULD_SHARE * len(gaps)


def _gaps(body: Body, other: Body) -> Iterator[list[str]]:
    """The tokens between shared runs, where they are few."""
    length = body.run_length
    covered = bytearray(len(body.tokens))
    for place, run in enumerate(body.runs):
        if run in other.distinct:
            covered[place : place + length] = b"\x01" * length
    place = 0
    for shared, group in groupby(covered):
        size = len(list(group))
        if not shared and size <= LONGEST_GAP:
            yield body.tokens[place : place + size]
        place += size


def _words(title: str | None) -> set[str]:
    """The words of a headline that say something, or all if none does; characters of a script without spaces, each."""
    found = TOKEN.findall(unicodedata.normalize("NFKC", UNSEEN.sub("", title or "")).casefold())
    return {token for token in found if len(token) >= WORD_OF_NOTE or UNSPACED_TOKEN.match(token)} or set(found)


def _numbers(signature: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(signature) // 4}I", signature)
