"""Numbered links: text browsers print `[12]` before a link's text and the addresses in a list at the foot of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

TITLE_CHARS = 20
"""Longest title of the list."""
REFERENCES_SHARE = 0.5
"""Share of the lines of the list that are references; addresses with line breaks in them leave others."""
NUMBERS_AHEAD = 200
"""A number in brackets is a link's where it goes on with the count; links without text leave gaps in it."""
LINK_CHARS = 40
"""Where a link in running text ends is not printed; nine in ten are shorter than this."""
LINK_LINE_CHARS = 160
"""A line up to this length that begins with a link is one from end to end."""

_REFERENCE = re.compile(r"\s*(\d{1,5})\. {1,4}([A-Za-z][\w+.-]*:.*)")
_MARKER = re.compile(r"\[(\d{1,5})\]|\(BUTTON\)")
_SEPARATORS = " \t|/·•,;–—-"
_PHRASE_END = re.compile(r"[.,;:!?)”\"»\]](?:\s|$)|\s[–—|·]\s|[、。，；：！？]")
_SENTENCE_INSIDE = re.compile(r"[.!?…]\s|[。！？]")


def split_references(lines: Sequence[str]) -> tuple[int, dict[int, str]]:
    """Find the list of addresses at the foot of a page.

    Returns:
        The number of lines before the list, and the addresses by number; all lines and none where there is no list.
    """
    matches = {at: match for at, line in enumerate(lines) if (match := _REFERENCE.match(line))}
    starts = [at for at, match in matches.items() if match.group(1) == "1"]
    if not starts or not any("[1]" in line for line in lines[: starts[-1]]):
        return len(lines), {}
    found = {int(match.group(1)): match.group(2).rstrip() for at, match in matches.items() if at >= starts[-1]}
    rest = sum(1 for line in lines[starts[-1] :] if line.strip())
    if len(found) < REFERENCES_SHARE * rest:
        return len(lines), {}
    return _above_titles(lines, starts[-1]), found


def _above_titles(lines: Sequence[str], start: int) -> int:
    """Take the titles over a list to it: "Visible links:" on the line above, "References" at the margin over a blank one."""
    if start and lines[start - 1].rstrip().endswith(":"):
        start -= 1
    above = start
    while above and not lines[above - 1].strip():
        above -= 1
    title = lines[above - 1] if above else " "
    alone = above < 2 or not lines[above - 2].strip()
    return above - 1 if above < start and alone and not title[:1].isspace() and len(title) <= TITLE_CHARS else start


@dataclass(slots=True)
class LinkReader:
    """Takes the markers out of a page's texts, which must come in order."""

    addresses: Mapping[int, str]
    _last: int = field(default=0, init=False)
    _open: bool = field(default=False, init=False)
    """Whether the last text ended with a marker, so that the link's own text is the next one."""

    def __call__(self, text: str) -> tuple[str, int, tuple[str, ...]]:
        """Return a text without its markers, its characters inside links, and their addresses."""
        if not text or (not self._open and "[" not in text and "(BUTTON)" not in text):
            return text, 0, ()
        pieces, links = ["", ""] if self._open else [""], list[str]()
        end = 0
        for match in _MARKER.finditer(text):
            number = int(match.group(1) or 0)
            if number and not (self._last < number <= self._last + NUMBERS_AHEAD and number in self.addresses):
                continue
            pieces[-1] += text[end : match.start()]
            pieces.append("")
            end = match.end()
            if number:
                self._last = number
                links.append(self.addresses[number])
        if len(pieces) == 1:
            return text, 0, ()
        pieces[-1] += text[end:]
        self._open = not pieces[-1].strip() and "(BUTTON)" not in text
        whole = " ".join("".join(pieces).split())
        return whole, min(_linked(pieces, whole), len(whole)), tuple(links)


def _linked(pieces: Sequence[str], whole: str) -> int:
    """Guess the characters that are inside links: all of a line that begins with one, else as far as a phrase goes."""
    linked = [piece.strip() for piece in pieces[1:]]
    if not pieces[0].strip(_SEPARATORS) and len(whole) <= LINK_LINE_CHARS and not any(map(_SENTENCE_INSIDE.search, linked)):
        return sum(len(piece.strip(_SEPARATORS)) for piece in linked) or 0
    return sum(_phrase(piece) for piece in linked)


def _phrase(piece: str) -> int:
    end = _PHRASE_END.search(piece)
    length = end.start() if end else len(piece)
    if length <= LINK_CHARS:
        return length
    return max(piece.rfind(" ", 0, LINK_CHARS), 1)
