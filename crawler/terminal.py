"""Text laid out for a person at a terminal: tables, wrapped paragraphs, sizes, emphasis."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
import unicodedata
from collections.abc import Sequence

FALLBACK_WIDTH = 10_000
"""Columns where the output is no terminal and COLUMNS is not set: a program that reads it wants whole lines."""
READING_WIDTH = 88
"""Columns of running text at most: longer lines are hard to read."""
NO_SITE = "(no site)"
"""In the place of a site, for articles of saved pages that name no address."""
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def terminal_width() -> int:
    """Columns of the terminal that stdout goes to."""
    return shutil.get_terminal_size((FALLBACK_WIDTH, 24)).columns


def may_colour() -> bool:
    """Whether stdout is a terminal and NO_COLOR is not set."""
    # A program started with stdout closed has None here.
    return sys.stdout is not None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def bold(text: str) -> str:
    """The text in bold where colours are welcome, else as it is."""
    return f"\x1b[1m{text}\x1b[0m" if may_colour() and text else text


def dim(text: str) -> str:
    """The text in grey where colours are welcome, else as it is."""
    return f"\x1b[2m{text}\x1b[0m" if may_colour() and text else text


def plain(text: str) -> str:
    """The text without control characters: what a web page wrote must not steer a terminal."""
    return _CONTROL.sub("", text)


def for_reader(text: str) -> str:
    """A text as it is for a file or a program that reads stdout, and without control characters for a terminal."""
    return plain(text) if sys.stdout is not None and sys.stdout.isatty() else text


def columns_of(text: str) -> int:
    """Columns that a text takes up; East Asian wide characters take two, combining ones none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text: str, width: int) -> str:
    """One line of at most `width` columns, with an ellipsis where something is missing."""
    text = plain(" ".join(text.split()))
    if columns_of(text) <= width:
        return text
    kept = ""
    for character in text:
        if columns_of(kept) + columns_of(character) > width - 1:
            break
        kept += character
    return kept.rstrip() + "…"


def wrap(text: str, *, indent: str = "", first: str | None = None, width: int | None = None) -> str:
    """A paragraph broken at the width of the terminal, but not wider than is good to read.

    Args:
        text: line breaks in it are kept.
        indent: before each line.
        first: before the first line, instead of `indent`.
        width: columns; the terminal's where None.
    """
    width = max(20, min(width or terminal_width(), READING_WIDTH))
    lines: list[str] = []
    for line in plain(text).split("\n"):
        start = indent if lines or first is None else first
        lines += textwrap.wrap(line, width, initial_indent=start, subsequent_indent=indent, break_long_words=False) or [""]
    return "\n".join(lines)


def table(rows: Sequence[Sequence[object]], headings: Sequence[str], *, width: int | None = None) -> str:
    """Rows under headings, columns aligned, numbers to the right; the widest column gives way where the terminal is narrow."""
    texts = [[_cell(value) for value in row] for row in rows]
    right = [bool(rows) and all(isinstance(row[i], int | float) or row[i] is None for row in rows) for i in range(len(headings))]
    widths = [max(columns_of(line[i]) for line in [list(headings), *texts]) for i in range(len(headings))]
    _narrow(widths, (width or terminal_width()) - 2 * (len(widths) - 1))
    lines = [dim(_line(headings, widths, right))]
    return "\n".join(lines + [_line(line, widths, right) for line in texts])


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else plain(" ".join(str(value).split()))


def _narrow(widths: list[int], room: int) -> None:
    """Take columns away from the widest until the line fits or no column is wider than a few words."""
    while sum(widths) > room and max(widths) > 12:
        widths[widths.index(max(widths))] -= 1


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    parts = []
    for text, width, to_right in zip(cells, widths, right, strict=True):
        text = cut(text, width)
        space = " " * (width - columns_of(text))
        parts.append(space + text if to_right else text + space)
    return "  ".join(parts).rstrip()


def human_size(size: float) -> str:
    """Bytes in the unit that fits: `1.4 MB`."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def human_seconds(seconds: float) -> str:
    """A duration: `0.8 s`, `41 s`, `3 min 20 s`, `2 h 5 min`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    return f"{whole // 60} min {whole % 60} s" if whole < 3600 else f"{whole // 3600} h {whole % 3600 // 60} min"


def count(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun: `1 page`, `1,204 pages`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
