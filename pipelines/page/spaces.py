"""White space as a reader sees it."""

from __future__ import annotations

import re

SEAM = "\x00"
"""Stands in text where one inline element ends and the next begins; libxml2 lets no such character through."""
LINE_END = "\x00\v"
"""A line break that is kept: white space that text as good as never begins with, behind a seam."""

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff\x00]")


_AT_EDGES = " \t\n\r\f\v\xa0\u200c\u200d"
"""Joiners join something only between characters; page builders write them as empty paragraphs."""


def collapse(text: str) -> str:
    """Collapse white space, no-break spaces too, to single spaces; take out characters without width."""
    if "  " not in text and text.isprintable():  # of white space and of what is invisible, only the space is printable
        return text.strip()
    collapsed = " ".join(text.split())
    if text.isascii() or collapsed.isprintable():
        return collapsed
    return " ".join(_INVISIBLE.sub("", text).strip(_AT_EDGES).split())
