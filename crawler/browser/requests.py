"""What a page that is rendered may ask for, and when it is done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from scrapy_playwright.page import PageMethod

from archive.urls import host_of
from crawler.browser.wall import is_inside

if TYPE_CHECKING:
    from playwright.async_api import Page, Request, Route
    from scrapy import Request as Asked

UNREAD = frozenset({"image", "media", "font", "texttrack", "eventsource", "websocket", "manifest", "ping"})
"""Types of resources that bring no text of an article."""
QUIET_SECONDS = 5
"""How long a loaded page may go on fetching before it is read as it stands. An article is among the first."""
CONTEXT = {"accept_downloads": False, "service_workers": "block"}
NOT_SHOWN_YET = "about:blank"
MOVED, LEADS_TO, MAY_NOT_LEAD_TO = "browser_moved", "browser_leads_to", "browser_may_not_lead_to"
"""In the meta of a request: whether its page went on to another of its host; where else it wanted to go; where it may not go."""


def meta_of_rendering(user_agent: str, proxy: str) -> dict[str, Any]:
    """Return what marks a request of Scrapy as one for the browser.

    Args:
        user_agent: as of every other request.
        proxy: that the browser goes through; pages with the same one share a context.

    """
    return {
        "playwright": True,
        "playwright_context": proxy,
        "playwright_context_kwargs": {**CONTEXT, "user_agent": user_agent, "proxy": {"server": proxy}},
        "playwright_page_init_callback": _begin,
        "playwright_page_methods": [PageMethod(_settle)],
    }


def is_refused(request: Request, page: str) -> bool:
    """Whether a request of a page is not sent: what cannot hold text, and whatever reaches into this machine's own network.

    The wall stops the latter too, with all that is not seen here.

    Args:
        request: the page's.
        page: address of the page that was asked for; its own host may be inside.

    """
    if request.resource_type in UNREAD or urlsplit(request.url).scheme not in {"http", "https"}:
        return True
    return is_inside(urlsplit(request.url).hostname or "") and host_of(request.url) != host_of(page)


async def _begin(page: Page, asked: Asked) -> None:
    """Every page begins as a stranger to its site, and opens no others."""
    await page.context.clear_cookies()
    page.on("popup", _close)
    await page.route("**", partial(_gate, asked, page))


async def _gate(asked: Asked, page: Page, route: Route, request: Request) -> None:
    """Send a request on, or not; one that came too late, from a page that is closed, needs no answer."""
    try:
        await _judge(asked, page, route, request)
    except PlaywrightError:
        if not page.is_closed():
            raise


async def _judge(asked: Asked, page: Page, route: Route, request: Request) -> None:
    """Send a request on, or not. Where a page leaves for another host is noted; it gets an empty page in place of that.

    Were that broken off instead, a page that leaves while it loads would be waited for until it has failed.
    """
    leaves = _moves(page, request) and page.url != NOT_SHOWN_YET
    refused = is_refused(request, asked.url)
    if leaves and (refused or host_of(request.url) != host_of(asked.url)):
        asked.meta[MAY_NOT_LEAD_TO if refused or request.method != "GET" else LEADS_TO] = request.url
        await route.fulfill(status=200, content_type="text/html", body="")
    elif refused:
        await route.abort("blockedbyclient")
    else:
        if leaves:
            asked.meta[MOVED] = True
        await route.fallback()


def _moves(page: Page, request: Request) -> bool:
    """Whether a request would show another document in place of the page."""
    if not request.is_navigation_request():
        return False
    try:
        return request.frame == page.main_frame
    except PlaywrightError:  # of a frame that is not there yet: it is no page of ours
        return False


async def _close(page: Page) -> None:
    await page.close()


async def _settle(page: Page) -> None:
    """Wait until the page asks for nothing more; one that never stops asking is read as it stands."""
    try:
        await page.wait_for_load_state("networkidle", timeout=QUIET_SECONDS * 1000)
    except PlaywrightError as error:
        if page.is_closed() or "Timeout" not in str(error):
            raise
