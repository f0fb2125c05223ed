"""Reading processes: what is asked comes back, and one that dies, hangs or raises costs its own question."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import time
from collections.abc import Iterator

import pytest

from pipelines.stages.readers import ReaderDied, Readers

LONG = 1_000_000
"""Bytes: several times what a socket takes at once."""
AT_ONCE = 12
PATIENCE = 60.0


class OwnError(Exception):
    def __init__(self, code: int, *, hint: str) -> None:
        super().__init__(f"{code} {hint}")


def ready() -> None:
    """Nothing has to be loaded."""


def work(order: str | bytes) -> object:
    if isinstance(order, bytes):
        return order[::-1]
    if order == "die":
        os._exit(1)
    if order == "hang":
        time.sleep(PATIENCE)
    if order == "raise":
        raise ValueError("bad page")
    if order == "raise own":
        raise OwnError(7, hint="no")
    return os.getpid() if order == "pid" else order


@pytest.fixture
def readers() -> Iterator[Readers[str | bytes, object]]:
    made: Readers[str | bytes, object] = Readers(work, 2, begin=ready)
    yield made
    made.close()
    assert not multiprocessing.active_children()


def ask(readers: Readers[str | bytes, object], *orders: str | bytes, seconds: float = PATIENCE) -> list[object]:
    async def all_of_them() -> list[object]:
        return list(await asyncio.gather(*(readers.ask(order, seconds) for order in orders), return_exceptions=True))

    return asyncio.run(all_of_them())


def test_each_question_has_its_own_answer(readers: Readers[str | bytes, object]) -> None:
    readers.start()
    orders = [f"order {number}" for number in range(AT_ONCE)]
    assert ask(readers, *orders) == orders


def test_what_is_longer_than_a_socket_takes_comes_back_whole(readers: Readers[str | bytes, object]) -> None:
    orders = [bytes([number]) * LONG + b"end" for number in range(AT_ONCE)]
    assert ask(readers, *orders) == [order[::-1] for order in orders]


def test_the_same_processes_answer_again(readers: Readers[str | bytes, object]) -> None:
    answers = ask(readers, *["pid"] * AT_ONCE)
    assert set(answers) == {process.pid for process in multiprocessing.active_children()}


def test_a_process_that_dies_costs_its_own_question(readers: Readers[str | bytes, object]) -> None:
    died, *others = ask(readers, "die", *["fine"] * AT_ONCE)
    assert isinstance(died, ReaderDied)
    assert others == ["fine"] * AT_ONCE


def test_one_that_takes_too_long_is_ended_and_the_next_has_another(readers: Readers[str | bytes, object]) -> None:
    (late,) = ask(readers, "hang", seconds=0.01)
    assert isinstance(late, TimeoutError)
    assert ask(readers, *["fine"] * AT_ONCE) == ["fine"] * AT_ONCE


def test_what_it_raises_is_raised_here_with_where_it_happened(readers: Readers[str | bytes, object]) -> None:
    error, fine = ask(readers, "raise", "fine")
    assert isinstance(error, ValueError)
    assert str(error) == "bad page"
    assert "in work" in error.__notes__[0]
    assert fine == "fine"


def test_an_error_that_cannot_travel_is_named(readers: Readers[str | bytes, object]) -> None:
    (error,) = ask(readers, "raise own")
    assert isinstance(error, RuntimeError)
    assert str(error) == "OwnError: 7 no"


def test_a_caller_who_leaves_takes_the_process_along(readers: Readers[str | bytes, object]) -> None:
    async def leave() -> None:
        asking = asyncio.create_task(readers.ask("hang", PATIENCE))
        while not multiprocessing.active_children():
            await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    asyncio.run(leave())
    assert ask(readers, "fine") == ["fine"]


def test_processes_that_nobody_asked_end_too(readers: Readers[str | bytes, object]) -> None:
    readers.start()
    readers.close()
    assert not multiprocessing.active_children()
