"""The service through weeks in minutes: the demo newspaper day by day as `_days` has it, and what the archive knows afterwards.

Everything that happened is held against the archive, and every request against the rules, by the server's own log. Beside it, the
same weeks are crawled by a fixed daily schedule; and once more by the service while it is killed at random moments.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin

from archive import Archive
from archive.timestamps import moment_of
from bench._days import BEGIN, BYLINES_VANISH, OUTAGE_DAY, OUTAGE_HOURS, WALL_DAY, Edit, Weeks
from bench._rehearsal import DELAY, Rehearsal, rehearse
from crawler.demo.server import LogEntry
from crawler.demo.truth import never_asked

SOON = timedelta(days=1)
"""What was found within it counts as found soon."""
KILLED = 0.25
"""Share of the crawls that are killed where kills are rehearsed."""
WINDOW = 10
"""Gaps that are taken together: a server thread that is woken late moves a request towards its neighbour, not ten."""
TIGHT = 0.9
"""Share of the delay that the gaps of a window keep on the average at least; clocks of two processes are compared."""
HOST_FILES = ("/robots.txt", "/.well-known/tdmrep.json")
TAKEN_AWAY = {410: "gone", 404: "not_found"}
"""Status -> kind of the event that tells of it."""


@dataclass(frozen=True, slots=True)
class Found:
    """How much of what happened the archive knows."""

    stories: int
    missed: list[str]
    """Stories that it has not."""
    edits: int
    unseen: list[str]
    """Edits that it has not, or of another class."""
    waits: list[timedelta]
    """From each edit until it was found."""
    withdrawals: int
    """Stories that were taken away, and those that came back."""
    unnoticed: list[str]
    faults: list[str]
    """Everything else that is not as it should be: what breaks the rules, or does not add up."""

    @property
    def all_is_well(self) -> bool:
        return not (self.missed or self.unseen or self.unnoticed or self.faults)

    @property
    def soon(self) -> int:
        """Edits that were found within a day."""
        return sum(wait <= SOON for wait in self.waits)


def look(done: Rehearsal, *, rules: bool = True) -> Found:
    """Hold the archive and the server's log against what was to be seen.

    Args:
        done: the weeks.
        rules: whether it was the service, whose manners and alarms are looked at.
    """
    weeks, latest = done.weeks, done.weeks.end - SOON  # later ones are not there for long enough
    ids = {story.slug: done.base_url + story.path for story in weeks.stories}
    with sqlite3.connect(done.archive) as db:
        kept = dict(db.execute("SELECT url, id FROM articles"))
        waits = {edit: _wait(db, kept.get(ids[edit.slug]), edit) for edit in weeks.edits if edit.moment < latest}
        withdrawn = [withdrawal for withdrawal in weeks.withdrawals if withdrawal.begins < latest]
        unnoticed = [
            f"{w.status} of {w.slug}{' and back' * bool(w.ends)}"
            for w in withdrawn
            if not _events(db, kept.get(ids[w.slug])) >= {TAKEN_AWAY[w.status], *(["back"] if w.ends else [])}
        ]
        faults = [*_unsound(done, db), *(_incidents(done, db) if rules else []), *(_bad_manners(done) if rules else [])]
    db.close()
    return Found(
        stories=len(weeks.stories),
        missed=[story.slug for story in weeks.stories if story.published < latest and ids[story.slug] not in kept],
        edits=len(waits),
        unseen=[f"{e.kind} of {e.slug} on day {_day(e.moment)}" for e, wait in waits.items() if wait is None],
        waits=[wait for wait in waits.values() if wait is not None],
        withdrawals=len(withdrawn),
        unnoticed=unnoticed,
        faults=faults,
    )


def _day(moment: datetime) -> str:
    return f"{(moment - BEGIN) / timedelta(days=1):.1f}"


def _wait(db: sqlite3.Connection, article: int | None, edit: Edit) -> timedelta | None:
    """How long the archive did not know of an edit; None: it does not know it still."""
    seen = [
        moment_of(fetched)
        for (fetched,) in db.execute(
            "SELECT c.fetched FROM changes AS g JOIN revisions AS r ON r.article_id = g.article_id AND r.number = g.revision "
            "JOIN captures AS c ON c.id = r.capture_id WHERE g.article_id = ? AND g.kind = ?",
            (article, edit.kind.value),
        )
    ]
    return min((moment - edit.moment for moment in seen if moment >= edit.moment), default=None)


def _events(db: sqlite3.Connection, article: int | None) -> set[str]:
    return {kind for (kind,) in db.execute("SELECT kind FROM events WHERE article_id = ?", (article,))}


def _unsound(done: Rehearsal, db: sqlite3.Connection) -> Iterator[str]:
    """What the archive's own proof finds, and what the account lacks that the server's log has."""
    known = dict(db.execute("SELECT url, outcome FROM frontier"))
    asked = {urljoin(done.base_url, entry.path) for entry in done.server.log if not _belongs_to_another(entry.path, done.weeks)}
    redirected = {url for (urls,) in db.execute("SELECT redirects FROM fetches WHERE redirects <> '[]'") for url in urls}
    yield from (f"{url} was asked for and is in no account" for url in sorted(asked - set(known) - redirected))
    with Archive.open(done.archive, readonly=True) as archive:
        for by in ("source", "day"):
            account = archive.completeness(done.weeks.end, by=by)
            if account.discovered != len(known) or any(sum(a.outcomes.values()) != a.discovered for a in account.lines):
                yield f"the account by {by} has {account.discovered} of {len(known)} addresses"
        yield from (str(problem) for problem in archive.verify())


def _belongs_to_another(path: str, weeks: Weeks) -> bool:
    """Whether it is no address of its own: what a host says of itself, or a further page of a story."""
    return path in HOST_FILES or (_bare(path) in {story.path for story in weeks.stories} and "?page=" in path)


def _incidents(done: Rehearsal, db: sqlite3.Connection) -> Iterator[str]:
    """Whether the layout, the wall and the outage were told as such."""
    weeks = done.weeks
    if (
        weeks.days > BYLINES_VANISH + 1
        and not db.execute("SELECT 1 FROM alarms WHERE measure IN ('byline', 'authors')").fetchone()
    ):
        yield "no alarm told that bylines are gone"
    if db.execute("SELECT 1 FROM revisions WHERE text LIKE '%verify that you are human%'").fetchone():
        yield "a test for humans was kept as an article"
    outcomes = Counter(
        (int((moment_of(fetched) - BEGIN) / timedelta(days=1)), outcome)
        for fetched, outcome in db.execute("SELECT fetched, outcome FROM fetches")
    )
    if weeks.days > WALL_DAY + 1 and not outcomes[WALL_DAY, "blocked"]:
        yield "nobody noticed the wall"
    if weeks.days > OUTAGE_DAY + 1 and not outcomes[OUTAGE_DAY, "failed"] + outcomes[OUTAGE_DAY, "later"]:
        yield "nobody noticed the outage"


def _bad_manners(done: Rehearsal) -> Iterator[str]:
    """Requests that robots.txt forbids, that came too close together, or that did not say what is known already."""
    log = sorted(done.server.log, key=lambda entry: entry.came)
    yield from (f"{entry.path} is forbidden" for entry in log if never_asked(entry.path))
    for first, last in zip(log, log[WINDOW:], strict=False):
        if last.came - first.came < WINDOW * DELAY * TIGHT:
            yield f"{WINDOW} requests in {last.came - first.came:.3f} s from {first.path} on"
    stories = {story.path for story in done.weeks.stories}
    by_path: dict[str, list[LogEntry]] = {}
    for entry in log:
        by_path.setdefault(entry.path, []).append(entry)
    for path in sorted(path for path in by_path if _bare(path) in stories):
        for one, other in pairwise(by_path[path]):
            headers = {name.lower() for name, _ in other.headers}
            if _was_read(one) and not done.kills and not headers & {"if-none-match", "if-modified-since"}:
                yield f"{path} was asked for again without a condition on day {_day(other.time)}"


def _bare(path: str) -> str:
    """Without the query: feeds lead to stories by addresses that count their readers."""
    return path.split("?")[0]


def _was_read(entry: LogEntry) -> bool:
    """Whether the story itself was answered, and not a wall."""
    return entry.status in {200, 304} and (entry.time - BEGIN).days != WALL_DAY


COLUMNS = {
    "stories": 10, "edits": 9, "in a day": 10, "days, median": 14, "most": 7, "withdrawn": 11, "requests": 10, "of stories": 12,
    "304": 7, "crawls": 8, "kills": 7, "minutes": 9,
}  # fmt: skip
POLICIES = ("as observed", "all once a day", "killed")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=Weeks().days)
    parser.add_argument("--only", choices=POLICIES, nargs="+", default=POLICIES)
    parser.add_argument("--keep", type=Path, help="folder for the archives; may exist, but not the archives in it")
    options = parser.parse_args()
    print(f"{options.days} days, {OUTAGE_HOURS} hours of outage on day {OUTAGE_DAY}; delay {DELAY} s\n")
    print(f"{'':<16}" + "".join(f"{heading:>{width}}" for heading, width in COLUMNS.items()))
    wells = [_rehearsed(policy, options.days, options.keep) for policy in options.only]
    return 0 if all(wells) else 1


def _rehearsed(policy: str, days: int, keep: Path | None) -> bool:
    """Whether all was found and nothing was wrong; a fixed schedule may miss what it will."""
    daily = policy == "all once a day"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with rehearse(folder, Weeks(days), daily=daily, killed=KILLED * (policy == "killed")) as done:
            found = look(done, rules=not daily)
            _tell(policy, found, done)
        if keep is not None:
            shutil.copytree(folder, keep / policy.replace(" ", "-"))
    return found.all_is_well or daily


def _tell(name: str, found: Found, done: Rehearsal) -> None:
    log = done.server.log
    stories = {story.path for story in done.weeks.stories}
    waits = [wait / timedelta(days=1) for wait in found.waits]
    figures = [
        f"{found.stories - len(found.missed)}/{found.stories}",
        f"{found.edits - len(found.unseen)}/{found.edits}",
        f"{found.soon}",
        f"{statistics.median(waits):.2f}" if waits else "-",
        f"{max(waits):.1f}" if waits else "-",
        f"{found.withdrawals - len(found.unnoticed)}/{found.withdrawals}",
        f"{len(log):,}",
        f"{sum(_bare(entry.path) in stories for entry in log):,}",
        f"{sum(entry.status == 304 for entry in log):,}",
        f"{done.codes.total() + done.kills}",
        f"{done.kills}",
        f"{done.seconds / 60:.1f}",
    ]
    print(f"{name:<16}" + "".join(f"{figure:>{width}}" for figure, width in zip(figures, COLUMNS.values(), strict=True)))
    _tell_lines({"missed": found.missed, "unseen": found.unseen, "unnoticed": found.unnoticed, "faults": found.faults})
    print(f"  exit codes: {dict(sorted(done.codes.items()))}", flush=True)


def _tell_lines(titled: dict[str, Sequence[str]], most: int = 10) -> None:
    for title, lines in titled.items():
        if lines:
            print(f"  {title}: {'; '.join(lines[:most])}{f'; {len(lines) - most} more' * (len(lines) > most)}")


if __name__ == "__main__":
    sys.exit(main())
