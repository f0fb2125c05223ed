"""Takedown: an address and all that was kept of it removed for good, its bytes overwritten, its return refused.

Two steps. The first is one transaction: the rows go, a tombstone comes, and from then on nobody sees the article or can bring it
back. The second makes the file forget the bytes: full-text indexes drop the words, the file is written anew, the log is emptied.
Cut off in between, the tombstone says that it is not erased yet, and the same call finishes it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from archive import copies
from archive.connection import writing
from archive.errors import ArchiveLocked, ArticleNotFound, DamagedPayload, TakedownRefused, TakedownUnfinished
from archive.lock import crawl_lock
from archive.order import key_of
from archive.packing import repack_without
from archive.rows import StoredArticle, TakedownPlan, Tombstone
from archive.selection import find_article, find_by_url
from archive.timestamps import stamp
from archive.tombstones import find_tombstone, tombstone_of
from archive.urls import canonical_url, site_of

Progress = Callable[[str], None]

KEPT = {"fetches": ("article_id", "revision"), "frontier": ("article_id",)}
"""Tables whose rows stay as the account of what was done; their references to what goes are emptied."""

SMALLEST_READING = 50
"""Words that a body has at least for its digest to be refused under another address: shorter ones may agree by chance."""

EMPTY_ADDRESSES = """
UPDATE frontier SET state = 'done', leased_by = NULL, outcome = 'out_of_scope', article_id = NULL, title = NULL, published = NULL,
    modified = NULL, etag = NULL, last_modified = NULL, payload = NULL, revisit = NULL
WHERE key IN (SELECT key FROM tombstone_keys WHERE tombstone_id = ?)
"""

EMPTY_FETCHES = """
UPDATE fetches SET article_id = NULL, revision = NULL, redirects = '[]',
    reason = CASE WHEN reason IS NOT NULL THEN 'taken down' END -- it may hold words of the page, as its title
WHERE id IN (SELECT value FROM json_each(?))
"""

FETCHES_OF = """
SELECT id, url FROM fetches WHERE article_id = :article
UNION SELECT f.id, f.url FROM fetches AS f JOIN captures AS c ON c.fetch_id = f.id JOIN revisions AS r ON r.capture_id = c.id
    WHERE r.article_id = :article
"""
CAPTURES_NEAR = """
SELECT c.id, c.url, f.id, f.url FROM fetches AS f JOIN captures AS c ON c.fetch_id = f.id
WHERE f.article_id IS NULL AND (instr(lower(c.url), :site) OR instr(lower(f.url), :site))
"""
"""Captures that no article was read from; of a host alone, so that few addresses are looked at closely."""

LEAD_ELSEWHERE = """
SELECT f.url, f.redirects ->> '$[#-1]' FROM fetches AS f JOIN frontier AS a ON a.id = f.frontier_id
WHERE a.article_id IS NULL AND a.kind = 'article' AND f.redirects <> '[]' AND instr(lower(f.redirects), :site)
    AND json_valid(f.redirects)
"""
"""Addresses that no article was read at, and where they led; a feed may have named the article's title with one."""

READ_AS_ARTICLE = """
SELECT c.payload FROM captures AS c JOIN fetches AS f ON f.id = c.fetch_id
WHERE f.article_id = ? AND f.outcome IN ('stored', 'unchanged')
"""

COPIES = """
SELECT c.id, c.url FROM captures AS c JOIN fetches AS f ON f.id = c.fetch_id
WHERE c.payload IN (SELECT value FROM json_each(?)) AND f.article_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM revisions WHERE capture_id = c.id)
    AND NOT EXISTS (SELECT 1 FROM revision_captures WHERE capture_id = c.id)
ORDER BY c.id
"""
"""Captures with given payloads that no article was read from."""

OWNERS = """
SELECT DISTINCT a.id, a.url FROM captures AS c JOIN fetches AS f ON f.id = c.fetch_id JOIN articles AS a ON a.id = f.article_id
WHERE c.payload IN (SELECT payload FROM captures WHERE id IN (SELECT value FROM json_each(?)))
    AND c.id NOT IN (SELECT value FROM json_each(?)) ORDER BY a.id
"""
"""Other articles with a page that is the same to the byte."""


