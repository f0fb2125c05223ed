"""Times as feeds and sitemaps write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_W3C = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2})(?:[T ](?P<clock>\d{1,2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?)?)?",
    re.IGNORECASE,
)


def read_time(text: str, *, end_of_day: bool = False) -> datetime | None:
    """Read a W3C date and time at any of its precisions, or one after RFC 2822.

    Args:
        text: as it stands in the document.
        end_of_day: take the last second of a day that comes without a clock time, and not the first.

    Returns:
        Aware UTC, the beginning of the period that is named; UTC is assumed where no zone is given. None for what cannot be read.

    """
    found = _W3C.fullmatch(text.strip())
    try:
        return _from_parts(found, end_of_day) if found else _utc(parsedate_to_datetime(text.strip()))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _from_parts(found: re.Match[str], end_of_day: bool) -> datetime:
    day = datetime(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1), tzinfo=UTC)
    if not found["clock"]:
        return day + timedelta(days=1, seconds=-1) if end_of_day and found["day"] else day
    hour, minute, *second = (int(part) for part in found["clock"].split(":"))
    midnight = hour == 24
    local = day.replace(hour=0 if midnight else hour, minute=minute, second=second[0] if second else 0)
    return local + timedelta(days=midnight) - _offset(found["zone"])


def _offset(zone: str | None) -> timedelta:
    if not zone or zone in "Zz":
        return timedelta()
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return timedelta(minutes=-minutes if zone[0] == "-" else minutes)


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
