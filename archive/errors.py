"""What can go wrong with an archive.

ArchiveError
├── ArchiveNotFound      no file at that path
├── NotAnArchive         a file, but none of morgue's
│   └── ArchiveDamaged   a file that cannot be read as one
├── ArchiveTooNew        written by a later morgue
├── SQLiteTooOld         this SQLite cannot open it
├── ArchiveLocked        another writer did not let go in time
├── ArticleNotFound      no article with that id or address
├── QuerySyntaxError     a search expression that FTS5 cannot parse
├── TakedownRefused      what may not be taken down: the start of a source, no article
├── TakedownUnfinished   taken down, but its bytes are still in the file
├── PackageMissing       a format needs a package that is not installed
├── DamagedRow           a row of an article holds what the archive never writes
└── DamagedPayload       stored bytes do not match their digest
"""

from __future__ import annotations


class ArchiveError(Exception):
    """Base class. The message says what happened and what to do."""


class ArchiveNotFound(ArchiveError):
    """There is no file at that path."""


class NotAnArchive(ArchiveError):
    """The file is no SQLite file, or one that morgue did not make."""


class ArchiveDamaged(NotAnArchive):
    """The file cannot be read as SQLite reads one: it is cut off, overwritten or empty, or never was an archive."""


class ArchiveTooNew(ArchiveError):
    """The file's schema is of a later version of morgue."""


class SQLiteTooOld(ArchiveError):
    """The SQLite library is older than the archive needs."""


class ArchiveLocked(ArchiveError):
    """Another process kept the archive locked for too long."""


class ArticleNotFound(ArchiveError):
    """No article has that id or address."""


class QuerySyntaxError(ArchiveError):
    """The search expression cannot be parsed; the message shows how to write it."""


class TakedownRefused(ArchiveError):
    """What was named is not taken down: it is where a source starts and no article, or no reason is given."""


class TakedownUnfinished(ArchiveError):
    """An article is gone from all tables, but its bytes are still in the file; the same command finishes it."""


class PackageMissing(ArchiveError):
    """A format needs a package that is not installed; the message says how to get it."""


class DamagedRow(ArchiveError):
    """A row of an article holds what the archive never writes; the message names the article."""


class DamagedPayload(ArchiveError):
    """The stored bytes of a payload do not decompress or do not match their SHA-256."""
