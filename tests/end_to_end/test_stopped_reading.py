"""`morgue add` and `extract` that are ended from outside: no process of theirs stays, and what was read is kept."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from archive import Archive
from tests.crawler.commands.test_add import page

T = TypeVar("T")

MORGUE = [sys.executable, "-m", "crawler"]
PAGES = 400

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pages"
    made.mkdir()
    for number in range(PAGES):
        (made / f"{number}.html").write_text(page(f"Story number {number}", f"https://a.example/story-{number}"))
    return made


@pytest.fixture
def adding(folder: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [*MORGUE, "add", str(folder), "--jobs", "1", "--archive", str(tmp_path / "a.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        yield process
        process.kill()


def test_no_reader_outlives_an_add_that_was_killed(adding: subprocess.Popen[str]) -> None:
    started = _wait_for(lambda: _with_readers(adding.pid))
    adding.kill()
    adding.wait()
    _wait_for(lambda: not any(map(_runs, started)))


def test_an_add_that_is_told_to_end_keeps_what_it_read(adding: subprocess.Popen[str], folder: Path, tmp_path: Path) -> None:
    started = _wait_for(lambda: _with_readers(adding.pid))
    _wait_for(lambda: _kept(tmp_path / "a.db"))
    adding.terminate()
    adding.communicate(timeout=60)
    assert adding.returncode == 130
    _wait_for(lambda: not any(map(_runs, started)))
    assert 0 < _kept(tmp_path / "a.db") < PAGES
    command = [*MORGUE, "add", str(folder), "--archive", str(tmp_path / "a.db")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    with Archive.open(tmp_path / "a.db", readonly=True) as archive:
        assert archive.stats().captures == PAGES
        assert archive.verify() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_extract_that_waits_for_requests_ends_when_told(number: signal.Signals) -> None:
    command = [*MORGUE, "extract", "--requests", "--jobs", "2"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"id": 1, "path": "missing.html"}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        started = _wait_for(lambda: _with_readers(process.pid))
        process.send_signal(number)
        assert process.wait(60) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b"Interrupted.\n"
        _wait_for(lambda: not any(map(_runs, started)))


def _kept(path: Path) -> int:
    if not path.exists():
        return 0
    with Archive.open(path, readonly=True) as archive:
        return archive.stats().captures


def _with_readers(pid: int) -> list[int]:
    """The processes below one, once there are readers among them: children of a child."""
    servers = _children_of(pid)
    readers = [reader for server in servers for reader in _children_of(server)]
    return [*servers, *readers] if readers else []


def _children_of(pid: int) -> list[int]:
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _runs(pid: int) -> bool:
    """Whether a process is there, and not only waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def _wait_for(thing: Callable[[], T], seconds: float = 60) -> T:
    end = time.monotonic() + seconds
    while not (found := thing()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return found
