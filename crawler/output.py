"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import io
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from crawler.errors import FileUnreadable, OutputExists

STDOUT = Path("-")

DATABASE = b"SQLite format 3\0"
"""First bytes of every archive."""
BESIDE_DATABASE = ("-wal", "-shm", "-journal")
"""Endings of the files that belong to a database: what is written last may stand there alone."""

MARK = ".morgue-export"
"""File in every folder that morgue made: a folder with it may be replaced by `--force`, any other never is."""


def check_file(path: Path, *, force: bool) -> None:
    """Refuse what would be overwritten unasked, and what is no file: a device would be replaced by one.

    Raises:
        OutputExists: it is there, and nobody said that it may go.
        FileUnreadable: it is no regular file, or part of a database, which no export replaces, whoever says so.

    """
    if path != STDOUT and _is_of_database(path):
        raise FileUnreadable(str(path), "is a database or part of one, and never overwritten: name another file")
    if path == STDOUT or not path.exists():
        return
    if not path.is_file():
        raise FileUnreadable(str(path), "is no regular file, so nothing is written to it; `-o -` writes to stdout")
    if not force:
        raise OutputExists(path)


def check_folder(path: Path, *, force: bool) -> None:
    """Refuse a folder that holds anything, unless an export made it and it may go.

    Raises:
        OutputExists: it holds something.
        FileUnreadable: it is no folder.

    """
    if not path.exists() and not path.is_symlink():
        return
    if not path.is_dir() or path.is_symlink():
        raise FileUnreadable(str(path), "is there and is no folder: name another")
    if not any(path.iterdir()):
        return
    if not (path / MARK).is_file():
        raise OutputExists(path, "It was not made by an export, so it is never replaced: name another folder.")
    if any(map(_is_of_database, path.iterdir())):
        raise OutputExists(path, "It holds an archive or another database, so it is never replaced: name another folder.")
    if not force:
        raise OutputExists(path, "Name another folder, or --force to replace it and all that is in it.")


@contextmanager
def whole_file(path: Path, *, text: bool) -> Iterator[IO[Any]]:
    """Give a stream to a file that appears only when all is written; `-` is stdout.

    Args:
        path: the file.
        text: UTF-8 with line ends as they are written; else bytes.

    Raises:
        FileUnreadable: it cannot be written.

    """
    if path == STDOUT:
        with _stdout(text=text) as stream:
            yield stream
        return
    path = path.resolve()  # what a link leads to is replaced, and not the link
    beside = _beside(path)
    try:
        with beside.open("w", encoding="utf-8", newline="") if text else beside.open("wb") as stream:
            yield stream
        beside.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with suppress(OSError):  # where it could not be made, it cannot be removed either
            beside.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a new folder that takes its place only when all is written; see `check_folder` for what it may replace.

    Raises:
        FileUnreadable: it cannot be written.

    """
    beside, old = _beside(path), _beside(path, "old")
    try:
        beside.mkdir()
        (beside / MARK).touch()
        yield beside
        if path.exists():
            path.rename(old)
        beside.rename(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        if old.exists() and not path.exists():
            old.rename(path)
        for folder in (beside, old):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _stdout(*, text: bool) -> Iterator[IO[Any]]:
    if not text:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    stream = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=False)
    try:
        yield stream
        stream.flush()
    finally:
        stream.detach()


def _is_of_database(path: Path) -> bool:
    name = next((path.name.removesuffix(ending) for ending in BESIDE_DATABASE if path.name.endswith(ending)), path.name)
    try:
        if not path.with_name(name).is_file():  # to open a pipe would wait for whoever writes into it
            return False
        with path.with_name(name).open("rb") as file:
            return file.read(len(DATABASE)) == DATABASE
    except (OSError, ValueError):
        return False


def _beside(path: Path, ending: str = "part") -> Path:
    whole = path.absolute()
    return whole.with_name(f".{whole.name}.{os.getpid()}.{ending}")


def _unwritable(path: Path, error: OSError) -> FileUnreadable:
    above = path.absolute().parent
    if isinstance(error, FileNotFoundError) and not above.exists():
        return FileUnreadable(str(path), f"cannot be written: there is no folder {above}")
    return FileUnreadable(str(path), f"cannot be written: {error.strerror or error}")
