"""View: one story as one request asks for it, and the pieces of markup that layouts share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape

from crawler.demo.site import Block, Section, Site, Story, author_path, section_path, slugify, tag_path, visible_sections
from crawler.demo.words import WORDS, Words

__all__ = ["Attributes", "View", "absolute", "author_links", "block_html", "link", "no_attributes", "sections_html", "visit_note"]

Attributes = Callable[[str], str]
"""Gives the attributes of an element by its name, with a leading space, or nothing."""

_WORDS_A_MINUTE = 60
"""Reading speed behind the printed reading time; low, so that short stories differ."""


@dataclass(frozen=True, slots=True)
class View:
    """What a layout needs to print a story."""

    site: Site
    story: Story
    base_url: str
    """Scheme, host and port without a slash at the end."""
    now: datetime
    """When it is served; relative dates are counted from it."""
    page: int = 1
    visit: int = 1
    """How often this address has been asked for, this time included."""
    variant: str = ""
    """`amp` or `mobile` for the twins of the semantic layout."""

    @property
    def words(self) -> Words:
        """The phrases of the story's language."""
        return WORDS[self.story.lang]

    @property
    def url(self) -> str:
        """The story's canonical address."""
        return self.base_url + self.story.path

    @property
    def section_url(self) -> str:
        """Address of its section's front page."""
        return self.base_url + section_path(self.story.lang, self.story.section)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that this page prints."""
        return visible_sections(self.story, self.page)

    @property
    def related(self) -> tuple[Story, ...]:
        """The stories of its related box."""
        return self.site.related_to(self.story)

    @property
    def most_read(self) -> tuple[Story, ...]:
        """Stories of the same language for a side rail: the oldest, so that it rarely changes."""
        rail = [story for story in reversed(self.site.in_language(self.story.lang)) if story != self.story]
        return tuple(story for story in rail if story not in self.related)[:4]

    @property
    def description(self) -> str:
        """What the page says of itself to machines; empty where the story has neither description nor dek."""
        return self.story.description or self.story.dek

    @property
    def minutes(self) -> int:
        """The printed reading time."""
        words = sum(len(line.split()) for s in self.story.sections for block in s.blocks for line in block.lines)
        return max(1, round(words / _WORDS_A_MINUTE))


def no_attributes(tag: str) -> str:
    """Give no element any attribute."""
    return ""


def absolute(view: View, story: Story) -> str:
    """Address under which other pages link to a story."""
    return view.base_url + story.listed_path


def link(view: View, story: Story, attributes: str = "") -> str:
    """A link to a story with its title."""
    return f'<a href="{absolute(view, story)}"{attributes}>{escape(story.title)}</a>'


def author_links(view: View, attributes: str = "") -> list[str]:
    """A link to each author's page."""
    return [
        f'<a href="{view.base_url}{author_path(person)}"{attributes}>{escape(person.name)}</a>' for person in view.story.authors
    ]


def tag_links(view: View, attributes: str = "") -> list[str]:
    """A link to each tag's page."""
    return [f'<a href="{view.base_url}{tag_path(tag)}"{attributes}>{escape(tag)}</a>' for tag in view.story.tags]


def visit_note(view: View) -> str:
    """The sentence that makes the changing page change; empty on all others."""
    return view.words.visits.format(view.visit) if view.story.special == "changing" else ""


def sections_html(
    view: View, attributes: Attributes = no_attributes, *, heading: Callable[[Section], str] | None = None
) -> list[str]:
    """The body as elements in order: headings, blocks and the note of a changing page."""
    parts: list[str] = []
    for number, section in enumerate(view.sections):
        if section.heading:
            parts.append(heading(section) if heading else heading_html(section, attributes))
        parts.extend(block_html(view, block, attributes) for block in section.blocks)
        if number == 0 and (note := visit_note(view)):
            parts.append(f"<p{attributes('p')}>{escape(note)}</p>")
    return parts


def heading_html(section: Section, attributes: Attributes = no_attributes) -> str:
    """A section's heading at its level."""
    tag = f"h{section.level}"
    return f"<{tag}{attributes(tag)}>{escape(section.heading)}</{tag}>"


def block_html(view: View, block: Block, attributes: Attributes = no_attributes) -> str:
    """One block as the element that its kind asks for."""
    if block.kind in ("ul", "ol"):
        items = "".join(f"<li{attributes('li')}>{escape(line)}</li>\n" for line in block.lines)
        return f"<{block.kind}{attributes(block.kind)}>\n{items}</{block.kind}>"
    if block.kind == "table":
        return _table_html(block, attributes)
    if block.kind == "caption":
        return _figure_html(view, block, attributes)
    text = escape(block.lines[0])
    return {
        "p": f"<p{attributes('p')}>{text}</p>",
        "quote": f"<blockquote{attributes('blockquote')}><p>{text}</p></blockquote>",
        "code": f"<pre{attributes('pre')}><code>{text}</code></pre>",
    }[block.kind]


def _table_html(block: Block, attributes: Attributes) -> str:
    head, *rows = block.rows
    head_html = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    rows_html = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f"<table{attributes('table')}>\n<thead><tr>{head_html}</tr></thead>\n<tbody>\n{rows_html}</tbody>\n</table>"


def _figure_html(view: View, block: Block, attributes: Attributes) -> str:
    credit = f" <span{attributes('small')}>{escape(block.credit)}</span>" if block.credit else ""
    source = f"{view.base_url}/images/{slugify(block.lines[0])[:40]}.png"
    return (
        f'<figure{attributes("figure")}><img src="{source}" alt="" width="960" height="540">'
        f"<figcaption{attributes('figcaption')}>{escape(block.lines[0])}{credit}</figcaption></figure>"
    )
