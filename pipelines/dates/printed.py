"""Dates that the page prints: where each stands and what it is called there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

from pipelines.dates.labels import label_in
from pipelines.dates.parse import REMEMBERED, Customs, DateInText, find_dates, may_hold_date, parse_date
from pipelines.dates.relative import find_relative
from pipelines.fields import ArticleDate
from pipelines.page.page import Block, Kind, Mark, Node, Page
from pipelines.surroundings import MARGIN_TOKENS, Surroundings, is_byline, word_set

LONGEST_DATE_LINE = 140
"""Characters of a block that is searched for a printed date; in longer ones dates belong to the story."""

WORDS_BEFORE_DATE = 40
"""Characters before a date without a label; a longer line tells of something that happened then."""

WORDS_BEFORE_DATELINE, DATELINE_BLOCKS = 30, 8
"""Characters before a date that opens the text ("Press release of 25 January 2022 | Berlin –"), and blocks behind the title in
which the text opens."""

MARKS_BEFORE_TITLE, MARKS_AFTER_TITLE = 8, 20
"""Blocks from the title in which a marked date is the article's without saying so."""

RIGHT_BEHIND = 2
"""Blocks behind the title in which a mark called the date of publication is the article's even in a box that is called a foot."""

MOST_MARKS = 60
"""Marked dates that are looked at on a page; one with more lists other articles."""

LABEL_REACH = 40
"""Characters before a date in which a label such as "Updated" is looked for."""

LONGEST_LABEL_LINE = 25
"""Characters of a line that is the label of the next: "Published", "Letzte Änderung:"."""

_UNRELATED = re.compile(
    r"©|\(c\)\s*\d|copyright|all rights|accessed|retrieved|\bsince\b|\bborn\b|deadline|expires|event date|joined|member since"
    r"|\b(?:until|till|established|founded|clos(?:es?|ing)|taken|version|next update|valid|phone|tel)\b|\btel\.",
    re.I,
)
_BEHIND_DATELINE = re.compile(r"\s*(?:Uhr)?\s*[-–—|·•:/]")
_DATE_TOKENS = word_set(
    "date datetime dateline time timestamp published publish pubdate posted post-date updated modified datum fecha "
    "fecha-publicacion"
)
EVENT_TOKENS = word_set("event events tribe termin termine deadline birthday")
"""Words of class and id that make a date that of something else than the article."""
_PUBLISHED_TOKENS = word_set("published pubdate publish")
_MODIFIED_TOKENS = word_set("updated modified update lastmod")
_OTHERS_TOKENS = MARGIN_TOKENS - {"sidebar"}
"""Words of regions that hold other things than facts about the article."""
_DOCUMENT_TOKENS = frozenset({"post", "entry", "article"})
"""Words that make the date of a class (`post-date`) that of the whole article."""
_MODIFIED_PROPERTIES = frozenset({"dateModified", "dateUpdated"})


class Place(IntEnum):
    """Where a date stands, the most telling place first."""

    NEAR = 0
    """Printed with the title."""
    ABOVE = 1
    """Just above the title without a label: perhaps the day of the visit."""
    OPENING = 2
    """Where the text opens."""
    FAR = 3
    """Anywhere else in the article, and called its date."""
    LOOSE = 4
    """Anywhere else, alone on its line."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A date as printed."""

    date: ArticleDate
    place: Place
    label: str
    """`published`, `modified` or nothing."""
    source: str
    """`markup` or `text`."""
    where: str
    raw: str
    swapped: ArticleDate | None = None
    """The other reading, where the order of day and month is open."""


def read_marks(page: Page, around: Surroundings, customs: Customs) -> Iterator[Printed]:
    """Dates of `time` elements, `itemprop` and date classes: those near the title, and others that are called the article's."""
    looked_at = 0
    for mark in page.marks:
        if not _is_date_mark(mark):
            continue
        in_margin = around.in_margin(mark.node)
        looked_at += 1
        if looked_at > MOST_MARKS and (in_margin or looked_at > 2 * MOST_MARKS):
            continue
        is_beside = _is_own_beside(mark, around)
        if in_margin and not is_beside and not around.at_foot(mark.node):
            continue
        found = _date_of_mark(mark, customs)
        if found is None:
            continue
        is_near = is_beside or (not in_margin and around.is_near(mark.block, before=MARKS_BEFORE_TITLE, after=MARKS_AFTER_TITLE))
        label = _label_of_mark(mark, page)
        place = Place.FAR if not is_near else Place.NEAR if label or around.distance(mark.block) >= 0 else Place.ABOVE
        name = f"{mark.node.tag}[itemprop={mark.node.itemprop}]" if mark.node.itemprop else mark.node.tag
        yield _printed(found, place, label, "markup", f"{name} in block {mark.block}", mark.value or mark.text)


