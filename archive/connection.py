"""Opening the file, and transactions on it. SQLite's errors that a user can act on are translated here, once."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from archive import upgrading
from archive.errors import (
    ArchiveDamaged,
    ArchiveError,
    ArchiveLocked,
    ArchiveNotFound,
    ArchiveTooNew,
    NotAnArchive,
    SQLiteTooOld,
)
from archive.migrations import SCHEMA_VERSION, migrate
from archive.order import allow_ordering
from archive.texts import broken_texts, is_unreadable

APPLICATION_ID = 0x6D6F7267
"""`morg` in ASCII, at byte 68 of the file; `file` and `PRAGMA application_id` show it."""

OURS = frozenset({"articles", "revisions", "captures", "payloads"})
"""Tables that no other file has together."""

MINIMUM_SQLITE = (3, 40, 0)
"""The oldest SQLite that the tests run on (Debian 12). STRICT tables alone need 3.37."""

CACHE_KIB = 32 * 1024
"""Cache of a writer: a batch of visits and the index pages that it touches, with room to spare."""

CHECKPOINT_PAGES = 16_000
"""Pages (of 4 KiB) in the log before they go into the file. A batch of 64 visits writes about 1,500; at SQLite's 1,000 each batch
copies the same pages of the indexes into the file again, and at 4,000 commits took an eighth longer than so. 64 MiB at most."""

BUSY_SECONDS = 30.0
"""How long to wait for another writer. A batch of visits takes well under a second."""
RETRY_SECONDS = 0.01
"""Between two tries where SQLite does not wait by itself."""


CAUSES = {
    sqlite3.SQLITE_READONLY: "it cannot be written: see to the rights of the file and its folder",
    sqlite3.SQLITE_CANTOPEN: "it cannot be written, or no file beside it: see to the rights of the file and its folder",
    sqlite3.SQLITE_IOERR: "the disk is full or fails: make room, and try again",
    sqlite3.SQLITE_FULL: "the disk is full: make room, and try again",
}
"""What keeps a sound archive from being opened -> what to do."""

RESTORE = "name another file, or restore a copy that `morgue backup` made; `morgue repair` mends only what can be opened"
"""What to do about a file that cannot be read."""


def create(path: Path) -> Database:
    """Make an archive, or open the one that is there.

    Raises:
        ArchiveNotFound: the folder is missing.
        NotAnArchive: another file, or a folder, has that name.
        ArchiveTooNew: the archive there was written by a later morgue.
        SQLiteTooOld: this SQLite cannot hold an archive.

    """
    _refuse_folder(path)
    if path.exists() and path.stat().st_size and not _is_blank(path):
        return open_existing(path, readonly=False)
    if not path.absolute().parent.is_dir():
        raise ArchiveNotFound(f"cannot make {path}: there is no folder {path.absolute().parent}")
    db = _connect(path, readonly=False)
    with closing_on_error(db), _explaining(path, "made"):
        _tune(db)
        with _without_foreign_keys(db), writing(db):
            migrate(db)
            db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    return db


def open_existing(path: Path, *, readonly: bool) -> Database:
    """Open an archive; an older one is migrated, unless it is opened read-only.

    Raises:
        ArchiveNotFound: there is no file at that path.
        NotAnArchive: the file is none of morgue's, or a folder.
        ArchiveTooNew: the archive was written by a later morgue.
        ArchiveError: an older archive was opened read-only.
        SQLiteTooOld: this SQLite cannot open it.

    """
    _refuse_folder(path)
    if not path.is_file():
        raise ArchiveNotFound(f"there is no archive at {path}: name another with --archive, or make one with `morgue init`")
    db = _connect(path, readonly=readonly)
    with closing_on_error(db):
        version = _check_is_archive(db, path, readonly=readonly)
        if version < SCHEMA_VERSION:
            _bring_up_to_date(db, path, readonly=readonly)
        if upgrading.is_unfinished(db.conn):
            _finish_upgrade(db, path, readonly=readonly)
    return db


@contextmanager
def writing(db: Database) -> Iterator[sqlite3.Connection]:
    """Hold one write transaction: all of it is kept, or nothing.

    `Database.atomic()` begins as a reader, and a reader that turns writer fails at once when another process wrote in between,
    however long the timeout; so this takes the write lock first. `atomic()` inside it makes savepoints.

    Raises:
        ArchiveLocked: another process kept the file locked for too long.

    """
    conn = db.conn
    try:
        conn.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise ArchiveLocked("another program is writing to the archive; try again when it has ended") from error
        raise
    try:
        yield conn
        conn.execute("COMMIT")
    except BaseException:
        conn.rollback()
        raise


@contextmanager
def snapshot(db: Database) -> Iterator[None]:
    """See one state of the file for the length of the block; inside a transaction, the one that it sees already.

    Raises:
        ArchiveError: at the end, if the file could not be locked and was written meanwhile.

    """
    outer = db.conn.in_transaction
    if not outer:
        db.conn.execute("BEGIN")
    try:
        yield
    finally:
        if not outer and db.conn.in_transaction:
            db.conn.execute("ROLLBACK")
        check_unchanged(db.conn)


@contextmanager
def closing_on_error(db: Database) -> Iterator[None]:
    """Close the connection if the block fails."""
    try:
        yield
    except BaseException:
        db.conn.close()
        raise


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise NotAnArchive(f"{path} is a folder: name the archive in it, as {path / 'morgue.db'}")


@contextmanager
def _explaining(path: Path, done: str) -> Iterator[None]:
    """Say what to do where the disk or the rights of a sound file keep it from being opened or made."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        cause = CAUSES.get(error.sqlite_errorcode & 0xFF)
        if cause is None:
            raise
        raise ArchiveError(f"{path} cannot be {done} ({error}): {cause}") from error


