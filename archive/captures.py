"""Captures read back: all answers that an article was read from or seen by."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.known import ARTICLE_AT
from archive.numbers import within
from archive.rows import StoredAnswer
from archive.selection import period
from archive.timestamps import moment_of, stamp
from archive.urls import canonical_url

SELECT_ANSWERS = """
SELECT f.id, c.id, coalesce(c.url, f.url), coalesce(c.fetched, f.fetched), coalesce(c.status, f.status), c.kind, c.payload,
    coalesce(c.headers, '[]'), f.url, f.redirects
FROM fetches AS f LEFT JOIN captures AS c ON c.fetch_id = f.id
"""
WITHOUT_BODY = "f.status IN (304, 404, 410) AND f.outcome IN ('unchanged', 'gone')"
"""Fetches that say of an article that it stands, or is gone, though no body was kept."""

OF_ARTICLE = f"""{SELECT_ANSWERS} WHERE f.article_id = :article AND (c.id IS NOT NULL OR {WITHOUT_BODY})
    AND coalesce(c.fetched, f.fetched) <= :until ORDER BY f.id, c.id"""
OF_NO_ARTICLE = (
    f"""{SELECT_ANSWERS} WHERE f.article_id IS NULL AND c.id IS NOT NULL AND c.fetched <= :until ORDER BY f.id, c.id"""
)

END_OF_TIME = "9999"
"""Later than any moment, as text."""

PAYLOAD_AT = "SELECT id FROM captures WHERE payload = ? LIMIT 1"
CAPTURE_AT = """
SELECT c.id FROM fetches AS f JOIN captures AS c ON c.fetch_id = f.id
WHERE f.url = :url AND c.fetched = :fetched AND c.url = :url LIMIT 1
"""


def answers_of(db: Database, article_id: int, until: datetime | str | None) -> list[StoredAnswer]:
    """Return every answer about an article, in the order they were kept.

    Args:
        db: the archive.
        article_id: the article; an unknown one has none.
        until: only those fetched then or earlier, see `archive.selection.Filters.as_of`; None: all.

    """
    rows = db.conn.execute(OF_ARTICLE, {"article": within(article_id), "until": _latest(until)})
    return [_answer(row) for row in rows]


def answers_without_article(db: Database, until: datetime | str | None) -> Iterator[StoredAnswer]:
    """Stream the captures that no article was read from, in the order they were kept; arguments as `answers_of`."""
    return (_answer(row) for row in db.conn.execute(OF_NO_ARTICLE, {"until": _latest(until)}))


def latest_fetch(db: Database) -> datetime | None:
    """The time of the newest fetch; None in an empty archive."""
    (found,) = db.conn.execute("SELECT max(fetched) FROM fetches").fetchone()
    return None if found is None else moment_of(found)


def article_at(db: Database, url: str) -> int | None:
    """The id of the article that is filed under an address, or was last read there; None if there is none."""
    found: int | None = db.conn.execute(ARTICLE_AT, (canonical_url(url), url)).fetchone()[0]
    return found


def find_capture(db: Database, *, sha256: str | None, url: str | None, fetched: datetime | None) -> int | None:
    """The id of a capture with that payload, or else the one of that address at that second; None if there is none."""
    row = None if sha256 is None else db.conn.execute(PAYLOAD_AT, (sha256,)).fetchone()
    if row is None and url is not None and fetched is not None:
        row = db.conn.execute(CAPTURE_AT, {"url": url, "fetched": stamp(fetched)}).fetchone()
    return None if row is None else int(row[0])


def _latest(until: datetime | str | None) -> str:
    return END_OF_TIME if until is None else f"{period(until)[1]}Z"


def _answer(row: Sequence[Any]) -> StoredAnswer:
    fetch_id, capture_id, url, fetched, status, kind, payload, headers, asked, redirects = row
    return StoredAnswer(
        fetch_id, capture_id, url, moment_of(fetched), status, kind or "response", payload,
        tuple((name, value) for name, value in json.loads(headers)), asked, tuple(json.loads(redirects)),
    )  # fmt: skip
