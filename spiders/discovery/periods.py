"""Periods of time that a crawl keeps to, and the dates in addresses that tell what lies outside of them.

A date in an address is taken as it stands, as a day of UTC: who asks for May gets what the site itself files under May.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

from archive.visit import PageKind

FIRST_YEAR, LAST_YEAR = 1900, 2099
"""What four digits may be for a year."""
SECOND = timedelta(seconds=1)

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_YEAR = r"((?:19|20)\d\d)"
_NAMED = "|".join(f"{name}|{name[:3]}" for name in _MONTHS)
_FOLDERS = (
    re.compile(rf"/{_YEAR}/(0?[1-9]|1[0-2]|{_NAMED})(?:/(0?[1-9]|[12]\d|3[01])(?=[/.]|$))?(?=[/.]|$)", re.IGNORECASE),
    re.compile(rf"/{_YEAR}[-_](0[1-9]|1[0-2])[-_](0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"),
    re.compile(rf"/{_YEAR}[-_](0[1-9]|1[0-2])()(?=/|$)"),
    re.compile(rf"/{_YEAR}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"),
)
"""Dates exact to the month at least that fill segments of a path, or begin one: `/2024/05/12-things-to-do` says May, not the 12th
of May, and `/2024-10-best-films` nothing."""
_YEAR_FOLDER = re.compile(r"/((?:19|20)\d\d)/?$")
_IN_NAME = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:(?P<between>[-_./]?)(0[1-9]|1[0-2])(?:(?P=between)(0[1-9]|[12]\d|3[01]))?)?(?!\d)"
)
"""A date anywhere in a path, to the year at least: `sitemap-2024-05.xml`, `/sitemaps/2024/05/17.xml`, `posts-20240517.xml`."""
_LAST_NUMBER = re.compile(r"\d+(?!.*\d)")
_QUERY_NAMES = {"year": ("yyyy", "year", "y"), "month": ("mm", "month", "m"), "day": ("dd", "day", "d")}


class Span(NamedTuple):
    """A time from its first moment to the first one after it, aware UTC."""

    start: datetime
    end: datetime


class Known(Protocol):
    """What is known of an address without fetching it: `Found` and `Lease`."""

    @property
    def url(self) -> str:
        """Absolute."""

    @property
    def kind(self) -> PageKind:
        """What it is expected to hold."""

    @property
    def published(self) -> datetime | None:
        """As a feed or sitemap says."""

    @property
    def modified(self) -> datetime | None:
        """Likewise."""


K = TypeVar("K", bound=Known)


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` on and before `until`; None: open on that side. Aware."""

    since: datetime | None = None
    until: datetime | None = None

    def excludes(self, known: Known) -> bool:
        """Whether an address is known to hold nothing of this period.

        With an end, publication decides where it is known. Without one, an article that was changed since counts, too.
        What was changed later may have been published at any time before, so a late change alone excludes nothing.
        """
        match known.kind:
            case PageKind.ARTICLE:
                return self._excludes_article(known)
            case PageKind.SITEMAP:
                return self._is_before(known.modified) or self.misses(_span_of_query(known.url))
            case PageKind.LISTING:
                return self.misses(span_of_folders(known.url) or _span_of_last_folder(known.url))
            case _:
                return False

    def within(self, found: Sequence[K]) -> tuple[K, ...]:
        """What may hold something of this period, of all that one page led to; names of sitemaps are read side by side."""
        if self.since is None and self.until is None:
            return tuple(found)
        spans = spans_of_sitemaps([each.url for each in found if each.kind is PageKind.SITEMAP])
        return tuple(each for each in found if not self.excludes(each) and not self.misses(spans.get(each.url)))

    def misses(self, span: Span | None) -> bool:
        """Whether a span lies outside; one that is not known does not."""
        if span is None:
            return False
        return (self.since is not None and span.end <= self.since) or (self.until is not None and span.start >= self.until)

    def _excludes_article(self, known: Known) -> bool:
        span = _span_of(known.published) or span_of_folders(known.url)
        if self.until is not None and span is not None:
            return self.misses(span)
        times = [moment for moment in (known.published, known.modified, span.end - SECOND if span else None) if moment]
        return bool(times) and self._is_before(max(times))

    def _is_before(self, moment: datetime | None) -> bool:
        return self.since is not None and moment is not None and moment < self.since


