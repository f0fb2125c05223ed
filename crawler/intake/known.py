"""What an intake brings that the archive has already: the same record twice adds nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from archive import Archive
from archive.errors import DamagedPayload
from archive.visit import Visit
from crawler.intake.pages import SavedPage


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


def of_articles(archive: Archive, visits: Sequence[Visit]) -> list[Visit]:
    """Those sightings that tell of an article of the archive."""
    return [visit for visit in visits if archive.article_at(visit.url) is not None]
