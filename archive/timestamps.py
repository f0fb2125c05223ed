"""Moments as the archive writes them: `2026-08-22T10:05:00Z`, UTC, whole seconds, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime


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
