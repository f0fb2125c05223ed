"""One crawl at a time: a lock on a file beside the archive, let go by the system when its holder dies.

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
    path = lock_path(archive)
    try:
        file = path.open("ab")
    except OSError as error:
        raise ArchiveError(f"cannot crawl into {archive}: {path} cannot be written ({error.strerror})") from error
    with file:
        try:
            _lock(file)
        except OSError as error:
            raise ArchiveLocked(
                f"another crawl is working on {archive}: wait until it ends, or crawl into another file with --archive"
            ) from error
        yield
