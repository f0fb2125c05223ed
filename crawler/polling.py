"""Pure: how often to look at feeds, sitemaps and front pages, by how many articles come and how many fit.

Two things bound the wait. Nothing may scroll off between two polls: the wait is so short that more articles than the page holds
come with a probability of `SCROLL_OFF` at most. They are taken to come in bursts: a Poisson process whose rate is itself Gamma
distributed, so that counts are negative binomial, with mean and dispersion from the polls before. And an article that is found
late is worth less, since the edits before that are lost; this is weighed against the price of a request as in `crawler.worth`.
All that a page lists takes up room there; only what its source wants is worth anything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise

from archive.history import AGES, Poll
from archive.visit import PageKind
from crawler.edits import hours_by_age
from crawler.worth import REGRETS, WAITS

SCROLL_OFF = 0.001
"""Probability that more articles than fit come between two polls, by the rates seen before."""
SOONEST = timedelta(minutes=10)
"""No page that lists articles is looked at again sooner."""
LATEST = {PageKind.SEED: timedelta(days=1), PageKind.FEED: timedelta(days=1)}
LATEST_OTHER = timedelta(days=14)
"""The longest wait of a sitemap or section, and of a feed that never had an entry that is wanted: most never change again, and an
index or a front page says which do."""
WORTH_OF_AN_ARTICLE = 2.0
"""An article found is worth so many edits found, beside the edits that are found because of it."""
HALF_LIFE = timedelta(days=7)
"""A poll counts half after so long: a week, so that weekdays and weekends are both in the mean."""
HALF_LIFE_POLLS = 20
"""But not before so many waits as the last: a page on which nothing comes is remembered for as long as it is polled seldom."""
PRIOR_ARRIVALS = 0.1
PRIOR_HOURS = 1.0
"""Before anything was seen: an article in ten hours. It counts as little as one hour of watching does."""
PRIOR_BURSTS = 1.0
PRIOR_BURSTS_POLLS = 10.0
"""Variance of the rate as a share of its square before anything was seen, and the polls that weigh as much as that. One: in some
hours many times as many as in the mean; a paper's day and night alone give about a half."""
LEAST_BURSTS = 0.25
LONGEST_SPAN = 720.0
"""Hours of a first poll's entries that count at most: a feed may keep an old entry at its end for ever."""
COUNTED_ENTRIES = 400
"""Of more entries than that the share that may come unseen is taken to be the same."""


def poll_wait(kind: PageKind, polls: Sequence[Poll], rates: Sequence[float], price: float) -> timedelta:
    """How long a page that lists articles may wait.

    Args:
        kind: of the page.
        polls: the last ones, oldest first; at least one.
        rates: edits an hour of a mean article of its source, by class of age.
        price: of a request, in edits found at once.

    """
    rate, bursts = arrivals(polls)
    share = _wanted_share(polls)
    wanted_rate = rate if share == 1 else arrivals(polls, share)[0]
    waits = [_paying_wait(wanted_rate, rates, price), _hours(LATEST.get(kind, LATEST_OTHER) if share else LATEST_OTHER)]
    capacity = min((poll.entries for poll in polls[-5:] if poll.entries), default=0)
    if capacity and share:
        waits.append(most_expected(capacity, round(bursts, 1)) / rate)
    if share and len(polls) > 1 and polls[-1].fresh >= polls[-1].entries > 0:  # all are new: some may have been missed
        waits.append(_hours(polls[-1].moment - polls[-2].moment) / 2)
    return max(timedelta(hours=min(waits)), SOONEST)


def _wanted_share(polls: Sequence[Poll]) -> float:
    """How much of what a page listed its source wants, 0 to 1; 0 also where it never listed anything."""
    wanted = sum(poll.entries if poll.wanted is None else poll.wanted for poll in polls)
    return wanted / sum(poll.entries for poll in polls) if wanted else 0.0


