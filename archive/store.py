"""Writing: sources, runs, and visits with all they brought, each batch in one transaction."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import chain
from typing import Any, TypeVar

from sqlite_utils import Database

from archive import copies, events, lineage, newest, tombstones
from archive.capture import Capture
from archive.connection import writing
from archive.frontier import Taken, add_found, close_lease, release_all, reopen_due
from archive.health import note_run
from archive.history import Planner, Planning
from archive.order import Place, place_of
from archive.pairs import write_pairs
from archive.readings import keep_reading
from archive.repeats import is_repeat
from archive.revision import Revision, RevisionBlock, RevisionEvidence, body_text
from archive.rights import write_rights
from archive.rows import Run, Source
from archive.sightings import OF_A_VARIANT, Sighting, Spot, divide, find_spot, let_give_way, note_further_pages
from archive.site_blocks import clean
from archive.timestamps import moment_of, optional_moment, stamp
from archive.urls import address_key, canonical_url, site_of
from archive.visit import Kept, Outcome, Visit

T = TypeVar("T")

NOT_MODIFIED = 304
UNMODIFIED = "not modified since the last fetch"
SAME_PAYLOAD = "the same page to the byte"
ONLY_BOILERPLATE = "only boilerplate changed: the article reads the same"
"""Why a fetch brought nothing new."""

STAYS_OPEN = "interrupted"
"""State of a run that the next one with the same sources goes on with."""

ARTICLE_COLUMNS = "title, dek, byline, published, published_precision, modified, lang, section, word_count, text"

SOURCES = "SELECT id, name, url, site, paused, pause_reason FROM sources"

NEXT_ARTICLE = """
1 + max(coalesce((SELECT max(id) FROM articles), 0), coalesce((SELECT max(article_id) FROM tombstones), 0))
"""
"""A number that no article has, nor one that was taken down: it may have been cited."""

INSERT_ARTICLE = f"""
INSERT INTO articles (id, url, site, {ARTICLE_COLUMNS}, first_seen, last_seen, revisions, newest)
VALUES ({NEXT_ARTICLE}, ?, ?, {"?, " * 10} ?, ?, 1, 1)
"""  # noqa: S608 - column names only

UPDATE_ARTICLE = f"UPDATE articles SET ({ARTICLE_COLUMNS}, newest) = ({', '.join('?' * 11)}) WHERE id = ?"  # noqa: S608

COUNT_REVISION = "UPDATE articles SET revisions = ? WHERE id = ?"

SEEN = """
UPDATE articles SET first_seen = min(first_seen, :seen), last_seen = max(last_seen, :seen),
    withdrawn = CASE WHEN withdrawn > :seen THEN withdrawn END
WHERE id = :id AND (first_seen > :seen OR last_seen < :seen OR withdrawn <= :seen)
"""
"""Found up then: what is newer than that stays as it is, for captures need not come in the order of their times."""

NEWEST_READING = """
SELECT a.id, a.url, a.revisions, a.newest, a.last_seen, r.digest, c.url, c.fetched, c.payload
FROM articles AS a JOIN revisions AS r ON r.article_id = a.id AND r.number = a.newest JOIN captures AS c ON c.id = r.capture_id
"""

ARTICLE_AT = """
SELECT coalesce((SELECT id FROM articles WHERE url = ?),
    (SELECT article_id FROM fetches WHERE url = ? AND article_id IS NOT NULL ORDER BY id DESC LIMIT 1))
"""
"""The article that is filed under an address, or was last read there."""

PAGE = "SELECT url, fetched, payload FROM captures WHERE id = ?"

LAST_PAYLOADS = """
SELECT c.payload FROM captures AS c WHERE c.fetch_id = (
    SELECT f.id FROM fetches AS f
    WHERE f.article_id = :id AND f.fetched <= :seen AND EXISTS (SELECT 1 FROM captures WHERE fetch_id = f.id)
    ORDER BY f.fetched DESC, f.id DESC LIMIT 1
) ORDER BY c.id
"""
"""Of the last fetch of an article that brought its page."""

END_RUN = """
UPDATE runs SET state = :state, finished = :finished, summary = (
    SELECT json_group_object(outcome, fetches)
    FROM (SELECT outcome, count(*) AS fetches FROM fetches WHERE run_id = :id GROUP BY outcome)
), waiting = (
    SELECT count(*) FROM frontier WHERE state <> 'done' AND source_id IN (SELECT value FROM json_each(runs.sources))
) WHERE id = :id
"""

INSERT_FETCH = """
INSERT INTO fetches (run_id, source_id, frontier_id, url, fetched, outcome, reason, status, seconds, redirects, paywalled,
    noindex)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

