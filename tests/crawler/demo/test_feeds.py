from __future__ import annotations

import json
from datetime import UTC, datetime

import feedparser

from crawler.demo import feeds
from crawler.demo.site import load_site

SITE = load_site()
BASE = "http://127.0.0.1:8000"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_rss_lists_the_newest_stories_with_dates_and_names() -> None:
    feed = feedparser.parse(feeds.rss(SITE, BASE, NOW))
    assert not feed.bozo
    assert len(feed.entries) == 25
    assert all(entry.published_parsed for entry in feed.entries)
    by_title = {story.title: story for story in SITE.shown}
    for entry in feed.entries:
        story = by_title[entry.title]
        assert entry.id == BASE + story.listed_path
        assert entry.link.startswith(entry.id)


def test_atom_holds_one_section_with_relative_links() -> None:
    feed = feedparser.parse(feeds.atom(SITE, BASE, NOW))
    assert not feed.bozo
    titles = {entry.title for entry in feed.entries}
    assert titles == {s.title for s in SITE.in_language("en") if s.section == feeds.atom_section(SITE) and s.is_declared}
    assert all(entry.link.startswith("/") for entry in feed.entries)


def test_json_feed_holds_the_blog() -> None:
    feed = json.loads(feeds.json_feed(SITE, BASE, NOW))
    assert feed["version"].endswith("1.1")
    assert {item["title"] for item in feed["items"]} == {s.title for s in SITE.shown if s.layout == "blog" and s.is_declared}
