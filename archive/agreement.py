"""What rows say of one another, as queries of `verify`: each for place and detail of what does not agree.

Only what holds in a sound archive of any history is asked for: also in one of an earlier morgue, with takedowns, or filled by
other programs. What was read with rules that are on record (`revisions.reading_id`) has evidence for each field, and a statement
of rights; of older readings that is not known.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator

LISTS = {
    "captures": ("headers",),
    "fetches": ("redirects",),
    "revisions": ("authors", "tags"),
    "rights": ("statements", "host_ai_agents"),
}
"""Table -> columns that hold a list in JSON."""

EVIDENT = (
    "title", "dek", "byline", "published", "modified", "lang", "section", "tags", "description", "site_name", "image", "licence",
)  # fmt: skip
"""Columns of a revision that are, to the letter, what was chosen in its evidence."""

NO_LISTS = " UNION ALL ".join(
    f"SELECT '{table} row ' || rowid, '{column} is no list in JSON' FROM {table} "  # noqa: S608 - names only
    f"WHERE CASE WHEN json_valid({column}) THEN json_type({column}) <> 'array' ELSE 1 END"
    for table, columns in LISTS.items()
    for column in columns
)

_MOMENT = "[0-9][0-9][0-9][0-9]-[0-1][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z"
NO_MOMENTS = " UNION ALL ".join(
    f"SELECT '{table} row ' || id, 'fetched is no moment' FROM {table} WHERE fetched NOT GLOB '{_MOMENT}'"  # noqa: S608
    for table in ("fetches", "captures")
)

_BLOCKS_LACK = "count(*) <> max(position) + 1"
HOLES = f"""
SELECT 'article ' || article_id || ' revision ' || revision, 'lacks blocks' FROM blocks
GROUP BY article_id, revision HAVING {_BLOCKS_LACK}
"""  # noqa: S608 - names only
PAGE_HOLES = """
SELECT 'article ' || article_id || ' revision ' || revision, 'lacks pages that it was read from' FROM revision_captures
GROUP BY article_id, revision HAVING count(*) <> max(position) - 1
"""
_EVIDENCE_LACKS = "min(e.rank) > 1 OR count(*) <> max(e.rank) - min(e.rank) + 1"
EVIDENCE_HOLES = f"""
SELECT 'article ' || e.article_id || ' revision ' || e.revision, 'lacks evidence for ' || e.field
FROM evidence AS e JOIN revisions AS r ON r.article_id = e.article_id AND r.number = e.revision AND r.reading_id IS NOT NULL
GROUP BY e.article_id, e.revision, e.field HAVING {_EVIDENCE_LACKS}
"""  # noqa: S608 - names only

_SAYS_OTHERWISE = "coalesce({chosen}, {none}) IS NOT r.{column}"
_CHOSEN = "(SELECT value FROM evidence WHERE article_id = r.article_id AND revision = r.number AND field = '{}' AND rank = 0)"
_OTHER = " OR ".join(
    _SAYS_OTHERWISE.format(chosen=_CHOSEN.format(column), none="'[]'" if column == "tags" else "NULL", column=column)
    for column in EVIDENT
)
OTHER_EVIDENCE = f"""
SELECT 'article ' || r.article_id || ' revision ' || r.number, 'is not what its evidence says' FROM revisions AS r
WHERE r.reading_id IS NOT NULL AND ({_OTHER})
"""  # noqa: S608 - names only

TO_READ_AGAIN = f"""(
    EXISTS (SELECT 1 FROM blocks WHERE article_id = r.article_id AND revision = r.number GROUP BY revision HAVING {_BLOCKS_LACK})
    OR EXISTS (
        SELECT 1 FROM evidence AS e WHERE e.article_id = r.article_id AND e.revision = r.number
        GROUP BY e.field HAVING {_EVIDENCE_LACKS}
    )
    OR NOT EXISTS (SELECT 1 FROM rights WHERE capture_id = r.capture_id) OR {_OTHER}
)"""  # noqa: S608 - names only
"""Whether one of `revisions AS r`, read with rules on record, lacks what reading its page again gives."""

WITHOUT_RIGHTS = """
SELECT DISTINCT 'article ' || r.article_id, 'was looked at for what it says of its use, and nothing is kept of it'
FROM revisions AS r WHERE r.reading_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM revisions AS o JOIN rights AS q ON q.capture_id = o.capture_id WHERE o.article_id = r.article_id
)
"""

UNTIMELY = """
SELECT 'article ' || id, '{column} is no moment at which anything was fetched', id FROM articles
WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT fetched FROM fetches UNION SELECT fetched FROM captures)
"""
SIGHTED = "SELECT {first}(fetched) FROM fetches WHERE article_id = articles.id AND outcome IN ('stored', 'unchanged')"
GONE = """
SELECT min(fetched) FROM fetches WHERE outcome = 'gone' AND (article_id = articles.id OR url = articles.url)
    AND fetched >= articles.last_seen
