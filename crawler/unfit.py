"""What makes a source that no crawl can work on, though each of its keys may stand there: its period, and what needs one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from crawler.config import SourceConfig
from crawler.when import parse_when
from spiders.discovery.archive_pages import ArchivePages

DAY = timedelta(days=1)


def why_unfit(since: datetime | None, until: datetime | None, templates: Sequence[str], now: datetime) -> str | None:
    """Why no crawl can work on a source, as the end of a sentence that begins with its name and a colon; None: it can.

    Args:
        since: beginning of its period, aware; None: it has none.
        until: its end, likewise.
        templates: of its archive pages.
        now: aware.
    """
    if since is not None and since > now:
        return f"its period begins on {since:%Y-%m-%d}, which is yet to come, so nothing would be taken: see to `since`"
    if since is not None and until is not None and since >= until:
        return f"the period ends ({until:%Y-%m-%d}) before it begins ({since:%Y-%m-%d})"
    if templates and since is None:
        return "`archive_pages` need a beginning; say from when on, with `since` beside them or with --since"
    for template in templates:
        assert since is not None
        # To the day: what is asked often, as time goes on, is answered once.
        if complaint := _too_many(template, _day(since), _day(until or now) + DAY):
            return f"`archive_pages` {complaint}"
    return None


def why_source_unfit(source: SourceConfig, since: str | None, now: datetime) -> str | None:
    """The same of a source as morgue.toml has it; `since` is what stands at the top of the file."""
    begins, ends = (parse_when(text, now) if text else None for text in (source.since or since, source.until))
    return why_unfit(begins, ends, source.archive_pages, now)


@lru_cache
def _too_many(template: str, since: datetime, until: datetime) -> str | None:
    try:
        for _ in ArchivePages(template).expand(since, until, until):
            pass
    except ValueError as error:
        return str(error)
    return None


def _day(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
