"""`morgue run` as a process: stopped, killed, started twice, asked for its status."""

from __future__ import annotations

import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive import Archive
from archive.lock import crawling
from bench.crash import again, differences, kept_paths, undisturbed
from crawler.demo.server import serve
from tests.end_to_end import conftest
from tests.end_to_end.conftest import PATIENCE, is_alive, morgue, wait_for
from tests.end_to_end.small_site import Reply, held, small_site, stories

pytestmark = [pytest.mark.crawl, pytest.mark.skipif(sys.platform == "win32", reason="signals")]


def configure(folder: Path, url: str, more: str = 'every = "1d"', delay: float = 0) -> Path:
    path = folder / "morgue.toml"
    path.write_text(
        f'archive = "morgue.db"\ndelay = {delay}\nconcurrency = 4\n[[sources]]\nname = "paper"\nurl = "{url}/"\n{more}\n'
    )
    return path


@contextmanager
def service(config: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "crawler", "run", "--config", str(config), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def fetched(config: Path) -> int:
    return rows(config, "SELECT count(*) FROM fetches")[0][0] if config.with_name("morgue.db").exists() else 0  # type: ignore[no-any-return]


def rows(config: Path, query: str) -> list[tuple]:  # type: ignore[type-arg]
    try:
        return conftest.rows(config.with_name("morgue.db"), query)
    except sqlite3.OperationalError:  # the tables are not made yet
        return [(0,)]


def test_sigterm_ends_it_within_ten_seconds_while_a_slow_page_is_fetched(tmp_path: Path) -> None:
    pages, free = held(stories(3))
    with small_site(pages) as site:
        with service(configure(tmp_path, site.url)) as process:
            wait_for(lambda: any("pier" in entry.path for entry in site.log))
            begun = time.monotonic()
            process.terminate()
            _, said = process.communicate(timeout=PATIENCE)
            took = time.monotonic() - begun
        free.set()
    assert process.returncode == 0
    assert took < 45, "ten seconds, and what a busy machine needs to end two processes"
    assert "stopped; the next `morgue run` goes on from here" in said
    assert "Traceback" not in said


def test_a_stopped_service_goes_on_where_it_was(tmp_path: Path) -> None:
    with small_site(stories(6)) as site:
        config = configure(tmp_path, site.url, delay=0.2)
        with service(config) as process:
            wait_for(lambda: fetched(config) >= 3)
            process.terminate()
            assert process.wait(PATIENCE) == 0
        done = morgue("run", "--once", "--config", str(config))
    assert done.returncode == 0, done.stderr
    assert len(site.asked("/")) == 1
    assert rows(config, "SELECT count(*) FROM articles") == [(6,)]
    assert rows(config, "SELECT count(*) FROM runs WHERE finished IS NULL") == [(0,)]


def test_a_service_that_is_killed_and_started_again_gives_the_same_archive(tmp_path: Path) -> None:
    whole, seconds = undisturbed(tmp_path)
    chance, twice = random.Random(1), []
    with serve() as server:
        config = configure(tmp_path, server.base_url)
        archive = config.with_name("morgue.db")
        for _ in range(2):
            kept, requests = kept_paths(archive), len(server.log)
            with service(config) as process:
                time.sleep(chance.uniform(0.2, 0.8) * seconds)
                process.send_signal(signal.SIGKILL)
                process.communicate()
            wait_for(lambda: crawling(archive) is None)
            twice += again(kept, server.base_url, server.log[requests:])
        kept, requests = kept_paths(archive), len(server.log)
        done = morgue("run", "--once", "--config", str(config))
        twice += again(kept, server.base_url, server.log[requests:])
    assert done.returncode in (0, 3), done.stderr
    assert differences(whole, archive) == []
    assert twice == []
    assert rows(config, "SELECT count(*) FROM runs WHERE finished IS NULL OR state = 'running'") == [(0,)]
    with Archive.open(archive, readonly=True) as opened:
        assert opened.verify() == []


def test_the_crawl_of_a_service_that_was_killed_ends_by_itself(tmp_path: Path) -> None:
    with small_site(stories(9)) as site:
        config = configure(tmp_path, site.url, delay=2)
        with service(config) as process:
            wait_for(lambda: fetched(config) >= 1)
            lock = json.loads(config.with_name("morgue.db-crawl.lock").read_text())
            assert lock["pid"] != process.pid
            process.send_signal(signal.SIGKILL)
        wait_for(lambda: not is_alive(lock["pid"]))


def test_it_can_be_asked_for_its_status_and_a_second_one_names_it_and_ends(tmp_path: Path) -> None:
    with small_site(stories(2)) as site:
        config = configure(tmp_path, site.url)
        with service(config, "--listen", "0") as process:
            status = wait_for(lambda: _status(config, lambda s: s["service"].get("last_crawl")))
            metrics = urllib.request.urlopen(_address(config) + "/metrics").read().decode()
            refused = urllib.request.Request(_address(config) + "/status.json", headers={"Host": "elsewhere.example"})
            with pytest.raises(urllib.error.HTTPError, match="403"):
                urllib.request.urlopen(refused)
            second = morgue("run", "--config", str(config))
            assert process.poll() is None
            process.terminate()
            process.communicate(timeout=PATIENCE)
        after = morgue("run", "--status", "--config", str(config))
    (source,) = status["sources"]
    assert (source["name"], source["state"], source["articles_new"], source["waiting"]) == ("paper", "well", 2, 0)
    assert status["service"]["state"] == "waiting"
    assert status["service"]["last_crawl"]["outcomes"]["stored"] == 2
    assert 'morgue_source_articles{source="paper"} 2.0' in metrics
    assert second.returncode == 1
    assert f"(process {process.pid})" in second.stderr
    assert after.returncode == 1
    assert json.loads(after.stdout)["service"] == {"state": "not running"}


def _address(config: Path) -> str:
    return json.loads(config.with_name("morgue.db-run.lock").read_text())["address"]  # type: ignore[no-any-return]


def _status(config: Path, wanted: Callable[[dict], object]) -> dict | None:  # type: ignore[type-arg]
    result = morgue("run", "--status", "--config", str(config))
    if result.returncode != 0:
        return None
    status = json.loads(result.stdout)
    return status if wanted(status) else None


def test_a_broken_configuration_is_said_and_the_one_before_holds(tmp_path: Path) -> None:
    with small_site(stories(1)) as site:
        config = configure(tmp_path, site.url)
        good = config.read_text()
        with service(config) as process:
            wait_for(lambda: fetched(config))
            config.write_text(good.replace("[[sources]]", "[[sources]"))
            line = _line_with(process, "still holds")
            assert "line 4" in line
            status = morgue("run", "--status", "--config", str(config))
            config.write_text(good + "# as it was\n")
            process.send_signal(signal.SIGHUP)
            assert "1 source" in _line_with(process, "read again")
            assert process.poll() is None
    assert status.returncode == 0
    assert "line 4" in json.loads(status.stdout)["service"]["config_error"]


def test_the_status_can_be_had_without_a_service_and_with_a_broken_configuration(tmp_path: Path) -> None:
    config = tmp_path / "morgue.toml"
    config.write_text('archive = "kept.db"\n[[sources]\n')
    Archive.create(tmp_path / "kept.db").close()
    result = morgue("run", "--status", "--config", str(config))
    told = json.loads(result.stdout)
    assert result.returncode == 1
    assert (told["service"]["state"], Path(told["archive"]).name) == ("not running", "kept.db")
    assert "line 2" in told["service"]["config_error"]
    assert morgue("run", "--status", "--config", str(tmp_path / "no.toml")).returncode == 2


def _line_with(process: subprocess.Popen[str], text: str) -> str:
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return line
    raise AssertionError(f"the service ended without saying {text!r}")


def test_once_exits_with_what_it_met(tmp_path: Path) -> None:
    pages = stories(2)
    pages["/2026/05/01/pier-number-1-of-the-bridge"] = Reply("no", 500)
    with small_site(pages) as site:
        config = configure(tmp_path, site.url)
        first = morgue("run", "--once", "--config", str(config))
        second = morgue("run", "--once", "--config", str(config))
    assert (first.returncode, second.returncode) == (3, 0), first.stderr + second.stderr
    assert (first.stdout, second.stdout) == ("", "")


def test_after_a_clock_that_was_wrong_all_is_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    with small_site(stories(3)) as site:
        config = configure(tmp_path, site.url, "")
        for moment in ("2027-08-01T10:00:00Z", "2026-08-01T10:00:00Z", "2026-08-01T10:01:00Z"):
            monkeypatch.setenv("MORGUE_CLOCK", moment)
            done = morgue("run", "--once", "--config", str(config))
            assert done.returncode == 0, done.stderr
            asked.append([len(site.asked(path)) for path in ("/", "/robots.txt", "/2026/05/01/pier-number-1-of-the-bridge")])
    assert asked == [[1, 1, 1], [2, 2, 2], [2, 2, 2]]
    assert rows(config, "SELECT count(*) FROM frontier WHERE revisit > '2027'") == [(0,)]


def test_a_service_goes_on_after_a_clock_that_was_wrong(tmp_path: Path) -> None:
    with small_site(stories(1)) as site:
        config = configure(tmp_path, site.url)
        with pytest.MonkeyPatch.context() as wrong:
            wrong.setenv("MORGUE_CLOCK", "2099-08-01T10:00:00Z")
            morgue("run", "--once", "--config", str(config))
        with service(config):
            wait_for(lambda: len(site.asked("/")) == 2)


def test_a_service_without_sources_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "morgue.toml").write_text('archive = "morgue.db"\n')
    result = morgue("run", "--config", str(tmp_path / "morgue.toml"))
    assert result.returncode == 2
    assert "write sources" in result.stderr
