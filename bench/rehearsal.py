"""The service through weeks in minutes: the demo newspaper day by day as `_days` has it, and what the archive knows afterwards.

The service is the real one, its crawls are real processes over real HTTP; only its clock jumps over the time in which it would
sleep. Beside it, the same weeks are crawled by a fixed daily schedule.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.robotparser import RobotFileParser

from archive import Archive, timestamps
from archive.timestamps import CLOCK_VARIABLE, moment_of
from bench._days import BEGIN, OUTAGE_DAY, OUTAGE_HOURS, Weeks
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
SOON = timedelta(days=1)
"""An edit that was found within it counts as found soon."""
CONFIG = """
delay = {delay}
[service]
slice = "1h"
[[sources]]
name = "courier"
url = "{url}/"
"""


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


class RehearsedCrawl(CrawlProcess):
    """A crawl that tells the clock when it ends."""

    def __init__(self, world: JumpingWorld, archive: Path, config: Path, seconds: float) -> None:
        super().__init__(archive, config, seconds)
        self._world = world
        world.crawling = True

    def poll(self) -> Ended | None:
        ended = super().poll()
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
    """Exit codes of the crawls."""
    seconds: float = 0.0
    """Real time that it took."""


@contextmanager
def rehearse(
    folder: Path, weeks: Weeks, *, daily: bool = False, disturb: Callable[[CrawlProcess], None] | None = None
) -> Iterator[Rehearsal]:
    """Run the service through the weeks.

    Args:
        folder: for the archive and morgue.toml.
        weeks: the newspaper.
        daily: not the service, but a crawl a day that looks at everything.
        disturb: called with each crawl that was started; may kill it.
    """
    path = folder / "a.db"
    os.environ[CLOCK_VARIABLE] = BEGIN.isoformat()
    world = JumpingWorld(BEGIN, weeks.end)
    before = service.LOOK_SECONDS, pacing.GAP_SECONDS
    service.LOOK_SECONDS, pacing.GAP_SECONDS = LOOK_SECONDS, GAP_SECONDS
    try:
        with serve(weeks.site, clock=timestamps.now, incident=weeks.incident) as server:
            config = folder / "morgue.toml"
            config.write_text(CONFIG.format(delay=DELAY, url=server.base_url))
            done = Rehearsal(weeks, path, server.base_url, server)
            begun = time.monotonic()
            Archive.create(path).close()
            if daily:
                _crawl_daily(done, world, config)
            else:
                Service(
                    world,
                    lambda: _agenda(path, config, world),
                    lambda: _begun(RehearsedCrawl(world, path, config, 3600.0), disturb),
                    lambda: None,
                    lambda line: None,
                    lambda ended: done.codes.update([ended.code]),
                ).run()
            done.seconds = time.monotonic() - begun
            yield done
    finally:
        service.LOOK_SECONDS, pacing.GAP_SECONDS = before
        del os.environ[CLOCK_VARIABLE]
        timestamps.set_clock(datetime.now(tz=BEGIN.tzinfo))


def _crawl_daily(done: Rehearsal, world: JumpingWorld, config: Path) -> None:
    """Once a day, every address that is known is due."""
    for day in range(done.weeks.days):
        timestamps.set_clock(BEGIN + timedelta(days=day) + DAILY_AT)
        with sqlite3.connect(done.archive) as db:
            db.execute("UPDATE frontier SET revisit = '2000-01-01T00:00:00Z' WHERE state = 'done'")
        db.close()
        crawl = RehearsedCrawl(world, done.archive, config, 3600.0)
        while (ended := crawl.poll()) is None:
            world.wait(1.0)
        done.codes.update([ended.code])


def _begun(crawl: RehearsedCrawl, disturb: Callable[[CrawlProcess], None] | None) -> RehearsedCrawl:
    if disturb is not None:
        disturb(crawl)
    return crawl


def _agenda(path: Path, config: Path, world: JumpingWorld) -> Agenda:
    with Archive.open(path, readonly=True) as archive:
        return read_agenda(archive, load_config(config), world.now())


@dataclass(frozen=True, slots=True)
class Found:
    """How much of what happened the archive knows."""

    stories: int
    missed: list[str]
    """Stories that it has not."""
    edits: int
    unseen: list[str]
    """Edits that it has not, or of another class."""
    soon: int
    """Edits that it found within a day."""
    withdrawals: int
    unnoticed: list[str]
    walls: int
    """Walls that it took for articles."""
    requests: int
    of_articles: int
    unmodified: int
    """Answers 304."""
    against_the_rules: list[str]
    unaccounted: int
    """Addresses that the account does not add up to."""
    alarms: list[str]


def look(done: Rehearsal) -> Found:
    """Hold the archive and the server's log against what was to be seen."""
    weeks, base = done.weeks, done.base_url
    url_of = {story.slug: base + story.path for story in weeks.stories}
    with sqlite3.connect(done.archive) as db:
        kept = {url: id_ for id_, url in db.execute("SELECT id, url FROM articles")}
        walls = db.execute("SELECT count(*) FROM articles WHERE text LIKE '%verify that you are human%'").fetchone()[0]
        changes = [
            (article, kind, moment_of(seen))
            for article, kind, seen in db.execute(
                "SELECT g.article_id, g.kind, c.fetched FROM changes AS g JOIN revisions AS r ON r.article_id = g.article_id "
                "AND r.number = g.revision JOIN captures AS c ON c.id = r.capture_id"
            )
        ]
        gone = {article for (article,) in db.execute("SELECT article_id FROM events WHERE kind IN ('gone', 'not_found')")}
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
        alarms = [f"{m} of {s}" for s, m in db.execute("SELECT site, measure FROM alarms")] if "alarms" in tables else []
    db.close()
    visible = [edit for edit in weeks.edits if edit.moment < weeks.end - SOON]
    seen_at = {
        edit: min(
            (m for a, kind, m in changes if a == kept.get(url_of[edit.slug]) and kind == edit.kind.value and m >= edit.moment),
            default=None,
        )
        for edit in visible
    }
    with Archive.open(done.archive, readonly=True) as archive:
        account = archive.completeness(weeks.end)
        unaccounted = abs(account.discovered - sum(1 for _ in archive.frontier.addresses()))
        problems = archive.verify()
    assert not problems, problems
    log = done.server.log
    return Found(
        stories=len(weeks.stories),
        missed=[story.slug for story in weeks.stories if url_of[story.slug] not in kept and story.published < weeks.end - SOON],
        edits=len(visible),
        unseen=[f"{edit.kind} of {edit.slug} at {edit.moment:%d %H:%M}" for edit, seen in seen_at.items() if seen is None],
        soon=sum(seen is not None and seen - edit.moment <= SOON for edit, seen in seen_at.items()),
        withdrawals=len(weeks.withdrawals),
        unnoticed=[w.slug for w in weeks.withdrawals if w.begins < weeks.end - SOON and kept.get(url_of[w.slug]) not in gone],
        walls=walls,
        requests=len(log),
        of_articles=sum(base + entry.path in set(url_of.values()) for entry in log),
        unmodified=sum(entry.status == 304 for entry in log),
        against_the_rules=list(_broken_rules(done.server)),
        unaccounted=unaccounted,
        alarms=alarms,
    )


