from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from archive import Archive
from archive.host_rests import FORGOTTEN_AFTER, LONGEST
from archive.urls import host_of
from archive.visit import Lease
from tests.archive.samples import NOW, found

HOUR = timedelta(hours=1)


@pytest.fixture
def source(archive: Archive) -> int:
    return archive.add_source("https://tern.example/").id


def lease(archive: Archive, source: int, now: datetime | None) -> list[Lease]:
    run = archive.begin_run("crawl", [source], NOW).id
    pages = [found("https://tern.example/1"), found("https://gull.example/1")]
    archive.frontier.add(pages, source_id=source, found_on=None, depth=0, run_id=run, now=NOW)
    return archive.frontier.lease(9, run_id=run, source_ids=[source], per_host=9, busy_hosts={}, now=now)


def rest(archive: Archive, now: datetime = NOW, *, named: bool = True, wait: timedelta = HOUR, asked: bool = True) -> datetime:
    return archive.frontier.rest("tern.example", wait, "status 429", now, named=named, asked=asked)


def test_nothing_of_a_host_that_rests_is_leased(archive: Archive, source: int) -> None:
    rest(archive)
    assert [found.host for found in lease(archive, source, NOW)] == ["gull.example"]


@pytest.mark.parametrize("now", [NOW + HOUR, None])
def test_it_is_leased_when_the_rest_is_over_or_nobody_looks(archive: Archive, source: int, now: datetime | None) -> None:
    rest(archive)
    assert {found.host for found in lease(archive, source, now)} == {"gull.example", "tern.example"}


def test_a_rest_that_was_not_asked_for_doubles_each_time(archive: Archive) -> None:
    lengths = []
    now = NOW
    for _ in range(3):
        until = rest(archive, now, named=False)
        lengths.append(until - now)
        now = until
    assert lengths == [HOUR, 2 * HOUR, 4 * HOUR]


def test_a_rest_long_ago_is_forgotten(archive: Archive) -> None:
    first = rest(archive, named=False)
    later = first + FORGOTTEN_AFTER
    assert rest(archive, later, named=False) - later == HOUR


def test_no_rest_is_longer_than_a_day(archive: Archive) -> None:
    assert rest(archive, wait=timedelta(days=400)) - NOW == LONGEST


@pytest.mark.parametrize(("asked", "hosts"), [(True, {"gull.example"}), (False, {"gull.example", "tern.example"})])
def test_a_crawl_by_hand_ends_rests_that_no_host_asked_for(archive: Archive, source: int, asked: bool, hosts: set[str]) -> None:
    rest(archive, asked=asked)
    run = archive.begin_run("crawl", [source], NOW).id
    pages = [found("https://tern.example/1"), found("https://gull.example/1")]
    archive.frontier.add(pages, source_id=source, found_on=None, depth=0, run_id=run, now=NOW)
    archive.frontier.wake([source], NOW)
    leases = archive.frontier.lease(9, run_id=run, source_ids=[source], per_host=9, busy_hosts={}, now=NOW)
    assert {found.host for found in leases} == hosts


def test_of_two_rests_the_one_that_was_asked_for_counts_while_it_lasts(archive: Archive, source: int) -> None:
    rest(archive, asked=True)
    rest(archive, asked=False)
    lease(archive, source, None)
    archive.frontier.release(1)
    archive.frontier.wake([source], NOW)
    assert [past.rest_asked for past in archive.source_pasts([source], NOW)] == [True]


def test_a_host_rests_whose_name_is_not_in_ascii(archive: Archive) -> None:
    source = archive.add_source("https://bücher.example/").id
    run = archive.begin_run("crawl", [source], NOW).id
    pages = [found("https://bücher.example/1"), found("https://BÜCHER.example:443/2")]
    archive.frontier.add(pages, source_id=source, found_on=None, depth=0, run_id=run, now=NOW)
    archive.frontier.rest(host_of("https://xn--bcher-kva.example/1"), HOUR, "status 429", NOW, named=True)
    assert archive.frontier.lease(9, run_id=run, source_ids=[source], per_host=9, busy_hosts={}, now=NOW) == []
