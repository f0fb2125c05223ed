"""trafilatura, as its documentation says to use it from Python; with `--precision`, favouring precision."""

from __future__ import annotations

import sys
from typing import Any

import trafilatura

from bench.peers.protocol import Answer, paragraphs, serve

PRECISION = "--precision" in sys.argv


def read(body: bytes, url: str | None) -> Answer:
    document = trafilatura.bare_extraction(body, url=url, with_metadata=True, include_comments=False, favor_precision=PRECISION)
    if document is None:
        return {}
    return {
        "title": document.title,
        "authors": document.author.split("; ") if document.author else [],
        "date": document.date,
        "body": paragraphs(document.text),
        "sections": _sections(document.body),
        "summary": document.description,
        "lang": document.language,
    }


def _sections(body: Any) -> list[dict[str, Any]]:
    """The body cut at its headings. They are `head` in the tool's tree; text without paragraphs counts as none."""
    sections: list[dict[str, Any]] = [{"heading": None, "paragraphs": []}]
    for element in body.iter("head", "p", "item", "quote", "code") if body is not None else ():
        text = " ".join("".join(element.itertext()).split())
        if element.tag == "head":
            sections.append({"heading": text, "paragraphs": []})
        elif text:
            sections[-1]["paragraphs"].append(text)
    return sections


if __name__ == "__main__":
    serve(read)
