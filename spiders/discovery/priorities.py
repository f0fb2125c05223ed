"""In which order what was found is fetched: newest articles first, back catalogues last.

A feed is cheap and says when its articles appeared; a front page shows what is new; a sitemap may list a hundred thousand old
articles. A crawl that is limited shall end with the newest.
"""

from __future__ import annotations

FEED = 500
FEED_ARTICLE = 300
LISTED_ARTICLE = 260
NEWS_SITEMAP_ARTICLE = 250
LINKED_ARTICLE = 200
SITEMAP = 150
GUESS = 140
ARCHIVE_PAGE = 120
SECTION = 100
FURTHER_LISTING = 60
SITEMAP_ARTICLE = 50
