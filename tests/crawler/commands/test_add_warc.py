"""`morgue add` with WARC files: what is told, what is kept, and the exit code."""

import json
from datetime import UTC, datetime

from archive import Archive
from tests.crawler.intake.records import http, packed, record, response

STORY = "The ferry to the outer island sailed on time every day of the week, the harbour office said on Monday morning. " * 3
URL = "https://a.example/story"
LATER = "2026-09-01T08:00:00Z"


def page(text: str) -> bytes:
    return (
        f'<html lang="en"><head><title>Ferry on time</title><meta property="og:type" content="article"></head><body><article>'
        f"<h1>Ferry on time</h1><p>By Mara Lindqvist</p><p>{text} {STORY}</p><p>{STORY}</p></article></body></html>"
    ).encode()


FIRST = response(URL, page("At six."))
SECOND = response(URL, page("At seven."), fields={"WARC-Date": LATER})


def test_a_damaged_record_is_named_and_the_others_are_kept(call, tmp_path) -> None:
    members = [bytearray(packed([one])) for one in (FIRST, SECOND, response("https://a.example/a.png", kind="image/png"))]
    members[0][200:230] = b"\xff" * 30
    (tmp_path / "x.warc.gz").write_bytes(b"".join(members))
    result = call("add", "x.warc.gz")
    assert result.code == 3
    assert "1 page read" in result.out
    assert "1 new and 0 changed articles, 0 known already, 0 no articles, 0 failed." in result.out
    assert "Damaged, and no pages:\n  x.warc.gz@0: the gzip member is damaged" in result.out
    assert "Records that hold no page: 1 images, scripts and other types." in result.out
    with Archive.open("morgue.db") as archive:
        assert archive.revision(1).fetched_at == datetime.fromisoformat(LATER)


def test_records_come_at_their_times_and_twice_add_nothing(call, tmp_path) -> None:
    gone = response(URL, b"", status="410 Gone", fields={"WARC-Date": "2026-10-01T00:00:00Z"})
    elsewhere = response("https://a.example/never-met", b"", status="404 Not Found")
    again = record("revisit", URL, http(b"", status="304 Not Modified"), {"WARC-Date": "2026-09-02T00:00:00Z"})
    (tmp_path / "x.warc").write_bytes(SECOND + FIRST + again + gone + elsewhere + FIRST)
    report = json.loads(call("add", "x.warc", "--json").out)
    assert (report["new"], report["changed"], report["gone"], report["failed"]) == (1, 1, 1, [])
    assert report["passed"] == {"redirects and errors": 1}
    assert (report["read"], report["unchanged"], report["unmodified"]) == (3, 1, 1)
    with Archive.open("morgue.db") as archive:
        article = archive.article(URL)
        before = archive.stats()
        assert article.text.startswith("At seven.")
        assert article.first_seen == datetime(2026, 8, 22, 10, 5, tzinfo=UTC)
        assert article.last_seen == datetime(2026, 9, 2, tzinfo=UTC)
        assert article.withdrawn == datetime(2026, 10, 1, tzinfo=UTC)
    assert call("add", "x.warc").code == 0
    with Archive.open("morgue.db") as archive:
        assert (archive.stats().fetches, archive.stats().captures) == (before.fetches, before.captures)


def test_a_revisit_of_what_the_archive_has_is_kept(call, tmp_path) -> None:
    (tmp_path / "a.warc").write_bytes(FIRST)
    said = {"WARC-Date": LATER, "WARC-Refers-To-Target-URI": URL, "WARC-Refers-To-Date": "2026-08-22T10:05:00Z"}
    (tmp_path / "b.warc").write_bytes(record("revisit", URL, http(b""), said))
    assert (call("add", "a.warc").code, call("add", "b.warc").code) == (0, 0)
    with Archive.open("morgue.db") as archive:
        assert archive.article(URL).last_seen == datetime.fromisoformat(LATER)
        assert archive.stats().captures == 2


def test_what_was_taken_down_does_not_come_back(call, tmp_path) -> None:
    (tmp_path / "x.warc").write_bytes(FIRST)
    call("add", "x.warc")
    assert call("takedown", URL, "--reason", "court order", "--yes").code == 0
    result = call("add", "x.warc")
    assert "0 no articles, 1 taken down, 0 failed." in result.out
    assert result.out.count(URL) == 1
    with Archive.open("morgue.db") as archive:
        assert list(archive.articles()) == []


def test_an_address_or_a_time_for_records_is_refused(call, tmp_path) -> None:
    (tmp_path / "x.warc.gz").write_bytes(packed([FIRST]))
    for option, value in (("--url", URL), ("--fetched", "2026-05-01")):
        refused = call("add", "x.warc.gz", option, value)
        assert (refused.code, "have their own" in refused.err) == (2, True)
    (tmp_path / "page.html").write_bytes(page("At eight."))
    assert call("add", "x.warc.gz", "page.html", "--fetched", "2026-05-01").code == 0
