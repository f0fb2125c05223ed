from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.visit import Found, PageKind
from spiders.discovery.periods import Period, Span, span_of, span_of_folders, spans_of_sitemaps

HOME = "https://post.example"
MAY = Period(datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC))
MOMENTS = st.integers(631152000, 2524608000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def article(path: str = "/x", published: str | None = None, modified: str | None = None) -> Found:
    moments = (day(published) if published else None, day(modified) if modified else None)
    return Found(HOME + path, PageKind.ARTICLE, "sitemap", published=moments[0], modified=moments[1])


def sitemaps(*paths: str) -> list[Found]:
    return [Found(HOME + path, PageKind.SITEMAP, "sitemap") for path in paths]


def kept(period: Period, *paths: str) -> list[str]:
    return [found.url.removeprefix(HOME) for found in period.within(sitemaps(*paths))]


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/2024/05/17/ferry", (2024, 5, 17)),
        ("/news/2024/5/7/ferry.html", (2024, 5, 7)),
        ("/world/2024/may/17/ferry", (2024, 5, 17)),
        ("/2024-05-17-ferry.html", (2024, 5, 17)),
        ("/20240517/ferry", (2024, 5, 17)),
        ("/2024/05/ferry", (2024, 5)),
        ("/2024/05/12-things-to-do", (2024, 5)),
        ("/2024-05/ferry", (2024, 5)),
    ],
)
def test_a_date_that_fills_segments_of_a_path_is_read(path: str, parts: tuple[int, ...]) -> None:
    assert span_of_folders(HOME + path) == span_of(*parts)


@pytest.mark.parametrize(
    "path", ["/2024-10-best-films", "/2024/mayor", "/2024/13/ferry", "/2023/02/30/ferry", "/2024/ferry", "/12024/05/17/ferry"]
)
def test_other_numbers_are_no_dates(path: str) -> None:
    assert span_of_folders(HOME + path) is None


def test_of_an_article_publication_decides_where_a_period_has_an_end() -> None:
    assert MAY.excludes(article("/2019/05/17/ferry", modified="2024-05-20"))
    assert MAY.excludes(article(published="2024-06-01"))
    assert not MAY.excludes(article(published="2024-05-31", modified="2026-01-01"))


def test_an_old_article_that_was_changed_since_counts_where_a_period_has_no_end() -> None:
    assert not Period(MAY.since).excludes(article("/2019/05/17/ferry", modified="2024-05-20"))
    assert Period(MAY.since).excludes(article("/2019/05/17/ferry"))


def test_a_late_change_alone_excludes_nothing_and_an_early_one_does() -> None:
    assert not MAY.excludes(article(modified="2026-01-01"))
    assert MAY.excludes(article(modified="2024-04-30"))


def test_nothing_is_excluded_of_which_nothing_is_known() -> None:
    assert not MAY.excludes(article())


def test_the_seed_and_feeds_belong_to_every_period() -> None:
    assert not MAY.excludes(Found(f"{HOME}/2019/05/", PageKind.SEED, "seed"))
    assert not MAY.excludes(Found(f"{HOME}/2019/05/feed", PageKind.FEED, "autodiscovery"))


def test_lists_of_other_years_are_outside() -> None:
    lists = [Found(HOME + path, PageKind.LISTING, "link") for path in ("/2019/", "/2024/", "/2024/04/", "/2024/05/", "/harbour/")]
    assert [found.url.removeprefix(HOME) for found in MAY.within(lists)] == ["/2024/", "/2024/05/", "/harbour/"]


@pytest.mark.parametrize(
    ("path", "inside"),
    [
        ("/sitemap-2024-05.xml", True),
        ("/sitemap-2024-04.xml", False),
        ("/sitemap-2024.xml", True),
        ("/sitemap-2023.xml", False),
        ("/sitemaps/2024/05/31.xml.gz", True),
        ("/sitemaps/2024/06/01.xml.gz", False),
        ("/posts-202405.xml", True),
        ("/posts-20240601.xml", False),
        ("/sitemap.xml?yyyy=2024&mm=05&dd=17", True),
        ("/sitemap.xml?yyyy=2024&mm=04&dd=17", False),
        ("/sitemap-2000-2010.xml", False),
        ("/sitemap-2020-2030.xml", True),
        ("/sitemap-17.xml", True),
        ("/sitemap.xml?page=2019", True),
    ],
)
def test_parts_of_a_sitemap_are_followed_where_they_may_hold_the_period(path: str, inside: bool) -> None:
    assert kept(MAY, path) == ([path] if inside else [])


def test_a_part_that_was_changed_before_the_period_holds_nothing_of_it() -> None:
    parts = [Found(HOME + "/a.xml", PageKind.SITEMAP, "sitemap", modified=day(text)) for text in ("2024-04-30", "2026-01-01")]
    assert MAY.within(parts) == (parts[1],)


def test_numbers_that_run_on_are_neither_years_nor_days() -> None:
    parts = [
        "/sitemap-17.xml",
        "/sitemap-2004.xml",
        "/posts-2024-1.xml",
        "/posts-2024-12.xml",
        "/d-2024-05-02.xml",
        "/d-2024-05-40.xml",
    ]
    assert kept(MAY, *parts) == parts


def test_sitemaps_that_name_the_same_month_in_two_ways_are_read_alike() -> None:
    spans = spans_of_sitemaps([f"{HOME}/s-2024-05.xml", f"{HOME}/s/2024/05.xml", f"{HOME}/s.xml?year=2024&month=5"])
    assert set(spans.values()) == {Span(datetime(2024, 5, 1, tzinfo=UTC), datetime(2024, 6, 1, tzinfo=UTC))}
    assert len(spans) == 3


@given(st.text(max_size=40), st.sampled_from(list(PageKind)), MOMENTS, MOMENTS)
def test_no_address_makes_it_fail(text: str, kind: PageKind, since: datetime, until: datetime) -> None:
    found = Found(f"{HOME}/{text}", kind, "link")
    assert set(Period(since, until).within([found])) <= {found}


@given(MOMENTS, MOMENTS, MOMENTS)
def test_an_article_is_outside_exactly_where_its_time_is(published: datetime, one: datetime, other: datetime) -> None:
    since, until = sorted((one, other))
    found = Found(f"{HOME}/x", PageKind.ARTICLE, "feed", published=published)
    assert Period(since, until).excludes(found) != (since <= published < until)


@given(MOMENTS)
def test_a_day_lies_in_its_month_and_year(moment: datetime) -> None:
    spans = [span_of(moment.year), span_of(moment.year, moment.month), span_of(moment.year, moment.month, moment.day)]
    assert all(span is not None and span.start <= moment < span.end for span in spans)
