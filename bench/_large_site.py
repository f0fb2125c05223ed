"""A site of as many small articles as asked for, made up as they are asked for and served on loopback, by itself in a process.

Its addresses are told by a sitemap index, sections and a feed. `--hosts` spreads them over sites at 127.0.x.y of one port. Once
it serves, it prints the port; it ends when its input does.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

WORDS = [
    "bridge", "harbour", "council", "measured", "winter", "stone", "river", "engineer", "evening", "market", "letter",
    "school", "ferry", "lamp", "winding", "paper", "tower", "garden", "station", "mayor", "baker", "neighbour", "summer",
    "railway", "museum", "archive", "orchard", "meadow", "library", "quarry", "chapel", "village", "answer", "question",
    "promise", "number", "garland", "kettle", "window", "corner", "valley", "signal", "candle", "mirror", "blanket",
    "hammer", "compass", "ladder",
]  # fmt: skip
NOUNS, VERBS = WORDS[::2], ("kept", "sold", "painted", "counted", "repaired", "measured", "forgot", "found", "carried", "praised")
SENTENCES = 14
"""Of an article; some 150 words."""
IN_SITEMAP, IN_SECTION, IN_FEED, SECTIONS = 5000, 60, 40, 8
"""Articles that a sitemap, a section's page and the feed list; sections of a site."""
FIRST_DAY = datetime(2016, 1, 4, 9, tzinfo=UTC)
"""Long ago, so that no article is worth a second look while the crawl runs."""
BACKLOG = 1024
"""Connections that may wait to be taken."""


