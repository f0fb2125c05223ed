"""A library over one SQLite file: captures, articles with their revisions and evidence, and the frontier of a crawl.

`Archive` is the door. It needs no crawl: `Archive.open("morgue.db").articles(site="example.org")` streams typed rows.
"""

from archive.archive import Archive

__all__ = ["Archive"]
