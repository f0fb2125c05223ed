"""What a page says about reuse and payment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipelines.declared import Declared
from pipelines.evidence import Candidate, Field
from pipelines.page.page import Block, Kind, Page

__all__ = ["read_licence", "read_paywalled"]

_CREATIVE_COMMONS = re.compile(r"https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/[\w./-]+", re.I)
_NAMES_LICENCE = re.compile(
    r"^\s*(?:https?:)?//|licen[cs]|lizenz|licenza|creative commons|public domain|gemeinfrei|\bCC[ -]?(?:BY|0)\b", re.I
)
"""What a statement of rights has that grants any; others name the owner."""
_OF_PICTURE = re.compile(
    r"\b(?:photo(?:graph)?s?|images?|pictures?|illustrations?|fotos?|bild(?:er)?|abbildung|im[aá]gene?s?|immagin[ei]|flickr|wikimedia)\b",
    re.I,
)
_ACCESS = re.compile(
    r"(?:content[-_.]?tier|(?P<paid>(?:is)?[-_.]?(?:premium|paywall(?:ed)?))|(?P<free>accessible[-_.]?for[-_.]?free))$", re.I
)
"""Names of meta elements that say who may read, whatever stands before; a tier, or whether it is paid for, or free."""
_FREE_TIERS = frozenset({"free", "open", "public", "unlocked"})
_PAID_TIERS = frozenset({"locked", "metered", "paid", "premium", "subscriber", "subscription"})
_YES, _NO = frozenset({"true", "yes", "1", "on", "y"}), frozenset({"false", "no", "0", "off", "n"})


def read_licence(page: Page, declared: Declared) -> Field[str]:
    """The licence, mostly an address; None where nothing is said.

    JSON-LD and meta come first, then a link with rel=license, then a link to Creative Commons in the text. Statements that only
    name the owner of the rights are no licence, and the licence of a picture is not that of the text.
    """
    said = [
        candidate
        for candidate in declared.licence
        if "rights" not in candidate.place.casefold() or _NAMES_LICENCE.search(candidate.value)
    ]
    order = [*said, *_linked_licences(page)]
    rest = [candidate for candidate in declared.licence if candidate not in said]
    if not order:
        return Field(None, tuple(rest))
    return Field(order[0], (*order[1:], *rest))


def _linked_licences(page: Page) -> Iterator[Candidate[str]]:
    for rel, href, _ in page.head.links:
        if "license" in rel.casefold().split() and href:
            yield Candidate(_address(href), "markup", "link[rel=license]", href, 0.9)
    for mark in page.marks:
        if mark.rel and "license" in mark.rel.casefold().split() and mark.href:
            yield Candidate(_address(mark.href), "markup", f"a[rel=license] in block {mark.block}", mark.href, 0.85)
    for block in page.blocks:
        for link in block.links:
            if "creativecommons.org/" in link and _CREATIVE_COMMONS.search(link) and not _is_of_picture(block):
                yield Candidate(_address(link), "markup", f"link in block {block.index}", link, 0.6)


def _address(link: str) -> str:
    """The licence that an address leads to, also by way of an archive of the web."""
    match = _CREATIVE_COMMONS.search(link)
    return match[0] if match else link


def _is_of_picture(block: Block) -> bool:
    return block.kind is Kind.CAPTION or bool(_OF_PICTURE.search(block.text))


def read_paywalled(page: Page, declared: Declared) -> Field[bool]:
    """Whether the text is for payers alone: `isAccessibleForFree`, else meta elements that say so; None where nothing is said."""
    order = [*declared.paywalled, *_access(page)]
    if not order:
        return Field()
    return Field(order[0], tuple(order[1:]))


def _access(page: Page) -> Iterator[Candidate[bool]]:
    for name, content in page.head.meta:
        match = _ACCESS.search(name)
        paid = _is_paid(match, content.strip().casefold()) if match else None
        if paid is not None:
            source = "open-graph" if name.startswith(("article:", "og:")) else "meta"
            yield Candidate(paid, source, f"meta[{name}]", content, 0.85)


def _is_paid(match: re.Match[str], content: str) -> bool | None:
    if match["paid"] or match["free"]:
        said = True if content in _YES else False if content in _NO else None
        return None if said is None else said is bool(match["paid"])
    return True if content in _PAID_TIERS else False if content in _FREE_TIERS else None
