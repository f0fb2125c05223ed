"""One crawl at a time, one re-extraction, one service: locks on files beside the archive, let go by the system with the holder.

Each file says who holds it, or held it last.

The archive's own file is not locked: opening and closing it a second time would drop SQLite's POSIX locks on it
(https://www.sqlite.org/howtocorrupt.html, section 2.2).
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
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


GLANCE_SECONDS = 0.4
"""To see whether a lock is held takes microseconds, in which it is held."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock."""

    pid: int
    """Number of the process."""
    address: str | None = None
    """Where it answers, for instance `http://127.0.0.1:8077`; None: nowhere."""


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


def crawling(archive: Path) -> Holder | None:
    """Who crawls into an archive now; None: nobody. Nothing is written."""
    return _holder(lock_path(archive))


@contextmanager
def service_lock(archive: Path) -> Iterator[None]:
    """Hold the right to be the service of an archive, whose file need not be there.

    Raises:
        ArchiveLocked: another process holds it.
        ArchiveError: the file of the lock cannot be written.

    """
    busy = f"another `morgue run` is at work on {archive}: one is enough, and `morgue run --status` says what it does"
    with _held(_service_path(archive), f"cannot serve {archive}", busy):
        yield


def name_service(archive: Path, address: str | None) -> None:
    """Note where the service of an archive answers, which others read by `serving`; to be called by whoever holds its lock."""
    _note(_service_path(archive), address)


def serving(archive: Path) -> Holder | None:
    """Who is the service of an archive now; None: nobody. Nothing is written."""
    return _holder(_service_path(archive))


def _service_path(archive: Path) -> Path:
    return archive.with_name(f"{archive.name}-run.lock")


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
            _lock_soon(file)
        except OSError as error:
            holder = _named(path)
            raise ArchiveLocked(f"{busy} (process {holder.pid})" if holder else busy) from error
        _note(path, None)
        yield


def _note(path: Path, address: str | None) -> None:
    """Name this process as the holder. A lock without a name is a lock: a full disk is no reason to do without."""
    with suppress(OSError):
        path.write_text(json.dumps({"pid": os.getpid(), "address": address}), encoding="utf-8")


def _lock_soon(file: IO[bytes]) -> None:
    """Lock, over the moment in which another process only looks whether the lock is held."""
    end = time.monotonic() + GLANCE_SECONDS
    while True:
        try:
            return _lock(file)
        except OSError:
            if time.monotonic() > end:
                raise
        time.sleep(GLANCE_SECONDS / 20)


def _holder(path: Path) -> Holder | None:
    """Who holds a lock; a holder that cannot be read has the number 0."""
    try:
        with path.open("rb") as file:
            _lock(file)
    except FileNotFoundError:
        return None
    except OSError:
        return _named(path) or Holder(0)
    return None


def _named(path: Path) -> Holder | None:
    """Whom a lock's file names."""
    try:
        value = json.loads(path.read_bytes())
        return Holder(int(value["pid"]), value["address"])
    except (OSError, ValueError, TypeError, KeyError):
        return None
