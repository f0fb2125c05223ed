"""The simulation of revisits: its account is right, and what it is there to show holds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from bench._newsroom import SITES, Made, Site, make
from bench._policies import Score, Seen, fixed, optimum, ours, score, total
from bench.freshness import PRICES, at_budget, budget, envelope, in_a_day, in_an_hour, replace_between

HOURS = 14 * 24.0
PAPERS = make(7, HOURS, sites=SITES[1:4])


def account(policy: object) -> Score:
    return total([score(made, policy(made, HOURS), HOURS) for made in PAPERS])  # type: ignore[operator]


@pytest.fixture(scope="module")
def our_curve() -> list[Score]:
    return [account(ours(price)) for price in PRICES if price <= 0.5]


@pytest.mark.parametrize("hours", [6.0, 12.0, 24.0, 48.0])
def test_no_fixed_interval_catches_as_much_with_as_many_requests(our_curve: list[Score], hours: float) -> None:
    one = account(fixed(hours))
    affordable = [ours for ours in our_curve if budget(ours) <= budget(one)] or [min(our_curve, key=budget)]
    for measure in (in_a_day, in_an_hour):
        assert max(map(measure, affordable)) > measure(one)
    assert min(ours.missed for ours in affordable) <= one.missed


def test_daily_looks_at_the_young_alone_with_frequent_polls_catch_less_with_as_many_requests(our_curve: list[Score]) -> None:
    one = account(fixed(24.0, 72.0, 0.5))
    same = at_budget(our_curve, budget(one), in_a_day)
    assert same is not None
    assert same > in_a_day(one)


def test_nothing_beats_the_optimum(our_curve: list[Score]) -> None:
    best = envelope([account(optimum(looks, 24.0, polls)) for polls in (0.1, 0.02) for looks in (0.1, 0.02)], in_a_day)
    bound = at_budget(best, budget(best[-1]) * 0.9, in_a_day)
    ours_there = at_budget(our_curve, budget(best[-1]) * 0.9, in_a_day)
    assert bound is not None
    assert ours_there is not None
    assert bound - 0.1 < ours_there < bound


def test_a_lower_price_buys_more(our_curve: list[Score]) -> None:
    cheapest = sorted(our_curve, key=budget)
    assert cheapest == our_curve
    shares = [one.versions_kept / one.versions for one in our_curve]
    # Single articles may come out the other way between neighbouring prices.
    assert all(later > former - 0.01 for former, later in pairwise(shares))
    assert shares[-1] > 2 * shares[0]


def test_the_account_of_one_article_adds_up() -> None:
    site = Site("one", 1, 1, 1, 1, 1, 1)
    made = Made(site, np.array([10.0]), np.array([1.0]), (np.array([11.0, 20.0, 20.5, 60.0]),))
    seen = Seen(3, np.array([12.0]), (np.array([20.8, 50.0]),))
    # The first edit came before it was found; of two in a row the first is never seen; the last came after the last look.
    assert score(made, seen, 100.0) == Score(
        polls=3, requests=6, articles=1, missed=0, edits=4, in_an_hour=2, in_a_day=2, in_a_week=2, versions=5, versions_kept=2
    )


def test_an_article_that_scrolled_off_is_missed() -> None:
    made = Made(Site("one", 1, 1, 1, 1, 1, 1), np.array([1.0, 2.0]), np.ones(2), (np.empty(0), np.empty(0)))
    seen = fixed(12.0)(made, 48.0)
    assert seen.found.tolist() == [np.inf, 12.0]
    assert score(made, seen, 48.0).missed == 1


def test_sites_do_the_same_for_the_same_seed() -> None:
    one, same, other = make(1, 48.0), make(1, 48.0), make(2, 48.0)
    assert all((a.published == b.published).all() for a, b in zip(one, same, strict=True))
    assert len(one[0].published) != len(other[0].published)


def test_half_of_the_edits_come_in_the_time_that_is_said() -> None:
    (made,) = make(3, 5000.0, sites=(Site("x", 40, 20, 2.0, 6.0, 0.8, 1.0),))
    waits = np.concatenate([edits - moment for moment, edits in zip(made.published, made.edits, strict=True)])
    assert (waits < 6.0).mean() == pytest.approx(0.5, abs=0.02)


def test_a_table_takes_the_place_of_the_one_before() -> None:
    page = "a\n<!-- one -->\nold\n<!-- end -->\nb\n"
    assert replace_between(page, "one", "| new |") == "a\n<!-- one -->\n\n| new |\n\n<!-- end -->\nb\n"
