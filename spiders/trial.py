"""The spider of a trial: a few feeds and sitemaps before the articles, so that a short look at a source sees all its ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from scrapy.http import Response

from archive.visit import Found, PageKind
from spiders.site import SiteSpider

MOST_LISTS = 12
"""Feeds and sitemaps that are read: a few levels of an index, and a dozen seconds at one request each."""
LISTS_FIRST = 900
"""Before any article, unlike in a crawl, which shall have the newest articles first."""
LISTS_LAST = -1
"""What goes beyond is known and not read, unless all else is done."""
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class TrialSpider(SiteSpider):
    """As `SiteSpider`, the newest few feeds and sitemaps before all else."""

    name = "trial"
    _lists_left = MOST_LISTS

    def wanted(self, found: Sequence[Found], response: Response) -> tuple[Found, ...]:
        """Keep the same of what a page led to, in the order of a trial."""
        wanted = super().wanted(found, response)
        lists = [each for each in wanted if each.kind in {PageKind.FEED, PageKind.SITEMAP}]
        lists.sort(key=lambda each: each.modified or LONG_AGO, reverse=True)
        return (*(self._ranked(each) for each in lists), *(each for each in wanted if each not in lists))

    def _ranked(self, found: Found) -> Found:
        self._lists_left -= 1
        return replace(found, priority=LISTS_FIRST if self._lists_left >= 0 else LISTS_LAST)
