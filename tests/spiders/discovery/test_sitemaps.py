from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.visit import PageKind
from spiders.discovery.sitemaps import inflate, lists_no_articles, looks_like_sitemap, read_sitemap

URL = "https://example.com/sitemap.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="/main.xsl"?>\n'

NEWS = (
    HEAD
    + """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1" xmlns:xhtml="http://www.w3.org/1999/xhtml">
<url><loc> https://example.com/one </loc><lastmod>2026-03-09</lastmod>
 <xhtml:link rel="alternate" hreflang="de" href="https://example.com/de/eins"/>
 <image:image><image:loc>https://example.com/one.jpg</image:loc><image:title>A picture</image:title></image:image>
 <news:news><news:publication><news:name>The Paper</news:name><news:language>en</news:language></news:publication>
  <news:publication_date>2026-03-08T10:00:00+01:00</news:publication_date>
  <news:title>One &amp; only</news:title></news:news></url>
<url><loc>/two</loc></url>
<url><image:image><image:loc>https://example.com/lonely.jpg</image:loc></image:image></url>
</urlset>"""
).encode()


def test_a_news_sitemap_gives_the_nested_title_and_date() -> None:
    first, second = read_sitemap(NEWS, URL)
    assert (first.url, first.how, first.title) == ("https://example.com/one", "news sitemap", "One & only")
    assert first.published == datetime(2026, 3, 8, 9, tzinfo=UTC)
    assert first.modified == datetime(2026, 3, 9, 23, 59, 59, tzinfo=UTC)
    assert (second.url, second.how, second.title) == ("https://example.com/two", "sitemap", None)
    assert first.priority > second.priority


def test_an_index_leads_to_sitemaps() -> None:
    parts = b"<sitemap><loc>/a.xml</loc><lastmod>2026-03-09T01:00Z</lastmod></sitemap><sitemap><loc>/b.xml.gz</loc></sitemap>"
    body = b"<sitemapindex>" + parts + b"</sitemapindex>"
    found = read_sitemap(body, URL)
    assert [(f.url, f.kind) for f in found] == [
        ("https://example.com/a.xml", PageKind.SITEMAP),
        ("https://example.com/b.xml.gz", PageKind.SITEMAP),
    ]
    assert found[0].modified == datetime(2026, 3, 9, 1, tzinfo=UTC)


def test_a_sitemap_among_pages_is_a_sitemap() -> None:
    body = b"<urlset><url><loc>https://example.com/post-sitemap2.xml</loc></url></urlset>"
    assert [f.kind for f in read_sitemap(body, URL)] == [PageKind.SITEMAP]


@pytest.mark.parametrize(
    "body",
    [
        b"<urlset><url><loc>https://example.com/a</loc></url></urlset>",
        b'<urlset xmlns="http://wrong.example/"><url><loc>https://example.com/a</loc></url></urlset>',
        b"<s:urlset><s:url><s:loc>https://example.com/a</s:loc></s:url></s:urlset>",
        b"<urlset><url><loc><![CDATA[https://example.com/a]]></loc></url><url><loc>https://exa",
        b"<urlset><url><loc>https://example.com/a</loc><junk & more></url></urlset>",
        b"\xef\xbb\xbf\n <urlset><URL><LOC>https://example.com/a</LOC></URL></urlset>",
        "<?xml version='1.0' encoding='utf-16'?><urlset><url><loc>https://example.com/a</loc></url></urlset>".encode("utf-16"),
        b"https://example.com/a\n",
        b"\xef\xbb\xbfhttps://example.com/a\r\nnot an address\r\n",
        b"<rss version='2.0'><channel><item><link>https://example.com/a</link></item></channel></rss>",
    ],
)
def test_every_form_of_a_sitemap_is_read(body: bytes) -> None:
    assert [(f.url, f.kind) for f in read_sitemap(body, URL)] == [("https://example.com/a", PageKind.ARTICLE)]
    assert read_sitemap(gzip.compress(body), URL) == read_sitemap(body, URL)


def test_a_gzip_that_is_cut_short_gives_its_beginning() -> None:
    body = b"<urlset>" + b"".join(b"<url><loc>https://example.com/%d</loc></url>" % n for n in range(5000)) + b"</urlset>"
    packed = gzip.compress(body)
    assert 10 < len(read_sitemap(packed[: len(packed) // 2], URL)) < 5000
    assert len(read_sitemap(packed, URL)) == 5000
    assert inflate(gzip.compress(packed)) == body


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE u [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>'
    body = bomb + b"<urlset><url><loc>https://example.com/&b;&c;</loc></url><url><loc>https://example.com/x</loc></url></urlset>"
    assert "https://example.com/x" in [f.url for f in read_sitemap(body, URL)]
    assert not any("aaaa" in f.url for f in read_sitemap(body, URL))


def entries(*times: str) -> bytes:
    urls = (f"<url><loc>https://example.com/{n}</loc><lastmod>{time}</lastmod></url>" for n, time in enumerate(times))
    return f"<urlset>{''.join(urls)}</urlset>".encode()


def test_the_time_at_which_a_sitemap_was_made_is_no_change() -> None:
    found = read_sitemap(entries(*["2026-03-09T10:00:00Z"] * 12, "2026-01-01T10:00:00Z"), URL)
    assert [f.modified for f in found[:12]] == [None] * 12
    assert found[12].modified is not None


def test_changes_on_one_day_are_changes() -> None:
    assert all(f.modified for f in read_sitemap(entries(*["2026-03-09"] * 20), URL))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com/category-sitemap.xml", True),
        ("https://example.com/wp-sitemap-taxonomies-post_tag-1.xml", True),
        ("https://example.com/wp-sitemap-users-1.xml", True),
        ("https://example.com/sitemap_images.xml.gz", True),
        ("https://example.com/post-sitemap.xml", False),
        ("https://example.com/wp-sitemap-posts-post-1.xml", False),
        ("https://example.com/tag/sitemap-2026.xml", False),
        ("https://example.com/sitemap.xml?type=authors", False),
    ],
)
def test_sitemaps_of_other_things_are_known_by_name(url: str, expected: bool) -> None:
    assert lists_no_articles(url) is expected


def test_sitemaps_are_known_by_their_root() -> None:
    assert looks_like_sitemap(NEWS)
    assert looks_like_sitemap(gzip.compress(NEWS))
    assert not looks_like_sitemap(b"<html></html>")
    assert not looks_like_sitemap(b"<rss/>")


@given(
    st.one_of(
        st.binary(max_size=200),
        st.integers(0, len(NEWS)).map(lambda n: NEWS[:n]),
        st.binary(max_size=80).map(lambda b: b"\x1f\x8b\x08" + b),
    )
)
def test_no_document_raises(body: bytes) -> None:
    for found in read_sitemap(body, URL):
        assert found.url.startswith("http")
