"""What an answer, or the lack of one, means for the account."""

from __future__ import annotations

import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError, IgnoreRequest

from archive.visit import Outcome, PageKind
from crawler.outcomes import NotFetched, is_withdrawn_to_front, outcome_of_exception, outcome_of_status

STATUSES = [
    (200, None),
    (203, None),
    (204, Outcome.FAILED),
    (304, Outcome.UNCHANGED),
    (401, Outcome.BLOCKED),
    (403, Outcome.BLOCKED),
    (404, Outcome.GONE),
    (410, Outcome.GONE),
    (429, Outcome.BLOCKED),
    (451, Outcome.BLOCKED),
    (500, Outcome.FAILED),
    (503, Outcome.FAILED),
]


@pytest.mark.parametrize(("status", "outcome"), STATUSES)
def test_status_gives_outcome(status: int, outcome: Outcome | None) -> None:
    verdict = outcome_of_status(status)
    assert (verdict[0] if verdict else None) is outcome


@pytest.mark.parametrize(
    ("error", "outcome", "reason"),
    [
        (NotFetched(Outcome.ROBOTS, "forbidden by robots.txt"), Outcome.ROBOTS, "forbidden by robots.txt"),
        (CannotResolveHostError("x"), Outcome.FAILED, "host name not found"),
        (DownloadTimeoutError("x"), Outcome.FAILED, "timed out"),
        (IgnoreRequest("max redirections reached"), Outcome.FAILED, "redirects in a circle, or too many times"),
        (RuntimeError("odd"), Outcome.FAILED, "RuntimeError: odd"),
    ],
)
def test_exception_gives_outcome_and_reason(error: Exception, outcome: Outcome, reason: str) -> None:
    assert outcome_of_exception(error) == (outcome, reason)


@pytest.mark.parametrize(
    ("kind", "asked", "answered", "withdrawn"),
    [
        (PageKind.ARTICLE, "https://a.example/2026/story", "https://a.example/", True),
        (PageKind.ARTICLE, "https://a.example/2026/story", "https://a.example/2026/other", False),
        (PageKind.ARTICLE, "https://a.example/", "https://a.example/", False),
        (PageKind.SEED, "https://a.example/news", "https://a.example/", False),
    ],
)
def test_an_article_that_leads_to_the_front_page_is_withdrawn(kind: PageKind, asked: str, answered: str, withdrawn: bool) -> None:
    assert is_withdrawn_to_front(kind, asked, answered) is withdrawn
