"""What a server answered, out of the block of a record: status, headers, and the body as it was before transfer.

Writers of WARC differ in what they undo. Some keep the chunks and the compression of the wire, some undo both and leave the
headers that told of them, some undo one: so a header counts where the bytes agree with it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from crawler.answers import GZIP_MAGIC
from crawler.intake.records import Record

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LARGEST_PAGE = 32 * 1024 * 1024
"""Bytes of a body after decoding: where a crawl stops too (`DOWNLOAD_MAXSIZE`)."""
NO_LONGER_TRUE = frozenset({"content-encoding", "transfer-encoding"})
"""Headers that tell of bytes on the wire, which are not kept."""

_STATUS_LINE = re.compile(rb"(?:HTTP/\d(?:\.\d)?|ICY)[ \t]+(\d{3})(?:[ \t][^\n]*)?\r?(?:\n|\Z)", re.IGNORECASE)
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")


class Undecodable(Exception):
    """The block of a record is none, or its body cannot be decoded; the message says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    """As it lies in the record."""

    def header(self, name: str) -> str:
        """The first header of that (lower-case) name; empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def media_type(self) -> str:
        """Without parameters, lower case; empty where none is said."""
        return self.header("content-type").partition(";")[0].strip().lower()

    def kept_headers(self) -> tuple[tuple[str, str], ...]:
        """The headers that are true of the decoded body."""
        return tuple((name, value) for name, value in self.headers if name.lower() not in NO_LONGER_TRUE)


def read_answer(block: bytes) -> Answer:
    """Part the block of a `response` or `revisit` record into status, headers and body.

    Raises:
        Undecodable: it begins with no status line of HTTP.

    """
    first = _STATUS_LINE.match(block)
    if first is None:
        raise Undecodable("it holds no HTTP answer")
    if block[first.end() :].startswith((b"\r\n", b"\n")):
        blank = first.end() + (2 if block[first.end() : first.end() + 1] == b"\r" else 1)
        return Answer(int(first[1]), (), block[blank:])
    end = _END_OF_HEAD.search(block, first.end())
    head, body = (block[first.end() :], b"") if end is None else (block[first.end() : end.start()], block[end.end() :])
    return Answer(int(first[1]), tuple(_headers(head)), body)


def decoded_body(answer: Answer, *, cut_off: bool) -> bytes:
    """The body without the chunks and the compression of the wire.

    Args:
        answer: as the record has it.
        cut_off: the record says that it was cut off when it was made; what there is of it is taken then.

    Raises:
        Undecodable: it is damaged, larger than LARGEST_PAGE, or encoded in a way that is not known.

    """
    body = answer.body
    if "chunked" in answer.header("transfer-encoding").lower():
        body = _without_chunks(body, cut_off=cut_off)
    encodings = [name.strip().lower() for name in answer.header("content-encoding").split(",")]
    for name in reversed(encodings):
        if name and name not in {"identity", "none", "utf-8", "binary", "8bit"}:
            body = _without_encoding(body, name, cut_off=cut_off)
    if len(body) > LARGEST_PAGE:
        raise _too_large()
    return body


def is_intact(record: Record) -> bool:
    """Whether the block is what its writer took the digest of; True where it says none, or in a way that is not known."""
    said = digest_of(record.fields.get("warc-block-digest", ""))
    if said is None or not record.whole:
        return True
    algorithm, _, value = said.partition(":")
    return hashlib.new(algorithm, record.block, usedforsecurity=False).hexdigest() == value


def digest_of(text: str) -> str | None:
    """A digest as `sha1:` and hex, whatever it is written in; None for what is none."""
    algorithm, _, value = text.strip().partition(":")
    name = algorithm.strip().lower().replace("-", "")
    if name not in {"md5", "sha1", "sha256", "sha512"}:
        return None
    size = hashlib.new(name, usedforsecurity=False).digest_size
    readings: list[Callable[[str], bytes]] = [bytes.fromhex, _base32, base64.b64decode, base64.urlsafe_b64decode]
    for read in readings:
        try:
            raw = read(value.strip())
        except (ValueError, binascii.Error):
            continue
        if len(raw) == size:
            return f"{name}:{raw.hex()}"
    return None


def _base32(text: str) -> bytes:
    return base64.b32decode(text.upper() + "=" * (-len(text) % 8))


def _headers(head: bytes) -> list[tuple[str, str]]:
    headers: list[tuple[str, str]] = []
    for line in head.split(b"\n"):
        text = _text(line.rstrip(b"\r"))
        if text[:1] in (" ", "\t") and headers:
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {text.strip()}".strip())
        elif ":" in text and (name := text.partition(":")[0].strip()):
            headers.append((name, text.partition(":")[2].strip()))
    return headers


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _without_chunks(body: bytes, *, cut_off: bool) -> bytes:
    """Undo chunked transfer coding (RFC 9112, 7.1); a body that is in no chunks comes back as it is."""
    pieces: list[bytes] = []
    place = 0
    while place < len(body) and (found := _CHUNK.match(body, place)):
        size, start = int(found[1], 16), found.end()
        if size == 0:
            return b"".join(pieces)
        after = body[start + size : start + size + 2]
        if after and not after.startswith((b"\r", b"\n")):
            break
        pieces.append(body[start : start + size])
        place = start + size + (2 if after == b"\r\n" else 1)
    if not pieces:
        return body
    if cut_off or place == len(body):  # some writers leave out the last chunk, which holds nothing
        return b"".join(pieces)
    raise Undecodable("its chunks break off")


def _without_encoding(body: bytes, name: str, *, cut_off: bool) -> bytes:
    """Undo one content coding; a body that its writer decoded already comes back as it is."""
    decode = _DECODERS.get(name)
    if decode is None:
        raise Undecodable(f"its encoding {name[:40]!r} is not known")
    if not body or (name in {"gzip", "x-gzip"} and not body.startswith(GZIP_MAGIC)):
        return body
    try:
        data, ended = decode(body)
    except (zlib.error, zstd.ZstdError, ValueError) as error:
        if _is_text(body):
            return body
        raise Undecodable(f"its {name} data is damaged: {error}") from error
    if len(data) > LARGEST_PAGE:
        raise _too_large()
    if not ended and not cut_off:
        if _is_text(body):
            return body
        raise Undecodable(f"its {name} data breaks off")
    return data


def _too_large() -> Undecodable:
    return Undecodable(f"its body is larger than {LARGEST_PAGE >> 20} MiB")


def _is_text(body: bytes) -> bool:
    """Whether bytes can be a page as it is: UTF-8 with a tag in it, and no zero byte."""
    start = body[:4096]
    return b"<" in start and b"\0" not in start and len(start.decode("utf-8", "ignore").encode()) > len(start) - 4


def _inflate(body: bytes, wbits: int) -> tuple[bytes, bool]:
    """Undo gzip, zlib or raw deflate; members one behind the other are one body."""
    pieces: list[bytes] = []
    room = LARGEST_PAGE + 1
    while True:
        inflate = zlib.decompressobj(wbits)
        pieces.append(inflate.decompress(body, room))
        room -= len(pieces[-1])
        body = inflate.unused_data
        if not inflate.eof or room <= 0 or not body.startswith(GZIP_MAGIC):
            return b"".join(pieces), inflate.eof


def _deflate(body: bytes) -> tuple[bytes, bool]:
    """`deflate` is zlib (RFC 9110, 8.4.1.2), and some servers send it without the wrapping."""
    try:
        return _inflate(body, zlib.MAX_WBITS)
    except zlib.error:
        return _inflate(body, -zlib.MAX_WBITS)


def _unzstd(body: bytes) -> tuple[bytes, bool]:
    decoder = zstd.ZstdDecompressor()
    data = decoder.decompress(body, max_length=LARGEST_PAGE + 1)
    return data, decoder.eof


def _unbrotli(body: bytes) -> tuple[bytes, bool]:
    try:
        import brotli  # Scrapy needs it too
    except ImportError as error:
        raise Undecodable("it is encoded as br, for which the package brotli is missing: `pip install brotli`") from error
    decoder = brotli.Decompressor()
    pieces: list[bytes] = []
    room, data = LARGEST_PAGE + 1, body
    try:
        while room > 0 and not decoder.is_finished():
            pieces.append(decoder.process(data, output_buffer_limit=room))
            room -= len(pieces[-1])
            data = b""
            if not pieces[-1]:
                break
    except brotli.error as error:
        raise ValueError(str(error)) from error
    return b"".join(pieces), decoder.is_finished()


_DECODERS: dict[str, Callable[[bytes], tuple[bytes, bool]]] = {
    "gzip": lambda body: _inflate(body, 16 + zlib.MAX_WBITS),
    "x-gzip": lambda body: _inflate(body, 16 + zlib.MAX_WBITS),
    "deflate": _deflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
"""Content coding -> the decoded body, at most a byte larger than LARGEST_PAGE, and whether it came to its end."""
