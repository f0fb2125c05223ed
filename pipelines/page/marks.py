"""Marks and microdata: elements that name their role get the text that stood in them once they end."""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.page.addresses import Resolver
from pipelines.page.elements import last_segment
from pipelines.page.page import Mark, MicrodataItem, Node
from pipelines.page.spaces import SEAM, collapse

MARK_CHARS = 500
"""Longer elements are containers, whatever their class says."""
PROPERTY_CHARS = 4000
"""Longer values of microdata are left out."""
RAW_MARK_CHARS = 40_000
"""Elements longer than this before white space is collapsed are left out too; keeps the cost of nested marks linear."""
RAW_MARK_PIECES = 8000
"""The same in pieces of text, white space between elements included."""
ITEM_DEPTH = 8
"""Microdata items nested deeper are left out."""

_EMBEDDED = frozenset({"img", "amp-img", "source", "iframe", "video", "audio", "embed"})
_ADDRESSES = frozenset({"url", "sameAs", "image", "license", "mainEntityOfPage", "item", "id"})
"""Properties whose values are addresses, whatever the link prints."""


class _Item:
    """A microdata item while its element is open."""

    __slots__ = ("properties", "type")

    def __init__(self, type_: str) -> None:
        self.type = type_
        self.properties: list[tuple[str, str | MicrodataItem]] = []


class Draft:
    """A mark, a property or an item while its element is open."""

    __slots__ = ("attrib", "begins", "block", "item", "marked", "names", "node", "owner", "text")

    def __init__(self, node: Node, attrib: dict[str, str], begins: int, block: int, marked: bool) -> None:
        self.node = node
        self.attrib = attrib
        self.begins = begins
        """Number of pieces of text before it."""
        self.block = block
        self.marked = marked
        """Whether it names its role; else it is here for its microdata alone."""
        self.text: str | None = None
        self.item: _Item | None = None
        self.owner: _Item | None = None
        self.names: tuple[str, ...] = ()
        """Properties of `owner` that the element gives."""


class Marks:
    """All that is marked in a document, in order."""

    __slots__ = ("_long_from", "drafts", "items", "scopes")

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.items: list[MicrodataItem] = []
        self.scopes: list[_Item] = []
        """Microdata items that are open, outermost first."""
        self._long_from = -1
        """First piece of the last element that was too long; so are all around it."""

    def watch(self, draft: Draft) -> Draft:
        """Note an element that begins."""
        attrib = draft.attrib
        if draft.marked:
            self.drafts.append(draft)
        if self.scopes:
            draft.owner = self.scopes[-1]
            draft.names = tuple(attrib.get("itemprop", "").split())
        if "itemscope" in attrib:
            draft.item = _Item(last_segment(attrib.get("itemtype", "")))
            self.scopes.append(draft.item)
        return draft

    def settle(self, draft: Draft, tag: str, pieces: list[str], resolve: Resolver) -> None:
        """Give a mark and its properties their text now that the element has ended."""
        text = None
        if draft.begins > self._long_from:
            draft.text = text = _short_text(pieces, draft.begins)
            if text is None:
                self._long_from = draft.begins
        if draft.item is not None:
            self.scopes.pop()
            self._close_item(draft, draft.item)
        elif draft.owner is not None and draft.names:
            value = _property_value(draft, tag, text, resolve)
            if value:
                draft.owner.properties.extend((name, value) for name in draft.names)

    def _close_item(self, draft: Draft, open_item: _Item) -> None:
        item = MicrodataItem(open_item.type, tuple(open_item.properties))
        if draft.owner is None or not draft.names:
            self.items.append(item)
        elif len(self.scopes) < ITEM_DEPTH:
            draft.owner.properties.extend((name, item) for name in draft.names)


def _short_text(pieces: list[str], begins: int) -> str | None:
    """Return the text of an element; None where it is long."""
    if len(pieces) - begins > RAW_MARK_PIECES:
        return None
    text = "".join(pieces[begins:])
    if len(text) > RAW_MARK_CHARS:
        return None
    text = collapse(text.replace(SEAM, " ") if SEAM in text else text)
    return text if len(text) <= PROPERTY_CHARS else None


def _property_value(draft: Draft, tag: str, text: str | None, resolve: Resolver) -> str:
    attrib = draft.attrib
    if "content" in attrib:
        return attrib["content"].strip()
    if tag == "time" and "datetime" in attrib:
        return attrib["datetime"].strip()
    if tag in ("a", "link", "area") and "href" in attrib:
        return text if tag == "a" and text and _ADDRESSES.isdisjoint(draft.names) else resolve(attrib["href"])
    if tag in _EMBEDDED:
        return resolve(attrib.get("src", ""))
    return text or ""


def finish_marks(drafts: Iterable[Draft], last: int, resolve: Resolver) -> Iterable[Mark]:
    """Yield the marks that say something and are not too long; `last` is the index of the last block."""
    for draft in drafts:
        text, attrib = draft.text, draft.attrib
        if text is None or len(text) > MARK_CHARS:
            continue
        href = resolve(attrib["href"]) if "href" in attrib else ""
        value = _mark_value(attrib, href, text)
        if value or text:
            yield Mark(draft.node, min(draft.block, last), text, value, attrib.get("rel", "").lower(), href)


def _mark_value(attrib: dict[str, str], href: str, text: str) -> str:
    for given in (attrib.get("datetime"), attrib.get("content"), attrib.get("title"), href):
        if given:
            given = given.strip()
            if given and given != text:
                return given
    return ""
