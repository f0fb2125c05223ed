from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError, IgnoreRequest
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy.responsetypes import responsetypes

from archive.visit import Found, Lease, Listing, Outcome, PageKind, Visit
from pipelines.item import ArticleItem
from spiders.base import Listed
from spiders.site import LONG_LIST, MAX_INDEX_DEPTH, MAX_PAGES, SiteSpider

HOME = "https://example.com/"


@dataclass(frozen=True)
class Seed:
    url: str = HOME
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    follow: tuple[str, ...] = ("feeds", "sitemaps", "links")
    since: datetime | None = None
    until: datetime | None = None
    archive_pages: tuple[str, ...] = ()
    kind: str = "site"
    replay: str | None = None


def lease(url: str, kind: PageKind, depth: int = 1) -> Lease:
    return Lease(1, url, kind, "example.com", 7, depth, "link", None, None, None, None, None, None)


def answer(url: str, body: str | bytes, kind: PageKind, content_type: str = "text/html", depth: int = 1) -> Response:
    data = body.encode() if isinstance(body, str) else body
    headers = {"Content-Type": content_type}
    made: type[Response] = responsetypes.from_args(headers={b"Content-Type": content_type.encode()}, url=url, body=data)
    return made(url, headers=headers, body=data, request=Request(url, meta={"lease": lease(url, kind, depth)}))


def spider(seed: Seed | None = None, **kwargs: Any) -> SiteSpider:
    return SiteSpider(sources={7: seed or Seed()}, **kwargs)


def parse(response: Response, by: SiteSpider | None = None) -> Any:
    """What the callback for the response's lease yields; exactly one piece."""

    async def gather(pieces: AsyncIterator[Any]) -> list[Any]:
        return [piece async for piece in pieces]

    callback = (by or spider()).callback_for(response.meta["lease"].kind)
    (piece,) = asyncio.run(gather(callback(response)))
    return piece


def urls(listed: Any, kind: PageKind) -> list[str]:
    assert isinstance(listed, Listed)
    return [found.url for found in listed.found if found.kind is kind]


ENTRY = '<article><h2><a href="/2026/05/{n}/the-ferry-is-late/">The ferry is late again</a></h2></article>'
FRONT = (
    '<html><head><link rel="alternate" type="application/rss+xml" href="/feed.xml"></head><body><nav>'
    '<a href="/harbour/">Harbour</a>'
    '<a href="/about/">About</a></nav>' + "".join(ENTRY.format(n=n) for n in range(1, 8)) + "</body></html>"
)  # fmt: skip
PAGE = "<html><body><h1>The ferry</h1><p>It is late.</p></body></html>"
RSS = (
    "<rss version='2.0'><channel><title>x</title><item><link>/a</link><pubDate>Mon, 09 Mar 2026 10:00:00 GMT</pubDate></item>"
    "<item><link>https://other.org/b</link></item><item><link>/c.mp3</link></item></channel></rss>"
)
PAGES = ("/", "/a-story", "/tag/x/", "/about")
SITEMAP = "<urlset>" + "".join(f"<url><loc>https://example.com{page}</loc></url>" for page in PAGES) + "</urlset>"


def test_a_front_page_leads_to_feeds_sitemaps_sections_and_articles() -> None:
    found = parse(answer(HOME, FRONT, PageKind.SEED, depth=0))
    assert urls(found, PageKind.FEED) == ["https://example.com/feed.xml"]
    assert urls(found, PageKind.SITEMAP) == ["https://example.com/sitemap.xml", "https://example.com/sitemap_index.xml"]
    assert urls(found, PageKind.LISTING) == ["https://example.com/harbour/"]
    assert len(urls(found, PageKind.ARTICLE)) == 7
    assert found.reason == "front page: 7 links to articles"


def test_declared_sitemaps_replace_the_guesses() -> None:
    site = spider()
    site.note_sitemaps("example.com", ["https://files.example.org/map.xml"])
    found = parse(answer(HOME, FRONT, PageKind.SEED), site)
    assert [(f.url, f.how) for f in found.found if f.kind is PageKind.SITEMAP] == [
        ("https://files.example.org/map.xml", "robots")
    ]


def test_a_front_page_is_never_an_article() -> None:
    assert isinstance(
        parse(answer(HOME, '<script type="application/ld+json">{"@type":"NewsArticle"}</script>' + PAGE, PageKind.SEED)), Listed
    )


