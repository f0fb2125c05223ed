"""Made-up articles as visits: what a crawl hands to the archive, page, reading and evidence, ready to be kept."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice

from archive.capture import Capture, Payload
from archive.likeness import signature_of
from archive.revision import Revision, RevisionAuthor, RevisionBlock, RevisionEvidence
from archive.visit import Outcome, Visit
from bench.search import SYLLABLES, Newsroom

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MENU = ("Home", "News", "Harbour", "Islands", "About us", "Imprint")
"""Blocks of each page that are left out; pages of real sites have ten times as many."""
FIELDS = ("title", "dek", "byline", "authors", "published", "lang")
HEADERS = (("Content-Type", "text/html; charset=utf-8"), ("Server", "nginx"))


def visits(count: int, seed: int, *, mould: int = 0, skip: int = 0) -> Iterator[Visit]:
    """Yield visits that each brought an article, with the payload compressed and the signature made, as readers do.

    Args:
        count: how many.
        seed: of chance; the same one gives the same visits.
        mould: bytes of each page, more or less, that all pages of its site share.
        skip: leave out so many at the start.

    """
    for row in islice(Newsroom(seed).articles(count), skip, None):
        yield _visit(row, mould)


def _visit(row: tuple[int, str, str, str, str, str, str, str, str], mould: int) -> Visit:
    number, site, title, dek, author, day, lang, text, url = row
    paragraphs = text.split("\n\n")
    blocks = (
        *(RevisionBlock("list_item", "navigation", line, reason="menu", confidence=0.9) for line in MENU),
        *(RevisionBlock("paragraph", "article", line, section=0, reason="body", confidence=0.9) for line in paragraphs),
    )
    values = (title, dek, f"By {author}", author, day, lang)
    evidence = tuple(
        RevisionEvidence(field, 0, value, "json-ld", f"NewsArticle.{field}", value, 0.9)
        for field, value in zip(FIELDS, values, strict=True)
    )
    revision = Revision(
        url=url, site=site, title=title, dek=dek, byline=f"By {author}", authors=(RevisionAuthor(author, "person"),),
        published=day, published_precision="day", published_earliest=f"{day}T00:00:00+00:00",
        published_latest=f"{day}T23:59:59+00:00", published_basis="declared", published_zone_known=False, modified=None,
        lang=lang, section=None, tags=(), description=dek, site_name=site, image=None, licence=None, paywalled=None, text=text,
        word_count=len(text.split()), blocks=blocks, evidence=evidence, reader="1", signature=signature_of(text),
    )  # fmt: skip
    fetched = NOW + timedelta(seconds=number)
    capture = Capture(url, fetched, 200, HEADERS, Payload.of(page(row, mould).encode()))
    return Visit(
        url, fetched, Outcome.STORED, status=200, seconds=0.1, captures=(capture,), revision=revision,
        payload_sha256=capture.payload.sha256,
    )  # fmt: skip


def page(row: tuple[int, str, str, str, str, str, str, str, str], mould: int) -> str:
    """The page of an article."""
    _, site, title, dek, author, day, _, text, _ = row
    menu = "".join(f'<li><a href="/{line.lower().replace(" ", "-")}">{line}</a></li>' for line in MENU)
    body = "\n".join(f"<p>{line}</p>" for line in text.split("\n\n"))
    return (
        f"<!doctype html>\n<html><head><meta charset=utf-8><title>{title}</title>{style(site, mould)}</head>\n"
        f"<body><nav><ul>{menu}</ul></nav>\n<article><h1>{title}</h1><p class=dek>{dek}</p>"
        f'<p class=byline>By {author}, <time datetime="{day}">{day}</time></p>\n{body}\n</article></body></html>\n'
    )


@cache
def style(site: str, size: int) -> str:
    """What all pages of a site share: rules of style, of about so many bytes; empty for 0."""
    chance = random.Random(site)
    rules = []
    while size > 0:
        name = f"{chance.choice(SYLLABLES)}-{chance.choice(SYLLABLES)}{chance.randrange(100)}"
        rules.append(f".{name} {{ margin: {chance.randrange(40)}px; color: #{chance.getrandbits(24):06x} }}\n")
        size -= len(rules[-1])
    return f"<style>{''.join(rules)}</style>" if rules else ""
