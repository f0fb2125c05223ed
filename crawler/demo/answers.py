"""What the newspaper answers to a request: a pure function of the stories, the request and the time."""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from crawler.demo import feeds, pages, sitemaps
from crawler.demo.layouts import LAYOUTS
from crawler.demo.pages import Listing
from crawler.demo.site import LANGUAGES, Site, Story
from crawler.demo.view import View

HTML = "text/html; charset=utf-8"
_BARE_HTML = "text/html"
"""What the old system of the soup layout sends: the page itself names its encoding."""
RETRY_SECONDS = 1
"""What the flaky page asks for in Retry-After."""

_CALENDAR = re.compile(r"/events/(\d{4})/(\d\d)/")
_PAGE_IN_PATH = re.compile(r"(.*/)page/(\d+)/")


@dataclass(frozen=True, slots=True)
class Request:
    """What an answer depends on."""

    path: str
    """Percent-encoded path without the query."""
    query: Mapping[str, str]
    base_url: str
    now: datetime
    visit: int = 1
    """How often this path has been asked for with GET, this time included."""

    @property
    def page(self) -> int:
        """The page asked for by `?page=`; 1 where there is none, 0 where it is no number."""
        value = self.query.get("page", "1")
        return int(value) if value.isdecimal() else 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back over the wire."""

    status: int
    body: bytes = b""
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    last_modified: datetime | None = None
    is_slow: bool = False
    """Whether the server takes its time over it."""

    @property
    def etag(self) -> str:
        """A validator that changes with the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


def answer(site: Site, request: Request) -> Answer:
    """Say what an address gives; 404 where there is nothing."""
    for room in (_fixed_answer, _story_answer, _listing_answer, _calendar_answer):
        if found := room(site, request):
            return found
    return _message(site, request, 404, "Page not found", "There is no page at this address. It may have been moved or mistyped.")


def conditional(full: Answer, if_none_match: str | None, if_modified_since: str | None) -> Answer:
    """Shorten a 200 to a 304 where the asker has it already; the ETag counts before the date (RFC 9110, 13.2.2)."""
    if full.status != 200:
        return full
    if if_none_match is not None:
        known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
        return replace(full, status=304) if full.etag in known else full
    if if_modified_since is None or full.last_modified is None:
        return full
    try:
        since = parsedate_to_datetime(if_modified_since)
    except ValueError:
        return full
    return replace(full, status=304) if full.last_modified.replace(microsecond=0) <= since else full


def headers_of(response: Answer, now: datetime) -> list[tuple[str, str]]:
    """Every header of an answer, in the order in which it is sent."""
    headers = [("Date", format_datetime(now.astimezone(UTC), usegmt=True)), ("Server", "TernPress/2.1")]
    if response.status in (200, 304):
        headers.append(("ETag", response.etag))
    if response.status in (200, 304) and response.last_modified:
        headers.append(("Last-Modified", format_datetime(response.last_modified.astimezone(UTC), usegmt=True)))
    if response.status != 304:
        headers += [("Content-Type", response.content_type), ("Content-Length", str(len(response.body)))]
    return [*headers, *response.headers]


def _fixed_answer(site: Site, request: Request) -> Answer | None:
    path, base_url, now = request.path, request.base_url, request.now
    if path in (sections := {pages.edition_path(lang): lang for lang in LANGUAGES}):
        return _html(pages.front_page(site, base_url, now, sections[path]))
    if path in pages.INFORMATION:
        return _html(pages.information_page(site, base_url, now, path))
    if path in sitemaps.monthly_paths(site):
        kind = "application/gzip" if path.endswith(".gz") else "application/xml"
        return Answer(200, sitemaps.monthly(site, base_url, now, path), kind)
    if path in _MACHINE_FILES:
        kind, write = _MACHINE_FILES[path]
        return Answer(200, write(site, base_url, now), kind)
    return _odd_answer(site, request)


def _odd_answer(site: Site, request: Request) -> Answer | None:
    path, base_url, now = request.path, request.base_url, request.now
    if path == pages.SEARCH_PATH:
        return _html(pages.search_page(site, base_url, now, request.query.get("q", "")))
    if path == pages.SIGN_IN_PATH:
        return _html(pages.sign_in_page(site, base_url, now))
    if path == pages.DRAFT_PATH:
        return _message(site, request, 200, "Unfinished report", "Nobody but the editors should read this draft of a report.")
    if path == pages.BROKEN_PATH:
        return _message(site, request, 500, "Something broke", "The press has stopped. We have sent somebody down to look.")
    if path == pages.SOFT_404_PATH:
        return _message(site, request, 200, "Page not found", "Sorry, we could not find the page that you were looking for.")
    if path.startswith("/images/") and path.endswith(".png"):
        return Answer(200, PICTURE, "image/png")
    return None


