"""The user's file, `morgue.toml`, as frozen dataclasses, checked on loading.

Flags of the command come before `MORGUE_*` variables, those before this file, and this before the defaults.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archive.timestamps import now
from archive.urls import address_key
from crawler.errors import ConfigError
from crawler.when import parse_when

FILE_NAME = "morgue.toml"
DEFAULT_ARCHIVE = Path("morgue.db")
_TABLE = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?")
_DECODE_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One `[[sources]]` table: a site (or a part of one) to crawl. None: the default holds."""

    name: str
    """Unique in the file; empty for an address that is in none."""
    url: str
    delay: float | None = None
    """Seconds between two requests to a host."""
    concurrency: int | None = None
    """Requests to a host at the same time."""
    allow: tuple[str, ...] = ()
    """Regular expressions; where there are any, an article's address must match one."""
    deny: tuple[str, ...] = ()
    """Regular expressions; an address that matches one is not fetched."""


@dataclass(frozen=True, slots=True)
class DatasetConfig:
    """The `[dataset]` table: what a release says of itself. None: nothing."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    """A person as `Lindqvist, Mara`, anybody else as they are called."""
    licence: str | None = None
    """An SPDX name, an address, or words."""


@dataclass(frozen=True, slots=True)
class Config:
    """What `morgue.toml` says."""

    path: Path | None = None
    """The file; None where there is none and only defaults hold."""
    archive: Path = DEFAULT_ARCHIVE
    """As the file says it, taken from the file's folder."""
    contact: str | None = None
    """Address or page in the User-Agent, by which a site's owner reaches whoever crawls."""
    delay: float | None = None
    """Seconds between two requests to a host, for sources that say nothing of it."""
    concurrency: int | None = None
    """Requests to a host at the same time, for sources that say nothing of it."""
    since: str | None = None
    """ISO date or `7d`: nothing known to be older is fetched."""
    limit: int | None = None
    """Articles a run at most."""
    sources: tuple[SourceConfig, ...] = ()
    dataset: DatasetConfig = DatasetConfig()

    def source(self, name: str) -> SourceConfig | None:
        """The source of that name, or None."""
        return next((source for source in self.sources if source.name == name), None)


def load_config(path: Path | None = None) -> Config:
    """Load a configuration.

    Args:
        path: the file; None for `morgue.toml` in the current folder, which may be missing.

    Raises:
        ConfigError: the file was named and is not there, is no TOML, or has an unknown key or a wrong type.
    """
    if path is None:
        path = Path(FILE_NAME)
        if not path.exists():
            return Config()
    try:
        return _Reader(path, path.read_text(encoding="utf-8")).config()
    except FileNotFoundError as error:
        raise ConfigError(path, "there is no such file; `morgue init` writes one") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, f"cannot be read: {error}") from error


