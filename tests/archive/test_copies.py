"""Copies are grouped as they arrive, and each group knows which outlet had it first."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive, copies
from archive.connection import writing
from archive.likeness import values_of
from archive.visit import Outcome, Visit
from tests.archive.samples import NOW, capture, revision

SYLLABLES = "ba ke li mo nu ra se ti vo za chi dro fle gru pla sto".split()  # noqa: SIM905


def prose(seed: int, words: int = 200) -> str:
    """A text that shares no run of words with that of another seed."""
    random = Random(seed)
    return " ".join("".join(random.choices(SYLLABLES, k=3)) for _ in range(words)) + "."


def visit(site: str, text: str, *, fetched: datetime = NOW, **facts: Any) -> Visit:
    url = f"https://{site}/{facts.pop('name', 'story')}"
    read = replace(revision(url, text), site=site, text=text, **{"published": None, "published_latest": None, **facts})
    page = capture(url, f"{url} {text}".encode(), fetched)
    return Visit(url, fetched, Outcome.STORED, status=200, captures=(page,), revision=read)


def keep(archive: Archive, *visits: Visit) -> list[int]:
    return [kept.article_id or 0 for kept in archive.commit(None, visits, NOW)]


def groups(path: Path) -> list[set[int]]:
    conn = sqlite3.connect(path)
    found: dict[int, set[int]] = {}
    for article, story in conn.execute("SELECT article_id, story FROM copies"):
        found.setdefault(story, set()).add(article)
    conn.close()
    return sorted(found.values(), key=min)


def names(archive: Archive, article_id: int) -> list[str]:
    return [copy.site for copy in archive.copies(article_id)]


def test_the_same_text_on_two_sites_is_one_story(archive: Archive) -> None:
    first, second, other = keep(archive, visit("a.example", prose(1)), visit("b.example", prose(1)), visit("c.example", prose(2)))
    assert names(archive, first) == names(archive, second) == ["a.example", "b.example"]
    assert archive.copies(second)[1].like_id == first
    assert archive.copies(second)[1].share == 1
    assert archive.copies(other) == ()


@pytest.mark.parametrize(
    "text",
    [
        "LONDON (AP) — " + prose(1),
        prose(7, 60) + " " + prose(1),
        " ".join(prose(1).split()[:130]),
        prose(1).upper(),
        prose(1) + " Follow us for more news, and subscribe to our letter of the day today.",
        prose(1).replace(" ", " \u200b").replace("ba", "ba\u00ad"),
    ],
    ids=["agency line", "own lead", "cut tail", "capitals", "boilerplate", "invisible signs"],
)
def test_a_changed_copy_is_a_copy(archive: Archive, text: str) -> None:
    first, _ = keep(archive, visit("a.example", prose(1)), visit("b.example", text, title="Another headline altogether"))
    assert names(archive, first) == ["a.example", "b.example"]


def test_scripts_without_spaces_are_compared_by_characters(archive: Archive) -> None:
    random = Random(3)
    text = "".join(chr(random.randrange(0x4E00, 0x9000)) for _ in range(300))
    other = "".join(chr(random.randrange(0x4E00, 0x9000)) for _ in range(300))
    first, _, third = keep(archive, visit("a.example", text), visit("b.example", "記者 " + text[:200]), visit("c.example", other))
    assert names(archive, first) == ["a.example", "b.example"]
    assert archive.copies(third) == ()


def test_texts_from_one_mould_are_no_copies(archive: Archive) -> None:
    def report(seed: int) -> str:
        random = Random(seed)
        return " ".join(
            f"Shares of {name} closed at {random.randrange(100, 999)} points in the trading of the day, a change of "
            f"{random.randrange(10, 99)} points on turnover of {random.randrange(1000, 9999)} pieces."
            for name in ("Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel")
        )

    keep(archive, *(visit("a.example", report(day), name=f"day-{day}") for day in range(5)))
    assert groups(archive.path) == []


def test_notices_under_different_headlines_are_no_copies(archive: Archive) -> None:
    notice = "We are sorry, but this page is for subscribers alone. " + prose(4, 50)
    keep(archive, visit("a.example", notice, title="Ferry sinks off Hanko"), visit("a.example", notice, title="Oil up", name="b"))
    assert groups(archive.path) == []


def test_short_texts_are_no_copies(archive: Archive) -> None:
    keep(archive, visit("a.example", prose(1, 30)), visit("b.example", prose(1, 30)), visit("c.example", ""))
    assert groups(archive.path) == []


def test_a_roundup_does_not_make_one_story_of_several(archive: Archive) -> None:
    one, two = prose(1), prose(2)
    keep(archive, visit("a.example", one), visit("b.example", one), visit("c.example", two), visit("d.example", two))
    keep(archive, visit("e.example", f"{one} {two}"))
    assert [len(group & {1, 2, 3, 4}) for group in groups(archive.path)] == [2, 2]


def test_an_arrival_joins_two_stories(archive: Archive) -> None:
    words = prose(1, 300).split()
    front, back = " ".join(words[:200]), " ".join(words[120:])
    keep(archive, visit("a.example", front), visit("b.example", front), visit("c.example", back), visit("d.example", back))
    assert groups(archive.path) == [{1, 2}, {3, 4}]
    keep(archive, visit("e.example", " ".join(words)))
    assert groups(archive.path) == [{1, 2, 3, 4, 5}]


def test_the_first_is_who_was_out_by_the_earliest_moment(archive: Archive) -> None:
    def dated(site: str, latest: str | None, fetched: datetime) -> Visit:
        return visit(site, prose(1), published=latest and latest[:10], published_latest=latest, fetched=fetched)

    (first, *_) = keep(
        archive,
        dated("day.example", "2026-08-20T23:59:59+00:00", NOW),
        dated("minute.example", "2026-08-20T08:00:59+00:00", NOW),
        dated("undated.example", None, NOW - timedelta(days=1)),
        dated("unseen.example", "2026-08-30T08:00:59+00:00", NOW),
    )
    assert names(archive, first) == ["minute.example", "day.example", "undated.example", "unseen.example"]


def test_an_older_capture_makes_its_article_the_first(archive: Archive) -> None:
    first, _ = keep(archive, visit("a.example", prose(1)), visit("b.example", prose(1), fetched=NOW + timedelta(days=2)))
    keep(archive, visit("b.example", prose(1), fetched=NOW - timedelta(days=9)))
    assert names(archive, first) == ["b.example", "a.example"]


def test_a_new_revision_leaves_its_story_and_comes_back(archive: Archive) -> None:
    first, second, _ = keep(archive, *(visit(f"{name}.example", prose(1)) for name in "abc"))
    keep(archive, visit("b.example", prose(9), fetched=NOW + timedelta(days=1)))
    assert names(archive, first) == ["a.example", "c.example"]
    assert archive.copies(second) == ()
    keep(archive, visit("b.example", prose(1), fetched=NOW + timedelta(days=2)))
    assert names(archive, first) == ["a.example", "b.example", "c.example"]


def test_an_older_reading_that_is_taken_in_late_changes_no_story(archive: Archive) -> None:
    first, _ = keep(archive, visit("a.example", prose(1)), visit("b.example", prose(1)))
    keep(archive, visit("b.example", prose(9), fetched=NOW - timedelta(days=1)))
    assert names(archive, first) == ["b.example", "a.example"]


def forget(path: Path, *article_ids: int) -> None:
    with Archive.open(path) as archive, writing(archive._db) as conn:
        for article_id in article_ids:
            copies.forget(conn, article_id)


def test_nothing_of_a_forgotten_article_is_left_in_story_or_index(archive: Archive, path: Path) -> None:
    first, second, third = keep(archive, *(visit(f"{name}.example", prose(1)) for name in "abc"))
    forget(path, first)
    conn = sqlite3.connect(path)
    for table in ("signatures", "signature_values", "copies"):
        assert conn.execute(f"SELECT count(*) FROM {table} WHERE article_id = ?", (first,)).fetchone() == (0,)
    assert conn.execute("SELECT count(*) FROM copies WHERE like_id = ?", (first,)).fetchone() == (0,)
    conn.close()
    assert names(archive, second) == ["b.example", "c.example"]
    forget(path, second)
    assert archive.copies(third) == ()


def test_copies_are_found_after_the_article_that_stood_for_them_is_forgotten(archive: Archive, path: Path) -> None:
    keep(archive, *(visit(f"{name}.example", prose(1)) for name in "abc"))
    forget(path, 1)
    keep(archive, visit("d.example", prose(1)))
    assert groups(path) == [{2, 3, 4}]


def test_forgetting_what_is_not_there_does_nothing(archive: Archive, path: Path) -> None:
    keep(archive, visit("a.example", prose(1)))
    forget(path, 1, 1, 99)
    assert groups(path) == []


def test_a_story_of_many_copies_takes_the_room_of_one_in_the_index(archive: Archive, path: Path) -> None:
    keep(archive, *(visit(f"site{number}.example", prose(1)) for number in range(50)))
    conn = sqlite3.connect(path)
    assert conn.execute("SELECT count(*), count(DISTINCT article_id) FROM signature_values").fetchone() == (16, 1)
    conn.close()
    assert [len(group) for group in groups(path)] == [50]


def test_a_value_has_few_entries_however_many_texts_have_it(archive: Archive, path: Path) -> None:
    mould = prose(1, 100)
    keep(archive, *(visit(f"site{number}.example", f"{mould} {prose(100 + number, 150)}") for number in range(30)))
    conn = sqlite3.connect(path)
    assert groups(path) == []
    assert conn.execute("SELECT max(n) FROM (SELECT count(*) AS n FROM signature_values GROUP BY value)").fetchone() == (
        copies.ENTRIES,
    )
    conn.close()


def test_articles_of_an_older_archive_are_grouped_by_filling(archive: Archive, path: Path) -> None:
    keep(archive, *(visit(f"{name}.example", prose(1)) for name in "ab"), visit("c.example", prose(2)))
    conn = sqlite3.connect(path)
    for table in ("signatures", "signature_values", "copies"):
        conn.execute(f"DELETE FROM {table}")
    conn.commit()
    conn.close()
    with Archive.open(path) as opened, writing(opened._db) as writer:
        assert copies.fill(writer) == 3
        assert copies.fill(writer) == 0
    assert groups(path) == [{1, 2}]


def test_a_text_that_plain_sql_changed_is_looked_at_again(archive: Archive, path: Path) -> None:
    keep(archive, visit("a.example", prose(1)), visit("b.example", prose(1)))
    conn = sqlite3.connect(path)
    conn.execute("UPDATE articles SET text = ? WHERE id = 2", (prose(5),))
    conn.commit()
    conn.close()
    with Archive.open(path) as opened, writing(opened._db) as writer:
        assert copies.fill(writer) == 1
    assert groups(path) == []


def test_a_deleted_article_is_in_no_story(archive: Archive, path: Path) -> None:
    keep(archive, *(visit(f"{name}.example", prose(1)) for name in "abc"))
    conn = sqlite3.connect(path)
    conn.execute("DELETE FROM articles WHERE id = 1")
    conn.commit()
    conn.close()
    assert groups(path) == [{2, 3}]
    keep(archive, visit("d.example", prose(2)), visit("e.example", prose(1)))


def test_the_view_names_the_first(archive: Archive, path: Path) -> None:
    keep(archive, visit("a.example", prose(1)), visit("b.example", prose(1), fetched=NOW - timedelta(days=1)))
    conn = sqlite3.connect(path)
    assert conn.execute("SELECT first_id, site, articles, sites, out_by FROM stories").fetchall() == [
        (2, "b.example", 2, 2, "2026-08-21T10:05:00Z")
    ]
    conn.close()


def selected(archive: Archive, **filters: Any) -> list[str]:
    return [article.site for article in archive.articles(unique=True, **filters)]


@pytest.fixture
def ferry_and_wall(archive: Archive) -> Archive:
    """The ferry on three sites, the second of which had it first, and the wall on one."""
    ferry, wall = prose(1) + " ferry", prose(2) + " wall"
    keep(
        archive,
        visit("a.example", ferry, lang="de"),
        visit("b.example", "Own lead: zeppelins. " + ferry, fetched=NOW - timedelta(days=1)),
        visit("c.example", ferry.replace(" ferry", ""), fetched=NOW - timedelta(hours=1)),
        visit("c.example", wall, name="wall", title="Harbour wall repaired"),
    )
    return archive


def test_unique_selects_the_first_of_each_story(ferry_and_wall: Archive) -> None:
    assert selected(ferry_and_wall) == ["b.example", "c.example"]


def test_unique_means_the_first_among_those_that_are_selected(ferry_and_wall: Archive) -> None:
    assert selected(ferry_and_wall, site="c.example") == ["c.example", "c.example"]
    assert selected(ferry_and_wall, lang="de") == ["a.example"]
    assert selected(ferry_and_wall, query="ferry OR wall") == ["b.example", "c.example"]
    assert selected(ferry_and_wall, query="ferry NOT zeppelins") == ["c.example"]
    assert selected(ferry_and_wall, as_of=NOW - timedelta(minutes=30)) == ["b.example"]
    assert selected(ferry_and_wall, as_of=NOW - timedelta(minutes=30), query="ferry NOT zeppelins") == ["c.example"]
    assert selected(ferry_and_wall, limit=1) == ["b.example"]


def test_a_search_for_unique_stories_shows_the_best_of_each_and_counts_stories(ferry_and_wall: Archive) -> None:
    assert ferry_and_wall.find("ferry OR wall", limit=1).total == 4
    found = ferry_and_wall.find("ferry OR wall", unique=True, limit=1)
    assert (found.total, found.exact, len(found.hits)) == (2, True, 1)
    assert [hit.article.site for hit in ferry_and_wall.search("zeppelins", unique=True)] == ["b.example"]
    assert len(ferry_and_wall.find("ferry OR wall", unique=True, every=True).hits) == 2
    assert ferry_and_wall.find("nothing", unique=True).total == 0


def test_stats_count_stories_and_the_copies_of_each_site(ferry_and_wall: Archive) -> None:
    stats = ferry_and_wall.stats()
    assert (stats.articles, stats.stories) == (4, 2)
    assert {site.site: site.copies for site in stats.sites} == {"a.example": 1, "b.example": 0, "c.example": 1}


def test_why_names_the_copies(ferry_and_wall: Archive) -> None:
    why = ferry_and_wall.why("https://a.example/story")
    assert [copy.site for copy in why.copies] == ["b.example", "c.example", "a.example"]
    assert ferry_and_wall.why("https://c.example/wall").copies == ()


STEPS = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.booleans()), min_size=1, max_size=14)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None)
def test_index_and_stories_agree_whatever_happens(steps: Sequence[tuple[int, int, bool]], tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("steps") / "morgue.db"
    with Archive.create(path) as archive:
        for minute, (site, text, gone) in enumerate(steps):
            moment = datetime(2026, 8, 22, tzinfo=UTC) + timedelta(minutes=minute)
            (article,) = keep(archive, visit(f"site{site}.example", prose(text, 60), fetched=moment))
            if gone:
                with writing(archive._db) as conn:
                    copies.forget(conn, article)
        conn = archive._db.conn
        signed = conn.execute("SELECT article_id, signature FROM signatures").fetchall()
        entries = set(conn.execute("SELECT value, article_id FROM signature_values"))
        stories = dict(conn.execute("SELECT article_id, story FROM copies"))
        assert {article for _, article in entries} <= {article for article, _ in signed}
        for article, signature in signed:
            alike = {other for other, copy in signed if copy == signature}
            assert len({stories.get(other) for other in alike}) == 1
            assert (stories.get(article) is not None) == (len(alike) > 1)
            assert all({(value, other) for other in alike} & entries for value in values_of(signature))
