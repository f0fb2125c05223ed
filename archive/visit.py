"""Visit: everything that one fetch brings to the archive, committed in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from archive.capture import Capture
from archive.revision import Revision


class Outcome(StrEnum):
    """What became of a fetch. Every fetch has exactly one."""

    STORED = "stored"
    """An article, or a new revision of one, was kept."""
    UNCHANGED = "unchanged"
    """Nothing new: 304, the same payload, or the same reading."""
    LISTED = "listed"
    """A feed, sitemap, front or section page: read for addresses, not kept as an article."""
    NOT_AN_ARTICLE = "not_an_article"
    ROBOTS = "robots"
    """Forbidden by robots.txt; not fetched."""
    OUT_OF_SCOPE = "out_of_scope"
    """Led out of the source: other site, other type of file."""
    BLOCKED = "blocked"
    """401, 403, 429, or a page that only says so."""
    FAILED = "failed"
    """No usable answer after all attempts."""
    GONE = "gone"
    """404 or 410."""
    LATER = "later"
    """Put off: the server asked for it (Retry-After), or the run ended first."""


class PageKind(StrEnum):
    """What an address is expected to hold; says which spider callback reads the answer."""

    SEED = "seed"
    """An address that the user gave: anything."""
    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"
    """Front and section pages: links to articles."""
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Found:
    """An address that a page led to, with what was said of it there."""

    url: str
    """Absolute, as it will be fetched."""
    kind: PageKind
    how: str
    """`feed`, `sitemap`, `news sitemap`, `link`, `autodiscovery`, `robots`, `seed`, `guess`, `list`."""
    priority: int = 0
    """Higher is fetched sooner."""
    title: str | None = None
    published: datetime | None = None
    modified: datetime | None = None
    """Last change, where a sitemap or feed gives it; aware UTC. Later than our last fetch: worth another look."""


@dataclass(frozen=True, slots=True)
class Listing:
    """All articles that a page lists, those besides that its source does not want."""

    articles: tuple[Found, ...]
    """Without links of web pages to other sites."""
    of_source: int
    """How many are in the scope of the source, from whatever time; of a long list perhaps without those of another time."""
    is_feed: bool = False


@dataclass(frozen=True, slots=True)
class Lease:
    """A frontier row handed to a crawler; to be given back by a Visit."""

    id: int
    url: str
    kind: PageKind
    host: str
    source_id: int | None
    depth: int
    """Steps from the seed."""
    how: str
    title: str | None
    published: datetime | None
    modified: datetime | None
    etag: str | None
    last_modified: str | None
    payload_sha256: str | None
    """Of the last payload seen there."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Addresses of a long list that were taken in before the visit that found them, so that nobody waits for all of them."""

    articles: int = 0
    new: int = 0
    """Those of them that were not known before."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One fetch with its outcome and all it brought."""

    url: str
    """Address asked for."""
    fetched: datetime
    """When the answer was complete (or failed), aware UTC."""
    outcome: Outcome
    reason: str | None = None
    """In a few words, where the outcome alone does not say it: `dns lookup failed`, `section page: 43 links`."""
    lease: Lease | None = None
    """None for what was added by hand."""
    status: int | None = None
    seconds: float | None = None
    """Wall time of the exchange."""
    redirects: tuple[str, ...] = ()
    """Addresses between `url` and the one that answered, last one included."""
    captures: tuple[Capture, ...] = ()
    """One a page; several for an article on several pages."""
    revision: Revision | None = None
    found: tuple[Found, ...] = ()
    """Addresses that the page led to, and that are wanted."""
    ahead: Ahead = Ahead()
    """Of more such addresses, which the frontier has already."""
    listing: Listing | None = None
    """What it lists; None: no more than `found` has."""
    etag: str | None = None
    last_modified: str | None = None
    payload_sha256: str | None = None
    revisit: datetime | None = None
    """When another look is due; None: not by itself."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the archive made of a Visit."""

    outcome: Outcome
    """STORED becomes UNCHANGED where the digest equals the newest revision's."""
    article_id: int | None = None
    revision: int | None = None
    """Number of the revision within its article, from 1."""
    new_addresses: int = 0
    repeated: bool = False
    """All of it was there already, and nothing was written."""
