from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.errors import QuerySyntaxError
from archive.search import fts_query
from tests.archive.samples import NOW, article_visit, revision

SITE = "https://tern.example"


def keep(archive: Archive, slug: str, *paragraphs: str, **facts: object) -> None:
    url = f"{SITE}/{slug}"
    archive.commit(None, [article_visit(url, revision=revision(url, *paragraphs, **facts))], NOW)


@pytest.fixture
def newsroom(archive: Archive) -> Archive:
    keep(archive, "ferry", "The night ferry left the harbour.", title="Ferry leaves", dek=None)
    keep(archive, "tram", "A tram stood by the harbour at night.", title="Tram stands", byline="By Ada Lind", dek=None)
    keep(
        archive, "strike", "Nobody's state-of-the-art crane moved; C++ was blamed.", title="Strike", byline=None, dek="Élan wins"
    )
    return archive


def slugs(archive: Archive, query: str) -> list[str]:
    return sorted(hit.article.url.rpartition("/")[2] for hit in archive.search(query))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("harbour night", ["ferry", "tram"]),
        ("harbour ferry", ["ferry"]),
        ('"night ferry"', ["ferry"]),
        ('"ferry night"', []),
        ("ferr*", ["ferry"]),
        ('"the harb"*', ["ferry", "tram"]),
        ("ferry OR crane", ["ferry", "strike"]),
        ("harbour NOT ferry", ["tram"]),
        ("night AND (tram OR crane)", ["tram"]),
        ("title:strike", ["strike"]),
        ("title:harbour", []),
        ("author:lind harbour", ["tram"]),
        ("author:(ada lind)", ["tram"]),
        ("dek:elan", ["strike"]),
        ("state-of-the-art", ["strike"]),
        ("nobody's", ["strike"]),
        ("c++ & blamed", ["strike"]),
        ("harbour: tram", ["tram"]),
        ("HARBOUR not", []),
    ],
)
def test_what_people_type_finds_what_they_mean(newsroom: Archive, query: str, expected: list[str]) -> None:
    assert slugs(newsroom, query) == expected


@pytest.mark.parametrize(
    "query", ["", "  ", "&", '"open', "(a", "a)", ")a(", "a OR", "NOT a", "a AND OR b", "title:()", "()", "OR"]
)
def test_what_cannot_be_parsed_is_answered_with_an_example(newsroom: Archive, query: str) -> None:
    with pytest.raises(QuerySyntaxError, match=r"for example: harbour"):
        newsroom.search(query)
    with pytest.raises(QuerySyntaxError):
        newsroom.articles(query=query)


def test_a_match_in_the_title_counts_more(archive: Archive) -> None:
    keep(archive, "body", "The harbour is big.", title="A thing")
    keep(archive, "title", "The thing is big.", title="A harbour")
    hits = archive.search("harbour")
    assert [hit.article.url for hit in hits] == [f"{SITE}/title", f"{SITE}/body"]
    assert hits[0].score > hits[1].score


def test_the_snippet_marks_what_matched(newsroom: Archive) -> None:
    assert "[[crane]]" in newsroom.search("crane")[0].snippet


def test_limit_is_kept(newsroom: Archive) -> None:
    assert len(newsroom.search("harbour", limit=1)) == 1


@given(st.text(st.sampled_from("ab \"()*:-+^{}~'\\,NOT ORAND title"), max_size=25) | st.text(max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_is_searched_or_refused_as_a_query(newsroom: Archive, query: str) -> None:
    try:
        expression = fts_query(query)
    except QuerySyntaxError:
        return
    assert expression
    newsroom.search(query)
