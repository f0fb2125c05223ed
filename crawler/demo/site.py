"""The demo newspaper as data: its stories, their addresses, and which list shows which story."""

from __future__ import annotations

import tomllib
import unicodedata
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

PAPER = "The Tern Sound Courier"
LANGUAGES = ("en", "de", "fr", "es")
LAYOUT_NAMES = ("semantic", "hashed", "creator", "soup", "blog")
SPECIALS = frozenset({"paginated", "live", "paywalled", "moved", "deleted", "changing", "copy-of", "slow", "flaky"})
SOUP_SPECIALS = frozenset({"paginated", "live", "paywalled"})
BLOCK_KINDS = ("p", "quote", "ul", "ol", "table", "code", "caption")

ARTICLES = Path(__file__).parent / "articles"
"""Where the bundled stories lie, beside this file in a checkout and in an installation alike."""

_UNDECLARED_SHARE = 8
"""One story in so many stands in no feed and no sitemap: only section pages lead to it."""
_PAGES_OF_A_LONG_STORY = 3


class DemoDataError(ValueError):
    """A story file does not follow the format; the message names the file."""


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a body."""

    kind: str
    """One of `BLOCK_KINDS`."""
    lines: tuple[str, ...]
    """The text; one line an item for lists; one line a row, cells joined by ` | `, for tables."""
    rows: tuple[tuple[str, ...], ...] = ()
    """Cells of a table; empty elsewhere."""
    credit: str = ""
    """Of a caption: who made the picture."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its blocks; an empty heading before the first one."""

    heading: str
    level: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the byline."""

    name: str
    is_organisation: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """What a reader wrote under a story."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """One article as it was written, before any layout."""

    slug: str
    layout: str
    lang: str
    section: str
    title: str
    dek: str
    """Empty where there is none; so are `description` and `bio`."""
    authors: tuple[Person, ...]
    published: datetime
    modified: datetime | None
    tags: tuple[str, ...]
    description: str
    special: str
    related: tuple[str, ...]
    sections: tuple[Section, ...]
    comments: tuple[Comment, ...]
    bio: str

    @property
    def path(self) -> str:
        """Path and query of its canonical address; every layout has an address style of its own."""
        moment, number = self.published, story_number(self.slug)
        return {
            "semantic": f"{section_path(self.lang, self.section)}{self.slug}",
            "hashed": f"/news/{self.slug}-{number}",
            "creator": f"/stories/{self.slug}",
            "soup": f"/{moment:%Y/%m/%d}/{self.slug}.html",
            "blog": f"/blog/{moment:%Y/%m}/{self.slug}/",
        }[self.layout]

    @property
    def listed_path(self) -> str:
        """The address that lists give: for the story that moved it is still the old one."""
        return f"/today/{self.slug}" if self.special == "moved" else self.path

    @property
    def changed(self) -> datetime:
        """When it was last changed, as a sitemap would say."""
        return self.modified or self.published

    @property
    def is_declared(self) -> bool:
        """Whether feeds and sitemaps may list it."""
        return bool(self.special) or zlib.crc32(self.slug.encode()) % _UNDECLARED_SHARE != 0

    @property
    def page_count(self) -> int:
        """On how many pages it is printed."""
        return _PAGES_OF_A_LONG_STORY if self.special == "paginated" else 1


@dataclass(frozen=True)
class Site:
    """All stories, newest first."""

    stories: tuple[Story, ...]

    @cached_property
    def by_slug(self) -> Mapping[str, Story]:
        """Every story by its slug."""
        return {story.slug: story for story in self.stories}

    @cached_property
    def by_path(self) -> Mapping[str, Story]:
        """Every story by its canonical path."""
        return {story.path: story for story in self.stories}

    @cached_property
    def shown(self) -> tuple[Story, ...]:
        """The stories that pages and feeds link to: all but deleted ones."""
        return tuple(story for story in self.stories if story.special != "deleted")

    @cached_property
    def sections(self) -> Mapping[str, tuple[str, str]]:
        """Language and name of each section by its path, in order of path."""
        return dict(sorted({section_path(s.lang, s.section): (s.lang, s.section) for s in self.shown}.items()))

    @cached_property
    def tags(self) -> Mapping[str, str]:
        """Each tag by its path."""
        return {tag_path(tag): tag for story in self.shown for tag in story.tags}

    @cached_property
    def people(self) -> Mapping[str, Person]:
        """Everybody in a byline by the path of their page."""
        return {author_path(person): person for story in self.shown for person in story.authors}

    def special(self, name: str) -> Story | None:
        """The first story with that special, or None."""
        return next((story for story in self.stories if story.special == name), None)

    def in_language(self, lang: str) -> tuple[Story, ...]:
        """The shown stories in one language."""
        return tuple(story for story in self.shown if story.lang == lang)

    def related_to(self, story: Story) -> tuple[Story, ...]:
        """The shown stories that its related box names."""
        return tuple(self.by_slug[slug] for slug in story.related if self.by_slug[slug] in self.shown)


def load_site(folder: Path = ARTICLES) -> Site:
    """Read every story file of a folder.

    Raises:
        DemoDataError: a file does not follow the format, or names a story that is not there.
    """
    stories = [_read_story(path) for path in sorted(folder.glob("*.toml"))]
    stories.sort(key=lambda story: (story.published, story.slug), reverse=True)
    known = {story.slug for story in stories}
    for story in stories:
        if missing := [slug for slug in story.related if slug not in known]:
            raise DemoDataError(f"{story.slug}.toml: related story {missing[0]!r} does not exist")
    return Site(tuple(stories))


def slugify(text: str) -> str:
    """The text in lower-case ASCII letters and digits with hyphens between: `Île d'Or` gives `ile-d-or`."""
    ascii_text = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o")).encode("ascii", "ignore").decode()
    words = "".join(char if char.isalnum() else " " for char in ascii_text.lower()).split()
    return "-".join(words)


def story_number(slug: str) -> int:
    """Six digits that belong to a slug for good."""
    return 100_000 + zlib.crc32(slug.encode()) % 900_000


def section_path(lang: str, section: str) -> str:
    """Path of a section's front page; other languages than English live under their own prefix."""
    prefix = "" if lang == "en" else f"/{lang}"
    return f"{prefix}/{slugify(section)}/"