def test_a_seed_may_be_a_feed_a_sitemap_a_list_or_an_article() -> None:
    assert urls(parse(answer(HOME + "x", RSS, PageKind.SEED, "application/rss+xml")), PageKind.ARTICLE) == [
        "https://example.com/a"
    ]
    assert urls(parse(answer(HOME + "x", RSS, PageKind.SEED, "text/html")), PageKind.ARTICLE) == ["https://example.com/a"]
    assert urls(parse(answer(HOME + "x", SITEMAP, PageKind.SEED, "text/xml")), PageKind.ARTICLE) == [
        "https://example.com/a-story"
    ]
    listed = parse(answer(HOME + "x.txt", "# mine\nhttps://example.com/a\nhttps://other.org/b\n", PageKind.SEED, "text/plain"))
    assert urls(listed, PageKind.ARTICLE) == ["https://example.com/a", "https://other.org/b"]
    assert isinstance(parse(answer(HOME + "the-ferry", PAGE, PageKind.SEED)), ArticleItem)
    assert isinstance(parse(answer(HOME + "ferry.md", "# The ferry\n\nIt is late.", PageKind.SEED, "text/markdown")), ArticleItem)


def test_what_is_no_text_is_out_of_scope() -> None:
    for kind in (PageKind.SEED, PageKind.ARTICLE, PageKind.LISTING):
        piece = parse(answer(HOME + "x", b"%PDF-1.7\x00\x01", kind, "application/pdf"))
        assert isinstance(piece, Visit)
        assert piece.outcome is Outcome.OUT_OF_SCOPE
        assert isinstance(parse(answer(HOME + "x", b"%PDF-1.7\x00\x01", kind, "text/html")), Visit)


def test_a_feed_gives_articles_of_its_site_and_no_recordings() -> None:
    assert urls(parse(answer(HOME + "feed", RSS, PageKind.FEED, "text/xml")), PageKind.ARTICLE) == ["https://example.com/a"]


def test_a_guess_that_answers_with_a_page_leads_nowhere() -> None:
    nothing = Listing((), 0)
    assert parse(answer(HOME + "feed/", PAGE, PageKind.FEED)) == Listed((), "no feed", listing=nothing)
    assert parse(answer(HOME + "sitemap.xml", PAGE, PageKind.SITEMAP)) == Listed((), "no sitemap", listing=nothing)


def test_a_sitemap_gives_what_may_be_an_article() -> None:
    piece = parse(answer(HOME + "sitemap.xml.gz", gzip.compress(SITEMAP.encode()), PageKind.SITEMAP, "application/gzip"))
    assert urls(piece, PageKind.ARTICLE) == ["https://example.com/a-story"]
    assert piece.reason == "sitemap: 1 of 4 addresses"


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        (["post-sitemap.xml", "page-sitemap.xml", "category-sitemap.xml", "author-sitemap.xml"], ["post-sitemap.xml"]),
        (
            ["wp-sitemap-posts-post-1.xml", "wp-sitemap-posts-page-1.xml", "wp-sitemap-users-1.xml"],
            ["wp-sitemap-posts-post-1.xml"],
        ),
        (["sitemap-pages.xml", "sitemap-tags.xml"], ["sitemap-pages.xml"]),
        (["sitemap-2026-05.xml", "sitemap-2026-06.xml"], ["sitemap-2026-05.xml", "sitemap-2026-06.xml"]),
    ],
)
def test_of_an_index_the_parts_with_articles_are_read(parts: list[str], kept: list[str]) -> None:
    body = "<sitemapindex>" + "".join(f"<sitemap><loc>{HOME}{part}</loc></sitemap>" for part in parts) + "</sitemapindex>"
    assert urls(parse(answer(HOME + "sitemap.xml", body, PageKind.SITEMAP, "text/xml")), PageKind.SITEMAP) == [
        HOME + part for part in kept
    ]


def test_sections_lead_on_only_near_the_seed() -> None:
    body = FRONT + '<div class="pagination"><a href="/harbour/page/2/">2</a></div>'
    near = parse(answer(HOME + "council/", body, PageKind.LISTING, depth=1))
    far = parse(answer(HOME + "harbour/piers/", body, PageKind.LISTING, depth=2))
    assert urls(near, PageKind.LISTING) == ["https://example.com/harbour/", "https://example.com/harbour/page/2/"]
    assert urls(far, PageKind.LISTING) == ["https://example.com/harbour/page/2/"]
    assert len(urls(far, PageKind.ARTICLE)) == 7


