"""Pure: a source's wishes and its past -> when the service crawls it next, and what it opens then.

`every` sets how often the address of a source and its feeds are looked at; its articles are revisited as they fall due. `cron`
sets the only times at which anything of the source is begun, the first look too; a rest puts that off to the next of them. With
neither, each address falls due by itself (`crawler.revisit`).
What a crawl left waiting is gone on with at once, whatever the schedule says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from archive.schedule import Opening, SourceState
from archive.timestamps import CLOCK_TOLERANCE
from crawler.cron import Cron


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user says of a source's times."""

    every: timedelta | None = None
    cron: str | None = None
    """Five fields as in crontab; not beside `every`."""
    limit: int | None = None
    """Articles from one look at its address to the next; None: no limit."""


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """What is next for a source."""

    opening: Opening
    waits: bool
    """Whether addresses wait that may be fetched now."""
    due: datetime | None
    """When something falls due that does not wait yet, aware; may lie in the past. None: nothing by itself."""
    left: int | None
    """Articles that may still be kept until the next look; None: no limit."""

    def is_due(self, now: datetime) -> bool:
        """Whether there is anything to do."""
        return self.waits or (self.due is not None and self.due <= now)

    def next_due(self, now: datetime) -> datetime | None:
        """When there is something to do: `now` if there is already; None: never by itself."""
        return now if self.is_due(now) else self.due


def plan_source(wishes: Wishes, state: SourceState, now: datetime, zone: tzinfo | None = None) -> SourcePlan:
    """Say what is next for a source.

    Args:
        wishes: of the user.
        state: as the archive has it.
        now: aware.
        zone: whose clocks `cron` means; None: those of this machine.
    """
    look = _next_look(wishes, state, now, zone)
    looks = state.looking or (look is not None and look <= now)
    left = _left(wishes, state, looks=looks)
    spent = left == 0
    goes_on = state.looking or not spent
    waits = state.waits and goes_on
    due = _earliest([look, state.rested if goes_on else None, *([] if spent else _due_by_itself(wishes, state))])
    return SourcePlan(_opening(wishes, state.id, looks=looks, spent=spent), waits, due, left)


def rest_end(rest_until: datetime | None, cron: str | None, zone: tzinfo | None = None) -> datetime | None:
    """Until when a source is left alone that rests: with `cron`, until the first of its times after that.

    Args:
        rest_until: when its rest is over, aware; None: it has none.
        cron: as in `Wishes`.
        zone: as for `plan_source`.
    """
    if rest_until is None or cron is None:
        return rest_until
    return Cron.read(cron).after(rest_until - timedelta(microseconds=1), zone)


def _next_look(wishes: Wishes, state: SourceState, now: datetime, zone: tzinfo | None) -> datetime | None:
    """When the source's own address is to be fetched; None: it waits already, or is not due by itself."""
    if not state.planted:
        return _first_look(wishes, state, now, zone)
    if state.looking:
        return None
    if state.looked is None or state.looked > now + CLOCK_TOLERANCE:
        return now
    if wishes.every is not None:
        return state.looked + wishes.every
    if wishes.cron is not None:
        return Cron.read(wishes.cron).after(state.looked, zone)
    return state.seed_due


def _first_look(wishes: Wishes, state: SourceState, now: datetime, zone: tzinfo | None) -> datetime | None:
    if wishes.cron is None or state.added is None or state.added > now + CLOCK_TOLERANCE:
        return now
    return Cron.read(wishes.cron).after(state.added, zone)


def _due_by_itself(wishes: Wishes, state: SourceState) -> list[datetime | None]:
    if wishes.cron is not None:
        return []
    return [state.article_due] if wishes.every is not None else [state.listing_due, state.article_due]


def _opening(wishes: Wishes, source_id: int, *, looks: bool, spent: bool) -> Opening:
    scheduled = wishes.every is not None or wishes.cron is not None
    articles = looks if wishes.cron is not None else not spent
    return Opening(source_id, look=looks, listings=looks or not (scheduled or spent), articles=articles)


def _left(wishes: Wishes, state: SourceState, *, looks: bool) -> int | None:
    if wishes.limit is None:
        return None
    return wishes.limit if looks else max(0, wishes.limit - state.stored)


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


__all__ = ["SourcePlan", "Wishes", "plan_source", "rest_end"]
