"""Pages saved as plain text to `Page`: what a browser's copy, a reader mode or a text browser leaves of an article.

White space is all the markup there is. Blank lines end paragraphs; whether a single line end does is judged once a document
(`wrapping`). Headings are told by their look and what follows them (`headings`), the first one by its place and the address too
(`headline`). What is indented further stands inside what is indented less (`boxes`); the numbers of a text browser's links are
its `a` elements (`references`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from pipelines.page.boxes import Boxes
from pipelines.page.headings import is_heading, is_meta_line
from pipelines.page.headline import HEADLINE_CHARS, find_headline
from pipelines.page.page import Block, Kind, Page
from pipelines.page.references import LinkReader, split_references
from pipelines.page.spaces import collapse
from pipelines.page.wrapping import Wrapping, find_wrapping, join_lines

MARGIN = 4
"""Text browsers set running text in by up to so many columns, and headings by fewer."""
SPACED = 5
"""Runs of lines from which blank ones part the paragraphs, so that a heading has one before it."""
NESTED = 10
"""Columns from which a letter may be the bullet of a nested list; further left it is a word."""

_BREAK = re.compile(r"[ \t]*(?:([-*_=~•·#])[ \t]*)(?:\1[ \t]*){2,}$|[ \t]*[⁂☙❦─━]+[ \t]*$")
_FIELD_LINE = re.compile(r"[ \t]*_{3,29}[ \t]*$")
_UNDERLINE = re.compile(r"[ \t]*(=+|-+)[ \t]*$")
_BULLET = re.compile(rf"([ \t]*)(?:[•◦▪‣●○■□☆★·*+–-]|(?<=[ ]{{{NESTED}}})[o#@=~]|(\d{{1,3}}[.)]))[ \t]+(?=\S)")
_EMPTY_BULLET = re.compile(r"[ \t]*[•◦▪‣●○■□☆★*+][ \t]*$")
_QUOTE = re.compile(r"[ \t]*>[ \t]?")
_FIELD = r"\[[^\[\]\n]{0,300}(?:_{3}|[ ]{3})\]|\[[ X*]?\](?=\s|$)|\([ *_]\)(?=\s|$)|_{5,}"
_IMAGE = r"image|inline|embed|javascript|[\w%.+-]{1,200}\.(?:jpe?g|png|gif|webp|svg|avif|ashx|php)"
_CONTROL = re.compile(rf"{_FIELD}|(?:\[\d{{1,5}}\])?(?:\[(?:{_IMAGE})\]|\[(?=[\w%.+-]*\d)[\w%.+-]{{8,}}\](?=\s|$))", re.I)
"""What text browsers print for fields of forms and for images without a description."""
_PLACEHOLDER = re.compile(r"[ \t]*(?:\[\d{1,5}\])?\[(?=[^\]]*[\d_-])[\w%+.-]+\][ \t]*$|[ \t]*IFRAME: (?:\[\d{1,5}\])?\S+$")
"""A line that stands for an image, by its file's name, or for a frame."""
_HEAD_LINKS = re.compile(r"\s*#\[1\]")
"""Lynx begins with the `link` elements of the head."""
_GAP = re.compile(r"(?<=[^\s.!?:…]) {2,}(?=\S)")


@dataclass(slots=True)
class _Draft:
    kind: Kind
    text: str
    level: int = 0
    indent: int = 0
    """Columns before the text or its bullet."""
    inner: int = 0
    """Columns before the text."""
    ordered: bool = False
    last_line: str = ""
    """As it stood, to tell whether the next line goes on with it."""
    group: int = 0
    """Number of the run of lines without a blank one that it stands in."""
    depth: int = 0
    list_id: int = 0
    link_chars: int = 0
    links: tuple[str, ...] = ()


def parse_text(text: str, *, url: str | None, fetched: datetime | None, headers: tuple[tuple[str, str], ...] = ()) -> Page:
    """Read a page saved as plain text into a page. Never raises, whatever the text."""
    lines = text.split("\n")
    end, addresses = split_references(lines)
    groups = list(_groups(lines[:end]))
    wrapping = find_wrapping(list(_pairs(groups)))
    drafts = [draft for number, group in enumerate(groups) for draft in _read_group(group, number, wrapping)]
    drafts = _finish_texts(drafts, addresses)
    margin = _margin(drafts)
    _find_headings(drafts, margin, url)
    _number_lists(drafts)
    boxes = Boxes(margin)
    shared = {one.group for one, two in pairwise(drafts) if one.group == two.group}
    blocks = (
        Block(
            index,
            draft.kind,
            draft.text,
            boxes.node_of(draft.kind, draft.indent, draft.inner, draft.group if draft.group in shared else None),
            draft.level,
            draft.depth,
            link_chars=draft.link_chars,
            links=draft.links,
            list_id=draft.list_id,
            ordered=draft.ordered,
        )
        for index, draft in enumerate(drafts)
    )
    return Page(url, fetched, "text", tuple(blocks), headers=headers)