def test_a_menu_may_lead_to_an_article() -> None:
    body = '<script type="application/ld+json">{"@type":"NewsArticle"}</script>' + PAGE
    assert isinstance(parse(answer(HOME + "special", body, PageKind.LISTING)), ArticleItem)


def test_what_is_known_to_be_older_is_not_followed() -> None:
    assert urls(parse(answer(HOME + "feed", RSS, PageKind.FEED), spider(since="2026-03-10")), PageKind.ARTICLE) == []
    assert urls(
        parse(answer(HOME + "feed", RSS, PageKind.FEED), spider(since=datetime(2026, 3, 9, tzinfo=UTC))), PageKind.ARTICLE
    )


@pytest.mark.parametrize(
    ("by", "wanted", "of_source"),
    [(spider(since="2026-03-10"), 0, 1), (spider(Seed(deny=("/",))), 0, 0), (spider(), 1, 1)],
    ids=["of another time", "denied", "wanted"],
)
def test_what_a_feed_lists_is_told_whether_it_is_wanted_or_not(by: SiteSpider, wanted: int, of_source: int) -> None:
    piece = parse(answer(HOME + "feed", RSS, PageKind.SEED, "application/rss+xml"), by)
    assert len(urls(piece, PageKind.ARTICLE)) == wanted
    assert (len(piece.listing.articles), piece.listing.of_source, piece.listing.is_feed) == (2, of_source, True)


@pytest.mark.parametrize("number", [LONG_LIST, LONG_LIST + 1])
def test_a_long_list_of_another_time_is_told_as_a_short_one_is(number: int) -> None:
    pages = "".join(f"<url><loc>{HOME}2019/05/{n}/the-ferry-is-late/</loc></url>" for n in range(number))
    listed = answer(HOME + "sitemap.xml", f"<urlset>{pages}</urlset>", PageKind.SITEMAP, "application/xml")
    piece = parse(listed, spider(since="2026-03-10"))
    assert piece.reason == f"sitemap: {number} of {number} addresses, {number} outside the period"
    assert (piece.found, len(piece.listing.articles), piece.listing.of_source > 0) == ((), number, True)


def test_a_link_to_another_site_is_none_of_what_a_page_lists() -> None:
    linked = FRONT.replace("</body>", ENTRY.format(n=8).replace('href="/', 'href="https://other.org/') + "</body>")
    assert "other.org" in linked
    piece = parse(answer(HOME, linked, PageKind.SEED), spider(Seed(deny=("/05/",))))
    assert (len(piece.listing.articles), piece.listing.of_source, piece.listing.is_feed) == (7, 0, False)


def test_a_since_that_is_no_date_is_refused() -> None:
    with pytest.raises(ValueError, match="since"):
        spider(since="soon")


def test_a_source_may_allow_and_deny() -> None:
    allowed = parse(answer(HOME, FRONT, PageKind.SEED), spider(Seed(allow=("/05/3/",))))
    assert urls(allowed, PageKind.ARTICLE) == ["https://example.com/2026/05/3/the-ferry-is-late/"]
    assert urls(allowed, PageKind.FEED)
    denied = parse(answer(HOME, FRONT, PageKind.SEED), spider(Seed(deny=("/05/3/", "^https://example.com/harbour"))))
    assert len(urls(denied, PageKind.ARTICLE)) == 6
    assert urls(denied, PageKind.LISTING) == []


@pytest.mark.parametrize(
    ("url", "kind", "expected"),
    [
        ("https://www.example.com/a", PageKind.ARTICLE, True),
        ("https://other.org/a", PageKind.ARTICLE, False),
        ("https://other.org/", PageKind.SEED, True),
        ("https://feeds.other.org/x", PageKind.FEED, True),
        ("https://example.com/private/a", PageKind.ARTICLE, False),
    ],
)
def test_redirects_stay_in_scope(url: str, kind: PageKind, expected: bool) -> None:
    assert spider(Seed(deny=("/private/",))).in_scope(url, lease(HOME + "x", kind)) is expected


def test_the_site_that_a_seed_redirects_to_is_in_scope() -> None:
    response = answer("https://other.org/", FRONT, PageKind.SEED)
    assert len(urls(parse(response), PageKind.ARTICLE)) == 7