def _is_own_beside(mark: Mark, around: Surroundings) -> bool:
    """Whether a date of publication by its own word stands right behind the title, whatever the box around it is called."""
    behind = 0 <= around.distance(mark.block) <= RIGHT_BEHIND
    return around.title_block is not None and behind and mark.node.itemprop == "datePublished"


def _printed(found: DateInText, place: Place, label: str, source: str, where: str, text: str) -> Printed:
    return Printed(found.date, place, label, source, where, text[:LONGEST_DATE_LINE], found.swapped)


def _is_date_mark(mark: Mark) -> bool:
    node = mark.node
    if node.tag == "time" or not _DATE_TOKENS.isdisjoint(node.tokens) or node.itemprop.startswith("date"):
        return node.itemprop != "dateCreated" and not _is_event(node)
    return False


def _date_of_mark(mark: Mark, customs: Customs) -> DateInText | None:
    if len(mark.text) > LONGEST_DATE_LINE or _UNRELATED.search(mark.text):
        return None
    if mark.value and not mark.href:
        date = parse_date(mark.value, customs)
        if date:
            return DateInText(date, 0, 0)
    return next(iter(_dates_of_line(mark.text, customs)), None)


def _whole_line(text: str, customs: Customs) -> DateInText | None:
    """A month with its year that is all of a line."""
    alone = parse_date(text, customs, "printed") if len(text) < 40 else None
    return DateInText(alone, 0, len(text)) if alone else None


def _label_of_mark(mark: Mark, page: Page) -> str:
    prop = mark.node.itemprop
    if prop in _MODIFIED_PROPERTIES:
        return "modified"
    if prop.startswith("datePublished"):
        return "published"
    said = label_in(_text_before(mark, page))
    if said:
        return said
    tokens = set(mark.node.tokens)
    if mark.node.parent is not None and len(mark.node.parent.tokens) < 8:
        tokens |= set(mark.node.parent.tokens)
    if tokens & _PUBLISHED_TOKENS:
        return "published"
    if tokens & _MODIFIED_TOKENS:
        return "modified"
    return "published" if "date" in tokens and tokens & _DOCUMENT_TOKENS else ""


def _text_before(mark: Mark, page: Page) -> str:
    """The text that leads up to a mark: in its block up to the mark's own text, or the mark's own label."""
    own = mark.text[:LABEL_REACH]
    if mark.block >= len(page.blocks):
        return own
    block = page.blocks[mark.block].text[:400]
    place = block.find(mark.text) if mark.text else -1
    if place < 1:
        return f"{_label_line(page, mark.block)} {own}"
    return f"{block[max(0, place - LABEL_REACH) : place]} {own}"


def _label_line(page: Page, index: int) -> str:
    """The line before a block, if it is but a label."""
    text = page.blocks[index - 1].text if 0 < index <= len(page.blocks) else ""
    return text if len(text) <= LONGEST_LABEL_LINE and not any(map(str.isdigit, text)) else ""


def read_lines(around: Surroundings, customs: Customs) -> Iterator[Printed]:
    """Dates printed near the title, nearest after it first, each with its label; the first text's own date line among them."""
    is_read = None if customs.fetched else may_hold_date
    for block in around.blocks_near(holding=is_read):
        if len(block.text) > LONGEST_DATE_LINE:
            if 0 < around.distance(block.index) <= DATELINE_BLOCKS:
                yield from _opening_date(block, customs)
            continue
        yield from _dates_of_block(block, around, customs)


