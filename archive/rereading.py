"""Reading kept captures again: which are to be read, what they were found to be, and bringing the archive up to that.

Nothing that is in the archive changes until everything is read and counted: readings are staged first. A revision keeps its
number; its new reading takes the place of the old one, of which `rereadings` keeps what was otherwise.
"""

from __future__ import annotations

import base64
import json
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from archive import events, lineage
from archive.capture import is_from_user
from archive.connection import writing
from archive.integrity import read_payload
from archive.order import Place, latest_first, place_of
from archive.readings import find_reading, keep_reading
from archive.revision import PARTS, ReadWith, Revision, RevisionBlock
from archive.rights import COLUMNS as RIGHTS_OF_PAGE
from archive.rights import Rights, write_rights
from archive.selection import FROM_ARTICLES, Filters, read_revision
from archive.sightings import Sighting, Spot, find_spot
from archive.store import REVISION_FIELDS, add_reading, rewrite_reading
from archive.timestamps import moment_of, optional_moment, stamp
from archive.tombstones import refusal_of_reading
from archive.urls import site_of

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

UNITS_AT_ONCE = 500
"""Captures that are listed by one query: it bounds memory, and reads no state that is long gone."""
STAGED_LEVEL = 1
"""Zstandard's fastest: what is staged is gone in minutes."""
BYTES = "base64"
"""Key of the objects that stand for bytes in a packed reading."""
NOT_COMPARED = ("reader", "reading_id")
"""Columns that say who read, not what was read; `rereadings` has columns for them."""

READABLE = "('stored', 'unchanged', 'not_an_article', 'failed')"
"""Outcomes of fetches whose captures hold what may be an article. Failed: the page came, and could not be read then."""

UNITS = f"""
SELECT f.id, f.article_id, r.article_id, r.number, c.fetched, c.url,
    (SELECT json_group_array(id) FROM (SELECT id FROM read_captures WHERE fetch_id = f.id ORDER BY id)),
    f.outcome = 'unchanged' AND r.number IS NULL AND EXISTS (SELECT 1 FROM rights WHERE capture_id = c.id) AND (
        SELECT d.payload || d.url FROM articles AS o JOIN revisions AS q ON q.article_id = o.id
        JOIN captures AS d ON d.id = q.capture_id WHERE o.id = f.article_id AND d.fetched <= c.fetched
        ORDER BY {latest_first(article="o", capture="d", revision="q")} LIMIT 1
    ) IS c.payload || c.url
FROM fetches AS f
JOIN captures AS c ON c.id = (SELECT min(id) FROM captures WHERE fetch_id = f.id)
LEFT JOIN revisions AS r ON r.capture_id = c.id
LEFT JOIN capture_readings AS k ON k.capture_id = c.id
WHERE f.id > :after AND f.outcome IN {READABLE} AND c.status BETWEEN 200 AND 299
    AND (r.reading_id IS NULL OR r.reading_id IS NOT :target) AND (k.reading_id IS NULL OR k.reading_id IS NOT :target)
    AND (NOT :resumed OR NOT EXISTS (SELECT 1 FROM staged_readings WHERE capture_id = c.id))
    AND (f.article_id IS NULL OR EXISTS (SELECT 1 {FROM_ARTICLES} WHERE a.id = f.article_id AND {{where}}))
ORDER BY f.id LIMIT {UNITS_AT_ONCE}
"""  # noqa: S608 - names and numbers only

STAGED_COLUMNS = "capture_id, fetch_id, article_id, revision, seen, site, url, finding, digest, reading, facts, rights"
STAGE = f"""
INSERT OR REPLACE INTO staged_readings ({STAGED_COLUMNS})
SELECT {", ".join(f"?{place}" for place in range(1, 13))} WHERE EXISTS (SELECT 1 FROM main.captures WHERE id = ?1)
"""  # noqa: S608
"""A page may be taken down while it is read."""

KEEP_FORMER = """
INSERT INTO rereadings (article_id, revision, reextraction_id, read_at, reader, reading_id, digest, fields, blocks, evidence)
SELECT article_id, number, ?, read_at, reader, reading_id, digest, ?, ?, ? FROM revisions WHERE article_id = ? AND number = ?
"""