def test_an_article_item_holds_the_answer_byte_for_byte() -> None:
    body = "<p>größer</p>".encode("latin-1")
    item = parse(answer(HOME + "a", body, PageKind.ARTICLE, "text/html; charset=iso-8859-1"))
    (page,) = item.responses
    assert (page.url, page.status, page.body) == (HOME + "a", 200, body)
    assert page.headers == (("Content-Type", "text/html; charset=iso-8859-1"),)
    assert page.fetched.utcoffset() is not None
    assert item.lease.kind is PageKind.ARTICLE


@dataclass
class Engine:
    """Stands for Scrapy's engine: answers from memory."""

    pages: Mapping[str, Response | Exception]
    asked: list[str] = field(default_factory=list)

    async def download_async(self, request: Request) -> Response:
        self.asked.append(request.url)
        page = self.pages[request.url]
        if isinstance(page, Exception):
            raise page
        return page


def numbered(number: int, last: int) -> str:
    bar = "".join(f'<a href="/ferry-tale/{n}/">{n}</a>' for n in range(1, last + 1))
    return f'<h1>The ferry</h1><p>Part {number}.</p><div class="pagination">{bar}</div>'


def paged(last: int, **changed: Response | Exception) -> tuple[Any, Engine]:
    """Parse the first page of an article on `last` pages; `p3=...` replaces the answer for page 3."""
    pages: dict[str, Response | Exception] = {
        f"{HOME}ferry-tale/{n}/": HtmlResponse(f"{HOME}ferry-tale/{n}/", body=numbered(n, last).encode())
        for n in range(2, last + 1)
    }
    pages.update({f"{HOME}ferry-tale/{name[1:]}/": page for name, page in changed.items()})
    engine, site = Engine(pages), spider()
    site.crawler = SimpleNamespace(engine=engine)  # type: ignore[assignment]
    return parse(answer(HOME + "ferry-tale/", numbered(1, last), PageKind.ARTICLE), site), engine


def test_the_pages_of_an_article_are_joined_in_order() -> None:
    item, engine = paged(4)
    assert [page.url for page in item.responses] == [HOME + "ferry-tale/", *(f"{HOME}ferry-tale/{n}/" for n in (2, 3, 4))]
    assert len(engine.asked) == 3


def test_no_article_has_more_pages_than_that() -> None:
    item, engine = paged(40)
    assert len(item.responses) == MAX_PAGES
    assert len(engine.asked) == MAX_PAGES - 1


def test_an_article_that_cannot_be_had_whole_is_a_failed_visit() -> None:
    for trouble in (HtmlResponse(HOME + "ferry-tale/3/", status=500), DownloadTimeoutError("slow")):
        piece, _ = paged(4, p3=trouble)
        assert isinstance(piece, Visit)
        assert piece.outcome is Outcome.FAILED
        assert piece.reason is not None
        assert piece.reason.startswith("page 3 of the article")


def test_further_pages_that_are_gone_or_forbidden_are_left_out() -> None:
    for trouble in (
        HtmlResponse(HOME + "ferry-tale/3/", status=404),
        IgnoreRequest("robots"),
        HtmlResponse(HOME + "ferry-tale/"),
    ):
        item, _ = paged(4, p3=trouble)
        assert [page.url for page in item.responses] == [HOME + "ferry-tale/", HOME + "ferry-tale/2/"]


def test_a_listing_taken_for_an_article_does_not_fetch_its_pages() -> None:
    engine, site = Engine({}), spider()
    site.crawler = SimpleNamespace(engine=engine)  # type: ignore[assignment]
    body = FRONT + '<div class="pagination"><a rel="next" href="/harbour/page/2">2</a></div>'
    assert isinstance(parse(answer(HOME + "harbour", body, PageKind.ARTICLE), site), ArticleItem)
    assert engine.asked == []


def test_the_spider_starts_nothing_by_itself() -> None:
    async def gather() -> list[Any]:
        return [piece async for piece in spider().start()]

    assert asyncio.run(gather()) == []


def test_each_kind_has_a_callback() -> None:
    assert len({spider().callback_for(kind).__name__ for kind in PageKind}) == len(PageKind)  # type: ignore[attr-defined]


def test_found_of_an_unknown_lease_stays_on_the_site_of_its_page() -> None:
    response = TextResponse(HOME, request=Request(HOME))
    found = [Found(HOME + "a", PageKind.ARTICLE, "link"), Found("https://other.org/a", PageKind.ARTICLE, "link")]
    assert [each.url for each in spider().of_source(found, response)] == [HOME + "a"]


INDEX = "<sitemapindex><sitemap><loc>https://example.com/sitemap-2.xml</loc></sitemap></sitemapindex>"


