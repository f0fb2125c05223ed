"""Page: a document parsed once into blocks, marks and what its head says.

`read_page` is the one way in: bytes or text of any format to a `Page`. No room sees markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipelines.page.decode import decode
from pipelines.page.html import parse_html
from pipelines.page.markdown import parse_markdown
from pipelines.page.page import Block, Head, Image, Kind, Mark, MicrodataItem, Node, Page
from pipelines.page.sniff import sniff_format
from pipelines.page.text import parse_text

__all__ = ["Block", "Head", "Image", "Kind", "Mark", "MicrodataItem", "Node", "Page", "read_page"]

_PARSERS = {"html": parse_html, "text": parse_text}


def read_page(
    body: bytes | str,
    *,
    url: str | None = None,
    fetched: datetime | None = None,
    headers: Sequence[tuple[str, str]] = (),
    name: str | None = None,
    from_file: bool = False,
    format: str | None = None,  # noqa: A002  the word that callers look for
) -> Page:
    """Read a document into a page.

    Args:
        body: the document; bytes are decoded by byte order mark, headers, declaration and content, in this order of trust.
        url: address it was fetched from, after redirects; relative links are resolved against it.
        fetched: aware time of fetching.
        headers: response headers as received.
        name: name of the file it was saved in; its ending says what the page was saved as.
        from_file: whether the user gave it as a file; one that says that `morgue export` wrote it is taken at its word.
        format: `html`, `markdown` or `text`; None: told by content type, name, address and first characters.

    Returns:
        A page; one without blocks where there is nothing to read. Never raises on any body.
    """
    lowered = tuple((name.lower(), value) for name, value in headers)
    text = body if isinstance(body, str) else decode(body, lowered)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    found = format or sniff_format(text, url, lowered, name=name)
    text = text.removeprefix("\ufeff")
    if found == "markdown":
        return parse_markdown(text, url=url, fetched=fetched, headers=lowered, from_file=from_file)
    return _PARSERS[found](text, url=url, fetched=fetched, headers=lowered)
