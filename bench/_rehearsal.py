"""Runs the service through weeks in minutes.

The service is the real one and its crawls are real processes over real HTTP; only its clock jumps over the time in which it would
sleep. Crawls may be killed, and the service with them.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from archive import Archive, timestamps
from archive.timestamps import CLOCK_VARIABLE
from bench._days import BEGIN, Weeks
from crawler import pacing, service
from crawler.agenda import Agenda, read_agenda
from crawler.config import load_config
from crawler.demo.server import DemoServer, serve
from crawler.service import Ended, Service
from crawler.slices import CrawlProcess

DELAY = 0.02
"""Seconds between two requests to the newspaper; a rehearsal is in a hurry."""
LOOK_SECONDS = 600.0
"""Between two looks of the service, which nobody disturbs here."""
GAP_SECONDS = 7200.0
"""Between two crawls: twelve a day at most, where the service would make hundreds, a second of real time each."""
DAILY_AT = timedelta(hours=3)
"""When the fixed schedule crawls."""
SLICE_SECONDS = 3600.0
KILLED_WITHIN = 3.0
"""Seconds from the start of a crawl in which it may be killed; few take longer."""
CONFIG = """
delay = {delay}
[service]
slice = "1h"
[[sources]]
name = "courier"
url = "{url}/"
"""


class ServiceKilledError(Exception):
    """The service is gone, with its crawl and all that it knew."""


class JumpingWorld:
    """A clock that runs with the machine's while a crawl is under way, and jumps while the service waits."""

    def __init__(self, begin: datetime, end: datetime) -> None:
        timestamps.set_clock(begin)
        self._end = end
        self.crawling = False

    @property
    def stops(self) -> int:
        return int(not self.crawling and self.now() >= self._end)

    def now(self) -> datetime:
        return timestamps.now()

    def monotonic(self) -> float:
        return timestamps.now().timestamp()

    def wait(self, seconds: float) -> None:
        if self.crawling:
            time.sleep(0.02)
        else:
            timestamps.set_clock(self.now() + timedelta(seconds=max(seconds, 1.0)))


class Killer:
    """Chooses which crawls are killed, and when."""

    def __init__(self, share: float, seed: int = 7) -> None:
        self._share, self._random = share, random.Random(seed)

    def seconds(self) -> float | None:
        """After its start; None: this one is left in peace."""
        return self._random.uniform(0.0, KILLED_WITHIN) if self._random.random() < self._share else None


class RehearsedCrawl(CrawlProcess):
    """A crawl that tells the clock when it ends, and may be killed."""

    def __init__(self, world: JumpingWorld, archive: Path, config: Path, dies_after: float | None = None) -> None:
        super().__init__(archive, config, config.parent, SLICE_SECONDS)
        self._world = world
        self._dies = None if dies_after is None else time.monotonic() + dies_after
        world.crawling = True

    def poll(self) -> Ended | None:
        ended = super().poll()
        if ended is None and self._dies is not None and time.monotonic() >= self._dies:
            self.kill()
            self._process.wait()
            super().poll()
            self._world.crawling = False
            raise ServiceKilledError
        self._world.crawling = ended is None
        return ended


@dataclass(slots=True)
class Rehearsal:
    """What came of it."""

    weeks: Weeks
    archive: Path
    base_url: str
    server: DemoServer
    codes: Counter[int] = field(default_factory=Counter)
    """Exit codes of the crawls that ended by themselves."""
    kills: int = 0
    """How often service and crawl were killed."""
    seconds: float = 0.0
    """Real time that it took."""


@contextmanager
def rehearse(
    folder: Path, weeks: Weeks, *, daily: bool = False, killed: float = 0.0, gap: float = GAP_SECONDS
) -> Iterator[Rehearsal]:
    """Run the service through the weeks.

    Args:
        folder: for the archive and morgue.toml.
        weeks: the newspaper.
        daily: not the service, but a crawl a day that looks at everything.
        killed: share of the crawls that are killed at a random moment, and the service with them; it is started again at once.
        gap: seconds between two crawls of the service.
    """
    os.environ[CLOCK_VARIABLE] = BEGIN.isoformat()
    world = JumpingWorld(BEGIN, weeks.end)
    before = service.LOOK_SECONDS, pacing.GAP_SECONDS
    service.LOOK_SECONDS, pacing.GAP_SECONDS = LOOK_SECONDS, gap
    try:
        with serve(weeks.site, clock=timestamps.now, incident=weeks.incident) as server:
            config = folder / "morgue.toml"
            config.write_text(CONFIG.format(delay=DELAY, url=server.base_url))
            done = Rehearsal(weeks, folder / "a.db", server.base_url, server)
            Archive.create(done.archive).close()
            begun = time.monotonic()
            if daily:
                _crawl_daily(done, world, config)
            else:
                _serve_on(done, world, config, Killer(killed))
            done.seconds = time.monotonic() - begun
            yield done
    finally:
        service.LOOK_SECONDS, pacing.GAP_SECONDS = before
        del os.environ[CLOCK_VARIABLE]
        timestamps.set_clock(datetime.now(tz=BEGIN.tzinfo))


def _serve_on(done: Rehearsal, world: JumpingWorld, config: Path, killer: Killer) -> None:
    """The service to the end of the weeks, begun anew each time that it is killed."""
    while True:
        try:
            Service(
                world,
                lambda: _agenda(done.archive, config, world),
                lambda: RehearsedCrawl(world, done.archive, config, killer.seconds()),
                lambda: None,
                lambda line: None,
                lambda ended: done.codes.update([ended.code]),
            ).run()
        except ServiceKilledError:
            done.kills += 1
        else:
            return


def _crawl_daily(done: Rehearsal, world: JumpingWorld, config: Path) -> None:
    """Once a day, every address that is known is due."""
    for day in range(done.weeks.days):
        timestamps.set_clock(BEGIN + timedelta(days=day) + DAILY_AT)
        with sqlite3.connect(done.archive) as db:
            db.execute("UPDATE frontier SET revisit = '2000-01-01T00:00:00Z' WHERE state = 'done'")
        db.close()
        crawl = RehearsedCrawl(world, done.archive, config)
        while (ended := crawl.poll()) is None:
            world.wait(1.0)
        done.codes.update([ended.code])


def _agenda(path: Path, config: Path, world: JumpingWorld) -> Agenda:
    with Archive.open(path, readonly=True) as archive:
        return read_agenda(archive, load_config(config), world.now())
