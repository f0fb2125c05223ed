"""What a page that is rendered may ask for, and when it is done."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from scrapy_playwright.page import PageMethod

if TYPE_CHECKING:
    from playwright.async_api import Page, Request

UNREAD = frozenset({"image", "media", "font", "texttrack", "eventsource", "websocket", "manifest", "ping"})
"""Types of resources that bring no text of an article."""
QUIET_SECONDS = 5
"""How long a loaded page may go on fetching before it is read as it stands. An article is among the first."""


def is_refused(request: Request) -> bool:
    """Whether a request of a page is not sent: what cannot hold text, and whatever reaches into this machine's own network.

    A page from the web must not ask services of this machine or its network; a page that is served there may.
    """
    if request.resource_type in UNREAD or urlsplit(request.url).scheme not in {"http", "https"}:
        return True
    host = urlsplit(request.url).hostname or ""
    return _is_inside(host) and host != urlsplit(_page_of(request)).hostname


def meta_of_rendering() -> dict[str, Any]:
    """Return what marks a request of Scrapy as one for the browser."""
    return {
        "playwright": True,
        "playwright_page_init_callback": _begin,
        "playwright_page_methods": [PageMethod(_settle)],
    }


def _page_of(request: Request) -> str:
    if request.is_navigation_request():
        return request.url
    return request.frame.page.main_frame.url


def _is_inside(host: str) -> bool:
    """Whether a host is this machine or one of its own network, as far as its name says."""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return False


async def _begin(page: Page, _request: object) -> None:
    """Every page begins as a stranger to its site."""
    await page.context.clear_cookies()


async def _settle(page: Page) -> None:
    """Wait until the page asks for nothing more; one that never stops asking is read as it stands."""
    try:
        await page.wait_for_load_state("networkidle", timeout=QUIET_SECONDS * 1000)
    except PlaywrightError as error:
        if page.is_closed() or "Timeout" not in str(error):
            raise
