import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archive import Archive
from archive.timestamps import now
from crawler.intake import intake

STORY = "The ferry to the outer island sailed on time every day of the week, the harbour office said on Monday morning. " * 3


class InThisProcess:
    """Work done at once, where a test can alter how."""

    def __init__(self, function, jobs) -> None:
        self.function = function

    def over(self, items):
        for item in items:
            yield item, self.function(item)


class InterruptedAfterOne(InThisProcess):
    def over(self, items):
        yield next(super().over(items))
        raise KeyboardInterrupt


def page(title: str, address: str | None = None) -> str:
    canonical = f'<link rel="canonical" href="{address}">' if address else ""
    return (
        f'<html lang="en"><head><title>{title}</title>{canonical}<meta property="og:type" content="article"></head>'
        f"<body><article><h1>{title}</h1><p>By Mara Lindqvist</p><p>{title}. {STORY}</p><p>{STORY}</p></article></body></html>"
    )


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.html").write_text(page(f"Story number {number}", f"https://a.example/story-{number}"))
    return folder


def test_a_folder_of_pages_is_taken_in(call, pages: Path) -> None:
    result = call("add", pages)
    assert result.code == 0
    assert "3 new" in result.out
    with Archive.open("morgue.db") as archive:
        assert sorted(article.url for article in archive.articles()) == [f"https://a.example/story-{n}" for n in range(3)]
        assert archive.verify() == []


def test_taking_in_twice_stores_nothing_twice(call, pages: Path) -> None:
    call("add", pages)
    report = json.loads(call("add", pages, "--json").out)
    assert (report["new"], report["changed"], report["unchanged"]) == (0, 0, 3)


def test_the_time_of_the_file_is_when_it_was_saved(call, pages: Path) -> None:
    moment = datetime(2026, 8, 22, 10, 0, tzinfo=UTC)
    os.utime(pages / "0.html", (moment.timestamp(), moment.timestamp()))
    call("add", pages / "0.html")
    call("add", pages / "1.html", "--fetched", "2026-05-01")
    with Archive.open("morgue.db") as archive:
        assert archive.revision(1).fetched_at == moment
        assert archive.revision(2).fetched_at == datetime(2026, 5, 1, tzinfo=UTC)


def test_a_page_was_not_saved_tomorrow(call, pages: Path) -> None:
    tomorrow = now() + timedelta(days=1)
    result = call("add", pages, "--fetched", tomorrow.isoformat())
    assert result.code == 2
    assert f"{tomorrow:%Y-%m-%d %H:%M} UTC is still to come" in result.err
    assert not Path("morgue.db").exists()
    assert call("add", pages, "--fetched", now().isoformat()).code == 0


