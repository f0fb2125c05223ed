"""What a page says of its relations: the feeds of its site, and the next page of an article on several pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

import lxml.html

from archive.urls import address_key
from archive.visit import Found, PageKind
from spiders.discovery import priorities
from spiders.discovery.document import absolute, base_of, parse_html, text_of

FEED_TYPES = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json", "text/rss+xml", "text/rss"}
)
"""Types that announce a feed in the head. `application/json` and `text/xml` announce other things more often."""

OTHER_FEEDS = re.compile(r"(?i)comment|kommentar|commentaire|comentari|oembed|podcast|/wp-json")
"""Feeds of comments and the like, by title or address."""

FEED_ADDRESS = re.compile(
    r"(?i)(?:/(?:feed|rss|atom)/?|[/.](?:rss|atom|rdf)(?:\.xml)?|/(?:feed|rss2?|atom|index)\.(?:xml|rss|json))$"
)

MAX_FEEDS = 10
"""Big sites announce a feed for each section on each page; the first ones are the general ones."""

GUESSES = (
    ("/sitemap.xml", PageKind.SITEMAP),
    ("/sitemap_index.xml", PageKind.SITEMAP),
    ("/feed/", PageKind.FEED),
    ("/rss.xml", PageKind.FEED),
    ("/atom.xml", PageKind.FEED),
)
"""Where feeds and sitemaps are when nothing announces them."""

LAST_PAGE = 99
"""A number above is no page of an article."""

PAGE_NAMES = frozenset({"page", "pg", "seite", "pagina", "p", "pp", "start", "showpage", "currentpage", "paged"})
_HREF = re.compile(rb"""\s*(?:"([^">]*)"|'([^'>]*)'|([^"'\s>]+))""")
"""The value of an attribute, from behind its equals sign."""

_ELSEWHERE = tuple(quote + start for quote in (b'"', b"'") for start in (b"/", b"http:", b"https:", b"javascript:", b"mailto:"))
"""How most links begin that lead to another page only if they have the article's name."""

_DIGIT = re.compile(rb"[0-9]")

_PAGE = r"(?:page|seite|pagina|p)"
_JOINT = re.compile(rf"(?:[-_,.]{_PAGE}?[-_]?|/{_PAGE}?[/_-]?)(\d{{1,2}})")
"""What stands between the name of an article and the ending of its address, on a further page."""
_JOINT_OF_FOLDER = re.compile(rf"(?:[-_,.]{_PAGE}[-_]?|/(?:{_PAGE}[/_-]?)?)(\d{{1,2}})")
"""The same where addresses have no ending: a bare number behind a hyphen belongs to the name."""
_BEHIND = re.compile(rf"/(?:{_PAGE}[/-]?)?(\d{{1,2}})")
"""What stands behind the whole address."""

POST_NAMES = frozenset({"p", "start"})
"""Those that choose the article itself where the path is empty."""

NEXT_TEXT = re.compile(
    r"(?i)\W*(?:next(?:\s+page)?|page\s+suivante|suivante?|n[aä]chste\s+seite|weiter|p[aá]gina\s+siguiente|siguiente|pr[oó]xima(?:\s+p[aá]gina)?"
    r"|pagina\s+successiva|avanti|volgende(?:\s+pagina)?|n[aä]sta(?:\s+sida)?|neste(?:\s+side)?|n[aæ]ste(?:\s+side)?"
    r"|nast[eę]pna(?:\s+strona)?|次(?:の)?(?:ページ|へ)|下一[页頁])\W*"
)
PAGINATION_TOKENS = frozenset(
    {"pagination", "pager", "paging", "paginator", "pages", "pagenavi", "pagelinks", "multipage", "pagelink"}
)
COMMENT_TOKENS = frozenset({"comment", "comments", "kommentare", "disqus", "reviews"})


