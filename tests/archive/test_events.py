"""Withdrawn, moved, behind a paywall, hidden from search engines, and back again."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive, events
from archive.events import page_says_noindex, says_noindex
from archive.visit import Lease, Outcome, PageKind, Visit
from tests.archive.samples import NOW, URL, article_visit, capture, found, revision

DAY = timedelta(days=1)


def kept(path: Path, columns: str = "kind, detail", table: str = "events") -> list[tuple[object, ...]]:
    conn = sqlite3.connect(path)
    try:
        return conn.execute(f"SELECT {columns} FROM {table}").fetchall()
    finally:
        conn.close()


def up(day: int, headers: tuple[tuple[str, str], ...] = (), **facts: object) -> Visit:
    page = replace(capture(URL, b"page", NOW + day * DAY), headers=headers)
    return article_visit(fetched=NOW + day * DAY, captures=(page,), revision=revision(URL, **facts))


def away(day: int, outcome: Outcome = Outcome.GONE, **facts: object) -> Visit:
    return Visit(URL, NOW + day * DAY, outcome, **facts)


FRONT = "https://tern.example/"


@pytest.mark.parametrize(
    ("visit", "event"),
    [
        (away(1, status=404), ("not_found", "status 404")),
        (away(1, reason="status 404"), ("not_found", "status 404")),
        (away(1, status=410), ("gone", "status 410")),
        (away(1, reason="redirects to the front page", redirects=(FRONT,)), ("front_page", FRONT)),
        (away(1, Outcome.BLOCKED, reason="status 451"), ("withheld", "status 451")),
        (away(1, Outcome.NOT_AN_ARTICLE, reason="too few words"), ("no_article", "too few words")),
        (away(1, Outcome.OUT_OF_SCOPE, reason="redirects for good to https://b.example/x"), ("moved", "https://b.example/x")),
    ],
)
def test_each_way_to_be_withdrawn_is_an_event_and_so_is_coming_back(
    archive: Archive, path: Path, visit: Visit, event: tuple[str, str]
) -> None:
    archive.commit(None, [up(0), visit, up(3)], NOW)
    assert kept(path) == [event, ("back", event[0])]
    ended = kept(path, "kind, last_seen, since, ended", "withdrawals")
    assert ended == [(event[0], "2026-08-22T10:05:00Z", "2026-08-23T10:05:00Z", "2026-08-25T10:05:00Z")]


@pytest.mark.parametrize(
    "visit",
    [
        away(1, Outcome.FAILED, reason="timed out"), away(1, Outcome.BLOCKED, reason="status 403"),
        away(1, Outcome.ROBOTS), away(1, Outcome.LATER), away(1, Outcome.OUT_OF_SCOPE, reason="redirects to https://b.example/"),
    ],
)  # fmt: skip
def test_what_may_pass_is_no_event(archive: Archive, path: Path, visit: Visit) -> None:
    archive.commit(None, [up(0), visit, up(2)], NOW)
    assert kept(path) == []


def test_the_same_absence_again_is_no_further_event(archive: Archive, path: Path) -> None:
    archive.commit(None, [up(0), away(1, status=404), away(2, status=404), away(3, status=410)], NOW)
    assert kept(path, "kind, moment") == [("not_found", "2026-08-23T10:05:00Z"), ("gone", "2026-08-25T10:05:00Z")]


def test_a_paywall_that_comes_later_is_an_event_even_if_the_text_stays(archive: Archive, path: Path) -> None:
    visits = [up(0), up(1, paywalled=True), up(2, paywalled=None), up(3, paywalled=True), up(4, paywalled=False)]
    archive.commit(None, visits, NOW)
    assert kept(path, "kind, moment") == [("paywalled", "2026-08-23T10:05:00Z"), ("paywall_lifted", "2026-08-26T10:05:00Z")]
    assert archive.article(1).revisions == 1


def test_a_paywall_that_was_there_from_the_beginning_is_none_until_it_is_lifted(archive: Archive, path: Path) -> None:
    archive.commit(None, [up(0, paywalled=True), up(1, paywalled=True)], NOW)
    assert kept(path) == []
    archive.commit(None, [up(2, paywalled=False)], NOW)
    assert kept(path) == [("paywall_lifted", None)]


def test_noindex_added_and_lifted_are_events(archive: Archive, path: Path) -> None:
    archive.commit(None, [up(0), up(1, headers=(("x-robots-tag", "NoIndex, nofollow"),)), up(2)], NOW)
    assert kept(path, "kind, moment") == [("noindex", "2026-08-23T10:05:00Z"), ("noindex_lifted", "2026-08-24T10:05:00Z")]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("noindex", True), ("nofollow, NOINDEX", True), ("none", True), ("all", False), ("otherbot: noindex", False),
        ("otherbot: nofollow, noindex", False), ("unavailable_after: 25 Jun 2027 15:00:00 UTC, noindex", True),
        ("max-snippet:10, noindex", True), ("", False),
    ],
)  # fmt: skip
def test_x_robots_tag_is_read_as_for_all_robots(value: str, said: bool) -> None:
    assert says_noindex([("Content-Type", "text/html"), ("X-Robots-Tag", value)]) is said


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (b'<head><meta name="robots" content="noindex, follow">', True),
        (b"<META CONTENT='NONE' NAME='ROBOTS'/>", True),
        (b"<meta name=robots content=noindex>", True),
        (b'<meta name="robots" content="index, follow, max-snippet:-1">', False),
        (b'<meta name="otherbot" content="noindex"><meta name="robots" content="all">', False),
        (b'<!-- <meta name="robots" content="noindex"> -->', False),
        (b"<p>On robots and noindex", False),
        (b"", False),
    ],
)
def test_meta_robots_is_read_as_for_all_robots(page: bytes, said: bool) -> None:
    assert page_says_noindex(page) is said


def test_noindex_in_the_page_is_an_event(archive: Archive, path: Path) -> None:
    visits = [up(0), article_visit(fetched=NOW + DAY, body=b'<meta name="robots" content="noindex">')]
    archive.commit(None, visits, NOW)
    assert kept(path) == [("noindex", None)]


def lease_of(archive: Archive, url: str) -> Lease:
    return leases_of(archive, url)[0]


def leases_of(archive: Archive, *urls: str) -> list[Lease]:
    source = archive.add_source("https://tern.example/")
    run = archive.begin_run("crawl", [source.id], NOW)
    addresses = [found(url, PageKind.ARTICLE) for url in urls]
    archive.frontier.add(addresses, source_id=source.id, found_on=None, depth=0, run_id=run.id, now=NOW)
    return archive.frontier.lease(9, run_id=run.id, source_ids=None, per_host=10, busy_hosts={})


def test_an_address_that_holds_another_article_now_has_moved(archive: Archive, path: Path) -> None:
    lease = lease_of(archive, URL)
    archive.commit(1, [article_visit(lease=lease)], NOW)
    other = f"{URL}-is-back"
    moved = replace(
        article_visit(other, lease=lease, fetched=NOW + DAY), url=URL, redirects=(other,), revision=revision(other, title="Other")
    )
    archive.commit(1, [moved], NOW)
    assert kept(path, "article_id, kind, detail") == [(1, "moved", other)]
    archive.commit(1, [article_visit(lease=lease, fetched=NOW + 2 * DAY)], NOW)
    assert kept(path, "article_id, kind, detail") == [(1, "moved", other), (1, "back", "moved")]


def test_a_redirect_to_an_address_of_the_same_article_is_no_move(archive: Archive, path: Path) -> None:
    lease = lease_of(archive, URL)
    archive.commit(1, [article_visit(lease=lease)], NOW)
    again = Visit(
        URL, NOW + DAY, Outcome.UNCHANGED, lease=lease, redirects=(f"{URL}/",), reason=f"redirects to {URL}/, fetched in this run"
    )
    archive.commit(1, [again], NOW)
    assert kept(path) == []
    archive.commit(1, [replace(again, redirects=(f"{URL}-2",))], NOW)
    assert kept(path) == [("moved", f"{URL}-2")]


def test_a_second_address_that_is_gone_is_no_event_while_the_first_stands(archive: Archive, path: Path) -> None:
    own, second = leases_of(archive, URL, f"{URL}/old")
    archive.commit(1, [article_visit(lease=own), article_visit(second.url, lease=second, revision=revision())], NOW)
    archive.commit(1, [Visit(second.url, NOW + DAY, Outcome.GONE, lease=second, status=404)], NOW)
    assert kept(path) == []
    archive.commit(1, [Visit(own.url, NOW + 2 * DAY, Outcome.GONE, lease=own, status=410)], NOW)
    assert kept(path) == [("gone", "status 410")]


def test_a_page_of_before_an_absence_makes_that_an_event_though_it_is_taken_in_last(archive: Archive, path: Path) -> None:
    for visit in (away(1, status=404), up(2), up(0)):
        archive.commit(None, [visit], NOW)
    assert kept(path) == [("not_found", "status 404"), ("back", "not_found")]
    assert archive.verify() == []


def test_an_article_known_by_a_second_address_is_told_of_by_its_own(archive: Archive, path: Path) -> None:
    source = archive.add_source(FRONT)
    run = archive.begin_run("crawl", [source.id], NOW)
    print_view = f"{URL}/print"
    archive.frontier.add(
        [found(u) for u in (print_view, URL)], source_id=source.id, found_on=None, depth=0, run_id=run.id, now=NOW
    )
    leases = archive.frontier.lease(9, run_id=run.id, source_ids=None, per_host=9, busy_hosts={})
    by_url = {lease.url: lease for lease in leases}
    archive.commit(run.id, [article_visit(print_view, lease=by_url[print_view], revision=revision(URL))], NOW)
    archive.commit(run.id, [replace(away(2, status=404), lease=by_url[URL])], NOW)
    assert kept(path) == [("not_found", "status 404")]
    assert archive.article(URL).withdrawn == NOW + 2 * DAY
    assert archive.verify() == []


def test_what_an_address_said_before_its_article_was_known_counts_once_it_is(archive: Archive, path: Path) -> None:
    for visit in (away(2, status=404), article_visit(f"{URL}/print", revision=revision(URL))):
        archive.commit(None, [visit], NOW)
    assert kept(path) == [("not_found", "status 404")]
    assert archive.verify() == []


def test_nothing_happens_to_an_article_before_it_was_first_up(archive: Archive, path: Path) -> None:
    archive.commit(None, [away(0, status=404), up(1), away(2, status=404)], NOW)
    assert kept(path, "kind, moment") == [("not_found", "2026-08-24T10:05:00Z")]


VISITS = [up(0), up(1), away(2, status=404), up(3, paywalled=True), away(4, status=410), up(5), away(6, status=404)]


@given(order=st.permutations(VISITS))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_taking_in_changes_no_history(order: list[Visit], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("order") / "a.db"
    with Archive.create(path) as archive:
        archive.commit(None, [VISITS[0]], NOW)
        for visit in order:
            if visit is not VISITS[0]:
                archive.commit(None, [visit], NOW)
        told = kept(path, "kind, moment")
        with archive._db.conn as conn:
            events.refresh_some(conn, 1, 1)
        assert kept(path, "kind, moment") == told
        assert archive.verify() == []
    assert told == [
        (kind, f"2026-08-{day}T10:05:00Z")
        for kind, day in (
            ("not_found", 24), ("back", 25), ("paywalled", 25), ("gone", 26), ("back", 27), ("not_found", 28),
        )
    ]  # fmt: skip