def test_url_names_where_one_page_is_from(call, tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text(page("A story without an address"))
    assert call("add", "x.html", "--url", "https://b.example/story").code == 0
    with Archive.open("morgue.db") as archive:
        assert archive.article("https://b.example/story").title == "A story without an address"


def test_a_page_without_an_address_is_filed_under_its_path_and_said_so(call, tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text(page("A story without an address"))
    result = call("add", "x.html")
    assert "names no address" in result.out
    with Archive.open("morgue.db") as archive:
        assert archive.article(1).url == (tmp_path / "x.html").as_uri()


def test_what_is_no_article_becomes_none(call, tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text("<title>Contact</title><ul><li><a href=/a>A</a><li><a href=/b>B</a></ul>")
    report = json.loads(call("add", "x.html", "--json").out)
    assert (report["new"], report["not_articles"]) == (0, 1)


def test_what_cannot_be_read_is_named_and_the_rest_kept(call, pages: Path) -> None:
    (pages / "9.html.gz").write_bytes(b"\x1f\x8b broken")
    (pages / "8.warc").write_bytes(b"no warc")
    result = call("add", pages)
    assert result.code == 3
    assert "3 new" in result.out
    assert "9.html.gz" in result.out
    assert "8.warc" in result.out


def test_nothing_readable_is_a_failure(call, tmp_path: Path) -> None:
    (tmp_path / "8.warc").write_bytes(b"no warc")
    assert call("add", "8.warc").code == 1
    assert call("add", "missing.html").code == 1


def test_a_page_from_stdin_is_taken_in(call) -> None:
    assert call("add", "-", stdin=page("Story from stdin", "https://a.example/stdin").encode()).code == 0
    with Archive.open("morgue.db") as archive:
        assert archive.article("https://a.example/stdin").title == "Story from stdin"


def test_a_warc_brings_address_time_and_headers(call, tmp_path: Path) -> None:
    body = page("Story from a crawl").encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: x1\r\n\r\n" + body
    head = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/crawled\r\nWARC-Date: 2026-08-22T10:05:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    (tmp_path / "x.warc").write_bytes(head.encode() + http + b"\r\n\r\n")
    assert call("add", "x.warc").code == 0
    with Archive.open("morgue.db") as archive:
        stored = archive.revision(archive.article("https://a.example/crawled").id)
        assert stored.fetched_at == datetime(2026, 8, 22, 10, 5, tzinfo=UTC)
        assert archive.payload(stored.capture_id) == body


@pytest.mark.parametrize("url", ["nope", "http://[::1", "ftp://b.example/story", "https://"])
@pytest.mark.parametrize("command", ["add", "extract"])
def test_an_address_that_is_none_is_exit_code_2(call, tmp_path: Path, command: str, url: str) -> None:
    (tmp_path / "x.html").write_text(page("A story without an address"))
    result = call(command, "x.html", "--url", url)
    assert (result.code, result.out) == (2, "")
    assert "is no http(s) address" in result.err


def test_many_pages_of_one_site_are_packed_when_all_are_taken_in(call, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    frame = "".join(f"<li><a href='/section/{n**5}'>{n**9}</a></li>" for n in range(300))
    for number in range(12):
        text = page(f"Story number {number}", f"https://a.example/story-{number}")
        (folder / f"{number}.html").write_text(text.replace("<article>", f"<nav>{frame}</nav><article>"))
    assert call("add", folder).code == 0
    with closing(sqlite3.connect("morgue.db")) as db, db:
        assert db.execute("SELECT count(*) FROM payloads WHERE codec = 'zstd-dictionary'").fetchone() == (12,)
    with Archive.open("morgue.db") as archive:
        assert archive.verify() == []
        assert archive.payload(1) in {path.read_bytes() for path in folder.iterdir()}


def test_each_page_that_is_read_is_counted_once(call, pages: Path) -> None:
    call("add", pages / "0.html")
    (pages / "3.html").write_text("<title>Contact</title><ul><li><a href=/a>A</a><li><a href=/b>B</a></ul>")
    (pages / "4.html.gz").write_bytes(b"\x1f\x8b broken")
    (pages / "5.html").write_text(page("Story number 1, again", "https://a.example/story-1"))
    (pages / "8.warc").write_bytes(b"no warc")
    report = json.loads(call("add", pages, "--json").out)
    assert [name for name, _ in report["failed"]] == [str(pages / "4.html.gz")]
    assert [name for name, _ in report["damaged"]] == [str(pages / "8.warc")]
    kinds = ("new", "changed", "unchanged", "not_articles")
    assert {kind: report[kind] for kind in kinds} == {"new": 2, "changed": 1, "unchanged": 1, "not_articles": 1}
    assert report["read"] == 6


def test_a_page_that_fails_is_counted_once_though_it_is_kept(call, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "OrderedWork", InThisProcess)
    monkeypatch.setattr("crawler.intake.pages.read_responses", lambda _: 1 / 0)
    for _ in range(2):
        report = json.loads(call("add", pages, "--json").out)
        assert (report["read"], len(report["failed"]), report["unchanged"]) == (3, 3, 0)


def test_an_interrupted_add_says_so_and_goes_on(call, pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(intake, "OrderedWork", InterruptedAfterOne)
        result = call("add", pages, "https://a.example/never-fetched")
    assert result.code == 130
    assert "1 page read" in result.out
    assert "Interrupted. What was read is kept; the same command goes on from here." in result.out
    report = json.loads(call("add", pages, "--json").out)
    assert (report["read"], report["new"], report["unchanged"]) == (3, 2, 1)


def test_an_export_that_is_added_again_changes_no_article(call, pages: Path) -> None:
    call("add", pages, "--fetched", "2026-05-01")
    before = call("export", "jsonl").out
    assert call("export", "markdown", "-o", "out").code == 0
    assert "3 known already" in call("add", "out").out
    assert call("export", "jsonl").out == before
    call("add", "out", "--archive", "copy.db")
    with Archive.open("copy.db") as copy:
        seen = {(article.first_seen, article.last_seen) for article in copy.articles()}
    assert seen == {(datetime(2026, 5, 1, tzinfo=UTC),) * 2}
    assert "3 known already" in call("add", "out", "--archive", "copy.db", "--fetched", "2026-06-01").out
    with Archive.open("copy.db") as copy:
        assert {article.last_seen for article in copy.articles()} == {datetime(2026, 6, 1, tzinfo=UTC)}
