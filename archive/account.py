"""The account of a selection: how many articles were there, how many of them are left out, and for which reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlite_utils import Database

from archive.as_of import FROM_AS_OF, allow_matching, matches_as_of
from archive.rights import FORBIDS, UNREAD, respected
from archive.search import Match
from archive.selection import FROM_ARTICLES, Filters, period

END_OF_TIME = "9999"
"""Later than any moment, as text."""

READINGS = """
SELECT r.reader, q.packages, q.settings, count(*) {source} LEFT JOIN readings AS q ON q.id = r.reading_id WHERE {where}
GROUP BY r.reader, q.packages, q.settings ORDER BY r.reader, q.packages, q.settings
"""
OUTCOMES = "SELECT outcome, count(*) FROM fetches WHERE fetched <= :until GROUP BY outcome ORDER BY outcome"
TAKEN_DOWN = "SELECT count(*) FROM tombstones WHERE article_id <= (SELECT max(a.id) {source})"


@dataclass(frozen=True, slots=True)
class Reading:
    """What articles of a selection were read with."""

    reader: str
    """Version of the rules."""
    packages: Mapping[str, str] | None
    """Package -> version; None where it is not known."""
    settings: Mapping[str, Any] | None
    articles: int


@dataclass(frozen=True, slots=True)
class Account:
    """Articles in numbers: `known` are `other`, `undated`, `out_of_period`, `forbidden`, `copies` and `selected` together."""

    known: int
    """That the archive had at the moment looked back from."""
    other: int
    """That the filters by site, author, language and query do not select."""
    undated: int
    """Of the rest, those without the date that `since` or `until` asks for."""
    out_of_period: int
    """Of the rest, those before `since` or after `until`."""
    forbids: Mapping[str, int]
    """Name in `respect` -> how many of the rest it forbids; one article may count under several."""
    forbidden: int
    """Of the rest, those that anything in `respect` forbids."""
    unread: int
    """Of those before `respect`, how many were never looked at for what they say of their use; none is left out for it."""
    copies: int
    """Of the rest, those whose story another selected article had first, if only unique stories are asked for."""
    selected: int
    taken_down: int
    """Articles that were removed for good; their numbers are below that of the last one known, so they may have been selected."""
    readings: tuple[Reading, ...]
    """Of the selected, copies included."""
    outcomes: Mapping[str, int]
    """Of all fetches till then."""


def read_account(db: Database, filters: Filters, match: Match | None) -> Account:
    """Count what a selection leaves out, reason by reason, each article under the first that holds.

    Args:
        db: the archive.
        filters: what the articles must be.
        match: what a query comes to, or None.

    Raises:
        ValueError: a date is none, or a name in `respect` is not known.

    """
    names = tuple(dict.fromkeys(filters.respect or ()))
    source, moment = FROM_ARTICLES, {}
    if filters.as_of is not None:
        source, moment = FROM_AS_OF, {"as_of": f"{period(filters.as_of)[1]}Z"}
    asked, dated, within, parameters = _conditions(db, filters, match)
    before = f"({asked}) AND ({within})"
    allowed = f"{before} AND {respected(names) if names else '1'}"
    parameters |= moment | filters.respected_at()
    columns = [
        "count(*)", f"total({asked})", f"total(({asked}) AND NOT ({dated}))", f"total({before})", f"total({allowed})",
        f"total({before} AND {UNREAD})" if names else "0", *(f"total({before} AND {FORBIDS[name]})" for name in names),
    ]  # fmt: skip
    row = db.conn.execute(f"SELECT {', '.join(columns)} {source}", parameters).fetchone()
    known, chosen, undated, kept, free, unread, *each = (int(number) for number in row)
    selected = free
    if filters.unique:
        from archive.copies import is_first_sql

        first = is_first_sql("a.id", f"{source} WHERE {allowed}")
        selected = db.conn.execute(f"SELECT count(*) {source} WHERE {allowed} AND {first}", parameters).fetchone()[0]
    readings = db.conn.execute(READINGS.format(source=source, where=allowed), parameters)
    until = moment.get("as_of", END_OF_TIME)
    return Account(
        known, known - chosen, undated, chosen - undated - kept, dict(zip(names, each, strict=True)), kept - free, unread,
        free - selected, selected, db.conn.execute(TAKEN_DOWN.format(source=source), moment).fetchone()[0],
        tuple(Reading(reader, _json(packages), _json(settings), count) for reader, packages, settings, count in readings),
        dict(db.conn.execute(OUTCOMES, {"until": until})),
    )  # fmt: skip


def _conditions(db: Database, filters: Filters, match: Match | None) -> tuple[str, str, str, dict[str, Any]]:
    """SQL for: asked for by all but the dates; has the dates that are asked for; is within them. With the parameters."""
    asked, parameters = replace(filters, since=None, until=None, respect=None).sql()
    within, more = Filters(since=filters.since, until=filters.until).sql()
    parameters = {**parameters, **more}
    if match is not None:
        allow_matching(db)
        found, more = match.condition("a.id")
        asked += f" AND {found if filters.as_of is None else matches_as_of(found)}"
        parameters |= more
    needed = {"r.published_latest": filters.since, "r.published_earliest": filters.until}
    dated = " AND ".join(f"{column} IS NOT NULL" for column, wanted in needed.items() if wanted is not None)
    return asked, dated or "1", within, parameters


def _json(text: str | None) -> Any:
    return None if text is None else json.loads(text)