def tag_path(tag: str) -> str:
    """Path of the page that lists a tag's stories."""
    return f"/tag/{slugify(tag)}/"


def author_path(person: Person) -> str:
    """Path of the page that lists a person's stories."""
    return f"/author/{slugify(person.name)}/"


def visible_sections(story: Story, page: int | None = None) -> tuple[Section, ...]:
    """The sections that a page prints.

    Args:
        story: any story.
        page: number of the page, from 1; None for all pages together. A story behind a paywall shows its teaser alone.
    """
    if story.special == "paywalled":
        first = story.sections[0]
        return (Section(first.heading, first.level, first.blocks[:2]),)
    if page is None or story.page_count == 1:
        return story.sections
    size = -(-len(story.sections) // story.page_count)
    return story.sections[(page - 1) * size : page * size]


def _read_story(path: Path) -> Story:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        story = _story_of(data)
    except (KeyError, TypeError, ValueError) as error:
        raise DemoDataError(f"{path.name}: {error!r}") from error
    _check(path, story)
    return story


def _story_of(data: Mapping[str, Any]) -> Story:
    people = [Person(name) for name in data.get("authors", ())]
    people += [Person(name, is_organisation=True) for name in data.get("organisations", ())]
    return Story(
        slug=data["slug"],
        layout=data["layout"],
        lang=data["lang"],
        section=data["section"],
        title=data["title"],
        dek=data.get("dek", ""),
        authors=tuple(people),
        published=data["published"],
        modified=data.get("modified"),
        tags=tuple(data.get("tags", ())),
        description=data.get("description", ""),
        special=data.get("special", ""),
        related=tuple(data.get("related", ())),
        sections=tuple(_section_of(section) for section in data["sections"]),
        comments=tuple(Comment(entry["name"], entry["text"]) for entry in data.get("comments", ())),
        bio=data.get("bio", {}).get("text", ""),
    )


def _section_of(data: Mapping[str, Any]) -> Section:
    return Section(data["heading"], data.get("level", 2), tuple(_block_of(block) for block in data["blocks"]))


def _block_of(data: Mapping[str, Any]) -> Block:
    kind = next(kind for kind in BLOCK_KINDS if kind in data)
    value = data[kind]
    if kind == "table":
        return Block(kind, tuple(" | ".join(row) for row in value), rows=tuple(tuple(row) for row in value))
    lines: Iterable[str] = value if isinstance(value, list) else [value]
    return Block(kind, tuple(lines), credit=data.get("credit", ""))


def _check(path: Path, story: Story) -> None:
    faults = {
        "slug differs from the file name": story.slug != path.stem,
        "unknown layout": story.layout not in LAYOUT_NAMES,
        "unknown language": story.lang not in LANGUAGES,
        "unknown special": bool(story.special) and story.special.partition(":")[0] not in SPECIALS,
        "published without a zone": story.published.tzinfo is None,
        "special that only the soup layout prints": story.special in SOUP_SPECIALS and story.layout != "soup",
        "no text": not any(section.blocks for section in story.sections),
    }
    for fault, found in faults.items():
        if found:
            raise DemoDataError(f"{path.name}: {fault}")
