from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.urls import _host_by_rules, _key_by_rules, address_key, canonical_url, host_of, registrable_domain, site_of

CANONICAL = [
    ("http://Example.com:80/a/../b/?utm_source=x&fbclid=1&b=2&a=1#frag", "http://example.com/b/?a=1&b=2"),
    ("https://example.com:443/x", "https://example.com/x"),
    ("https://example.com:8443/x", "https://example.com:8443/x"),
    ("  https://example.com/x\n", "https://example.com/x"),
    ("https://example.com", "https://example.com/"),
    ("https://example.com/#!/story", "https://example.com/"),
    ("https://example.com/a/index.html", "https://example.com/a/"),
    ("https://example.com/index.php?p=12", "https://example.com/?p=12"),
    ("https://example.com/a.html;jsessionid=ABC123?x=1", "https://example.com/a.html?x=1"),
    ("https://example.com/(S(abcdefghijklmnopqrstuvwx))/a.aspx", "https://example.com/a.aspx"),
    ("https://example.com/a?PHPSESSID=abc&id=4", "https://example.com/a?id=4"),
    ("https://example.com/a?sid=4", "https://example.com/a?sid=4"),
    ("https://example.com/a?sid=0123456789abcdef01", "https://example.com/a"),
    ("https://example.com/a?ref=homepage", "https://example.com/a"),
    ("https://example.com/a?ref=other.example.org", "https://example.com/a"),
    ("https://example.com/a?ref=4711", "https://example.com/a?ref=4711"),
    ("https://example.com/a?source=rss", "https://example.com/a"),
    ("https://example.com/a?at_medium=x&at_campaign=y&cmpid=z&mc_cid=1", "https://example.com/a"),
    ("https://example.com/a?gclid=1&id=7&_ga=2", "https://example.com/a?id=7"),
    ("https://example.com/story/amp", "https://example.com/story"),
    ("https://example.com/story/amp/", "https://example.com/story/"),
    ("https://example.com/amp/story", "https://example.com/story"),
    ("https://example.com/story?amp=1", "https://example.com/story"),
    ("https://example.com/story?amp", "https://example.com/story"),
    ("https://example.com/story?outputType=amp&x=1", "https://example.com/story?x=1"),
    ("https://example.com/story.amp.html", "https://example.com/story.html"),
    ("https://example.com/tag/amp/", "https://example.com/tag/amp/"),
    ("https://amp.example.com/story", "https://example.com/story"),
    ("https://www.google.com/amp/s/www.example.com/story", "https://www.example.com/story"),
    ("https://www.google.co.uk/amp/example.com/story/amp", "http://example.com/story"),
    ("https://www-example-com.cdn.ampproject.org/c/s/www.example.com/story?usqp=1", "https://www.example.com/story?usqp=1"),
    ("https://m.example.com/story", "https://example.com/story"),
    ("https://mobile.example.co.uk/story", "https://example.co.uk/story"),
    ("https://en.m.example.org/wiki/X", "https://en.example.org/wiki/X"),
    ("https://m.com/story", "https://m.com/story"),
    ("https://amp.dev/story", "https://amp.dev/story"),
    ("https://www.example.com/story", "https://www.example.com/story"),
    ("https://example.com/日本", "https://example.com/%E6%97%A5%E6%9C%AC"),
    ("https://example.com/a%2fb", "https://example.com/a%2Fb"),
    ("https://user:pw@example.com/a", "https://example.com/a"),
    ("http://[::0:1]:8000/a", "http://[::1]:8000/a"),
    ("http://127.0.0.1:8000/a?b=1", "http://127.0.0.1:8000/a?b=1"),
    ("file:///a/b.html", "file:///a/b.html"),
]


