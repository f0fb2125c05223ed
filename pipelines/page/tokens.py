"""Words of class and id attributes, and which of them say what an element holds."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+|\d+")

MARK_WORDS = frozenset(
    """
    author authors byline bylines by writer writers reporter journalist contributor contributors creator vcard fn autor autoren auteur
    date dates datetime time timestamp published publish publication pubdate posted updated update modified dateline datum fecha
    dek deck subtitle subheadline subheading standfirst summary lead lede intro teaser excerpt abstract chapo sapo kicker
    tag tags category categories topic topics keyword keywords section breadcrumb breadcrumbs
    reading readtime read credit credits copyright license licence
    paywall premium subscriber subscribers meta
    """.split()
)
"""Words in a class or id that make an element worth a `Mark`."""

_REMEMBERED = 1 << 14
"""Distinct attribute values whose words are kept; a page has about 150, and pages of one site share them."""


@lru_cache(maxsize=_REMEMBERED)
def split_words(names: str) -> tuple[str, ...]:
    """Split class or id names into lower-case words without repeats: `author-bioBox` gives `author`, `bio`, `box`."""
    return tuple(dict.fromkeys(word.lower() for word in _WORD.findall(names)))


@lru_cache(maxsize=_REMEMBERED)
def names_a_role(names: str) -> bool:
    """Tell whether a word of class or id names is one of `MARK_WORDS`."""
    return not MARK_WORDS.isdisjoint(split_words(names))
