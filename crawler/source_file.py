"""Adding a source to morgue.toml: a table at its end, every byte before it as it was."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from archive.urls import address_key, registrable_domain
from crawler.config import SourceConfig, parse_config
from crawler.errors import ConfigError

Wish = str | int | float | bool | Sequence[str]

COMMENTS = {
    "name": "as the commands call it",
    "url": "a site, a section of it, a feed or a sitemap",
    "follow": "ways to find its articles",
    "allow": "an article's address must match one of these regular expressions",
    "deny": "what matches one of these is not fetched",
    "delay": "seconds between two requests to its host",
    "concurrency": "requests to its host at the same time",
    "since": "nothing that is known to be older",
    "limit": "articles a run at most",
    "every": "between two looks at it by `morgue run`",
    "cron": "the only times at which `morgue run` looks at it: minute, hour, day, month, day of the week",
    "render": "whether a browser runs the scripts of its pages",
}
"""Key -> what a comment says of it."""


def source_table(wishes: Mapping[str, Wish], heading: str) -> str:
    """A commented `[[sources]]` table.

    Args:
        wishes: key -> value, in the order of the lines.
        heading: a comment before it, without `#`.
    """
    lines = [f"{key} = {_literal(value)}" for key, value in wishes.items()]
    width = min(max(map(len, lines)), 60)
    commented = [f"{line:<{width}}  # {COMMENTS[key]}" for key, line in zip(wishes, lines, strict=True)]
    return "\n".join(["", f"# {heading}", "[[sources]]", *commented, ""])


def add_source(path: Path, wishes: Mapping[str, Wish], heading: str) -> SourceConfig:
    """Append a source to a configuration. Nothing is written unless the whole is sound; another program may append meanwhile.

    Args:
        path: the file, which is there.
        wishes: keys of `[[sources]]`, `name` and `url` among them.
        heading: a comment before the table, without `#`.

    Returns:
        The source as it is read from there.

    Raises:
        ConfigError: the file is wrong as it stands, or would be with the new table; nothing was written.
        OSError: it cannot be written; it is as it was.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(path, f"cannot be read: {error}") from error
    added, source = with_source(path, text, wishes, heading)
    _append(path, added.encode())
    return source


def with_source(path: Path, text: str, wishes: Mapping[str, Wish], heading: str) -> tuple[str, SourceConfig]:
    """Say what is to be appended to a configuration that holds this text, and what will be read from there.

    Raises:
        ConfigError: the file is wrong as it stands, or would be with the new table.
    """
    known = parse_config(path, text).sources
    ending = "\r\n" if "\r\n" in text else "\n"
    added = ("" if not text or text.endswith("\n") else ending) + source_table(wishes, heading).replace("\n", ending)
    try:
        return added, parse_config(path, text + added).sources[len(known)]
    except ConfigError as error:
        if error.key:  # of the new table, as the file was sound
            raise ConfigError(path, f"{str(error).partition(': ')[2]}; nothing was written") from error
        raise ConfigError(path, "a [[sources]] table cannot stand at its end; write the source by hand") from error


def name_for(url: str, taken: Sequence[str]) -> str:
    """A name for a source that was given none: of its site, with the path where that is taken, else with a number."""
    parts = urlsplit(address_key(url) or url)
    site = registrable_domain(parts.netloc).partition(".")[0].partition(":")[0] or "source"
    path = re.sub(r"[^\w]+", "-", f"{parts.hostname or ''}{parts.path}".removeprefix("www.")).strip("-")
    numbered = (f"{site}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (site, path, *numbered) if name and name not in taken)


def _append(path: Path, added: bytes) -> None:
    """Append in one write; what was written in part is taken back."""
    with path.open("ab", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        try:
            if file.write(added) != len(added):
                raise OSError(28, "No space left on device", str(path))
            os.fsync(file.fileno())
        except OSError:
            file.truncate(size)
            raise


def _literal(value: Wish) -> str:
    """A value as TOML writes it; a text with backslashes in single quotes, so that a regular expression stays readable."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if not isinstance(value, str):
        return f"[{', '.join(map(_literal, value))}]"
    if "\\" in value and "'" not in value and value.isprintable():
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
