"""Ways to decide when to look again, run against what sites do in virtual time; for `bench freshness`.

Each gives the same account: which articles were found when, and when each was looked at. The policy under test is
`crawler.revisit.plan` itself, fed with histories as the archive keeps them.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import numpy as np

from archive.history import AGES, History, Plan, Poll, Watched
from archive.visit import Outcome, PageKind
from bench._newsroom import Floats, Made, left
from crawler.revisit import plan

START = datetime(2026, 1, 5, tzinfo=UTC)
"""A Monday."""
POLLS_KEPT = 60
FEED_CHECK = 1 / 6
"""Hours: no policy polls or looks more often than every ten minutes."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a policy saw of one site."""

    polls: int
    found: Floats
    """When each article was found and first fetched, hours; infinite: never."""
    looks: tuple[Floats, ...]
    """At each article after that, sorted."""


Policy = Callable[[Made, float], Seen]
"""Site, and how many hours -> what was seen."""


@dataclass(frozen=True, slots=True)
class Score:
    """An account over sites. Edits of the last day, and articles of it, are left out: nobody could have seen them in a day."""

    polls: int
    requests: int
    articles: int
    missed: int
    edits: int
    in_an_hour: int
    in_a_day: int
    in_a_week: int
    versions: int
    """Articles as first published, and as they were after each edit."""
    versions_kept: int


def score(made: Made, seen: Seen, hours: float) -> Score:
    """Hold what was seen against what happened."""
    requests, counts = seen.polls, np.zeros(8, dtype=int)
    for n, published in enumerate(made.published):
        found, looks = seen.found[n], seen.looks[n]
        requests += 0 if np.isinf(found) else 1 + len(looks)
        if 0 <= published < hours - 24:
            counts += _of_article(published, made.edits[n], found, looks, hours)
    articles, missed, edits, hour, day, week, versions, kept = counts.tolist()
    return Score(seen.polls, requests, articles, missed, edits, hour, day, week, versions, kept)


def _of_article(published: float, edits: Floats, found: float, looks: Floats, hours: float) -> Floats:
    edits = edits[edits < hours - 24]
    times = np.concatenate([[found], looks, [np.inf]])
    # An edit before the article was found changes nothing that anybody has.
    caught = np.where(edits > found, times[np.searchsorted(times, edits)], np.inf) - edits
    bounds = np.concatenate([[published], edits, [np.inf]])
    kept = np.diff(np.searchsorted(times[:-1], bounds)) > 0
    return np.array(
        [
            1, np.isinf(found), len(edits), (caught <= 1).sum(), (caught <= 24).sum(), (caught <= 168).sum(),
            len(edits) + 1, kept.sum(),
        ],
        dtype=int,
    )  # fmt: skip


def total(scores: list[Score]) -> Score:
    """All sites in one account."""
    return Score(*(sum(getattr(one, name) for one in scores) for name in Score.__slots__))


def fixed(interval: float, window: float = np.inf, poll: float | None = None) -> Policy:
    """Poll feeds and look at articles at one interval in hours; articles only up to an age of `window` hours."""

    def run(made: Made, hours: float) -> Seen:
        polls = np.arange(0.0, hours, poll or interval)
        found = _found(made, polls)
        looks = tuple(
            np.arange(f + interval, min(hours, f + window + 1e-9), interval) if np.isfinite(f) else np.empty(0) for f in found
        )
        return Seen(len(polls), found, looks)

    return run


def _found(made: Made, polls: Floats) -> Floats:
    """When each article stood in the feed at a poll."""
    last = np.searchsorted(made.published, polls, side="right")
    found = np.full(len(made.published), np.inf)
    known = 0
    for moment, end in zip(polls, last, strict=True):
        first = max(known, end - made.site.capacity)
        found[first:end] = moment
        known = end
    return found


def proportional(share: float) -> Policy:
    """Wait in inverse proportion to the observed rate of changes: of arrivals for a feed, of edits for an article.

    Rates are estimated as changes over time, with half a change in a day before anything was seen; `share` of a change is let
    happen between two looks.
    """

    def wait(changes: float, hours: float) -> float:
        return min(max(share * (24 + hours) / (0.5 + changes), FEED_CHECK), 60 * 24)

    def run(made: Made, hours: float) -> Seen:
        return _walk(made, hours, lambda: _Counting(wait))

    return run


def ours(price: float) -> Policy:
    """`crawler.revisit.plan` at a price of a request."""

    def run(made: Made, hours: float) -> Seen:
        return _walk(made, hours, lambda: _Planned(price))

    return run


def optimum(price: float, within: float = 24.0, poll_price: float = 0.05) -> Policy:
    """The looks that catch most edits within so many hours under a budget, every article's own rate of edits being known.

    For each article the dates of all looks at once, by dynamic programming over its age: the edits that they catch, less the
    price of each look. One price for all is the Lagrange multiplier of the budget, so that nothing catches more with as many
    looks (Cho and Garcia-Molina 2003; here rates fall with age, and what counts is a delay). Articles are found as by `ours`.
    """

    def run(made: Made, hours: float) -> Seen:
        planned = _polled(made, hours, poll_price)
        shares = np.quantile(made.share, (np.arange(SHARES) + 0.5) / SHARES)
        tables = [_next_looks(made, share, price, within) for share in shares]
        group = np.abs(made.share[:, None] - shares[None, :]).argmin(axis=1)
        looks = tuple(
            _follow(tables[group[n]], made.published[n], found, hours) if np.isfinite(found) else np.empty(0)
            for n, found in enumerate(planned.found)
        )
        return Seen(planned.polls, planned.found, looks)

    return run


