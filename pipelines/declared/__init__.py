"""What a page says of itself to machines: JSON-LD, microdata, OpenGraph, meta elements, front matter.

Nothing is decided here. Each vocabulary's claims stand side by side, and the rooms weigh them against what is printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from pipelines.declared.claims import Claim
from pipelines.declared.front_matter import read_front_matter
from pipelines.declared.json_ld import load_graph, read_json_ld
from pipelines.declared.meta_tags import gather_meta, read_meta_tags
from pipelines.declared.microdata import read_microdata
from pipelines.declared.open_graph import read_open_graph
from pipelines.declared.schema_org import Graph, types_of
from pipelines.evidence import Candidate
from pipelines.fields import Author
from pipelines.page import Page

__all__ = ["Declared", "read_declared"]


@dataclass(frozen=True, slots=True)
class Declared:
    """The candidates for each field, the most trustworthy vocabulary first; empty where nothing is said."""

    title: tuple[Candidate[str], ...] = ()
    dek: tuple[Candidate[str], ...] = ()
    description: tuple[Candidate[str], ...] = ()
    authors: tuple[Candidate[tuple[Author, ...]], ...] = ()
    """Names as declared: addresses, handles and names of the site among them are not sorted out."""
    byline: tuple[Candidate[str], ...] = ()
    """Bylines declared as a sentence, lead word included."""
    published: tuple[Candidate[str], ...] = ()
    """As declared, unread."""
    modified: tuple[Candidate[str], ...] = ()
    lang: tuple[Candidate[str], ...] = ()
    section: tuple[Candidate[str], ...] = ()
    tags: tuple[Candidate[tuple[str, ...]], ...] = ()
    site_name: tuple[Candidate[str], ...] = ()
    image: tuple[Candidate[str], ...] = ()
    licence: tuple[Candidate[str], ...] = ()
    paywalled: tuple[Candidate[bool], ...] = ()
    canonical: tuple[Candidate[str], ...] = ()
    body: tuple[Candidate[str], ...] = ()
    """articleBody, white space collapsed: good as evidence, seldom whole."""
    types: tuple[str, ...] = ()
    """schema.org types of the items about the page, and `og:type` as `og:article`; in order, without repeats."""


_FIELDS = tuple(field.name for field in fields(Declared) if field.name != "types")


def read_declared(page: Page) -> Declared:
    """Collect what a page declares, from all vocabularies. Never raises."""
    found: dict[str, list[Candidate[Any]]] = {name: [] for name in _FIELDS}
    graph = load_graph(page)
    for name, candidate in _claims(page, graph):
        found[name].append(candidate)
    ordered = {name: tuple(sorted(given, key=_distrust)) for name, given in found.items() if given}
    return Declared(**ordered, types=tuple(dict.fromkeys(_types(page, graph))))


def _distrust(candidate: Candidate[Any]) -> float:
    return -candidate.confidence


def _claims(page: Page, graph: Graph) -> Iterator[Claim]:
    yield from read_front_matter(page)
    yield from read_json_ld(graph, page)
    yield from read_microdata(page)
    given = gather_meta(page)
    yield from read_open_graph(given)
    yield from read_meta_tags(page, given)


def _types(page: Page, graph: Graph) -> Iterator[str]:
    yield from (name for item in graph.items for name in types_of(item))
    yield from (item.type for item in page.microdata if item.type)
    yield from (f"og:{content.strip().lower()}" for name, content in page.head.meta if name == "og:type" and content.strip())
