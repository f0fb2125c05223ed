"""Claim: one thing that one vocabulary says of the page. All readers of this package yield claims."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from typing import Any, NamedTuple

from pipelines.evidence import Candidate
from pipelines.page.recoding import recode_twice_encoded
from pipelines.page.spaces import collapse

_REMEMBERED = 128
"""Texts kept as cleaned: a page has about 50, and says each of them two or three times."""
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
_SPLIT = re.compile(r"\s*[,;|、，]\s*")


class Claim(NamedTuple):
    """A candidate with the field of `Declared` that it is for."""

    field: str
    candidate: Candidate[Any]


@lru_cache(maxsize=_REMEMBERED)
def clean(text: str) -> str:
    """Decode entities and UTF-8, also what was encoded twice; take out inline tags; collapse white space."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if not text.isascii():
        text = recode_twice_encoded(text)
    if "<" in text:
        text = _TAG.sub("", text)
    return collapse(text)


def claim(field: str, source: str, place: str, raw: str, confidence: float, value: Any = None) -> Claim:
    """Make a claim; its value is the cleaned string where none is given."""
    return Claim(field, Candidate(clean(raw) if value is None else value, source, place, raw, confidence))


def split_terms(text: str) -> tuple[str, ...]:
    """Split a list of keywords written as one string; repeats dropped, order kept."""
    return tuple(dict.fromkeys(term for term in _SPLIT.split(clean(text)) if term))
