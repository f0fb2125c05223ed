"""Pure: how a source stands, told in a word from what its recent runs came to; and what follows from that.

The runs are taken together in spells, since the service makes many small runs where another makes one. Each spell counts half of
the one after it, and a large one no more than ten pages, so that a thousand articles of yesterday do not hide that today's are
refused, and one page that fails changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from urllib.parse import urlsplit

from archive.health import QUIET, HeldHost, ListingPage, SourcePast, SourceRun
from archive.host_rests import LONGEST as LONGEST_ASKED
from archive.timestamps import CLOCK_TOLERANCE

SPELL = timedelta(minutes=15)
"""Runs that end within this time of the first one count as one spell: four in a row that fail are an hour's failing, and not what
four articles did that fell due in one minute."""
FADES = 0.5
"""Weight of a spell beside the one after it."""
COUNTED = 10.0
"""Pages of a spell that count at most."""
SLOW_SHARE = 0.15
"""Share of trouble, all spells weighed, from which on a source is asked more slowly: half as fast. One page that fails after a
good time comes to a tenth."""
SLOWER_SHARE = 0.25
"""And from here on a quarter as fast."""
BAD_SHARE = 0.5
"""Share of trouble in the last spell and in all of them from which on a source is blocked or failing. After a long good time, a
spell of ten refusals and nothing else comes to just that; single pages that fail do so with the fourth spell in a row."""
PACE, SLOWER_PACE = 2.0, 4.0
"""Delays between two requests, as multiples of the usual one."""
FIRST_REST = timedelta(minutes=30)
"""After the first bad spell; doubled with each one after it."""
LONGEST_REST = timedelta(days=1)
LEAST_GAPS = 5
"""Gaps between two times that something new came, below which nothing is said of silence."""
SILENCE_CHANCE = 0.001
"""Chance of a longer gap, by the gaps before, at which a source counts as silent."""
SILENCE_STRETCH = 1.5
"""And the silence must be so many times as long as the longest gap seen: holidays come again."""
BACKFILL = timedelta(days=1)
"""Gaps within this time of the first run tell how fast the past was fetched, and not how often something new comes."""

REFUSED = frozenset({"blocked", "robots"})
NOT_HAD = REFUSED | {"failed", "gone", "later"}
"""Outcomes of a page that lists articles, after which nobody knows what it lists."""


class State(StrEnum):
    """How a source stands."""

    NEW = "new"
    """It was never crawled."""
    WELL = "well"
    SLOW = "slow"
    """Some of it fails or is refused: it is asked more slowly."""
    RESTING = "resting"
    """Its host asked to be left alone for a time."""
    BLOCKED = "blocked"
    """It answers walls and refusals."""
    FAILING = "failing"
    """It gives no usable answer."""
    SILENT = "silent"
    """It answers, and brings nothing new for much longer than its past says, or lists nothing any more."""
    PAUSED = "paused"
    """By the user."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a source stands, and what follows."""

    state: State
    since: datetime | None = None
    """None: not known, or it always was so."""
    reason: str | None = None
    """In words; None where the state says all."""
    rest_until: datetime | None = None
    """Until when the service leaves it alone, aware; may lie in the past. None: it does not."""
    pace: float = 1.0
    """By which the delay between two requests is multiplied."""

    def rests(self, now: datetime) -> bool:
        """Whether the service leaves it alone now."""
        return self.rest_until is not None and self.rest_until > now


@dataclass(frozen=True, slots=True)
class Complaint:
    """A page of a source that no longer lists what it did."""

    source: str
    """Name of the source, or its address where it has none."""
    text: str
    """A clause that begins with `its`."""
    refused: bool
    """Whether a wall or a refusal is the reason."""


@dataclass(frozen=True, slots=True)
class Spell:
    """Runs of a source that lie close together."""

    began: datetime
    ended: datetime
    answered: int
    refused: int
    failed: int
    """Put off included."""
    reason: str | None
    """Of its last run that had any trouble."""

    @property
    def share(self) -> float:
        """Of trouble, 0 to 1."""
        trouble = self.refused + self.failed
        return trouble / (trouble + self.answered) if trouble else 0.0


@dataclass(slots=True)
class _Weighed:
    """All spells so far."""

    good: float = 0.0
    refused: float = 0.0
    failed: float = 0.0
    bad_spells: int = 0
    """In a row, the last one included, after which the source was blocked or failing."""
    since: datetime | None = None
    """When it became what it is: blocked or failing, or in some trouble."""

    def add(self, spell: Spell) -> None:
        counted = spell.answered + spell.refused + spell.failed
        scale = min(counted, COUNTED) / counted if counted else 0.0
        before = self._level
        self.good = self.good * FADES + spell.answered * scale
        self.refused = self.refused * FADES + spell.refused * scale
        self.failed = self.failed * FADES + spell.failed * scale
        self.bad_spells = self.bad_spells + 1 if spell.share >= BAD_SHARE and self.share >= BAD_SHARE else 0
        if self._level != before:
            self.since = spell.began

    @property
    def share(self) -> float:
        """Of trouble, 0 to 1."""
        trouble = self.refused + self.failed
        return trouble / (trouble + self.good) if trouble else 0.0

    @property
    def _level(self) -> int:
        return 2 if self.bad_spells else int(self.share >= SLOW_SHARE)


