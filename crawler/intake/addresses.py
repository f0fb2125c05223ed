"""Where a saved page comes from: what it says itself, what lies beside it, or where it lies."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from crawler.errors import FileUnreadable
from pipelines.page.addresses import as_sent

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

    Raises:
        FileUnreadable: the JSON file beside it is none, or its `url` or `fetched` is no address or no time.
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
        return as_sent(url) if parts.scheme in {"http", "https"} and parts.hostname else None
    except ValueError:
        return None


def _beside(path: Path) -> Origin | None:
    """What `page.json` or `page.html.json` beside `page.html` says; one without `url` is for something else."""
    for name in (path.name + ".json", path.name.removesuffix(".gz").rpartition(".")[0] + ".json"):
        beside = path.parent / name
        try:
            said = json.loads(beside.read_bytes())
        except OSError:
            continue
        except ValueError as error:
            raise FileUnreadable(name, "lies beside the page and is no JSON") from error
        if isinstance(said, dict) and said.get("url") is not None:
            return _said_beside(name, said["url"], said.get("fetched"))
    return None


def _said_beside(name: str, url: object, fetched: object) -> Origin:
    address = _absolute(url.encode("utf-8", "replace"), None) if isinstance(url, str) else None
    moment = _time(fetched)
    if address is None:
        raise FileUnreadable(name, f"lies beside the page, and its `url` is no http(s) address: {url!r:.80}")
    if fetched is not None and moment is None:
        raise FileUnreadable(name, f"lies beside the page, and its `fetched` is no ISO time: {fetched!r:.80}")
    return Origin(address, moment)


def _time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
