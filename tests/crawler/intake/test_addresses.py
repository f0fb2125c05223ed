import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.intake.addresses import declared_address, exported_capture, origin_of
from crawler.intake.pages import SavedPage, take


@pytest.mark.parametrize(
    ("page", "address"),
    [
        (b'<link rel="canonical" href="https://a.example/x">', "https://a.example/x"),
        (b"<LINK href='https://a.example/x?a=1&amp;b=2' REL='Canonical'>", "https://a.example/x?a=1&b=2"),
        (b"<link rel=canonical href=https://a.example/x>", "https://a.example/x"),
        (b'<meta property="og:url" content="https://a.example/og">', "https://a.example/og"),
        (
            b'<link rel="canonical" href="/x"><meta property="og:url" content="https://a.example/og">',
            "https://a.example/x",
        ),
        (
            b"<!-- saved from url=(0022)https://a.example/saved --><link rel=canonical href=https://b.example/>",
            "https://a.example/saved",
        ),
        (b"---\ntitle: T\nurl: https://a.example/md\n---\n# T\n", "https://a.example/md"),
        (b'---\nurl: https://a.example/md\n---\n\\<link rel="canonical" href="https://b.example/">\n', "https://a.example/md"),
        (b'---\nurl: "https://[broken/"\n---\n<link rel="canonical" href="https://a.example/x">\n', "https://a.example/x"),
        (b"---\ntitle: " + b"long " * 100_000 + b"\nurl: https://a.example/md\n---\n", "https://a.example/md"),
        ('<link rel="canonical" href="https://a.example/größe">'.encode(), "https://a.example/größe"),
        (b'<link rel="canonical" href="/relative">', None),
        (b'<link rel="stylesheet" href="https://a.example/x.css">', None),
        (b'<link rel="canonical" href="javascript:void(0)">', None),
        (b'<link rel="canonical" href="https://[broken/">', None),
        (b"plain text", None),
        (b"", None),
    ],
)
def test_a_page_says_where_it_is_from(page: bytes, address: str | None) -> None:
    assert declared_address(page) == address


@pytest.mark.parametrize(
    ("page", "moment"),
    [
        (b'---\nexported_by: "morgue"\ncaptured: "2026-08-22T10:05:00Z"\n---\n', datetime(2026, 8, 22, 10, 5, tzinfo=UTC)),
        (b"---\r\ncaptured: 2026-08-22T10:05:00Z\r\nexported_by: morgue\r\n---\r\n", datetime(2026, 8, 22, 10, 5, tzinfo=UTC)),
        (b'---\nexported_by: "morgue"\n---\n', None),
        (b'---\nexported_by: "morgue"\ncaptured: "0001-01-01T00:00:00+05:30"\n---\n', None),
        (b'---\nexported_by: "another"\ncaptured: "2026-08-22T10:05:00Z"\n---\n', None),
        (b'exported_by: "morgue"\ncaptured: "2026-08-22T10:05:00Z"\n', None),
    ],
)
def test_an_export_says_when_its_page_was_captured(page: bytes, moment: datetime | None) -> None:
    assert exported_capture(page) == moment


@given(st.binary(max_size=400) | st.text(alphabet="<>link=\"' metahrefcanonical/:", max_size=400).map(str.encode))
def test_no_bytes_break_it(page: bytes) -> None:
    declared_address(page)


@pytest.mark.parametrize("name", ["page.json", "page.html.json"])
def test_a_json_file_beside_the_page_wins(tmp_path: Path, name: str) -> None:
    page = tmp_path / "page.html"
    page.touch()
    (tmp_path / name).write_text(json.dumps({"url": "https://a.example/1", "fetched": "2026-08-22T10:00:00+02:00"}))
    origin = origin_of(page, b'<link rel="canonical" href="https://a.example/other">')
    assert (origin.url, origin.fetched) == ("https://a.example/1", datetime(2026, 8, 22, 8, 0, tzinfo=UTC))


def test_a_page_that_says_nothing_is_filed_under_its_path(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    origin = origin_of(page, b"<p>Hello")
    assert origin.url == page.as_uri()
    assert origin.note


@pytest.mark.parametrize(
    ("beside", "reason"),
    [
        ("{bad", "page.json: lies beside the page and is no JSON"),
        ('{"url": 5}', "page.json: lies beside the page, and its `url` is no http(s) address: 5"),
        ('{"url": "/a"}', "page.json: lies beside the page, and its `url` is no http(s) address: '/a'"),
        ('{"url": "https://a.example/", "fetched": "yesterday"}', "its `fetched` is no ISO time: 'yesterday'"),
        ('{"url": "https://a.example/", "fetched": 5}', "its `fetched` is no ISO time: 5"),
    ],
)
def test_a_json_file_beside_the_page_that_makes_no_sense_is_named(tmp_path: Path, beside: str, reason: str) -> None:
    page = tmp_path / "page.html"
    page.write_text("<p>Hello")
    (tmp_path / "page.json").write_text(beside)
    taken = take(SavedPage(str(page), page))
    assert taken.visit is None
    assert taken.note is not None
    assert taken.note.endswith(reason)


@pytest.mark.parametrize("beside", ["[]", '{"width": 5}', '{"url": null}'])
def test_a_json_file_beside_the_page_that_is_for_something_else_is_passed_over(tmp_path: Path, beside: str) -> None:
    (tmp_path / "page.json").write_text(beside)
    assert (
        origin_of(tmp_path / "page.html", b'<link rel="canonical" href="https://a.example/a b">').url == "https://a.example/a%20b"
    )
