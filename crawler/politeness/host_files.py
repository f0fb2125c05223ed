"""robots.txt and tdmrep.json that were fetched a short time ago, answered from the archive.

The service makes a crawl a minute where addresses keep falling due; asking each host for both files each time would be most of
what it asks for. RFC 9309 (section 2.4) lets a robots.txt be kept for a day.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

from scrapy import Request
from scrapy.http import Response, TextResponse
from scrapy.http.request import NO_CALLBACK
from scrapy.utils.httpobj import urlparse_cached

from archive.rights import HOST_FILE_BYTES
from archive.timestamps import CLOCK_TOLERANCE, now
from crawler.keeper import ArchiveKeeper

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

TDMREP = "/.well-known/tdmrep.json"
"""Where a host says whether text and data mining is reserved (TDM Reservation Protocol)."""
KINDS = {"/robots.txt": "robots", TDMREP: "tdmrep"}
KEPT = "kept as host file "
"""How the flag of such an answer begins; the number of its row follows."""


class RecentHostFiles:
    """Downloader middleware before the download, for as many seconds as `MORGUE_HOST_FILES_FRESH` says; 0: never."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._fresh = timedelta(seconds=crawler.settings.getfloat("MORGUE_HOST_FILES_FRESH"))

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware for one crawl."""
        return cls(crawler)

    async def process_request(self, request: Request) -> Response | None:
        """Answer from the archive where it has what the host said lately; a failure is no answer, and is asked again."""
        kind = KINDS.get(urlparse_cached(request).path) if request.callback is NO_CALLBACK else None
        keeper = self._crawler.get_extension(ArchiveKeeper)
        if kind is None or keeper is None or not self._fresh:
            return None
        found = await keeper.host_file(urlparse_cached(request).netloc, kind, now() - self._fresh)
        if found is None:
            return None
        number, file = found
        if file.fetched > now() + CLOCK_TOLERANCE:
            return None
        if file.status >= 500 or file.status == HTTPStatus.TOO_MANY_REQUESTS or len(file.body) >= HOST_FILE_BYTES:
            return None
        return TextResponse(request.url, status=file.status, body=file.body, encoding="utf-8", flags=[f"{KEPT}{number}"])


def kept_number(response: Response) -> int | None:
    """Number of the row that an answer was taken from; None where it was fetched."""
    flag = next((flag for flag in response.flags if flag.startswith(KEPT)), None)
    return int(flag.removeprefix(KEPT)) if flag is not None else None
