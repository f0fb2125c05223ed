"""WARC 1.1 (ISO 28500:2017): every answer that an article was read from, as records that other tools check and replay.

What the archive keeps is not what went over the wire, and `warcinfo` says so: header lines are set anew from name and value,
and bodies stand as they were after content decoding. Requests were not kept, so none are made up. The same archive gives the
same bytes: record ids are made from what a record holds, and the file bears the time of the newest fetch.
"""

from __future__ import annotations

import gzip
import hashlib
import http
import json
import re
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, Protocol

from archive.errors import DamagedPayload
from archive.rows import StoredAnswer, StoredArticle
from archive.timestamps import stamp

if TYPE_CHECKING:
    from archive.archive import Archive

FORMAT = "WARC/1.1"
CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
NAMESPACE = uuid.UUID("0b8f5c1e-5f0a-4d1d-9a53-8f2f6f1c7a11")
"""Where the ids of records are made in (RFC 9562, version 5): drawn once at random."""
LEVEL = 6
"""Of gzip: what WARC tools use."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of a file without records."""

DESCRIPTION = (
    "Header lines of HTTP are reconstructed from the names and values that were kept: their order within one name is that of the "
    "server, the case of names, the reason phrase and the version of HTTP may not be. Bodies stand after transfer and content "
    "decoding: Content-Encoding and Transfer-Encoding are left out, and Content-Length is that of the body here. Requests were "
    "not kept. A record with WARC-Truncated had a status alone."
)
TYPED_ANEW = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""Headers that said something of the bytes on the wire."""

_BAD_IN_NAME = re.compile(r"[\s:\x00-\x1f\x7f]")
_BAD_IN_VALUE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_BAD_IN_URI = re.compile(r"[\s\x00-\x1f\x7f<>\"]")
_LOOKS_LIKE_HTML = re.compile(rb"(?i)<(?:!doctype|html|head|body|title|meta|article|p|h1|div)\b")
SNIFFED = 1024
"""Bytes at the start of a saved file that are looked at for what it is."""

Fields = list[tuple[str, str]]


class Sink(Protocol):
    """What bytes are written to."""

    def write(self, data: bytes, /) -> int:
        """Take all of the bytes; returns how many that are."""


class Written(NamedTuple):
    """A record that is in the file."""

    type: str
    """`response`, `revisit` or `resource`."""
    url: str
    fetched: datetime
    status: int
    mime: str
    """Media type without parameters; empty where none was said."""
    digest: str
    """Of the payload, as `sha256:` and hex; empty where there was none."""
    offset: int
    length: int
    """Of the record in the file, compressed where the file is."""


def write_warc(
    articles: Iterable[StoredArticle],
    target: Sink,
    archive: Archive,
    *,
    packed: bool = True,
    until: datetime | str | None = None,
    newest: bool = False,
    rest: bool = False,
    damaged: Callable[[str], None] | None = None,
) -> int:
    """Write every answer about the articles, oldest kept first, article by article.

    Args:
        articles: as `Archive.articles` streams them.
        target: a binary stream.
        archive: the one they come from.
        packed: whether each record is a gzip member.
        until: only what was fetched then or earlier, as `Filters.as_of`.
        newest: only what the shown reading was read from.
        rest: also the captures that no article was read from, behind the others.
        damaged: told of each capture that is left out since its bytes are damaged; None: the export fails there.

    Returns:
        Number of articles.

    Raises:
        DamagedPayload: a capture is damaged, and nobody is to be told.

    """
    count = 0
    with RecordWriter(target, archive, packed=packed, damaged=damaged) as writer:
        for article in articles:
            count += 1
            for _ in writer.write(chosen_answers(archive, article, until=until, newest=newest)):
                pass
        if rest:
            for _ in writer.write(archive.answers_without_article(until=until)):
                pass
    return count


def chosen_answers(
    archive: Archive, article: StoredArticle, *, until: datetime | str | None, newest: bool
) -> Iterable[StoredAnswer]:
    """The answers about an article that are to be written; see `write_warc`."""
    answers = archive.answers(article.id, until=until)
    if not newest:
        return answers
    reading = archive.revision(article.id, article.newest, body_only=True)
    wanted = {reading.capture_id, *reading.further_captures}
    return [answer for answer in answers if answer.capture_id in wanted]


class RecordWriter:
    """Writes answers as records, each payload whole once and as a revisit after that.

    A context manager. What was written is remembered in a temporary file, so that memory does not grow with the archive.
    """

    def __init__(self, target: Sink, archive: Archive, *, packed: bool, damaged: Callable[[str], None] | None = None) -> None:
        """Write the `warcinfo` record; arguments as for `write_warc`."""
        self._target, self._archive, self._packed, self._damaged = target, archive, packed, damaged
        self.left_out: set[int] = set()
        """Captures that are in no record, since their bytes are damaged."""
        self._offset = 0
        self._seen = scratch("CREATE TABLE seen (key TEXT PRIMARY KEY, id TEXT, url TEXT, date TEXT) WITHOUT ROWID")
        made = stamp(archive.latest_fetch() or EPOCH)
        self._info = _record_id("warcinfo", made, software())
        fields = [("software", software()), ("format", "WARC File Format 1.1"), ("conformsTo", CONFORMS_TO)]
        block = "".join(f"{name}: {value}\r\n" for name, value in [*fields, ("description", DESCRIPTION)])
        self._put(
            [("WARC-Type", "warcinfo"), ("WARC-Record-ID", self._info), ("WARC-Date", made)],
            block.encode(),
            "application/warc-fields",
        )

    def __enter__(self) -> RecordWriter:
        return self

    def __exit__(self, *error: object) -> None:
        self._seen.close()

    def write(self, answers: Iterable[StoredAnswer]) -> Iterator[Written]:
        """Write answers; yields what became of each. Answers that equal one that is in the file are passed over."""
        for _, fetch in groupby(answers, attrgetter("fetch_id")):
            pages = list(fetch)
            for number, answer in enumerate(pages, start=1):
                written = self._write(answer, f"{number}/{len(pages)}")
                if written is not None:
                    yield written

    def _write(self, answer: StoredAnswer, page: str) -> Written | None:
        identity = _record_id(
            answer.kind, answer.url, stamp(answer.fetched), answer.status, answer.payload or "", json.dumps(answer.headers), page
        )
        if not self._note(identity, identity, answer):
            return None
        fields = [("WARC-Record-ID", identity), ("WARC-Warcinfo-ID", self._info), ("WARC-Target-URI", uri(answer.url))]
        fields += [("WARC-Date", stamp(answer.fetched)), *_own_fields(answer, page)]
        if answer.capture_id is None:
            return self._write_status(answer, fields)
        if answer.kind == "response" and (earlier := self._earlier(answer)):
            return self._write_revisit(answer, fields, earlier)
        try:
            body = self._archive.payload(answer.capture_id)
        except DamagedPayload as error:
            if self._damaged is None:
                raise
            self._damaged(str(error))
            self.left_out.add(answer.capture_id)
            return None
        if answer.kind == "response":
            self._note(f"{answer.payload}", identity, answer)
            self._note(f"at {answer.url}", identity, answer, again=True)
            return self._write_response(answer, fields, body)
        return self._write_resource(answer, fields, body)

    def _write_response(self, answer: StoredAnswer, fields: Fields, body: bytes) -> Written:
        fields = [("WARC-Type", "response"), *fields, ("WARC-Payload-Digest", f"sha256:{answer.payload}")]
        return self._answer(answer, fields, http_head(answer.status, answer.headers, len(body)) + body)

    def _write_revisit(self, answer: StoredAnswer, fields: Fields, earlier: tuple[str, str, str]) -> Written:
        fields = [("WARC-Type", "revisit"), *fields, ("WARC-Profile", SAME_PAYLOAD), *_refers_to(earlier)]
        fields.append(("WARC-Payload-Digest", f"sha256:{answer.payload}"))
        return self._answer(answer, fields, http_head(answer.status, answer.headers, None))

    def _write_status(self, answer: StoredAnswer, fields: Fields) -> Written:
        """An answer of which the status alone was kept: `not modified`, or gone."""
        if answer.status == http.HTTPStatus.NOT_MODIFIED:
            earlier = self._look_up(f"at {answer.url}")
            fields = [("WARC-Type", "revisit"), *fields, ("WARC-Profile", NOT_MODIFIED)]
            fields += [] if earlier is None else _refers_to(earlier)
        else:
            fields = [("WARC-Type", "response"), *fields, ("WARC-Truncated", "unspecified")]
        return self._answer(answer, fields, http_head(answer.status, (), None))

    def _write_resource(self, answer: StoredAnswer, fields: Fields, body: bytes) -> Written:
        """A saved file, or the document of a browser: no answer of a server, and never told as one."""
        capture = {"kind": answer.kind, "status": answer.status, "headers": answer.headers}
        fields = [("WARC-Type", "resource"), *fields, ("WARC-Payload-Digest", f"sha256:{answer.payload}")]
        fields.append(("Morgue-Capture", json.dumps(capture)))
        full_type = _media_type(answer.headers) or _sniffed(body)
        offset, length = self._put(fields, body, full_type)
        return self._written(answer, fields, full_type, offset, length)

    def _answer(self, answer: StoredAnswer, fields: Fields, block: bytes) -> Written:
        offset, length = self._put(fields, block, "application/http; msgtype=response")
        return self._written(answer, fields, _media_type(answer.headers), offset, length)

    def _written(self, answer: StoredAnswer, fields: Fields, full_type: str, offset: int, length: int) -> Written:
        digest = "" if answer.payload is None else f"sha256:{answer.payload}"
        mime = full_type.partition(";")[0].strip().lower()
        return Written(fields[0][1], uri(answer.url), answer.fetched, answer.status, mime, digest, offset, length)

    def _put(self, fields: Fields, block: bytes, content_type: str) -> tuple[int, int]:
        """Write one record; returns where it begins and how long it is."""
        digest = f"sha256:{hashlib.sha256(block).hexdigest()}"
        own = [("WARC-Block-Digest", digest), ("Content-Type", content_type), ("Content-Length", str(len(block)))]
        head = "".join(f"{name}: {_clean(value)}\r\n" for name, value in [*fields, *own])
        record = b"".join([f"{FORMAT}\r\n{head}\r\n".encode("utf-8", "replace"), block, b"\r\n\r\n"])
        if self._packed:
            record = gzip.compress(record, LEVEL, mtime=0)
        self._target.write(record)
        offset, self._offset = self._offset, self._offset + len(record)
        return offset, len(record)

    def _earlier(self, answer: StoredAnswer) -> tuple[str, str, str] | None:
        """The record that has the same payload; None for an empty one, which a revisit would only make longer."""
        return None if answer.payload == EMPTY_PAYLOAD else self._look_up(answer.payload or "")

    def _look_up(self, key: str) -> tuple[str, str, str] | None:
        found: tuple[str, str, str] | None = self._seen.execute("SELECT id, url, date FROM seen WHERE key = ?", (key,)).fetchone()
        return found

    def _note(self, key: str, identity: str, answer: StoredAnswer, *, again: bool = False) -> bool:
        """Remember a record under a key; returns whether the key is new. Where it is not, the later one counts if `again`."""
        how = "REPLACE" if again else "IGNORE"
        row = (key, identity, uri(answer.url), stamp(answer.fetched))
        return self._seen.execute(f"INSERT OR {how} INTO seen VALUES (?, ?, ?, ?)", row).rowcount == 1  # noqa: S608


EMPTY_PAYLOAD = hashlib.sha256(b"").hexdigest()


def scratch(*statements: str) -> sqlite3.Connection:
    """A database in a temporary file that nobody else sees: it is gone when it is closed.

    Args:
        statements: that make its tables.

    """
    db = sqlite3.connect("", isolation_level=None)
    for statement in ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", *statements):
        db.execute(statement)
    return db


def software() -> str:
    """Name and version of what writes."""
    try:
        return f"morgue/{version('newsmorgue')}"
    except PackageNotFoundError:
        return "morgue/0"


def http_head(status: int, headers: Iterable[tuple[str, str]], length: int | None) -> bytes:
    """The head of an HTTP answer, made from what was kept of it, with the empty line behind it.

    Args:
        status: as the server said.
        headers: names and values; those that told of the bytes on the wire are left out.
        length: of the body, in bytes; None where there is none to tell of.

    """
    try:
        reason = http.HTTPStatus(status).phrase
    except ValueError:
        reason = "Unknown"
    lines = [f"HTTP/1.1 {status:03d} {reason}"]
    for name, value in headers:
        known = _BAD_IN_NAME.sub("-", name.strip())
        if known and known.lower() not in TYPED_ANEW:
            lines.append(f"{known}: {_clean(value)}")
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "replace")


def uri(url: str) -> str:
    """An address as a header line can hold it: white space and control characters percent-encoded."""
    return _BAD_IN_URI.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), url)


def _record_id(*facts: object) -> str:
    name = "\n".join(map(str, facts)).encode("utf-8", "replace").decode()
    return f"<urn:uuid:{uuid.uuid5(NAMESPACE, name)}>"


def _refers_to(earlier: tuple[str, str, str]) -> Fields:
    identity, url, date = earlier
    return [("WARC-Refers-To", identity), ("WARC-Refers-To-Target-URI", url), ("WARC-Refers-To-Date", date)]


def _own_fields(answer: StoredAnswer, page: str) -> Fields:
    """Fields of our own, which the standard allows: what a record has no place for, and reading it back needs."""
    fields = [] if page == "1/1" else [("Morgue-Page", page)]
    if answer.redirects or answer.asked != answer.url:
        fields.append(("Morgue-Fetch", json.dumps({"asked": answer.asked, "redirects": answer.redirects})))
    return fields


def _media_type(headers: Iterable[tuple[str, str]]) -> str:
    """The first Content-Type; empty where there is none."""
    return next((_clean(value) for name, value in headers if name.lower() == "content-type"), "")


def _sniffed(body: bytes) -> str:
    return "text/html" if _LOOKS_LIKE_HTML.search(body[:SNIFFED]) else "text/plain"


def _clean(value: str) -> str:
    """A value that stays on its line."""
    return _BAD_IN_VALUE.sub(" ", value).strip()
