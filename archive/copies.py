"""Copies: articles that tell one story in much the same words, grouped as they arrive.

An arrival looks up the values of its signature in an index, which names few articles whatever the size of the archive, is
compared with the most promising of them, and joins the story of the one that it is most like. An arrival can join two stories.

What keeps the cost of an arrival flat: an article does not enter a value in the index that one of its story has there already, so
that a story which five hundred papers print takes the room of one; and a value has few entries at most. Values that many
texts have are those of a mould (weather, share prices, `page not found`), and tell nothing.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.likeness import VERSION, Body, copied_share, is_unsure, may_be_copies, read_body, signature_of, titles_fit, values_of
from archive.numbers import LARGEST_INTEGER
from archive.revision import Revision
from archive.rows import StoredCopy
from archive.timestamps import moment_of

ENTRIES = 8
"""Articles under one value at most, each of another story."""
COMPARED = 4
"""Articles that an arrival is compared with at most, those with most values in common. A comparison takes about 0.5 ms."""
SAME_PART = 0.25
"""Share of what two articles have of a third that must be the same in both, for the three to be one story: of a round-up, each
has a part of its own."""
FILLED_AT_ONCE = 500
"""Articles read together when an archive is filled; bounds memory, at a few megabytes."""

HOLDERS = """
SELECT v.value, v.article_id, s.signature, c.story
FROM signature_values AS v JOIN signatures AS s ON s.article_id = v.article_id
LEFT JOIN copies AS c ON c.article_id = v.article_id
WHERE v.article_id <> ? AND v.value IN ({places})
"""

OUT_BY = "min(a.first_seen, coalesce(substr(r.published_latest, 1, 19) || 'Z', a.first_seen))"
"""The moment by which an article was out: the latest that its date allows, or when it was first seen."""

FACTS = f"""
SELECT a.title, a.site, {OUT_BY}, a.newest FROM articles AS a
JOIN revisions AS r ON r.article_id = a.id AND r.number = a.newest WHERE a.id = ?
"""  # noqa: S608 - names only

UNSIGNED = """
SELECT a.id, a.text FROM articles AS a LEFT JOIN signatures AS s ON s.article_id = a.id
WHERE a.id BETWEEN ? AND ? AND (s.article_id IS NULL OR s.stale = 1 OR s.version <> ?) ORDER BY a.id LIMIT ?
"""

STORY = """
SELECT c.article_id, a.url, a.site, a.title, a.published, c.out_by, c.like_id, c.share
FROM copies AS c JOIN articles AS a ON a.id = c.article_id
WHERE c.story = (SELECT story FROM copies WHERE article_id = ?) ORDER BY c.out_by, c.article_id
"""

LATER_COPIES = """
SELECT id FROM (
    SELECT p.article_id AS id, row_number() OVER (PARTITION BY p.story ORDER BY p.out_by, p.article_id) AS place
    FROM copies AS p {among}
) WHERE place > 1
"""
"""Copies of an article that was out before, among those that are selected."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """An article that is looked at."""

    article_id: int
    title: str | None
    site: str
    out_by: str
    signature: bytes
    body: Body


@dataclass(frozen=True, slots=True)
class _Match:
    """An article that one is a copy of, or that is a copy of it."""

    article_id: int
    story: int | None
    share: float
    common: frozenset[str]
    """Runs that both have."""


def note_reading(conn: sqlite3.Connection, article_id: int, number: int, revision: Revision) -> None:
    """Find the story of an article that was read, or read anew; part of the caller's transaction.

    Args:
        conn: inside a transaction.
        article_id: the article; its row and that of the reading are written already.
        number: of the reading; where another is the newest, nothing is done.
        revision: the reading.

    """
    title, site, out_by, newest = conn.execute(FACTS, (article_id,)).fetchone()
    if number == newest:
        signature = signature_of(revision.text) if revision.signature is None else revision.signature
        place(conn, article_id, title, site, out_by, signature, revision.text)


def note_row(conn: sqlite3.Connection, article_id: int, text: str) -> None:
    """Find the story of an article as its row shows it, where another revision came to be the newest; `text` is its body."""
    facts = conn.execute(FACTS, (article_id,)).fetchone()
    if facts is not None:  # without its newest revision it is damaged, and `verify` says so
        title, site, out_by, _ = facts
        place(conn, article_id, title, site, out_by, signature_of(text), text)


def fill(conn: sqlite3.Connection, first: int = 1, last: int = LARGEST_INTEGER) -> int:
    """Find the stories of all articles that were not looked at yet, or whose text was changed by other means.

    Part of the caller's transaction; takes about a millisecond an article.

    Args:
        conn: inside a transaction.
        first: number of the first article that is looked at.
        last: number of the last one.

    Returns:
        How many there were.

    """
    filled = 0
    while rows := conn.execute(UNSIGNED, (first, last, VERSION, FILLED_AT_ONCE)).fetchall():
        first = rows[-1][0] + 1
        for article_id, text in rows:
            note_row(conn, article_id, text)
        filled += len(rows)
    return filled


def enter_all(conn: sqlite3.Connection) -> None:
    """Make the index of values anew from the signatures, where it is empty; part of the caller's transaction."""
    rows = conn.execute(
        "SELECT s.article_id, s.signature, c.story FROM signatures AS s LEFT JOIN copies AS c ON c.article_id = s.article_id "
        "WHERE s.signature <> x'' ORDER BY s.article_id"
    )
    for article_id, signature, story in rows.fetchall():
        values = values_of(signature)
        _enter_index(conn, article_id, story, values, _holders(conn, article_id, values))


