"""What a rendered page may send, and what becomes of one that leaves."""

from __future__ import annotations

import asyncio
import os
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from archive.visit import Outcome
from crawler.browser import what_is_missing
from crawler.outcomes import NotFetched

missing = None if os.environ.get("MORGUE_TEST_ALL") else what_is_missing()
if missing is not None:
    pytest.skip(missing, allow_module_level=True)

from crawler.browser.requests import LEADS_TO, MAY_NOT_LEAD_TO, MOVED, _gate  # noqa: E402 - needs the extra
from crawler.browser.second_look import PASSED, SecondLook  # noqa: E402

PAGE = "https://paper.example/story"


class Route:
    """Remembers what was done with a request."""

    done = ""

    async def abort(self, error: str) -> None:
        self.done = error

    async def fulfill(self, *, status: int, content_type: str, body: str) -> None:
        assert (status, content_type, body) == (200, "text/html", "")
        self.done = "empty"

    async def fallback(self) -> None:
        self.done = "sent"


def sent(url: str, kind: str = "fetch", *, shown: str = PAGE, method: str = "GET", frame: bool = False) -> tuple[str, Request]:
    """What becomes of a request of the page, and the request of Scrapy that the page is the answer to."""
    asked, route = Request(PAGE), Route()
    page: Any = SimpleNamespace(url=shown, main_frame="main", is_closed=lambda: False)
    moves = kind == "document"
    request: Any = SimpleNamespace(
        url=url, resource_type=kind, method=method, is_navigation_request=lambda: moves, frame="inner" if frame else "main"
    )
    routed: Any = route
    asyncio.run(_gate(asked, page, routed, request))
    return route.done, asked


@pytest.mark.parametrize(
    ("url", "kind", "done"),
    [
        ("https://paper.example/api", "fetch", "sent"),
        ("https://cdn.example/app.js", "script", "sent"),
        ("https://paper.example/a.png", "image", "blockedbyclient"),
        ("http://127.0.0.1/", "fetch", "blockedbyclient"),
        ("http://nas.local/", "script", "blockedbyclient"),
        ("file:///etc/hosts", "fetch", "blockedbyclient"),
        ("http://127.0.0.1/", "document", "empty"),
    ],
)
def test_a_page_asks_for_what_can_hold_text_and_for_nothing_inside(url: str, kind: str, done: str) -> None:
    happened, asked = sent(url, kind)
    assert happened == done
    assert LEADS_TO not in asked.meta


@pytest.mark.parametrize("inside", [PAGE, "https://ads.example/"])
def test_frames_may_show_what_they_like(inside: str) -> None:
    assert sent(inside, "document", frame=True)[0] == "sent"


def test_the_page_itself_is_sent_for() -> None:
    happened, asked = sent(PAGE, "document", shown="about:blank")
    assert (happened, MOVED in asked.meta) == ("sent", False)


def test_where_a_page_would_leave_for_is_noted_and_not_asked_for() -> None:
    happened, asked = sent("https://other.example/story", "document")
    assert (happened, asked.meta[LEADS_TO]) == ("empty", "https://other.example/story")


def test_a_form_that_is_sent_to_another_host_leads_nowhere() -> None:
    happened, asked = sent("https://other.example/story", "document", method="POST")
    assert (happened, LEADS_TO in asked.meta) == ("empty", False)


def shown(url: str, meta: dict[str, Any], passed: list[str] | None = None) -> Any:
    """What comes of a page that the browser has shown under an address."""
    look = SecondLook(get_crawler())
    request = Request(PAGE, meta={"lease": "a lease", "playwright": True, PASSED: passed or [], **meta})
    return asyncio.run(look.process_response(request, HtmlResponse(url, body=b"<p>x", request=request)))


def test_a_page_that_renames_itself_is_that_page() -> None:
    assert isinstance(shown("https://paper.example/story-of-the-bridge", {}), HtmlResponse)


def test_a_page_that_is_loaded_again_is_that_page() -> None:
    assert isinstance(shown(PAGE, {MOVED: True}), HtmlResponse)


@pytest.mark.parametrize(
    ("url", "meta", "target"),
    [
        (PAGE, {LEADS_TO: "https://other.example/"}, "https://other.example/"),
        ("https://paper.example/2", {MOVED: True}, "https://paper.example/2"),
        ("https://paper.example/2", {"redirect_urls": [PAGE], "redirect_times": 1}, "https://paper.example/2"),
    ],
)
def test_a_page_that_leads_elsewhere_is_a_redirect_of_its_lease(url: str, meta: dict[str, Any], target: str) -> None:
    request = shown(url, meta)
    assert request.url == target
    assert request.meta["redirect_urls"] == [PAGE]
    assert set(request.meta) == {"lease", "redirect_times", "redirect_urls", "redirect_reasons"}


def test_pages_that_lead_on_and_on_have_failed() -> None:
    passed = [f"https://paper.example/{n}" for n in range(30)]
    with pytest.raises(NotFetched, match="on and on") as failed:
        shown(PAGE, {LEADS_TO: "https://paper.example/31", "redirect_urls": passed}, passed)
    assert failed.value.outcome is Outcome.FAILED


def test_a_page_that_would_leave_for_what_it_may_not_have_is_out_of_scope() -> None:
    with pytest.raises(NotFetched, match=r"leads to http://127\.0\.0\.1/") as refused:
        shown("http://127.0.0.1/", {MAY_NOT_LEAD_TO: "http://127.0.0.1/"})
    assert refused.value.outcome is Outcome.OUT_OF_SCOPE


def test_an_error_that_the_browser_shows_is_no_page() -> None:
    with pytest.raises(NotFetched, match="nothing to show"):
        shown("chrome-error://chromewebdata/", {MOVED: True})
