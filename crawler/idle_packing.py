"""Packing while a crawl has nothing to write: a step at a time, and never for longer than half of the time."""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterator

from archive import Archive
from archive.errors import ArchiveError

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.1
"""How long nobody must have asked for anything before a step is made. A crawl that is short of processors has no such gaps."""
IDLE_PAGES = 32
"""Plain pages of a site for which it is worth while: a dictionary made of fewer would soon be made anew."""
LOOK_SECONDS = 2.0
"""Between two looks for such sites, at least."""
LOOK_SHARE = 0.01
"""Of the time, which looking may take: it is a walk through an index of all plain pages."""


class IdlePacking:
    """Packs an archive in steps, for the thread that owns it. An error ends the packing, not the crawl."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._seen: dict[str, int] = {}
        self._steps: Iterator[None] | None = None
        self._next_look = 0.0
        self._failed = False

    def step(self) -> float | None:
        """Do a little, and return how many seconds to leave to others before the next step; None: there is nothing to do yet."""
        start = time.monotonic()
        if self._failed or (self._steps is None and start < self._next_look):
            return None
        looking = self._steps is None
        try:
            if self._steps is None:
                self._steps = self._archive.begin_packing(IDLE_PAGES, self._seen).steps()
            next(self._steps)
        except StopIteration:
            self._steps = None
            self._next_look = time.monotonic() + LOOK_SECONDS
            if looking:
                self._next_look += (time.monotonic() - start) / LOOK_SHARE
            return None
        except (ArchiveError, sqlite3.Error, OSError, MemoryError) as error:
            self._failed = True
            logger.warning("Pages are kept as they came from now on, and can be packed later: %s", error)
            return None
        return time.monotonic() - start
