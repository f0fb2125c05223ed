"""The lines of a text: what each is by its first sign, without what is no text but a drawing of a form or a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipelines.page.page import Kind
from pipelines.page.spaces import collapse

NESTED = 10
"""Columns from which a letter may be the bullet of a nested list; further left it is a word."""

_BULLETS = "-•◦▪‣●○■□☆★·*+–"
_LETTER_BULLETS = "o#@=~"
_RULES = "-_*=~•·#"
_DRAWN_RULES = "⁂☙❦─━"
_RULE = re.compile(rf"([{_RULES}])[ \t]*(?:\1[ \t]*){{2,}}$|[{_DRAWN_RULES}]+$")
_FIELD_LINE = re.compile(r"_{3,29}$")
_BULLET = re.compile(rf"(?:[{_BULLETS}{_LETTER_BULLETS}]|(\d{{1,3}}[.)]))[ \t]+(?=\S)")
_FIELD = r"\[[^\[\]\n]{0,300}(?:_{3}|[ ]{3})\]|\[[ X*]?\](?=\s|$)|\([ *_]\)(?=\s|$)|_{5,}"
_IMAGE = r"image|inline|embed|javascript|[\w%.+-]{1,200}\.(?:jpe?g|png|gif|webp|svg|avif|ashx|php)"
_CONTROL = re.compile(rf"{_FIELD}|(?:\[\d{{1,5}}\])?(?:\[(?:{_IMAGE})\]|\[(?=[\w%.+-]*\d)[\w%.+-]{{8,}}\](?=\s|$))", re.I)
"""What text browsers print for fields of forms and for images without a description."""
_PLACEHOLDER = re.compile(r"(?:\[\d{1,5}\])?\[(?=[^\]]*[\d_-])[\w%+.-]+\]$|IFRAME: (?:\[\d{1,5}\])?\S+$")
"""A line that stands for an image, by its file's name, or for a frame."""
_HEAD_LINKS = "#[1]"
"""Lynx begins with the `link` elements of the head."""
_SIGNS = frozenset(f"{_BULLETS}{_LETTER_BULLETS}{_RULES}{_DRAWN_RULES}0123456789")


class Line(NamedTuple):
    """One line that has text on it, or a rule."""

    kind: Kind
    """PARAGRAPH, LIST_ITEM, QUOTE or BREAK."""
    raw: str
    """As it stands, tabs expanded, without what is no text."""
    text: str
    """Without bullet or quotation mark, white space collapsed."""
    indent: int
    """Columns before the text or its bullet."""
    inner: int
    """Columns before the text."""
    ordered: bool = False
    """Whether the bullet is a number."""

    @property
    def is_underline(self) -> bool:
        """Whether it may underline the line above."""
        return self.kind is Kind.BREAK and self.raw[-1] in "=-" and " " not in self.raw.strip()


def read_groups(raw_lines: Sequence[str]) -> Iterator[list[Line]]:
    """Yield the runs of lines without a blank one between them; lines that hold no text are left out."""
    group: list[Line] = []
    first = True
    for raw in raw_lines:
        if raw and (line := _read(raw)) is not None:
            group.append(line)
        elif group and not raw.strip():
            if not (first and group[0].text.startswith(_HEAD_LINKS)):
                yield group
            group, first = [], False
    if group:
        yield group


def _read(raw: str) -> Line | None:
    """Read one line; None where it holds no text."""
    line = (raw.expandtabs(4) if "\t" in raw else raw).rstrip()
    text = line.lstrip()
    indent = len(line) - len(text)
    first = text[:1]
    if first in _SIGNS and first:
        if _RULE.match(text):
            return None if _FIELD_LINE.match(text) else Line(Kind.BREAK, line, "", indent, indent)
        if text in _BULLETS:
            return None
    elif text.startswith(("[", "IFRAME")) and _PLACEHOLDER.match(text):
        return None
    if "[" in text or "(" in text or "_____" in text:
        text = _CONTROL.sub("", text).rstrip()
        line = " " * indent + text
    if first in _SIGNS and (bullet := _BULLET.match(text)) and (indent >= NESTED or first not in _LETTER_BULLETS):
        words = collapse(text[bullet.end() :])
        return Line(Kind.LIST_ITEM, line, words, indent, indent + bullet.end(), bool(bullet.group(1))) if words else None
    if first == ">":
        words = collapse(text[1:])
        return Line(Kind.QUOTE, line, words, indent, indent) if words else None
    words = collapse(text)
    return Line(Kind.PARAGRAPH, line, words, indent, indent) if words else None
