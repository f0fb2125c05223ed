"""What the elements of a page call themselves, where the text agrees.

Names of elements count only where they can be true: a wrapper that holds the article keeps no label, whatever its class says.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.boilerplate.outline import Outline
from pipelines.boilerplate.vocabulary import NAMED_TAGS, SOFT_LABELS, label_of_heading, label_of_names
from pipelines.fields import Label
from pipelines.page.page import Kind

WRAPPER_SHARE = 0.5
"""An element with this share of the prose is a wrapper and no part beside the article."""
PROSE_BEFORE = 80
"""Characters of prose between title and element that make it possible that the article ended before it."""
SOFT_SHARE = 0.1
"""An element called `meta` or `tags` that holds more of the prose than this is misnamed."""

_AFTER_ARTICLE = frozenset({Label.COMMENTS, Label.FOOTER, Label.CONSENT, Label.BIO, Label.RELATED})
"""Parts that may hold more prose than the article before them."""
_PLAIN = frozenset({Label.OTHER, Label.FURNITURE, Label.NAVIGATION, Label.FOOTER, Label.WIDGET})
_SLUGGED = frozenset({"section", "div"})
_HEADING = Kind.HEADING
"""By its own name: on Python 3.11 to look a member up in its enumeration takes ten times as long."""

Region = tuple[Label, str]
"""A label, and the reason for it."""


def read_regions(outline: Outline) -> list[Region | None]:
    """Label every element that has a name and every one inside it; a plain outer name gives way to a telling inner one.

    Returns:
        The label with its reason, or None, for each of the outline's nodes.
    """
    named = [
        label_of_names(node.tag, node.tokens, node.role, node.itemtype)
        if node.tokens or node.role or node.itemtype or node.tag in NAMED_TAGS
        else None
        for node in outline.nodes
    ]
    kept = [region if region and _keeps_name(outline, node, region[0]) else None for node, region in enumerate(named)]
    regions = _inherited(outline, named, kept)
    misused = _misused(outline, regions)
    if not misused:
        return regions
    return _inherited(outline, named, [region if region and region[0] not in misused else None for region in kept])


def _inherited(outline: Outline, named: Sequence[Region | None], kept: Sequence[Region | None]) -> list[Region | None]:
    regions: list[Region | None] = []
    for own, region, parent in zip(named, kept, outline.parent, strict=True):
        above = regions[parent] if regions else None
        if above is not None and (region is None or above[0] not in _PLAIN or own is None or own[0] in _PLAIN):
            region = above
        regions.append(region)
    return regions


def _misused(outline: Outline, regions: Sequence[Region | None]) -> frozenset[Label]:
    """Labels whose elements hold most of the prose together: the site means something else by the word."""
    held: dict[Label, int] = {}
    first: dict[Label, int] = {}
    for index, (good, node) in enumerate(zip(outline.good, outline.at, strict=True)):
        region = regions[node] if good else None
        if region is not None:
            held[region[0]] = held.get(region[0], 0) + good
            first.setdefault(region[0], index)
    return frozenset(
        label
        for label, good in held.items()
        if good >= WRAPPER_SHARE * outline.total
        and not (label in _AFTER_ARTICLE and outline.good_since_title(first[label]) >= PROSE_BEFORE)
    )


def _keeps_name(outline: Outline, node: int, label: Label) -> bool:
    if _is_wrapper(outline, node, label):
        return False
    if label in SOFT_LABELS:
        return outline.good_in(node) <= SOFT_SHARE * outline.total
    if label is Label.PAYWALL:
        return sum(good > 0 for good in outline.good[outline.first[node] : outline.last[node] + 1]) < 2
    return not _is_titled_by_its_name(outline, node)


def _is_wrapper(outline: Outline, node: int, label: Label) -> bool:
    title = outline.title_block
    first, last = outline.first[node], outline.last[node]
    holds_title = title is not None and first <= title <= last
    if holds_title and (outline.nodes[node].tag == "header" or outline.good_between(title or 0, last)):
        return True
    good = outline.good_in(node)
    if not good or good < WRAPPER_SHARE * outline.total:
        return False
    return not (label in _AFTER_ARTICLE and outline.good_since_title(first) >= PROSE_BEFORE)


def _is_titled_by_its_name(outline: Outline, node: int) -> bool:
    """Whether an element is a section whose id repeats its heading (`<section id="related-work">`)."""
    element = outline.nodes[node]
    if len(element.tokens) < 2 or element.tag not in _SLUGGED:
        return False
    first = outline.blocks[outline.first[node]]
    if first.kind is not _HEADING or not outline.good_in(node):
        return False
    words = frozenset(re.findall(r"\w+", first.text.casefold()))
    return frozenset(element.tokens) <= words and label_of_heading(first.text) is None
