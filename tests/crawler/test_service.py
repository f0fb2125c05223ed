"""The loop of the service in virtual time: weeks pass in a moment, and a crawl takes as long as the test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from archive.errors import ArchiveLocked
from archive.schedule import SourceState
from crawler.agenda import Agenda, SourceAgenda
from crawler.config import SourceConfig
from crawler.exit_codes import ExitCode
from crawler.schedule import Wishes, plan_source
from crawler.service import GLANCE_SECONDS, Ended, Service

START = datetime(2026, 8, 22, 10, 5, tzinfo=UTC)
HOUR = 3600.0
NOTHING = {"outcomes": {}, "out_of_time": False}


@dataclass
class VirtualWorld:
    """A clock that a wait moves on; it stops the service when the time of the test is over."""

    seconds: float
    passed: float = 0.0
    ahead: timedelta = timedelta(0)
    """How far the time of day was set forward."""
    stops: int = 0
    waits: int = 0
    asked: int = 0
    """How often the time of day was read."""
    at: dict[float, Callable[[], None]] = field(default_factory=dict)
    """What happens when so many seconds have passed."""

    def now(self) -> datetime:
        self.asked += 1  # no two readings of a clock are the same
        return START + timedelta(seconds=self.passed, microseconds=self.asked) + self.ahead

    def monotonic(self) -> float:
        return self.passed

    def wait(self, seconds: float) -> None:
        assert seconds >= 0
        self.waits += 1
        self.passed += max(seconds, 0.001)
        for moment in [moment for moment in self.at if moment <= self.passed]:
            self.at.pop(moment)()
        if self.passed >= self.seconds:
            self.stops = max(self.stops, 1)


@dataclass
class Site:
    """A source as the archive would know it, crawled by `VirtualSlice`."""

    source: SourceConfig
    state: SourceState

    @classmethod
    def of(cls, name: str, **wishes: object) -> Site:
        source = SourceConfig(name, f"https://{name}.example/", **wishes)  # type: ignore[arg-type]
        return cls(source, SourceState(1, None, False, False, False, None, None, None, 0))


@dataclass
class VirtualSlice:
    """A crawl that takes some seconds; it ends when it is asked to, unless it is deaf."""

    world: VirtualWorld
    ends: float
    how: Ended
    finish: Callable[[], None]
    deaf: int = 0
    """Requests to stop that it does not hear."""
    pid: int = 4242
    asked: list[float] = field(default_factory=list)
    killed: float | None = None

    def poll(self) -> Ended | None:
        if self.killed is not None:
            return Ended(-9, None)
        if len(self.asked) > self.deaf:
            return Ended(130, {**NOTHING})
        if self.world.passed < self.ends:
            return None
        self.finish()
        return self.how

    def stop(self) -> None:
        self.asked.append(self.world.passed)

    def kill(self) -> None:
        self.killed = self.world.passed


class Rehearsal:
    """A service over sites in virtual time, with a log of its crawls."""

    def __init__(self, *sites: Site, seconds: float = 24 * HOUR, takes: float = 20.0, zone: ZoneInfo | None = None) -> None:
        self.world = VirtualWorld(seconds)
        self.sites, self.takes, self.zone = list(sites), takes, zone
        self.began: list[datetime] = []
        self.slices: list[VirtualSlice] = []
        self.said: list[str] = []
        self.script: Iterator[Ended] = iter(())
        self.busy: str | None = None
        self.deaf = 0
        self.broken: Exception | None = None
        self.glance: Callable[[], bool] | None = None

    def run(self, *, once: bool = False) -> ExitCode:
        self.service = Service(self.world, self._look, self._start, lambda: self.busy, self.said.append, glance=self.glance)
        return self.service.run(once=once)

    def _look(self) -> Agenda:
        if self.broken is not None:
            raise self.broken
        now = self.world.now()
        return Agenda(
            tuple(
                SourceAgenda(
                    site.source, 1, plan_source(Wishes(site.source.every, site.source.cron), site.state, now, self.zone), None
                )
                for site in self.sites
            )
        )

    def _start(self) -> VirtualSlice:
        assert all(s.poll() is not None or s.killed is not None for s in self.slices), "two crawls at once"
        self.began.append(self.world.now())
        how = next(self.script, Ended(0, report(stored=1)))
        finish = self._crawled if how.report is not None else lambda: None
        self.slices.append(VirtualSlice(self.world, self.world.passed + self.takes, how, finish, self.deaf))
        return self.slices[-1]

    def _crawled(self) -> None:
        """What a crawl of all that is due leaves: each source looked at, its articles resting for a week."""
        now = self.world.now()
        for site in self.sites:
            plan = plan_source(Wishes(site.source.every, site.source.cron), site.state, now, self.zone)
            if plan.is_due(now):
                looked, later = self.began[-1], now + timedelta(days=7)
                site.state = replace(site.state, planted=True, looked=looked, waits=False, article_due=later)


def report(*, out_of_time: bool = False, **outcomes: int) -> Mapping[str, object]:
    return {"outcomes": outcomes, "out_of_time": out_of_time}


def test_a_source_is_crawled_as_often_as_is_wished() -> None:
    rehearsal = Rehearsal(Site.of("tern", every=timedelta(hours=6)), seconds=23 * HOUR)
    assert rehearsal.run() is ExitCode.WELL
    assert [(began - START) // timedelta(hours=1) for began in rehearsal.began] == [0, 6, 12, 18]


def test_cron_is_kept_over_a_change_of_the_clock() -> None:
    zone = ZoneInfo("Europe/Berlin")
    rehearsal = Rehearsal(Site.of("tern", cron="0 3 * * *"), seconds=4 * 24 * HOUR, zone=zone)
    rehearsal.world.ahead = datetime(2026, 10, 23, 0, 0, tzinfo=UTC) - START
    rehearsal.run()
    local = [began.astimezone(zone) for began in rehearsal.began[1:]]
    assert [(began.day, began.hour, began.minute) for began in local] == [(23, 3, 0), (24, 3, 0), (25, 3, 0), (26, 3, 0)]


def test_runs_that_were_missed_are_one() -> None:
    site = Site.of("tern", every=timedelta(hours=1))
    Rehearsal(site, seconds=10).run()
    site.state = replace(site.state, planted=True, looked=START - timedelta(days=30))
    rehearsal = Rehearsal(site, seconds=HOUR / 2)
    rehearsal.run()
    assert len(rehearsal.began) == 1


def test_several_sources_that_are_due_share_a_crawl_and_none_overlaps() -> None:
    sites = [Site.of("tern", every=timedelta(minutes=10)), Site.of("gull", every=timedelta(minutes=10))]
    rehearsal = Rehearsal(*sites, seconds=2 * HOUR, takes=900)
    rehearsal.run()
    assert len(rehearsal.began) == 8
    assert all(
        later - former >= timedelta(minutes=15) for former, later in zip(rehearsal.began, rehearsal.began[1:], strict=False)
    )


def test_a_clock_that_jumps_ahead_by_a_week_brings_one_crawl() -> None:
    rehearsal = Rehearsal(Site.of("tern", every=timedelta(days=1)), seconds=3 * HOUR)
    rehearsal.world.at[HOUR] = lambda: setattr(rehearsal.world, "ahead", timedelta(days=7))
    rehearsal.run()
    assert len(rehearsal.began) == 2


def test_a_clock_that_is_set_back_by_a_year_stops_nothing() -> None:
    rehearsal = Rehearsal(Site.of("tern", every=timedelta(hours=1)), seconds=5 * HOUR)
    rehearsal.world.at[1.5 * HOUR] = lambda: setattr(rehearsal.world, "ahead", timedelta(days=-365))
    rehearsal.run()
    assert len(rehearsal.began) >= 5


def test_a_crawl_that_crashes_at_once_is_never_a_busy_loop() -> None:
    rehearsal = Rehearsal(Site.of("tern", every=timedelta(minutes=1)), takes=0)
    rehearsal.script = iter([Ended(1, None)] * 1000)
    rehearsal.run()
    assert len(rehearsal.began) < 40
    assert rehearsal.world.waits < 6000, "a look each half a minute"
    assert "exit code 1; the next one begins in 30 s" in rehearsal.said[0]
    assert rehearsal.service.doing.state == "resting"
    assert "exit code 1" in (rehearsal.service.doing.reason or "")


def test_after_crashes_the_first_good_crawl_ends_the_rest() -> None:
    rehearsal = Rehearsal(Site.of("tern", every=timedelta(hours=1)), seconds=5 * HOUR)
    rehearsal.script = iter([Ended(-11, None), Ended(-11, None)])
    rehearsal.run()
    assert "by signal 11" in rehearsal.said[0]
    assert rehearsal.service.doing.state == "waiting"
    assert len(rehearsal.began) == 2 + 5


def test_a_slice_that_was_not_enough_is_followed_at_once() -> None:
    site = Site.of("tern", every=timedelta(days=9))
    rehearsal = Rehearsal(site, takes=600)
    rehearsal.script = iter([Ended(0, report(out_of_time=True, stored=9))] * 5)
    rehearsal._crawled = lambda: setattr(  # type: ignore[method-assign]
        site, "state", replace(site.state, planted=True, looked=START, waits=len(rehearsal.began) < 6)
    )
    rehearsal.run()
    assert len(rehearsal.began) == 6
    assert rehearsal.began[-1] - START < timedelta(minutes=51)


def test_what_cannot_be_fetched_now_is_tried_less_and_less() -> None:
    site = Site.of("tern", every=timedelta(days=9))
    rehearsal = Rehearsal(site)
    rehearsal.script = iter([Ended(4, report(later=3))] * 1000)
    rehearsal._crawled = lambda: setattr(  # type: ignore[method-assign]
        site, "state", replace(site.state, planted=True, looked=START, waits=True)
    )
    rehearsal.run()
    assert 10 < len(rehearsal.began) < 40


def test_the_service_waits_while_another_crawls() -> None:
    rehearsal = Rehearsal(Site.of("tern", every=timedelta(days=1)), seconds=HOUR)
    rehearsal.busy = "another crawl (process 7) works on the archive; waiting until it ends"
    rehearsal.world.at[600] = lambda: setattr(rehearsal, "busy", None)
    rehearsal.run()
    assert [began - START for began in rehearsal.began] == [pytest.approx(timedelta(seconds=605), abs=timedelta(seconds=10))]
    assert rehearsal.said.count("another crawl (process 7) works on the archive; waiting until it ends") == 1


def test_an_archive_that_cannot_be_read_for_a_while_is_waited_for() -> None:
    rehearsal = Rehearsal(Site.of("tern", every=timedelta(days=1)), seconds=HOUR)
    rehearsal.broken = ArchiveLocked("another program is writing")
    rehearsal.world.at[600] = lambda: setattr(rehearsal, "broken", None)
    rehearsal.run()
    assert len(rehearsal.began) == 1
    assert rehearsal.said == ["the archive cannot be read: another program is writing"]


def test_what_is_glanced_at_ends_a_wait_and_is_looked_after_while_a_crawl_goes_on() -> None:
    rehearsal = Rehearsal(Site.of("tern", every=timedelta(days=9)), seconds=HOUR, takes=600)
    glances: list[float] = []

    def glance() -> bool:
        glances.append(rehearsal.world.passed)
        return rehearsal.world.passed > HOUR / 2

    rehearsal.glance = glance
    rehearsal.run()
    gaps = [later - former for former, later in pairwise(glances)]
    assert max(gaps) <= 2 * GLANCE_SECONDS
    assert min(gaps) > 1
    assert glances[0] < 60


def test_a_stop_ends_the_crawl_that_is_under_way() -> None:
    rehearsal = Rehearsal(Site.of("tern"), seconds=100, takes=HOUR)
    assert rehearsal.run() is ExitCode.WELL
    assert len(rehearsal.slices[0].asked) == 1
    assert rehearsal.world.passed < 101


def test_a_crawl_that_does_not_end_is_asked_twice_and_killed_within_ten_seconds() -> None:
    rehearsal = Rehearsal(Site.of("tern"), seconds=100, takes=HOUR)
    rehearsal.deaf = 9
    rehearsal.run()
    crawl = rehearsal.slices[0]
    assert [moment - 100 for moment in crawl.asked] == [pytest.approx(0, abs=0.6), pytest.approx(6, abs=0.6)]
    assert crawl.killed == pytest.approx(109, abs=0.6)


def test_a_second_stop_leaves_the_crawl_no_time() -> None:
    rehearsal = Rehearsal(Site.of("tern"), seconds=100, takes=HOUR)
    rehearsal.deaf = 1
    rehearsal.world.at[101] = lambda: setattr(rehearsal.world, "stops", 2)
    rehearsal.run()
    assert rehearsal.world.passed < 103


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([0], ExitCode.WELL),
        ([3], ExitCode.PARTLY),
        ([0, 4, 3], ExitCode.BLOCKED),
        ([5, 4], ExitCode.CROSSED),
        ([6, 0], ExitCode.BROKEN),
    ],
)
def test_once_ends_with_the_worst_code(codes: list[int], expected: ExitCode) -> None:
    site = Site.of("tern")
    rehearsal = Rehearsal(site)
    last = len(codes) - 1
    rehearsal.script = iter([Ended(code, report(stored=1, out_of_time=n < last)) for n, code in enumerate(codes)])
    rehearsal._crawled = lambda: setattr(  # type: ignore[method-assign]
        site, "state", replace(site.state, planted=True, looked=START, waits=True)
    )
    assert rehearsal.run(once=True) is expected
    assert len(rehearsal.began) == len(codes)


def test_once_ends_where_nothing_is_due() -> None:
    site = Site.of("tern", every=timedelta(hours=1))
    site.state = replace(site.state, planted=True, looked=START)
    rehearsal = Rehearsal(site)
    assert rehearsal.run(once=True) is ExitCode.WELL
    assert (rehearsal.began, rehearsal.world.waits) == ([], 0)


def test_once_fails_where_the_crawl_crashed_or_the_archive_cannot_be_read() -> None:
    rehearsal = Rehearsal(Site.of("tern"))
    rehearsal.script = iter([Ended(-9, None)])
    assert rehearsal.run(once=True) is ExitCode.FAILED
    rehearsal = Rehearsal(Site.of("tern"))
    rehearsal.broken = ArchiveLocked("another program is writing")
    assert rehearsal.run(once=True) is ExitCode.FAILED


def test_once_that_is_stopped_is_interrupted() -> None:
    rehearsal = Rehearsal(Site.of("tern"), seconds=5, takes=HOUR)
    assert rehearsal.run(once=True) is ExitCode.INTERRUPTED
