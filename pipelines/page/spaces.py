"""White space as a reader sees it."""

from __future__ import annotations

import re

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff\x00]")


def collapse(text: str) -> str:
    """Collapse white space, no-break spaces too, to single spaces; take out characters without width."""
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    return " ".join(text.split())
