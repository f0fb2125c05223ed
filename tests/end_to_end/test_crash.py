"""After `kill -9` at any moment the same command goes on: nothing lost, stored twice, or fetched again that was kept."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive import Archive
from bench.crash import differences, disturbed, undisturbed
from tests.end_to_end.conftest import PATIENCE, crawl, is_alive, wait_for
from tests.end_to_end.small_site import SmallSite, held, small_site, stories

pytestmark = pytest.mark.crawl


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, float]]:
    """An archive of a run that nobody disturbed, and the seconds that it took."""
    return undisturbed(tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_killed_crawl_resumed_gives_the_same_archive(whole: tuple[Path, float], tmp_path: Path, number: int) -> None:
    archive, seconds = whole
    resumed, result = disturbed(tmp_path, number, random.Random(number), seconds, most_kills=3)
    assert differences(archive, resumed) == []
    assert result.fetched_again == []
    with Archive.open(resumed, readonly=True) as opened:
        assert opened.verify() == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_readers_end_with_a_crawler_that_was_killed(tmp_path: Path) -> None:
    with small_site(held(stories(1))[0]) as site:
        command = [sys.executable, "-m", "crawler", "crawl", site.url, "--delay", "0", "--archive", str(tmp_path / "a.db")]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        readers = wait_for(lambda: _readers_of(process.pid))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        wait_for(lambda: not any(map(is_alive, readers)))


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_reader_that_is_killed_costs_nothing(tmp_path: Path) -> None:
    pages, free = held(stories(6))
    with small_site(pages) as site:
        command = [sys.executable, "-m", "crawler", "crawl", site.url, "--delay", "0", "--archive", str(tmp_path / "a.db")]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        readers = wait_for(lambda: _readers_of(process.pid))
        wait_for(lambda: any("pier" in entry.path for entry in site.log))
        os.kill(readers[0], signal.SIGKILL)
        free.set()
        assert process.wait(PATIENCE) == 0
    with Archive.open(tmp_path / "a.db", readonly=True) as archive:
        assert len(list(archive.articles())) == 6


def test_two_crawls_into_one_archive_do_not_meet(tmp_path: Path) -> None:
    pages, free = held(stories(1))
    with small_site(pages) as site:
        command = [sys.executable, "-m", "crawler", "crawl", site.url, "--delay", "0", "--archive", str(tmp_path / "a.db")]
        first = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        wait_for(lambda: site.log)
        second = crawl(site.url, tmp_path / "a.db")
        free.set()
        assert first.wait(PATIENCE) == 0
    assert second.returncode == 1
    assert "another" in second.stderr.lower()


def test_ctrl_c_ends_a_crawl_and_the_same_command_goes_on(tmp_path: Path) -> None:
    pages, free = held(stories(5))
    with small_site(pages) as site, interrupted(site, tmp_path / "a.db") as process:
        free.set()
        _, told = process.communicate(timeout=PATIENCE)
        assert (process.returncode, told) == (130, "")
        done = crawl(site.url, tmp_path / "a.db")
    assert done.returncode == 0, done.stderr
    with Archive.open(tmp_path / "a.db", readonly=True) as archive:
        assert len(list(archive.articles())) == 5
    assert len(site.asked("/")) == 1, "the run went on; the front page was not asked for again"


def test_a_second_ctrl_c_ends_at_once_and_the_same_command_goes_on(tmp_path: Path) -> None:
    pages, free = held(stories(2))
    with small_site(pages) as site, interrupted(site, tmp_path / "a.db") as process:
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=PATIENCE)
        free.set()
        assert (process.returncode, told) == (130, "Interrupted.\n")
        done = crawl(site.url, tmp_path / "a.db")
    assert done.returncode == 0, done.stderr
    with Archive.open(tmp_path / "a.db", readonly=True) as archive:
        assert len(list(archive.articles())) == 2


@contextmanager
def interrupted(site: SmallSite, archive: Path) -> Iterator[subprocess.Popen[str]]:
    """A crawl that got a first Ctrl-C while it waited for a story, and said so."""
    command = [sys.executable, "-m", "crawler", "crawl", site.url, "--delay", "0", "--archive", str(archive)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            wait_for(lambda: any("pier" in entry.path for entry in site.log))
            process.send_signal(signal.SIGINT)
            assert process.stderr is not None
            assert process.stderr.readline() == "Ending what is under way; a second Ctrl-C ends it at once.\n"
            yield process
        finally:
            process.kill()


def _readers_of(pid: int) -> list[int]:
    """Reading processes of a crawler: children of the server that forks them."""
    servers = [n for n in _children_of(pid) if b"multiprocessing.forkserver" in _command_of(n)]
    return [n for server in servers for n in _children_of(server)]


def _children_of(pid: int) -> list[int]:
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
