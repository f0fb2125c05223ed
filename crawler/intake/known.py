"""What an intake brings that the archive has already: the same record twice adds nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from archive import Archive
from archive.capture import Capture
from archive.errors import DamagedPayload
from archive.visit import Visit
from crawler.intake.pages import SavedPage
from crawler.intake.warc import OTHER_ANSWERS


class KeptPayloads:
    """What an archive has, for whoever reads records: it is opened where it is first asked, and to be closed in that thread."""

    def __init__(self, path: Path) -> None:
        """Take the path of an archive, which need not be there yet."""
        self._path = path
        self._archive: Archive | None = None

    def payload(self, sha256: str | None, url: str | None, fetched: datetime | None) -> bytes | None:
        """The body with that digest, or else the one fetched there and then; None if there is none, or it is damaged."""
        archive = self._opened()
        capture = archive.find_capture(sha256=sha256, url=url, fetched=fetched)
        try:
            return None if capture is None else archive.payload(capture)
        except DamagedPayload:
            return None

    def has(self, page: SavedPage) -> bool:
        """Whether all that a record holds is there already."""
        return all(
            one.url is not None
            and one.fetched is not None
            and self._opened().is_kept(hashlib.sha256(one.body or b"").hexdigest(), one.url, one.fetched, one.kind)
            for one in (page, *page.following)
        )

    def close(self) -> None:
        """Close the archive."""
        if self._archive is not None:
            self._archive.close()
            self._archive = None

    def _opened(self) -> Archive:
        if self._archive is None:
            self._archive = Archive.open(self._path, readonly=True)
        return self._archive


def new_pages(archive: Archive, visits: Sequence[Visit]) -> list[Visit]:
    """Those with a capture that neither the archive has nor an earlier one of them."""
    new: list[Visit] = []
    there: set[tuple[str, str, datetime, str]] = set()
    for visit in visits:
        captures = {_identity(capture) for capture in visit.captures}
        if not all(capture in there or archive.is_kept(*capture) for capture in captures):
            new.append(visit)
        there |= captures
    return new


def new_sightings(archive: Archive, visits: Sequence[Visit], passed: Counter[str]) -> list[Visit]:
    """Those that say something new of an article of the archive; what tells of no article is counted as passed over."""
    new: dict[tuple[str, datetime, int | None], Visit] = {}
    for visit in visits:
        if archive.article_at(visit.url) is None:
            passed[OTHER_ANSWERS] += 1
        elif not archive.is_seen(visit.url, visit.fetched, visit.status):
            new.setdefault((visit.url, visit.fetched, visit.status), visit)
    return list(new.values())


def _identity(capture: Capture) -> tuple[str, str, datetime, str]:
    """What makes two captures one: moments are kept to the second."""
    return capture.payload.sha256, capture.url, capture.fetched.replace(microsecond=0), capture.kind
