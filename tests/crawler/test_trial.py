"""What a trial warns of."""

from __future__ import annotations

from typing import Any

from crawler.config import FOLLOWED
from crawler.crawl import CrawlReport
from crawler.trial import Trial, TriedArticle, TriedField, TriedPage, warnings_of

HOME = "https://tern.example/"
REPORT = CrawlReport(1, False, "finished", {}, 0, 0, 0, 1.0, ())
SEED = TriedPage(HOME, "seed", "seed", "listed", "front page: 9 links to articles")
FEED = TriedPage(HOME + "feed", "feed", "autodiscovery", "listed", "feed: 20 entries")
SITEMAP = TriedPage(HOME + "s.xml", "sitemap", "robots", "listed", "sitemap: 20 of 20 addresses")


def article(words: int = 300, paywalled: bool | None = None, **values: str | None) -> TriedArticle:
    told = {"title": "Night ferry returns", "authors": "Mai", "published": "2026-08-22", **values}
    return TriedArticle(HOME + "a", tuple(TriedField(k, v, "json-ld", "x", 0.9) for k, v in told.items()), words, paywalled)


def trial(**facts: Any) -> Trial:
    whole: dict[str, Any] = {
        "url": HOME, "report": REPORT, "found": {"feed": 20}, "lists": (SEED, FEED, SITEMAP), "lists_unread": 0, "sections": 3,
        "articles": (article(),), "others": (),
    }  # fmt: skip
    return Trial(**{**whole, **facts})


def warned(tried: Trial, follow: tuple[str, ...] = FOLLOWED) -> str:
    return "\n".join(warnings_of(tried, follow))


def test_a_source_with_all_there_should_be_gives_no_warning() -> None:
    assert warned(trial()) == ""


def test_missing_feeds_and_sitemaps_are_told_where_they_are_wished() -> None:
    assert "no feed" in warned(trial(lists=(SEED, SITEMAP)))
    assert "no sitemap" in warned(trial(lists=(SEED, FEED)))
    assert warned(trial(lists=(SEED, FEED)), ("feeds",)) == ""


def test_a_source_that_is_a_feed_itself_lacks_none() -> None:
    seed = TriedPage(HOME + "feed", "seed", "seed", "listed", "feed: 20 entries")
    assert warned(trial(lists=(seed,))) == ""


def test_an_address_that_cannot_be_had_is_told_with_the_reason() -> None:
    seed = TriedPage(HOME, "seed", "seed", "robots", "Disallow: /")
    assert warned(trial(lists=(seed,), found={}, articles=())) == "its address gave nothing (robots: Disallow: /)"


def test_fields_that_articles_lack_are_told_with_an_example() -> None:
    told = warned(trial(articles=(article(published=None), article(authors=None, words=20, paywalled=True))))
    assert "no date in 1 of 2, for instance https://tern.example/a" in told
    assert "no author in 1 of 2" in told
    assert "fewer than 100 words in 1 of 2" in told
    assert "paywall by what they say: 1 of 2" in told
    assert "title" not in told


def test_pages_that_gave_no_article_are_told_by_what_became_of_them() -> None:
    others = tuple(TriedPage(f"{HOME}{n}", "article", "link", "robots", "Disallow: /") for n in range(2))
    none = tuple(TriedPage(f"{HOME}n{n}", "article", "link", "not_an_article", "a list") for n in range(2))
    told = warned(trial(others=others + none))
    assert "2 of the articles that were tried forbidden by robots.txt" in told
    assert "2 pages that looked like articles are none" in told
    assert "no article could be read" in warned(trial(others=none, articles=()))
