"""An address's past -> when to look again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.visit import Lease, Outcome, PageKind, Visit
from crawler.revisit import LATEST_ARTICLE, SOONEST_ARTICLE, article_wait, next_visit

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def visit(outcome: Outcome, kind: PageKind, published: datetime | None = None) -> Visit:
    lease = Lease(1, "https://a.example/x", kind, "a.example", 1, 1, "link", None, published, None, None, None, None)
    return Visit(url=lease.url, fetched=NOW, outcome=outcome, lease=lease)


@pytest.mark.parametrize("kind", [PageKind.SEED, PageKind.FEED, PageKind.SITEMAP, PageKind.LISTING])
def test_pages_that_list_others_are_due_in_the_next_run(kind: PageKind) -> None:
    assert next_visit(visit(Outcome.LISTED, kind)) == NOW


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.BLOCKED, Outcome.LATER])
def test_what_failed_is_due_in_the_next_run(outcome: Outcome) -> None:
    assert next_visit(visit(outcome, PageKind.ARTICLE)) == NOW


def test_what_is_out_of_scope_is_never_due() -> None:
    assert next_visit(visit(Outcome.OUT_OF_SCOPE, PageKind.ARTICLE)) is None


def test_an_article_rests_half_its_age() -> None:
    published = NOW - timedelta(days=20)
    assert next_visit(visit(Outcome.STORED, PageKind.ARTICLE, published)) == NOW + timedelta(days=10)


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2030, 1, 1)))  # noqa: DTZ001 - made aware below
def test_the_rest_stays_within_its_bounds(published: datetime) -> None:
    assert SOONEST_ARTICLE <= article_wait(NOW, published.replace(tzinfo=UTC)) <= LATEST_ARTICLE
