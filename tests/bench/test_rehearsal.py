"""Three days of the rehearsal, and its checks on what is not as it should be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from bench._days import Weeks
from bench._rehearsal import Rehearsal, rehearse
from bench.rehearsal import look

pytestmark = pytest.mark.crawl


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """The service through three days, six hours apart, killed now and then."""
    with rehearse(tmp_path_factory.mktemp("weeks"), Weeks(3), killed=0.3, gap=6 * 3600.0) as rehearsal:
        yield rehearsal


def test_days_of_the_service_leave_all_that_was_published_and_every_edit_that_is_told(done: Rehearsal) -> None:
    told = {edit.slug for edit in done.weeks.edits if edit.said}
    found = look(done)
    assert (found.missed, found.faults) == ([], [])
    assert told
    assert not [line for line in found.unseen if any(slug in line for slug in told)]


def test_it_was_killed_and_went_on(done: Rehearsal) -> None:
    assert done.kills > 0
    assert set(done.codes) <= {0, 3}


def test_requests_against_the_rules_are_seen(done: Rehearsal) -> None:
    log = done.server.log
    last = log[-1]
    log += [replace(last, path="/drafts/secret.html", came=last.came + 9 + n / 1000) for n in range(11)]
    try:
        faults = look(done).faults
    finally:
        del log[-11:]
    assert any("forbidden" in fault for fault in faults)
    assert any("10 requests in 0.0" in fault for fault in faults)
    assert any("/drafts/secret.html was asked for and is in no account" in fault for fault in faults)


def test_a_page_that_is_asked_for_again_without_a_condition_is_seen(done: Rehearsal) -> None:
    kills, done.kills = done.kills, 0
    stories = {story.path for story in done.weeks.stories}
    story = next(entry for entry in done.server.log if entry.path in stories and entry.status == 200)
    done.server.log.append(replace(story, headers=(), time=story.time + timedelta(hours=1), came=done.server.log[-1].came + 1))
    try:
        assert any("without a condition" in fault for fault in look(done).faults)
    finally:
        done.kills = kills
        done.server.log.pop()


def test_what_is_missing_is_seen(done: Rehearsal) -> None:
    with closing(sqlite3.connect(done.archive)) as db:
        url = done.base_url + done.weeks.stories[0].path
        with db:
            db.execute("UPDATE articles SET url = url || '#away' WHERE url = ?", (url,))
        try:
            assert look(done).missed == [done.weeks.stories[0].slug]
        finally:
            with db:
                db.execute("UPDATE articles SET url = ? WHERE url = ? || '#away'", (url, url))
