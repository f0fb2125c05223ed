from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.errors import QuerySyntaxError
from archive.pairs import RUN, fill_pairs, pairs_of, pairs_to_find
from archive.search import matching, narrowing, ranking, read_match, read_query
from archive.search.snippets import snippet
from archive.selection import Filters, period
from tests.archive.samples import LATER, NOW, article_visit, revision

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
        ("harbour AND NOT ferry", ["tram"]),
        ("crane OR harbour AND NOT ferry AND NOT strike", ["strike", "tram"]),
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
        match = read_match(query)
    except QuerySyntaxError:
        return
    assert match.pairs
    found = sorted(hit.article.id for hit in newsroom.search(query))
    assert found == [article.id for article in newsroom.articles(query=query)]


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ('night "ferry', "a quote is not closed at character 7, '\"ferry'"),
        ("(night", "one is not closed in '(night'"),
        ("night )ferry", "nothing is open at character 7, ')ferry'"),
        ("ferry OR", "nothing to join follows at character 7, 'OR'"),
        ("night OR OR ferry", "OR has nothing to join before it at character 10"),
        ("night ()", "nothing stands between the brackets at character 8"),
        ("headlin:ferry", "no headlin: to look in, only title:, headline:, dek:, author:, byline:, text:"),
        ("title: pier", "nothing stands right behind title:; to look for the word leave out the colon in 'title: pier'"),
        ("pier Author:", "right behind Author:; to look for the word leave out the colon at character 6, 'Author:'"),
        ("AND NOT pier", "AND has nothing to join before it"),
        ("pier AND NOT", "nothing to join follows at character 10"),
        ("ferry site:tern.example", "to filter use --site"),
        ("(" * 21 + "a", "brackets are more than 20 deep at character 21"),
        ("a " * 251, "more than 250 words"),
    ],
)
def test_the_answer_to_a_mistake_says_what_and_where(newsroom: Archive, query: str, answer: str) -> None:
    with pytest.raises(QuerySyntaxError) as error:
        newsroom.search(query)
    assert answer in str(error.value)


def test_as_many_words_as_are_allowed_are_searched(newsroom: Archive) -> None:
    assert slugs(newsroom, " OR ".join(["ferry"] * 250)) == ["ferry"]
    assert slugs(newsroom, " NOT ".join(["ferry"] + ["crane"] * 249)) == ["ferry"]
    assert slugs(newsroom, "ferry NOT crane AND harbour OR (" * 20 + "ferry" + ")" * 20) == ["ferry"]


def test_an_address_and_a_time_are_text(newsroom: Archive) -> None:
    assert slugs(newsroom, "https://tern.example") == []
    assert slugs(newsroom, "12:30") == []


@pytest.fixture
def library(newsroom: Archive) -> Archive:
    keep(
        newsroom,
        "tokyo",
        "私は東京都の図書館へ行った。iPhone発売 with a ferry.",
        title="東京の図書館",
        dek=None,
        byline="記者 山田太郎",
    )
    keep(newsroom, "kyoto", "京都は古い。図書を読む。", title="京都", dek=None, byline=None)
    keep(newsroom, "bangkok", "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย", title="กรุงเทพ", dek=None, byline=None)
    keep(newsroom, "seoul", "그는 서울에서 살았다.", title="서울", dek=None, byline=None)
    keep(newsroom, "cjk-free", "Nothing of the kind; a café.", title="Plain", dek=None, byline=None)
    return newsroom


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("図書館", ["tokyo"]),
        ("図書", ["kyoto", "tokyo"]),
        ("京都", ["kyoto", "tokyo"]),
        ("title:京都", ["kyoto"]),
        ("館", ["tokyo"]),
        ("古", ["kyoto"]),
        ("古い", ["kyoto"]),
        ("い図", []),
        ("author:山田", ["tokyo"]),
        ("เมืองหลวง", ["bangkok"]),
        ("ประเทศ", ["bangkok"]),
        ("서울", ["seoul"]),
        ("図書館 ferry", ["tokyo"]),
        ("図書 NOT ferry", ["kyoto"]),
        ("ferry NOT 図書館", ["ferry"]),
        ("crane OR 京都", ["kyoto", "strike", "tokyo"]),
        ("iphone", ["tokyo"]),
        ("iPhone発売", ["tokyo"]),
        ('"東京都の図書館"', ["tokyo"]),
        ('"へ行った iphone"', ["tokyo"]),
        ("ｉｐｈｏｎｅ", ["tokyo"]),
        ("cafe", ["cjk-free"]),
    ],
)
def test_scripts_without_spaces_are_searched(library: Archive, query: str, expected: list[str]) -> None:
    assert slugs(library, query) == expected
    assert sorted(article.url.rpartition("/")[2] for article in library.articles(query=query)) == expected