REVISION_FIELDS = (
    "reader, title, dek, byline, authors, published, published_precision, published_earliest, published_latest, "
    "published_basis, published_zone_known, modified, lang, section, tags, description, site_name, image, licence, paywalled, "
    "word_count, text, reading_id"
)
"""Columns of a revision that another reading of its capture may change, beside its digest and `read_at`."""

INSERT_REVISION = f"""
INSERT INTO revisions (article_id, number, digest, capture_id, read_at, {REVISION_FIELDS}) VALUES ({", ".join("?" * 28)})
"""  # noqa: S608

REWRITE_REVISION = f"""{INSERT_REVISION} ON CONFLICT (article_id, number) DO UPDATE SET
    (digest, read_at, {REVISION_FIELDS})
    = (excluded.digest, excluded.read_at, {", ".join(f"excluded.{name}" for name in REVISION_FIELDS.split(", "))})
"""
"""Another reading of the same capture, in the place of the one that is there."""

INSERT_BLOCKS = f"INSERT INTO blocks (article_id, revision, position, {', '.join(RevisionBlock._fields)}) VALUES "  # noqa: S608
INSERT_EVIDENCE = f"INSERT INTO evidence (article_id, revision, {', '.join(RevisionEvidence._fields)}) VALUES "  # noqa: S608

ROWS_AT_ONCE = 16
"""Rows of one table in one statement. Python's lock is given up and asked for again at each statement, which beside a busy event
loop takes longer than the row; and by itself, 184 rows (the mean of saved pages) take a sixth less time than one by one."""


@dataclass(frozen=True, slots=True)
class _Known:
    """The newest reading of an article that is there already."""

    article_id: int
    url: str
    revisions: int
    newest: int
    last_seen: str
    digest: str
    page: str
    """Address that the newest reading was fetched from."""
    fetched: str
    """When it was."""
    payload: str

    @property
    def place(self) -> Place:
        """Where the page of the newest reading stands among those of the article."""
        return self.place_of(self.page, self.fetched, self.payload)

    def place_of(self, url: str, fetched: str, payload: str) -> Place:
        """Where a page stands among those of the article."""
        return place_of(self.url, url, fetched, payload)


@dataclass(frozen=True, slots=True)
class _Settled:
    """What a visit comes to."""

    outcome: Outcome
    reason: str | None
    number: int | None = None
    """The revision that the page reads like, or takes over, if it is none that is there."""
    spot: Spot | None = None
    """Where the page stands among those of an article that is there."""


def add_source(db: Database, url: str, name: str | None) -> Source:
    """Return the source with that address; made if new, renamed if a name is given."""
    with writing(db) as conn:
        conn.execute(
            "INSERT INTO sources (name, url, site) VALUES (?, ?, ?) "
            "ON CONFLICT (url) DO UPDATE SET name = coalesce(excluded.name, name)",
            (name, url, site_of(url)),
        )
        return _source(conn.execute(f"{SOURCES} WHERE url = ?", (url,)).fetchone())


def sources(db: Database) -> list[Source]:
    """Return all sources, in the order they were added."""
    return [_source(row) for row in db.conn.execute(f"{SOURCES} ORDER BY id")]


def pause_source(db: Database, source_id: int, reason: str | None, now: datetime) -> None:
    """Pause a source; one that is paused stays so since then, and takes a reason that is given."""
    with writing(db) as conn:
        conn.execute(
            "UPDATE sources SET paused = coalesce(paused, ?), pause_reason = coalesce(?, pause_reason) WHERE id = ?",
            (stamp(now), reason, source_id),
        )


def resume_source(db: Database, source_id: int) -> None:
    """End the pause of a source."""
    with writing(db) as conn:
        conn.execute("UPDATE sources SET paused = NULL, pause_reason = NULL WHERE id = ?", (source_id,))


