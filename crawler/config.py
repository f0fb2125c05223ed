"""The user's file, `morgue.toml`, as frozen dataclasses, checked on loading.

Flags of the command come before `MORGUE_*` variables, those before this file, and this before the defaults.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from archive.urls import address_key
from crawler import config_values as values
from crawler.config_values import Check
from crawler.errors import ConfigError
from spiders.discovery.captures import default_replay, index_query

FILE_NAME = "morgue.toml"
DEFAULT_ARCHIVE = Path("morgue.db")
FOLLOWED = ("feeds", "sitemaps", "links")
"""Ways to find the articles of a source."""
KINDS = ("site", "cdx", "warc")
"""What the address of a source is: a site (or a feed, sitemap or section of one), an index of captures, or files of records."""
FETCHED_ONLY = ("follow", "delay", "concurrency", "render", "archive_pages")
"""Keys that say nothing where nothing is fetched."""
RENDERING = ("never", "when empty", "always")
"""Whether a browser runs the scripts of a page before it is read."""
DEFAULT_SLICE = timedelta(minutes=10)
"""A crawl of the service ends after it, and what is left goes on in the next: new feeds wait no longer than this."""
_TABLE = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]\]?")
_ARCHIVE_LINE = re.compile(r"\s*archive\s*=")
_DECODE_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One `[[sources]]` table: a site (or a part of one) to crawl. None: the default holds."""

    name: str
    """Unique in the file; empty for an address that is in none."""
    url: str
    """Address; of files of records, their paths, folders and patterns, as `crawler.config_values.patterns_of` parts them."""
    delay: float | None = None
    """Seconds between two requests to a host."""
    concurrency: int | None = None
    """Requests to a host at the same time."""
    allow: tuple[str, ...] = ()
    """Regular expressions; where there are any, an article's address must match one."""
    deny: tuple[str, ...] = ()
    """Regular expressions; an address that matches one is not fetched."""
    follow: tuple[str, ...] = FOLLOWED
    """Ways to find articles from its address."""
    since: str | None = None
    """ISO date or `7d`: nothing known to be older is fetched."""
    until: str | None = None
    """ISO date or `7d`: nothing known to be from then or later is fetched."""
    limit: int | None = None
    """Articles of it a run at most."""
    every: timedelta | None = None
    """Between two looks at its address and feeds by `morgue run`; None: as often as new articles come."""
    cron: str | None = None
    """Five fields as in crontab, in place of `every`."""
    render: str = "never"
    """One of `RENDERING`."""
    paused: bool = False
    """Left alone by every crawl and by the service."""
    kind: str = "site"
    """One of `KINDS`."""
    archive_pages: tuple[str, ...] = ()
    """Templates of pages that list its articles by date: `https://site.example/{year}/{month:02}/`. They need `since`."""
    match: str | None = None
    """Of an index of captures: `https://site.example/*`, `*.site.example` or one address."""
    replay: str | None = None
    """Of an index of captures: where they are, as `https://replay.example/coll/{timestamp}id_/{url}`."""


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """The `[service]` table: how `morgue run` works."""

    slice: timedelta = DEFAULT_SLICE
    """Length of one crawl; what is left goes on in the next."""
    listen: str | None = None
    """`host:port` of its status page; None: it has none."""


@dataclass(frozen=True, slots=True)
class AlarmsConfig:
    """The `[alarms]` table: who is told when a site has changed under the crawl. Empty or None: nobody."""

    command: tuple[str, ...] = ()
    """A program and its arguments; the alarm comes to its stdin as JSON."""
    webhook: str | None = None
    """Address that the alarm is posted to as JSON."""
    mail: tuple[str, ...] = ()
    """E-mail addresses."""
    smtp: str | None = None
    """`host:port` of the server that takes the mail."""


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
    service: ServiceConfig = ServiceConfig()
    alarms: AlarmsConfig = AlarmsConfig()

    @property
    def folder(self) -> Path:
        """That relative paths are taken from: the one that the file lies in."""
        return self.path.parent if self.path is not None else Path()

    def source(self, name: str) -> SourceConfig | None:
        """The source of that name, or else the one that starts from that address; None if there is neither."""
        named = (source for source in self.sources if source.name == name)
        return next(named, None) or self._source_at(name)

    def _source_at(self, url: str) -> SourceConfig | None:
        key = address_key(url if "://" in url else f"https://{url}")
        return next((source for source in self.sources if key and address_key(source.url) == key), None)


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
        return _Reader(path, decoded(path, path.read_bytes())).config()
    except FileNotFoundError as error:
        raise ConfigError(path, "there is no such file; `morgue init` writes one") from error
    except OSError as error:
        raise ConfigError(path, f"cannot be read: {error}") from error