class Unlocked(sqlite3.Connection):
    """To a file in a folder that cannot be written, read as one that nobody writes: SQLite can lock nothing there."""

    path: Path
    seen: tuple[int, int]
    """Its size in bytes and the moment of its last change in nanoseconds, when it was opened."""

    def check(self) -> None:
        """Raise `ArchiveError` if somebody wrote the file since: what was read may be half of a change."""
        if _size_and_time(self.path) != self.seen:
            why = "no lock can be held in a folder that this user may not write, so what was read may be half of a change"
            raise ArchiveError(f"{self.path} was written while it was read, and {why}: try again when nobody writes to it")

    def close(self) -> None:
        """Close it, and check."""
        super().close()
        self.check()


def check_unchanged(conn: sqlite3.Connection) -> None:
    """Raise `ArchiveError` if a file that could not be locked was written since it was opened."""
    if isinstance(conn, Unlocked):
        conn.check()


def _connect(path: Path, *, readonly: bool) -> Database:
    if sqlite3.sqlite_version_info < MINIMUM_SQLITE:
        needed = ".".join(map(str, MINIMUM_SQLITE))
        raise SQLiteTooOld(f"an archive needs SQLite {needed}, and this Python has {sqlite3.sqlite_version}: use a newer Python")
    conn = _open_unlocked(path) if readonly and _is_alone(path) else _open(path, "?mode=ro" if readonly else "?mode=rwc")
    conn.execute("PRAGMA foreign_keys = ON")
    allow_ordering(conn)
    return Database(conn, execute_plugins=False)


def _open(path: Path, mode: str, kind: type[sqlite3.Connection] = sqlite3.Connection) -> sqlite3.Connection:
    uri = path.absolute().as_uri() + mode
    return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, factory=kind)


def _open_unlocked(path: Path) -> Unlocked:
    seen = _size_and_time(path)
    conn = _open(path, "?mode=ro&immutable=1", Unlocked)
    assert isinstance(conn, Unlocked)
    conn.path, conn.seen = path.absolute(), seen
    return conn


def _is_alone(path: Path) -> bool:
    """Whether nobody has the file open for writing, and no log can be made beside it."""
    return not Path(f"{path}-wal").exists() and not os.access(path.absolute().parent, os.W_OK)


