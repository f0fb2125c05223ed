"""The newspaper's feeds: RSS for the whole, Atom for one section, JSON Feed for the blog."""

from __future__ import annotations

import json
from datetime import datetime
from email.utils import format_datetime
from html import escape

from crawler.demo.site import PAPER, Site, Story

RSS_PATH = "/feeds/all.xml"
ATOM_PATH = "/feeds/section.atom"
JSON_PATH = "/blog/feed.json"
_LENGTH = 25
"""So many of the newest stories stand in a feed."""


def atom_section(site: Site) -> str:
    """Name of the English section that has the Atom feed: the one with most stories."""
    names = [story.section for story in site.in_language("en")]
    return max(sorted(set(names)), key=names.count)


def rss(site: Site, base_url: str, now: datetime) -> bytes:
    """RSS 2.0 of the newest stories in all languages; the story that moved is listed under its old address."""
    items = "\n".join(_rss_item(story, base_url) for story in _declared(site)[:_LENGTH])
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>{PAPER}</title>
<link>{base_url}/</link>
<atom:link href="{base_url}{RSS_PATH}" rel="self" type="application/rss+xml"/>
<description>News of the islands in Tern Sound</description>
<language>en</language>
{items}
</channel>
</rss>
"""
    return text.encode()


def atom(site: Site, base_url: str, now: datetime) -> bytes:
    """Atom 1.0 of one section."""
    name = atom_section(site)
    stories = [story for story in _declared(site) if story.lang == "en" and story.section == name]
    updated = max((story.changed for story in stories), default=now)
    entries = "\n".join(_atom_entry(story, base_url) for story in stories)
    text = f"""<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
<title>{PAPER}: {escape(name)}</title>
<id>{base_url}{ATOM_PATH}</id>
<link href="{base_url}{ATOM_PATH}" rel="self"/>
<updated>{updated.isoformat()}</updated>
{entries}
</feed>
"""
    return text.encode()


def json_feed(site: Site, base_url: str, now: datetime) -> bytes:
    """JSON Feed 1.1 of the blog."""
    items = [_json_item(story, base_url) for story in _declared(site) if story.layout == "blog"]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The Pier Blog",
        "home_page_url": f"{base_url}/blog/",
        "feed_url": f"{base_url}{JSON_PATH}",
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1).encode()


def _declared(site: Site) -> list[Story]:
    return [story for story in site.shown if story.is_declared]


def _rss_item(story: Story, base_url: str) -> str:
    address = base_url + story.listed_path
    creators = "".join(f"<dc:creator>{escape(person.name)}</dc:creator>" for person in story.authors)
    description = f"<description>{escape(story.dek)}</description>" if story.dek else ""
    return (
        f"<item><title>{escape(story.title)}</title><link>{address}?utm_source=rss&amp;utm_medium=feed</link>"
        f'<guid isPermaLink="true">{address}</guid><pubDate>{format_datetime(story.published)}</pubDate>'
        f"{creators}{description}</item>"
    )


def _atom_entry(story: Story, base_url: str) -> str:
    address = base_url + story.listed_path
    authors = "".join(f"<author><name>{escape(person.name)}</name></author>" for person in story.authors)
    return (
        f'<entry><title>{escape(story.title)}</title><link href="{story.listed_path}"/><id>{address}</id>'
        f"<published>{story.published.isoformat()}</published><updated>{story.changed.isoformat()}</updated>"
        f"{authors or f'<author><name>{PAPER}</name></author>'}<summary>{escape(story.dek)}</summary></entry>"
    )


def _json_item(story: Story, base_url: str) -> dict[str, object]:
    address = base_url + story.listed_path
    return {
        "id": address,
        "url": address,
        "title": story.title,
        "content_text": story.dek or story.title,
        "date_published": story.published.isoformat(),
        "date_modified": story.changed.isoformat(),
        "authors": [{"name": person.name} for person in story.authors],
        "tags": list(story.tags),
    }
