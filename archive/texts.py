"""Texts that cannot be read, as a disk that fails leaves them: no UTF-8, which SQLite keeps and Python refuses, or no JSON."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple

UNREADABLE = ("Could not decode to UTF-8", "user-defined function raised exception", "malformed JSON")
"""How messages on them begin. The text itself follows the first, and is shown to nobody; the second comes where a function of
ours, which raises nothing itself, is given such a text."""

NAMED = 20
"""Rows of a table that are named at most: all of a table may be broken."""

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%' ORDER BY rowid"
COLUMNS = "SELECT name, type, pk FROM pragma_table_info(?) ORDER BY cid"


class BrokenText(NamedTuple):
    """A row with a text that cannot be read."""

    table: str
    key: dict[str, object]
    """Its primary key."""
    columns: tuple[str, ...]
    """Those that are no UTF-8."""

    @property
    def place(self) -> str:
        """The row in words."""
        return f"{self.table}, {', '.join(f'{name} {value}' for name, value in self.key.items())}"


def is_unreadable(error: BaseException) -> bool:
    """Whether an error is that of a text that is no UTF-8, or of a list or object that is no JSON."""
    known = isinstance(error, sqlite3.OperationalError) and str(error).startswith(UNREADABLE)
    return known or isinstance(error, json.JSONDecodeError)


@contextmanager
def past_broken() -> Iterator[None]:
    """Leave the block where it meets such a text: `morgue verify` names the row."""
    try:
        yield
    except (sqlite3.OperationalError, json.JSONDecodeError) as error:
        if not is_unreadable(error):
            raise


def broken_texts(conn: sqlite3.Connection, most: int | None = NAMED) -> Iterator[BrokenText]:
    """Rows with a text that is no UTF-8, of each table at most so many; all texts of the file are read for it."""
    for (table,) in conn.execute(TABLES).fetchall():
        columns = conn.execute(COLUMNS, (table,)).fetchall()
        texts = [name for name, kind, _ in columns if kind == "TEXT"]
        keys = [name for name, _, place in sorted(columns, key=lambda column: column[2]) if place]
        if texts and not _reads(conn, table, texts):
            yield from _rows(conn, table, keys, texts, most)


def _reads(conn: sqlite3.Connection, table: str, texts: list[str]) -> bool:
    try:
        for _ in conn.execute(f"SELECT {', '.join(texts)} FROM {table}"):  # noqa: S608 - names of the schema
            pass
    except sqlite3.OperationalError as error:
        if not is_unreadable(error):
            raise
        return False
    return True


def _rows(conn: sqlite3.Connection, table: str, keys: list[str], texts: list[str], most: int | None) -> list[BrokenText]:
    conn.text_factory = bytes
    try:
        rows = conn.execute(f"SELECT {', '.join(keys + texts)} FROM {table}")  # noqa: S608 - names of the schema
        found = (
            BrokenText(table, dict(zip(keys, map(_shown, row), strict=False)), broken)
            for row in rows
            if (broken := tuple(name for name, text in zip(texts, row[len(keys) :], strict=True) if not _is_utf8(text)))
        )
        return list(islice(found, most))
    finally:
        conn.text_factory = str


def _is_utf8(text: bytes | None) -> bool:
    try:
        (text or b"").decode()
    except UnicodeDecodeError:
        return False
    return True


def _shown(value: object) -> object:
    return value.decode(errors="replace") if isinstance(value, bytes) else value
