"""What a reader should make of every address of the newspaper: the fields that its page shows, and no more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from archive.visit import Outcome
from crawler.demo import feeds, pages, sitemaps
from crawler.demo.layouts import LAYOUTS
from crawler.demo.site import LANGUAGES, PAPER, Block, Person, Site, visible_sections
from crawler.demo.view import View, visit_note
from crawler.demo.words import joined_names, months_between
from pipelines.article import Precision
from pipelines.page.page import Kind

_HONORIFICS = ("Dr", "Dr.", "Prof.", "Professor")
_SHORTEST_FURNITURE = 12
"""Characters; anything shorter might stand in a body by chance."""

_KINDS = {
    "p": Kind.PARAGRAPH,
    "quote": Kind.QUOTE,
    "ul": Kind.LIST_ITEM,
    "ol": Kind.LIST_ITEM,
    "table": Kind.TABLE_ROW,
    "code": Kind.CODE,
    "caption": Kind.CAPTION,
}


@dataclass(frozen=True, slots=True)
class ExpectedBlock:
    """A block of a body."""

    kind: Kind
    text: str
    """Cells of a table's row are joined by ` | `; a caption ends with its credit."""
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class ExpectedSection:
    """A heading with its blocks."""

    heading: str | None
    level: int | None
    """0 without a heading; None where the heading is no heading element, so that no level is promised."""
    blocks: tuple[ExpectedBlock, ...]


@dataclass(frozen=True, slots=True)
class ExpectedAuthor:
    """Somebody in the byline."""

    name: str
    """Without titles."""
    kind: str
    """`person` or `organisation`."""


@dataclass(frozen=True, slots=True)
class ExpectedArticle:
    """An article as its page lets a reader know it."""

    slug: str
    layout: str
    url: str
    """Canonical address."""
    title: str
    dek: str | None
    byline: str | None
    """As printed, lead word included."""
    authors: tuple[ExpectedAuthor, ...]
    published: str
    """ISO 8601 at its precision; without an offset where the page names no zone."""
    precision: Precision
    modified: str | None
    lang: str
    section: str | None
    tags: tuple[str, ...]
    description: str | None
    """Declared summary, where it is more than the dek."""
    paywalled: bool | None
    sections: tuple[ExpectedSection, ...]
    forbidden: tuple[str, ...]
    """Sentences of the page that must not be in the body."""

    @property
    def text(self) -> str:
        """The body: headings and blocks separated by blank lines."""
        parts: list[str] = []
        for section in self.sections:
            parts += [section.heading] if section.heading else []
            parts += [block.text for block in section.blocks]
        return "\n\n".join(parts)


def truth(site: Site, base_url: str, fetched: datetime, *, visit: int = 1) -> dict[str, ExpectedArticle]:
    """Say what every article should be read as.

    Args:
        site: the stories served.
        base_url: where they are served, without a slash at the end.
        fetched: when they were fetched, aware; relative dates resolve against it.
        visit: how often the changing page had been asked for when it was read.

    Returns:
        An article for each canonical address; the deleted story has none.
    """
    views = [View(site, story, base_url, fetched, visit=visit) for story in site.shown]
    return {view.url: _expected(view) for view in views}


def expected_outcomes(site: Site, base_url: str, now: datetime) -> dict[str, frozenset[Outcome]]:
    """Give the outcomes that are right for each address that is no article's own; an address need not be fetched at all."""
    listed, refused = frozenset({Outcome.LISTED, Outcome.NOT_AN_ARTICLE}), frozenset({Outcome.NOT_AN_ARTICLE})
    paths: dict[str, frozenset[Outcome]] = dict.fromkeys(map(pages.edition_path, LANGUAGES), listed)
    for listing in pages.listings(site).values():
        paths |= dict.fromkeys((listing.page_path(page) for page in range(1, listing.page_count + 1)), listed)
    machine = (feeds.RSS_PATH, feeds.ATOM_PATH, feeds.JSON_PATH, sitemaps.INDEX_PATH, sitemaps.NEWS_PATH)
    paths |= dict.fromkeys((*machine, *sitemaps.monthly_paths(site)), frozenset({Outcome.LISTED}))
    paths |= dict.fromkeys((*pages.INFORMATION, pages.SIGN_IN_PATH, pages.calendar_path(now.year, now.month)), listed)
    elsewhere = frozenset({Outcome.OUT_OF_SCOPE, Outcome.NOT_AN_ARTICLE})
    paths |= {
        pages.SOFT_404_PATH: refused,
        pages.MISSING_PATH: frozenset({Outcome.GONE}),
        pages.BROKEN_PATH: frozenset({Outcome.FAILED}),
        pages.DRAFT_PATH: frozenset({Outcome.ROBOTS}),
        f"{pages.SEARCH_PATH}?q=ferry": frozenset({Outcome.ROBOTS}),
        pages.PDF_PATH: elsewhere,
        pages.PICTURE_PATH: elsewhere,
    }
    paths |= {story.path: frozenset({Outcome.GONE}) for story in site.stories if story.special == "deleted"}
    same = frozenset({Outcome.STORED, Outcome.UNCHANGED})
    paths |= dict.fromkeys(pages.variant_links(site), same)
    paths |= {story.listed_path: same for story in site.shown if story.listed_path != story.path}
    return {base_url + path: outcomes for path, outcomes in paths.items()} | {pages.FOREIGN_URL: elsewhere}


