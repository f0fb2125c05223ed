"""When an article was published and when it was changed.

Order of trust for the date of publication: front matter; JSON-LD; `article:published_time`; other metas and microdata; a full
date in the address; what is printed next to the title as text; `time` elements and marks near the title; relative dates ("3
months ago"); what is marked as published at the article's foot or far from its title, if all of it names one day. A date
labelled "updated" belongs to the change alone. No date beats a wrong one: copyright years, dates in comments or beside other
articles and dates after the fetch are never taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from pipelines.dates.parse import Customs, DateInText, Moment, find_dates, is_future, make_date, parse_date
from pipelines.dates.relative import find_relative
from pipelines.declared import Declared
from pipelines.evidence import Candidate, Field
from pipelines.fields import ArticleDate, Precision
from pipelines.page.page import Block, Kind, Mark, Page
from pipelines.surroundings import Surroundings, is_byline, word_set

__all__ = ["read_dates"]

LONGEST_DATE_LINE = 140
"""Characters of a block that is searched for a printed date; in longer ones dates belong to the story."""

MARKS_BEFORE_TITLE, MARKS_AFTER_TITLE = 8, 20
"""Blocks from the title in which a marked date is the article's without saying so."""

LABEL_REACH = 40
"""Characters before a date in which a label such as "Updated" is looked for."""

SOURCE_TRUST = {"front-matter": 0, "json-ld": 1, "open-graph": 2, "meta": 3, "http": 5, "microdata": 4}
"""Rank of the vocabularies; measured on fundus, JSON-LD is right on 1.00, open graph on .98, other metas on .97 of the pages
that have it."""

CONFIDENCE = {
    "front-matter": 0.97, "json-ld": 0.95, "open-graph": 0.95, "meta": 0.92, "microdata": 0.85, "url": 0.95, "text": 0.88,
    "markup": 0.81,
}  # fmt: skip
"""Share of right dates by source, on wcxb and fundus."""

_PUBLISHED = re.compile(
    r"publi|poste[dt]|veröffentlicht|erschienen|erstellt|geplaatst|gepubliceerd|created|first|released|udgivet|dodano|"
    r"opublikowan|vydáno|julkaistu|"
    r"опубликован|yayın|pubblicat|公開|掲載|投稿|発行|发布|發布|发表|입력|등록",
    re.I,
)
_MODIFIED = re.compile(
    r"updat|modif|edited|revised|reviewed|aktualisier|geändert|bearbeitet|überarbeitet|\bstand\b|mis(?:e)? à jour|\bmaj\b|"
    r"actualiz|aggiorna|atualiz|bijgewerkt|gewijzigd|"
    r"uppdatera|opdatere|oppdater|ändrad|zaktualiz|aktualiz|päivitet|обновл|изменен|güncelle|更新|最終|수정",
    re.I,
)
WORDS_BEFORE_DATE = 40
"""Characters before a date without a label; a longer line tells of something that happened then."""

_UNRELATED = re.compile(
    r"©|\(c\)\s*\d|copyright|all rights|accessed|retrieved|\bsince\b|\bborn\b|deadline|expires|event date|joined|member since",
    re.I,
)
_URL_DATE = re.compile(r"[/_-]((?:19|20)\d\d)([/_-]?)(0[1-9]|1[0-2]|[1-9](?=/))\2(0[1-9]|[12]\d|3[01]|[1-9](?=[/_-]))(?!\d)")
_REGION = re.compile(r"^[a-z]{2,3}[-_](?:[a-z]{4}[-_])?([a-z]{2})\b", re.I)
_COUNTRY_HOSTS = {
    "uk": "gb",
    "au": "au",
    "nz": "nz",
    "ie": "ie",
    "in": "in",
    "za": "za",
    "ca": "ca",
    "us": "us",
    "gov": "us",
    "mil": "us",
}
_DATE_TOKENS = word_set(
    "date datetime dateline time timestamp published publish pubdate posted post-date updated modified datum fecha "
    "fecha-publicacion"
)
_MODIFIED_TOKENS = word_set("updated modified update lastmod")
_DOCUMENT_TOKENS = frozenset({"post", "entry", "article"})
"""Words that make the date of a class (`post-date`) that of the whole article."""
_DECLARED_MODIFIED = frozenset({"dateModified", "dateUpdated"})
_VAGUE_PLACE = re.compile(r"\[(?:(?:dc|dcterms)\.)?(?:date|created|date\.created)\]|\.dateCreated$", re.I)
"""Declared dates that do not say of what they are: of creation, of the last export, of the day of print. Where the page prints
another date beside its title, that was the right one on all of 8 such pages of wcxb, htmldate and traf."""


Labelled = tuple[str, Candidate[ArticleDate]]
"""A printed date with what its label calls it: `published`, `modified` or nothing."""