STORED_AFTER_ALL = """
UPDATE fetches SET article_id = :article, revision = :number,
    outcome = CASE WHEN reason LIKE 'redirects%' THEN outcome ELSE 'stored' END,
    reason = CASE WHEN reason LIKE 'redirects%' THEN reason
        ELSE 'read again; before: ' || outcome || coalesce(', ' || reason, '') END
WHERE id = :fetch
"""
"""A redirect says of the article that it moved, which stays true."""

FRONTIER_AFTER_ALL = """
UPDATE frontier SET article_id = :article,
    outcome = CASE WHEN outcome IN ('not_an_article', 'failed') THEN 'stored' ELSE outcome END
WHERE (id, fetched) = (SELECT frontier_id, fetched FROM fetches WHERE id = :fetch)
"""

WITHDRAWN_SINCE = """
UPDATE articles SET withdrawn = (
    SELECT min(g.fetched) FROM fetches AS f JOIN fetches AS g ON g.url = f.url AND g.outcome = 'gone' AND g.fetched > f.fetched
    WHERE f.id = :fetch
) WHERE id = :article
"""

RIGHTS_OF_SAME_PAGE = f"""
UPDATE rights SET (paywalled, licence) = (
    SELECT r.paywalled, r.licence FROM captures AS c JOIN fetches AS f ON f.id = c.fetch_id
    JOIN articles AS a ON a.id = f.article_id
    JOIN revisions AS r ON r.article_id = a.id JOIN captures AS d ON d.id = r.capture_id
    WHERE c.id = :capture AND d.fetched <= c.fetched ORDER BY {latest_first(capture="d")} LIMIT 1
) WHERE capture_id = :capture
"""  # noqa: S608 - names only
"""A page that is not read, being that of the revision in force to the byte, says of these what that says."""

UNDECIDED = "('read', 'revision', 'article', 'as_known')"
"""Findings of captures that gave no revision: not decided yet, or by an earlier call."""
WRITING_ORDER = "finding IN ('revision', 'article'), seen, fetch_id"
"""Revisions that are there come first, new ones after them; an index has this order."""
TAKE = f"SELECT {STAGED_COLUMNS} FROM staged_readings ORDER BY {WRITING_ORDER} LIMIT ?"  # noqa: S608

OPEN_JOB = (
    "SELECT id, reading_id, filters, state FROM reextractions WHERE state IN ('reading', 'writing') ORDER BY id DESC LIMIT 1"
)

COVERED = (
    "title", "dek", "byline", "authors", "published", "modified", "lang", "section", "tags", "description", "site_name", "image",
    "licence", "paywalled", "body",
)  # fmt: skip
"""What coverage is counted of, as `Rereading.coverage` gives it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A page of the archive that is to be read again, with its further pages."""

    fetch_id: int
    captures: tuple[int, ...]
    """The page, then its further pages."""
    fetched: datetime
    url: str
    """Address that answered."""
    article_id: int | None
    """Article that the fetch was for; None where it was none."""
    number: int | None
    """The revision that was read from it; None where none was."""
    same_page: bool
    """Whether it is to the byte the page that the revision in force at its time was read from, and its rights are known."""


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """A page as it was answered."""

    url: str
    fetched: datetime
    headers: tuple[tuple[str, str], ...]
    body: bytes
    from_file: bool = False
    """Whether it was taken in as a file, and not answered by a server."""


@dataclass(frozen=True, slots=True)
class Staged:
    """What a page was found to be, before anything of it is written."""

    capture_id: int
    fetch_id: int
    article_id: int | None
    number: int | None
    seen: datetime
    site: str
    url: str
    finding: str
    digest: str | None
    reading: bytes | None
    """A packed `Revision`; None where none is to be written."""
    facts: Mapping[str, Any]
    rights: str | None = None
    """What `pack_rights` packed; None where the page was not read."""


@dataclass(frozen=True, slots=True)
class Job:
    """A re-extraction that is under way."""

    id: int
    reading_id: int
    is_approved: bool
    """Whether it was found well, or forced, and is being written."""


def pack(revision: Revision) -> bytes:
    """A revision in a few bytes; half a surrogate pair, which no file can hold, becomes U+FFFD."""
    values = {field.name: getattr(revision, field.name) for field in fields(revision)}
    text = json.dumps(values, ensure_ascii=False, separators=(",", ":"), default=_bytes_as_json)
    return zstd.compress(_without_half_pairs(text).encode(), STAGED_LEVEL)