def judge(past: SourcePast, now: datetime, *, paused: str | None = None, bounded: bool = False) -> Health:
    """Say how a source stands.

    Args:
        past: as the archive has it.
        now: aware.
        paused: why the user paused it; None: it is not paused.
        bounded: whether only articles from before some time are followed, so that nothing new need come.
    """
    if paused is not None:
        return Health(State.PAUSED, reason=paused)
    past = _known_by(past, now)
    rest = past.resting_until if past.resting_until is not None and past.resting_until > now else None
    if rest is not None and past.rest_asked:
        reason = f"its host asked to be left alone until {rest:%Y-%m-%d %H:%M}Z ({past.rest_reason})"
        return Health(State.RESTING, None, reason, rest, PACE)
    spells = spells_of(past.runs)
    if not spells:
        return Health(State.NEW)
    weighed = _Weighed()
    for spell in spells:
        weighed.add(spell)
    if weighed.bad_spells:
        return _bad(weighed, spells[-1], rest)
    if rest is not None:
        return _turned_away(past, spells[-1], rest)
    unlisted = _unlisted(past, spells)
    if unlisted is not None:
        return unlisted
    pace = _pace(weighed.share)
    return _silent(past, pace, bounded=bounded) or _slow(past, weighed, spells, pace) or Health(State.WELL)


def _known_by(past: SourcePast, now: datetime) -> SourcePast:
    """The past without what a clock that was wrong put into times to come."""
    latest = now + CLOCK_TOLERANCE
    rest, held = past.resting_until, past.held
    return replace(
        past,
        runs=[run for run in past.runs if run.ended <= latest],
        news=[moment for moment in past.news if moment <= latest],
        resting_until=None if rest is not None and rest > latest + LONGEST_ASKED else rest,
        held=None if held is not None and held.until > latest + LONGEST_ASKED else held,
    )


def _slow(past: SourcePast, weighed: _Weighed, spells: Sequence[Spell], pace: float) -> Health | None:
    """Some of it fails, or one of several lists does."""
    if pace > 1:
        reason = f"{weighed.share:.0%} of what it answered of late was no use{_in_brackets(_last_reason(spells))}"
        return Health(State.SLOW, weighed.since, reason, pace=pace)
    told = complaints(past)
    if told:
        return Health(State.SLOW, None, told[0][0])
    return Health(State.SLOW, None, held_clause(past.held)) if past.held is not None else None


def held_clause(held: HeldHost) -> str:
    """Why some of a source waits: `www.tern.example is left alone until 2026-05-12 10:30Z (status 429)`."""
    return f"{held.host} is left alone until {held.until:%Y-%m-%d %H:%M}Z ({held.reason}), and pages on it wait"


def spells_of(runs: Sequence[SourceRun]) -> list[Spell]:
    """Take runs, oldest first, together where they lie close; those that asked for nothing that counts are left out."""
    spells: list[Spell] = []
    for run in runs:
        failed = run.failed + run.put_off
        if not run.answered + run.refused + failed:
            continue
        last = spells[-1] if spells else None
        if last is not None and timedelta(0) <= run.ended - last.began <= SPELL:
            spells[-1] = Spell(
                last.began, run.ended, last.answered + run.answered, last.refused + run.refused, last.failed + failed,
                run.reason or last.reason,
            )  # fmt: skip
        else:
            spells.append(Spell(run.ended, run.ended, run.answered, run.refused, failed, run.reason))
    return spells


def rest_after(bad_spells: int) -> timedelta:
    """How long a source rests after so many bad spells in a row."""
    doubled: int = 2 ** min(bad_spells - 1, 10)
    return min(FIRST_REST * doubled, LONGEST_REST)


def complaints(past: SourcePast, run_id: int | None = None) -> list[tuple[str, bool]]:
    """Say which of a source's pages no longer list what they did; an empty list is never taken for no news.

    Args:
        past: of the source.
        run_id: only pages that this run fetched; None: all.

    Returns:
        A clause each, as "its front page lists no articles any more; it did on 2026-05-12", and whether a wall or a refusal is
        the reason.
    """
    pages = [page for page in past.lists if run_id is None or page.run_id == run_id]
    told = [clause for page in pages if (clause := _complaint(page)) is not None]
    empty = [page for page in pages if page.kind == "seed" and page.outcome == "listed" and page.entries == 0]
    if empty and not past.ever_listed and not _may_yet_list(past):
        told.append((f"{_name(empty[0])} lists no articles, and never did; `morgue discover` shows what it leads to", False))
    return told


def _may_yet_list(past: SourcePast) -> bool:
    """Whether a list of a source that is new to us waits to be read; one that still waits a day later is no excuse."""
    if not past.unread_list or past.first_run is None or not past.runs:
        return False
    return past.runs[-1].ended - past.first_run < BACKFILL


