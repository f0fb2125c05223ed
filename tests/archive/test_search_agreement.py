"""The quick ways of search against a full evaluation, on an archive whose common words are as good as everywhere."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.search import matching, planning, ranking, read_query
from archive.search.expression import fts_expression, leaves, wanted
from archive.search.narrowing import narrow
from archive.search.planning import Frequencies, planned
from archive.selection import Filters, period
from pipelines.dates.relative import resolve
from tests.archive.samples import NOW, article_visit, revision

ARTICLES = 160
WORDS = ("the", "of", "and", "ferry", "harbour", "tram", "strike", "élan", "図書館")
SHARES = (0.97, 0.9, 0.6, 0.3, 0.2, 0.1, 0.05, 0.1, 0.1)
SITES = ("tern.example", "gull-post.example", "tern.example")
DATES = ("2023", "2024-02", "2024-02-29", "2024-03-01T00:30:00+14:00", "2024-12-31T23:00:00-11:00", "2025-01-01", None)

SMALL: dict[object, dict[str, float]] = {
    ranking: {
        "RANKED": 12, "RANKED_AT_LEAST": 6, "RANKED_FILTERED": 9, "NEWEST": 5, "LOOKED_THROUGH": 20, "COMMON": 100, "COSTLY": 60,
        "MARKED": 4, "RARE": 5, "COUNTED": 20, "COUNTED_GATE": 30,
    },
    matching: {"STREAMED_AT_ONCE": 7, "PROBED_AT_ONCE": 7, "COMMON": 100},
    planning: {"SAMPLE": 10, "COUNTED": 40, "SPREAD": 50},
}  # fmt: skip
"""Limits so low that this archive is a large one."""


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    chance = random.Random(7)
    with Archive.create(tmp_path_factory.mktemp("agreement") / "morgue.db") as kept:
        for number in range(ARTICLES):
            url = f"https://{chance.choice(SITES)}/{number}"
            text = [word for word, share in zip(WORDS, SHARES, strict=True) for _ in range(3) if chance.random() < share]
            chance.shuffle(text)
            published = chance.choice(DATES)
            facts = {"title": " ".join(text[:2]) or None, "dek": None, "byline": None, "lang": chance.choice(["en", "fr", None])}
            facts |= {"published": published, "published_earliest": None, "published_latest": None} | ends(published)
            kept.commit(
                None, [article_visit(url, body=url.encode(), revision=revision(url, " ".join(text) or "-", **facts))], NOW
            )
        yield kept


def ends(published: str | None) -> dict[str, str]:
    """First and last moment of a date."""
    if published is None:
        return {}
    first, last = period(published)
    return {"published_earliest": f"{first}+00:00", "published_latest": f"{last}+00:00"}


@pytest.fixture(params=["as it is", "low limits"])
def limited(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "low limits":
        for module, limits in SMALL.items():
            for name, value in limits.items():
                monkeypatch.setattr(module, name, value)
    return str(request.param)


words = st.sampled_from(WORDS) | st.sampled_from(["fer*", "title:ferry", "title:the", "text:of", "nowhere"])
phrases = st.lists(st.sampled_from(WORDS[:7]), min_size=2, max_size=3).map(lambda some: f'"{" ".join(some)}"')
queries = st.recursive(
    words | phrases,
    lambda part: st.tuples(part, st.sampled_from([" ", " OR ", " NOT "]), part).map(lambda parts: f"({''.join(parts)})"),
    max_leaves=5,
)
days = st.sampled_from(["2022", "2023", "2024", "2024-02", "2024-03", "2024-02-29", "2024-03-01", "2024-12-31", "2025", "2026"])
filters: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.fixed_dictionaries(
    {},
    optional={
        "site": st.sampled_from(["tern.example", "gull-post.example", "other.example"]),
        "lang": st.sampled_from(["en", "FR", "de"]),
        "since": days,
        "until": days,
        "author": st.sampled_from(["ada", "nobody"]),
    },
)


@example("(the NOT fer*)", {"until": "2024"}, 14)
@example("fer*", {"lang": "en", "since": "2024-03"}, 12)
@given(queries, filters, st.integers(1, 30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=300)
def test_what_is_found_quickly_is_what_a_full_evaluation_finds(
    archive: Archive, limited: str, query: str, filters: dict[str, Any], limit: int
) -> None:
    full = [article.id for article in archive.articles(query=query, **filters)]
    every = archive.find(query, limit=ARTICLES, every=True, **filters)
    assert sorted(hit.article.id for hit in every.hits) == full
    quick = archive.find(query, limit=limit, **filters)
    found = [hit.article.id for hit in quick.hits]
    assert set(found) <= set(full)
    assert len(set(found)) == len(found) == min(limit, len(full))
    assert quick.total == len(full) if quick.exact else quick.total >= len(found)
    if limited == "as it is":
        assert quick.exact
        assert quick.ranked == len(full)


@given(queries)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None)
def test_a_planned_query_finds_the_same(archive: Archive, limited: str, query: str) -> None:
    tree = read_query(query)
    found = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid"
    conn = archive._db.conn
    plan = planned(tree, Frequencies(archive._db, "articles_fts"))
    asked = [conn.execute(found, (fts_expression(one),)).fetchall() for one in (tree, plan)]
    assert asked[0] == asked[1]


@pytest.mark.parametrize("query", ["ferry", "ferry harbour", '"harbour ferry"', "tram OR strike"])
def test_few_hits_come_in_the_order_of_their_scores(archive: Archive, query: str) -> None:
    assert all(leaf.text not in ("the", "of") for leaf in leaves(wanted(read_query(query))))
    full, quick = (archive.find(query, limit=20, every=every) for every in (True, False))
    assert [hit.article.id for hit in quick.hits] == [hit.article.id for hit in full.hits]


def test_a_costly_phrase_is_scored_as_bm25_scores_it(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    full = archive.find('"the of"', limit=40, every=True).hits
    monkeypatch.setattr(ranking, "COSTLY", 1)
    quick = archive.find('"the of"', limit=40).hits
    assert [hit.article.id for hit in quick] == [hit.article.id for hit in full]


@pytest.fixture(scope="module")
def told_ago(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Articles dated by a time ago, whose possible moments reach beyond what is printed; half of them are in both indexes."""
    fetches = (datetime(2026, 3, 8, 0, 10, tzinfo=UTC), datetime(2025, 12, 31, 23, 50, tzinfo=UTC))
    units = ("hour", "day", "week", "month", "year")
    with Archive.create(tmp_path_factory.mktemp("ago") / "morgue.db") as kept:
        for number, (fetched, unit, ago) in enumerate(itertools.product(fetches, units, (1, 2, 6))):
            date = resolve(ago, unit, fetched)
            assert date is not None
            facts = {"published": date.text, "published_precision": date.precision, "published_basis": "relative"}
            facts |= {"published_earliest": date.earliest.isoformat(), "published_latest": date.latest.isoformat()}
            url, text = f"https://tern.example/{number}", "ferry 図書館" if number % 2 else "ferry harbour"
            kept.commit(None, [article_visit(url, body=url.encode(), revision=revision(url, text, **facts))], NOW)
        yield kept


moments = st.datetimes(datetime(2019, 1, 1), datetime(2026, 4, 1), timezones=st.just(UTC)) | days  # noqa: DTZ001


@example({"until": datetime(2024, 10, 1, tzinfo=UTC)})  # "1 year ago", printed 2025, is perhaps of 2024
@example({"since": datetime(2026, 1, 10, tzinfo=UTC)})  # and "1 month ago", printed 2025-11, perhaps of December
@given(st.fixed_dictionaries({}, optional={"since": moments, "until": moments}))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None, max_examples=200)
def test_a_time_ago_passes_the_same_dates_in_search_and_lists(told_ago: Archive, limited: str, filters: dict[str, Any]) -> None:
    full = [article.id for article in told_ago.articles(query="ferry", **filters)]
    assert sorted(hit.article.id for hit in told_ago.find("ferry", limit=99, every=True, **filters).hits) == full
    every = [article.id for article in told_ago.articles()]
    passing = narrow(told_ago._db, Filters(**filters)).passing(told_ago._db, every)
    assert passing == [article.id for article in told_ago.articles(**filters)]
