from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.rows import StoredArticle
from archive.visit import Outcome, Visit
from tests.archive.samples import NOW, URL, article_visit, capture, revision

PRINT = f"{URL}/print-view"
PHONE = f"{URL}/for-phones"

Seen = tuple[int, str, str]
"""Seconds after NOW, address and text of a page."""

DAY = 86_400


def visit_of(seen: Seen) -> Visit:
    seconds, url, text = seen
    fetched = NOW + timedelta(seconds=seconds)
    page = capture(url, f"<html>{text}".encode(), fetched)
    return article_visit(url, fetched=fetched, captures=(page,), revision=revision(URL, text, title=f"About {text}"))


def keep(archive: Archive, pages: Sequence[Seen], batches: int = 1) -> None:
    for start in range(0, len(pages), batches):
        archive.commit(None, [visit_of(seen) for seen in pages[start : start + batches]], NOW)


def facts(article: StoredArticle) -> tuple[object, ...]:
    return article.title, article.text, article.first_seen, article.last_seen, article.revisions


def texts_in_order(archive: Archive) -> list[str]:
    return [archive.revision(1, line.number).revision.title or "" for line in archive.why(URL).revisions]


def outcome_of(pages: Sequence[Seen], batches: int) -> tuple[tuple[object, ...], list[str]]:
    with TemporaryDirectory() as folder, Archive.create(Path(folder) / "m.db") as archive:
        keep(archive, pages, batches)
        assert archive.verify() == []
        assert archive.mend() == []
        article = archive.article(1)
        assert article.text.endswith(str(archive.revision(1).revision.blocks[1].text))
        return facts(article), texts_in_order(archive)


OWN_PAGES = st.lists(
    st.tuples(st.integers(0, 5).map(lambda day: day * DAY), st.just(URL), st.sampled_from("abc")),
    min_size=2, max_size=6, unique=True,
)  # fmt: skip
ONE_CRAWL = st.dictionaries(
    st.sampled_from([URL, PRINT, PHONE]), st.tuples(st.integers(0, 900), st.sampled_from("abc")), min_size=2
).map(lambda pages: [(second, url, text) for url, (second, text) in pages.items()])


@given(OWN_PAGES.flatmap(lambda pages: st.tuples(st.just(pages), st.permutations(pages))), st.integers(1, 3))
@settings(max_examples=8, deadline=None)
def test_pages_committed_in_any_order_end_in_the_same_article_and_revisions(
    pages: tuple[list[Seen], list[Seen]], batches: int
) -> None:
    assert outcome_of(pages[0], 1) == outcome_of(pages[1], batches)


@given(ONE_CRAWL.flatmap(lambda pages: st.tuples(st.just(pages), st.permutations(pages))), st.integers(1, 3))
@settings(max_examples=8, deadline=None)
def test_addresses_of_one_article_that_a_crawl_reads_in_any_order_end_in_one_revision(
    pages: tuple[list[Seen], list[Seen]], batches: int
) -> None:
    first, other = outcome_of(pages[0], 1), outcome_of(pages[1], batches)
    assert first == other
    assert len(first[1]) == 1


MIXED = st.lists(
    st.tuples(st.integers(0, 4).map(lambda day: day * DAY), st.sampled_from([URL, PRINT]), st.sampled_from("abc")),
    min_size=2, max_size=6, unique_by=lambda seen: seen[:2],
)  # fmt: skip


@given(MIXED.flatmap(lambda pages: st.tuples(st.just(pages), st.permutations(pages))), st.integers(1, 3))
@settings(max_examples=8, deadline=None)
def test_what_an_article_shows_does_not_depend_on_the_order_of_commits(
    pages: tuple[list[Seen], list[Seen]], batches: int
) -> None:
    (first, _), (other, _) = outcome_of(pages[0], 1), outcome_of(pages[1], batches)
    assert first[:4] == other[:4]


def test_a_page_between_two_that_read_alike_leaves_the_later_as_the_newest(archive: Archive) -> None:
    keep(archive, [(0, URL, "a"), (2 * DAY, URL, "a"), (DAY, URL, "b")])
    assert texts_in_order(archive) == ["About a", "About b", "About a"]
    assert (archive.article(1).title, archive.article(1).newest) == ("About a", 3)
    assert archive.changes(1, 3)
    assert archive.verify() == []


def test_a_second_address_read_first_gives_way_to_the_articles_own(archive: Archive) -> None:
    keep(archive, [(0, PRINT, "b"), (1, URL, "a")])
    assert (archive.article(1).title, archive.article(1).revisions) == ("About a", 1)
    fetches = [(fetch.outcome, fetch.reason) for fetch in archive.why(PRINT).fetches]
    assert (Outcome.UNCHANGED, "another address of the same article, which is kept from its own") in fetches
    assert archive.stats().captures == 2


def test_a_second_address_read_on_an_earlier_day_stays_a_revision(archive: Archive) -> None:
    keep(archive, [(DAY, URL, "a"), (0, PRINT, "b")])
    assert texts_in_order(archive) == ["About b", "About a"]
    assert archive.article(1).title == "About a"
