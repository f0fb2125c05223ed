"""Pure: what feeds, sitemaps, robots.txt and the links of a page say about where articles are. No module here fetches."""
