"""Pins: articles whose reading is known to be right, and with which rules it last came out so."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
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
INSERT INTO pins (article_id, revision, pinned, reader, expected, corrected, checked) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (article_id) DO UPDATE SET revision = excluded.revision, pinned = excluded.pinned, reader = excluded.reader,
    expected = excluded.expected, corrected = excluded.corrected, checked = excluded.checked
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
    checked: str
    """Rules that read it last, right or not, as `pipelines.version.rules` names them."""
    url: str = ""
    site: str = ""


class Pins:
    """The pins of an archive."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def __iter__(self) -> Iterator[Pin]:
        """All pins, in the order they were made."""
        rows = self._db.conn.execute(PINNED).fetchall()
        for _, article, revision, pinned, reader, expected, corrected, checked, url, site in rows:
            fields = json.loads(expected), tuple(json.loads(corrected))
            yield Pin(article, revision, moment_of(pinned), reader, *fields, checked, url, site)

    def keep(self, pin: Pin) -> None:
        """Keep a pin, in place of the one that the article has."""
        expected, corrected = json.dumps(dict(pin.expected), ensure_ascii=False), json.dumps(sorted(pin.corrected))
        with writing(self._db) as conn:
            row = (pin.article_id, pin.revision, stamp(pin.pinned), pin.reader, expected, corrected, pin.checked)
            conn.execute(ADD, row)

    def remove(self, article_id: int) -> bool:
        """Forget the pin of an article; returns whether it had one."""
        with writing(self._db) as conn:
            return conn.execute("DELETE FROM pins WHERE article_id = ?", (article_id,)).rowcount > 0

    def note_checked(self, right: Iterable[int], wrong: Iterable[int], reader: str, checked: str) -> None:
        """Note that pins were read again.

        Args:
            right: articles that came out as expected.
            wrong: the others.
            reader: version of the rules.
            checked: the rules with packages and judges.

        """
        with writing(self._db) as conn:
            rows = [(checked, reader, id_) for id_ in right]
            conn.executemany("UPDATE pins SET checked = ?, reader = ? WHERE article_id = ?", rows)
            conn.executemany("UPDATE pins SET checked = ? WHERE article_id = ?", [(checked, id_) for id_ in wrong])

    def pages(self, article_id: int, revision: int) -> list[CapturedPage]:
        """The pages that a revision was read from, in order.

        Raises:
            DamagedPayload: one is not what was stored.

        """
        rows = self._db.conn.execute(CAPTURES, {"article": article_id, "revision": revision}).fetchall()
        return Rereading(self._db).pages([capture for capture, _ in rows])


__all__ = ["Pin", "Pins"]