def test_the_snippet_shows_the_text_as_it_was(library: Archive) -> None:
    assert "東京都の[[図書館]]へ行った" in library.search("図書館")[0].snippet
    assert "그는 [[서울]]에서 살았다." in library.search("서울")[0].snippet


def test_a_changed_article_is_found_by_its_new_pairs_alone(library: Archive, path: Path) -> None:
    url = f"{SITE}/kyoto"
    changed = revision(url, "大阪は広い。", title="大阪", dek=None, byline=None)
    library.commit(None, [article_visit(url, body=b"<html>new", revision=changed, fetched=LATER)], LATER)
    assert slugs(library, "大阪") == ["kyoto"]
    assert slugs(library, "古い") == []
    plain = revision(url, "Osaka is wide.", title="Osaka", dek=None, byline=None)
    library.commit(None, [article_visit(url, body=b"<html>newer", revision=plain, fetched=LATER)], LATER)
    assert slugs(library, "大阪") == []
    assert slugs(library, "osaka") == ["kyoto"]


def test_articles_deleted_or_changed_with_plain_sql_leave_no_pairs(library: Archive, path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        conn.execute("UPDATE articles SET text = 'gone' WHERE url LIKE '%kyoto'")
        conn.execute("DELETE FROM articles WHERE url LIKE '%seoul'")
        conn.commit()
        assert conn.execute("SELECT count(*) FROM pairs").fetchone() == (2,)
        for index in ("articles_fts", "titles_fts", "pairs_fts"):
            conn.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
    assert slugs(library, "서울") == slugs(library, "古い") == []


def test_missing_pairs_are_filled(library: Archive, path: Path) -> None:
    with closing(sqlite3.connect(path)) as conn:
        before = conn.execute("SELECT * FROM pairs ORDER BY 1").fetchall()
        conn.execute("DELETE FROM pairs")
        assert fill_pairs(conn) == len(before) == 4
        assert fill_pairs(conn) == 0
        assert conn.execute("SELECT * FROM pairs ORDER BY 1").fetchall() == before


@given(st.text(st.sampled_from("東京都図書館ab .。"), min_size=1, max_size=12), st.data())
def test_every_part_of_a_run_is_found_as_a_phrase_of_pairs(text: str, data: st.DataObject) -> None:
    runs = RUN.findall(text)
    if not runs:
        return
    run = data.draw(st.sampled_from(runs))
    start = data.draw(st.integers(0, len(run) - 1))
    part = run[start : data.draw(st.integers(start + 1, len(run)))]
    phrase, prefix = pairs_to_find(part)
    held, looked_for = pairs_of(text).split(), phrase.split()
    assert any(
        held[at : at + len(looked_for)] == looked_for or (prefix and held[at].startswith(looked_for[0]))
        for at in range(len(held))
    )


@pytest.fixture
def many(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """Forty articles, and a search that ranks no more than ten of them."""
    for limit, value in {"RANKED": 10, "RANKED_AT_LEAST": 5, "RANKED_FILTERED": 10, "NEWEST": 5, "MARKED": 5, "RARE": 3}.items():
        monkeypatch.setattr(ranking, limit, value)
    for number in range(40):
        words = ["common", "word", *(["rare"] if number == 1 else []), *(["東京都"] if number % 8 == 0 else [])]
        title = "A common title" if number == 2 else f"Number {number}"
        keep(archive, str(number), " ".join(words), title=title, byline=None, dek=None)
    return archive


def test_of_many_hits_the_most_promising_are_ranked(many: Archive) -> None:
    result = many.find("common", limit=3)
    assert (result.total, result.exact) == (40, True)
    assert result.ranked < 40
    assert result.hits[0].article.title == "A common title"


def test_a_rare_word_is_found_among_many_hits_of_another(many: Archive) -> None:
    result = many.find("common OR rare", limit=3)
    assert result.ranked < 35 <= result.total <= 45
    assert "rare" in result.hits[0].article.text


def test_every_hit_is_ranked_when_asked_for(many: Archive) -> None:
    result = many.find("common", limit=3, every=True)
    assert (result.ranked, result.total, result.exact, len(result.hits)) == (40, 40, True, 3)


def test_a_limit_beyond_what_is_ranked_gives_them_all(many: Archive) -> None:
    assert len({hit.article.id for hit in many.find("common", limit=100).hits}) == 40


def test_many_hits_are_estimated_where_counting_would_take_long(many: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "COUNTED", 20)
    result = many.find("common", limit=3)
    assert not result.exact
    assert 30 <= result.total <= 50


def test_hits_of_words_too_common_to_rank_come_newest_first(many: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "COMMON", 20)
    hits = many.find("word NOT 東京都", limit=3).hits
    assert [hit.article.url.rpartition("/")[2] for hit in hits] == ["39", "38", "37"]
    assert [hit.article.id for hit in many.find("word rare", limit=3).hits] == [2]


@pytest.mark.parametrize("filters", [{"site": "tern.example"}, {"author": "mai"}, {"since": "2026-08"}, {"lang": "EN"}])
@pytest.mark.parametrize(("few", "probe"), [(0, 0), (100, 0), (100, 1e9)])
def test_filters_hold_however_few_articles_pass(
    many: Archive, monkeypatch: pytest.MonkeyPatch, filters: dict[str, str], few: int, probe: float
) -> None:
    monkeypatch.setattr(narrowing, "FEW", few)
    monkeypatch.setattr(matching, "PROBE", probe)
    monkeypatch.setattr(matching, "STREAMED_AT_ONCE", 7)
    monkeypatch.setattr(matching, "PROBED_AT_ONCE", 7)
    assert many.find("common", every=True, **{"lang": "en", "site": "tern.example"} | filters).total == 40
    assert many.find("common", every=True, **filters).total == 40
    assert 35 <= many.find("common", **filters).total <= 45
    assert many.find("common", until="2026-08-21", **filters).total == 0


DATES = ("2026", "2026-08", "2026-08-22", "2026-08-22T23:30:00+14:00", "2026-08-22T00:30:00-11:00", "1000")


@pytest.fixture
def dated(archive: Archive) -> Archive:
    for number, published in enumerate(DATES):
        earliest, latest = (f"{end}+00:00" for end in period(published))
        keep(archive, str(number), "common", published=published, published_earliest=earliest, published_latest=latest)
    return archive


@given(st.dates(date(2026, 8, 15), date(2026, 9, 5)) | st.dates(date(1, 1, 2), date(9990, 1, 1)), st.integers(-1, 60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_dates_let_the_same_articles_pass_in_search_and_export(dated: Archive, day: date, days: int) -> None:
    since, until = day.isoformat(), (day + timedelta(days=days)).isoformat()
    for filters in ({"since": since}, {"until": until}, {"since": since, "until": until, "site": "tern.example"}):
        found = sorted(hit.article.id for hit in dated.search("common", **filters))
        assert found == [article.id for article in dated.articles(query="common", **filters)]


def test_a_query_of_one_field_uses_the_small_index(library: Archive) -> None:
    tables = [index.table for index in ranking.indexes(library._db, read_query("title:ferry author:ada"), Filters())]
    assert tables == ["pairs_fts", "titles_fts"]


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ("cafe", "Un CAFÉ noir", "Un [[CAFÉ]] noir"),
        ('"night ferry"', "The night-ferry, a night.", "The [[night-ferry]], a night."),
        ("ferr*", "Ferries and a ferry", "[[Ferr]]ies and a [[ferr]]y"),
        ("zebra", "one two", "one two"),
        ("b NOT a", "a b", "a [[b]]"),
        ("title:x", "x y", "x y"),
        ("a", "", ""),
    ],
)
def test_a_snippet_marks_what_was_looked_for(query: str, text: str, shown: str) -> None:
    assert snippet(read_query(query), None, None, None, text) == shown


def test_a_snippet_is_cut_at_words_around_most_of_what_was_looked_for() -> None:
    text = " ".join(["ferry", *(f"w{n}" for n in range(50)), "night", "ferry", *(f"v{n}" for n in range(50))])
    shown = snippet(read_query("night ferry"), None, None, None, text)
    assert "[[night]] [[ferry]]" in shown
    assert shown.startswith("…w")
    assert shown.endswith("…")
    assert len(shown.split()) == 24


@given(st.text(max_size=60), st.text(st.sampled_from("abé東京 *"), min_size=1, max_size=5))
def test_a_snippet_is_a_part_of_the_text(text: str, query: str) -> None:
    try:
        tree = read_query(query)
    except QuerySyntaxError:
        return
    shown = snippet(tree, None, None, None, text)
    if "[[" not in text and "]]" not in text:
        assert shown.replace("[[", "").replace("]]", "").strip("…") in text
