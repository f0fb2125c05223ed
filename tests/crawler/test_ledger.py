"""Every lease comes back with exactly one visit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from twisted.python.failure import Failure

from archive.visit import Found, Lease, Outcome, PageKind, Visit
from crawler.ledger import Ledger
from crawler.outcomes import NotFetched
from pipelines.item import ArticleItem, Response
from spiders.base import Listed

URL = "https://paper.example/2026/pier"


def answer(kind: PageKind = PageKind.ARTICLE, *, url: str = URL, status: int = 200, **meta: Any) -> HtmlResponse:
    lease = Lease(7, URL, kind, "paper.example", 1, 1, "feed", None, None, None, '"old"', None, None)
    request = Request(url, meta={"lease": lease, "download_latency": 0.25, **meta})
    return HtmlResponse(url, status=status, body=b"<p>x", request=request, headers={"ETag": '"new"'})


def items(response: HtmlResponse, *pieces: Any) -> list[Any]:
    async def spider() -> AsyncIterator[Any]:
        for piece in pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def gathered() -> list[Any]:
        return [item async for item in Ledger().process_spider_output(response, spider())]

    return asyncio.run(gathered())


def found(n: int) -> Found:
    return Found(f"https://paper.example/{n}", PageKind.ARTICLE, "link")


def test_what_a_listing_leads_to_becomes_one_visit() -> None:
    (visit,) = items(answer(PageKind.LISTING), found(1), Listed((found(2), found(3)), "section page: 2 links"))
    assert isinstance(visit, Visit)
    assert (visit.outcome, visit.reason, len(visit.found)) == (Outcome.LISTED, "section page: 2 links", 3)
    assert (visit.etag, visit.seconds) == ('"new"', 0.25)


def test_an_article_carries_what_it_leads_to() -> None:
    page = Response(URL, datetime.now(UTC), 200, (), b"<p>x")
    (item,) = items(answer(redirect_urls=[URL, "https://paper.example/old"]), ArticleItem((page,)), found(1))
    assert isinstance(item, ArticleItem)
    assert item.lease is not None
    assert (item.found, item.redirects) == ((found(1),), ("https://paper.example/old", URL))


def test_a_spider_that_yields_nothing_still_closes_the_lease() -> None:
    (visit,) = items(answer(PageKind.LISTING))
    assert visit.outcome is Outcome.LISTED


def test_an_exception_in_a_spider_is_a_failed_visit_and_brings_no_half_result() -> None:
    (visit,) = items(answer(), found(1), KeyError("href"))
    assert (visit.outcome, visit.found) == (Outcome.FAILED, ())
    assert "KeyError" in visit.reason


def test_a_piece_of_an_unknown_kind_is_a_failed_visit() -> None:
    (visit,) = items(answer(), {"title": "x"})
    assert visit.outcome is Outcome.FAILED


@pytest.mark.parametrize(("status", "outcome"), [(304, Outcome.UNCHANGED), (404, Outcome.GONE), (403, Outcome.BLOCKED)])
def test_a_status_that_says_all_is_not_given_to_the_spider(status: int, outcome: Outcome) -> None:
    with pytest.raises(NotFetched) as refused:
        Ledger().process_spider_input(answer(status=status))
    assert refused.value.outcome is outcome


def test_an_article_that_leads_to_the_front_page_is_gone() -> None:
    with pytest.raises(NotFetched, match="front page"):
        Ledger().process_spider_input(answer(url="https://paper.example/"))


def test_a_failed_request_comes_back_with_its_lease_and_says_nothing_of_conditions() -> None:
    failure = Failure(NotFetched(Outcome.FAILED, "timed out"))
    failure.request = answer().request  # type: ignore[attr-defined]
    (visit,) = Ledger().failed(failure)
    assert (visit.outcome, visit.etag, visit.lease.id) == (Outcome.FAILED, None, 7)  # type: ignore[union-attr]


@pytest.mark.parametrize(("outcome", "etag"), [(Outcome.GONE, None), (Outcome.FAILED, None), (Outcome.UNCHANGED, '"new"')])
def test_only_an_answer_about_the_page_itself_gives_conditions(outcome: Outcome, etag: str | None) -> None:
    (visit,) = items(answer(), Visit(URL, datetime.now(UTC), outcome))
    assert visit.etag == etag
