"""The newspaper over HTTP/1.1 on the loopback interface, with a log of every request."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import cast
from urllib.parse import parse_qsl, urlsplit

from crawler.demo.answers import Answer, Request, answer, conditional, headers_of
from crawler.demo.site import Site, load_site

HOST = "127.0.0.1"
SLOW_SECONDS = 1.0
"""How long the slow page keeps its reader waiting."""
_POLL_SECONDS = 0.05
"""How soon the server notices that it shall stop."""

Clock = Callable[[], datetime]
Stories = Callable[[datetime], Site]
"""The stories as they are at a moment of the server's clock."""
Incident = Callable[[Request], Answer | None]
"""What is answered instead of the newspaper, or None: an outage, a wall in front of it."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One request as it was answered."""

    time: datetime
    """When it came, aware UTC, by the server's clock."""
    method: str
    path: str
    """With the query, as asked for."""
    status: int
    headers: tuple[tuple[str, str], ...]
    """The headers of the request, as received."""
    came: float = 0.0
    """When it came, in seconds of `time.monotonic`: true gaps between requests, whatever the server's clock says."""


class DemoServer(ThreadingHTTPServer):
    """Serves one `Site`; stories are read at the first request."""

    daemon_threads = True

    def __init__(
        self, site: Site | Stories | None, clock: Clock, port: int, slow_seconds: float, incident: Incident | None = None
    ) -> None:
        super().__init__((HOST, port), _Handler)
        self.clock = clock
        self.incident = incident
        self.slow_seconds = slow_seconds
        self.log: list[LogEntry] = []
        self.visits: Counter[str] = Counter()
        """GET requests by path, queries left out."""
        self._given_site = site
        self._lock = Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over a client that went away in the middle; anything else is printed as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    @property
    def base_url(self) -> str:
        """Scheme, host and port, without a slash at the end."""
        return f"http://{HOST}:{self.server_port}"

    @property
    def site(self) -> Site:
        """The stories it serves."""
        given = self._given_site
        if isinstance(given, Site):
            return given
        if given is not None:
            return given(self.clock())
        with self._lock:
            return self._bundled

    @cached_property
    def _bundled(self) -> Site:
        return load_site()

    def visit(self, method: str, path: str) -> int:
        """Count a request and say how many GETs of that path there were, at least 1."""
        with self._lock:
            self.visits[path] += method == "GET"
            return max(1, self.visits[path])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def do_GET(self) -> None:
        self._respond()

    def do_HEAD(self) -> None:
        self._respond()

    def do_POST(self) -> None:
        self.close_connection = True
        self._send(Answer(405, b"", headers=(("Allow", "GET, HEAD"),)), self._demo.clock(), time.monotonic())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write nothing: the log is kept in memory."""

    @property
    def _demo(self) -> DemoServer:
        return cast(DemoServer, self.server)

    def _respond(self) -> None:
        demo, now, came = self._demo, self._demo.clock(), time.monotonic()
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        request = Request(parts.path, query, demo.base_url, now, demo.visit(self.command, parts.path))
        full = (demo.incident(request) if demo.incident else None) or answer(demo.site, request)
        if full.is_slow:
            time.sleep(demo.slow_seconds)
        self._send(conditional(full, self.headers["If-None-Match"], self.headers["If-Modified-Since"]), now, came)

    def _send(self, response: Answer, now: datetime, came: float) -> None:
        self.send_response_only(response.status)
        for name, value in headers_of(response, now):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD" and response.status != 304:
            self.wfile.write(response.body)
        self._demo.log.append(LogEntry(now, self.command, self.path, response.status, tuple(self.headers.items()), came))


def utc_now() -> datetime:
    """The time on this machine, aware UTC."""
    return datetime.now(UTC)


@contextmanager
def serve(
    site: Site | Stories | None = None,
    *,
    clock: Clock = utc_now,
    port: int = 0,
    slow_seconds: float = SLOW_SECONDS,
    incident: Incident | None = None,
) -> Iterator[DemoServer]:
    """Serve the newspaper until the context ends.

    Args:
        site: the stories, or what they are at a moment; None: the bundled ones.
        clock: gives the time of serving, aware; relative dates are counted from it.
        port: 0 takes a free one.
        slow_seconds: how long the slow page waits.
        incident: asked first at each request.

    Yields:
        The running server; its `base_url` says where it is, its `log` what was asked.
    """
    server = DemoServer(site, clock, port, slow_seconds, incident)
    thread = Thread(target=server.serve_forever, args=(_POLL_SECONDS,), name="demo newspaper", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
