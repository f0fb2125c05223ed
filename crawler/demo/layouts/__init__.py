"""The five layouts, each a realistic page around the same kind of story, and what each lets a reader know."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from crawler.demo.layouts import blog, creator, hashed, semantic, soup
from crawler.demo.site import Story
from crawler.demo.view import View

__all__ = ["LAYOUTS", "Layout"]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a story is printed, and which of its facts the page shows or declares."""

    render: Callable[[View], str]
    furniture: Callable[[View], tuple[str, ...]]
    """Sentences of the page that belong to no body."""
    date: str
    """`zoned` (to the minute with offset), `local` (to the minute, no zone) or `month` (relative to the time of serving)."""
    shows_modified: bool = True
    shows_section: bool = True
    declares_description: bool = True
    tag_count: int | None = None
    """How many of the tags it prints; None: all."""
    has_heading_elements: Callable[[Story], bool] = lambda story: True
    """Whether headings are heading elements; where they are bold paragraphs, no level is promised."""


LAYOUTS: Mapping[str, Layout] = {
    "semantic": Layout(semantic.render, semantic.furniture, date="zoned"),
    "hashed": Layout(hashed.render, hashed.furniture, date="local", declares_description=False),
    "creator": Layout(
        creator.render,
        creator.furniture,
        date="month",
        shows_modified=False,
        shows_section=False,
        declares_description=False,
        tag_count=1,
        has_heading_elements=creator.has_heading_elements,
    ),
    "soup": Layout(soup.render, soup.furniture, date="zoned"),
    "blog": Layout(blog.render, blog.furniture, date="zoned"),
}
