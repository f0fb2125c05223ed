"""The sources and how they stand: what morgue.toml wishes, beside what the archive knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archive import Archive
from archive.source_status import SourceStatus
from crawler.agenda import SourceAgenda, read_agenda
from crawler.config import Config, SourceConfig
from crawler.crawl import LIST_SOURCE
from crawler.health import Health, State, judge
from crawler.pauses import why_paused
from crawler.unfit import why_source_unfit


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source."""

    name: str | None
    url: str
    state: str
    """A word of `crawler.health.State`."""
    since: datetime | None
    """When it became so; None: not known, or it always was."""
    reason: str | None
    """Why, in words; None where the state says all."""
    in_file: bool
    """Whether morgue.toml has it; else it was crawled by its address, and `morgue run` leaves it alone."""
    last_success: datetime | None = None
    last_new_article: datetime | None = None
    articles: int = 0
    """Those that were first met through it."""
    recent_articles: int = 0
    """Those of them that came within the last 30 days."""
    coverage: Mapping[str, float] = field(default_factory=dict)
    """Share of the recent ones that have a title, authors, a date, a text; 0 to 1. Empty where there are none."""
    waiting: int = 0
    """Addresses known and not fetched yet."""
    next_due: datetime | None = None
    """When `morgue run` crawls it next; None: not by itself."""


def list_sources(config: Config, path: Path, now: datetime) -> list[SourceLine]:
    """The sources of morgue.toml in its order, then those that the archive knows beside them.

    Args:
        config: morgue.toml.
        path: the archive; without one nothing is known of any source.
        now: aware.

    Raises:
        archive.errors.ArchiveError: the archive is there and cannot be opened.
    """
    if not path.is_file():
        return [
            _unknown(source, why_paused(source, None) or why_source_unfit(source, config.since, now)) for source in config.sources
        ]
    with Archive.open(path, readonly=True) as archive:
        return list(_lines(archive, config, now))


def _lines(archive: Archive, config: Config, now: datetime) -> Iterator[SourceLine]:
    kept = {status.source.url: status for status in archive.source_status(now)}
    waiting = archive.waiting_by_source()
    for planned in read_agenda(archive, config, now).sources:
        status = kept.pop(planned.source.url, None)
        yield _unknown(planned.source, planned.paused) if status is None else _line(status, planned.health, waiting, planned, now)
    others = [status for status in kept.values() if status.source.url != LIST_SOURCE]
    pasts = archive.source_pasts([status.source.id for status in others], now)
    for status, past in zip(others, pasts, strict=True):
        paused = why_paused(SourceConfig("", status.source.url), status.source)
        yield _line(status, judge(past, now, paused=paused), waiting, None, now)


def _line(
    status: SourceStatus, health: Health, waiting: Mapping[int, int], planned: SourceAgenda | None, now: datetime
) -> SourceLine:
    return SourceLine(
        planned.source.name if planned is not None else status.source.name,
        status.source.url,
        health.state.value,
        health.since,
        health.reason,
        planned is not None,
        status.last_success,
        status.last_new,
        status.articles,
        status.recent,
        status.coverage,
        waiting.get(status.source.id, 0),
        planned.next_due(now) if planned is not None else None,
    )


def _unknown(source: SourceConfig, paused: str | None) -> SourceLine:
    """A source that was never crawled; `paused`: why it is left alone."""
    state = State.PAUSED if paused else State.NEW
    return SourceLine(source.name, source.url, state.value, None, paused, in_file=True)
