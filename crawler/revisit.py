"""Pure: an address's past -> when to look again.

Articles by their age, their source's edits and their own (`crawler.edits`); pages that list articles by what comes on them
(`crawler.polling`); both at one price of a request (`crawler.worth`). What gives no usable answer waits longer each time.
docs/revisits.md tells how it was tried out.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from archive.history import AGES, History, Plan
from archive.visit import Outcome
from crawler.edits import born, edit_rates, hours_by_age, learn, own_share
from crawler.polling import poll_wait
from crawler.worth import DAY, REGRETS, WAITS
from spiders.discovery.archive_pages import CLOSED
from spiders.discovery.captures import CAPTURE

PRICE = 0.02
"""A request is worth it where it finds so many edits at once (or one in so many requests does). Lower: more requests and fewer
edits missed. docs/revisits.md has the curve; this is where it bends."""
HOUR = timedelta(hours=1)
SOONEST_LOOK = timedelta(minutes=30)
"""An article is not looked at again sooner, unless a feed or sitemap says that it changed."""
LATEST_LOOK = timedelta(days=60)
"""The longest wait of an article. Edits after two months are rare, but withdrawals are to be noticed. Where requests are dearer
than `PRICE`, this and the next bound grow with the square of it."""
WAIT_OF_AGE = 2.0
"""An article waits so many times its age at most, a day or more: four looks more in its life, by which it shows where a source
that edits late is not like others."""
RETRIES: dict[Outcome, tuple[timedelta, timedelta]] = {
    Outcome.FAILED: (timedelta(hours=1), timedelta(days=7)),
    Outcome.BLOCKED: (timedelta(hours=6), timedelta(days=14)),
    Outcome.GONE: (timedelta(days=1), timedelta(days=30)),
    Outcome.ROBOTS: (timedelta(days=1), timedelta(days=30)),
    Outcome.NOT_AN_ARTICLE: (timedelta(days=30), timedelta(days=120)),
}
"""Outcome -> the first wait and the longest; each time in a row doubles it. What was an article and is none waits as if gone."""
PUT_OFF = timedelta(minutes=10)
"""Wait of an address that its host could not be asked for; how long the host itself rests grows (`archive.host_rests`)."""
READ = frozenset({Outcome.STORED, Outcome.UNCHANGED})
"""Outcomes after which an article was seen."""
UNSEEN = frozenset({Outcome.FAILED, Outcome.BLOCKED, Outcome.ROBOTS})
"""Outcomes after which a capture was not seen: it is asked for again. What was seen of one never changes."""


def plan(history: History, price: float = PRICE) -> Plan:
    """When an address is due again if nothing says sooner, and what its past learns from this fetch.

    Args:
        history: of the address, the fetch included.
        price: of a request, in edits found at once; above 0.

    """
    if history.outcome is Outcome.OUT_OF_SCOPE:
        return Plan(None)
    if history.outcome is Outcome.LATER:
        return Plan(history.fetched + PUT_OFF)
    if history.how == CAPTURE and history.outcome not in UNSEEN:
        return Plan(None)
    if history.outcome in RETRIES:
        return Plan(history.fetched + _retry(history))
    if history.polls and history.how == CLOSED:
        return Plan(None)
    if history.polls:
        return Plan(history.fetched + poll_wait(history.kind, history.polls, edit_rates(history.watched), price))
    if history.outcome in READ:
        return _look(history, price)
    return Plan(history.fetched)


def next_look(age: float, rates: Sequence[float], share: float, price: float) -> timedelta:
    """How long an article that was seen at an age rests.

    Args:
        age: in hours.
        rates: edits an hour of a mean article of its source, by class of age.
        share: how much more often than that it is edited.
        price: of a request, in edits found at once.

    """
    edits, passed = 0.0, age
    dearer = max(1.0, price / PRICE) ** 2
    longest = max(DAY, WAIT_OF_AGE * age) * dearer
    place = bisect_right(AGES, age) - 1
    for wait, regret in zip(WAITS, REGRETS, strict=True):
        while place + 1 < len(AGES) and AGES[place + 1] < age + wait:
            edits += rates[place] * (AGES[place + 1] - passed)
            passed = AGES[place + 1]
            place += 1
        edits += rates[place] * (age + wait - passed)
        passed = age + wait
        if share * edits * regret >= price * wait or wait >= longest:
            break
    latest = LATEST_LOOK / HOUR * dearer
    return max(timedelta(hours=min(wait, latest)), SOONEST_LOOK)


def _look(history: History, price: float) -> Plan:
    """A look at an article: the first, or one that may have found it changed."""
    birth = born(history)
    age = _hours(birth, history.fetched)
    rates = edit_rates(history.watched)
    if history.looked is None:
        return Plan(history.fetched + next_look(age, rates, 1.0, price))
    changed = history.outcome is Outcome.STORED
    share = own_share(history.looks, history.changes, history.expected)
    expected, watched = learn(hours_by_age(_hours(birth, history.looked), age), rates, share, changed=changed)
    share = own_share(history.looks + 1, history.changes + changed, history.expected + expected)
    return Plan(history.fetched + next_look(age, rates, share, price), expected, watched)


def _retry(history: History) -> timedelta:
    was_article = history.outcome is Outcome.NOT_AN_ARTICLE and history.looked is not None
    first, longest = RETRIES[Outcome.GONE if was_article else history.outcome]
    doubled: int = 2 ** min(history.failures, 16)
    return min(first * doubled, longest)


def _hours(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds() / 3600)
