"""Pure: what an answer, or the lack of one, means for the account."""

from __future__ import annotations

from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from archive.visit import Outcome, PageKind


class NotFetched(IgnoreRequest):
    """A request that is not sent, or an answer that is not read, with what that means for the account."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


TO_FRONT = "redirects to the front page"
ENDLESS = "redirects in a circle, or too many times"
TOO_MANY_REDIRECTS = "max redirections reached"
"""What Scrapy says of it; it has no class of its own for that."""
TOO_LARGE = "answer too large or cancelled"

EXCEPTION_REASONS: tuple[tuple[type[BaseException], str], ...] = (
    (CannotResolveHostError, "host name not found"),
    (DownloadConnectionRefusedError, "connection refused"),
    (DownloadTimeoutError, "timed out"),
    (ResponseDataLossError, "answer broke off"),
    (DownloadCancelledError, TOO_LARGE),
)


def outcome_of_exception(error: BaseException) -> tuple[Outcome, str]:
    """What a request that brought no answer comes to.

    Returns:
        The outcome, and the reason in a few words.
    """
    if isinstance(error, NotFetched):
        return error.outcome, error.reason
    for kind, reason in EXCEPTION_REASONS:
        if isinstance(error, kind):
            return Outcome.FAILED, reason
    if isinstance(error, IgnoreRequest) and str(error) == TOO_MANY_REDIRECTS:
        return Outcome.FAILED, ENDLESS
    return Outcome.FAILED, f"{type(error).__name__}: {error}"[:200]


def outcome_of_status(status: int) -> tuple[Outcome, str] | None:
    """What a status says without the body; None where the body must be read."""
    if 200 <= status < 300 and status not in {204, 205}:
        return None
    if status == 304:
        return Outcome.UNCHANGED, "not modified since the last fetch"
    if status in {404, 410}:
        return Outcome.GONE, f"status {status}"
    if status in {401, 402, 403, 407, 429, 451}:
        return Outcome.BLOCKED, f"status {status}"
    return Outcome.FAILED, f"status {status}"


def is_withdrawn_to_front(kind: PageKind, asked: str, answered: str) -> bool:
    """Whether an article's address now leads to a front page, which is how many sites delete."""
    return kind is PageKind.ARTICLE and urlsplit(asked).path.strip("/") != "" and urlsplit(answered).path.strip("/") == ""
