"""Points in time as people type them: `2026-08-22`, `2026-08-22T10:05Z`, `7d`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_AGO = re.compile(r"(\d{1,6})\s*([mhdwy])")
_UNITS = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "y": timedelta(days=365),
}
_PARTS = re.compile(r"(\d{4})(?:-(\d{2}))?")
FORMS = "write an ISO date such as 2026-08-22 or 2026-08, or a time ago such as 12h, 7d, 3w, 1y"


def parse_when(text: str, now: datetime) -> datetime:
    """Read a point in time.

    Args:
        text: an ISO date or time (a year or a month alone stands for its first moment; UTC unless it says otherwise),
            or a number with `m`, `h`, `d`, `w` or `y` for a time before `now`.
        now: aware.

    Returns:
        Aware UTC.

    Raises:
        ValueError: it is neither; the message says what may be written.
    """
    text = text.strip()
    try:
        if ago := _AGO.fullmatch(text):
            return (now - int(ago[1]) * _UNITS[ago[2]]).astimezone(UTC)
        if part := _PARTS.fullmatch(text):
            return datetime(int(part[1]), int(part[2] or 1), 1, tzinfo=UTC)
        value = datetime.fromisoformat(text)
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no date that can be read: {FORMS}") from error
