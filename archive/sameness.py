"""A page that several articles of a site suddenly show is none of them: a wall that no rule knows, with a title and prose.

Articles of one site fall due one by one, in crawls of their own; so what others showed lately is asked of the archive.
"""

from __future__ import annotations

import dataclasses
import sqlite3
from datetime import timedelta

from archive.timestamps import stamp
from archive.visit import Outcome, Visit

SAME_PAGES = 3
"""Articles with the same title and text from which on they count as one wall. Two are met: a story filed twice."""
LATELY = timedelta(days=7)
"""How long an article that showed the same counts. In a week most articles of the last months are looked at again."""

SHOW_THE_SAME = f"""
SELECT count(*) FROM (
    SELECT 1 FROM articles AS a
    JOIN revisions AS r ON r.article_id = a.id AND r.number = a.newest JOIN captures AS c ON c.id = r.capture_id
    WHERE a.site = :site AND a.title = :title AND a.url <> :url AND a.text = :text AND c.fetched BETWEEN :since AND :until
    LIMIT {SAME_PAGES}
)
WHERE NOT EXISTS (SELECT 1 FROM articles WHERE url = :url AND title = :title AND text = :text)
"""  # noqa: S608 - a number only
"""Of articles but this one; none where this one read so before, since nothing came over it of late."""


def without_wall(conn: sqlite3.Connection, visit: Visit) -> Visit:
    """The visit as it is, or as a blocked one where it brought what other articles of the site came to show lately.

    Args:
        conn: in the transaction that the visit is kept in.
        visit: of an address that was leased; others are left as they are.
    """
    revision = visit.revision
    if visit.outcome is not Outcome.STORED or visit.lease is None or revision is None or revision.title is None:
        return visit
    asked = {
        "site": revision.site, "title": revision.title, "text": revision.text, "url": revision.url,
        "since": stamp(visit.fetched - LATELY), "until": stamp(visit.fetched + LATELY),
    }  # fmt: skip
    (others,) = conn.execute(SHOW_THE_SAME, asked).fetchone()
    if others < SAME_PAGES - 1:
        return visit
    return dataclasses.replace(visit, outcome=Outcome.BLOCKED, reason=same_page(others + 1), revision=None)


def same_page(articles: int) -> str:
    """The reason in words."""
    return f"shows the same page for {articles} articles or more"
