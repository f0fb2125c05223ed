"""Moments as the archive writes them: `2026-08-22T10:05:00Z`, UTC, whole seconds, so that text order is time order."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

CLOCK_VARIABLE = "MORGUE_CLOCK"
"""Environment variable with the moment at which a process shall believe to begin; for rehearsing months in minutes."""
CLOCK_TOLERANCE = timedelta(minutes=5)
"""Clocks of honest machines differ by less. What is told of the past and lies further ahead than this was noted by a clock that
was wrong: nobody waits for it."""


def now() -> datetime:
    """Read the clock: an aware UTC datetime. Under `MORGUE_CLOCK` it goes on from that moment as the process runs."""
    return datetime.now(UTC) + _ahead


def clock_ahead(started_at: str | None, system: datetime) -> timedelta:
    """How far the clock goes ahead of the system's.

    Args:
        started_at: ISO moment with an offset at which the process shall believe to begin; None or empty: the system's clock.
        system: what the system's clock says now; aware.

    Raises:
        ValueError: `started_at` is no moment, or has no offset.

    """
    if not started_at:
        return timedelta(0)
    try:
        moment = datetime.fromisoformat(started_at)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{CLOCK_VARIABLE} must be a moment with an offset, as 2026-08-22T10:05:00Z, not {started_at!r}")
    return moment - system


_ahead = clock_ahead(os.environ.get(CLOCK_VARIABLE), datetime.now(UTC))


def set_clock(moment: datetime) -> None:
    """Have this process believe that it is another moment, aware, from which time goes on; for rehearsals."""
    global _ahead
    _ahead = moment - datetime.now(UTC)


def stamp(moment: datetime) -> str:
    """Write an aware datetime; fractions of a second are cut off.

    Raises:
        ValueError: the datetime has no time zone.

    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def optional_stamp(moment: datetime | None) -> str | None:
    """Write a datetime that may be missing."""
    return None if moment is None else stamp(moment)


def moment_of(text: str) -> datetime:
    """Read what `stamp` wrote, as an aware UTC datetime."""
    return datetime.fromisoformat(text)


def optional_moment(text: str | None) -> datetime | None:
    """Read a moment that may be missing."""
    return None if text is None else moment_of(text)
