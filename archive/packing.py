"""Packing: captures in little room, by what the pages of one site have in common.

A crawl keeps each page as a Zstandard frame of its own. Packing, afterwards, puts a few typical pages of a site into a
dictionary and compresses the others against it. A frame refers to its dictionary and to nothing else, and a dictionary is kept
twice; so no damaged row costs more than one page. See docs/decisions/0010-dictionaries.md for what was measured.

It all goes in small steps, each a transaction of its own or none: a crawl may run beside it, and a packer that is killed has
lost nothing but its last step.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from archive.capture import Payload
from archive.connection import writing
from archive.errors import DamagedPayload
from archive.pages_in_common import most_typical
from archive.payloads import COPIES, DICTIONARY_NUMBERS, SELECT_PAYLOAD, read_body, read_copy, read_dictionary
from archive.rows import PackReport
from archive.timestamps import now, stamp

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

if TYPE_CHECKING:
    from sqlite_utils import Database

T = TypeVar("T")

LEVEL = 11
"""Of frames with a dictionary: 3 % smaller than level 9 for half as much time again; 15 takes ten times as long for 3 % more."""
DICTIONARY_LEVEL = 12
"""Of dictionaries themselves; 19 saves a twelfth and takes a whole second for the largest."""
DICTIONARY_BYTES = 4 << 20
"""Of all pages in a dictionary at most, unpacked: 2.5 ms to unpack, so that one page is read back in under 5 ms."""
DICTIONARY_WINDOW = DICTIONARY_BYTES.bit_length()
"""Binary logarithm of a window that reaches over the whole of it."""
DICTIONARY_PAGES = 8
"""In one dictionary at most: of twelve pages of one site, the eighth gained nothing any more."""
LARGEST_PAGE = 32 << 20
"""Bytes of a page that is packed; what is larger is no article, and stays as it is."""
LARGEST_WINDOW = 27
"""Binary logarithm of the distance that every decoder of Zstandard follows without being told to."""
FEWEST_PAGES = 4
"""Plain pages of a site for which a dictionary is tried."""
SAMPLE_PAGES = 24
"""Pages looked at to make a dictionary: those in it are chosen among them, and the others say how well it serves."""
SAMPLE_BYTES = 32 << 20
"""Of these, together, at most."""
TESTED_PAGES = 6
"""Pages that a dictionary is measured on. More would make a choice that takes a second of work for large pages take longer."""
WORTH = 0.9
"""A new dictionary replaces the one that a site has if the pages take less than so much of the room, its own counted in."""
PACKED_COUNTED = 2000
"""Packed pages of a site whose room is added up, to say how much more is likely to come: megabytes, beside which a dictionary
weighs little. To add up all of them, whenever a few pages have come, would take time by the square of their number."""
BATCH_BYTES = 4 << 20
"""Decoded pages in one transaction at most: a tenth of a second of work."""
BATCH_PAGES = 32
"""Pages in one transaction at most."""

SITES = """
SELECT site, count(*) FROM payloads WHERE codec = 'zstd' AND site IS NOT NULL AND (:site IS NULL OR site = :site)
GROUP BY site HAVING count(*) >= :fewest ORDER BY count(*) DESC, site
"""
PLAIN = "SELECT id FROM payloads WHERE codec = 'zstd' AND site = ? AND size <= ? ORDER BY id"
NEWEST_DICTIONARY = "SELECT max(id) FROM dictionaries WHERE site = ?"
PLAIN_BYTES = "SELECT coalesce(sum(length(data)), 0) FROM payloads WHERE codec = 'zstd' AND site = ? AND size <= ?"
PACKED_BYTES = """
SELECT coalesce(sum(length(data)), 0) FROM (
    SELECT data FROM payloads WHERE dictionary_id IN (SELECT id FROM dictionaries WHERE site = ?) LIMIT ?
)
"""
ADD_DICTIONARY = """
INSERT INTO dictionaries (site, sha256, made, samples, data) VALUES (:site, :sha256, :made, :samples, :packed)
ON CONFLICT (sha256) DO UPDATE SET made = made RETURNING id
"""
ADD_SPARE = "INSERT OR REPLACE INTO spare_dictionaries (dictionary_id, sha256, data) VALUES (:id, :sha256, :packed)"
RESTORE_DICTIONARY = """
INSERT INTO dictionaries (id, site, sha256, made, samples, data)
SELECT :id, coalesce(max(site), ''), :sha256, :made, '[]', :packed FROM payloads WHERE dictionary_id = :id
"""
"""What it is made of is not known any more: pages may be in it that were removed since."""
PACK = """
UPDATE payloads SET codec = 'zstd-dictionary', data = :data, dictionary_id = :dictionary
WHERE id = :id AND codec = 'zstd' AND EXISTS (SELECT 1 FROM dictionaries WHERE id = :dictionary)
"""
MOVE = "UPDATE payloads SET codec = :codec, data = :data, dictionary_id = :dictionary WHERE id = :id AND dictionary_id = :old"
HOLDING = """
SELECT n.id FROM (SELECT id FROM dictionaries UNION SELECT dictionary_id FROM spare_dictionaries) AS n
LEFT JOIN dictionaries AS d ON d.id = n.id
WHERE CASE
    WHEN d.samples IS NULL OR NOT json_valid(d.samples) THEN 1
    WHEN json_array_length(d.samples) = 0 THEN 1
    ELSE EXISTS (SELECT 1 FROM json_each(d.samples) WHERE value IN (SELECT value FROM json_each(?)))
