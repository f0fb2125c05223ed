"""What each HTML element is to the walk."""

from __future__ import annotations

import re
from enum import IntEnum


class Use(IntEnum):
    """What the walk does with an element."""

    INLINE = 0
    BOX = 1
    """Block-level: begins and ends a run of text."""
    SKIP = 2
    """Never text."""
    SOFT = 3
    """No text, unless a paragraph turns up inside: libxml2 leaves `button` and its like open where authors forgot to close."""
    BREAK = 4
    RULE = 5
    IMAGE = 6
    HEAD = 7
    """meta, link, base: no content."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LISTS = _words("ul ol menu dir dl")
ITEMS = _words("li dt dd")
HEADINGS = _words("h1 h2 h3 h4 h5 h6")
PREFORMATTED = _words("pre listing xmp")
CELLS = _words("td th")
_SECTIONING = _words(
    "html body div section article main header footer nav aside address form fieldset details hgroup center dialog search"
)
_TABLE = _words("table thead tbody tfoot tr caption")
_TEXTUAL = _words("p figure figcaption blockquote summary noframes frameset marquee")

USES: dict[str, Use] = {
    **dict.fromkeys(LISTS | ITEMS | HEADINGS | PREFORMATTED | CELLS | _SECTIONING | _TABLE | _TEXTUAL, Use.BOX),
    **dict.fromkeys(_words("script style template noscript iframe textarea title canvas video audio rt rp annotation"), Use.SKIP),
    **dict.fromkeys(_words("button svg select object label legend datalist"), Use.SOFT),
    **dict.fromkeys(_words("meta link base"), Use.HEAD),
    "br": Use.BREAK,
    "hr": Use.RULE,
    "img": Use.IMAGE,
    "amp-img": Use.IMAGE,
}
"""Elements not named here are inline; those with a hyphen in their name are boxes, unless they stand in running text."""

RUNNING_TEXT = HEADINGS | ITEMS | CELLS | PREFORMATTED | _words("p figcaption caption summary blockquote")
"""Boxes of running text: two inline elements side by side are one word there, and unknown elements are inline."""

_HIDING = re.compile(r"display\s*:\s*none", re.I)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_SOURCES = ("src", "data-src", "data-lazy-src", "data-original", "data-lazy", "data-url")
TRACKING_PIXEL = 2
"""Images of at most this width or height are no pictures."""


def hides(attrib: dict[str, str]) -> bool:
    """Tell whether an element's attributes keep it from being shown. A `hidden` that a search in the page lifts is shown."""
    if "hidden" in attrib and attrib["hidden"].lower() != "until-found":
        return True
    style = attrib.get("style")
    return bool(style) and _HIDING.search(style) is not None  # type: ignore[arg-type]


def is_bold_style(style: str) -> bool:
    """Tell whether a style attribute makes its element bold."""
    return _BOLD.search(style) is not None


def image_address(attrib: dict[str, str]) -> str:
    """Return an image's address as written, from wherever lazy loading put it; empty for tracking pixels and inline data."""
    if _is_tiny(attrib.get("width")) or _is_tiny(attrib.get("height")):
        return ""
    for name in _SOURCES:
        if name in attrib:
            address = attrib[name].strip()
            if address and not address.startswith("data:"):
                return address
    sources = attrib.get("srcset") or attrib.get("data-srcset") or ""
    first = sources.split(",")[0].split()
    return first[0] if first and not first[0].startswith("data:") else ""


def _is_tiny(size: str | None) -> bool:
    return size is not None and size.isascii() and size.isdigit() and int(size[:6]) <= TRACKING_PIXEL


def heading_level(text: str) -> int:
    """Return the level that aria-level gives; 2, as ARIA has it, where it gives none."""
    return int(text) if text in ("1", "2", "3", "4", "5", "6") else 2


def last_segment(address: str) -> str:
    """Return the name at the end of a type's address: `NewsArticle` of `https://schema.org/NewsArticle`."""
    return address.split(" ")[0].rstrip("/#").replace("#", "/").rsplit("/", 1)[-1].strip()
