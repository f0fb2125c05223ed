"""Reading articles back: the filters that search, lists and exports share, and the rows they give."""

from __future__ import annotations

import difflib
import json
import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypedDict

from sqlite_utils import Database

from archive.as_of import FROM_AS_OF, SELECT_AS_OF, allow_matching, matches_as_of
from archive.copies import is_first_sql
from archive.errors import ArticleNotFound, DamagedRow
from archive.numbers import LARGEST_INTEGER, within
from archive.order import in_order
from archive.revision import Revision, RevisionAuthor, RevisionBlock, RevisionEvidence, body_text
from archive.rights import FORBIDS, RESPECTED_AT, UNREAD, respected
from archive.rows import RevisionLine, StoredArticle, StoredRevision
from archive.timestamps import moment_of, now, optional_moment, stamp
from archive.tombstones import find_tombstone
from archive.urls import address_key, canonical_url, site_of

if TYPE_CHECKING:
    from archive.search import Match

SELECT_ARTICLE = """
SELECT a.id, a.url, a.site, a.title, a.dek, a.byline,
    (SELECT json_group_array(name) FROM (SELECT name FROM authors WHERE article_id = a.id ORDER BY position)),
    a.published, a.published_precision, a.modified, a.lang, a.section, r.tags, a.word_count, a.text, a.first_seen, a.last_seen,
    a.revisions, a.withdrawn, a.newest
"""
FROM_ARTICLES = " FROM articles AS a JOIN revisions AS r ON r.article_id = a.id AND r.number = a.newest "

REVISION_COLUMNS = (
    "title", "dek", "byline", "published", "published_precision", "published_earliest", "published_latest", "published_basis",
    "modified", "lang", "section", "description", "site_name", "image", "licence", "reader", "word_count",
)  # fmt: skip
"""Columns that stand in `revisions` and in `Revision` alike."""

SUGGESTED = 3
"""Addresses that an `ArticleNotFound` proposes at most."""
COMPARED = 5000
"""Addresses of the same site that are compared for a proposal at most; it takes about a tenth of a second."""

OFFSET = timedelta(hours=14)
"""The largest of a time zone: what is printed to the day is at most so much off in UTC."""
EARLIER = timedelta(days=1)
"""How much earlier at most: pages round, so `5 days ago` may be nearly six (docs/fields.md)."""

PERIOD = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")


class Narrowing(TypedDict, total=False):
    """The filters that search takes as arguments, each as in `Filters`."""

    site: str | None
    author: str | None
    since: datetime | str | None
    until: datetime | str | None
    lang: str | None
    unique: bool


class Selecting(Narrowing, total=False):
    """Those that lists, accounts and exports take."""

    as_of: datetime | str | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What an article must be to be selected. None: anything."""

    site: str | None = None
    """Host, with or without `www.`, or an address on it."""
    author: str | None = None
    """Part of the name of one of its authors; case does not matter (for ASCII)."""
    since: datetime | str | None = None
    """Published then or later: an aware datetime, or ISO 8601, which may be a year, month or day."""
    until: datetime | str | None = None
    """Published then or earlier; of a year, month or day its end."""
    lang: str | None = None
    """ISO 639-1."""
    as_of: datetime | str | None = None
    """The reading that was newest then, by the times of the captures; of a year, month or day its end. None: today's."""
    respect: tuple[str, ...] | None = None
    """Names of `archive.rights.FORBIDS`: no article that the newest known statement of one of them forbids."""
    unique: bool = False
    """Of each story that is told by several of those selected, only the article that had it first; not part of `sql`."""

    def sql(self) -> tuple[str, dict[str, str]]:
        """Conditions on `articles AS a` and `revisions AS r`, with their parameters.

        An article counts as within `since` and `until` where any moment is at which it may have been published: of a month or a
        year any moment of it; of a time ago, as `1 year ago`, from a whole unit before it to half a unit after it; of a time
        without a zone that in every zone.

        Raises:
            ValueError: a date is none, or a text holds half a character, which UTF-8 cannot write.

        """
        names, lang = ("SELECT name FROM authors WHERE article_id = a.id", "a.lang")
        if self.as_of is not None:
            names, lang = ("SELECT value ->> 'name' AS name FROM json_each(r.authors)", "r.lang")
        wanted: dict[str, tuple[str, str | None]] = {
            "site": ("a.site = :site", None if self.site is None else _site(self.site)),
            "author": (
                rf"EXISTS (SELECT 1 FROM ({names}) WHERE name LIKE :author ESCAPE '\')",  # noqa: S608 - names only
                None if self.author is None else f"%{_like(self.author)}%",
            ),
            "since": ("substr(r.published_latest, 1, 19) >= :since", None if self.since is None else period(self.since)[0]),
            "until": ("substr(r.published_earliest, 1, 19) <= :until", None if self.until is None else period(self.until)[1]),
            "lang": (f"{lang} = :lang", None if self.lang is None else self.lang.lower()),
        }
        given = {name: (condition, value) for name, (condition, value) in wanted.items() if value is not None}
        conditions = [condition for condition, _ in given.values()]
        parameters = {name: _text(name, value) for name, (_, value) in given.items()}
        if self.respect:
            conditions.append(respected(self.respect))
            parameters |= self.respected_at()
        return " AND ".join(conditions) or "1", parameters

    def respected_at(self) -> dict[str, str]:
        """The parameter of `archive.rights.FORBIDS`: the moment that is looked back from; without one the clock's."""
        return {RESPECTED_AT: stamp(now()) if self.as_of is None else f"{period(self.as_of)[1]}Z"}


