"""resiliparse: main content as plain text; it reads no other field."""

from __future__ import annotations

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import detect_encoding
from resiliparse.parse.html import HTMLTree

from bench.peers.protocol import Answer, paragraphs, serve


def read(body: bytes, url: str | None) -> Answer:
    tree = HTMLTree.parse_from_bytes(body, detect_encoding(body))
    return {"body": paragraphs(extract_plain_text(tree, main_content=True, alt_texts=False))}


if __name__ == "__main__":
    serve(read)
