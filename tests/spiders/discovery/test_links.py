from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.visit import PageKind
from spiders.discovery.links import (
    LinkContext,
    Region,
    article_links,
    judge_link,
    looks_like_listing,
    read_links,
    why_no_article,
)

HOME = "https://example.com/"
ARTICLE, LISTING = PageKind.ARTICLE, PageKind.LISTING

BY_ADDRESS = [
    # WordPress
    ("/2026/05/17/the-ferry-is-late-again/", ARTICLE),
    ("/2026/05/the-ferry/", ARTICLE),
    ("/2026/05/17/ferry", ARTICLE),
    ("/2026/05/17/", LISTING),
    ("/2026/05/", LISTING),
    ("/2026/", LISTING),
    ("/the-ferry-is-late-again/", ARTICLE),
    ("/category/harbour/", LISTING),
    ("/category/harbour/ferries/", LISTING),
    ("/category/harbour/page/2/", LISTING),
    ("/tag/ferries/", None),
    ("/author/mara-lindqvist/", None),
    ("/page/2/", LISTING),
    ("/wp-content/uploads/2026/05/the-ferry-at-the-new-pier.jpg", None),
    ("/wp-login.php", None),
    ("/wp-json/wp/v2/posts/123456", None),
    ("/?s=ferry", None),
    ("/?author=1", None),
    ("/the-ferry-is-late-again/?replytocom=123", None),
    ("/the-ferry-is-late-again/feed/", None),
    ("/comments/feed/", None),
    ("/archives/12345", ARTICLE),
    # numbers
    ("/news/world-123456", ARTICLE),
    ("/news/uk-politics-67012345", ARTICLE),
    ("/news/articles/c4ng5l2xk3yo", ARTICLE),
    ("/harbour/the-ferry-is-late-12345678.html", ARTICLE),
    ("/artikel-123.html", ARTICLE),
    ("/the-ferry-is-late-again-1019241/artikel", ARTICLE),
    ("/hafen/faehre-kommt-spaeter-artikel-123.html", ARTICLE),
    ("/politik/faehre-a-4711.html", ARTICLE),
    ("/politik/ausland/faehre-streit-id20012345.html", ARTICLE),
    ("/a/1a2b3c4d-1234-1234-1234-123456789abc", ARTICLE),
    ("/@mara/the-ferry-is-late-1a2b3c4d5e6f", ARTICLE),
    ("/@mara", None),
    ("/story/20260517/ferry", ARTICLE),
    ("/2026-05-17-the-ferry.html", ARTICLE),
    ("/17/05/2026/the-ferry-late", ARTICLE),
    ("/node/1234", ARTICLE),
    ("/view?id=4711&utm_source=x", None),
    ("/news/view.php?newsid=4711", ARTICLE),
    ("/article.php?articleid=4711", ARTICLE),
    # words
    ("/articles/the-ferry-is-late", ARTICLE),
    ("/posts/the-ferry-late/", ARTICLE),
    ("/blog/the-ferry-is-late/", ARTICLE),
    ("/blog/", LISTING),
    ("/blog/page/3", LISTING),
    ("/posts/", LISTING),
    ("/harbour/news/the_ferry_is_late_again.html", ARTICLE),
    ("/" + quote("海の新しいフェリーが遅れる") + "/", ARTICLE),
    ("/" + quote("フェリー") + "/", None),
    ("/" + quote("новости/паром-опять-опоздал-к-причалу"), ARTICLE),
    # Pelican
    ("/pages/about.html", None),
    ("/pages/how-we-work-here.html", None),
    ("/category/harbour.html", LISTING),
    ("/author/mara-lindqvist.html", None),
    ("/tag/ferries.html", None),
    ("/archives.html", LISTING),
    ("/categories.html", LISTING),
    ("/tags.html", None),
    ("/authors.html", None),
    ("/index2.html", LISTING),
    ("/index.html", LISTING),
    ("/", LISTING),
    ("/feeds/all.atom.xml", None),
    ("/theme/css/main.css", None),
    # about the site, in several languages
    ("/about", None),
    ("/about-us/", None),
    ("/contact.html", None),
    ("/de/impressum", None),
    ("/datenschutzerklaerung/", None),
    ("/mentions-legales", None),
    ("/quienes-somos/", None),
    ("/privacy-policy.html", None),
    ("/terms-of-service", None),
    ("/login?next=/", None),
    ("/search?q=ferry", None),
    ("/newsletter", None),
    ("/about-last-night-and-the-ferry/", ARTICLE),
    ("/contact-lenses-recalled-after-storm", ARTICLE),
    # files and others
    ("/files/report-of-the-harbour-board.pdf", None),
    ("/posts/the-ferry-is-late/index.md", None),
    ("/podcast/the-ferry-is-late.mp3", None),
    ("/rss.xml", None),
    ("/sitemap.xml", None),
    ("/user/mara/posts", None),
    ("/by/mara-lindqvist", None),
    ("/shop/the-big-book-of-ferries", None),
    ("/topics/ferries", LISTING),
    ("/latest", LISTING),
]  # fmt: skip


