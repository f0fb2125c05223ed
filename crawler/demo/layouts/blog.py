"""A blog as the most common system prints it: entry-content, vcard, comments and reply form, bio box, related posts, widgets."""

from __future__ import annotations

from html import escape

from crawler.demo.site import PAPER, Story
from crawler.demo.view import View, author_links, link, sections_html, tag_links
from crawler.demo.words import joined_names, printed_date

BLOG = "The Pier Blog"
_WIDGET_TEXT = "The Pier Blog is written by people who live here and would rather be outside."


def render(view: View) -> str:
    """The whole page."""
    story = view.story
    return f"""<!DOCTYPE html>
<html lang="{story.lang}">
<head>
<meta charset="UTF-8">
<title>{escape(story.title)} &#8211; {BLOG}</title>
<link rel="canonical" href="{view.url}">
<link rel="alternate" type="application/feed+json" title="{BLOG}" href="{view.base_url}/blog/feed.json">
<link rel="stylesheet" href="/style.css">
{_meta(view)}
</head>
<body class="post-template-default single single-post">
<div id="page" class="site">
{_masthead()}
<div id="content" class="site-content"><div id="primary" class="content-area"><main id="main" class="site-main">
{_post(view)}
{_comments(view)}
</main></div>
{_sidebar(view)}
</div>
{_colophon(view)}
</div>
</body>
</html>
"""


def furniture(view: View) -> tuple[str, ...]:
    """Sentences of the page that belong to no body."""
    words, story = view.words, view.story
    titles = [other.title for other in (*view.related, *_recent(view))]
    fixed = (words.newsletter_text, words.cookies, words.legal, words.share, words.leave_reply, _WIDGET_TEXT)
    return (*fixed, *titles, *[comment.text for comment in story.comments], *([story.bio] if story.bio else []))


def _meta(view: View) -> str:
    story = view.story
    properties = [("og:type", "article"), ("og:title", story.title), ("og:url", view.url), ("og:site_name", BLOG)]
    if view.description:
        properties.append(("og:description", view.description))
    properties.append(("article:published_time", story.published.isoformat()))
    if story.modified:
        properties.append(("article:modified_time", story.modified.isoformat()))
    lines = [f'<meta property="{name}" content="{escape(content)}">' for name, content in properties]
    return "\n".join([*lines, '<meta name="generator" content="TidePress 6.4">'])


def _masthead() -> str:
    return f"""<header id="masthead" class="site-header"><p class="site-title"><a href="/blog/" rel="home">{BLOG}</a></p>
<p class="site-description">Notes from the end of the pier</p>
<nav id="site-navigation" class="main-navigation"><ul><li><a href="/">{PAPER}</a></li><li><a href="/blog/">Blog</a></li>
<li><a href="/about">About</a></li></ul></nav></header>"""


def _post(view: View) -> str:
    story = view.story
    subtitle = f'<p class="entry-subtitle">{escape(story.dek)}</p>' if story.dek else ""
    body = "\n\n".join(sections_html(view))
    return f"""<article id="post-1" class="post type-post status-publish hentry">
<header class="entry-header">
<h1 class="entry-title">{escape(story.title)}</h1>
{subtitle}
<div class="entry-meta">{_posted_on(view)}{_byline(view)}</div>
</header>
<div class="entry-content">
{body}
{_sharing(view)}
</div>
{_entry_footer(view)}
{_author_box(view)}
</article>"""


def _posted_on(view: View) -> str:
    story = view.story
    classes = "entry-date published" + ("" if story.modified else " updated")
    date = printed_date(story.published, story.lang)
    times = f'<time class="{classes}" datetime="{story.published.isoformat()}">{date}</time>'
    if story.modified:
        again = printed_date(story.modified, story.lang)
        times += f' <span class="updated-on">{view.words.updated} '
        times += f'<time class="updated" datetime="{story.modified.isoformat()}">{again}</time></span>'
    return f'<span class="posted-on">{times}</span>'


