"""The account of a crawl: what became of every address that is known, and what is known to be missing.

Each address counts once, under the day it was found and the outcome that it had last; what no fetch has dealt with yet counts
as put off, and what nobody wants as out of scope. So the outcomes of a line add up to what was discovered. What is kept is
counted beside them: an article stays, though its address is blocked today. What a feed let go between two looks at it is no
address, so it is told apart: as gaps, with an estimate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from archive.timestamps import moment_of, optional_stamp, stamp
from archive.visit import Outcome

MISSING_AFTER = timedelta(days=7)
"""A feed's entry that no fetch has brought so long after it was found counts as missing: by then a crawl has asked many times."""

PERIODS = {
    "source": "''",
    "day": "substr(f.found_at, 1, 10)",
    "week": "date(f.found_at, 'weekday 0', '-6 days')",
    "month": "substr(f.found_at, 1, 7)",
}
"""How lines may be cut -> SQL for the period; a week is named by its Monday."""

DISCOVERED = """
SELECT f.source_id, {period} AS period, f.outcome, sum(f.addresses)
FROM accounted AS f LEFT JOIN sources AS s ON s.id = f.source_id
WHERE {within} GROUP BY f.source_id, period, 3 ORDER BY period, f.source_id
"""

COUNTED = """
SELECT f.source_id, coalesce(s.name, s.url, ''), {period} AS period, sum(f.addresses)
FROM accounted AS f LEFT JOIN sources AS s ON s.id = f.source_id
WHERE {within} GROUP BY f.source_id, period ORDER BY period, f.source_id
"""
"""By itself, so that the outcomes have something to add up to."""

KEPT = """
SELECT f.source_id, {period} AS period, count(DISTINCT f.article_id)
FROM kept_articles AS f LEFT JOIN sources AS s ON s.id = f.source_id WHERE {within} GROUP BY f.source_id, period
"""
KEPT_IN_ALL = """
SELECT count(DISTINCT f.article_id) FROM kept_articles AS f LEFT JOIN sources AS s ON s.id = f.source_id WHERE {within}
"""
"""By itself: an article that stands at addresses of two lines is kept once."""

KEPT_BESIDES = "SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM kept_articles)"

RUNS = """
SELECT * FROM (
    SELECT r.id, (
        SELECT group_concat(name, ', ') FROM (
            SELECT coalesce(s.name, s.url) AS name FROM sources AS s WHERE s.id IN (SELECT value FROM json_each(r.sources))
                AND (:source IS NULL OR s.name = :source OR s.url = :source) ORDER BY s.id
        )
    ) AS names
    FROM runs AS r WHERE (:since IS NULL OR r.started >= :since) AND (:until IS NULL OR r.started < :until)
) WHERE :source IS NULL OR names IS NOT NULL ORDER BY id
"""
MISSED_GUESSES = """
SELECT w.id FROM frontier AS w WHERE w.kind <> 'article' AND w.how = 'guess' AND w.article_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM polls AS p WHERE p.frontier_id = w.id)
"""
"""Feeds and sitemaps that were only guessed, and never were there: as in the view `accounted`, they are none."""
KEPT_THERE = "count(DISTINCT coalesce(f.article_id, (SELECT w.article_id FROM frontier AS w WHERE w.id = f.frontier_id)))"
FETCHED = f"""
SELECT f.run_id, count(DISTINCT coalesce(f.frontier_id, -f.id)), {KEPT_THERE} FROM runs AS r JOIN fetches AS f ON f.run_id = r.id
LEFT JOIN sources AS s ON s.id = f.source_id
WHERE {{within}} AND coalesce(f.frontier_id, 0) NOT IN ({MISSED_GUESSES}) GROUP BY f.run_id
"""  # noqa: S608 - of what stands here
"""Addresses, and articles kept that were read at them; a record of a file, or a page added by hand, counts as an address."""
KEPT_IN_RUNS = f"""
SELECT {KEPT_THERE} FROM runs AS r JOIN fetches AS f ON f.run_id = r.id LEFT JOIN sources AS s ON s.id = f.source_id
WHERE {{within}} AND coalesce(f.frontier_id, 0) NOT IN ({MISSED_GUESSES})
"""  # noqa: S608
LEFT = """
SELECT w.run_id, sum(w.addresses) FROM runs AS r JOIN left_waiting AS w ON w.run_id = r.id
JOIN sources AS s ON s.id = w.source_id WHERE {within} GROUP BY w.run_id
"""
OF_RUNS = f"""
SELECT f.run_id, CASE WHEN f.outcome = 'unchanged' AND f.article_id IS NULL AND f.frontier_id IS NOT NULL THEN coalesce((
    SELECT replace(e.outcome, 'stored', 'unchanged') FROM fetches AS e WHERE e.frontier_id = f.frontier_id AND e.id < f.id
        AND e.outcome IN ('stored', 'listed', 'not_an_article') ORDER BY e.id DESC LIMIT 1
), (
    SELECT CASE kind WHEN 'article' THEN 'unchanged' ELSE 'listed' END FROM frontier WHERE id = f.frontier_id
)) ELSE f.outcome END, count(*)
FROM runs AS r JOIN fetches AS f ON f.run_id = r.id AND NOT EXISTS (
    SELECT 1 FROM fetches AS g WHERE g.frontier_id = f.frontier_id AND g.run_id = f.run_id AND g.id > f.id
) LEFT JOIN sources AS s ON s.id = f.source_id
WHERE {{within}} AND coalesce(f.frontier_id, 0) NOT IN ({MISSED_GUESSES}) GROUP BY f.run_id, 2
"""  # noqa: S608
"""An address that was put off and taken up again in one run counts by its last fetch there; as in the view `accounted`, a list
that brought nothing new is a list."""

