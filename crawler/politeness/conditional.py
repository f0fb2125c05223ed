"""Conditional requests: a page that we have is asked for only if it changed (RFC 9110, section 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.urls import address_key

if TYPE_CHECKING:
    from scrapy import Request

    from archive.visit import Lease


CONDITIONS = ("If-None-Match", "If-Modified-Since")


class ConditionalGet:
    """Sends back the ETag and Last-Modified of the last answer, to the page that gave them and to no other."""

    def process_request(self, request: Request) -> None:
        """Add the conditions, but not where a browser will look.

        A redirect brings the headers of the request before it. Another page would answer them for itself: a notice that is older
        than the article which now leads to it has "not been modified". They go on only to another name of the same page.
        """
        lease: Lease | None = request.meta.get("lease")
        if lease is None or request.meta.get("unconditional"):
            return
        if request.meta.get("redirect_times"):
            if address_key(request.url) != address_key(lease.url):
                for name in CONDITIONS:
                    request.headers.pop(name, None)
            return
        for name, value in zip(CONDITIONS, (lease.etag, lease.last_modified), strict=True):
            if value:
                request.headers.setdefault(name, value)
