"""Conditional requests: a page that we have is asked for only if it changed (RFC 9110, section 13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy import Request

    from archive.visit import Lease


class ConditionalGet:
    """Sends back the ETag and Last-Modified of the last answer."""

    def process_request(self, request: Request) -> None:
        """Add the conditions, on the address itself but not on one that it redirects to, nor where a browser will look."""
        lease: Lease | None = request.meta.get("lease")
        if lease is None or request.meta.get("redirect_times") or request.meta.get("unconditional"):
            return
        if lease.etag:
            request.headers.setdefault("If-None-Match", lease.etag)
        if lease.last_modified:
            request.headers.setdefault("If-Modified-Since", lease.last_modified)
