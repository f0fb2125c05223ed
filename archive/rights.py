"""Rights: what a page, its answer and its host say of use, kept with each capture, and what `respect` makes of it.

Page and host are kept apart. The newest page that was looked at decides for itself; of the host the newest look counts, for a
saved page that is taken in comes without its robots.txt. What a page no longer says is lifted.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.connection import writing
from archive.order import SAME_ADDRESS
from archive.timestamps import moment_of, optional_moment, optional_stamp, stamp

HOST_FILE_BYTES = 512 * 1024
"""Of robots.txt or tdmrep.json that are kept at most. RFC 9309 has crawlers read 500 KiB."""


@dataclass(frozen=True, slots=True)
class HostFile:
    """A robots.txt or tdmrep.json as it was fetched."""

    host: str
    """Host and port, as in the address."""
    kind: str
    """`robots` or `tdmrep`."""
    fetched: datetime
    """Aware UTC."""
    status: int
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HostRights:
    """What a host says of one address. None: it does not say, or was not asked."""

    robots: bool | None = None
    """Whether robots.txt allows us to fetch it."""
    ai_agents: tuple[str, ...] = ()
    """Known gatherers of training data that robots.txt names, and forbids the address."""
    ai_train: bool | None = None
    """Whether a Content-Signal or Content-Usage line allows training."""
    rsl: str | None = None
    """Address of an RSL licence that robots.txt names."""
    tdm: bool | None = None
    """Whether tdmrep.json reserves text and data mining."""
    tdm_policy: str | None = None
    robots_file: int | None = None
    """Number of the `host_files` row; None where it could not be had."""
    tdmrep_file: int | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """What one answer says of its use. None: it does not say."""

    noindex: bool = False
    noarchive: bool = False
    nosnippet: bool = False
    noai: bool = False
    noimageai: bool = False
    unavailable_after: datetime | None = None
    """Aware UTC."""
    tdm: bool | None = None
    """Whether text and data mining is reserved; the page's meta elements before the headers."""
    tdm_policy: str | None = None
    ai_train: bool | None = None
    """Whether a Content-Signal or Content-Usage header allows training."""
    paywalled: bool | None = None
    licence: str | None = None
    rsl: str | None = None
    """Address of an RSL licence that the page or its headers name."""
    statements: tuple[tuple[str, str], ...] = ()
    """Where each was said, and in what words."""
    host: HostRights | None = None
    """None where the host was not asked, as for saved pages."""


COLUMNS = (
    "noindex", "noarchive", "nosnippet", "noai", "noimageai", "unavailable_after", "tdm", "tdm_policy", "ai_train", "paywalled",
    "licence", "rsl", "statements",
)  # fmt: skip
HOST_COLUMNS = ("robots", "ai_agents", "ai_train", "rsl", "tdm", "tdm_policy", "robots_file", "tdmrep_file")

INSERT = (
    f"INSERT INTO rights (capture_id, {', '.join(COLUMNS)}, host_asked, {', '.join(f'host_{name}' for name in HOST_COLUMNS)}) "  # noqa: S608
    f"VALUES ({', '.join('?' * (2 + len(COLUMNS) + len(HOST_COLUMNS)))}) ON CONFLICT (capture_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in COLUMNS)
)
"""Read again with other rules, a page keeps what its host said then."""

