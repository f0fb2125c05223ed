"""What the head of a document says, unread."""

from __future__ import annotations

from pipelines.page.addresses import Resolver
from pipelines.page.page import Head
from pipelines.page.spaces import collapse


class HeadReader:
    """Collects title, language, meta, link and base elements and JSON-LD, wherever in the document they stand."""

    __slots__ = ("_resolve", "json_ld", "lang", "links", "meta", "title")

    def __init__(self, resolve: Resolver) -> None:
        self._resolve = resolve
        self.title = ""
        self.lang = ""
        self.meta: list[tuple[str, str]] = []
        self.links: list[tuple[str, str, str]] = []
        self.json_ld: list[str] = []

    def finish(self) -> Head:
        """Return what was collected."""
        return Head(self.title, self.lang, tuple(self.meta), tuple(self.links), tuple(self.json_ld))

    def take_title(self, text: str) -> None:
        """Take the text of a title element; the first that holds any counts."""
        self.title = self.title or collapse(text)

    def take_language(self, attrib: dict[str, str]) -> None:
        """Take the attributes of the `html` element."""
        self.lang = (attrib.get("lang") or attrib.get("xml:lang") or "").strip()

    def take_base(self, attrib: dict[str, str]) -> None:
        """Resolve all further addresses against a `base` element."""
        if attrib.get("href"):
            self._resolve.rebase(self._resolve(attrib["href"]))

    def take_link(self, attrib: dict[str, str]) -> None:
        """Take a `link` element."""
        href, rel = attrib.get("href"), attrib.get("rel")
        if href is not None and rel is not None:
            self.links.append((rel.lower(), self._resolve(href), attrib.get("type", "").lower()))

    def take_meta(self, attrib: dict[str, str], in_item: bool) -> None:
        """Take a `meta` element; inside a microdata item its `itemprop` is the item's."""
        content = attrib.get("content")
        if content is None:
            return
        names = [given.strip().lower() for given in map(attrib.get, ("name", "property", "http-equiv")) if given]
        if not names and not in_item and attrib.get("itemprop"):
            names = [attrib["itemprop"].strip().lower()]
        content = content.strip()
        for name in names if len(names) < 2 else dict.fromkeys(names):
            self.meta.append((name, content))
