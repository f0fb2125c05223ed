"""Store: turns what was read into what is kept, and hands it to the archive.

The one place that knows both vocabularies: `Article`, which changes with every idea, and `Revision`, the stored form.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, Self

from archive.capture import Capture, Payload
from archive.likeness import signature_of
from archive.revision import Revision, RevisionAuthor, RevisionBlock, RevisionEvidence
from archive.rights import HostRights, Rights
from archive.urls import canonical_url, site_of
from archive.visit import Kept, Visit
from pipelines.evidence import Candidate, Field
from pipelines.fields import ArticleDate, Author, Label, Section
from pipelines.item import ArticleItem, Response
from pipelines.permissions import read_permissions
from pipelines.version import READER, read_with

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from pipelines.article import Article
    from pipelines.page.page import Page

FIELDS_WITH_EVIDENCE = (
    "url", "title", "dek", "byline", "authors", "published", "modified", "lang", "section", "tags", "description", "site_name",
    "image", "licence", "paywalled",
)  # fmt: skip


_ARTICLE = Label.ARTICLE


class Keeper(Protocol):
    """Whoever writes visits to the archive."""

    async def keep(self, visit: Visit) -> Kept:
        """Return once the visit is committed."""


class StoreStage:
    """Hands each item to the archive and waits until it is committed, so that an idle engine has nothing unwritten."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the stage for one crawl."""
        return cls(crawler)

    def open_spider(self) -> None:
        """Find the keeper: the extension that the setting MORGUE_KEEPER names."""
        # Imported here: reading processes need this module's translation, and not the half second that Scrapy takes to import.
        from scrapy.utils.misc import load_object

        keeper = self._crawler.get_extension(load_object(self._crawler.settings["MORGUE_KEEPER"]))
        if keeper is None:
            raise RuntimeError("the extension that MORGUE_KEEPER names is not enabled")
        self._keeper: Keeper = keeper

    async def process_item(self, item: Any) -> Any:
        """Keep a visit, or the visit that an article item makes."""
        visit = item if isinstance(item, Visit) else to_visit(item)
        await self._keeper.keep(visit)
        return item


def to_visit(item: ArticleItem) -> Visit:
    """The visit that an accepted item makes.

    Raises:
        ValueError: the item was not read and judged before.
    """
    if item.reading is None or item.outcome is None:
        raise ValueError(f"{item!r} came to the store stage without a reading and an outcome")
    page = item.responses[0]
    # A server that has the same page as before may still let a script show another article.
    headers = {} if item.plain else {name.lower(): value for name, value in page.headers}
    return Visit(
        url=item.lease.url if item.lease else page.url,
        fetched=page.fetched,
        outcome=item.outcome,
        reason=item.reason,
        lease=item.lease,
        status=page.status,
        seconds=item.seconds,
        redirects=item.redirects,
        captures=_with_host((*item.reading.captures, *map(_unread, item.plain)), item.host_rights),
        revision=item.reading.revision,
        found=item.found,
        etag=headers.get("etag"),
        last_modified=headers.get("last-modified"),
        payload_sha256=item.reading.captures[0].payload.sha256,
    )


def to_rights(article: Article, page: Page, headers: Iterable[tuple[str, str]]) -> Rights:
    """What one page of an article says of its use, in the form that is kept.

    Args:
        article: as read.
        page: one of its pages.
        headers: that it was answered with.
    """
    said = read_permissions(headers, page.head.meta, page.head.links)
    return Rights(**said._asdict(), paywalled=article.paywalled.value, licence=article.licence.value)


def _unread(response: Response) -> Capture:
    """What is kept beside the page that was read."""
    return Capture(response.url, response.fetched, response.status, response.headers, Payload.of(response.body), response.kind)


def _with_host(captures: tuple[Capture, ...], host: HostRights | None) -> tuple[Capture, ...]:
    """The captures, with what their host says of their use."""
    if host is None:
        return captures
    return tuple(replace(c, rights=replace(c.rights, host=host)) if c.rights is not None else c for c in captures)


def to_revision(article: Article, url: str) -> Revision:
    """The stored form of an article that was read from `url`.

    Args:
        article: as read.
        url: the address that answered; what the page declares as canonical is followed only within its site.
    """
    address = canonical_url(url, declared=article.url.value)
    published = article.published.value
    authors = article.authors.value or ()
    text = article.text
    return Revision(
        url=address,
        site=site_of(address),
        title=article.title.value,
        dek=article.dek.value,
        byline=article.byline.value,
        authors=tuple(RevisionAuthor(a.name, a.kind, a.role, a.url) for a in authors),
        published=published.text if published else None,
        published_precision=published.precision.value if published else None,
        published_earliest=published.earliest.isoformat() if published else None,
        published_latest=published.latest.isoformat() if published else None,
        published_basis=published.basis if published else None,
        published_zone_known=published.zone_known if published else None,
        modified=article.modified.value.text if article.modified.value else None,
        lang=article.lang.value,
        section=article.section.value,
        tags=article.tags.value or (),
        description=article.description.value,
        site_name=article.site_name.value,
        image=article.image.value,
        licence=article.licence.value,
        paywalled=article.paywalled.value,
        text=text,
        word_count=len(text.split()),
        blocks=tuple(_blocks(article)),
        evidence=tuple(_evidence(article)),
        reader=READER,
        read_with=read_with(),
        signature=signature_of(text),
    )


def _blocks(article: Article) -> Iterable[RevisionBlock]:
    """The body as its sections say, then everything that was left out, in the order of the page."""
    for position, section in enumerate(article.sections):
        yield from _section_blocks(position, section)
    for labelled in article.blocks:
        label, block = labelled.label, labelled.block
        if label is not _ARTICLE and block.text:
            # By position, and with the enumerations' plain strings: a page has hundreds of these.
            yield RevisionBlock(
                block.kind._value_, label._value_, block.text, block.level, block.depth, block.ordered, None,
                labelled.reason, labelled.confidence,
            )  # fmt: skip


def _section_blocks(position: int, section: Section) -> Iterable[RevisionBlock]:
    if section.heading:
        yield RevisionBlock(kind="heading", label="article", text=section.heading, level=section.level, section=position)
    for block in section.blocks:
        yield RevisionBlock(block.kind._value_, "article", block.text, 0, block.depth, block.ordered, position)


def _evidence(article: Article) -> Iterable[RevisionEvidence]:
    for name in FIELDS_WITH_EVIDENCE:
        field: Field[Any] = getattr(article, name)
        chosen = () if field.chosen is None else (field.chosen,)
        for rank, candidate in enumerate((*chosen, *field.lost), start=0 if chosen else 1):
            yield _evidence_row(name, rank, candidate)


def _evidence_row(field: str, rank: int, candidate: Candidate[Any]) -> RevisionEvidence:
    return RevisionEvidence(
        field, rank, _stored(candidate.value), candidate.source, candidate.place, candidate.raw, candidate.confidence
    )


def _stored(value: object) -> str:
    """A value as the evidence table shows it: text as it is, lists as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, ArticleDate):
        return value.text
    if isinstance(value, tuple):
        return json.dumps([v.name if isinstance(v, Author) else v for v in value], ensure_ascii=False)
    return json.dumps(value)
