"""Reading kept captures again: which are to be read, what they were found to be, and bringing the archive up to that.

Nothing that is in the archive changes until everything is read and counted: readings are staged first. A revision keeps its
number; its new reading takes the place of the old one, of which `rereadings` keeps what was otherwise.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from sqlite_utils import Database

from archive import events, lineage
from archive.agreement import TO_READ_AGAIN
from archive.capture import is_from_user
from archive.connection import writing
from archive.integrity import read_payload
from archive.mending import agrees_with_digest
from archive.order import latest_first
from archive.readings import find_reading, keep_reading
from archive.rereading.decision import Decision
from archive.rereading.staged import STAGED_COLUMNS, CapturedPage, Job, Staged, Unit, row_of, staged_of, unpack
from archive.rereading.writing import write_finding
from archive.revision import ReadWith, Revision, RevisionBlock
from archive.selection import FROM_ARTICLES, Filters
from archive.timestamps import moment_of, stamp
from archive.urls import site_of

UNITS_AT_ONCE = 500
"""Captures that are listed by one query: it bounds memory, and reads no state that is long gone."""

READABLE = "('stored', 'unchanged', 'not_an_article', 'failed')"
"""Outcomes of fetches whose captures hold what may be an article. Failed: the page came, and could not be read then."""

AGREES = "morgue_agrees_with_digest"
"""Name of the SQL function that says whether a revision is what its digest says; it lives as long as the connection."""

UNITS = f"""
SELECT f.id, f.article_id, r.article_id, r.number, c.fetched, c.url,
    (SELECT json_group_array(id) FROM (SELECT id FROM read_captures WHERE fetch_id = f.id ORDER BY id)),
    f.outcome = 'unchanged' AND r.number IS NULL AND EXISTS (SELECT 1 FROM rights WHERE capture_id = c.id) AND (
        SELECT d.payload || d.url FROM articles AS o JOIN revisions AS q ON q.article_id = o.id
        JOIN captures AS d ON d.id = q.capture_id WHERE o.id = f.article_id AND d.fetched <= c.fetched
        ORDER BY {latest_first(article="o", capture="d", revision="q")} LIMIT 1
    ) IS c.payload || c.url
FROM fetches AS f
JOIN captures AS c ON c.id = (SELECT min(id) FROM captures WHERE fetch_id = f.id)
LEFT JOIN revisions AS r ON r.capture_id = c.id
LEFT JOIN capture_readings AS k ON k.capture_id = c.id
WHERE f.id > :after AND f.outcome IN {READABLE} AND c.status BETWEEN 200 AND 299
    AND (r.reading_id IS NULL OR r.reading_id IS NOT :target OR NOT {AGREES}(r.article_id, r.number) OR {TO_READ_AGAIN})
    AND (k.reading_id IS NULL OR k.reading_id IS NOT :target)
    AND (NOT :resumed OR NOT EXISTS (SELECT 1 FROM staged_readings WHERE capture_id = c.id))
    AND (f.article_id IS NULL OR EXISTS (SELECT 1 {FROM_ARTICLES} WHERE a.id = f.article_id AND {{where}}))
