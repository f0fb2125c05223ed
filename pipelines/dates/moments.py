"""Moments: the parts of a date as they stand on a page, and the `ArticleDate` that they make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone

from pipelines.fields import ArticleDate, Precision

EARLIEST_YEAR = 1800
"""Years before it are errors of the page, not dates of an article."""

LATEST_YEAR = 2200

WIDEST_EAST = timedelta(hours=14)
"""Largest offset east of UTC in use; a local time of unknown zone may lie this much earlier in UTC."""

WIDEST_WEST = timedelta(hours=12)

FUTURE_TOLERANCE = timedelta(days=2)
"""A date further after the fetch than this is a mistake: zones and clocks that are wrong explain less."""

_SECOND = timedelta(seconds=1)
_LENGTHS = {Precision.DAY: timedelta(days=1) - _SECOND, Precision.HOUR: timedelta(hours=1) - _SECOND}
_EPOCH_START = datetime(1970, 1, 1)  # noqa: DTZ001
"""What software prints for a date that it does not have."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Parts of a date as they stand on a page; None for what is not said."""

    year: int
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    offset: int | None = None
    """Minutes east of UTC; None where the zone is unknown."""

    @property
    def precision(self) -> Precision:
        """How much of the date is there."""
        if self.month is None:
            return Precision.YEAR
        if self.day is None:
            return Precision.MONTH
        if self.hour is None:
            return Precision.DAY
        return Precision.HOUR if self.minute is None else Precision.MINUTE


def make_date(moment: Moment, basis: str) -> ArticleDate | None:
    """The `ArticleDate` of a moment with its interval; None where there is no such day or time."""
    try:
        start = datetime(  # noqa: DTZ001
            moment.year, moment.month or 1, moment.day or 1, moment.hour or 0, moment.minute or 0, moment.second or 0
        )
    except ValueError:
        return None
    if not EARLIEST_YEAR <= start.year <= LATEST_YEAR or (start == _EPOCH_START and not moment.hour):
        return None
    precision = moment.precision
    end = _end_of(start, precision, moment.second is not None)
    if moment.offset is not None and precision in {Precision.MINUTE, Precision.HOUR}:
        east = timedelta(minutes=moment.offset)
        text = start.replace(tzinfo=timezone(east)).isoformat()
        return ArticleDate(text, precision, True, basis, (start - east).replace(tzinfo=UTC), (end - east).replace(tzinfo=UTC))
    earliest, latest = (start - WIDEST_EAST).replace(tzinfo=UTC), (end + WIDEST_WEST).replace(tzinfo=UTC)
    return ArticleDate(_text_of(start, precision), precision, False, basis, earliest, latest)


def is_future(date: ArticleDate, fetched: datetime | None) -> bool:
    """Whether the date begins more than two days after the fetch; never where the time of the fetch is unknown."""
    return fetched is not None and date.earliest > fetched + FUTURE_TOLERANCE


def without_empty_time(moment: Moment) -> Moment:
    """The moment without a midnight that stands for no time: one without a zone."""
    if moment.offset is None and not moment.hour and not moment.minute and not moment.second:
        return replace(moment, hour=None, minute=None, second=None)
    return moment


def _end_of(start: datetime, precision: Precision, with_seconds: bool) -> datetime:
    if precision is Precision.YEAR:
        return start.replace(year=start.year + 1) - _SECOND
    if precision is Precision.MONTH:
        return (start + timedelta(days=31)).replace(day=1) - _SECOND
    if precision is Precision.MINUTE:
        return start if with_seconds else start + timedelta(seconds=59)
    return start + _LENGTHS[precision]


def _text_of(start: datetime, precision: Precision) -> str:
    return start.isoformat()[: {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10}.get(precision)]
