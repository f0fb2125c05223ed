"""What an address says of its page."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.verdict.address import is_front, link_features, read_address

HOST = "https://courier.example"


@pytest.mark.parametrize("path", ["", "/", "/index.html", "/home", "/page/2/", "/?utm_source=x", "/?paged=2"])
def test_an_address_without_path_is_a_front_page(path: str) -> None:
    assert is_front(urlsplit(HOST + path))


@pytest.mark.parametrize("path", ["/?p=12", "/index.php?article_id=7", "/boats", "/news/"])
def test_a_path_or_a_chosen_number_is_no_front_page(path: str) -> None:
    assert not is_front(urlsplit(HOST + path))


@pytest.mark.parametrize(
    ("path", "feature"),
    [
        ("/news/two-boats", "address_article"),
        ("/de/nachrichten/zwei-boote", "address_article"),
        ("/2026/10/12/two-boats", "address_dated"),
        ("/20261012/two-boats", "address_dated"),
        ("/threads/leak.12", "address_other"),
        ("/viewtopic.php?t=3", "address_other"),
        ("/docs/3.2/alarms", "address_other"),
        ("/products/scythe", "address_other"),
        ("/kategorie/boote", "address_other"),
        ("/authors/nell", "address_other"),
    ],
)
def test_folders_tell_the_kind_of_a_page(path: str, feature: str) -> None:
    assert read_address(HOST + path, "")[feature] >= 1


@pytest.mark.parametrize("path", ["/news", "/news/", "/blog"])
def test_the_folder_of_articles_itself_is_none(path: str) -> None:
    assert read_address(HOST + path, "")["address_article"] == 0


def test_a_slug_repeats_the_words_of_its_title() -> None:
    values = read_address(f"{HOST}/harbour/two-boats-too-many-204.html", "Two Boats Too Many")
    assert (values["slug_words"], values["slug_in_title"]) == (4, 4)


def test_a_host_may_tell_the_kind() -> None:
    assert read_address("https://docs.courier.example/x", "")["address_host"] == 1
    assert read_address("https://www.courier.example/x", "")["address_host"] == 0


def test_links_are_told_by_where_they_lead() -> None:
    links = [f"{HOST}/docs/a", f"{HOST}/docs/b", f"{HOST}/about", "https://elsewhere.example/"]
    assert link_features(f"{HOST}/docs/c", links) == {"links_away": 0.25, "links_beside": 0.5}
    assert link_features(None, []) == {"links_away": 0.0, "links_beside": 0.0}


@given(st.none() | st.text() | st.from_regex(r"https?://[^\s]{0,40}"), st.text(max_size=40))
def test_no_address_raises(url: str | None, title: str) -> None:
    values = read_address(url, title)
    assert all(value >= 0 for value in values.values())
    assert set(link_features(url, [title])) == {"links_away", "links_beside"}
