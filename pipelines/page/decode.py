"""Bytes to text: which encoding a document is really in.

Order of trust: byte order mark; valid UTF-8 (other encodings do not yield it by accident, and pages often declare wrongly); the
Content-Type header; the declaration in the document; statistics. Text that was encoded twice before it was served is left so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from charset_normalizer import from_bytes
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

FEW_WIDE_BYTES = 6
"""With fewer bytes above 127 a document may be valid UTF-8 by accident, and another declaration is believed."""
SAMPLE_BYTES = 8192
"""Bytes of text, markup left out, that the statistics are made on."""
BAD_SHARE = 0.02
"""An encoding that fails on more than this share of the wide characters is not the one."""

_WIDE_TEXT = re.compile(rb"[^<>\n\x80-\xff]{0,80}[\x80-\xff][^<>\n]*")
_WIDE = re.compile(rb"[\x80-\xff]")
_SEVEN_BIT = frozenset({"iso2022_jp", "iso-2022-jp", "iso2022_jp_2", "iso2022_kr", "iso-2022-kr", "hz", "utf-7"})
"""Encodings that hide other letters in ASCII bytes."""
_ONE_BYTE_OR_UTF8 = ("utf-8", "ascii", "cp125", "iso8859", "latin")


def decode(body: bytes, headers: Sequence[tuple[str, str]] = ()) -> str:
    """Return the text of a document. Never raises; what cannot be decoded becomes U+FFFD, and NUL, which no text has, goes."""
    return _decoded(body, headers).replace("\0", "")


def _decoded(body: bytes, headers: Sequence[tuple[str, str]]) -> str:
    bom_encoding, bom = read_bom(body)
    if bom_encoding is not None and bom is not None:
        return body[len(bom) :].decode(bom_encoding, "replace")
    declared = list(_declared(body, headers))
    if not (declared and declared[0] in _SEVEN_BIT):
        utf16 = _utf16_without_mark(body)
        if utf16:
            return body.decode(utf16, "replace")
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return _decode_other(body, declared)
        if not _maybe_accident(body, declared):
            return text
    return _decode_other(body, declared)


def _declared(body: bytes, headers: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the encodings that the header and the document name, as Python calls them."""
    content_type = next((value for name, value in headers if name.lower() == "content-type"), "")
    for name in (http_content_type_encoding(content_type), html_body_declared_encoding(body)):
        encoding = resolve_encoding(name) if name else None
        if encoding and _decodes(encoding):
            yield encoding


def _decodes(encoding: str) -> bool:
    """Tell whether a codec makes text of any bytes; Python also calls rot13 and idna encodings."""
    try:
        b"a".decode(encoding, "replace")
    except (LookupError, UnicodeError):
        return False
    return True


def _utf16_without_mark(body: bytes) -> str | None:
    start = body[:512]
    if len(start) < 4 or start.count(0) < len(start) * 0.3:
        return None
    return "utf-16-le" if start[1::2].count(0) >= start[::2].count(0) else "utf-16-be"


def _maybe_accident(body: bytes, declared: Sequence[str]) -> bool:
    """Tell whether valid UTF-8 is so few letters that an encoding of two bytes a letter is as likely."""
    if not declared or body.isascii() or declared[0].startswith(_ONE_BYTE_OR_UTF8):
        return False
    return len(_WIDE.findall(body)) < FEW_WIDE_BYTES


def _decode_other(body: bytes, declared: Sequence[str]) -> str:
    for encoding in declared:
        text = _decode_nearly(body, encoding)
        if text is not None:
            return text
    utf8 = _decode_nearly(body, "utf-8")
    if utf8 is not None:
        return utf8
    detected = from_bytes(_sample(body)).best()
    encoding = detected.encoding if detected is not None else "cp1252"
    return body.decode(encoding, "replace")


def _decode_nearly(body: bytes, encoding: str) -> str | None:
    """Decode where nearly all wide characters fit: a few bad bytes do not make another encoding likelier."""
    text = body.decode(encoding, "replace")
    bad = text.count("\ufffd")
    if bad == 0:
        return text
    wide = sum(1 for character in text if character > "\x7f")
    return text if bad <= wide * BAD_SHARE else None


def _sample(body: bytes) -> bytes:
    """Return the lines of text that hold bytes above 127, up to `SAMPLE_BYTES`."""
    found, size = [], 0
    for match in _WIDE_TEXT.finditer(body):
        found.append(match.group())
        size += len(match.group())
        if size >= SAMPLE_BYTES:
            break
    return b"\n".join(found)[:SAMPLE_BYTES]
