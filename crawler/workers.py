"""Work spread over processes, with the results in order."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Generic, TypeVar

from pipelines.stages.extract import warm_up
from pipelines.stages.processes import begin_reader, end_readers, reading_context

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4
"""Items in flight for each process: enough that none waits, few enough that memory stays flat."""


class ProcessDied(Exception):
    """The process that worked on an item died, twice: the item is to blame."""


class _NobodyWaits(Exception):
    """The caller has left; what is submitted now would be read for nobody."""


class OrderedWork(Generic[T, R]):
    """Applies a function to items in several processes.

    An item is taken as soon as there is room for it and its result is given as soon as it is there, so a caller who waits for one
    answer before sending the next item gets it.
    """

    def __init__(self, function: Callable[[T], R], jobs: int) -> None:
        """Start the processes.

        Args:
            function: a function of a module, picklable; it is to return its errors, not to raise them.
            jobs: processes.
        """
        self._function, self._jobs = function, jobs
        self._pool = _new_pool(jobs)
        self._lock = threading.Lock()
        self._ended = threading.Event()

    def over(self, items: Iterable[T]) -> Generator[tuple[T, R | ProcessDied], None, None]:
        """Yield each item with its result, in the order of the items.

        Raises:
            Exception: whatever `items` or the function raises.
        """
        pending: queue.Queue[tuple[T, Future[R]] | BaseException | None] = queue.Queue(self._jobs * AHEAD)
        threading.Thread(target=self._feed, args=(items, pending), daemon=True).start()
        all_done = False
        try:
            while (entry := pending.get()) is not None:
                if isinstance(entry, BaseException):
                    raise entry
                yield entry[0], self._result(*entry)
            all_done = True
        finally:
            with self._lock:
                self._ended.set()
            if not all_done:
                end_readers(self._pool)
            # Always waits: Python, ending at once, could find the pool half closed, and print that over the caller's last words.
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _feed(self, items: Iterable[T], pending: queue.Queue[tuple[T, Future[R]] | BaseException | None]) -> None:
        try:
            for item in items:
                pending.put((item, self._submit(item)))
            pending.put(None)
        except BaseException as error:  # noqa: BLE001 - handed to the thread that can do something about it
            pending.put(error)

    def _submit(self, item: T) -> Future[R]:
        with self._lock:
            if self._ended.is_set():
                raise _NobodyWaits
            try:
                return self._pool.submit(self._function, item)
            except BrokenProcessPool:
                self._pool = _new_pool(self._jobs)
                return self._pool.submit(self._function, item)

    def _result(self, item: T, future: Future[R]) -> R | ProcessDied:
        """The result; an item whose pool broke is tried once more, alone, since another may have broken it."""
        try:
            return future.result()
        except BrokenProcessPool:
            with _new_pool(1) as alone:
                try:
                    return alone.submit(self._function, item).result()
                except BrokenProcessPool:
                    return ProcessDied("the process that read it died")


def _new_pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=reading_context(), initializer=_start)


def _start() -> None:
    """Begin as every reader does, and import everything before the first page."""
    begin_reader()
    warm_up()
