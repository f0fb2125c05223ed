"""An old system grown for twenty years: JSON-LD says everything, while the markup is tables, font tags and paragraphs left open.

Between the paragraphs stand links to other stories, a newsletter box and an advertisement.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from crawler.demo.site import PAPER, Block, Section, author_path, visible_sections
from crawler.demo.view import View, absolute, block_html, link
from crawler.demo.words import joined_names, printed_date

_READ_ALSO_AFTER = 2
_NEWSLETTER_AFTER = 3
_ADVERT_AFTER = 4
"""After how many blocks of the body each box stands; a body that is shorter has none of it."""


def render(view: View) -> str:
    """The whole page."""
    story = view.story
    return f"""<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01 Transitional//EN" "http://www.w3.org/TR/html4/loose.dtd">
<html lang="{story.lang}"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>{escape(story.title)} - {escape(story.section)} - {PAPER}</title>
<link rel="canonical" href="{view.url}">{_page_links(view)}
{_description(view)}{_json_ld(view)}
<link rel="stylesheet" href="/style.css"></head>
<body bgcolor="#ffffff"><a name="top"></a>
{_banner(view)}
<table width="100%" cellpadding="4" class="layout"><tr>
<td width="15%" valign="top">{_menu(view)}</td>
<td width="60%" valign="top" id="content">
{_story(view)}
</td>
<td width="25%" valign="top">{_right(view)}</td>
</tr></table>
{_bottom(view)}
</body></html>
"""


def furniture(view: View) -> tuple[str, ...]:
    """Sentences of the page that belong to no body."""
    words, story = view.words, view.story
    pages = [visible_sections(story, page) for page in range(1, story.page_count + 1)]
    longest = max(sum(len(section.blocks) for section in page) for page in pages)
    boxes = [words.newsletter_text] if longest >= _NEWSLETTER_AFTER else []
    boxes += [words.advert_text] if longest >= _ADVERT_AFTER else []
    boxes += [words.paywall] if story.special == "paywalled" else []
    return (words.cookies, words.legal, *boxes, *[other.title for other in (*view.related, *view.most_read)])


def _page_links(view: View) -> str:
    story, links = view.story, []
    if view.page < story.page_count:
        links.append(f'<link rel="next" href="{view.url}?page={view.page + 1}">')
    if view.page > 1:
        links.append(f'<link rel="prev" href="{view.url}{f"?page={view.page - 1}" if view.page > 2 else ""}">')
    return "".join(links)


def _description(view: View) -> str:
    return f'<meta name="description" content="{escape(view.description)}">\n' if view.description else ""


def _json_ld(view: View) -> str:
    graph = {"@context": "https://schema.org", "@graph": [_article_item(view), *_people_items(view), _publisher_item(view)]}
    scripts = [graph]
    if view.related:
        entries = [
            {"@type": "NewsArticle", "headline": s.title, "url": absolute(view, s), "datePublished": s.published.isoformat()}
            for s in view.related
        ]
        scripts.append({"@context": "https://schema.org", "@type": "ItemList", "itemListElement": entries})
    return "\n".join(_script(item) for item in scripts)


def _script(item: Mapping[str, Any]) -> str:
    text = json.dumps(item, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'


def _article_item(view: View) -> dict[str, Any]:
    story = view.story
    item: dict[str, Any] = {
        "@type": "LiveBlogPosting" if story.special == "live" else "NewsArticle",
        "@id": f"{view.url}#article",
        "mainEntityOfPage": view.url,
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "articleSection": story.section,
        "inLanguage": story.lang,
        "publisher": {"@id": f"{view.base_url}/#publisher"},
    }
    optional = {
        "author": [{"@id": _person_id(view, number)} for number in range(len(story.authors))],
        "keywords": list(story.tags),
        "description": view.description,
        "dateModified": story.modified.isoformat() if story.modified else None,
        "liveBlogUpdate": _updates(view) if story.special == "live" else None,
    }
    item |= {key: value for key, value in optional.items() if value}
    if story.special == "paywalled":
        item["isAccessibleForFree"] = False
    return item


def _updates(view: View) -> list[dict[str, Any]]:
    return [
        {"@type": "BlogPosting", "headline": section.heading, "articleBody": "\n".join(b.lines[0] for b in section.blocks)}
        for section in view.sections
    ]


def _person_id(view: View, number: int) -> str:
    return f"{view.base_url}/#author-{number}"


def _people_items(view: View) -> list[dict[str, Any]]:
    return [
        {
            "@type": "Organization" if person.is_organisation else "Person",
            "@id": _person_id(view, number),
            "name": person.name,
            "url": view.base_url + author_path(person),
        }
        for number, person in enumerate(view.story.authors)
    ]


def _publisher_item(view: View) -> dict[str, Any]:
    logo = {"@type": "ImageObject", "url": f"{view.base_url}/images/logo.png"}
    return {"@type": "NewsMediaOrganization", "@id": f"{view.base_url}/#publisher", "name": PAPER, "logo": logo}


def _banner(view: View) -> str:
    return f"""<table width="100%"><tr><td><a href="/"><img src="/images/logo.png" alt="{PAPER}"></a></td>