def _source(row: Sequence[Any]) -> Source:
    id_, name, url, site, paused, reason = row
    return Source(id_, name, url, site, optional_moment(paused), reason)


def begin_run(db: Database, command: str, source_ids: Sequence[int], now: datetime) -> Run:
    """Go on with the newest run of these sources if it had not ended, or begin one and open what is due again."""
    sources = json.dumps(sorted(set(source_ids)))
    with writing(db) as conn:
        release_all(conn)
        conn.execute("UPDATE runs SET state = 'interrupted' WHERE state = 'running'")  # whoever ran them has died
        newest = conn.execute(
            "SELECT id, started, finished FROM runs WHERE sources = ? AND command = ? ORDER BY id DESC LIMIT 1",
            (sources, command),
        ).fetchone()
        if newest is not None and newest[2] is None:
            conn.execute("UPDATE runs SET state = 'running' WHERE id = ?", (newest[0],))
            return Run(newest[0], moment_of(newest[1]), resumed=True)
        reopen_due(conn, source_ids, now)
        run_id = conn.execute(
            "INSERT INTO runs (command, sources, started, state) VALUES (?, ?, ?, 'running')", (command, sources, stamp(now))
        ).lastrowid
    assert run_id is not None
    return Run(run_id, moment_of(stamp(now)), resumed=False)


def end_run(db: Database, run_id: int, state: str, now: datetime) -> None:
    """Write how a run ended, all its parts counted; an interrupted one stays open."""
    finished = None if state == STAYS_OPEN else stamp(now)
    with writing(db) as conn:
        conn.execute(END_RUN, {"id": run_id, "state": state, "finished": finished})
        note_run(conn, run_id)


def commit(
    db: Database,
    run_id: int | None,
    visits: Sequence[Visit],
    now: datetime,
    *,
    once: bool = False,
    planner: Planner | None = None,
) -> list[Kept]:
    """Keep visits in one transaction: all of them, or none if it fails; `once`: but for those that are there already."""
    try:
        return _commit(db, run_id, visits, now, once, planner)
    except UnicodeEncodeError:
        # A page can spell half of a surrogate pair as an escape, and no UTF-8 file can hold it. Too rare to look at each string.
        return _commit(db, run_id, [_without_surrogates(visit) for visit in visits], now, once, planner)


def keep_visits(
    conn: sqlite3.Connection, run_id: int, visits: Sequence[Visit], now: datetime, *, source_id: int
) -> list[Kept | None]:
    """Keep visits of a source that no lease was given for, but for those that are there already; in the caller's transaction.

    Returns:
        What became of each; None for one that brings no page and is of no article that is there, which is not kept.

    """
    planning = Planning(conn, None)
    kept: list[Kept | None] = []
    for visit in map(_without_surrogates, visits):
        tells = visit.captures or _known_article(conn, visit) is not None
        became = _repeated(conn, visit, once=True) or _keep(conn, run_id, visit, now, planning, source_id) if tells else None
        kept.append(became)
    return kept


def _commit(
    db: Database, run_id: int | None, visits: Sequence[Visit], now: datetime, once: bool, planner: Planner | None
) -> list[Kept]:
    with writing(db) as conn:
        planning = Planning(conn, planner)
        kept = [_repeated(conn, visit, once=once) or _keep(conn, run_id, visit, now, planning) for visit in visits]
        planning.write()
    return kept


def _repeated(conn: sqlite3.Connection, visit: Visit, *, once: bool) -> Kept | None:
    """What becomes of a visit that is there already and is to be kept once; None for any other."""
    return Kept(Outcome.UNCHANGED, repeated=True) if once and is_repeat(conn, visit) else None


