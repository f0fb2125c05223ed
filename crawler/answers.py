"""The line that `morgue extract` prints for a page: the article as one flat JSON object, with the evidence for each field."""

from __future__ import annotations

import gzip
import time
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.article import Article, Judges

GZIP_MAGIC = b"\x1f\x8b"

EVIDENCE_FIELDS = {
    "url": "url", "title": "title", "dek": "dek", "byline": "byline", "authors": "authors", "date": "published",
    "modified": "modified", "lang": "lang", "section": "section", "tags": "tags", "description": "description",
    "site_name": "site_name", "image": "image", "licence": "licence", "paywalled": "paywalled",
}  # fmt: skip
"""Name in the answer -> name in `Article`."""

EMPTY: dict[str, Any] = {
    "id": None, "title": None, "dek": None, "authors": [], "date": None, "date_precision": None, "modified": None, "lang": None,
    "body": "", "sections": [], "summary": None, "tags": [], "is_article": False, "evidence": {}, "seconds": 0.0, "error": None,
}  # fmt: skip
"""An answer that says nothing; every answer has these keys, in this order."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """A saved page that is to be read."""

    id: object
    """Comes back with the answer."""
    path: str = ""
    url: str | None = None
    fetched: str | None = None
    """ISO time; UTC where it has no offset."""
    body: bytes | None = field(default=None, repr=False)
    """The page itself, where it is in no file."""
    error: str | None = None
    """Why it cannot even be tried."""

    @classmethod
    def of(cls, value: object) -> PageRequest:
        """Check what a line of a batch said."""
        if not isinstance(value, dict):
            return cls(None, error="the line is no JSON object")
        path, url, fetched = value.get("path"), value.get("url"), value.get("fetched")
        if not isinstance(path, str) or not path:
            return cls(value.get("id"), error="`path` is missing")
        if not isinstance(url, str | None) or not isinstance(fetched, str | None):
            return cls(value.get("id"), error="`url` and `fetched` must be text or null")
        return cls(value.get("id"), path, url or None, fetched or None)


def answer(request: PageRequest, judges: Judges | None = None) -> dict[str, Any]:
    """Read a page and return its answer; what goes wrong is in its `error`.

    Args:
        request: The page.
        judges: Trained judges other than those that come with morgue.
    """
    try:
        if request.error:
            raise ValueError(request.error)
        fetched = _time(request.fetched)
        body = unpacked(request.body) if request.body is not None else read_bytes(Path(request.path))
        if is_binary(body):
            raise ValueError(NO_TEXT)
        return {**EMPTY, "id": request.id, **_read(body, request, fetched, judges)}
    except Exception as error:  # noqa: BLE001 - a bad page costs its own line and no other
        reason = str(error) if isinstance(error, ValueError | OSError) else f"{type(error).__name__}: {error}"
        return {**EMPTY, "id": request.id, "error": reason or type(error).__name__}


NO_TEXT = "it holds no text: it begins as an image, a document, a program or a database does"
_BINARY = (
    b"SQLite format 3\0", b"%PDF-", b"\x89PNG", b"\x7fELF", b"PK\x03\x04", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"MZ\x90", b"BZh",
    b"\xfd7zXZ", b"7z\xbc\xaf", b"\0\0\x01\0",
)  # fmt: skip


def is_binary(data: bytes) -> bool:
    """Whether bytes begin as a format does that is no page."""
    return data.startswith(_BINARY)


def read_bytes(path: Path) -> bytes:
    """The content of a file, unpacked where it is gzip, whatever it is called.

    Raises:
        OSError: it cannot be read, or is damaged gzip.
    """
    return unpacked(path.read_bytes())


def unpacked(data: bytes) -> bytes:
    """The bytes, unpacked where they are gzip.

    Raises:
        OSError: they are damaged gzip.
    """
    if not data.startswith(GZIP_MAGIC):
        return data
    try:
        return gzip.decompress(data)
    except (EOFError, zlib.error) as error:
        raise OSError(f"the gzip data is damaged: {error}") from error


def _time(text: str | None) -> datetime | None:
    if text is None:
        return None
    value = datetime.fromisoformat(text)
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


def _read(body: bytes, request: PageRequest, fetched: datetime | None, judges: Judges | None) -> dict[str, Any]:
    from pipelines import read_article, read_page

    start = time.process_time()
    article = read_article(read_page(body, url=request.url, fetched=fetched, name=request.path, from_file=True), judges=judges)
    seconds = time.process_time() - start
    return {**fields_of(article), "seconds": seconds}


def fields_of(article: Article) -> dict[str, Any]:
    """What an answer says of an article."""
    published, modified = article.published.value, article.modified.value
    return {
        "title": article.title.value,
        "dek": article.dek.value,
        "authors": [author.name for author in article.authors.value or ()],
        "date": published.text if published else None,
        "date_precision": published.precision.value if published else None,
        "modified": modified.text if modified else None,
        "lang": article.lang.value,
        "body": article.text,
        "sections": [
            {"heading": section.heading, "paragraphs": [block.text for block in section.blocks if block.text]}
            for section in article.sections
        ],
        "summary": article.dek.value or article.description.value,
        "tags": list(article.tags.value or ()),
        "is_article": article.verdict.is_article,
        "evidence": _evidence(article),
    }


def _evidence(article: Article) -> dict[str, dict[str, object]]:
    chosen = {name: getattr(article, field).chosen for name, field in EVIDENCE_FIELDS.items()}
    of_fields = {
        name: {"source": candidate.source, "raw": candidate.raw, "confidence": candidate.confidence}
        for name, candidate in chosen.items()
        if candidate is not None
    }
    of_body = {"source": "blocks", "raw": "", "confidence": round(article.body_confidence, 3)}
    return {**of_fields, "body": of_body} if article.text else of_fields
