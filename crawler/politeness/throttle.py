"""The pace of each host: AutoThrottle, never faster than the host's own floor (its source's delay, or Crawl-delay)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.extensions.throttle import AutoThrottle
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Response

LONGEST_CRAWL_DELAY = 120.0
"""Seconds. A Crawl-delay beyond it is taken for a mistake and cut to this."""


class Throttle(AutoThrottle):
    """Scrapy's AutoThrottle with a floor for each host. With AutoThrottle off, the floors alone."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self._floors: dict[str, float] = {}
        self._own: dict[str, dict[str, float]] = crawler.settings.getdict("DOWNLOAD_SLOTS")
        if crawler.settings.getbool("AUTOTHROTTLE_ENABLED"):
            super().__init__(crawler)

    def set_floor(self, host: str, delay: float) -> None:
        """Wait at least `delay` seconds between two requests to a host, and send one at a time."""
        self._floors[host] = min(delay, LONGEST_CRAWL_DELAY)
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        own = downloader.per_slot_settings.get(host, {})
        slow = max(self._floors[host], own.get("delay", downloader._delay))
        # The downloader forgets a host that it has not heard of for a minute, and makes its slot anew from these.
        downloader.per_slot_settings[host] = {**own, "delay": slow, "concurrency": 1, "jitter": 0.0}
        slot = downloader.slots.get(host)
        if slot is not None:
            self._raise_to_floor(host, slot)

    def slow_down(self, host: str, factor: float) -> None:
        """Wait so many times as long as hitherto between two requests to a host, for the rest of the run."""
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        own = downloader.per_slot_settings.get(host, {}).get("delay", downloader._delay)
        self.set_floor(host, max(self._floors.get(host, 0.0), own) * factor)

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        host = urlparse_cached(request).hostname or ""
        self.mindelay = self._own.get(host, {}).get("delay", self._min_delay())
        super()._response_downloaded(response, request, spider)
        slot = self._get_slot(request, spider)[1]
        if slot is not None:
            self._raise_to_floor(host, slot)

    def _raise_to_floor(self, host: str, slot: Slot) -> None:
        floor = self._floors.get(host)
        if floor is not None:
            slot.delay = max(slot.delay, floor)
            slot.jitter = 0.0
            slot.concurrency = 1
