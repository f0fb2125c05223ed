"""Bringing the archive up to what a page was found to be: a revision keeps its number, and what it was is kept beside it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.articles import REVISION_FIELDS, add_reading, rewrite_reading
from archive.order import latest_first
from archive.rereading.decision import Decision, article_at
from archive.rereading.staged import Job, Staged, unpack, unpack_rights
from archive.revision import Revision, RevisionBlock
from archive.rights import write_rights
from archive.selection import read_revision
from archive.timestamps import stamp

NOT_COMPARED = ("reader", "reading_id")
"""Columns that say who read, not what was read; `rereadings` has columns for them."""

KEEP_FORMER = """
INSERT INTO rereadings (article_id, revision, reextraction_id, read_at, reader, reading_id, digest, fields, blocks, evidence)
SELECT article_id, number, ?, read_at, reader, reading_id, digest, ?, ?, ? FROM revisions WHERE article_id = ? AND number = ?
"""

STORED_AFTER_ALL = """
UPDATE fetches SET article_id = :article, revision = :number,
    outcome = CASE WHEN reason LIKE 'redirects%' THEN outcome ELSE 'stored' END,
    reason = CASE WHEN reason LIKE 'redirects%' THEN reason
        ELSE 'read again; before: ' || outcome || coalesce(', ' || reason, '') END
WHERE id = :fetch
"""
"""A redirect says of the article that it moved, which stays true."""

FRONTIER_AFTER_ALL = """
UPDATE frontier SET article_id = :article,
    outcome = CASE WHEN outcome IN ('not_an_article', 'failed') THEN 'stored' ELSE outcome END
WHERE (id, fetched) = (SELECT frontier_id, fetched FROM fetches WHERE id = :fetch)
"""

WITHDRAWN_SINCE = """
UPDATE articles SET withdrawn = (
    SELECT min(g.fetched) FROM fetches AS f JOIN fetches AS g ON g.url = f.url AND g.outcome = 'gone' AND g.fetched > f.fetched
    WHERE f.id = :fetch
) WHERE id = :article
"""

RIGHTS_OF_SAME_PAGE = f"""
UPDATE rights SET (paywalled, licence) = (
    SELECT r.paywalled, r.licence FROM captures AS c JOIN fetches AS f ON f.id = c.fetch_id
    JOIN articles AS a ON a.id = f.article_id
    JOIN revisions AS r ON r.article_id = a.id JOIN captures AS d ON d.id = r.capture_id
    WHERE c.id = :capture AND d.fetched <= c.fetched ORDER BY {latest_first(capture="d")} LIMIT 1
) WHERE capture_id = :capture
"""  # noqa: S608 - names only
"""A page that is not read, being that of the revision in force to the byte, says of these what that says."""


def write_finding(conn: sqlite3.Connection, db: Database, job: Job, one: Staged, now: datetime) -> list[tuple[int, int]]:
    """Bring the archive up to one finding; returns article and number of the revision that reads otherwise now, or is new."""
    _write_rights(conn, one)
    if one.finding in ("no_article", "as_known"):
        _write_no_revision(conn, job, one, one.finding)
    elif one.finding == "same":
        _write_same(conn, job, one, now)
    elif one.finding == "changed":
        return [_write_changed(conn, db, job, one, now)]
    elif one.finding in ("revision", "article"):
        return _write_new(conn, job, one, now)
    return []


def _write_rights(conn: sqlite3.Connection, one: Staged) -> None:
    """Have the rights of a page say what it was read to say now; what its host said at its time stays."""
    if one.rights is None:
        if one.finding == "as_known":
            conn.execute(RIGHTS_OF_SAME_PAGE, {"capture": one.capture_id})
        return
    there = {row[0] for row in conn.execute("SELECT id FROM captures WHERE fetch_id = ?", (one.fetch_id,))}
    for capture_id, rights in unpack_rights(one.rights).items():
        if capture_id in there:
            write_rights(conn, capture_id, rights)


def _write_no_revision(conn: sqlite3.Connection, job: Job, one: Staged, finding: str) -> None:
    conn.execute(
        "INSERT OR REPLACE INTO capture_readings VALUES (?, ?, ?, ?)",
        (one.capture_id, job.reading_id, finding, one.facts.get("reason")),
    )


def _write_same(conn: sqlite3.Connection, job: Job, one: Staged, now: datetime) -> None:
    """The same reading by other rules: the revision says so, and who read it before is kept."""
    assert one.article_id is not None
    assert one.number is not None
    _keep_former(conn, job, (one.article_id, one.number), {}, [], [])
    conn.execute(
        "UPDATE revisions SET reading_id = :reading, reader = (SELECT reader FROM readings WHERE id = :reading), read_at = :now, "
        "digest = :digest WHERE article_id = :article AND number = :number",
        {"reading": job.reading_id, "now": stamp(now), "digest": one.digest, "article": one.article_id, "number": one.number},
    )


def _write_changed(conn: sqlite3.Connection, db: Database, job: Job, one: Staged, now: datetime) -> tuple[int, int]:
    """Put a reading in the place of the revision's, and what that was into `rereadings`."""
    assert one.article_id is not None
    assert one.number is not None
    assert one.reading is not None
    key = (one.article_id, one.number)
    old, new = read_revision(db, *key).revision, unpack(one.reading)
    changed = changed_fields(old, new)
    evidence = [asdict_of(row) for row in old.evidence if row.field in changed]
    _keep_former(conn, job, key, changed, _lacking(old.blocks, new.blocks), evidence)
    rewrite_reading(conn, *key, new, now)
    conn.execute("UPDATE fetches SET paywalled = ? WHERE id = ?", (new.paywalled, one.fetch_id))
    return key


