"""The filters of a search as conditions on hits: asked of each hit, and where few articles can pass, of their numbers first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlite_utils import Database

from archive.selection import FROM_ARTICLES, Filters, period

FEW = 40_000
"""Articles whose numbers are listed before the index is read; more are asked one by one as they are hit. A list of so many is
made in about 15 ms, and a hit is looked up in it in a tenth of the time that its article takes."""

OFFSET = timedelta(hours=14)
"""The largest offset of a time zone: a date as printed may be so far from UTC."""

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
    few: str = ""
    """Query for the numbers of articles that can pass, if they are few."""
    parameters: dict[str, str] = field(default_factory=dict)

    def condition(self, table: str) -> str:
        """What to add to a query of an index: the numbers first, then the article itself."""
        sql = ""
        if self.few:
            sql += (
                f" AND {table}.rowid BETWEEN (SELECT min(id) FROM ({self.few})) AND (SELECT max(id) FROM ({self.few}))"  # noqa: S608
                f" AND +{table}.rowid IN ({self.few})"
            )
        if self.exact:
            sql += f" AND EXISTS (SELECT 1 {FROM_ARTICLES} WHERE a.id = {table}.rowid AND {self.exact})"
        return sql


def narrow(db: Database, filters: Filters) -> Narrowing:
    """The conditions that filters come to."""
    exact, parameters = filters.sql()
    if not parameters:
        return Narrowing("" if exact == "1" else exact, "", parameters)
    few = ""
    for query, more in _queries(filters, parameters):
        held = {**parameters, **more}
        if db.conn.execute(f"SELECT count(*) FROM (SELECT 1 FROM ({query}) LIMIT {FEW + 1})", held).fetchone()[0] <= FEW:  # noqa: S608
            few, parameters = query, held
            break
    return Narrowing(exact, few, parameters)


def _queries(filters: Filters, parameters: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """Queries for articles that can pass, each with its further parameters; the narrowest are likely to come first."""
    dated, more = dates(filters)
    queries: list[tuple[str, dict[str, str]]] = []
    if "site" in parameters:
        queries.append((f"SELECT id FROM articles WHERE site = :site{f' AND {dated}' if dated else ''}", more))  # noqa: S608 - names only
    elif dated:
        queries.append((f"SELECT id FROM articles WHERE {dated}", more))  # noqa: S608 - names only
    if "author" in parameters:
        queries.append((AUTHORS, {}))
    if "lang" in parameters:
        queries.append(("SELECT id FROM articles WHERE lang = :lang", {}))
    return queries


def dates(filters: Filters) -> tuple[str, dict[str, str]]:
    """Condition on `published` as printed that whatever is within the dates fulfils; a month or a year stands before its days."""
    conditions: list[str] = []
    parameters: dict[str, str] = {}
    if filters.since is not None:
        first, day = _shifted(filters.since, -1), period(filters.since)[0]
        parameters |= {"earliest": first, "year": first[:4], "month": first[:7], "own_year": day[:4], "own_month": day[:7]}
        conditions.append("(published >= :earliest OR published IN (:year, :month, :own_year, :own_month))")
    if filters.until is not None:
        parameters["latest"] = _shifted(filters.until, 1) + "~"
        conditions.append("published <= :latest")
    return " AND ".join(conditions), parameters


def _shifted(moment: datetime | str, sign: int) -> str:
    """The day of the moment, an offset earlier or later."""
    text = period(moment)[0 if sign < 0 else 1]
    try:
        return (datetime.fromisoformat(text) + sign * OFFSET).date().isoformat()
    except OverflowError:
        return text[:10]
