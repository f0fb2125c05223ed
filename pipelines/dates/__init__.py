"""When an article was published and when it was changed.

Order of trust for the date of publication: front matter; JSON-LD; `article:published_time`; other metas and microdata, the
first of them whose day is printed with the title or stands in the address; a full date in the address; what is printed next to
the title as text; `time` elements and marks near the title; relative dates ("3 months ago"); declared dates that do not say of
what they are; a date that opens the text; what is called the date of publication at the article's foot or far from its title,
and a date alone on its line anywhere, if all of it names one day. A day printed with the title that the address or a date without
a meaning repeats comes before declared ones that nothing repeats. A date labelled "updated" belongs to the change alone. No date
beats a wrong one: copyright years, dates in comments or beside other articles, the time of the fetch and dates after it are never
taken, nor is the day on which a web page was made, where it is declared as that alone and the page is kept up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pipelines.dates.confidence import AGREED, AGREED_AGAINST_OTHERS, ALONE, OPEN_ORDER, UNPLACED, VAGUE, confidence_of
from pipelines.dates.moments import Moment, is_future, make_date
from pipelines.dates.parse import Customs, first_in_dates, may_hold_date, parse_date
from pipelines.dates.printed import LONGEST_DATE_LINE, Place, Printed, exchanged, read_lines, read_loose, read_marks
from pipelines.declared import Declared
from pipelines.evidence import Candidate, Field
from pipelines.fields import ArticleDate, Precision
from pipelines.page.page import Page
from pipelines.surroundings import Surroundings

__all__ = ["read_dates"]

SOURCE_TRUST = {"front-matter": 0, "json-ld": 1, "open-graph": 2, "meta": 3, "microdata": 4, "http": 5}
"""Rank of the vocabularies; measured on fundus, JSON-LD is right on 1.00, open graph on .98, other metas on .97 of the pages
that have it."""

SERVER_CLOCK = timedelta(seconds=5)
"""A date declared so close to the fetch is the clock of the server that made the page."""

EARLIER = timedelta(days=1)
"""So much earlier than a declared date one is that is printed with the title, where both mean different days in every zone."""

KEPT_UP = timedelta(days=182)
"""A page that has been changed so long after it was made is kept up: a service, a guide. Of the pages of wcxb
that are declared as pages alone, 10 of 11 without a date have been, and 1 of 3 with one."""

EXACT = frozenset({Precision.DAY, Precision.MINUTE, Precision.HOUR})
"""Precisions that name a day."""

_URL_DATE = re.compile(r"[/_-]((?:19|20)\d\d)([/_-]?)(0[1-9]|1[0-2]|[1-9](?=/))\2(0[1-9]|[12]\d|3[01]|[1-9](?=[/_-]))(?!\d)")
_ISO_DAY = re.compile(r"(?:19|20)\d\d-\d\d-\d\d(?!\d)")
_REGION = re.compile(r"^[a-z]{2,3}[-_](?:[a-z]{4}[-_])?([a-z]{2})\b", re.I)
_COUNTRY_HOSTS = {
    "uk": "gb", "au": "au", "nz": "nz", "ie": "ie", "in": "in", "za": "za", "ca": "ca", "us": "us", "gov": "us", "mil": "us",
    "ng": "ng", "ke": "ke", "pk": "pk", "sg": "sg", "my": "my", "ph": "ph", "eu": "eu",
}  # fmt: skip
_VAGUE_PLACE = re.compile(r"\[(?:(?:dc|dcterms)\.)?(?:date|created|date\.created)\]|\.dateCreated$", re.I)
"""Declared dates that do not say of what they are: of creation, of the last export, of the day of print. Where the page prints
another date beside its title, that was the right one on all of 8 such pages of wcxb, htmldate and traf."""

_Dates = list[Candidate[ArticleDate]]


FIRST_WEB_YEAR = 1991
"""An earlier date that nothing calls the date of publication is one of the story."""


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
    said = _read_declared(declared.published, customs)
    changed = _read_declared(declared.modified, customs)
    url = _read_url(page)
    known = {_day(item) for item in (*said, *changed, *url)} | _iso_days(page)
    printed = [item for item in _read_printed(page, around, customs, known) if item.label or _is_of_the_web(item)]
    published = _choose_published(page, [*said, *url], changed, printed)
    if published.value is None:
        loose = [_in_known_order(item, known) for item in read_loose(page, around, customs) if _is_of_the_web(item)]
        published = _choose_loose(published, [item for item in (*printed, *loose) if item.label != "modified"])
        printed += loose
    return published, _choose_modified(changed, printed, published)


def _iso_days(page: Page) -> set[str]:
    """The days that marks of the page name in the one order that is never open, those of other articles among them."""
    return {mark.value[:10] for mark in page.marks if mark.value and _ISO_DAY.match(mark.value)}


def _is_of_the_web(item: Printed) -> bool:
    return item.date.latest.year >= FIRST_WEB_YEAR


def _read_printed(page: Page, around: Surroundings, customs: Customs, known: set[str]) -> list[Printed]:
    """The dates that the page prints; numeric ones that may be read in two ways as the page's own other dates tell."""
    printed = [_in_known_order(item, known) for item in (*read_lines(around, customs), *read_marks(page, around, customs))]
    if customs.first or not any(item.swapped and item.date.text[:10] not in known for item in printed):
        return printed
    first = first_in_dates(
        block.text for block in page.blocks if len(block.text) <= LONGEST_DATE_LINE and may_hold_date(block.text)
    )
    return _read_printed(page, around, replace(customs, first=first), known) if first else printed


