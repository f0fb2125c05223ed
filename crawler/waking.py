"""Waiting that a signal ends: SIGTERM and Ctrl-C ask for a stop, SIGHUP for the configuration to be read again."""

from __future__ import annotations

import select
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType

from archive import timestamps

STOPPING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)]
WAKING = [getattr(signal, name) for name in ("SIGCHLD",) if hasattr(signal, name)]
RELOADING = [getattr(signal, name) for name in ("SIGHUP",) if hasattr(signal, name)]


class Waking:
    """The clock of this machine, and the signals that were sent to this process."""

    def __init__(self, woken: socket.socket) -> None:
        self.stops = 0
        self.reload = False
        """Whether the configuration is to be read again; whoever does it takes this back."""
        self._woken = woken

    def now(self) -> datetime:
        """The time of day, aware UTC."""
        return timestamps.now()

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Return after this time, or sooner when a signal comes."""
        if select.select([self._woken], [], [], max(0.0, seconds))[0]:
            self._woken.recv(4096)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stops += 1

    def _reload(self, number: int, frame: FrameType | None) -> None:
        self.reload = True

    def _wake(self, number: int, frame: FrameType | None) -> None:
        """A crawl ended: the wait ends, which is all."""


@contextmanager
def waking() -> Iterator[Waking]:
    """Take the signals for the length of the block; to be called in the main thread."""
    # Python writes a byte for each signal, so none that comes just before a wait is slept through.
    woken, wakes = socket.socketpair()
    wakes.setblocking(False)
    world = Waking(woken)
    handlers = dict.fromkeys(STOPPING, world._stop) | dict.fromkeys(RELOADING, world._reload) | dict.fromkeys(WAKING, world._wake)
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    former = signal.set_wakeup_fd(wakes.fileno(), warn_on_full_buffer=False)
    try:
        yield world
    finally:
        signal.set_wakeup_fd(former)
        for number, handler in before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        woken.close()
        wakes.close()
