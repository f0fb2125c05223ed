"""ArticleItem: what travels from a spider through the stages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from archive.visit import Found, Lease


@dataclass(slots=True)
class Response:
    """A server's answer, reduced to what reading and keeping need; picklable."""

    url: str
    """Address that answered, after redirects."""
    fetched: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)


@dataclass(slots=True)
class ArticleItem:
    """A page that may hold an article, on its way into the archive."""

    responses: tuple[Response, ...]
    """The page; for an article on several pages each of them, in order."""
    lease: Lease | None = None
    seconds: float | None = None
    redirects: tuple[str, ...] = ()
    found: tuple[Found, ...] = ()
    """Addresses that the page led to; kept with it in one transaction."""
