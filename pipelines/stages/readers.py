"""Reading processes as the event loop asks them: each at the other end of a socket, one page at a time.

A pool of `concurrent.futures` has two threads between the loop and its processes. Beside a busy loop they took as much computing
as a twentieth of reading: each message woke three threads that waited for one lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import socket
import traceback
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

from pipelines.stages.processes import begin_reader, reading_context

T = TypeVar("T")
R = TypeVar("R")

LENGTH_BYTES = 8
"""Before each message stands its length."""
ENDING_SECONDS = 10.0
"""How long a reader that is not needed any more may take to end by itself."""


class ReaderDied(Exception):
    """The process that worked on a page ended before it answered."""


class Readers(Generic[T, R]):
    """Applies a function to what it is given, in a few processes that stay.

    A process is started when it is needed, unless `start` did so before. One that dies, that takes too long or whose caller is
    cancelled is ended, and costs its own page alone; the next page has another.
    """

    def __init__(self, function: Callable[[T], R], count: int, *, begin: Callable[[], object]) -> None:
        """Prepare; nothing is started yet.

        Args:
            function: what they do; of a module, and what it takes and gives can be pickled.
            count: processes.
            begin: called first in each, of a module; what it raises is passed over.
        """
        self._count = count
        self._room = asyncio.Semaphore(count)
        self._new = lambda: _Reader(function, begin)
        # Starting one waits for the server that it is forked from, which the event loop must not.
        self._starter = ThreadPoolExecutor(1, "reader-starter")
        self._free: list[Future[_Reader]] = []

    def start(self) -> None:
        """Have the processes started, without waiting for them."""
        self._free += [self._starter.submit(self._new) for _ in range(self._count)]

    async def ask(self, question: T, seconds: float) -> R:
        """Have one of them apply the function.

        Args:
            question: what to apply it to.
            seconds: that it may take, not counting how long it waits for a process that is free.

        Raises:
            ReaderDied: the process ended.
            TimeoutError: it took too long.
            Exception: what the function raised, with a note where it did.
        """
        async with self._room:
            place = self._free.pop() if self._free else self._starter.submit(self._new)
            reader = place.result() if place.done() else await self._started(place)
            try:
                async with asyncio.timeout(seconds):
                    answer, error = await reader.ask(question)
            except BaseException:
                reader.kill()
                raise
            self._free.append(place)
        if error is not None:
            raise error
        return answer  # type: ignore[no-any-return]

    async def _started(self, place: Future[_Reader]) -> _Reader:
        try:
            return await asyncio.shield(asyncio.wrap_future(place))
        except asyncio.CancelledError:
            self._free.append(place)  # for another
            raise

    def close(self) -> None:
        """End the processes, each after the page that it works on."""
        self._starter.shutdown(wait=True)
        readers = [place.result() for place in self._free if place.exception() is None]
        self._free.clear()
        for reader in readers:
            reader.dismiss()
        for reader in readers:
            reader.wait()


class _Reader:
    """One process, and our end of its socket."""

    def __init__(self, function: Callable[[Any], object], begin: Callable[[], object]) -> None:
        self._socket, theirs = socket.socketpair()
        self._socket.setblocking(False)
        with theirs:
            # A daemon: should the crawl end in haste, Python ends it too, and waits for nothing.
            self.process = reading_context().Process(target=_serve, args=(theirs, function, begin), daemon=True)  # type: ignore[attr-defined]
            self.process.start()

    async def ask(self, question: object) -> tuple[Any, Exception | None]:
        """Send a question, and wait for the answer to it: what the function gave, and what it raised."""
        loop = asyncio.get_running_loop()
        try:
            await loop.sock_sendall(self._socket, _framed(question))
            size = int.from_bytes(await self._receive(loop, LENGTH_BYTES))
            answer: tuple[Any, Exception | None] = pickle.loads(await self._receive(loop, size))  # noqa: S301 - our own process
        except (ConnectionError, EOFError) as error:
            raise ReaderDied("the process that read it died") from error
        return answer

    async def _receive(self, loop: asyncio.AbstractEventLoop, size: int) -> bytearray:
        message = bytearray(size)
        left = memoryview(message)
        while left:
            count = await loop.sock_recv_into(self._socket, left)
            if count == 0:
                raise EOFError
            left = left[count:]
        return message

    def dismiss(self) -> None:
        """Ask nothing more of it: it ends."""
        self._socket.close()

    def wait(self) -> None:
        """Wait until it has ended."""
        self.process.join(ENDING_SECONDS)
        if self.process.is_alive():
            self.kill()

    def kill(self) -> None:
        """End it now, whatever it does."""
        self._socket.close()
        self.process.kill()
        self.process.join()


def _serve(theirs: socket.socket, function: Callable[[Any], object], begin: Callable[[], object]) -> None:
    """Answer questions until nobody is at the other end; runs in the process."""
    begin_reader()
    # What fails here fails again with the first page, whose answer says so.
    with contextlib.suppress(Exception):
        begin()
    with theirs, theirs.makefile("rb") as questions:
        try:
            while length := questions.read(LENGTH_BYTES):
                question = pickle.loads(questions.read(int.from_bytes(length)))  # noqa: S301 - from the process that started this
                theirs.sendall(_framed(_answer(function, question)))
        except (ConnectionError, EOFError, pickle.UnpicklingError):
            return  # whoever asked left in the middle of it


def _answer(function: Callable[[Any], object], question: object) -> tuple[object, Exception | None]:
    try:
        return function(question), None
    except Exception as error:  # noqa: BLE001 - handed to the process that can do something about it
        error.add_note(f"In the reading process:\n{traceback.format_exc()}")
        return None, error if _can_travel(error) else RuntimeError(f"{type(error).__name__}: {error}")


def _can_travel(error: Exception) -> bool:
    """Whether an error can be pickled and made again, which one with arguments of its own often cannot."""
    try:
        return type(pickle.loads(pickle.dumps(error))) is type(error)  # noqa: S301
    except Exception:  # noqa: BLE001 - what its own code raises
        return False


def _framed(message: object) -> bytes:
    packed = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
    return len(packed).to_bytes(LENGTH_BYTES) + packed
