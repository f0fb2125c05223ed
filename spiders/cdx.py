"""Indexes of captures: CDX servers as the Wayback Machine and pywb have them, and the captures that they lead to.

An index is asked for a whole site at once; where it has more than fits an answer, by its resume key or by year, and smaller
spans from there. A capture is fetched as it was taken (`id_`), and read as an answer of the original address at that time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from itertools import pairwise
from urllib.parse import parse_qsl, urlencode, urlsplit

from scrapy.http import Response as ScrapyResponse

from archive.urls import address_key
from archive.visit import Found, PageKind
from pipelines.item import Response
from spiders.base import Listed, to_response
from spiders.discovery import priorities
from spiders.discovery.captures import CAPTURE, LINES, CaptureAddress, CaptureLine, count_lines, moment_of, read_index
from spiders.discovery.links import why_no_article
from spiders.discovery.periods import Period, Span, span_of

INDEX = "capture index"
"""How further pages of an index were found."""
FIRST_YEAR = 1994
"""There are no captures of earlier years."""
PARTS = 12
"""A span whose lines do not fit is parted into so many; a year into months, near enough."""
SECOND = timedelta(seconds=1)
"""A span that is not parted any more: timestamps of captures are no finer."""
MORE = 4
"""A second whose lines do not fit is asked for so many times as many at once, up to `MOST_LINES`."""
MOST_LINES = 80_000
"""Lines that an index is asked for at once at most: what fits into `MAX_BYTES` and into memory."""
TOGETHER = timedelta(days=7)
"""Between captures of the pages of one article at most; crawls of archives take days. Later, it may be another edition."""
SEEN_AT_MOST = 500_000
"""Payloads of pages that are remembered so as not to be fetched again; beyond it they are, and are unchanged then."""
OF_REPLAY = re.compile(
    r"(?i)x-archive-.*|memento-datetime|link|content-location|set-cookie|server|date|connection|x-proxy-.*|x-wombat-.*|x-ts|x-tr"
    r"|x-location|x-cache-key|x-page-cache|server-timing|x-app-server|x-na|x-rl|x-nid|nel|report-to|referrer-policy|permissions-policy"
)
"""Headers that a replay server adds to what it replays."""


def follow_index(
    body: bytes, url: str, period: Period, replay: CaptureAddress, wanted: Callable[[str], bool], seen: set[int], now: datetime
) -> Listed:
    """Read an answer of an index: the captures of pages that may be articles, and the further pages of the index.

    Args:
        body: of the answer.
        url: that was asked.
        period: only captures of this time are taken.
        replay: where they are fetched from.
        wanted: whether an original address is in the scope of the source.
        seen: payloads of pages that were listed before; those of this answer are added.
        now: aware; the index has nothing later.

    """
    lines, key = read_index(body)
    asked = dict(parse_qsl(urlsplit(url).query))
    full = key is not None or count_lines(body) >= _limit(asked)
    parted = key is not None or _keeps_to(asked, lines)
    further = _further(url, asked, period, key, now) if full and parted else []
    found = [_found(line, replay) for line in lines if _is_wanted(line, period, wanted, seen)]
    index = [Found(address, PageKind.LISTING, INDEX, priorities.SITEMAP) for address in further]
    cut = "" if further or not full else "; it has more, and the server gives no way to them"
    return Listed((*index, *found), f"index: {len(found)} of {len(lines)} captures{cut}")


def original_of(response: ScrapyResponse, asked: str, replay: CaptureAddress) -> Response | None:
    """A replayed capture as the answer that it is a capture of; None where the server shows something else.

    Args:
        response: of the replay server.
        asked: the capture's address as it was asked for.
        replay: the template of both.

    """
    found = replay.parts(response.url) or replay.parts(asked)
    if found is None:
        return None
    answered = to_response(response)
    moment = _memento_time(answered.headers) or found[0]
    return Response(found[1], moment, response.status, _original_headers(answered.headers), response.body)


def taken_together(first: Response, further: Response, url: str) -> bool:
    """Whether a capture is of this further page of an article, and of the time that its first page was taken."""
    return address_key(further.url) == address_key(url) and abs(further.fetched - first.fetched) <= TOGETHER


def _is_wanted(line: CaptureLine, period: Period, wanted: Callable[[str], bool], seen: set[int]) -> bool:
    moment = moment_of(line.timestamp)
    if moment is None or period.misses(Span(moment, moment + timedelta(seconds=1))) or not line.is_page:
        return False
    if why_no_article(line.url) is not None or not wanted(line.url):
        return False
    payload = hash((line.url, line.digest or line.timestamp))
    if payload in seen:
        return False
    if len(seen) >= SEEN_AT_MOST:
        seen.clear()
    seen.add(payload)
    return True


def _found(line: CaptureLine, replay: CaptureAddress) -> Found:
    return Found(replay.of(line), PageKind.ARTICLE, CAPTURE, priorities.SITEMAP_ARTICLE)


def _further(url: str, asked: dict[str, str], period: Period, key: str | None, now: datetime) -> list[str]:
    """The questions that bring what did not fit into an answer."""
    base = url.partition("?")[0]
    first, last = moment_of(asked.get("from", "")), moment_of(asked.get("to", ""))
    spans = _years(period, now) if first is None or last is None else _parts(Span(first, last + SECOND))
    if key is not None and (first is not None or period == Period()):
        return [f"{base}?{urlencode(asked | {'resumeKey': key})}"]
    if not spans:
        return [f"{base}?{urlencode(asked | {'limit': str(_limit(asked) * MORE)})}"] if _limit(asked) < MOST_LINES else []
    return [
        f"{base}?{urlencode(asked | {'from': f'{s.start:%Y%m%d%H%M%S}', 'to': f'{s.end - SECOND:%Y%m%d%H%M%S}'})}"
        for s in spans
        if not period.misses(s)
    ]


def _years(period: Period, now: datetime) -> list[Span]:
    """Whole years, so that the same questions are asked at each run."""
    spans = (span_of(year) for year in range(now.year, FIRST_YEAR - 1, -1))
    return [span for span in spans if span is not None and not period.misses(span)]


def _parts(span: Span) -> list[Span]:
    """Equal parts of a span, to the second; none of one that is a second."""
    seconds = round((span.end - span.start) / SECOND)
    if seconds <= 1:
        return []
    parts = min(PARTS, seconds)
    ends = [span.start + SECOND * (seconds * n // parts) for n in range(parts + 1)]
    return [Span(start, end) for start, end in pairwise(ends)]


def _keeps_to(asked: dict[str, str], lines: Sequence[CaptureLine]) -> bool:
    """Whether a server gave only what it was asked for: one that does not heed times would give the same to each question."""
    first, last = moment_of(asked.get("from", "")), moment_of(asked.get("to", ""))
    if first is None or last is None:
        return True
    return all(first <= moment <= last for line in lines if (moment := moment_of(line.timestamp)) is not None)


def _limit(asked: dict[str, str]) -> int:
    """Lines that were asked for."""
    limit = asked.get("limit", "")
    return int(limit) if limit.isdecimal() and int(limit) > 0 else LINES


def _memento_time(headers: tuple[tuple[str, str], ...]) -> datetime | None:
    stated = next((value for name, value in headers if name.lower() == "memento-datetime"), None)
    try:
        return parsedate_to_datetime(stated).astimezone(UTC) if stated else None
    except ValueError:
        return None


def _original_headers(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The headers of the captured answer: those that the server says it had, or all that are not its own."""
    prefix = "x-archive-orig-"
    stated = tuple((name[len(prefix) :], value) for name, value in headers if name.lower().startswith(prefix))
    own = tuple((name, value) for name, value in headers if not OF_REPLAY.fullmatch(name))
    named = {name.lower() for name, _ in stated}
    return (*stated, *((n, v) for n, v in own if n.lower() == "content-type" and n.lower() not in named)) if stated else own
