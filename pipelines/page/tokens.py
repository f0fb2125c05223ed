"""Words of class and id attributes, and which of them say what an element holds."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\d_]+")
_LETTERS = bytes(code if chr(code).isalpha() and code < 128 else ord(" ") for code in range(256))
"""Maps ASCII letters to themselves and all else to a space."""

_MARK_WORDS = """
    author authors byline bylines by writer writers reporter journalist contributor contributors creator vcard fn
    autor autoren auteur date dates datetime time timestamp published publish publication pubdate posted updated update
    modified dateline datum fecha dek deck subtitle subheadline subheading standfirst summary lead lede intro teaser excerpt
    abstract chapo sapo kicker tag tags category categories topic topics keyword keywords section breadcrumb breadcrumbs
    reading readtime read credit credits copyright license licence paywall premium subscriber subscribers meta
"""
MARK_WORDS = frozenset(_MARK_WORDS.split())
"""Words in a class or id that make an element worth a `Mark`."""

NAMES_CHARS = 500
"""Longer class and id attributes are cut."""
_REMEMBERED = 1 << 11
"""Distinct attribute values whose words are kept; a page has about 225, and pages of one site share them.

With 1 << 14 a page of another site took .15 ms longer (mean of 404 pages): what is looked up and let go is in no cache of the
processor.
"""


@lru_cache(maxsize=_REMEMBERED)
def read_names(names: str) -> tuple[tuple[str, ...], bool]:
    """Split class or id names into words at spaces, signs, digits and changes of case.

    Returns:
        The words, lower case and without repeats (`author-bioBox` gives `author`, `bio`, `box`), and whether one of them is among
        `MARK_WORDS`.
    """
    if len(names) > NAMES_CHARS:
        names = names[:NAMES_CHARS]
    if names.isascii() and names.islower():  # nine in ten, and half as long as by expression
        words = dict.fromkeys(names.encode().translate(_LETTERS).decode().split())
    else:
        words = dict.fromkeys(map(str.lower, _WORD.findall(names)))
    return tuple(words), not MARK_WORDS.isdisjoint(words)
