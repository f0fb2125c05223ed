"""Points in time as people type them (`2026-08-22`, `2026-08-22T10:05Z`, `7d`), lengths of time (`30m`) and crontab fields."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_LENGTH = re.compile(r"(\d{1,6})\s*([smhdw])")
_AGO = re.compile(r"(\d{1,6})\s*([mhdwy])")
_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}
_PARTS = re.compile(r"(\d{4})(?:-(\d{2}))?")
FORMS = "write an ISO date such as 2026-08-22 or 2026-08, or a time ago such as 12h, 7d, 3w, 1y"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
CRON_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day of the month", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("day of the week", 0, 7, _DAYS),
)
"""Name, least and greatest number, and names for the numbers from the least on, as in crontab(5); Sunday is 0 and 7."""
_CRON_PART = re.compile(r"(?:\*|(\w+)(?:-(\w+))?)(?:/(\d{1,4}))?")


class TimeAgo(datetime):
    """A moment that was typed as a time ago: what was typed stays the same while the moment moves with the clock."""

    typed = ""
    """As `7d`; lost by what makes a new moment of this one."""


def parse_duration(text: str) -> timedelta:
    """Read a length of time: a number with `s`, `m`, `h`, `d` or `w`.

    Raises:
        ValueError: it is none, or is nothing.
    """
    length = _LENGTH.fullmatch(text.strip())
    if length is None or int(length[1]) == 0:
        raise ValueError(f"must be a length of time such as 30m, 6h, 1d or 2w, not {text!r}")
    return int(length[1]) * _UNITS[length[2]]


def check_cron(text: str) -> None:
    """Check five fields as in crontab: minute, hour, day of the month, month, day of the week.

    Raises:
        ValueError: they are not five, or one of them says nothing that makes sense; the message names it.
    """
    fields = text.split()
    if len(fields) != len(CRON_FIELDS):
        raise ValueError(f"must have five fields as in crontab: minute, hour, day, month, day of the week; not {text!r}")
    for field, (name, least, greatest, names) in zip(fields, CRON_FIELDS, strict=True):
        for part in field.split(","):
            if not _is_cron_part(part.lower(), least, greatest, names):
                raise ValueError(f"{part!r} is no {name}: write {least} to {greatest}, ranges as 1-5, steps as */2, or *")


def _is_cron_part(part: str, least: int, greatest: int, names: tuple[str, ...]) -> bool:
    found = _CRON_PART.fullmatch(part)
    if found is None or found[3] == "0":
        return False
    ends = [
        least + names.index(end) if end in names else int(end) if end.isdecimal() else -1 for end in found.groups()[:2] if end
    ]
    return ends == sorted(ends) and all(least <= end <= greatest for end in ends)


def parse_when(text: str, now: datetime) -> datetime:
    """Read a point in time.

    Args:
        text: an ISO date or time (a year or a month alone stands for its first moment; UTC unless it says otherwise),
            or a number with `m`, `h`, `d`, `w` or `y` for a time before `now`.
        now: aware.

    Returns:
        Aware UTC; of a time ago a `TimeAgo`.

    Raises:
        ValueError: it is neither; the message says what may be written.
    """
    text = text.strip()
    try:
        if ago := _AGO.fullmatch(text):
            then = (now - int(ago[1]) * _UNITS[ago[2]]).astimezone(UTC)
            moment = TimeAgo.combine(then.date(), then.timetz())
            moment.typed = ago[1] + ago[2]
            return moment
        if part := _PARTS.fullmatch(text):
            return datetime(int(part[1]), int(part[2] or 1), 1, tzinfo=UTC)
        value = datetime.fromisoformat(text)
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no date that can be read: {FORMS}") from error
