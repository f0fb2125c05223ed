"""Pure: when five fields as in crontab(5) next say so.

The fields are read in local time, as cron reads them. A time that the clocks skip in spring comes as soon after as they skipped;
one that they repeat in autumn comes once, but for fields that name every hour, which come in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from crawler.when import CRON_FIELDS, check_cron

FURTHEST = timedelta(days=366 * 9)
"""How far ahead is looked: 29 February is eight years away at most. What never comes (30 February) is given up there."""
SUNDAY = 7
KEPT = 1024
"""Answers that are kept, one or two for each of many sources."""


@dataclass(frozen=True, slots=True)
class Cron:
    """The moments that five fields name."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """1 is Monday, 7 is Sunday, as `date.isoweekday`."""
    either_day: bool
    """Whether a day counts that fits the day of the month or that of the week: both are restricted, so cron takes either."""

    @classmethod
    @lru_cache(maxsize=KEPT)
    def read(cls, text: str) -> Cron:
        """Read five fields.

        Raises:
            ValueError: as `crawler.when.check_cron`.
        """
        check_cron(text)
        fields = text.lower().split()
        minutes, hours, days, months, weekdays = (
            _numbers(field, least, greatest, names)
            for field, (_, least, greatest, names) in zip(fields, CRON_FIELDS, strict=True)
        )
        restricted = not fields[2].startswith("*") and not fields[4].startswith("*")
        iso = frozenset(day or SUNDAY for day in weekdays)
        return cls(tuple(sorted(minutes)), tuple(sorted(hours)), days, months, iso, restricted)

    def after(self, moment: datetime, zone: tzinfo | None = None) -> datetime | None:
        """The first moment later than the one given, aware UTC; None: there is none.

        Args:
            moment: aware.
            zone: whose clocks the fields mean; None: those of this machine.
        """
        return _after(self, moment, zone)

    def _names(self, day: date) -> bool:
        in_month, in_week = day.day in self.days, day.isoweekday() in self.weekdays
        return day.month in self.months and ((in_month or in_week) if self.either_day else (in_month and in_week))

    def _moments(self, day: date, zone: tzinfo | None) -> Iterator[datetime]:
        folds = (0, 1) if len(self.hours) == 24 else (0,)
        for hour in self.hours:
            for minute in self.minutes:
                for fold in folds:
                    yield _in_utc(datetime.combine(day, time(hour, minute, fold=fold)), zone)


@lru_cache(maxsize=KEPT)
def _after(cron: Cron, moment: datetime, zone: tzinfo | None) -> datetime | None:
    """As `Cron.after`: the service asks the same of each source every half a minute."""
    for day in _days(moment.astimezone(zone).date(), FURTHEST):
        if cron._names(day):
            ahead = [then for then in cron._moments(day, zone) if then > moment]
            if ahead:
                return min(ahead)
    return None


def _in_utc(local: datetime, zone: tzinfo | None) -> datetime:
    """A local time without a zone, in UTC; what the clocks skip is as long after the jump as it stands behind it."""
    return (local if zone is None else local.replace(tzinfo=zone)).astimezone(UTC)


def _days(start: date, length: timedelta) -> Iterator[date]:
    # From the day before: a time of yesterday that the clocks skipped at midnight comes today.
    for n in range(-1, length.days):
        yield start + timedelta(days=n)


def _numbers(field: str, least: int, greatest: int, names: tuple[str, ...]) -> frozenset[int]:
    return frozenset(n for part in field.split(",") for n in _of_part(part, least, greatest, names))


def _of_part(part: str, least: int, greatest: int, names: tuple[str, ...]) -> range:
    span, _, step = part.partition("/")
    first, _, last = span.partition("-")
    start = least if first == "*" else _number(first, least, names)
    end = _number(last, least, names) if last else greatest if first == "*" or step else start
    return range(start, end + 1, int(step or 1))


def _number(text: str, least: int, names: tuple[str, ...]) -> int:
    return least + names.index(text) if text in names else int(text)
