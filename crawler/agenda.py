"""What the service has before it: each source of morgue.toml with its plan, or the reason why it is left alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from archive import Archive
from archive.health import SourcePast
from archive.rows import Source
from archive.schedule import SourceState
from crawler.config import Config, SourceConfig
from crawler.health import Health, State, judge
from crawler.pauses import why_paused
from crawler.schedule import SourcePlan, Wishes, plan_source, rest_end
from crawler.unfit import why_source_unfit

UNKNOWN = Health(State.NEW)
UNHEARD_OF = SourceState(0, None, False, False, False, None, None, None, 0)


@dataclass(frozen=True, slots=True)
class SourceAgenda:
    """One source."""

    source: SourceConfig
    id: int | None
    """Its number in the archive; None: it was never crawled."""
    plan: SourcePlan | None
    """None: it is not to be crawled."""
    paused: str | None
    """Why it is left alone, in words: by the user's wish, or as no crawl can work on it; None: it is not."""
    health: Health = UNKNOWN
    resting: datetime | None = None
    """Until when it is left alone for its health, aware; None: it is not."""

    @property
    def waits(self) -> bool:
        """Whether it has something to be gone on with."""
        return self.paused is None and self.resting is None and self.plan is not None and self.plan.waits

    @property
    def is_news(self) -> bool:
        """Whether the archive is to note that there is it: it has times, and was never heard of."""
        return self.id is None and self.source.cron is not None and self.paused is None

    def falls_due(self, now: datetime) -> datetime | None:
        """When something falls due that does not wait yet; None: nothing by itself."""
        if self.paused is not None:
            return None
        if self.resting is not None:
            waits = self.plan is None or self.plan.waits
            due = now if waits or self.plan is None else self.plan.due
            return None if due is None else max(due, self.resting)
        return now if self.plan is None else self.plan.due

    def next_due(self, now: datetime) -> datetime | None:
        """When it is crawled next; None: never by itself."""
        return now if self.waits else self.falls_due(now)


@dataclass(frozen=True, slots=True)
class Agenda:
    """All sources, as morgue.toml has them."""

    sources: tuple[SourceAgenda, ...]
    cut_off: bool = False
    """Whether the service's last run has not ended; a crawl ends it, even where nothing is left to fetch."""

    @property
    def waits(self) -> bool:
        """Whether there is something to be gone on with."""
        return any(source.waits or (self.cut_off and source.paused is None) for source in self.sources)

    def falls_due(self, now: datetime) -> datetime | None:
        """When something falls due that does not wait yet; None: nothing by itself."""
        return min((due for source in self.sources if (due := source.falls_due(now)) is not None), default=None)


def read_agenda(archive: Archive, config: Config, now: datetime) -> Agenda:
    """Read what the archive knows of the configured sources."""
    kept = {source.url: source for source in archive.sources()}
    pasts = {past.source_id: past for past in archive.source_pasts((source.id for source in kept.values()), now)}
    states = {state.id: state for state in archive.source_states((source.id for source in kept.values()), now)}
    sources = tuple(_one(source, config, kept, states, pasts, now) for source in _each_address_once(config.sources))
    return Agenda(sources, archive.is_cut_off())


def _one(
    source: SourceConfig,
    config: Config,
    kept: Mapping[str, Source],
    states: Mapping[int, SourceState],
    pasts: Mapping[int, SourcePast],
    now: datetime,
) -> SourceAgenda:
    known = kept.get(source.url)
    paused = why_paused(source, known) or why_source_unfit(source, config.since, now)
    if known is None:
        plan = plan_source(Wishes(source.every, source.cron), replace(UNHEARD_OF, added=now), now)
        return SourceAgenda(source, None, plan, paused, judge(SourcePast(0), now, paused=paused))
    plan = plan_source(Wishes(source.every, source.cron, source.limit or config.limit), states[known.id], now)
    health = judge(pasts[known.id], now, paused=paused, bounded=source.until is not None)
    rest = rest_end(health.rest_until, source.cron)
    return SourceAgenda(source, known.id, plan, paused, health, rest if rest is not None and rest > now else None)


def note_new_sources(archive: Archive, agenda: Agenda, now: datetime) -> None:
    """Have the archive note the sources with `cron` that it had not heard of: their times count from then."""
    for one in agenda.sources:
        if one.is_news:
            archive.add_source(one.source.url, one.source.name, now)


def _each_address_once(sources: Iterable[SourceConfig]) -> Iterable[SourceConfig]:
    return {source.url: source for source in sources}.values()