LATEST = f"""(
    SELECT f.id FROM fetches AS f JOIN captures AS c ON c.fetch_id = f.id JOIN rights AS q ON q.capture_id = c.id
    JOIN articles AS o ON o.id = f.article_id
    WHERE f.article_id = a.id AND f.outcome IN ({{outcomes}}){{asked}}
    ORDER BY c.url = o.url OR {SAME_ADDRESS}(c.url, o.url) DESC, f.fetched DESC, f.id DESC LIMIT 1
)"""  # noqa: S608 - names only
"""Of the article's own address, if that was ever looked at: a print view or a page for phones says other things of itself."""
ARTICLES = "'stored', 'unchanged'"
PAGES = f"{ARTICLES}, 'not_an_article'"
"""A notice that came in the place of the article can forbid, and lifts nothing."""
OF_ARTICLE = LATEST.format(outcomes=ARTICLES, asked="")
OF_PAGE = LATEST.format(outcomes=PAGES, asked="")
OF_ASKED = LATEST.format(outcomes=PAGES, asked=" AND q.host_asked = 1")
OF_FETCH = "FROM captures AS c JOIN rights AS q ON q.capture_id = c.id WHERE c.fetch_id"
PAGE = f"(SELECT max({{said}}) {OF_FETCH} IN ({OF_ARTICLE}, {OF_PAGE}))"
HOST = f"(SELECT max({{said}}) {OF_FETCH} = {OF_ASKED})"

RESPECTED_AT = "respected_at"
"""Parameter of the SQL below: the moment, as `timestamps.stamp` writes it, by which `unavailable_after` is past or not."""

FORBIDS = {
    "tdm": f"coalesce({PAGE.format(said='q.tdm')}, {HOST.format(said='q.host_tdm')}, 0)",
    "noarchive": f"coalesce({PAGE.format(said='q.noarchive')}, 0)",
    "noindex": "coalesce("
    + PAGE.format(said=f"q.noindex OR coalesce(q.unavailable_after <= :{RESPECTED_AT}, 0)")
    + ", 0)",
    "ai": f"(coalesce({PAGE.format(said='q.noai OR coalesce(q.ai_train = 0, 0)')}, 0) OR coalesce("
    + HOST.format(said="(q.host_ai_agents <> '[]') OR coalesce(q.host_ai_train = 0, 0)")
    + ", 0))",
    "paywall": f"coalesce({PAGE.format(said='q.paywalled')}, r.paywalled, 0)",
}  # fmt: skip
"""Name for `respect` -> SQL over `articles AS a` and `revisions AS r` that is true where the newest known statement forbids.

A date after which a page is to be no longer available is the one of these that time alone changes: the caller binds the moment
to `RESPECTED_AT`, so that a release of a fixed moment stays the same whenever it is made."""

UNREAD = f"{OF_ARTICLE} IS NULL"
"""True for an article of which no capture was ever looked at for its rights."""


def respected(names: Collection[str]) -> str:
    """SQL that is true for articles that none of these statements forbids; it has the parameter `RESPECTED_AT`.

    Raises:
        ValueError: a name is not known; the message lists those that are.

    """
    wrong = [name for name in names if name not in FORBIDS]
    if wrong:
        raise ValueError(f"{', '.join(map(repr, wrong))} is nothing to respect: choose of {', '.join(FORBIDS)}")
    return " AND ".join(f"NOT {FORBIDS[name]}" for name in dict.fromkeys(names))


def write_rights(conn: sqlite3.Connection, capture_id: int, rights: Rights) -> None:
    """Keep what was said with a capture, or bring it up to a new reading; part of the caller's transaction."""
    host = rights.host or HostRights()
    conn.execute(
        INSERT,
        (
            capture_id, rights.noindex, rights.noarchive, rights.nosnippet, rights.noai, rights.noimageai,
            optional_stamp(rights.unavailable_after), rights.tdm, rights.tdm_policy, rights.ai_train, rights.paywalled,
            rights.licence, rights.rsl, json.dumps(rights.statements, ensure_ascii=False), rights.host is not None, host.robots,
            json.dumps(host.ai_agents), host.ai_train, host.rsl, host.tdm, host.tdm_policy, host.robots_file, host.tdmrep_file,
        ),
    )  # fmt: skip


def read_rights(db: Database, capture_id: int) -> Rights | None:
    """What was said of one capture; None where nobody looked."""
    names = ", ".join((*COLUMNS, "host_asked", *(f"host_{name}" for name in HOST_COLUMNS)))
    row = db.conn.execute(f"SELECT {names} FROM rights WHERE capture_id = ?", (capture_id,)).fetchone()  # noqa: S608
    return None if row is None else _rights(row)


