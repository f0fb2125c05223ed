"""Pure: what it is worth to see a change soon, against the price of a request.

A change that is seen within a day is worth half of what it can be; a share fades within hours, since the next edit may hide it,
and a share within months, since late is better than never. For changes that come at a constant rate, looking every `t` hours
pays best where

    rate * (integral of worth from 0 to t, less t * worth(t)) = price

which is the Whittle index of the page (Avrachenkov and Borkar 2018 for content that is worth less by the hour; Azar and others
2018 and Kolobov and others 2019 solve the same problem for fresh copies). With one price for all pages the requests go where
they bring most, as the Lagrange multiplier of the optimum under a budget says (Cho and Garcia-Molina 2003, Effective page
refresh policies for web crawlers).
"""

from __future__ import annotations

import math

DAY, WITHIN_A_DAY = 23.0, 0.5
"""Hours in which a change should be seen, and the share of its worth that hangs on that. One less than a day: a crawl that is due
may have to wait for another one."""
FADING = ((2.0, 0.3), (720.0, 0.2))
"""Hours after which half of a share of the worth is gone, and the share. `1 / (1 + hours / half)` has a long tail."""
SHORTEST, LONGEST, STEP = 0.125, 3000.0, 1.15
"""Waits that are tried, in hours, and the factor from one to the next."""


def worth(delay: float) -> float:
    """What a change is worth that is seen after so many hours: 1 at once, towards 0 late."""
    return WITHIN_A_DAY * (delay <= DAY) + sum(share / (1 + delay / half) for half, share in FADING)


def regret(wait: float) -> float:
    """The integral of `worth` from 0 to a wait in hours, less the wait times its worth at the end. It never falls."""
    fading = (share * half * (math.log1p(wait / half) + half / (half + wait) - 1) for half, share in FADING)
    return sum(fading) + (WITHIN_A_DAY * DAY if wait >= DAY else 0.0)


def _waits() -> tuple[float, ...]:
    steps = int(math.log(LONGEST / SHORTEST) / math.log(STEP)) + 2
    return tuple(sorted([DAY, *(SHORTEST * STEP**n for n in range(steps))]))


WAITS = _waits()
REGRETS = tuple(regret(wait) for wait in WAITS)
