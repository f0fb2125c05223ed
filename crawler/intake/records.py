"""The records of a WARC or ARC file, one after the other, whatever state the file is in.

Files come plain, with a gzip member a record, with several records in a member, or with members that end anywhere. What is
damaged is named with its place, and reading goes on at the next place where a record begins: behind a damaged member, or inside
a record whose length is wrong.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from crawler.answers import GZIP_MAGIC

LARGEST_RECORD = 64 * 1024 * 1024
"""Bytes. A page ends at half of that (`DOWNLOAD_MAXSIZE`); what is larger is a video or a trap, and is not held in memory."""
LONGEST_HEAD = 1 << 20
"""Bytes. Browsers write what they know of a page into one header line, which comes to tens of thousands."""
CHUNK = 1 << 16
"""Bytes read at once; so much is kept of a record that is too large: its HTTP headers, which say what it was."""
SCAN_BYTES = 1 << 20
PROBE_BYTES = 4096
"""Enough of a gzip member to unpack its first line, whatever its own header says."""
BLANK = b"\r\n\t \0"
"""What may stand between records: line ends, and zeros where a writer made room it did not use."""

_WARC = re.compile(rb"WARC/\d+\.\d+[ \t]*\r?\n?")
_ARC = re.compile(rb"(?P<uri>[a-z][a-z0-9+.-]{1,20}:\S*) \S+ (?P<date>\d{8,17}) [^\r\n]*?(?P<length>\d+)[ \t]*\r?\n?")
"""The line before each record of an ARC file: address, IP, date, type, and at its end the length."""
_START = re.compile(
    rb"\x1f\x8b\x08|(?:\A|(?<=\n))(?:WARC/(?=\d\.\d)|(?=[a-z][a-z0-9+.-]{1,20}:\S* \S+ \d{14} [^\r\n]*\d[ \t]*\r?\n))"
)


class Stream(Protocol):
    """A file that is read at any place."""

    def seek(self, offset: int, /) -> int:
        """Go to an offset."""

    def read(self, size: int, /) -> bytes:
        """Read so many bytes at most; none at the end."""

    def close(self) -> None:
        """Give the file up."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record."""

    offset: int
    """Where it begins in the file: its first line, or the gzip member that it is counted from."""
    place: int
    """How many records begin between there and it: 0 where each has a member of its own."""
    fields: Mapping[str, str]
    """Its header fields by lower-case name; of repeated ones the first."""
    size: int
    """Of the block, in bytes, as the record says."""
    block: bytes = field(repr=False)
    """What the record holds; of one larger than LARGEST_RECORD only the beginning."""

    @property
    def type(self) -> str:
        """`response`, `request`, `warcinfo`..., lower case; empty where the record does not say."""
        return self.fields.get("warc-type", "").lower()

    @property
    def uri(self) -> str:
        """What the record is about; empty where it does not say."""
        return self.fields.get("warc-target-uri", "").strip("<> \t")

    @property
    def whole(self) -> bool:
        """Whether all of the block is here."""
        return len(self.block) == self.size


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is no record and should be one."""

    offset: int
    reason: str


class _Broken(Exception):
    """Reading cannot go on here; the message says why."""


def records_in(stream: Stream, start: int = 0) -> Iterator[Record | Damage]:
    """Yield the records of an open, seekable file from an offset on, and what is damaged among them."""
    offset = next_start(stream, start)
    if offset is not None and offset > start:
        yield Damage(start, "no record begins here")
    while offset is not None:
        run = _Members(stream, offset) if _is_packed(stream, offset) else _Plain(stream, offset)
        try:
            yield from _records_of(run)
        except _Broken as broken:
            yield Damage(run.record, str(broken))
            offset = next_start(stream, run.resume)
            continue
        stream.seek(run.end)
        if not (following := stream.read(PROBE_BYTES)):
            return
        offset = run.end
        if not _begins_record(following):
            yield Damage(offset, "no record begins here")
            offset = next_start(stream, offset + 1)


def next_start(stream: Stream, offset: int) -> int | None:
    """Offset of the first record that begins at `offset` or behind it; None where none does."""
    stream.seek(offset)
    window, base = b"", offset
    while chunk := stream.read(SCAN_BYTES):
        window += chunk
        for found in _START.finditer(window):
            seen_before = found.start() == 0 and base > offset  # and then with what stands before it
            if not seen_before and _begins_record(window[found.start() : found.start() + PROBE_BYTES]):
                return base + found.start()
        keep = min(len(window), PROBE_BYTES)
        base += len(window) - keep
        window = window[len(window) - keep :]
    return None


def _begins_record(data: bytes | bytearray) -> bool:
    """Whether a record begins here, plain or in a gzip member."""
    first = bytes(data)
    if data.startswith(GZIP_MAGIC):
        try:  # no further than needed: what is damaged behind its beginning is a record all the same
            first = zlib.decompressobj(wbits=31).decompress(data, len(b"WARC/1.1\r\n"))
            if not _WARC.match(first):
                first = zlib.decompressobj(wbits=31).decompress(data, PROBE_BYTES)
        except zlib.error:
            return False
    return _WARC.match(first) is not None or _ARC.match(first) is not None


def _is_packed(stream: Stream, offset: int) -> bool:
    stream.seek(offset)
    return stream.read(len(GZIP_MAGIC)) == GZIP_MAGIC


class _Run:
    """Bytes to read records from, with a memory of where each began."""

    def __init__(self, stream: Stream, offset: int) -> None:
        self.stream = stream
        self.buffer = bytearray()
        self.record = offset
        """Offset of the record that is being read."""
        self.place = 0
        self.resume = offset + 1
        """Where to look for the next record if this one is damaged."""
        self.end = offset
        """Where the run ended, once it has."""

    def fill(self) -> bool:
        """Read some more into the buffer; False where the run, or the member, ends."""
        raise NotImplementedError

    def go_on(self) -> bool:
        """At the end of a member, go on into the next; False where no bytes of the same record come."""
        return False

    def begin_record(self) -> bool:
        """Pass over blanks to the next record; False at the end of the file."""
        raise NotImplementedError

    def head_is_read(self) -> None:
        """Told that the head of a record is read, and its block begins."""

    def line(self, room: int) -> bytes:
        """The next line with its end, at most so long; without an end where the bytes end."""
        while (end := self.buffer.find(b"\n", 0, room)) < 0:
            if len(self.buffer) >= room:
                raise _Broken("the headers of the record do not end")
            if not self.fill() and not self.go_on():
                end = len(self.buffer) - 1
                break
        return self.take(end + 1)

    def take(self, size: int) -> bytes:
        taken = bytes(self.buffer[:size])
        del self.buffer[:size]
        return taken

    def block(self, size: int) -> bytes:
        """The next bytes, all of them or as many as there are; of too large a block the beginning, and the rest passed over."""
        if size > LARGEST_RECORD:
            return self._beginning(size)
        while len(self.buffer) < size and (self.fill() or self.go_on()):
            pass
        return self.take(size)

    def _beginning(self, size: int) -> bytes:
        kept = b""
        while size and (self.buffer or self.fill() or self.go_on()):
            some = self.take(min(size, CHUNK))
            size -= len(some)
            kept = kept or some
        if size:
            raise _Broken(f"the record breaks off: {size:,} bytes are missing")
        return kept


class _Plain(_Run):
    """A file that is not compressed."""

    def __init__(self, stream: Stream, offset: int) -> None:
        super().__init__(stream, offset)
        self._read = offset
        stream.seek(offset)

    def fill(self) -> bool:
        self.stream.seek(self._read)  # the file may have been read elsewhere meanwhile
        data = self.stream.read(CHUNK)
        self._read += len(data)
        self.buffer += data
        return bool(data)

    def begin_record(self) -> bool:
        while True:
            self.buffer = self.buffer.lstrip(BLANK)
            if len(self.buffer) >= len(GZIP_MAGIC) or not self.fill():
                break
        self.record = self.end = self._read - len(self.buffer)
        self.resume = self.record + 1
        return bool(self.buffer) and not self.buffer.startswith(GZIP_MAGIC)

    def head_is_read(self) -> None:
        """If the length is wrong, the next record may begin anywhere from here on."""
        self.resume = self._read - len(self.buffer)


class _Members(_Run):
    """A file of gzip members."""

    def __init__(self, stream: Stream, offset: int) -> None:
        super().__init__(stream, offset)
        self._read = offset
        self._packed = b""
        self._begin(offset)
        self._first, self._begun = offset, 0
        """The member that the next record is counted from: the last with which a record began."""

    def _begin(self, offset: int) -> None:
        self._member, self._inflate = offset, zlib.decompressobj(wbits=31)

    def fill(self) -> bool:
        if self._inflate.eof:
            return False
        if not self._packed and not self._load():
            raise _Broken("the file breaks off in a gzip member")
        try:
            data = self._inflate.decompress(self._packed, CHUNK)
        except zlib.error as error:
            raise _Broken(f"the gzip member is damaged: {error}") from error
        self._packed = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
        self.buffer += data
        return bool(data) or not self._inflate.eof

    def _load(self) -> bool:
        self.stream.seek(self._read)  # the file may have been read elsewhere meanwhile
        self._packed = self.stream.read(CHUNK)
        self._read += len(self._packed)
        return bool(self._packed)

    def _next_member(self) -> bool:
        """Go to the next member; False where none follows."""
        self._packed = self._packed.lstrip(BLANK)
        while len(self._packed) < len(GZIP_MAGIC):
            held = self._packed
            if not self._load():
                self._packed = held
                break
            self._packed = (held + self._packed).lstrip(BLANK)
        self.end = self._read - len(self._packed)
        if not self._packed.startswith(GZIP_MAGIC):
            return False
        self._begin(self.end)
        return True

    def go_on(self) -> bool:
        """The rest of a record may stand in the next member, if that does not begin with a record itself."""
        held = bytes(self.buffer)
        if not self._next_member():
            return False
        self.resume = self._member
        self.buffer.clear()
        while len(self.buffer) < PROBE_BYTES and self.fill():
            pass
        if _begins_record(self.buffer):
            raise _Broken("the record breaks off with its gzip member")
        self.buffer[:0] = held
        return True

    def begin_record(self) -> bool:
        while True:
            self.buffer = self.buffer.lstrip(BLANK)
            if self.buffer:
                break
            if self.fill():
                continue
            if not self._next_member():
                return False
            self._first, self._begun = self._member, 0
            self.record, self.resume = self._member, self._member + 1
        self.record, self.place, self.resume = self._first, self._begun, self._member + 1
        self._begun += 1
        return True


def _records_of(run: _Run) -> Iterator[Record]:
    """Yield the records of one run of bytes.

    Raises:
        _Broken: at the first that is damaged.

    """
    while run.begin_record():
        fields = _read_head(run)
        run.head_is_read()
        size = _length(fields)
        block = run.block(size)
        if len(block) < size <= LARGEST_RECORD:
            raise _Broken(f"the record breaks off: it has {len(block):,} of {size:,} bytes")
        record = Record(run.record, run.place, fields, size, block)
        _check_end(run)
        yield record


def _read_head(run: _Run) -> dict[str, str]:
    """The header fields of a WARC record, or what they would be for one of an ARC file."""
    first = run.line(LONGEST_HEAD)
    if _WARC.fullmatch(first):
        return _read_fields(run)
    found = _ARC.fullmatch(first)
    if found is None:
        raise _Broken("no record begins here")
    described = found["uri"].startswith(b"filedesc:")
    return {
        "warc-type": "warcinfo" if described else "response",
        "warc-target-uri": _text(found["uri"]),
        "warc-date": found["date"].decode(),
        "content-length": found["length"].decode(),
    }


def _read_fields(run: _Run) -> dict[str, str]:
    fields: dict[str, str] = {}
    room, name = LONGEST_HEAD, ""
    while True:
        line = run.line(room)
        room -= len(line)
        if not line.endswith(b"\n"):
            raise _Broken("the headers of the record break off")
        text = _text(line.rstrip(b"\r\n"))
        if not text:
            return fields
        if text[0] in " \t" and name:
            fields[name] += " " + text.strip()
            continue
        key, colon, value = text.partition(":")
        name = key.strip().lower() if colon else ""
        if name and name not in fields:
            fields[name] = value.strip()
        elif name:
            name = ""


def _length(fields: Mapping[str, str]) -> int:
    text = fields.get("content-length")
    if text is None:
        raise _Broken("the record does not say how long it is")
    if not (text.isascii() and text.isdecimal() and len(text) < len(str(1 << 62))):
        raise _Broken(f"the record says it is {text[:40]!r} bytes long")
    return int(text)


def _check_end(run: _Run) -> None:
    """A record ends where the next begins, or its length is wrong.

    Raises:
        _Broken: something else stands there.

    """
    while len(run.buffer.lstrip(BLANK)) < PROBE_BYTES and run.fill():
        if len(run.buffer) > SCAN_BYTES:  # a long run of blanks, which the next look for a record passes over
            break
    rest = run.buffer.lstrip(BLANK)
    if not rest or _begins_record(rest):
        return
    if len(rest) >= PROBE_BYTES or not run.go_on() or not _begins_record(run.buffer.lstrip(BLANK)):
        raise _Broken("the record does not end where it says")


def _text(data: bytes) -> str:
    """UTF-8, as the standard says, or else Latin-1, which some wrote."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