@pytest.mark.parametrize(("url", "canonical"), CANONICAL)
def test_the_canonical_address_is_without_noise(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


ONE_KEY = [
    ("http://example.com/a", "https://example.com/a"),
    ("https://www.example.com/a/", "https://example.com/a"),
    ("https://example.com/a?utm_source=x", "https://example.com/a#top"),
    ("https://m.example.com/a/amp/", "http://www.example.com/a"),
    ("https://example.com//a//b", "https://example.com/a/b"),
    ("https://example.com?x=1&y=2", "https://example.com/?y=2&x=1"),
    ("https://EXAMPLE.com./a", "https://example.com/a"),
    ("https://www.www.example.com/a", "https://example.com/a"),
]


@pytest.mark.parametrize(("one", "other"), ONE_KEY)
def test_addresses_of_one_page_have_one_key(one: str, other: str) -> None:
    assert address_key(one) == address_key(other) is not None


TWO_KEYS = [
    ("https://example.com/a", "https://example.com/b"),
    ("https://example.com/?p=1", "https://example.com/?p=2"),
    ("https://blog.example.com/a", "https://example.com/a"),
    ("http://127.0.0.1:8000/a", "http://127.0.0.1:8001/a"),
    ("https://example.com/A", "https://example.com/a"),
]


@pytest.mark.parametrize(("one", "other"), TWO_KEYS)
def test_addresses_of_two_pages_have_two_keys(one: str, other: str) -> None:
    assert address_key(one) != address_key(other)


NO_ADDRESS = [
    "", "#top", "/relative", "mailto:a@example.com", "javascript:void(0)", "data:text/html,x", "tel:+1", "ftp://example.com/a",
    "http://", "https:///path", "http://exa mple.com/", "http://example.com:99999/", "http://example.com:port/", "http://[::1/",
    "http://[oops]/", "http://" + "a" * 70 + ".com/", "http://example.com/\ud800", "http://..example.com/", "http://%zz/",
    "https://example.com/" + "a" * 5000, "http://xn--\u00e4\u00f6.com:x/",
]  # fmt: skip


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_address_has_no_key(url: str) -> None:
    if url == "http://example.com/\ud800":
        assert address_key(url) in (
            None,
            "https://example.com/%EF%BF%BD",
            "https://example.com/%ED%A0%80",
            "https://example.com/?",
        )
    else:
        assert address_key(url) is None


DECLARED = [
    ("https://example.com/a?x=1", "https://www.example.com/news/a", "https://www.example.com/news/a"),
    ("https://example.com/a?x=1", "/news/a", "https://example.com/news/a"),
    ("https://example.com/?p=5", "https://example.com/the-slug/", "https://example.com/the-slug/"),
    ("https://example.com/a", "https://other.org/a", "https://example.com/a"),
    ("https://example.com/a", "https://example.com/", "https://example.com/a"),
    ("https://example.com/news/a-long-story", "https://example.com/news/", "https://example.com/news/a-long-story"),
    (
        "https://example.com/2024/a-long-story/2/",
        "https://example.com/2024/a-long-story/",
        "https://example.com/2024/a-long-story/",
    ),
    ("https://example.com/story/print", "https://example.com/story", "https://example.com/story"),
    ("https://example.com/view?id=7", "https://example.com/view", "https://example.com/view?id=7"),
    ("https://example.com/view?id=7&sort=up", "https://example.com/view?id=7", "https://example.com/view?id=7"),
    ("https://a.github.io/x", "https://b.github.io/x", "https://a.github.io/x"),
    ("http://127.0.0.1:8000/x", "http://127.0.0.1:9000/y", "http://127.0.0.1:8000/x"),
    ("https://example.com/a", "http://[broken/", "https://example.com/a"),
    ("https://example.com/a", "", "https://example.com/a"),
    ("https://example.com/a", "javascript:void(0)", "https://example.com/a"),
    ("https://example.com/", "https://www.example.com/", "https://www.example.com/"),
]


@pytest.mark.parametrize(("url", "declared", "canonical"), DECLARED)
def test_a_declared_canonical_address_is_believed_only_where_it_can_be(url: str, declared: str, canonical: str) -> None:
    assert canonical_url(url, declared=declared) == canonical


SITES = [
    ("https://www.Example.com/a", "example.com"),
    ("http://m.example.com:80/a", "example.com"),
    ("http://example.com:8080/", "example.com:8080"),
    ("https://news.example.co.uk/", "news.example.co.uk"),
    ("http://localhost:9000/", "localhost:9000"),
    ("https://www.com/", "www.com"),
    ("nonsense", ""),
]


@pytest.mark.parametrize(("url", "site"), SITES)
def test_the_site_is_the_bare_host(url: str, site: str) -> None:
    assert site_of(url) == site


DOMAINS = [
    ("news.example.co.uk", "example.co.uk"),
    ("example.com:8080", "example.com"),
    ("alice.github.io", "alice.github.io"),
    ("127.0.0.1:8000", "127.0.0.1:8000"),
    ("localhost", "localhost"),
]


@pytest.mark.parametrize(("host", "domain"), DOMAINS)
def test_the_registrable_domain_is_read_from_the_suffix_list(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://bücher.example/a", "xn--bcher-kva.example"),
        ("https://BÜCHER.example:443/a", "xn--bcher-kva.example"),
        ("HTTP://Paper.Example:80/", "paper.example"),
        ("https://paper.example:80/", "paper.example:80"),
        ("https://reader:word@paper.example/", "paper.example"),
        ("http://[2001:DB8::1]:8080/", "[2001:db8::1]:8080"),
        ("mailto:desk@paper.example", ""),
    ],
)
def test_a_host_is_named_as_it_is_asked(url: str, host: str) -> None:
    assert host_of(url) == host