def _byline(view: View) -> str:
    links = author_links(view, ' class="url fn n"')
    if not links:
        return ""
    cards = [f'<span class="author vcard">{entry}</span>' for entry in links]
    return f' <span class="byline">{view.words.by} {joined_names(cards, view.story.lang)}</span>'


def _sharing(view: View) -> str:
    return f"""<div class="sharedaddy sd-sharing-enabled"><h3 class="sd-title">{escape(view.words.share)}</h3>
<ul><li><a href="mailto:?body={view.url}">Email</a></li>
<li><a href="https://social.example.org/?u={view.url}">Gannet</a></li></ul></div>
{_related(view)}"""


def _related(view: View) -> str:
    if not view.related:
        return ""
    entries = "".join(f"<li>{link(view, story)}</li>" for story in view.related)
    return f'<div id="jp-relatedposts" class="jp-relatedposts"><h3>{escape(view.words.related)}</h3><ul>{entries}</ul></div>'


def _entry_footer(view: View) -> str:
    category = f'<a href="{view.section_url}" rel="category tag">{escape(view.story.section)}</a>'
    tags = ", ".join(tag_links(view, ' rel="tag"'))
    listed = f'<span class="tags-links">{tags}</span>' if tags else ""
    return f'<footer class="entry-footer"><span class="cat-links">{category}</span> {listed}</footer>'


def _author_box(view: View) -> str:
    if not view.story.bio:
        return ""
    names = joined_names([escape(person.name) for person in view.story.authors], view.story.lang)
    return f"""<div class="author-bio author-box"><h2 class="author-title">{escape(view.words.about_author)}: {names}</h2>
<p class="author-description">{escape(view.story.bio)}</p></div>"""


def _comments(view: View) -> str:
    story, words = view.story, view.words
    entries = "\n".join(
        f"""<li class="comment" id="comment-{number}"><article class="comment-body">
<footer class="comment-meta"><b class="fn">{escape(comment.name)}</b>
<time datetime="{story.changed.date().isoformat()}T20:{number:02}:00+00:00">{number} h</time></footer>
<div class="comment-content"><p>{escape(comment.text)}</p></div></article></li>"""
        for number, comment in enumerate(story.comments, 1)
    )
    thread = f"<h2 class=comments-title>{escape(words.comments)}</h2><ol class=comment-list>\n{entries}\n</ol>" if entries else ""
    return f"""<div id="comments" class="comments-area">{thread}
<div id="respond" class="comment-respond">
<h3 id="reply-title">{escape(words.leave_reply)}</h3>
<form action="/blog/comment" method="post"><label>Name<input name="who"></label><textarea name="what"></textarea></form>
</div></div>"""


def _recent(view: View) -> tuple[Story, ...]:
    posts = [story for story in view.site.shown if story.layout == "blog" and story.lang == view.story.lang]
    return tuple(post for post in posts if post not in (view.story, *view.related))[:5]


def _sidebar(view: View) -> str:
    words = view.words
    recent = "".join(f"<li>{link(view, story)}</li>" for story in _recent(view))
    return f"""<aside id="secondary" class="widget-area">
<section class="widget widget_recent_entries"><h2 class="widget-title">{escape(words.most_read)}</h2><ul>{recent}</ul></section>
<section class="widget widget_text"><h2 class="widget-title">{BLOG}</h2>
<div class="textwidget"><p>{_WIDGET_TEXT}</p></div></section>
<section class="widget widget_newsletter"><h2 class="widget-title">{escape(words.newsletter)}</h2>
<p>{escape(words.newsletter_text)}</p>
</section></aside>"""


def _colophon(view: View) -> str:
    return f"""<footer id="colophon" class="site-footer"><p>© {view.now.year} {BLOG}. {escape(view.words.legal)}</p>
<div id="cookie-law-info-bar">{escape(view.words.cookies)} <a href="/privacy">OK</a></div></footer>"""
