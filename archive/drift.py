"""What pages of each site were like, run by run, and the alarms raised where that changed.

Which differences count is judged elsewhere, see `crawler.drift`.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.connection import writing
from archive.timestamps import moment_of, optional_moment, stamp
from archive.urls import site_of

SHARES = ("title", "dek", "byline", "authors", "published", "lang", "section", "body", "article")
"""Measures that a page has or lacks; `article`: whether it was taken for an article at all."""
NUMBERS = ("words", "authors_each", "blocks", "boilerplate", "confidence")
"""Measures that are numbers: words and blocks of the body, authors of an article that names any, share of the characters of
a page that is left out, mean confidence of title, authors and date."""
PINS = "pins"
"""Of alarms alone: pinned articles of a site that come out otherwise with other rules."""
MOST_PAGES = 1_000
"""Pages of a site and run that are looked at: more do not make a judgement surer."""
MOST_NUMBERS = 100
"""Numbers kept of a profile."""
KEPT_RUNS = 400
"""Profiles of a site and measure that are kept: more than the judge looks back, however small the runs."""

RUN_PAGES = """
SELECT f.id, f.url, f.outcome, a.site, f.article_id FROM fetches AS f
LEFT JOIN articles AS a ON a.id = f.article_id AND f.outcome = 'stored'
LEFT JOIN frontier AS w ON w.id = f.frontier_id
WHERE f.run_id = ? AND f.outcome IN ('stored', 'not_an_article') AND (f.outcome = 'stored' OR w.kind = 'article') ORDER BY f.id
"""

PAGE = """
SELECT f.url, f.fetched, f.source_id, f.article_id, f.revision, r.reader,
    r.title IS NOT NULL, r.dek IS NOT NULL, r.byline IS NOT NULL, r.authors <> '[]', r.published IS NOT NULL,
    r.lang IS NOT NULL, r.section IS NOT NULL, r.word_count > 0,
    r.word_count, json_array_length(r.authors),
    (SELECT count(*) FROM blocks AS b WHERE b.article_id = r.article_id AND b.revision = r.number AND b.label = 'article'),
    (SELECT total(length(b.text) * (b.label <> 'article')) / nullif(total(length(b.text)), 0) FROM blocks AS b
        WHERE b.article_id = r.article_id AND b.revision = r.number),
    (SELECT avg(e.confidence) FROM evidence AS e WHERE e.article_id = r.article_id AND e.revision = r.number AND e.rank = 0
        AND e.field IN ('title', 'authors', 'published'))
FROM fetches AS f LEFT JOIN revisions AS r ON f.outcome = 'stored' AND r.article_id = f.article_id AND r.number = f.revision
WHERE f.id = ?
"""

PROFILES_OF = """
SELECT run_id, pages, having_it, numbers FROM profiles WHERE site = ? AND measure = ? AND reader = ? ORDER BY run_id DESC
"""

UNWATCHED = """
SELECT id FROM (SELECT id, state, finished FROM runs WHERE command IN ('crawl', 'run') ORDER BY id DESC LIMIT 1) AS last
WHERE finished IS NOT NULL AND state IN ('finished', 'limit') AND NOT EXISTS (SELECT 1 FROM profiles WHERE run_id = last.id)
"""

EARLIER = """
SELECT a.url, r.article_id, r.number FROM revisions AS r JOIN articles AS a ON a.id = r.article_id
WHERE r.article_id = ? AND r.number < ? AND {has} ORDER BY r.number DESC LIMIT 1
"""
BEFORE = """
SELECT f.url, f.article_id, f.revision FROM fetches AS f
JOIN articles AS a ON a.id = f.article_id JOIN revisions AS r ON r.article_id = f.article_id AND r.number = f.revision
WHERE f.run_id = ? AND f.outcome = 'stored' AND a.site = ? AND {has} ORDER BY f.id DESC LIMIT 1
"""
HAS = {"authors": "r.authors <> '[]'", "authors_each": "r.authors <> '[]'", "body": "r.word_count > 0"} | {
    name: f"r.{name} IS NOT NULL" for name in ("title", "dek", "byline", "published", "lang", "section")
}
"""Measure -> SQL for a revision that has it; for others any will do as an example."""

ALARM = """
SELECT a.*, coalesce(s.name, s.url) AS source FROM alarms AS a LEFT JOIN sources AS s ON s.id = a.source_id
"""

ACCEPT = """
UPDATE alarms SET settled = :now, settled_by = 'accepted' WHERE settled IS NULL AND (
    site = :name OR EXISTS (
        SELECT 1 FROM sources AS s WHERE :name IN (s.name, s.url) AND (s.id = alarms.source_id OR s.site = alarms.site)
    )
)
"""
INSERT = """
INSERT INTO alarms (site, source_id, measure, raised, run_id, since_run, before, before_pages, after, after_pages, chance,
    first_url, first_fetched, first_article, first_value, first_source,
    example_url, example_article, example_value, example_source)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