def _region_of(page: Page) -> str | None:
    named = _REGION.match(page.head.lang)
    if named:
        return named[1].lower()
    try:
        host = urlsplit(page.url or "").hostname or ""
    except ValueError:
        return None
    return _COUNTRY_HOSTS.get(host.rpartition(".")[2])


def _read_declared(candidates: Iterable[Candidate[str]], customs: Customs) -> _Dates:
    """The declared dates that can be read, in the order of trust, without those that the server's clock made."""
    read = []
    for candidate in candidates:
        date = parse_date(candidate.value, customs)
        if date and not _is_server_clock(date, customs.fetched):
            confidence = ALONE.get(candidate.source, candidate.confidence)
            read.append(Candidate(date, candidate.source, candidate.place, candidate.raw, confidence))
    return sorted(read, key=lambda candidate: SOURCE_TRUST.get(candidate.source, 9))


def _is_server_clock(date: ArticleDate, fetched: datetime | None) -> bool:
    return (
        fetched is not None
        and date.precision is Precision.MINUTE
        and date.zone_known
        and abs(date.earliest - fetched) < SERVER_CLOCK
    )


def _day(candidate: Candidate[ArticleDate] | Printed) -> str:
    value = candidate.value if isinstance(candidate, Candidate) else candidate.date
    return value.text[:10]


def _in_known_order(item: Printed, known: set[str]) -> Printed:
    """A printed date, read the other way round where only that is a day that the page names elsewhere."""
    return exchanged(item) if item.swapped and item.swapped.text[:10] in known and _day(item) not in known else item


def _read_url(page: Page) -> _Dates:
    """The day that stands in the path of the address: `/2026/08/22/`, `-2026-08-22`."""
    try:
        match = _URL_DATE.search(urlsplit(page.url or "").path)
    except ValueError:
        return []
    if not match:
        return []
    year, month, day = (int(match[group]) for group in (1, 3, 4))
    date = make_date(Moment(year, month, day), "url")
    if date is None or is_future(date, page.fetched):
        return []
    return [Candidate(date, "url", "path", match[0].strip("/_-"), ALONE["url"])]


def _candidate(item: Printed) -> Candidate[ArticleDate]:
    return Candidate(item.date, item.source, item.where, item.raw, ALONE[item.source])


def _choose_published(page: Page, said: _Dates, changed: _Dates, printed: list[Printed]) -> Field[ArticleDate]:
    url = [item for item in said if item.source == "url"]
    vague = [item for item in said if _VAGUE_PLACE.search(item.place)]
    clear = [item for item in said if item not in url and item not in vague]
    beside = [_candidate(item) for item in _by_trust(printed, page)]
    clear = _confirmed_first(clear, {_day(item) for item in (*url, *beside)})
    changes = [item for item in printed if item.label == "modified"]
    twice = _said_twice(clear, printed, url, vague, {_day(item) for item in changed})
    strong = [*twice, *_put_right(clear, beside, changed), *url, *beside]
    if _is_of_the_page_alone(strong, changed):
        return Field(None, tuple(strong))
    weak = [*([] if clear else _possible(vague, changes)), *(_candidate(item) for item in _opening_or_far(printed))]
    if not strong and not weak:
        return Field(None, tuple(_candidate(item) for item in printed))
    chosen = _finest([*strong, *weak])
    return Field(_rated(chosen, strong, printed), tuple(item for item in (*strong, *weak) if item is not chosen))


def _said_twice(clear: _Dates, printed: list[Printed], url: _Dates, vague: _Dates, changed: set[str]) -> _Dates:
    """Days printed with the title that the address or a date without a meaning repeats, where no declared date is repeated.

    Of 4 such days on wcxb and htmldate all were right, and none of the declared ones. Most are the local day of a moment that is
    declared in UTC.
    """
    near = [item for item in printed if item.place is Place.NEAR and item.label != "modified"]
    if not clear or _day(clear[0]) in {*map(_day, near), *map(_day, url)}:
        return []
    again = {_day(item) for item in (*url, *vague)} - {*changed, _day(clear[0])}
    found = [item for item in near if _day(item) in again and item.date.precision in EXACT]
    return [_at_moment(_candidate(item), clear) for item in found]


def _at_moment(candidate: Candidate[ArticleDate], clear: _Dates) -> Candidate[ArticleDate]:
    """A local day with the interval of the moment that is declared, where that is this day somewhere on earth."""
    day = candidate.value
    moments = [item.value for item in clear if _exactness(item) == 2 and day.earliest <= item.value.earliest <= day.latest]
    if not moments or _exactness(candidate):
        return candidate
    return replace(candidate, value=replace(day, earliest=moments[0].earliest, latest=moments[0].latest))


