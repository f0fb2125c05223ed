import os
import queue
import time
from collections.abc import Iterator

import pytest

from crawler.workers import OrderedWork, ProcessDied


def slow_when_even(number: int) -> int:
    time.sleep(0.05 * (number % 2 == 0))
    return number * number


def dies_on_three(number: int) -> int:
    if number == 3:
        os._exit(1)
    return number


def test_results_come_in_the_order_of_the_items() -> None:
    assert [result for _, result in OrderedWork(slow_when_even, 2).over(range(9))] == [n * n for n in range(9)]


def test_an_answer_comes_before_the_next_item_is_asked_for() -> None:
    asked: queue.Queue[int | None] = queue.Queue()

    def items() -> Iterator[int]:
        while (number := asked.get(timeout=60)) is not None:
            yield number

    asked.put(2)
    results = OrderedWork(slow_when_even, 2).over(items())
    assert next(results) == (2, 4)
    asked.put(5)
    assert next(results) == (5, 25)
    asked.put(None)
    assert list(results) == []


def test_a_process_that_dies_costs_its_item_alone() -> None:
    results = dict(OrderedWork(dies_on_three, 2).over(range(2, 5)))
    assert isinstance(results.pop(3), ProcessDied)
    assert results == {n: n for n in (2, 4)}


def test_an_error_of_the_items_reaches_the_caller() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("the list breaks off")

    with pytest.raises(OSError, match="breaks off"):
        list(OrderedWork(slow_when_even, 1).over(items()))
