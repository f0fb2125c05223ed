"""Elements reduced to nodes, and which of them name their role."""

from __future__ import annotations

from pipelines.page.elements import last_segment
from pipelines.page.page import Node
from pipelines.page.tokens import read_names

SPECIAL = frozenset({"role", "itemprop", "itemtype", "aria-label", "rel", "hidden", "style", "aria-hidden", "itemscope"})
"""Attributes besides class and id that change a node or the walk."""

_NO_WORDS: tuple[tuple[str, ...], bool] = ((), False)
_ROLE_GIVING = frozenset({"id", "itemprop", "rel"})
_MARK_RELS = frozenset({"author", "tag", "category", "license"})


def read_words(attrib: dict[str, str]) -> tuple[tuple[str, ...], bool]:
    """Return the words of an element's class and id, and whether one of them names a role."""
    if "id" not in attrib:
        return read_names(attrib["class"]) if "class" in attrib else _NO_WORDS
    words, marked = read_names(attrib["id"])
    if "class" in attrib:
        of_class, marked_class = read_names(attrib["class"])
        return tuple(dict.fromkeys(of_class + words)), marked or marked_class
    return words, marked


def make_node(parent: Node, tag: str, attrib: dict[str, str]) -> tuple[Node, bool]:
    """Make an element's node; say also whether its attributes name a role that makes it worth a mark."""
    get = attrib.get
    words, marked = read_words(attrib)
    role = attrib["role"].strip().lower() if "role" in attrib else ""
    itemprop = get("itemprop", "")
    itemtype = last_segment(attrib["itemtype"]) if "itemtype" in attrib else ""
    marked = marked or bool(itemprop) or _has_mark_rel(attrib)
    return Node(parent, tag, words, role, itemprop, itemtype, get("aria-label", "")), marked


def names_role(attrib: dict[str, str]) -> bool:
    """Tell whether an inline element's attributes name a role that makes it worth a mark."""
    if "class" in attrib and read_names(attrib["class"])[1]:
        return True
    if _ROLE_GIVING.isdisjoint(attrib):
        return False
    return bool(attrib.get("itemprop")) or _has_mark_rel(attrib) or ("id" in attrib and read_names(attrib["id"])[1])


def _has_mark_rel(attrib: dict[str, str]) -> bool:
    return "rel" in attrib and not _MARK_RELS.isdisjoint(attrib["rel"].lower().split())
