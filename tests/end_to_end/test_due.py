"""`morgue crawl --due`: only what is due, for as long as it may take."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.conftest import morgue, rows
from tests.end_to_end.small_site import Reply, SmallSite, small_site, stories

pytestmark = pytest.mark.crawl


def configure(folder: Path, site: SmallSite, more: str = "", delay: float = 0) -> Path:
    path = folder / "morgue.toml"
    path.write_text(f'archive = "morgue.db"\ndelay = {delay}\n[[sources]]\nname = "bridge"\nurl = "{site.url}/"\n{more}\n')
    return path


def crawl_due(config: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return morgue("crawl", "--due", "--json", "--config", str(config), *options)


def runs(config: Path) -> list[tuple[str, str, bool]]:
    return rows(config.parent / "morgue.db", "SELECT command, state, finished IS NULL FROM runs ORDER BY id")


def test_what_is_not_due_is_not_fetched_again(tmp_path: Path) -> None:
    with small_site(stories(3)) as site:
        config = configure(tmp_path, site, 'every = "1d"')
        first = crawl_due(config)
        asked = len(site.log)
        second = crawl_due(config)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert json.loads(first.stdout)["articles_new"] == 3
    assert {entry.path for entry in site.log[asked:]} <= {"/robots.txt"}
    assert runs(config) == [("run", "finished", False), ("run", "finished", False)]


def test_a_crawl_that_had_its_time_leaves_the_rest_to_the_next(tmp_path: Path) -> None:
    with small_site(stories(6)) as site:
        config = configure(tmp_path, site, 'every = "1d"', delay=1)
        first = crawl_due(config, "--for", "3s")
        told = json.loads(first.stdout)
        assert (told["state"], told["out_of_time"]) == ("limit", True)
        asked = {entry.path for entry in site.log if entry.path.startswith("/2026/")}
        assert told["articles_new"] == len(asked) < 6, "what was under way was ended"
        second = crawl_due(config, "--delay", "0")
    assert json.loads(second.stdout)["articles_new"] == 6 - told["articles_new"]
    assert len(site.asked("/")) == 1


def test_a_limit_holds_from_one_look_to_the_next(tmp_path: Path) -> None:
    with small_site(stories(5)) as site:
        config = configure(tmp_path, site, 'every = "1d"\nlimit = 2')
        stored = [json.loads(crawl_due(config).stdout)["articles_new"] for _ in range(2)]
        assert stored == [2, 0]


def test_crawls_of_the_service_share_what_a_host_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    with small_site(stories(2) | {"/robots.txt": Reply("User-agent: *\nDisallow: /private", content_type="text/plain")}) as site:
        config = configure(tmp_path, site, 'every = "60s"')
        for moment in ("10:00", "10:10", "11:20"):
            monkeypatch.setenv("MORGUE_CLOCK", f"2026-05-05T{moment}:00Z")
            assert crawl_due(config).returncode == 0
            asked.append((len(site.asked("/robots.txt")), len(site.asked("/"))))
    assert asked == [(1, 1), (1, 2), (2, 3)], "within the hour, what was said holds"
    query = "SELECT first_fetched < '2026-05-05T10:10', last_fetched >= '2026-05-05T11:20' FROM host_files"
    assert rows(tmp_path / "morgue.db", query)[0] == (1, 1)


def test_with_cron_nothing_is_fetched_but_at_its_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    asked = []
    with small_site(stories(1) | {"/": lambda before: Reply("no", 500 if before == 0 else 200)}) as site:
        config = configure(tmp_path, site, 'cron = "0 3 * * *"\n[[sources]]\nname = "other"\nurl = "http://127.0.0.1:9/"')
        for moment in ("05T22:00", "05T23:00", "06T03:05", "06T09:00", "07T02:00", "07T03:01", "07T09:00"):
            monkeypatch.setenv("MORGUE_CLOCK", f"2026-05-{moment}:00Z")
            morgue("run", "--once", "--config", str(config))
            asked.append(len(site.asked("/")) > 0)
            site.log.clear()
    assert asked == [False, False, True, False, False, True, False]