def _keep(
    conn: sqlite3.Connection, run_id: int | None, visit: Visit, now: datetime, planning: Planning, source_id: int | None = None
) -> Kept:
    visit = tombstones.refused(conn, visit) or visit
    known = _known_article(conn, visit)
    if known is not None and visit.revision is not None:
        visit = dataclasses.replace(visit, revision=clean(conn, known.article_id, known.newest, visit.revision))
    settled = _settle(conn, visit, known)
    outcome = settled.outcome
    fetch_id = _insert_fetch(conn, run_id, visit, outcome, settled.reason, source_id)
    kept = [(_insert_capture(conn, fetch_id, capture, now), capture.kind) for capture in visit.captures]
    # As the view read_captures has it: the first is one of those that were read.
    captures = [capture_id for capture_id, kind in kept if kind == kept[0][1]]
    article_id, number = (known.article_id, settled.number or known.newest) if known else (None, None)
    if outcome is Outcome.STORED:
        article_id, number = _keep_reading(conn, visit, known, settled, captures, now)
    elif known is not None:
        _write_sighting(conn, visit, outcome, known)
    if article_id is not None:
        conn.execute("UPDATE fetches SET article_id = ?, revision = ? WHERE id = ?", (article_id, number, fetch_id))
    if known is not None:
        events.note_visit(conn, known.article_id, visit, outcome)
    elif article_id is not None:
        events.note_arrival(conn, article_id, visit, fetch_id)
    former = events.article_read_before(conn, visit, article_id)
    if former is not None:
        events.refresh(conn, former)
    new = _follow_up(conn, run_id, visit, outcome, article_id, now)
    if visit.lease is not None:
        planning.note(visit, fetch_id, outcome, article_id, new.articles)
    return Kept(outcome, article_id, number, new.waiting)


def _known_article(conn: sqlite3.Connection, visit: Visit) -> _Known | None:
    """The article that the visit is about, if it is there: the one read now, or else the one last read at that address."""
    if visit.revision is not None:
        row = conn.execute(f"{NEWEST_READING} WHERE a.url = ?", (visit.revision.url,)).fetchone()
    elif visit.lease is not None:
        row = conn.execute(
            f"{NEWEST_READING} WHERE a.id = (SELECT article_id FROM frontier WHERE id = ?)",  # noqa: S608
            (visit.lease.id,),
        ).fetchone()
    else:
        row = conn.execute(f"{NEWEST_READING} WHERE a.id = ({ARTICLE_AT})", (canonical_url(visit.url), visit.url)).fetchone()
    return _Known(*row) if row is not None else None


def _settle(conn: sqlite3.Connection, visit: Visit, known: _Known | None) -> _Settled:
    """What the visit comes to, now that the archive has its say.

    Raises:
        ValueError: STORED without a revision or a capture that it was read from.

    """
    if visit.outcome is not Outcome.STORED:
        unmodified = visit.outcome is Outcome.UNCHANGED and visit.status == NOT_MODIFIED
        return _Settled(visit.outcome, visit.reason or (UNMODIFIED if unmodified else None))
    if visit.revision is None or not visit.captures:
        raise ValueError(f"the visit of {visit.url} is to be stored, but has no revision or no capture")
    if known is None:
        return _Settled(Outcome.STORED, visit.reason)
    spot = _spot_of(conn, visit.captures[0], known)
    if spot.is_outranked:
        return _Settled(Outcome.UNCHANGED, OF_A_VARIANT)
    spot, taken_over = let_give_way(conn, spot)
    if taken_over is not None:
        return _Settled(Outcome.STORED, visit.reason, taken_over, spot)
    digest = visit.revision.digest
    for number in spot.neighbours:
        if _digest_of(conn, known, number) == digest:
            return _Settled(Outcome.UNCHANGED, visit.reason or _why_unchanged(conn, known, visit), number, spot)
    return _Settled(Outcome.STORED, visit.reason, None, spot)


def _spot_of(conn: sqlite3.Connection, page: Capture, known: _Known) -> Spot:
    """Where a page stands among those of its article."""
    place = known.place_of(page.url, stamp(page.fetched), page.payload.sha256)
    newest = known.place
    if newest.own and place.fetched > known.last_seen:  # as nearly always: nothing that is older needs to be looked at
        last = (Sighting(newest, 0, 0, known.newest),)
        return Spot(place, last, ()) if place.own else Spot(place, (), last)
    return find_spot(conn, known.article_id, place)


def _digest_of(conn: sqlite3.Connection, known: _Known, number: int) -> str:
    if number == known.newest:
        return known.digest
    digests = conn.execute("SELECT digest FROM revisions WHERE article_id = ? AND number = ?", (known.article_id, number))
    return str(digests.fetchone()[0])


