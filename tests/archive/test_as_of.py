from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from archive import Archive
from archive.errors import DamagedRow
from archive.revision import RevisionAuthor
from archive.visit import Outcome, Visit
from tests.archive.samples import NOW, URL, article_visit, revision

DAY = timedelta(days=1)
OTHER = "https://tern.example/other"
ADA = RevisionAuthor("Ada Lind", "person")


@pytest.fixture
def shelf(archive: Archive) -> Archive:
    """The ferry: read on day 0, changed on day 2, gone on day 4; another article from day 3 on."""
    first = article_visit(URL, "Dusk came early.")
    changed = revision(URL, "Dawn came late.", title="Ferry delayed", lang="ga", authors=(ADA,))
    archive.commit(None, [first], NOW)
    archive.commit(None, [article_visit(URL, body=b"2", revision=changed, fetched=NOW + 2 * DAY)], NOW)
    archive.commit(None, [article_visit(OTHER, fetched=NOW + 3 * DAY)], NOW)
    archive.commit(None, [Visit(URL, NOW + 4 * DAY, Outcome.GONE, status=404)], NOW)
    return archive


def test_each_article_reads_as_its_latest_capture_did_then(shelf: Archive) -> None:
    (then,) = shelf.articles(as_of=NOW + DAY)
    assert (then.title, then.newest, then.revisions, then.withdrawn) == ("Night ferry returns", 1, 1, None)
    assert (then.authors, then.lang) == (("Mai Ó Súilleabháin", "Jo van der Berg"), "en")
    assert then.text == shelf.revision(1, 1).revision.text
    assert (then.first_seen, then.last_seen) == (NOW, NOW)


def test_today_and_an_as_of_of_today_agree(shelf: Archive) -> None:
    assert list(shelf.articles(as_of=NOW + 9 * DAY)) == list(shelf.articles())


def test_before_the_first_capture_there_was_nothing(shelf: Archive) -> None:
    assert list(shelf.articles(as_of=NOW - DAY)) == []


def test_an_article_was_not_withdrawn_before_it_was_found_gone(shelf: Archive) -> None:
    assert [a.withdrawn for a in shelf.articles(as_of=NOW + 3 * DAY)] == [None, None]
    assert [a.withdrawn for a in shelf.articles(as_of=NOW + 4 * DAY)] == [NOW + 4 * DAY, None]


def test_an_article_that_came_back_was_gone_in_between(shelf: Archive) -> None:
    shelf.commit(None, [article_visit(URL, body=b"3", fetched=NOW + 6 * DAY)], NOW)
    (today, _) = shelf.articles()
    assert today.withdrawn is None
    (then, _) = shelf.articles(as_of=NOW + 5 * DAY)
    assert (then.withdrawn, then.last_seen) == (NOW + 4 * DAY, NOW + 2 * DAY)


def test_another_address_that_is_gone_withdraws_nothing(archive: Archive) -> None:
    archive.commit(None, [article_visit()], NOW)
    archive.commit(None, [article_visit(f"{URL}/print", revision=revision(), fetched=NOW + DAY)], NOW)
    archive.commit(None, [Visit(f"{URL}/print", NOW + 2 * DAY, Outcome.GONE, status=404)], NOW)
    assert archive.article(1).withdrawn is None
    assert [a.withdrawn for a in archive.articles(as_of=NOW + 3 * DAY)] == [None]


def test_an_article_that_is_known_by_another_address_alone_is_withdrawn_there(archive: Archive) -> None:
    archive.commit(None, [article_visit(f"{URL}/print", revision=revision())], NOW)
    archive.commit(None, [Visit(f"{URL}/print", NOW + DAY, Outcome.GONE, status=404)], NOW)
    assert archive.article(1).withdrawn == NOW + DAY
    assert [a.withdrawn for a in archive.articles(as_of=NOW + 3 * DAY)] == [NOW + DAY]


def test_a_capture_taken_in_late_counts_for_its_own_time(shelf: Archive) -> None:
    shelf.commit(None, [article_visit(URL, "Between.", body=b"late", fetched=NOW + DAY)], NOW)
    (then,) = shelf.articles(as_of=NOW + DAY)
    assert "Between." in then.text
    assert then.newest == 3


@pytest.mark.parametrize(
    ("filters", "titles"),
    [
        ({"query": "dusk"}, ["Night ferry returns"]),
        ({"query": "dawn"}, []),
        ({"query": "title:night dus*"}, ["Night ferry returns"]),
        ({"author": "jo VAN"}, ["Night ferry returns"]),
        ({"author": "ada"}, []),
        ({"lang": "en"}, ["Night ferry returns"]),
        ({"lang": "ga"}, []),
        ({"since": "2026-08-22", "site": "tern.example"}, ["Night ferry returns"]),
    ],
)
def test_filters_look_at_the_reading_of_then(shelf: Archive, filters: dict[str, str], titles: list[str]) -> None:
    assert [a.title for a in shelf.articles(as_of=NOW + DAY, **filters)] == titles


def test_a_query_finds_readings_old_and_new_alike(shelf: Archive) -> None:
    assert [a.id for a in shelf.articles(as_of=NOW + 3 * DAY, query="came OR ferry")] == [1, 2]


def test_a_day_means_its_end(shelf: Archive) -> None:
    assert len(list(shelf.articles(as_of="2026-08-22"))) == 1
    assert len(list(shelf.articles(as_of="2026-08-21"))) == 0
    assert len(list(shelf.articles(as_of=datetime(2026, 8, 22, tzinfo=UTC)))) == 0


def test_a_snapshot_does_not_see_what_another_connection_writes(shelf: Archive) -> None:
    with Archive.open(shelf.path, readonly=True) as reader, reader.snapshot():
        before = len(list(reader.articles()))
        shelf.commit(None, [article_visit("https://tern.example/new")], NOW)
        assert len(list(reader.articles())) == before
        with reader.snapshot():
            assert len(list(reader.articles())) == before
    assert len(list(shelf.articles())) == before + 1


def test_the_body_alone_has_no_evidence_and_nothing_left_out(shelf: Archive) -> None:
    whole, body = shelf.revision(1, 1), shelf.revision(1, 1, body_only=True)
    assert body.revision.blocks == tuple(block for block in whole.revision.blocks if block.section is not None)
    assert (body.revision.evidence, body.revision.text) == ((), whole.revision.text)


@pytest.mark.parametrize("damage", ["authors = '[{\"nam\": 1}]'", "tags = '[\"cut o'", "tags = 'null'"])
def test_a_row_that_cannot_be_understood_is_named(shelf: Archive, damage: str) -> None:
    with closing(sqlite3.connect(shelf.path)) as connection, connection:
        connection.execute(f"UPDATE revisions SET {damage} WHERE article_id = 1")
    connection.close()
    with pytest.raises(DamagedRow, match=r"article 1 is damaged .*morgue verify"):
        [shelf.revision(article.id) for article in shelf.articles()]
