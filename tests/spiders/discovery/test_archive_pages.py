from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.visit import PageKind
from spiders.discovery import archive_pages
from spiders.discovery.archive_pages import CLOSED, LAST_PAGE, OPEN, ArchivePages

HOME = "https://post.example"
NOW = datetime(2026, 3, 2, tzinfo=UTC)
DAYS = st.integers(980000000, 1772000000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def pages(path: str, since: str, until: str, now: datetime = NOW) -> list[str]:
    ends = [datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (since, until)]
    return [found.url.removeprefix(HOME) for found in ArchivePages(HOME + path).expand(ends[0], ends[1], now)]


def test_there_is_a_page_for_each_month_of_the_period_the_latest_first() -> None:
    assert pages("/{year}/{month:02}/", "2025-11-15", "2026-02-01") == ["/2026/01/", "/2025/12/", "/2025/11/"]


def test_a_period_that_ends_with_a_month_needs_no_page_of_the_next() -> None:
    assert pages("/{year}/{month}", "2025-11-01", "2025-12-01") == ["/2025/11"]


def test_days_and_years_and_first_pages() -> None:
    assert pages("/{year}{month:02}{day:02}", "2024-02-28", "2024-03-01") == ["/20240229", "/20240228"]
    assert pages("/archive?y={year}&p={page}", "2024-02-28", "2025-03-01") == ["/archive?y=2025&p=1", "/archive?y=2024&p=1"]


def test_no_page_of_a_time_to_come_is_made() -> None:
    assert pages("/{year}/{month:02}/", "2026-02-01", "2030-01-01") == ["/2026/03/", "/2026/02/"]


def test_a_page_is_open_until_its_time_is_well_over() -> None:
    found = ArchivePages(HOME + "/{year}/{month:02}/").expand(datetime(2026, 1, 1, tzinfo=UTC), NOW, NOW)
    assert [(each.kind, each.how) for each in found] == [(PageKind.LISTING, how) for how in (OPEN, OPEN, CLOSED)]


def test_pages_are_counted_on_from_any_of_them() -> None:
    template = ArchivePages(HOME + "/{year}/{month:02}/page/{page}/")
    assert template.next_page(HOME + "/2026/02/page/9/") == HOME + "/2026/02/page/10/"
    assert template.first_page(HOME + "/2026/02/page/9/") == HOME + "/2026/02/page/1/"
    assert template.next_page(HOME + f"/2026/02/page/{LAST_PAGE}/") is None
    assert template.next_page(HOME + "/2026/13/page/1/") is None
    assert template.next_page(HOME + "/harbour/page/1/") is None
    assert ArchivePages(HOME + "/{year}/").next_page(HOME + "/2026/") is None


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("https://post.example/{month}/", "must name the {year}"),
        ("https://post.example/{year}/{day}/", "must name the {year}"),
        ("https://post.example/{year}/{issue}/", "may hold"),
        ("https://post.example/{year.real}/", "may hold"),
        ("https://post.example/{year:>999999999}/", "may hold"),
        ("https://post.example/{year", "cannot be read"),
        ("/{year}/", "must be an http or https address"),
        ("https://me:secret@post.example/{year}/", "must be an http or https address"),
    ],
)
def test_a_template_that_makes_no_sense_is_refused(template: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint.replace("{", r"\{")):
        ArchivePages(template)


def test_more_pages_than_anybody_wants_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_pages, "MOST_PAGES", 30)
    with pytest.raises(ValueError, match="begin later"):
        pages("/{year}/{month}/{day}", "2025-01-01", "2026-01-01")


@given(
    DAYS,
    st.timedeltas(timedelta(hours=1), timedelta(days=400)),
    st.sampled_from(["/{year}/", "/{year}{month:02}/", "/{year}/{month}/{day}/"]),
)
def test_the_pages_cover_the_period_without_gap_and_each_is_read_back(since: datetime, length: timedelta, path: str) -> None:
    template = ArchivePages(HOME + path)
    until = min(since + length, NOW)
    spans = [span for found in template.expand(since, until, NOW) if (span := template.span_of(found.url)) is not None]
    assert spans[0].start < until <= spans[0].end
    assert spans[-1].start <= since < spans[-1].end
    assert all(later.start == earlier.end for later, earlier in pairwise(spans))
