"""What a value in `morgue.toml` may be: a function a kind, from what TOML gives to what the program uses.

Each raises ValueError with the end of a sentence that begins with the name of the key: `must be ..., not ...`.
"""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Callable, Mapping
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.timestamps import now
from archive.urls import address_key
from crawler.cron import Cron
from crawler.when import parse_duration, parse_when
from spiders.discovery.archive_pages import ArchivePages
from spiders.discovery.captures import CaptureAddress

SHORTEST_EVERY = timedelta(minutes=1)
"""No source is asked more often by a schedule: a minute is what the quickest feeds of news agencies ask for themselves."""
SHORTEST_SLICE = timedelta(seconds=10)
"""A crawl takes a second or two to begin and to end; in less there is no time left to fetch."""
LONGEST_EVERY = timedelta(days=3650)
LONGEST_SLICE = timedelta(days=1)
"""What is new, and a file that was changed, waits for so long at most."""
MOST_SECONDS = 86_400.0
"""A day between two requests: with more nothing is crawled that anybody wants."""
MOST_AT_ONCE = 100
"""Requests to a host; no site bears more."""
BETWEEN = ", "
"""Between the patterns of files of one source, in the address that it is known by."""
MOST_PORTS = 65535
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})

Check = Callable[[Any], Any]


def text(value: Any) -> str:
    """Text that is not empty, without space around it."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"must be text in quotes, not {value!r}")
    return value.strip()


def source_name(value: Any) -> str:
    """The name of a source: one line that can stand on a command line and is no address."""
    name = text(value)
    if not name.isprintable() or name.startswith("-") or "://" in name:
        raise ValueError(f"must be a word or a few, neither an address nor beginning with a dash, not {value!r}")
    return name


def contact(value: Any) -> str:
    """The contact, fit for the User-Agent header: an e-mail address or that of a page."""
    line = text(value)
    is_address = "@" in line or line.startswith(("http://", "https://"))
    if not is_address or not line.isascii() or re.search(r"[\s\x00-\x1f\x7f()\"\\]", line):
        raise ValueError(f"must be an e-mail address or the address of a page, in ASCII, not {value!r}")
    return line


def address(value: Any) -> str:
    """An http or https address; `https://` is put before one that has no scheme."""
    line = text(value)
    parts = urlsplit(line if "://" in line else f"https://{line}")
    if address_key(parts.geturl()) is None or "@" in parts.netloc:
        raise ValueError(f"must be an http or https address, not {value!r}")
    return parts.geturl()


def files(value: Any) -> str:
    """Files of records: a path, folder or pattern, or a list of them; given back as the address that a source is known by."""
    patterns = names(value) or _refuse_empty(value)
    for one in patterns:
        if "://" in one:
            raise ValueError(f"must be a path, and {one!r} is an address: fetch the file first")
        if BETWEEN in one or not one.isprintable():
            raise ValueError(f"must be a path without `{BETWEEN}` in it, or a list of such, not {one!r}")
    return BETWEEN.join(str(Path(one).expanduser()) for one in patterns)


def patterns_of(address: str) -> tuple[str, ...]:
    """The files, folders and patterns that a source of files is made of."""
    return tuple(address.split(BETWEEN))


def webhook(value: Any) -> str:
    """An address that alarms are posted to: https, or http to this machine."""
    line = address(value)
    parts = urlsplit(line)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise ValueError(f"must be an https address, as others could read along on the way, not {value!r}")
    return line


def seconds(value: Any) -> float:
    """A number of seconds from 0 to a day."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ValueError(f"must be a number of seconds, not {value!r}")
    if value > MOST_SECONDS:
        raise ValueError(f"must be a day ({MOST_SECONDS:.0f} seconds) or less, not {value!r}")
    return float(value)


