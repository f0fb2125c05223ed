from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.visit import PageKind
from spiders.discovery.feeds import looks_like_feed, read_feed

URL = "https://example.com/feeds/all.xml"

RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<!-- made by hand --><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>The Paper</title><link>https://example.com/</link>
<atom:link rel="next" href="https://example.com/feeds/all.xml?page=2"/>
<item><title>One &amp; only</title><link>https://example.com/one</link><pubDate>Mon, 09 Mar 2026 10:05:30 +0200</pubDate></item>
<item><title>Relative</title><link>/two#comments</link></item>
<item><title>Permanent id</title><guid isPermaLink="true">https://example.com/three</guid></item>
<item><title>Again</title><link>https://example.com/one</link></item>
<item><title>No address</title><guid isPermaLink="false">tag:x</guid></item>
</channel></rss>"""

RSS_090 = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://my.netscape.com/rdf/simple/0.9/">
<channel><title>Old</title><link>https://example.com/</link></channel>
<item><title>Old one</title><link>https://example.com/old</link></item></rdf:RDF>"""

RSS_10 = b"""<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>RDF</title></channel>
<item rdf:about="https://example.com/rdf"><title>RDF one</title><link>https://example.com/rdf</link><dc:date>2026-03-09T10:00:00Z</dc:date></item>
</rdf:RDF>"""

ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.com/blog/"><title>Atom</title>
<entry><title>An entry</title><link rel="replies" href="https://example.com/replies"/><link rel="alternate" href="an-entry"/>
<id>urn:1</id><published>2026-03-01T08:00:00+01:00</published><updated>2026-03-02T08:00:00+01:00</updated></entry>
<entry><title>Only updated</title><link href="https://example.com/blog/updated"/><id>urn:2</id><updated>2026-03-03T00:00:00Z</updated></entry>
</feed>"""

JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "JSON",
        "home_page_url": "https://example.com/",
        "next_url": "/feed.json?page=2",
        "items": [
            {"id": "1", "url": "/one", "title": "One", "date_published": "2026-03-09T10:00:00+01:00"},
            {"id": "https://example.com/two", "date_modified": "2026-03-10T10:00:00Z"},
            {"id": "3", "title": "nowhere"},
            "nonsense",
        ],
    }
).encode()


def test_rss_gives_its_entries_in_order_each_once() -> None:
    feed = read_feed(RSS, URL)
    assert [f.url for f in feed.found] == ["https://example.com/one", "https://example.com/two", "https://example.com/three"]
    assert (feed.title, feed.home, feed.next) == ("The Paper", "https://example.com/", "https://example.com/feeds/all.xml?page=2")
    assert feed.found[0].title == "One & only"
    assert feed.found[0].published == datetime(2026, 3, 9, 8, 5, 30, tzinfo=UTC)
    assert feed.found[0].modified is None
    assert {(f.kind, f.how) for f in feed.found} == {(PageKind.ARTICLE, "feed")}


@pytest.mark.parametrize(("body", "url"), [(RSS_090, "https://example.com/old"), (RSS_10, "https://example.com/rdf")])
def test_rdf_feeds_are_read(body: bytes, url: str) -> None:
    assert [f.url for f in read_feed(body, URL).found] == [url]


def test_atom_gives_the_alternate_link_and_both_dates() -> None:
    first, second = read_feed(ATOM, URL).found
    assert first.url == "https://example.com/blog/an-entry"
    assert first.published == datetime(2026, 3, 1, 7, tzinfo=UTC)
    assert first.modified == datetime(2026, 3, 2, 7, tzinfo=UTC)
    assert (second.published, second.modified) == (None, datetime(2026, 3, 3, tzinfo=UTC))


def test_json_feeds_are_read() -> None:
    feed = read_feed(JSON_FEED, "https://example.com/feed.json")
    assert [f.url for f in feed.found] == ["https://example.com/one", "https://example.com/two"]
    assert feed.found[0].published == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert feed.found[1].modified == datetime(2026, 3, 10, 10, tzinfo=UTC)
    assert feed.next == "https://example.com/feed.json?page=2"


def test_a_broken_feed_gives_what_can_be_read() -> None:
    assert [f.url for f in read_feed(RSS[:520], URL).found] == ["https://example.com/one", "https://example.com/two"]


def test_a_body_that_names_a_file_is_not_opened(tmp_path: Path) -> None:
    file = tmp_path / "feed.xml"
    file.write_bytes(RSS)
    assert read_feed(str(file).encode(), URL).found == ()


@pytest.mark.parametrize(
    "body", [RSS, RSS_090, RSS_10, ATOM, JSON_FEED, "\ufeff".encode() + ATOM, b" \n" + RSS[39:], ATOM.decode().encode("utf-16")]
)
def test_feeds_are_known_by_their_first_bytes(body: bytes) -> None:
    assert looks_like_feed(body)


@pytest.mark.parametrize(
    "body",
    [b"", b"<!doctype html><html></html>", b"<urlset></urlset>", b'{"a": 1}', b"plain", b"<html><body><rss></rss></body></html>"],
)
def test_other_documents_are_no_feeds_whatever_they_are_served_as(body: bytes) -> None:
    assert not looks_like_feed(body, "application/rss+xml" if body[:2] != b"<u" else "text/xml")


@given(
    st.one_of(
        st.binary(max_size=300),
        st.binary(max_size=60).map(lambda b: RSS[:300] + b),
        st.integers(0, len(ATOM)).map(lambda n: ATOM[:n]),
    )
)
def test_no_document_raises(body: bytes) -> None:
    for found in read_feed(body, URL).found:
        assert found.url.startswith("http")
    assert looks_like_feed(body) in (True, False)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda x: st.lists(x, max_size=3)))
def test_no_json_raises(value: object) -> None:
    document = {
        "version": value,
        "title": value,
        "next_url": value,
        "items": [{"url": value, "id": value, "date_published": value}, value],
    }
    read_feed(json.dumps(document).encode(), URL)