END
ORDER BY n.id
"""
"""Dictionaries with parts of given pages; any of which is not known what it is made of may have them."""
REFERRING = "SELECT id, sha256 FROM payloads WHERE dictionary_id = ? ORDER BY id"


@dataclass(frozen=True, slots=True)
class _Page:
    """A payload on its way."""

    id: int
    sha256: str
    body: bytes
    kept: int
    """Bytes that it takes in the file."""


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """A dictionary with the pages it is made of."""

    content: zstd.ZstdDict
    samples: tuple[str, ...] = ()
    packed: bytes = b""
    id: int | None = None
    """None: not in the file yet."""


@dataclass(slots=True)
class _Count:
    """What a packing has done so far."""

    sites: int = 0
    payloads: int = 0
    dictionaries: int = 0
    before: int = 0
    after: int = 0
    damaged: list[str] = field(default_factory=list)


class Packing:
    """One packing of an archive, in steps: an iterator that does a little with each `next`, and counts."""

    def __init__(
        self, db: Database, site: str | None = None, fewest: int = FEWEST_PAGES, seen: dict[str, int] | None = None
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            db: the archive.
            site: the one site to pack; None: all.
            fewest: plain pages of a site below which it is left alone.
            seen: site -> plain pages that the last packing left, for a caller that comes again; it is brought up to date. A site
                is looked at again when `fewest` more have come.

        """
        self._db = db
        self._site = site
        self._fewest = fewest
        self._seen = {} if seen is None else seen
        self._count = _Count()
        self.total = 0
        """Pages to be packed, as far as they are counted."""
        self.done = 0
        """Of these, how many were looked at."""

    def report(self) -> PackReport:
        """Return what was done so far."""
        c = self._count
        return PackReport(c.sites, c.payloads, c.dictionaries, c.before, c.after, tuple(c.damaged))

    def steps(self) -> Iterator[None]:
        """Pack; a step takes a tenth of a second at most, save for pages of more than a few megabytes.

        Raises:
            ArchiveLocked: another process kept the file locked for too long.

        """
        sites = [
            (site, plain)
            for site, plain in self._db.conn.execute(SITES, {"site": self._site, "fewest": self._fewest}).fetchall()
            if plain >= self._seen.get(site, 0) + self._fewest
        ]
        self.total = sum(plain for _, plain in sites)
        for site, _ in sites:
            before = self._count.payloads
            yield from self._pack_site(site)
            self._count.sites += self._count.payloads > before
            self._seen[site] = self._db.conn.execute(
                "SELECT count(*) FROM payloads WHERE codec = 'zstd' AND site = ?", (site,)
            ).fetchone()[0]

    def _pack_site(self, site: str) -> Iterator[None]:
        ids = [row[0] for row in self._db.conn.execute(PLAIN, (site, LARGEST_PAGE))]
        if not ids:
            return
        yield
        found: list[_Dictionary] = []
        yield from self._find_dictionary(site, ids, found)
        if not found:
            self.done += len(ids)
            return
        dictionary = found[0]
        for batch in self._batches(ids):
            packed = []
            for page in batch:
                packed.append((page, compress(page.body, dictionary.content)))
                self.done += 1
                yield
            kept = self._write(site, dictionary, packed)
            if kept is None:  # what it is made of was removed meanwhile, or it was
                return
            dictionary = kept
            yield
        self.done = min(self.done, self.total)

    def _batches(self, ids: Sequence[int]) -> Iterator[list[_Page]]:
        batch: list[_Page] = []
        for number in ids:
            page = self._read(number)
            if page is None:
                continue
            batch.append(page)
            if len(batch) >= BATCH_PAGES or sum(len(p.body) for p in batch) >= BATCH_BYTES:
                yield batch
                batch = []
        if batch:
            yield batch

    def _read(self, number: int) -> _Page | None:
        """A page proved by its SHA-256; None if it is damaged, gone or packed by somebody else: it stays as it is."""
        row = self._db.conn.execute(f"{SELECT_PAYLOAD} WHERE id = ? AND codec = 'zstd'", (number,)).fetchone()
        if row is None:
            return None
        payload = Payload(*row)
        try:
            return _Page(number, payload.sha256, payload.checked(), len(payload.data))
        except ValueError:
            if payload.sha256 not in self._count.damaged:
                self._count.damaged.append(payload.sha256)
            return None

    def _find_dictionary(self, site: str, ids: Sequence[int], found: list[_Dictionary]) -> Iterator[None]:
        """Put the dictionary that serves these pages best into `found`: the newest of the site, a new one, or none."""
        sample: list[_Page] = []
        for number in _spread(ids, SAMPLE_PAGES):
            page = self._read(number)
            if page is not None and len(page.body) + sum(len(p.body) for p in sample) <= SAMPLE_BYTES:
                sample.append(page)
            yield
        old = self._newest(site)
        expected = self._db.conn.execute(PLAIN_BYTES, (site, LARGEST_PAGE)).fetchone()[0]
        present = {page.id: page.kept for page in sample}
        if old is not None:
            found.append(old)
            for page in sample:
                present[page.id] = len(compress(page.body, old.content))
                yield
            expected *= sum(present.values()) / max(1, sum(page.kept for page in sample))
            # A site that has had so much is likely to have as much again.
            expected += self._db.conn.execute(PACKED_BYTES, (site, PACKED_COUNTED)).fetchone()[0]
        yield from _better_dictionary(sample, present, expected, found)

    def _newest(self, site: str) -> _Dictionary | None:
        number = self._db.conn.execute(NEWEST_DICTIONARY, (site,)).fetchone()[0]
        if number is None:
            return None
        try:
            return _Dictionary(read_dictionary(self._db.conn, number), id=number)
        except ValueError:  # it is for `verify` to tell; new pages do not depend on it
            return None

    def _write(self, site: str, dictionary: _Dictionary, packed: Sequence[tuple[_Page, bytes]]) -> _Dictionary | None:
        """Write frames, and with the first of them the dictionary, in one transaction; None if it must not be used any more."""
        with writing(self._db) as conn:
            number = dictionary.id
            if number is None:
                number = _add_dictionary(conn, site, dictionary)
                if number is None:
                    return None
                self._count.dictionaries += 1
                self._count.after += 2 * len(dictionary.packed)
            elif conn.execute("SELECT 1 FROM dictionaries WHERE id = ?", (number,)).fetchone() is None:
                return None
            for page, frame in packed:
                if len(frame) < page.kept and conn.execute(PACK, {"id": page.id, "data": frame, "dictionary": number}).rowcount:
                    self._count.payloads += 1
                    self._count.before += page.kept
                    self._count.after += len(frame)
        return _Dictionary(dictionary.content, dictionary.samples, dictionary.packed, number)


