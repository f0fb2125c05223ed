"""Whether a site reads otherwise than in its own last runs. Pure: counts in, a judgement out.

Two questions are asked of each measure. Is the difference there at all: how likely would it be, or a greater one, had nothing
changed? And is it worth a person's time: is it large? Runs of one site differ more than chance says, as Sundays differ from
Mondays. So shares are held against a beta-binomial distribution, whose spread between runs is weighed by how much the last runs
did differ; and numbers must have left nearly all of their former range.

A new layout stays, and a day of other news goes by. So only a share that all but vanished is an alarm at once; what changed by
less must have changed in the runs before as well.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import fmean, median, stdev
from typing import NamedTuple

from archive.drift import SHARES, Profile

CHANCE = 2e-4
"""An alarm is raised below this. There are 14 measures, so a site where nothing changes would have one in some 360 runs if they
were independent and the model were true; `python -m bench drift` counts what happens on real pages."""
LARGE_FALL = 0.25
"""Of a share. Less than a quarter of all pages is not worth a look by hand; a layout that changed takes more."""
BELOW_ALL = 0.1
"""How far below the lowest share of the runs before (of those with `WINDOW` pages): what was so once is no news."""
APART = 0.9
"""Share of pairs, one page from before and one from now, that lie the same way. 0.5 is no difference at all."""
LARGE_RATIO = 1.5
"""Between medians. Bodies half as long again are not the news of the day, if nearly all are."""
WINDOW = 8
"""Pages looked at together at least: runs with fewer are joined with the ones before."""
ENOUGH_BEFORE = 300
"""Pages of the runs before that are looked back to: beyond, a site was another one."""
RUNS_BEFORE = 20
"""But so many runs at least: how far runs differ is not told by the pages of three large ones."""
FEWEST_BEFORE = 8
"""Pages before; with fewer nothing is known of the site."""
FEWEST_BEFORE_NUMBERS = 16
"""The same for numbers, which the rank test's normal approximation wants."""
SPREADS = {0.3: 1e-3, 1.0: 1e-3, 3.0: 1.0, 10.0: 1.0, 30.0: 1.0, 100.0: 1.0, 1000.0: 1.0}
"""How alike runs are, as pages that one run would weigh -> how likely that is before anything is known. 1000 is a site where
pages alone make the difference, 3 one of which every run is another mixture; below, runs are all or nothing: that takes
evidence."""
RUNS_KNOWN = 3
"""Runs before: from fewer it can't be told how far runs differ anyway. Then no number counts, and of shares one that nearly all
pages had and none has."""
VANISHED = 0.1
"""Of what it was."""
NEARLY_ALL = 0.9
BELOW_RANGE = 0.5
"""How far below the lowest share of the runs before, as a part of how far these lie apart: who differs much may differ more."""
DEVIATIONS = 4.0
"""How far the median must be from those of the runs before, in their standard deviations. Both are logarithms."""
SMALLEST_NUMBER = 1e-3
"""For logarithms: a share of the page below a thousandth is none."""


