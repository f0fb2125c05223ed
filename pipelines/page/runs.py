"""Runs of text: what stands between the edges of block-level elements becomes one block.

The parser puts all text into one list of pieces; runs, links, bold passages and marks are slices of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise
from typing import NamedTuple, TypeVar

from pipelines.page.addresses import Resolver
from pipelines.page.page import Kind
from pipelines.page.spaces import LINE_END, SEAM, collapse

_SEAM_BETWEEN_WORDS = re.compile(r"(?<=\w\w)\x00(?=\w)")
_BLANK_EDGES = re.compile(r"\A(?:[ \t]*\n)+|\s+\Z")
LINE_CHARS = 40
"""Shortest line before or after `<br>` that may be a paragraph of its own; verse and addresses have shorter ones."""
RULE_CHARS = 12
"""Longest row of signs that stands for a thematic break."""

_LINE_ENDS = re.compile(r"""[.!?…。！？]["'”’»)\]]*$""")
_LINE_BEGINS = re.compile(r"""["'“‘«„»‚(\[¿¡\s–—-]*[^\W_]""")
_RULE = re.compile(r"([-*_=~•·#—–])(?: ?\1){2,}|[⁂☙❦❖◇◆§]")
_BACK = frozenset("↩↵⤴⏎↑")
"""What links from a footnote back to the text print."""
_BLANKS = " \t\n\r\f\v\xa0\0"
_CODE = Kind.CODE


_Passage = TypeVar("_Passage", tuple[int, int, str], tuple[int, int])


class Part(NamedTuple):
    """A line of a run: its text, links and bold passages, places counted from its beginning."""

    pieces: list[str]
    linked: list[tuple[int, int, str]]
    bold: list[tuple[int, int]]