def _is_of_the_page_alone(strong: _Dates, changed: _Dates) -> bool:
    """Whether all that is known is when a page was made that is kept up: as a rule it is a page without a date.

    Of 14 such days on wcxb and htmldate 10 stand on pages without a date, and 2 are right.
    """
    return (
        bool(strong)
        and all(item.place.startswith("WebPage.") for item in strong)
        and any(item.value.earliest > strong[0].value.latest + KEPT_UP for item in changed)
    )


def _possible(said: _Dates, changes: list[Printed]) -> _Dates:
    """Declared dates without a meaning that do not lie behind a printed change."""
    return [item for item in said if all(_day(item) <= _day(change) for change in changes)]


def _opening_or_far(printed: list[Printed]) -> list[Printed]:
    """Dates that open the text, then those called the article's far from its title, if they name one day."""
    far = [item for item in printed if item.place is Place.FAR and item.label == "published"]
    opening = [item for item in printed if item.place is Place.OPENING and item.label != "modified"]
    return [*opening, *(far if len({_day(item) for item in far}) == 1 else [])]


def _rated(chosen: Candidate[ArticleDate], strong: _Dates, printed: list[Printed]) -> Candidate[ArticleDate]:
    """The chosen date with its confidence."""
    if _VAGUE_PLACE.search(chosen.place):
        agreed = any(_day(item) == _day(chosen) for item in strong)
        return replace(chosen, confidence=AGREED if agreed else VAGUE)
    share = confidence_of(chosen, [item for item in strong if item is not chosen])
    open_days = {item.where for item in printed if item.swapped}
    if share not in {AGREED, AGREED_AGAINST_OTHERS} and chosen.place in open_days:
        share = min(share, OPEN_ORDER)
    return replace(chosen, confidence=share)


def _by_trust(printed: list[Printed], page: Page) -> list[Printed]:
    """Dates printed with the title that are not those of a change: called published first, relative ones last."""
    near = [
        item
        for item in printed
        if item.place in {Place.NEAR, Place.ABOVE} and item.label != "modified" and not _is_today(item, page)
    ]
    return sorted(near, key=lambda item: (item.date.basis == "relative", item.label != "published", item.place))


def _is_today(item: Printed, page: Page) -> bool:
    """Whether a date above the title is but the day of the visit."""
    return item.place is Place.ABOVE and page.fetched is not None and item.date.earliest <= page.fetched <= item.date.latest


def _confirmed_first(clear: _Dates, days: set[str]) -> _Dates:
    """Declared dates, those first whose day the page prints or its address has."""
    return sorted(clear, key=lambda item: _day(item) not in days)


def _put_right(clear: _Dates, beside: _Dates, changed: _Dates) -> _Dates:
    """Declared dates behind a printed one that is earlier, where they may be those of a change or of a move to another system."""
    if not clear or not beside or _day(clear[0]) in {_day(item) for item in beside}:
        return clear
    first, changes = clear[0], {_day(item) for item in changed}
    is_doubtful = first.source == "open-graph" or first.place.startswith("WebPage.") or _day(first) in changes
    earlier = [
        item
        for item in beside
        if item.source == "text"
        and item.value.precision in EXACT
        and item.value.latest + EARLIER < first.value.earliest
        and _day(item) not in changes
    ]
    return [*earlier[:1], *clear] if is_doubtful else clear


def _only_one(items: _Dates) -> _Dates:
    """Dates, if all of them name one day: then they are not those of other articles."""
    return items if len({_day(item) for item in items}) == 1 else []


def _choose_loose(nothing: Field[ArticleDate], loose: list[Printed]) -> Field[ArticleDate]:
    """The one day that the page calls its date, or that stands alone on a line."""
    named = _only_one([_candidate(item) for item in loose if item.label])
    days = [item for item in loose if item.place in {Place.FAR, Place.LOOSE} and item.date.precision in EXACT]
    order = named or _only_one([_candidate(item) for item in days])
    return Field(replace(order[0], confidence=UNPLACED), tuple(order[1:])) if order else nothing


def _finest(order: _Dates) -> Candidate[ArticleDate]:
    """The first date, or one that says the same day more exactly: a declared one before a printed one."""
    first = order[0]
    if _exactness(first) == 2 or first.value.precision not in EXACT:
        return first
    same_day = [item for item in order if _day(item) == _day(first) and _exactness(item) > _exactness(first)]
    return max(same_day, key=_exactness, default=first)


def _exactness(candidate: Candidate[ArticleDate]) -> int:
    if candidate.value.precision is not Precision.MINUTE:
        return 0
    return 2 if candidate.value.zone_known else 1


def _choose_modified(changed: _Dates, printed: list[Printed], published: Field[ArticleDate]) -> Field[ArticleDate]:
    order = [*changed, *(_candidate(item) for item in printed if item.label == "modified" and item.place is not Place.FAR)]
    possible = [item for item in order if published.value is None or item.value.latest >= published.value.earliest]
    if not possible:
        return Field(None, tuple(order))
    chosen = _finest(possible)
    return Field(chosen, tuple(item for item in order if item is not chosen))