UNFETCHED = """
SELECT coalesce(s.name, s.url, ''), count(*)
FROM frontier AS f LEFT JOIN sources AS s ON s.id = f.source_id
WHERE {within} AND f.kind = 'article' AND f.how IN ('feed', 'news sitemap') AND f.article_id IS NULL AND f.found_at < :known
    AND coalesce(f.outcome, 'later') IN ('later', 'failed', 'blocked')
GROUP BY f.source_id ORDER BY 1
"""

GAPS = """
SELECT coalesce(s.name, s.url, ''), g.url, g.since, g.until, g.hours, g.missing
FROM gaps AS g LEFT JOIN sources AS s ON s.id = g.source_id
WHERE (:source IS NULL OR s.name = :source OR s.url = :source) AND (:since IS NULL OR g.until >= :since)
    AND (:until IS NULL OR g.since < :until) ORDER BY g.until, g.url
"""


@dataclass(frozen=True, slots=True)
class Line:
    """Addresses of one source and period, or of one run."""

    source: str
    """Its name, or its address; of a run all of its sources that are asked for. Empty for what belongs to none."""
    period: str
    """ISO day, Monday of a week, month, or number of the run; empty where all time is one."""
    discovered: int
    """Counted by itself; the outcomes add up to it."""
    outcomes: Mapping[Outcome, int]
    kept: int = 0
    """Articles that are kept and were read at one of the addresses, whatever came of its last fetch. One that stands at
    addresses of several lines counts in each. Of a run: those at addresses that it fetched."""


@dataclass(frozen=True, slots=True)
class FeedGap:
    """A time between two looks at a feed of which nothing was seen: all that the later look showed was new."""

    source: str
    url: str
    since: datetime
    """The earlier look."""
    until: datetime
    """When the oldest entry of the later look came; where its entries give no times, the later look itself."""
    hours: float
    missing: int | None
    """Wanted entries that came and went in between, by estimate: as many in an hour as the later look shows. None: it does not
    tell."""


@dataclass(frozen=True, slots=True)
class Completeness:
    """What became of what is known, and what is missing."""

    lines: tuple[Line, ...]
    gaps: tuple[FeedGap, ...]
    unfetched: Mapping[str, int]
    """Source -> entries of its feeds that are known for a week and that no fetch has brought."""
    kept: int = 0
    """Articles that are kept and were read at an address of the account, each once; by run, at an address that one fetched."""
    kept_besides: int | None = None
    """Articles that are kept and were read at none, as they were added by hand; None where a source or a time is asked for."""

    @property
    def discovered(self) -> int:
        """All addresses of the lines; without meaning by run, where one may count in several."""
        return sum(line.discovered for line in self.lines)


