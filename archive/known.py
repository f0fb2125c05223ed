"""What the archive has of the article that a visit is about."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from archive.capture import Capture
from archive.order import Place, place_of
from archive.sightings import Sighting, Spot, find_spot
from archive.timestamps import stamp
from archive.urls import canonical_url
from archive.visit import Visit

SAME_PAYLOAD = "the same page to the byte"

ONLY_BOILERPLATE = "only boilerplate changed: the article reads the same"
"""Why a fetch brought nothing new."""

NEWEST_READING = """
SELECT a.id, a.url, a.revisions, a.newest, a.last_seen, r.digest, c.url, c.fetched, c.payload
FROM articles AS a JOIN revisions AS r ON r.article_id = a.id AND r.number = a.newest JOIN captures AS c ON c.id = r.capture_id
"""

ARTICLE_AT = """
SELECT coalesce((SELECT id FROM articles WHERE url = ?),
    (SELECT article_id FROM fetches WHERE url = ? AND article_id IS NOT NULL ORDER BY id DESC LIMIT 1))
"""
"""The article that is filed under an address, or was last read there."""

ARTICLE_OF_LEASE = "SELECT coalesce((SELECT article_id FROM frontier WHERE id = ?), (SELECT id FROM articles WHERE url = ?))"
"""The article that was last read at a row of the frontier, or that is filed under its address and was read elsewhere."""

LAST_PAYLOADS = """
SELECT c.payload FROM captures AS c WHERE c.fetch_id = (
    SELECT f.id FROM fetches AS f
    WHERE f.article_id = :id AND f.fetched <= :seen AND EXISTS (SELECT 1 FROM captures WHERE fetch_id = f.id)
    ORDER BY f.fetched DESC, f.id DESC LIMIT 1
) ORDER BY c.id
"""
"""Of the last fetch of an article that brought its page."""


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """The newest reading of an article that is there already."""

    article_id: int
    url: str
    revisions: int
    newest: int
    last_seen: str
    digest: str
    page: str
    """Address that the newest reading was fetched from."""
    fetched: str
    """When it was."""
    payload: str

    @property
    def place(self) -> Place:
        """Where the page of the newest reading stands among those of the article."""
        return self.place_of(self.page, self.fetched, self.payload)

    def place_of(self, url: str, fetched: str, payload: str) -> Place:
        """Where a page stands among those of the article."""
        return place_of(self.url, url, fetched, payload)


def known_article(conn: sqlite3.Connection, visit: Visit) -> KnownArticle | None:
    """The article that the visit is about, if it is there: the one read now, or else the one last read at that address."""
    if visit.revision is not None:
        row = conn.execute(f"{NEWEST_READING} WHERE a.url = ?", (visit.revision.url,)).fetchone()
    elif visit.lease is not None:
        row = conn.execute(
            f"{NEWEST_READING} WHERE a.id = ({ARTICLE_OF_LEASE})",
            (visit.lease.id, canonical_url(visit.url)),
        ).fetchone()
    else:
        row = conn.execute(f"{NEWEST_READING} WHERE a.id = ({ARTICLE_AT})", (canonical_url(visit.url), visit.url)).fetchone()
    return KnownArticle(*row) if row is not None else None


def spot_of(conn: sqlite3.Connection, page: Capture, known: KnownArticle) -> Spot:
    """Where a page stands among those of its article."""
    place = known.place_of(page.url, stamp(page.fetched), page.payload.sha256)
    newest = known.place
    if newest.own and place.fetched > known.last_seen:  # as nearly always: nothing that is older needs to be looked at
        last = (Sighting(newest, 0, 0, known.newest),)
        return Spot(place, last, ()) if place.own else Spot(place, (), last)
    return find_spot(conn, known.article_id, place)


def digest_of_revision(conn: sqlite3.Connection, known: KnownArticle, number: int) -> str:
    """The digest of one of the article's revisions."""
    if number == known.newest:
        return known.digest
    digests = conn.execute("SELECT digest FROM revisions WHERE article_id = ? AND number = ?", (known.article_id, number))
    return str(digests.fetchone()[0])


def why_unchanged(conn: sqlite3.Connection, known: KnownArticle, visit: Visit) -> str:
    """Whether a page that reads as before is the same to the byte."""
    last = conn.execute(LAST_PAYLOADS, {"id": known.article_id, "seen": stamp(visit.fetched)})
    same = [row[0] for row in last] == [capture.payload.sha256 for capture in visit.captures]
    return SAME_PAYLOAD if same else ONLY_BOILERPLATE
