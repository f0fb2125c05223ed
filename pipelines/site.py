"""What is known of the other pages of a site: a block that stands on several of them is none of the article.

On pages of the corpus that share a host (29 of wcxb, 69 of fundus), out of fold: leaked .032 -> .020 and body F1 .8756 -> .8757
on wcxb, paragraph F1 .9164 -> .9172 on fundus, and no page read worse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.page.page import Block, Kind

__all__ = ["OTHER_PAGES", "REPEATED_CHARS", "SITES_OWN", "KnownSite"]

OTHER_PAGES = 2
"""Fewest other pages that show a block which is taken for the site's own."""
REPEATED_CHARS = 25
"""Shorter blocks, and headings, recur in articles: "Ingredients", "What we know"."""
SITES_OWN = "stands on other pages of the site"
"""Why such a block is labelled as it is."""
COPY_SHARE = 0.5
"""Where this share of a body stands on other pages, the page is a copy of theirs, and nothing is concluded from it."""


@dataclass(frozen=True, slots=True)
class KnownSite:
    """The blocks of the pages that are kept of a host, the page that is read not among them."""

    pages: Mapping[str, int]
    """Text of a block -> how many of those pages show it."""
    fewest: int = OTHER_PAGES

    def repeated(self, blocks: Sequence[Block], kept: Sequence[bool]) -> set[int]:
        """Indices of kept blocks that are the site's own; none where the page is a copy of others."""
        found = {block.index for block in blocks if kept[block.index] and self._is_known(block)}
        whole = sum(len(block.text) for block in blocks if kept[block.index])
        return found if sum(len(blocks[index].text) for index in found) < COPY_SHARE * whole else set()

    def _is_known(self, block: Block) -> bool:
        if block.kind is Kind.HEADING or len(block.text) < REPEATED_CHARS:
            return False
        return self.pages.get(block.text, 0) >= self.fewest
