"""One line on a terminal's stderr that says how far the work is; nothing where stderr is no terminal."""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self, TextIO

from crawler.terminal import cut

USUAL_WIDTH = 80
"""Columns of a terminal that does not say how wide it is."""
SECONDS_BETWEEN = 0.1
"""Rewriting more often than this flickers and costs time."""

WIPE = "\r\x1b[K"
"""Back to the start of the line, and all of it erased (ECMA-48, EL)."""
STOPPING = "Ending what is under way; a second Ctrl-C ends it at once."


class StatusHandler(logging.Handler):
    """Shows log messages on the status line, and the one that has `is_last` on a line that stays."""

    def __init__(self, status: StatusLine) -> None:
        super().__init__(logging.INFO)
        self._status = status

    def emit(self, record: logging.LogRecord) -> None:
        """Show one message."""
        if getattr(record, "is_last", False):
            self._status.leave(f"{record.getMessage()}.")
        else:
            self._status.say(record.getMessage())


@contextmanager
def upgrades_shown(stream: TextIO | None = None) -> Iterator[None]:
    """Say on the terminal how far the bringing up to date of an old archive is, which opening one begins."""
    logger = logging.getLogger("archive.upgrading")
    with StatusLine(stream) as status:
        if not status.is_shown:
            yield
            return
        handler, level = StatusHandler(status), logger.level
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
        try:
            yield
        finally:
            logger.removeHandler(handler)
            logger.setLevel(level)
            logger.propagate = True


class StatusLine:
    """A status line, rewritten in place and wiped at the end."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._shown = self._stream is not None and self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._last = float("-inf")
        self._dirty = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.clear()

    def say(self, text: str) -> None:
        """Show a text in place of the last, unless that one is too fresh."""
        now = time.monotonic()
        if not self._shown or now - self._last < SECONDS_BETWEEN:
            return
        self._last = now
        self._dirty = True
        self._stream.write(WIPE + cut(text, self._columns() - 1))
        self._stream.flush()

    @property
    def is_shown(self) -> bool:
        """Whether there is a terminal that shows it."""
        return self._shown

    def leave(self, text: str) -> None:
        """Write a line that stays, in place of the status."""
        self.clear()
        self._stream.write(f"{text}\n")
        self._stream.flush()

    def tell_of_stopping(self) -> None:
        """Say, terminal or not, that a first Ctrl-C was heard and what a second one does; the status line goes on below."""
        self._stream.write(f"{WIPE if self._shown else ''}{STOPPING}\n")
        self._stream.flush()
        self._dirty = False

    def _columns(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or USUAL_WIDTH
        except (OSError, ValueError):
            return USUAL_WIDTH

    def clear(self) -> None:
        """Wipe the line, so that something else can be written there."""
        if self._dirty:
            self._stream.write(WIPE)
            self._stream.flush()
            self._dirty = False