def _why_unchanged(conn: sqlite3.Connection, known: _Known, visit: Visit) -> str:
    """Whether a page that reads as before is the same to the byte."""
    last = conn.execute(LAST_PAYLOADS, {"id": known.article_id, "seen": stamp(visit.fetched)})
    same = [row[0] for row in last] == [capture.payload.sha256 for capture in visit.captures]
    return SAME_PAYLOAD if same else ONLY_BOILERPLATE


def _keep_reading(
    conn: sqlite3.Connection, visit: Visit, known: _Known | None, settled: _Settled, captures: Sequence[int], now: datetime
) -> tuple[int, int]:
    """Write the reading of a visit; returns article and number of the revision."""
    revision, seen = visit.revision, stamp(visit.captures[0].fetched)
    assert revision is not None
    if known is None or settled.spot is None:
        article_id = _write_article(conn, revision, None, 1, seen, is_latest=True)
        _write_revision(conn, article_id, 1, revision, captures, now)
        copies.note_reading(conn, article_id, 1, revision)
        return article_id, 1
    if settled.number is not None:
        _take_over(conn, known, settled.number, revision, captures, now)
        conn.execute(SEEN, {"seen": seen, "id": known.article_id})
        return known.article_id, settled.number
    number = known.revisions + 1
    _write_article(conn, revision, known, number, seen, is_latest=settled.spot.is_latest)
    _write_revision(conn, known.article_id, number, revision, captures, now)
    copies.note_reading(conn, known.article_id, number, revision)
    again = divide(conn, known.article_id, settled.spot, number + 1)
    if again is not None:
        conn.execute(COUNT_REVISION, (again, known.article_id))
        newest.refresh(conn, known.article_id)
    lineage.note_revisions(conn, known.article_id, {number, again or number})
    return known.article_id, number


def _take_over(
    conn: sqlite3.Connection, known: _Known, number: int, revision: Revision, captures: Sequence[int], now: datetime
) -> None:
    """Put the reading of a better address in the place of a lesser one's."""
    conn.execute(
        "UPDATE revisions SET capture_id = ? WHERE article_id = ? AND number = ?", (captures[0], known.article_id, number)
    )
    note_further_pages(conn, known.article_id, number, captures)
    rewrite_reading(conn, known.article_id, number, revision, now)
    newest.refresh(conn, known.article_id)
    copies.note_row(conn, *conn.execute("SELECT id, text FROM articles WHERE id = ?", (known.article_id,)).fetchone())
    lineage.refresh(conn, known.article_id)


def _insert_fetch(
    conn: sqlite3.Connection, run_id: int | None, visit: Visit, outcome: Outcome, reason: str | None, source_id: int | None
) -> int:
    """Insert the fetch; `source_id` is that of visits without a lease."""
    lease = visit.lease
    fetch_id = conn.execute(
        INSERT_FETCH,
        (
            run_id, lease.source_id if lease else source_id, lease.id if lease else None, visit.url, stamp(visit.fetched),
            outcome.value, reason, visit.status, visit.seconds, _json(visit.redirects), *events.statements(visit),
        ),
    ).lastrowid  # fmt: skip
    assert fetch_id is not None
    return fetch_id


def _insert_capture(conn: sqlite3.Connection, fetch_id: int, capture: Capture, now: datetime) -> int:
    """Insert a capture, and its payload if it is new."""
    payload = capture.payload
    conn.execute(
        "INSERT INTO payloads (sha256, size, codec, first_seen, data, site) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (sha256) DO NOTHING",
        (payload.sha256, payload.size, payload.codec, stamp(now), payload.data, site_of(capture.url)),
    )
    capture_id = conn.execute(
        "INSERT INTO captures (fetch_id, url, fetched, status, kind, payload, headers) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            fetch_id, capture.url, stamp(capture.fetched), capture.status, capture.kind, payload.sha256, _json(capture.headers),
        ),
    ).lastrowid  # fmt: skip
    assert capture_id is not None
    if capture.rights is not None:
        write_rights(conn, capture_id, capture.rights)
    return capture_id


