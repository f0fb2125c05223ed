"""How a block looks, whatever stands around it."""

from __future__ import annotations

import re

from pipelines.page.page import Block

BOLD_SHARE = 0.9
"""Share of a paragraph's characters that are bold in one that stands for a heading."""
SENTENCE_CHARS = 85
"""Shortest text that is prose, though set as a heading, where it ends like a sentence: standfirsts and pull quotes. Of 12 such
headings on 51 news and 391 other pages none heads a section; headings of 50 to 80 characters do end with a full stop."""

_SIGNS = re.compile(r"[\W_]+")
_STOP = re.compile(r"[.!。！][\"'”’»)\]]*$")


def is_bold(block: Block) -> bool:
    """Tell whether a block is bold from end to end."""
    return block.bold_chars > BOLD_SHARE * len(block.text)


def is_sentence(text: str) -> bool:
    """Tell whether a text set as a heading is none but a sentence of prose. Questions are headings at any length."""
    return len(text) >= SENTENCE_CHARS and _STOP.search(text) is not None


def words_alone(text: str) -> str:
    """Return the words of a text for comparing: without case and signs."""
    return _SIGNS.sub(" ", text).casefold().strip()
