"""An index of captures as a source: the demo newspaper goes out as WARC, and comes back through pywb as it was."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.conftest import PATIENCE, DemoCrawl, morgue, wait_for
from tests.end_to_end.small_site import Reply, SmallSite, small_site

pytestmark = pytest.mark.crawl

TRIES = 3
REPLAY = Path(__file__).parents[2] / ".replay" / "bin"
READINGS = """
SELECT a.url, r.title, r.dek, r.byline, r.published, r.modified, r.lang, r.text FROM articles AS a
JOIN revisions AS r ON r.article_id = a.id ORDER BY a.url, r.number
"""
CAPTURES = "SELECT url, fetched, payload FROM captures"
STORY = """<!doctype html><html lang="en"><head><title>The ferry is late</title><meta property="og:type" content="article"></head>
<body><main><article><h1>The ferry is late</h1><p>The ferry of {n} came in late on Monday, and nobody was surprised.</p>
<p>Nobody is worried yet. The skipper says that the tide has its own mind, and that she will try again.</p></article></main>
</body></html>"""


def configure(folder: Path, index: str, match: str, more: str = "") -> Path:
    path = folder / "morgue.toml"
    source = f'name = "captures"\nkind = "cdx"\nurl = "{index}"\nmatch = "{match}"\n{more}\n'
    path.write_text(f'archive = "morgue.db"\ndelay = 0\nconcurrency = 4\n[[sources]]\n{source}')
    return path


def rows(archive: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(archive)) as db:
        return db.execute(query).fetchall()


@contextmanager
def pywb(folder: Path) -> Iterator[str]:
    """Serve the collections of a folder on a free port; another one where somebody was faster to take it."""
    port, server = next(started for started in (_start_pywb(folder) for _ in range(TRIES)) if started is not None)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        os.kill(server.pid, signal.SIGKILL)
        server.wait()


def _start_pywb(folder: Path) -> tuple[int, subprocess.Popen[bytes]] | None:
    """Its port and process, once it answers; None where it ended."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [str(REPLAY / "wayback"), "-p", str(port), "-b", "127.0.0.1"]
    with (folder / "pywb.log").open("a") as log:
        server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    answers = wait_for(lambda: "ended" if server.poll() is not None else _answers(port) and "answers")
    return (port, server) if answers == "answers" else None


def _answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE).close()
    except OSError:
        return False
    return True


@pytest.mark.skipif(
    not (REPLAY / "wayback").exists(), reason="pywb is not installed: `make replay-env` puts it beside the checkout"
)
def test_what_was_exported_comes_back_through_pywb_as_it_was(demo_crawl: DemoCrawl, tmp_path: Path) -> None:
    assert morgue("export", "warc", "-o", str(tmp_path / "demo.warc.gz"), archive=demo_crawl.archive).returncode == 0
    for command in (["init", "demo"], ["add", "demo", "demo.warc.gz"]):
        subprocess.run([str(REPLAY / "wb-manager"), *command], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    home = f"{demo_crawl.server.base_url}/"
    asked = len(demo_crawl.server.log)
    with pywb(tmp_path) as server:
        config = configure(tmp_path, f"{server}/demo/cdx", f"{home}*")
        first = morgue("crawl", "--config", str(config))
        again = morgue("crawl", "--config", str(config))
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert rows(tmp_path / "morgue.db", READINGS) == rows(demo_crawl.archive, READINGS)
    assert set(rows(tmp_path / "morgue.db", CAPTURES)) <= set(rows(demo_crawl.archive, CAPTURES))
    assert "0 new articles, 0 changed; 1 address fetched" in again.stdout
    assert len(demo_crawl.server.log) == asked


class Captures(dict):  # type: ignore[type-arg]
    """A replay server with two captures of one page, newest first in its index."""

    def get(self, path: str, default: Reply | None = None) -> Reply | None:
        """What it answers."""
        home = "https://post.example/2020/01/05/the-ferry-is-late"
        if path.startswith("/coll/cdx?"):
            lines = [f"key {year}0105101500 {home} text/html 200 {year} 1" for year in (2022, 2020)]
            return Reply("\n".join(lines), content_type="text/plain")
        if path.endswith(f"id_/{home}"):
            return Reply(STORY.format(n=path[6:10]), headers={"X-Archive-Orig-Server": "old", "Link": "<x>; rel=original"})
        return super().get(path, default)


@pytest.fixture
def replay() -> Iterator[SmallSite]:
    with small_site(Captures()) as site:
        yield site


def test_revisions_come_in_the_order_of_their_captures(replay: SmallSite, tmp_path: Path) -> None:
    config = configure(tmp_path, f"{replay.url}/coll/cdx", "https://post.example/*")
    done = morgue("crawl", "--config", str(config))
    assert done.returncode == 0, done.stderr
    assert [row[0] for row in rows(tmp_path / "morgue.db", "SELECT fetched FROM captures ORDER BY fetched")] == [
        "2020-01-05T10:15:00Z",
        "2022-01-05T10:15:00Z",
    ]
    ((url, text, revisions),) = rows(tmp_path / "morgue.db", "SELECT url, text, revisions FROM articles")
    assert (url, revisions) == ("https://post.example/2020/01/05/the-ferry-is-late", 2)
    assert "The ferry of 2022" in str(text)


def test_captures_are_not_due_again_by_themselves(replay: SmallSite, tmp_path: Path) -> None:
    config = configure(tmp_path, f"{replay.url}/coll/cdx", "https://post.example/*", 'since = "2021"')
    for _ in range(2):
        assert morgue("crawl", "--due", "--config", str(config)).returncode == 0
    assert [entry.path[6:10] for entry in replay.log if "id_" in entry.path] == ["2022"]
    assert rows(tmp_path / "morgue.db", "SELECT count(*) FROM frontier WHERE how = 'capture' AND revisit IS NOT NULL") == [(0,)]


def test_robots_of_the_replay_host_are_obeyed(replay: SmallSite, tmp_path: Path) -> None:
    replay.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /coll/2022\n", content_type="text/plain")
    config = configure(tmp_path, f"{replay.url}/coll/cdx", "https://post.example/*")
    morgue("crawl", "--config", str(config))
    assert [entry.path[6:10] for entry in replay.log if "id_" in entry.path] == ["2020"]
    assert rows(tmp_path / "morgue.db", "SELECT count(*) FROM fetches WHERE outcome = 'robots'") == [(1,)]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('kind = "cdx"\nurl = "https://replay.example/coll/cdx"', "needs `match` beside it"),
        ('kind = "cdx"\nurl = "https://replay.example/find"\nmatch = "*.post.example"', "needs `replay` beside it"),
        ('url = "https://replay.example/"\nmatch = "*.post.example"', 'belongs to sources of `kind = "cdx"`'),
        ('kind = "cdx"\nurl = "https://replay.example/coll/cdx"\nmatch = "https://*.post.example/*"', "must be as"),
        (
            'kind = "cdx"\nurl = "https://r.example/c/cdx"\nmatch = "*.post.example"\nreplay = "https://r.example/{url}"',
            "must be as",
        ),
    ],
)
def test_a_source_of_captures_that_makes_no_sense_is_refused(tmp_path: Path, source: str, complaint: str) -> None:
    (tmp_path / "morgue.toml").write_text(f'[[sources]]\nname = "captures"\n{source}\n')
    done = morgue("crawl", "--config", str(tmp_path / "morgue.toml"))
    assert done.returncode == 2
    assert complaint in done.stderr
