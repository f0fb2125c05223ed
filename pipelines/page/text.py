"""Pages saved as plain text to `Page`: what a browser's copy, a reader mode or a text renderer leaves of an article.

White space is all the markup there is. Blank lines end paragraphs; whether a single line end does is judged once a document;
headings are told by how they look and what follows them.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from pipelines.page.page import Block, Kind, Node, Page
from pipelines.page.spaces import collapse

WIDEST_WRAP = 130
"""Text renderers wrap at 72 to 120 characters; longer lines are whole paragraphs."""
FULL_LINE = 0.6
"""Share of the width that a line fills which was broken for want of room, not by its author."""
FEWEST_PAIRS = 3
"""Pairs of lines that must look wrapped before a document counts as hard-wrapped."""
HEADING_CHARS = 120
HEADING_WORDS = 18
"""Of 366 headings inside saved news articles 99 in 100 had at most 101 characters and 16 words; titles run longer."""
PROSE_CHARS = 90
"""A line as long as this is prose even without a final stop."""
PROSE_WORDS = 5
"""A sentence of fewer words does not make the line before it a heading."""
ANSWER_CHARS = 120
"""A question is a heading where what follows is longer than this, else part of a conversation."""
TITLE_WORDS = 3
TITLE_PROSE_CHARS = 250
"""Once a paragraph as long as this has come, the article's title is past."""

_BREAK = re.compile(r"[ \t]*(?:([-*_=~•·#])[ \t]*)(?:\1[ \t]*){2,}$|[ \t]*[⁂☙❦─━]+[ \t]*$")
_UNDERLINE = re.compile(r"[ \t]*(=+|-+)[ \t]*$")
_BULLET = re.compile(r"([ \t]*)(?:[•◦▪‣●○■□·*+–-]|(\d{1,3}[.)]))[ \t]+(?=\S)")
_QUOTE = re.compile(r"[ \t]*>[ \t]?")
_FINAL = re.compile(r"""[.!。！…:;：；,、，][\s"'”’»」』)\]]*$""")
_SENTENCE_END = re.compile(r"""[.!?。！？…][\s"'”’»」』)\]\d]*$""")
_QUESTION = re.compile(r"""[?？][\s"'”’»」』)\]]*$""")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_LEAD = re.compile(
    r"(?:by|von|par|por|di|door|av|af|autor(?:in)?|author|written by|text)\s*:?\s+(?=[A-ZÀ-ÞА-Я])"
    r"|(?:published|posted|updated|last updated|veröffentlicht|aktualisiert|publié|publicado|pubblicato)\b"
    r"|(?:文|著|筆者)[：:]",
    re.I,
)
"""First words of a byline or date line; case of the lead word is free, that of the name is not."""
_READING_TIME = re.compile(
    r"\b\d+\s*-?\s*min(?:ute|uten|utes|uti|utos|uter)?s?\b.{0,3}\b(?:read|lese|lecture|lectura|lettura|leitura|läs)", re.I
)
_DAY_AND_YEAR = re.compile(r"(?=.*(?<!\d)(?:19|20)\d\d(?!\d))(?=.*(?<!\d)\d{1,2}(?!\d))")
DATE_WORDS = 7
"""A line of at most so many words with a day and a year is a date line."""


@dataclass(slots=True)
class _Draft:
    kind: Kind
    text: str
    level: int = 0
    indent: int = 0
    ordered: bool = False
    last_line: str = ""
    """As it stood, to tell whether the next line goes on with it."""
    depth: int = 0
    list_id: int = 0


def parse_text(text: str, *, url: str | None, fetched: datetime | None, headers: tuple[tuple[str, str], ...] = ()) -> Page:
    """Read a page saved as plain text into a page. Never raises, whatever the text."""
    groups = list(_groups(text))
    width = wrap_width(groups)
    drafts = [draft for group in groups for draft in _read_group(group, width)]
    _find_headings(drafts)
    _number_lists(drafts)
    root = Node(None, "#text")
    blocks = (
        Block(index, draft.kind, draft.text, root, draft.level, draft.depth, list_id=draft.list_id, ordered=draft.ordered)
        for index, draft in enumerate(drafts)
    )
    return Page(url, fetched, "text", tuple(blocks), headers=headers)


def wrap_width(groups: Sequence[Sequence[str]]) -> int:
    """Return the width that a document's lines were broken at, in characters; 0 where a line is a paragraph."""
    pairs = [
        (line, following)
        for group in groups
        for line, following in pairwise(group)
        if not (_BULLET.match(line) or _BULLET.match(following) or _BREAK.match(following) or _UNDERLINE.match(following))
    ]
    if len(pairs) < FEWEST_PAIRS:
        return 0
    lengths = sorted(len(line.rstrip()) for group in groups for line in group)
    width = lengths[int(len(lengths) * 0.98)] if len(lengths) > 1 else 0
    if width > WIDEST_WRAP:
        return 0
    full = [line for line, _ in pairs if len(line.rstrip()) >= width * FULL_LINE and not _SENTENCE_END.search(line)]
    typical = statistics.median(len(line.rstrip()) for line, _ in pairs)
    return width if len(full) * 2 >= len(pairs) and typical >= width * FULL_LINE else 0


def is_heading(text: str, following: str) -> bool:
    """Tell whether a line that stands alone is a heading, by its look and by the text after it.

    A heading is short, has no final stop, begins with no small letter, is no byline or date line, and prose follows it.
    """
    if not text or len(text) > HEADING_CHARS or _width_in_words(text) > HEADING_WORDS or _FINAL.search(text):
        return False
    if not _begins_like_one(text) or is_meta_line(text) or not is_prose(following):
        return False
    return not _QUESTION.search(text) or len(following) > ANSWER_CHARS