def _groups(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield the runs of lines without a blank one; what stands for fields and images alone on its line is no text."""
    group: list[str] = []
    first = True
    for raw in lines:
        line = _without_controls(raw.expandtabs(4)) if raw else ""
        if collapse(line):
            group.append(line)
        elif group and not raw.strip():
            if not (first and _HEAD_LINKS.match(group[0])):
                yield group
            group, first = [], False
    if group:
        yield group


def _without_controls(line: str) -> str:
    if _BREAK.match(line):
        return "" if _FIELD_LINE.match(line) else line
    if _EMPTY_BULLET.match(line) or _PLACEHOLDER.match(line):
        return ""
    if "[" in line or "(" in line or "_____" in line:
        return _CONTROL.sub("", line)
    return line


def _pairs(groups: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    for group in groups:
        for line, following in pairwise(group):
            if not _stands_apart(following) and not _BREAK.match(line):
                yield line, following


def _stands_apart(line: str) -> bool:
    return bool(_BULLET.match(line) or _BREAK.match(line) or _UNDERLINE.match(line))


def _read_group(group: Sequence[str], number: int, wrapping: Wrapping) -> list[_Draft]:
    """Read the lines between two blank ones."""
    drafts: list[_Draft] = []
    rows = _table_rows(group)
    for at, line in enumerate(group):
        before = drafts[-1] if drafts else None
        if at in rows:
            drafts.append(_Draft(Kind.TABLE_ROW, " | ".join(_GAP.split(line.strip())), indent=_indent(line), inner=_indent(line)))
        elif before and before.kind is Kind.PARAGRAPH and _underlines(line, before):
            before.kind, before.level = Kind.HEADING, 1 if "=" in line else 2
        elif _BREAK.match(line):
            drafts.append(_Draft(Kind.BREAK, ""))
        elif before and _goes_on(before, line, wrapping):
            before.text, before.last_line = join_lines(before.text, _clean(line)), line
            before.indent = min(before.indent, _indent(line)) if before.kind is Kind.PARAGRAPH else before.indent
        else:
            drafts.append(_read_line(line))
    for draft in drafts:
        draft.group = number
    return drafts


def _table_rows(group: Sequence[str]) -> frozenset[int]:
    """Places of the lines whose cells begin at the same columns as those of the line before or after."""
    starts = [
        frozenset(match.end() for match in _GAP.finditer(line.strip())) if "  " in line.strip() else frozenset() for line in group
    ]
    found = set[int]()
    for at, (one, two) in enumerate(pairwise(starts)):
        if one & two:
            found.update((at, at + 1))
    return frozenset(found)


def _underlines(line: str, before: _Draft) -> bool:
    length = len(line.strip())
    return bool(_UNDERLINE.match(line)) and length >= 3 and abs(length - len(before.last_line.strip())) <= max(3, length // 4)


def _goes_on(before: _Draft, line: str, wrapping: Wrapping) -> bool:
    if before.kind in (Kind.BREAK, Kind.HEADING, Kind.TABLE_ROW) or _BULLET.match(line):
        return False
    if bool(_QUOTE.match(line)) != (before.kind is Kind.QUOTE) or _indent(line) > before.inner:
        return False
    return wrapping.breaks(before.last_line, line)


def _read_line(line: str) -> _Draft:
    indent = _indent(line)
    bullet = _BULLET.match(line)
    if bullet:
        text = collapse(line[bullet.end() :])
        return _Draft(Kind.LIST_ITEM, text, indent=indent, inner=bullet.end(), ordered=bool(bullet.group(2)), last_line=line)
    return _Draft(Kind.QUOTE if _QUOTE.match(line) else Kind.PARAGRAPH, _clean(line), indent=indent, inner=indent, last_line=line)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _clean(line: str) -> str:
    return collapse(_QUOTE.sub("", line, count=1))


def _finish_texts(drafts: Sequence[_Draft], addresses: dict[int, str]) -> list[_Draft]:
    """Take the markers of links out of the texts; leave out what then has none."""
    read_links = LinkReader(addresses)
    for draft in drafts:
        draft.text, draft.link_chars, draft.links = read_links(draft.text)
    return [draft for draft in drafts if draft.text or draft.kind is Kind.BREAK]


def _margin(drafts: Sequence[_Draft]) -> int:
    """Columns that running text is set in by, where headings are set in by fewer."""
    weights: Counter[int] = Counter()
    for draft in drafts:
        if draft.kind is Kind.PARAGRAPH:
            weights[draft.indent] += len(draft.text)
    common = weights.most_common(1)
    return common[0][0] if common and common[0][0] <= MARGIN else 0


def _find_headings(drafts: Sequence[_Draft], margin: int, url: str | None) -> None:
    """Make headings of paragraphs that look like one, and one of them, or another line, the page's first."""
    spaced = len({draft.group for draft in drafts}) >= SPACED
    group = -1
    for draft, following in pairwise([*drafts, _Draft(Kind.BREAK, "")]):
        inside, group = draft.group == group, draft.group
        if draft.kind is Kind.PARAGRAPH and not (spaced and inside) and _heads(draft, following, margin):
            draft.kind, draft.level = Kind.HEADING, 2
    if not any(draft.level == 1 for draft in drafts):
        at = find_headline(drafts, url)
        if at is not None:
            drafts[at].kind, drafts[at].level = Kind.HEADING, 1


def _heads(draft: _Draft, following: _Draft, margin: int) -> bool:
    if draft.indent < margin and len(draft.text) <= HEADLINE_CHARS and not is_meta_line(draft.text):
        return True
    return is_heading(draft.text, following.text if following.kind in (Kind.PARAGRAPH, Kind.QUOTE) else "")


def _number_lists(drafts: Sequence[_Draft]) -> None:
    """Give the items of one list and the rows of one table one number, and each item its depth by how far it is indented."""
    number, indents = 0, [0]
    before: _Draft | None = None
    for draft in drafts:
        if draft.kind is Kind.LIST_ITEM:
            if before is None or before.kind is not Kind.LIST_ITEM or draft.indent < indents[0]:
                number, indents = number + 1, [draft.indent]
            while indents[-1] > draft.indent and len(indents) > 1:
                indents.pop()
            if draft.indent > indents[-1]:
                indents.append(draft.indent)
            draft.list_id, draft.depth = number, len(indents)
        elif draft.kind is Kind.TABLE_ROW:
            if before is None or before.kind is not Kind.TABLE_ROW:
                number += 1
            draft.list_id = number
        before = draft
