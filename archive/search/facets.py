"""Filters by site, language and date as words of the search index, so that FTS5 itself passes over what a filter keeps out.

`articles.facets` holds them (see the schema); each begins with a character for private use, and they are looked for in their own
column alone, so that no text can pass for one. Dates are covered by whole years, months and days; of the days at the ends, and
of months and years that reach beyond them, each article has to be asked. A facet is what is printed, and an article can be older
or newer than that ("1 year ago", see `archive.selection.coarse_dates`), so the years and months beside the ends are asked too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from archive.search.expression import Leaf, Tree, all_of, any_of
from archive.selection import EARLIER, OFFSET, Filters, coarse_dates, period

MARK, DOT, HYPHEN = "\ue000", "\ue001", "\ue002"
"""What begins a facet, and what stands for the signs of a host in it; the schema writes the same."""

NEVER = Leaf("\uf8ff")
"""Found nowhere: no text that is read holds this character, and no facet is made of it alone."""

DAY = timedelta(days=1)

MOST_YEARS = 100
"""Years that are looked for one by one; dates further apart are asked of each article."""

SITE, LANGUAGE = re.compile(r"[a-z0-9.-]+"), re.compile(r"[a-z]+")
"""Values that have a facet."""


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Gate:
    """What filters come to in the search index."""

    tree: Tree | None
    """Finds what can pass; None: everything can."""
    left: Filters
    """The filters that the index knows nothing of."""
    unsure: Tree | None = None
    """Of what can pass, what `dates` has to be asked of."""
    dates: Filters = EVERYTHING
    known: Filters = EVERYTHING
    """The filters that `tree` stands for."""


def gate(db: Database, filters: Filters) -> Gate:
    """Part filters into what the search index knows and what has to be asked of articles."""
    if filters.as_of is not None:
        return Gate(None, filters)
    parts: list[Tree] = []
    known, left = EVERYTHING, filters
    values = filters.sql()[1]
    if SITE.fullmatch(values.get("site", "")):
        parts.append(_facet("s", values["site"].replace(".", DOT).replace("-", HYPHEN)))
        known, left = replace(known, site=filters.site), replace(left, site=None)
    if LANGUAGE.fullmatch(values.get("lang", "")):
        parts.append(_facet("l", values["lang"]))
        known, left = replace(known, lang=filters.lang), replace(left, lang=None)
    unsure, dates = None, Filters(since=filters.since, until=filters.until)
    span = _possible_days(db, dates)
    if span is not None:
        covering, asked = _dated(*span)
        parts.append(covering)
        unsure, left = asked, replace(left, since=None, until=None)
        known = replace(known, since=filters.since, until=filters.until)
    return Gate(all_of(parts) if parts else None, left, unsure, dates, known)


def _facet(letter: str, value: str) -> Leaf:
    return Leaf(f"{MARK}{letter}{value}", column="facets")


def _possible_days(db: Database, filters: Filters) -> tuple[date, date, date, date] | None:
    """First and last day that can pass, and between them the first and last that surely do; None: not to be told by days."""
    if filters.since is None and filters.until is None:
        return None
    oldest, newest = (_end(db, order) for order in ("", "DESC"))
    if oldest is None or newest is None or not (oldest > 0 and newest < date.max.year):
        return None
    try:
        start = datetime.fromisoformat(period(filters.since)[0]) if filters.since is not None else datetime(oldest, 1, 1)  # noqa: DTZ001
        end = datetime.fromisoformat(period(filters.until)[1]) if filters.until is not None else datetime(newest, 12, 31)  # noqa: DTZ001
        first, last = (start - OFFSET).date(), (end + EARLIER).date()
        surely_first = (start + OFFSET - timedelta(seconds=1)).date() + DAY
        surely_last = (end - OFFSET + timedelta(seconds=1)).date() - DAY
    except OverflowError:
        return None
    if filters.since is None:
        first = surely_first = date(oldest, 1, 1)
    if filters.until is None:
        last = surely_last = date(newest, 12, 31)
    if last.year - first.year > MOST_YEARS:
        return None
    return first, last, surely_first, surely_last


def _end(db: Database, order: str) -> int | None:
    """Year of the oldest or newest article; None where no article has a date."""
    sql = f"SELECT published FROM articles WHERE published >= '0' AND published < ':' ORDER BY published {order} LIMIT 1"  # noqa: S608
    found = db.conn.execute(sql).fetchone()
    return int(found[0][:4]) if found is not None and found[0][:4].isdecimal() else None


def _dated(first: date, last: date, surely_first: date, surely_last: date) -> tuple[Tree, Tree]:
    """What covers the days from `first` to `last`, and of it what is not sure to pass."""
    covering = [_facet(letter, value) for letter, value in _periods(first, last)]
    reaching = {printed.replace("-", "") for day in (first, last, surely_first, surely_last) for printed in coarse_dates(day)}
    days = {*_days(first, min(surely_first - DAY, last)), *_days(max(surely_last + DAY, first), last)}
    asked = reaching | {f"{day.year:04}{day.month:02}{day.day:02}" for day in days}
    beyond = [_facet("d", value) for value in sorted(reaching)]
    return any_of([*covering, *beyond]), any_of([_facet("d", value) for value in sorted(asked)])


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _periods(first: date, last: date) -> Iterator[tuple[str, str]]:
    """The fewest years, months and days that make up the days from one to another."""
    day = first
    while day <= last:
        year_end, month_end = date(day.year, 12, 31), (day.replace(day=1) + timedelta(days=31)).replace(day=1) - DAY
        if day == date(day.year, 1, 1) and year_end <= last:
            yield "y", f"{day.year:04}"
            day = year_end + DAY
        elif day.day == 1 and month_end <= last:
            yield "m", f"{day.year:04}{day.month:02}"
            day = month_end + DAY
        else:
            yield "d", f"{day.year:04}{day.month:02}{day.day:02}"
            day += DAY