SAME_NAMES = (
    "id", "site", "measure", "run_id", "since_run", "before", "before_pages", "after", "after_pages", "chance", "source_id",
    "source", "settled_by", "settled_run",
)  # fmt: skip
"""Columns that `Alarm` has by the same name."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """One page of a run, measured."""

    url: str
    fetched: datetime
    source_id: int | None
    article_id: int | None
    revision: int | None
    values: Mapping[str, float | None]
    """Measure -> 1 or 0 for shares, else the number; None or missing: not to be measured here."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One measure of one site in one run."""

    run_id: int
    pages: int
    having: int | None = None
    """Pages that have it; None for numbers."""
    numbers: tuple[float, ...] = ()
    """Ascending."""


@dataclass(frozen=True, slots=True)
class Example:
    """A page with what was read from it."""

    url: str | None = None
    article_id: int | None = None
    value: str | None = None
    source: str | None = None
    """Where the value stood."""
    fetched: datetime | None = None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A site that reads otherwise than before. Shares are 0 to 1; of numbers `before` and `after` are medians."""

    site: str
    measure: str
    raised: datetime
    run_id: int
    since_run: int
    before: float
    before_pages: int
    after: float
    after_pages: int
    chance: float
    first: Example = Example()
    """The first bad page."""
    example: Example = Example()
    """One from before."""
    source_id: int | None = None
    source: str | None = None
    """Name or address of the source."""
    settled: datetime | None = None
    settled_by: str | None = None
    """`recovered` or `accepted`."""
    settled_run: int | None = None
    """The run that showed it to be over; None where the user said it."""
    told: tuple[str, ...] = ()
    id: int = 0


@dataclass(slots=True)
class SiteRun:
    """The pages of one site in one run, in the order they were fetched."""

    site: str
    pages: list[PageFacts] = field(default_factory=list)


class Drift:
    """Profiles and alarms of an archive."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def measure_run(self, run_id: int, reader: str) -> Iterable[SiteRun]:
        """Measure the pages of a run that were read with these rules, a site at a time."""
        newest: dict[str, deque[int]] = defaultdict(lambda: deque(maxlen=MOST_PAGES))
        for fetch_id, url, _outcome, site, _article in self._db.conn.execute(RUN_PAGES, (run_id,)):
            newest[site or site_of(url)].append(fetch_id)
        for site in sorted(newest):
            pages = (_page(self._db.conn.execute(PAGE, (fetch_id,)).fetchone(), reader) for fetch_id in newest[site])
            yield SiteRun(site, [page for page in pages if page is not None])

    def unwatched_run(self) -> int | None:
        """The last crawl that ended, if no profiles are kept of it; None: there are, or it has not ended."""
        row = self._db.conn.execute(UNWATCHED).fetchone()
        return row[0] if row is not None else None

    def keep_profiles(self, run_id: int, reader: str, runs: Iterable[SiteRun]) -> None:
        """Keep what the pages of a run were like, in place of what an earlier part of that run was."""
        rows = [row for run in runs for row in _rows(run_id, reader, run)]
        with writing(self._db) as conn:
            conn.execute("DELETE FROM profiles WHERE run_id = ?", (run_id,))
            conn.executemany("INSERT INTO profiles VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            for site, measure in {row[:2] for row in rows}:
                conn.execute(
                    "DELETE FROM profiles WHERE site = :s AND measure = :m AND run_id < (SELECT run_id FROM profiles "
                    "WHERE site = :s AND measure = :m ORDER BY run_id DESC LIMIT 1 OFFSET :kept)",
                    {"s": site, "m": measure, "kept": KEPT_RUNS},
                )

    def profiles(self, site: str, measure: str, reader: str) -> list[Profile]:
        """Profiles of one measure of a site, newest run first, as read with these rules."""
        return [
            Profile(run, pages, having, tuple(json.loads(numbers or "[]")))
            for run, pages, having, numbers in self._db.conn.execute(PROFILES_OF, (site, measure, reader))
        ]

    def example_before(self, site: str, measure: str, bad: PageFacts | None, runs: Sequence[int]) -> Example:
        """A page that had it: an earlier revision of the bad one, or else the newest one of these runs, newest first."""
        has = HAS.get(measure, "1")
        if bad is not None and bad.article_id is not None:
            row = self._db.conn.execute(EARLIER.format(has=has), (bad.article_id, bad.revision)).fetchone()
            if row is not None:
                return self._example(measure, *row)
        for run in runs:
            row = self._db.conn.execute(BEFORE.format(has=has), (run, site)).fetchone()
            if row is not None:
                return self._example(measure, *row)
        return Example()

    def example_of(self, measure: str, page: PageFacts | None) -> Example:
        """What a page gives for a measure, and where that stood."""
        if page is None:
            return Example()
        if page.article_id is None or page.revision is None:
            return Example(page.url, None, "no article", None, page.fetched)
        return self._example(measure, page.url, page.article_id, page.revision, page.values.get(measure), page.fetched)

    def _example(
        self, measure: str, url: str, article: int, revision: int, number: float | None = None, fetched: datetime | None = None
    ) -> Example:
        if measure in NUMBERS and measure != "authors_each":
            if number is None:
                page = self._db.conn.execute(PAGE.replace("f.id = ?", "f.article_id = ? AND f.revision = ?"), (article, revision))
                facts = _page(page.fetchone(), None)
                number = facts.values.get(measure) if facts else None
            return Example(url, article, None if number is None else f"{number:.6g}", None, fetched)
        name = {"authors_each": "authors", "body": "title", "article": "title"}.get(measure, measure)
        row = self._db.conn.execute(
            "SELECT value, source || ' ' || place FROM evidence WHERE article_id = ? AND revision = ? AND field = ? AND rank = 0",
            (article, revision, name),
        ).fetchone()
        value, source = row or (None, None)
        return Example(url, article, value, source, fetched)

    def alarms(self, *, open_only: bool = False, run_id: int | None = None) -> list[Alarm]:
        """Alarms, newest last; those that last, or those that a run raised."""
        where = ["a.settled IS NULL"] if open_only else []
        where += ["a.run_id = :run"] if run_id is not None else []
        clause = f" WHERE {' AND '.join(where)}" if where else ""
        cursor = self._db.conn.execute(f"{ALARM}{clause} ORDER BY a.id", {"run": run_id})
        names = [column[0] for column in cursor.description]
        return [_alarm(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]

    def change_alarms(self, run_id: int, raised: Sequence[Alarm], recovered: Sequence[int], now: datetime) -> None:
        """Keep alarms that a run raised, and settle others that it showed to be over, in one transaction."""
        with writing(self._db) as conn:
            for alarm in raised:
                _insert(conn, alarm)
            conn.executemany(
                "UPDATE alarms SET settled = ?, settled_by = 'recovered', settled_run = ? WHERE id = ?",
                [(stamp(now), run_id, id_) for id_ in recovered],
            )

    def accept(self, name: str, now: datetime) -> int:
        """Settle the alarms of a source (by name, address or site): how it reads now is what later runs are held against.

        Returns:
            How many alarms that were.

        """
        with writing(self._db) as conn:
            return conn.execute(ACCEPT, {"now": stamp(now), "name": name}).rowcount

    def note_told(self, alarm_ids: Iterable[int], way: str) -> None:
        """Note that somebody was told of alarms: `command`, `webhook` or `mail`."""
        with writing(self._db) as conn:
            conn.executemany(
                "UPDATE alarms SET told = json_insert(told, '$[#]', ?) WHERE id = ?", [(way, id_) for id_ in alarm_ids]
            )


def _page(row: Sequence[Any] | None, reader: str | None) -> PageFacts | None:
    """The facts of a page; None where other rules read it."""
    if row is None:
        return None
    url, fetched, source_id, article, revision, read_by, *values = row
    if read_by is None:
        return PageFacts(url, moment_of(fetched), source_id, None, None, {"article": 0})
    if reader is not None and read_by != reader:
        return None
    measured = dict(zip((*SHARES[:-1], *NUMBERS), values, strict=True))
    measured |= {"words": measured["words"] or None, "authors_each": measured["authors_each"] or None, "article": 1}
    return PageFacts(url, moment_of(fetched), source_id, article, revision, measured)


def _rows(run_id: int, reader: str, run: SiteRun) -> Iterable[tuple[object, ...]]:
    for measure in (*SHARES, *NUMBERS):
        profile = profile_of(run_id, measure, run.pages)
        if profile.pages:
            numbers = None if measure in SHARES else json.dumps([round(n, 4) for n in profile.numbers])
            yield run.site, measure, run_id, reader, profile.pages, profile.having, numbers


def profile_of(run_id: int, measure: str, pages: Sequence[PageFacts]) -> Profile:
    """One measure over pages; pages where it is not to be measured are left out."""
    values = sorted(value for page in pages if (value := page.values.get(measure)) is not None)
    if measure in SHARES:
        return Profile(run_id, len(values), sum(value > 0 for value in values))
    count = len(values)
    picked = values if count <= MOST_NUMBERS else [values[i * (count - 1) // (MOST_NUMBERS - 1)] for i in range(MOST_NUMBERS)]
    return Profile(run_id, count, None, tuple(picked))


def _insert(conn: sqlite3.Connection, alarm: Alarm) -> None:
    conn.execute(
        INSERT,
        (
            alarm.site, alarm.source_id, alarm.measure, stamp(alarm.raised), alarm.run_id, alarm.since_run,
            alarm.before, alarm.before_pages, alarm.after, alarm.after_pages, alarm.chance,
            alarm.first.url, stamp(alarm.first.fetched) if alarm.first.fetched else None, alarm.first.article_id,
            alarm.first.value, alarm.first.source,
            alarm.example.url, alarm.example.article_id, alarm.example.value, alarm.example.source,
        ),
    )  # fmt: skip


def _alarm(row: Mapping[str, Any]) -> Alarm:
    facts = {name: row[name] for name in SAME_NAMES}
    first = Example(
        row["first_url"], row["first_article"], row["first_value"], row["first_source"], optional_moment(row["first_fetched"])
    )
    example = Example(row["example_url"], row["example_article"], row["example_value"], row["example_source"])
    return Alarm(
        **facts, raised=moment_of(row["raised"]), settled=optional_moment(row["settled"]), first=first, example=example,
        told=tuple(json.loads(row["told"])),
    )  # fmt: skip


__all__ = ["NUMBERS", "PINS", "SHARES", "Alarm", "Drift", "Example", "PageFacts", "Profile", "SiteRun", "profile_of"]
