"""The pages in WARC and ARC files, and in the WARC files of a WACZ.

What is no page is counted and passed over, and what is damaged is named. A revisit is given the payload that it refers to: out
of the files that are read, before it or behind it, or out of the archive.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol

from archive.capture import OF_RECORD
from crawler.answers import is_binary
from crawler.errors import FileUnreadable
from crawler.intake.pages import GONE, Known, SavedPage, Sighting, Unreadable, Waiting
from crawler.intake.payloads import Answer, Undecodable, decoded_body, digest_of, is_intact, read_answer
from crawler.intake.records import Damage, Record, Stream, records_in
from crawler.intake.streams import Shared, member_opener

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", "text/markdown", "text/x-markdown"})
WARC_SUFFIXES = (".warc", ".warc.gz", ".arc", ".arc.gz")
MAGIC = re.compile(rb"WARC/\d|filedesc:")
"""How a file of records begins, once unpacked."""
ZSTD_MAGIC = re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18")
KINDS = frozenset({"file", "rendered", "response"})
MOST_PAGES = 200
"""Pages of one article. No site parts one so finely."""
LONGEST_REASON = 300

OTHER_RECORDS = "requests, metadata and the like"
OTHER_TYPES = "images, scripts and other types"
OTHER_ANSWERS = "redirects and errors"
OTHER_REVISITS = "revisits of what is not there"
CONVERSIONS = "conversions of records that are there"

_DATE = re.compile(
    r"(\d{4})-?(\d{2})?-?(\d{2})?[Tt ]?(\d{2})?:?(\d{2})?:?(\d{2})?(?:[.,]\d*)?\s*(Z|z|[+-]\d{2}:?\d{2})?", re.ASCII
)

_PAGE = re.compile(r"(\d{1,4})/(\d{1,4})", re.ASCII)

Page = SavedPage | Sighting | Known | Unreadable | Waiting


class Kept(Protocol):
    """What an archive has."""

    def has(self, page: SavedPage) -> bool:
        """Whether all that a record holds is there already."""

    def close(self) -> None:
        """Told when nothing more will be asked."""

    def payload(self, sha256: str | None, url: str | None, fetched: datetime | None) -> bytes | None:
        """The body with that digest, or else the one fetched there and then; None if there is none."""


class Place(NamedTuple):
    """Where a record is in a file that a user named; places of one file come in their order."""

    member: str = ""
    """The WARC file in a WACZ; empty for others."""
    offset: int = -1
    """Bytes, as `Record.offset`."""
    record: int = 0
    """As `Record.place`; what is damaged there comes behind the last one that is not."""

    def __str__(self) -> str:
        """As `read_place` reads it."""
        return f"{self.offset}+{self.record} {self.member}".rstrip()


def read_place(text: str) -> Place:
    """The place that this is the text of."""
    where, _, member = text.partition(" ")
    offset, _, record = where.partition("+")
    return Place(member, int(offset), int(record))


BEGIN = Place()
"""Before the first record."""


@dataclass(frozen=True, slots=True)
class _Source:
    """A file of records, which can be opened again."""

    name: str
    open: Callable[[], Stream]
    member: str = ""


@dataclass(slots=True)
class Records:
    """Reads files of records, and remembers between them what revisits may refer to.

    One object serves one intake; `rest` comes after the last file.
    """

    kept: Kept | None = None
    passed: Counter[str] = field(default_factory=Counter)
    """What held no page -> records."""
    at: Place = BEGIN
    """The record that was read last, in the file that is being read."""
    tells_waiting: bool = False
    """Whether revisits that wait for their payload come as `Waiting`, to be asked for with `settle`; else `rest` yields them."""
    _sources: list[_Source] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)
    """Temporary files."""
    _index: sqlite3.Connection | None = None
    """In a temporary file: where the page records are, and the revisits that wait for theirs."""

    def warc(self, path: Path, after: Place = BEGIN) -> Iterator[Page]:
        """Yield the pages in a WARC or ARC file, compressed or not; those behind a place.

        Raises:
            FileUnreadable: it holds no record, or cannot be opened.
        """
        try:
            yield from self.read(_Source(str(path), lambda: path.open("rb")), after)
        except OSError as error:
            raise FileUnreadable(str(path), error.strerror or str(error)) from error

    def wacz(self, path: Path, after: Place = BEGIN) -> Iterator[Page]:
        """Yield the pages in all WARC files of a WACZ, those behind a place; of a damaged one what can be found in it.

        Raises:
            FileUnreadable: it is no ZIP file and holds no record either.
        """
        try:
            with zipfile.ZipFile(path) as packed:
                members = [member for member in packed.infolist() if _is_warc(member)]
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            yield from self._broken_wacz(path, error, after)
            return
        if not members:
            raise FileUnreadable(str(path), "is a ZIP file without WARC files in archive/")
        for member in sorted(members, key=lambda member: member.filename):
            if member.filename < after.member or (member.filename == after.member and after.offset >= member.file_size):
                continue
            try:
                source = _Source(f"{path}:{member.filename}", member_opener(path, member, self._open), member.filename)
                yield from self.read(source, after if after.member == member.filename else BEGIN)
            except FileUnreadable as error:
                self.at = Place(member.filename, member.file_size)
                yield Unreadable(error.path, error.reason)
            except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
                self.at = Place(member.filename, member.file_size)
                yield Unreadable(f"{path}:{member.filename}", f"cannot be unpacked: {error}")

    def _broken_wacz(self, path: Path, error: Exception, after: Place) -> Iterator[Page]:
        """WARC files lie in a WACZ as they are, so their records can be found without its table of contents."""
        told = Unreadable(str(path), f"is no whole WACZ ({error}); what records are found in it are read")
        try:
            first = True
            for page in self.warc(path, after):
                if first and after == BEGIN:
                    yield told
                first = False
                yield page
        except FileUnreadable as unreadable:
            raise FileUnreadable(str(path), f"is no WACZ that can be read: {error}") from unreadable

    def stream(self, stream: IO[bytes], name: str) -> Iterator[Page]:
        """Yield the pages of an open, seekable file; see `warc`."""
        yield from self.read(_Source(name, lambda: Shared(stream)))

    def read(self, source: _Source, after: Place = BEGIN) -> Iterator[Page]:
        """Yield the pages of one file of records, those behind a place; those of one article on several pages as one."""
        self._sources.append(source)
        number = len(self._sources) - 1
        self.at = after._replace(member=source.member)
        parts: list[SavedPage] = []
        wanted = 1
        for page, (place, pages) in self._pages(number, after):
            if isinstance(page, SavedPage) and (place, pages) == (len(parts) + 1, wanted if parts else pages):
                parts, wanted = [*parts, page], pages
                if place == pages:
                    yield self._unless_known(replace(parts[0], following=tuple(parts[1:])))
                    parts = []
                continue
            yield from _incomplete(parts, wanted)
            parts = []
            if isinstance(page, SavedPage) and pages > 1:
                yield Unreadable(page.name, f"is page {place} of {pages} of an article whose other pages are not there")
            else:
                yield page
        yield from _incomplete(parts, wanted)

    def _unless_known(self, page: SavedPage) -> SavedPage | Known:
        """The page; where the archive has it, it need not be read again."""
        return Known(page.name) if self.kept is not None and self.kept.has(page) else page

    def rest(self) -> Iterator[Page]:
        """Yield the revisits whose payload came behind them or not at all; to be called after the last file."""
        if self._index is None:
            return
        waiting = self._index.execute("SELECT source, offset, place FROM waiting ORDER BY rowid")
        for number, offset, place in waiting:
            record = self._again(number, offset, place)
            page = None if record is None else self._page(record, _name(self._sources[number], record), number, last=True)
            if page is not None:
                yield self._unless_known(page) if isinstance(page, SavedPage) else page
        self._index.execute("DELETE FROM waiting")

    def learn(self, path: Path, until: Place) -> None:
        """Remember what revisits may refer to in the part of a file up to a place, which was read by another intake."""
        for _ in self.wacz(path) if path.suffix.lower() == ".wacz" else self.warc(path):
            if self.at >= until:
                return

    def settle(self, path: Path, places: Iterable[Place]) -> Iterator[tuple[Place, Page | None]]:
        """Yield the revisits at these places of a file, with what they hold; None for what cannot be a page.

        To be called behind the last page of that file.
        """
        sources = {s.member: n for n, s in enumerate(self._sources) if s.name in {str(path), f"{path}:{s.member}"}}
        for place in places:
            number = sources.get(place.member)
            record = None if number is None else self._again(number, place.offset, place.record)
            page = (
                None
                if number is None or record is None
                else self._page(record, _name(self._sources[number], record), number, last=True)
            )
            yield place, self._unless_known(page) if isinstance(page, SavedPage) else page

    def close(self) -> None:
        """Give up the temporary files, and the archive."""
        if self.kept is not None:
            self.kept.close()
        self._open.close()
        self._index = None

    def _pages(self, number: int, after: Place = BEGIN) -> Iterator[tuple[Page, tuple[int, int]]]:
        """Pages, each with its place in its article, from 1, and how many pages that has."""
        source = self._sources[number]
        found = False
        with closing(source.open()) as stream:
            for place, record in _with_places(records_in(stream, max(0, after.offset)), source.member):
                found = True
                if place <= after:
                    continue
                self.at = place
                if isinstance(record, Damage):
                    yield Unreadable(f"{source.name}@{record.offset}", record.reason), (1, 1)
                    continue
                page = self._page(record, _name(source, record), number)
                if page is not None:
                    yield page, _page_place(record)
            if not found:
                raise FileUnreadable(source.name, _nothing_in(stream))

    def _page(self, record: Record, name: str, number: int, *, last: bool = False) -> Page | None:
        """The page that a record holds; None where it holds something else."""
        reader = {
            "response": self._response, "revisit": self._revisit, "resource": self._resource, "conversion": self._conversion
        }.get(record.type)  # fmt: skip
        if reader is None:
            return self._pass(OTHER_RECORDS)
        try:
            if not is_intact(record):
                return Unreadable(name, f"the record of {_shown(record.uri)} does not match its digest")
            return reader(record, name, number) if not last else self._revisit(record, name, number, last=True)
        except (Undecodable, ValueError) as error:
            return Unreadable(name, f"the record of {_shown(record.uri)} cannot be read: {error}"[:LONGEST_REASON])

    def _response(self, record: Record, name: str, number: int) -> Page | None:
        if not _is_web(record.uri) or not record.block:
            return self._pass(OTHER_TYPES)
        if record.fields.get("content-type", "application/http").partition(";")[0].strip().lower() != "application/http":
            return self._pass(OTHER_TYPES)
        answer = read_answer(record.block)
        if answer.status in GONE:
            return Sighting(name, record.uri, _date(record), answer.status)
        if answer.status != HTTPStatus.OK:
            return self._pass(OTHER_ANSWERS)
        if not _is_page(answer, record.uri):
            return self._pass(OTHER_TYPES)
        page = self._saved(record, name, answer, _body(record, answer))
        if page is not None:
            self._remember(record, answer, page, number)
        return page

    def _revisit(self, record: Record, name: str, number: int, *, last: bool = False) -> Page | None:
        """A page that was seen again: what the record says now, with the payload of then."""
        if not _is_web(record.uri):
            return self._pass(OTHER_TYPES)
        answer = read_answer(record.block) if record.block.strip() else None
        if "not-modified" in record.fields.get("warc-profile", "") or (answer and answer.status == HTTPStatus.NOT_MODIFIED):
            return Sighting(name, record.uri, _date(record), HTTPStatus.NOT_MODIFIED)
        if answer is not None and answer.status != HTTPStatus.OK:
            return self._pass(OTHER_ANSWERS)
        if answer is not None and not _is_page(answer, record.uri):
            return self._pass(OTHER_TYPES)
        found = self._referred(record)
        if found is not None:
            body, then = found
            return self._saved(record, name, answer if answer and answer.headers else then or answer, body)
        if not last and self.tells_waiting:
            return Waiting(name)
        if not last:
            self._scratch().execute("INSERT INTO waiting VALUES (?, ?, ?)", (number, record.offset, record.place))
            return None
        if answer is None or not answer.media_type:  # it may be of anything
            return self._pass(OTHER_REVISITS)
        return Unreadable(name, f"is a revisit of {_shown(record.uri)}, whose payload is neither in the files nor in the archive")

    def _resource(self, record: Record, name: str, number: int) -> Page | None:
        """A file that somebody put there, or a document of a browser."""
        if not _is_web(record.uri) and not record.uri.startswith("file:"):
            return self._pass(OTHER_TYPES)
        said = record.fields.get("content-type", "")
        told = (("Content-Type", said),) if said else ()
        answer = Answer(HTTPStatus.OK, (*told, (OF_RECORD, record.type)), record.block)
        if not _is_page(answer, record.uri):
            return self._pass(OTHER_TYPES)
        page = self._saved(record, name, answer, _body(record, answer))
        return None if page is None else replace(page, **_own_capture(record))

    def _conversion(self, record: Record, name: str, number: int) -> Page | None:
        """A page in another form, such as its text; taken where the page itself is not there."""
        origin = record.fields.get("warc-refers-to", "")
        if origin and self._look_up(f"id {origin}") is not None:
            return self._pass(CONVERSIONS)
        return self._resource(record, name, number)

    def _saved(self, record: Record, name: str, answer: Answer | None, body: bytes) -> SavedPage | None:
        if is_binary(body) or not body.strip():
            self._pass(OTHER_TYPES)
            return None
        headers = () if answer is None else answer.kept_headers()
        kind = "response" if record.type in {"response", "revisit"} else "file"
        asked, redirects = _own_fetch(record)
        return SavedPage(
            name, None, body, record.uri, _date(record), HTTPStatus.OK, headers, kind, asked=asked, redirects=redirects
        )

    def _pass(self, what: str) -> Page | None:
        """Count a record that holds no page."""
        self.passed[what] += 1
        return None

    def _remember(self, record: Record, answer: Answer, page: SavedPage, number: int) -> None:
        """Write down where a page is, by all that a revisit may call it."""
        keys = [f"id {record.fields.get('warc-record-id', '')}", f"at {record.uri} {page.fetched}"]
        if digest := digest_of(record.fields.get("warc-payload-digest", "")):
            keys.append(digest)
        rows = [(key, number, record.offset, record.place) for key in keys]
        self._scratch().executemany("INSERT OR IGNORE INTO pages VALUES (?, ?, ?, ?)", rows)

    def _referred(self, record: Record) -> tuple[bytes, Answer | None] | None:
        """The body that a revisit refers to, with the answer that it came in."""
        fields = record.fields
        url = fields.get("warc-refers-to-target-uri", "").strip("<> ") or None
        fetched = _moment(fields.get("warc-refers-to-date", ""))
        digest = digest_of(fields.get("warc-payload-digest", ""))
        keys = [digest or "", f"id {fields.get('warc-refers-to', '')}", f"at {url or record.uri} {fetched}"]
        for key in keys:
            if (place := self._look_up(key)) and (again := self._again(*place)):
                answer = read_answer(again.block)
                return _body(again, answer), answer
        if self.kept is None:
            return None
        sha256 = digest.removeprefix("sha256:") if digest and digest.startswith("sha256:") else None
        body = self.kept.payload(sha256, url or record.uri, fetched)
        return None if body is None else (body, None)

    def _again(self, number: int, offset: int, place: int) -> Record | None:
        """A record that was read before."""
        with closing(self._sources[number].open()) as stream:
            for record in records_in(stream, offset):
                if isinstance(record, Damage) or record.offset != offset:
                    return None
                if record.place == place:
                    return record
        return None

    def _look_up(self, key: str) -> tuple[int, int, int] | None:
        found: tuple[int, int, int] | None = (
            self._scratch().execute("SELECT source, offset, place FROM pages WHERE key = ?", (key,)).fetchone()
        )
        return found

    def _scratch(self) -> sqlite3.Connection:
        if self._index is None:
            self._index = self._open.enter_context(closing(sqlite3.connect("", isolation_level=None, check_same_thread=False)))
            self._index.execute("PRAGMA journal_mode = OFF")
            self._index.execute("CREATE TABLE pages (key TEXT PRIMARY KEY, source, offset, place) WITHOUT ROWID")
            self._index.execute("CREATE TABLE waiting (source, offset, place)")
        return self._index


def _with_places(records: Iterable[Record | Damage], member: str) -> Iterator[tuple[Place, Record | Damage]]:
    """Records with their places; what is damaged has that behind the last record that begins there."""
    last = BEGIN
    for record in records:
        behind = last.record + 1 if last.offset == record.offset else 0
        last = Place(member, record.offset, record.place if isinstance(record, Record) else behind)
        yield last, record


def _is_warc(member: zipfile.ZipInfo) -> bool:
    return member.filename.lower().startswith("archive/") and member.filename.lower().endswith(WARC_SUFFIXES)


def _nothing_in(stream: Stream) -> str:
    stream.seek(0)
    if ZSTD_MAGIC.match(stream.read(4)):
        return "is compressed with Zstandard: unpack it with `zstd -d` first"
    return "holds no WARC record"


def _is_web(uri: str) -> bool:
    return uri.lower().startswith(("http://", "https://"))


def _is_page(answer: Answer, uri: str) -> bool:
    """Whether an answer may be an article: text of a type that is read, and no robots.txt."""
    return (answer.media_type or "text/html") in PAGE_TYPES and not uri.lower().partition("?")[0].endswith("/robots.txt")


def _body(record: Record, answer: Answer) -> bytes:
    """The body of an answer, decoded.

    Raises:
        Undecodable: it is too large, in parts, or damaged.
    """
    if not record.whole:
        raise Undecodable(f"it is {record.size:,} bytes long, more than any page")
    if record.fields.get("warc-segment-number"):
        raise Undecodable("it is one of several segments, which are not put together")
    return decoded_body(answer, cut_off="warc-truncated" in record.fields)


def _date(record: Record) -> datetime:
    """When the record was made: UTC where it names no zone.

    Raises:
        ValueError: it does not say.
    """
    text = record.fields.get("warc-date", "")
    moment = _moment(text)
    if moment is None:
        raise ValueError(f"WARC-Date {text[:40]!r} is no date")
    return moment


def _moment(text: str) -> datetime | None:
    """WARC-Date at any precision of WARC 1.1, the 14 digits of ARC, and what lies between."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (None if part is None else int(part) for part in found.groups()[:6])
    zone = (found[7] or "Z").upper()
    try:
        moment = datetime(int(year or 0), month or 1, day or 1, hour or 0, minute or 0, min(second or 0, 59))  # noqa: DTZ001
        return datetime.fromisoformat(f"{moment.isoformat()}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _own_fetch(record: Record) -> tuple[str | None, tuple[str, ...]]:
    """What `archive.export.warc` wrote of redirects before the answer."""
    said = _own_json(record, "morgue-fetch")
    asked, redirects = said.get("asked"), said.get("redirects")
    if not isinstance(asked, str) or not isinstance(redirects, list) or not all(isinstance(url, str) for url in redirects):
        return None, ()
    return asked, tuple(redirects)


def _own_capture(record: Record) -> dict[str, Any]:
    """What `archive.export.warc` wrote of a capture that no server answered."""
    said = _own_json(record, "morgue-capture")
    kind, status, headers = said.get("kind"), said.get("status"), said.get("headers")
    if kind not in KINDS or not isinstance(status, int) or not 100 <= status <= 999 or not isinstance(headers, list):
        return {}
    if not all(isinstance(pair, list) and len(pair) == 2 and all(isinstance(text, str) for text in pair) for pair in headers):
        return {}
    return {"kind": kind, "status": status, "headers": tuple((name, value) for name, value in headers)}


def _own_json(record: Record, name: str) -> Mapping[str, Any]:
    try:
        said = json.loads(record.fields.get(name, "{}"))
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _page_place(record: Record) -> tuple[int, int]:
    """Which page of its article a record holds, from 1, and how many there are."""
    found = _PAGE.fullmatch(record.fields.get("morgue-page", "1/1"))
    place, pages = (int(found[1]), int(found[2])) if found else (1, 1)
    return (place, pages) if 1 <= place <= pages <= MOST_PAGES else (1, 1)


def _incomplete(parts: list[SavedPage], wanted: int) -> Iterator[Unreadable]:
    if parts:
        yield Unreadable(parts[0].name, f"is an article on {wanted} pages, of which only {len(parts)} can be read")


def _name(source: _Source, record: Record) -> str:
    """How a record is called in messages: file and offset, and its place where several share that."""
    name = f"{source.name}@{record.offset}"
    return f"{name}+{record.place}" if record.place else name


def _shown(uri: str) -> str:
    """An address for a message."""
    return "".join(c if c.isprintable() else "?" for c in uri[:200]) or "no address"
