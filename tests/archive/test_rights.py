"""What captures say of their use is kept, and respected where it is asked for."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.rights import FORBIDS, HostFile, HostRights, Rights, respected
from archive.timestamps import set_clock
from archive.visit import Outcome, Visit
from tests.archive.samples import LATER, NOW, URL, article_visit, capture, found, revision

OTHER = "https://tern.example/harbour/another-story"
ASKED = HostRights(robots=True)
ALL = Rights(
    noindex=True, noarchive=True, nosnippet=True, noai=True, noimageai=True, unavailable_after=datetime(2026, 12, 24, tzinfo=UTC),
    tdm=True, tdm_policy="https://tern.example/policy.json", ai_train=False, paywalled=True, licence="CC BY 4.0",
    rsl="https://tern.example/license.xml", statements=(("x-robots-tag", "noindex, noarchive"), ("meta robots", "noai")),
    host=HostRights(True, ("CCBot", "GPTBot"), False, "https://tern.example/l.xml", True, "https://tern.example/p", None, None),
)  # fmt: skip


def said(rights: Rights | None, url: str = URL, body: bytes = b"<p>1", **facts: Any) -> Visit:
    visit = article_visit(url, body=body, **facts)
    return replace(visit, captures=(replace(visit.captures[0], rights=rights),))


def allowed(archive: Archive, *names: str, **filters: Any) -> list[str]:
    return [article.url for article in archive.articles(respect=names, **filters)]


def test_all_that_is_said_comes_back(archive: Archive) -> None:
    archive.commit(None, [said(ALL)], NOW)
    assert archive.rights(1) == ALL


def test_where_nobody_looked_there_is_nothing(archive: Archive) -> None:
    archive.commit(None, [said(None)], NOW)
    assert archive.rights(1) is None
    assert allowed(archive, *FORBIDS) == [URL]
    assert archive.count_left_out(["tdm"]) == ({"tdm": 0}, 0, 1)


@pytest.mark.parametrize(
    ("name", "rights"),
    [
        ("noindex", Rights(noindex=True)),
        ("noindex", Rights(unavailable_after=datetime(2020, 1, 1, tzinfo=UTC))),
        ("noarchive", Rights(noarchive=True)),
        ("tdm", Rights(tdm=True)),
        ("tdm", Rights(host=HostRights(tdm=True))),
        ("ai", Rights(noai=True)),
        ("ai", Rights(ai_train=False)),
        ("ai", Rights(host=HostRights(ai_agents=("CCBot",)))),
        ("ai", Rights(host=HostRights(ai_train=False))),
        ("paywall", Rights(paywalled=True)),
    ],
)
def test_each_statement_is_respected_under_its_name_alone(archive: Archive, name: str, rights: Rights) -> None:
    archive.commit(None, [said(rights), article_visit(OTHER, "Free to all.")], NOW)
    assert allowed(archive, name) == [OTHER]
    assert allowed(archive, *(other for other in FORBIDS if other != name)) == [URL, OTHER]
    assert allowed(archive) == [URL, OTHER]
    assert archive.count_left_out([name])[0] == {name: 1}


@pytest.mark.parametrize(
    "rights",
    [
        Rights(),
        Rights(tdm=False, ai_train=True, paywalled=False, host=HostRights(tdm=True)),
        Rights(nosnippet=True, noimageai=True, licence="CC BY", unavailable_after=datetime(2999, 1, 1, tzinfo=UTC)),
        Rights(host=HostRights(robots=False, tdm=False, ai_train=True, rsl="https://tern.example/l.xml")),
    ],
)
def test_what_forbids_nothing_leaves_nothing_out(archive: Archive, rights: Rights) -> None:
    archive.commit(None, [said(rights)], NOW)
    assert allowed(archive, *FORBIDS) == [URL]


@pytest.mark.parametrize(("as_of", "left"), [(NOW, [URL]), (LATER, []), (None, [])])
def test_a_page_runs_out_by_the_moment_looked_back_from_and_else_by_the_clock(
    archive: Archive, as_of: datetime | None, left: list[str]
) -> None:
    set_clock(LATER + timedelta(days=1))
    archive.commit(None, [said(Rights(unavailable_after=LATER))], NOW)
    try:
        assert allowed(archive, "noindex", as_of=as_of) == left
        assert archive.count_left_out(["noindex"], as_of=as_of)[0] == {"noindex": 1 - len(left)}
        assert archive.account(respect=("noindex",), as_of=as_of).forbids == {"noindex": 1 - len(left)}
    finally:
        set_clock(datetime.now(UTC))


def test_the_newest_statement_counts_though_the_reading_is_the_same(archive: Archive) -> None:
    archive.commit(None, [said(Rights())], NOW)
    (kept,) = archive.commit(None, [said(Rights(noarchive=True), body=b"<p>2", fetched=LATER)], LATER)
    assert kept.outcome is Outcome.UNCHANGED
    assert allowed(archive, "noarchive") == []
    archive.commit(None, [said(Rights(), body=b"<p>3", fetched=LATER + timedelta(days=1))], LATER)
    assert allowed(archive, "noarchive") == [URL]


def test_an_older_capture_taken_in_late_does_not_count(archive: Archive) -> None:
    archive.commit(None, [said(Rights(), fetched=LATER)], LATER)
    archive.commit(None, [said(Rights(noarchive=True), body=b"<p>0", fetched=NOW)], LATER)
    assert allowed(archive, "noarchive") == [URL]


def test_a_saved_page_without_its_host_leaves_what_the_host_last_said(archive: Archive) -> None:
    archive.commit(None, [said(Rights(host=HostRights(tdm=True)))], NOW)
    archive.commit(None, [said(Rights(), body=b"<p>2", fetched=LATER)], LATER)
    assert allowed(archive, "tdm") == []
    kept = archive.rights(1)
    assert kept is not None
    assert kept.host == HostRights(tdm=True)


def test_another_address_of_an_article_lifts_nothing(archive: Archive) -> None:
    archive.commit(None, [said(Rights(noarchive=True))], NOW)
    archive.commit(None, [said(Rights(), f"{URL}/print", body=b"<p>2", revision=revision(), fetched=LATER)], LATER)
    assert allowed(archive, "noarchive") == []
    assert archive.rights(1) == Rights(noarchive=True)


def test_a_notice_in_the_place_of_an_article_forbids_and_lifts_nothing(archive: Archive) -> None:
    archive.commit(None, [said(Rights(noarchive=True, ai_train=False, statements=(("meta robots", "noarchive"),)))], NOW)
    notice = said(Rights(tdm=True, ai_train=True, statements=(("tdm-reservation", "1"),)), body=b"<p>Log in", fetched=LATER)
    archive.commit(None, [replace(notice, outcome=Outcome.NOT_AN_ARTICLE, revision=None)], LATER)
    assert allowed(archive, "tdm") == allowed(archive, "noarchive") == allowed(archive, "ai") == []
    both = archive.rights(1)
    assert both is not None
    assert (both.noarchive, both.tdm, both.ai_train, len(both.statements)) == (True, True, False, 2)


def test_any_page_of_an_article_forbids(archive: Archive) -> None:
    visit = article_visit()
    second = replace(capture(f"{URL}?page=2", b"<p>2"), rights=Rights(noarchive=True))
    archive.commit(None, [replace(visit, captures=(replace(visit.captures[0], rights=Rights()), second))], NOW)
    assert allowed(archive, "noarchive") == []


def test_the_paywall_of_a_reading_counts_where_nobody_looked_at_the_rest(archive: Archive) -> None:
    archive.commit(None, [article_visit(revision=revision(URL, paywalled=True))], NOW)
    assert allowed(archive, "paywall") == []


def test_todays_statement_counts_for_earlier_readings_too(archive: Archive) -> None:
    archive.commit(None, [said(Rights())], NOW)
    archive.commit(None, [said(Rights(noarchive=True), body=b"<p>2", fetched=LATER)], LATER)
    assert allowed(archive, as_of=NOW) == [URL]
    assert allowed(archive, "noarchive", as_of=NOW) == []
    assert archive.count_left_out(["noarchive"], as_of=NOW)[1] == 1


def test_it_goes_with_a_query_and_the_other_filters(archive: Archive) -> None:
    archive.commit(None, [said(Rights(tdm=True)), article_visit(OTHER, "The ferry is free.")], NOW)
    assert allowed(archive, "tdm", query="ferry", site="tern.example") == [OTHER]
    assert archive.count_left_out(["tdm", "ai"], query="ferry", site="tern.example") == ({"tdm": 1, "ai": 0}, 1, 1)


def test_an_unknown_name_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="'cookies' is nothing to respect: choose of tdm, noarchive, noindex, ai, paywall"):
        respected(["cookies"])


def test_noindex_of_a_meta_element_is_an_event(archive: Archive) -> None:
    archive.commit(None, [said(Rights())], NOW)
    archive.commit(None, [said(Rights(noindex=True), body=b"<p>2", fetched=LATER)], LATER)
    archive.commit(None, [said(Rights(), body=b"<p>3", fetched=LATER + timedelta(days=1))], LATER)
    assert [event.kind for event in archive.why(URL).events] == ["noindex", "noindex_lifted"]


def test_a_file_of_a_host_has_a_row_for_each_of_its_states(archive: Archive, path: Path) -> None:
    def keep(body: bytes, moment: datetime, kind: str = "robots", status: int = 200) -> int:
        return archive.keep_host_file(HostFile("tern.example", kind, moment, status, body))

    day = timedelta(days=1)
    assert keep(b"A", NOW) == keep(b"A", NOW + day)
    assert keep(b"B", NOW + 2 * day) == 2
    assert keep(b"A", NOW + 3 * day) == 3
    assert keep(b"A", NOW, "tdmrep") == 4
    assert keep(b"", NOW + 4 * day, status=404) == 5
    with closing(sqlite3.connect(path)) as conn, conn:
        rows = conn.execute("SELECT first_fetched, last_fetched, body FROM host_files WHERE id = 1").fetchall()
    conn.close()
    assert rows == [("2026-08-22T10:05:00Z", "2026-08-23T10:05:00Z", b"A")]


def test_a_takedown_takes_the_statements_along(archive: Archive, path: Path) -> None:
    archive.frontier.add([found(URL)], source_id=None, found_on=None, depth=0, run_id=None, now=NOW)
    archive.commit(None, [said(ALL), said(Rights(), OTHER, b"<p>other", revision=revision(OTHER, "Other."))], NOW)
    archive.take_down(URL, "asked for", NOW)
    archive.erase(NOW)
    assert archive.verify() == []
    assert b"policy.json" not in path.read_bytes()
    assert archive.rights(2) == Rights()