DIGESTS_TO_ERASE = """
SELECT d.digest FROM tombstone_digests AS d
WHERE d.kind <> 'reading' AND NOT EXISTS (SELECT 1 FROM payloads WHERE sha256 = d.digest)
"""
"""Of all takedowns: a payload may have stayed at one, and gone with a later one."""

ADD_DIGEST = """
INSERT INTO tombstone_digests VALUES (?, ?, ?) ON CONFLICT (digest) DO UPDATE SET kind = excluded.kind WHERE kind = 'removed'
"""

ADD_READINGS = """
INSERT INTO tombstone_digests
SELECT DISTINCT digest, 'reading', :number FROM revisions WHERE article_id = :article AND word_count >= :fewest
UNION SELECT x.digest, 'reading', :number FROM rereadings AS x
    JOIN revisions AS r ON r.article_id = x.article_id AND r.number = x.revision
WHERE x.article_id = :article AND x.digest IS NOT NULL AND :fewest <= coalesce((
    SELECT json_extract(y.fields, '$.word_count') FROM rereadings AS y
    WHERE y.article_id = x.article_id AND y.revision = x.revision AND y.reextraction_id >= x.reextraction_id
        AND json_extract(y.fields, '$.word_count') IS NOT NULL
    ORDER BY y.reextraction_id LIMIT 1
), r.word_count)
UNION SELECT digest, 'reading', :number FROM uncleaned WHERE article_id = :article AND word_count >= :fewest
ON CONFLICT DO NOTHING
"""
"""What its revisions read like, now and before they were read again, and its pages by themselves, with blocks of the site in the
body: a page that comes back is read by itself."""

