from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from archive import Archive
from archive.drift import Alarm
from archive.schedule import Opening
from archive.timestamps import now
from archive.visit import Outcome, PageKind, Visit
from crawler.config import Config, SourceConfig
from crawler.status import board
from crawler.status.board import StatusBoard
from crawler.status.metrics import metrics
from tests.archive.samples import NOW, article_visit, found

TERN = SourceConfig('the "tern"\\', "https://tern.example/", every=timedelta(days=1))
GULL = SourceConfig("gull", "https://gull.example/")
PAUSED = SourceConfig("skua", "https://skua.example/", paused=True)
CONFIG = Config(sources=(TERN, GULL, PAUSED))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive with a source that was looked at, has an article, and one that failed."""
    path = tmp_path / "morgue.db"
    with Archive.create(path) as archive:
        source = archive.add_source(TERN.url).id
        run = archive.begin_run("crawl", [source], NOW).id
        pages = [found(TERN.url, PageKind.SEED), *(found(f"{TERN.url}a-long-story-{n}") for n in (1, 2, 3))]
        archive.frontier.add(pages, source_id=source, found_on=None, depth=0, run_id=run, now=NOW)
        home, story, lost, _ = archive.frontier.lease(9, run_id=run, source_ids=[source], per_host=9, busy_hosts={})
        archive.commit(
            run,
            [
                Visit(home.url, now(), Outcome.LISTED, lease=home, revisit=now() + timedelta(days=1)),
                article_visit(story.url, lease=story, fetched=NOW, revisit=now() + timedelta(days=1)),
                Visit(lost.url, now(), Outcome.FAILED, lease=lost, revisit=now() + timedelta(days=1)),
            ],
            NOW,
        )
        archive.end_run(run, "limit", NOW)
        archive.frontier.release(run)
    return path


@pytest.fixture(autouse=True)
def _always_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "FRESH_SECONDS", -1.0)


def test_each_source_is_told_with_what_it_brought(path: Path) -> None:
    tern, gull, skua = StatusBoard(path).status(CONFIG)["sources"]
    assert (tern["state"], tern["articles_new"], tern["waiting"]) == ("slow", 1, 1)
    assert tern["outcomes"] == {"failed": 1, "listed": 1, "stored": 1}
    assert tern["last_new_article"] == "2026-08-22T10:05:00Z"
    assert (gull["state"], gull["last_success"], gull["outcomes"]) == ("new", None, {})
    assert (skua["state"], skua["reason"], skua["next_due"]) == ("paused", "paused in morgue.toml", None)


def test_counts_go_on_from_those_before(path: Path) -> None:
    asked = StatusBoard(path)
    before = asked.status(CONFIG)["sources"][0]["outcomes"]
    with Archive.open(path) as archive:
        source = archive.sources()[0].id
        run = archive.begin_due_run([Opening(source, look=False, listings=False, articles=False)], NOW).id
        (lease,) = archive.frontier.lease(9, run_id=run, source_ids=[source], per_host=9, busy_hosts={})
        archive.commit(run, [Visit(lease.url, now(), Outcome.GONE, lease=lease)], NOW)
    after = asked.status(CONFIG)["sources"][0]["outcomes"]
    assert after == {**before, "gone": 1}
    assert after == StatusBoard(path).status(CONFIG)["sources"][0]["outcomes"]


def test_an_archive_that_cannot_be_read_leaves_what_was_read_last(path: Path) -> None:
    asked = StatusBoard(path)
    before = asked.status(CONFIG)
    path.rename(path.with_name("gone.db"))
    after = asked.status(CONFIG)
    assert after["sources"] == before["sources"]
    assert "no archive" in after["archive_error"]
    assert StatusBoard(path).status(CONFIG)["sources"] == []
    assert b"morgue_archive_readable 0.0" in metrics(after)


def test_alarms_that_last_are_told(path: Path) -> None:
    with Archive.open(path) as archive:
        alarm = Alarm("tern.example", "dek", NOW, 1, 1, 1, 20, 0, 20, 1e-9, source_id=1)
        archive.drift.change_alarms(1, [alarm], [], NOW)
    written = metrics(StatusBoard(path).status(CONFIG)).decode()
    assert "morgue_alarms 1.0" in written
    assert 'field="dek",site="tern.example"' in written
    with Archive.open(path) as archive:
        archive.drift.accept("tern.example", NOW)
    assert "morgue_alarms 0.0" in metrics(StatusBoard(path).status(CONFIG)).decode()


def test_metrics_are_what_prometheus_reads(path: Path) -> None:
    families = {
        family.name: family for family in text_string_to_metric_families(metrics(StatusBoard(path).status(CONFIG)).decode())
    }
    fetches = {tuple(sample.labels.values()): sample.value for sample in families["morgue_fetches"].samples}
    assert fetches[("stored", TERN.name)] == 1 or fetches[(TERN.name, "stored")] == 1
    states = [s.labels["state"] for s in families["morgue_source_state"].samples if s.labels["source"] == "skua" and s.value]
    assert states == ["paused"]
    assert families["morgue_service_state"].samples