def silence_after(gaps: Sequence[timedelta]) -> timedelta:
    """After how long without anything new a source counts as silent.

    Arrivals are taken for a Poisson process whose rate is known from these gaps alone (Gamma, no prior): the chance of a gap
    longer than t is `(1 + t / sum) ** -n`. Few gaps so make for a long patience, and many bring it down to seven mean gaps.

    Args:
        gaps: between times that something new came; at least one.
    """
    total = sum(gaps, timedelta(0))
    factor: float = SILENCE_CHANCE ** (-1 / len(gaps)) - 1
    patience = total * factor
    return max(patience, max(gaps) * SILENCE_STRETCH, QUIET)


def _bad(weighed: _Weighed, last: Spell, rest: datetime | None) -> Health:
    state = State.BLOCKED if weighed.refused >= weighed.failed else State.FAILING
    until = last.ended + rest_after(weighed.bad_spells)
    until = max(until, rest) if rest is not None else until
    return Health(state, weighed.since, last.reason, until, SLOWER_PACE)


def _turned_away(past: SourcePast, last: Spell, until: datetime) -> Health:
    """It did well, and then refused page after page."""
    state = State.BLOCKED if last.refused >= last.failed else State.FAILING
    return Health(state, last.began, past.rest_reason, until, SLOWER_PACE)


def _unlisted(past: SourcePast, spells: Sequence[Spell]) -> Health | None:
    """A source none of whose lists can be had is blocked or failing, though single articles may still answer."""
    pages = [page for page in past.lists if page.listed is not None]
    if not pages or any(page.outcome not in NOT_HAD for page in pages):
        return None
    listed = max(page.listed for page in pages if page.listed is not None)
    since = [spell for spell in spells if spell.ended > listed]
    if not since:
        return None
    refused = sum(page.outcome in REFUSED for page in pages)
    state = State.BLOCKED if refused >= len(pages) - refused else State.FAILING
    reason = next((page.reason for page in pages if page.reason), None)
    return Health(state, since[0].began, reason, since[-1].ended + rest_after(len(since)), SLOWER_PACE)


def _silent(past: SourcePast, pace: float, *, bounded: bool) -> Health | None:
    """No list of a source lists anything any more, or nothing new came for longer than its past says."""
    told = complaints(past)
    pages = [page for page in past.lists if page.listed is not None]
    if told and len(told) >= len(pages):
        return Health(State.SILENT, max((p.listed for p in pages if p.listed), default=None), told[0][0], pace=pace)
    if bounded:
        return None
    heard = next((run.ended for run in reversed(past.runs) if run.answered), None)
    gaps = _gaps(past)
    if heard is None or not past.news or len(gaps) < LEAST_GAPS or heard - past.news[-1] <= silence_after(gaps):
        return None
    mean = sum(gaps, timedelta(0)) / len(gaps)
    reason = f"nothing new since {past.news[-1]:%Y-%m-%d}, where something came every {_words(mean)}"
    return Health(State.SILENT, past.news[-1], reason, pace=pace)


def _gaps(past: SourcePast) -> Sequence[timedelta]:
    """Between the times that something new came, once the past was fetched; else between the days of its articles."""
    start = past.first_run + BACKFILL if past.first_run is not None else None
    seen = [moment for moment in past.news if start is None or moment >= start]
    gaps = [later - earlier for earlier, later in pairwise(seen)]
    return gaps if len(gaps) >= LEAST_GAPS else past.day_gaps


def _complaint(page: ListingPage) -> tuple[str, bool] | None:
    if page.listed is None:
        return None
    did = f"it listed articles on {page.listed:%Y-%m-%d}"
    name = _name(page)
    match page.outcome:
        case "blocked":
            return f"{name} is refused{_in_brackets(page.reason)}; {did}", True
        case "robots":
            return f"{name} is now forbidden by robots.txt; {did}", True
        case "gone":
            return f"{name} is gone{_in_brackets(page.reason)}; {did}", False
        case "stored" | "not_an_article" | "out_of_scope":
            return f"{name} is no list of articles any more{_in_brackets(page.reason)}; {did}", False
        case "listed" | "unchanged" if page.entries == 0:
            return f"{name} lists no articles any more; it did on {page.listed:%Y-%m-%d}", False
    return None


def _name(page: ListingPage) -> str:
    if page.kind == "feed":
        return f"its feed {page.url}"
    return "its front page" if urlsplit(page.url).path in {"", "/"} else f"its page {page.url}"


def _pace(share: float) -> float:
    if share < SLOW_SHARE:
        return 1.0
    return PACE if share < SLOWER_SHARE else SLOWER_PACE


def _last_reason(spells: Iterable[Spell]) -> str | None:
    return next((spell.reason for spell in reversed(list(spells)) if spell.reason), None)


def _in_brackets(text: str | None) -> str:
    return f" ({text})" if text else ""


def _words(time: timedelta) -> str:
    hours = time.total_seconds() / 3600
    return f"{max(hours, 0.1):.1f} hours" if hours < 48 else f"{hours / 24:.1f} days"


__all__ = ["Complaint", "Health", "State", "complaints", "judge", "rest_after", "silence_after", "spells_of"]
