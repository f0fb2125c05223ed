"""A page as the standard would have it: article, header, time, rel=author, figure; OpenGraph, no JSON-LD.

Its AMP and mobile twins print the same article with less around it.
"""

from __future__ import annotations

from html import escape

from crawler.demo.site import PAPER, section_path
from crawler.demo.view import View, absolute, author_links, link, sections_html, tag_links
from crawler.demo.words import joined_names, printed_date


def render(view: View) -> str:
    """The whole page."""
    amp = " amp" if view.variant == "amp" else ""
    around = _mobile_footer if view.variant else _desktop_rest
    return f"""<!DOCTYPE html>
<html{amp} lang="{view.story.lang}">
<head>
{_head(view)}
</head>
<body>
{_banner(view)}
<main>
{_article(view)}
</main>
{around(view)}
</body>
</html>
"""


def furniture(view: View) -> tuple[str, ...]:
    """Sentences of the page that belong to no body."""
    words = view.words
    teasers = [story.dek for story in view.related if story.dek]
    return (words.cookies, words.newsletter_text, words.legal, words.share, *teasers, *[s.title for s in view.most_read])


def _head(view: View) -> str:
    story = view.story
    title = escape(story.title)
    twins = f"""<link rel="amphtml" href="{view.url}/amp">
<link rel="alternate" media="only screen and (max-width: 640px)" href="{view.base_url}/mobile{story.path}">"""
    return f"""<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} | {PAPER}</title>
<link rel="canonical" href="{view.url}">
{"" if view.variant else twins}
<link rel="stylesheet" href="/style.css">
<link rel="alternate" type="application/rss+xml" title="{PAPER}" href="{view.base_url}/feeds/all.xml">
{_open_graph(view)}"""


def _open_graph(view: View) -> str:
    story = view.story
    properties = [
        ("og:type", "article"),
        ("og:site_name", PAPER),
        ("og:title", story.title),
        ("og:url", view.url),
        ("og:image", f"{view.base_url}/images/{story.slug}.png"),
        ("og:locale", {"en": "en_GB", "de": "de_DE", "fr": "fr_FR", "es": "es_ES"}[story.lang]),
        ("article:published_time", story.published.isoformat()),
        ("article:section", story.section),
        *[("article:tag", tag) for tag in story.tags],
    ]
    if view.description:
        properties.append(("og:description", view.description))
    if story.modified:
        properties.append(("article:modified_time", story.modified.isoformat()))
    return "\n".join(f'<meta property="{name}" content="{escape(content)}">' for name, content in properties)


def _banner(view: View) -> str:
    lang = view.story.lang
    paths = [(path, name) for path, (code, name) in view.site.sections.items() if code == lang]
    entries = "\n".join(f'<li><a href="{view.base_url}{path}">{escape(name)}</a></li>' for path, name in paths)
    return f"""<header class="site-header">
<a class="logo" href="{view.base_url}/">{PAPER}</a>
<nav aria-label="Sections"><ul>
{entries}
</ul></nav>
</header>
<div class="cookie-notice" role="dialog" aria-label="Cookies"><p>{escape(view.words.cookies)}</p><button>OK</button></div>"""


def _article(view: View) -> str:
    story = view.story
    standfirst = f'<p class="standfirst">{escape(story.dek)}</p>' if story.dek else ""
    kicker = f'<a class="kicker" href="{view.section_url}">{escape(story.section)}</a>'
    body = "\n".join(sections_html(view))
    tags = f'<ul class="tags">{"".join(f"<li>{tag}</li>" for tag in tag_links(view, " rel=tag"))}</ul>' if story.tags else ""
    return f"""<article lang="{story.lang}">
<header>
{kicker}
<h1>{escape(story.title)}</h1>
{standfirst}
{_byline(view)}
{_dateline(view)}
</header>
{body}
<footer>{tags}</footer>
</article>"""


def _byline(view: View) -> str:
    names = author_links(view, ' rel="author"')
    return f'<p class="byline">{view.words.by} {joined_names(names, view.story.lang)}</p>' if names else ""


def _dateline(view: View) -> str:
    story = view.story
    published = f'<time datetime="{story.published.isoformat()}">{printed_date(story.published, story.lang)}</time>'
    if not story.modified:
        return f'<p class="dateline">{published}</p>'
    modified = f'<time datetime="{story.modified.isoformat()}">{printed_date(story.modified, story.lang)}</time>'
    return f'<p class="dateline">{published} · {view.words.updated} {modified}</p>'


def _desktop_rest(view: View) -> str:
    words = view.words
    rail = "\n".join(f"<li>{link(view, story)}</li>" for story in view.most_read)
    return f"""<aside class="share" aria-label="{escape(words.share)}">
<h2>{escape(words.share)}</h2>
<a href="mailto:?body={view.url}">E-Mail</a> <a href="https://social.example.org/share?u={view.url}">Gannet</a>
</aside>
{_related(view)}
<aside class="most-read"><h2>{escape(words.most_read)}</h2><ol>
{rail}
</ol></aside>
<aside class="newsletter"><h2>{escape(words.newsletter)}</h2><p>{escape(words.newsletter_text)}</p>
<form action="{view.base_url}/newsletter" method="post"><input type="email" name="mail"><button>OK</button></form></aside>
{_footer(view)}"""


def _related(view: View) -> str:
    if not view.related:
        return ""
    cards = "\n".join(
        f'<li><a href="{absolute(view, story)}"><h3>{escape(story.title)}</h3></a><p>{escape(story.dek)}</p></li>'
        for story in view.related
    )
    return f'<section class="related"><h2>{escape(view.words.related)}</h2><ul>\n{cards}\n</ul></section>'


def _footer(view: View) -> str:
    home = section_path(view.story.lang, view.story.section)
    return f"""<footer class="site-footer">
<ul><li><a href="/about">About</a></li><li><a href="/contact">Contact</a></li><li><a href="/imprint">Imprint</a></li>
<li><a href="{home}">{escape(view.story.section)}</a></li><li><a href="/account/sign-in">Sign in</a></li></ul>
<p>© {view.now.year} {PAPER}. {escape(view.words.legal)}</p>
</footer>"""


def _mobile_footer(view: View) -> str:
    return f'<footer><p>© {view.now.year} {PAPER}. {escape(view.words.legal)} <a href="{view.url}">Desktop</a></p></footer>'
