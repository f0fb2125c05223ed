"""HTML to `Page`: one parse, one walk."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from lxml import etree

from pipelines.page.marks import finish_marks
from pipelines.page.page import Page
from pipelines.page.scripted import text_in_scripts
from pipelines.page.walk import Walk


def parse_html(text: str, *, url: str | None, fetched: datetime | None, headers: tuple[tuple[str, str], ...] = ()) -> Page:
    """Read an HTML document into a page. Never raises, whatever the text."""
    walk = _walk(text, Walk(url))
    if not walk.blocks and "<noscript" in text:
        walk = _walk(text, Walk(url, scripts=False))
    body = walk
    if not walk.blocks and (scripted := text_in_scripts(text)):
        body = _walk(scripted, Walk(url))
    last = max(len(body.blocks) - 1, 0)
    page = Page(
        url,
        fetched,
        "html",
        tuple(body.blocks),
        tuple(finish_marks(body.marks.drafts, last, body.resolve)),
        walk.head.finish(),
        tuple(walk.marks.items),
        tuple(image if image.block <= last else replace(image, block=last) for image in body.images),
        headers,
    )
    walk.forget()
    body.forget()
    return page


def _walk(text: str, walk: Walk) -> Walk:
    body = text.encode("utf-8", "replace")
    if body.strip():
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, target=cast("Any", walk))
        try:
            etree.fromstring(body, parser)
        except etree.XMLSyntaxError:  # nothing like a document; what was read of it stands
            walk.close()
    return walk
