"""The limit of a run counts what is on its way."""

from __future__ import annotations

from crawler.scheduler import ArticleBudget


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