"""
MOMENTS = {"first_seen": SIGHTED.format(first="min"), "last_seen": SIGHTED.format(first="max"), "withdrawn": GONE}
"""Column of an article -> what it is in the end, from the fetches; the last after the others."""

UNLINKED = """
SELECT f.id, r.article_id, r.number
FROM revisions AS r JOIN captures AS c ON c.id = r.capture_id JOIN fetches AS f ON f.id = c.fetch_id
WHERE f.article_id IS NULL OR f.revision IS NULL
"""
"""Fetches that a revision was read from and that do not say so, with article and number of the revision."""

_KEYLESS = "FROM tombstones AS t WHERE NOT EXISTS (SELECT 1 FROM tombstone_keys WHERE key = t.key)"
KEYLESS = f"SELECT 'takedown ' || id, 'of ' || url || ' blocks no address any more' {_KEYLESS}"
WITHOUT_DIGESTS = """
SELECT 'takedowns', 'the digests of what was taken down are lost'
WHERE EXISTS (SELECT 1 FROM tombstones WHERE article_id IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM tombstone_digests)
"""
NO_VALUES = """
SELECT 'signatures', 'their index is empty' WHERE EXISTS (SELECT 1 FROM signatures WHERE signature <> x'')
    AND NOT EXISTS (SELECT 1 FROM signature_values)
"""


def other_host_files(conn: sqlite3.Connection) -> Iterator[tuple[int, str, str]]:
    """Number, host and kind of each robots.txt or tdmrep.json that is not what its digest says."""
    for number, host, kind, digest, body in conn.execute("SELECT id, host, kind, sha256, body FROM host_files"):
        if hashlib.sha256(body).hexdigest() != digest:
            yield number, host, kind


def mend_keys(conn: sqlite3.Connection) -> list[int]:
    """Block the addresses of takedowns again that lost their keys; returns their numbers. Part of the caller's transaction.

    Other addresses that showed the same are not known any more.
    """
    blocked = f"INSERT INTO tombstone_keys SELECT key, id {_KEYLESS} RETURNING tombstone_id"
    return [number for (number,) in conn.execute(blocked).fetchall()]


def mend_fetches(conn: sqlite3.Connection) -> list[int]:
    """Have fetches name the revisions that were read from them; returns their numbers. Part of the caller's transaction."""
    rows = conn.execute(UNLINKED).fetchall()
    conn.executemany(
        "UPDATE fetches SET article_id = ?, revision = ? WHERE id = ?",
        [(article, number, fetch) for fetch, article, number in rows],
    )
    return [fetch for fetch, _, _ in rows]


def mend_moments(conn: sqlite3.Connection) -> list[int]:
    """Take moments of articles anew from the fetches, where they are none; returns the numbers of the articles."""
    mended = set()
    for column, value in MOMENTS.items():
        for *_, article_id in conn.execute(UNTIMELY.format(column=column)).fetchall():
            kept = "NULL" if column == "withdrawn" else column
            conn.execute(f"UPDATE articles SET {column} = coalesce(({value}), {kept}) WHERE id = ?", (article_id,))  # noqa: S608
            mended.add(article_id)
    return sorted(mended)