def count_unsigned(conn: sqlite3.Connection) -> int:
    """How many articles were not looked at yet, or changed since by other means."""
    count: int = conn.execute(f"SELECT count(*) FROM ({UNSIGNED})", (1, LARGEST_INTEGER, VERSION, -1)).fetchone()[0]  # noqa: S608
    return count


def forget(conn: sqlite3.Connection, article_id: int) -> None:
    """Take an article out of its story and out of the index; part of the caller's transaction.

    The others stay together. One that is left alone is no copy any more.
    """
    row = conn.execute("DELETE FROM signatures WHERE article_id = ? RETURNING signature", (article_id,)).fetchone()
    if row is None:
        return
    released = _leave_index(conn, article_id, values_of(row[0]))
    left = conn.execute("DELETE FROM copies WHERE article_id = ? RETURNING story", (article_id,)).fetchone()
    if left is None:
        return
    (story,) = left
    conn.execute("UPDATE copies SET like_id = NULL, share = NULL WHERE story = ? AND like_id = ?", (story, article_id))
    _take_over(conn, story, released)
    if conn.execute("SELECT count(*) FROM copies WHERE story = ?", (story,)).fetchone()[0] == 1:
        conn.execute("DELETE FROM copies WHERE story = ?", (story,))


def read_copies(conn: sqlite3.Connection, article_id: int) -> tuple[StoredCopy, ...]:
    """The articles of the same story, this one among them, the one that had it first leading; none if it has no copies."""
    return tuple(
        StoredCopy(id_, url, site, title, published, moment_of(out_by), like, share)
        for id_, url, site, title, published, out_by, like, share in conn.execute(STORY, (article_id,))
    )


def count_copies(conn: sqlite3.Connection) -> dict[str, int]:
    """Site -> how many of its articles tell a story that another article had first; sites without such are left out."""
    later = LATER_COPIES.format(among="")
    return dict(conn.execute(f"SELECT site, count(*) FROM articles WHERE id IN ({later}) GROUP BY site").fetchall())  # noqa: S608


def first_of_each(conn: sqlite3.Connection, ids: Sequence[int]) -> list[int]:
    """The articles without those that are copies of one before them in the list; the order stays."""
    listed = f"[{','.join(map(str, ids))}]"
    stories = dict(
        conn.execute(
            "SELECT article_id, story FROM copies WHERE article_id IN (SELECT value FROM json_each(?))", (listed,)
        ).fetchall()
    )
    seen: set[int] = set()
    kept = []
    for article_id in ids:
        story = stories.get(article_id)
        if story not in seen:
            kept.append(article_id)
        if story is not None:
            seen.add(story)
    return kept


def is_first_sql(article_id: str, selected: str) -> str:
    """SQL that says whether an article is no copy, or the first of its story among those that are selected.

    Args:
        article_id: SQL for its number.
        selected: SQL from `FROM articles AS a` on, with the conditions of what is selected; empty for all articles.

    """
    listed = f"SELECT a.id {selected} AND a.id IN (SELECT article_id FROM copies)"  # noqa: S608
    among = f"WHERE p.article_id IN ({listed})" if selected else ""
    return f"{article_id} NOT IN ({LATER_COPIES.format(among=among)})"


def place(
    conn: sqlite3.Connection, article_id: int, title: str | None, site: str, out_by: str, signature: bytes, text: str
) -> None:
    """Write the signature of an article and find its story."""
    known = conn.execute("SELECT signature, version FROM signatures WHERE article_id = ?", (article_id,)).fetchone()
    if known == (signature, VERSION):
        conn.execute("UPDATE signatures SET stale = 0 WHERE article_id = ? AND stale", (article_id,))
        conn.execute("UPDATE copies SET out_by = ? WHERE article_id = ? AND out_by <> ?", (out_by, article_id, out_by))
        return
    forget(conn, article_id)
    conn.execute("INSERT INTO signatures VALUES (?, ?, ?, 0)", (article_id, VERSION, signature))
    if not signature:
        return
    holders = _holders(conn, article_id, values_of(signature))
    story = None
    if holders:
        matches = list(_matches(conn, _Arrival(article_id, title, site, out_by, signature, read_body(text)), holders))
        if matches:
            story = _join(conn, article_id, out_by, matches)
            holders = _holders(conn, article_id, values_of(signature))
    _enter_index(conn, article_id, story, values_of(signature), holders)


def _holders(conn: sqlite3.Connection, article_id: int, values: Sequence[int]) -> list[tuple[int, int, bytes, int | None]]:
    """What stands in the index under some values, other than an article: value, article, its signature and its story."""
    return conn.execute(HOLDERS.format(places=", ".join("?" * len(values))), (article_id, *values)).fetchall()


