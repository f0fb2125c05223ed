"""The ledger: sees to it that every lease comes back with exactly one visit.

A spider yields what it found in an answer, piece by piece; here it becomes one item, so that it is kept in one transaction.
Answers that need no reading, errors, and exceptions in a callback become visits with their outcome.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archive.timestamps import now
from archive.visit import Found, Lease, Listing, Outcome, Visit
from crawler.outcomes import TO_FRONT, NotFetched, is_withdrawn_to_front, outcome_of_exception, outcome_of_status
from pipelines.item import ArticleItem
from spiders.apart import Unfinished
from spiders.base import Listed

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

logger = logging.getLogger(__name__)


class Ledger:
    """Spider middleware."""

    def process_spider_input(self, response: Response) -> None:
        """Stop an answer whose status, or whose address, says all."""
        lease = response.meta.get("lease")
        if lease is None:
            return
        verdict = outcome_of_status(response.status)
        if verdict is None and is_withdrawn_to_front(lease.kind, lease.url, response.url):
            verdict = Outcome.GONE, TO_FRONT
        if verdict is not None:
            raise NotFetched(*verdict)

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Gather what a callback yields into one item."""
        gathered = Gathered()
        try:
            async for piece in result:
                gathered.add(piece)
        except Unfinished:
            return  # the lease is given back with the others that have no outcome
        except Exception as error:
            logger.error("The spider failed on %s: %s", response.url, error, exc_info=error)
            assert response.request is not None
            yield _visit(response.request, response, Outcome.FAILED, f"spider failed: {type(error).__name__}: {error}"[:200])
            return
        yield gathered.item(response)

    def failed(self, failure: Failure) -> Iterator[Visit]:
        """Errback: a request without a usable answer."""
        outcome, reason = outcome_of_exception(failure.value or RuntimeError("a failure without an exception"))
        yield _visit(failure.request, None, outcome, reason)  # type: ignore[attr-defined]


class Gathered:
    """What one callback yielded."""

    def __init__(self) -> None:
        self._found: list[Found] = []
        self._article: ArticleItem | None = None
        self._visit: Visit | None = None
        self._listed: str | None = None
        self._listing: Listing | None = None

    def add(self, piece: Any) -> None:
        """Take one piece."""
        match piece:
            case Found():
                self._found.append(piece)
            case Listed():
                self._found.extend(piece.found)
                self._listed, self._listing = piece.reason, piece.listing
            case ArticleItem():
                self._article = piece
                self._found.extend(piece.found)
            case Visit():
                self._visit = piece
            case _:
                raise TypeError(f"a spider yields ArticleItem, Listed or Found, not {type(piece).__name__}")

    def item(self, response: Response) -> ArticleItem | Visit:
        """The one item that all of it makes."""
        assert response.request is not None
        if self._visit is not None:
            return _visit(response.request, response, self._visit.outcome, self._visit.reason)
        if self._article is None:
            visit = _visit(response.request, response, Outcome.LISTED, self._listed, tuple(self._found))
            return replace(visit, listing=self._listing)
        self._article.lease = response.meta.get("lease")
        self._article.seconds = response.meta.get("download_latency")
        self._article.redirects = _redirects(response.request)
        self._article.found = tuple(self._found)
        self._article.plain = response.meta.get("plain", ())
        self._article.host_rights = response.meta.get("host_rights")
        return self._article


def _visit(
    request: Request, response: Response | None, outcome: Outcome, reason: str | None, found: tuple[Found, ...] = ()
) -> Visit:
    """A visit without a capture: what was asked, and what came of it."""
    lease: Lease | None = request.meta.get("lease")
    read = response if outcome is Outcome.LISTED else None
    # The validators of an error page say nothing of the page that was asked for.
    validated = response if read is not None or outcome is Outcome.UNCHANGED else None
    return Visit(
        url=lease.url if lease else request.url,
        fetched=now(),
        outcome=outcome,
        reason=reason,
        lease=lease,
        status=response.status if response is not None else None,
        seconds=request.meta.get("download_latency"),
        redirects=_redirects(request),
        found=found,
        etag=_header(validated, "ETag"),
        last_modified=_header(validated, "Last-Modified"),
        payload_sha256=hashlib.sha256(read.body).hexdigest() if read is not None else None,
    )


def _redirects(request: Request) -> tuple[str, ...]:
    """Addresses after the one asked for, the one that answered last."""
    passed: list[str] = request.meta.get("redirect_urls", [])
    return (*passed[1:], request.url) if passed else ()


def _header(response: Response | None, name: str) -> str | None:
    value = response.headers.get(name) if response is not None else None
    return value.decode("latin-1") if value else None
