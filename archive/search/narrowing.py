"""The filters of a search as conditions on hits: asked of each hit, and where few articles can pass, of their numbers first."""

# ruff: noqa: S608 - names and conditions are put together here, values are parameters
from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.selection import FROM_ARTICLES, Filters, period

FEW = 150_000
"""Articles whose numbers are listed before the index is read; more are asked one by one as they are hit. A number is listed in a
quarter of a microsecond, an article asked in 3 to 7."""

MARGIN = timedelta(days=2)
"""A date as printed is nearer than this to its moment in UTC: zones are at most 14 hours off."""

AUTHORS = """
WITH RECURSIVE names (name) AS (
    SELECT min(name) FROM authors UNION ALL
    SELECT (SELECT min(name) FROM authors WHERE name > names.name) FROM names WHERE names.name IS NOT NULL
)
SELECT article_id AS id FROM authors WHERE name IN (SELECT name FROM names WHERE name LIKE :author ESCAPE '\\')
"""
"""Passes over the articles of one author at a step: there are far fewer names than articles."""


LISTED = "temp.listed_for_search"
"""Numbers of the articles that can pass; a table of the connection alone, which a read-only archive can have too."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Conditions on a hit."""

    exact: str = ""
    """On `articles AS a` and `revisions AS r`; empty: none."""
    listed: tuple[int, int, int] | None = None
    """How many numbers of articles are listed, the smallest and the largest; None if they are not."""
    parameters: dict[str, str] = field(default_factory=dict)

    def condition(self, table: str) -> str:
        """What to add to a query of an index: the numbers first, then the article itself."""
        sql = ""
        if self.listed is not None:
            _, first, last = self.listed
            sql += f" AND {table}.rowid BETWEEN {first} AND {last} AND +{table}.rowid IN (SELECT id FROM {LISTED})"
        if self.exact:
            rows = FROM_ARTICLES if re.search(r"\br\.", self.exact) else " FROM articles AS a "
            sql += f" AND EXISTS (SELECT 1 {rows} WHERE a.id = {table}.rowid AND {self.exact})"
        return sql


def narrow(db: Database, filters: Filters) -> Narrowing:
    """The conditions that filters come to; lists the articles that pass some of them, if they are few."""
    for query, parameters, left in _queries(filters):
        if db.conn.execute(f"SELECT count(*) FROM (SELECT 1 FROM ({query}) LIMIT {FEW + 1})", parameters).fetchone()[0] <= FEW:
            return _narrowing(left, _list(db, query, parameters))
    return _narrowing(filters, None)


def _narrowing(filters: Filters, listed: tuple[int, int, int] | None) -> Narrowing:
    exact, parameters = filters.sql()
    return Narrowing("" if exact == "1" else exact, listed, parameters)


def _list(db: Database, query: str, parameters: dict[str, str]) -> tuple[int, int, int]:
    db.conn.execute("PRAGMA temp_store = MEMORY")
    db.conn.execute(f"CREATE TABLE IF NOT EXISTS {LISTED} (id INTEGER PRIMARY KEY)")
    db.conn.execute(f"DELETE FROM {LISTED}")
    db.conn.execute(f"INSERT OR IGNORE INTO {LISTED} SELECT id FROM ({query}) ORDER BY id", parameters)
    count, first, last = db.conn.execute(
        f"SELECT (SELECT count(*) FROM {LISTED}), (SELECT min(id) FROM {LISTED}), (SELECT max(id) FROM {LISTED})"
    ).fetchone()
    return count, first or 0, last or 0


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
        queries.append(("SELECT id FROM articles WHERE site = :site", site, replace(filters, site=None)))
    if filters.author is not None:
        queries.append((AUTHORS, Filters(author=filters.author).sql()[1], replace(filters, author=None)))
    if filters.lang is not None:
        lang = Filters(lang=filters.lang).sql()[1]
        queries.append(("SELECT id FROM articles WHERE lang = :lang", lang, replace(filters, lang=None)))
    return queries


def _dated(filters: Filters) -> tuple[str, dict[str, str]]:
    """Query for what passes a filter by dates, and site if one is given.

    A day well within the dates passes by what is printed, which the index of `published` holds. Months, years and days near the
    ends have to be looked up.
    """
    exact, parameters = filters.sql()
    site = "a.site = :site AND " if filters.site is not None else ""
    possible, sure = [], ["length(a.published) >= 10"]
    if filters.since is not None:
        first, day = _moved(filters.since, 0, -1), period(filters.since)[0]
        parameters |= {"from": first, "year": first[:4], "month": first[:7], "own_year": day[:4], "own_month": day[:7]}
        parameters["sure_from"] = _moved(filters.since, 0, 1)
        possible.append("(a.published >= :from OR a.published IN (:year, :month, :own_year, :own_month))")
        sure.append("a.published >= :sure_from")
    if filters.until is not None:
        parameters |= {"to": _moved(filters.until, 1, 1) + "~", "sure_to": _moved(filters.until, 1, -1)}
        possible.append("a.published <= :to")
        sure.append("a.published <= :sure_to")
    query = (
        f"SELECT a.id FROM articles AS a WHERE {site}{' AND '.join(sure)} UNION ALL "
        f"SELECT a.id {FROM_ARTICLES} WHERE {site}{' AND '.join(possible)} AND NOT ({' AND '.join(sure)}) AND {exact}"
    )
    return query, parameters


def _moved(moment: datetime | str, end: int, sign: int) -> str:
    """The first (0) or last (1) day that a moment means, some days earlier or later."""
    text = period(moment)[end]
    try:
        return (datetime.fromisoformat(text) + sign * MARGIN).date().isoformat()
    except OverflowError:
        return text[:10]