def unpack(packed: bytes) -> Revision:
    """What `pack` packed."""
    values: dict[str, Any] = json.loads(zstd.decompress(packed), object_hook=_bytes_of_json)
    for name, part in PARTS.items():
        values[name] = tuple(part(*row) for row in values[name])
    read_with = values.pop("read_with")
    return Revision(**values | {"tags": tuple(values["tags"])}, read_with=read_with and ReadWith(*read_with))


def pack_rights(rights: Mapping[int, Rights]) -> str:
    """What pages say of their use, by the numbers of their captures; what their hosts say is left out."""
    values = {number: {name: getattr(said, name) for name in RIGHTS_OF_PAGE} for number, said in rights.items()}
    return _without_half_pairs(json.dumps(values, ensure_ascii=False, default=stamp))


def unpack_rights(packed: str) -> dict[int, Rights]:
    """What `pack_rights` packed."""
    return {int(number): _rights(values) for number, values in json.loads(packed).items()}


def _rights(values: dict[str, Any]) -> Rights:
    statements = tuple((place, words) for place, words in values["statements"])
    return Rights(**values | {"unavailable_after": optional_moment(values["unavailable_after"]), "statements": statements})


def _without_half_pairs(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _bytes_as_json(value: object) -> dict[str, str]:
    if not isinstance(value, bytes):
        raise TypeError(f"{value!r} cannot be packed")
    return {BYTES: base64.b64encode(value).decode()}


def _bytes_of_json(value: dict[str, Any]) -> Any:
    return base64.b64decode(value[BYTES]) if set(value) == {BYTES} else value


class Rereading:
    """The part of an archive that reading again works on; `Archive.rereading`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    @property
    def _conn(self) -> sqlite3.Connection:
        conn: sqlite3.Connection = self._db.conn
        return conn

    def find_target(self, reader: str, read_with: ReadWith) -> int | None:
        """Number of what is read with; None where nothing was yet."""
        return find_reading(self._conn, reader, read_with)

    def stage_aside(self) -> None:
        """Stage in a temporary table, for a report alone: the archive is not written."""
        self._conn.execute("DROP TABLE IF EXISTS temp.staged_readings")
        self._conn.execute(f"CREATE TEMP TABLE staged_readings AS SELECT {STAGED_COLUMNS} FROM main.staged_readings WHERE 0")  # noqa: S608
        self._conn.execute("CREATE UNIQUE INDEX temp.staged_once ON staged_readings (capture_id)")
        self._conn.execute("CREATE INDEX temp.staged_aside_revision ON staged_readings (article_id, revision)")
        self._conn.execute("CREATE INDEX temp.staged_aside_site ON staged_readings (site, seen, fetch_id)")
        self._conn.execute("CREATE INDEX temp.staged_aside_order ON staged_readings (seen, fetch_id)")

    def begin(self, reader: str, read_with: ReadWith, filters: Mapping[str, str], now: datetime) -> Job:
        """Go on with the re-extraction that is under way if it is the same, else give it up and begin one."""
        wanted = json.dumps(dict(filters), ensure_ascii=False, sort_keys=True)
        with writing(self._db) as conn:
            target = keep_reading(conn, reader, read_with, now)
            assert target is not None
            row = conn.execute(OPEN_JOB).fetchone()
            if row is not None and row[1:3] == (target, wanted):
                return Job(row[0], target, row[3] == "writing")
            conn.execute("UPDATE reextractions SET state = 'given_up' WHERE state IN ('reading', 'writing')")
            conn.execute("DELETE FROM staged_readings")
            job = conn.execute(
                "INSERT INTO reextractions (reading_id, filters, started, state) VALUES (?, ?, ?, 'reading')",
                (target, wanted, stamp(now)),
            ).lastrowid
        assert job is not None
        return Job(job, target, is_approved=False)

    def approve(self, job: Job, report: Mapping[str, object]) -> Job:
        """Let what is staged be written."""
        with writing(self._db) as conn:
            conn.execute(
                "UPDATE reextractions SET state = 'writing', report = ? WHERE id = ?",
                (json.dumps(report, ensure_ascii=False), job.id),
            )
        return replace(job, is_approved=True)

    def finish(self, job: Job, now: datetime) -> None:
        """All is written."""
        with writing(self._db) as conn:
            conn.execute("UPDATE reextractions SET state = 'finished', finished = ? WHERE id = ?", (stamp(now), job.id))
            conn.execute("DELETE FROM staged_readings")

    def units(self, filters: Filters, target: int | None, after: int, *, resumed: bool) -> list[Unit]:
        """The next pages that were not read with `target` yet, by the number of their fetch.

        Args:
            filters: what the article must be; a page that gave none is taken where they are empty but for the site.
            target: what is read with; None: nothing was read with it.
            after: number of a fetch.
            resumed: whether what is staged is passed over.

        """
        where, parameters = filters.sql()
        rows = self._conn.execute(
            UNITS.format(where=where), {"target": target or 0, "after": after, "resumed": resumed, **parameters}
        ).fetchall()
        return [_unit(row) for row in rows]

    def takes_orphan(self, filters: Filters, url: str) -> bool:
        """Whether a page that gave no article is within the filters."""
        only_site = replace(filters, site=None) == Filters()
        return only_site and (filters.site is None or site_of(url) == filters.sql()[1]["site"])

    def pages(self, captures: Sequence[int]) -> list[CapturedPage]:
        """What was answered, checked against its digest.

        Raises:
            DamagedPayload: it is not what was stored.

        """
        return [self._page(capture) for capture in captures]

    def _page(self, capture_id: int) -> CapturedPage:
        row = self._conn.execute("SELECT url, fetched, headers, kind FROM captures WHERE id = ?", (capture_id,)).fetchone()
        body = read_payload(self._db, capture_id)
        headers = tuple((name, value) for name, value in json.loads(row[2]))
        return CapturedPage(row[0], moment_of(row[1]), headers, body, from_file=is_from_user(row[3], headers))

    def stage(self, staged: Iterable[Staged], *, aside: bool) -> None:
        """Put findings aside, in place of earlier ones of the same pages, in one transaction; pages that are gone are not."""
        rows = [_row(one) for one in staged]
        if aside:
            self._conn.executemany(STAGE, rows)
            return
        with writing(self._db) as conn:
            conn.executemany(STAGE, rows)

    def staged(self, *, findings: Sequence[str] = (), site: str | None = None) -> Iterator[Staged]:
        """Stream what is staged, by the time of the page, without its reading; `reading_of` has that."""
        where, values = _condition(findings, site)
        rows = self._conn.execute(
            f"SELECT {STAGED_COLUMNS.replace('reading,', 'NULL,')} FROM staged_readings{where} ORDER BY seen, fetch_id",  # noqa: S608
            values,
        )
        return (_staged(row) for row in rows)

    def unit_of(self, one: Staged) -> Unit | None:
        """The page that a finding is about, to be read once more; None where it was taken down since."""
        rows = self._conn.execute("SELECT id, url FROM read_captures WHERE fetch_id = ? ORDER BY id", (one.fetch_id,)).fetchall()
        if not rows:
            return None
        captures = tuple(row[0] for row in rows)
        return Unit(one.fetch_id, captures, one.seen, rows[0][1], one.article_id, one.number, same_page=False)

    def reading_of(self, capture_id: int) -> Revision | None:
        """The staged reading of a page; None where there is none."""
        row = self._conn.execute("SELECT reading FROM staged_readings WHERE capture_id = ?", (capture_id,)).fetchone()
        return None if row is None or row[0] is None else unpack(row[0])

    def is_staged(self, capture_id: int) -> bool:
        """Whether there is a finding about a page."""
        row = self._conn.execute("SELECT 1 FROM staged_readings WHERE capture_id = ?", (capture_id,)).fetchone()
        return row is not None

    def decide(self, *, aside: bool) -> None:
        """Say of each reading whose capture gave no revision what becomes of it: nothing, a revision, or an article.

        Site by site, each in one transaction: what is filed under an address, and its readings, are of one site.
        """
        if aside:  # where taking down does not reach
            self._conn.execute("DELETE FROM staged_readings WHERE capture_id NOT IN (SELECT id FROM main.captures)")
        sites = self._conn.execute(
            f"SELECT DISTINCT site FROM staged_readings WHERE finding IN {UNDECIDED} AND digest IS NOT NULL"  # noqa: S608
        ).fetchall()
        for (site,) in sites:
            with nullcontext() if aside else writing(self._db):
                self._decide_site(site)

    def _decide_site(self, site: str) -> None:
        changed = self._conn.execute(
            "SELECT article_id, revision, digest FROM staged_readings WHERE site = ? AND finding = 'changed'", (site,)
        )
        decided = Decision(self._conn, {(article, number): digest for article, number, digest in changed})
        rows = self._conn.execute(
            f"SELECT {STAGED_COLUMNS.replace('reading, facts, rights', 'NULL, facts, NULL')} FROM staged_readings "  # noqa: S608
            f"WHERE site = ? AND finding IN {UNDECIDED} AND digest IS NOT NULL ORDER BY seen, fetch_id",
            (site,),
        ).fetchall()
        self._conn.executemany(
            "UPDATE staged_readings SET finding = ? WHERE capture_id = ?",
            [(finding, one.capture_id) for one, finding in decided.all_of(map(_staged, rows))],
        )

    def coverage(self, filters: Filters) -> dict[str, Counter[str]]:
        """Site -> how many of its articles have which of COVERED in their newest reading; `articles` is how many there are."""
        where, parameters = filters.sql()
        has = [f"sum({_has(name)})" for name in COVERED]
        rows = self._conn.execute(
            f"SELECT a.site, count(*), {', '.join(has)}, sum(a.word_count) {FROM_ARTICLES} WHERE {where} GROUP BY a.site",
            parameters,
        )
        return {site: Counter(dict(zip(("articles", *COVERED, "words"), counts, strict=True))) for site, *counts in rows}

    def blocks_of_site(self, site: str) -> Iterator[tuple[int, bool, str]]:
        """Stream the longer texts that a site's pages show in their newest readings.

        Yields:
            Article, whether another reading of it is staged, and the text of a block that is no heading.

        """
        return iter(
            self._conn.execute(
                "SELECT a.id, EXISTS (SELECT 1 FROM staged_readings AS s WHERE s.article_id = a.id AND s.revision = a.newest "
                "AND s.finding = 'changed'), b.text FROM articles AS a "
                "JOIN blocks AS b ON b.article_id = a.id AND b.revision = a.newest "
                "WHERE a.site = ? AND b.kind <> 'heading' ORDER BY a.id",
                (site,),
            )
        )

    def bodies_of_site(self, filters: Filters, target: int, reason: str) -> Iterator[tuple[Unit, RevisionBlock]]:
        """Stream the body of each revision of a site that was read with `target`, or reads the same with it.

        Args:
            filters: with a site.
            target: what it was read with.
            reason: of blocks that are wanted beside the body.

        """
        where, parameters = filters.sql()
        rows = self._conn.execute(
            "SELECT v.article_id, v.number, c.fetch_id, c.fetched, c.url, "  # noqa: S608
            "(SELECT json_group_array(id) FROM (SELECT id FROM read_captures WHERE fetch_id = c.fetch_id ORDER BY id)), "
            "b.kind, b.label, b.text, b.reason "
            f"{FROM_ARTICLES} JOIN revisions AS v ON v.article_id = a.id AND (v.reading_id = :target OR EXISTS (SELECT 1 "
            "FROM staged_readings AS s WHERE s.article_id = a.id AND s.revision = v.number AND s.finding = 'same')) "
            "JOIN captures AS c ON c.id = v.capture_id JOIN blocks AS b ON b.article_id = v.article_id AND b.revision = v.number "
            f"WHERE {where} AND (b.label = 'article' OR b.reason = :reason) ORDER BY v.article_id, v.number, b.position",
            {"target": target, "reason": reason, **parameters},
        )
        for article_id, number, fetch_id, fetched, url, captures, kind, label, text, why in rows:
            unit = Unit(fetch_id, tuple(json.loads(captures)), moment_of(fetched), url, article_id, number, same_page=False)
            yield unit, RevisionBlock(kind, label, text, reason=why)

    def unchecked_sites(self, filters: Filters, target: int) -> list[str]:
        """Sites with a revision that was read with `target` since they were last checked for blocks of their own."""
        where, parameters = filters.sql()
        rows = self._conn.execute(
            f"SELECT DISTINCT a.site {FROM_ARTICLES} JOIN revisions AS v ON v.article_id = a.id WHERE {where} "  # noqa: S608
            "AND v.reading_id = :target AND v.read_at >= coalesce((SELECT max(x.started) FROM reextractions AS x "
            "WHERE x.state = 'finished' AND x.reading_id = :target "
            "AND (x.filters = '{}' OR x.filters = json_object('site', a.site))), '') ORDER BY a.site",
            {"target": target, **parameters},
        )
        return [site for (site,) in rows]

    def write(self, job: Job, count: int, now: datetime) -> int:
        """Write the next staged findings, in one transaction; revisions that are there come first, new ones after them.

        Returns:
            How many were written; 0 when nothing is left.

        """
        with writing(self._db) as conn:
            rows = conn.execute(TAKE, (count,)).fetchall()
            touched: defaultdict[int, set[int]] = defaultdict(set)
            for row in rows:
                for article_id, number in _write(conn, self._db, job, _staged(row), now):
                    touched[article_id].add(number)
            for article_id, numbers in sorted(touched.items()):
                lineage.note_revisions(conn, article_id, numbers)
                events.refresh(conn, article_id)
            conn.executemany("DELETE FROM staged_readings WHERE capture_id = ?", [(row[0],) for row in rows])
        return len(rows)


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
        article_id = one.article_id if one.article_id is not None else _article_at(self._conn, one.url)
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


def _article_at(conn: sqlite3.Connection, url: str) -> int | None:
    row = conn.execute("SELECT id FROM articles WHERE url = ?", (url,)).fetchone()
    return None if row is None else int(row[0])


def _has(name: str) -> str:
    """SQL: whether a revision has a field."""
    if name == "body":
        return "r.word_count > 0"
    return f"r.{name} <> '[]'" if name in ("authors", "tags") else f"r.{name} IS NOT NULL"


def _condition(findings: Sequence[str], site: str | None) -> tuple[str, list[str]]:
    parts = [f"finding IN ({', '.join('?' * len(findings))})"] if findings else []
    parts += ["site = ?"] if site is not None else []
    return (f" WHERE {' AND '.join(parts)}" if parts else ""), [*findings, *([site] if site is not None else [])]


def _unit(row: Sequence[Any]) -> Unit:
    fetch_id, fetched_for, article_id, number, fetched, url, captures, same_page = row
    own = article_id if article_id is not None else fetched_for
    ids = tuple(json.loads(captures))
    return Unit(fetch_id, ids, moment_of(fetched), url, own, number, bool(same_page) and len(ids) == 1)


def _row(one: Staged) -> tuple[object, ...]:
    return (
        one.capture_id, one.fetch_id, one.article_id, one.number, stamp(one.seen), one.site, one.url, one.finding, one.digest,
        one.reading, json.dumps(one.facts, ensure_ascii=True), one.rights,
    )  # fmt: skip


def _staged(row: Sequence[Any]) -> Staged:
    capture_id, fetch_id, article_id, number, seen, site, url, finding, digest, reading, facts, rights = row
    return Staged(
        capture_id, fetch_id, article_id, number, moment_of(seen), site, url, finding, digest, reading, json.loads(facts), rights
    )  # fmt: skip


def _write(conn: sqlite3.Connection, db: Database, job: Job, one: Staged, now: datetime) -> list[tuple[int, int]]:
    """Bring the archive up to one finding; returns article and number of the revision that reads otherwise now, or is new."""
    _write_rights(conn, one)
    if one.finding in ("no_article", "as_known"):
        _write_no_revision(conn, job, one, one.finding)
    elif one.finding == "same":
        _write_same(conn, job, one, now)
    elif one.finding == "changed":
        return [_write_changed(conn, db, job, one, now)]
    elif one.finding in ("revision", "article"):
        return _write_new(conn, job, one, now)
    return []


def _write_rights(conn: sqlite3.Connection, one: Staged) -> None:
    """Have the rights of a page say what it was read to say now; what its host said at its time stays."""
    if one.rights is None:
        if one.finding == "as_known":
            conn.execute(RIGHTS_OF_SAME_PAGE, {"capture": one.capture_id})
        return
    there = {row[0] for row in conn.execute("SELECT id FROM captures WHERE fetch_id = ?", (one.fetch_id,))}
    for capture_id, rights in unpack_rights(one.rights).items():
        if capture_id in there:
            write_rights(conn, capture_id, rights)


def _write_no_revision(conn: sqlite3.Connection, job: Job, one: Staged, finding: str) -> None:
    conn.execute(
        "INSERT OR REPLACE INTO capture_readings VALUES (?, ?, ?, ?)",
        (one.capture_id, job.reading_id, finding, one.facts.get("reason")),
    )


def _write_same(conn: sqlite3.Connection, job: Job, one: Staged, now: datetime) -> None:
    """The same reading by other rules: the revision says so, and who read it before is kept."""
    assert one.article_id is not None
    assert one.number is not None
    _keep_former(conn, job, (one.article_id, one.number), {}, [], [])
    conn.execute(
        "UPDATE revisions SET reading_id = :reading, reader = (SELECT reader FROM readings WHERE id = :reading), read_at = :now "
        "WHERE article_id = :article AND number = :number",
        {"reading": job.reading_id, "now": stamp(now), "article": one.article_id, "number": one.number},
    )


def _write_changed(conn: sqlite3.Connection, db: Database, job: Job, one: Staged, now: datetime) -> tuple[int, int]:
    """Put a reading in the place of the revision's, and what that was into `rereadings`."""
    assert one.article_id is not None
    assert one.number is not None
    assert one.reading is not None
    key = (one.article_id, one.number)
    old, new = read_revision(db, *key).revision, unpack(one.reading)
    changed = changed_fields(old, new)
    evidence = [asdict_of(row) for row in old.evidence if row.field in changed]
    _keep_former(conn, job, key, changed, _lacking(old.blocks, new.blocks), evidence)
    rewrite_reading(conn, *key, new, now)
    conn.execute("UPDATE fetches SET paywalled = ? WHERE id = ?", (new.paywalled, one.fetch_id))
    return key


def _write_new(conn: sqlite3.Connection, job: Job, one: Staged, now: datetime) -> list[tuple[int, int]]:
    """Keep a reading as a revision of its own; the account of its fetch says so, and what it said before.

    What was taken down since it was decided is not kept, nor what a crawl brought meanwhile.
    """
    assert one.reading is not None
    if Decision(conn, {}).of(one) == "as_known":
        _write_no_revision(conn, job, one, "as_known")
        return []
    captures = [row[0] for row in conn.execute("SELECT id FROM read_captures WHERE fetch_id = ? ORDER BY id", (one.fetch_id,))]
    known = one.article_id if one.article_id is not None else _article_at(conn, one.url)
    article_id, number = add_reading(conn, known, unpack(one.reading), captures, one.seen, now)
    conn.execute(STORED_AFTER_ALL, {"article": article_id, "number": number, "fetch": one.fetch_id})
    conn.execute(FRONTIER_AFTER_ALL, {"article": article_id, "fetch": one.fetch_id})
    if known is None:
        conn.execute(WITHDRAWN_SINCE, {"article": article_id, "fetch": one.fetch_id})
    conn.execute("DELETE FROM capture_readings WHERE capture_id = ?", (one.capture_id,))
    return [(article_id, number)]


def changed_fields(old: Revision, new: Revision) -> dict[str, Any]:
    """Column of `revisions` -> the former value, of those in which two readings of one page differ."""
    return {
        name: _plain(getattr(old, name))
        for name in REVISION_FIELDS.split(", ")
        if name not in NOT_COMPARED and getattr(old, name) != getattr(new, name)
    }


def asdict_of(part: Any) -> dict[str, Any]:
    """A part of a revision as an object of JSON."""
    values: dict[str, Any] = part._asdict()
    return values


def _plain(value: Any) -> Any:
    return [asdict_of(part) if hasattr(part, "_asdict") else part for part in value] if isinstance(value, tuple) else value


def _lacking(old: Sequence[RevisionBlock], new: Sequence[RevisionBlock]) -> list[dict[str, Any]]:
    """The blocks of a reading that another has not, or has otherwise; why a block has its label, and how surely, is left out."""
    there = Counter(block[:7] for block in new)
    lacking = []
    for position, block in enumerate(old):
        if there[block[:7]]:
            there[block[:7]] -= 1
        else:
            lacking.append({"position": position, **asdict_of(block)})
    return lacking


def _keep_former(
    conn: sqlite3.Connection, job: Job, key: tuple[int, int], changed: Mapping[str, Any], blocks: object, evidence: object
) -> None:
    values = [json.dumps(value, ensure_ascii=False) for value in (changed, blocks, evidence)]
    conn.execute(KEEP_FORMER, (job.id, *values, *key))
