"""`morgue add` and `extract` that are ended from outside: no process of theirs stays, and what was read is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive
from tests.crawler.commands.test_add import page
from tests.end_to_end.conftest import PATIENCE, is_alive, wait_for

MORGUE = [sys.executable, "-m", "crawler"]
PAGES, HEAVY = 60, 20
"""Pages of a few lines, more than a batch; and pages that come after them, each of which takes a second to read or so."""
PARAGRAPHS = 20_000

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pages"
    made.mkdir()
    for number in range(PAGES):
        (made / f"{number}.html").write_text(page(f"Story number {number}", f"https://a.example/story-{number}"))
    long = "<p>The keeper of the light wrote down who came and who went.</p>" * PARAGRAPHS
    for number in range(HEAVY):
        heavy = page(f"Long story number {number}", f"https://a.example/long-{number}").replace("</article>", f"{long}</article>")
        assert long in heavy
        (made / f"long-{number}.html").write_text(heavy)
    return made


@pytest.fixture
def adding(folder: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    command = [*MORGUE, "add", str(folder), "--jobs", "1", "--archive", str(tmp_path / "a.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        yield process
        process.kill()


def test_no_reader_outlives_an_add_that_was_killed(adding: subprocess.Popen[str]) -> None:
    started = wait_for(lambda: _with_readers(adding.pid))
    adding.kill()
    adding.wait()
    wait_for(lambda: not any(map(is_alive, started)))


def test_an_add_that_is_told_to_end_keeps_what_it_read(adding: subprocess.Popen[str], folder: Path, tmp_path: Path) -> None:
    started = wait_for(lambda: _with_readers(adding.pid))
    wait_for(lambda: _kept(tmp_path / "a.db"))
    adding.terminate()
    adding.communicate(timeout=PATIENCE)
    assert adding.returncode == 130
    wait_for(lambda: not any(map(is_alive, started)))
    kept = _kept(tmp_path / "a.db")
    assert 0 < kept < PAGES + HEAVY
    for heavy in folder.glob("long-*"):
        heavy.unlink()
    command = [*MORGUE, "add", str(folder), "--archive", str(tmp_path / "a.db")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    with Archive.open(tmp_path / "a.db", readonly=True) as archive:
        assert sum("/story-" in article.url for article in archive.articles()) == PAGES
        assert archive.stats().captures == max(kept, PAGES), "what was kept is not kept again"
        assert archive.verify() == []


@pytest.mark.parametrize("readers", [False, True], ids=["while its readers start", "while they read"])
def test_ctrl_c_goes_to_the_readers_too_and_none_of_them_says_a_word(folder: Path, tmp_path: Path, readers: bool) -> None:
    command = [*MORGUE, "add", str(folder), "--jobs", "2", "--archive", str(tmp_path / "a.db")]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    with subprocess.Popen(command, **pipes) as process:
        wait_for(lambda: (_with_readers if readers else _children_of)(process.pid))
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert "Traceback" not in said, said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_extract_that_waits_for_requests_ends_when_told(number: signal.Signals) -> None:
    command = [*MORGUE, "extract", "--requests", "--jobs", "2"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"id": 1, "path": "missing.html"}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        started = wait_for(lambda: _with_readers(process.pid))
        process.send_signal(number)
        assert process.wait(PATIENCE) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b"Interrupted.\n"
        wait_for(lambda: not any(map(is_alive, started)))


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