class _Reader:
    """Reads one file and knows the line of each key."""

    def __init__(self, path: Path, text: str) -> None:
        self._path, self._text = path, text
        try:
            self._values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            line = _DECODE_LINE.search(str(error))
            raise ConfigError(path, f"is no TOML: {error}", line=int(line[1]) if line else None) from error

    def config(self) -> Config:
        values = self._checked(self._values, _CHECKS, "", 0)
        sources = tuple(self._source(table, place) for place, table in enumerate(values.pop("sources", ())))
        self._refuse_twins(sources)
        dataset = DatasetConfig(**self._checked(values.pop("dataset", {}), _DATASET_CHECKS, "dataset", 0))
        if "archive" in values:
            values["archive"] = self._path.parent / Path(values["archive"]).expanduser()
        return Config(path=self._path, sources=sources, dataset=dataset, **values)

    def _source(self, table: Mapping[str, Any], place: int) -> SourceConfig:
        values = self._checked(table, _SOURCE_CHECKS, "sources", place)
        for name in ("name", "url"):
            if name not in values:
                line = self._line("sources", place, None)
                raise ConfigError(self._path, f"this source has no `{name}`", line=line, key="sources")
        return SourceConfig(**values)

    def _checked(self, table: Mapping[str, Any], checks: Mapping[str, _Check], name: str, place: int) -> dict[str, Any]:
        values = {}
        for key, value in table.items():
            label, line = f"{name}.{key}" if name else key, self._line(name, place, key) or self._line(key, 0, None)
            if key not in checks:
                raise ConfigError(self._path, f"unknown key; known here are {', '.join(checks)}", line=line, key=label)
            try:
                values[key] = checks[key](value)
            except ValueError as error:
                raise ConfigError(self._path, str(error), line=line, key=label) from error
        return values

    def _refuse_twins(self, sources: tuple[SourceConfig, ...]) -> None:
        names = [source.name for source in sources]
        for place, name in enumerate(names):
            if name in names[:place]:
                line = self._line("sources", place, "name")
                raise ConfigError(self._path, f"two sources are called {name!r}", line=line, key="sources.name")

    def _line(self, table: str, place: int, key: str | None) -> int | None:
        """Line of a key, or of the table's heading, in the `place`th table of that name; None if written in another way."""
        current, seen, heading = "", 0, None
        for number, line in enumerate(self._text.splitlines(), start=1):
            if found := _TABLE.match(line):
                current = found[1].strip("\"' ")
                seen += current == table
                heading = number if current == table and seen == place + 1 else heading
            in_place = current == table and (not table or seen == place + 1)
            if in_place and key is not None and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*[=.]""", line):
                return number
        return heading


_Check = Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"must be text in quotes, not {value!r}")
    return value.strip()


def read_contact(value: Any) -> str:
    """The contact, fit for the User-Agent header.

    Raises:
        ValueError: it is neither an e-mail address nor that of a page.
    """
    text = _text(value)
    is_address = "@" in text or text.startswith(("http://", "https://"))
    if not is_address or not text.isascii() or re.search(r"[\s\x00-\x1f\x7f()\"\\]", text):
        raise ValueError(f"must be an e-mail address or the address of a page, in ASCII, not {value!r}")
    return text


def _url(value: Any) -> str:
    text = _text(value)
    parts = urlsplit(text if "://" in text else f"https://{text}")
    if address_key(parts.geturl()) is None or "@" in parts.netloc:
        raise ValueError(f"must be an http or https address, not {value!r}")
    return parts.geturl()


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ValueError(f"must be a number of seconds, not {value!r}")
    return float(value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"must be a whole number from 1, not {value!r}")
    return value


def _when(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    parse_when(_text(value), now())
    return _text(value)


def _patterns(value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise ValueError(f"must be a list of regular expressions in quotes, not {value!r}")
    for one in values:
        try:
            re.compile(one)
        except re.error as error:
            raise ValueError(f"{one!r} is no regular expression: {error}") from error
    return tuple(values)


def _names(value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list):
        raise ValueError(f"must be a list of names in quotes, not {value!r}")
    return tuple(_text(one) for one in values)


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("must be written as a [dataset] table")
    return value


def _tables(value: Any) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise ValueError("must be written as [[sources]] tables")
    return value


_CHECKS: dict[str, _Check] = {
    "archive": _text,
    "contact": read_contact,
    "delay": _number,
    "concurrency": _whole,
    "since": _when,
    "limit": _whole,
    "sources": _tables,
    "dataset": _table,
}
_DATASET_CHECKS: dict[str, _Check] = {"title": _text, "authors": _names, "licence": _text}
_SOURCE_CHECKS: dict[str, _Check] = {
    "name": _text,
    "url": _url,
    "delay": _number,
    "concurrency": _whole,
    "allow": _patterns,
    "deny": _patterns,
}

TEMPLATE = """\
# What morgue crawls, and how. Flags of the command and MORGUE_* variables come before what stands here.

# The archive: one SQLite file. A relative path is taken from this file's folder.
archive = "{archive}"

# Sent with every request, so that a site's owner can reach you: an e-mail address or a page.
{contact}

# delay = 1.0          # seconds between two requests to a host
# concurrency = 1      # requests to a host at the same time
# since = "30d"        # nothing older: an ISO date, or 12h, 7d, 3w, 1y
# limit = 500          # articles a run at most

# A table a source. `morgue crawl` crawls all of them, `morgue crawl NAME` one.
#
# [[sources]]
# name = "courier"
# url = "https://courier.example/"     # a site, a section of it, a feed or a sitemap
# delay = 2.0                          # for this source alone
# concurrency = 1                      # for this source alone
# allow = ["/news/"]                   # regular expressions; an article's address must match one
# deny = ["/sport/", "/video/"]        # an address that matches one is not fetched

# What `morgue export dataset` says of a release.
#
# [dataset]
# title = "Harbour news, 2026"
# authors = ["Lindqvist, Mara", "The Harbour Desk"]
# licence = "CC-BY-4.0"                # of the release, not of the articles: an SPDX name, an address, or words
"""


def template(archive: Path = DEFAULT_ARCHIVE, contact: str | None = None) -> str:
    """A commented `morgue.toml` to begin with."""
    line = f'contact = "{contact}"' if contact else '# contact = "you@example.org"'
    return TEMPLATE.format(archive=archive.as_posix(), contact=line)
