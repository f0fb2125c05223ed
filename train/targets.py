"""Which blocks of a page belong to its body, from the truth of the page: what the classifier learns.

The truth is text, the page is blocks; both are aligned as sequences of words, in order, so that a phrase which stands in the
article and once more in a teaser counts only where the article has it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from pipelines.page.page import Block

SHINGLE = 3
"""Words that are compared together; fewer meet everywhere by chance."""

_DENSE = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_DENSE}]|(?:(?![{_DENSE}])\w)+")


class Target(NamedTuple):
    """What is known of one block."""

    inside: float
    """1 in the body, 0 not."""
    weight: float
    """0 where nothing is known."""


def words_of(text: str) -> list[str]:
    """The words of a text as the alignment compares them; every Chinese or Japanese character is one."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def align(blocks: Sequence[Block], body: str) -> list[float]:
    """Share 0 to 1 of each block's words that stand in the body, in its order."""
    texts = [words_of(block.text) for block in blocks]
    truth = words_of(body)
    page = [word for words in texts for word in words]
    owner = [index for index, words in enumerate(texts) for _ in words]
    hits = matched(page, truth)
    found = [0] * len(texts)
    for place in hits:
        found[owner[place]] += 1
    shares = [count / len(words) if words else 0.0 for count, words in zip(found, texts, strict=True)]
    _place_short(texts, truth, hits, owner, shares)
    return shares


def matched(page: list[str], truth: list[str]) -> dict[int, int]:
    """Places of page words -> places of the truth's words that they are."""
    left = [tuple(page[i : i + SHINGLE]) for i in range(len(page) - SHINGLE + 1)]
    right = [tuple(truth[i : i + SHINGLE]) for i in range(len(truth) - SHINGLE + 1)]
    places: dict[int, int] = {}
    for match in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        if match.size:
            places.update((match.a + k, match.b + k) for k in range(match.size + SHINGLE - 1))
    return places


def _place_short(texts: list[list[str]], truth: list[str], hits: dict[int, int], owner: list[int], shares: list[float]) -> None:
    """Find blocks too short to be compared by shingles in the gap of the truth that they must stand in."""
    ends: dict[int, int] = {}
    starts: dict[int, int] = {}
    for place, at in hits.items():
        ends[owner[place]] = max(ends.get(owner[place], -1), at)
        starts.setdefault(owner[place], at)
    used = set(hits.values())
    last = -1
    for index, words in enumerate(texts):
        if words and len(words) < SHINGLE and shares[index] < 1:
            upper = next(
                (starts[k] for k in range(index + 1, min(index + 40, len(texts))) if k in starts and starts[k] > last), len(truth)
            )
            begin = next(
                (i for i in range(last + 1, upper - len(words) + 1) if truth[i : i + len(words)] == words and i not in used), None
            )
            if begin is not None:
                shares[index] = 1.0
                last = begin + len(words) - 1
                used.update(range(begin, begin + len(words)))
        last = max(last, ends.get(index, -1))