def decoded(path: Path, data: bytes) -> str:
    """The text of a configuration, without the byte order mark that some editors put before it.

    Raises:
        ConfigError: it is no UTF-8.
    """
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(path, f"is not in UTF-8 (byte 0x{data[error.start]:02x}); save it as that", line=line) from error


def archive_of_broken(path: Path) -> Path:
    """Where the archive is by a file that is wrong otherwise: as its first line with that key says, or by default.

    For whoever asks how things stand while the file is broken.
    """
    try:
        text = path.read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return DEFAULT_ARCHIVE
    line = next((line for line in text.splitlines() if _ARCHIVE_LINE.match(line)), "")
    try:
        named = values.text(tomllib.loads(line)["archive"])
    except (tomllib.TOMLDecodeError, KeyError, ValueError):
        return DEFAULT_ARCHIVE
    return path.parent / Path(named).expanduser()


def parse_config(path: Path, text: str) -> Config:
    """Read what a configuration would say if its file held this text.

    Raises:
        ConfigError: it is no TOML, or has an unknown key or a wrong type.
    """
    return _Reader(path, text.removeprefix("\ufeff")).config()


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
        wishes = self._checked(self._values, _CHECKS, "", 0)
        sources = tuple(self._source(table, place) for place, table in enumerate(wishes.pop("sources", ())))
        self._refuse_twins(sources)
        dataset = DatasetConfig(**self._checked(wishes.pop("dataset", {}), _TABLES["dataset"], "dataset", 0))
        service = ServiceConfig(**self._checked(wishes.pop("service", {}), _TABLES["service"], "service", 0))
        alarms = AlarmsConfig(**self._checked(wishes.pop("alarms", {}), _TABLES["alarms"], "alarms", 0))
        if alarms.mail and alarms.smtp is None:
            raise self._error("needs `smtp` beside it: the server that takes the mail", "alarms", 0, "mail")
        if "archive" in wishes:
            wishes["archive"] = self._path.parent / Path(wishes["archive"]).expanduser()
        return Config(path=self._path, sources=sources, dataset=dataset, service=service, alarms=alarms, **wishes)

    def _source(self, table: Mapping[str, Any], place: int) -> SourceConfig:
        checks = _TABLES["sources"] | ({"url": values.files} if table.get("kind") == "warc" else {})
        wishes = self._checked(table, checks, "sources", place)
        for name in ("name", "url"):
            if name not in wishes:
                line = self._line("sources", place, None)
                raise ConfigError(self._path, f"this source has no `{name}`", line=line, key="sources")
        if "every" in wishes and "cron" in wishes:
            raise self._error("stands beside `every`; one of them can hold", "sources", place, "cron")
        return self._of_its_kind(SourceConfig(**wishes), table, place)

    def _of_its_kind(self, source: SourceConfig, table: Mapping[str, Any], place: int) -> SourceConfig:
        """The source, if it has what its kind needs and nothing that only another has."""
        if source.kind == "cdx":
            return self._index(source, place)
        if source.kind == "warc":
            for name in FETCHED_ONLY:
                if name in table:
                    raise self._error("says nothing of files: nothing of them is fetched", "sources", place, name)
        for name in ("match", "replay"):
            if getattr(source, name) is not None:
                raise self._error('belongs to sources of `kind = "cdx"`', "sources", place, name)
        return source

    def _index(self, source: SourceConfig, place: int) -> SourceConfig:
        """An index of captures; its address becomes the question for what it is asked for."""
        replay = source.replay or default_replay(source.url)
        if source.match is None:
            raise self._error("needs `match` beside it, as `https://site.example/*`", "sources", place, "kind")
        if replay is None:
            example = "https://replay.example/coll/{timestamp}id_/{url}"
            raise self._error(f"needs `replay` beside it, as `{example}`", "sources", place, "url")
        return replace(source, url=index_query(source.url, source.match), replay=replay)

    def _checked(self, table: Mapping[str, Any], checks: Mapping[str, Check], name: str, place: int) -> dict[str, Any]:
        wishes = {}
        for key, value in table.items():
            if key not in checks:
                raise self._error(_unknown(key, checks, name), name, place, key)
            try:
                wishes[key] = checks[key](value)
            except ValueError as error:
                raise self._error(str(error), name, place, key) from error
        return wishes

    def _refuse_twins(self, sources: tuple[SourceConfig, ...]) -> None:
        names = [source.name for source in sources]
        urls = [(source.kind, address_key(source.url) or source.url) for source in sources]
        for place, name in enumerate(names):
            if name in names[:place]:
                raise self._error(f"two sources are called {name!r}", "sources", place, "name")
            if sources[place].kind != "cdx" and urls[place] in urls[:place]:
                other, what = names[urls.index(urls[place])], "address" if sources[place].kind == "site" else "files"
                raise self._error(f"{other!r} starts from the same {what}", "sources", place, "url")

    def _error(self, message: str, name: str, place: int, key: str) -> ConfigError:
        """The error of a key in a table; of a table written on one line, that line is told."""
        line = self._line(name, place, key) or self._line(key, 0, None) or (self._line("", 0, name) if name else None)
        return ConfigError(self._path, message, line=line, key=f"{name}.{key}" if name else key)

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


