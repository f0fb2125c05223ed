"""Records of WARC files, written byte by byte, so that a test can have any producer's quirk."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
from collections.abc import Iterable, Mapping

from crawler.intake.pages import Known, SavedPage, Sighting, Unreadable
from crawler.intake.warc import Records

DATE = "2026-08-22T10:05:00Z"


def sha1(data: bytes) -> str:
    """As Heritrix and Common Crawl write digests."""
    return f"sha1:{base64.b32encode(hashlib.sha1(data).digest()).decode()}"


def record(kind: str, url: str, block: bytes, fields: Mapping[str, object] | None = None, end: str = "\r\n") -> bytes:
    """A record; of `fields` those that are None are left out."""
    said = {
        "WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": DATE,
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{hashlib.sha256(url.encode() + block).hexdigest()[:12]}>",
        "Content-Type": "application/http; msgtype=response", "Content-Length": len(block), **(fields or {}),
    }  # fmt: skip
    lines = ["WARC/1.1", *(f"{name}: {value}" for name, value in said.items() if value is not None), "", ""]
    return end.join(lines).encode() + block + b"\r\n\r\n"


def http(body: bytes = b"<p>yes", headers: str = "", status: str = "200 OK", kind: str = "text/html") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{headers}\r\n"
    return head.encode() + body


def response(
    url: str, body: bytes = b"<p>yes", headers: str = "", fields: Mapping[str, object] | None = None, **answer: str
) -> bytes:
    return record("response", url, http(body, headers, **answer), fields)


def packed(records: Iterable[bytes]) -> bytes:
    """Each in a gzip member of its own."""
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def pages(*files: bytes, **more: object) -> list[SavedPage | Sighting | Known | Unreadable]:
    """All that an intake of these files gives."""
    reader = Records(**more)  # type: ignore[arg-type]
    found = [page for data in files for page in reader.stream(io.BytesIO(data), "x.warc")]
    found += reader.rest()
    reader.close()
    return found


def bodies(*files: bytes) -> list[bytes | None]:
    """Bodies of the pages; None for what is unreadable."""
    return [page.body if isinstance(page, SavedPage) else None for page in pages(*files)]


def urls(*files: bytes) -> list[str | None]:
    """Addresses of the pages; None for what is unreadable."""
    return [None if isinstance(page, Unreadable) else page.url for page in pages(*files) if not isinstance(page, Known)]


def reasons(*files: bytes) -> list[str]:
    return [page.reason for page in pages(*files) if isinstance(page, Unreadable)]
