"""Which files a source of `kind = "warc"` names, and which of them are to be read again."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from archive.source_files import FileState, SourceFile
from crawler.intake.warc import WARC_SUFFIXES

SUFFIXES = (*WARC_SUFFIXES, ".wacz")
"""Files of a folder that are taken for files of records."""


def find_files(patterns: Iterable[str], folder: Path) -> tuple[list[FileState], list[str]]:
    """Look which files there are.

    Args:
        patterns: of files, folders (all in them, and in folders there), or globs; relative ones from `folder` on.
        folder: that of morgue.toml.

    Returns:
        The files by their names, each once; and what is missing or cannot be looked at, in words.
    """
    found: dict[str, FileState] = {}
    missing: list[str] = []
    for pattern in patterns:
        try:
            names = list(_names(pattern, folder))
        except OSError as error:
            missing.append(f"{pattern} cannot be looked at: {error.strerror}")
            continue
        if not names:
            missing.append(f"{pattern} {_why_nothing(pattern, folder)}")
        for name in names:
            path = folder / name
            try:
                status = path.stat()
                found.setdefault(os.path.realpath(path), FileState(name, status.st_size, status.st_mtime_ns))
            except OSError as error:
                missing.append(f"{name} cannot be looked at: {error.strerror}")
    return sorted(found.values(), key=lambda file: file.path), missing


def to_read_again(
    known: Sequence[SourceFile], there: Iterable[FileState], patterns: str, since: datetime | None, until: datetime | None
) -> list[int]:
    """Numbers of known files that are to be read from the beginning.

    Those that have changed, that could not be read, and that hold records which were left out and are wished for now.

    Args:
        known: as the archive has them.
        there: as they lie there.
        patterns: what addresses must be like, as `source_files.patterns_text` has it.
        since: beginning of the period, aware; None: it has none.
        until: its end, likewise.
    """
    lying = {file.path: file for file in there}
    again = []
    for file in known:
        now = lying.get(file.path)
        if now is None:
            continue
        changed = (now.size, now.modified) != (file.size, file.modified) or file.reason is not None
        if changed or file.patterns not in {None, patterns} or _holds_more(file, since, until):
            again.append(file.id)
    return again


def state_of(file: FileState, known: SourceFile | None, again: Sequence[int]) -> str:
    """What a crawl would do with a file, in a word or two: `new`, `to be read again`, `read in part` or `read`."""
    if known is None:
        return "new"
    if known.id in again:
        return "to be read again"
    return "read" if not known.waits else "read in part" if known.place is not None else "new"


def _holds_more(file: SourceFile, since: datetime | None, until: datetime | None) -> bool:
    """Whether a period takes in records that were left out."""
    early = file.left_before is not None and (since is None or file.left_before >= since)
    late = file.left_after is not None and (until is None or file.left_after < until)
    return early or late


def _names(pattern: str, folder: Path) -> Iterator[str]:
    """Names of the files that a pattern is for, as the pattern begins; what is there by that very name is no pattern."""
    path = folder / pattern
    if path.is_file():
        yield pattern
    elif path.is_dir():
        yield from _names_in(pattern, folder)
    else:
        for name in glob.glob(pattern, root_dir=folder, recursive=True):  # noqa: PTH207 - whole paths, too
            if (folder / name).is_dir():
                yield from _names_in(name, folder)
            elif (folder / name).is_file():
                yield name


def _names_in(name: str, folder: Path) -> Iterator[str]:
    for path in sorted((folder / name).rglob("*")):
        if path.is_file() and path.name.lower().endswith(SUFFIXES):
            yield str(Path(name) / path.relative_to(folder / name))


def _why_nothing(pattern: str, folder: Path) -> str:
    if (folder / pattern).is_dir():
        return f"holds no file that ends with {', '.join(SUFFIXES)}"
    return "matches no file" if glob.has_magic(pattern) else "is not there"


__all__ = ["SUFFIXES", "find_files", "state_of", "to_read_again"]
