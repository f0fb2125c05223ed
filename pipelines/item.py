"""ArticleItem: what travels from a spider through the stages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from archive.capture import Capture
from archive.revision import Revision
from archive.rights import HostRights
from archive.visit import Found, Lease, Outcome


@dataclass(frozen=True, slots=True)
class Response:
    """A server's answer, reduced to what reading and keeping need; picklable."""

    url: str
    """Address that answered, after redirects."""
    fetched: datetime
    """When the answer was complete, aware UTC; whole seconds."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    """Decoded from its content encoding, not from its charset."""
    kind: str = "response"
    """As in `archive.capture.Capture`: `rendered` for what a browser shows, its script run."""

    def __post_init__(self) -> None:
        """Cut fractions of a second off: none are kept, and the page is to read the same when it is read again."""
        if self.fetched.microsecond:
            object.__setattr__(self, "fetched", self.fetched.replace(microsecond=0))


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading made of an item: the page is an article or it is not, with the reason."""

    captures: tuple[Capture, ...]
    is_article: bool
    reason: str
    revision: Revision | None
    """None where the page is no article."""
    seconds: float
    """CPU time of reading alone."""
    wall: str | None = None
    """What stands in front of the page that was asked for, in a few words; None: nothing does."""


@dataclass(slots=True)
class ArticleItem:
    """A page that may hold an article, on its way into the archive."""

    responses: tuple[Response, ...]
    """The page; for an article on several pages each of them, in order."""
    lease: Lease | None = None
    seconds: float | None = None
    """Wall time of the exchange."""
    redirects: tuple[str, ...] = ()
    found: tuple[Found, ...] = ()
    """Addresses that the page led to; kept with it in one transaction."""
    host_rights: HostRights | None = None
    """What the files of its host say of its use; None where they were not looked at."""
    reading: Reading | None = field(default=None, repr=False)
    """Set by the extract stage."""
    outcome: Outcome | None = None
    """Set by the accept stage, with its reason."""
    reason: str | None = None
    plain: tuple[Response, ...] = ()
    """What the server sent, where `responses` are what a browser made of it; kept, and not read."""