@pytest.mark.parametrize(("depth", "leads_on"), [(1, True), (MAX_INDEX_DEPTH - 1, True), (MAX_INDEX_DEPTH, False)])
def test_an_index_of_sitemaps_without_end_is_left(depth: int, leads_on: bool) -> None:
    piece = parse(answer(HOME + "sitemap.xml", INDEX, PageKind.SITEMAP, "application/xml", depth))
    assert bool(piece.found) is leads_on


@pytest.mark.parametrize(
    ("follow", "kinds"),
    [
        (("feeds",), {PageKind.FEED}),
        (("sitemaps",), {PageKind.SITEMAP}),
        (("links",), {PageKind.LISTING, PageKind.ARTICLE}),
        (("feeds", "links"), {PageKind.FEED, PageKind.LISTING, PageKind.ARTICLE}),
    ],
)
def test_a_source_is_followed_in_the_ways_that_were_wished(follow: tuple[str, ...], kinds: set[PageKind]) -> None:
    by = spider(Seed(follow=follow))
    found = parse(answer(HOME, FRONT, PageKind.SEED, depth=0), by)
    assert {each.kind for each in found.found} == kinds


def test_what_a_feed_or_sitemap_lists_is_followed_though_links_are_not() -> None:
    by = spider(Seed(follow=("feeds", "sitemaps")))
    assert urls(parse(answer(HOME + "feed", RSS, PageKind.FEED, "application/rss+xml"), by), PageKind.ARTICLE)
    assert urls(parse(answer(HOME + "s.xml", SITEMAP, PageKind.SITEMAP, "text/xml"), by), PageKind.ARTICLE)


def test_a_sitemap_index_that_was_named_is_read_whatever_else_is_followed() -> None:
    index = "<sitemapindex><sitemap><loc>https://example.com/posts.xml</loc></sitemap></sitemapindex>"
    found = parse(answer(HOME + "i.xml", index, PageKind.SEED, "text/xml"), spider(Seed(follow=("links",))))
    assert urls(found, PageKind.SITEMAP) == ["https://example.com/posts.xml"]


def test_the_oldest_day_of_a_source_wins_over_that_of_the_crawl() -> None:
    feed = answer(HOME + "feed", RSS, PageKind.FEED, "application/rss+xml")
    assert urls(parse(feed, spider(Seed(), since="2026-04-01")), PageKind.ARTICLE) == []
    by = spider(Seed(since=datetime(2026, 3, 1, tzinfo=UTC)), since="2026-04-01")
    assert HOME + "a" in urls(parse(feed, by), PageKind.ARTICLE)


def test_archive_pages_end_where_a_page_lists_nothing_that_those_before_it_did_not() -> None:
    by = spider(Seed(archive_pages=(HOME + "{year}/{month:02}/page/{page}/",)))

    def further(page: int, shift: int) -> list[str]:
        body = "<body>" + "".join(ENTRY.format(n=n) for n in range(shift, shift + 7)) + "</body>"
        response = answer(f"{HOME}2026/05/page/{page}/", body, PageKind.LISTING, depth=2)
        response.meta["lease"] = replace(response.meta["lease"], how="archive page")
        return urls(parse(response, by), PageKind.LISTING)

    assert further(1, 1) == [HOME + "2026/05/page/2/"]
    assert further(2, 8) == [HOME + "2026/05/page/3/"]
    assert further(3, 8) == []


def test_a_named_feed_of_a_feed_service_leads_to_the_sites_that_it_lists() -> None:
    entries = "".join(f"<item><link>{url}</link></item>" for url in ("https://paper.org/a", "https://b.net/b"))
    rss = f"<rss version='2.0'><channel>{entries}</channel></rss>"
    listed = parse(answer("https://feeds.example.com/paper", rss, PageKind.SEED, "application/rss+xml"))
    assert urls(listed, PageKind.ARTICLE) == ["https://paper.org/a", "https://b.net/b"]
    found_by_itself = parse(answer("https://feeds.example.com/paper", rss, PageKind.FEED, "application/rss+xml"))
    assert urls(found_by_itself, PageKind.ARTICLE) == []


def test_a_named_feed_of_a_site_leads_to_that_site_alone() -> None:
    listed = parse(answer(HOME + "feed", RSS, PageKind.SEED, "application/rss+xml"))
    assert urls(listed, PageKind.ARTICLE) == [HOME + "a"]
