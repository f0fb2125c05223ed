"""The wall: what a browser asks for goes through proxies on loopback, which let nothing through to this machine's own network.

A page can make a browser ask for something in many ways: frames, redirects, new windows, sockets, names that resolve to an inner
address a moment later. Few of them can be looked at before they are sent; all of them need a connection, and it is made here.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
from base64 import b64encode
from typing import TypeAlias
from urllib.parse import unquote, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

from archive.urls import DEFAULT_PORTS

IPAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Its last four bytes are an IPv4 address (RFC 6052)."""
HEAD_BYTES = 64 * 1024
"""Longest head of a request; browsers send a tenth of it."""
CONNECT_SECONDS = 30
"""Until a connection stands, or the head of a request has come."""
PIECE_BYTES = 64 * 1024
OF_ONE_CONNECTION = frozenset({b"connection", b"proxy-connection", b"keep-alive"})
"""Headers that say how long a connection is used."""

logger = logging.getLogger(__name__)


class Refused(Exception):
    """A connection that is not made."""


class Wall:
    """HTTP proxies: one for pages of the web, and one for each place inside that a source names."""

    def __init__(self) -> None:
        self._servers: dict[str | None, asyncio.Server] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def proxy_for(self, inside: str | None) -> str:
        """Address of the proxy for pages of a place, as a browser takes it; it is made when it is first asked for.

        Args:
            inside: host of this machine or its network whose own pages are shown, and its port unless both of the web's may be
                asked; None for pages of the web, which reach nothing inside.

        """
        if inside not in self._servers:

            async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                await self._answer(reader, writer, inside)

            self._servers[inside] = await asyncio.start_server(answer, "127.0.0.1", 0, limit=HEAD_BYTES)
        host, port = self._servers[inside].sockets[0].getsockname()
        return f"http://{host}:{port}"

    async def close(self) -> None:
        """Break off what is under way, and listen no more."""
        for server in self._servers.values():
            server.close()
        self._servers.clear()
        for task in self._under_way:
            task.cancel()
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, inside: str | None) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            await _pass_on(reader, writer, inside)
        except Refused as reason:
            logger.info("A rendered page asked for what it may not have: %s", reason)
        except (OSError, TimeoutError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            logger.debug("A request of a rendered page came to nothing: %s", error)
        except asyncio.CancelledError:
            logger.debug("Broken off")  # by `close`; the server would print a traceback for a task that ends by it
        finally:
            self._under_way.discard(task)
            writer.close()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, inside: str | None) -> None:
    """Connect a browser with what it asks for, for one request, or for as long as a tunnel is used."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), CONNECT_SECONDS)
    method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ")
    tunnel = method == "CONNECT"
    parts = urlsplit(f"https://{target}" if tunnel else target)
    place = parts.hostname or "", parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
    upstream = None if _is_place(*place, inside) or proxy_bypass(place[0]) else getproxies().get(parts.scheme)
    onward, outward = await asyncio.wait_for(_connect(*place, inside, upstream), CONNECT_SECONDS)
    try:
        if not tunnel:
            own_target = None if upstream else urlunsplit(("", "", parts.path or "/", parts.query, ""))
            outward.write(_one_request(head, own_target, upstream))
            writer.write(_last(await _head_of_answer(onward, writer)))
        elif upstream:
            outward.write(_one_request(head, None, upstream))
        else:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await _join(reader, writer, onward, outward)
    finally:
        outward.close()


async def _connect(
    host: str, port: int, inside: str | None, upstream: str | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to a host, or to the proxy that the system is set to use.

    Raises:
        Refused: it is inside, and not the one place there that may be asked.
        OSError: there is no connection.
    """
    named = is_inside(host)
    if upstream is not None:
        if named:
            raise Refused(f"{host}:{port}")
        proxy = urlsplit(upstream if "//" in upstream else f"//{upstream}")
        return await asyncio.open_connection(proxy.hostname, proxy.port or 8080)
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(address[0]) for *_, address in found]
    allowed = addresses if _is_place(host, port, inside) else [a for a in addresses if not named and is_public(a)]
    if not allowed:
        raise Refused(f"{host}:{port} is {', '.join(addresses)}")
    error: OSError | None = None
    for address in dict.fromkeys(allowed):
        try:
            return await asyncio.open_connection(address, port)
        except OSError as failed:
            error = failed
    assert error is not None
    raise error


def _one_request(head: bytes, target: str | None, upstream: str | None) -> bytes:
    """The head of a request as it goes on: with the target that its server knows, and what the system's proxy wants."""
    first, *lines = _without_connection(head)
    if target is not None:
        method, _, version = first.split(b" ")
        first = b" ".join((method, target.encode("latin-1"), version))
    if upstream is not None and (user := urlsplit(upstream)).username is not None:
        word = b64encode(f"{unquote(user.username or '')}:{unquote(user.password or '')}".encode())
        lines.append(b"Proxy-Authorization: Basic " + word)
    if first.startswith(b"CONNECT "):
        return b"\r\n".join([first, *lines, b"", b""])
    return b"\r\n".join([first, *lines, b"Connection: close", b"", b""])


async def _head_of_answer(onward: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    """The head of an answer; those before it that only say "wait" are handed on."""
    head = await onward.readuntil(b"\r\n\r\n")
    while head.split(b" ", 2)[1].startswith(b"1"):
        writer.write(head)
        head = await onward.readuntil(b"\r\n\r\n")
    return head


def _last(head: bytes) -> bytes:
    """The head of an answer that says that none follows: the next request of the browser may be for another host."""
    return b"\r\n".join([*_without_connection(head), b"Connection: close", b"", b""])


def _without_connection(head: bytes) -> list[bytes]:
    lines = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    return [line for line in lines if line.partition(b":")[0].lower() not in OF_ONE_CONNECTION]


async def _join(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, onward: asyncio.StreamReader, outward: asyncio.StreamWriter
) -> None:
    """Copy both ways until one side has closed."""
    both = [asyncio.ensure_future(_copy(reader, outward)), asyncio.ensure_future(_copy(onward, writer))]
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for copying in both:
            copying.cancel()
        await asyncio.gather(*both, return_exceptions=True)


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while piece := await source.read(PIECE_BYTES):
            sink.write(piece)
            await sink.drain()


def _is_place(host: str, port: int, inside: str | None) -> bool:
    """Whether a host and port are those of a place; one that names no port has both of the web's."""
    if inside is None:
        return False
    place = urlsplit(f"//{inside}")
    return host == place.hostname and (port == place.port if place.port is not None else port in DEFAULT_PORTS.values())


def is_inside(host: str) -> bool:
    """Whether a host is this machine or one of its own network, as far as its name says."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return not is_public(name)


def is_public(address: str) -> bool:
    """Whether an address in numbers is one of the internet, also where it wraps another."""
    try:
        number = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return False
    return number.is_global and not number.is_multicast


def _unwrapped(number: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 one stands for, or itself."""
    if number.version == 4:
        return number
    if number in NAT64:
        return ipaddress.IPv4Address(int(number) & 0xFFFF_FFFF)
    return number.ipv4_mapped or number.sixtofour or (number.teredo[1] if number.teredo else None) or number


__all__ = ["Wall", "is_inside", "is_public"]
