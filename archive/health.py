"""What the recent runs of each source came to: all that `crawler.health` judges by.

A row a source and run is written when the run ends, in the same transaction; so nobody counts fetches again to judge a source.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from archive.timestamps import moment_of, optional_moment

if TYPE_CHECKING:
    from sqlite_utils import Database

RUNS_READ = 100
"""Runs of a source that are looked at: those of a day, where something falls due each quarter of an hour. The tenth spell back
counts a thousandth, and after the sixth bad one a rest grows no more."""
NEWS_READ = 60
"""Runs with new articles, and days on which articles appeared, whose gaps are looked at."""
STORED_READ = 200
"""Articles whose dates are looked at, those kept last."""
QUIET = timedelta(days=2)
"""A source that brought something within this time is not silent, whatever its past; its dates are not read."""

NOTE_RUN = """
WITH counted AS (
    SELECT e.source_id, e.reason, CASE WHEN f.id IS NOT NULL THEN e.fetched END AS fetched,
        e.outcome IN ('stored', 'unchanged', 'listed', 'not_an_article') AS answered,
        e.outcome = 'blocked' OR (e.outcome = 'robots' AND f.kind IS 'seed') AS refused,
        e.outcome = 'failed' OR (e.outcome = 'gone' AND f.kind IS 'seed') AS failed,
        e.outcome = 'later' AND f.host IS NOT NULL AND f.host IN (
            SELECT host FROM frontier WHERE source_id = e.source_id AND kind <> 'article' AND kind = 'seed'
        ) AS put_off,
        e.outcome = 'stored' AND e.revision = 1 AS new
    FROM fetches AS e LEFT JOIN frontier AS f ON f.id = e.frontier_id
    WHERE e.run_id = :run AND e.source_id IS NOT NULL AND (f.how IS NOT 'guess' OR e.outcome IN ('listed', 'unchanged'))
)
INSERT OR REPLACE INTO source_runs (source_id, run_id, ended, answered, refused, failed, put_off, new, reason)
SELECT source_id, :run, coalesce(max(fetched), (SELECT coalesce(finished, started) FROM runs WHERE id = :run)),
    sum(answered), sum(refused), sum(failed), sum(put_off), sum(new), (
    SELECT t.reason FROM counted AS t WHERE t.source_id = c.source_id AND t.refused + t.failed + t.put_off
    GROUP BY t.reason ORDER BY count(*) DESC, max(t.fetched) DESC LIMIT 1
)
FROM counted AS c GROUP BY source_id
"""
"""Records of files have times of their own. Feeds and sitemaps that were only guessed are no trouble of the source's where they
are missing or refused; nor is what a host puts off that only some of its articles are on."""

LAST_RUNS = """
SELECT run_id, ended, answered, refused, failed, put_off, new, reason FROM source_runs WHERE source_id = ?
ORDER BY run_id DESC LIMIT ?
"""
LAST_NEWS = "SELECT ended FROM source_runs WHERE source_id = ? AND new > 0 ORDER BY ended DESC LIMIT ?"
FIRST_RUN = "SELECT ended FROM source_runs WHERE source_id = ? ORDER BY run_id LIMIT 1"
DAYS = """
SELECT DISTINCT substr(published, 1, 10) AS day FROM (
    SELECT a.published AS published FROM fetches AS e JOIN articles AS a ON a.id = e.article_id
    WHERE e.source_id = ? AND e.outcome = 'stored' AND e.revision = 1 ORDER BY e.fetched DESC LIMIT ?
) WHERE length(published) >= 10 ORDER BY day DESC LIMIT ?
"""
REST = """
SELECT until, reason, asked FROM host_rests WHERE until > ? AND host IN (
    SELECT host FROM frontier WHERE source_id = ? AND kind <> 'article' AND kind = 'seed'
) ORDER BY until LIMIT 1
"""
HELD = """
SELECT host, until, reason FROM host_rests AS r WHERE until > ?
    AND EXISTS (SELECT 1 FROM frontier AS f WHERE f.state = 'waiting' AND f.source_id = ? AND f.host = r.host)
ORDER BY until DESC LIMIT 1
"""
UNREAD_LIST = """
SELECT EXISTS (SELECT 1 FROM frontier WHERE source_id = ? AND kind <> 'article' AND kind IN ('feed', 'sitemap', 'listing')
    AND state = 'waiting' AND outcome IS NULL)
"""

LISTS = """
SELECT f.url, f.kind, f.outcome, f.fetched, f.fetched_by,
    (SELECT p.entries FROM polls AS p WHERE p.frontier_id = f.id ORDER BY p.fetch_id DESC LIMIT 1),
    (SELECT p.fetched FROM polls AS p WHERE p.frontier_id = f.id AND p.entries > 0 ORDER BY p.fetch_id DESC LIMIT 1),
    (SELECT e.reason FROM fetches AS e WHERE e.frontier_id = f.id ORDER BY e.id DESC LIMIT 1)
FROM frontier AS f WHERE f.source_id = ? AND f.kind <> 'article' AND f.kind IN ('seed', 'feed') AND f.outcome IS NOT NULL
"""
EVER_LISTED = """
SELECT EXISTS (SELECT 1 FROM frontier AS f JOIN polls AS p ON p.frontier_id = f.id
    WHERE f.source_id = :source AND f.kind <> 'article' AND p.entries > 0)