def _matches(
    conn: sqlite3.Connection, arrival: _Arrival, holders: Iterable[tuple[int, int, bytes, int | None]]
) -> Iterable[_Match]:
    """The articles that an arrival shares a story with, of those with most values in common; one a story."""
    shared: Counter[int] = Counter()
    known = {}
    for _, article_id, signature, story in holders:
        shared[article_id] += 1
        known[article_id] = (signature, story)
    promising = [a for a, count in shared.most_common() if may_be_copies(count, arrival.signature, known[a][0])]
    found: set[int] = set()
    for article_id in promising[:COMPARED]:
        story = known[article_id][1]
        if story in found:
            continue
        match = _compare(conn, arrival, article_id, story)
        if match is not None:
            yield match
            if story is not None:
                found.add(story)


def _compare(conn: sqlite3.Connection, arrival: _Arrival, article_id: int, story: int | None) -> _Match | None:
    title, site, text = conn.execute("SELECT title, site, text FROM articles WHERE id = ?", (article_id,)).fetchone()
    body = read_body(text)
    share = copied_share(arrival.body, body, one_site=site == arrival.site)
    if share is None:
        return None
    unsure = site == arrival.site or is_unsure(arrival.body, body)
    if unsure and not titles_fit(arrival.title, title, (arrival.body, body)):
        return None
    return _Match(article_id, story, share, arrival.body.distinct & body.distinct)


def _join(conn: sqlite3.Connection, article_id: int, out_by: str, matches: Sequence[_Match]) -> int:
    """Put an arrival into the story of the article that it is most like, with the stories that it makes one with that."""
    best, *others = sorted(matches, key=lambda match: (-match.share, -len(match.common), match.article_id))
    story = _story_of(conn, best)
    conn.execute("INSERT INTO copies VALUES (?, ?, ?, ?, ?)", (article_id, story, out_by, best.article_id, best.share))
    for other in others:
        if len(best.common & other.common) >= SAME_PART * min(len(best.common), len(other.common)):
            story = _merge(conn, story, _story_of(conn, other))
    return story


def _story_of(conn: sqlite3.Connection, match: _Match) -> int:
    """The story of an article; a new one if it had none."""
    if match.story is not None:
        return match.story
    conn.execute(
        f"INSERT INTO copies SELECT a.id, (SELECT coalesce(max(story), 0) + 1 FROM copies), {OUT_BY}, NULL, NULL "  # noqa: S608
        "FROM articles AS a JOIN revisions AS r ON r.article_id = a.id AND r.number = a.newest WHERE a.id = ?",
        (match.article_id,),
    )
    story: int = conn.execute("SELECT story FROM copies WHERE article_id = ?", (match.article_id,)).fetchone()[0]
    return story


def _merge(conn: sqlite3.Connection, first: int, second: int) -> int:
    """Make two stories one, under the number of the larger; returns it."""
    if first == second:
        return first
    count = "SELECT count(*) FROM copies WHERE story = ?"
    sizes = [conn.execute(count, (story,)).fetchone()[0] for story in (first, second)]
    kept, gone = (first, second) if sizes[0] >= sizes[1] else (second, first)
    conn.execute("UPDATE copies SET story = ? WHERE story = ?", (kept, gone))
    return kept


def _enter_index(
    conn: sqlite3.Connection,
    article_id: int,
    story: int | None,
    values: Iterable[int],
    holders: Iterable[tuple[int, int, bytes, int | None]],
) -> None:
    """Enter the values that none of its story has there, and not too many others."""
    entries: Counter[int] = Counter()
    covered = set()
    for value, _, _, other in holders:
        entries[value] += 1
        if story is not None and other == story:
            covered.add(value)
    new = [(value, article_id) for value in values if value not in covered and entries[value] < ENTRIES]
    conn.executemany("INSERT OR IGNORE INTO signature_values VALUES (?, ?)", new)


def _leave_index(conn: sqlite3.Connection, article_id: int, values: Sequence[int]) -> set[int]:
    """Remove the entries of an article; returns their values."""
    places = ", ".join("?" * len(values))
    rows = conn.execute(
        f"DELETE FROM signature_values WHERE article_id = ? AND value IN ({places}) RETURNING value",  # noqa: S608
        (article_id, *values),
    )
    return {value for (value,) in rows.fetchall()}


def _take_over(conn: sqlite3.Connection, story: int, released: set[int]) -> None:
    """Let others of a story enter the values that one of them had in the index for all."""
    members = conn.execute(
        "SELECT c.article_id, s.signature FROM copies AS c JOIN signatures AS s ON s.article_id = c.article_id "
        "WHERE c.story = ? ORDER BY c.article_id",
        (story,),
    ).fetchall()
    for article_id, signature in members:
        taken = released.intersection(values_of(signature))
        if taken:
            _enter_index(conn, article_id, story, taken, _holders(conn, article_id, tuple(taken)))
            released -= taken
