"""Writing: visits with all they brought, each batch in one transaction."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlite_utils import Database

from archive import copies, events, lineage, newest, tombstones
from archive.articles import COUNT_REVISION, SEEN, as_json, rewrite_reading, write_article, write_revision
from archive.capture import Capture
from archive.connection import writing
from archive.frontier import Taken, add_found, close_lease
from archive.history import Planner, Planning
from archive.known import KnownArticle, digest_of_revision, known_article, spot_of, why_unchanged
from archive.order import key_of
from archive.repeats import is_repeat
from archive.revision import Revision
from archive.rights import write_rights
from archive.sameness import without_wall
from archive.sightings import OF_A_VARIANT, Spot, divide, let_give_way, note_further_pages
from archive.site_blocks import clean
from archive.timestamps import stamp
from archive.urls import site_of
from archive.visit import Kept, Outcome, Visit

T = TypeVar("T")

NOT_MODIFIED = 304

UNMODIFIED = "not modified since the last fetch"

ANSWERS_ELSEWHERE = "SELECT 1 FROM frontier WHERE article_id = ? AND key <> ? AND outcome <> 'gone' LIMIT 1"
ANSWERS_BY_ADDRESS = """
SELECT url, outcome FROM fetches WHERE article_id = ? AND outcome IN ('stored', 'unchanged', 'gone') ORDER BY fetched, id
"""
"""What each address of an article answered, the last of each counting: what a file brought is in no frontier."""
INSERT_FETCH = """
INSERT INTO fetches (run_id, source_id, frontier_id, url, fetched, outcome, reason, status, seconds, redirects, paywalled,
    noindex)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True)
class _Settled:
    """What a visit comes to."""

    outcome: Outcome
    reason: str | None
    number: int | None = None
    """The revision that the page reads like, or takes over, if it is none that is there."""
    spot: Spot | None = None
    """Where the page stands among those of an article that is there."""


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
        tells = visit.captures or known_article(conn, visit) is not None
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
    visit = without_wall(conn, tombstones.refused(conn, visit) or visit)
    known = known_article(conn, visit)
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


def _settle(conn: sqlite3.Connection, visit: Visit, known: KnownArticle | None) -> _Settled:
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
    spot = spot_of(conn, visit.captures[0], known)
    if spot.is_outranked:
        return _Settled(Outcome.UNCHANGED, OF_A_VARIANT)
    spot, taken_over = let_give_way(conn, spot)
    if taken_over is not None:
        return _Settled(Outcome.STORED, visit.reason, taken_over, spot)
    digest = visit.revision.digest
    for number in spot.neighbours:
        if digest_of_revision(conn, known, number) == digest:
            return _Settled(Outcome.UNCHANGED, visit.reason or why_unchanged(conn, known, visit), number, spot)
    return _Settled(Outcome.STORED, visit.reason, None, spot)


def _keep_reading(
    conn: sqlite3.Connection, visit: Visit, known: KnownArticle | None, settled: _Settled, captures: Sequence[int], now: datetime
) -> tuple[int, int]:
    """Write the reading of a visit; returns article and number of the revision."""
    revision, seen = visit.revision, stamp(visit.captures[0].fetched)
    assert revision is not None
    if known is None or settled.spot is None:
        article_id = write_article(conn, revision, None, 1, seen, is_latest=True)
        write_revision(conn, article_id, 1, revision, captures, now)
        copies.note_reading(conn, article_id, 1, revision)
        return article_id, 1
    if settled.number is not None:
        _take_over(conn, known, settled.number, revision, captures, now)
        conn.execute(SEEN, {"seen": seen, "id": known.article_id})
        return known.article_id, settled.number
    number = known.revisions + 1
    write_article(conn, revision, known, number, seen, is_latest=settled.spot.is_latest)
    write_revision(conn, known.article_id, number, revision, captures, now)
    copies.note_reading(conn, known.article_id, number, revision)
    again = divide(conn, known.article_id, settled.spot, number + 1)
    if again is not None:
        conn.execute(COUNT_REVISION, (again, known.article_id))
        newest.refresh(conn, known.article_id)
    lineage.note_revisions(conn, known.article_id, {number, again or number})
    return known.article_id, number


def _take_over(
    conn: sqlite3.Connection, known: KnownArticle, number: int, revision: Revision, captures: Sequence[int], now: datetime
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
            outcome.value, reason, visit.status, visit.seconds, as_json(visit.redirects), *events.statements(visit),
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
            fetch_id, capture.url, stamp(capture.fetched), capture.status, capture.kind, payload.sha256, as_json(capture.headers),
        ),
    ).lastrowid  # fmt: skip
    assert capture_id is not None
    if capture.rights is not None:
        write_rights(conn, capture_id, capture.rights)
    return capture_id


def _write_sighting(conn: sqlite3.Connection, visit: Visit, outcome: Outcome, known: KnownArticle) -> None:
    """Write down that an article was found up, or gone."""
    fetched = stamp(visit.fetched)
    if outcome is Outcome.UNCHANGED:
        conn.execute(SEEN, {"seen": fetched, "id": known.article_id})
    elif outcome is Outcome.GONE and not _stands_elsewhere(conn, visit, known):
        conn.execute(
            "UPDATE articles SET withdrawn = coalesce(withdrawn, ?) WHERE id = ? AND last_seen <= ?",
            (fetched, known.article_id, fetched),
        )


def _stands_elsewhere(conn: sqlite3.Connection, visit: Visit, known: KnownArticle) -> bool:
    """Whether the address that is gone was but a second one, and another still answered when last asked."""
    key = key_of(visit.url)
    if key == key_of(known.url):
        return False
    if conn.execute(ANSWERS_ELSEWHERE, (known.article_id, key)).fetchone() is not None:
        return True
    last = {key_of(url): outcome for url, outcome in conn.execute(ANSWERS_BY_ADDRESS, (known.article_id,))}
    return any(outcome != Outcome.GONE for address, outcome in last.items() if address != key)


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