@dataclass(frozen=True, slots=True)
class LargeSite:
    """One site of so many articles, the first of which has the number `first` among those of all sites."""

    base: str
    first: int
    count: int

    def answer(self, path: str) -> tuple[str, str] | None:
        """Content type and body of a path; None where there is nothing."""
        match path.strip("/").split("/"):
            case [""]:
                return "text/html", self._front_page()
            case ["robots.txt"]:
                return "text/plain", f"Sitemap: {self.base}/sitemap.xml\n"
            case ["sitemap.xml"]:
                return "application/xml", self._index()
            case ["feed.xml"]:
                return "application/rss+xml", self._feed()
            case ["sitemap", number] if number.isdecimal():
                return "application/xml", self._sitemap(int(number))
            case ["section", number] if number.isdecimal():
                return "text/html", self._list(f"Section {number}", self._of_section(int(number)))
            case [_, _, slug] if slug.rpartition("-")[2].isdecimal():
                return "text/html", self._article(int(slug.rpartition("-")[2]))
        return None

    def _of_section(self, number: int) -> range:
        start = number * IN_SECTION % self.count
        return range(start, min(start + IN_SECTION, self.count))

    def _front_page(self) -> str:
        sections = "".join(f'<a href="/section/{n}">Section {n}</a> ' for n in range(SECTIONS))
        return self._list("The Long Paper", range(min(IN_SECTION, self.count)), f"<nav>{sections}</nav>")

    def _list(self, title: str, numbers: range, above: str = "") -> str:
        links = "".join(f'<h2><a href="{self._path(n)}">{_title(self.first + n)}</a></h2>' for n in numbers)
        feed = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        head = f"<!doctype html><html lang=en><head><title>{title}</title>{feed}</head>"
        return f"{head}<body>{above}<main>{links}</main></body></html>"

    def _index(self) -> str:
        maps = "".join(f"<sitemap><loc>{self.base}/sitemap/{n}</loc></sitemap>" for n in range(-(-self.count // IN_SITEMAP)))
        return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{maps}</sitemapindex>'

    def _sitemap(self, number: int) -> str:
        numbers = range(number * IN_SITEMAP, min((number + 1) * IN_SITEMAP, self.count))
        urls = "".join(f"<url><loc>{self.base}{self._path(n)}</loc></url>" for n in numbers)
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'

    def _feed(self) -> str:
        items = "".join(
            f"<item><title>{_title(self.first + n)}</title><link>{self.base}{self._path(n)}</link>"
            f"<pubDate>{format_datetime(_moment(n))}</pubDate></item>"
            for n in range(min(IN_FEED, self.count))
        )
        return f'<rss version="2.0"><channel><title>The Long Paper</title><link>{self.base}/</link>{items}</channel></rss>'

    def _path(self, number: int) -> str:
        return f"/{_moment(number):%Y/%m}/{_title(self.first + number).lower().replace(' ', '-')}-{number}"

    def _article(self, number: int) -> str:
        title, sentences = _title(self.first + number), list(_sentences(self.first + number))
        paragraphs = "".join(f"<p>{' '.join(sentences[n : n + 3])}</p>" for n in range(0, SENTENCES, 3))
        return (
            f'<!doctype html><html lang="en"><head><title>{title}</title><meta property="og:type" content="article">'
            f'<meta name="author" content="Ada {NOUNS[number % len(NOUNS)].title()}">'
            f'<meta property="article:published_time" content="{_moment(number).isoformat()}"></head>'
            f"<body><nav><a href=/>Front page</a></nav><main><article><h1>{title}</h1>{paragraphs}</article></main>"
            "<footer>The Long Paper, printed nowhere</footer></body></html>"
        )


def host_of(number: int) -> str:
    """Address of a site: 127.0.0.1, and so on up to 127.0.255.250."""
    return f"127.0.{number // 250}.{number % 250 + 1}"


def sites_of(hosts: int, addresses: int, port: int) -> dict[str, LargeSite]:
    """The sites by host and port as in requests, with so many articles in all."""
    share = -(-addresses // hosts)
    return {
        f"{host_of(n)}:{port}": LargeSite(f"http://{host_of(n)}:{port}", n * share, min(share, addresses - n * share))
        for n in range(hosts)
        if n * share < addresses
    }


def _title(number: int) -> str:
    one, two, three = (NOUNS[_mixed(number, salt) % len(NOUNS)] for salt in (1, 2, 3))
    return f"The {one} and the {two} of {three}".capitalize()


def _sentences(number: int) -> Iterator[str]:
    for place in range(SENTENCES):
        drawn = _mixed(number, place + 10)
        words = []
        for _ in range(3):
            drawn, word = divmod(drawn, len(WORDS))
            words.append(WORDS[word])
        verb = VERBS[drawn % len(VERBS)]
        yield f"On day {drawn // 64 % 9000} the {words[0]} {verb} a {words[1]} near the old {words[2]}."


def _mixed(number: int, salt: int) -> int:
    """A number of 64 bits that is another for each pair (the finaliser of SplitMix64, Steele and others 2014)."""
    mixed = (number * 64 + salt) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
    return mixed ^ mixed >> 31


def _moment(number: int) -> datetime:
    return FIRST_DAY + timedelta(hours=number % 60_000)


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with connections that are kept; requests without a body, each in one piece."""

    def __init__(self, sites: dict[str, LargeSite]) -> None:
        self._sites = sites
        self._begun = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        *requests, self._begun = (self._begun + data).split(b"\r\n\r\n")
        for request in requests:
            self._transport.write(self._reply(request.decode("latin-1")))

    def _reply(self, request: str) -> bytes:
        line, *headers = request.split("\r\n")
        host = next((value.strip() for name, _, value in (h.partition(":") for h in headers) if name.lower() == "host"), "")
        site = self._sites.get(host)
        found = site.answer(line.split(" ")[1]) if site is not None else None
        status, (kind, text) = ("200 OK", found) if found is not None else ("404 Not Found", ("text/html", "Not found"))
        body = text.encode()
        head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body


async def _serve(hosts: int, addresses: int, port: int) -> None:
    loop = asyncio.get_running_loop()
    sites: dict[str, LargeSite] = {}
    for number in range(hosts):
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host_of(number), port))
        port = listening.getsockname()[1]
        await loop.create_server(lambda: _Connection(sites), sock=listening, backlog=BACKLOG)
    sites |= sites_of(hosts, addresses, port)
    print(port, flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def main() -> None:
    """Serve until the input ends."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, default=1)
    parser.add_argument("--addresses", type=int, default=1000)
    parser.add_argument("--port", type=int, default=0)
    options = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(_serve(options.hosts, options.addresses, options.port))


if __name__ == "__main__":
    main()
