"""Where a saved page comes from: what it says itself, what lies beside it, or where it lies."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

HEAD_BYTES = 262_144
"""How far into a page its address is looked for: a head with style sheets and scripts inlined can be that long."""

_TAG = re.compile(rb"<(link|meta)\b((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([a-zA-Z:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S+)\s*-->", re.IGNORECASE)
_FRONT_MATTER = re.compile(rb"\A(?:\xef\xbb\xbf)?---\s*\n(.*?)\n---", re.DOTALL)
_FRONT_MATTER_URL = re.compile(
    rb"(?im)^(?:canonical(?:_url)?|url|source(?:_url)?|link|permalink)\s*:\s*[\"']?(https?://[^\s\"']+)"
)
_EXPORTED = re.compile(rb"(?m)^exported_by\s*:\s*[\"']?morgue[\"']?\s*$")
_CAPTURED = re.compile(rb"(?m)^captured\s*:\s*[\"']?([^\s\"']+)")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a saved page comes from."""

    url: str
    fetched: datetime | None = None
    """Aware UTC; None where nothing but the file's own time tells."""
    note: str | None = None
    """What the user should know of how the address was come by; None where it is the page's own."""


def origin_of(path: Path, body: bytes) -> Origin:
    """Find out where a saved page comes from.

    In this order: a JSON file beside it with `url` (and `fetched`), the front matter of a Markdown page, the comment that
    browsers write when saving, `rel=canonical`, `og:url`, and at last the path of the file itself, as a `file:` address.
    """
    beside = _beside(path)
    if beside is not None:
        return beside
    if url := declared_address(body):
        return Origin(url)
    return Origin(path.resolve().as_uri(), note="the page does not say where it is from; filed under its path")


def declared_address(body: bytes) -> str | None:
    """The address that a page says it has, absolute; None where it says none.

    Looks at the bytes, since reading the page needs the address beforehand.
    """
    matter = _FRONT_MATTER.match(body)
    named = _FRONT_MATTER_URL.search(matter[1]) if matter else None
    if named and (url := _absolute(named[1], None)):
        return url  # the text below may tell of pages, tags and all
    head = body[:HEAD_BYTES]
    if saved := _SAVED_FROM.search(head):
        return _absolute(saved[1], None)
    canonical, shared = None, None
    for name, attributes in _TAG.findall(head):
        values = {key.lower(): a or b or c for key, a, b, c in _ATTRIBUTE.findall(attributes)}
        if name.lower() == b"link" and b"canonical" in values.get(b"rel", b"").lower().split():
            canonical = canonical or values.get(b"href")
        elif b"og:url" in (values.get(b"property"), values.get(b"name")):
            shared = shared or values.get(b"content")
    return _absolute(canonical, shared) or _absolute(shared, None)


def exported_capture(body: bytes) -> datetime | None:
    """When the page of an article was captured that `morgue export markdown` wrote; None for any other file."""
    matter = _FRONT_MATTER.match(body)
    captured = _CAPTURED.search(matter[1]) if matter and _EXPORTED.search(matter[1]) else None
    return _time(captured[1].decode("utf-8", "replace")) if captured else None


def _absolute(raw: bytes | None, base: bytes | None) -> str | None:
    """An http(s) address, or None."""
    if not raw:
        return None
    text = html.unescape(raw.decode("utf-8", "replace")).strip()
    try:
        url = urljoin(html.unescape(base.decode("utf-8", "replace")).strip(), text) if base else text
        parts = urlsplit(url)
        return url if parts.scheme in {"http", "https"} and parts.hostname else None
    except ValueError:
        return None


def _beside(path: Path) -> Origin | None:
    """What `page.json` or `page.html.json` beside `page.html` says."""
    for name in (path.name + ".json", path.name.removesuffix(".gz").rpartition(".")[0] + ".json"):
        try:
            said = json.loads((path.parent / name).read_bytes())
        except (OSError, ValueError):
            continue
        url = said.get("url") if isinstance(said, dict) else None
        if isinstance(url, str) and _absolute(url.encode("utf-8", "replace"), None):
            return Origin(url, _time(said.get("fetched")))
    return None


def _time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
