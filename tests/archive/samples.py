"""Visits and revisions for tests of the archive; each argument replaces one fact."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from archive.capture import Capture, Payload
from archive.revision import Revision, RevisionAuthor, RevisionBlock, RevisionEvidence
from archive.visit import Found, Outcome, PageKind, Visit

NOW = datetime(2026, 8, 22, 10, 5, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
URL = "https://tern.example/harbour/night-ferry-returns"


def revision(url: str = URL, *paragraphs: str, **facts: Any) -> Revision:
    body = paragraphs or ("The ferry left at dusk.", "Nobody had expected it.")
    blocks = (
        RevisionBlock("heading", "article", "A late start", level=2, section=0, reason="heading"),
        *(RevisionBlock("paragraph", "article", text, section=0, reason="body", confidence=0.9) for text in body),
        RevisionBlock(
            "list_item", "comments", "First!", depth=1, ordered=True, reason='under heading "Comments"', confidence=0.5
        ),
    )
    text = "\n\n".join(b.text for b in blocks if b.label == "article")
    made = Revision(
        url=url,
        site="tern.example",
        title="Night ferry returns",
        dek="After nine years the boat sails again",
        byline="By Mai Ó Súilleabháin and Jo van der Berg",
        authors=(RevisionAuthor("Mai Ó Súilleabháin", "person", "harbour reporter"), RevisionAuthor("Jo van der Berg", "person")),
        published="2026-08-22",
        published_precision="day",
        published_earliest="2026-08-22T00:00:00+00:00",
        published_latest="2026-08-22T23:59:59+00:00",
        published_basis="declared",
        published_zone_known=False,
        modified=None,
        lang="en",
        section="Harbour",
        tags=("ferries", "night"),
        description="What the boat means for the town",
        site_name="The Tern",
        image=None,
        licence=None,
        paywalled=None,
        text=text,
        word_count=len(text.split()),
        blocks=blocks,
        evidence=(
            RevisionEvidence("title", 0, "Night ferry returns", "json-ld", "NewsArticle.headline", "Night ferry returns", 0.95),
            RevisionEvidence("title", 1, "Night ferry", "markup", "h1", "Night ferry ", 0.8),
        ),
        reader="1",
    )
    return replace(made, **facts)


def capture(url: str = URL, body: bytes = b"<html>ferry</html>", fetched: datetime = NOW) -> Capture:
    return Capture(
        url, fetched, 200, (("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")), Payload.of(body)
    )


def article_visit(url: str = URL, *paragraphs: str, body: bytes | None = None, **facts: Any) -> Visit:
    """A visit that brought an article; `revision` and other facts of the visit may be replaced."""
    fetched = facts.get("fetched", NOW)
    page = capture(url, f"<html>{url}</html>".encode() if body is None else body, fetched)
    visit = Visit(
        url, fetched, Outcome.STORED, status=200, seconds=0.25, captures=(page,), revision=revision(url, *paragraphs),
        payload_sha256=page.payload.sha256,
    )  # fmt: skip
    return replace(visit, **facts)


def found(url: str, kind: PageKind = PageKind.ARTICLE, how: str = "link", priority: int = 0, **hints: Any) -> Found:
    return Found(url, kind, how, priority, **hints)