def _paying_wait(arrivals: float, rates: Sequence[float], price: float) -> float:
    """Hours after which a poll finds articles enough, and early enough, to be worth a request.

    An article that is found after `d` hours has lost the edits of its first `d` hours: of edits at a rate `r` that is
    `r * t**2 / 2` for articles that come evenly in a wait of `t` hours, by class of age.
    """
    for wait, regret in zip(WAITS, REGRETS, strict=True):
        lost = sum(rates[n] * some * (AGES[n] + some / 2) for n, some in hours_by_age(0.0, wait).items())
        if arrivals * (lost + WORTH_OF_AN_ARTICLE * regret) >= price:
            return wait
    return WAITS[-1]


def arrivals(polls: Sequence[Poll], share: float = 1.0) -> tuple[float, float]:
    """Articles an hour, and how far that varies: the variance of the rate as a share of its square.

    The first poll tells by the times of its entries; each later one by those that came since the one before. Of all that came,
    `share` is counted.
    """
    half_life = _half_life(polls)
    last = polls[-1].moment
    spans = [(poll.fresh * share, hours, _weight(last - poll.moment, half_life)) for poll, hours in _spans(polls)]
    rate = (PRIOR_ARRIVALS + sum(n * w for n, _, w in spans)) / (PRIOR_HOURS + sum(hours * w for _, hours, w in spans))
    pairs = sum(n * (n - 1) * w for n, _, w in spans)
    mean_pairs = sum((rate * hours) ** 2 * w for _, hours, w in spans)
    polls_counted = sum(w for _, _, w in spans)
    seen = pairs / mean_pairs - 1 if mean_pairs else PRIOR_BURSTS
    bursts = (PRIOR_BURSTS * PRIOR_BURSTS_POLLS + seen * polls_counted) / (PRIOR_BURSTS_POLLS + polls_counted)
    return rate, max(bursts, LEAST_BURSTS)


@lru_cache(maxsize=4096)
def most_expected(capacity: int, bursts: float) -> float:
    """The largest mean number of articles, so that more than `capacity` come with a probability of `SCROLL_OFF` at most."""
    if capacity > COUNTED_ENTRIES:
        return most_expected(COUNTED_ENTRIES, bursts) * capacity / COUNTED_ENTRIES
    low, high = 0.0, float(capacity)
    for _ in range(40):
        mean = (low + high) / 2
        low, high = (mean, high) if more_than(capacity, mean, bursts) <= SCROLL_OFF else (low, mean)
    return low


def more_than(capacity: int, mean: float, bursts: float) -> float:
    """The probability that a negative binomial count of this mean, its variance mean + bursts * mean**2, exceeds `capacity`."""
    shape = 1 / bursts
    chance = mean / (mean + shape)
    term: float = (1 - chance) ** shape
    total = term
    for n in range(capacity):
        term *= chance * (n + shape) / (n + 1)
        total += term
    return max(0.0, 1 - total)


def _spans(polls: Sequence[Poll]) -> list[tuple[Poll, float]]:
    """Each poll that tells how many came, with the hours they came in."""
    spans = [(later, _hours(later.moment - former.moment)) for former, later in pairwise(polls) if later.moment > former.moment]
    first = polls[0]
    if first.oldest is not None and first.moment > first.oldest and first.fresh >= first.entries:
        spans.insert(0, (first, min(_hours(first.moment - first.oldest), LONGEST_SPAN)))
    return spans


def _weight(age: timedelta, half_life: float) -> float:
    """How much a poll counts. None is later than the last one, but by a clock that was wrong: then it counts whole."""
    return math.exp2(-max(0.0, _hours(age)) / half_life)


def _half_life(polls: Sequence[Poll]) -> float:
    last = _hours(polls[-1].moment - polls[-2].moment) if len(polls) > 1 else 0.0
    return max(_hours(HALF_LIFE), HALF_LIFE_POLLS * last)


def _hours(time: timedelta) -> float:
    return time.total_seconds() / 3600
