"""readability-lxml. It gives the body as HTML; its paragraphs are what stands between block elements there."""

from __future__ import annotations

import lxml.html
from readability import Document

from bench.peers.protocol import Answer, paragraphs, serve

BLOCKS = {
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "h1", "h2", "h3", "h4",
    "h5", "h6", "hr", "li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
}  # fmt: skip


def read(body: bytes, url: str | None) -> Answer:
    document = Document(body, url=url)
    summary = document.summary(html_partial=True)
    return {"title": document.short_title() or None, "body": paragraphs(_text(summary))}


def _text(html: str) -> str:
    root = lxml.html.fromstring(html)
    for element in root.iter(*BLOCKS):
        element.text = "\n" + (element.text or "")
        element.tail = "\n" + (element.tail or "")
    return str(root.text_content())


if __name__ == "__main__":
    serve(read)
