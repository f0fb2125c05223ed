from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive
from archive.visit import Outcome, PageKind, Visit
from crawler.crawl import CrawlRequest, Target
from crawler.health import FIRST_REST, SLOWER_PACE, State
from crawler.health_watch import after_run, awake, health_as_json, health_clause, health_lines
from tests.archive.samples import NOW, found

HOME = "https://tern.example/"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "morgue.db") as opened:
        yield opened


@pytest.fixture
def blocked(archive: Archive) -> int:
    """A source whose last run was refused everything."""
    source = archive.add_source(HOME, "tern").id
    run = archive.begin_run("crawl", [source], NOW).id
    archive.frontier.add([found(HOME, PageKind.SEED)], source_id=source, found_on=None, depth=0, run_id=run, now=NOW)
    (lease,) = archive.frontier.lease(1, run_id=run, source_ids=[source], per_host=1, busy_hosts={})
    archive.commit(run, [Visit(HOME, NOW, Outcome.BLOCKED, "status 403", lease)], NOW)
    archive.end_run(run, "finished", NOW)
    return source


def test_a_source_that_is_blocked_takes_no_part_until_it_has_rested(archive: Archive, blocked: int) -> None:
    sources = {blocked: Target(HOME, "tern")}
    assert awake(archive, sources, 1.5, NOW) == {}
    (target,) = awake(archive, sources, 1.5, NOW + FIRST_REST).values()
    assert target.delay == 1.5 * SLOWER_PACE


def test_the_delay_of_a_source_itself_is_what_grows(archive: Archive, blocked: int) -> None:
    (target,) = awake(archive, {blocked: Target(HOME, delay=3)}, 1.5, NOW + FIRST_REST).values()
    assert target.delay == 3 * SLOWER_PACE


def test_a_source_that_is_new_takes_part_as_it_is(archive: Archive) -> None:
    new = archive.add_source("https://gull.example/").id
    target = Target("https://gull.example/")
    assert awake(archive, {new: target}, 1.0, NOW) == {new: target}


def test_a_run_says_which_of_its_sources_is_unwell(archive: Archive, blocked: int) -> None:
    request = CrawlRequest(Path("morgue.db"))
    complained, (tern,) = after_run(archive, 1, {blocked: Target(HOME, "tern")}, request, NOW + timedelta(minutes=1))
    assert complained == []
    assert tern.health.state is State.BLOCKED
    rest = "morgue run leaves it alone until 2026-08-22 10:35Z"
    assert health_clause(tern.health) == f"is blocked since 2026-08-22: status 403; {rest}"
    assert list(health_lines([tern], [])) == [f"tern {health_clause(tern.health)}."]
    assert health_as_json(tern)["rest_until"] == "2026-08-22T10:35:00Z"
    assert after_run(archive, 2, {blocked: Target(HOME, "tern")}, request, NOW) == ([], []), "another run did not ask it"
