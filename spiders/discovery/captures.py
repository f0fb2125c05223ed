"""Indexes of captures: how they are asked, where captures are, and lines in the forms that servers give them.

Forms: JSON arrays, JSON and CDXJ lines, and text with spaces.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

CAPTURE = "capture"
"""How captures were found."""
LINES = 5000
"""Lines that an index is asked for at a time; two megabytes at most."""
MAX_BYTES = 32 * 1024 * 1024
"""Of an index that is looked at."""

_ORDER = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest")
"""Fields of a line of text, as all the common forms begin."""
_NAMES = {
    "original": ("original", "url"),
    "timestamp": ("timestamp",),
    "mimetype": ("mimetype", "mime"),
    "statuscode": ("statuscode", "status"),
    "digest": ("digest",),
}
"""What a field is called: by the Wayback Machine, and by pywb."""
_LETTERS = {"N": "urlkey", "b": "timestamp", "a": "original", "m": "mimetype", "s": "statuscode", "k": "digest"}
"""Fields as the first line of a CDX file names them, after its specification."""
_PAGES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown", "", "-", "unk"})


@dataclass(frozen=True, slots=True)
class CaptureLine:
    """One capture as an index names it; empty where it does not say."""

    url: str
    """The original address, http or https."""
    timestamp: str
    """Fourteen digits, UTC."""
    mimetype: str = ""
    statuscode: str = ""
    digest: str = ""

    @property
    def is_page(self) -> bool:
        """Whether it is an answer of status 200 that may be a page."""
        return self.statuscode == "200" and self.mimetype.lower() in _PAGES


@dataclass(frozen=True, slots=True)
class CaptureAddress:
    """Where a server replays captures: a template with `{timestamp}` and `{url}`.

    Raises:
        ValueError: one of the two is missing or stands in the wrong place; the message is the end of a sentence that begins with
            the name of the key.
    """

    template: str

    def __post_init__(self) -> None:
        """Check the template."""
        beginning = self.template.partition("{timestamp}")[0]
        if not re.fullmatch(r"https?://[^/{}@]+/[^{}]*\{timestamp\}[^{}/]*/\{url\}", self.template):
            raise ValueError(
                f"must be as `https://replay.example/coll/{{timestamp}}id_/{{url}}`, not {beginning or self.template!r}"
            )

    def of(self, line: CaptureLine) -> str:
        """The address of one capture."""
        return self.template.replace("{timestamp}", line.timestamp).replace("{url}", line.url)

    def near(self, moment: datetime, url: str) -> str:
        """The address of the capture of a page that is nearest to a moment."""
        return self.template.replace("{timestamp}", f"{moment:%Y%m%d%H%M%S}").replace("{url}", url)

    def parts(self, url: str) -> tuple[datetime, str] | None:
        """The time and the original address of a capture's address; None where it is none of this server."""
        before = self.template.partition("{timestamp}")[0]
        pattern = rf"{re.escape(before)}(\d{{14}})[a-z]{{0,2}}_?/(.+)"
        found = re.fullmatch(pattern, url, re.DOTALL)
        moment = moment_of(found[1]) if found else None
        return (moment, found[2]) if found and moment else None


def moment_of(timestamp: str) -> datetime | None:
    """A timestamp of fourteen digits as aware UTC; None for a date that does not exist."""
    try:
        return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def default_replay(endpoint: str) -> str | None:
    """Where the server of an index replays, if its address is one of the two usual ones; None otherwise."""
    base = endpoint.partition("?")[0].rstrip("/")
    if base.endswith("/cdx/search/cdx"):
        return base.removesuffix("/cdx/search/cdx") + "/web/{timestamp}id_/{url}"
    folder, _, last = base.rpartition("/")
    return folder + "/{timestamp}id_/{url}" if last in {"cdx", "index"} and urlsplit(base).path.count("/") > 1 else None


