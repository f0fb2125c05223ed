"""Downloader middleware: what a source wants rendered is fetched once more, through the browser.

The page as served comes first in any case: it says whether there is anything to render, it may be a feed or a file, and it is
kept beside what the browser shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from scrapy import signals
from scrapy.http import HtmlResponse

from archive.urls import address_key, host_of
from archive.visit import Lease, Outcome, PageKind
from crawler.browser.emptiness import waits_for_scripts
from crawler.browser.requests import LEADS_TO, MAY_NOT_LEAD_TO, MOVED, meta_of_rendering
from crawler.browser.settings import ALWAYS, NEVER, WHEN_EMPTY
from crawler.browser.wall import Wall, is_inside, is_public
from crawler.outcomes import NotFetched
from spiders.base import to_response

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

PAGES = frozenset({PageKind.SEED, PageKind.LISTING, PageKind.ARTICLE})
"""Kinds that are made for a browser; feeds and sitemaps are not."""

PASSED = "passed_before_rendering"
"""In the meta of a request for the browser: the addresses that had redirected to it."""
KEPT = frozenset({"lease", "unconditional", "depth"})
"""Meta of a request that goes on with a page that it leads to."""


class SecondLook:
    """Sends a request to the browser after its answer came, where its source's `render` says so."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._wall = Wall()
        crawler.signals.connect(self._wall.close, signal=signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for one crawl."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Ask for the whole page where it may be rendered: with the same page, a script may show another article."""
        lease = request.meta.get("lease")
        if lease is not None and lease.kind in PAGES and self._wish(lease) != NEVER:
            request.meta["unconditional"] = True

    async def process_response(self, request: Request, response: Response) -> Response | Request:
        """Pass an answer on, or ask for the same page again through the browser, or for the page that this one leads to."""
        lease = request.meta.get("lease")
        if "playwright" in request.meta:
            return self._shown(request, response)
        if lease is None or not self._is_wanted(lease, response):
            return response
        proxy = await self._wall.proxy_for(_place_inside(request, response))
        meta = {
            **request.meta,
            **meta_of_rendering(self._crawler.settings["USER_AGENT"], proxy),
            "plain": (to_response(response),),
        }
        meta[PASSED] = tuple(request.meta.get("redirect_urls", ()))
        return request.replace(url=response.url, meta=meta, dont_filter=True)

    def _shown(self, request: Request, response: Response) -> Response | Request:
        """The page as a browser shows it; where that is another than was asked for, a redirect to it."""
        meta = request.meta
        if MAY_NOT_LEAD_TO in meta:
            raise NotFetched(Outcome.OUT_OF_SCOPE, f"its script leads to {meta[MAY_NOT_LEAD_TO]}"[:200])
        if LEADS_TO in meta:
            return self._led_on(request, meta[LEADS_TO])
        if urlsplit(response.url).scheme not in {"http", "https"}:
            raise NotFetched(Outcome.FAILED, "the browser has nothing to show of it")
        redirected = meta.get("redirect_urls", []) != meta[PASSED]
        if (meta.get(MOVED) or redirected) and address_key(response.url) != address_key(request.url):
            return self._led_on(request, response.url)
        return response

    def _led_on(self, request: Request, target: str) -> Request:
        """Ask for what a page leads to as for a page that a server redirects to: robots.txt, scope and pace hold for it."""
        passed = [*request.meta[PASSED], request.url]
        if len(passed) > self._crawler.settings.getint("REDIRECT_MAX_TIMES"):
            raise NotFetched(Outcome.FAILED, "leads on and on")
        kept = {name: value for name, value in request.meta.items() if name in KEPT}
        led = {"redirect_times": len(passed), "redirect_urls": passed, "redirect_reasons": ["script"]}
        return request.replace(url=target, meta={**kept, **led}, headers={}, dont_filter=True)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say in the account what became of the browser.

        Raises:
            NotFetched: the page could not be rendered.
        """
        if isinstance(exception, PlaywrightError):
            reason = f"the browser failed: {str(exception).partition(chr(10))[0]}"
            raise NotFetched(Outcome.FAILED, reason[:200]) from exception

    def _is_wanted(self, lease: Lease, response: Response) -> bool:
        if lease.kind not in PAGES or response.status != 200 or not isinstance(response, HtmlResponse):
            return False
        wish = self._wish(lease)
        return wish == ALWAYS or (wish == WHEN_EMPTY and waits_for_scripts(response))

    def _wish(self, lease: Lease) -> str:
        """What the source of a lease wants."""
        source = getattr(self._crawler.spider, "sources", {}).get(lease.source_id)
        return getattr(source, "render", NEVER)


def _place_inside(request: Request, response: Response) -> str | None:
    """Host and port of a page, where it came from this machine or its network; None for pages of the web."""
    host = host_of(response.url)
    through_proxy = request.meta.get("proxy") is not None  # then the address is not the page's
    if response.ip_address is None or through_proxy:
        return host if is_inside(urlsplit(response.url).hostname or "") else None
    return None if is_public(str(response.ip_address)) else host