class Runs:
    """The text of a document as it comes in: which run, link and bold passage is open, and where in the text it began."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        """All text so far."""
        self.run_start = 0
        """Number of pieces when this run began."""
        self.inline_end = -1
        """Number of pieces when an inline element ended last, or -1."""
        self.rich = False
        """Whether a link or bold text is open, or one or a line break has stood in this run."""
        self.break_at = -1
        """Number of pieces when the last `<br>` of this run came, or -1."""
        self.line_ends: list[int] = []
        """Number of pieces at each `<br>` of this run that is not kept as a line break."""
        self.link: str | None = None
        """What the open link leads to, as written; None outside links."""
        self.link_start = 0
        """Number of pieces when the open link began, or this run if that was later."""
        self._around: list[tuple[str | None, int, int]] = []
        """Of each open link: the link around it, and how many pieces and passages of this run there were when it began."""
        self.linked: list[tuple[int, int, str]] = []
        """Passages of this run inside links that have ended: first piece, piece behind it, address."""
        self.bold_depth = 0
        self.bold_start = 0
        self.bold: list[tuple[int, int]] = []

    def open_link(self, href: str | None) -> None:
        """Begin a link; one without address has that of the link around it."""
        self.rich = True
        around = self.link
        if around is not None:
            self._end_passage()
        self.link_start = len(self.pieces)
        self.link = href or around or ""
        self._around.append((around, self.link_start, len(self.linked)))

    def close_link(self, in_heading: bool) -> None:
        """End a link; what it prints is taken back where it is a sign: to copy a heading's address, to lead back from a note."""
        around, begins, passages = self._around.pop()
        pieces, link = self.pieces, self.link or ""
        if "#" in link and self._is_sign(begins, in_heading):
            del pieces[begins:], self.linked[passages:]
        elif self.link_start < len(pieces):
            self.linked.append((self.link_start, len(pieces), link))
        self.link = around
        self.link_start = len(pieces)

    def _is_sign(self, begins: int, in_heading: bool) -> bool:
        if begins < self.run_start:
            return False
        text = "".join(self.pieces[begins:])
        return not _has_word(text) and (in_heading or not _BACK.isdisjoint(text))

    def _end_passage(self) -> None:
        self.linked.append((self.link_start, len(self.pieces), self.link or ""))

    def open_bold(self) -> None:
        """Begin bold text."""
        self.rich = True
        if self.bold_depth == 0:
            self.bold_start = len(self.pieces)
        self.bold_depth += 1

    def close_bold(self) -> None:
        """End bold text."""
        self.bold_depth -= 1
        if self.bold_depth == 0:
            self.bold.append((self.bold_start, len(self.pieces)))

    def is_broken(self) -> bool:
        """Tell whether a line break came last, with nothing after it."""
        return self.break_at >= self.run_start and not "".join(self.pieces[self.break_at :]).strip(_BLANKS)

    def break_line(self, keeps: bool) -> None:
        """Take in a line break, kept or not."""
        self.pieces.append(LINE_END if keeps else " ")
        self.rich = True
        self.break_at = len(self.pieces)
        if not keeps:
            self.line_ends.append(self.break_at)

    def count_linked(self, text: str, resolve: Resolver) -> tuple[int, tuple[str, ...]]:
        """Return how many characters of this run's text are inside links, and the addresses of the links."""
        if self.link is not None:
            self._end_passage()
        if not self.linked:
            return 0, ()
        pieces, linked = self.pieces, self.linked
        if text and len(linked) == 1:
            begins, ends, href = linked[0]
            if ends - begins == len(pieces) - self.run_start:  # all of it, as in menus
                return len(text), (resolve(href),) if href else ()
        chars = -1
        addresses: list[str] = []
        for begins, ends, href in linked:
            passage = pieces[begins] if ends == begins + 1 else "".join(pieces[begins:ends])
            passage = collapse(passage.replace(SEAM, " "))
            if passage:
                chars += len(passage) + 1
                address = resolve(href) if href else ""
                if address and not (addresses and addresses[-1] == address):
                    addresses.append(address)
        return min(max(chars, 0), len(text)), tuple(addresses)

    def count_bold(self, text: str) -> int:
        """Return how many characters of this run's text are bold."""
        if self.bold_depth:
            self.bold.append((self.bold_start, len(self.pieces)))
        if not self.bold:
            return 0
        bold = "".join(piece for begins, ends in self.bold for piece in self.pieces[begins:ends])
        return min(len(collapse(bold.replace(SEAM, ""))), len(text))

    def begin_run(self) -> None:
        """Begin the next run of text."""
        self.run_start = start = len(self.pieces)
        self.inline_end = -1
        if self.rich:
            self.rich = self.link is not None or self.bold_depth > 0
            self.break_at = -1
            self.link_start = self.bold_start = start
            if self.linked:
                self.linked = []
            if self.bold:
                self.bold = []
            if self.line_ends:
                self.line_ends = []

    def split_lines(self) -> list[Part]:
        """Cut off each line that is a paragraph of its own, and leave the rest as the run.

        A line is one where it ends a sentence, the next begins one, and neither is short.
        """
        bounds = [self.run_start, *self.line_ends, len(self.pieces)]
        lines = [collapse("".join(self.pieces[begins:ends]).replace(SEAM, "")) for begins, ends in pairwise(bounds)]
        cuts = [end for end, (line, following) in zip(self.line_ends, pairwise(lines), strict=True) if _parts(line, following)]
        if not cuts:
            return []
        self._stop_passages()
        parts = [self._part(begins, ends) for begins, ends in pairwise([self.run_start, *cuts])]
        self.run_start = last = cuts[-1]
        self.linked = [(max(begins, last), ends, href) for begins, ends, href in self.linked if ends > last]
        self.bold = [(max(begins, last), ends) for begins, ends in self.bold if ends > last]
        return parts

    def _stop_passages(self) -> None:
        """End the open link and bold passage, and begin them anew right behind."""
        if self.link is not None:
            self._end_passage()
        if self.bold_depth:
            self.bold.append((self.bold_start, len(self.pieces)))
        self.link_start = self.bold_start = len(self.pieces)

    def _part(self, first: int, last: int) -> Part:
        linked = _between(self.linked, first, last)
        bold = _between(self.bold, first, last)
        return Part(
            self.pieces[first:last],
            [(max(begins, first) - first, min(ends, last) - first, href) for begins, ends, href in linked],
            [(max(begins, first) - first, min(ends, last) - first) for begins, ends in bold],
        )


def _between(passages: list[_Passage], first: int, last: int) -> list[_Passage]:
    """The passages, in order and apart, that reach into a range."""
    return passages[
        bisect_right(passages, first, key=lambda passage: passage[1]) : bisect_left(
            passages, last, key=lambda passage: passage[0]
        )
    ]


def _parts(line: str, following: str) -> bool:
    if len(line) < LINE_CHARS or len(following) < LINE_CHARS or not _LINE_ENDS.search(line):
        return False
    begins = _LINE_BEGINS.match(following)
    return begins is not None and not begins[0][-1].islower()


def is_rule(text: str) -> bool:
    """Tell whether a paragraph is a thematic break made of signs: `* * *`, `---`, `⁂`."""
    return len(text) <= RULE_CHARS and not text[0].isalnum() and _RULE.fullmatch(text) is not None


def _has_word(piece: str) -> bool:
    return any(map(str.isalnum, piece))


def tidy(text: str, kind: Kind) -> str:
    """Return a run's text as a block of that kind has it."""
    if SEAM in text:
        lines = (collapse(_SEAM_BETWEEN_WORDS.sub(" ", line).replace(SEAM, "")) for line in text.split(LINE_END))
        return "\n".join(line for line in lines if line)
    if kind is _CODE:
        return _BLANK_EDGES.sub("", text.expandtabs(4))
    return collapse(text)