def index_query(endpoint: str, match: str) -> str:
    """The address that asks an index for the captures of a site, of a domain (`*.site.example`) or of one page.

    Args:
        endpoint: of the server; parameters that it has stay as they are.
        match: `https://site.example/*`, `*.site.example` or one address.

    """
    given = dict(parse_qsl(urlsplit(endpoint).query, keep_blank_values=True))
    kind = "domain" if match.startswith("*.") else "prefix" if match.endswith("*") else "exact"
    wished = {"url": match.removeprefix("*.").removesuffix("*"), "matchType": kind, "output": "json", "limit": str(LINES)}
    wished |= {"filter": "statuscode:200", "showResumeKey": "true"}
    return f"{endpoint.partition('?')[0]}?{urlencode(given | {k: v for k, v in wished.items() if k not in given})}"


def read_index(body: bytes) -> tuple[tuple[CaptureLine, ...], str | None]:
    """Read an answer of a CDX server. Never raises; lines that cannot be read are passed over.

    Returns:
        The captures in their order, and the key by which the server goes on, if it gives one.

    """
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace").strip()
    if text.startswith("["):
        rows, key = _arrays(text)
        named: Iterable[Mapping[str, object]] = rows
    else:
        lines = text.splitlines()
        key = lines[-1].strip() if len(lines) > 1 and not lines[-2].strip() else None
        named = _of_lines(lines[:-2] if key else lines)
    return tuple(line for row in named if (line := _line(row)) is not None), key


def count_lines(body: bytes) -> int:
    """How many captures an answer names, whether they can be read or not; its key and the names of its fields left out."""
    text = body[:MAX_BYTES].decode("utf-8-sig", "replace").strip()
    if text.startswith("["):
        return len(_arrays(text)[0])
    lines = text.splitlines()
    told = lines[:-2] if len(lines) > 1 and not lines[-2].strip() else lines
    return sum(bool(line.strip()) and not line.startswith(" CDX") for line in told)


def _arrays(text: str) -> tuple[list[dict[str, object]], str | None]:
    """An array of arrays: the names, the captures, and behind an empty one the key."""
    try:
        rows = json.loads(text)
    except (ValueError, RecursionError):
        return [], None
    arrays = [row for row in rows if isinstance(row, list)]
    if [] in arrays:
        end = arrays.index([])
        rest = [str(row[0]) for row in arrays[end + 1 :] if row]
        arrays, key = arrays[:end], rest[0] if rest else None
    else:
        key = None
    if not arrays:
        return [row for row in rows if isinstance(row, dict)], key
    names = [str(name) for name in arrays[0]]
    return [dict(zip(names, row, strict=False)) for row in arrays[1:]], key


def _of_lines(lines: Sequence[str]) -> Iterator[Mapping[str, object]]:
    order: Sequence[str] = _ORDER
    for line in lines:
        start = line.find("{")
        if line.split()[:1] == ["CDX"]:
            order = [_LETTERS.get(letter, letter) for letter in line.split()[1:]]
        elif start == 0 or re.match(r"\S+ \d{14} \{", line):
            yield _json_line(line[:start].split(), line[start:])
        else:
            yield dict(zip(order, line.split(), strict=False))


def _json_line(before: Sequence[str], text: str) -> Mapping[str, object]:
    """An object, and before it the key and time that a CDXJ line has there."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    fields = dict(zip(("urlkey", "timestamp"), before, strict=False))
    return {**fields, **value} if isinstance(value, dict) else {}


def _line(row: Mapping[str, object]) -> CaptureLine | None:
    """A capture from named fields; None without a time, or an address that could be fetched."""
    values = {field: str(next((row[name] for name in names if name in row), "")) for field, names in _NAMES.items()}
    url, timestamp = values["original"], values["timestamp"]
    if not re.fullmatch(r"https?://[^\s/#]\S*", url, re.IGNORECASE) or not re.fullmatch(r"[0-9]{14}", timestamp):
        return None
    digest = "" if values["digest"] == "-" else values["digest"].removeprefix("sha1:")
    return CaptureLine(url.partition("#")[0], timestamp, values["mimetype"], values["statuscode"], digest)
