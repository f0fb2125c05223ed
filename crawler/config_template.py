"""The commented `morgue.toml` that `morgue init` writes."""

from __future__ import annotations

from pathlib import Path

from crawler.config import DEFAULT_ARCHIVE

TEMPLATE = """\
# What morgue crawls, and how. Flags of the command and MORGUE_* variables come before what stands here.

# The archive: one SQLite file. A relative path is taken from this file's folder.
archive = "{archive}"

# Sent with every request, so that a site's owner can reach you: an e-mail address or a page.
{contact}

# delay = 1.0          # seconds between two requests to a host
# concurrency = 1      # requests to a host at the same time
# since = "30d"        # nothing older: an ISO date, or 12h, 7d, 3w, 1y
# limit = 500          # articles a run at most

# A table a source. `morgue crawl` crawls all of them, `morgue crawl NAME` one.
#
# [[sources]]
# name = "courier"
# url = "https://courier.example/"     # a site, a section of it, a feed or a sitemap
# delay = 2.0                          # for this source alone
# concurrency = 1                      # for this source alone
# allow = ["/news/"]                   # regular expressions; an article's address must match one
# deny = ["/sport/", "/video/"]        # an address that matches one is not fetched
# follow = ["feeds", "sitemaps"]       # ways to find articles; "links", too, where it is not said
# every = "6h"                         # between two looks by `morgue run`; else as often as new articles come
# limit = 200                          # articles a run of this source
# render = "when empty"                # a browser looks again at pages that are empty without scripts
# since = 2024-05-01                   # a back-fill: nothing known to be older,
# until = 2024-06-01                   # and nothing known to be from then or later
# archive_pages = "https://courier.example/{{year}}/{{month:02}}/"

# How `morgue run` works.
#
# [service]
# slice = "10m"                        # how long one crawl takes up new addresses
# listen = "127.0.0.1:8077"            # where its status is served

# Who is told when the pages of a site have changed so that they are read otherwise.
#
# [alarms]
# webhook = "https://desk.example/alarms"

# What `morgue export dataset` says of a release.
#
# [dataset]
# title = "Harbour news, 2026"
# authors = ["Lindqvist, Mara", "The Harbour Desk"]
# licence = "CC-BY-4.0"                # of the release, not of the articles: an SPDX name, an address, or words
"""


def template(archive: Path = DEFAULT_ARCHIVE, contact: str | None = None) -> str:
    """A commented `morgue.toml` to begin with."""
    line = f'contact = "{contact}"' if contact else '# contact = "you@example.org"'
    return TEMPLATE.format(archive=archive.as_posix(), contact=line)