def _write_article(
    conn: sqlite3.Connection, r: Revision, known: _Known | None, number: int, seen: str, *, is_latest: bool
) -> int:
    """Insert the article's row, or bring it up to this reading if it is the latest; returns its id.

    Args:
        conn: inside a transaction.
        r: the reading.
        known: the article, if it is there.
        number: of the reading.
        seen: when its page was fetched.
        is_latest: whether none is of a later page.

    """
    values = (
        r.title, r.dek, r.byline, r.published, r.published_precision, r.modified, r.lang, r.section, r.word_count, r.text,
    )  # fmt: skip
    if known is None:
        article_id = conn.execute(INSERT_ARTICLE, (r.url, r.site, *values, seen, seen)).lastrowid
        assert article_id is not None
        write_pairs(conn, article_id, r.title, r.dek, r.byline, r.text)
        _write_authors(conn, article_id, r)
        return article_id
    conn.execute(COUNT_REVISION, (number, known.article_id))
    conn.execute(SEEN, {"seen": seen, "id": known.article_id})
    if is_latest:
        _show(conn, known.article_id, number, r)
    return known.article_id


def _show(conn: sqlite3.Connection, article_id: int, number: int, r: Revision) -> None:
    """Have the article's row, and what hangs on it, show a revision."""
    values = (
        r.title, r.dek, r.byline, r.published, r.published_precision, r.modified, r.lang, r.section, r.word_count, r.text,
    )  # fmt: skip
    conn.execute(UPDATE_ARTICLE, (*values, number, article_id))
    write_pairs(conn, article_id, r.title, r.dek, r.byline, r.text)
    _write_authors(conn, article_id, r)


def _write_authors(conn: sqlite3.Connection, article_id: int, revision: Revision) -> None:
    conn.execute("DELETE FROM authors WHERE article_id = ?", (article_id,))
    authors = [(article_id, place, a.name, a.kind, a.role, a.url) for place, a in enumerate(revision.authors)]
    conn.executemany("INSERT INTO authors VALUES (?, ?, ?, ?, ?, ?)", authors)


def _write_revision(
    conn: sqlite3.Connection,
    article_id: int,
    number: int,
    revision: Revision,
    captures: Sequence[int],
    now: datetime,
) -> None:
    _write_row(conn, INSERT_REVISION, (article_id, number, revision.digest, captures[0]), revision, now)
    note_further_pages(conn, article_id, number, captures)
    _write_parts(conn, article_id, number, revision)


def _write_row(conn: sqlite3.Connection, statement: str, names: tuple[int, int, str, int], r: Revision, now: datetime) -> None:
    """Write the row of a revision; `names` are article, number, digest and capture."""
    own_text = None if r.text == body_text([(b.label, b.text) for b in r.blocks]) else r.text
    conn.execute(
        statement,
        (
            *names, stamp(now), r.reader, r.title, r.dek, r.byline,
            _json([author._asdict() for author in r.authors]), r.published, r.published_precision,
            r.published_earliest, r.published_latest, r.published_basis, r.published_zone_known, r.modified, r.lang, r.section,
            _json(r.tags), r.description, r.site_name, r.image, r.licence, r.paywalled, r.word_count, own_text,
            keep_reading(conn, r.reader, r.read_with, now),
        ),
    )  # fmt: skip


def _write_parts(conn: sqlite3.Connection, article_id: int, number: int, r: Revision) -> None:
    _insert_rows(conn, INSERT_BLOCKS, [(article_id, number, place, *block) for place, block in enumerate(r.blocks)])
    _insert_rows(conn, INSERT_EVIDENCE, [(article_id, number, *evidence) for evidence in r.evidence])


def rewrite_reading(conn: sqlite3.Connection, article_id: int, number: int, revision: Revision, now: datetime) -> None:
    """Put another reading of the same capture in the place of a revision, and into the article's row where that shows it.

    The address, and the captures it was read from, stay. `lineage.note_revisions` is the caller's.
    """
    row = conn.execute("SELECT capture_id FROM revisions WHERE article_id = ? AND number = ?", (article_id, number)).fetchone()
    _write_row(conn, REWRITE_REVISION, (article_id, number, revision.digest, row[0]), revision, now)
    for table in ("blocks", "evidence"):
        conn.execute(f"DELETE FROM {table} WHERE article_id = ? AND revision = ?", (article_id, number))  # noqa: S608
    _write_parts(conn, article_id, number, revision)
    if conn.execute("SELECT newest FROM articles WHERE id = ?", (article_id,)).fetchone()[0] == number:
        _show(conn, article_id, number, revision)
    copies.note_reading(conn, article_id, number, revision)


