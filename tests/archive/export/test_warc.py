"""What is written as WARC, looked at record by record with warcio, which had no part in writing it."""

from __future__ import annotations

import gzip
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive import Archive
from archive.capture import Capture, Payload
from archive.errors import DamagedPayload
from archive.export.warc import write_warc
from archive.visit import Outcome, Visit
from tests.archive.samples import LATER, NOW, URL, article_visit, revision

OTHER = "https://tern.example/other"
WITHDRAWN = LATER + timedelta(days=2)


@pytest.fixture
def shelf(archive: Archive) -> Archive:
    """An article read twice, seen again unchanged, and gone; another on three pages, the first the same; and a list."""
    pages = [Capture(f"{OTHER}?p={n}", NOW, 200, (), Payload.of(f"<p>{n}".encode())) for n in (2, 3)]
    first = article_visit(body=b"<p>first")
    other = article_visit(OTHER, body=b"<p>first", revision=revision(OTHER))
    archive.commit(None, [first, replace(other, captures=(*other.captures, *pages), redirects=(OTHER,), url=f"{OTHER}?old")], NOW)
    archive.commit(None, [article_visit(URL, "Changed.", body=b"<p>second", fetched=LATER)], NOW)
    archive.commit(
        None,
        [
            article_visit(URL, "Changed.", body=b"<p>second", fetched=LATER + timedelta(hours=1)),
            Visit(URL, LATER + timedelta(days=1), Outcome.UNCHANGED, status=304),
            Visit(URL, WITHDRAWN, Outcome.GONE, status=404),
            article_visit("https://tern.example/list", outcome=Outcome.NOT_AN_ARTICLE, revision=None, body=b"<p>list"),
        ],
        NOW,
    )
    return archive


def written(archive: Archive, **options: Any) -> bytes:
    stream = io.BytesIO()
    articles = archive.articles()
    write_warc(articles, stream, archive, **options)
    return stream.getvalue()


def records(data: bytes) -> list[tuple[str, str, str, bytes]]:
    """Type, address, date and payload of each record after the first, digests checked."""
    found = []
    for record in ArchiveIterator(io.BytesIO(data), check_digests="raise"):
        payload = record.content_stream().read()
        get = record.rec_headers.get_header
        found.append((record.rec_type, get("WARC-Target-URI"), get("WARC-Date"), payload))
    assert found[0][0] == "warcinfo"
    return found[1:]


def fields(data: bytes) -> list[dict[str, str]]:
    return [dict(record.rec_headers.headers) for record in ArchiveIterator(io.BytesIO(data))]


def test_every_answer_about_an_article_is_a_record(shelf: Archive) -> None:
    assert records(written(shelf)) == [
        ("response", URL, "2026-08-22T10:05:00Z", b"<p>first"),
        ("response", URL, "2026-08-23T10:05:00Z", b"<p>second"),
        ("revisit", URL, "2026-08-23T11:05:00Z", b""),
        ("revisit", URL, "2026-08-24T10:05:00Z", b""),
        ("response", URL, "2026-08-25T10:05:00Z", b""),
        ("revisit", OTHER, "2026-08-22T10:05:00Z", b""),
        ("response", f"{OTHER}?p=2", "2026-08-22T10:05:00Z", b"<p>2"),
        ("response", f"{OTHER}?p=3", "2026-08-22T10:05:00Z", b"<p>3"),
    ]


def test_revisits_name_the_record_they_repeat(shelf: Archive) -> None:
    all_of_it = fields(written(shelf))
    assert all_of_it[3]["WARC-Refers-To"] == all_of_it[2]["WARC-Record-ID"]
    assert all_of_it[3]["WARC-Payload-Digest"] == all_of_it[2]["WARC-Payload-Digest"]
    assert all_of_it[4]["WARC-Refers-To-Date"] == "2026-08-23T10:05:00Z"
    assert all_of_it[6]["WARC-Refers-To-Target-URI"] == URL
    assert all_of_it[5]["WARC-Truncated"] == "unspecified"


