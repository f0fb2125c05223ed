"""Why: all that the archive knows of an address, from the seed that led to it to the reading that was kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlite_utils import Database

from archive.copies import read_copies
from archive.events import read_events
from archive.rights import rights_of_article
from archive.rows import Step, StoredArticle, StoredFetch, Why
from archive.selection import find_by_url, read_evidence, read_history
from archive.timestamps import moment_of, optional_moment
from archive.tombstones import find_tombstone
from archive.urls import address_key
from archive.visit import Outcome

CHAIN = """
WITH RECURSIVE chain (id, found_on, url, kind, how, found_at, depth, step) AS (
    SELECT id, found_on, url, kind, how, found_at, depth, 0 FROM frontier WHERE id = ?
    UNION ALL
    SELECT f.id, f.found_on, f.url, f.kind, f.how, f.found_at, f.depth, chain.step + 1
    FROM frontier AS f JOIN chain ON f.id = chain.found_on
    WHERE chain.step < 100
)
SELECT url, kind, how, found_at, depth FROM chain ORDER BY step DESC
"""
"""A seed that was once found on another page makes a ring at worst; the bound ends it."""

FETCHES = """
SELECT f.id, f.run_id, f.url, f.fetched, f.outcome, f.reason, f.status, f.seconds, f.redirects, f.article_id, f.revision,
    (SELECT json_group_array(id) FROM captures WHERE fetch_id = f.id)
FROM fetches AS f
WHERE f.id IN (
    SELECT id FROM fetches WHERE frontier_id = :row UNION SELECT id FROM fetches WHERE url = :url
    UNION SELECT id FROM fetches WHERE article_id = :article
)
ORDER BY f.id
"""


def why(db: Database, url: str) -> Why:
    """Gather what is known of an address; an address that was never met gives an empty answer."""
    key = address_key(url)
    row = db.conn.execute("SELECT id, state, revisit FROM frontier WHERE key = ?", (key,)).fetchone()
    row_id, state, revisit = row or (None, None, None)
    article = find_by_url(db, url)
    fetches = _fetches(db, row_id, url, article)
    last = fetches[-1] if fetches else None
    return Why(
        url=url,
        key=key,
        chain=_chain(db, row_id),
        state=state,
        next_visit=optional_moment(revisit if state == "done" else None),
        fetches=fetches,
        robots=last.reason or "forbidden" if last and last.outcome == Outcome.ROBOTS else None,
        article=article,
        evidence=read_evidence(db, article.id, article.newest) if article else (),
        revisions=read_history(db, article.id) if article else (),
        events=read_events(db.conn, article.id) if article else (),
        rights=rights_of_article(db, article.id) if article else None,
        taken_down=find_tombstone(db, url),
        copies=read_copies(db.conn, article.id) if article else (),
    )


def _chain(db: Database, row_id: int | None) -> tuple[Step, ...]:
    rows = db.conn.execute(CHAIN, (row_id,))
    return tuple(Step(url, kind, how, moment_of(found_at), depth) for url, kind, how, found_at, depth in rows)


def _fetches(db: Database, row_id: int | None, url: str, article: StoredArticle | None) -> tuple[StoredFetch, ...]:
    values = {"row": row_id, "url": url, "article": article.id if article else None}
    return tuple(_fetch(row) for row in db.conn.execute(FETCHES, values))


def _fetch(row: Sequence[Any]) -> StoredFetch:
    id_, run_id, url, fetched, outcome, reason, status, seconds, redirects, article_id, revision, captures = row
    return StoredFetch(
        id_, run_id, url, moment_of(fetched), outcome, reason, status, seconds, tuple(json.loads(redirects)), article_id,
        revision, tuple(json.loads(captures)),
    )  # fmt: skip
