"""morgue.toml as the service goes by it: read again when it changes, the last good one kept while it is broken."""

from __future__ import annotations

import shutil
from pathlib import Path

from crawler.config import FILE_NAME, Config, load_config
from crawler.errors import ConfigError


class ConfigWatch:
    """Watches a file, and keeps a copy of what holds, for the crawls that are started."""

    def __init__(self, path: Path, folder: Path) -> None:
        """Read the file.

        Args:
            path: of the file.
            folder: where the copy is put.

        Raises:
            ConfigError: it is wrong, or not there.
        """
        self._path = path
        self.copy = folder / FILE_NAME
        self.error: str | None = None
        """Why the file that is there now is not gone by; None: it is."""
        self._seen = _state_of(path)
        self.config = self._read()

    def refresh(self, *, force: bool = False) -> str | None:
        """Read the file again if it changed; returns what there is to say of it."""
        seen = _state_of(self._path)
        if seen == self._seen and not force:
            return None
        self._seen = seen
        try:
            self.config, self.error = self._read(), None
        except ConfigError as error:
            self.error = str(error)
            return f"{error}; what it said before still holds"
        return f"{self._path} read again: {len(self.config.sources)} sources"

    def _read(self) -> Config:
        config = load_config(self._path)
        aside = self.copy.with_suffix(".new")
        try:
            shutil.copyfile(self._path, aside)
            aside.replace(self.copy)  # a crawl that begins meanwhile reads the one or the other
        except OSError as error:
            raise ConfigError(self._path, f"cannot be read: {error}") from error
        return config


def _state_of(path: Path) -> tuple[int, int, int] | None:
    """What changes with a file; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
