"""Whoever hands something to the keeper gets an answer, whatever happens to the archive."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Coroutine
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import pytest
from scrapy.exceptions import DropItem

from archive import Archive
from archive.capture import Capture, Payload
from archive.visit import Found, Kept, Lease, Listing, Outcome, PageKind, Visit
from crawler.idle_packing import IDLE_PAGES
from crawler.keeper import ADDRESSES_AT_ONCE, ArchiveKeeper
from tests.archive.samples import URL, article_visit

T = TypeVar("T")
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
SEED = "https://paper.example/"


class Engine:
    """Notes why it was asked to end."""

    def __init__(self) -> None:
        self.closed: list[str] = []
        self._slot: Any = None

    async def close_spider_async(self, reason: str) -> None:
        self.closed.append(reason)


@pytest.fixture
def keeper(tmp_path: Path) -> ArchiveKeeper:
    path = tmp_path / "a.db"
    with Archive.create(path) as archive:
        source = archive.add_source(SEED).id
        run = archive.begin_run("crawl", [source], NOW).id
        found = [Found(SEED, PageKind.SEED, "seed")] + [Found(f"{SEED}{n}", PageKind.ARTICLE, "link") for n in range(3)]
        archive.frontier.add(found, source_id=source, found_on=None, depth=0, run_id=run, now=NOW)
    crawler: Any = SimpleNamespace(engine=Engine(), spider=object())
    return ArchiveKeeper(crawler, path, run, (source,))


def within_seconds(work: Coroutine[Any, Any, T]) -> T:
    async def limited() -> T:
        return await asyncio.wait_for(work, 10)

    return asyncio.run(limited())


def listed(lease: Lease) -> Visit:
    return Visit(lease.url, NOW, Outcome.LISTED, lease=lease, status=200)


def test_a_visit_is_on_disk_when_it_is_kept(keeper: ArchiveKeeper) -> None:
    async def crawl() -> int:
        (lease, *_) = await keeper.lease(1, 1, {})
        await keeper.keep(listed(lease))
        with closing(sqlite3.connect(keeper._path)) as db, db:
            count: int = db.execute("SELECT count(*) FROM fetches").fetchone()[0]
        await keeper.close()
        return count

    assert within_seconds(crawl()) == 1


def test_visits_of_a_batch_are_kept_in_the_order_of_their_times(keeper: ArchiveKeeper) -> None:
    later, first = article_visit(f"{URL}-2", fetched=NOW), article_visit(f"{URL}-1", fetched=NOW - timedelta(minutes=1))

    async def keep() -> list[Any]:
        kept = await asyncio.gather(keeper.keep(later), keeper.keep(first))
        await keeper.close()
        return kept

    assert [kept.article_id for kept in within_seconds(keep())] == [2, 1]


def test_closing_gives_back_what_was_leased(keeper: ArchiveKeeper) -> None:
    async def crawl() -> int:
        leases = await keeper.lease(4, 4, {})
        await keeper.close()
        return len(leases)

    assert within_seconds(crawl()) == 4
    with closing(sqlite3.connect(keeper._path)) as db, db:
        assert db.execute("SELECT state, count(*) FROM frontier GROUP BY state").fetchall() == [("waiting", 4)]


def test_a_visit_that_no_table_takes_costs_itself_alone(keeper: ArchiveKeeper) -> None:
    async def crawl() -> list[Outcome]:
        leases = await keeper.lease(4, 4, {})
        visits = [listed(lease) for lease in leases]
        visits[1] = replace(visits[1], outcome=Outcome.STORED)
        kept = await asyncio.gather(*(keeper.keep(visit) for visit in visits))
        await keeper.close()
        return [each.outcome for each in kept]

    # An article without a reading is none that can be stored.
    assert within_seconds(crawl()) == [Outcome.LISTED, Outcome.FAILED, Outcome.LISTED, Outcome.LISTED]


def test_an_archive_that_cannot_be_written_ends_the_crawl(keeper: ArchiveKeeper, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Archive, "commit", full)

    async def crawl() -> None:
        (lease, *_) = await keeper.lease(1, 1, {})
        with pytest.raises(sqlite3.OperationalError, match="full"):
            await keeper.keep(listed(lease))
        await asyncio.sleep(0)
        await keeper.close()

    within_seconds(crawl())
    assert keeper._crawler.engine.closed == ["archive_failed"]  # type: ignore[union-attr]
    assert "full" in str(keeper.failure)


def test_nobody_waits_for_a_keeper_that_has_died(keeper: ArchiveKeeper) -> None:
    keeper._path.unlink()

    async def crawl() -> None:
        for _ in range(2):
            with pytest.raises(Exception, match="no archive at"):
                await keeper.lease(1, 1, {})
        with pytest.raises(Exception, match="no archive at"):
            await keeper.close()

    within_seconds(crawl())
    assert keeper._crawler.engine.closed == ["archive_failed"]  # type: ignore[union-attr]


def page_visit(number: int) -> Visit:
    """One of many pages of a site, with much in common."""
    body = f"<html>{''.join(f'<p>{n**7}</p>' for n in range(900))}<article>{number**40}</article></html>".encode()
    url = f"{SEED}page-{number}"
    capture = Capture(url, NOW, 200, (), Payload.of(body))
    return Visit(url, NOW, Outcome.NOT_AN_ARTICLE, reason="test", status=200, captures=(capture,))


def packed_pages(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db, db:
        count: int = db.execute("SELECT count(dictionary_id) FROM payloads").fetchone()[0]
    return count


def test_pages_are_packed_while_nobody_asks_for_anything(keeper: ArchiveKeeper) -> None:
    async def crawl() -> None:
        await asyncio.gather(*(keeper.keep(page_visit(number)) for number in range(IDLE_PAGES)))
        while packed_pages(keeper._path) < IDLE_PAGES:
            await asyncio.sleep(0.05)
        await keeper.close()

    within_seconds(crawl())
    with Archive.open(keeper._path) as archive:
        assert archive.verify() == []


def test_packing_that_fails_ends_no_crawl(keeper: ArchiveKeeper, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Archive, "begin_packing", full)

    async def crawl() -> Outcome:
        await keeper.keep(page_visit(1))
        while not caplog.messages:
            await asyncio.sleep(0.05)
        kept = await keeper.keep(page_visit(2))
        await keeper.close()
        return kept.outcome

    assert within_seconds(crawl()) is Outcome.NOT_AN_ARTICLE
    assert keeper.failure is None
    assert "packed later" in caplog.text


def long_list(lease: Lease, count: int) -> Visit:
    found = tuple(Found(f"{SEED}2026/a-story-{n}", PageKind.ARTICLE, "sitemap") for n in range(count))
    return replace(listed(lease), found=found, listing=Listing(found, count))


def test_a_long_list_is_taken_in_bit_by_bit_and_its_outcome_comes_last(keeper: ArchiveKeeper) -> None:
    count = 2 * ADDRESSES_AT_ONCE + 1
    seen: list[tuple[int, int]] = []

    def look() -> None:
        with closing(sqlite3.connect(keeper._path)) as db:
            seen.append(db.execute("SELECT (SELECT count(*) FROM frontier), (SELECT count(*) FROM fetches)").fetchone())

    async def crawl() -> Kept:
        (lease, *_) = await keeper.lease(1, 1, {})
        keeper.watch_lists(look)
        kept = await keeper.keep(long_list(lease, count))
        await keeper.close()
        return kept

    kept = within_seconds(crawl())
    look()
    before = 4  # the seed and three articles
    assert seen == [(before + ADDRESSES_AT_ONCE, 0), (before + 2 * ADDRESSES_AT_ONCE, 0), (before + count, 1)]
    assert kept.new_addresses == count
    with Archive.open(keeper._path, readonly=True) as archive:
        assert archive._db.execute("SELECT wanted, listed, fresh, new FROM polls").fetchall() == [(count,) * 4]


def test_a_long_list_is_read_again_by_the_next_run_where_this_one_died_in_the_middle(keeper: ArchiveKeeper) -> None:
    async def crawl() -> None:
        (lease, *_) = await keeper.lease(1, 1, {})
        keeper.watch_lists(lambda: setattr(keeper._crawler.engine, "_slot", SimpleNamespace(closing=object())))
        await keeper.keep(long_list(lease, 3 * ADDRESSES_AT_ONCE))

    with pytest.raises(DropItem):
        within_seconds(crawl())
    with Archive.open(keeper._path) as archive:
        archive.begin_run("crawl", [1], NOW)
        assert archive.frontier.waiting() == 4 + ADDRESSES_AT_ONCE
        (seed,) = archive.frontier.addresses(kind=PageKind.SEED)
        assert (seed.state, seed.outcome) == ("waiting", None)


def test_a_long_list_with_what_no_table_takes_has_its_outcome_all_the_same(keeper: ArchiveKeeper) -> None:
    async def crawl() -> Kept:
        (lease, *_) = await keeper.lease(1, 1, {})
        visit = long_list(lease, 2 * ADDRESSES_AT_ONCE)
        kept = await keeper.keep(replace(visit, found=(*visit.found[:-1], replace(visit.found[-1], title="\ud800"))))
        await keeper.close()
        return kept

    assert within_seconds(crawl()).new_addresses == 2 * ADDRESSES_AT_ONCE


def test_a_long_list_whose_first_addresses_no_table_takes_is_kept_at_once(keeper: ArchiveKeeper) -> None:
    async def crawl() -> Kept:
        (lease, *_) = await keeper.lease(1, 1, {})
        visit = long_list(lease, 2 * ADDRESSES_AT_ONCE)
        kept = await keeper.keep(replace(visit, found=(replace(visit.found[0], title="\ud800"), *visit.found[1:])))
        await keeper.close()
        return kept

    assert within_seconds(crawl()).new_addresses == 2 * ADDRESSES_AT_ONCE