def feed_links(html: str, url: str) -> tuple[Found, ...]:
    """Return the feeds that a page announces in its head, or, where it announces none, those that it links to.

    Feeds of comments and podcasts are left out; at most `MAX_FEEDS`, each once.
    """
    root = parse_html(html)
    if root is None:
        return ()
    base = base_of(root, url)
    announced = dict.fromkeys(_announced(root, base)) or dict.fromkeys(_linked(root, base))
    return tuple(Found(feed, PageKind.FEED, "autodiscovery", priorities.FEED) for feed in list(announced)[:MAX_FEEDS])


def _announced(root: lxml.html.HtmlElement, base: str) -> Iterator[str]:
    for link in root.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").lower().partition(";")[0].strip()
        named = f"{link.get('title') or ''} {link.get('href') or ''}"
        if not {"alternate", "feed"} & set(relations) or kind not in FEED_TYPES or OTHER_FEEDS.search(named):
            continue
        if address := absolute(base, link.get("href") or ""):
            yield address


def _linked(root: lxml.html.HtmlElement, base: str) -> Iterator[str]:
    for anchor in root.iter("a"):
        address = absolute(base, anchor.get("href") or "")
        if (
            address
            and _same_host(address, base)
            and FEED_ADDRESS.search(urlsplit(address).path)
            and not OTHER_FEEDS.search(address)
        ):
            yield address


def guesses(url: str) -> tuple[Found, ...]:
    """Return the usual addresses of sitemaps and feeds on a host, for a site that announces none. A 404 there is no failure."""
    return tuple(
        Found(address, kind, "guess", priorities.GUESS) for path, kind in GUESSES if (address := absolute(url, path)) is not None
    )


def next_page(html: str, url: str, *, first: str | None = None) -> str | None:
    """Return the address of the next page of the article that a page belongs to.

    A link counts if its address is that of the first page with the next number, and if it says that it is one: by `rel=next`, by
    standing among page numbers, or by its text. A link to the next *article* has another address, and comments have their own
    pages; neither counts.

    Args:
        html: of the page.
        url: its address.
        first: address of the first page; None if `url` is the first.

    """
    root = parse_html(html)
    if root is None:
        return None
    first = first or url
    number = _page_number(url, first) or 1
    base = base_of(root, url)
    at_first = address_key(url) == address_key(first)
    for target, is_next in _candidates(root, base):
        if not _same_host(target, first):
            continue
        there = _page_number(target, first)
        counted_from_zero = is_next and at_first and there == 1 and address_key(target) != address_key(first)
        if there == number + 1 or counted_from_zero:
            return target
    return None


def may_have_next_page(body: bytes, url: str, *, first: str | None = None) -> bool:
    """Whether `next_page` could find something, told from the raw bytes in a fraction of the time that parsing takes."""
    first = first or url
    name = _stem(urlsplit(first).path).rpartition("/")[2].encode("latin-1", "replace")
    # Cut at a fixed string: a pattern takes ten times as long to find where the links are.
    links = body.replace(b"HREF", b"href").split(b"href=")
    # Nearly all links lead elsewhere; only one that has the article's own name, or is relative, is worth resolving.
    near = (behind for behind in islice(links, 1, None) if not behind.startswith(_ELSEWHERE) or name in behind)
    return any(_leads_to_another_page(behind, name, url, first) for behind in near)


def _leads_to_another_page(behind: bytes, name: bytes, url: str, first: str) -> bool:
    """Whether the address that stands here, behind `href=`, is that of another page of the article at `first`."""
    found = _HREF.match(behind)
    href = (found[1] or found[2] or found[3] or b"").strip() if found else b""
    if (name not in href and (href.startswith(b"/") or b":" in href)) or not _DIGIT.search(href):
        return False
    return _is_another_page(absolute(url, unescape(href.decode("latin-1"))), url, first)


def _is_another_page(target: str | None, url: str, first: str) -> bool:
    if not target or not _same_host(target, first) or _page_number(target, first) is None:
        return False
    return address_key(target) != address_key(url)


