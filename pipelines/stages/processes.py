"""How reading processes are started: forked from a server that has imported all that reading needs, and has read a page.

Importing takes each process a second of computing and a hundred megabytes; forked, they share both. They are not forked from the
crawler itself, which has threads: a forked copy of a held lock never opens. The server has none.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import BaseContext

WARM = "pipelines.stages.warm"
"""Module that the server imports."""


def reading_context() -> BaseContext:
    """The way to start processes that read; the server starts with the first call."""
    if sys.platform != "linux":  # elsewhere system libraries take a fork amiss, or there is none
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver, resource_tracker

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([WARM])
    resource_tracker.ensure_running()  # it lets interrupts through again
    with _environment(_of_server()), _interrupts_held():
        forkserver.ensure_running()
    return context


def begin_reader() -> None:
    """Called first in a process that reads: leave Ctrl-C to the parent, and end with the parent, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def end_readers(pool: ProcessPoolExecutor) -> None:
    """End the processes of a pool at once; what they work on fails as in a broken pool, and the pool takes nothing more."""
    for process in list((pool._processes or {}).values()):
        process.kill()


def _end_with(sentinel: int) -> None:
    """Wait for the parent's end. The pool alone would wait for work for ever after a SIGKILL of the parent."""
    multiprocessing.connection.wait([sentinel])
    os._exit(0)


def _of_server() -> dict[str, str]:
    """The server finds modules where this process does, and nothing in the working directory that has their names."""
    path = os.pathsep.join(place for place in sys.path if place)
    # One process reads one page at a time on one core: threads for linear algebra would only wait for it.
    return {"PYTHONPATH": path, "PYTHONSAFEPATH": "1", "OPENBLAS_NUM_THREADS": "1"}


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Have Ctrl-C wait; in processes that are started inside, for good: a terminal sends it to them too."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _environment(further: dict[str, str]) -> Iterator[None]:
    """Have further variables in the environment of processes that are started inside."""
    before = {name: os.environ.get(name) for name in further}
    os.environ.update(further)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
