"""Payloads back out of the file: frames with and without dictionary, each dictionary from its spare where it is damaged."""

from __future__ import annotations

import hashlib
import sqlite3
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator

from archive.capture import Payload

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SELECT_PAYLOAD = "SELECT sha256, size, codec, data, dictionary_id FROM payloads"
"""The columns of `Payload`."""

DICTIONARIES_HELD = 4
"""Dictionaries kept unpacked in memory, of at most `packing.DICTIONARY_BYTES` each. Neighbouring payloads share one."""

COPIES = {"dictionaries": "id", "spare_dictionaries": "dictionary_id"}
"""Tables that hold each dictionary, in the order they are tried, and the column with its number."""

DICTIONARY_NUMBERS = """
SELECT id FROM dictionaries UNION SELECT dictionary_id FROM spare_dictionaries
UNION SELECT dictionary_id FROM payloads WHERE dictionary_id IS NOT NULL ORDER BY 1
"""
"""Every number of a dictionary that any table knows."""

_held: OrderedDict[str, zstd.ZstdDict] = OrderedDict()
_holding = threading.Lock()


def read_body(conn: sqlite3.Connection, payload: Payload) -> bytes:
    """Return the decoded bytes of a payload, proved by their SHA-256.

    Raises:
        ValueError: they are not what was stored; the message says what is wrong.

    """
    if payload.dictionary_id is None:
        return payload.checked()
    wrong = ValueError(f"both copies of dictionary {payload.dictionary_id}, which it refers to, are missing or damaged")
    for sha256, dictionary in _copies(conn, payload.dictionary_id):
        try:
            body = payload.checked(dictionary)
        except ValueError as error:
            wrong = error
        else:
            _hold(sha256, dictionary)
            return body
    raise wrong


def read_dictionary(conn: sqlite3.Connection, number: int) -> zstd.ZstdDict:
    """Return a dictionary, from its spare if the first copy is damaged.

    Raises:
        ValueError: both of its copies are missing or damaged.

    """
    for table in COPIES:
        found = read_copy(conn, number, table)
        if found is not None:
            return zstd.ZstdDict(found[1], is_raw=True)
    raise ValueError(f"both copies of dictionary {number} are missing or damaged")


def _copies(conn: sqlite3.Connection, number: int) -> Iterator[tuple[str, zstd.ZstdDict]]:
    """The dictionary with its SHA-256: as held in memory, then each copy in the file that unpacks.

    Their SHA-256 is not looked at: it would take longer than all else, and the page's own proves the page. That they unpack is
    proved by the checksum in the frame.
    """
    held = _recall(conn, number)
    if held is not None:
        yield held
    for table, column in COPIES.items():
        try:
            row = conn.execute(f"SELECT sha256, data FROM {table} WHERE {column} = ?", (number,)).fetchone()  # noqa: S608
            if row is not None:
                yield row[0], zstd.ZstdDict(zstd.decompress(row[1]), is_raw=True)
        except (sqlite3.DatabaseError, zstd.ZstdError, ValueError, MemoryError):
            continue


def read_copy(conn: sqlite3.Connection, number: int, table: str) -> tuple[str, bytes] | None:
    """Return the SHA-256 of one copy of a dictionary and what it unpacks to; None if that is missing or damaged.

    Args:
        conn: the archive.
        number: of the dictionary.
        table: one of COPIES.

    """
    try:
        row = conn.execute(f"SELECT sha256, data FROM {table} WHERE {COPIES[table]} = ?", (number,)).fetchone()  # noqa: S608
        content = zstd.decompress(row[1]) if row else b""
    except (sqlite3.DatabaseError, zstd.ZstdError, MemoryError):
        return None
    return (row[0], content) if row and hashlib.sha256(content).hexdigest() == row[0] else None


def _recall(conn: sqlite3.Connection, number: int) -> tuple[str, zstd.ZstdDict] | None:
    try:
        row = conn.execute("SELECT sha256 FROM dictionaries WHERE id = ?", (number,)).fetchone()
    except sqlite3.DatabaseError:
        return None
    with _holding:
        if row is None or row[0] not in _held:
            return None
        _held.move_to_end(row[0])
        return row[0], _held[row[0]]


def _hold(sha256: str, dictionary: zstd.ZstdDict) -> None:
    with _holding:
        _held[sha256] = dictionary
        while len(_held) > DICTIONARIES_HELD:
            _held.popitem(last=False)
