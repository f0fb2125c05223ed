"""The pace of each host: AutoThrottle, never faster than what its sources say, nor than its own floor (Crawl-delay)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.extensions.throttle import AutoThrottle
from scrapy.utils.httpobj import urlparse_cached

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from crawler.politeness.pace import Pace

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

    def keep_pace(self, host: str, pace: Pace) -> None:
        """Ask a host no faster than its sources say; later calls for a host take the place of earlier ones."""
        self._own[host] = {"delay": pace.delay, "concurrency": pace.concurrency}
        self._settle(host)

    def set_floor(self, host: str, delay: float) -> None:
        """Wait at least `delay` seconds between two requests to a host, and send one at a time."""
        self._floors[host] = min(delay, LONGEST_CRAWL_DELAY)
        self._settle(host)

    def slow_down(self, host: str, factor: float) -> None:
        """Wait so many times as long as hitherto between two requests to a host, for the rest of the run."""
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        own = downloader.per_slot_settings.get(host, {}).get("delay", downloader._delay)
        self.set_floor(host, max(self._floors.get(host, 0.0), own) * factor)

    def _settle(self, host: str) -> None:
        """Have the downloader keep what is known of a host."""
        assert self.crawler.engine is not None
        downloader = self.crawler.engine.downloader
        settings: dict[str, float] = dict(self._own.get(host, {}))
        if host in self._floors:
            slow = max(self._floors[host], settings.get("delay", downloader._delay))
            settings |= {"delay": slow, "concurrency": 1, "jitter": 0.0}
        # The downloader forgets a host that it has not heard of for a minute, and makes its slot anew from these.
        downloader.per_slot_settings[host] = settings
        slot = downloader.slots.get(host)
        if slot is not None:
            self._hold_back(host, slot)

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        host = urlparse_cached(request).hostname or ""
        self.mindelay = self._own.get(host, {}).get("delay", self._min_delay())
        super()._response_downloaded(response, request, spider)
        slot = self._get_slot(request, spider)[1]
        if slot is not None:
            self._hold_back(host, slot)

    def _hold_back(self, host: str, slot: Slot) -> None:
        """Take back what AutoThrottle did beyond the host's own limits; it also cuts delays to its longest one."""
        own, floor = self._own.get(host, {}), self._floors.get(host)
        slot.delay = max(slot.delay, own.get("delay", 0.0), floor or 0.0)
        slot.concurrency = min(slot.concurrency, int(own.get("concurrency", slot.concurrency)))
        if floor is not None:
            slot.jitter = 0.0
            slot.concurrency = 1