PIECES = st.lists(
    st.sampled_from(
        ["http://", "https://", "www.", "m.", "amp.", "example.com", "[::1]", ":80", ":443", "/", "amp", "index.html",
         "?", "&", "=", "..", "utm_x", "ref=rss", ";jsessionid=1", "#", "%", "%2F", "%C3%A4", "ä", "日",
         " ", "\t", "\\", "@", "google.com/amp/s/", "\ud800"]
    ),
    max_size=14,
).map("".join)  # fmt: skip
URLS = st.one_of(st.text(), PIECES, PIECES.map("https://example.com/".__add__), PIECES.map("http://".__add__))


@given(URLS)
def test_canonical_twice_is_canonical_once(url: str) -> None:
    once = canonical_url(url)
    assert canonical_url(once) == once


@given(URLS)
def test_a_key_is_its_own_key(url: str) -> None:
    key = address_key(url)
    assert key is None or address_key(key) == key


@given(URLS)
def test_an_address_and_its_canonical_one_have_one_key(url: str) -> None:
    assert address_key(canonical_url(url)) == address_key(url)


@given(URLS, URLS)
def test_no_address_raises(url: str, declared: str) -> None:
    assert isinstance(canonical_url(url, declared=declared), str)
    assert isinstance(site_of(url), str)
    assert host_of(url).isascii()
    assert isinstance(registrable_domain(url), str)


PLAIN_PIECES = st.lists(
    st.sampled_from(
        ["/", "2026", "a-story", "amp", ".amp", "AMP", "ample", "camp", "index.html", "index", "default.aspx", "Default", ".",
         "..", "-", "_", "p", "www.", "m.", "tag", "x.html", "index.php.html"]
    ),
    max_size=10,
).map("".join)  # fmt: skip
HOSTS = st.sampled_from(
    ["paper.example", "www.Paper.example", "m.paper.example", "www.m.paper.example:80", "www.www.paper.example:8080",
     "127.0.0.1:9", "localhost", "amp.example", "a..example", "paper.example:", "paper.example:99999", ":80",
     "x.cdn.ampproject.org",
     "x.cdn.ampproject.org.", "x.cdn.m.ampproject.org",
     "www.google.com", "-", "paper.example.", "xn--bcher-kva.example", "xn--a.example", "a" * 64 + ".example"]
)  # fmt: skip


@given(st.sampled_from(["http", "https"]), HOSTS, PLAIN_PIECES.map("/".__add__) | PLAIN_PIECES)
def test_the_short_way_for_plain_addresses_leads_where_the_rules_lead(scheme: str, host: str, path: str) -> None:
    url = f"{scheme}://{host}{path}"
    assert address_key(url) == _key_by_rules(url)
    assert host_of(url) == _host_by_rules(url)
