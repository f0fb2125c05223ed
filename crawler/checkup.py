"""What an installation needs, what it has, and how to get the rest."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.terminal import human_size

OLDEST_PYTHON = (3, 11)
OLDEST_SQLITE = (3, 40, 0)
"""The archive's own minimum; `archive` refuses to open below it."""
LITTLE_SPACE = 1_000_000_000
"""Bytes; a crawl of some 20,000 pages fits into it."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    found: str
    advice: str = ""
    """How to get what is missing."""
    optional: bool = False


def examine(archive: Path) -> list[Check]:
    """Look at everything; nothing is changed."""
    return [_python(), _sqlite(), _full_text(), *_packages(), *_formats(), _archive(archive), _space(archive), _browser()]


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    wanted = ".".join(map(str, OLDEST_PYTHON))
    return Check("python", sys.version_info >= OLDEST_PYTHON, found, f"Install Python {wanted} or later and set morgue up again.")


def _sqlite() -> Check:
    wanted = ".".join(map(str, OLDEST_SQLITE))
    advice = f"SQLite {wanted} or later is needed: take a newer Python or system release, which brings one."
    return Check("sqlite", sqlite3.sqlite_version_info >= OLDEST_SQLITE, sqlite3.sqlite_version, advice)


def _full_text() -> Check:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE probe USING fts5(text)")
    except sqlite3.OperationalError:
        advice = "Use a Python whose SQLite is built with FTS5: those of python.org and Debian are."
        return Check("fts5", False, "not in this SQLite", advice)
    finally:
        connection.close()
    return Check("fts5", True, "there")


def _packages() -> Iterator[Check]:
    """One line for all required packages, and one for each that is missing."""
    try:
        required = importlib.metadata.requires("newsmorgue") or []
    except importlib.metadata.PackageNotFoundError:
        yield Check("packages", True, "run from a checkout that is not installed", "pip install -e .", optional=True)
        return
    names = [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in required if ";" not in line]
    missing = [name for name in names if not _is_installed(name)]
    yield Check("packages", not missing, f"{len(names) - len(missing)} of {len(names)}", f"pip install {' '.join(missing)}")


def _formats() -> Iterator[Check]:
    """A line for each format of export that needs a package of its own."""
    from archive.export import FORMATS

    for name, form in FORMATS.items():
        if form.package is not None:
            advice = f"Only for `morgue export {name}`: pip install {form.package}"
            there = _is_installed(form.package)
            yield Check(name, there, form.package if there else f"{form.package} is missing", advice, optional=True)


def _is_installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _archive(path: Path) -> Check:
    """Whether the archive can be opened and written; one that is not there yet must be possible to make."""
    from archive import Archive
    from archive.errors import ArchiveError

    folder = path.absolute().parent
    if not path.exists():
        advice = "Choose another place with --archive, or make the folder."
        return Check("archive", folder.is_dir() and os.access(folder, os.W_OK), f"{path}: not there yet", advice)
    try:
        Archive.open(path, readonly=True).close()
    except ArchiveError as error:
        return Check("archive", False, str(path), str(error))
    advice = "Give yourself the right to write the file and its folder."
    return Check("archive", os.access(path, os.W_OK) and os.access(folder, os.W_OK), f"{path}: opens", advice)


def _space(path: Path) -> Check:
    folder = next(parent for parent in path.absolute().parents if parent.is_dir())
    free = shutil.disk_usage(folder).free
    return Check("disk", free >= LITTLE_SPACE, f"{human_size(free)} free", "Make room, or choose another disk with --archive.")


def _browser() -> Check:
    from crawler.browser import find_browser, what_is_missing

    found, missing = find_browser(), what_is_missing()
    return Check("chromium", missing is None, str(found or "not found"), f"Only for --render: {missing}.", optional=True)
