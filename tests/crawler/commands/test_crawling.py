"""Crawls over real HTTP, each in a process of its own, as a reactor starts once."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from archive import Archive
from crawler.demo.server import serve

ROOT = Path(__file__).parents[3]
SECONDS = 300
pytestmark = pytest.mark.crawl


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "crawler", *(str(argument) for argument in arguments)]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def run(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), input=stdin, capture_output=True, text=True, env=environment(), timeout=SECONDS, check=False
    )


@contextmanager
def site(answer: Callable[[str], tuple[int, str]]) -> Iterator[str]:
    """A site of HTML pages: path -> status and body."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body.encode())))
            if status == 429:
                self.send_header("Retry-After", "9000")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def story(number: int) -> str:
    text = f"Story {number}: the ferry to the outer island sailed on time every day of the week, said the harbour office. " * 4
    return (
        f'<html lang="en"><head><title>The story with number {number}</title><meta property="og:type" content="article"></head>'
        f"<body><article><h1>The story with number {number}</h1><p>By Mara Lindqvist</p><p>{text}</p><p>{text}</p></article>"
    )


def small_paper(path: str) -> tuple[int, str]:
    """A front page with three stories, of which the last cannot be had."""
    if path == "/":
        links = "".join(
            f'<li><a href="/2026/09/0{n}/story-with-number-{n}.html">The story with number {n}</a>' for n in (1, 2, 3)
        )
        return 200, f"<title>Small paper</title><ul>{links}</ul>"
    if path.startswith("/2026/09/03/"):
        return 500, "broken"
    if path.startswith("/2026/09/"):
        return 200, story(int(path[10]))
    return 404, "not here"


def test_the_demo_is_crawled_and_shown() -> None:
    first = run("demo")
    assert first.returncode == 0, first.stderr
    assert "Observatory diary: the week the thrushes fell" in first.stdout
    assert "morgue search ferry --archive demo.db" in first.stdout
    second = run("demo", "--json")
    assert (second.returncode, json.loads(second.stdout)["articles_new"]) == (0, 0), second.stderr
    found = run("search", "ferry", "--archive", "demo.db", "--json")
    assert json.loads(found.stdout)
    assert run("verify", "--archive", "demo.db").returncode == 0


def test_discover_lists_articles_and_fetches_none() -> None:
    with serve() as server:
        result = run("discover", server.base_url, "--delay", 0, "--json")
        assert result.returncode == 0, result.stderr
        rows = json.loads(result.stdout)
        asked = {entry.path for entry in server.log}
    assert len(rows) > 50
    assert {"feed", "sitemap"} & {row["how"].split()[-1] for row in rows}
    assert not asked & {row["url"].removeprefix(server.base_url) for row in rows}
    assert not Path("morgue.db").exists()


def test_a_page_that_fails_makes_a_crawl_partly_done() -> None:
    with site(small_paper) as address:
        result = run("crawl", address, "--delay", 0, "--json")
    report = json.loads(result.stdout)
    assert result.returncode == 3, result.stderr
    assert report["articles_new"] == 2
    assert [failed["url"] for failed in report["failed"]] == [f"{address}/2026/09/03/story-with-number-3.html"]


def test_the_sources_of_the_configuration_are_crawled_by_name_or_all() -> None:
    with site(small_paper) as address:
        Path("morgue.toml").write_text(f'delay = 0\n[[sources]]\nname = "small"\nurl = "{address}"\ndeny = ["/03/"]\n')
        assert run("crawl", "small").returncode == 0
        assert run("crawl").returncode == 0
        assert run("crawl", "large").returncode == 2
    with Archive.open("morgue.db") as archive:
        assert [source.name for source in archive.sources()] == ["small"]
        assert archive.stats().articles == 2


def test_a_list_of_addresses_is_fetched_without_following() -> None:
    with site(small_paper) as address:
        Path("morgue.toml").write_text("delay = 0\n")
        result = run("add", "-", stdin=f"# one\n{address}/2026/09/01/story-with-number-1.html\n")
    assert result.returncode == 0, result.stderr
    with Archive.open("morgue.db") as archive:
        assert [article.title for article in archive.articles()] == ["The story with number 1"]


def test_a_site_that_refuses_is_exit_code_4() -> None:
    with site(lambda path: (404, "") if path == "/robots.txt" else (403, "no")) as address:
        result = run("crawl", address, "--delay", 0)
    assert result.returncode == 4, result.stdout + result.stderr
    assert "status 403" in result.stdout


def test_a_site_that_limits_our_rate_for_long_is_exit_code_4() -> None:
    with site(lambda path: (404, "") if path == "/robots.txt" else (429, "slow down")) as address:
        result = run("crawl", address, "--delay", 0)
    assert result.returncode == 4, result.stdout + result.stderr
    assert "asks to wait 9000 s" in result.stdout


def test_a_site_that_is_not_there_is_exit_code_1_with_the_reason() -> None:
    with socket.socket() as taken:  # by nobody who listens
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        result = run("crawl", f"http://127.0.0.1:{port}", "--delay", 0)
    assert result.returncode == 1, result.stdout + result.stderr
    assert f"http://127.0.0.1:{port}: robots.txt cannot be read" in result.stdout


def test_a_crawl_that_is_interrupted_says_so_and_goes_on_later() -> None:
    asked, told = threading.Event(), threading.Event()

    def slow_paper(path: str) -> tuple[int, str]:
        if path.startswith("/2026/"):
            asked.set()
            told.wait(SECONDS)
        return small_paper(path)

    with site(slow_paper) as address:
        with subprocess.Popen(
            command("crawl", address, "--delay", 0), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
        ) as process:
            assert asked.wait(SECONDS)
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            assert "Ending what is under way" in process.stderr.readline()
            told.set()
            process.communicate(timeout=SECONDS)
        assert process.returncode == 130
        again = run("crawl", address, "--delay", 0, "--json")
    assert json.loads(again.stdout)["resumed"] is True
    with Archive.open("morgue.db") as archive:
        assert archive.stats().articles == 2


def test_two_crawls_into_one_archive_are_refused() -> None:
    with Archive.create("morgue.db") as archive, archive.lock_for_crawl():
        result = run("crawl", "http://127.0.0.1:9", "--delay", 0)
    assert result.returncode == 1
    assert "another crawl" in result.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files")
def test_an_archive_that_cannot_grow_ends_the_crawl_with_one_reason_and_loses_nothing(tmp_path: Path) -> None:
    import resource

    with serve() as server:
        arguments = ("crawl", server.base_url, "--delay", "0", "--concurrency", "8", "--archive", tmp_path / "a.db")
        small = subprocess.run(
            command(*arguments), capture_output=True, text=True, env=environment(), timeout=SECONDS, check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, 700_000)),
        )  # fmt: skip
        assert small.returncode == 1
        assert "Error: the archive: " in small.stderr
        assert "Traceback" not in small.stderr
        with Archive.open(tmp_path / "a.db", readonly=True) as archive:
            kept = archive.stats().articles
            assert archive.verify() == []
        resumed = run(*arguments)
    assert "going on from a run that was cut off" in resumed.stdout
    with Archive.open(tmp_path / "a.db", readonly=True) as archive:
        assert archive.stats().articles > kept
        assert archive.verify() == []
