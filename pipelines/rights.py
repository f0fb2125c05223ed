"""What a page says about reuse and payment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.declared import Declared
from pipelines.evidence import Candidate, Field
from pipelines.page.page import Page

__all__ = ["read_licence", "read_paywalled"]

_CREATIVE_COMMONS = re.compile(r"https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/[\w./-]+", re.I)
_TIER_META = frozenset({"article:content_tier", "og:article:content_tier"})
_FREE_TIERS = frozenset({"free", "open", "public", "unlocked"})
_PAID_TIERS = frozenset({"locked", "metered", "paid", "premium", "subscriber", "subscription"})


def read_licence(page: Page, declared: Declared) -> Field[str]:
    """The licence, mostly an address; None where nothing is said.

    JSON-LD and meta come first, then a link with rel=license, then a link to Creative Commons in the text.
    """
    order = [*declared.licence, *_linked_licences(page)]
    if not order:
        return Field()
    return Field(order[0], tuple(order[1:]))


def _linked_licences(page: Page) -> Iterator[Candidate[str]]:
    for rel, href, _ in page.head.links:
        if "license" in rel.casefold().split() and href:
            yield Candidate(href, "markup", "link[rel=license]", href, 0.9)
    for mark in page.marks:
        if "license" in mark.rel.casefold().split() and mark.href:
            yield Candidate(mark.href, "markup", f"a[rel=license] in block {mark.block}", mark.href, 0.85)
    for block in page.blocks:
        for link in block.links:
            match = _CREATIVE_COMMONS.match(link)
            if match:
                yield Candidate(match[0], "markup", f"link in block {block.index}", link, 0.6)


def read_paywalled(page: Page, declared: Declared) -> Field[bool]:
    """Whether the text is for payers alone: `isAccessibleForFree`, else `article:content_tier`; None where nothing is said."""
    order = [*declared.paywalled, *_tiers(page)]
    if not order:
        return Field()
    return Field(order[0], tuple(order[1:]))


def _tiers(page: Page) -> Iterator[Candidate[bool]]:
    for name, content in page.head.meta:
        tier = content.strip().casefold()
        if name in _TIER_META and tier in _FREE_TIERS | _PAID_TIERS:
            yield Candidate(tier in _PAID_TIERS, "open-graph", f"meta[{name}]", content, 0.85)
