"""The pages in a WARC file, and in the WARC files of a WACZ."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from crawler.answers import GZIP_MAGIC
from crawler.errors import FileUnreadable
from crawler.intake.pages import SavedPage, Unreadable

PAGE_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")
WARC_MAGIC = b"WARC/"
SCAN_BYTES = 1 << 20
PROBE_BYTES = 4096
"""Enough of a gzip member to unpack its first five bytes, whatever its own header says."""
_RECORD_START = re.compile(rb"\x1f\x8b\x08|(?:\A|(?<=\n))WARC/(?=[01]\.\d)")


def pages_in_warc(path: Path) -> Iterator[SavedPage | Unreadable]:
    """Yield the pages in a WARC file, compressed or not; what is damaged comes as `Unreadable`, and reading goes on behind it.

    Raises:
        FileUnreadable: it is no WARC.
    """
    try:
        with path.open("rb") as stream:
            yield from pages_in_stream(stream, str(path))
    except OSError as error:
        raise FileUnreadable(str(path), error.strerror or str(error)) from error


def pages_in_wacz(path: Path) -> Iterator[SavedPage | Unreadable]:
    """Yield the pages in all WARC files of a WACZ.

    Raises:
        FileUnreadable: it is no ZIP file.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            for name in sorted(packed.namelist()):
                if name.startswith("archive/") and name.endswith((".warc", ".warc.gz")):
                    with packed.open(name) as stream:
                        yield from pages_in_stream(stream, f"{path}:{name}")
    except (zipfile.BadZipFile, OSError) as error:
        raise FileUnreadable(str(path), f"is no WACZ that can be read: {error}") from error


def pages_in_stream(stream: IO[bytes], name: str) -> Iterator[SavedPage | Unreadable]:
    """Yield the pages of an open, seekable WARC; `name` is for messages.

    Behind a damaged record reading goes on at the next place where a record begins.

    Raises:
        FileUnreadable: not even the first record is one.
    """
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    start: int | None = _next_record(stream, 0)
    if start is None:
        raise FileUnreadable(name, "holds no WARC record")
    while start is not None:
        stream.seek(start)
        records = ArchiveIterator(stream)
        begun, empty = start, True
        try:
            for record in records:
                begun, empty = records.offset, False
                page = _page(record, f"{name}@{begun}")
                if page is not None:
                    yield page
            if empty:  # warcio takes headers that break off for the end of the file
                yield Unreadable(f"{name}@{begun}", "the record breaks off")
            return
        except (ArchiveLoadFailed, EOFError, ValueError, OSError, AttributeError, zlib.error):
            # AttributeError is what warcio raises where the headers of a record break off.
            begun = max(begun, records.offset)
            yield Unreadable(f"{name}@{begun}", "the record is damaged")
            start = _next_record(stream, begun + 1)


def _next_record(stream: IO[bytes], offset: int) -> int | None:
    """Offset of the first record that begins at `offset` or behind it; None where none does."""
    stream.seek(offset)
    window, base = b"", offset
    while chunk := stream.read(SCAN_BYTES):
        window += chunk
        for found in _RECORD_START.finditer(window):
            if _begins_record(window[found.start() : found.start() + PROBE_BYTES]):
                return base + found.start()
        keep = min(len(window), PROBE_BYTES)
        base += len(window) - keep
        window = window[len(window) - keep :]
    return None


def _begins_record(data: bytes) -> bool:
    """Whether a WARC record begins here, plain or in a gzip member of its own."""
    if not data.startswith(GZIP_MAGIC):
        return True
    try:
        return zlib.decompressobj(wbits=31).decompress(data, 5) == WARC_MAGIC
    except zlib.error:
        return False


def _page(record: Any, place: str) -> SavedPage | Unreadable | None:
    """The page that a record holds; None where it holds something else."""
    if record.rec_headers.get_header("Content-Length") is None:  # the standard demands it of every record
        return Unreadable(place, "the headers of the record break off")
    if record.rec_type != "response" or record.http_headers is None:
        return None
    headers = tuple((str(key), str(value)) for key, value in record.http_headers.headers)
    named = {key.lower(): value for key, value in headers}
    kind = named.get("content-type", "text/html").partition(";")[0].strip().lower()
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    if record.http_headers.get_statuscode() != "200" or kind not in PAGE_TYPES or not url.startswith(("http://", "https://")):
        return None
    body = record.content_stream().read()
    if getattr(record.raw_stream, "limit", 0) > 0:
        return Unreadable(place, f"the record of {url} breaks off")
    if not body and named.get("content-length", "0") != "0":
        return Unreadable(place, f"the payload of {url} cannot be decoded")
    kept = tuple((key, value) for key, value in headers if key.lower() not in {"content-encoding", "transfer-encoding"})
    return SavedPage(place, None, body, url, _date(record), 200, kept, "response")


def _date(record: Any) -> datetime:
    """WARC-Date, which ISO 28500 demands of every record in UTC."""
    text = record.rec_headers.get_header("WARC-Date") or ""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"WARC-Date {text!r} is no date") from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
