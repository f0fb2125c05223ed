"""What the archive gives back: one frozen dataclass for each kind of row or answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from archive.revision import Revision, RevisionEvidence

if TYPE_CHECKING:
    from archive.rights import Rights


@dataclass(frozen=True, slots=True)
class Source:
    """A place that articles are looked for, as the user named it."""

    id: int
    name: str | None
    url: str
    site: str
    paused: datetime | None = None
    """When the user paused it; None: it is not paused."""
    pause_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl from its start to its end, over interruptions."""

    id: int
    started: datetime
    resumed: bool
    """Whether it goes on with a run that had not ended."""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article in its newest reading. Texts are None where the page does not say them."""

    id: int
    url: str
    site: str
    title: str | None
    dek: str | None
    byline: str | None
    authors: tuple[str, ...]
    """Names, in the order of the byline."""
    published: str | None
    """ISO 8601 at its precision."""
    published_precision: str | None
    modified: str | None
    lang: str | None
    section: str | None
    tags: tuple[str, ...]
    word_count: int
    text: str
    first_seen: datetime
    last_seen: datetime
    revisions: int
    withdrawn: datetime | None
    """When its address was first found gone; None while it is up."""
    newest: int
    """Number of the revision that this is."""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that a search found."""

    article: StoredArticle
    snippet: str
    """The passage that matches best, matching words between `[[` and `]]`."""
    score: float
    """Higher is better; comparable within one search only."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What a search found."""

    hits: tuple[Hit, ...]
    """Best first, as many as were asked for."""
    total: int
    """Articles that match."""
    exact: bool
    """Whether `total` is counted; else it is estimated from the newest."""
    ranked: int
    """Articles that were ranked: all that match, or the most promising of them."""


@dataclass(frozen=True, slots=True)
class StoredRevision:
    """One reading of an article, whole."""

    article_id: int
    number: int
    """From 1, in the order they were kept."""
    read_at: datetime
    fetched_at: datetime
    reader: str
    """Version of the rules that read it."""
    capture_id: int
    further_captures: tuple[int, ...]
    """Captures of its further pages, in order."""
    revision: Revision


@dataclass(frozen=True, slots=True)
class RevisionLine:
    """One reading of an article, as a line in its history."""

    number: int
    read_at: datetime
    fetched_at: datetime
    reader: str
    title: str | None
    word_count: int
    changes: Mapping[str, int]
    """How many changes of each class it has against the line before; empty for the first."""


@dataclass(frozen=True, slots=True)
class Step:
    """One link of the chain from a seed to an address."""

    url: str
    kind: str
    how: str
    found_at: datetime
    depth: int


@dataclass(frozen=True, slots=True)
class StoredFetch:
    """One fetch with its outcome."""

    id: int
    run_id: int | None
    url: str
    fetched: datetime
    outcome: str
    reason: str | None
    status: int | None
    seconds: float | None
    redirects: tuple[str, ...]
    article_id: int | None
    revision: int | None
    capture_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """Something that happened to an article at its address."""

    moment: datetime
    kind: str
    """As in `archive.events.EventKind`."""
    detail: str | None
    fetch_id: int


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What remains of an address that was taken down."""

    id: int
    url: str
    reason: str
    taken_down: datetime
    article_id: int | None
    """Number that the article had; None if none was kept. No other gets it."""
    erased: datetime | None
    """When its bytes were overwritten in the file; None if that is still to be done."""


@dataclass(frozen=True, slots=True)
class TakedownPlan:
    """What a takedown would remove."""

    url: str
    article: StoredArticle | None
    """None where no article is kept there: then the address is blocked."""
    keys: tuple[str, ...]
    """Every address that shows it, without scheme and variants."""
    captures: int
    others: tuple[str, ...]
    """Addresses of other articles with a page that is the same to the byte; they stay. Where there is no article, also those of
    pages that no article was read from."""
    along: tuple[str, ...]
    """Other addresses of pages that no article was read from, the same to the byte as one of the article's: they go with it."""
    sources: tuple[str, ...]
    """Of the addresses, those that a source starts from: it is crawled from there no more."""
    tombstone: Tombstone | None
    """Where it was taken down before."""


