"""What the service writes to its log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import Archive
from archive.visit import Outcome, PageKind, Visit
from crawler.commands.run import _tell
from crawler.config_watch import ConfigWatch
from crawler.service import Ended
from tests.archive.samples import found

MOMENT = datetime(2026, 8, 22, 10, tzinfo=UTC)


@dataclass
class StillWorld:
    reload: bool = False

    def now(self) -> datetime:
        return MOMENT


@pytest.fixture
def watch(tmp_path: Path) -> ConfigWatch:
    """A source whose only page failed and is due again in an hour, though it rests for half an hour alone."""
    (tmp_path / "morgue.toml").write_text('[[sources]]\nname = "tern"\nurl = "https://tern.example/"\n')
    with Archive.create(tmp_path / "morgue.db") as archive:
        source = archive.add_source("https://tern.example/", "tern").id
        run = archive.begin_run("crawl", [source], MOMENT)
        archive.frontier.add(
            [found("https://tern.example/", PageKind.SEED)], source_id=source, found_on=None, depth=0, run_id=run.id, now=MOMENT
        )
        (lease,) = archive.frontier.lease(9, run_id=run.id, source_ids=[source], per_host=9, busy_hosts={})
        due = MOMENT.replace(hour=11)
        archive.commit(run.id, [Visit(lease.url, MOMENT, Outcome.FAILED, "timed out", lease=lease, revisit=due)], MOMENT)
        archive.end_run(run.id, "finished", MOMENT)
    (tmp_path / "copy").mkdir()
    return ConfigWatch(tmp_path / "morgue.toml", tmp_path / "copy")


def test_a_crawl_is_told_with_its_alarms_and_when_what_is_unwell_is_asked_again(
    watch: ConfigWatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = {
        "run": 1, "articles_new": 0, "articles_changed": 0, "seconds": 2.0, "out_of_time": False,
        "outcomes": dict.fromkeys(map(str, Outcome), 0) | {"failed": 1}, "complaints": [],
        "unwell": [{"source": "tern", "state": "failing", "reason": "timed out", "rest_until": "2026-08-22T10:30:00Z"}],
        "alarms": [{"source": "tern", "site": "tern.example", "says": "no dek any more"}],
    }  # fmt: skip
    _tell(Ended(5, report), StillWorld(), watch, tmp_path / "morgue.db")  # type: ignore[arg-type]
    said = capsys.readouterr().err
    assert "tern is failing: timed out; asked again at 2026-08-22T11:00:00Z" in said
    assert "ALARM tern: no dek any more" in said
    assert "`morgue sources alarms`" in said