def pack(db: Database, site: str | None, progress: Callable[[int, int], None] | None) -> PackReport:
    """Pack what is plain, of one site or of all; see `Archive.pack`."""
    packing = Packing(db, site)
    for _ in packing.steps():
        if progress is not None and packing.total:
            progress(packing.done, packing.total)
    return packing.report()


def compress(body: bytes, dictionary: zstd.ZstdDict) -> bytes:
    """Return a frame that refers to a dictionary, proved to give the same bytes back.

    Raises:
        DamagedPayload: it does not; memory or library are at fault.

    """
    window = min(LARGEST_WINDOW, max(10, (len(dictionary.dict_content) + len(body)).bit_length()))
    frame = zstd.compress(body, options=_options(LEVEL, window), zstd_dict=dictionary.as_prefix)
    if zstd.decompress(frame, dictionary.as_prefix) != body:
        raise DamagedPayload("a page that was packed does not unpack to what it was; nothing was written: check this machine")
    return frame


def repack_without(db: Database, payloads: Collection[str], progress: Callable[[int, int], None] | None = None) -> int:
    """Replace each dictionary that parts of these payloads are in, so that none of their bytes is in another row.

    Frames of other pages move to a dictionary made of what remains, in small transactions; the old one is deleted when none
    refers to it. The payloads themselves, if they are still there, are made plain. Killed in between, it is to be called again.
    The bytes may still be in unused parts of the file, which is the caller's to see to.

    Args:
        db: the archive, not in a transaction.
        payloads: their SHA-256, whether the rows are still there or not.
        progress: told how many frames of how many are moved.

    Returns:
        How many dictionaries were replaced.

    Raises:
        DamagedPayload: both copies of such a dictionary are damaged, so that its pages cannot be moved.

    """
    unwanted = frozenset(payloads)
    if not unwanted:
        return 0
    holding = [row[0] for row in db.conn.execute(HOLDING, (json.dumps(sorted(unwanted)),)).fetchall()]
    for number in holding:
        _replace(db, number, unwanted, progress)
    return len(holding)


