"""Backup: a copy of the archive as it is at one moment, made while others read and write.

The copy sees one state throughout: what a crawl writes meanwhile stays in the log beside the archive and out of the copy. Without
that SQLite would begin anew at each commit of another process, and beside a busy crawl never end.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from archive import connection, integrity
from archive.errors import ArchiveDamaged, ArchiveError, ArchiveNotFound

PAGES_AT_ONCE = 2000
"""Pages (of 4 KiB) copied before progress is told; 8 MB, a few hundredths of a second."""

SIDES = ("-wal", "-journal")
"""Endings of what lies beside a SQLite file that is in use, or was left by a program that died."""
OTHERS_OWN = (*SIDES, "-shm", ".lock")
"""Endings of names that SQLite and the locks keep for what lies beside an archive."""


def backup(
    db: Database,
    source: Path,
    target: Path,
    *,
    force: bool,
    progress: Callable[[int, int], None] | None,
    checking: Callable[[int, int], None] | None,
) -> int:
    """Copy an archive to another file, which appears whole and checked, or not at all.

    Args:
        db: the archive, outside of a transaction.
        source: its path.
        target: where the copy goes; the folder must be there.
        force: whether a file that is there is replaced; then the copy is verified whole before it takes that place.
        progress: told how many pages of how many are copied.
        checking: told how many payloads of how many are verified.

    Returns:
        Size of the copy in bytes.

    Raises:
        ArchiveNotFound: the folder is missing.
        ArchiveError: a file is there, or is in use, or the folder cannot be written.
        ArchiveDamaged: the copy is damaged, as the archive itself is; it is not kept.

    """
    target = Path(os.path.realpath(target))
    _check_target(source, target, force=force)
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.absolute().parent)
    except OSError as error:
        raise ArchiveError(f"cannot write beside {target}: {error.strerror}") from error
    os.close(handle)
    aside = Path(name)
    try:
        _copy(db.conn, aside, progress)
        _check_copy(aside)
        if target.exists():
            _check_better(aside, target, checking)
        shutil.copymode(source, aside)
        _check_target(source, target, force=force)  # it may have come up since
        aside.replace(target)
        _sync(target)
    finally:
        for path in (aside, *(Path(f"{aside}{side}") for side in (*SIDES, "-shm"))):
            path.unlink(missing_ok=True)
    return target.stat().st_size


def _check_target(source: Path, target: Path, *, force: bool) -> None:
    if not target.absolute().parent.is_dir():
        raise ArchiveNotFound(f"cannot write {target}: there is no folder {target.absolute().parent}")
    if target.is_dir():
        raise ArchiveError(f"{target} is a folder: name a file in it")
    if target.name.endswith(OTHERS_OWN):
        raise ArchiveError(f"{target} is a name for what lies beside an archive in use: name another file")
    if target.exists() and target.samefile(source):
        raise ArchiveError(f"{target} is the archive itself: name another file")
    if target.exists() and not force:
        raise ArchiveError(f"{target} is there already: name another file, or replace it with --force")
    for side in SIDES:
        # SQLite would take what lies there for the log of the new file, and spoil it.
        beside = Path(f"{target}{side}")
        if beside.exists() and beside.stat().st_size:
            raise ArchiveError(f"{target}{side} is there: {target.name} is in use, or a program that wrote it died; open it once")


def _copy(conn: sqlite3.Connection, aside: Path, progress: Callable[[int, int], None] | None) -> None:
    def tell(_status: int, remaining: int, total: int) -> None:
        if progress is not None:
            progress(total - remaining, total)

    conn.execute("BEGIN")
    try:
        conn.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it sees one state
        with closing(sqlite3.connect(aside)) as copy:
            conn.backup(copy, pages=PAGES_AT_ONCE, progress=tell)
    finally:
        conn.rollback()
        connection.check_unchanged(conn)


def _check_copy(aside: Path) -> None:
    """Let SQLite look at each page of the copy; digests and indexes are for `verify`."""
    with closing(sqlite3.connect(f"{aside.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as conn:
        try:
            found = conn.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as error:
            found = str(error)
    if found != "ok":
        raise ArchiveDamaged(f"the archive is damaged, and so would the copy be ({found}): `morgue verify` says how")


def _check_better(aside: Path, target: Path, checking: Callable[[int, int], None] | None) -> None:
    """Look at all that is in the copy: it is to take the place of one that may be the last sound one."""
    copy = connection.open_existing(aside, readonly=True)
    with closing(copy.conn):
        problems = integrity.verify(copy, readonly=True, progress=checking)
    lost = next((problem for problem in problems if problem.advice in integrity.NEEDS_COPY), None)
    if lost is not None:
        raise ArchiveDamaged(
            f"{target} is left as it was, since the archive has damage that a sound copy mends ({lost.where}: {lost.detail}): "
            "`morgue verify` says what to do; to copy it as it is, name another file"
        )


def _sync(path: Path) -> None:
    """Have the disk hold the file, and its name in the folder, before anybody relies on it."""
    for name in (path, path.absolute().parent):
        try:
            handle = os.open(name, os.O_RDONLY)
        except OSError:
            continue  # Windows opens no folders
        try:
            os.fsync(handle)
        except OSError:
            continue  # nor does it sync what is open for reading
        finally:
            os.close(handle)
