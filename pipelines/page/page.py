"""Page: a document parsed once into blocks, marks and what its head says.

The three parsers beside this file (`html`, `text`, `markdown`) all build a `Page`, and everything after them works on a `Page`
alone. No room sees a tree.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar, dataclass_transform

_Class = TypeVar("_Class")


@dataclass_transform(frozen_default=True, eq_default=False)
def record(cls: type[_Class]) -> type[_Class]:
    """Make a value class of which a page has hundreds, compared by identity, or by `__eq__` where it has one.

    Type checkers hold it frozen. Freezing it at run time as well would make each value cost three times as long.
    """
    return dataclass(slots=True, eq=False)(cls)


class Kind(StrEnum):
    """What a block is, as typography: independent of whether it belongs to the article."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    TABLE_ROW = "table_row"
    CODE = "code"
    CAPTION = "caption"
    BREAK = "break"
    """A thematic break: `<hr>`, `---`, `* * *`. Its text is empty."""


@record
class Node:
    """An element that holds blocks, reduced to what reading needs. Compared by identity."""

    parent: Node | None
    tag: str
    """Lower-case element name; `#text` for the root of a plain-text page."""
    tokens: tuple[str, ...] = ()
    """Words of class and id, lower case, camelCase and hyphens split: `author-bioBox` gives `author`, `bio`, `box`."""
    role: str = ""
    itemprop: str = ""
    itemtype: str = ""
    """Last path segment of the schema.org type: `NewsArticle`, `Comment`, `Person`."""
    label: str = ""
    """aria-label, where given."""

    def ancestors(self) -> list[Node]:
        """This node and those above it, innermost first."""
        found, node = [], self
        while node is not None:
            found.append(node)
            node = node.parent  # type: ignore[assignment]
        return found


@record
class Block:
    """A run of text inside one block-level element; the smallest thing that is kept or left out as a whole."""

    index: int
    """Position in `Page.blocks`."""
    kind: Kind
    text: str
    """White space collapsed; lines of code, of addresses and of verse keep their line breaks. Empty only for BREAK."""
    node: Node
    """The block-level element that holds the text directly."""
    level: int = 0
    """1 to 6 for headings, else 0."""
    depth: int = 0
    """Nesting of a list item, from 1; else 0."""
    link_chars: int = 0
    """Characters inside links."""
    bold_chars: int = 0
    """Characters inside b, strong or a bold style."""
    hidden: bool = False
    """Whether the element says that it is not shown (`hidden`, `display:none`, `aria-hidden` on a text container)."""
    links: tuple[str, ...] = ()
    """Addresses of its links, absolute."""
    list_id: int = 0
    """Same number for items of one list or rows of one table; 0 elsewhere."""
    ordered: bool = False
    """Whether a list item is numbered."""

    @property
    def link_density(self) -> float:
        """Share 0 to 1 of the characters that are inside links."""
        return self.link_chars / len(self.text) if self.text else 0.0


@record
class Mark:
    """An element that names its role, inline or not: a `time`, an `itemprop`, `rel=author`, a class such as `byline`."""

    node: Node
    block: int
    """Index of the block that it stands in or before."""
    text: str
    """Its text, white space collapsed, cut at 500 characters."""
    value: str = ""
    """`datetime`, `content`, `title` or `href`, the first that is there and says more than the text."""
    rel: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """An image that stands among the blocks."""

    url: str
    alt: str = ""
    caption: str = ""
    credit: str = ""
    block: int = 0
    """Index of the block that it stands in or before."""


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of the document (or the front matter) says, unread."""

    title: str = ""
    lang: str = ""
    meta: tuple[tuple[str, str], ...] = ()
    """(`name`, `property`, `itemprop` or `http-equiv`, lower case; content), in order, repeats kept."""
    links: tuple[tuple[str, str, str], ...] = ()
    """(rel, absolute href, type)."""
    json_ld: tuple[str, ...] = ()
    """Text of each `application/ld+json` script."""
    front_matter: tuple[tuple[str, str], ...] = ()
    """Keys (lower case) and values of a Markdown page's front matter; lists give one pair an element."""


@dataclass(frozen=True, slots=True)
class MicrodataItem:
    """One `itemscope` element with its properties."""

    type: str
    """Last path segment of itemtype."""
    properties: tuple[tuple[str, str | MicrodataItem], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A document, parsed once."""

    url: str | None
    """Address it was fetched from, after redirects."""
    fetched: datetime | None
    """When, as an aware UTC datetime. Relative dates are read against it; without it they are not read."""
    format: str
    """`html`, `text` or `markdown`."""
    blocks: tuple[Block, ...]
    marks: tuple[Mark, ...] = ()
    head: Head = field(default_factory=Head)
    microdata: tuple[MicrodataItem, ...] = ()
    images: tuple[Image, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    """Response headers, names lower case, as received."""