FORGET_HINTS = """
UPDATE frontier SET title = NULL, etag = NULL, last_modified = NULL, payload = NULL
WHERE article_id IS NULL AND id IN (
    SELECT f.frontier_id FROM fetches AS f JOIN captures AS c ON c.fetch_id = f.id WHERE c.id IN (SELECT value FROM json_each(?))
)
"""
"""Of addresses that showed the same page and no article."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """All that belongs to an address."""

    url: str
    article: StoredArticle | None
    keys: tuple[str, ...]
    """Of every address that the article was read at."""
    captures: tuple[int, ...]
    fetches: tuple[int, ...]
    copies: tuple[int, ...]
    """Further captures, of other addresses and no article, that are the same to the byte as pages it was read from."""
    along: tuple[str, ...]
    """Where these were."""
    sources: tuple[str, ...]
    """Of the addresses, those that a source starts from."""


def plan(db: Database, address: int | str) -> TakedownPlan:
    """Say what a takedown would remove; nothing is changed.

    Args:
        db: the archive.
        address: of an article, by any of its names, or of a page never fetched; or the number of an article.

    Raises:
        ArticleNotFound: a number that no article has or had.
        TakedownRefused: the address is one that a source starts from, and no article was read there.

    """
    scope = _scope(db, address)
    captures = (*scope.captures, *scope.copies)
    return TakedownPlan(
        scope.url, scope.article, scope.keys, len(captures), _others(db, scope), scope.along, scope.sources,
        find_tombstone(db, scope.url),
    )  # fmt: skip


def _others(db: Database, scope: _Scope) -> tuple[str, ...]:
    """Addresses that stay, and have a page that is the same to the byte."""
    captures = json.dumps(scope.captures)
    article_id = scope.article.id if scope.article else None
    urls = [url for number, url in db.conn.execute(OWNERS, (captures, captures)) if number != article_id]
    if scope.article is None:
        payloads = json.dumps(_payloads_of(db.conn, scope.captures))
        urls += [url for number, url in db.conn.execute(COPIES, (payloads,)) if number not in scope.captures]
    return tuple(dict.fromkeys(urls))


def _payloads_of(conn: sqlite3.Connection, captures: Sequence[int]) -> list[str]:
    sql = "SELECT DISTINCT payload FROM captures WHERE id IN (SELECT value FROM json_each(?))"
    return [payload for (payload,) in conn.execute(sql, (json.dumps(captures),))]


def _read_as(conn: sqlite3.Connection, article: StoredArticle | None) -> set[str]:
    """Payloads that were read as an article."""
    return {payload for (payload,) in conn.execute(READ_AS_ARTICLE, (article.id,))} if article is not None else set()


def take_down(db: Database, address: int | str, reason: str, now: datetime) -> Tombstone:
    """Remove an address and all that was kept of it, in one transaction; `erase` then has the file forget the bytes.

    One that was taken down before keeps its tombstone, with the reason given then.

    Args:
        db: the archive.
        address: as for `plan`.
        reason: in the words that `morgue why` shows.
        now: aware.

    Raises:
        ArticleNotFound: a number that no article has or had.
        TakedownRefused: the address is one that a source starts from, and no article was read there; or no reason is given.
        ArchiveLocked: another process kept the file locked for too long.

    """
    if not reason.strip():
        raise TakedownRefused("a takedown needs a reason: it is what remains to be read of it")
    db.conn.execute("PRAGMA secure_delete = ON")
    with writing(db) as conn:
        scope = _scope(db, address)
        before = find_tombstone(db, scope.url)
        number = before.id if before else _insert(conn, scope, " ".join(reason.split()), now)
        twins = (_scope(db, twin.id) for twin in list(_articles_at(db, set(scope.keys), site_of(scope.url))))
        for one in (scope, *(twin for twin in twins if twin.url != scope.url)):
            if before and (one.article or one.captures):
                conn.execute("UPDATE tombstones SET erased = NULL WHERE id = ?", (number,))
            _remove(conn, one, number)
    tombstone = find_tombstone(db, scope.url)
    assert tombstone is not None
    return tombstone


def erase(db: Database, path: Path, now: datetime, progress: Progress | None = None) -> int:
    """Have the file forget the bytes of all that was taken down and is not erased yet; returns how many takedowns that were.

    The file is written anew, for which the disk needs as much room again.

    Args:
        db: the archive.
        path: its file.
        now: aware.
        progress: told the name of each step before it.

    Raises:
        TakedownUnfinished: a crawl is at work, another process reads for long, or the disk is full; the same call finishes it.

    """
    tell = progress or (lambda step: None)
    waiting = [number for (number,) in db.conn.execute("SELECT id FROM tombstones WHERE erased IS NULL")]
    if not waiting:
        return 0
    try:
        with crawl_lock(path):
            _erase(db, path, tell)
    except ArchiveLocked as error:
        raise TakedownUnfinished(_unfinished("another program is at work in the archive; wait for its end")) from error
    except DamagedPayload as error:
        raise TakedownUnfinished(_unfinished(str(error))) from error
    except sqlite3.OperationalError as error:
        raise TakedownUnfinished(_unfinished(_cause(error, path))) from error
    with writing(db) as conn:
        conn.executemany("UPDATE tombstones SET erased = ? WHERE id = ?", [(stamp(now), number) for number in waiting])
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return len(waiting)


def _scope(db: Database, address: int | str) -> _Scope:
    """Find all that belongs to an address: the article there, the other addresses that show it, and what they answered."""
    if isinstance(address, int) or (address.isascii() and address.isdecimal()):
        address = _address_of(db, int(address))
    article = find_by_url(db, address) or next(_articles_at(db, {key_of(address)}, site_of(address)), None)
    url = article.url if article else canonical_url(address)
    keys = {key_of(url), key_of(address)}
    fetches: set[int] = set()
    if article is not None:
        rows = db.conn.execute("SELECT key FROM frontier WHERE article_id = ? AND kind IN ('article', 'seed')", (article.id,))
        keys |= {key for (key,) in rows}
        for fetch_id, asked in db.conn.execute(FETCHES_OF, {"article": article.id}):
            fetches.add(fetch_id)
            keys.add(key_of(asked))
        keys |= {key_of(answered) for _, answered in _captures_of(db, fetches)}
    site = {"site": site_of(url) or url.lower()}
    keys |= {key_of(asked) for asked, end in db.conn.execute(LEAD_ELSEWHERE, site) if end and key_of(end) in keys}
    keys = _own(db, keys, article)
    sources = _sources_at(db, keys)
    if sources and article is None and find_tombstone(db, url) is None:
        raise TakedownRefused(
            f"{sources[0]} is where a source starts: take down its articles, and leave it out of the next crawl"
        )
    captures = {number for number, _ in _captures_of(db, fetches)}
    for capture, answered, fetch_id, asked in db.conn.execute(CAPTURES_NEAR, site):
        if key_of(answered) in keys or key_of(asked) in keys:
            captures.add(capture)
            fetches.add(fetch_id)
    same = {
        number: answered
        for number, answered in db.conn.execute(COPIES, (json.dumps(sorted(_read_as(db.conn, article))),))
        if number not in captures
    }
    along = tuple(dict.fromkeys(same.values()))
    return _Scope(
        url, article, tuple(sorted(keys)), tuple(sorted(captures)), tuple(sorted(fetches)), tuple(sorted(same)), along, sources
    )


def _address_of(db: Database, number: int) -> str:
    """The address of an article by its number; also of one that was taken down, so that the same call finishes it."""
    try:
        return find_article(db, number).url
    except ArticleNotFound:
        tombstone = tombstone_of(db, number)
        if tombstone is None:
            raise
        return tombstone.url


def _articles_at(db: Database, keys: set[str], site: str) -> Iterator[StoredArticle]:
    """Articles that are filed under one of the keys, in whatever way the address is written: with www, as http..."""
    for number, url in db.conn.execute("SELECT id, url FROM articles WHERE site = ? ORDER BY id", (site,)).fetchall():
        if key_of(url) in keys:
            yield find_article(db, number)


def _captures_of(db: Database, fetches: Iterable[int]) -> list[tuple[int, str]]:
    sql = "SELECT id, url FROM captures WHERE fetch_id IN (SELECT value FROM json_each(?))"
    return db.conn.execute(sql, (json.dumps(sorted(fetches)),)).fetchall()


def _own(db: Database, keys: set[str], article: StoredArticle | None) -> set[str]:
    """Leave out addresses that show another article by now, and front pages that a gone article leads to."""
    number = article.id if article else None
    first = key_of(article.url) if article else None
    own = set()
    for key in keys:
        row = db.conn.execute("SELECT article_id, kind FROM frontier WHERE key = ?", (key,)).fetchone()
        elsewhere = row is not None and row[0] is not None and row[0] != number
        listing = row is not None and article is not None and row[0] is None and row[1] != "article"
        if key == first or not (elsewhere or listing):
            own.add(key)
    return own


def _sources_at(db: Database, keys: set[str]) -> tuple[str, ...]:
    return tuple(url for (url,) in db.conn.execute("SELECT url FROM sources ORDER BY id") if key_of(url) in keys)


def _insert(conn: sqlite3.Connection, scope: _Scope, reason: str, now: datetime) -> int:
    number = conn.execute(
        "INSERT INTO tombstones (url, key, reason, taken_down, article_id) VALUES (?, ?, ?, ?, ?)",
        (scope.url, key_of(scope.url), reason, stamp(now), scope.article.id if scope.article else None),
    ).lastrowid
    assert number is not None
    return number


def _remove(conn: sqlite3.Connection, scope: _Scope, number: int) -> None:
    """Delete the rows, and keep the keys, and the digests of what they held."""
    keys = [(key, number) for key in scope.keys]
    conn.executemany("INSERT INTO tombstone_keys VALUES (?, ?) ON CONFLICT DO NOTHING", keys)
    payloads = _payloads_of(conn, scope.captures)
    read = _read_as(conn, scope.article)
    captures = json.dumps([*scope.captures, *scope.copies])
    conn.execute(FORGET_HINTS, (json.dumps(scope.copies),))
    if scope.article is not None:
        conn.execute(ADD_READINGS, {"number": number, "article": scope.article.id, "fewest": SMALLEST_READING})
        copies.forget(conn, scope.article.id)
        _delete(conn, "articles", "id = ?", (scope.article.id,))
    _delete(conn, "captures", "id IN (SELECT value FROM json_each(?))", (captures,))
    gone = {digest for digest in payloads if not _is_used(conn, digest)}
    conn.executemany("DELETE FROM payloads WHERE sha256 = ?", [(digest,) for digest in gone])
    conn.executemany(
        ADD_DIGEST, [(digest, "payload" if digest in read else "removed", number) for digest in payloads if digest in gone | read]
    )
    conn.execute(EMPTY_FETCHES, (json.dumps(scope.fetches),))
    conn.execute(EMPTY_ADDRESSES, (number,))


def _delete(conn: sqlite3.Connection, table: str, where: str, values: Sequence[object]) -> None:
    """Delete rows, and first all rows of other tables that refer to them, however they came into the schema."""
    for child, columns, parents in _references(conn, table):
        referring = f"({', '.join(columns)}) IN (SELECT {', '.join(parents)} FROM {table} WHERE {where})"  # noqa: S608
        if child not in KEPT:
            _delete(conn, child, referring, values)
            continue
        emptied = [column for column in columns if column in KEPT[child]]
        assert emptied, f"{child} refers to {table}, and nothing says what becomes of it"
        conn.execute(f"UPDATE {child} SET {', '.join(f'{c} = NULL' for c in emptied)} WHERE {referring}", values)  # noqa: S608
    conn.execute(f"DELETE FROM {table} WHERE {where}", values)  # noqa: S608


def _references(conn: sqlite3.Connection, table: str) -> list[tuple[str, list[str], list[str]]]:
    """Tables that refer to a table: their name, their columns, and the columns referred to."""
    found: dict[tuple[str, int], tuple[list[str], list[str]]] = {}
    rows = conn.execute(
        'SELECT m.name, k.id, k."from", k."to" FROM sqlite_master AS m JOIN pragma_foreign_key_list(m.name) AS k '
        "WHERE m.type = 'table' AND k.\"table\" = ? COLLATE NOCASE ORDER BY m.name, k.id, k.seq",
        (table,),
    )
    for name, number, column, parent in rows:
        columns, parents = found.setdefault((name, number), ([], []))
        columns.append(column)
        parents.append(parent or "rowid")
    return [(name, columns, parents) for (name, _), (columns, parents) in found.items()]


def _is_used(conn: sqlite3.Connection, digest: str) -> bool:
    return conn.execute("SELECT 1 FROM captures WHERE payload = ? LIMIT 1", (digest,)).fetchone() is not None


def _erase(db: Database, path: Path, tell: Progress) -> None:
    """Write all indexes and the file anew, and empty the log."""
    conn = db.conn
    conn.execute("PRAGMA secure_delete = ON")
    tell("dictionaries")
    repack_without(db, [digest for (digest,) in conn.execute(DIGESTS_TO_ERASE)])
    indexes = [name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'")]
    for name in indexes:
        tell(f"index {name}")
        with writing(db):
            conn.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")  # noqa: S608 - names of the schema
    tell("file")
    conn.execute("VACUUM")
    tell("log")
    busy = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise TakedownUnfinished(_unfinished("another program reads from the archive; close it"))


def _cause(error: sqlite3.OperationalError, path: Path) -> str:
    code = (error.sqlite_errorcode or 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return f"the disk is full; make room for {path.stat().st_size / 1e6:,.0f} MB"
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "another program uses the archive; close it"
    return f"{error}; see to the disk"


def _unfinished(cause: str) -> str:
    return (
        f"taken down and blocked, but its bytes are still in the file, because {cause}, and run the same command again, "
        "which finishes it"
    )
