"""A saved page on its way into the archive, and the visit that it makes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from archive.capture import Capture, Payload
from archive.timestamps import now
from archive.visit import Outcome, Visit
from crawler.answers import NO_TEXT, is_binary, read_bytes
from crawler.errors import FileUnreadable
from crawler.intake.addresses import Origin, exported_capture, origin_of
from pipelines.item import Response
from pipelines.stages.extract import read_responses

GONE = frozenset({404, 410})
"""Statuses that say that nothing stands at an address any more."""


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page that somebody saved: a file, or a record of a WARC."""

    name: str
    """How the user knows it: the path, or the path with the place of the record in it."""
    path: Path | None = None
    """The file that holds nothing else; None where `body` is given."""
    body: bytes | None = field(default=None, repr=False)
    url: str | None = None
    """None: to be found out from the page."""
    fetched: datetime | None = None
    """Aware UTC; None: the time that an export tells, or that of the file."""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    kind: str = "file"
    """As in `archive.capture.Capture`."""
    asked: str | None = None
    """Address that was asked for, where another answered."""
    redirects: tuple[str, ...] = ()
    """Addresses after that, the one that answered last."""
    following: tuple[SavedPage, ...] = ()
    """Further pages of the same article, in order."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A record that says how an address answered and holds no page: not modified, or gone."""

    name: str
    url: str
    fetched: datetime
    status: int


@dataclass(frozen=True, slots=True)
class Known:
    """A record that the archive has already."""

    name: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A revisit whose payload was not met yet; it may stand behind it."""

    name: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Something that should have been a page: a damaged record, a file that cannot be opened."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A saved page as read."""

    name: str
    visit: Visit | None = None
    """None where the page could not be read."""
    note: str | None = None
    """What the user should know: how the address was come by, why it could not be read."""


def take(page: SavedPage) -> Taken:
    """Read a saved page; runs in a process of its own.

    Returns:
        The visit: STORED for an article, NOT_AN_ARTICLE for anything else, which is kept as a capture all the same.
    """
    try:
        body = page.body if page.body is not None else read_bytes(page.path or Path(page.name))
    except OSError as error:
        return Taken(page.name, note=error.strerror or str(error))
    if page.body is None and is_binary(body):
        return Taken(page.name, note=NO_TEXT)
    try:
        origin = _origin(page, body)
    except FileUnreadable as error:
        return Taken(page.name, note=str(error))
    fetched = origin.fetched or exported_capture(body) or _time_of(page)
    response = Response(origin.url, fetched, page.status, page.headers, body, page.kind)
    further = [
        Response(more.url or origin.url, more.fetched or response.fetched, more.status, more.headers, more.body or b"", page.kind)
        for more in page.following
    ]
    responses = (response, *further)
    try:
        return Taken(page.name, _visit(page, responses), origin.note)
    except Exception as error:  # noqa: BLE001 - one page must not end the intake; it is kept, to be read by better rules
        reason = f"reading failed: {type(error).__name__}: {error}"
        captures = tuple(Capture(r.url, r.fetched, r.status, r.headers, Payload.of(r.body), page.kind) for r in responses)
        failed = Visit(page.asked or origin.url, response.fetched, Outcome.FAILED, reason, captures=captures)
        return Taken(page.name, failed, reason)


def take_sighting(sighting: Sighting) -> Taken:
    """The visit that a sighting makes."""
    gone = sighting.status in GONE
    outcome = Outcome.GONE if gone else Outcome.UNCHANGED
    return Taken(sighting.name, Visit(sighting.url, sighting.fetched, outcome, status=sighting.status))


def _visit(page: SavedPage, responses: tuple[Response, ...]) -> Visit:
    response, reading = responses[0], read_responses(responses)
    return Visit(
        url=page.asked or response.url,
        fetched=response.fetched,
        outcome=Outcome.STORED if reading.is_article else Outcome.NOT_AN_ARTICLE,
        reason=None if reading.is_article else reading.reason,
        status=page.status if page.kind == "response" else None,
        redirects=page.redirects,
        captures=tuple(replace(capture, kind=page.kind) for capture in reading.captures),
        revision=reading.revision,
        payload_sha256=reading.captures[0].payload.sha256,
    )


def _origin(page: SavedPage, body: bytes) -> Origin:
    if page.url:
        return Origin(page.url, page.fetched)
    if page.path is None:
        from crawler.intake.addresses import declared_address

        url = declared_address(body)
        return Origin(url or f"file:{page.name}", page.fetched, None if url else "the page does not say where it is from")
    origin = origin_of(page.path, body)
    return replace(origin, fetched=page.fetched or origin.fetched)


def _time_of(page: SavedPage) -> datetime:
    """The time of the file; now for what is in none."""
    if page.path is None:
        return now()
    return datetime.fromtimestamp(page.path.stat().st_mtime, UTC)
