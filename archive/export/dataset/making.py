"""Making a release: chosen articles in tables, with all that lets it be understood, checked, cited and made again."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, TYPE_CHECKING

from archive.export.dataset.papers import CHUNK, digest_of, files_of, write_papers
from archive.export.dataset.release import LEFT_OUT, Made, Release
from archive.export.dataset.tally import Tally
from archive.export.dataset.writing import write_tables
from archive.migrations import SCHEMA_VERSION
from archive.rows import StoredArticle

if TYPE_CHECKING:
    from archive.archive import Archive

SUMS = "SHA256SUMS"
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
"""Time of every file in a ZIP: the earliest that it can hold, so that the same release gives the same bytes."""
UNIX = 3
"""System that the rights are of, the same on every system. (APPNOTE.TXT 4.4.2)"""
READABLE = 0o644 << 16
"""Rights of the files in a ZIP, where Unix looks for them."""


def write_release(archive: Archive, folder: Path, release: Release, progress: Callable[[int], None] | None = None) -> Made:
    """Write a release. It is one state of the archive, and the same state gives the same bytes.

    Args:
        archive: the articles'.
        folder: an empty one.
        release: what to write.
        progress: called with how many articles are written.

    Raises:
        QuerySyntaxError: the query cannot be parsed.
        ValueError: a filter is no date or no name that is known.

    """
    wrong = [name for name in release.leave_out if name not in LEFT_OUT]
    if wrong:
        raise ValueError(f"{', '.join(map(repr, wrong))} cannot be left out: choose of {', '.join(LEFT_OUT)}")
    release = replace(
        release, title=_on_one_line(release.title), authors=tuple(filter(None, map(_on_one_line, release.authors))),
        licence=(release.licence or "").strip() or None,
    )  # fmt: skip
    with archive.snapshot():
        if release.as_of is None:
            release = replace(release, as_of=archive.latest_fetch())
        query = {**release.filters, "as_of": release.as_of}
        account = archive.account(**query)
        tally = Tally()
        articles = _counted(_chosen(archive.articles(**query), release, tally), progress)
        versions = write_tables(articles, archive, folder / "data", tally)
    if release.limit is not None:
        tally.left_out["limit"] = account.selected - tally.articles - tally.left_out.total()
    made = Made(release, account, tally, {"morgue": _morgue(), "schema of the archive": str(SCHEMA_VERSION), **versions})
    write_papers(made, folder)
    _write_sums(folder)
    return made


def write_zip(folder: Path, stream: IO[bytes]) -> None:
    """Pack the files of a folder, without hidden ones, in order of their names; the same files give the same bytes."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in files_of(folder):
            info = zipfile.ZipInfo(name, ZIP_EPOCH)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, READABLE
            info.create_system, info.file_size = UNIX, (folder / name).stat().st_size
            with (folder / name).open("rb") as source, packed.open(info, "w") as target:
                shutil.copyfileobj(source, target, CHUNK)


def _chosen(articles: Iterable[StoredArticle], release: Release, tally: Tally) -> Iterator[StoredArticle]:
    """Those that are not left out, until the limit; counts why others are."""
    written = 0
    for article in articles:
        reason = next((name for name in release.leave_out if LEFT_OUT[name](article)), None)
        if reason is not None:
            tally.left_out[reason] += 1
            continue
        written += 1
        yield article
        if written == release.limit:
            return


def _counted(articles: Iterable[StoredArticle], progress: Callable[[int], None] | None) -> Iterator[StoredArticle]:
    for number, article in enumerate(articles, start=1):
        if progress is not None:
            progress(number)
        yield article


def _on_one_line(text: str | None) -> str | None:
    """A title or name without line ends; None if nothing is left."""
    return " ".join((text or "").split()) or None


def _write_sums(folder: Path) -> None:
    lines = [f"{digest_of(folder / name)}  {name}\n" for name in files_of(folder)]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def _morgue() -> str:
    try:
        return version("newsmorgue")
    except PackageNotFoundError:
        return "not installed"