def is_prose(text: str) -> bool:
    """Tell whether a block is running text: long, or a sentence with its stop."""
    if is_meta_line(text):
        return False
    return len(text) > PROSE_CHARS or (bool(_SENTENCE_END.search(text)) and _width_in_words(text) >= PROSE_WORDS)


def is_meta_line(text: str) -> bool:
    """Tell whether a line is a byline, a date or a reading time."""
    if len(text) > HEADING_CHARS:
        return False
    match = _LEAD.match(text)
    if match and (match.end() == len(text) or not text[match.end()].islower()):
        return not _SENTENCE_END.search(text) or len(text.split()) <= DATE_WORDS
    if _READING_TIME.search(text):
        return True
    short = len(text.split()) <= DATE_WORDS
    return short and bool(_DAY_AND_YEAR.match(text)) and not _SENTENCE_END.search(text.rstrip(".0123456789"))


def _begins_like_one(text: str) -> bool:
    first = text.lstrip("\"'“‘«„»‚([¿¡")[:1]
    return bool(first) and not first.islower() and (first.isalnum() or first in "#$€£")


def _width_in_words(text: str) -> int:
    """Count words; two letters of scripts without spaces count as one."""
    return len(text.split()) + len(_CJK.findall(text)) // 2


def _groups(text: str) -> Iterator[list[str]]:
    group: list[str] = []
    for line in text.split("\n"):
        if collapse(line):
            group.append(line.expandtabs(4))
        elif group:
            yield group
            group = []
    if group:
        yield group


def _read_group(group: Sequence[str], width: int) -> list[_Draft]:
    """Read the lines between two blank ones."""
    drafts: list[_Draft] = []
    for line in group:
        before = drafts[-1] if drafts else None
        if before and before.kind is Kind.PARAGRAPH and _underlines(line, before):
            before.kind, before.level = Kind.HEADING, 1 if "=" in line else 2
        elif _BREAK.match(line):
            drafts.append(_Draft(Kind.BREAK, ""))
        elif before and _goes_on(before, line, width):
            before.text, before.last_line = f"{before.text} {_clean(line)}", line
        else:
            drafts.append(_read_line(line))
    return [draft for draft in drafts if draft.text or draft.kind is Kind.BREAK]


def _underlines(line: str, before: _Draft) -> bool:
    length = len(line.strip())
    return bool(_UNDERLINE.match(line)) and length >= 3 and abs(length - len(before.last_line.strip())) <= max(3, length // 4)


def _goes_on(before: _Draft, line: str, width: int) -> bool:
    if before.kind in (Kind.BREAK, Kind.HEADING) or _BULLET.match(line):
        return False
    quoted = bool(_QUOTE.match(line))
    if quoted != (before.kind is Kind.QUOTE):
        return False
    room = width * FULL_LINE - len(line.split()[0])
    return bool(width) and len(before.last_line.rstrip()) >= room


def _read_line(line: str) -> _Draft:
    bullet = _BULLET.match(line)
    if bullet:
        text = collapse(line[bullet.end() :])
        return _Draft(Kind.LIST_ITEM, text, indent=len(bullet.group(1)), ordered=bool(bullet.group(2)), last_line=line)
    return _Draft(Kind.QUOTE if _QUOTE.match(line) else Kind.PARAGRAPH, _clean(line), last_line=line)


def _clean(line: str) -> str:
    return collapse(_QUOTE.sub("", line, count=1))


def _find_headings(drafts: Sequence[_Draft]) -> None:
    """Make headings of paragraphs that look like one; the first of them, if it stands before all prose, is the title's."""
    title_may_come = True
    for draft, following in pairwise([*drafts, _Draft(Kind.BREAK, "")]):
        if draft.kind is Kind.PARAGRAPH and _heads(draft, following, title_may_come):
            draft.kind, draft.level = Kind.HEADING, 2
        if draft.kind is Kind.HEADING and title_may_come and _width_in_words(draft.text) >= TITLE_WORDS:
            draft.level, title_may_come = 1, False
        if len(draft.text) >= TITLE_PROSE_CHARS:
            title_may_come = False


def _heads(draft: _Draft, following: _Draft, title_may_come: bool) -> bool:
    if is_heading(draft.text, following.text if following.kind in (Kind.PARAGRAPH, Kind.QUOTE) else ""):
        return True
    if following.kind is Kind.LIST_ITEM:
        return False
    meta_follows = title_may_come and following.kind is Kind.PARAGRAPH and is_meta_line(following.text)
    return meta_follows and _width_in_words(draft.text) >= TITLE_WORDS and is_heading(draft.text, "." * (ANSWER_CHARS + 1))


def _number_lists(drafts: Sequence[_Draft]) -> None:
    """Give the items of one list one number, and each its depth by how far it is indented."""
    number, indents = 0, [0]
    before: _Draft | None = None
    for draft in drafts:
        if draft.kind is Kind.LIST_ITEM:
            if before is None or before.kind is not Kind.LIST_ITEM:
                number, indents = number + 1, [draft.indent]
            while indents[-1] > draft.indent and len(indents) > 1:
                indents.pop()
            if draft.indent > indents[-1]:
                indents.append(draft.indent)
            draft.list_id, draft.depth = number, len(indents)
        before = draft
