"""Events: an article that is withdrawn, moved, put behind a paywall or hidden from search engines, and back again.

Each is drawn from the fetches, in the order of their times: what an address answered, and what its page said of itself. So a
fetch that is taken in late changes the history as if it had been there. The rules are pure (`events_of`); below them is what
reads and writes the tables.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

from archive.capture import Payload
from archive.numbers import LARGEST_INTEGER
from archive.payloads import read_body
from archive.rows import StoredEvent
from archive.texts import past_broken
from archive.timestamps import moment_of, stamp
from archive.urls import address_key, canonical_url
from archive.visit import Outcome, Visit


class EventKind(StrEnum):
    """What happened to an article at its address."""

    NOT_FOUND = "not_found"
    """404."""
    GONE = "gone"
    """410: the server says that it is meant."""
    FRONT_PAGE = "front_page"
    """The address leads to a front page."""
    WITHHELD = "withheld"
    """451: not shown for legal reasons."""
    NO_ARTICLE = "no_article"
    """The address answers with a page that is none."""
    MOVED = "moved"
    """The address leads to another for good, or holds another article."""
    BACK = "back"
    """Up again after one of those."""
    PAYWALLED = "paywalled"
    PAYWALL_LIFTED = "paywall_lifted"
    NOINDEX = "noindex"
    """The page asks search engines not to list it."""
    NOINDEX_LIFTED = "noindex_lifted"


UP = "up"
"""State of an address that shows its article."""
STATUS = re.compile(r"status (\d{3})\b")
FOR_GOOD = "redirects for good to "
"""How the reason of a fetch begins whose permanent redirect (301, 308) was not followed."""
REDIRECTS = "redirects"
SCOPED = re.compile(r"\s*(?!unavailable_after|max-)([\w-]+)\s*:(.*)", re.IGNORECASE | re.DOTALL)
"""A directive of X-Robots-Tag for one robot: `otherbot: noindex, nofollow`."""

HEAD_BYTES = 128 * 1024
"""Of a page that are looked through for its meta elements: heads with styles and scripts in them are long."""
COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
META = re.compile(rb"<meta\b[^>]*>")
ROBOTS_META = re.compile(rb"""\bname\s*=\s*(?:"\s*robots\s*"|'\s*robots\s*'|robots(?=[\s/>]))""")
CONTENT = re.compile(rb"""\bcontent\s*=\s*["']?([^"'>]*)""")
"""Of what is in lower case."""
DIRECTIVE = re.compile(rb"[\w-]+")


@dataclass(frozen=True, slots=True)
class Observation:
    """What one fetch says of an article."""

    fetch_id: int
    moment: str
    address: str
    """Key of the address asked."""
    own: bool
    """Whether that is the article's own address, and not a second one of it."""
    presence: str | None = None
    """UP, an EventKind, or None where the fetch says nothing of it."""
    detail: str | None = None
    paywalled: bool | None = None
    noindex: bool | None = None


_Row = tuple[int, str, str, str | None]
"""Fetch, moment, kind and detail of an event, as the table has them."""


class Event(NamedTuple):
    """A change of an article's state."""

    fetch_id: int
    moment: str
    kind: EventKind
    detail: str | None


def events_of(observations: Iterable[Observation]) -> list[Event]:
    """What happened, from observations in the order of their times.

    Nothing happens before the article was first found up. A second address that is gone says nothing while another is up.
    """
    seen = list(observations)
    events: list[Event] = []
    latest: dict[str, str] = {}
    presence: str | None = None
    paywalled: bool | None = None
    noindex: bool | None = None
    speaks_alone = any(o.own for o in seen)
    for o in seen:
        if o.presence is not None:
            latest[o.address] = o.presence
            elsewhere = UP in latest.values() and not o.own
            now = presence if elsewhere and o.presence != UP else o.presence
            if presence is not None and now != presence:
                events.append(_presence_event(o, now or UP, presence))
            presence = now if presence is not None or now == UP else None
        if o.own or not speaks_alone:
            if o.paywalled is not None and presence is not None:
                events += _switch(o, paywalled, o.paywalled, EventKind.PAYWALLED, EventKind.PAYWALL_LIFTED)
            if o.noindex is not None and presence is not None:
                events += _switch(o, noindex, o.noindex, EventKind.NOINDEX, EventKind.NOINDEX_LIFTED)
            if presence == UP and o.presence == UP:
                # A first page that does not say counts as free, so that one that says so later is news.
                paywalled = bool(paywalled) if o.paywalled is None else o.paywalled
            noindex = noindex if o.noindex is None else o.noindex
    return events


def _presence_event(o: Observation, now: str, before: str) -> Event:
    if now == UP:
        return Event(o.fetch_id, o.moment, EventKind.BACK, before)
    return Event(o.fetch_id, o.moment, EventKind(now), o.detail)


def _switch(o: Observation, before: bool | None, now: bool, on: EventKind, off: EventKind) -> list[Event]:
    if before is None or before == now:
        return []
    return [Event(o.fetch_id, o.moment, on if now else off, None)]


def says_noindex(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether X-Robots-Tag asks all robots not to list a page; what it asks of a named one does not count."""
    for name, value in headers:
        if name.lower() != "x-robots-tag":
            continue
        for directive in value.split(","):
            scoped = SCOPED.fullmatch(directive)
            if scoped:
                break  # the rest of this header is for that robot
            if directive.strip().lower() in {"noindex", "none"}:
                return True
    return False


def page_says_noindex(body: bytes) -> bool:
    """Whether a page's meta element for all robots asks not to list it. Comments do not count, nor what is far down the page."""
    head = body[:HEAD_BYTES].lower()
    if b"robots" not in head or not (b"noindex" in head or b"none" in head):
        return False
    for element in META.findall(COMMENT.sub(b"", head)):
        content = CONTENT.search(element)
        if ROBOTS_META.search(element) and content and {b"noindex", b"none"} & set(DIRECTIVE.findall(content[1])):
            return True
    return False


def statements(visit: Visit) -> tuple[bool | None, bool | None]:
    """What the page says: whether it is behind a paywall, and True where a header or a meta element asks not to list it."""
    if visit.revision is None or not visit.captures:
        return None, None
    said = visit.captures[0].rights
    noindex = says_noindex(visit.captures[0].headers) or (said is not None and said.noindex)
    return visit.revision.paywalled, noindex or None


OWN_ROW = "SELECT id FROM frontier WHERE key = ?"

FETCHES = """
SELECT f.id, f.fetched, f.url, f.outcome, f.reason, f.status, f.redirects, f.article_id, f.paywalled, f.noindex,
    EXISTS (SELECT 1 FROM captures WHERE fetch_id = f.id), (SELECT url FROM articles WHERE id = f.article_id)
FROM fetches AS f
WHERE f.id IN (
    SELECT id FROM fetches WHERE article_id = :article UNION SELECT id FROM fetches WHERE url = :url
    UNION SELECT id FROM fetches WHERE frontier_id = :row
)
ORDER BY f.fetched, f.id
"""

REMARKABLE = """
SELECT EXISTS (SELECT 1 FROM events WHERE article_id = :id)
    OR EXISTS (SELECT 1 FROM fetches WHERE article_id = :id AND (paywalled = 1 OR noindex = 1 OR fetched > :moment))
    OR EXISTS (SELECT 1 FROM fetches WHERE url = :url AND fetched > :moment)
"""
"""Also where the visit is taken in late: what was fetched after it happened to an article, which it was not known to be then."""

NOT_LOOKED_INTO = """
SELECT f.id, p.sha256, p.size, p.codec, p.data, p.dictionary_id
FROM fetches AS f JOIN captures AS c ON c.id = (SELECT min(id) FROM captures WHERE fetch_id = f.id)
JOIN payloads AS p ON p.sha256 = c.payload
WHERE f.article_id = ? AND f.noindex IS NULL AND f.outcome IN ('stored', 'unchanged')
"""

WITH_HISTORY = """
SELECT article_id FROM fetches WHERE article_id BETWEEN :first AND :last GROUP BY article_id HAVING count(*) > 1
UNION SELECT a.id FROM articles AS a JOIN fetches AS f ON f.url = a.url
    WHERE a.id BETWEEN :first AND :last AND f.article_id <> a.id
"""
EVERY = {"first": 1, "last": LARGEST_INTEGER}
"""Numbers of all articles."""

SAID_BEFORE = """
UPDATE fetches SET paywalled = (
    SELECT r.paywalled FROM captures AS c JOIN revisions AS r ON r.capture_id = c.id WHERE c.fetch_id = fetches.id
) WHERE article_id BETWEEN :first AND :last AND paywalled IS NULL
"""
ROBOTS_HEADERS = """
SELECT c.fetch_id, c.headers FROM fetches AS f JOIN captures AS c ON c.fetch_id = f.id
WHERE f.article_id BETWEEN :first AND :last AND c.headers LIKE '%x-robots-tag%'
"""


def note_visit(conn: sqlite3.Connection, article_id: int, visit: Visit, outcome: Outcome) -> None:
    """Keep the events that a visit to a known article comes to; part of the caller's transaction, its fetch kept before."""
    if outcome in {Outcome.FAILED, Outcome.LATER, Outcome.ROBOTS}:
        return
    redirected = (visit.reason or "").startswith(REDIRECTS)
    up = outcome in {Outcome.STORED, Outcome.UNCHANGED} and not redirected
    if up and visit.captures:
        _look_for_noindex(conn, article_id)
    if up and not conn.execute(REMARKABLE, {"id": article_id, "url": visit.url, "moment": stamp(visit.fetched)}).fetchone()[0]:
        return  # nothing ever happened to it, and nothing does now
    refresh(conn, article_id)


def note_arrival(conn: sqlite3.Connection, article_id: int, visit: Visit, fetch_id: int) -> None:
    """Keep the events of a new article that was found gone in later fetches, which were taken in before."""
    assert visit.revision is not None
    before = "SELECT 1 FROM fetches WHERE url IN (?, ?) AND id < ? LIMIT 1"
    if conn.execute(before, (visit.url, visit.revision.url, fetch_id)).fetchone():
        refresh(conn, article_id)


def article_read_before(conn: sqlite3.Connection, visit: Visit, article_id: int | None) -> int | None:
    """The article that stood at the visit's address when another one stands there now; None where it is the same, or none did."""
    if visit.revision is None:
        return None
    if visit.lease is not None:
        row = conn.execute("SELECT article_id FROM frontier WHERE id = ?", (visit.lease.id,)).fetchone()
    elif visit.url != visit.revision.url:
        row = conn.execute("SELECT id FROM articles WHERE url = ?", (canonical_url(visit.url),)).fetchone()
    else:
        return None
    before: int | None = row[0] if row is not None else None
    return before if before != article_id else None


def refresh(conn: sqlite3.Connection, article_id: int) -> None:
    """Draw the events of an article from its fetches anew; rows are written only where they differ."""
    row = conn.execute("SELECT url FROM articles WHERE id = ?", (article_id,)).fetchone()
    if row is None:
        return
    events = events_of(_observations(conn, article_id, row[0]))
    if _kept(conn, article_id) == [_row(event) for event in events]:
        return
    conn.execute("DELETE FROM events WHERE article_id = ?", (article_id,))
    conn.executemany(
        "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)",
        [(article_id, place, e.fetch_id, e.moment, e.kind.value, e.detail) for place, e in enumerate(events)],
    )


def stale(conn: sqlite3.Connection) -> list[int]:
    """Articles whose events do not follow from their fetches.

    Moves do not count: where an address leads is seen anew with each fetch, and what is known of it by then may differ.
    """
    articles = conn.execute(
        f"SELECT a.id, a.url FROM articles AS a WHERE a.id IN ({WITH_HISTORY} UNION SELECT article_id FROM events)",  # noqa: S608
        EVERY,
    )
    found = []
    for article_id, url in articles.fetchall():
        with past_broken():
            events = [_row(event) for event in events_of(_observations(conn, article_id, url))]
            if _stays(_kept(conn, article_id)) != _stays(events):
                found.append(article_id)
    return found


def refresh_some(conn: sqlite3.Connection, first: int, last: int) -> None:
    """Draw the events of the articles with these numbers, where they were fetched more than once, from an archive without any."""
    some = {"first": first, "last": last}
    conn.execute(SAID_BEFORE, some)
    headers = conn.execute(ROBOTS_HEADERS, some)
    said = [(fetch_id,) for fetch_id, text in headers if _says_noindex(text)]
    conn.executemany("UPDATE fetches SET noindex = 1 WHERE id = ?", said)
    for (article_id,) in conn.execute(WITH_HISTORY, some).fetchall():
        with past_broken():
            _look_for_noindex(conn, article_id)
            refresh(conn, article_id)


def _says_noindex(headers: str) -> bool:
    """Whether headers as they are kept say so."""
    with past_broken():
        return says_noindex(json.loads(headers))
    return False


def read_events(conn: sqlite3.Connection, article_id: int) -> tuple[StoredEvent, ...]:
    """What happened to an article, oldest first."""
    rows = conn.execute("SELECT moment, kind, detail, fetch_id FROM events WHERE article_id = ? ORDER BY position", (article_id,))
    return tuple(StoredEvent(moment_of(moment), kind, detail, fetch_id) for moment, kind, detail, fetch_id in rows)


def _kept(conn: sqlite3.Connection, article_id: int) -> list[_Row]:
    """The rows of an article's events, in order."""
    return conn.execute(
        "SELECT fetch_id, moment, kind, detail FROM events WHERE article_id = ? ORDER BY position", (article_id,)
    ).fetchall()


def _row(event: Event) -> _Row:
    return event.fetch_id, event.moment, event.kind.value, event.detail


def _stays(rows: list[_Row]) -> list[_Row]:
    """Those that are no moves, nor the end of one."""
    return [row for row in rows if EventKind.MOVED not in (row[2], row[3] if row[2] == EventKind.BACK else None)]


def _look_for_noindex(conn: sqlite3.Connection, article_id: int) -> None:
    """Look into the pages of an article that were not looked into yet.

    Not done at the first visit: unpacking a page takes longer than keeping it, and what is said from the start is no event.
    """
    for fetch_id, *payload in conn.execute(NOT_LOOKED_INTO, (article_id,)).fetchall():
        try:
            said = page_says_noindex(read_body(conn, Payload(*payload)))
        except ValueError:
            continue  # `morgue verify` names a damaged payload
        conn.execute("UPDATE fetches SET noindex = ? WHERE id = ?", (said, fetch_id))


def _observations(conn: sqlite3.Connection, article_id: int, url: str) -> list[Observation]:
    key = address_key(url)
    own_row = conn.execute(OWN_ROW, (key,)).fetchone()
    values = {"article": article_id, "url": url, "row": own_row[0] if own_row else None}
    return [_observation(conn, row, article_id, key) for row in conn.execute(FETCHES, values).fetchall()]


def _observation(conn: sqlite3.Connection, row: Sequence[object], article_id: int, key: str | None) -> Observation:
    fetch_id, moment, url, outcome, reason, status, redirects, read, paywalled, noindex, has_page, read_url = row
    address = address_key(str(url)) or str(url)
    passed: list[str] = json.loads(str(redirects))
    own = address == key
    presence: str | None = None
    detail: str | None = None
    if read == article_id or (own and outcome not in {Outcome.STORED, Outcome.UNCHANGED}):
        presence, detail = _presence(Outcome(str(outcome)), str(reason or ""), status, passed)
        if outcome == Outcome.UNCHANGED and presence == EventKind.MOVED and _leads_back(conn, passed, article_id, key):
            presence, detail = UP, None
    elif own and read is not None:
        presence, detail = EventKind.MOVED, str(read_url)
    speaks = read == article_id and presence == UP and bool(has_page)
    return Observation(
        int(str(fetch_id)), str(moment), address, own, presence, detail,
        bool(paywalled) if speaks and paywalled is not None else None, bool(noindex) if speaks and noindex is not None else None,
    )  # fmt: skip


def _presence(outcome: Outcome, reason: str, status: object, passed: list[str]) -> tuple[str | None, str | None]:
    """What a fetch says of whether the article is up, and a word on it."""
    found = STATUS.search(reason)
    code = status or (int(found[1]) if found else None)
    match outcome:
        case Outcome.STORED:
            return UP, None
        case Outcome.UNCHANGED:
            return (EventKind.MOVED, passed[-1]) if reason.startswith(REDIRECTS) and passed else (UP, None)
        case Outcome.GONE if passed and code not in {404, 410} and not urlsplit(passed[-1]).path.strip("/"):
            return EventKind.FRONT_PAGE, passed[-1]
        case Outcome.GONE:
            return (EventKind.GONE if code == 410 else EventKind.NOT_FOUND), f"status {code}" if code else reason or None
        case Outcome.NOT_AN_ARTICLE | Outcome.LISTED:
            return EventKind.NO_ARTICLE, reason or None
        case Outcome.OUT_OF_SCOPE if reason.startswith(FOR_GOOD):
            return EventKind.MOVED, reason.removeprefix(FOR_GOOD)
        case Outcome.BLOCKED if code == 451:
            return EventKind.WITHHELD, "status 451"
    return None, None


def _leads_back(conn: sqlite3.Connection, passed: list[str], article_id: int, key: str | None) -> bool:
    """Whether a redirect ends at another address of the same article."""
    target = address_key(passed[-1])
    row = conn.execute("SELECT article_id FROM frontier WHERE key = ?", (target,)).fetchone()
    return target == key or (row is not None and row[0] == article_id)
