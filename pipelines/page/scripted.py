"""The text of pages that bring it by script: HTML inside the string literals of their scripts.

A browser would run the script; whoever only reads finds the same markup as data that the script is handed.
"""

from __future__ import annotations

import json
import re

__all__ = ["text_in_scripts"]

FEWEST_CHARS = 400
"""Shorter markup is a button or a notice."""
FEWEST_PARAGRAPHS = 2

_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script", re.I | re.S)
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"', re.S)
_PARAGRAPH = re.compile(r"<p\b", re.I)


def text_in_scripts(html: str) -> str:
    """Return the longest piece of HTML with paragraphs that a script of the page holds as a string; empty where none does.

    Literals are those of JSON, which is how servers hand data to scripts; one level of JSON inside a literal is unpacked.
    """
    found = ""
    for script in _SCRIPT.finditer(html):
        for literal in _LITERAL.finditer(script[1]):
            if len(literal[1]) < max(FEWEST_CHARS, len(found)):
                continue
            for text in _unpacked(literal[0]):
                if len(text) > len(found) and len(_PARAGRAPH.findall(text)) >= FEWEST_PARAGRAPHS:
                    found = text
    return found


def _unpacked(literal: str) -> list[str]:
    """What a literal says, or, where it is a document of JSON itself, the literals in it."""
    text = _decoded(literal)
    if text is None:
        return []
    inner = [_decoded(match[0]) for match in _LITERAL.finditer(text) if len(match[1]) >= FEWEST_CHARS]
    markup = [value for value in inner if value and _PARAGRAPH.search(value)]
    return markup or [text]


def _decoded(literal: str) -> str | None:
    try:
        value = json.loads(literal, strict=False)
    except ValueError:
        return None
    return value.replace("\0", "") if isinstance(value, str) else None
