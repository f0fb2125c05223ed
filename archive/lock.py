"""One crawl at a time, and one re-extraction: locks on files beside the archive, let go by the system when the holder dies.

The archive's own file is not locked: opening and closing it a second time would drop SQLite's POSIX locks on it
(https://www.sqlite.org/howtocorrupt.html, section 2.2).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archive.errors import ArchiveError, ArchiveLocked

if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def lock_path(archive: Path) -> Path:
    """Where the lock of an archive lies: `morgue.db` gives `morgue.db-crawl.lock`."""
    return archive.with_name(f"{archive.name}-crawl.lock")


@contextmanager
def crawl_lock(archive: Path) -> Iterator[None]:
    """Hold the right to crawl into an archive.

    Raises:
        ArchiveLocked: another process holds it.
        ArchiveError: the file of the lock cannot be written.

    """
    busy = f"another crawl is working on {archive}: wait until it ends, or crawl into another file with --archive"
    with _held(lock_path(archive), f"cannot crawl into {archive}", busy):
        yield


@contextmanager
def rereading_lock(archive: Path) -> Iterator[None]:
    """Hold the right to read an archive's captures again.

    Raises:
        ArchiveLocked: another process holds it.
        ArchiveError: the file of the lock cannot be written.

    """
    busy = f"another `morgue reextract` is working on {archive}: wait until it ends"
    with _held(archive.with_name(f"{archive.name}-reextract.lock"), f"cannot read {archive} again", busy):
        yield


@contextmanager
def _held(path: Path, failed: str, busy: str) -> Iterator[None]:
    try:
        file = path.open("ab")
    except OSError as error:
        raise ArchiveError(f"{failed}: {path} cannot be written ({error.strerror})") from error
    with file:
        try:
            _lock(file)
        except OSError as error:
            raise ArchiveLocked(busy) from error
        yield
