"""Judging profiles: what is an alarm and what is not."""

from __future__ import annotations

import random
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.drift import Profile
from crawler.drift import chance_of_fall, first_bad, has_recovered, judge, rank_test


def shares(*runs: tuple[int, int]) -> list[Profile]:
    """Runs of pages that have it out of pages; the newest is written last."""
    return [Profile(number, pages, having) for number, (having, pages) in enumerate(runs, 1)][::-1]


def numbers(*runs: list[float]) -> list[Profile]:
    return [Profile(number, len(values), None, tuple(sorted(values))) for number, values in enumerate(runs, 1)][::-1]


def test_authors_that_vanish_from_all_pages_are_found_after_one_run() -> None:
    finding = judge("authors", shares((12, 12), (0, 12)))
    assert finding is not None
    assert (finding.before, finding.before_pages, finding.after, finding.after_pages) == (1, 12, 0, 12)
    assert (finding.since_run, finding.runs_before) == (2, (1,))


def test_small_runs_are_looked_at_together() -> None:
    good = [(2, 2)] * 12
    assert judge("authors", shares(*good, (0, 1))) is None
    assert judge("authors", shares(*good, (1, 2))) is None
    finding = judge("authors", shares(*good, *[(0, 2)] * 4))
    assert finding is not None
    assert (finding.since_run, finding.after_pages) == (13, 8)


@pytest.mark.parametrize(
    "runs",
    [
        [(3, 3), (0, 12)],  # nearly nothing is known of the site
        [(12, 12), (12, 12), (10, 12)],  # a small fall
        [(200, 200), (320, 400)],  # a fifth
        [(1, 20), (0, 20), (2, 20), (0, 20)],  # a site that hardly has it
        [(20, 20), (2, 20), (19, 20), (0, 20), (18, 20), (1, 20)],  # each run is another mixture
        [(0, 20), (20, 20)],  # a rise
    ],
    ids=["little known", "small", "a fifth", "rare", "mixtures", "rise"],
)
def test_no_alarm(runs: list[tuple[int, int]]) -> None:
    assert judge("dek", shares(*runs)) is None


def test_a_fall_counts_only_if_it_is_no_chance() -> None:
    assert judge("dek", shares((20, 20), (15, 20))) is None
    finding = judge("dek", shares(*[(40, 40)] * 5, (20, 40), (20, 40)))
    assert finding is not None
    assert (finding.since_run, finding.after, finding.after_pages) == (6, 0.5, 80)


def test_what_did_not_vanish_must_last_for_two_runs() -> None:
    assert judge("dek", shares(*[(40, 40)] * 5, (20, 40))) is None
    assert judge("dek", shares(*[(40, 40)] * 5, (20, 40), (40, 40))) is None
    assert judge("dek", shares(*[(40, 40)] * 5, (20, 40), (40, 40), (20, 40))) is None


def test_a_site_of_which_two_runs_are_known_gives_an_alarm_only_where_nearly_all_had_it_and_none_has() -> None:
    assert judge("dek", shares((20, 20), (20, 20), (1, 20))) is None
    assert judge("dek", shares((14, 20), (16, 20), (0, 20))) is None
    assert judge("dek", shares((19, 20), (20, 20), (0, 20))) is not None


def test_a_site_whose_runs_lie_far_apart_must_fall_far_below_them() -> None:
    apart = [(20, 20), (9, 20), (18, 20), (10, 20), (19, 20)] * 3
    assert judge("dek", shares(*apart, (5, 20), (5, 20))) is None
    alike = [(11, 20), (10, 20), (12, 20), (11, 20), (10, 20)] * 3
    assert judge("dek", shares(*alike, (0, 20))) is not None


def test_large_runs_are_held_against_as_many_as_small_ones() -> None:
    mixtures = [(60, 400), (380, 400), (390, 400), (385, 400), (380, 400), (390, 400)]
    assert judge("dek", shares(*mixtures, (40, 400), (40, 400))) is None, "it was so low once, five runs ago"


def test_bodies_cut_short_are_found_and_other_news_are_not() -> None:
    rng = random.Random(5)

    def bodies(count: int, scale: float = 1.0) -> list[float]:
        return [round(scale * rng.lognormvariate(6, 0.6)) for _ in range(count)]

    usual = [bodies(12) for _ in range(5)]
    assert judge("words", numbers(*usual, bodies(12))) is None
    assert judge("words", numbers(*usual, bodies(12, 0.1))) is None, "one day of short notes"
    finding = judge("words", numbers(*usual, bodies(12, 0.1), bodies(12, 0.1)))
    assert finding is not None
    assert finding.since_run == 6
    assert finding.after < finding.before / 3


@given(
    st.lists(st.lists(st.integers(1, 900), min_size=1, max_size=20), max_size=9),
    st.sampled_from(["words", "blocks", "boilerplate"]),
)
def test_whatever_the_runs_are_numbers_are_judged_without_an_error(runs: list[list[int]], measure: str) -> None:
    finding = judge(measure, numbers(*[[float(n) for n in run] for run in runs]))
    assert finding is None or len(finding.runs_before) >= 3


def test_recovery_is_half_of_the_way_back_on_three_pages_or_more() -> None:
    assert not has_recovered("authors", 1.0, 0.0, shares((0, 5)))
    assert not has_recovered("authors", 1.0, 0.0, shares((2, 2)))
    assert has_recovered("authors", 1.0, 0.0, shares((0, 5), (9, 9)))
    assert has_recovered("words", 400, 40, numbers([300, 420, 380]))
    assert not has_recovered("words", 400, 40, numbers([30, 42, 380]))


def test_the_first_bad_page_begins_the_stretch_in_which_bad_ones_prevail() -> None:
    assert first_bad([False, True, False, False, False, True, True, True]) == 5
    assert first_bad([True, True]) == 0
    assert first_bad([False, False]) is None
    assert first_bad([True, False, False]) == 0
    assert first_bad([]) is None


def test_the_chance_agrees_with_pages_alone_where_runs_are_alike_and_many() -> None:
    many = [(90, 100)] * 30
    binomial = sum(comb(10, k) * 0.9**k * 0.1 ** (10 - k) for k in range(6))
    assert chance_of_fall(many, 5, 10) == pytest.approx(binomial, rel=0.35)


@given(st.lists(st.integers(0, 20).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), max_size=8), st.integers(0, 20))
def test_the_chance_is_one_and_grows_with_the_pages_that_have_it(before: list[tuple[int, int]], pages: int) -> None:
    chances = [chance_of_fall(before, having, pages) for having in range(pages + 1)]
    assert chances == sorted(chances)
    assert chances[-1] == pytest.approx(1)
    assert all(chance >= 0 for chance in chances)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=30), st.lists(st.integers(0, 9), min_size=1, max_size=30))
def test_the_rank_test_is_the_same_either_way_and_counts_pairs(before: list[int], now: list[int]) -> None:
    chance, greater = rank_test(before, now)
    other, less = rank_test(now, before)
    assert chance == pytest.approx(other)
    assert greater + less == pytest.approx(1)
    pairs = sum((b > a) + 0.5 * (b == a) for a in before for b in now) / (len(before) * len(now))
    assert greater == pytest.approx(pairs)
    assert 0 <= chance <= 1
