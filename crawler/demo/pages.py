"""The pages of the newspaper that are no articles: fronts, lists, and what else a site collects over the years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from crawler.demo.feeds import ATOM_PATH, JSON_PATH, RSS_PATH
from crawler.demo.site import LANGUAGES, PAPER, Site, Story
from crawler.demo.words import WORDS

FRONT_LENGTH = 15
LIST_LENGTH = 6
"""So many stories stand on the front page and on one page of a list."""

DRAFT_PATH = "/drafts/unfinished-report-on-the-budget"
MISSING_PATH = "/harbour/story-that-nobody-ever-wrote"
BROKEN_PATH = "/harbour/report-that-always-breaks-the-press"
SOFT_404_PATH = "/harbour/page-swept-away-by-the-tide"
PDF_PATH = "/files/ferry-timetable-2026.pdf"
PICTURE_PATH = "/images/harbour-at-low-water.png"
SIGN_IN_PATH = "/account/sign-in"
SEARCH_PATH = "/search"
FOREIGN_URL = "https://gannet-review.example.org/2026/10/what-the-islands-read"

_VARIANTS = ("{}?utm_source=front&utm_medium=rail", "{}/amp", "/mobile{}", "{}/")
"""Other ways to write a story's address, beside capitals and `index.html`."""

INFORMATION = {
    "/about": (
        "About us",
        (
            "The Tern Sound Courier has been printed in Port Ansel since 1987. Eleven people write, set and carry it. We belong "
            "to our readers, who own the paper as a cooperative, and we publish our accounts every spring."
        ),
    ),
    "/contact": ("Contact", "Write to us at 3 Quay Street, Port Ansel, or ring 555 0142 before the evening ferry."),
    "/imprint": ("Imprint", "Published by the Courier Cooperative, 3 Quay Street, Port Ansel. Printed on the premises."),
    "/privacy": ("Privacy", "We keep no more than we must, for no longer than we need, and we sell none of it to anybody."),
}