@dataclass(frozen=True, slots=True)
class StoredCopy:
    """An article as one of those that tell one story."""

    article_id: int
    url: str
    site: str
    title: str | None
    published: str | None
    """ISO 8601 at its precision."""
    out_by: datetime
    """When it was out: the latest that its date allows, or when it was first seen if that is earlier."""
    like_id: int | None
    """The article that it was found to be like; None for the one that another was found to be like."""
    share: float | None
    """How much of the shorter one's text the longer one has, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Why:
    """All that the archive knows of an address."""

    url: str
    key: str | None
    """The key under which the frontier knows it; None for what is no http(s) address."""
    chain: tuple[Step, ...]
    """How it was found, the seed first; empty for what no crawl has met."""
    state: str | None
    """State in the frontier: `waiting`, `leased`, `done`; None if it is not there."""
    next_visit: datetime | None
    """When it is due again; None: not by itself, or it waits for its turn."""
    fetches: tuple[StoredFetch, ...]
    """Oldest first."""
    robots: str | None
    """What robots.txt said, if it forbade the last fetch; None if it did not."""
    article: StoredArticle | None
    evidence: tuple[RevisionEvidence, ...]
    """Of the newest reading, by field; rank 0 was chosen, the others lost to it."""
    revisions: tuple[RevisionLine, ...]
    events: tuple[StoredEvent, ...]
    """What happened at its address, oldest first: withdrawn, moved, behind a paywall, back again."""
    rights: Rights | None = None
    """The newest known statements about its use; None where nobody looked."""
    taken_down: Tombstone | None = None
    """Where it was: then nothing else of it is kept but the account of its fetches."""
    copies: tuple[StoredCopy, ...] = ()
    """The articles of the same story, this one among them, the one that had it first leading."""

    @property
    def known(self) -> bool:
        """Whether the archive has met the address at all."""
        return bool(self.chain or self.fetches or self.article or self.taken_down)


@dataclass(frozen=True, slots=True)
class Address:
    """A row of the frontier."""

    id: int
    url: str
    kind: str
    how: str
    found_on: str | None
    """Address of the page that led to it."""
    depth: int
    state: str
    outcome: str | None
    """Of the last fetch."""
    title: str | None
    published: str | None


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What a server answered about an article: a capture, or a fetch of which the status alone was kept."""

    fetch_id: int
    """Answers with one number are the pages of one article, in order."""
    capture_id: int | None
    """None where no body was kept: `not modified`, or gone."""
    url: str
    """Address that answered, after redirects."""
    fetched: datetime
    status: int
    kind: str
    """As in `archive.capture.Capture`."""
    payload: str | None
    """SHA-256 of the body, after content decoding."""
    headers: tuple[tuple[str, str], ...]
    asked: str
    """Address that was asked for."""
    redirects: tuple[str, ...]
    """Addresses between `asked` and the one that answered, last one included."""


@dataclass(frozen=True, slots=True)
class SiteStats:
    """Articles of one site."""

    site: str
    articles: int
    withdrawn: int
    words: int
    newest: str | None
    """Latest publication date, as stored."""
    last_seen: datetime
    coverage: Mapping[str, float]
    """Field -> share 0 to 1 of the articles that have it."""
    copies: int = 0
    """Articles whose story another one had first."""


@dataclass(frozen=True, slots=True)
class SourceOutcomes:
    """What became of one source's fetches."""

    source: str
    """Name or address; empty for what was added by hand."""
    outcomes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Stats:
    """An archive in numbers. Sizes in bytes."""

    articles: int
    revisions: int
    captures: int
    fetches: int
    payloads: int
    payload_bytes: int
    """As the servers sent them, after content decoding, each payload once."""
    stored_bytes: int
    """The same, compressed."""
    file_bytes: int
    waiting: int
    """Addresses known and not fetched yet."""
    sites: tuple[SiteStats, ...]
    """Most articles first."""
    sources: tuple[SourceOutcomes, ...]
    stories: int = 0
    """Articles, of those that are copies of one another only one."""
    alarms: Mapping[str, int] = field(default_factory=dict)
    """Site -> alarms that last; sites that read as they did are left out."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something damaged."""

    kind: str
    """`file`, `schema`, `payload`, `dictionary`, `foreign key`, `search index`, `revisions`, `article`, `changes`, `events`,
    `copies`, `frontier`, `takedown`, `orphan`."""
    where: str
    """Table and row, as one would look it up."""
    detail: str
    advice: str


@dataclass(frozen=True, slots=True)
class PackReport:
    """What a packing did. All sizes in bytes."""

    sites: int
    """Sites of which pages were packed."""
    payloads: int
    """Pages that were packed."""
    dictionaries: int
    """Dictionaries that were made."""
    before: int
    """What the pages took, each a frame of its own."""
    after: int
    """What they take now, with both copies of the new dictionaries."""
    damaged: tuple[str, ...]
    """SHA-256 of payloads that were left as they are, since they are not what they were: `verify` says more."""
