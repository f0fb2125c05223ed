"""Article: what one page says, field by field, with the reason for each value.

Start reading here: `read_article` calls the rooms in their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pipelines.evidence import Field
from pipelines.page.page import Block, Image, Kind


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


@dataclass(frozen=True, slots=True)
class LabelledBlock:
    """A block with its label and the reason for it."""

    block: Block
    label: Label
    reason: str
    """The rule or evidence in a few words: `under heading "Comments"`, `inside footer`."""
    confidence: float


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


@dataclass(frozen=True, slots=True)
class Article:
    """A page as read."""

    url: Field[str]
    """Canonical address as the page declares it, absolute; checked against the site by the archive."""
    title: Field[str]
    dek: Field[str]
    byline: Field[str]
    """As printed, lead word included."""
    authors: Field[tuple[Author, ...]]
    published: Field[ArticleDate]
    modified: Field[ArticleDate]
    lang: Field[str]
    """ISO 639-1 where there is one; region and script dropped."""
    section: Field[str]
    tags: Field[tuple[str, ...]]
    description: Field[str]
    """Summary for machines: og:description or meta description, where it is more than the dek."""
    site_name: Field[str]
    image: Field[str]
    licence: Field[str]
    paywalled: Field[bool]
    """None where the page says nothing of it."""
    sections: tuple[Section, ...]
    blocks: tuple[LabelledBlock, ...]
    """Every block of the page, in order, labelled."""
    images: tuple[Image, ...]
    verdict: Verdict

    @property
    def text(self) -> str:
        """The body: headings and blocks separated by blank lines, items of one list and rows of one table too."""
        parts: list[str] = []
        for section in self.sections:
            if section.heading:
                parts.append(section.heading)
            parts.extend(block.text for block in section.blocks if block.text)
        return "\n\n".join(parts)
