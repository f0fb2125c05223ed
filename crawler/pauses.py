"""Which sources are not to be crawled, and why: `paused = true` in morgue.toml, or `morgue sources pause`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from archive import Archive
from archive.rows import Source
from crawler.config import SourceConfig

IN_FILE = "paused in morgue.toml"


def why_paused(configured: SourceConfig, kept: Source | None) -> str | None:
    """Say in words since when and why a source is paused; None: it is not.

    Args:
        configured: what morgue.toml says of it.
        kept: what the archive knows of it; None: nothing yet.
    """
    if kept is not None and kept.paused is not None:
        since = f"paused since {kept.paused:%Y-%m-%d}"
        return f"{since}: {kept.pause_reason}" if kept.pause_reason else since
    return IN_FILE if configured.paused else None


def paused_among(chosen: Iterable[SourceConfig], archive: Path) -> Mapping[SourceConfig, str]:
    """Those of the sources that are paused, each with the reason.

    Raises:
        archive.errors.ArchiveError: the archive is there and cannot be opened.
    """
    kept = _kept_sources(archive)
    reasons = {source: why_paused(source, kept.get(source.url)) for source in chosen}
    return {source: reason for source, reason in reasons.items() if reason is not None}


def _kept_sources(path: Path) -> Mapping[str, Source]:
    """The sources of an archive by their addresses; none where there is no archive yet."""
    if not path.is_file():
        return {}
    # A crawl that was killed in its first moment leaves a file without tables, which the next one fills.
    with Archive.create(path) as archive:
        return {source.url: source for source in archive.sources()}
