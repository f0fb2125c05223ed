"""The newspaper's sitemaps: an index, one sitemap a month (the oldest gzipped) and a news sitemap."""

from __future__ import annotations

import gzip
from datetime import datetime
from html import escape

from crawler.demo.site import PAPER, Site, Story

INDEX_PATH = "/sitemap.xml"
NEWS_PATH = "/sitemaps/news.xml"
_NEWS_LENGTH = 12
"""So many of the newest stories stand in the news sitemap."""
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def monthly_paths(site: Site) -> dict[str, str]:
    """The month (`2026-04`) that each monthly sitemap covers, by its path."""
    months = sorted({_month(story) for story in site.stories})
    return {f"/sitemaps/{month}.xml{'.gz' if month == months[0] else ''}": month for month in months}


def index(site: Site, base_url: str, now: datetime) -> bytes:
    """List the other sitemaps."""
    entries = "\n".join(
        f"<sitemap><loc>{base_url}{path}</loc><lastmod>{_newest_change(site, month, now).date().isoformat()}</lastmod></sitemap>"
        for path, month in monthly_paths(site).items()
    )
    news = f"<sitemap><loc>{base_url}{NEWS_PATH}</loc></sitemap>"
    return _document(f"<sitemapindex {_NAMESPACE}>\n{entries}\n{news}\n</sitemapindex>")


def monthly(site: Site, base_url: str, now: datetime, path: str) -> bytes:
    """List a month's stories, deleted ones too; the changing one says that it changed just now."""
    month = monthly_paths(site)[path]
    stories = [story for story in site.stories if story.is_declared and _month(story) == month]
    entries = "\n".join(
        f"<url><loc>{base_url}{escape(story.listed_path)}</loc><lastmod>{_last_change(story, now).isoformat()}</lastmod></url>"
        for story in stories
    )
    document = _document(f"<urlset {_NAMESPACE}>\n{entries}\n</urlset>")
    return gzip.compress(document, mtime=0) if path.endswith(".gz") else document


def news(site: Site, base_url: str, now: datetime) -> bytes:
    """List the newest stories with their title, date and language."""
    stories = [story for story in site.shown if story.is_declared][:_NEWS_LENGTH]
    entries = "\n".join(_news_entry(story, base_url) for story in stories)
    namespace = f'{_NAMESPACE} xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    return _document(f"<urlset {namespace}>\n{entries}\n</urlset>")


def _news_entry(story: Story, base_url: str) -> str:
    return f"""<url><loc>{base_url}{story.listed_path}</loc>
<news:news>
<news:publication><news:name>{PAPER}</news:name><news:language>{story.lang}</news:language></news:publication>
<news:publication_date>{story.published.isoformat()}</news:publication_date>
<news:title>{escape(story.title)}</news:title>
</news:news></url>"""


def _document(root: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'.encode()


def _month(story: Story) -> str:
    return f"{story.published:%Y-%m}"


def _last_change(story: Story, now: datetime) -> datetime:
    return now if story.special == "changing" else story.changed


def _newest_change(site: Site, month: str, now: datetime) -> datetime:
    return max(_last_change(story, now) for story in site.stories if _month(story) == month)
