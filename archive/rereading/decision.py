"""What becomes of a page that gave no revision, once it reads as an article."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence

from archive.order import Place, place_of
from archive.rereading.staged import Staged
from archive.sightings import Sighting, Spot, find_spot
from archive.tombstones import refusal_of_reading


class Decision:
    """What becomes of readings whose captures gave no revision: the same as if they had been read so at their visit."""

    def __init__(self, conn: sqlite3.Connection, changed: Mapping[tuple[int, int], str]) -> None:
        """Begin with the digests that the revisions will have.

        Args:
            conn: the archive.
            changed: article and number -> digest, of what is staged in the place of revisions.

        """
        self._conn = conn
        self._changed = changed
        self._histories: dict[int, list[tuple[Place, str]]] = {}
        self._new: dict[str, list[tuple[Place, str]]] = {}

    def all_of(self, several: Iterable[Staged]) -> Iterator[tuple[Staged, str]]:
        """Decide on readings together: pages of an article's own address come first, for they rank above all others."""
        placed = [(self._article_of(one), one) for one in several]
        for _, one in sorted(placed, key=lambda pair: (not pair[0][1].own, pair[1].seen, pair[1].fetch_id)):
            yield one, self.of(one)

    def of(self, one: Staged) -> str:
        """`as_known`, `revision` or `article`."""
        if refusal_of_reading(self._conn, one.fetch_id, one.url, one.digest, one.article_id) is not None:
            return "as_known"
        article_id, place = self._article_of(one)
        history = self._new.setdefault(one.url, []) if article_id is None else self._history(article_id)
        finding = "article" if article_id is None and not history else "revision"
        if self._is_outranked(article_id, place, history):
            return "as_known"
        before = [digest for other, digest in history if other <= place][-1:]
        after = [digest for other, digest in history if other > place][:1]
        assert one.digest is not None
        history.append((place, one.digest))
        history.sort()
        return "as_known" if one.digest in (*before, *after) else finding

    def _article_of(self, one: Staged) -> tuple[int | None, Place]:
        """The article that a page is of, None where it is new; and where the page stands among those of the article."""
        article_id = one.article_id if one.article_id is not None else article_at(self._conn, one.url)
        filed = one.url
        if article_id is not None:
            (filed,) = self._conn.execute("SELECT url FROM articles WHERE id = ?", (article_id,)).fetchone()
        page = self._conn.execute("SELECT url, fetched, payload FROM captures WHERE id = ?", (one.capture_id,)).fetchone()
        return article_id, place_of(filed, *page)

    def _history(self, article_id: int) -> list[tuple[Place, str]]:
        """Place and digest of each revision, in order, as they will be."""
        if article_id not in self._histories:
            rows = self._conn.execute(
                "SELECT a.url, c.url, c.fetched, c.payload, r.number, r.digest FROM articles AS a "
                "JOIN revisions AS r ON r.article_id = a.id JOIN captures AS c ON c.id = r.capture_id WHERE a.id = ?",
                (article_id,),
            )
            self._histories[article_id] = sorted(
                (place_of(*page), self._changed.get((article_id, number)) or digest) for *page, number, digest in rows
            )
        return self._histories[article_id]

    def _is_outranked(self, article_id: int | None, place: Place, history: Sequence[tuple[Place, str]]) -> bool:
        """Whether a page of a better address shows the article then, or since earlier: one that is kept, or decided on here."""
        if article_id is not None and find_spot(self._conn, article_id, place).is_outranked:
            return True
        decided = [Sighting(other, 0, 0, 0) for other, _ in history]
        before = tuple(sighting for sighting in decided if sighting.place <= place)
        return Spot(place, before, tuple(decided[len(before) :])).is_outranked


def article_at(conn: sqlite3.Connection, url: str) -> int | None:
    """Number of the article that is filed under an address; None where none is."""
    row = conn.execute("SELECT id FROM articles WHERE url = ?", (url,)).fetchone()
    return None if row is None else int(row[0])