def add_reading(
    conn: sqlite3.Connection,
    article_id: int | None,
    revision: Revision,
    captures: Sequence[int],
    fetched: datetime,
    now: datetime,
) -> tuple[int, int]:
    """Keep a reading of captures that are there and gave no revision: as the next one of an article, or as a new article.

    Args:
        conn: inside a transaction.
        article_id: the article; None: a new one.
        revision: the reading.
        captures: ids of the page, and of its further pages.
        fetched: when the page was; aware.
        now: aware.

    Returns:
        Article and number of the revision.

    """
    row = None if article_id is None else conn.execute(f"{NEWEST_READING} WHERE a.id = ?", (article_id,)).fetchone()
    known = None if row is None else _Known(*row)
    number = known.revisions + 1 if known else 1
    is_latest = known is None or known.place_of(*conn.execute(PAGE, (captures[0],)).fetchone()) >= known.place
    article_id = _write_article(conn, revision, known, number, stamp(fetched), is_latest=is_latest)
    _write_revision(conn, article_id, number, revision, captures, now)
    copies.note_reading(conn, article_id, number, revision)
    return article_id, number


def _insert_rows(conn: sqlite3.Connection, insert: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert rows of one table; `insert` is the statement up to its values."""
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        conn.execute(insert + _places(len(some), len(some[0])), tuple(chain.from_iterable(some)))


@cache
def _places(rows: int, columns: int) -> str:
    """Parameters for so many rows; there are as many of these as `ROWS_AT_ONCE` for each table."""
    return ", ".join([f"({', '.join('?' * columns)})"] * rows)


def _write_sighting(conn: sqlite3.Connection, visit: Visit, outcome: Outcome, known: _Known) -> None:
    """Write down that an article was found up, or gone."""
    fetched = stamp(visit.fetched)
    if outcome is Outcome.UNCHANGED:
        conn.execute(SEEN, {"seen": fetched, "id": known.article_id})
    elif outcome is Outcome.GONE and not _stands_elsewhere(conn, visit, known):
        conn.execute(
            "UPDATE articles SET withdrawn = coalesce(withdrawn, ?) WHERE id = ? AND last_seen <= ?",
            (fetched, known.article_id, fetched),
        )


def _stands_elsewhere(conn: sqlite3.Connection, visit: Visit, known: _Known) -> bool:
    """Whether the address that is gone was but a second one, and another still answered when last asked."""
    if visit.lease is None or address_key(visit.url) == address_key(known.url):
        return False
    row = conn.execute(
        "SELECT 1 FROM frontier WHERE article_id = ? AND id <> ? AND outcome <> 'gone' LIMIT 1",
        (known.article_id, visit.lease.id),
    ).fetchone()
    return row is not None


def _follow_up(
    conn: sqlite3.Connection, run_id: int | None, visit: Visit, outcome: Outcome, article_id: int | None, now: datetime
) -> Taken:
    """Close the lease and take in the addresses found."""
    lease = visit.lease
    if lease is not None:
        close_lease(conn, visit, run_id=run_id, outcome=outcome, article_id=article_id)
    if not visit.found:
        return Taken(0, 0)
    source_id, found_on, depth = (lease.source_id, lease.id, lease.depth + 1) if lease else (None, None, 1)
    return add_found(conn, visit.found, source_id=source_id, found_on=found_on, depth=depth, run_id=run_id, now=now)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _without_surrogates(value: T) -> T:
    """The same value, lone surrogates in its strings replaced by U+FFFD."""
    cleaned: Any = value
    if type(cleaned) is str:
        cleaned = cleaned.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    elif isinstance(value, tuple):
        items = [_without_surrogates(item) for item in value]
        cleaned = type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        changes = {f.name: _without_surrogates(getattr(value, f.name)) for f in dataclasses.fields(value)}
        cleaned = dataclasses.replace(value, **changes)
    return cleaned  # type: ignore[no-any-return]
