"""Crawls over real HTTP on loopback, each in a process of its own, since a reactor starts once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.demo.server import DemoServer, serve
from crawler.demo.truth import ExpectedArticle, truth


def morgue(*arguments: str, archive: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    command = [sys.executable, "-m", "crawler", *arguments, *(["--archive", str(archive)] if archive else [])]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def crawl(url: str, archive: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Crawl without delay."""
    return morgue("crawl", url, "--delay", "0", "--concurrency", "4", *options, archive=archive)


@dataclass(frozen=True)
class DemoCrawl:
    """The demo newspaper, crawled twice over HTTP."""

    server: DemoServer
    archive: Path
    first: subprocess.CompletedProcess[str]
    second: subprocess.CompletedProcess[str]
    requests_of_first: int
    """Length of the server's log after the first crawl."""
    truth: Mapping[str, ExpectedArticle]
    """By slug; the changing page as its last visitor saw it."""
    changing: str
    """Address of the page that changes at each visit."""


@pytest.fixture(scope="session")
def demo_crawl(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoCrawl]:
    """Crawl the newspaper, and crawl it again."""
    archive = tmp_path_factory.mktemp("demo") / "demo.db"
    with serve() as server:
        first = crawl(server.base_url + "/", archive)
        requests = len(server.log)
        second = crawl(server.base_url + "/", archive)
        changing = server.site.special("changing")
        assert changing is not None
        told = truth(server.site, server.base_url, datetime.now(UTC))
        told |= {
            url: article
            for url, article in truth(server.site, server.base_url, datetime.now(UTC), visit=server.visits[changing.path]).items()
            if article.slug == changing.slug
        }
        by_slug = {article.slug: article for article in told.values()}
        yield DemoCrawl(server, archive, first, second, requests, by_slug, server.base_url + changing.path)
