"""Extract: reads an item's pages in a process of its own, so that the event loop only moves bytes.

A page that takes too long, or that ends the reading process, costs that page and nothing else: the process is started anew,
and the item goes on as a failed visit.
"""

from __future__ import annotations

import gc
import logging
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self, TypeAlias, TypeVar, TypeVarTuple

from archive.capture import Capture, Payload, is_from_user
from archive.visit import Outcome, Visit
from pipelines.item import ArticleItem, Reading, Response
from pipelines.stages.readers import ReaderDied, Readers

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

Ts = TypeVarTuple("Ts")
R = TypeVar("R")

logger = logging.getLogger(__name__)

READING_TIMEOUT = 60.0
"""Seconds that one article may take. The slowest saved page takes well under one."""
COLLECT_AFTER = 100_000
"""New objects before a reading process looks for cycles. At Python's default, that took 8 % of the time of parsing."""
FIRST_PAGE = (
    b"<title>Warm</title><h1>Warm up the rooms</h1><p>By Ada Example</p><p>5 May 2026</p>"
    + b"<p>Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt.</p>" * 5
)
"""A page that has the rooms load what they load at first use; the identifier of languages among it, which takes half a second."""
FIRST_ADDRESS = "https://morgue.example/warm"
"""Where it might stand. To tell a site from its address, the list of public suffixes is loaded, a tenth of a second."""


_Call: TypeAlias = tuple[Callable[..., Any], tuple[Any, ...]]


class ExtractStage:
    """Reads each article item, `MORGUE_READERS` at a time; by default as many as there are cores."""

    def __init__(self, readers: int) -> None:
        self._readers: Readers[_Call, Any] = Readers(_made, readers, begin=warm_up)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the stage for one crawl."""
        return cls(crawler.settings.getint("MORGUE_READERS") or os.cpu_count() or 1)

    def open_spider(self) -> None:
        """Start the readers before the first page comes."""
        self._readers.start()

    def close_spider(self) -> None:
        """End the readers."""
        self._readers.close()

    async def process_item(self, item: Any) -> Any:
        """Read an article item; other items pass. A page that cannot be read becomes a failed visit."""
        if not isinstance(item, ArticleItem):
            return item
        try:
            item.reading = await self._read(item.responses)
        except Exception as error:
            logger.error("Cannot read %s: %s", item.responses[0].url, error, exc_info=error)
            return failed_visit(item, f"reading failed: {type(error).__name__}: {error}")
        return item

    async def _read(self, responses: tuple[Response, ...]) -> Reading:
        return await self.apart(read_responses, responses, seconds=READING_TIMEOUT)

    async def apart(self, function: Callable[[*Ts], R], *args: *Ts, seconds: float) -> R:
        """Have a reading process call a function of a module, which may take so many seconds.

        Raises:
            ReaderDied: the process ended, twice.
            TimeoutError: it took longer.
            Exception: what the function raised.
        """
        call = function, args
        try:
            answer: R = await self._readers.ask(call, seconds)
        except ReaderDied:
            logger.warning("A reading process died; starting it again")
            answer = await self._readers.ask(call, seconds)
        return answer


def _made(call: _Call) -> Any:
    """What a call gives; runs in a reading process."""
    function, args = call
    return function(*args)


def warm_up() -> None:
    """Import what reading needs, and read and translate one small page."""
    from pipelines import read_article, read_page
    from pipelines.stages.store import to_revision

    to_revision(read_article(read_page(FIRST_PAGE)), FIRST_ADDRESS)
    # What is loaded now stays; and a page makes thousands of objects that all die with it, which the collector need not visit.
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def read_responses(responses: tuple[Response, ...]) -> Reading:
    """Read the page (or the pages) of one article; runs in a reading process.

    Args:
        responses: the page, then the further pages of the same article in order.
    """
    from pipelines import read_article, read_page
    from pipelines.stages.store import to_revision, to_rights
    from pipelines.verdict.walls import read_wall

    start = time.process_time()
    pages = [
        read_page(r.body, url=r.url, fetched=r.fetched, headers=r.headers, from_file=is_from_user(r.kind, r.headers))
        for r in responses
    ]
    article = read_article(pages[0], following=pages[1:])
    revision = to_revision(article, responses[0].url) if article.verdict.is_article else None
    wall = read_wall(pages[0], article.blocks) if revision is None else None
    seconds = time.process_time() - start
    captures = tuple(
        Capture(r.url, r.fetched, r.status, r.headers, Payload.of(r.body), r.kind, to_rights(article, page, r.headers))
        for r, page in zip(responses, pages, strict=True)
    )
    return Reading(captures, article.verdict.is_article, article.verdict.reason, revision, seconds, wall)


def wall_of(response: Response) -> str | None:
    """What stands in front of the page that was asked for, if anything does."""
    from pipelines import read_article, read_page
    from pipelines.verdict.walls import read_wall

    page = read_page(response.body, url=response.url, fetched=response.fetched, headers=response.headers)
    article = read_article(page)
    return None if article.verdict.is_article else read_wall(page, article.blocks)


def failed_visit(item: ArticleItem, reason: str) -> Visit:
    """The visit of an item that could not be read. Its payload is kept, so that better rules can read it later."""
    page = item.responses[0]
    return Visit(
        url=item.lease.url if item.lease else page.url,
        fetched=page.fetched,
        outcome=Outcome.FAILED,
        reason=reason,
        lease=item.lease,
        status=page.status,
        seconds=item.seconds,
        redirects=item.redirects,
        captures=tuple(
            Capture(r.url, r.fetched, r.status, r.headers, Payload.of(r.body), r.kind) for r in (*item.responses, *item.plain)
        ),
        found=item.found,
    )
