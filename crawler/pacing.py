"""Pure: how long the service waits before its next crawl, by how the last ones ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

GAP_SECONDS = 60.0
"""Between the end of a crawl that had nothing left to do and the next: addresses fall due one by one, and a process for each
would cost more than the fetch. A minute late is early enough: no schedule is finer."""
CRASH_SECONDS, LONGEST_CRASH_SECONDS = 30.0, 3600.0
"""After a crawl that crashed; doubled with each in a row."""
VAIN_SECONDS, LONGEST_VAIN_SECONDS = 60.0, 900.0
"""After a crawl that got nowhere, as all its hosts ask to wait; doubled with each in a row."""
HELD_SECONDS, LONGEST_HELD_SECONDS = 300.0, 3600.0
"""What a crawl left waiting though it had time cannot be fetched now: it does not count as due for so long; doubled each time."""


@dataclass(slots=True)
class Pacing:
    """Keeps the pauses. Seconds are those of a clock that is never set."""

    resting: str | None = None
    """Why the service rests, in words; None: it does not."""
    _not_before: float = 0.0
    _held_until: float = 0.0
    _crashes: int = 0
    _vain: int = 0
    _held: int = 0

    def settle(self, fetched: int, monotonic: float, *, crashed: bool, out_of_time: bool) -> float:
        """Take note of a crawl that ended.

        Args:
            fetched: addresses that it got somewhere with.
            monotonic: seconds now.
            crashed: it ended without an account.
            out_of_time: it was ended with work left.

        Returns:
            Seconds until the next may begin.
        """
        self.resting = None
        self._crashes = self._crashes + 1 if crashed else 0
        self._vain = 0 if fetched or crashed else self._vain + 1
        if not crashed and not (out_of_time and fetched):
            self._held_until = monotonic + _doubled(HELD_SECONDS, LONGEST_HELD_SECONDS, self._held)
            self._held += 1
        else:
            self._held_until = 0.0
        rest = self._rest(out_of_time=out_of_time)
        self._not_before = monotonic + rest
        return rest

    def wait(self, waits: bool, due: datetime | None, now: datetime, monotonic: float) -> float | None:
        """Seconds until the next crawl; 0 or less: now. None: nothing is before the service.

        Args:
            waits: whether addresses wait that a former crawl left.
            due: when the next ones fall due, aware; None: none do.
            now: aware.
            monotonic: seconds now.
        """
        if not waits:
            self._held = 0
        moments = [(due - now).total_seconds()] if due is not None else []
        if waits:
            moments.append(self._held_until - monotonic)
        if not moments:
            return None
        return max(min(moments), self._not_before - monotonic)

    def _rest(self, *, out_of_time: bool) -> float:
        if self._crashes:
            return _doubled(CRASH_SECONDS, LONGEST_CRASH_SECONDS, self._crashes - 1)
        if self._vain:
            return _doubled(VAIN_SECONDS, LONGEST_VAIN_SECONDS, self._vain - 1)
        return 0.0 if out_of_time else GAP_SECONDS


def _doubled(seconds: float, longest: float, times: int) -> float:
    return min(longest, seconds * 2.0 ** min(times, 16))
