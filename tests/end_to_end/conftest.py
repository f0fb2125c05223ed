"""Crawls over real HTTP on loopback, each in a process of its own, since a reactor starts once."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from archive.timestamps import CLOCK_VARIABLE
from crawler.demo.server import DemoServer, serve
from crawler.demo.truth import ExpectedArticle, truth

T = TypeVar("T")

PATIENCE = 300.0
"""Seconds after which what a test waits for does not happen; a machine may be ten times as slow as ours and have much to do."""
DEMO_TIME = datetime(2026, 11, 20, 10, tzinfo=UTC)
"""When the newspaper is crawled: its relative dates must not fall on two days, whatever the hour."""
BETWEEN = timedelta(minutes=10)
"""Between its two crawls: what the sitemap says has changed since then is to be seen."""


def wait_for(condition: Callable[[], T]) -> T:
    """Return the first true answer of `condition`."""
    end = time.monotonic() + PATIENCE
    while not (answer := condition()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return answer


def is_alive(pid: int) -> bool:
    """Whether a process is there, and not only waiting to be reaped, which nobody may do in a container."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    try:
        return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def rows(archive: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    """What a query finds in an archive."""
    with closing(sqlite3.connect(archive)) as db:
        return db.execute(query, values).fetchall()


def morgue(*arguments: str, archive: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    command = [sys.executable, "-m", "crawler", *arguments, *(["--archive", str(archive)] if archive else [])]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)


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
    moments = [DEMO_TIME]
    with serve(clock=lambda: moments[-1]) as server, pytest.MonkeyPatch.context() as environment:
        environment.setenv(CLOCK_VARIABLE, DEMO_TIME.isoformat())
        first = crawl(server.base_url + "/", archive)
        requests = len(server.log)
        moments.append(DEMO_TIME + BETWEEN)
        environment.setenv(CLOCK_VARIABLE, moments[-1].isoformat())
        second = crawl(server.base_url + "/", archive)
        changing = server.site.special("changing")
        assert changing is not None
        told = truth(server.site, server.base_url, DEMO_TIME)
        told |= {
            url: article
            for url, article in truth(server.site, server.base_url, moments[-1], visit=server.visits[changing.path]).items()
            if article.slug == changing.slug
        }
        by_slug = {article.slug: article for article in told.values()}
        yield DemoCrawl(server, archive, first, second, requests, by_slug, server.base_url + changing.path)
