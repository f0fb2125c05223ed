"""Scripts written without spaces between words, cut into overlapping pairs of characters so that FTS5 can find words in them.

`東京都の cat` becomes `東京 京都 都の の cat`: the pairs of a run, and its last character, so that each one begins something.
A word to look for becomes the phrase of its pairs, without that last one. Articles that hold such text have a row in `pairs`
with all their words, cut or not; `pairs_fts` indexes it. Korean has spaces, but its words grow endings; it is cut as well.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from archive.numbers import LARGEST_INTEGER

RANGES = (
    "\u0e01-\u0e3a\u0e40-\u0e4e"  # Thai
    "\u0e81-\u0ebd\u0ec0-\u0ece\u0edc-\u0edf"  # Lao
    "\u1000-\u109f\ua9e0-\ua9fe\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17d3\u17dc\u17dd"  # Khmer
    "\u3005-\u3007\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Japanese
    "\u3105-\u312f\u31a0-\u31bf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese
    "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb\uffa0-\uffdc"  # Korean
)
RUN = re.compile(f"[{RANGES}]+")

INSERT = "INSERT INTO pairs (article_id, title, dek, byline, text) VALUES (?, ?, ?, ?, ?)"

FILLED_AT_ONCE = 500
"""Articles read together when an archive is filled; bounds memory, at a few megabytes."""

WITHOUT_PAIRS = """
SELECT id, title, dek, byline, text FROM articles AS a
WHERE id BETWEEN ? AND ? AND NOT EXISTS (SELECT 1 FROM pairs WHERE article_id = a.id) ORDER BY id LIMIT ?
"""


def holds_unspaced(text: str) -> bool:
    """Whether any of it is in a script without spaces."""
    return not text.isascii() and RUN.search(text) is not None


def pairs_of(text: str) -> str:
    """The text with each run of such a script cut into its pairs and its last character, and all else as it is."""
    return RUN.sub(lambda found: f" {_cut(found[0], last=True)} ", unicodedata.normalize("NFKC", text))


def pairs_to_find(text: str) -> tuple[str, bool]:
    """What to look for in the index of pairs, as a phrase.

    Returns:
        The phrase, and whether its last word is but a beginning: so it is with a single character.

    """
    text = unicodedata.normalize("NFKC", text).rstrip()
    end = next((found for found in RUN.finditer(text) if found.end() == len(text)), None)
    if end is None:
        return pairs_of(text), False
    return f"{pairs_of(text[: end.start()])} {_cut(end[0], last=False)}", len(end[0]) == 1


def write_pairs(conn: sqlite3.Connection, article_id: int, *texts: str | None) -> None:
    """Bring an article's row in `pairs` up to its texts: written if any is in a script without spaces, else removed.

    Args:
        conn: inside a transaction.
        article_id: the article, whose row is written already.
        texts: its title, dek, byline and text.

    """
    conn.execute("DELETE FROM pairs WHERE article_id = ?", (article_id,))
    if any(text is not None and holds_unspaced(text) for text in texts):
        conn.execute(INSERT, (article_id, *(None if text is None else pairs_of(text) for text in texts)))


def fill_pairs(conn: sqlite3.Connection, first: int = 1, last: int = LARGEST_INTEGER) -> int:
    """Write the rows that are missing in `pairs`; returns how many there were. Part of the caller's transaction.

    Args:
        conn: inside a transaction.
        first: number of the first article that is looked at.
        last: number of the last one.

    """
    missing = 0
    for row in _missing(conn, first, last):
        write_pairs(conn, *row)
        missing += 1
    return missing


def count_missing(conn: sqlite3.Connection) -> int:
    """Articles that should have a row in `pairs` and have none."""
    return sum(1 for _ in _missing(conn, 1, LARGEST_INTEGER))


def _missing(conn: sqlite3.Connection, first: int, last: int) -> Iterator[Sequence[Any]]:
    """Id and texts of articles that should have a row in `pairs` and have none; rows may be written meanwhile."""
    while rows := conn.execute(WITHOUT_PAIRS, (first, last, FILLED_AT_ONCE)).fetchall():
        first = rows[-1][0] + 1
        yield from (row for row in rows if any(text is not None and holds_unspaced(text) for text in row[1:]))


def _cut(run: str, *, last: bool) -> str:
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return " ".join([*pairs, run[-1]] if last or not pairs else pairs)