def _candidates(root: lxml.html.HtmlElement, base: str) -> Iterator[tuple[str, bool]]:
    """Each link that says that it leads to another page of the same, and whether it says that this is the next."""
    for element in root.iter("link", "a"):
        target = absolute(base, element.get("href") or "")
        is_next = "next" in (element.get("rel") or "").lower().split()
        if target and (is_next or (element.tag == "a" and _says_page(element))):
            yield target, is_next


def _says_page(anchor: lxml.html.HtmlElement) -> bool:
    surroundings = [_tokens(element) for element in (anchor, *anchor.iterancestors())]
    if any(tokens & COMMENT_TOKENS for tokens in surroundings[:-2]):
        return False
    text = text_of(anchor)
    near = frozenset().union(*surroundings[:4])
    return bool(near & PAGINATION_TOKENS or NEXT_TEXT.fullmatch(text) or re.fullmatch(r"\W*\d{1,2}\W*", text))


def _tokens(element: lxml.html.HtmlElement) -> frozenset[str]:
    names = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('aria-label') or ''}".lower()
    return frozenset(re.split(r"[^a-z0-9]+", names)) | frozenset(re.split(r"\s+", names.replace("-", "").replace("_", "")))


def _page_number(url: str, first: str) -> int | None:
    """The number that an address gives to a page of the article that begins at `first`; None if it is none of its pages."""
    if address_key(url) == address_key(first):
        return 1
    here, start = urlsplit(url), urlsplit(first)
    if _stem(here.path) == _stem(start.path):
        return _number_in_query(here.query, start.query, PAGE_NAMES if start.path.strip("/") else PAGE_NAMES - POST_NAMES)
    if here.query and here.query != start.query:
        return None
    return _number_in_path(here.path, start.path)


def _number_in_query(query: str, first: str, names: frozenset[str]) -> int | None:
    """`?page=2`, with all else as on the first page."""
    pages, others = _split_query(query, names)
    if len(pages) != 1 or others != _split_query(first, names)[1]:
        return None
    return _plausible(pages[0])


def _split_query(query: str, names: frozenset[str]) -> tuple[list[str], list[tuple[str, str]]]:
    """Values of page parameters, and the other parameters in order of name."""
    pairs = parse_qsl(query)
    is_page = [name.lower() in names and len(value) <= 2 for name, value in pairs]
    pages = [value for (_, value), holds in zip(pairs, is_page, strict=True) if holds]
    return pages, sorted(pair for pair, holds in zip(pairs, is_page, strict=True) if not holds)


def _number_in_path(path: str, first: str) -> int | None:
    """`/story/2/`, `/story/page/2`, `/story-2.html`, `/story,seite-2.html`, with the rest as on the first page."""
    stem, ending = _stem(first), _ending(first)
    if not stem.strip("/"):
        return None
    bare, whole, found = path.rstrip("/"), stem + ending, None
    if bare.startswith(stem) and bare.endswith(ending):
        joint = _JOINT if ending else _JOINT_OF_FOLDER
        found = joint.fullmatch(bare[len(stem) : len(bare) - len(ending)])
    if found is None and bare.startswith(whole):
        found = _BEHIND.fullmatch(bare[len(whole) :])
    return _plausible(found[1]) if found else None


def _stem(path: str) -> str:
    """A path without its extension, trailing slash, and words that say that it is page 1."""
    bare = path.rstrip("/")
    bare = bare[: len(bare) - len(_ending(path))]
    return re.sub(r"(?i)[/_,-](?:page|seite|pagina)[/_-]?[01]$", "", bare)


def _ending(path: str) -> str:
    found = re.search(r"\.[a-z]{2,5}$", path.rstrip("/"), re.IGNORECASE)
    return found[0] if found else ""


def _plausible(number: str) -> int | None:
    return int(number) if number.isascii() and number.isdigit() and 0 <= int(number) <= LAST_PAGE else None


def _same_host(one: str, other: str) -> bool:
    return urlsplit(one).netloc.lower() == urlsplit(other).netloc.lower()
