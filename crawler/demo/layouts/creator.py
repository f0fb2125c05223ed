"""A platform where anybody publishes: title, dek, one line of byline with a relative date, sections between rules, a tag, a bio.

Class names are hashes and nothing is declared. Half of the stories have heading elements, the others bold paragraphs.
"""

from __future__ import annotations

from html import escape

from crawler.demo.layouts.hashed import hashed_class
from crawler.demo.site import Section, Story, story_number
from crawler.demo.view import View, block_html, heading_html, tag_links, visit_note
from crawler.demo.words import joined_names, printed_age

PLATFORM = "Tidewrack"
_INSIGHTS = "Be the first to share your insights about this piece."
_NO_COMMENTS = "There are no comments for this story"
_RESPOND = "Be the first to respond and start the conversation."
_SIGN_IN = "Sign in to comment"
_SOCIAL = "Find us on social media"
_LEGAL = "Tidewrack, a platform of the Tern Sound Courier. All Rights Reserved."


def has_heading_elements(story: Story) -> bool:
    """Whether the writer used the editor's headings; the others made their headings bold."""
    return story_number(story.slug) % 2 == 0


def render(view: View) -> str:
    """The whole page."""
    story = view.story
    body = f"\n<hr{hashed_class('rule')}>\n".join(_section(view, number, s) for number, s in enumerate(view.sections))
    return f"""<!DOCTYPE html>
<html lang="{story.lang}"><head><meta charset="utf-8"><title>{escape(story.title)} | {PLATFORM}</title>
<link rel="canonical" href="{view.url}"><link rel="stylesheet" href="/style.css"></head>
<body><div{hashed_class("app")}>
<div{hashed_class("app-top")}><a href="{view.base_url}/stories/"><img src="/images/logo.png" alt="{PLATFORM} logo"></a>
<a href="/account/sign-in">Sign in</a></div>
<div{hashed_class("post")}>
{_opening(view)}
<div{hashed_class("post-text")}>
{body}
<hr{hashed_class("rule")}>
</div>
{_tag(view)}
</div>
{_after(view)}
</div></body></html>
"""


def furniture(view: View) -> tuple[str, ...]:
    """Sentences of the page that belong to no body."""
    fixed = ("About the Creator", _INSIGHTS, _NO_COMMENTS, _RESPOND, _SIGN_IN, _SOCIAL, "Miscellaneous links", _LEGAL)
    return (*fixed, *([view.story.bio] if view.story.bio else []))


def _opening(view: View) -> str:
    story = view.story
    names = joined_names([escape(person.name) for person in story.authors], story.lang)
    byline = f"<span>By </span><span{hashed_class('writer')}>{names}</span> " if names else ""
    dek = f"<h2{hashed_class('post-dek')}>{escape(story.dek)}</h2>" if story.dek else ""
    return f"""<h1{hashed_class("post-head")}>{escape(story.title)}</h1>
{dek}
<div{hashed_class("post-line")}>{byline}<span>Published {printed_age(story.published, view.now)}</span>
<span>{view.minutes} min read</span></div>"""


def _section(view: View, number: int, section: Section) -> str:
    parts = [_heading(view, section)] if section.heading else []
    parts += [block_html(view, block, hashed_class) for block in section.blocks]
    if number == 0 and (note := visit_note(view)):
        parts.append(f"<p>{escape(note)}</p>")
    return "\n".join(parts)


def _heading(view: View, section: Section) -> str:
    if has_heading_elements(view.story):
        return heading_html(section, hashed_class)
    return f"<p{hashed_class('p')}><strong>{escape(section.heading)}</strong></p>"


def _tag(view: View) -> str:
    links = tag_links(view)[:1]
    return f"<div{hashed_class('post-tag')}>{links[0]}</div>" if links else ""


def _after(view: View) -> str:
    story = view.story
    bio = f"<p>{escape(story.bio)}</p>" if story.bio else ""
    names = joined_names([escape(person.name) for person in story.authors], story.lang)
    about = f"<div{hashed_class('maker')}><h2>About the Creator</h2><h3>{names}</h3>{bio}</div>" if names else ""
    return f"""{about}
<div{hashed_class("insight")}><h2>Reader insights</h2><p>{_INSIGHTS}</p><p>How does it work?</p>
<button>Add your insights</button></div>
<div{hashed_class("talk")}><h2>Comments</h2><p>{_NO_COMMENTS}</p><p>{_RESPOND}</p><a href="/account/sign-in">{_SIGN_IN}</a></div>
<div{hashed_class("app-bottom")}><h4>{_SOCIAL}</h4><h4>Miscellaneous links</h4>
<ul><li><a href="/stories/">Explore</a></li><li><a href="/contact">Contact</a></li><li><a href="/privacy">Privacy Policy</a></li>
<li><a href="/about">Support</a></li></ul><p>© {view.now.year} {_LEGAL}</p></div>"""
