"""What changed with each revision, kept in the tables and answered by views."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive, lineage
from archive.visit import Outcome, Visit
from tests.archive.samples import LATER, NOW, URL, article_visit, revision

DAY = timedelta(days=1)


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    conn = sqlite3.connect(path)
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def reading(day: int, *paragraphs: str, **facts: object) -> Visit:
    """A visit on a day after NOW, with a page of its own."""
    return article_visit(
        body=f"<html>{day} {paragraphs}".encode(), fetched=NOW + day * DAY, revision=revision(URL, *paragraphs, **facts)
    )


CHANGES = "SELECT revision, previous, kind, before, after FROM changes ORDER BY revision, position"


def test_a_new_revision_keeps_what_changed(archive: Archive, path: Path) -> None:
    archive.commit(None, [reading(0), reading(1, "The ferry sank.", title="Night ferry sinks")], NOW)
    assert rows(path, CHANGES) == [
        (2, 1, "headline", "Night ferry returns", "Night ferry sinks"),
        (2, 1, "paragraph_edited", "The ferry left at dusk.", "The ferry sank."),
        (2, 1, "paragraph_removed", "Nobody had expected it.", None),
    ]
    assert archive.changes(1, 2)[0].after == "Night ferry sinks"
    assert archive.changes(1, 1) == ()


def test_an_older_capture_between_two_revisions_is_compared_with_both(archive: Archive, path: Path) -> None:
    archive.commit(None, [reading(0, title="First"), reading(9, title="Last")], NOW)
    archive.commit(None, [reading(4, title="Between")], NOW)
    assert rows(path, CHANGES) == [(2, 3, "headline", "Between", "Last"), (3, 1, "headline", "First", "Between")]


def test_an_older_capture_before_the_first_leaves_the_old_first_to_follow_it(archive: Archive, path: Path) -> None:
    archive.commit(None, [reading(5, title="First")], NOW)
    archive.commit(None, [reading(1, title="Older")], NOW)
    assert rows(path, CHANGES) == [(1, 2, "headline", "Older", "First")]


@given(days=st.permutations(range(6)))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_taking_in_changes_no_edit(days: list[int], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("order") / "a.db"
    with Archive.create(path) as archive:
        archive.commit(None, [reading(day, title=f"Day {day}") for day in days], NOW)
        before = rows(path, "SELECT * FROM changes")
        with archive._db.conn as conn:
            lineage.refresh_some(conn, 1, 1)
        assert rows(path, "SELECT * FROM changes") == before
    edits = rows(path, "SELECT before, after, seen FROM edits ORDER BY seen")
    assert edits == [(f"Day {d}", f"Day {d + 1}", f"2026-08-{23 + d}T10:05:00Z") for d in range(5)]


def test_edits_say_how_long_after_publication(archive: Archive, path: Path) -> None:
    exact = {
        "published": "2026-08-22T12:00:00+02:00", "published_precision": "minute", "published_zone_known": True,
        "published_earliest": "2026-08-22T10:00:00+00:00", "published_latest": "2026-08-22T10:00:59+00:00",
    }  # fmt: skip
    archive.commit(None, [reading(0, **exact), reading(1, **exact), reading(2, title="New", **exact)], NOW)
    assert rows(path, "SELECT kind, after, not_before, seen, minutes, other_rules FROM edits") == [
        ("headline", "New", "2026-08-23T10:05:00Z", "2026-08-24T10:05:00Z", 2 * 24 * 60 + 5, 0)
    ]


def test_edits_of_an_article_without_an_exact_time_have_no_minutes(archive: Archive, path: Path) -> None:
    archive.commit(None, [reading(0), reading(1, title="New", reader="2")], NOW)
    assert rows(path, "SELECT minutes, other_rules FROM edits") == [(None, 1)]


@pytest.mark.parametrize(
    ("visit", "reason"),
    [
        (article_visit(fetched=LATER), "the same page to the byte"),
        (article_visit(fetched=LATER, body=b"<html>other sidebar"), "only boilerplate changed: the article reads the same"),
        (Visit(URL, LATER, Outcome.UNCHANGED, status=304), "not modified since the last fetch"),
        (article_visit(fetched=LATER, reason="said"), "said"),
    ],
)
def test_a_fetch_that_brings_nothing_new_says_why(archive: Archive, path: Path, visit: Visit, reason: str) -> None:
    archive.commit(None, [article_visit()], NOW)
    assert archive.commit(None, [visit], NOW)[0].outcome is Outcome.UNCHANGED
    assert rows(path, "SELECT reason FROM fetches WHERE id = 2") == [(reason,)]


def test_a_first_reading_costs_no_comparison(archive: Archive, path: Path) -> None:
    archive.commit(None, [article_visit(), article_visit(f"{URL}-2")], NOW)
    assert rows(path, "SELECT count(*) FROM changes") == [(0,)]


def test_half_a_surrogate_pair_does_not_keep_changes_out(archive: Archive, path: Path) -> None:
    archive.commit(None, [reading(0), replace(reading(1), revision=revision(title="Night \ud83d ferry"))], NOW)
    assert rows(path, "SELECT after FROM changes") == [("Night \ufffd ferry",)]