@dataclass(frozen=True, slots=True)
class Listing:
    """A page that lists stories."""

    path: str
    title: str
    lang: str
    stories: tuple[Story, ...]
    pages_by_path: bool = False
    """Whether further pages are `page/2/` rather than `?page=2`."""

    @property
    def page_count(self) -> int:
        """On how many pages the list goes, at least 1."""
        return max(1, -(-len(self.stories) // LIST_LENGTH))

    def page_path(self, page: int) -> str:
        """Address of one page of the list."""
        if page == 1:
            return self.path
        return f"{self.path}page/{page}/" if self.pages_by_path else f"{self.path}?page={page}"


def listings(site: Site) -> dict[str, Listing]:
    """Every list of the site by its path: sections, tags, authors, the creators' platform and the blog."""
    lists = [
        Listing(path, name, lang, tuple(story for story in site.in_language(lang) if story.section == name))
        for path, (lang, name) in site.sections.items()
    ]
    lists += [Listing(path, tag, "en", tuple(s for s in site.shown if tag in s.tags)) for path, tag in site.tags.items()]
    lists += [Listing(path, p.name, "en", tuple(s for s in site.shown if p in s.authors)) for path, p in site.people.items()]
    lists.append(Listing("/stories/", "Tidewrack stories", "en", _in_layout(site, "creator")))
    lists.append(Listing("/blog/", "The Pier Blog", "en", _in_layout(site, "blog"), pages_by_path=True))
    return {listing.path: listing for listing in lists}


def front_page(site: Site, base_url: str, now: datetime, lang: str) -> str:
    """The front page of the paper, or of one of its language editions."""
    stories = site.in_language(lang)[:FRONT_LENGTH]
    parts = [_teaser(story, base_url) for story in stories]
    if lang == "en":
        parts.append(_oddments(site, base_url, now))
    return shell(site, base_url, now, lang, f"{PAPER}", f"<h1>{PAPER}</h1>\n" + "\n".join(parts))


def list_page(site: Site, base_url: str, now: datetime, listing: Listing, page: int) -> str:
    """One page of a list, with links to the pages before and after it."""
    stories = listing.stories[(page - 1) * LIST_LENGTH : page * LIST_LENGTH]
    parts = [f"<h1>{escape(listing.title)}</h1>", *[_teaser(story, base_url) for story in stories]]
    pager = []
    if page > 1:
        pager.append(f'<a rel="prev" href="{base_url}{listing.page_path(page - 1)}">Newer</a>')
    if page < listing.page_count:
        pager.append(f'<a rel="next" href="{base_url}{listing.page_path(page + 1)}">Older</a>')
    parts.append(f'<div class="pagination">{" ".join(pager)}</div>')
    return shell(site, base_url, now, listing.lang, f"{listing.title} | {PAPER}", "\n".join(parts))


def information_page(site: Site, base_url: str, now: datetime, path: str) -> str:
    """One of the pages about the paper itself."""
    title, text = INFORMATION[path]
    return shell(site, base_url, now, "en", f"{title} | {PAPER}", f"<h1>{title}</h1>\n<p>{text}</p>")


def message_page(site: Site, base_url: str, now: datetime, title: str, text: str) -> str:
    """A page that only says that something is not there or went wrong."""
    return shell(site, base_url, now, "en", title, f"<h1>{title}</h1>\n<p>{text}</p>\n<p><a href='/'>Front page</a></p>")


def sign_in_page(site: Site, base_url: str, now: datetime) -> str:
    """A page with nothing but a form."""
    form = """<h1>Sign in</h1><form method="post" action="/account/sign-in"><label>Mail <input type="email" name="mail"></label>
<label>Password <input type="password" name="password"></label><button>Sign in</button></form><p>Forgotten your password?</p>"""
    return shell(site, base_url, now, "en", f"Sign in | {PAPER}", form)


def search_page(site: Site, base_url: str, now: datetime, query: str) -> str:
    """The stories whose title holds the words asked for."""
    found = [story for story in site.shown if query.lower() in story.title.lower()]
    parts = [f"<h1>Search: {escape(query)}</h1>", *[_teaser(story, base_url) for story in found]]
    return shell(site, base_url, now, "en", f"Search | {PAPER}", "\n".join(parts))


def calendar_page(site: Site, base_url: str, now: datetime, year: int, month: int) -> str:
    """A month of the calendar; the months after it never end."""
    later = (year + 1, 1) if month == 12 else (year, month + 1)
    earlier = (year - 1, 12) if month == 1 else (year, month - 1)
    links = "\n".join(
        f'<a href="{base_url}{calendar_path(*when)}">{text}</a>'
        for when, text in ((earlier, "Earlier events around the sound"), (later, "Coming events around the sound"))
    )
    heading = f"<h1>Events in {WORDS['en'].months[month - 1]} {year}</h1>"
    text = f"{heading}\n<p>Nothing has been announced for this month yet.</p>\n{links}"
    return shell(site, base_url, now, "en", f"Events | {PAPER}", text)


def calendar_path(year: int, month: int) -> str:
    """Address of one month of the calendar."""
    return f"/events/{year}/{month:02}/"


def odd_links(site: Site, now: datetime) -> dict[str, str]:
    """What the front page links to besides stories, sections and information, with the text of each link."""
    links = {
        DRAFT_PATH: "Unfinished: our report on next year's budget",
        MISSING_PATH: "The story that nobody ever wrote, and why we announced it",
        BROKEN_PATH: "The report that breaks the press each time we print it",
        SOFT_404_PATH: "A page from the archive, swept away by the tide",
        PDF_PATH: "Ferry timetable 2026 (PDF)",
        PICTURE_PATH: "Picture of the day: the harbour at low water",
        SIGN_IN_PATH: "Sign in",
        f"{SEARCH_PATH}?q=ferry": "All about the ferry",
        calendar_path(now.year, now.month): "Coming events around the sound",
        FOREIGN_URL: "Elsewhere: what the islands read",
    }
    return links | {path: story.title for path, story in variant_links(site).items()}


def variant_links(site: Site) -> dict[str, Story]:
    """Addresses other than the canonical one under which the front page links to stories."""
    plain = [story for story in site.in_language("en") if not story.special and story.is_declared]
    semantic = [story for story in plain if story.layout == "semantic"]
    blog = [story for story in plain if story.layout == "blog"]
    links = {pattern.format(story.path): story for pattern, story in zip(_VARIANTS, semantic, strict=False)}
    links |= {f"{story.path}index.html": story for story in blog[-1:]}
    return links | {f"/{story.path[1:].title()}": story for story in semantic[len(_VARIANTS) :][:1]}


def shell(site: Site, base_url: str, now: datetime, lang: str, title: str, main: str) -> str:
    """The frame around every page of this file."""
    entries = [f'<a href="{base_url}{path}">{escape(name)}</a>' for path, (code, name) in site.sections.items() if code == lang]
    editions = [f'<a href="{base_url}{edition_path(code)}">{code}</a>' for code in LANGUAGES]
    information = [f'<a href="{path}">{text}</a>' for path, (text, _) in INFORMATION.items()]
    return f"""<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{escape(title)}</title>
<link rel="alternate" type="application/rss+xml" title="All stories" href="{RSS_PATH}">
<link rel="alternate" type="application/atom+xml" title="One section" href="{ATOM_PATH}">
<link rel="alternate" type="application/feed+json" title="Blog" href="{JSON_PATH}">
<link rel="stylesheet" href="/style.css"></head>
<body>
<header><a class="logo" href="{base_url}/">{PAPER}</a>
<nav>{" ".join(entries)} <a href="/stories/">Tidewrack</a> <a href="/blog/">Blog</a></nav></header>
<main>
{main}
</main>
<footer><nav>{" ".join(editions)} {" ".join(information)}</nav><p>© {now.year} {PAPER}. {WORDS[lang].legal}</p></footer>
</body></html>
"""


def edition_path(lang: str) -> str:
    """Path of the front page in a language."""
    return "/" if lang == "en" else f"/{lang}/"


def _in_layout(site: Site, layout: str) -> tuple[Story, ...]:
    return tuple(story for story in site.shown if story.layout == layout)


def _teaser(story: Story, base_url: str) -> str:
    return f"""<div class="teaser"><h2><a href="{base_url}{story.listed_path}">{escape(story.title)}</a></h2>
<p>{escape(story.dek)}</p></div>"""


def _oddments(site: Site, base_url: str, now: datetime) -> str:
    entries: Sequence[str] = [
        f'<li><a href="{escape(path if path.startswith("https:") else base_url + path)}">{escape(text)}</a></li>'
        for path, text in odd_links(site, now).items()
    ]
    return "<section><h2>Also today</h2><ul>\n" + "\n".join(entries) + "\n</ul></section>"
