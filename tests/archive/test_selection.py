from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from archive import Archive
from archive.errors import ArticleNotFound
from archive.revision import RevisionAuthor
from archive.selection import period
from archive.visit import Visit
from tests.archive.samples import NOW, URL, article_visit, revision


def dated(slug: str, earliest: str, latest: str, **facts: Any) -> Visit:
    url = f"https://{facts.get('site', 'tern.example')}/{slug}"
    return article_visit(
        url, revision=revision(url, published=slug, published_earliest=earliest, published_latest=latest, **facts)
    )  # fmt: skip


ADA = RevisionAuthor("Ada 100% Lind", "person")


@pytest.fixture
def shelf(archive: Archive) -> Archive:
    archive.commit(
        None,
        [
            dated("2026-08-22", "2026-08-22T00:00:00+00:00", "2026-08-22T23:59:59+00:00"),
            dated("2026-08", "2026-08-01T00:00:00+00:00", "2026-08-31T23:59:59.999999+00:00", lang="de", site="heron.example"),
            dated("2025", "2025-01-01T00:00:00+00:00", "2025-12-31T23:59:59+00:00", authors=(ADA,)),
            article_visit("https://tern.example/undated", revision=revision(
                "https://tern.example/undated", published=None, published_earliest=None, published_latest=None)),
        ],
        NOW,
    )  # fmt: skip
    return archive


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["2026-08-22", "2026-08", "2025", "undated"]),
        ({"since": "2026-08-22"}, ["2026-08-22", "2026-08"]),
        ({"since": "2026"}, ["2026-08-22", "2026-08"]),
        ({"since": datetime(2026, 8, 23, tzinfo=UTC)}, ["2026-08"]),
        ({"until": "2025"}, ["2025"]),
        ({"until": "2026-08-22"}, ["2026-08-22", "2026-08", "2025"]),
        ({"until": "2026-08-21T23:59:59Z"}, ["2026-08", "2025"]),
        ({"since": "2025-06", "until": "2025-07"}, ["2025"]),
        ({"lang": "DE"}, ["2026-08"]),
        ({"site": "www.Heron.example"}, ["2026-08"]),
        ({"site": "https://heron.example/anything"}, ["2026-08"]),
        ({"author": "ada"}, ["2025"]),
        ({"author": "100%"}, ["2025"]),
        ({"author": "1%L"}, []),
        ({"query": "ferry", "lang": "de"}, ["2026-08"]),
        ({"limit": 1}, ["2026-08-22"]),
    ],
)
def test_filters_select(shelf: Archive, filters: dict[str, Any], expected: list[str]) -> None:
    assert [article.url.rpartition("/")[2] for article in shelf.articles(**filters)] == expected


def test_search_takes_the_same_filters(shelf: Archive) -> None:
    assert [hit.article.url for hit in shelf.search("ferry", site="heron.example", since="2026-08-30")] == [
        "https://heron.example/2026-08"
    ]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01T00:00:00", "2024-12-31T23:59:59"),
        ("2024-02", "2024-02-01T00:00:00", "2024-02-29T23:59:59"),
        ("2024-12", "2024-12-01T00:00:00", "2024-12-31T23:59:59"),
        ("2024-02-29", "2024-02-29T00:00:00", "2024-02-29T23:59:59"),
        ("2024-02-29T12:00:00+02:00", "2024-02-29T10:00:00", "2024-02-29T10:00:00"),
        ("2024-02-29T12:00", "2024-02-29T12:00:00", "2024-02-29T12:00:00"),
    ],
)
def test_a_date_means_the_whole_of_it(text: str, first: str, last: str) -> None:
    assert period(text) == (first, last)


@pytest.mark.parametrize("text", ["yesterday", "2024-13", "", "2023-02-29"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"month|isoformat|day|format"):
        period(text)


def test_an_article_is_found_by_id_and_by_any_name_of_its_address(archive: Archive) -> None:
    archive.commit(None, [article_visit()], NOW)
    for name in (1, "1", URL, f"{URL}?utm_source=mail", f"{URL}#top"):
        assert archive.article(name).url == URL


def test_an_article_that_is_not_there_is_answered_with_near_addresses(archive: Archive) -> None:
    archive.commit(None, [article_visit()], NOW)
    with pytest.raises(ArticleNotFound, match=URL):
        archive.article(URL.replace("returns", "retruns"))
    with pytest.raises(ArticleNotFound, match="morgue why"):
        archive.article("https://elsewhere.example/x")
    with pytest.raises(ArticleNotFound, match="id 7"):
        archive.article(7)


def test_a_revision_that_is_not_there_is_named(archive: Archive) -> None:
    archive.commit(None, [article_visit()], NOW)
    with pytest.raises(ArticleNotFound, match="revision 2 of article 1"):
        archive.revision(1, 2)


@pytest.mark.parametrize("last", ["9999", "9999-12", "9999-12-31"])
def test_the_last_year_ends_like_any_other(shelf: Archive, last: str) -> None:
    assert period(last)[1] == "9999-12-31T23:59:59"
    assert len(list(shelf.articles(until=last))) == len(shelf.search("ferry", until=last)) == 3


@pytest.mark.parametrize(
    "filters",
    [
        {"since": "9999-12-31T23:00:00-05:00"}, {"until": "0001-01-01T00:00:00+05:00"}, {"site": "\ud800"}, {"author": "a\udcff"},
        {"lang": "\ud800"},
    ],
)  # fmt: skip
def test_a_filter_that_no_archive_can_be_asked_is_named(shelf: Archive, filters: dict[str, str]) -> None:
    for ask in (lambda: list(shelf.articles(**filters)), lambda: shelf.find("ferry", **filters)):
        with pytest.raises(ValueError, match=r"beyond the years|is no text that UTF-8 can write"):
            ask()