def _story_answer(site: Site, request: Request) -> Answer | None:
    if moved := next((s for s in site.shown if s.listed_path == request.path != s.path), None):
        return Answer(301, b"", HTML, (("Location", request.base_url + moved.path),))
    found = _story_at(site, request.path)
    if not found:
        return None
    story, variant = found
    if story.special == "deleted":
        return _message(site, request, 410, "Withdrawn", "This story has been withdrawn by the editors.")
    if story.special == "flaky" and request.visit == 1:
        busy = _message(site, request, 503, "Busy", "Too many readers at once. Please come back in a second.")
        return replace(busy, headers=(("Retry-After", str(RETRY_SECONDS)),))
    if not 1 <= request.page <= story.page_count:
        return None
    view = View(site, story, request.base_url, request.now, request.page, request.visit, variant)
    return Answer(
        200,
        LAYOUTS[story.layout].render(view).encode(),
        _BARE_HTML if story.layout == "soup" else HTML,
        last_modified=_last_modified(story, request.now),
        is_slow=story.special == "slow",
    )


def _story_at(site: Site, path: str) -> tuple[Story, str] | None:
    """The story printed at an address, however the address is written, with the variant asked for."""
    plain, variant = path, ""
    if path.startswith("/mobile/"):
        plain, variant = path.removeprefix("/mobile"), "mobile"
    elif path.endswith("/amp"):
        plain, variant = path.removesuffix("/amp"), "amp"
    plain = plain.lower().removesuffix("index.html")
    story = site.by_path.get(plain) or site.by_path.get(plain.rstrip("/")) or site.by_path.get(f"{plain}/")
    if story and variant and story.layout != "semantic":
        return None
    return (story, variant) if story else None


def _last_modified(story: Story, now: datetime) -> datetime | None:
    """When the page changed; None where it changes with the time of serving."""
    if story.special == "changing":
        return now
    return None if story.layout == "creator" else story.changed


def _listing_answer(site: Site, request: Request) -> Answer | None:
    path, page = request.path, request.page
    if match := _PAGE_IN_PATH.fullmatch(path):
        path, page = match[1], int(match[2])
    listing: Listing | None = pages.listings(site).get(path)
    if not listing or not 1 <= page <= listing.page_count or bool(match) > listing.pages_by_path:
        return None
    return _html(pages.list_page(site, request.base_url, request.now, listing, page))


def _calendar_answer(site: Site, request: Request) -> Answer | None:
    match = _CALENDAR.fullmatch(request.path)
    if not match or not 1 <= int(match[2]) <= 12:
        return None
    return _html(pages.calendar_page(site, request.base_url, request.now, int(match[1]), int(match[2])))


def _html(text: str) -> Answer:
    return Answer(200, text.encode())


def _message(site: Site, request: Request, status: int, title: str, text: str) -> Answer:
    return Answer(status, pages.message_page(site, request.base_url, request.now, title, text).encode())


def _robots(site: Site, base_url: str, now: datetime) -> bytes:
    lines = ["User-agent: *", "Disallow: /drafts/", f"Disallow: {pages.SEARCH_PATH}", ""]
    return "\n".join([*lines, f"Sitemap: {base_url}{sitemaps.INDEX_PATH}", ""]).encode()


def _picture() -> bytes:
    """A grey PNG of one pixel."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    header = (1).to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


PICTURE = _picture()
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
_STYLE = b"body { font-family: serif; max-width: 60em; margin: auto } nav a { margin-right: 1em }\n"

_MACHINE_FILES: Mapping[str, tuple[str, Callable[[Site, str, datetime], bytes]]] = {
    "/robots.txt": ("text/plain; charset=utf-8", _robots),
    "/style.css": ("text/css", lambda site, base_url, now: _STYLE),
    pages.PDF_PATH: ("application/pdf", lambda site, base_url, now: _PDF),
    feeds.RSS_PATH: ("application/rss+xml; charset=utf-8", feeds.rss),
    feeds.ATOM_PATH: ("application/atom+xml", feeds.atom),
    feeds.JSON_PATH: ("application/feed+json", feeds.json_feed),
    sitemaps.INDEX_PATH: ("application/xml", sitemaps.index),
    sitemaps.NEWS_PATH: ("text/xml; charset=utf-8", sitemaps.news),
}
