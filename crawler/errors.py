"""What can go wrong between the command line and the archive.

CrawlerError
├── BrowserMissing     pages shall be rendered, and what that needs is not installed
├── ConfigError        morgue.toml is missing, unreadable or says something that makes no sense
├── FileUnreadable     a file that was named cannot be read, or holds nothing that morgue reads
└── OutputExists       a file would be overwritten
"""

from __future__ import annotations

from pathlib import Path


class CrawlerError(Exception):
    """Base class. The message says what happened and what to do."""


class BrowserMissing(CrawlerError):
    """Pages shall be rendered, and what that needs is not installed; the message says how to get it."""


class ConfigError(CrawlerError):
    """A configuration file is wrong; the message names file, line and key."""

    def __init__(self, path: Path, message: str, *, line: int | None = None, key: str | None = None) -> None:
        self.path, self.line, self.key = path, line, key
        where = f"{path}, line {line}" if line else str(path)
        super().__init__(f"{where}: {key + ': ' if key else ''}{message}")


class FileUnreadable(CrawlerError):
    """A file that was named cannot be read as what it should be."""

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path}: {reason}")


class OutputExists(CrawlerError):
    """A file is there already, and nothing is overwritten unasked."""

    def __init__(self, path: Path, advice: str = "Give another name, or --force to overwrite it.") -> None:
        self.path = path
        super().__init__(f"{path} exists already. {advice}")
