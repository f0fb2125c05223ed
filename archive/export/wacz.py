"""WACZ 1.1.1: one ZIP file with the WARC, its index, the list of pages with their texts, and a digest of each part.

Replay tools open it as it is. The parts are written as they come, from temporary files where they must wait, so that memory
does not grow with the archive; and the same archive gives the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from archive.export.warc import EPOCH, LEVEL, RecordWriter, Sink, Written, chosen_answers, scratch, software
from archive.rows import StoredArticle
from archive.timestamps import stamp

if TYPE_CHECKING:
    from archive.archive import Archive

VERSION = "1.1.1"
WARC = "archive/data.warc.gz"
INDEX = "indexes/index.cdx.gz"
SUMMARY = "indexes/index.idx"
PAGES = "pages/pages.jsonl"
LINES_A_BLOCK = 1024
"""Lines of the index in one gzip member, of which a replay tool reads one for a look-up: what archiveweb.page and py-wacz do."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
"""Of all members: the earliest that ZIP can say. The true times are inside."""
ZIP_MODE = 0o644 << 16
UNIX = 3
"""System that the rights are of, the same on every system. (APPNOTE.TXT 4.4.2)"""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_STAYS = "".join(map(chr, range(0x21, 0x7F)))
"""What stands in a key as it is: printable ASCII, percent signs included."""
_WWW = re.compile(r"^www\d*\.(?=.)")


def write_wacz(
    articles: Iterable[StoredArticle],
    target: IO[bytes],
    archive: Archive,
    *,
    until: datetime | str | None = None,
    newest: bool = False,
    rest: bool = False,
    damaged: Callable[[str], None] | None = None,
) -> int:
    """Write every answer about the articles as one WACZ, each reading of an article being a page of it.

    Args:
        articles: as `Archive.articles` streams them.
        target: a binary stream.
        archive: the one they come from.
        until: only what was fetched then or earlier, as `Filters.as_of`.
        newest: only what the shown reading was read from.
        rest: also the captures that no article was read from; they are in the index, and no pages.
        damaged: told of each capture that is left out since its bytes are damaged; None: the export fails there.

    Returns:
        Number of articles.

    Raises:
        DamagedPayload: a capture is damaged, and nobody is to be told.

    """
    count = 0
    with (
        zipfile.ZipFile(target, "w") as packed,
        closing(scratch("CREATE TABLE lines (line TEXT)")) as index,
        tempfile.TemporaryFile() as pages,
    ):
        parts = _Parts(packed)
        pages.write(_line({"format": "json-pages-1.0", "id": "pages", "title": "Articles", "hasText": True}))
        with parts.open(WARC) as stream, RecordWriter(stream, archive, packed=True, damaged=damaged) as writer:
            for article in articles:
                count += 1
                answers = chosen_answers(archive, article, until=until, newest=newest)
                _write_index(index, writer.write(answers))
                readings = _pages(archive, article, until, newest=newest, left_out=writer.left_out)
                pages.writelines(map(_line, readings))
            if rest:
                _write_index(index, writer.write(archive.answers_without_article(until=until)))
        _write_blocks(parts, index)
        pages.seek(0)
        with parts.open(PAGES, compressed=True) as stream:
            shutil.copyfileobj(pages, stream)
        parts.close(stamp(archive.latest_fetch() or EPOCH))
    return count


class _Parts:
    """The members of the ZIP file, each with its digest."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._resources: list[dict[str, Any]] = []

    @contextmanager
    def open(self, path: str, *, compressed: bool = False) -> Iterator[_Digesting]:
        """Give a stream to a new member."""
        with self._packed.open(_member(path, compressed=compressed), "w", force_zip64=True) as member:
            stream = _Digesting(member)
            yield stream
        name = PurePosixPath(path).name
        self._resources.append({"name": name, "path": path, "hash": f"sha256:{stream.digest.hexdigest()}", "bytes": stream.size})

    def close(self, created: str) -> None:
        """Write `datapackage.json`, which lists the members, and its digest."""
        package = {
            "profile": "data-package", "wacz_version": VERSION, "software": software(), "created": created,
            "title": "Articles from a morgue archive", "resources": self._resources,
        }  # fmt: skip
        listed = json.dumps(package, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(listed).hexdigest()}"}
        self._packed.writestr(_member("datapackage.json", compressed=True), listed)
        self._packed.writestr(_member("datapackage-digest.json", compressed=True), json.dumps(digest, indent=2))


class _Digesting:
    """Writes on, and keeps size and SHA-256."""

    def __init__(self, stream: Sink) -> None:
        self._stream = stream
        self.digest, self.size = hashlib.sha256(), 0

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self._stream.write(data)


def surt(url: str) -> str:
    """The key of an address in a CDX index: the host from its end, without `www.`, then path and sorted query, lower case.

    What is no http(s) address is its own key.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return url.lower()
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return url.lower()
    labels = _WWW.sub("", _ascii_host(host)).rstrip(".").split(".")
    key = ",".join(reversed(labels)) + (f":{port}" if port not in (None, _DEFAULT_PORTS[parts.scheme]) else "")
    path = _escaped(parts.path).lower()
    query = "&".join(sorted(_escaped(parts.query).lower().split("&"))) if parts.query else ""
    return f"{key}){path.rstrip('/') or '/'}{'?' + query if query else ''}"


