"""Where a byline is looked for: the lines near the title, and what the site is called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipelines.page.page import Block, Node, Page
from pipelines.surroundings import (
    LONGEST_CREDIT_LINE,
    MARGIN_ROLES,
    MARGIN_TOKENS,
    Surroundings,
    squeezed,
    word_set,
)

LONGEST_LONE_NAME = 80
"""Characters of a line that holds nothing but names."""

BOX_DEPTH = 3
"""Elements between a name and the box of its author, at most."""

SHORTEST_SITE_NAME = 5
"""Letters of a site's name that others' names hardly begin with."""

AUTHOR_TOKENS = word_set(
    "byline bylines author authors autor autoren auteur writer writers journalist reporter contributor contributors creator "
    "fn vcard"
)
"""Words of class and id that name the author's place."""
_OTHERS_TOKENS = word_set("comment comments list related reviewer editor card cards")

_SIDE_ROLES = frozenset({"contentinfo", "complementary"})
_OTHERS_MARGINS = MARGIN_TOKENS - word_set("sidebar footer colophon slider carousel newsletter subscribe signup")

_PROFILE_PATH = re.compile(
    r"/(?:authors?|autor(?:en|es|i|as|zy)?|auteurs?|autore|people|profiles?|contributors?|writers?|staff|"
    r"journalists?|by|redaktion|redakteure?|skribent|periodistas?|penulis|columnists?|reporters?|u|user|users|members?|"
    r"miembros?)/[^/?#]|/@[^/?#]|[?&]author=[^&#]",
    re.I,
)


@dataclass(slots=True)
class Scene:
    """A page as the room sees it."""

    page: Page
    around: Surroundings
    sites: frozenset[str]
    """Names of the site, letters and digits alone."""
    near: tuple[Block, ...]
    """Shown lines near the title outside margins, short enough for a byline: those after it first, nearest first."""
    _boxes: dict[int, bool] = field(default_factory=dict)

    def close(self, *, before: int, after: int) -> list[Block]:
        """Of the lines near the title those at most so many blocks before and after it."""
        distance = self.around.distance
        return [block for block in self.near if -before <= distance(block.index) <= after]

    def is_in_title(self, line: str) -> bool:
        """Whether the title holds a line, as those of interviews hold the name of who was asked."""
        at = self.around.title_block
        return at is not None and squeezed(line) in squeezed(self.page.blocks[at].text)

    def is_of_site(self, name: str) -> bool:
        """Whether a name begins with that of the site: "Tern Courier Harbour Desk"."""
        return squeezed(name).startswith(tuple(site for site in self.sites if len(site) >= SHORTEST_SITE_NAME))

    def is_set_apart(self, node: Node) -> bool:
        """Whether a node stands among comments, other articles or menus; a sidebar or a footer alone may hold the author."""
        return any(_holds_others(above) and self.around.in_margin(above) for above in node.ancestors())

    def is_in_box(self, block: Block) -> bool:
        """Whether the elements around a line say that they hold the author, and no comments or other articles."""
        key = id(block.node)
        if key not in self._boxes:
            self._boxes[key] = _is_box(block.node)
        return self._boxes[key]


def look_around(page: Page, title_block: int | None, site_names: Iterable[str]) -> Scene:
    """Lay out a page for reading its byline."""
    around = Surroundings(page, title_block)
    near = around.blocks_near(holding=_is_short)
    return Scene(page, around, _site_keys(page.url or "", site_names), tuple(near))


def _is_short(line: str) -> bool:
    return len(line) <= LONGEST_CREDIT_LINE


def _site_keys(url: str, names: Iterable[str]) -> frozenset[str]:
    host = url.partition("//")[2].partition("/")[0].casefold().removeprefix("www.")
    keys = {squeezed(name) for name in names} | {squeezed(host), squeezed(host.partition(".")[0])}
    keys |= {squeezed(label) for label in host.split(".") if len(label) >= SHORTEST_SITE_NAME}
    keys |= {key.removeprefix("the") for key in keys}
    return frozenset(key for key in keys if key)


def _holds_others(node: Node) -> bool:
    if node.tag == "nav" or node.role in MARGIN_ROLES - _SIDE_ROLES or node.itemtype == "Comment":
        return True
    return not _OTHERS_MARGINS.isdisjoint(node.tokens)


def _is_box(node: Node) -> bool:
    found = False
    above: Node | None = node
    for _ in range(BOX_DEPTH):
        if above is None:
            break
        if above.tokens:
            if not _OTHERS_TOKENS.isdisjoint(above.tokens):
                return False
            found = found or not AUTHOR_TOKENS.isdisjoint(above.tokens)
        above = above.parent
    return found


def profile_links(block: Block) -> list[str]:
    """Links of a line that lead to the page of an author."""
    return [link for link in block.links if _PROFILE_PATH.search(link)]