def span_of(year: int, month: int | None = None, day: int | None = None) -> Span | None:
    """The span of a year, month or day; None for a date that does not exist."""
    try:
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
        if day:
            return Span(start, start + timedelta(days=1))
        if month:
            return Span(start, start.replace(year=year + month // 12, month=month % 12 + 1))
        return Span(start, start.replace(year=year + 1))
    except (ValueError, OverflowError):
        return None


def span_of_folders(url: str) -> Span | None:
    """The day or month that the path of an article or listing names; None without one."""
    path = unquote(urlsplit(url).path)
    for pattern in _FOLDERS:
        if found := pattern.search(path):
            return span_of(int(found[1]), _month(found[2]), int(found[3] or 0))
    return None


def spans_of_sitemaps(urls: Sequence[str]) -> dict[str, Span]:
    """The spans that the addresses of one index's parts name.

    A number that runs on beyond what a year or a day can be, in the name of a sister, is neither: `sitemap-2004.xml` beside
    `sitemap-17.xml` is the 2004th part.
    """
    counted = {shape for url in urls if (shape := _shape(url)) and not _is_date_part(url)}
    spans = ((url, _span_of_name(url, exact=_shape(url) not in counted)) for url in urls)
    return {url: span for url, span in spans if span is not None}


def _span_of_last_folder(url: str) -> Span | None:
    """The year that an address ends with, as that of a yearly list does."""
    year = _YEAR_FOLDER.search(unquote(urlsplit(url).path))
    return span_of(int(year[1])) if year else None


def _span_of(moment: datetime | None) -> Span | None:
    return None if moment is None else Span(moment, moment + SECOND)


def _month(text: str) -> int:
    return int(text) if text.isdecimal() else [name[:3] for name in _MONTHS].index(text[:3].lower()) + 1


def _span_of_name(url: str, *, exact: bool) -> Span | None:
    """What the address of a sitemap names; of several dates all that lies between. Not `exact`: without its last number."""
    if by_query := _span_of_query(url):
        return by_query
    path = unquote(urlsplit(url).path)
    last = _LAST_NUMBER.search(path)
    spans = []
    for found in _IN_NAME.finditer(path):
        parts = [int(part) for part in (found[1], found[3], found[4]) if part]
        if not exact and last is not None and found.end() >= last.end():
            parts = parts[:-1] if found["between"] else []
        spans.append(span_of(*parts) if parts else None)
    known = [span for span in spans if span is not None]
    return Span(min(s.start for s in known), max(s.end for s in known)) if known else None


def _span_of_query(url: str) -> Span | None:
    values = {name.lower(): int(value) for name, value in parse_qsl(urlsplit(url).query) if re.fullmatch(r"[0-9]{1,4}", value)}
    year, month, day = (next((values[name] for name in names if name in values), 0) for names in _QUERY_NAMES.values())
    return span_of(year, month, day if month else 0) if FIRST_YEAR <= year <= LAST_YEAR else None


def _shape(url: str) -> str:
    """An address with a sign in place of its last number; empty where it has none."""
    path = unquote(urlsplit(url).path)
    return _LAST_NUMBER.sub("#", path) if _LAST_NUMBER.search(path) else ""


def _is_date_part(url: str) -> bool:
    """Whether the last number in the path of an address belongs to something that reads as a date."""
    path = unquote(urlsplit(url).path)
    last = _LAST_NUMBER.search(path)
    return last is not None and any(found.start() <= last.start() < found.end() for found in _IN_NAME.finditer(path))