def _ascii_host(host: str) -> str:
    """A host as it is asked for; one that cannot be is left as it is."""
    try:
        return host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return host


def _escaped(text: str) -> str:
    """Percent-encoded where it is no ASCII, or would end the key."""
    return quote(text.encode("utf-8", "replace"), safe=_STAYS)


def _write_index(index: sqlite3.Connection, records: Iterable[Written]) -> None:
    index.executemany("INSERT INTO lines VALUES (?)", ((_index_line(record),) for record in records))


def _index_line(record: Written) -> str:
    """One line of CDXJ: key, time, and what a replay tool needs to find the record."""
    facts = {
        "url": record.url,
        "mime": "warc/revisit" if record.type == "revisit" else record.mime or "unk",
        "status": str(record.status),
        "digest": record.digest or "-",
        "length": str(record.length),
        "offset": str(record.offset),
        "filename": PurePosixPath(WARC).name,
    }
    moment = re.sub(r"\D", "", stamp(record.fetched))
    return f"{surt(record.url)} {moment} {json.dumps(facts)}\n"


def _write_blocks(parts: _Parts, index: sqlite3.Connection) -> None:
    """Write the index in order, in blocks, and a summary that says where each begins."""
    summary = [f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': PurePosixPath(INDEX).name})}\n"]
    offset = 0
    with parts.open(INDEX) as stream:
        for lines in _blocks(index):
            block = gzip.compress("".join(lines).encode(), LEVEL, mtime=0)
            facts = {"offset": offset, "length": len(block), "digest": f"sha256:{hashlib.sha256(block).hexdigest()}"}
            summary.append(f"{lines[0].partition(' {')[0]} {json.dumps(facts)}\n")
            stream.write(block)
            offset += len(block)
        if not offset:
            stream.write(gzip.compress(b"", LEVEL, mtime=0))
    with parts.open(SUMMARY, compressed=True) as stream:
        stream.write("".join(summary).encode())


def _blocks(index: sqlite3.Connection) -> Iterator[list[str]]:
    cursor = index.execute("SELECT line FROM lines ORDER BY line")
    while rows := cursor.fetchmany(LINES_A_BLOCK):
        yield [line for (line,) in rows]


def _pages(
    archive: Archive, article: StoredArticle, until: datetime | str | None, *, newest: bool, left_out: Collection[int]
) -> Iterator[dict[str, Any]]:
    """Every reading of an article as a page, in the order of their captures: address and time of the capture, title and text.

    A reading whose capture is left out is none: nothing could be replayed.
    """
    lines = {answer.capture_id: answer for answer in archive.answers(article.id, until=until)}
    alone = newest or article.revisions == 1
    for number in [article.newest] if alone else [line.number for line in archive.history(article.id)]:
        reading = archive.revision(article.id, number, body_only=True)
        answer = lines.get(reading.capture_id)
        if answer is not None and reading.capture_id not in left_out:
            yield {
                "id": f"{article.id}-{number}", "url": answer.url, "ts": stamp(answer.fetched),
                "title": reading.revision.title or answer.url, "text": reading.revision.text,
            }  # fmt: skip


def _line(facts: dict[str, Any]) -> bytes:
    return json.dumps(facts, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _member(path: str, *, compressed: bool) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(path, ZIP_DATE)
    member.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
    member.external_attr, member.create_system = ZIP_MODE, UNIX
    return member