def _write_new(conn: sqlite3.Connection, job: Job, one: Staged, now: datetime) -> list[tuple[int, int]]:
    """Keep a reading as a revision of its own; the account of its fetch says so, and what it said before.

    What was taken down since it was decided is not kept, nor what a crawl brought meanwhile.
    """
    assert one.reading is not None
    if Decision(conn, {}).of(one) == "as_known":
        _write_no_revision(conn, job, one, "as_known")
        return []
    captures = [row[0] for row in conn.execute("SELECT id FROM read_captures WHERE fetch_id = ? ORDER BY id", (one.fetch_id,))]
    known = one.article_id if one.article_id is not None else article_at(conn, one.url)
    article_id, number = add_reading(conn, known, unpack(one.reading), captures, one.seen, now)
    conn.execute(STORED_AFTER_ALL, {"article": article_id, "number": number, "fetch": one.fetch_id})
    conn.execute(FRONTIER_AFTER_ALL, {"article": article_id, "fetch": one.fetch_id})
    if known is None:
        conn.execute(WITHDRAWN_SINCE, {"article": article_id, "fetch": one.fetch_id})
    conn.execute("DELETE FROM capture_readings WHERE capture_id = ?", (one.capture_id,))
    return [(article_id, number)]


def changed_fields(old: Revision, new: Revision) -> dict[str, Any]:
    """Column of `revisions` -> the former value, of those in which two readings of one page differ."""
    return {
        name: _plain(getattr(old, name))
        for name in REVISION_FIELDS.split(", ")
        if name not in NOT_COMPARED and getattr(old, name) != getattr(new, name)
    }


def asdict_of(part: Any) -> dict[str, Any]:
    """A part of a revision as an object of JSON."""
    values: dict[str, Any] = part._asdict()
    return values


def _plain(value: Any) -> Any:
    return [asdict_of(part) if hasattr(part, "_asdict") else part for part in value] if isinstance(value, tuple) else value


def _lacking(old: Sequence[RevisionBlock], new: Sequence[RevisionBlock]) -> list[dict[str, Any]]:
    """The blocks of a reading that another has not, or has otherwise; why a block has its label, and how surely, is left out."""
    there = Counter(block[:7] for block in new)
    lacking = []
    for position, block in enumerate(old):
        if there[block[:7]]:
            there[block[:7]] -= 1
        else:
            lacking.append({"position": position, **asdict_of(block)})
    return lacking


def _keep_former(
    conn: sqlite3.Connection, job: Job, key: tuple[int, int], changed: Mapping[str, Any], blocks: object, evidence: object
) -> None:
    values = [json.dumps(value, ensure_ascii=False) for value in (changed, blocks, evidence)]
    conn.execute(KEEP_FORMER, (job.id, *values, *key))
