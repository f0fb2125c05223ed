"""Pages saved as plain text to `Page`: what a browser's copy, a reader mode or a text browser leaves of an article.

White space is all the markup there is. Blank lines end paragraphs; whether a single line end does is judged once a document
(`wrapping`). Headings are told by their look and what follows them (`headings`), the first one by its place and the address too
(`headline`). Lines that name the maker of a picture are its caption (`captions`). What is indented further stands inside what is
indented less (`boxes`); the numbers of a text browser's links are its `a` elements (`references`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from pipelines.page.boxes import Boxes
from pipelines.page.captions import CAPTION_CHARS, CREDIT_CHARS, begins_with_maker, is_caption
from pipelines.page.headings import is_heading, is_meta_line
from pipelines.page.headline import HEADLINE_CHARS, find_headline
from pipelines.page.lines import Line, read_groups
from pipelines.page.page import Block, Kind, Page
from pipelines.page.references import LinkReader, split_references
from pipelines.page.wrapping import Wrapping, find_wrapping, join_lines

MARGIN = 4
"""Text browsers set running text in by up to so many columns, and headings by fewer."""
SPACED = 5
"""Runs of lines from which blank ones part the paragraphs, so that a heading has one before it."""

_GAP = re.compile(r"(?<=[^\s.!?:…]) {2,}(?=\S)")
"""White space between two cells; more than one space behind a stop is a typist's."""


@dataclass(slots=True)
class _Draft:
    """A block in the making."""

    kind: Kind
    level: int = 0
    indent: int = 0
    """Columns before the text or its bullet."""
    inner: int = 0
    """Columns before the text."""
    ordered: bool = False
    last_line: str = ""
    """As it stood, to tell whether the next line goes on with it."""
    parts: list[str] = field(default_factory=list)
    """The texts of its lines."""
    group: int = 0
    """Number of the run of lines without a blank one that it stands in."""
    text: str = ""
    depth: int = 0
    list_id: int = 0
    link_chars: int = 0
    links: tuple[str, ...] = ()


def parse_text(text: str, *, url: str | None, fetched: datetime | None, headers: tuple[tuple[str, str], ...] = ()) -> Page:
    """Read a page saved as plain text into a page. Never raises, whatever the text."""
    lines = text.split("\n")
    end, addresses = split_references(lines)
    groups = list(read_groups(lines[:end]))
    wrapping = find_wrapping(list(_pairs(groups)))
    drafts = [draft for number, group in enumerate(groups) for draft in _read_group(group, number, wrapping)]
    drafts = _finish_texts(drafts, addresses)
    margin = _margin(drafts)
    _find_captions(drafts)
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


def _pairs(groups: Sequence[Sequence[Line]]) -> Iterator[tuple[str, str]]:
    for group in groups:
        for line, following in pairwise(group):
            if following.kind in (Kind.PARAGRAPH, Kind.QUOTE) and line.kind is not Kind.BREAK:
                yield line.raw, following.raw


def _read_group(group: Sequence[Line], number: int, wrapping: Wrapping) -> list[_Draft]:
    """Read the lines between two blank ones."""
    drafts: list[_Draft] = []
    rows = _table_rows(group) if len(group) > 1 else frozenset()
    for at, line in enumerate(group):
        before = drafts[-1] if drafts else None
        if at in rows:
            cells = " | ".join(_GAP.split(line.raw.strip()))
            drafts.append(_Draft(Kind.TABLE_ROW, parts=[cells], indent=line.indent, inner=line.indent, group=number))
        elif before and before.kind is Kind.PARAGRAPH and _underlines(line, before):
            before.kind, before.level = Kind.HEADING, 1 if line.raw[-1] == "=" else 2
        elif before and _goes_on(before, line, wrapping):
            before.parts.append(line.text)
            before.last_line = line.raw
            before.indent = min(before.indent, line.indent) if before.kind is Kind.PARAGRAPH else before.indent
        else:
            drafts.append(_Draft(line.kind, 0, line.indent, line.inner, line.ordered, line.raw, [line.text], number))
    for draft in drafts:
        draft.text = join_lines(draft.parts)
    return drafts


def _table_rows(group: Sequence[Line]) -> frozenset[int]:
    """Places of the lines whose cells begin at the same columns as those of the line before or after."""
    texts = [line.raw.strip() for line in group]
    starts = [frozenset(match.end() for match in _GAP.finditer(text)) if "  " in text else frozenset() for text in texts]
    found = set[int]()
    for at, (one, two) in enumerate(pairwise(starts)):
        if one & two:
            found.update((at, at + 1))
    return frozenset(found)


def _underlines(line: Line, before: _Draft) -> bool:
    length = len(line.raw) - line.indent
    return line.is_underline and abs(length - len(before.last_line.strip())) <= max(3, length // 4)


def _goes_on(before: _Draft, line: Line, wrapping: Wrapping) -> bool:
    if before.kind in (Kind.BREAK, Kind.HEADING, Kind.TABLE_ROW) or line.kind in (Kind.LIST_ITEM, Kind.BREAK):
        return False
    if (line.kind is Kind.QUOTE) != (before.kind is Kind.QUOTE) or line.indent > before.inner:
        return False
    return wrapping.breaks(before.last_line, line.raw)


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


def _find_captions(drafts: Sequence[_Draft]) -> None:
    """Make captions of the lines that name the maker of a picture, and of the line above one that names nothing else."""
    before: _Draft | None = None
    for draft in drafts:
        if draft.kind is Kind.PARAGRAPH and is_caption(draft.text):
            draft.kind = Kind.CAPTION
            if before and before.group == draft.group and _is_captioned(before, draft):
                before.kind = Kind.CAPTION
        before = draft


def _is_captioned(draft: _Draft, following: _Draft) -> bool:
    """Whether a line is the text of a caption of which the next line is the credit."""
    if draft.kind is not Kind.PARAGRAPH or len(draft.text) > CAPTION_CHARS:
        return False
    return len(following.text) <= CREDIT_CHARS and begins_with_maker(following.text)


def _find_headings(drafts: Sequence[_Draft], margin: int, url: str | None) -> None:
    """Make headings of paragraphs that look like one, and one of them, or another line, the page's first."""
    spaced = len({draft.group for draft in drafts}) >= SPACED
    group = -1
    for draft, following in pairwise([*drafts, _Draft(Kind.BREAK)]):
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