def read_dates(
    page: Page, declared: Declared, title_block: int | None, lang: str | None
) -> tuple[Field[ArticleDate], Field[ArticleDate]]:
    """The dates of publication and of the last change.

    Args:
        page: the page; relative dates are read against its time of fetching.
        declared: what it says of itself.
        title_block: index of the block that prints the title; dates printed far from it are not taken.
        lang: ISO 639-1 code that decides names of months and the order of day and month.
    """
    customs = Customs(lang, _region_of(page), page.fetched)
    around = Surroundings(page, title_block)
    seen = list(_read_marks(page, around, customs))
    marks = [labelled for near, labelled in seen if near]
    far = [candidate for near, (label, candidate) in seen if not near and label == "published"]
    lines = list(_read_lines(around, customs))
    published = _choose_published(page, _read_declared(declared.published, customs), marks, lines, far)
    modified = _choose_modified(_read_declared(declared.modified, customs), marks, lines, published)
    return published, modified


def _region_of(page: Page) -> str | None:
    named = _REGION.match(page.head.lang)
    if named:
        return named[1].lower()
    try:
        host = urlsplit(page.url or "").hostname or ""
    except ValueError:
        return None
    return _COUNTRY_HOSTS.get(host.rpartition(".")[2])


def _read_declared(candidates: Iterable[Candidate[str]], customs: Customs) -> list[Candidate[ArticleDate]]:
    """The declared dates that can be read, in the order of trust."""
    read = []
    for candidate in candidates:
        date = parse_date(candidate.value, customs)
        if date:
            confidence = CONFIDENCE.get(candidate.source, candidate.confidence)
            read.append(Candidate(date, candidate.source, candidate.place, candidate.raw, confidence))
    return sorted(read, key=lambda candidate: SOURCE_TRUST.get(candidate.source, 9))


def _printed(found: DateInText, text: str, source: str, place: str, label: str) -> Labelled:
    return label, Candidate(found.date, source, place, text[:LONGEST_DATE_LINE], CONFIDENCE[source])


def _read_marks(page: Page, around: Surroundings, customs: Customs) -> Iterator[tuple[bool, Labelled]]:
    """Dates of `time` elements, `itemprop` and date classes outside margins: whether near the title, and labelled."""
    for mark in page.marks:
        if not _is_date_mark(mark):
            continue
        in_margin = around.in_margin(mark.node)
        if in_margin and not around.at_foot(mark.node):
            continue
        found = _date_of_mark(mark, customs)
        if found:
            place = f"{mark.node.tag}[itemprop={mark.node.itemprop}]" if mark.node.itemprop else mark.node.tag
            printed = _printed(
                found, mark.value or mark.text, "markup", f"{place} in block {mark.block}", _label_of_mark(mark, page)
            )
            is_near = not in_margin and around.is_near(mark.block, before=MARKS_BEFORE_TITLE, after=MARKS_AFTER_TITLE)
            yield is_near, printed


def _is_date_mark(mark: Mark) -> bool:
    return mark.node.tag == "time" or mark.node.itemprop.startswith("date") or not _DATE_TOKENS.isdisjoint(mark.node.tokens)


def _date_of_mark(mark: Mark, customs: Customs) -> DateInText | None:
    if len(mark.text) > LONGEST_DATE_LINE or _UNRELATED.search(mark.text):
        return None
    if mark.value and not mark.href:
        date = parse_date(mark.value, customs)
        if date:
            return DateInText(date, 0, 0)
    printed = next(find_dates(mark.text, customs), None)
    if printed:
        return printed
    alone = parse_date(mark.text, customs, "printed")
    if alone:
        return DateInText(alone, 0, len(mark.text))
    return find_relative(mark.text, customs.fetched)


def _label_of_mark(mark: Mark, page: Page) -> str:
    prop = mark.node.itemprop
    if prop in _DECLARED_MODIFIED:
        return "modified"
    if prop.startswith("datePublished"):
        return "published"
    tokens = set(mark.node.tokens)
    if mark.node.parent is not None and len(mark.node.parent.tokens) < 8:
        tokens |= set(mark.node.parent.tokens)
    if tokens & {"published", "pubdate", "publish"}:
        return "published"
    if tokens & _MODIFIED_TOKENS:
        return "modified"
    label = _label_in(_text_before(mark, page))
    return label or ("published" if "date" in tokens and tokens & _DOCUMENT_TOKENS else "")


def _text_before(mark: Mark, page: Page) -> str:
    """The text that leads up to a mark: in its block up to the mark's own text, or the mark's own label."""
    own = mark.text[:LABEL_REACH]
    if mark.block >= len(page.blocks):
        return own
    block = page.blocks[mark.block].text[:400]
    place = block.find(mark.text) if mark.text else -1
    return (block[max(0, place - LABEL_REACH) : place] if place > 0 else "") + " " + own


