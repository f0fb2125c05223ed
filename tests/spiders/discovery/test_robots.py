from __future__ import annotations

from spiders.discovery.robots import sitemaps_of


def test_sitemap_lines_are_read_in_order_once() -> None:
    text = "User-agent: *\nDisallow: /x\nSitemap: https://example.com/a.xml\nSITEMAP:https://example.com/b.xml # news\nsitemap: https://example.com/a.xml\n"
    assert sitemaps_of(text, "https://example.com/robots.txt") == ("https://example.com/a.xml", "https://example.com/b.xml")


def test_relative_sitemaps_start_at_the_robots_address() -> None:
    assert sitemaps_of("Sitemap: /map.xml", "https://example.com/robots.txt") == ("https://example.com/map.xml",)


def test_comments_and_nonsense_name_no_sitemap() -> None:
    text = "# Sitemap: https://example.com/a.xml\nSitemap:\nSitemap: ftp://example.com/a\nSitemap: mailto:x@example.com\n"
    assert sitemaps_of(text, "https://example.com/robots.txt") == ()


def test_a_byte_order_mark_and_old_line_ends_do_no_harm() -> None:
    assert sitemaps_of("\ufeffSitemap: /a.xml\r\rSitemap: /b.xml\r", "https://example.com/robots.txt") == (
        "https://example.com/a.xml",
        "https://example.com/b.xml",
    )
