"""JSON-LD: scripts to items, in all the shapes that publishers give them."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipelines.declared.claims import Claim, claim, clean
from pipelines.declared.schema_org import Graph, Item, choose_items, read_breadcrumbs, read_item, types_of
from pipelines.page import Page

SOURCE = "json-ld"
INNER_ITEMS = ("@graph", "mainEntity", "mainEntityOfPage")
"""Properties whose items are about the page itself; other properties hold items about other things."""
MISPLACED = ":ld+json"
"""End of the name of a meta element that holds a script: `script:ld+json`."""
MOST_ITEMS = 500
"""Items looked at on a page; more are data, not description."""
_WRAPPING = re.compile(
    r"\A\s*(?:(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)\s*(?:\*/)?)+|(?:(?://|/\*)?\s*(?:\]\]>|-->)\s*(?:\*/)?\s*)+\Z"
)
_STRING_OR_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])', re.S)
_STRING_OR_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*")|/\*.*?\*/|^[ \t]*//[^\n]*$', re.S | re.M)
_DECODER = json.JSONDecoder(strict=False)
_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
"""The escape of a character that no text has; behind a backslash that is escaped itself it is none."""
_BAD_ESCAPE = re.compile(r'\\(?!["\\/bfnrt]|u[0-9a-fA-F]{4})')


def load_graph(page: Page) -> Graph:
    """Read the page's scripts, and what frameworks wrote as a meta element instead, into one graph; an empty one without them."""
    misplaced = [content for name, content in page.head.meta if name.endswith(MISPLACED)]
    return build_graph([root for script in (*page.head.json_ld, *misplaced) for root in parse_script(script)])


def read_json_ld(graph: Graph, page: Page) -> Iterator[Claim]:
    """Yield what the page's JSON-LD says of its article."""
    for item, trust in choose_items(graph, page):
        yield from read_item(graph, item, trust)
    for item in graph.items:
        names = types_of(item)
        if "BreadcrumbList" in names:
            yield from read_breadcrumbs(graph, item)
        elif "WebSite" in names and clean(graph.text(item)):
            yield claim("site_name", SOURCE, "WebSite.name", graph.text(item), 0.8)


def parse_script(text: str) -> list[Any]:
    """Return the values of a script: one, or several where objects follow one another; none where it cannot be read.

    Comments and CDATA around the JSON, trailing commas, control characters in strings and wrong escapes are put right; nothing
    is guessed beyond that.
    """
    bare = text.strip()
    if not (bare.startswith(("{", "[")) and bare.endswith(("}", "]"))):
        bare = _WRAPPING.sub("", bare).strip().lstrip("\ufeff").rstrip(";")
    bare = _NUL.sub(r"\1", bare) if "\\u0000" in bare else bare
    for repair in (_as_it_is, _repaired, html.unescape):
        try:
            return _decode_all(repair(bare))
        except (ValueError, RecursionError):
            continue
    return []


def _as_it_is(text: str) -> str:
    return text


def _repaired(text: str) -> str:
    text = _STRING_OR_COMMENT.sub(lambda match: match.group(1) or "", text)
    text = _STRING_OR_COMMA.sub(lambda match: match.group(1) or "", text)
    return _BAD_ESCAPE.sub("", text)


def _decode_all(text: str) -> list[Any]:
    text = text.strip()
    values, position = [], 0
    while position < len(text):
        value, position = _DECODER.raw_decode(text, position)
        values.append(value)
        while position < len(text) and text[position] in " \t\r\n,;":
            position += 1
    return values


def build_graph(roots: Sequence[Any]) -> Graph:
    """Collect the items that are about the page, and an index of all items by `@id`."""
    items: list[Item] = []
    ids: dict[str, Item] = {}
    queue = list(roots)
    for value in queue:
        if len(items) >= MOST_ITEMS:
            break
        if isinstance(value, list):
            queue.extend(value[:MOST_ITEMS])
        elif isinstance(value, Mapping):
            _index(value, ids)
            items.append(value)
            queue.extend(value[name] for name in INNER_ITEMS if isinstance(value.get(name), (list, Mapping)))
    return Graph(SOURCE, items, ids)


def _index(item: Item, ids: dict[str, Item]) -> None:
    """Note an item and the items it holds directly under their `@id`; one that says more than the reference wins."""
    held = [value for inner in item.values() for value in (inner if isinstance(inner, list) else [inner])]
    for value in (item, *held):
        if isinstance(value, Mapping) and isinstance(value.get("@id"), str) and len(value) > len(ids.get(value["@id"], ())):
            ids[value["@id"]] = value
