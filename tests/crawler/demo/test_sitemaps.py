from __future__ import annotations

import gzip
from datetime import UTC, datetime

import lxml.etree

from crawler.demo import sitemaps
from crawler.demo.site import load_site

SITE = load_site()
BASE = "http://127.0.0.1:8000"
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "n": "http://www.google.com/schemas/sitemap-news/0.9"}


def parse(document: bytes) -> lxml.etree._Element:
    return lxml.etree.fromstring(gzip.decompress(document) if document[:2] == b"\x1f\x8b" else document)


def monthly() -> dict[str, str]:
    trees = [parse(sitemaps.monthly(SITE, BASE, NOW, path)) for path in sitemaps.monthly_paths(SITE)]
    return {url.findtext("s:loc", None, NAMES): url.findtext("s:lastmod", None, NAMES) for tree in trees for url in tree}


def test_the_index_lists_every_sitemap() -> None:
    places = parse(sitemaps.index(SITE, BASE, NOW)).xpath("//s:loc/text()", namespaces=NAMES)
    assert places == [BASE + path for path in (*sitemaps.monthly_paths(SITE), sitemaps.NEWS_PATH)]


def test_one_monthly_sitemap_is_gzipped() -> None:
    assert sum(path.endswith(".gz") for path in sitemaps.monthly_paths(SITE)) == 1


def test_sitemaps_list_the_declared_stories_and_the_deleted_one() -> None:
    listed = monthly()
    assert set(listed) == {BASE + story.listed_path for story in SITE.stories if story.is_declared}
    deleted = SITE.special("deleted")
    assert deleted
    assert BASE + deleted.path in listed


def test_some_stories_stand_in_no_sitemap() -> None:
    assert any(not story.is_declared for story in SITE.shown)


def test_the_changing_page_has_always_changed_just_now() -> None:
    changing = SITE.special("changing")
    assert changing
    assert monthly()[BASE + changing.path] == NOW.isoformat()


def test_the_news_sitemap_nests_title_and_date() -> None:
    tree = parse(sitemaps.news(SITE, BASE, NOW))
    titles = tree.xpath("//n:news/n:title/text()", namespaces=NAMES)
    assert titles == [story.title for story in SITE.shown if story.is_declared][:12]
    assert len(tree.xpath("//n:publication_date", namespaces=NAMES)) == 12