def never_asked(path: str) -> bool:
    """Whether robots.txt forbids a path, so that it must not be in the server's log."""
    return path.startswith(("/drafts/", pages.SEARCH_PATH))


def _expected(view: View) -> ExpectedArticle:
    story, layout = view.story, LAYOUTS[view.story.layout]
    published, precision = _published(view, layout.date)
    sections = _sections(view)
    names = joined_names([person.name for person in story.authors], story.lang)
    declared = story.description if layout.declares_description else ""
    article = ExpectedArticle(
        slug=story.slug,
        layout=story.layout,
        url=view.url,
        title=story.title,
        dek=story.dek or None,
        byline=f"{view.words.by} {names}" if names else None,
        authors=tuple(_author(person) for person in story.authors),
        published=published,
        precision=precision,
        modified=_in_zone(story.modified, layout.date) if story.modified and layout.shows_modified else None,
        lang=story.lang,
        section=story.section if layout.shows_section else None,
        tags=story.tags[: layout.tag_count],
        description=declared if declared and declared != story.dek else None,
        paywalled=True if story.special == "paywalled" else None,
        sections=sections,
        forbidden=(),
    )
    return _with_forbidden(article, layout.furniture(view))


def _with_forbidden(article: ExpectedArticle, furniture: tuple[str, ...]) -> ExpectedArticle:
    text = article.text
    return replace(article, forbidden=tuple(s for s in (*furniture, PAPER) if len(s) >= _SHORTEST_FURNITURE and s not in text))


def _published(view: View, date: str) -> tuple[str, Precision]:
    story = view.story
    if date != "month":
        return _in_zone(story.published, date), Precision.MINUTE
    months = view.now.year * 12 + view.now.month - 1 - months_between(story.published, view.now)
    return f"{months // 12}-{months % 12 + 1:02}", Precision.MONTH


def _in_zone(moment: datetime, date: str) -> str:
    return moment.isoformat() if date == "zoned" else moment.replace(tzinfo=None).isoformat()


def _author(person: Person) -> ExpectedAuthor:
    words = person.name.split()
    while words[0] in _HONORIFICS:
        del words[0]
    return ExpectedAuthor(" ".join(words), "organisation" if person.is_organisation else "person")


def _sections(view: View) -> tuple[ExpectedSection, ...]:
    story, has_elements = view.story, LAYOUTS[view.story.layout].has_heading_elements(view.story)
    sections = []
    for number, section in enumerate(visible_sections(story)):
        blocks = [entry for block in section.blocks for entry in _blocks(block)]
        if number == 0 and (note := visit_note(view)):
            blocks.append(ExpectedBlock(Kind.PARAGRAPH, note))
        level = (section.level if has_elements else None) if section.heading else 0
        sections.append(ExpectedSection(section.heading or None, level, tuple(blocks)))
    return tuple(sections)


def _blocks(block: Block) -> list[ExpectedBlock]:
    kind = _KINDS[block.kind]
    if kind is Kind.CODE:
        return [ExpectedBlock(kind, block.lines[0].strip("\n"))]
    credit = f" {block.credit}" if block.credit else ""
    return [ExpectedBlock(kind, " ".join(f"{line}{credit}".split()), block.kind == "ol") for line in block.lines]
