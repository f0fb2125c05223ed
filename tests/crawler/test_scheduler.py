"""What is due is asked for once, handed out host by host, and the limit of a run counts what is on its way."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from scrapy import Request
from scrapy.core.scraper import Slot
from scrapy.http import Response
from scrapy.settings import Settings

from archive.visit import Kept, Lease, Outcome, PageKind, Visit
from crawler import scheduler as module
from crawler.keeper import ArchiveKeeper
from crawler.politeness.pace import Pace
from crawler.scheduler import LEASED_PER_HOST, PAGES_AT_ONCE, ArticleBudget, FrontierScheduler

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


class Frontier:
    """Stands where the keeper does: addresses that are due, by host."""

    def __init__(self, due: Mapping[str, int], kind: PageKind = PageKind.ARTICLE) -> None:
        self.due = {host: [lease(host, n, kind) for n in range(count)] for host, count in due.items()}
        self.asked = 0
        self.source_ids: tuple[int, ...] = (1, 2)

    def watch(self, watcher: Any) -> None:
        """Commits are told to the scheduler by the tests themselves."""

    def watch_lists(self, watcher: Any) -> None:
        """As `watch`."""

    async def lease(self, count: int, per_host: int, busy_hosts: Mapping[str, int]) -> list[Lease]:
        """As `ArchiveKeeper.lease`."""
        self.asked += 1
        await asyncio.sleep(0)
        taken: list[Lease] = []
        for host, waiting in self.due.items():
            room = min(per_host - busy_hosts.get(host, 0), count - len(taken))
            fit = [each for each in waiting if each.source_id in self.source_ids][: max(0, room)]
            taken += fit
            self.due[host] = [each for each in waiting if each not in fit]
        return taken


def lease(host: str, n: int, kind: PageKind = PageKind.ARTICLE, source: int = 1) -> Lease:
    return Lease(n, f"https://{host}/{n}", kind, host, source, 1, "link", None, None, None, None, None, None)


def scheduler_over(frontier: Frontier, **settings: Any) -> tuple[FrontierScheduler, set[Request]]:
    """A scheduler, and the requests that are being downloaded."""
    active: set[Request] = set()
    scraper = SimpleNamespace(slot=Slot())
    engine = SimpleNamespace(downloader=SimpleNamespace(active=active), scraper=scraper, _slot=None)
    spider = SimpleNamespace(callback_for=lambda _kind: None, leaves_out=lambda _lease: False, as_of=lambda lease, _now: lease)
    components = {ArchiveKeeper: frontier, module.Ledger: SimpleNamespace(failed=None)}
    crawler: Any = SimpleNamespace(
        settings=Settings({"CONCURRENT_REQUESTS_PER_DOMAIN": 1, **settings}), engine=engine,
        get_extension=components.get, get_spider_middleware=components.get,
    )  # fmt: skip
    made = FrontierScheduler(crawler)
    spidery: Any = spider
    made.open(spidery)
    return made, active


async def drained(scheduler: FrontierScheduler) -> list[Request]:
    """All that the scheduler hands out, as an engine would take it, each answered at once."""
    requests = []
    while scheduler.has_pending_requests():
        request = scheduler.next_request()
        if request is not None:
            requests.append(request)
        await asyncio.sleep(0)
    return requests


def test_everything_due_is_handed_out_and_the_frontier_is_asked_seldom() -> None:
    frontier = Frontier({"a.example": 500, "b.example": 3})

    async def crawl() -> list[Request]:
        return await drained(scheduler_over(frontier)[0])

    hosts = Counter(request.url.split("/")[2] for request in asyncio.run(crawl()))
    assert hosts == {"a.example": 500, "b.example": 3}
    assert frontier.asked <= 500 // (LEASED_PER_HOST // 2) + 2


def test_an_idle_scheduler_does_not_ask_again_until_something_was_found() -> None:
    frontier = Frontier({"a.example": 1})

    async def crawl() -> tuple[int, bool, list[Request]]:
        scheduler, _ = scheduler_over(frontier)
        await drained(scheduler)
        asked = frontier.asked
        scheduler.next_request()
        frontier.due["a.example"] = [lease("a.example", 9)]
        visit = Visit("https://a.example/", NOW, Outcome.LISTED)
        scheduler._committed(visit, Kept(Outcome.LISTED, new_addresses=1))
        return frontier.asked - asked, scheduler.has_pending_requests(), await drained(scheduler)

    asked_idly, pending, requests = asyncio.run(crawl())
    assert (asked_idly, pending, [request.url for request in requests]) == (0, True, ["https://a.example/9"])


def test_a_discovery_passes_over_articles_however_many_there_are() -> None:
    async def crawl() -> list[Request]:
        return await drained(scheduler_over(Frontier({"a.example": 1000}), MORGUE_FETCH_ARTICLES=False)[0])

    assert asyncio.run(crawl()) == []


def hosts_sent(frontier: Frontier, rounds: int, **settings: Any) -> list[str]:
    """Hosts of what is handed out while nothing is answered."""

    async def crawl() -> list[str]:
        scheduler, active = scheduler_over(frontier, **settings)
        for _ in range(rounds):
            request = scheduler.next_request()
            await asyncio.sleep(0.001)
            if request is not None:
                active.add(request)
        return sorted(request.url.split("/")[2] for request in active)

    return asyncio.run(crawl())


def test_a_host_gets_no_more_than_its_concurrency() -> None:
    assert hosts_sent(Frontier({"a.example": 9, "b.example": 9}), 12) == ["a.example", "b.example"]


def test_a_source_may_have_a_concurrency_of_its_own() -> None:
    sent = hosts_sent(Frontier({"a.example": 9, "b.example": 9}), 12, MORGUE_PACES={1: Pace(1.0, 3)})
    assert sent == ["a.example"] * 3 + ["b.example"] * 3, "on every host that it has addresses on"


def test_hosts_take_turns() -> None:
    async def crawl() -> list[Request]:
        return await drained(scheduler_over(Frontier({"a.example": 3, "b.example": 3}))[0])

    assert [request.url.split("/")[2][0] for request in asyncio.run(crawl())] == list("ababab")


def test_without_a_limit_nothing_is_spent() -> None:
    budget = ArticleBudget(0)
    for _ in range(1000):
        budget.take()
    assert not budget.spent


def test_no_more_are_on_their_way_than_may_be_kept() -> None:
    budget = ArticleBudget(2)
    budget.take()
    assert not budget.spent
    budget.take()
    assert budget.spent


def test_one_that_was_not_stored_leaves_its_place_to_another() -> None:
    budget = ArticleBudget(1)
    budget.take()
    budget.settle(stored=False)
    assert not budget.spent


def test_one_that_was_stored_uses_its_place_up() -> None:
    budget = ArticleBudget(1)
    budget.take()
    budget.settle(stored=True)
    assert budget.spent


def crawled(frontier: Frontier, outcomes: Mapping[int, Outcome], **settings: Any) -> Counter[int]:
    """Articles fetched of each source, where each address of a source has that outcome."""

    async def crawl() -> Counter[int]:
        scheduler, _ = scheduler_over(frontier, **settings)
        fetched: Counter[int] = Counter()
        while scheduler.has_pending_requests():
            request = scheduler.next_request()
            await asyncio.sleep(0)
            if request is not None:
                given: Lease = request.meta["lease"]
                assert given.source_id is not None
                fetched[given.source_id] += 1
                visit = Visit(given.url, NOW, outcomes[given.source_id], lease=given)
                scheduler._committed(visit, Kept(visit.outcome))
        return fetched

    return asyncio.run(crawl())


def test_a_source_has_no_more_articles_than_its_limit_and_holds_up_no_other() -> None:
    frontier = Frontier({"a.example": 200})
    frontier.due["a.example"] += [lease("a.example", 1000 + n, source=2) for n in range(200)]
    fetched = crawled(frontier, {1: Outcome.STORED, 2: Outcome.STORED}, MORGUE_SOURCE_LIMITS={1: 3})
    assert fetched == {1: 3, 2: 200}


def test_what_was_not_stored_does_not_count_in_the_limit_of_a_source() -> None:
    assert crawled(Frontier({"a.example": 50}), {1: Outcome.UNCHANGED}, MORGUE_SOURCE_LIMITS={1: 3}) == {1: 50}


def test_the_limit_of_the_run_holds_over_those_of_sources() -> None:
    assert crawled(Frontier({"a.example": 50}), {1: Outcome.STORED}, MORGUE_SOURCE_LIMITS={1: 30}, MORGUE_LIMIT=4) == {1: 4}


def test_a_host_that_is_given_up_is_sent_nothing_more_retries_included() -> None:
    async def crawl() -> tuple[list[str], bool]:
        scheduler, _ = scheduler_over(Frontier({"a.example": 3, "b.example": 2}), MORGUE_LIMIT=3)
        first = None
        while first is None or "a.example" not in first.url:
            first = scheduler.next_request() or first
            await asyncio.sleep(0)
        scheduler.enqueue_request(first)
        scheduler.give_up("a.example")
        accepted = scheduler.enqueue_request(first)
        return [request.url.split("/")[2] for request in await drained(scheduler)], accepted

    hosts, accepted = asyncio.run(crawl())
    assert set(hosts) == {"b.example"}
    assert not accepted


def test_nothing_more_is_asked_for_while_many_small_pages_wait_to_be_read() -> None:
    scheduler, _ = scheduler_over(Frontier({"a.example": 3}))
    waiting: Slot = scheduler._crawler.engine.scraper.slot  # type: ignore[assignment]

    async def crawl() -> tuple[Request | None, Request | None]:
        scheduler.next_request()
        await asyncio.sleep(0.01)
        for number in range(PAGES_AT_ONCE):
            waiting.add_response_request(Response("https://a.example/"), Request(f"https://a.example/{number}"))
        held = scheduler.next_request()
        waiting.next_response_request_deferred()
        still_held = scheduler.next_request()
        waiting.finish_response(Response("https://a.example/"), waiting.active.copy().pop())
        assert still_held is None, "a page that is being read counts"
        return held, scheduler.next_request()

    held, after = asyncio.run(crawl())
    assert held is None
    assert after is not None