def period(moment: datetime | str) -> tuple[str, str]:
    """First and last second of what a date means, as `2026-08-22T10:05:00`, UTC.

    Args:
        moment: an aware datetime, or ISO 8601: a year, month, day, or a moment (UTC where it names no zone).

    Raises:
        ValueError: it is no date, or one beyond the years 1 to 9999 in UTC.

    """
    if isinstance(moment, str):
        found = PERIOD.fullmatch(moment.strip())
        if found:
            return _whole_period(found)
        read = datetime.fromisoformat(moment.strip())
        moment = read if read.tzinfo else read.replace(tzinfo=UTC)
    try:
        exact = stamp(moment)[:19]
    except OverflowError as error:
        raise ValueError(f"{moment} is beyond the years 1 to 9999 in UTC") from error
    return exact, exact


def coarse_dates(day: date) -> set[str]:
    """The years and months as printed (`2025`, `2025-03`) of articles that may be of that day, those of a time ago among them.

    Such an article was published up to a whole unit before what is printed, or half a unit after it: so a unit on both sides.
    """
    months = day.year * 12 + day.month - 1
    around = [divmod(months + step, 12) for step in (-1, 0, 1)]
    return {f"{day.year + step:04}" for step in (-1, 0, 1)} | {f"{year:04}-{month + 1:02}" for year, month in around}


def select_articles(db: Database, filters: Filters, match: Match | None, limit: int | None) -> Iterator[StoredArticle]:
    """Stream articles in the order of their ids.

    Args:
        db: the archive.
        filters: what they must be.
        match: what a query comes to, or None.
        limit: at most so many.

    """
    where, parameters = filters.sql()
    columns, rows_of = SELECT_ARTICLE, FROM_ARTICLES
    if filters.as_of is not None:
        columns, rows_of = SELECT_AS_OF, FROM_AS_OF
        parameters["as_of"] = period(filters.as_of)[1] + "Z"
    if match is not None:
        allow_matching(db)
        found, more = match.condition("a.id")
        where += f" AND {found if filters.as_of is None else matches_as_of(found)}"
        parameters |= more
    if filters.unique:
        plain = where == "1" and filters.as_of is None
        where += f" AND {is_first_sql('a.id', '' if plain else f'{rows_of} WHERE {where}')}"
    sql = f"{columns}{rows_of} WHERE {where} ORDER BY a.id LIMIT :limit"
    rows = db.conn.execute(sql, {**parameters, "limit": LARGEST_INTEGER if limit is None else within(limit)})
    return (article_of(row) for row in rows)


def count_left_out(db: Database, filters: Filters, match: Match | None) -> tuple[dict[str, int], int, int]:
    """Count what `filters.respect` leaves out of what the other filters select.

    Returns:
        For each of its names how many articles it forbids; how many are left out in all; and of how many articles no capture was
        ever looked at for its rights.

    """
    wide = replace(filters, respect=None)
    where, parameters = wide.sql()
    parameters |= filters.respected_at()
    source = FROM_ARTICLES
    if filters.as_of is not None:
        source = FROM_AS_OF
        parameters["as_of"] = period(filters.as_of)[1] + "Z"
    if match is not None:
        allow_matching(db)
        found, more = match.condition("a.id")
        where += f" AND {found if filters.as_of is None else matches_as_of(found)}"
        parameters |= more
    names = tuple(dict.fromkeys(filters.respect or ()))
    counted = [f"total({FORBIDS[name]})" for name in names]
    anything = f"total(NOT ({respected(names)}))" if names else "0"
    row = db.conn.execute(
        f"SELECT {', '.join([*counted, anything, f'total({UNREAD})'])} {source} WHERE {where}", parameters
    ).fetchone()
    *each, left_out, unread = (int(number) for number in row)
    return dict(zip(names, each, strict=True)), left_out, unread


