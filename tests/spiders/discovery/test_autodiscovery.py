from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.visit import PageKind
from spiders.discovery.autodiscovery import feed_links, guesses, may_have_next_page, next_page

HOME = "https://example.com/"


def test_announced_feeds_are_found_without_those_of_comments() -> None:
    html = """<head><base href="https://example.com/blog/">
    <link rel="alternate" type="application/rss+xml" title="All" href="feed.xml">
    <link rel=alternate type="application/atom+xml; charset=utf-8" href=/atom>
    <link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">
    <link rel="alternate" hreflang="de" href="/de/">
    <link rel="alternate" type="application/json+oembed" href="/oembed">
    <link rel="alternate" type="application/rss+xml" href="feed.xml#x"></head>
    <a href="/other.rss">RSS</a>"""
    found = feed_links(html, HOME)
    assert [f.url for f in found] == ["https://example.com/blog/feed.xml", "https://example.com/atom"]
    assert {(f.kind, f.how) for f in found} == {(PageKind.FEED, "autodiscovery")}


def test_without_announced_feeds_the_linked_ones_count() -> None:
    html = """<a href="/feeds/all.atom.xml">atom</a><a href="/rss">RSS</a>
    <a href="https://other.org/feed">x</a><a href="/feed-the-birds">b</a>"""
    assert [f.url for f in feed_links(html, HOME)] == ["https://example.com/feeds/all.atom.xml", "https://example.com/rss"]


def test_guesses_are_on_the_host() -> None:
    found = guesses("https://example.com:8000/a/b")
    assert found[0].url == "https://example.com:8000/sitemap.xml"
    assert {f.how for f in found} == {"guess"}


REL = '<link rel="next" href="{}">'
BAR = '<div class="pagination"><span>1</span> <a href="{}">2</a></div>'
TEXT = '<p><a href="{}">Nächste Seite</a></p>'
PLAIN = '<p><a href="{}">Another story</a></p>'

NEXT = [
    (REL, "/story?page=2", "/story", True),
    (REL, "/story?page=1", "/story", True),
    (BAR, "/story?page=1", "/story", False),
    (BAR, "/story?page=2", "/story?page=1", True),
    (BAR, "/story?id=7&seite=2", "/story?id=7", True),
    (BAR, "/story?id=8&seite=2", "/story?id=7", False),
    (BAR, "/story/2/", "/story/", True),
    (TEXT, "/story/page/2", "/story", True),
    (BAR, "/story-2.html", "/story.html", True),
    (REL, "/story-2/", "/story/", False),
    (REL, "/story,seite-2.html", "/story.html", True),
    (TEXT, "/story.html/2", "/story.html", True),
    (BAR, "/story/page-2.html", "/story.html", True),
    (PLAIN, "/story/2/", "/story/", False),
    (BAR, "/story/3/", "/story/", False),
    (REL, "/another-story/", "/story/", False),
    (REL, "/posts/13", "/posts/12", False),
    (REL, "/posts/2", "/posts/1", False),
    (REL, "/?p=2", "/?p=1", False),
    (REL, "/?p=123&page=2", "/?p=123", True),
    (REL, "/page/2/", "/", False),
    (REL, "https://other.org/story/2/", "/story/", False),
    ('<div id="comments"><div class="pagination"><a href="{}">2</a></div></div>', "/story/2/", "/story/", False),
    ('<ul class="page-numbers pages"><li><a href="{}">2</a></li></ul>', "/story/2/", "/story/", True),
]


@pytest.mark.parametrize(("html", "target", "path", "expected"), NEXT)
def test_only_pages_of_the_same_article_are_next(html: str, target: str, path: str, expected: bool) -> None:
    document = f"<html><body><main>{html.format(target)}</main></body></html>"
    found = next_page(document, "https://example.com" + path)
    assert may_have_next_page(document.encode(), "https://example.com" + path) >= (found is not None)
    assert found == ((target if target.startswith("http") else "https://example.com" + target) if expected else None)


def test_pages_are_followed_one_by_one_from_the_first() -> None:
    bar = '<nav aria-label="Pagination"><a href="/story/">1</a><a href="/story/2/">2</a><a href="/story/3/">3</a></nav>'
    first = "https://example.com/story/"
    assert next_page(bar, first) == "https://example.com/story/2/"
    assert next_page(bar, "https://example.com/story/2/", first=first) == "https://example.com/story/3/"
    assert next_page(bar, "https://example.com/story/3/", first=first) is None


@pytest.mark.parametrize("href", ["/story/2/", "'/story/2/'", '"?page=2"', '"2/"', '"/story/2/#top"', '"/story/page/2"'])
def test_the_raw_bytes_tell_whether_there_may_be_a_next_page(href: str) -> None:
    assert may_have_next_page(f"<a class=x href={href}>2</a>".encode(), "https://example.com/story/")


@pytest.mark.parametrize(
    "href", ['"/story/"', '"/another/2/"', '"/story/2026-17"', '"https://other.org/story/2/"', '"/story/?id=123"']
)
def test_the_raw_bytes_tell_that_there_is_none(href: str) -> None:
    assert not may_have_next_page(f"<a class=x href={href}>2</a>".encode(), "https://example.com/story/")


@given(st.text(max_size=80), st.sampled_from(["", "/a", "/a-2.html", "/?p=1", "/[", "/%2"]))
def test_no_page_raises(html: str, path: str) -> None:
    for document in (
        html,
        f'<a rel="next" href="{html}">2</a>',
        f'<base href="{html}"><link rel=alternate type=text/rss href="{path}">',
    ):
        next_page(document, HOME + path)
        may_have_next_page(document.encode("utf-8", "replace"), HOME + path)
        feed_links(document, HOME + path)