def rights_of_article(db: Database, article_id: int) -> Rights | None:
    """The newest known statements about an article; None where none of its captures was looked at."""
    first = f"SELECT min(q.capture_id) {OF_FETCH} ="
    selected = ", ".join(f"({first} {latest})" for latest in (OF_ARTICLE, OF_PAGE, OF_ASKED))
    numbers = db.conn.execute(f"SELECT {selected} FROM articles AS a WHERE a.id = ?", (article_id,)).fetchone()  # noqa: S608
    page, notice, asked = (read_rights(db, number) if number else None for number in numbers or (None,) * 3)
    if page is None:
        return None
    said = page if notice is None or notice == page else _with_notice(page, notice)
    return replace(said, host=asked.host) if said.host is None and asked is not None else said


def _with_notice(page: Rights, notice: Rights) -> Rights:
    """What an article's page says, with what a page said that came in its place."""
    said = {name: getattr(page, name) or getattr(notice, name) for name in COLUMNS if name not in ("ai_train", "statements")}
    allowed = [rights.ai_train for rights in (page, notice) if rights.ai_train is not None]
    return replace(page, **said, ai_train=all(allowed) if allowed else None, statements=page.statements + notice.statements)


def keep_host_file(db: Database, file: HostFile) -> int:
    """Keep a robots.txt or tdmrep.json as fetched; the same as last time only moves the time. Returns its number."""
    body = file.body[:HOST_FILE_BYTES]
    digest = hashlib.sha256(body).hexdigest()
    with writing(db) as conn:
        last = conn.execute(
            "SELECT id, status, sha256 FROM host_files WHERE host = ? AND kind = ? ORDER BY id DESC LIMIT 1",
            (file.host, file.kind),
        ).fetchone()
        if last is not None and last[1:] == (file.status, digest):
            conn.execute("UPDATE host_files SET last_fetched = ? WHERE id = ?", (stamp(file.fetched), last[0]))
            return int(last[0])
        number = conn.execute(
            "INSERT INTO host_files (host, kind, status, sha256, first_fetched, last_fetched, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (file.host, file.kind, file.status, digest, stamp(file.fetched), stamp(file.fetched), body),
        ).lastrowid
    assert number is not None
    return number


def host_file(db: Database, host: str, kind: str, since: datetime) -> tuple[int, HostFile] | None:
    """Find the last file of a kind that a host answered with; None where it was last fetched before `since`, or never."""
    row = db.conn.execute(
        "SELECT id, last_fetched, status, body FROM host_files WHERE host = ? AND kind = ? ORDER BY id DESC LIMIT 1", (host, kind)
    ).fetchone()
    if row is None or row[1] < stamp(since):
        return None
    return row[0], HostFile(host, kind, moment_of(row[1]), row[2], row[3])


def _rights(row: tuple[Any, ...]) -> Rights:
    page, (asked, *host) = row[: len(COLUMNS)], row[len(COLUMNS) :]
    values = dict(zip(COLUMNS, page, strict=True))
    for name in ("noindex", "noarchive", "nosnippet", "noai", "noimageai", "tdm", "ai_train", "paywalled"):
        values[name] = _truth(values[name])
    values["unavailable_after"] = optional_moment(values["unavailable_after"])
    values["statements"] = tuple((place, raw) for place, raw in json.loads(values["statements"]))
    of_host = dict(zip(HOST_COLUMNS, host, strict=True))
    for name in ("robots", "ai_train", "tdm"):
        of_host[name] = _truth(of_host[name])
    of_host["ai_agents"] = tuple(json.loads(of_host["ai_agents"]))
    return Rights(**values, host=HostRights(**of_host) if asked else None)


def _truth(value: int | None) -> bool | None:
    return None if value is None else bool(value)