ORDER BY f.id LIMIT {UNITS_AT_ONCE}
"""  # noqa: S608 - names and numbers only

STAGE = f"""
INSERT OR REPLACE INTO staged_readings ({STAGED_COLUMNS})
SELECT {", ".join(f"?{place}" for place in range(1, 13))} WHERE EXISTS (SELECT 1 FROM main.captures WHERE id = ?1)
"""  # noqa: S608
"""A page may be taken down while it is read."""

UNDECIDED = "('read', 'revision', 'article', 'as_known')"
"""Findings of captures that gave no revision: not decided yet, or by an earlier call."""
WRITING_ORDER = "finding IN ('revision', 'article'), seen, fetch_id"
"""Revisions that are there come first, new ones after them; an index has this order."""
TAKE = f"SELECT {STAGED_COLUMNS} FROM staged_readings ORDER BY {WRITING_ORDER} LIMIT ?"  # noqa: S608

OPEN_JOB = (
    "SELECT id, reading_id, filters, state FROM reextractions WHERE state IN ('reading', 'writing') ORDER BY id DESC LIMIT 1"
)

COVERED = (
    "title", "dek", "byline", "authors", "published", "modified", "lang", "section", "tags", "description", "site_name", "image",
    "licence", "paywalled", "body",
)  # fmt: skip
"""What coverage is counted of, as `Rereading.coverage` gives it."""


class Rereading:
    """The part of an archive that reading again works on; `Archive.rereading`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @property
    def _conn(self) -> sqlite3.Connection:
        conn: sqlite3.Connection = self._db.conn
        return conn

    def find_target(self, reader: str, read_with: ReadWith) -> int | None:
        """Number of what is read with; None where nothing was yet."""
        return find_reading(self._conn, reader, read_with)

    def stage_aside(self) -> None:
        """Stage in a temporary table, for a report alone: the archive is not written."""
        self._conn.execute("DROP TABLE IF EXISTS temp.staged_readings")
        self._conn.execute(f"CREATE TEMP TABLE staged_readings AS SELECT {STAGED_COLUMNS} FROM main.staged_readings WHERE 0")  # noqa: S608
        self._conn.execute("CREATE UNIQUE INDEX temp.staged_once ON staged_readings (capture_id)")
        self._conn.execute("CREATE INDEX temp.staged_aside_revision ON staged_readings (article_id, revision)")
        self._conn.execute("CREATE INDEX temp.staged_aside_site ON staged_readings (site, seen, fetch_id)")
        self._conn.execute("CREATE INDEX temp.staged_aside_order ON staged_readings (seen, fetch_id)")

    def begin(self, reader: str, read_with: ReadWith, filters: Mapping[str, str], now: datetime) -> Job:
        """Go on with the re-extraction that is under way if it is the same, else give it up and begin one."""
        wanted = json.dumps(dict(filters), ensure_ascii=False, sort_keys=True)
        with writing(self._db) as conn:
            target = keep_reading(conn, reader, read_with, now)
            assert target is not None
            row = conn.execute(OPEN_JOB).fetchone()
            if row is not None and row[1:3] == (target, wanted):
                return Job(row[0], target, row[3] == "writing")
            conn.execute("UPDATE reextractions SET state = 'given_up' WHERE state IN ('reading', 'writing')")
            conn.execute("DELETE FROM staged_readings")
            job = conn.execute(
                "INSERT INTO reextractions (reading_id, filters, started, state) VALUES (?, ?, ?, 'reading')",
                (target, wanted, stamp(now)),
            ).lastrowid
        assert job is not None
        return Job(job, target, is_approved=False)

    def approve(self, job: Job, report: Mapping[str, object]) -> Job:
        """Let what is staged be written."""
        with writing(self._db) as conn:
            conn.execute(
                "UPDATE reextractions SET state = 'writing', report = ? WHERE id = ?",
                (json.dumps(report, ensure_ascii=False), job.id),
            )
        return replace(job, is_approved=True)

    def finish(self, job: Job, now: datetime) -> None:
        """All is written."""
        with writing(self._db) as conn:
            conn.execute("UPDATE reextractions SET state = 'finished', finished = ? WHERE id = ?", (stamp(now), job.id))
            conn.execute("DELETE FROM staged_readings")

    def units(self, filters: Filters, target: int | None, after: int, *, resumed: bool) -> list[Unit]:
        """The next pages that were not read with `target` yet, or whose revision is damaged, by the number of their fetch.

        Args:
            filters: what the article must be; a page that gave none is taken where they are empty but for the site.
            target: what is read with; None: nothing was read with it.
            after: number of a fetch.
            resumed: whether what is staged is passed over.

        """
        where, parameters = filters.sql()
        self._conn.create_function(AGREES, 2, partial(agrees_with_digest, self._conn))
        rows = self._conn.execute(
            UNITS.format(where=where), {"target": target or 0, "after": after, "resumed": resumed, **parameters}
        ).fetchall()
        return [_unit(row) for row in rows]

    def takes_orphan(self, filters: Filters, url: str) -> bool:
        """Whether a page that gave no article is within the filters."""
        only_site = replace(filters, site=None) == Filters()
        return only_site and (filters.site is None or site_of(url) == filters.sql()[1]["site"])

    def pages(self, captures: Sequence[int]) -> list[CapturedPage]:
        """What was answered, checked against its digest.

        Raises:
            DamagedPayload: it is not what was stored.

        """
        return [self._page(capture) for capture in captures]

    def _page(self, capture_id: int) -> CapturedPage:
        row = self._conn.execute("SELECT url, fetched, headers, kind FROM captures WHERE id = ?", (capture_id,)).fetchone()
        body = read_payload(self._db, capture_id)
        headers = tuple((name, value) for name, value in json.loads(row[2]))
        return CapturedPage(row[0], moment_of(row[1]), headers, body, from_file=is_from_user(row[3], headers))

    def stage(self, staged: Iterable[Staged], *, aside: bool) -> None:
        """Put findings aside, in place of earlier ones of the same pages, in one transaction; pages that are gone are not."""
        rows = [row_of(one) for one in staged]
        if aside:
            self._conn.executemany(STAGE, rows)
            return
        with writing(self._db) as conn:
            conn.executemany(STAGE, rows)

    def staged(self, *, findings: Sequence[str] = (), site: str | None = None) -> Iterator[Staged]:
        """Stream what is staged, by the time of the page, without its reading; `reading_of` has that."""
        where, values = _condition(findings, site)
        rows = self._conn.execute(
            f"SELECT {STAGED_COLUMNS.replace('reading,', 'NULL,')} FROM staged_readings{where} ORDER BY seen, fetch_id",  # noqa: S608
            values,
        )
        return (staged_of(row) for row in rows)

    def unit_of(self, one: Staged) -> Unit | None:
        """The page that a finding is about, to be read once more; None where it was taken down since."""
        rows = self._conn.execute("SELECT id, url FROM read_captures WHERE fetch_id = ? ORDER BY id", (one.fetch_id,)).fetchall()
        if not rows:
            return None
        captures = tuple(row[0] for row in rows)
        return Unit(one.fetch_id, captures, one.seen, rows[0][1], one.article_id, one.number, same_page=False)

    def reading_of(self, capture_id: int) -> Revision | None:
        """The staged reading of a page; None where there is none."""
        row = self._conn.execute("SELECT reading FROM staged_readings WHERE capture_id = ?", (capture_id,)).fetchone()
        return None if row is None or row[0] is None else unpack(row[0])

    def is_staged(self, capture_id: int) -> bool:
        """Whether there is a finding about a page."""
        row = self._conn.execute("SELECT 1 FROM staged_readings WHERE capture_id = ?", (capture_id,)).fetchone()
        return row is not None

    def decide(self, *, aside: bool) -> None:
        """Say of each reading whose capture gave no revision what becomes of it: nothing, a revision, or an article.

        Site by site, each in one transaction: what is filed under an address, and its readings, are of one site.
        """
        if aside:  # where taking down does not reach
            self._conn.execute("DELETE FROM staged_readings WHERE capture_id NOT IN (SELECT id FROM main.captures)")
        sites = self._conn.execute(
            f"SELECT DISTINCT site FROM staged_readings WHERE finding IN {UNDECIDED} AND digest IS NOT NULL"  # noqa: S608
        ).fetchall()
        for (site,) in sites:
            with nullcontext() if aside else writing(self._db):
                self._decide_site(site)

    def _decide_site(self, site: str) -> None:
        changed = self._conn.execute(
            "SELECT article_id, revision, digest FROM staged_readings WHERE site = ? AND finding = 'changed'", (site,)
        )
        decided = Decision(self._conn, {(article, number): digest for article, number, digest in changed})
        rows = self._conn.execute(
            f"SELECT {STAGED_COLUMNS.replace('reading, facts, rights', 'NULL, facts, NULL')} FROM staged_readings "  # noqa: S608
            f"WHERE site = ? AND finding IN {UNDECIDED} AND digest IS NOT NULL ORDER BY seen, fetch_id",
            (site,),
        ).fetchall()
        self._conn.executemany(
            "UPDATE staged_readings SET finding = ? WHERE capture_id = ?",
            [(finding, one.capture_id) for one, finding in decided.all_of(map(staged_of, rows))],
        )

    def coverage(self, filters: Filters) -> dict[str, Counter[str]]:
        """Site -> how many of its articles have which of COVERED in their newest reading; `articles` is how many there are."""
        where, parameters = filters.sql()
        has = [f"sum({_has(name)})" for name in COVERED]
        rows = self._conn.execute(
            f"SELECT a.site, count(*), {', '.join(has)}, sum(a.word_count) {FROM_ARTICLES} WHERE {where} GROUP BY a.site",
            parameters,
        )
        return {site: Counter(dict(zip(("articles", *COVERED, "words"), counts, strict=True))) for site, *counts in rows}

    def blocks_of_site(self, site: str) -> Iterator[tuple[int, bool, str]]:
        """Stream the longer texts that a site's pages show in their newest readings.

        Yields:
            Article, whether another reading of it is staged, and the text of a block that is no heading.

        """
        return iter(
            self._conn.execute(
                "SELECT a.id, EXISTS (SELECT 1 FROM staged_readings AS s WHERE s.article_id = a.id AND s.revision = a.newest "
                "AND s.finding = 'changed'), b.text FROM articles AS a "
                "JOIN blocks AS b ON b.article_id = a.id AND b.revision = a.newest "
                "WHERE a.site = ? AND b.kind <> 'heading' ORDER BY a.id",
                (site,),
            )
        )

    def bodies_of_site(self, filters: Filters, target: int, reason: str) -> Iterator[tuple[Unit, RevisionBlock]]:
        """Stream the body of each revision of a site that was read with `target`, or reads the same with it.

        Args:
            filters: with a site.
            target: what it was read with.
            reason: of blocks that are wanted beside the body.

        """
        where, parameters = filters.sql()
        rows = self._conn.execute(
            "SELECT v.article_id, v.number, c.fetch_id, c.fetched, c.url, "  # noqa: S608
            "(SELECT json_group_array(id) FROM (SELECT id FROM read_captures WHERE fetch_id = c.fetch_id ORDER BY id)), "
            "b.kind, b.label, b.text, b.reason "
            f"{FROM_ARTICLES} JOIN revisions AS v ON v.article_id = a.id AND (v.reading_id = :target OR EXISTS (SELECT 1 "
            "FROM staged_readings AS s WHERE s.article_id = a.id AND s.revision = v.number AND s.finding = 'same')) "
            "JOIN captures AS c ON c.id = v.capture_id JOIN blocks AS b ON b.article_id = v.article_id AND b.revision = v.number "
            f"WHERE {where} AND (b.label = 'article' OR b.reason = :reason) ORDER BY v.article_id, v.number, b.position",
            {"target": target, "reason": reason, **parameters},
        )
        for article_id, number, fetch_id, fetched, url, captures, kind, label, text, why in rows:
            unit = Unit(fetch_id, tuple(json.loads(captures)), moment_of(fetched), url, article_id, number, same_page=False)
            yield unit, RevisionBlock(kind, label, text, reason=why)

    def unchecked_sites(self, filters: Filters, target: int) -> list[str]:
        """Sites with a revision that was read with `target` since they were last checked for blocks of their own."""
        where, parameters = filters.sql()
        rows = self._conn.execute(
            f"SELECT DISTINCT a.site {FROM_ARTICLES} JOIN revisions AS v ON v.article_id = a.id WHERE {where} "  # noqa: S608
            "AND v.reading_id = :target AND v.read_at >= coalesce((SELECT max(x.started) FROM reextractions AS x "
            "WHERE x.state = 'finished' AND x.reading_id = :target "
            "AND (x.filters = '{}' OR x.filters = json_object('site', a.site))), '') ORDER BY a.site",
            {"target": target, **parameters},
        )
        return [site for (site,) in rows]

    def write(self, job: Job, count: int, now: datetime) -> int:
        """Write the next staged findings, in one transaction; revisions that are there come first, new ones after them.

        Returns:
            How many were written; 0 when nothing is left.

        """
        with writing(self._db) as conn:
            rows = conn.execute(TAKE, (count,)).fetchall()
            touched: defaultdict[int, set[int]] = defaultdict(set)
            for row in rows:
                for article_id, number in write_finding(conn, self._db, job, staged_of(row), now):
                    touched[article_id].add(number)
            for article_id, numbers in sorted(touched.items()):
                lineage.note_revisions(conn, article_id, numbers)
                events.refresh(conn, article_id)
            conn.executemany("DELETE FROM staged_readings WHERE capture_id = ?", [(row[0],) for row in rows])
        return len(rows)


def _has(name: str) -> str:
    """SQL: whether a revision has a field."""
    if name == "body":
        return "r.word_count > 0"
    return f"r.{name} <> '[]'" if name in ("authors", "tags") else f"r.{name} IS NOT NULL"


def _condition(findings: Sequence[str], site: str | None) -> tuple[str, list[str]]:
    parts = [f"finding IN ({', '.join('?' * len(findings))})"] if findings else []
    parts += ["site = ?"] if site is not None else []
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), [*findings, *([site] if site is not None else [])]


def _unit(row: Sequence[Any]) -> Unit:
    fetch_id, fetched_for, article_id, number, fetched, url, captures, same_page = row
    own = article_id if article_id is not None else fetched_for
    ids = tuple(json.loads(captures))
    return Unit(fetch_id, ids, moment_of(fetched), url, own, number, bool(same_page) and len(ids) == 1)
