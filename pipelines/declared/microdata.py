"""Microdata: the items that the walk collected, put into the shape that JSON-LD comes in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipelines.declared.claims import Claim
from pipelines.declared.schema_org import Graph, choose_items, read_breadcrumbs, read_item
from pipelines.page import MicrodataItem, Page

SOURCE = "microdata"
TRUST = 0.85
"""Of microdata against JSON-LD: themes mark up whatever stands in the place, publishers write JSON-LD for search engines."""


def read_microdata(page: Page) -> Iterator[Claim]:
    """Yield what the page's microdata says of its article; comments and other items below it are left alone."""
    if not page.microdata:
        return
    items = [as_mapping(item) for item in page.microdata]
    items += [inner for item in items for inner in item.get("mainEntity", []) if isinstance(inner, dict)]
    graph = Graph(SOURCE, items, {})
    for item, trust in choose_items(graph, page):
        yield from read_item(graph, item, trust * TRUST)
    for item in items:
        if "BreadcrumbList" in item["@type"]:
            yield from read_breadcrumbs(graph, item)


def as_mapping(item: MicrodataItem) -> dict[str, list[Any]]:
    """Return an item as JSON-LD would write it, each property a list. The walk bounds how deep items nest."""
    mapping: dict[str, list[Any]] = {"@type": [item.type]}
    for name, value in item.properties:
        mapping.setdefault(name, []).append(as_mapping(value) if isinstance(value, MicrodataItem) else value)
    return mapping