@pytest.mark.parametrize(("path", "kind"), BY_ADDRESS)
def test_the_address_alone_tells(path: str, kind: PageKind | None) -> None:
    assert judge_link("https://example.com" + path).kind == kind


HEADING = LinkContext(page=HOME, heading=True, card=True)
NAV = LinkContext(page=HOME, region=Region.NAVIGATION)
MAIN = LinkContext(page=HOME)

BY_CONTEXT = [
    ("/welcome/", "Welcome to the new archive", HEADING, ARTICLE),
    ("/ferry.html", "The ferry", HEADING, ARTICLE),
    ("/posts/ferry/", "Ferry", HEADING, ARTICLE),
    ("/?p=12", "The ferry is late", MAIN, ARTICLE),
    ("/2026/ferry", "The ferry is late again today", MAIN, ARTICLE),
    ("/first-post.html", "My first post on this", HEADING, ARTICLE),
    ("/sport/", "Sport", HEADING, LISTING),
    ("/sport/", "Sport", NAV, LISTING),
    ("/world/europe", "Europe", NAV, LISTING),
    ("/climate-and-energy/", "Climate and energy", NAV, LISTING),
    ("/sport/", "Sport", MAIN, LISTING),
    ("/local-news/", "Local news", LinkContext(page=HOME, card=True, dated=True), None),
    ("/pages/colophon-and-more.html", "Colophon", NAV, None),
    ("/the-ferry-is-late-again/", "1", LinkContext(page=HOME, region=Region.FOOTER), None),
    ("/mara-lindqvist/", "Mara Lindqvist", LinkContext(page=HOME, card=True, region=Region.BYLINE), None),
    ("/harbour/", "Harbour", LinkContext(page=HOME, rel=("tag",)), None),
    ("/harbour/", "Harbour", LinkContext(page=HOME, rel=("category", "tag")), LISTING),
    ("/older/", "2", LinkContext(page=HOME, region=Region.PAGINATION), LISTING),
    ("/the-ferry/", "Continue reading", LinkContext(page=HOME, card=True), None),
    ("https://other.org/2026/05/17/the-ferry-is-late/", "The ferry is late again today", HEADING, None),
    ("https://news.example.com/2026/05/17/the-ferry-is-late/", "The ferry", HEADING, ARTICLE),
    ("mailto:mara@example.com", "Mara", MAIN, None),
    ("javascript:void(0)", "The ferry is late again", HEADING, None),
]


@pytest.mark.parametrize(("url", "text", "context", "kind"), BY_CONTEXT)
def test_the_context_decides_where_the_address_does_not(url: str, text: str, context: LinkContext, kind: PageKind | None) -> None:
    absolute = "https://example.com" + url if url.startswith("/") else url
    assert judge_link(absolute, text, context).kind == kind


