"""How the sources of a crawl stand: before it, to leave alone or slow down what is unwell; after it, to say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from archive.health import SourcePast
from archive.timestamps import optional_stamp
from crawler.health import Complaint, Health, State, complaints, judge
from crawler.schedule import rest_end

if TYPE_CHECKING:
    from archive import Archive
    from crawler.crawl import CrawlRequest, Target

TOLD = frozenset({State.BLOCKED, State.FAILING, State.SILENT, State.RESTING})
"""States of which a crawl says a word; of one that is slow, where a host of it is left alone."""


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source that is unwell."""

    source: str
    """Its name, or its address where it has none."""
    health: Health


def awake(archive: Archive, sources: Mapping[int, Target], delay: float, now: datetime) -> dict[int, Target]:
    """The sources that do not rest, those that are unwell with a longer delay.

    Args:
        archive: that knows their past.
        sources: by their numbers.
        delay: seconds, of those that have none of their own.
        now: aware.
    """
    healths = {past.source_id: judge(past, now) for past in archive.source_pasts(sources, now)}
    ends = {id_: rest_end(health.rest_until, sources[id_].cron) for id_, health in healths.items()}
    rested = [id_ for id_, end in ends.items() if end is None or end <= now]
    return {id_: _paced(sources[id_], healths[id_], delay) for id_ in rested}


def after_run(
    archive: Archive, run_id: int, sources: Mapping[int, Target], request: CrawlRequest, now: datetime
) -> tuple[list[Complaint], list[SourceHealth]]:
    """What is to be said of the sources of a run: pages of theirs that list nothing any more, and states other than well."""
    complained: list[Complaint] = []
    unwell: list[SourceHealth] = []
    for past in archive.source_pasts(sources, now):
        target = sources[past.source_id]
        name = target.name or target.url
        complained += [Complaint(name, text, refused) for text, refused in complaints(past, run_id)]
        health = judge(past, now, bounded=(target.until or request.until) is not None)
        told = health.state in TOLD or past.held is not None
        left_alone = health.state is State.RESTING and not request.due
        if told and (_took_part(past, run_id) or left_alone):
            unwell.append(SourceHealth(name, health))
    return complained, unwell


def health_lines(unwell: Iterable[SourceHealth], complained: Sequence[Complaint]) -> Iterable[str]:
    """A line for each thing that is to be said, none twice."""
    for complaint in complained:
        yield f"{complaint.source}: {complaint.text}."
    said = {(complaint.source, complaint.text) for complaint in complained}
    for one in unwell:
        if (one.source, one.health.reason) not in said:
            yield f"{one.source} {health_clause(one.health)}."


def health_clause(health: Health) -> str:
    """A state as a clause: `is blocked since 2026-05-12: status 403; morgue run leaves it alone until 2026-05-12 10:30Z`."""
    since = f" since {health.since:%Y-%m-%d}" if health.since is not None else ""
    reason = f": {health.reason}" if health.reason else ""
    rests = health.rest_until is not None and health.state is not State.RESTING
    again = f"; morgue run leaves it alone until {health.rest_until:%Y-%m-%d %H:%M}Z" if rests else ""
    return f"is {health.state}{since}{reason}{again}"


def health_as_json(one: SourceHealth) -> dict[str, object]:
    """The same for programs."""
    health = one.health
    return {
        "source": one.source,
        "state": health.state.value,
        "since": optional_stamp(health.since),
        "reason": health.reason,
        "rest_until": optional_stamp(health.rest_until),
    }


def _paced(target: Target, health: Health, delay: float) -> Target:
    if health.pace == 1:
        return target
    return replace(target, delay=health.pace * (delay if target.delay is None else target.delay))


def _took_part(past: SourcePast, run_id: int) -> bool:
    return bool(past.runs) and past.runs[-1].run_id == run_id
