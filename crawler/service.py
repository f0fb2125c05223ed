"""The service: which sources are due, and a crawl of them after another, never two at once.

The loop itself holds nothing that must outlive it: what is due is in the archive. Clock, waiting and the crawls come in as
arguments, so that months of it run in a test. A crawl is a process of its own that takes up nothing new after a slice of time; so
memory stays flat, and new feeds wait no longer than a slice.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from archive.errors import ArchiveError
from archive.visit import Outcome
from crawler.agenda import Agenda
from crawler.exit_codes import ExitCode
from crawler.pacing import Pacing

LOOK_SECONDS = 30.0
"""The archive and morgue.toml are looked at so often at least: sources are paused and added, clocks are set, others crawl."""
GLANCE_SECONDS = 5.0
"""And what costs next to nothing, as whether morgue.toml has changed, is looked after so often, while a crawl goes on, too."""
BUSY_SECONDS = 5.0
"""Between two looks whether another crawl has ended."""
POLL_SECONDS = 0.5
"""Between two looks whether the crawl has ended."""
AGAIN_AFTER = 6.0
"""Seconds after the first SIGTERM at which a crawl gets a second one, which has it drop what is under way."""
KILL_AFTER = 9.0
"""Seconds after which it is killed: within ten seconds all is over. Nothing that was kept is lost by it."""
WORST_FIRST = (
    ExitCode.INTERRUPTED, ExitCode.BROKEN, ExitCode.FAILED, ExitCode.USAGE, ExitCode.CROSSED, ExitCode.BLOCKED, ExitCode.PARTLY,
)  # fmt: skip
IDLE_OUTCOMES = frozenset({Outcome.LATER.value})
"""Outcomes that bring nobody further."""


class World(Protocol):
    """Clock and signals."""

    @property
    def stops(self) -> int:
        """How often it was asked to stop."""

    def now(self) -> datetime:
        """The time of day, aware; it may be set."""

    def monotonic(self) -> float:
        """Seconds that only grow."""

    def wait(self, seconds: float) -> None:
        """Return after this time, or sooner when something is asked."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a crawl ended."""

    code: int
    """Exit code; negative: the signal that killed it."""
    report: Mapping[str, Any] | None
    """What `morgue crawl --json` says; None: it said nothing."""

    @property
    def crashed(self) -> bool:
        """Whether it ended without an account of what it did."""
        return self.report is None and self.code != 0

    @property
    def out_of_time(self) -> bool:
        """Whether it was ended with work left."""
        return self.report is not None and bool(self.report.get("out_of_time"))

    @property
    def fetched(self) -> int:
        """Addresses that it got somewhere with."""
        outcomes = self.report["outcomes"] if self.report else {}
        return sum(count for outcome, count in outcomes.items() if outcome not in IDLE_OUTCOMES)


class Slice(Protocol):
    """A crawl under way."""

    pid: int

    def poll(self) -> Ended | None:
        """How it ended; None: it goes on."""

    def stop(self) -> None:
        """Ask it to end; the second time, at once."""

    def kill(self) -> None:
        """End it."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What the service does, for the status."""

    state: str
    """`waiting`, `crawling`, `resting` (after crawls that failed), `held up` (see the reason), `stopping`."""
    since: datetime
    reason: str | None = None
    pid: int | None = None
    """Of the crawl."""
    next_due: datetime | None = None


