from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.page.addresses import Resolver

BASE = "https://paper.example/news/story.html?x=1"


@pytest.mark.parametrize(
    "reference", ["/a", "a", "../a", "/a/../b", "//other.example/a", "https://other.example/a", "?y=2", "mailto:a@b.example", "."]
)
def test_agrees_with_urljoin(reference: str) -> None:
    assert Resolver(BASE)(reference) == urljoin(BASE, reference)


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        (" /a\n/b ", "/a/b"),
        ("/a\r\n    /b", "/a/b"),
        ("/a story with  spaces.html", "/a%20story%20with%20%20spaces.html"),
        ("\thttps://paper.example/a story\n", "/a%20story"),
        ("   ", "/news/story.html?x=1"),
    ],
)
def test_line_ends_go_and_spaces_are_encoded(reference: str, address: str) -> None:
    assert Resolver(BASE)(reference) == f"https://paper.example{address}"


def test_without_a_base_references_stay() -> None:
    assert Resolver(None)("/a") == "/a"
    assert Resolver("http://[")("/a") == "/a"


@given(st.text(max_size=30), st.text(max_size=30))
def test_nothing_raises(base: str, reference: str) -> None:
    assert isinstance(Resolver(base)(reference), str)
    assert isinstance(Resolver(BASE)(reference), str)