OR EXISTS (SELECT 1 FROM source_runs WHERE source_id = :source AND new > 0)
OR EXISTS (SELECT 1 FROM fetches WHERE source_id = :source AND outcome = 'stored')
"""


@dataclass(frozen=True, slots=True)
class SourceRun:
    """What one run came to for one source, feeds and sitemaps that were only guessed left out."""

    run_id: int
    ended: datetime
    """Of its last fetch for the source, aware."""
    answered: int = 0
    """Pages, lists and articles that could be read, new or not."""
    refused: int = 0
    """Walls and refusals; and the source's own address, where robots.txt forbids it."""
    failed: int = 0
    """No usable answer; and the source's own address, where it is gone."""
    put_off: int = 0
    """Put off because the source's own host asked for it, or its robots.txt could not be read."""
    new: int = 0
    """Articles that were not known before."""
    reason: str | None = None
    """The most frequent one of what was refused, failed or put off."""


@dataclass(frozen=True, slots=True)
class ListingPage:
    """A source's own address or one of its feeds, as last fetched."""

    url: str
    kind: str
    outcome: str
    fetched: datetime
    run_id: int | None
    entries: int | None
    """Articles that it listed when last read as a list; None: it never was one."""
    listed: datetime | None
    """When it last listed any; None: never."""
    reason: str | None


class HeldHost(NamedTuple):
    """A host that is left alone while addresses of a source on it wait."""

    host: str
    until: datetime
    """Aware."""
    reason: str


@dataclass(frozen=True, slots=True)
class SourcePast:
    """What is known of a source's past."""

    source_id: int
    runs: Sequence[SourceRun] = ()
    """The last ones that asked it for anything, oldest first."""
    first_run: datetime | None = None
    news: Sequence[datetime] = ()
    """When runs with new articles ended, oldest first, the last ones."""
    day_gaps: Sequence[timedelta] = ()
    """Between the days on which articles of it appeared, by their own dates; read only where nothing came for two days."""
    resting_until: datetime | None = None
    """Until when its host is left alone; None: it is not."""
    rest_reason: str | None = None
    rest_asked: bool = True
    """Whether the host asked for that; else it refused page after page."""
    lists: Sequence[ListingPage] = ()
    ever_listed: bool = True
    """Whether it ever listed or brought an article."""
    held: HeldHost | None = None
    """The one that is left alone the longest; None: there is none."""
    unread_list: bool = False
    """Whether a feed, sitemap or section page of it is known and was never asked for."""


def note_run(conn: sqlite3.Connection, run_id: int) -> None:
    """Count what a run came to for each of its sources; part of the caller's transaction. Counted again, it is replaced."""
    conn.execute(NOTE_RUN, {"run": run_id})


def note_all_runs(conn: sqlite3.Connection) -> None:
    """Count all runs that have ended; for a file that comes from a version without these counts."""
    for (run_id,) in conn.execute("SELECT id FROM runs WHERE finished IS NOT NULL ORDER BY id").fetchall():
        note_run(conn, run_id)


def read_pasts(db: Database, source_ids: Iterable[int], now: str) -> list[SourcePast]:
    """Read the past of each source: a few looks into indexes, however much was fetched.

    Args:
        db: the archive.
        source_ids: of sources.
        now: a moment as `archive.timestamps.stamp` writes it.
    """
    return [_past(db.conn, source_id, now) for source_id in source_ids]


def _past(conn: sqlite3.Connection, source_id: int, now: str) -> SourcePast:
    runs = [_run(row) for row in conn.execute(LAST_RUNS, (source_id, RUNS_READ))]
    news = [moment_of(ended) for (ended,) in conn.execute(LAST_NEWS, (source_id, NEWS_READ))]
    first = conn.execute(FIRST_RUN, (source_id,)).fetchone()
    rest = conn.execute(REST, (now, source_id)).fetchone()
    held = conn.execute(HELD, (now, source_id)).fetchone()
    lists = tuple(_page(row) for row in conn.execute(LISTS, (source_id,)))
    quiet = bool(news) and moment_of(now) - news[0] > QUIET
    unlisted = any(page.entries == 0 and page.listed is None for page in lists)
    return SourcePast(
        source_id,
        tuple(runs[::-1]),
        moment_of(first[0]) if first else None,
        tuple(news[::-1]),
        _day_gaps(conn, source_id) if quiet else (),
        moment_of(rest[0]) if rest else None,
        rest[1] if rest else None,
        bool(rest[2]) if rest else True,
        lists,
        not unlisted or bool(conn.execute(EVER_LISTED, {"source": source_id}).fetchone()[0]),
        HeldHost(held[0], moment_of(held[1]), held[2]) if held else None,
        unlisted and bool(conn.execute(UNREAD_LIST, (source_id,)).fetchone()[0]),
    )


def _day_gaps(conn: sqlite3.Connection, source_id: int) -> tuple[timedelta, ...]:
    texts = [day for (day,) in conn.execute(DAYS, (source_id, STORED_READ, NEWS_READ))]
    days = sorted(day for text in texts if (day := _day(text)) is not None)
    return tuple(later - earlier for earlier, later in pairwise(days))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _run(row: Sequence[Any]) -> SourceRun:
    return SourceRun(row[0], moment_of(row[1]), *row[2:])


def _page(row: Sequence[Any]) -> ListingPage:
    url, kind, outcome, fetched, run_id, entries, listed, reason = row
    return ListingPage(url, kind, outcome, moment_of(fetched), run_id, entries, optional_moment(listed), reason)
