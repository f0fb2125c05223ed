"""The filters of a search as conditions on hits: asked of each hit, and where few articles can pass, of their numbers first."""

# ruff: noqa: S608 - names and conditions are put together here, values are parameters
from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlite_utils import Database

from archive.numbers import LARGEST_INTEGER
from archive.selection import EARLIER, FROM_ARTICLES, OFFSET, Filters, coarse_dates, period

FEW = 150_000
"""Articles whose numbers are listed before the index is read; more are asked one by one as they are hit. A number is listed in a
fifth of a microsecond, an article asked in 5 and more."""

OF_ONE_INDEX = "SELECT id FROM articles WHERE"
"""A query that an index answers; to count so far that it is too long takes a tenth of what reading it takes."""

AUTHORS = """
WITH RECURSIVE names (name) AS (
    SELECT min(name) FROM authors UNION ALL
    SELECT (SELECT min(name) FROM authors WHERE name > names.name) FROM names WHERE names.name IS NOT NULL
)
SELECT article_id AS id FROM authors WHERE name IN (SELECT name FROM names WHERE name LIKE :author ESCAPE '\\')
"""
"""Passes over the articles of one author at a step: there are far fewer names than articles."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Conditions on a hit."""

    exact: str = ""
    """On `articles AS a` and `revisions AS r`; empty: none."""
    listed: frozenset[int] | None = None
    """Numbers of the articles that can pass; None: not listed."""
    parameters: dict[str, str] = field(default_factory=dict)

    @property
    def range(self) -> tuple[int, int]:
        """The smallest and the largest number that can pass."""
        if self.listed is None:
            return -LARGEST_INTEGER, LARGEST_INTEGER
        return min(self.listed, default=0), max(self.listed, default=0)

    def condition(self, rowid: str) -> str:
        """What is asked of the article itself, as more SQL behind a WHERE."""
        if not self.exact:
            return ""
        rows = FROM_ARTICLES if re.search(r"\br\.", self.exact) else " FROM articles AS a "
        return f" AND EXISTS (SELECT 1 {rows} WHERE a.id = {rowid} AND {self.exact})"

    def passing(self, db: Database, ids: Iterable[int]) -> list[int]:
        """Those of some numbers that are listed and pass what is left to ask, in their order."""
        kept = [number for number in ids if self.listed is None or number in self.listed]
        if not self.exact:
            return kept
        asked = f"SELECT value FROM json_each(:ids) WHERE 1 {self.condition('value')}"
        passed = {row[0] for row in db.conn.execute(asked, {**self.parameters, "ids": json.dumps(kept)})}
        return [number for number in kept if number in passed]


def narrow(db: Database, filters: Filters) -> Narrowing:
    """The conditions that filters come to; lists the articles that pass some of them, if they are few."""
    for query, parameters, left in _queries(filters):
        if query.startswith(OF_ONE_INDEX) and _is_long(db, query, parameters):
            continue
        ids = json.loads(db.conn.execute(f"SELECT json_group_array(id) FROM ({query} LIMIT {FEW + 1})", parameters).fetchone()[0])
        if len(ids) <= FEW:
            return ask_each(left, frozenset(ids))
    return ask_each(filters)


def _is_long(db: Database, query: str, parameters: dict[str, str]) -> bool:
    return db.conn.execute(f"{query} LIMIT 1 OFFSET {FEW}", parameters).fetchone() is not None


def ask_each(filters: Filters, listed: frozenset[int] | None = None) -> Narrowing:
    """The conditions that filters come to, asked of each hit, beside a list of articles that can pass."""
    exact, parameters = filters.sql()
    return Narrowing("" if exact == "1" else exact, listed, parameters)


def _queries(filters: Filters) -> list[tuple[str, dict[str, str], Filters]]:
    """Queries for the articles that pass some of the filters, with their parameters and the filters left to ask for."""
    queries: list[tuple[str, dict[str, str], Filters]] = []
    if filters.as_of is not None:
        return queries
    placed = Filters(site=filters.site, since=filters.since, until=filters.until)
    if filters.since is not None or filters.until is not None:
        queries.append((*_dated(placed), replace(filters, site=None, since=None, until=None)))
    elif filters.site is not None:
        site = Filters(site=filters.site).sql()[1]
        queries.append((f"{OF_ONE_INDEX} site = :site", site, replace(filters, site=None)))
    if filters.author is not None:
        queries.append((AUTHORS, Filters(author=filters.author).sql()[1], replace(filters, author=None)))
    if filters.lang is not None:
        lang = Filters(lang=filters.lang).sql()[1]
        queries.append((f"{OF_ONE_INDEX} lang = :lang", lang, replace(filters, lang=None)))
    return queries


def _dated(filters: Filters) -> tuple[str, dict[str, str]]:
    """Query for what passes a filter by dates, and site if one is given.

    A day well within the dates passes by what is printed, which the index of `published` holds. Days near the ends, months and
    years have to be looked up, also those beside the ends.
    """
    exact, parameters = filters.sql()
    # The index of a site's articles by date is chosen where both are asked for.
    site = "a.site = :site AND a.published > '' AND " if filters.site is not None else ""
    days, sure, around = [], ["length(a.published) >= 10"], set[str]()
    if filters.since is not None:
        start = period(filters.since)[0]
        parameters |= {"from": _moved(start, -OFFSET), "sure_from": _moved(start, OFFSET) + "~"}
        around |= _coarse(parameters["from"]) | _coarse(start)
        days.append("a.published >= :from")
        sure.append("a.published > :sure_from")
    if filters.until is not None:
        end = period(filters.until)[1]
        last = _moved(end, EARLIER)
        parameters |= {"to": last + "~", "sure_to": _moved(end, -OFFSET)}
        around |= _coarse(last)
        days.append("a.published <= :to")
        sure.append("a.published < :sure_to")
    parameters["around"] = json.dumps(sorted(around))
    possible = f"(({' AND '.join(days)}) OR a.published IN (SELECT value FROM json_each(:around)))"
    asked = f"EXISTS (SELECT 1 FROM revisions AS r WHERE r.article_id = a.id AND r.number = a.newest AND {exact})"
    return f"SELECT a.id FROM articles AS a WHERE {site}{possible} AND (({' AND '.join(sure)}) OR {asked})", parameters


def _coarse(moment: str) -> set[str]:
    """The years and months around a moment."""
    return coarse_dates(date.fromisoformat(moment[:10]))


def _moved(moment: str, by: timedelta) -> str:
    """The day on which a moment is when moved."""
    try:
        return (datetime.fromisoformat(moment) + by).date().isoformat()
    except OverflowError:
        return moment[:10]
