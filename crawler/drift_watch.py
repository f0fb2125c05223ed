"""After each run: keep what the pages of each site were like, raise alarms, settle those that are over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from archive.drift import NUMBERS, SHARES, Alarm, Drift, PageFacts, Profile, SiteRun
from crawler.drift import Finding, first_bad, has_recovered, judge

if TYPE_CHECKING:
    from archive import Archive


def watch_run(archive: Archive, run_id: int, reader: str, now: datetime) -> list[Alarm]:
    """Hold the pages of a run against the runs before.

    Args:
        archive: in which the run has ended.
        run_id: the run; a second call for it raises nothing twice.
        reader: version of the rules, `pipelines.version.READER`.
        now: aware.

    Returns:
        The alarms that were raised.
    """
    drift = archive.drift
    sites = list(drift.measure_run(run_id, reader))
    drift.keep_profiles(run_id, reader, sites)
    former = drift.alarms()
    raised, recovered = [], []
    for site in sites:
        own = [alarm for alarm in former if alarm.site == site.site]
        for measure in (*SHARES, *NUMBERS):
            profiles = drift.profiles(site.site, measure, reader)
            if not profiles or profiles[0].run_id != run_id:
                continue
            alarms = [alarm for alarm in own if alarm.measure == measure]
            lasting = [alarm for alarm in alarms if alarm.settled is None]
            for alarm in lasting:
                since = [profile for profile in profiles if profile.run_id > alarm.run_id]
                recovered += [alarm.id] if has_recovered(measure, alarm.before, alarm.after, since) else []
            finding = None if lasting else judge(measure, _comparable(profiles, alarms))
            if finding is not None:
                raised.append(_alarm(drift, site, finding, run_id, reader, now))
    if raised or recovered:
        drift.change_alarms(run_id, raised, recovered, now)
    return drift.alarms(run_id=run_id)


def watch_what_was_missed(archive: Archive, reader: str, now: datetime) -> list[Alarm]:
    """Watch the last run that ended, if it was killed before it was watched; call it before another begins. As `watch_run`."""
    missed = archive.drift.unwatched_run()
    return watch_run(archive, missed, reader, now) if missed is not None else []


def _comparable(profiles: Sequence[Profile], alarms: Sequence[Alarm]) -> list[Profile]:
    """The profiles without those of bad times; what the user accepted as right begins a new time."""
    begin = max((alarm.since_run for alarm in alarms if alarm.settled_by == "accepted"), default=0)
    bad = [(alarm.since_run, alarm.settled_run) for alarm in alarms if alarm.settled_run is not None]
    return [p for p in profiles if p.run_id >= begin and not any(first <= p.run_id < last for first, last in bad)]


def _alarm(drift: Drift, site: SiteRun, finding: Finding, run_id: int, reader: str, now: datetime) -> Alarm:
    pages = _pages_since(drift, site, finding, run_id, reader)
    page = _first_bad_page(pages, finding)
    example = drift.example_before(site.site, finding.measure, page, finding.runs_before)
    return Alarm(
        site.site, finding.measure, now, run_id, finding.since_run,
        finding.before, finding.before_pages, finding.after, finding.after_pages, finding.chance,
        first=drift.example_of(finding.measure, page),
        example=example,
        source_id=page.source_id if page is not None else (pages[-1].source_id if pages else None),
    )  # fmt: skip


def _pages_since(drift: Drift, site: SiteRun, finding: Finding, run_id: int, reader: str) -> list[PageFacts]:
    """The pages that were looked at together, in the order they were fetched."""
    earlier = [p.run_id for p in drift.profiles(site.site, finding.measure, reader) if finding.since_run <= p.run_id < run_id]
    former = [run.pages for id_ in sorted(earlier) for run in drift.measure_run(id_, reader) if run.site == site.site]
    return [page for pages in (*former, site.pages) for page in pages if page.values.get(finding.measure) is not None]


def _first_bad_page(pages: Sequence[PageFacts], finding: Finding) -> PageFacts | None:
    middle = (finding.before + finding.after) / 2
    limit = 0.5 if finding.measure in SHARES else middle
    values = [page.values[finding.measure] or 0.0 for page in pages]
    place = first_bad([value < limit if finding.bad_below else value > limit for value in values])
    return pages[place] if place is not None else None


__all__ = ["watch_run", "watch_what_was_missed"]