class Service:
    """The loop."""

    def __init__(
        self,
        world: World,
        look: Callable[[], Agenda],
        start: Callable[[], Slice],
        held_up: Callable[[], str | None],
        say: Callable[[str], None],
        tell: Callable[[Ended], None] = lambda ended: None,
        glance: Callable[[], bool] | None = None,
    ) -> None:
        """Make it.

        Args:
            world: clock and signals.
            look: reads what is before the service.
            start: starts a crawl of what is due.
            held_up: why no crawl can start now, in words; None: it can.
            say: takes a line for the log.
            tell: hears of each crawl that ended.
            glance: called every few seconds; whether there is something to look at. None: nothing is looked after in between.
        """
        self._world, self._look, self._start, self._held_up = world, look, start, held_up
        self._say, self._tell, self._glance = say, tell, glance
        self._glanced = world.monotonic()
        self._slice: Slice | None = None
        self._pacing = Pacing()
        self._codes: list[int] = []
        self._complaint: str | None = None
        self.doing = Doing("waiting", world.now())
        self.last: tuple[datetime, Ended] | None = None
        """The last crawl and when it ended."""
        self.crawls = 0
        """Crawls that ended."""
        self.crashes = 0
        """Those of them that ended without an account."""

    def run(self, *, once: bool = False) -> ExitCode:
        """Work until asked to stop, or with `once` until what is due is done.

        Returns:
            The worst exit code of its crawls with `once`; else WELL, since a service ends by being stopped.
        """
        while not self._world.stops:
            if self._slice is not None:
                self._watch(self._slice)
            elif (once and self._done()) or not self._begin(once=once):
                break
        stopped = self._end()
        if not once:
            return ExitCode.WELL
        return ExitCode.INTERRUPTED if stopped else self._worst()

    def _done(self) -> bool:
        """Whether the last crawl did all that it could."""
        return bool(self._codes) and not (self.last is not None and self.last[1].out_of_time)

    def _begin(self, *, once: bool) -> bool:
        """Start a crawl if one is due, else wait; False: nothing is due, and `once` is not to wait."""
        agenda = self._agenda()
        now = self._world.now()  # read after the agenda, in which "now" is a moment that has passed
        if agenda is None:
            self._codes += [ExitCode.FAILED] if once else []
            self._wait(0 if once else LOOK_SECONDS)
            return not once
        due = agenda.falls_due(now)
        if once and not agenda.waits and (due is None or due > now):
            return False
        seconds = self._pacing.wait(agenda.waits, due, now, self._world.monotonic())
        if seconds is not None and seconds <= 0:
            self._try_to_start(due)
            return True
        resting = self._pacing.resting
        self._do("resting" if resting else "waiting", resting, next_due=now if agenda.waits else due)
        self._wait(min(LOOK_SECONDS, seconds if seconds is not None else LOOK_SECONDS))
        return True

    def _wait(self, seconds: float) -> None:
        """Wait, glancing now and then; a signal and what a glance finds end it."""
        end = self._world.monotonic() + seconds
        while True:
            left = end - self._world.monotonic()
            piece = left if self._glance is None else min(left, GLANCE_SECONDS)
            self._world.wait(max(0.0, piece))
            if self._look_after() or self._world.stops or self._world.monotonic() >= end or self._glance is None:
                return

    def _look_after(self) -> bool:
        """Glance, unless that was just done; whether there is something to look at."""
        if self._glance is None or self._world.monotonic() - self._glanced < GLANCE_SECONDS / 2:
            return False
        self._glanced = self._world.monotonic()
        return self._glance()

    def _try_to_start(self, due: datetime | None) -> None:
        reason = self._held_up()
        if reason is not None:
            if self.doing.reason != reason:
                self._say(reason)
            self._do("held up", reason, next_due=due)
            self._wait(BUSY_SECONDS)
            return
        try:
            self._slice = self._start()
        except OSError as error:  # no memory, no processes, no room for the report
            self._settle(Ended(-1, None), f"no crawl can be started ({error.strerror or error})")
        else:
            self._do("crawling", pid=self._slice.pid)

    def _watch(self, crawl: Slice) -> None:
        ended = crawl.poll()
        if ended is None:
            self._look_after()
            self._world.wait(POLL_SECONDS)
            return
        self._slice = None
        self._settle(ended, f"the crawl ended unasked {_how(ended.code)}")

    def _settle(self, ended: Ended, what_failed: str) -> None:
        """Note how a crawl ended, and when the next may begin."""
        self._codes.append(ended.code)
        self.crawls += 1
        self.crashes += ended.crashed
        self.last = (self._world.now(), ended)
        rest = self._pacing.settle(ended.fetched, self._world.monotonic(), crashed=ended.crashed, out_of_time=ended.out_of_time)
        self._do("waiting")
        self._tell(ended)
        if ended.crashed:
            self._pacing.resting = what_failed
            self._say(f"{what_failed}; the next one begins in {rest:.0f} s")

    def _agenda(self) -> Agenda | None:
        """What is before the service; None where the archive cannot be read now, which is said once."""
        try:
            agenda = self._look()
        except (ArchiveError, sqlite3.Error, OSError) as error:
            complaint = f"the archive cannot be read: {error}"
            if complaint != self._complaint:
                self._say(complaint)
            self._complaint = complaint
            self._do("held up", complaint)
            return None
        self._complaint = None
        return agenda

    def _end(self) -> bool:
        """End the crawl that is under way; returns whether there was one, or the service was stopped before all was done."""
        if self._slice is None:
            return self._world.stops > 0
        self._do("stopping", pid=self._slice.pid)
        begun = self._world.monotonic()
        asked = 0
        while (ended := self._slice.poll()) is None:
            passed = self._world.monotonic() - begun
            if passed >= KILL_AFTER:
                self._slice.kill()
            elif asked < (2 if passed >= AGAIN_AFTER or self._world.stops > 1 else 1):
                self._slice.stop()
                asked += 1
            self._world.wait(POLL_SECONDS / 5)
        self._slice = None
        self.last = (self._world.now(), ended)
        self._tell(ended)
        return True

    def _worst(self) -> ExitCode:
        codes = {code if code in set(ExitCode) else ExitCode.FAILED for code in self._codes}
        return next((code for code in WORST_FIRST if code in codes), ExitCode.WELL)

    def _do(self, state: str, reason: str | None = None, **more: Any) -> None:
        same = self.doing.state == state and self.doing.reason == reason
        self.doing = Doing(state, self.doing.since if same else self._world.now(), reason, **more)


def _how(code: int) -> str:
    return f"by signal {-code}" if code < 0 else f"with exit code {code}"


__all__ = ["Doing", "Ended", "Service", "Slice", "World"]