@lru_cache(maxsize=100)
def _polled(made: Made, hours: float, price: float) -> Seen:
    """What the polls of `crawler.revisit` find, without any looks at articles."""
    return _walk(made, hours, lambda: _Planned(price), articles=False)


SHARES = 40
"""Groups of articles by how often they are edited; the optimum is worked out for each."""
GRID = np.concatenate([np.arange(0, 12, 0.25), np.arange(12, 48, 1), np.arange(48, 240, 3), np.arange(240, 2400, 12)])
"""Ages in hours at which the optimum may look."""


def _next_looks(made: Made, share: float, price: float, within: float) -> list[int]:
    """For each age of the grid the place of the age to look at next; -1: never again."""
    edits = made.site.edits * (1 - left(made.site, GRID))
    before = made.site.edits * (1 - left(made.site, GRID - within))
    best, after = np.zeros(len(GRID)), [-1] * len(GRID)
    for n in range(len(GRID) - 2, -1, -1):
        gains = share * (edits[n + 1 :] - np.maximum(edits[n], before[n + 1 :])) - price + best[n + 1 :]
        most = int(np.argmax(gains))
        if gains[most] > 0:
            best[n], after[n] = gains[most], n + 1 + most
    return after


def _follow(after: list[int], published: float, found: float, hours: float) -> Floats:
    place = bisect_left(GRID.tolist(), found - published)  # type: ignore[arg-type]
    looks = []
    while place < len(after) and (place := after[place]) >= 0 and published + GRID[place] < hours:
        looks.append(published + GRID[place])
    return np.array(looks)


@dataclass
class _Article:
    """One article as a policy has it."""

    number: int
    found: float
    looks: list[float] = field(default_factory=list)
    changes: int = 0
    expected: float = 0.0


class _Counting:
    """Waits by a function of changes and hours."""

    def __init__(self, wait: Callable[[float, float], float]) -> None:
        self._wait = wait
        self._arrivals = 0

    def poll(self, now: float, entries: Floats, fresh: int) -> float:
        self._arrivals += fresh
        return self._wait(self._arrivals, now)

    def look(self, made: Made, article: _Article, now: float, changed: bool) -> float:
        return self._wait(article.changes, now - article.found)


class _Planned:
    """Waits by `crawler.revisit.plan`."""

    def __init__(self, price: float) -> None:
        self._price = price
        self._watched = [Watched()] * len(AGES)
        self._polls: deque[Poll] = deque(maxlen=POLLS_KEPT)

    def poll(self, now: float, entries: Floats, fresh: int) -> float:
        oldest = _moment(entries[0]) if len(entries) else None
        self._polls.append(Poll(_moment(now), len(entries), fresh, oldest))
        history = History(PageKind.FEED, Outcome.LISTED, _moment(now), START, polls=tuple(self._polls), watched=self._watched)
        return self._wait(plan(history, self._price), now)

    def look(self, made: Made, article: _Article, now: float, changed: bool) -> float:
        first = not article.looks
        looks = len(article.looks) - 1
        history = History(
            PageKind.ARTICLE,
            Outcome.STORED if first or changed else Outcome.UNCHANGED,
            _moment(now),
            _moment(article.found),
            published=_moment(made.published[article.number]),
            looked=None if first else _moment(article.looks[-2] if looks else article.found),
            looks=max(looks, 0),
            changes=article.changes - changed,
            expected=article.expected,
            watched=self._watched,
        )
        planned = plan(history, self._price)
        article.expected += planned.expected
        for age, seen in planned.watched.items():
            old = self._watched[age]
            self._watched[age] = Watched(old.hours + seen.hours, old.changes + seen.changes)
        return self._wait(planned, now)

    def _wait(self, planned: Plan, now: float) -> float:
        assert planned.revisit is not None
        return (planned.revisit - _moment(now)).total_seconds() / 3600


def _moment(hours: float) -> datetime:
    return START + timedelta(hours=float(hours))


def _walk(made: Made, hours: float, waiter: Callable[[], _Counting | _Planned], *, articles: bool = True) -> Seen:
    """Do what a policy says, event by event."""
    policy = waiter()
    published = made.published.tolist()
    edits = [some.tolist() for some in made.edits]
    found = np.full(len(published), np.inf)
    seen: dict[int, _Article] = {}
    events: list[tuple[float, int]] = [(0.0, -1)]
    polls = known = 0
    while events:
        now, number = heapq.heappop(events)
        if number >= 0:
            article = seen[number]
            changed = _changed(edits[number], article.looks[-1] if article.looks else article.found, now)
            article.looks.append(now)
            article.changes += changed
            wait = policy.look(made, article, now, changed)
        else:
            polls += 1
            end = bisect_right(published, now)
            first = max(0, end - made.site.capacity)
            fresh = range(max(known, first), end)
            known = end
            for n in fresh:
                found[n] = now
                seen[n] = _Article(n, now)
                wait = policy.look(made, seen[n], now, False) if articles else np.inf
                _push(events, now + wait, n, hours)
            wait = policy.poll(now, made.published[first:end], len(fresh))
        _push(events, now + wait, number, hours)
    looks = tuple(np.array(seen[n].looks if n in seen else []) for n in range(len(published)))
    return Seen(polls, found, looks)


def _push(events: list[tuple[float, int]], moment: float, number: int, hours: float) -> None:
    if moment < hours:
        heapq.heappush(events, (moment, number))


def _changed(edits: list[float], since: float, now: float) -> bool:
    return bisect_right(edits, now) > bisect_right(edits, since)


def sweep(policies: dict[str, Policy], made: list[Made], hours: float) -> Iterator[tuple[str, Score]]:
    """Run each policy on all sites."""
    for name, policy in policies.items():
        yield name, total([score(site, policy(site, hours), hours) for site in made])