def test_ids_are_unique_and_the_same_each_time(shelf: Archive) -> None:
    data = written(shelf)
    ids = [one["WARC-Record-ID"] for one in fields(data)]
    assert len(set(ids)) == len(ids)
    assert written(shelf) == data


def test_each_record_is_a_gzip_member_or_none_is(shelf: Archive) -> None:
    packed, plain = written(shelf), written(shelf, packed=False)
    assert gzip.decompress(packed) == plain
    assert packed.count(b"\x1f\x8b\x08") == plain.count(b"WARC/1.1\r\n")


@pytest.mark.parametrize(
    ("options", "dates"),
    [
        ({"newest": True}, ["2026-08-23T10:05:00Z", *["2026-08-22T10:05:00Z"] * 3]),
        ({"until": "2026-08-22"}, ["2026-08-22T10:05:00Z"] * 4),
        ({"until": NOW - timedelta(days=1)}, []),
    ],
)
def test_fewer_captures_may_be_asked_for(shelf: Archive, options: dict[str, Any], dates: list[str]) -> None:
    assert [date for _, _, date, _ in records(written(shelf, **options))] == dates


def test_what_no_article_was_read_from_comes_when_asked_for(shelf: Archive) -> None:
    assert records(written(shelf, rest=True))[-1][3] == b"<p>list"


def test_headers_of_the_wire_are_replaced(archive: Archive) -> None:
    headers = (
        ("content-encoding", "br"),
        ("Transfer-Encoding", "chunked"),
        ("CONTENT-LENGTH", "3"),
        ("Set-Cookie", "a"),
        ("Set-Cookie", "b"),
    )
    page = Capture(URL, NOW, 299, headers, Payload.of(b"<p>body"))
    archive.commit(None, [article_visit(captures=(page,))], NOW)
    record = list(ArchiveIterator(io.BytesIO(written(archive))))[1]
    assert record.http_headers.get_statuscode() == "299"
    assert record.http_headers.headers == [("Set-Cookie", "a"), ("Set-Cookie", "b"), ("Content-Length", "7")]


def test_odd_headers_and_addresses_cannot_forge_a_record(archive: Archive) -> None:
    headers = (("A\r\nB: c", "1\r\n\r\nWARC/1.1\x00"), ("", "none"), ("É", "ü 日本"))
    page = Capture("https://tern.example/a b\r\nX: y", NOW, 200, headers, Payload.of(b"<p>body"))
    archive.commit(None, [article_visit(captures=(page,))], NOW)
    (record,) = records(written(archive))
    assert record[1] == "https://tern.example/a%20b%0D%0AX:%20y"
    assert record[3] == b"<p>body"


def test_files_are_resources(archive: Archive) -> None:
    page = Capture("file:///home/me/page", NOW, 200, (), Payload.of(b"<!doctype html><p>x"), "file")
    archive.commit(None, [article_visit(captures=(page,))], NOW)
    data = written(archive)
    assert records(data) == [("resource", "file:///home/me/page", "2026-08-22T10:05:00Z", b"<!doctype html><p>x")]
    assert fields(data)[1]["Content-Type"] == "text/html"


def test_a_damaged_capture_is_told_and_left_out(shelf: Archive) -> None:
    with shelf._db.conn:
        shelf._db.execute("UPDATE payloads SET data = x'00' WHERE id = 1")
    with pytest.raises(DamagedPayload):
        written(shelf)
    told: list[str] = []
    data = written(shelf, damaged=told.append)
    assert len(told) == 2  # of the first article, and of the other, which has the same payload
    assert [kind for kind, *_ in records(data)] == ["response", "revisit", "revisit", "response", "response", "response"]


def test_an_empty_archive_is_a_file_that_says_so(archive: Archive) -> None:
    assert records(written(archive)) == []
