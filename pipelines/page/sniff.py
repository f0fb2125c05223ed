"""Which format a document is in.

Order of trust: the marks of an HTML document; its content type; the ending of its file's name, then of its address, where they
say text or Markdown; its first characters. An address that ends in `html` says what the page was, not what was saved of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

START_CHARS = 4096
"""The format shows within so many characters."""
ENOUGH_TAGS = 3
"""A text that mentions fewer tags than this may still be text."""
TAGS_SHARE = 0.03
"""Share of the characters that are tags in the least marked up HTML; texts about HTML mention less of it."""
ENOUGH_MARKDOWN = 2

_ENDINGS = {
    **dict.fromkeys(("md", "markdown", "mdown", "mkd"), "markdown"),
    **dict.fromkeys(("txt", "text"), "text"),
}
_TYPES = {"text/html": "html", "application/xhtml+xml": "html", "text/markdown": "markdown", "text/x-markdown": "markdown"}
_DOCUMENT = re.compile(r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_INNER_DOCUMENT = re.compile(r"^[ \t]*<(?:!doctype\s+html|html|head)\b[^<>\n]*>", re.I | re.M)
"""A document behind what a server printed before it by mistake."""
_TAG = re.compile(r"</?(?:p|div|span|a|br|h[1-6]|ul|li|table|section|article|main|meta|link|title|script|img)\b[^<>]*>", re.I)
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:#.*\n|\s*\n)*[\w-]+[ \t]*:.*\n|\+\+\+[ \t]*\n(?:#.*\n|\s*\n)*(?:[\w.-]+[ \t]*=|\[)")
_MARKDOWN = re.compile(r"^#{1,6} \S|^```|\]\([^)\s]+\)|\*\*\S[^*\n]*\S\*\*|^> \S|^\[[^\]\n]+\]: \S", re.M)


def sniff_format(text: str, url: str | None, headers: Sequence[tuple[str, str]] = (), *, name: str | None = None) -> str:
    """Return `html`, `markdown` or `text`.

    Args:
        text: the document.
        url: address it was fetched from.
        headers: response headers, names lower case.
        name: name of the file it was saved in.
    """
    start = text[:START_CHARS].lstrip("\ufeff")
    if _DOCUMENT.match(start):
        return "html"
    content_type = next((value for name, value in headers if name == "content-type"), "").split(";")[0].strip().lower()
    if content_type in _TYPES:
        return _TYPES[content_type]
    ending = _ending(name or "") or _ending(_path(url))
    if content_type == "text/plain":
        return "markdown" if ending == "markdown" or _FRONT_MATTER.match(start) else "text"
    return ending or _by_content(start)


def _path(url: str | None) -> str:
    try:
        return urlsplit(url or "").path
    except ValueError:
        return ""


def _ending(path: str) -> str | None:
    name = path.rsplit("/", 1)[-1].lower()
    return _ENDINGS.get(name.removesuffix(".gz").rsplit(".", 1)[-1]) if "." in name else None


def _by_content(start: str) -> str:
    if _FRONT_MATTER.match(start):
        return "markdown"
    tags = _TAG.findall(start)
    marked_up = len(tags) >= ENOUGH_TAGS and sum(map(len, tags)) >= TAGS_SHARE * len(start)
    if marked_up or _TAG.match(start.lstrip()) or _INNER_DOCUMENT.search(start):
        return "html"
    return "markdown" if len(_MARKDOWN.findall(start)) >= ENOUGH_MARKDOWN else "text"
