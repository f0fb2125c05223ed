"""What becomes of a page that gave no revision, once it reads as an article: what would have become of it at its visit."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import NamedTuple

import pytest

from archive import Archive
from archive.rereading import Decision, Staged
from archive.visit import Outcome, Visit
from tests.archive.samples import NOW, URL, article_visit, capture, revision

PRINT = f"{URL}/print"


class Page(NamedTuple):
    """A page that was taken for none, and the digest of what it reads like now."""

    url: str
    day: float
    digest: str


def decided(archive: Archive, *pages: Page) -> list[str]:
    """What becomes of each page."""
    staged = [stage(archive, page) for page in pages]
    found = {one.capture_id: finding for one, finding in Decision(archive._db.conn, {}).all_of(staged)}
    return [found[one.capture_id] for one in staged]


def stage(archive: Archive, page: Page) -> Staged:
    """Keep a page that is no article, and say what it reads like."""
    fetched = NOW + timedelta(days=page.day)
    there = capture(page.url, f"<p>{page}".encode(), fetched)
    archive.commit(None, [Visit(page.url, fetched, Outcome.NOT_AN_ARTICLE, "a list", status=200, captures=(there,))], NOW)
    kept = archive._db.conn.execute("SELECT id, fetch_id FROM captures ORDER BY id DESC LIMIT 1").fetchone()
    return Staged(*kept, None, None, fetched, "tern.example", URL, "read", page.digest, None, {})


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_a_page_of_the_articles_own_address_ranks_above_later_ones_of_another(archive: Archive, order: tuple[int, ...]) -> None:
    pages = [Page(PRINT, 0, "one"), Page(URL, 1, "one"), Page(PRINT, 5, "two")]
    found = decided(archive, *(pages[place] for place in order))
    assert [found[order.index(place)] for place in range(3)] == ["as_known", "article", "as_known"]


def test_an_older_page_of_another_address_is_an_older_revision(archive: Archive) -> None:
    assert decided(archive, Page(PRINT, 0, "one"), Page(URL, 5, "two")) == ["revision", "article"]


def test_pages_of_two_addresses_in_one_visit_are_one(archive: Archive) -> None:
    minutes = 5 / 24 / 60
    assert decided(archive, Page(PRINT, 0, "one"), Page(URL, minutes, "two")) == ["as_known", "article"]


def test_the_own_address_counts_though_the_article_is_known_from_a_later_page_of_another(archive: Archive) -> None:
    visits = [
        article_visit(PRINT, fetched=NOW + timedelta(days=day), body=b"<p>%d" % day, revision=revision(URL, text))
        for day, text in ((2, "First."), (6, "Second."))
    ]
    first, second = (kept.outcome for kept in archive.commit(None, visits, NOW))
    assert (first, second) == (Outcome.STORED, Outcome.STORED)
    digests = [digest for (digest,) in archive._db.conn.execute("SELECT digest FROM revisions ORDER BY number")]
    assert decided(archive, Page(URL, 4, digests[1]), Page(PRINT, 9, "other")) == ["as_known", "as_known"]
    assert decided(archive, Page(URL, 4, digests[0])) == ["revision"], "for the article shows the second"
