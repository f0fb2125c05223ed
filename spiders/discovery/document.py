"""A document as discovery needs it: its root element's name, its tree, its base address, its text."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import lxml.html
from lxml import etree

from archive.urls import address_key

PROLOG_BYTES = 4096
"""How far into a document the root element is looked for: longer comments before it were not met."""

_PROLOG = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?[^>]*>", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(rb"\s*<([A-Za-z][\w.-]*:)?([A-Za-z][\w.-]*)")

_ABSOLUTE = re.compile(r"https?://[^\s/?#;@\\\[\]]+/[^\s?#;]*")
"""Addresses that are what they are from any base."""

_LAST_END_TAGS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)


def root_element(body: bytes) -> str:
    """Return the local name of a document's root element, lower case; empty where it begins with no element.

    Works on bytes of any encoding that keeps ASCII readable, UTF-16 and UTF-32 included.
    """
    start = body[:PROLOG_BYTES].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    found = _ROOT.match(_PROLOG.sub(b"", start))
    return found[2].decode("ascii", "replace").lower() if found else ""


def parse_html(html: str) -> lxml.html.HtmlElement | None:
    """Parse a document; None where there is nothing in it."""
    # libxml2 2.14 makes a second root of what follows `</html>`; browsers take it for more of the body, and so do we.
    data = _LAST_END_TAGS.sub("", html.replace("\0", "")).encode("utf-8", "replace")
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = lxml.html.document_fromstring(data, parser=parser)
    except etree.ParserError:
        return None
    return root


def base_of(root: lxml.html.HtmlElement, url: str) -> str:
    """Return the address that relative links of a document start from."""
    for base in root.iter("base"):
        if href := base.get("href"):
            return absolute(url, href) or url
    return url


def absolute(base: str, href: str) -> str | None:
    """Resolve a link as it will be fetched: absolute, without fragment; None for none and for what is no http(s) address."""
    target = re.sub(r"[\t\r\n]", "", href).strip()
    if not target:
        return None
    if _ABSOLUTE.fullmatch(target):
        return target if address_key(target) else None
    try:
        url = urljoin(base, target)
    except ValueError:
        return None
    url = url.partition("#")[0].strip().replace(" ", "%20")
    return url if address_key(url) else None


def text_of(element: lxml.html.HtmlElement) -> str:
    """Return an element's text with white space collapsed."""
    return " ".join("".join(element.itertext()).split())