def _broken_rules(server: DemoServer) -> Iterator[str]:
    """Requests that robots.txt forbids, or that came too soon after another."""
    robots = RobotFileParser()
    robots.parse(["User-agent: *", "Disallow: /drafts/", "Disallow: /search"])
    for entry in server.log:
        if not robots.can_fetch("morgue", entry.path):
            yield f"{entry.path} is forbidden"
    for one, other in pairwise(sorted(server.log, key=lambda entry: entry.came)):
        if other.came - one.came < DELAY / 4:
            yield f"{other.path} came {other.came - one.came:.4f} s after {one.path}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=Weeks().days)
    parser.add_argument("--no-daily", action="store_true", help="leave out the fixed schedule")
    options = parser.parse_args()
    print(f"{options.days} days, {OUTAGE_HOURS} hours of outage on day {OUTAGE_DAY}; delay {DELAY} s\n")
    print(f"{'':<16}" + "".join(f"{heading:>{width}}" for heading, width in COLUMNS.items()))
    for daily in (False, True)[: 2 - options.no_daily]:
        with tempfile.TemporaryDirectory() as folder, rehearse(Path(folder), Weeks(options.days), daily=daily) as done:
            found = look(done)
            _tell("all once a day" if daily else "as observed", found, done)
    return 0


COLUMNS = {
    "stories": 10, "edits": 10, "in a day": 10, "withdrawn": 11, "walls": 7, "requests": 10, "of stories": 12, "304": 7,
    "crawls": 8, "minutes": 9,
}  # fmt: skip


def _tell(name: str, found: Found, done: Rehearsal) -> None:
    figures = [
        f"{found.stories - len(found.missed)}/{found.stories}",
        f"{found.edits - len(found.unseen)}/{found.edits}",
        f"{found.soon}",
        f"{found.withdrawals - len(found.unnoticed)}/{found.withdrawals}",
        f"{found.walls}",
        f"{found.requests:,}",
        f"{found.of_articles:,}",
        f"{found.unmodified:,}",
        f"{done.codes.total()}",
        f"{done.seconds / 60:.1f}",
    ]
    print(f"{name:<16}" + "".join(f"{figure:>{width}}" for figure, width in zip(figures, COLUMNS.values(), strict=True)))
    faults = {
        "missed": found.missed,
        "unseen": found.unseen,
        "unnoticed": found.unnoticed,
        "against the rules": found.against_the_rules[:10],
        "alarms": found.alarms,
    }
    for title, lines in faults.items():
        if lines:
            print(f"  {title}: {'; '.join(lines)}")
    print(f"  exit codes: {dict(done.codes)}; addresses that the account lacks: {found.unaccounted}")


if __name__ == "__main__":
    main()
