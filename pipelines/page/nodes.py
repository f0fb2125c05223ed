"""Elements reduced to nodes, and which of them name their role."""

from __future__ import annotations

from pipelines.page.elements import last_segment
from pipelines.page.page import Node
from pipelines.page.tokens import read_names

SPECIAL = frozenset({"id", "role", "itemprop", "itemtype", "aria-label", "rel", "hidden", "style", "aria-hidden", "itemscope"})
"""Attributes besides class that change a node or the walk."""

_MARK_RELS = frozenset({"author", "tag", "category", "license"})


def make_node(parent: Node, tag: str, attrib: dict[str, str]) -> tuple[Node, bool]:
    """Make an element's node; say also whether its attributes name a role that makes it worth a mark."""
    get = attrib.get
    words, marked = read_names(attrib["class"]) if "class" in attrib else ((), False)
    if "id" in attrib:
        of_id = read_names(attrib["id"])
        words = tuple(dict.fromkeys(words + of_id[0]))
        marked = marked or of_id[1]
    role, itemprop = get("role", "").strip().lower(), get("itemprop", "")
    itemtype = last_segment(attrib["itemtype"]) if "itemtype" in attrib else ""
    marked = marked or bool(itemprop) or _has_mark_rel(attrib)
    return Node(parent, tag, words, role, itemprop, itemtype, get("aria-label", "")), marked


def names_role(attrib: dict[str, str]) -> bool:
    """Tell whether an inline element's attributes name a role that makes it worth a mark."""
    return (
        ("class" in attrib and read_names(attrib["class"])[1])
        or ("id" in attrib and read_names(attrib["id"])[1])
        or ("itemprop" in attrib and bool(attrib["itemprop"]))
        or _has_mark_rel(attrib)
    )


def _has_mark_rel(attrib: dict[str, str]) -> bool:
    return "rel" in attrib and not _MARK_RELS.isdisjoint(attrib["rel"].lower().split())
