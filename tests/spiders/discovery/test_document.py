from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.discovery.document import absolute, base_of, parse_html, root_element, text_of


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"<urlset/>", "urlset"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a < b --><!DOCTYPE rss [<!ENTITY x "y">]><rss version="2.0">', "rss"),
        (b"<rdf:RDF xmlns:rdf='x'>", "rdf"),
        ("<?xml version='1.0'?><feed>".encode("utf-16"), "feed"),
        (b"<!DOCTYPE html><HTML>", "html"),
        (b"text", ""),
        (b'{"a": "<rss>"}', ""),
        (b"", ""),
    ],
)
def test_the_root_element_is_named(body: bytes, name: str) -> None:
    assert root_element(body) == name


def test_what_follows_the_end_of_a_document_belongs_to_it() -> None:
    root = parse_html("<html><body><p>a</p></body></html><p>b</p>")
    assert root is not None
    assert text_of(root) == "ab"


def test_nothing_gives_no_tree() -> None:
    assert parse_html("") is None


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("a b", "https://example.com/x/a%20b"),
        ("\n/a\t/b \n", "https://example.com/a/b"),
        ("//cdn.example.com/a#b", "https://cdn.example.com/a"),
        ("?page=2", "https://example.com/x/?page=2"),
        ("", None),
        ("mailto:a@example.com", None),
        ("http://[broken", None),
    ],
)
def test_links_are_made_absolute_as_they_will_be_fetched(href: str, url: str | None) -> None:
    assert absolute("https://example.com/x/", href) == url


def test_a_base_element_moves_relative_links() -> None:
    root = parse_html("<base target=x><base href='/y/'><a href=z>")
    assert root is not None
    assert base_of(root, "https://example.com/x/") == "https://example.com/y/"


@given(st.text(max_size=60))
def test_no_document_raises(text: str) -> None:
    root = parse_html(text)
    assert root is None or isinstance(text_of(root), str)
    assert root_element(text.encode("utf-8", "replace")) == root_element(text.encode("utf-8", "replace")).lower()
    assert absolute(text, text) is None or absolute("https://example.com/", text) is not None