def mend(db: Database) -> list[int]:
    """Write the sound copy of each dictionary over its damaged one; returns the numbers of those that are whole again."""
    return [number for (number,) in db.conn.execute(DICTIONARY_NUMBERS).fetchall() if _mend_copies(db, number)]


def _mend_copies(db: Database, number: int) -> bool:
    """Write the sound copy of a dictionary over the damaged one; False where both or none are sound."""
    sound = {table: copy for table in COPIES if (copy := read_copy(db.conn, number, table))}
    if len(sound) != 1:
        return False
    _write_copies(db, number, *next(iter(sound.items())))
    return True


def _write_copies(db: Database, number: int, table: str, copy: tuple[str, bytes]) -> None:
    """Bring both rows of a dictionary to what one of them, in `table`, says."""
    with writing(db) as conn:
        packed = conn.execute(f"SELECT data FROM {table} WHERE {COPIES[table]} = ?", (number,)).fetchone()[0]  # noqa: S608
        row = {"id": number, "sha256": copy[0], "packed": packed}
        if table == "dictionaries":
            conn.execute(ADD_SPARE, row)
        elif not conn.execute("UPDATE dictionaries SET sha256 = :sha256, data = :packed WHERE id = :id", row).rowcount:
            conn.execute(RESTORE_DICTIONARY, {**row, "made": stamp(now())})


def _replace(db: Database, number: int, unwanted: frozenset[str], progress: Callable[[int, int], None] | None) -> None:
    try:
        read_dictionary(db.conn, number)
    except ValueError as error:
        raise DamagedPayload(f"{error}, so that its pages cannot be moved: restore the file from a copy first") from error
    _mend_copies(db, number)
    referring = db.conn.execute(REFERRING, (number,)).fetchall()
    new = _dictionary_of_rest(db, number, [row[0] for row in referring if row[1] not in unwanted])
    for done, (payload_id, sha256) in enumerate(referring, start=1):
        with writing(db) as conn:
            if new is not None and new.id is None:
                site = conn.execute("SELECT site FROM dictionaries WHERE id = ?", (number,)).fetchone()[0]
                new = _Dictionary(new.content, new.samples, new.packed, _add_dictionary(conn, site, new))
            _move(conn, payload_id, number, None if sha256 in unwanted or new is None or new.id is None else new)
        if progress is not None:
            progress(done, len(referring))
    with writing(db) as conn:
        for payload_id, _ in conn.execute(REFERRING, (number,)).fetchall():  # packed by another process meanwhile
            _move(conn, payload_id, number, None)
        conn.execute("DELETE FROM spare_dictionaries WHERE dictionary_id = ?", (number,))
        conn.execute("DELETE FROM dictionaries WHERE id = ?", (number,))


def _dictionary_of_rest(db: Database, number: int, ids: Sequence[int]) -> _Dictionary | None:
    """A dictionary for the pages with these ids; None where it would not pay."""
    sample: list[_Page] = []
    for payload_id in _spread(ids, SAMPLE_PAGES):
        row = db.conn.execute(f"{SELECT_PAYLOAD} WHERE id = ?", (payload_id,)).fetchone()
        if row is None:
            continue
        payload = Payload(*row)
        try:
            body = read_body(db.conn, payload)
        except ValueError:
            continue
        if len(body) + sum(len(p.body) for p in sample) <= SAMPLE_BYTES:
            sample.append(_Page(payload_id, payload.sha256, body, len(Payload.of(body).data)))
    found: list[_Dictionary] = []
    if len(ids) >= FEWEST_PAGES and sample:
        present = {page.id: page.kept for page in sample}
        for _ in _better_dictionary(sample, present, sum(present.values()) / len(sample) * len(ids), found):
            pass
    return found[0] if found else None