def _size_and_time(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _tune(db: Database) -> None:
    """Write ahead, so that readers never wait; with that, NORMAL loses no whole commit when the process dies."""
    _write_ahead(db.conn)
    db.conn.execute("PRAGMA synchronous = NORMAL")
    db.conn.execute(f"PRAGMA cache_size = {-CACHE_KIB}")
    db.conn.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")


def _write_ahead(conn: sqlite3.Connection) -> None:
    """Switch to a write-ahead log, waiting for others who make the same file: here SQLite does not wait, whatever the timeout."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            conn.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(RETRY_SECONDS)


def _check_is_archive(db: Database, path: Path, *, readonly: bool) -> int:
    """Return the schema's version, if the file is an archive."""
    try:
        with _explaining(path, "opened"):
            application_id = _pragma(db, "application_id")
            version = _pragma(db, "user_version")
            if application_id == APPLICATION_ID and not readonly:
                _tune(db)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter where SQLite's message holds what was damaged
        cause = "no UTF-8 in its schema" if isinstance(error, UnicodeDecodeError) else error
        raise ArchiveDamaged(f"{path} cannot be read as an archive ({cause}): {RESTORE}") from error
    if not version and not path.stat().st_size:
        raise ArchiveDamaged(f"{path} is empty: {RESTORE}")
    if application_id != APPLICATION_ID:
        if _holds_nothing(db, path):
            raise ArchiveNotFound(f"{path} was begun and holds nothing: run again what began it, or remove the file")
        if {name for (name,) in db.conn.execute("SELECT name FROM sqlite_master")} >= OURS:
            raise ArchiveDamaged(f"{path} has the tables of an archive and a damaged header: {RESTORE}")
        raise NotAnArchive(f"{path} is a SQLite file, but no archive of morgue: name another file")
    if version > SCHEMA_VERSION:
        raise ArchiveTooNew(f"{path} was written by a later morgue (schema {version}, this one knows {SCHEMA_VERSION}): upgrade")
    return version


def _bring_up_to_date(db: Database, path: Path, *, readonly: bool) -> None:
    if readonly:
        raise ArchiveError(f"{path} is of an earlier morgue: open it once for writing, for instance with `morgue repair`")
    try:
        with _without_foreign_keys(db), writing(db):
            migrate(db)
    except (sqlite3.OperationalError, sqlite3.IntegrityError) as error:
        if isinstance(error, sqlite3.OperationalError) and not is_unreadable(error):
            raise  # the disk or another program, not a row
        broken = next(broken_texts(db.conn), None)
        row = str(error) if broken is None else f"{broken.place}: {' and '.join(broken.columns)} is no UTF-8"
        cure = "restore a copy, or mend that row with `sqlite3`"
        raise ArchiveDamaged(f"{path} cannot be brought up to date, and is as it was ({row}): {cure}") from error


def _finish_upgrade(db: Database, path: Path, *, readonly: bool) -> None:
    """Make what the tables of this version need, where a process that did so was cut off, or is at it still."""
    if readonly:
        raise ArchiveError(f"{path} is only partly brought up to date: `morgue repair` goes on with it, as any writing does")
    more = True
    while more:
        with writing(db) as conn:
            more = upgrading.make_next(conn)


@contextmanager
def _without_foreign_keys(db: Database) -> Iterator[None]:
    """Leave foreign keys unchecked: a table that is made anew is gone for a moment. Begin the transaction inside of it."""
    db.conn.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        db.conn.execute("PRAGMA foreign_keys = ON")


def _is_blank(path: Path) -> bool:
    """Whether the file is what a crash or a full disk at the first `create` leaves."""
    db = _connect(path, readonly=False)
    try:
        return _holds_nothing(db, path)
    except sqlite3.DatabaseError:
        return False
    finally:
        db.conn.close()


def _holds_nothing(db: Database, path: Path) -> bool:
    """Whether the file is SQLite's first page and nothing on it; a longer one has lost its first page."""
    tables: int = db.conn.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    return tables == 0 and _pragma(db, "application_id") == 0 and path.stat().st_size <= _pragma(db, "page_size")


def _pragma(db: Database, name: str) -> int:
    value: int = db.conn.execute(f"PRAGMA {name}").fetchone()[0]
    return value
