"""Div soup out of a build tool: class names are hashes, nothing is declared, the date is only printed."""

from __future__ import annotations

import zlib
from html import escape

from crawler.demo.site import PAPER
from crawler.demo.view import View, link, sections_html, tag_links
from crawler.demo.words import joined_names, printed_date

_FIRST_YEAR = 1987
"""The paper was founded then; its legal line says so, on every page."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def hashed_class(name: str) -> str:
    """A class attribute as build tools make them, the same for the same name: ` class="css-1x9ab3"`."""
    number, letters = zlib.crc32(name.encode()), ""
    while number:
        number, digit = divmod(number, len(_DIGITS))
        letters = _DIGITS[digit] + letters
    return f' class="css-{letters}"'


def render(view: View) -> str:
    """The whole page."""
    return f"""<!DOCTYPE html><html lang="{view.story.lang}"><head><meta charset="utf-8">
<title>{escape(view.story.title)} - {PAPER}</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css"></head>
<body><div id="root"><div{hashed_class("frame")}>
{_top(view)}
<div{hashed_class("columns")}><div{hashed_class("main")}>
{_opening(view)}
<div{hashed_class("text")}>
{"".join(f"{part}{chr(10)}" for part in sections_html(view, hashed_class))}</div>
{_closing(view)}
</div>{_rail(view)}</div>
{_bottom(view)}
</div></div></body></html>
"""


def furniture(view: View) -> tuple[str, ...]:
    """Sentences of the page that belong to no body."""
    words = view.words
    return (
        *(words.cookies, words.newsletter_text, words.comment_prompt, words.legal, words.share),
        *[story.title for story in (*view.related, *view.most_read)],
    )


def _top(view: View) -> str:
    lang = view.story.lang
    paths = [(path, name) for path, (code, name) in view.site.sections.items() if code == lang]
    entries = "".join(f'<a{hashed_class("entry")} href="{path}">{escape(name)}</a>' for path, name in paths)
    return f"""<div{hashed_class("consent")}><div{hashed_class("box")}>{escape(view.words.cookies)}</div><button>OK</button></div>
<div{hashed_class("top")}><a{hashed_class("logo")} href="/">{PAPER}</a><div{hashed_class("menu")}>{entries}</div></div>"""


def _opening(view: View) -> str:
    story, words = view.story, view.words
    names = joined_names([escape(person.name) for person in story.authors], story.lang)
    byline = f"<div{hashed_class('who')}>{words.by} {names}</div>" if names else ""
    dek = f"<div{hashed_class('dek')}>{escape(story.dek)}</div>" if story.dek else ""
    modified = ""
    if story.modified:
        modified = f"<div{hashed_class('when-again')}>{words.updated} {printed_date(story.modified, story.lang)}</div>"
    return f"""<nav aria-label="Breadcrumb"{hashed_class("trail")}><ol><li><a href="/">{escape(words.home)}</a></li>
<li><a href="{view.section_url}">{escape(story.section)}</a></li></ol></nav>
<h1{hashed_class("head")}>{escape(story.title)}</h1>
{dek}
{byline}
<div{hashed_class("when")}>{printed_date(story.published, story.lang)}</div>
{modified}"""


def _closing(view: View) -> str:
    words = view.words
    tags = "".join(f"<li{hashed_class('chip')}>{tag}</li>" for tag in tag_links(view))
    topics = f"<div{hashed_class('chips')}><span>{escape(words.topics)}</span><ul>{tags}</ul></div>" if tags else ""
    return f"""{topics}
<div{hashed_class("spread")}><span>{escape(words.share)}</span><a href="mailto:?body={view.url}">E-Mail</a></div>
<div{hashed_class("talk")}><h2>{escape(words.comments)}</h2><div>{escape(words.comment_prompt)}</div>
<a href="/account/sign-in">OK</a></div>"""


def _rail(view: View) -> str:
    words = view.words
    related = "".join(f"<div{hashed_class('card')}>{link(view, story)}</div>" for story in view.related)
    most_read = "".join(f"<div{hashed_class('card')}>{link(view, story)}</div>" for story in view.most_read)
    return f"""<div{hashed_class("rail")}>
{f"<h3>{escape(words.related)}</h3>{related}" if related else ""}
<h3>{escape(words.most_read)}</h3>{most_read}
<div{hashed_class("letter")}><h3>{escape(words.newsletter)}</h3><div>{escape(words.newsletter_text)}</div></div>
</div>"""


def _bottom(view: View) -> str:
    return f"""<div{hashed_class("bottom")}><a href="/about">About</a><a href="/imprint">Imprint</a><a href="/contact">Contact</a>
<div>© {_FIRST_YEAR} {PAPER}. {escape(view.words.legal)}</div></div>"""
