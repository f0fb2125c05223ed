"""The status over HTTP: read-only, on loopback unless another address is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import AF_INET6
from threading import Thread
from typing import cast
from urllib.parse import urlsplit

from archive.errors import ArchiveError
from crawler.status.board import StatusBoard

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
INDEX = b"""<!doctype html><html lang="en"><title>morgue run</title>
<h1>morgue run</h1><ul><li><a href="/status.json">status.json</a>: what the service does, and how each source stands</li>
<li><a href="/metrics">metrics</a>: the same for Prometheus</li></ul></html>
"""
SLOWEST_SECONDS = 10.0
"""A client that takes longer to ask is let go."""


class StatusServer(ThreadingHTTPServer):
    """Serves one board."""

    daemon_threads = True
    board: StatusBoard
    loopback: bool

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over a client that went away in the middle."""


class StatusServer6(StatusServer):
    """The same on IPv6."""

    address_family = AF_INET6


class _Handler(BaseHTTPRequestHandler):
    timeout = SLOWEST_SECONDS
    server_version = "morgue"
    sys_version = ""

    def do_GET(self) -> None:
        """Answer."""
        server = cast(StatusServer, self.server)
        if server.loopback and not self._names_loopback():
            return self._send(403, b"Ask by 127.0.0.1 or localhost.\n", "text/plain")
        path = urlsplit(self.path).path
        if path == "/status.json":
            body = json.dumps(server.board.status(), ensure_ascii=False, indent=2).encode()
            return self._send(200, body, "application/json; charset=utf-8")
        if path == "/metrics":
            from crawler.status.metrics import CONTENT_TYPE, metrics

            return self._send(200, metrics(server.board.status()), CONTENT_TYPE)
        if path == "/":
            return self._send(200, INDEX, "text/html; charset=utf-8")
        return self._send(404, b"There are /, /status.json and /metrics.\n", "text/plain")

    def do_HEAD(self) -> None:
        """Answer without a body."""
        self.do_GET()

    def _names_loopback(self) -> bool:
        """Whether the request names this machine; any web page could have its reader's browser ask by another name."""
        return urlsplit(f"//{self.headers.get('Host', 'localhost')}").hostname in LOOPBACK

    def _send(self, status: int, body: bytes, content_type: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Write nothing."""


@contextmanager
def serve_status(archive: Path, listen: str | None) -> Iterator[StatusBoard]:
    """Serve the status of an archive's service for the length of the block.

    Args:
        archive: the file.
        listen: `host:port`; port 0 takes a free one. None: nothing is served.

    Raises:
        ArchiveError: the address cannot be had.
    """
    if listen is None:
        yield StatusBoard(archive)
        return
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    try:
        server = (StatusServer6 if ":" in host else StatusServer)((host, int(port)), _Handler)
    except OSError as error:
        raise ArchiveError(f"cannot listen on {listen}: {error.strerror or error}; name another with --listen") from error
    with server:
        server.loopback = host in LOOPBACK
        name = f"[{host}]" if ":" in host else host
        server.board = StatusBoard(archive, f"http://{name}:{server.server_port}")
        Thread(target=server.serve_forever, name="status", daemon=True).start()
        try:
            yield server.board
        finally:
            server.shutdown()
