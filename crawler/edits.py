"""Pure: how often an article is edited at its age, from what is known before and from what was seen.

Edits are taken for a Poisson process whose rate falls with the age of the article. Before anything was seen the rate is a stated
prior. What was seen of a source corrects it twice (Gamma priors of a Poisson rate, so that small numbers stay near the prior):
the source as a whole, then each class of age. What was seen of one article corrects its own share of that rate, since a few
articles have most of the edits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from archive.history import AGES, History, Watched

EDITS_OF_AN_ARTICLE = 2.0
"""Edits that an article has on average, before anything is known of its source. NewsEdits (Spangher and others 2022) has 4.6
million versions of 1.28 million articles of 22 outlets: 2.6 edits an article, on sites that edit more than most."""
HALF_OF_THE_EDITS = 6.0
"""Hours from publication in which half of an article's edits happen. An assumption, corrected by what is seen."""
TAIL = 0.5
"""Share of edits that are still to come at age `a`: (1 + a / scale) ** -TAIL. Heavy: a tenth come after three weeks."""
LAST_AGE = 4320
"""Hours that the last class of age is taken to last, for its mean rate: half a year."""
SOURCE_EVIDENCE = 5.0
"""Edits that must be seen of a source before it counts for half in how often its articles are edited."""
AGE_EVIDENCE = 20.0
"""The same for one class of age against the source as a whole."""
OWN_EVIDENCE = 0.5
"""The same for one article against its source: the shape of the Gamma distribution of articles' shares. Half means that one
article in three has next to no edits, and one in twenty four times the mean. An assumption."""
UNKNOWN_AGE = timedelta(days=30)
"""Age at which an article without a date was found, if it was not in a feed: sections link to old articles, too."""
FOUND_WHEN_NEW = frozenset({"feed", "news sitemap"})
"""How addresses are found that are new when they are found."""


def _prior() -> tuple[float, ...]:
    """Edits an hour of a mean article, by class of age."""
    scale = HALF_OF_THE_EDITS / (0.5 ** (-1 / TAIL) - 1)
    left = [(1 + age / scale) ** -TAIL for age in (*AGES, LAST_AGE)]
    return tuple(EDITS_OF_AN_ARTICLE * (a - b) / (end - start) for (a, b), (start, end) in _with(left))


def _with(left: Sequence[float]) -> list[tuple[tuple[float, float], tuple[int, int]]]:
    return list(zip(pairwise(left), pairwise((*AGES, LAST_AGE)), strict=True))


PRIOR = _prior()


def edit_rates(watched: Sequence[Watched]) -> tuple[float, ...]:
    """Edits an hour of a mean article of a source, by class of age, from what was seen of it.

    Args:
        watched: one for each class of age.

    """
    if not any(seen.hours for seen in watched):
        return PRIOR
    expected = sum(rate * seen.hours for rate, seen in zip(PRIOR, watched, strict=True))
    source = (SOURCE_EVIDENCE + sum(seen.changes for seen in watched)) / (SOURCE_EVIDENCE + expected)
    return tuple(
        (AGE_EVIDENCE + seen.changes) / (AGE_EVIDENCE / (source * rate) + seen.hours)
        for rate, seen in zip(PRIOR, watched, strict=True)
    )


def own_share(looks: int, changes: int, expected: float) -> float:
    """How much more often than a mean article of its source an article is edited; 1 before anything was seen of it.

    A look that finds a change may hide several, so the number of edits is estimated from the share of looks without one
    (Cho and Garcia-Molina 2003, Estimating frequency of change, section 4.2).

    Args:
        looks: at the article after the first.
        changes: how many of them found it changed.
        expected: changes of a mean article in the time that it was watched.

    """
    edits = -looks * math.log((max(looks - changes, 0) + 0.5) / (looks + 0.5))
    return (OWN_EVIDENCE + edits) / (OWN_EVIDENCE + expected)


def born(history: History) -> datetime:
    """When an article came to be: its date, but not later than it was found; without a date, as it was found."""
    if history.published is not None:
        return min(history.published, history.found_at)
    return history.found_at if history.how in FOUND_WHEN_NEW else history.found_at - UNKNOWN_AGE


def hours_by_age(start: float, end: float) -> dict[int, float]:
    """The hours between two ages (in hours, from 0) by class of age; classes without any are left out."""
    edges = zip(AGES, (*AGES[1:], math.inf), strict=True)
    return {n: min(end, high) - max(start, low) for n, (low, high) in enumerate(edges) if max(start, low) < min(end, high)}


def learn(hours: dict[int, float], rates: Sequence[float], share: float, *, changed: bool) -> tuple[float, dict[int, Watched]]:
    """What a look teaches of an article's source.

    Args:
        hours: that the article was watched, by class of age.
        rates: as `edit_rates` gives them.
        share: as `own_share` gives it, before this look.
        changed: whether the look found a change.

    Returns:
        Changes that a mean article would have had; and what is to be added to each class of age. The hours count by the
        article's share: those that are looked at most are edited most, and would make all others look so. A change counts for
        as many edits as are likely since the last look, given that there was one.

    """
    expected = {n: rates[n] * some for n, some in hours.items()}
    total = sum(expected.values())
    likely = share * total
    if not changed or likely <= 0:
        return total, {n: Watched(share * some, 0.0) for n, some in hours.items()}
    edits = likely / -math.expm1(-likely)
    return total, {n: Watched(share * some, edits * expected[n] / total) for n, some in hours.items()}
