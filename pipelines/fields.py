"""The parts of an article, as the rooms hand them over: labels, dates, authors, sections, verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipelines.page.page import Block, Kind, record


class Label(StrEnum):
    """What a block is to the article."""

    ARTICLE = "article"
    """Belongs to the body."""
    FURNITURE = "furniture"
    """Title, dek, byline, date line, reading time: printed with the article, kept as fields."""
    TAGS = "tags"
    COMMENTS = "comments"
    BIO = "author_bio"
    RELATED = "related"
    NEWSLETTER = "newsletter"
    SHARE = "share"
    CONSENT = "consent"
    NAVIGATION = "navigation"
    ADVERTISEMENT = "advertisement"
    FOOTER = "footer"
    PAYWALL = "paywall"
    WIDGET = "widget"
    """Reader insights, polls, sign-in prompts, reactions, players."""
    HIDDEN = "hidden"
    OTHER = "other"
    """Left out without a better name."""


class Precision(StrEnum):
    """How exact a date is."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class ArticleDate:
    """A point in time as honestly as the page gives it."""

    text: str
    """ISO 8601 at its precision: `2026-08`, `2026-08-22`, `2026-08-22T10:05:00+02:00`; no offset where the zone is unknown."""
    precision: Precision
    zone_known: bool
    basis: str
    """`declared`, `printed`, `relative` (resolved against the fetch time) or `url`."""
    earliest: datetime
    latest: datetime
    """The interval, aware UTC, that the moment lies in."""


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody named in the byline."""

    name: str
    """Whole, as printed, without lead words, titles and roles."""
    kind: str = "person"
    """`person` or `organisation`."""
    role: str | None = None
    """As printed: `Moscow correspondent`, `photographs`."""
    url: str | None = None


@record
class LabelledBlock:
    """A block with its label and the reason for it."""

    block: Block
    label: Label
    reason: str
    """The rule or evidence in a few words: `under heading "Comments"`, `inside footer`."""
    confidence: float

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LabelledBlock):
            return NotImplemented
        mine, theirs = (self.label, self.reason, self.confidence), (other.label, other.reason, other.confidence)
        return self.block is other.block and mine == theirs


@dataclass(frozen=True, slots=True)
class BodyBlock:
    """A block of the body."""

    kind: Kind
    text: str
    depth: int = 0
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the blocks under it; the first section of an article may have none."""

    heading: str | None
    level: int
    """1 to 6; 0 where there is no heading."""
    blocks: tuple[BodyBlock, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a page is an article, and why."""

    is_article: bool
    reason: str
    confidence: float
