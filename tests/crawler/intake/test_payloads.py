import gzip
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.intake import payloads
from crawler.intake.payloads import Undecodable, decoded_body, digest_of, read_answer, zstd
from tests.crawler.intake.records import http, sha1

PAGE = b"<html><p>" + b"The ferry sailed at six. " * 40 + b"</p></html>"


def chunked(body: bytes, size: int = 100, last: bytes = b"0\r\n\r\n") -> bytes:
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(f"{len(piece):x};a=b\r\n".encode() + piece + b"\r\n" for piece in pieces) + last


def raw_deflate(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


def read(body: bytes, headers: str, *, cut_off: bool = False) -> bytes:
    return decoded_body(read_answer(http(body, headers)), cut_off=cut_off)


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("gzip", gzip.compress(PAGE)), ("x-gzip", gzip.compress(PAGE[:50]) + gzip.compress(PAGE[50:])),
        ("deflate", zlib.compress(PAGE)), ("deflate", raw_deflate(PAGE)), ("br", brotli.compress(PAGE)),
        ("zstd", zstd.compress(PAGE)), ("gzip, br", brotli.compress(gzip.compress(PAGE))), ("identity", PAGE), ("", PAGE),
    ],
    ids=["gzip", "gzip-members", "deflate", "deflate-raw", "br", "zstd", "gzip-br", "identity", "none"],
)  # fmt: skip
@pytest.mark.parametrize("by_chunks", [True, False])
def test_what_was_done_for_the_wire_is_undone(name: str, encoded: bytes, by_chunks: bool) -> None:
    headers = f"Content-Encoding: {name}\r\n"
    if by_chunks:
        encoded, headers = chunked(encoded), headers + "Transfer-Encoding: chunked\r\n"
    assert read(encoded, headers) == PAGE


@pytest.mark.parametrize("name", ["gzip", "br", "zstd", "deflate"])
def test_headers_of_what_the_writer_undid_count_for_nothing(name: str) -> None:
    assert read(PAGE, f"Content-Encoding: {name}\r\nTransfer-Encoding: chunked\r\nContent-Length: 7\r\n") == PAGE


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("gzip", gzip.compress(PAGE)),
        ("br", brotli.compress(PAGE)),
        ("zstd", zstd.compress(PAGE)),
        ("deflate", zlib.compress(PAGE)),
    ],
    ids=["gzip", "br", "zstd", "deflate"],  # a name of bytes would hold gzip's clock: no two workers would collect the same
)
def test_a_body_that_breaks_off_is_no_page_unless_the_record_says_so(name: str, encoded: bytes) -> None:
    with pytest.raises(Undecodable):
        read(encoded[:-12], f"Content-Encoding: {name}\r\n")
    assert PAGE.startswith(read(encoded[:-12], f"Content-Encoding: {name}\r\n", cut_off=True))


def test_chunks_that_break_off_are_no_page_unless_the_record_says_so() -> None:
    with pytest.raises(Undecodable, match="chunks break off"):
        read(chunked(PAGE)[:250], "Transfer-Encoding: chunked\r\n")
    assert read(chunked(PAGE)[:260], "Transfer-Encoding: chunked\r\n", cut_off=True) == PAGE[: 260 - 3 * len("64;a=b\r\n") - 4]
    assert read(chunked(PAGE, last=b""), "Transfer-Encoding: chunked\r\n") == PAGE


@pytest.mark.parametrize("encode", [gzip.compress, brotli.compress, zstd.compress, zlib.compress])
def test_a_bomb_is_given_up_at_the_size_of_a_page(encode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(payloads, "LARGEST_PAGE", 1_000_000)
    name = {gzip.compress: "gzip", brotli.compress: "br", zlib.compress: "deflate"}.get(encode, "zstd")
    with pytest.raises(Undecodable, match="larger than"):
        read(encode(bytes(20_000_000)), f"Content-Encoding: {name}\r\n")


def test_an_encoding_that_is_not_known_is_named() -> None:
    with pytest.raises(Undecodable, match="'sdch' is not known"):
        read(PAGE, "Content-Encoding: sdch\r\n")


@pytest.mark.parametrize(
    ("block", "status", "headers", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nA: 1\r\n\r\nbody", 200, (("A", "1"),), b"body"),
        (b"HTTP/2 404\nA:1\n  more\nA: 2\n\nbody", 404, (("A", "1 more"), ("A", "2")), b"body"),
        (b"HTTP/1.0 200 OK\r\n\r\nbody", 200, (), b"body"),
        (b"HTTP/1.1 304 Not Modified\r\nA: b", 304, (("A", "b"),), b""),
        (b"HTTP/1.1 304 Not Modified", 304, (), b""),
        ("HTTP/1.1 200 OK\r\nA: é\r\nno header\r\n\r\n".encode("latin-1"), 200, (("A", "é"),), b""),
    ],
)
def test_an_answer_is_read_as_servers_write_it(block: bytes, status: int, headers: tuple, body: bytes) -> None:
    answer = read_answer(block)
    assert (answer.status, answer.headers, answer.body) == (status, headers, body)


@pytest.mark.parametrize("block", [b"", b"<html>", b"HTTP/1.1 twohundred\r\n\r\n"])
def test_what_is_no_answer_is_refused(block: bytes) -> None:
    with pytest.raises(Undecodable, match="no HTTP answer"):
        read_answer(block)


def test_digests_are_the_same_in_whatever_they_are_written() -> None:
    known = sha1(b"x")
    hexed = digest_of(known)
    assert hexed is not None
    assert digest_of(hexed.upper().replace("SHA1", "SHA-1")) == digest_of(known.lower()) == hexed
    assert digest_of("sha1:short") is digest_of("crc:1") is digest_of("") is None


@given(st.binary(max_size=300), st.sampled_from(["gzip", "br", "zstd", "deflate"]), st.booleans())
def test_no_body_ends_the_intake(body: bytes, name: str, cut_off: bool) -> None:
    try:
        assert isinstance(read(body, f"Content-Encoding: {name}\r\nTransfer-Encoding: chunked\r\n", cut_off=cut_off), bytes)
    except Undecodable:
        return
