"""OpenGraph and its `article:` names, in the head's meta elements."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.declared.claims import Claim
from pipelines.declared.meta_tags import Given, Names, index_names, read_names

SOURCE = "open-graph"

NAMES: Names = {
    "title": {"og:title": 0.65},
    "description": {"og:description": 0.8},
    "site_name": {"og:site_name": 0.9},
    "image": {"og:image": 0.85, "og:image:url": 0.8, "og:image:secure_url": 0.8},
    "canonical": {"og:url": 0.8},
    "lang": {"og:locale": 0.75},
    "authors": {"article:author": 0.75, "og:article:author": 0.75, "og:author": 0.7, "article:author:name": 0.8},
    "published": {
        "article:published_time": 0.95,
        "article:published": 0.9,
        "og:published_time": 0.9,
        "og:article:published_time": 0.95,
    },
    "modified": {
        "article:modified_time": 0.9,
        "article:modified": 0.85,
        "og:article:modified_time": 0.9,
        "og:updated_time": 0.75,
    },
    "section": {"article:section": 0.85, "og:article:section": 0.85},
    "tags": {"article:tag": 0.85, "og:article:tag": 0.85},
}


_TABLE = index_names(NAMES)


def read_open_graph(given: Given) -> Iterator[Claim]:
    """Yield what OpenGraph says of the page."""
    return read_names(given, _TABLE, SOURCE)
