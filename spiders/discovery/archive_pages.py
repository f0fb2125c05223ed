"""Archive pages: addresses that a site files its articles under by date, as `https://site.example/{year}/{month:02}/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from string import Formatter
from urllib.parse import urlsplit

from archive.urls import address_key
from archive.visit import Found, PageKind
from spiders.discovery.periods import Span, span_of
from spiders.discovery.priorities import ARCHIVE_PAGE as PRIORITY

CLOSED = "archive page"
"""How the page of a time that is over was found, and what it led to; nothing more will come there."""
OPEN = "open archive page"
"""The same of a time to which the site may still add."""
DATED_LATE = timedelta(days=2)
"""After its time is over, a page may get articles for so long: of other time zones, and of the night."""
DEPTH = 2
"""Steps from the seed at which archive pages stand, so that they lead to articles and to further pages, and to no sections."""
MOST_PAGES = 50_000
"""Of one template; days of more than a hundred years."""
LAST_PAGE = 1000
"""Of one day, month or year; a server that answers each number with something new would hold a crawl for ever."""

_FIELDS = ("year", "month", "day", "page")
_FORMAT = re.compile(r"(?:0?[1-9])?d?")


class ArchivePages:
    """A template of addresses with `{year}`, `{month}`, `{day}` and `{page}`, each with a width as in `{month:02}` if need be.

    Raises:
        ValueError: it names no year, another field, or is no http(s) address; the message is the end of a sentence that begins
            with the name of the key.
    """

    def __init__(self, template: str) -> None:
        self.template = template
        parts = _parts(template)
        self._fields = frozenset(name for _, name in parts if name)
        self._check()
        groups = (_group(name, parts[:place]) if name else "" for place, (_, name) in enumerate(parts))
        self._pattern = re.compile("".join(re.escape(text) + group for (text, _), group in zip(parts, groups, strict=True)))

    def expand(self, since: datetime, until: datetime, now: datetime) -> Iterator[Found]:
        """The first page of each day, month or year of a period, the latest first.

        Raises:
            ValueError: they are more than `MOST_PAGES`.
        """
        for count, span in enumerate(self._spans(since, min(until, now))):
            if count == MOST_PAGES:
                raise ValueError(f"makes more than {MOST_PAGES:,} addresses from {since:%Y-%m-%d} on; begin later")
            how = CLOSED if is_over(span, now) else OPEN
            yield Found(self._address(span.start, 1), PageKind.LISTING, how, PRIORITY)

    def span_of(self, url: str) -> Span | None:
        """The day, month or year that an address of this template stands for; None for other addresses."""
        found = self._match(url)
        return span_of(found["year"], found.get("month"), found.get("day")) if found else None

    def next_page(self, url: str) -> str | None:
        """The address of the page after this one; None where the template has no pages, or there have been too many."""
        found = self._match(url)
        span = self.span_of(url)
        if not found or span is None or not 1 <= found.get("page", 0) < LAST_PAGE:
            return None
        return self._address(span.start, found["page"] + 1)

    def first_page(self, url: str) -> str | None:
        """The address of the first page of the same time; None for addresses that are none of this template."""
        span = self.span_of(url)
        return self._address(span.start, 1) if span else None

    def _spans(self, since: datetime, until: datetime) -> Iterator[Span]:
        span = self._around(until - timedelta(microseconds=1))
        yield span
        while span.start > since:
            span = self._around(span.start - timedelta(microseconds=1))
            yield span

    def _around(self, moment: datetime) -> Span:
        """The day, month or year of a moment."""
        has_day, has_month = "day" in self._fields, "month" in self._fields
        span = span_of(moment.year, moment.month if has_month else None, moment.day if has_day else None)
        assert span is not None
        return span

    def _address(self, start: datetime, page: int) -> str:
        return self.template.format(year=start.year, month=start.month, day=start.day, page=page)

    def _match(self, url: str) -> dict[str, int]:
        found = self._pattern.fullmatch(url)
        return {name: int(text) for name, text in found.groupdict().items()} if found else {}

    def _check(self) -> None:
        if "year" not in self._fields or ("day" in self._fields and "month" not in self._fields):
            raise ValueError(f"must name the {{year}}, and the {{month}} where it names the {{day}}, not {self.template!r}")
        address = self.template.format(year=2000, month=1, day=1, page=1)
        if address_key(address) is None or "@" in urlsplit(address).netloc:
            raise ValueError(f"must be an http or https address, not {self.template!r}")


def is_over(span: Span, now: datetime) -> bool:
    """Whether nothing more will be dated into a day, month or year."""
    return span.end + DATED_LATE <= now


def _parts(template: str) -> list[tuple[str, str | None]]:
    """Texts, each with the name of the field that follows it."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise ValueError(f"cannot be read: {error} in {template!r}") from error
    for _, name, form, conversion in parts:
        if name is not None and (name not in _FIELDS or conversion or not _FORMAT.fullmatch(form or "")):
            raise ValueError("may hold {year}, {month}, {day} and {page}, a width as in {month:02}, and no other braces")
    return [(text, name) for text, name, _, _ in parts]


def _group(name: str, before: list[tuple[str, str | None]]) -> str:
    """A field as a pattern; a year has four digits, so that `{year}{month:02}` can be told apart."""
    if name in [earlier for _, earlier in before]:
        return r"\d+?"
    return {"year": r"(?P<year>\d{4})", "page": r"(?P<page>\d+)"}.get(name, rf"(?P<{name}>\d{{1,2}})")