def _label_in(text: str) -> str:
    """`modified`, `published` or nothing, by the last label word in a text."""
    last = {"modified": -1, "published": -1}
    for name, pattern in (("modified", _MODIFIED), ("published", _PUBLISHED)):
        for match in pattern.finditer(text):
            last[name] = match.start()
    if max(last.values()) < 0:
        return ""
    return max(last, key=lambda name: last[name])


def _read_lines(around: Surroundings, customs: Customs) -> Iterator[Labelled]:
    """Dates printed in short blocks near the title, nearest after it first, each with its label."""
    for block in around.blocks_near():
        if block.kind is Kind.CAPTION or len(block.text) > LONGEST_DATE_LINE or _UNRELATED.search(block.text):
            continue
        labelled = list(_labelled_dates(block.text, list(_dates_of_line(block, customs))))
        labelled.sort(key=lambda pair: pair[1].date.earliest)
        for label, item in labelled:
            if label or item.start <= WORDS_BEFORE_DATE or is_byline(block.text):
                yield _printed(item, block.text, "text", f"block {block.index}", label)


def _labelled_dates(text: str, found: list[DateInText]) -> Iterator[tuple[str, DateInText]]:
    """Each date of a line with what the words between it and the one before call it; behind the only date of a line as well."""
    previous = 0
    for item in found:
        label = _label_in(text[max(previous, item.start - LABEL_REACH) : item.start])
        if not label and len(found) == 1:
            label = _label_in(text[item.end : item.end + LABEL_REACH // 2])
        yield label, item
        previous = item.end


def _dates_of_line(block: Block, customs: Customs) -> Iterator[DateInText]:
    found = list(find_dates(block.text, customs))
    if found:
        yield from found
        return
    relative = find_relative(block.text, customs.fetched)
    if relative:
        yield relative
        return
    alone = parse_date(block.text, customs, "printed") if len(block.text) < 40 else None
    if alone:
        yield DateInText(alone, 0, len(block.text))


def _choose_published(
    page: Page,
    declared: list[Candidate[ArticleDate]],
    marks: list[Labelled],
    lines: list[Labelled],
    far: list[Candidate[ArticleDate]],
) -> Field[ArticleDate]:
    named = [item for label, item in [*lines, *marks] if label == "published"]
    unnamed = [item for label, item in [*lines, *marks] if not label]
    printed = sorted([*named, *unnamed], key=lambda item: item.value.basis == "relative")
    clear = [item for item in declared if not _VAGUE_PLACE.search(item.place)]
    vague = [item for item in declared if _VAGUE_PLACE.search(item.place)]
    order = [*clear, *_read_url(page), *printed, *vague, *_only_one(far)]
    if not order:
        return Field(None, tuple(item for _, item in [*marks, *lines]))
    chosen = _finest(order)
    return Field(chosen, tuple(item for item in order if item is not chosen))


def _only_one(far: list[Candidate[ArticleDate]]) -> list[Candidate[ArticleDate]]:
    """Dates labelled as published far from the title, if all of them name one day: then they are not those of other articles."""
    return far if len({candidate.value.text[:10] for candidate in far}) == 1 else []


def _finest(order: list[Candidate[ArticleDate]]) -> Candidate[ArticleDate]:
    """The first date, or one that says the same day more exactly: a declared one before a printed one."""
    first = order[0]
    if _exactness(first) == 2 or first.value.precision not in {Precision.DAY, Precision.MINUTE, Precision.HOUR}:
        return first
    same_day = [item for item in order if item.value.text[:10] == first.value.text[:10] and _exactness(item) > _exactness(first)]
    return max(same_day, key=_exactness, default=first)


def _exactness(candidate: Candidate[ArticleDate]) -> int:
    if candidate.value.precision is not Precision.MINUTE:
        return 0
    return 2 if candidate.value.zone_known else 1


def _read_url(page: Page) -> list[Candidate[ArticleDate]]:
    """The day that stands in the path of the address: `/2026/08/22/`, `-2026-08-22`."""
    try:
        path = urlsplit(page.url or "").path
    except ValueError:
        return []
    match = _URL_DATE.search(path)
    if not match:
        return []
    date = make_date(Moment(int(match[1]), int(match[3]), int(match[4])), "url")
    if date is None or is_future(date, page.fetched):
        return []
    return [Candidate(date, "url", "path", match[0].strip("/_-"), CONFIDENCE["url"])]


def _choose_modified(
    declared: list[Candidate[ArticleDate]],
    marks: list[Labelled],
    lines: list[Labelled],
    published: Field[ArticleDate],
) -> Field[ArticleDate]:
    labelled = [item for label, item in [*lines, *marks] if label == "modified"]
    order = [*declared, *labelled]
    possible = [item for item in order if published.value is None or item.value.latest >= published.value.earliest]
    if not possible:
        return Field(None, tuple(order))
    chosen = _finest(possible)
    return Field(chosen, tuple(item for item in order if item is not chosen))