def _unknown(key: str, checks: Mapping[str, Check], name: str) -> str:
    """What to say of a key that is not known in its table."""
    if near := difflib.get_close_matches(key.lower(), checks, 1):
        return f"unknown key; is `{near[0]}` meant?"
    if name and key in _CHECKS:
        return "stands in the wrong place; it belongs at the top of the file, before the first table"
    if homes := [table for table, known in _TABLES.items() if key in known and table != name]:
        heading = "[[sources]]" if homes[0] == "sources" else f"[{homes[0]}]"
        return f"stands in the wrong place; it belongs into a {heading} table"
    return f"unknown key; known here are {', '.join(checks)}"


_CHECKS: dict[str, Check] = {
    "archive": values.text,
    "contact": values.contact,
    "delay": values.seconds,
    "concurrency": values.at_once,
    "since": values.when,
    "limit": values.whole,
    "sources": values.tables,
    "dataset": values.table,
    "service": values.table,
    "alarms": values.table,
}
_TABLES: dict[str, dict[str, Check]] = {
    "sources": {
        "name": values.source_name,
        "url": values.address,
        "follow": values.some_of(*FOLLOWED),
        "allow": values.patterns,
        "deny": values.patterns,
        "delay": values.seconds,
        "concurrency": values.at_once,
        "since": values.when,
        "until": values.when,
        "limit": values.whole,
        "every": values.length(values.SHORTEST_EVERY, values.LONGEST_EVERY),
        "cron": values.cron,
        "render": values.one_of(*RENDERING),
        "paused": values.yes_or_no,
        "kind": values.one_of(*KINDS),
        "archive_pages": values.archive_pages,
        "match": values.match,
        "replay": values.replay,
    },
    "dataset": {"title": values.text, "authors": values.names, "licence": values.text},
    "service": {"slice": values.length(values.SHORTEST_SLICE, values.LONGEST_SLICE), "listen": values.host_and_port},
    "alarms": {
        "command": values.command_line,
        "webhook": values.webhook,
        "mail": values.mail_addresses,
        "smtp": values.host_and_port,
    },
}
"""Table -> its keys, and what each may hold."""
