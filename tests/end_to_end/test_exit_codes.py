"""Each exit code of docs/commands.md that a command can end with, by a real call of it."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from archive import Archive
from crawler.commands import main
from crawler.exit_codes import ExitCode
from crawler.pins import pin_article
from tests.archive.samples import NOW, article_visit
from tests.end_to_end.small_site import STORY, Reply, small_site, stories
from tests.end_to_end.test_walls import WALL

pytestmark = pytest.mark.crawl
PINNED = "https://tern.example/2026/05/04/the-pier"
PATIENCE = 120.0
"""Seconds."""
Pages = dict[str, Reply | Callable[[int], Reply]]


def well(_folder: Path) -> Pages:
    return stories(1)


def one_fails(_folder: Path) -> Pages:
    return stories(2) | {"/2026/05/01/pier-number-1-of-the-bridge": Reply("oh", 501)}


def walled(_folder: Path) -> Pages:
    return dict.fromkeys(stories(2), WALL)


def pin_reads_otherwise(folder: Path) -> Pages:
    """The archive has a pin that other rules read rightly."""
    with Archive.create(folder / "morgue.db") as archive:
        archive.commit(None, [article_visit(PINNED, body=STORY.format(title="The pier", n=4).encode())], NOW)
        pin_article(archive, PINNED, {"title": "Another"}, NOW)
    with sqlite3.connect(folder / "morgue.db") as db:
        db.execute("UPDATE pins SET checked = 'earlier rules'")
    db.close()
    return stories(1)


def broken_archive(folder: Path) -> Pages:
    (folder / "morgue.db").write_bytes(b"no archive at all" * 1000)
    return stories(1)


def wrong_config(folder: Path) -> Pages:
    (folder / "morgue.toml").write_text("delay = 'soon'\n")
    return stories(1)


CRAWL, ONCE, CHECK = ("crawl",), ("run", "--once"), ("sources", "check", "bridge")
Case = tuple[tuple[str, ...], ExitCode]
CRAWLS: dict[Case, Callable[[Path], Pages]] = {
    (CRAWL, ExitCode.WELL): well,
    (CRAWL, ExitCode.PARTLY): one_fails,
    (CRAWL, ExitCode.BLOCKED): walled,
    (CRAWL, ExitCode.CROSSED): pin_reads_otherwise,
    (ONCE, ExitCode.CROSSED): pin_reads_otherwise,
    (CHECK, ExitCode.WELL): well,
    (CHECK, ExitCode.BLOCKED): walled,
}
"""What fetches, each in a process of its own, since a reactor starts once.

`run --once` with 0, 3 and 4 is in test_health.py, with 1 in test_service.py.
"""
OTHERS: dict[Case, Callable[[Path], Pages]] = {
    (CRAWL, ExitCode.USAGE): wrong_config,
    (CRAWL, ExitCode.BROKEN): broken_archive,
    (ONCE, ExitCode.USAGE): wrong_config,
    (ONCE, ExitCode.BROKEN): broken_archive,
    (CHECK, ExitCode.USAGE): wrong_config,
    (("sources", "pins"), ExitCode.CROSSED): pin_reads_otherwise,
    (("sources", "pins"), ExitCode.BROKEN): broken_archive,
    (("sources", "pin", "https://tern.example/no"), ExitCode.FAILED): pin_reads_otherwise,
    (("sources",), ExitCode.WELL): well,
    (("sources",), ExitCode.USAGE): wrong_config,
    (("sources",), ExitCode.BROKEN): broken_archive,
    (("sources", "settle", "nobody"), ExitCode.USAGE): pin_reads_otherwise,
    (("sources", "add", "no address"), ExitCode.USAGE): well,
    (("schedule", "--cron"), ExitCode.WELL): well,
    (("schedule",), ExitCode.USAGE): well,
}
"""What ends before anything is fetched."""


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "crawler", *arguments]


def environment() -> Mapping[str, str]:
    """Ours without the user's wishes, and this folder's packages."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MORGUE_")}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[2])}


def configure(folder: Path, url: str) -> None:
    path = folder / "morgue.toml"
    if not path.exists():
        path.write_text(f'archive = "morgue.db"\ndelay = 0\n[[sources]]\nname = "bridge"\nurl = "{url}/"\nfollow = ["links"]\n')


def named(case: Case) -> str:
    return f"{' '.join(case[0])} {case[1].value}"


@pytest.mark.parametrize(("case", "given"), CRAWLS.items(), ids=map(named, CRAWLS))
def test_the_exit_code_says_how_it_went(case: Case, given: Callable[[Path], Pages], tmp_path: Path) -> None:
    arguments, code = case
    with small_site(given(tmp_path)) as site:
        configure(tmp_path, site.url)
        done = subprocess.run(
            command(*arguments), cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    assert done.returncode == code, (done.stdout, done.stderr)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("case", "given"), OTHERS.items(), ids=map(named, OTHERS))
def test_the_exit_code_says_so_where_nothing_is_fetched(
    case: Case, given: Callable[[Path], Pages], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("MORGUE_")]:
        monkeypatch.delenv(name)
    given(tmp_path)
    configure(tmp_path, "https://bridge.example")
    assert main(case[0]) == case[1]


def test_a_site_that_is_not_there_has_failed(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        configure(tmp_path, f"http://127.0.0.1:{taken.getsockname()[1]}")
        done = subprocess.run(
            command("crawl"), cwd=tmp_path, env=environment(), capture_output=True, check=False, timeout=PATIENCE
        )
    assert done.returncode == ExitCode.FAILED, done.stderr


@pytest.mark.parametrize("arguments", [CRAWL, ONCE], ids=" ".join)
def test_what_is_interrupted_says_so(arguments: tuple[str, ...], tmp_path: Path) -> None:
    with small_site(stories(9)) as site:
        path = tmp_path / "morgue.toml"
        configure(tmp_path, site.url)
        path.write_text(path.read_text().replace("delay = 0", "delay = 1"))
        with subprocess.Popen(
            command(*arguments), cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            until = time.monotonic() + PATIENCE
            while not site.log and process.poll() is None and time.monotonic() < until:
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == ExitCode.INTERRUPTED


def test_every_code_that_is_documented_is_in_a_case() -> None:
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", (Path("docs") / "commands.md").read_text(), re.MULTILINE)}
    tried = {code for _, code in (*CRAWLS, *OTHERS)} | {ExitCode.FAILED, ExitCode.INTERRUPTED}
    assert documented <= tried
