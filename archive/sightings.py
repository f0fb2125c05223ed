"""Every page that an article was read from, in the order of `archive.order`, and where one more stands among them.

The revisions of an article are the runs of that line: pages in a row that read the same are one revision. A page that is taken in
late can stand inside of a run; then the part of the run that comes back to the former reading is a revision of its own again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile

from archive.order import Place, key_of, place_of
from archive.timestamps import moment_of

ONE_VISIT = timedelta(hours=1)
"""Pages of several addresses of one article, fetched within this time, show one state of it: a crawl comes upon them minutes
apart, with the delays of politeness between. One stands for all."""

OF_A_VARIANT = "another address of the same article, which is kept from its own"
"""Why a page was not taken for a reading of its article."""

LINE = """
SELECT f.id, c.id, f.revision, c.url, c.fetched, c.payload
FROM fetches AS f JOIN captures AS c ON c.id = (SELECT min(id) FROM captures WHERE fetch_id = f.id)
WHERE f.article_id = ? AND f.outcome IN ('stored', 'unchanged') AND f.revision IS NOT NULL AND f.reason IS NOT ?
"""

ANCHOR = """
SELECT a.url, c.url, c.fetched, c.payload
FROM articles AS a JOIN revisions AS r ON r.article_id = a.id JOIN captures AS c ON c.id = r.capture_id
WHERE r.article_id = ? AND r.number = ?
"""
"""The page that a revision was read from."""

GIVE_WAY = "UPDATE fetches SET outcome = 'unchanged', reason = ? WHERE id = ?"

PARTS = ("blocks", "evidence")
"""Tables with what a revision consists of."""


@dataclass(frozen=True, slots=True, order=True)
class Sighting:
    """A fetch that an article was read from."""

    place: Place
    fetch_id: int
    capture_id: int
    number: int
    """The revision that it reads like."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a page stands among the sightings of its article."""

    place: Place
    before: tuple[Sighting, ...]
    after: tuple[Sighting, ...]

    @property
    def neighbours(self) -> list[int]:
        """Numbers of the revisions just before and just after."""
        return [sighting.number for sighting in (*self.before[-1:], *self.after[:1])]

    @property
    def is_latest(self) -> bool:
        """Whether it is what the article's row is to show."""
        return not self.after

    @property
    def is_outranked(self) -> bool:
        """Whether a page of a better address shows the article, then or since earlier."""
        if any(sighting.place.own and _is_no_later(sighting.place, self.place) for sighting in self.after):
            return not self.place.own
        return any(_rank(other.place) < _rank(self.place) for other in self._of_one_visit())

    @property
    def lesser(self) -> list[Sighting]:
        """Sightings in the same visit that this page outranks."""
        return [other for other in self._of_one_visit() if _rank(other.place) > _rank(self.place)]

    def without(self, gone: Collection[Sighting]) -> Spot:
        """The same, some of the sightings left out."""
        before, after = (tuple(other for other in side if other not in gone) for side in (self.before, self.after))
        return Spot(self.place, before, after)

    def _of_one_visit(self) -> Iterator[Sighting]:
        """Sightings of addresses that are not the article's own, nor this one."""
        for other in (*self.before, *self.after):
            if not other.place.own and _rank(other.place) != _rank(self.place) and _is_one_visit(other.place, self.place):
                yield other


def find_spot(conn: sqlite3.Connection, article_id: int, place: Place) -> Spot:
    """Find where a page stands that is not in the tables yet."""
    (url,) = conn.execute("SELECT url FROM articles WHERE id = ?", (article_id,)).fetchone()
    line = sorted(
        Sighting(place_of(url, address, fetched, payload), fetch_id, capture_id, number)
        for fetch_id, capture_id, number, address, fetched, payload in conn.execute(LINE, (article_id, OF_A_VARIANT))
    )
    before = tuple(sighting for sighting in line if sighting.place <= place)
    return Spot(place, before, tuple(line[len(before) :]))


def let_give_way(conn: sqlite3.Connection, spot: Spot) -> tuple[Spot, int | None]:
    """Let pages of lesser addresses that were read in the same visit stand for the article no more; their captures stay.

    Args:
        conn: inside a transaction.
        spot: of the page that they give way to.

    Returns:
        The spot without them, and the number of a revision that no other page reads like, which the page is to take over.

    """
    lesser = spot.lesser
    left = spot.without(lesser)
    conn.executemany(GIVE_WAY, [(OF_A_VARIANT, sighting.fetch_id) for sighting in lesser])
    still_read = {sighting.number for sighting in (*left.before, *left.after)}
    free = [sighting.number for sighting in lesser if sighting.number not in still_read]
    return left, free[-1] if free else None


def divide(conn: sqlite3.Connection, article_id: int, spot: Spot, number: int) -> int | None:
    """Make two revisions of the run that a page stands in: one before it, and one after it, which reads the same.

    Args:
        conn: inside a transaction.
        article_id: the article.
        spot: of the page.
        number: what the new one of the two is to be called.

    Returns:
        That number; None where the page stands in no run.

    """
    around = spot.neighbours
    if len(around) < 2 or around[0] != around[1]:
        return None
    url, *page = conn.execute(ANCHOR, (article_id, around[0])).fetchone()
    side = reversed(spot.before) if place_of(url, *page) > spot.place else spot.after
    part = sorted(takewhile(lambda sighting: sighting.number == around[0], side))
    _copy(conn, article_id, around[0], number, part[0])
    conn.executemany("UPDATE fetches SET revision = ? WHERE id = ?", [(number, sighting.fetch_id) for sighting in part])
    return number


def _copy(conn: sqlite3.Connection, article_id: int, former: int, number: int, sighting: Sighting) -> None:
    """Keep the reading of a revision once more, as that of a later or earlier page that reads the same."""
    new = {"revisions": {"number": number, "capture_id": sighting.capture_id}} | {name: {"revision": number} for name in PARTS}
    for table, changed in new.items():
        names = [name for (name,) in conn.execute("SELECT name FROM pragma_table_info(?)", (table,))]
        values = [str(changed.get(name, name)) for name in names]
        key = "number" if table == "revisions" else "revision"
        conn.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} "  # noqa: S608 - names of the schema
            f"FROM {table} WHERE article_id = ? AND {key} = ?",
            (article_id, former),
        )
    captures = conn.execute("SELECT id FROM read_captures WHERE fetch_id = ? ORDER BY id", (sighting.fetch_id,)).fetchall()
    note_further_pages(conn, article_id, number, [capture for (capture,) in captures])


def note_further_pages(conn: sqlite3.Connection, article_id: int, number: int, captures: Sequence[int]) -> None:
    """Say which pages after the first a revision was read from; `captures` are all of them."""
    conn.execute("DELETE FROM revision_captures WHERE article_id = ? AND revision = ?", (article_id, number))
    rows = [(article_id, number, page, capture) for page, capture in enumerate(captures[1:], start=2)]
    conn.executemany("INSERT INTO revision_captures VALUES (?, ?, ?, ?)", rows)


def _rank(place: Place) -> tuple[bool, str]:
    return not place.own, key_of(place.url)


def _is_one_visit(first: Place, second: Place) -> bool:
    return abs(moment_of(first.fetched) - moment_of(second.fetched)) <= ONE_VISIT


def _is_no_later(own: Place, other: Place) -> bool:
    return own.fetched <= other.fetched or _is_one_visit(own, other)
