"""Which format a document is in: its content type, the ending of its address, its first characters, in this order of trust."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

START_CHARS = 4096
"""The format shows within so many characters."""
ENOUGH_TAGS = 3
"""A text that mentions fewer tags than this may still be text."""
ENOUGH_MARKDOWN = 2

_ENDINGS = {
    **dict.fromkeys(("html", "htm", "xhtml"), "html"),
    **dict.fromkeys(("md", "markdown", "mdown", "mkd"), "markdown"),
    **dict.fromkeys(("txt", "text"), "text"),
}
_TYPES = {"text/html": "html", "application/xhtml+xml": "html", "text/markdown": "markdown", "text/x-markdown": "markdown"}
_DOCUMENT = re.compile(r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_TAG = re.compile(r"</?(?:p|div|span|a|br|h[1-6]|ul|li|table|section|article|main|meta|link|title|script|img)\b[^<>]*>", re.I)
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:#.*\n|\s*\n)*[\w-]+[ \t]*:.*\n|\+\+\+[ \t]*\n(?:#.*\n|\s*\n)*(?:[\w.-]+[ \t]*=|\[)")
_MARKDOWN = re.compile(r"^#{1,6} \S|^```|\]\([^)\s]+\)|\*\*\S[^*\n]*\S\*\*|^> \S|^\[[^\]\n]+\]: \S", re.M)


def sniff_format(text: str, url: str | None, headers: Sequence[tuple[str, str]] = ()) -> str:
    """Return `html`, `markdown` or `text`."""
    start = text[:START_CHARS].lstrip("\ufeff")
    if _DOCUMENT.match(start):
        return "html"
    content_type = next((value for name, value in headers if name == "content-type"), "").split(";")[0].strip().lower()
    if content_type in _TYPES:
        return _TYPES[content_type]
    ending = _ending(url)
    if content_type == "text/plain":
        return "markdown" if ending == "markdown" or _FRONT_MATTER.match(start) else "text"
    return ending or _by_content(start)


def _ending(url: str | None) -> str | None:
    try:
        path = urlsplit(url or "").path
    except ValueError:
        return None
    name = path.rsplit("/", 1)[-1]
    return _ENDINGS.get(name.rsplit(".", 1)[-1].lower()) if "." in name else None


def _by_content(start: str) -> str:
    if _FRONT_MATTER.match(start):
        return "markdown"
    if len(_TAG.findall(start)) >= ENOUGH_TAGS or start.lstrip().startswith("<"):
        return "html"
    return "markdown" if len(_MARKDOWN.findall(start)) >= ENOUGH_MARKDOWN else "text"
