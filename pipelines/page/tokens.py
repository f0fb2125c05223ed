"""Words of class and id attributes, and which of them say what an element holds."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+|\d+")

_MARK_WORDS = """
    author authors byline bylines by writer writers reporter journalist contributor contributors creator vcard fn
    autor autoren auteur date dates datetime time timestamp published publish publication pubdate posted updated update
    modified dateline datum fecha dek deck subtitle subheadline subheading standfirst summary lead lede intro teaser excerpt
    abstract chapo sapo kicker tag tags category categories topic topics keyword keywords section breadcrumb breadcrumbs
    reading readtime read credit credits copyright license licence paywall premium subscriber subscribers meta
"""
MARK_WORDS = frozenset(_MARK_WORDS.split())
"""Words in a class or id that make an element worth a `Mark`."""

_REMEMBERED = 1 << 14
"""Distinct attribute values whose words are kept; a page has about 150, and pages of one site share them."""


class Names(NamedTuple):
    """What class or id names say."""

    words: tuple[str, ...]
    """Lower case, without repeats: `author-bioBox` gives `author`, `bio`, `box`."""
    marked: bool
    """Whether one of them is among `MARK_WORDS`."""


@lru_cache(maxsize=_REMEMBERED)
def read_names(names: str) -> Names:
    """Split class or id names into words at spaces, signs and changes of case."""
    found = _WORD.findall(names)
    words = tuple(dict.fromkeys(found if names.islower() else map(str.lower, found)))
    return Names(words, not MARK_WORDS.isdisjoint(words))
