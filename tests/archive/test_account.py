from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from archive import Archive
from archive.rights import Rights
from tests.archive.samples import LATER, NOW, URL, article_visit, capture, revision


def keep(archive: Archive, number: int, *, fetched=NOW, rights: Rights | None = None, **facts) -> None:
    url = f"https://tern.example/{number}"
    page = replace(capture(url, url.encode(), fetched), rights=rights)
    read = revision(url, f"Story {number} is about a dredger.", **facts)
    archive.commit(None, [article_visit(url, fetched=fetched, captures=(page,), revision=read)], fetched)


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """Five articles: plain, undated, old, reserved and German; and a sixth that came a day later."""
    undated = dict.fromkeys(("published", "published_precision", "published_earliest", "published_latest"))
    old = {
        "published": "2001",
        "published_earliest": "2001-01-01T00:00:00+00:00",
        "published_latest": "2001-12-31T23:59:59+00:00",
    }
    keep(archive, 1)
    keep(archive, 2, **undated)
    keep(archive, 3, **old)
    keep(archive, 4, rights=Rights(tdm=True, noarchive=True))
    keep(archive, 5, lang="de")
    keep(archive, 6, fetched=LATER)
    return archive


def test_every_article_is_left_out_for_one_reason_or_selected(filled: Archive) -> None:
    query = {"lang": "en", "since": "2010", "respect": ("tdm", "noarchive"), "as_of": NOW}
    account = filled.account(**query)
    assert (account.known, account.other, account.undated, account.out_of_period, account.forbidden) == (5, 1, 1, 1, 1)
    assert account.selected == len(list(filled.articles(**query))) == 1
    assert account.forbids == {"tdm": 1, "noarchive": 1}


def test_what_was_never_looked_at_is_counted(filled: Archive) -> None:
    assert filled.account(respect=("tdm",)).unread == 5
    assert filled.account().unread == 0


def test_only_what_was_there_at_the_moment_is_counted(filled: Archive) -> None:
    assert filled.account(as_of=NOW).known == 5
    assert filled.account(as_of=NOW).outcomes == {"stored": 5}
    assert filled.account().known == 6
    assert filled.account(as_of=NOW - timedelta(days=1)).known == 0


def test_a_query_selects_in_todays_and_in_earlier_readings(filled: Archive) -> None:
    changed = article_visit(
        "https://tern.example/1", body=b"x", fetched=LATER, revision=revision("https://tern.example/1", "New.")
    )
    filled.commit(None, [changed], LATER)
    for as_of, selected in ((NOW, 5), (None, 5), (LATER, 5)):
        account = filled.account(query="dredger", as_of=as_of)
        assert (account.selected, account.known - account.other) == (selected, selected)
    assert filled.account(query='"Story 1"', as_of=NOW).selected == 1
    assert filled.account(query='"Story 1"').selected == 0


def test_copies_are_counted_where_only_unique_stories_are_asked_for(archive: Archive) -> None:
    body = [f"The harbour master said on day {n} that boat {n} would sail at {n} o'clock to island {n * 7}." for n in range(30)]
    for number in (1, 2):
        url = f"https://tern.example/copy-{number}"
        archive.commit(None, [article_visit(url, revision=revision(url, *body))], NOW)
    assert (archive.account(unique=True).copies, archive.account(unique=True).selected) == (1, 1)
    assert archive.account().copies == 0


def test_what_was_taken_down_is_counted(filled: Archive) -> None:
    filled.take_down(2, "asked for", LATER)
    assert (filled.account(as_of=NOW).taken_down, filled.account(as_of=NOW).known) == (1, 4)


def test_what_articles_were_read_with_is_told(filled: Archive) -> None:
    (reading,) = filled.account(as_of=NOW).readings
    assert (reading.reader, reading.packages, reading.articles) == ("1", None, 5)


def test_an_empty_archive_has_an_account(archive: Archive) -> None:
    account = archive.account(since="2020", query="boat", unique=True, respect=("tdm",))
    assert (account.known, account.selected, account.readings, account.outcomes) == (0, 0, (), {})


def test_a_name_that_is_not_known_is_refused(archive: Archive) -> None:
    with pytest.raises(ValueError, match="nothing to respect"):
        archive.account(respect=("manners",))


def test_an_article_of_many_captures_counts_once(archive: Archive) -> None:
    archive.commit(None, [article_visit(), article_visit(body=b"2", fetched=LATER, revision=revision(URL, "Changed."))], LATER)
    assert archive.account(as_of=LATER).known == archive.account().known == 1
