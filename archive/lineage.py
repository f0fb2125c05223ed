"""Which revision of an article follows which, and what changed from one to the next, kept in the table `changes`.

The order is that of the captures (`archive.order`), not of the numbers: an older page that is taken in late comes between two
revisions that are there, and what follows it is compared anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Set
from itertools import pairwise

from archive.changes import Change, ChangeKind, compare
from archive.order import in_order
from archive.revision import Revision, RevisionBlock
from archive.texts import past_broken

IN_ORDER = f"""
SELECT r.number FROM articles AS a JOIN revisions AS r ON r.article_id = a.id JOIN captures AS c ON c.id = r.capture_id
WHERE a.id = ? ORDER BY {in_order()}
"""  # noqa: S608 - names only

READING = """
SELECT title, dek, byline, published, published_basis, modified, section, tags, reader
FROM revisions WHERE article_id = ? AND number = ?
"""

BODY = """
SELECT kind, label, text, level FROM blocks
WHERE article_id = ? AND revision = ? AND label = 'article' ORDER BY position
"""

WITHOUT_CHANGES = f"""
SELECT o.article_id, o.number, o.previous FROM (
    SELECT r.article_id, r.number, r.digest,
        lag(r.number) OVER one AS previous, lag(r.digest) OVER one AS former
    FROM articles AS a JOIN revisions AS r ON r.article_id = a.id JOIN captures AS c ON c.id = r.capture_id
    WINDOW one AS (PARTITION BY r.article_id ORDER BY {in_order()})
) AS o
WHERE o.digest <> o.former AND NOT EXISTS (SELECT 1 FROM changes WHERE article_id = o.article_id AND revision = o.number)
"""  # noqa: S608 - names only

WITH_HOLES = "SELECT article_id, revision FROM changes GROUP BY article_id, revision HAVING count(*) <= max(position)"

INSERT = "INSERT INTO changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def note_revision(conn: sqlite3.Connection, article_id: int, number: int) -> None:
    """Keep what changed with a revision, and with the one that follows it now; part of the caller's transaction.

    Args:
        conn: inside a transaction.
        article_id: the article.
        number: the revision, which is in the tables already.

    """
    note_revisions(conn, article_id, {number})


def note_revisions(conn: sqlite3.Connection, article_id: int, numbers: Set[int]) -> None:
    """The same for several revisions of an article, new or read with other rules; each pair is compared once."""
    for former, later in pairwise(revisions_in_order(conn, article_id)):
        if former in numbers or later in numbers:
            _write(conn, article_id, former, later)


def refresh(conn: sqlite3.Connection, article_id: int) -> None:
    """Compare all revisions of an article anew, for instance after they were read with other rules."""
    conn.execute("DELETE FROM changes WHERE article_id = ?", (article_id,))
    numbers = revisions_in_order(conn, article_id)
    for former, later in pairwise(numbers):
        _write(conn, article_id, former, later)


def refresh_some(conn: sqlite3.Connection, first: int, last: int) -> None:
    """Compare the revisions of all articles with these numbers anew."""
    several = "SELECT id FROM articles WHERE id BETWEEN ? AND ? AND revisions > 1"
    for (article_id,) in conn.execute(several, (first, last)).fetchall():
        with past_broken():
            refresh(conn, article_id)


def missing(conn: sqlite3.Connection) -> list[tuple[int, int]]:
    """Article and number of the revisions of which changes are missing: all of them, or some between others."""
    lost: list[tuple[int, int]] = conn.execute(WITH_HOLES).fetchall()
    for article_id, number, former in conn.execute(WITHOUT_CHANGES).fetchall():
        with past_broken():
            if compare(_reading(conn, article_id, former), _reading(conn, article_id, number)):
                lost.append((article_id, number))
    return lost


def revisions_in_order(conn: sqlite3.Connection, article_id: int) -> list[int]:
    """Numbers of the revisions of an article in the order of their captures, oldest first."""
    return [number for (number,) in conn.execute(IN_ORDER, (article_id,))]


def read_changes(conn: sqlite3.Connection, article_id: int, number: int) -> tuple[Change, ...]:
    """What changed with a revision; nothing for the first."""
    rows = conn.execute(
        "SELECT kind, block, section, before, after, before_position, after_position, moved, typo FROM changes "
        "WHERE article_id = ? AND revision = ? ORDER BY position",
        (article_id, number),
    )
    return tuple(
        Change(ChangeKind(kind), block, section, before, after, was, now, bool(moved), bool(typo))
        for kind, block, section, before, after, was, now, moved, typo in rows
    )


def _write(conn: sqlite3.Connection, article_id: int, former: int, later: int) -> None:
    changes = compare(_reading(conn, article_id, former), _reading(conn, article_id, later))
    conn.execute("DELETE FROM changes WHERE article_id = ? AND revision = ?", (article_id, later))
    conn.executemany(
        INSERT, [(article_id, later, place, former, change.kind.value, *change[1:]) for place, change in enumerate(changes)]
    )


def _reading(conn: sqlite3.Connection, article_id: int, number: int) -> Revision:
    """What of a revision is compared; the rest of it is left empty."""
    row = conn.execute(READING, (article_id, number)).fetchone()
    title, dek, byline, published, basis, modified, section, tags, reader = row
    blocks = tuple(
        RevisionBlock(kind, label, text, level) for kind, label, text, level in conn.execute(BODY, (article_id, number))
    )
    return Revision(
        url="", site="", title=title, dek=dek, byline=byline, authors=(), published=published, published_precision=None,
        published_earliest=None, published_latest=None, published_basis=basis, published_zone_known=None, modified=modified,
        lang=None, section=section, tags=tuple(json.loads(tags)), description=None, site_name=None, image=None, licence=None,
        paywalled=None, text="", word_count=0, blocks=blocks, evidence=(), reader=reader,
    )  # fmt: skip