<td align="right"><font size="1">{escape(view.words.cookies)}</font></td></tr></table>"""


def _menu(view: View) -> str:
    lang = view.story.lang
    paths = [(path, name) for path, (code, name) in view.site.sections.items() if code == lang]
    entries = "<br>".join(f'<a href="{path}"><font face="Arial" size="2">{escape(name)}</font></a>' for path, name in paths)
    return f"<div class=menu>{entries}</div>"


def _story(view: View) -> str:
    parts: list[str] = []
    blocks_before = 0
    for section in view.sections:
        if section.heading:
            parts.append(_heading(section))
        for block in section.blocks:
            parts.append(_block(view, block))
            blocks_before += 1
            parts += _interruptions(view, blocks_before)
    text = "\n".join(parts)
    return f"{_opening(view)}\n<div class=storytext>\n{text}\n</div>\n{_closing(view)}"


def _opening(view: View) -> str:
    story = view.story
    names = joined_names([escape(person.name) for person in story.authors], story.lang)
    byline = f"<font size=2><b>{view.words.by} {names}</b></font><br>" if names else ""
    dek = f"<p class=subtitle><font size=4>{escape(story.dek)}</font></p>" if story.dek and view.page == 1 else ""
    updated = f" | {view.words.updated} {printed_date(story.modified, story.lang)}" if story.modified else ""
    return f"""<font size="1"><a href="{view.section_url}">{escape(story.section)}</a></font>
<h1><font face="Georgia" color="#003344">{escape(story.title)}</font></h1>
{dek}
{byline}<font size=1>{printed_date(story.published, story.lang)}{updated}</font>"""


def _heading(section: Section) -> str:
    tag = f"h{section.level}"
    return f'<{tag}><font color="#003344">{escape(section.heading)}</font></{tag}>'


def _block(view: View, block: Block) -> str:
    if block.kind == "p":
        return f'<p><font face="Georgia" size="3">{escape(block.lines[0])}</font>'
    return block_html(view, block)


def _interruptions(view: View, blocks_before: int) -> list[str]:
    words, boxes = view.words, []
    if blocks_before == _READ_ALSO_AFTER and view.related and view.page == 1:
        boxes.append(f"<p><b>{escape(words.read_also)}: {link(view, view.related[0])}</b>")
    if blocks_before == _NEWSLETTER_AFTER:
        boxes.append(f"""<div class="newsletter-box"><b>{escape(words.newsletter)}</b><p>{escape(words.newsletter_text)}</p>
<form action="/newsletter"><input name=mail></form></div>""")
    if blocks_before == _ADVERT_AFTER:
        boxes.append(f"""<table class="ad" border=1><tr><td><font size=1>{escape(words.advertisement)}</font></td></tr>
<tr><td>{escape(words.advert_text)}</td></tr></table>""")
    return boxes


def _closing(view: View) -> str:
    story, parts = view.story, []
    if story.special == "paywalled":
        sign_in = f'<a href="/account/sign-in">{escape(view.words.next_page)}</a>'
        parts.append(f'<div class="paywall-prompt"><p>{escape(view.words.paywall)}</p>{sign_in}</div>')
    if story.page_count > 1:
        parts.append(_pager(view))
    return "\n".join(parts)


def _pager(view: View) -> str:
    entries = []
    for number in range(1, view.story.page_count + 1):
        address = view.url if number == 1 else f"{view.url}?page={number}"
        entries.append(f"<b>{number}</b>" if number == view.page else f'<a href="{address}">{number}</a>')
    if view.page < view.story.page_count:
        entries.append(f'<a class="next" href="{view.url}?page={view.page + 1}">{escape(view.words.next_page)}</a>')
    return f'<div class="pagination">{" ".join(entries)}</div>'


def _right(view: View) -> str:
    rows = "".join(f"<tr><td><font size=2>{link(view, story)}</font></td></tr>" for story in view.most_read)
    related = "".join(f"<tr><td>{link(view, story)}</td></tr>" for story in view.related)
    box = f"<table class=related><tr><th>{escape(view.words.related)}</th></tr>{related}</table>" if related else ""
    return f"{box}<table class=toplist><tr><th>{escape(view.words.most_read)}</th></tr>{rows}</table>"


def _bottom(view: View) -> str:
    return f"""<hr><center><font size="1"><a href="#top">Top</a> | <a href="/about">About</a> | <a href="/imprint">Imprint</a> |
<a href="/contact">Contact</a><br>&copy; 2003-{view.now.year} {PAPER}. {escape(view.words.legal)}</font></center>"""
