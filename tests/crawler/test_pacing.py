from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawler.pacing import GAP_SECONDS, HELD_SECONDS, LONGEST_CRASH_SECONDS, LONGEST_VAIN_SECONDS, Pacing

NOW = datetime(2026, 8, 22, 10, 5, tzinfo=UTC)


def wait(pacing: Pacing, monotonic: float, *, waits: bool = False, due: float | None = None) -> float | None:
    """`due`: seconds from now."""
    return pacing.wait(waits, NOW + timedelta(seconds=due) if due is not None else None, NOW, monotonic)


def test_at_first_what_waits_or_is_due_begins_at_once() -> None:
    assert wait(Pacing(), 10, waits=True) == 0 - 10
    assert wait(Pacing(), 10, due=-5) == -5
    assert wait(Pacing(), 10) is None


def test_addresses_that_fall_due_one_by_one_share_a_crawl() -> None:
    pacing = Pacing()
    pacing.settle(5, 100, crashed=False, out_of_time=False)
    assert wait(pacing, 101, due=0) == GAP_SECONDS - 1


def test_a_crawl_that_was_out_of_time_is_followed_at_once() -> None:
    pacing = Pacing()
    assert pacing.settle(5, 100, crashed=False, out_of_time=True) == 0
    assert wait(pacing, 100, waits=True) == 0


def test_crashes_pause_longer_each_time_up_to_an_hour() -> None:
    pacing = Pacing()
    rests = [pacing.settle(0, 100, crashed=True, out_of_time=False) for _ in range(12)]
    assert rests == sorted(rests)
    assert rests[0] * 2 == rests[1]
    assert rests[-1] == LONGEST_CRASH_SECONDS
    assert pacing.settle(1, 100, crashed=False, out_of_time=False) == GAP_SECONDS


def test_crawls_that_get_nowhere_pause_longer_each_time() -> None:
    pacing = Pacing()
    rests = [pacing.settle(0, 100, crashed=False, out_of_time=True) for _ in range(9)]
    assert rests == sorted(rests)
    assert rests[-1] == LONGEST_VAIN_SECONDS


def test_what_a_crawl_could_not_fetch_is_held_back_and_does_not_hold_others_up() -> None:
    pacing = Pacing()
    pacing.settle(5, 100, crashed=False, out_of_time=False)
    assert wait(pacing, 100, waits=True) == HELD_SECONDS
    assert wait(pacing, 100, waits=True, due=90) == 90
    pacing.settle(5, 200, crashed=False, out_of_time=False)
    assert wait(pacing, 200, waits=True) == 2 * HELD_SECONDS
    assert wait(pacing, 200, due=900) == 900, "nothing waits any more: the next time is a first time"
    pacing.settle(5, 300, crashed=False, out_of_time=False)
    assert wait(pacing, 300, waits=True) == HELD_SECONDS
