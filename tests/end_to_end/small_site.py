"""A site of a few pages whose every answer a test decides, and that remembers when each request came."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeAlias

STORY = """<!doctype html><html lang="en"><head><title>{title}</title>
<meta property="og:type" content="article">
<meta property="article:published_time" content="2026-05-0{n}T10:00:00+02:00"></head>
<body><main><article><h1>{title}</h1>
<p>The {n}th pier of the old bridge was measured on Monday, and it stands two fingers lower than the plans of 1931
say it should.</p>
<p>Nobody is worried yet. The engineer who held the staff says that stone settles, and that she will measure again
in the spring.</p>
</article></main></body></html>"""


@dataclass(slots=True)
class Reply:
    """An answer."""

    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"


Pages: TypeAlias = dict[str, Reply | Callable[[int], Reply]]
"""What is answered, by path; a callable is given how often the path was asked for before."""


@dataclass(slots=True)
class Asked:
    """A request as it came."""

    path: str
    at: float
    """Monotonic seconds."""
    headers: Mapping[str, str]


@dataclass(slots=True)
class SmallSite:
    """What is served, and what was asked for."""

    url: str
    pages: Pages
    log: list[Asked] = field(default_factory=list)

    def asked(self, path: str) -> list[Asked]:
        """The requests for one path."""
        return [entry for entry in self.log if entry.path == path]


def stories(count: int) -> Pages:
    """A front page that links to so many stories, and the stories."""
    told = {f"/2026/05/0{n}/pier-number-{n}-of-the-bridge": f"Pier number {n} of the bridge" for n in range(1, count + 1)}
    links = "".join(f'<h2><a href="{path}">{title}</a></h2>' for path, title in told.items())
    pages: Pages = {"/": Reply(f"<title>The Bridge Paper</title><main>{links}</main>")}
    pages |= {path: Reply(STORY.format(title=title, n=n)) for n, (path, title) in enumerate(told.items(), 1)}
    return pages


def held(pages: Pages) -> tuple[Pages, threading.Event]:
    """The pages, those under `/2026/` answered once the event is set: a crawl waits for them as long as a test needs it to."""
    free = threading.Event()

    def reply(before: int, page: Reply | Callable[[int], Reply]) -> Reply:
        free.wait()
        return page(before) if callable(page) else page

    return {path: partial(reply, page=page) if path.startswith("/2026/") else page for path, page in pages.items()}, free


class QuietServer(ThreadingHTTPServer):
    """Takes a client that was killed for granted."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


class QuietServer6(QuietServer):
    """The same on IPv6."""

    address_family = socket.AF_INET6


@contextmanager
def small_site(pages: Pages, host: str = "127.0.0.1") -> Iterator[SmallSite]:
    """Serve the pages on a free port of an address of this machine; everything else is 404."""
    site = SmallSite("", pages)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            before = len(site.asked(self.path))
            site.log.append(Asked(self.path, time.monotonic(), dict(self.headers)))
            reply = site.pages.get(self.path, Reply("Not found", 404))
            reply = reply(before) if callable(reply) else reply
            body = reply.body.encode()
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.content_type, "Content-Length": str(len(body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with (QuietServer6 if ":" in host else QuietServer)((host, 0), Handler) as server:
        server.daemon_threads = True
        site.url = f"http://{f'[{host}]' if ':' in host else host}:{server.server_port}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield site
        server.shutdown()