def _dates_of_block(block: Block, around: Surroundings, customs: Customs) -> Iterator[Printed]:
    found = _dates_of_line(block.text, customs)
    if not found or _is_event(block.node) or _UNRELATED.search(block.text):
        return
    if block.kind is Kind.CAPTION and (len(found) > 1 or found[0].start > 0):
        return
    labelled = sorted(_labelled(block, found, around.page), key=lambda pair: pair[1].date.earliest)
    for label, item in labelled:
        if label or item.start <= WORDS_BEFORE_DATE or is_byline(block.text):
            place = Place.NEAR if label or around.distance(block.index) >= 0 else Place.ABOVE
            yield _printed(item, place, label, "text", f"block {block.index}", block.text)


def _labelled(block: Block, found: Sequence[DateInText], page: Page) -> Iterator[tuple[str, DateInText]]:
    """Each date of a line with what the words between it and the one before call it; what is behind or above an only one."""
    previous = 0
    for item in found:
        label = label_in(block.text[max(previous, item.start - LABEL_REACH) : item.start])
        if not label and len(found) == 1:
            label = label_in(block.text[item.end : item.end + LABEL_REACH // 2])
            if not label and item.start == 0:
                label = label_in(_label_line(page, block.index))
        yield label, item
        previous = item.end


@lru_cache(maxsize=REMEMBERED)
def _dates_of_line(text: str, customs: Customs) -> tuple[DateInText, ...]:
    found = [*find_dates(text, customs)]
    if not found and may_hold_date(text) and (alone := _whole_line(text, customs)):
        found.append(alone)
    if not found and (relative := find_relative(text, customs.fetched, customs.lang)):
        found.append(relative)
    return tuple(found)


def _opening_date(block: Block, customs: Customs) -> Iterator[Printed]:
    """The date that opens the text: "27.1.2022 - In the harbour ..."."""
    if block.kind is not Kind.PARAGRAPH:
        return
    start = block.text[: WORDS_BEFORE_DATELINE + LABEL_REACH]
    item = next(find_dates(start, customs), None)
    if item and item.start <= WORDS_BEFORE_DATELINE and _BEHIND_DATELINE.match(start, item.end):
        yield _printed(item, Place.OPENING, label_in(start[: item.start]), "text", f"block {block.index}", start)


def read_loose(page: Page, around: Surroundings, customs: Customs) -> Iterator[Printed]:
    """Dates anywhere on the page that are called the article's or stand alone on their line; for pages without a better one."""
    for block in page.blocks:
        text = block.text
        if not text or len(text) > LONGEST_DATE_LINE or block.hidden or block.kind is Kind.CAPTION:
            continue
        if not may_hold_date(text):
            continue
        found = list(find_dates(text, customs))
        if not found or _UNRELATED.search(text):
            continue
        if around.in_margin(block.node) and not around.in_own_sidebar(block.node) and not _is_fact(block, page):
            continue
        for label, item in _labelled(block, found, page):
            if label:
                yield _printed(item, Place.FAR, label, "text", f"block {block.index}", text)
            elif len(found) == 1 and _is_alone(item, block, around):
                yield _printed(item, Place.LOOSE, "", "text", f"block {block.index}", text)


def _is_fact(block: Block, page: Page) -> bool:
    """Whether a line of a sidebar is a fact about the article: below a line that says "Published" and nothing else."""
    if label_in(_label_line(page, block.index)) != "published":
        return False
    above: Node | None = block.node
    while above is not None:
        if above.tag in {"nav", "footer"} or not _OTHERS_TOKENS.isdisjoint(above.tokens):
            return False
        above = above.parent
    return True


def _is_alone(item: DateInText, block: Block, around: Surroundings) -> bool:
    """Whether a date behind the title has its line for itself and is not named for an event."""
    fills = item.end - item.start >= len(block.text) - LABEL_REACH // 2
    return fills and (around.title_block is None or around.distance(block.index) > 0) and not _is_event(block.node)


def _is_event(node: Node) -> bool:
    return not EVENT_TOKENS.isdisjoint(node.tokens) or (
        node.parent is not None and not EVENT_TOKENS.isdisjoint(node.parent.tokens)
    )


def exchanged(item: Printed) -> Printed:
    """The same date with day and month the other way round."""
    return replace(item, date=item.swapped, swapped=item.date) if item.swapped else item
