"""What goes out as WARC or WACZ comes back into a new archive as the same articles, revisions and captures."""

from __future__ import annotations

import io
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.capture import Capture, Payload
from archive.export.warc import TYPED_ANEW, write_warc
from crawler.intake.pages import SavedPage
from crawler.intake.warc import Records
from tests.archive.samples import NOW, article_visit
from tests.end_to_end.conftest import DemoCrawl, morgue

ARTICLES = (
    "SELECT url, site, title, dek, byline, published, published_precision, modified, lang, section, word_count, text, "
    "first_seen, last_seen, revisions, withdrawn, newest FROM articles ORDER BY url"
)
REVISIONS = (
    "SELECT a.url, r.number, r.digest, c.url, c.fetched, c.payload, r.reader, r.tags, r.licence, r.text FROM revisions AS r "
    "JOIN articles AS a ON a.id = r.article_id JOIN captures AS c ON c.id = r.capture_id ORDER BY 1, 2"
)
CAPTURES = (
    "SELECT f.url, f.redirects, c.url, c.fetched, c.status, c.kind, c.payload, c.headers FROM captures AS c "
    "JOIN fetches AS f ON f.id = c.fetch_id ORDER BY 1, 3, 4, 7, 8"
)
BLOCKS = (
    "SELECT a.url, b.* FROM (SELECT article_id, revision, position, section, kind, label, text, level FROM blocks) AS b "
    "JOIN articles AS a ON a.id = b.article_id ORDER BY a.url, b.revision, b.position"
)


def rows(archive: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(archive)) as db, db:
        return [tuple(row) for row in db.execute(query)]


def captures(archive: Path) -> list[tuple[Any, ...]]:
    """Captures with the headers that are not of the wire."""
    return [(*row, true_of_the_body(json.loads(headers))) for *row, headers in rows(archive, CAPTURES)]


def true_of_the_body(headers: Any) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in TYPED_ANEW]


@pytest.mark.crawl
@pytest.mark.parametrize("name", ["out.wacz"])  # which holds a WARC as `export warc` writes it
def test_the_demo_archive_comes_back_whole(demo_crawl: DemoCrawl, tmp_path: Path, name: str) -> None:
    out, back = tmp_path / name, tmp_path / "back.db"
    done = morgue("export", name.split(".")[1], "--rest", "-o", str(out), archive=demo_crawl.archive)
    assert done.returncode == 0, done.stderr
    done = morgue("add", str(out), "--json", archive=back)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["failed"] == []
    assert rows(back, ARTICLES) == rows(demo_crawl.archive, ARTICLES)
    assert rows(back, REVISIONS) == rows(demo_crawl.archive, REVISIONS)
    assert captures(back) == captures(demo_crawl.archive)
    without_ids = [[(row[0], *row[2:]) for row in rows(path, BLOCKS)] for path in (back, demo_crawl.archive)]
    assert without_ids[0] == without_ids[1]
    with Archive.open(back, readonly=True) as archive:
        assert archive.verify() == []
    again = json.loads(morgue("add", str(out), "--json", archive=back).stdout)
    assert (again["new"], again["changed"], again["not_articles"]) == (0, 0, 0)
    assert captures(back) == captures(demo_crawl.archive)


names = st.from_regex(r"X-[A-Za-z0-9-]{0,12}", fullmatch=True)
values = st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFFFF, exclude_categories=["Cs", "Cc"]), max_size=30).map(
    str.strip
)
times = st.integers(0, 10**9).map(lambda seconds: datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
pages = st.builds(
    Capture,
    url=st.sampled_from(["https://a.example/", "http://b.example:8080/x?y=1&z=%20", "https://ü.example/ß"]),
    fetched=times,
    status=st.just(200),
    headers=st.lists(st.tuples(names, values), max_size=5).map(tuple),
    payload=st.binary(min_size=1, max_size=300).map(lambda body: Payload.of(b"<p>" + body)),
    kind=st.sampled_from(["response", "response", "file", "rendered"]),
)  # fmt: skip


@settings(max_examples=40)
@given(found=st.lists(pages, max_size=5, unique_by=lambda page: (page.url, page.fetched)), packed=st.booleans())
def test_any_headers_and_bodies_come_back(tmp_path_factory: pytest.TempPathFactory, found: list[Capture], packed: bool) -> None:
    stream = io.BytesIO()
    with Archive.create(tmp_path_factory.mktemp("archive") / "morgue.db") as archive:
        visits = [article_visit(page.url, page.fetched.isoformat(), captures=(page,), fetched=page.fetched) for page in found]
        archive.commit(None, visits, NOW)
        write_warc(archive.articles(), stream, archive, packed=packed)
    reader = Records()
    back = [*reader.stream(stream, "x.warc"), *reader.rest()]
    reader.close()
    assert all(isinstance(page, SavedPage) for page in back)
    told = sorted((p.url, p.fetched, p.kind, p.body, true_of_the_body(p.headers)) for p in back if isinstance(p, SavedPage))
    assert told == sorted((p.url, p.fetched, p.kind, p.payload.read(), true_of_the_body(p.headers)) for p in found)
