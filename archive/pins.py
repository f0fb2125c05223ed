"""Pins: articles whose reading is known to be right, and with which rules it last came out so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive.connection import writing
from archive.rereading import CapturedPage, Rereading
from archive.timestamps import moment_of, stamp

PINNED = """
SELECT p.*, a.url, a.site FROM pins AS p JOIN articles AS a ON a.id = p.article_id ORDER BY p.id
"""
CAPTURES = """
SELECT capture_id, 1 AS position FROM revisions WHERE article_id = :article AND number = :revision
UNION ALL
SELECT capture_id, position FROM revision_captures WHERE article_id = :article AND revision = :revision ORDER BY position
"""
ADD = """
INSERT INTO pins (article_id, revision, pinned, reader, expected, corrected) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (article_id) DO UPDATE SET revision = excluded.revision, pinned = excluded.pinned, reader = excluded.reader,
    expected = excluded.expected, corrected = excluded.corrected
"""


@dataclass(frozen=True, slots=True)
class Pin:
    """An article whose reading is known to be right."""

    article_id: int
    revision: int
    pinned: datetime
    reader: str
    """Version of the rules with which it last came out as expected."""
    expected: Mapping[str, Any]
    """Field -> value; `authors` is a list of names, `text` the body."""
    corrected: tuple[str, ...]
    """Fields whose value the user wrote."""
    url: str = ""
    site: str = ""


class Pins:
    """The pins of an archive."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def __iter__(self) -> Iterator[Pin]:
        """All pins, in the order they were made."""
        rows = self._db.conn.execute(PINNED).fetchall()
        for _, article, revision, pinned, reader, expected, corrected, url, site in rows:
            yield Pin(article, revision, moment_of(pinned), reader, json.loads(expected), tuple(json.loads(corrected)), url, site)

    def keep(self, pin: Pin) -> None:
        """Keep a pin, in place of the one that the article has."""
        expected, corrected = json.dumps(dict(pin.expected), ensure_ascii=False), json.dumps(sorted(pin.corrected))
        with writing(self._db) as conn:
            conn.execute(ADD, (pin.article_id, pin.revision, stamp(pin.pinned), pin.reader, expected, corrected))

    def remove(self, article_id: int) -> bool:
        """Forget the pin of an article; returns whether it had one."""
        with writing(self._db) as conn:
            return conn.execute("DELETE FROM pins WHERE article_id = ?", (article_id,)).rowcount > 0

    def came_out(self, article_ids: Sequence[int], reader: str) -> None:
        """Note that pins came out as expected with these rules."""
        with writing(self._db) as conn:
            conn.executemany("UPDATE pins SET reader = ? WHERE article_id = ?", [(reader, id_) for id_ in article_ids])

    def pages(self, article_id: int, revision: int) -> list[CapturedPage]:
        """The pages that a revision was read from, in order.

        Raises:
            DamagedPayload: one is not what was stored.

        """
        rows = self._db.conn.execute(CAPTURES, {"article": article_id, "revision": revision}).fetchall()
        return Rereading(self._db).pages([capture for capture, _ in rows])


__all__ = ["Pin", "Pins"]