@contextmanager
def _naming(article_id: int) -> Iterator[None]:
    """Name the article whose row cannot be understood."""
    try:
        yield
    except (ValueError, TypeError) as error:
        advice = "`morgue verify` says what else is damaged, and a copy of the file helps"
        raise DamagedRow(f"the row of article {article_id} is damaged ({error}): {advice}") from error


def article_of(row: Sequence[Any]) -> StoredArticle:
    """An article from a row of SELECT_ARTICLE.

    Raises:
        DamagedRow: a list is no JSON, or a time no time.

    """
    fields = list(row)
    with _naming(fields[0]):
        fields[6], fields[12] = tuple(json.loads(fields[6])), tuple(json.loads(fields[12]))
        fields[15], fields[16], fields[18] = moment_of(fields[15]), moment_of(fields[16]), optional_moment(fields[18])
    return StoredArticle(*fields)


def find_article(db: Database, id_or_url: int | str) -> StoredArticle:
    """Return the article with that id, or that address by any name that means the same.

    Raises:
        ArticleNotFound: there is none; the message names near addresses.

    """
    if isinstance(id_or_url, int) or id_or_url.isdecimal():
        found = _by_condition(db, "a.id = ?", within(int(id_or_url)))
    else:
        found = find_by_url(db, id_or_url)
    if found is None:
        raise ArticleNotFound(_not_found(db, id_or_url))
    return found


def find_by_url(db: Database, url: str) -> StoredArticle | None:
    """Return the article that is filed under an address, or was last read there; None if there is none."""
    return (
        _by_condition(db, "a.url = ?", url)
        or _by_condition(db, "a.url = ?", canonical_url(url))
        or _by_condition(db, "a.id = (SELECT article_id FROM frontier WHERE key = ?)", address_key(url))
    )


def read_revision(db: Database, article_id: int, number: int | None, *, body_only: bool = False) -> StoredRevision:
    """Return one reading of an article, the newest if no number is given.

    With `body_only` it has the blocks of the body alone, and no evidence, which is most of what there is to read.

    Raises:
        ArticleNotFound: no such article or revision.

    """
    names = ", ".join(f"r.{name}" for name in REVISION_COLUMNS)
    row = db.conn.execute(
        f"SELECT r.number, r.read_at, c.fetched, r.capture_id, a.url, a.site, r.authors, r.tags, r.published_zone_known, "  # noqa: S608
        f"r.paywalled, r.text, {names} FROM revisions AS r JOIN articles AS a ON a.id = r.article_id "
        "JOIN captures AS c ON c.id = r.capture_id WHERE r.article_id = ? AND r.number = coalesce(?, a.newest)",
        (within(article_id), None if number is None else within(number)),
    ).fetchone()
    if row is None:
        what = f"article {article_id}" if number is None else f"revision {number} of article {article_id}"
        raise ArticleNotFound(f"there is no {what}: `morgue search` lists articles, `morgue why` the revisions of one")
    number, read_at, fetched, capture_id, url, site, authors, tags, zone_known, paywalled, text, *columns = row
    blocks = _blocks(db, article_id, number, body_only=body_only)
    with _naming(article_id):
        people = tuple(RevisionAuthor(**author) for author in json.loads(authors))
        tag_list = tuple(json.loads(tags))
    revision = Revision(
        url=url,
        site=site,
        authors=people,
        tags=tag_list,
        published_zone_known=_truth(zone_known),
        paywalled=_truth(paywalled),
        text=body_text([(b.label, b.text) for b in blocks]) if text is None else text,
        blocks=blocks,
        evidence=() if body_only else read_evidence(db, article_id, number),
        **dict(zip(REVISION_COLUMNS, columns, strict=True)),
    )
    further = tuple(
        capture
        for (capture,) in db.conn.execute(
            "SELECT capture_id FROM revision_captures WHERE article_id = ? AND revision = ? ORDER BY position",
            (article_id, number),
        )
    )
    return StoredRevision(
        article_id, number, moment_of(read_at), moment_of(fetched), revision.reader, capture_id, further, revision
    )