def test_a_verdict_names_its_signals() -> None:
    verdict = judge_link("https://example.com/2026/05/17/the-ferry-is-late/")
    assert "date in path" in verdict.reason
    assert verdict.score >= 1


PELICAN = """<!DOCTYPE html><html><body id="index" class="home">
<header id="banner" class="body"><h1><a href="/">The Courier <strong>of the Sound</strong></a></h1>
<nav><ul><li><a href="/pages/about.html">About</a></li><li class="active"><a href="/category/harbour.html">Harbour</a></li>
<li><a href="/category/letters.html">Letters</a></li></ul></nav></header>
<aside id="featured" class="body"><article><h1 class="entry-title"><a href="/first-post.html">A first post</a></h1>
<footer class="post-info"><abbr class="published" title="2026-05-17T10:00:00+02:00">Sun 17 May 2026</abbr>
<address class="vcard author">By <a class="url fn" href="/author/mara-lindqvist.html">Mara Lindqvist</a></address>
<p>In <a href="/category/harbour.html">Harbour</a>.</p><p>tags: <a href="/tag/ferries.html">ferries</a></p></footer>
<p>It begins, as <a href="/old-one.html">we wrote before</a>.</p></article></aside>
<section id="content" class="body"><h1>Other articles</h1><ol id="posts-list" class="hfeed">
<li><article class="hentry"><header><h1><a href="/boats.html" rel="bookmark" title="To Boats">Boats</a></h1></header>
<div class="entry-content"><p>Text.</p><a class="readmore" href="/boats.html">read more</a></div></article></li>
<li><article class="hentry"><header><h1>
<a href="/the-choir-that-cannot-sing.html" rel="bookmark">The choir that cannot sing</a></h1></header>
<footer class="post-info"><address class="vcard author">By
<a class="url fn" href="/author/jon-vale.html">Jon Vale</a></address></footer>
<div class="entry-content"><a class="readmore" href="/the-choir-that-cannot-sing.html">read more</a></div></article></li></ol>
<p class="paginator">Page 1 / 2 <a href="/index2.html">&raquo;</a></p></section>
<section id="extras" class="body"><div class="blogroll"><h2>links</h2><ul><li><a href="https://getpelican.example/">Pelican</a></li></ul></div>
<div class="social"><h2>social</h2><ul><li><a href="/feeds/all.atom.xml" rel="alternate">atom feed</a></li></ul></div></section>
<footer id="contentinfo" class="body"><address><a href="https://getpelican.example/">Pelican</a></address>
<p><a href="/archives.html">Archives</a> <a href="/pages/impressum.html">Impressum</a></p></footer></body></html>"""


def test_a_generated_flat_site_gives_exactly_its_articles() -> None:
    found = article_links(PELICAN, HOME)
    assert [f.url.rpartition("/")[2] for f in found if f.kind is ARTICLE] == [
        "first-post.html",
        "boats.html",
        "the-choir-that-cannot-sing.html",
    ]
    assert {f.url.partition("example.com")[2] for f in found if f.kind is LISTING} == {
        "/category/harbour.html",
        "/category/letters.html",
        "/index2.html",
        "/archives.html",
    }
    assert [f.title for f in found if f.kind is ARTICLE] == ["A first post", "Boats", "The choir that cannot sing"]


HASHED = """<html><body><div class="x1"><div class="q9"><a class="k2" href="/">Paper</a><a class="k2" href="/harbour">Harbour</a>
<a class="k2" href="/about">About</a></div>
<div class="z3"><div class="u7"><a class="v1" href="/harbour/ferry-late"><h3>Why the ferry is late again this week</h3></a>
<span class="w2"><a href="/people/mara-lindqvist">Mara Lindqvist</a></span></div>
<div class="u7"><a class="v1" href="/harbour/new-pier"><img src="/p.jpg" alt="A pier"></a><a class="v1" href="/harbour/new-pier">
A new pier for the old harbour is planned</a></div></div></div></body></html>"""