def read_completeness(
    db: Database, now: datetime, *, by: str = "source", source: str | None = None, since: datetime | None = None,
    until: datetime | None = None,
) -> Completeness:  # fmt: skip
    """Count what became of addresses.

    Args:
        db: the archive.
        now: aware.
        by: one of `PERIODS`, or `run`.
        source: name or address of one source; None: all.
        since: only what was found, or begun, from then on; aware.
        until: only what was found, or begun, before then; aware.

    Raises:
        ValueError: `by` is none of these.

    """
    if by not in (*PERIODS, "run"):
        raise ValueError(f"an account is by {', '.join(PERIODS)} or run, not by {by}")
    values = {"source": source, "since": optional_stamp(since), "until": optional_stamp(until)}
    lines = _runs(db, values) if by == "run" else _periods(db, PERIODS[by], values)
    known = {**values, "known": stamp(now - MISSING_AFTER)}
    unfetched = dict(db.conn.execute(UNFETCHED.format(within=_within("f.found_at")), known).fetchall())
    gaps = (FeedGap(s, url, moment_of(a), moment_of(b), h, n) for s, url, a, b, h, n in db.conn.execute(GAPS, values))
    return Completeness(lines, tuple(gaps), unfetched, *_kept(db, values, by_run=by == "run"))


def _kept(db: Database, values: Mapping[str, Any], *, by_run: bool) -> tuple[int, int | None]:
    """Articles at addresses that are asked for, and those besides where nothing in particular is."""
    moment, query = ("r.started", KEPT_IN_RUNS) if by_run else ("f.found_at", KEPT_IN_ALL)
    kept = db.conn.execute(query.format(within=_within(moment)), values).fetchone()[0]
    narrowed = any(value is not None for value in values.values())
    return kept, None if narrowed else db.conn.execute(KEPT_BESIDES).fetchone()[0]


def _within(moment: str) -> str:
    """SQL for the period and the source that are asked for."""
    return (
        f"(:since IS NULL OR {moment} >= :since) AND (:until IS NULL OR {moment} < :until) "
        "AND (:source IS NULL OR s.name = :source OR s.url = :source)"
    )


def _periods(db: Database, period: str, values: Mapping[str, Any]) -> tuple[Line, ...]:
    within = _within("f.found_at")
    counts: dict[tuple[int | None, str], dict[Outcome, int]] = {}
    for source, label, outcome, number in db.conn.execute(DISCOVERED.format(period=period, within=within), values):
        counts.setdefault((source, label), {})[Outcome(outcome)] = number
    rows = db.conn.execute(KEPT.format(period=period, within=within), values)
    kept = {(source, label): number for source, label, number in rows}
    counted = db.conn.execute(COUNTED.format(period=period, within=within), values)
    return tuple(
        Line(name, label, number, counts[source, label], kept.get((source, label), 0)) for source, name, label, number in counted
    )


def _runs(db: Database, values: Mapping[str, Any]) -> tuple[Line, ...]:
    within = _within("r.started")
    rows = db.conn.execute(FETCHED.format(within=within), values)
    fetched = {run: (addresses, kept) for run, addresses, kept in rows}
    left = dict(db.conn.execute(LEFT.format(within=within), values).fetchall())
    counts = {run: Counter({Outcome.LATER: number}) for run, number in left.items()}
    for run, outcome, number in db.conn.execute(OF_RUNS.format(within=within), values):
        counts.setdefault(run, Counter())[Outcome(outcome)] += number
    lines = []
    for run, names in db.conn.execute(RUNS, values):
        addresses, kept = fetched.get(run, (0, 0))
        lines.append(Line(names or "", str(run), addresses + left.get(run, 0), dict(counts.get(run, {})), kept))
    return tuple(lines)
