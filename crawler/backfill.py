"""Back-fill: archive pages of a period become addresses of the frontier."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from spiders.discovery.archive_pages import DEPTH, ArchivePages

if TYPE_CHECKING:
    from archive import Archive
    from crawler.crawl import Target


def plant_archive_pages(
    archive: Archive, sources: Mapping[int, Target], since: datetime | None, until: datetime | None, run_id: int, now: datetime
) -> None:
    """Put the archive pages of each source's period into the frontier; those that are there already stay as they are.

    Args:
        archive: that the crawl goes into.
        sources: by their numbers in the archive.
        since: for sources that say nothing of it; aware. Where neither does, nothing is put in.
        until: likewise; where neither does, the period ends now.
        run_id: the run that they are for.
        now: aware; pages of a time to come are not made.

    Raises:
        ValueError: a template and its period make too many addresses.
    """
    for source_id, target in sources.items():
        begins, ends = target.since or since, target.until or until or now
        if begins is None or begins >= ends:
            continue
        for template in target.archive_pages:
            pages = list(ArchivePages(template).expand(begins, ends, now))
            known = archive.frontier.known(page.url for page in pages)
            missing = [page for page in pages if page.url not in known]
            if missing:
                archive.frontier.add(missing, source_id=source_id, found_on=None, depth=DEPTH, run_id=run_id, now=now)
