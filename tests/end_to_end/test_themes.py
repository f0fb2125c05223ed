"""Stock themes of static generators, crawled from their bare address: every article whole, and nothing else in it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from archive import Archive
from crawler.demo.site import Story
from pipelines.page.page import Kind
from tests.end_to_end.conftest import crawl
from tests.end_to_end.themes import build_nikola, build_pelican, stories

pytestmark = pytest.mark.crawl
THEMES = {"pelican notmyidea": (build_pelican, "notmyidea"), "pelican simple": (build_pelican, "simple"),
          "nikola bootblog4": (build_nikola, "bootblog4"), "nikola base": (build_nikola, "base")}  # fmt: skip
KINDS = {"p": Kind.PARAGRAPH, "caption": Kind.PARAGRAPH, "quote": Kind.QUOTE, "ul": Kind.LIST_ITEM, "ol": Kind.LIST_ITEM,
         "table": Kind.TABLE_ROW, "code": Kind.CODE}  # fmt: skip
"""Markdown has no captions: they are paragraphs there."""


@dataclass(frozen=True)
class ThemeCrawl:
    archive: Path
    stderr: str


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session", params=THEMES)
def theme_crawl(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThemeCrawl]:
    build, theme = THEMES[request.param]
    folder = tmp_path_factory.mktemp("theme")
    with ThreadingHTTPServer(("127.0.0.1", 0), _Quiet) as server:
        url = f"http://127.0.0.1:{server.server_port}"
        server.RequestHandlerClass = partial(_Quiet, directory=str(build(folder, url, theme)))  # type: ignore[assignment]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = crawl(url + "/", folder / "theme.db")
        yield ThemeCrawl(folder / "theme.db", done.stderr)
        server.shutdown()


def test_its_articles_and_nothing_else(theme_crawl: ThemeCrawl) -> None:
    with Archive.open(theme_crawl.archive, readonly=True) as archive:
        titles = sorted(article.title or article.url for article in archive.articles())
    assert titles == sorted(story.title for story in stories()), theme_crawl.stderr


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.slug)
def test_every_field_is_right(theme_crawl: ThemeCrawl, story: Story) -> None:
    with Archive.open(theme_crawl.archive, readonly=True) as archive:
        got = next(a for a in archive.articles() if a.title == story.title)
        revision = archive.revision(got.id).revision
    assert got.authors == tuple(author.name for author in story.authors)
    assert got.published is not None
    assert got.published[:10] == story.published.date().isoformat()
    assert got.dek is None
    assert got.lang == "en"
    assert sorted(revision.tags) == sorted(story.tags)


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.slug)
def test_the_body_is_whole_and_nothing_else(theme_crawl: ThemeCrawl, story: Story) -> None:
    with Archive.open(theme_crawl.archive, readonly=True) as archive:
        got = next(a for a in archive.articles() if a.title == story.title)
        revision = archive.revision(got.id).revision
    body = [(b.kind, " ".join(b.text.split())) for b in revision.blocks if b.label == "article"]
    assert body == _expected_body(story)


def _expected_body(story: Story) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for section in story.sections:
        if section.heading:
            rows.append(("heading", section.heading))
        for block in section.blocks:
            lines = ("\n".join(block.lines),) if block.kind == "code" else block.lines
            rows += [(KINDS[block.kind].value, " ".join(line.split())) for line in lines]
    return rows
