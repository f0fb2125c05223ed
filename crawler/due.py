"""The part of a crawl that is due: which sources take part, with how much of their limits, and what is opened of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from archive.rows import Run
from archive.visit import Found, PageKind
from crawler.file_sources import FILES
from crawler.health_watch import awake
from crawler.schedule import SourcePlan, Wishes, plan_source

if TYPE_CHECKING:
    from archive import Archive
    from crawler.crawl import Target

SEED_PRIORITY = 1000
"""Seeds go before everything that they lead to."""


def begin_due(
    archive: Archive, sources: Mapping[int, Target], limit: int | None, now: datetime, delay: float = 0.0
) -> tuple[Run, dict[int, Target]]:
    """Begin or go on with a run of what is due, and open that; call it holding the lock for crawls.

    Args:
        archive: where all of it is kept.
        sources: by their numbers in the archive.
        limit: articles from one look to the next of sources that have no limit of their own; None: no limit.
        now: aware.
        delay: seconds between two requests, of sources that have none of their own.

    Returns:
        The run, and the sources that take part in it, each with what is left of its limit; none that rests for its health.
    """
    sources = awake(archive, sources, delay, now)
    plans = plans_of(archive, sources, limit, now)
    planted = {state.id for state in archive.source_states(sources, now) if state.planted}

    def _takes_part(id_: int, plan: SourcePlan) -> bool:
        return plan.left != 0 and (plan.opening.look or id_ in planted)

    taking_part = {id_: replace(sources[id_], limit=plan.left) for id_, plan in plans.items() if _takes_part(id_, plan)}
    run = archive.begin_due_run([plans[id_].opening for id_ in taking_part], now)
    for id_, target in taking_part.items():
        if id_ not in planted:
            plant_seed(archive, id_, target, run.id, now)
    return run, taking_part


def plant_seed(archive: Archive, source_id: int, target: Target, run_id: int, now: datetime) -> None:
    """Put the address of a source into the frontier, to be fetched, or its files to be looked at, in this run."""
    if target.kind == FILES:
        archive.files.plant(source_id, target.url, run_id, now)
        return
    seed = Found(target.url, PageKind.SEED, "seed", SEED_PRIORITY)
    archive.frontier.add([seed], source_id=source_id, found_on=None, depth=0, run_id=run_id, now=now)


def plans_of(archive: Archive, sources: Mapping[int, Target], limit: int | None, now: datetime) -> dict[int, SourcePlan]:
    """What is next for each source, by its number in the archive."""
    return {
        state.id: plan_source(Wishes(target.every, target.cron, target.limit or limit), state, now)
        for state in archive.source_states(sources, now)
        for target in [sources[state.id]]
    }
