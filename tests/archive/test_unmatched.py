"""Filters that no article passes are named, with what may be meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.revision import RevisionAuthor
from archive.unmatched import Unmatched
from archive.urls import site_of
from tests.archive.samples import LATER, NOW, article_visit, revision

URL = "https://tern.example/ferry"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """One article, first by Mara Lindqvist in English, then by Jon Vale in German."""
    path: Path = tmp_path_factory.mktemp("unmatched") / "morgue.db"
    first = replace(revision(URL, "One."), authors=(RevisionAuthor("Mara Lindqvist", "person"),), lang="en")
    second = replace(revision(URL, "Two."), authors=(RevisionAuthor("Jon Vale", "person"),), lang="de")
    with Archive.create(path) as made:
        made.commit(None, [article_visit(URL, revision=first)], NOW)
        made.commit(None, [article_visit(URL, revision=second, fetched=LATER)], LATER)
        yield made


@pytest.mark.parametrize(
    "filters",
    [
        {}, {"site": "tern.example"}, {"site": "https://www.tern.example/other"}, {"author": "vale"}, {"lang": "DE"},
        {"author": "Lindqvist"}, {"lang": "en"}, {"since": "2026", "until": "2026"},
    ],
)  # fmt: skip
def test_what_an_article_has_now_or_once_had_is_matched(archive: Archive, filters: dict[str, Any]) -> None:
    assert archive.unmatched(**filters) == []


@pytest.mark.parametrize(
    ("filters", "near"),
    [
        ({"site": "tern.exmaple"}, ("tern.example",)),
        ({"site": "example"}, ("tern.example",)),
        ({"site": "news.tern.example"}, ("tern.example",)),
        ({"site": "quite-another.test"}, ()),
        ({"site": ""}, ()),
        ({"author": "Jon Wale"}, ("Jon Vale",)),
        ({"author": "vale, jon"}, ("Jon Vale",)),
        ({"author": "100%"}, ()),
        ({"lang": "german"}, ("de",)),
        ({"lang": "fr", "site": "tern.example"}, ("de",)),
    ],
)
def test_what_none_has_is_named_with_what_is_near(archive: Archive, filters: dict[str, Any], near: tuple[str, ...]) -> None:
    (name, value), *_ = filters.items()
    assert archive.unmatched(**filters) == [Unmatched(name, value, near)]


def test_every_filter_that_none_passes_is_named(archive: Archive) -> None:
    found = archive.unmatched(site="x.test", author="Ono", lang="xx", since="2027", until="2026-05-01")
    assert [one.name for one in found] == ["site", "author", "lang", "dates"]
    assert found[-1].value == "2027-01-01T00:00:00 to 2026-05-01T23:59:59"


def test_an_empty_archive_has_nothing_near(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "empty.db") as empty:
        assert empty.unmatched(lang="en", site="a.example") == [Unmatched("site", "a.example"), Unmatched("lang", "en")]


def test_all_languages_are_named_and_no_site_without_a_name(tmp_path: Path) -> None:
    langs = ("en", "de", "ja", "fr", "it")
    with Archive.create(tmp_path / "morgue.db") as made:
        for lang in langs:
            for url in (f"https://tern.example/{lang}", f"file:///saved/{lang}.html"):
                read = replace(revision(url, f"A text in {lang}."), site=site_of(url), lang=lang)
                made.commit(None, [article_visit(url, body=url.encode(), revision=read)], NOW)
        (lang,), (site,) = made.unmatched(lang="xx"), made.unmatched(site="tern.exmaple")
        assert sorted(lang.near) == sorted(langs)
        assert site.near == ("tern.example",)