@dataclass(frozen=True, slots=True)
class Window:
    """The newest runs looked at together, and what they are held against."""

    now: tuple[Profile, ...]
    """Newest first."""
    before: tuple[Profile, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference that is worth an alarm."""

    measure: str
    before: float
    before_pages: int
    after: float
    after_pages: int
    chance: float
    since_run: int
    """The first of the runs that were looked at together."""
    runs_before: tuple[int, ...] = field(default=())
    """Newest first."""

    @property
    def bad_below(self) -> bool:
        """Whether pages are bad where the number is low."""
        return self.after < self.before


class _Change(NamedTuple):
    chance: float
    before: float
    after: float


def window_of(profiles: Sequence[Profile]) -> Window:
    """Part the profiles of a measure, newest first, into the runs looked at and those before."""
    pages, count = 0, 0
    while count < len(profiles) and pages < WINDOW:
        pages += profiles[count].pages
        count += 1
    before: list[Profile] = []
    for profile in profiles[count:]:
        if sum(p.pages for p in before) >= ENOUGH_BEFORE and len(before) >= RUNS_BEFORE:
            break
        before.append(profile)
    return Window(tuple(profiles[:count]), tuple(before))


def judge(measure: str, profiles: Sequence[Profile]) -> Finding | None:
    """Say whether the newest runs differ from those before.

    Args:
        measure: one of `archive.drift.SHARES` or `NUMBERS`.
        profiles: of one site, newest run first, without the runs of which it is known that they were bad.

    Returns:
        The difference; None where there is none, it is small, or too little is known. A share that rises is no bad news.
    """
    window = window_of(profiles)
    found = _test(measure, window) if measure in SHARES else None
    if found is not None and _has_vanished(window, found):
        return _finding(measure, window.now, window.before, found)
    earlier = window_of(profiles[len(window.now) :])
    if len(earlier.before) < RUNS_KNOWN:
        return None
    found, first = _test(measure, Window(window.now, earlier.before)), _test(measure, earlier)
    if found is None or first is None or (found.after < found.before) is not (first.after < first.before):
        return None
    return _finding(measure, (*window.now, *earlier.now), earlier.before, found)


def has_recovered(measure: str, before: float, after: float, since: Sequence[Profile]) -> bool:
    """Whether a measure has come back at least half of the way.

    Args:
        measure: of the alarm.
        before: what it was.
        after: what it was when the alarm was raised.
        since: profiles of the runs after that, newest first; the newest ones with `WINDOW` pages count, three pages at least.
    """
    newest = window_of(since).now
    if _pages(newest) < min(3, WINDOW):
        return False
    level = level_of(measure, newest)
    half = (before + after) / 2
    return level >= half if before > after else level <= half


def level_of(measure: str, profiles: Sequence[Profile]) -> float:
    """The share of pages that have it, or the median."""
    if measure in SHARES:
        return sum(p.having or 0 for p in profiles) / max(1, _pages(profiles))
    return median([number for p in profiles for number in p.numbers])


def chance_of_fall(before: Sequence[tuple[int, int]], having: int, pages: int) -> float:
    """Probability of so few pages that have it, or fewer, from what earlier runs were like.

    Beta-binomial: each run has a share of its own around a common one. How far shares lie apart is not known, so the values of
    `SPREADS` are averaged, each weighed by how well it explains the earlier runs.

    Args:
        before: pages that had it, and pages, of each earlier run.
        having: pages that have it now.
        pages: all pages now.
    """
    total = sum(n for _, n in before)
    share = (sum(k for k, _ in before) + 0.5) / (total + 1)
    weights = [
        math.log(prior) + sum(_log_mass(k, n, share * m, (1 - share) * m) for k, n in before) for m, prior in SPREADS.items()
    ]
    greatest = max(weights)
    summed = chance = 0.0
    for spread, weight in zip(SPREADS, weights, strict=True):
        known = 1 / (1 / spread + 1 / (total + 1))  # the common share itself is known from so many pages only
        likely = math.exp(weight - greatest)
        chance += likely * _tail(having, pages, share * known, (1 - share) * known)
        summed += likely
    return min(1.0, chance / summed)


def rank_test(before: Sequence[float], now: Sequence[float]) -> tuple[float, float]:
    """Mann-Whitney's test for two samples.

    Returns:
        The two-sided probability (normal approximation with ties and continuity, which is too high rather than too low far out);
        and the share of pairs in which the number from now is the greater one, ties counted half.
    """
    n, m = len(before), len(now)
    values = sorted([(value, 0) for value in before] + [(value, 1) for value in now])
    ranks, ties, start = 0.0, 0, 0
    while start < n + m:
        end = start
        while end < n + m and values[end][0] == values[start][0]:
            end += 1
        ranks += (start + end + 1) / 2 * sum(which for _, which in values[start:end])
        ties += (end - start) ** 3 - (end - start)
        start = end
    greater = (ranks - m * (m + 1) / 2) / (n * m)
    variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
    if variance <= 0:
        return 1.0, 0.5
    away = max(0.0, abs(greater - 0.5) * n * m - 0.5) / math.sqrt(variance)
    return math.erfc(away / math.sqrt(2)), greater


def first_bad(bad: Sequence[bool]) -> int | None:
    """Place of the first bad page of the stretch at the end in which bad ones prevail; None if there is none."""
    best, place, balance = 0, None, 0
    for index in range(len(bad) - 1, -1, -1):
        balance += 1 if bad[index] else -1
        if bad[index] and balance > best:
            best, place = balance, index
    if place is not None or not any(bad):
        return place
    return bad.index(True)


def _test(measure: str, window: Window) -> _Change | None:
    """The difference between the runs looked at and those before, if it is large and no chance."""
    share = measure in SHARES
    if not window.now or _pages(window.before) < (FEWEST_BEFORE if share else FEWEST_BEFORE_NUMBERS):
        return None
    return _fallen(window) if share else _moved(window)


def _has_vanished(window: Window, change: _Change) -> bool:
    """Whether a fall is an alarm at once."""
    if len(window.before) < RUNS_KNOWN:
        return change.before >= NEARLY_ALL and change.after == 0
    return change.after <= VANISHED * change.before


def _finding(measure: str, now: Sequence[Profile], before: Sequence[Profile], change: _Change) -> Finding:
    runs = tuple(profile.run_id for profile in before)
    level = level_of(measure, now)
    return Finding(measure, change.before, _pages(before), level, _pages(now), change.chance, now[-1].run_id, runs)


def _fallen(window: Window) -> _Change | None:
    """How a share has fallen, if it has."""
    before, after = level_of("title", window.before), level_of("title", window.now)
    levels = [level_of("title", [p]) for p in window.before if p.pages >= WINDOW] or [1.0]
    below = max(BELOW_ALL, BELOW_RANGE * (max(levels) - min(levels)))
    if before - after < LARGE_FALL or after > min(levels) - below:
        return None
    counts = [(p.having or 0, p.pages) for p in window.before]
    chance = chance_of_fall(counts, sum(p.having or 0 for p in window.now), _pages(window.now))
    return _Change(chance, before, after) if chance < CHANCE else None


def _moved(window: Window) -> _Change | None:
    """How the median has moved, if nearly all numbers have moved one way."""
    before = [number for p in window.before for number in p.numbers]
    now = [number for p in window.now for number in p.numbers]
    chance, greater = rank_test(before, now)
    low, high = sorted((median(before), median(now)))
    if chance >= CHANCE or max(greater, 1 - greater) < APART or high < LARGE_RATIO * low or high == 0:
        return None
    return _Change(chance, median(before), median(now)) if _stands_out(window, median(now)) else None


def _stands_out(window: Window, level: float) -> bool:
    """Whether a median is far from those of the runs before, as far as these lie apart."""
    logs = [math.log(max(median(p.numbers), SMALLEST_NUMBER)) for p in window.before]
    away = abs(math.log(max(level, SMALLEST_NUMBER)) - fmean(logs))
    return away > DEVIATIONS * stdev(logs) * math.sqrt(1 + 1 / len(logs))


def _pages(profiles: Sequence[Profile]) -> int:
    return sum(profile.pages for profile in profiles)


def _log_mass(k: int, n: int, a: float, b: float) -> float:
    """Logarithm of the beta-binomial probability of k out of n."""
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    above = math.lgamma(k + a) + math.lgamma(n - k + b) - math.lgamma(n + a + b)
    return ways + above - math.lgamma(a) - math.lgamma(b) + math.lgamma(a + b)


def _tail(k: int, n: int, a: float, b: float) -> float:
    return sum(math.exp(_log_mass(i, n, a, b)) for i in range(k + 1))


__all__ = ["Finding", "Window", "chance_of_fall", "first_bad", "has_recovered", "judge", "level_of", "rank_test", "window_of"]
