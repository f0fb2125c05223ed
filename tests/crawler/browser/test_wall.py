"""Pages of the web reach nothing of this machine or its network, however they ask; pages from inside reach their own place."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import pytest

from crawler.browser.wall import Wall, is_inside, is_public
from tests.end_to_end.small_site import Reply, SmallSite, small_site

PAGES = {"/a?b=1": Reply("Of the inner network.")}


def through(inside: Callable[[SmallSite], str | None], request: Callable[[SmallSite], str]) -> tuple[bytes, SmallSite]:
    """What a browser hears that sends a request through the wall, and the site inside that it was for."""
    with small_site(dict(PAGES)) as site:

        async def ask() -> bytes:
            wall = Wall()
            try:
                proxy = urlsplit(await wall.proxy_for(inside(site)))
                reader, writer = await asyncio.open_connection(proxy.hostname, proxy.port)
                writer.write(request(site).encode())
                return await within_reason(_all(reader, writer))
            finally:
                await wall.close()

        return asyncio.run(ask()), site


async def _all(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    try:
        return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def within_reason(work: Awaitable[bytes]) -> bytes:
    return await asyncio.wait_for(work, 60)


def port(site: SmallSite) -> int:
    return urlsplit(site.url).port or 0


def place(site: SmallSite) -> str:
    return f"127.0.0.1:{port(site)}"


GET = "GET http://{host}:{port}/a?b=1 HTTP/1.1\r\nHost: x\r\nProxy-Connection: keep-alive\r\n\r\n"
TUNNEL = "CONNECT {host}:{port} HTTP/1.1\r\nHost: x\r\n\r\nGET /a?b=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
HOSTS = ["127.0.0.1", "localhost", "LOCALHOST.", "2130706433", "[::ffff:127.0.0.1]", "0.0.0.0", "0x7f.1"]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("request_", [GET, TUNNEL], ids=["plain", "tunnel"])
@pytest.mark.parametrize("inside", [None, "127.0.0.1:1", "127.0.0.1"], ids=["web", "other port", "ports of the web"])
def test_nothing_inside_is_reached_but_the_place_that_a_source_names(host: str, request_: str, inside: str | None) -> None:
    heard, site = through(lambda _site: inside, lambda site: request_.format(host=host, port=port(site)))
    assert (heard, site.log) == (b"", [])


@pytest.mark.parametrize("request_", [GET, TUNNEL], ids=["plain", "tunnel"])
def test_the_place_that_a_source_names_is_reached(request_: str) -> None:
    heard, site = through(place, lambda site: request_.format(host="127.0.0.1", port=port(site)))
    assert heard.endswith(b"Of the inner network.")
    assert [asked.path for asked in site.log] == ["/a?b=1"]
    assert "Proxy-Connection" not in site.log[0].headers


def test_an_answer_through_the_wall_is_the_last_of_its_connection() -> None:
    heard, _ = through(place, lambda site: 2 * GET.format(host="127.0.0.1", port=port(site)))
    assert heard.count(b"HTTP/1.1 200") == 1
    assert b"\r\nConnection: close\r\n" in heard


@pytest.mark.parametrize("head", ["", "GET\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET http://[ HTTP/1.1\r\n\r\n", "x" * 100_000])
def test_what_is_no_request_brings_nothing(head: str) -> None:
    async def ask() -> bytes:
        wall = Wall()
        try:
            proxy = urlsplit(await wall.proxy_for(None))
            reader, writer = await asyncio.open_connection(proxy.hostname, proxy.port)
            writer.write(head.encode())
            writer.write_eof()
            return await within_reason(_all(reader, writer))
        finally:
            await wall.close()

    assert asyncio.run(ask()) == b""


def test_the_systems_proxy_is_used_for_the_web_and_asked_for_nothing_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    with small_site({"http://paper.example/a": Reply("Of the web.")}) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url.replace("//", "//reader:word@"))
        monkeypatch.delenv("no_proxy", raising=False)
        heard, _ = through(lambda _site: None, lambda _site: "GET http://paper.example/a HTTP/1.1\r\nHost: paper.example\r\n\r\n")
        refused, _ = through(lambda _site: None, lambda site: GET.format(host="127.0.0.1", port=port(site)))
    assert heard.endswith(b"Of the web.")
    assert refused == b""
    assert [asked.path for asked in proxy.log] == ["http://paper.example/a"]
    assert proxy.log[0].headers["Proxy-Authorization"] == "Basic cmVhZGVyOndvcmQ="


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("10.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:192.168.0.1", False),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("paper.example", False),
    ],
)
def test_addresses_that_wrap_inner_ones_are_not_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("localhost", True),
        ("a.localhost", True),
        ("nas.local.", True),
        ("[::1]", True),
        ("10.0.0.1", True),
        ("paper.example", False),
    ],
)
def test_a_name_may_say_that_it_is_inside(host: str, inside: bool) -> None:
    assert is_inside(host) is inside