def _move(conn: sqlite3.Connection, payload_id: int, old: int, new: _Dictionary | None) -> None:
    """Have a frame refer to another dictionary, or to none. One that is damaged is lost with its dictionary."""
    row = conn.execute(f"{SELECT_PAYLOAD} WHERE id = ? AND dictionary_id = ?", (payload_id, old)).fetchone()
    if row is None:
        return
    payload = Payload(*row)
    try:
        body = read_body(conn, payload)
    except ValueError:
        conn.execute("UPDATE payloads SET dictionary_id = NULL WHERE id = ?", (payload_id,))
        return
    moved, dictionary = Payload.of(body), None
    codec, data = moved.codec, moved.data
    if new is not None:
        frame = compress(body, new.content)
        if len(frame) < len(data):
            codec, data, dictionary = "zstd-dictionary", frame, new.id
    conn.execute(MOVE, {"id": payload_id, "old": old, "codec": codec, "data": data, "dictionary": dictionary})


def _add_dictionary(conn: sqlite3.Connection, site: str, dictionary: _Dictionary) -> int | None:
    """Insert a dictionary, and return its number; None if a page in it is not kept any more."""
    samples = json.dumps(dictionary.samples)
    there = "SELECT count(*) FROM payloads WHERE sha256 IN (SELECT value FROM json_each(?))"
    if conn.execute(there, (samples,)).fetchone()[0] != len(dictionary.samples):
        return None
    row = {
        "site": site,
        "sha256": hashlib.sha256(dictionary.content.dict_content).hexdigest(),
        "made": stamp(now()),
        "samples": samples,
        "packed": dictionary.packed,
    }
    number: int = conn.execute(ADD_DICTIONARY, row).fetchone()[0]
    conn.execute(ADD_SPARE, {**row, "id": number})
    return number


def _better_dictionary(
    sample: Sequence[_Page], present: Mapping[int, int], expected: float, found: list[_Dictionary]
) -> Iterator[None]:
    """Put a dictionary of the most typical pages of a sample into `found`, if with it the pages take less room.

    One page more is put into it as long as that pays: there it takes the room of two copies, and as a frame next to none.

    Args:
        sample: pages of the site.
        present: bytes that each of them takes without it, by id.
        expected: bytes that all pages take without it.
        found: the dictionary that is there, or none; replaced by one that is better.

    """
    order = most_typical([page.body for page in sample], DICTIONARY_PAGES, DICTIONARY_BYTES)
    yield
    least, misses = expected * (WORTH if found else 1), 0
    for count in range(1, len(order) + 1):
        chosen = [sample[place] for place in order[:count]]
        others = [page for place, page in enumerate(sample) if place not in order[:count]]
        tests = _spread(others, TESTED_PAGES)
        if not tests:
            return
        # The page chosen first is shared by most: it stands last, next to what is compressed.
        raw = b"".join(page.body for page in reversed(chosen))
        packed = zstd.compress(raw, options=_options(DICTIONARY_LEVEL, DICTIONARY_WINDOW, checksum=True))
        content = zstd.ZstdDict(raw, is_raw=True)
        yield
        total = 0
        for page in tests:
            total += len(compress(page.body, content))
            yield
        rest = max(0.0, expected - sum(present[page.id] for page in chosen))
        needed = 2 * len(packed) + rest * total / sum(present[page.id] for page in tests)
        if needed < least:
            least, misses = needed, 0
            found[:] = [_Dictionary(content, tuple(page.sha256 for page in chosen), packed)]
        else:
            misses += 1
            if misses == 2:
                return


def _options(level: int, window: int, *, checksum: bool = False) -> dict[int, int]:
    return {
        zstd.CompressionParameter.compression_level: level,
        zstd.CompressionParameter.window_log: window,
        zstd.CompressionParameter.checksum_flag: checksum,
    }


def _spread(things: Sequence[T], count: int) -> list[T]:
    """So many of them, evenly spread, the last among them."""
    if len(things) <= count:
        return list(things)
    return [things[len(things) - 1 - (place * len(things)) // count] for place in reversed(range(count))]
