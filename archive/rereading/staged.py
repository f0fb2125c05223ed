"""What a page was found to be when it was read again, and how that is put aside until all is read."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from archive.revision import PARTS, ReadWith, Revision
from archive.rights import COLUMNS as RIGHTS_OF_PAGE
from archive.rights import Rights
from archive.timestamps import moment_of, optional_moment, stamp

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

STAGED_COLUMNS = "capture_id, fetch_id, article_id, revision, seen, site, url, finding, digest, reading, facts, rights"

STAGED_LEVEL = 1
"""Zstandard's fastest: what is staged is gone in minutes."""
BYTES = "base64"
"""Key of the objects that stand for bytes in a packed reading."""


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


def row_of(one: Staged) -> tuple[object, ...]:
    """A finding as a row of STAGED_COLUMNS."""
    return (
        one.capture_id, one.fetch_id, one.article_id, one.number, stamp(one.seen), one.site, one.url, one.finding, one.digest,
        one.reading, json.dumps(one.facts, ensure_ascii=True), one.rights,
    )  # fmt: skip


def staged_of(row: Sequence[Any]) -> Staged:
    """A finding from such a row."""
    capture_id, fetch_id, article_id, number, seen, site, url, finding, digest, reading, facts, rights = row
    return Staged(
        capture_id, fetch_id, article_id, number, moment_of(seen), site, url, finding, digest, reading, json.loads(facts), rights
    )  # fmt: skip