def read_history(db: Database, article_id: int) -> tuple[RevisionLine, ...]:
    """Return the readings of an article in the order of their captures, oldest first."""
    rows = db.conn.execute(
        "SELECT r.number, r.read_at, c.fetched, r.reader, r.title, r.word_count, (SELECT json_group_object(kind, n) FROM ("  # noqa: S608
        "SELECT kind, count(*) AS n FROM changes WHERE article_id = r.article_id AND revision = r.number "
        "GROUP BY kind ORDER BY min(position))) FROM articles AS a JOIN revisions AS r ON r.article_id = a.id "
        f"JOIN captures AS c ON c.id = r.capture_id WHERE a.id = ? ORDER BY {in_order()}",
        (article_id,),
    )
    return tuple(
        RevisionLine(number, moment_of(read), moment_of(fetched), reader, title, words, json.loads(changes))
        for number, read, fetched, reader, title, words, changes in rows
    )


def read_evidence(db: Database, article_id: int, number: int) -> tuple[RevisionEvidence, ...]:
    """Return the evidence of one reading, field by field, what was chosen first."""
    rows = db.conn.execute(
        "SELECT field, rank, value, source, place, raw, confidence FROM evidence "
        "WHERE article_id = ? AND revision = ? ORDER BY field, rank",
        (article_id, number),
    )
    return tuple(RevisionEvidence(*row) for row in rows)


def _blocks(db: Database, article_id: int, number: int, *, body_only: bool) -> tuple[RevisionBlock, ...]:
    wanted = "AND section IS NOT NULL" if body_only else ""
    rows = db.conn.execute(
        "SELECT kind, label, text, level, depth, ordered, section, reason, confidence FROM blocks "  # noqa: S608
        f"WHERE article_id = ? AND revision = ? {wanted} ORDER BY position",
        (article_id, number),
    )
    return tuple(
        RevisionBlock(kind, label, text, level, depth, bool(ordered), section, reason, confidence)
        for kind, label, text, level, depth, ordered, section, reason, confidence in rows
    )


def _by_condition(db: Database, condition: str, value: object) -> StoredArticle | None:
    row = db.conn.execute(f"{SELECT_ARTICLE}{FROM_ARTICLES} WHERE {condition}", (value,)).fetchone()
    return article_of(row) if row is not None else None


def _not_found(db: Database, id_or_url: int | str) -> str:
    if isinstance(id_or_url, int) or id_or_url.isdecimal():
        return f"there is no article with the id {id_or_url}: `morgue search` lists ids"
    tombstone = find_tombstone(db, id_or_url)
    if tombstone is not None:
        return f"{id_or_url} was taken down on {tombstone.taken_down:%Y-%m-%d}: {tombstone.reason}"
    near = _near_addresses(db, id_or_url)
    if near:
        return f"there is no article at {id_or_url}; near to it: {', '.join(near)}"
    return f"there is no article at {id_or_url}: `morgue why {id_or_url}` says whether it was ever fetched"


def _near_addresses(db: Database, url: str) -> list[str]:
    rows = db.conn.execute("SELECT url FROM articles WHERE site = ? LIMIT ?", (_site(url), COMPARED))
    return difflib.get_close_matches(url, [row[0] for row in rows], SUGGESTED)


def _site(text: str) -> str:
    return site_of(text if "://" in text else f"https://{text}") or text.lower()


def _like(text: str) -> str:
    return re.sub(r"([%_\\])", r"\\\1", text)


def _text(name: str, value: str) -> str:
    """The value of a filter, if SQLite can take it."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{name} is no text that UTF-8 can write: {value!r}") from error
    return value


def _truth(value: int | None) -> bool | None:
    return None if value is None else bool(value)


def _whole_period(found: re.Match[str]) -> tuple[str, str]:
    year, month, day = (None if part is None else int(part) for part in found.groups())
    assert year is not None
    first = datetime(year, month or 1, day or 1, tzinfo=UTC)
    last_month = month or 12
    last = datetime(year, last_month, day or monthrange(year, last_month)[1], 23, 59, 59, tzinfo=UTC)
    return stamp(first)[:19], stamp(last)[:19]