def test_a_page_without_telling_markup_gives_its_articles_too() -> None:
    found = article_links(HASHED, HOME)
    assert [f.url.rpartition("/")[2] for f in found if f.kind is ARTICLE] == ["ferry-late", "new-pier"]
    assert [f.url.rpartition("/")[2] for f in found if f.kind is LISTING] == ["harbour"]


def test_links_are_read_with_where_they_stand() -> None:
    html = """<nav><a href="a">A</a></nav><main><article><h2><a href="/b#c" rel="bookmark">B</a></h2><time>now</time>
    </article></main><footer><a href="/d"><img alt="D" src="d.png"></a></footer><a name="x">no link</a>
    <a href="mailto:x@example.com">x</a>"""
    first, second, third = read_links(html, "https://example.com/x/")
    assert (first.url, first.context.region) == ("https://example.com/x/a", Region.NAVIGATION)
    assert second.url == "https://example.com/b"
    assert (second.context.heading, second.context.card, second.context.dated, second.context.rel) == (
        True,
        True,
        True,
        ("bookmark",),
    )
    assert (third.text, third.context.region) == ("D", Region.FOOTER)


ENTRY = '<article><h2><a href="/2026/05/{n}/the-ferry-is-late/">The ferry is late</a></h2><time>today</time></article>'
LIST = "".join(ENTRY.format(n=n) for n in range(1, 7))
NEWS = '<script type="application/ld+json">{"@type": "NewsArticle"}</script>'


@pytest.mark.parametrize(
    ("html", "path", "expected"),
    [
        ("<p>Text</p>", "/", True),
        (LIST, "/harbour/", True),
        ("<h1>The ferry</h1><p>Text</p>", "/the-ferry/", False),
        (NEWS + "<h1>The ferry</h1><p>Text</p>" + LIST, "/the-ferry/", False),
        (NEWS * 6 + LIST, "/harbour/", True),
        ("<h1>Harbour</h1>", "/category/harbour/", True),
        (LIST, "/2026/05/17/the-ferry-is-late-again.html", False),
        ('<script type="application/ld+json">{"@type": "CollectionPage"}</script>' + LIST, "/the-long-way-to-the-harbour/", True),
        ('<meta property="og:type" content="article">' + LIST, "/the-ferry/", False),
        ("", "/x", False),
    ],
)
def test_front_and_section_pages_are_listings(html: str, path: str, expected: bool) -> None:
    assert looks_like_listing(html, "https://example.com" + path) is expected


@pytest.mark.parametrize(
    "path", ["/", "/tag/x/", "/author/x", "/about", "/category/x/", "/2026/05/", "/pages/how-we-work.html", "/a.jpg", "/page/2"]
)
def test_some_addresses_are_no_articles_whoever_lists_them(path: str) -> None:
    assert why_no_article("https://example.com" + path)


@pytest.mark.parametrize("path", ["/welcome/", "/ferry.html", "/2026/05/17/x", "/?p=3", "/harbour/new-pier", "/view?id=4"])
def test_doubtful_addresses_may_be_articles_if_somebody_lists_them(path: str) -> None:
    assert why_no_article("https://example.com" + path) is None


@given(st.text(max_size=60), st.text(max_size=20))
def test_no_link_raises(url: str, text: str) -> None:
    for address in (url, "https://example.com/" + url, "https://example.com/?" + url):
        judge_link(address, text, LinkContext(page=url))
        judge_link(address, text, HEADING)
        why_no_article(address)


@given(st.text(alphabet="<>/a h1=\"'nav#?&;-\x00é", max_size=80))
def test_no_document_raises(html: str) -> None:
    for document in (html, f"<a href='{html}'>{html}</a>", f"<nav {html}><a href=/x-y-z-w-v>{html}"):
        article_links(document, HOME)
        looks_like_listing(document, HOME + "x")