def whole(value: Any) -> int:
    """A whole number from 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"must be a whole number from 1, not {value!r}")
    return value


def at_once(value: Any) -> int:
    """A number of requests at the same time."""
    if whole(value) > MOST_AT_ONCE:
        raise ValueError(f"must be {MOST_AT_ONCE} or less, not {value!r}: nobody bears more")
    return whole(value)


def yes_or_no(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, without quotes, not {value!r}")
    return value


def when(value: Any) -> str:
    """A point in time, as it was written: a TOML date, an ISO date, or a time ago."""
    if isinstance(value, date):
        return value.isoformat()
    parse_when(text(value), now())
    return text(value)


def length(shortest: timedelta, longest: timedelta) -> Callable[[Any], timedelta]:
    """A length of time from `shortest` to `longest`, which is days."""

    def duration(value: Any) -> timedelta:
        length = parse_duration(text(value))
        if length < shortest:
            raise ValueError(f"must be {int(shortest.total_seconds())} seconds or more, not {value!r}")
        if length > longest:
            raise ValueError(f"must be {longest.days} {'day' if longest.days == 1 else 'days'} or less, not {value!r}")
        return length

    return duration


def cron(value: Any) -> str:
    """Five fields as in crontab, of times that come."""
    line = text(value)
    if Cron.read(line).after(now(), UTC) is None:
        raise ValueError(f"names a day that never comes, as 30 February: {line!r}")
    return line


def one_of(*words: str) -> Callable[[Any], str]:
    """One of these words."""

    def word(value: Any) -> str:
        if value not in words:
            raise ValueError(f"must be {' or '.join(repr(one) for one in words)}, not {value!r}")
        return str(value)

    return word


def some_of(*words: str) -> Callable[[Any], tuple[str, ...]]:
    """A list of some of these words, given back in their order here."""

    def chosen(value: Any) -> tuple[str, ...]:
        given = [value] if isinstance(value, str) else value
        if not isinstance(given, list) or not given or not all(one in words for one in given):
            raise ValueError(f"must be a list of {', '.join(repr(one) for one in words)}, not {value!r}")
        return tuple(word for word in words if word in given)

    return chosen


def patterns(value: Any) -> tuple[str, ...]:
    """Regular expressions: a list, or one."""
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise ValueError(f"must be a list of regular expressions in quotes, not {value!r}")
    for one in values:
        try:
            re.compile(one)
        except re.error as error:
            raise ValueError(f"{one!r} is no regular expression: {error}") from error
    return tuple(values)


def archive_pages(value: Any) -> tuple[str, ...]:
    """Templates of archive pages: a list, or one."""
    templates = names(value) or _refuse_empty(value)
    for one in templates:
        ArchivePages(one)
    return templates


def match(value: Any) -> str:
    """What captures are of: an address, one that ends with `*`, or `*.` and a domain."""
    line = text(value)
    bare = line.removeprefix("*.").removesuffix("*")
    address(bare)
    if "*" in bare:
        raise ValueError(f"must be as 'https://site.example/*' or '*.site.example', not {value!r}")
    return line


def replay(value: Any) -> str:
    """Template of the addresses of captures."""
    return CaptureAddress(text(value)).template


def names(value: Any) -> tuple[str, ...]:
    """Texts: a list, or one."""
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list):
        raise ValueError(f"must be a list of names in quotes, not {value!r}")
    return tuple(text(one) for one in values)


def command_line(value: Any) -> tuple[str, ...]:
    """A program and its arguments: a list, or one text with quotes as in a shell."""
    if not isinstance(value, str):
        return names(value) or _refuse_empty(value)
    try:
        return tuple(shlex.split(value)) or _refuse_empty(value)
    except ValueError as error:
        raise ValueError(f"cannot be parted into words: {error}") from error


def mail_addresses(value: Any) -> tuple[str, ...]:
    """E-mail addresses: a list, or one."""
    addresses = names(value) or _refuse_empty(value)
    for one in addresses:
        if not re.fullmatch(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+", one):
            raise ValueError(f"must be e-mail addresses, not {one!r}")
    return addresses


def host_and_port(value: Any) -> str:
    """`host:port`; a port alone is one of 127.0.0.1."""
    line = f"127.0.0.1:{value}" if isinstance(value, int) and not isinstance(value, bool) else text(value)
    host, _, port = line.rpartition(":")
    if not host or not re.fullmatch(r"[\w.-]+|\[[0-9a-fA-F:.]+\]", host) or not port.isdecimal() or int(port) > MOST_PORTS:
        raise ValueError(f"must be host and port as in '127.0.0.1:8077', not {value!r}")
    return f"{host}:{int(port)}"


def table(value: Any) -> Mapping[str, Any]:
    """A table."""
    if not isinstance(value, dict):
        raise ValueError("must be written as a table, its name in single brackets on a line of its own")
    return value


def tables(value: Any) -> list[Mapping[str, Any]]:
    """A list of tables."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError("must be written as [[sources]] tables")
    return value


def _refuse_empty(value: Any) -> tuple[str, ...]:
    raise ValueError(f"must not be empty, and is {value!r}")
