"""Reading kept captures again: what changes, what stays, and what is told before."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive, lineage
from archive.rereading import Job, Rereading, Staged, pack_rights, unpack_rights
from archive.rereading.rereading import TAKE
from archive.rereading.staged import STAGED_COLUMNS
from archive.revision import ReadWith, Revision
from archive.rights import HostRights, Rights
from archive.selection import Filters
from archive.visit import Outcome, Visit
from crawler import reextract as module
from crawler.reextract import Request, Rules, reextract
from crawler.reextract_report import Report
from crawler.when import parse_when
from pipelines.article import Judges
from pipelines.item import Response
from pipelines.site import SITES_OWN
from pipelines.stages.extract import read_responses
from pipelines.trees import Trees
from pipelines.version import READER

NOW = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
STORIES = {
    "eels": "The ferry to the outer islands stopped on Monday, when its engine was found to be full of eels, {} said.",
    "wall": "The harbour wall was mended over the winter by masons who had learnt the trade from their mothers, {} said.",
    "lamp": "The lamp of the old lighthouse was lit again on Saturday after nine years in the dark, {} told the council.",
    "gulls": "Gulls have taken over the roof of the town hall, and nobody in the office of works knows a remedy, {} said.",
    "choir": "The choir of the fishermen sang for the last time in the old net shed before it is pulled down, {} recalled.",
}
FURTHER = (
    "Nobody could say how long it would take, and the council meets again on Thursday to hear what has been found so far.",
    "Those who were there spoke of a long evening with buckets, lanterns and a great deal of tea, and went home content.",
    "The company has promised an answer by the end of the month; until then the old timetable holds for everybody.",
)
APPEAL = "The Lantern lives on its readers: whoever gives three crowns a month keeps the presses warm through the winter."
NEW_RULES = Rules("next", ReadWith.of({"lxml": "9"}, {}))


def page(name: str, *, appeal: bool = False, title: str | None = None) -> bytes:
    paragraphs = [STORIES[name].format("the mayor"), *(f"{text} So it is with {name}." for text in FURTHER)]
    if appeal:
        paragraphs.insert(2, APPEAL)
    title = title or f"What became of the {name}"
    facts = {"@type": "NewsArticle", "headline": title, "datePublished": "2026-09-14", "author": {"name": "Mara Lindqvist"}}
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f'<html lang="en"><head><title>{title}</title><script type="application/ld+json">{json.dumps(facts)}</script></head>'
        f"<body><article><h1>{title}</h1><p>By Mara Lindqvist</p>{body}</article></body></html>"
    ).encode()


def address(name: str) -> str:
    return f"https://lantern.example/2026/{name}"


def visit(
    name: str,
    body: bytes,
    fetched: datetime = NOW,
    outcome: Outcome = Outcome.STORED,
    doctor: Callable[[Revision], Revision] = lambda r: r,
) -> Visit:
    """The visit that fetching the page made, the reading altered as by rules that knew less."""
    reading = read_responses((Response(address(name), fetched, 200, (("Content-Type", "text/html"),), body),))
    revision = doctor(reading.revision) if reading.revision is not None else None
    return Visit(
        address(name), fetched, outcome, captures=reading.captures, status=200,
        revision=None if outcome is Outcome.NOT_AN_ARTICLE else revision,
    )  # fmt: skip


def fill(path: Path, visits: Iterable[Visit]) -> Path:
    with Archive.create(path) as archive:
        for one in visits:
            archive.commit(None, [one], one.fetched)
    return path


def rows(path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as conn, conn:
        return conn.execute(query).fetchall()


def dump(path: Path, *, without: tuple[str, ...] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables; moments of reading, and re-extractions, only where asked for."""
    tables = [name for (name,) in rows(path, "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%STRICT%'")]
    found = {}
    for table in tables:
        columns = [row[1] for row in rows(path, f"PRAGMA table_info({table})") if row[1] not in without]
        if columns and table not in without:
            found[table] = sorted(rows(path, f"SELECT {', '.join(columns)} FROM {table}"), key=repr)
    return found


def check(path: Path) -> list[Any]:
    with Archive.open(path) as archive:
        return archive.verify()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "morgue.db"


def without_dek(revision: Revision) -> Revision:
    return replace(revision, reader="1", read_with=None, title=None)


def test_the_same_rules_change_nothing(path: Path) -> None:
    fill(path, [visit(name, page(name)) for name in STORIES])
    before = dump(path)
    report = reextract(Request(path))
    assert (report.read, report.changes(), report.losses()) == (0, 0, [])
    after = dump(path)
    assert len(after.pop("reextractions")) == 1
    assert after == {name: kept for name, kept in before.items() if name != "reextractions"}


def test_what_other_rules_read_gains_takes_the_place_of_the_revision(path: Path) -> None:
    fill(path, [visit("eels", page("eels"), doctor=without_dek)])
    report = reextract(Request(path))
    assert report.sites["lantern.example"].fields["title"].gained == 1
    with Archive.open(path) as archive:
        stored = archive.revision(1)
        assert (stored.number, stored.revision.title, archive.article(1).title) == (1, *["What became of the eels"] * 2)
        assert [hit.article.id for hit in archive.search("title:eels")] == [1]
        assert archive.article(1).revisions == 1
    assert rows(path, "SELECT revision, reader, reading_id, fields FROM rereadings") == [(1, "1", None, '{"title": null}')]
    assert rows(path, "SELECT g.reader FROM revisions JOIN readings AS g ON g.id = reading_id") == [(stored.reader,)]
    assert check(path) == []


def test_the_second_time_nothing_is_read(path: Path) -> None:
    fill(path, [visit(name, page(name), doctor=without_dek) for name in STORIES])
    assert reextract(Request(path)).read == len(STORIES)
    before = dump(path, without=("reextractions",))
    assert reextract(Request(path)).read == 0
    assert dump(path, without=("reextractions",)) == before


def test_rules_that_read_the_same_leave_their_version(path: Path) -> None:
    fill(path, [visit("eels", page("eels"))])
    before = dump(path, without=("reader", "reading_id", "read_at", "readings", "rereadings", "reextractions"))
    report = reextract(Request(path, rules=NEW_RULES))
    assert (report.read, report.changes(), report.sites["lantern.example"].same) == (1, 0, 1)
    assert dump(path, without=("reader", "reading_id", "read_at", "readings", "rereadings", "reextractions")) == before
    assert rows(path, "SELECT reader FROM revisions") == [("next",)]
    assert rows(path, "SELECT reader, fields, blocks, evidence FROM rereadings") == [(READER, "{}", "[]", "[]")]


def test_a_dry_run_writes_nothing_and_tells_what_would_be(path: Path) -> None:
    fill(path, [visit(name, page(name), doctor=without_dek) for name in STORIES])
    before = dump(path)
    report = reextract(Request(path, dry_run=True))
    assert dump(path) == before
    title = report.sites["lantern.example"].fields["title"]
    assert (title.before, title.gained, title.lost, report.refused) == (0, 5, 0, False)
    assert report.sites == reextract(Request(path)).sites


def test_another_judge_is_named_in_the_report(path: Path) -> None:
    fill(path, [visit("eels", page("eels"))])
    from pipelines.boilerplate.model import body_model

    strict = replace(body_model("html"), bias=body_model("html").bias - 30)
    assert isinstance(strict, Trees)
    report = reextract(Request(path, dry_run=True, rules=replace(NEW_RULES, judges=Judges(body=strict))))
    site = report.sites["lantern.example"]
    assert site.changed == 1
    assert site.words_after < site.words_before
    assert any(label.startswith("article > ") for label in site.labels)


def with_dek(revision: Revision) -> Revision:
    return replace(revision, dek="A line that no page has", reader="1", read_with=None)


def test_where_a_field_is_lost_nothing_is_written_unless_forced(path: Path) -> None:
    fill(path, [visit(name, page(name), doctor=with_dek if name != "eels" else without_dek) for name in STORIES])
    before = dump(path, without=("reextractions", "staged_readings", "readings"))
    report = reextract(Request(path))
    assert report.refused
    assert report.losses() == [("lantern.example", "dek", 4, 5)]
    assert dump(path, without=("reextractions", "staged_readings", "readings")) == before
    forced = reextract(Request(path, force=True))
    assert (forced.read, forced.written, forced.refused) == (0, 5, False)
    assert rows(path, "SELECT count(*) FROM articles WHERE dek IS NULL") == [(5,)]
    kept = [json.loads(fields)["dek"] for (fields,) in rows(path, "SELECT fields FROM rereadings WHERE fields LIKE '%dek%'")]
    assert kept == ["A line that no page has"] * 4
    assert check(path) == []


def test_a_small_site_may_lose_a_field_once(path: Path) -> None:
    fill(path, [visit(name, page(name), doctor=with_dek if name == "eels" else without_dek) for name in STORIES])
    assert not reextract(Request(path)).refused


def test_a_loss_on_one_article_of_each_of_many_sites_is_seen() -> None:
    report = Report()
    report.coverage({f"{name}.example": Counter(articles=1, dek=1, words=9) for name in STORIES})
    for number, name in enumerate(STORIES):
        facts = {"newest": True, "gained": {}, "lost": {"dek": "x"}, "changed": {}, "words": [9, 9], "body": False, "labels": {}}
        report.count(Staged(number, number, number, 1, NOW, f"{name}.example", address(name), "changed", "", None, facts))
    assert report.losses() == [("all sites", "dek", 5, 5)]


def test_a_body_that_loses_more_than_half_of_its_words_counts_as_lost() -> None:
    report = Report()
    report.coverage({"lantern.example": Counter(articles=9, body=9, words=900)})
    for number, (before, after) in enumerate([(100, 49), (100, 49), (100, 51)]):
        facts = {"newest": True, "gained": {}, "lost": {}, "changed": {}, "words": [before, after], "body": True, "labels": {}}
        report.count(Staged(number, number, number, 1, NOW, "lantern.example", address("eels"), "changed", "", None, facts))
    assert report.losses() == [("lantern.example", "body", 2, 9)]


def test_a_page_that_was_no_article_becomes_one(path: Path) -> None:
    no_article = replace(visit("eels", page("eels"), outcome=Outcome.NOT_AN_ARTICLE), reason="too short")
    fill(path, [no_article, visit("wall", page("wall"))])
    report = reextract(Request(path))
    assert [page["url"] for page in report.sites["lantern.example"].new_articles] == [address("eels")]
    with Archive.open(path) as archive:
        assert archive.article(address("eels")).title == "What became of the eels"
        assert [hit.article.url for hit in archive.search("eels")] == [address("eels")]
        assert archive.events(archive.article(address("eels")).id) == ()
    assert rows(path, "SELECT outcome, reason, revision FROM fetches WHERE id = 1") == [
        ("stored", "read again; before: not_an_article, too short", 1)
    ]
    assert check(path) == []
    assert reextract(Request(path)).read == 0


def blind(revision: Revision) -> Revision:
    """As rules that did not see the title."""
    return replace(revision, title="?", reader="1", read_with=None)


def test_a_capture_that_brought_nothing_new_becomes_a_revision_where_it_reads_otherwise_now(path: Path) -> None:
    later, latest = NOW + timedelta(days=1), NOW + timedelta(days=2)
    fill(
        path,
        [
            visit("eels", page("eels"), doctor=blind),
            visit("eels", page("eels", title="Eels, eels, eels"), later, doctor=blind),
            visit("eels", page("eels", title="Eels, eels, eels") + b" ", latest, doctor=blind),
        ],
    )
    assert rows(path, "SELECT outcome FROM fetches") == [("stored",), ("unchanged",), ("unchanged",)]
    report = reextract(Request(path))
    assert report.sites["lantern.example"].new_revisions == 1
    with Archive.open(path) as archive:
        titles = [(line.number, line.fetched_at, line.title) for line in archive.why(address("eels")).revisions]
        assert titles == [(1, NOW, "What became of the eels"), (2, later, "Eels, eels, eels")]
        assert archive.article(1).newest == 2
        assert [change.kind.value for change in archive.changes(1, 2)] == ["headline"]
    assert rows(path, "SELECT capture_id, finding FROM capture_readings") == [(3, "as_known")]
    assert check(path) == []


def test_what_a_crawl_brings_meanwhile_is_not_kept_twice(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    later, latest = NOW + timedelta(days=1), NOW + timedelta(days=2)
    again = page("eels", title="Eels, eels, eels")
    fill(path, [visit("eels", page("eels"), doctor=blind), visit("eels", again, later, doctor=blind)])
    approve = Rereading.approve

    def crawl_and_approve(self: Rereading, job: Job, report: Mapping[str, object]) -> Job:
        with Archive.open(path) as archive:
            assert archive.commit(None, [visit("eels", again + b" ", latest)], latest)[0].revision == 2
        return approve(self, job, report)

    monkeypatch.setattr(Rereading, "approve", crawl_and_approve)
    reextract(Request(path))
    assert rows(path, "SELECT number, title FROM revisions") == [(1, "What became of the eels"), (2, "Eels, eels, eels")]
    assert rows(path, "SELECT capture_id, finding FROM capture_readings") == [(2, "as_known")]
    assert check(path) == []


def test_what_is_no_article_any_more_is_kept_and_named(path: Path) -> None:
    shop = b"<html><title>Shop</title><body><h1>Shop</h1><ul><li><a href=/a>Cart</a><li><a href=/b>Sale</a></ul></body></html>"
    made = visit("eels", page("eels"))
    listing = read_responses((Response(address("eels"), NOW, 200, (), shop),))
    assert listing.revision is None
    fill(path, [replace(made, captures=listing.captures)])
    before = dump(path, without=("capture_readings", "reextractions"))
    report = reextract(Request(path, rules=NEW_RULES))
    assert [page["article"] for page in report.sites["lantern.example"].no_articles] == [1]
    after = dump(path, without=("capture_readings", "reextractions"))
    assert {**after, "readings": []} == {**before, "readings": []}
    assert rows(path, "SELECT finding FROM capture_readings") == [("no_article",)]
    assert reextract(Request(path, rules=NEW_RULES)).read == 0


def test_a_block_that_stands_on_several_pages_is_taken_out_of_the_bodies(path: Path) -> None:
    fill(path, [visit(name, page(name, appeal=name in ("eels", "wall", "lamp"))) for name in STORIES])
    assert rows(path, "SELECT count(*) FROM articles WHERE text LIKE '%three crowns%'") == [(3,)]
    report = reextract(Request(path))
    assert report.changes() == 3
    assert rows(path, "SELECT count(*) FROM articles WHERE text LIKE '%three crowns%'") == [(0,)]
    assert rows(path, f"SELECT count(*) FROM blocks WHERE text = '{APPEAL}' AND reason = '{SITES_OWN}'") == [(3,)]
    assert reextract(Request(path)).read == 0


def test_the_sites_own_blocks_stay_out_through_every_change_of_rules(path: Path) -> None:
    fill(path, [visit(name, page(name, appeal=name in ("eels", "wall", "lamp"))) for name in STORIES])
    reextract(Request(path))
    texts = rows(path, "SELECT url, text FROM articles")
    for version in ("3", "4", "5"):
        rules = Rules(version, ReadWith.of({"lxml": version}, {}))
        assert reextract(Request(path, rules=rules)).changes() == 0
        assert rows(path, "SELECT url, text FROM articles") == texts
        assert rows(path, "SELECT DISTINCT reader FROM revisions") == [(version,)]
        assert reextract(Request(path, rules=rules)).read == 0
    assert check(path) == []


def test_the_pages_of_a_site_are_compared_when_those_of_the_site_before_are_read(path: Path) -> None:
    def visits(site: str) -> Iterable[Visit]:
        for name in STORIES:
            body = page(name, appeal=True).replace(b"Lindqvist", site.encode())
            url = f"https://{site}.example/{name}"
            reading = read_responses((Response(url, NOW, 200, (), body),))
            yield Visit(url, NOW, Outcome.STORED, captures=reading.captures, status=200, revision=reading.revision)

    fill(path, [*visits("brook"), *visits("heath")])
    told: list[str] = []
    assert reextract(Request(path, progress=told.append)).changes() == 10
    steps = [line for line in told if "comparing" in line or "pages read" in line]
    assert [line.split("example")[0].split()[-1] for line in steps] == [
        "brook.", *["https://brook."] * 5, "heath.", *["https://heath."] * 5
    ]  # fmt: skip


def test_a_later_fetch_does_not_bring_back_what_was_found_to_be_the_sites_own(path: Path) -> None:
    fill(path, [visit(name, page(name, appeal=True)) for name in STORIES])
    reextract(Request(path))
    with Archive.open(path) as archive:
        same = visit("eels", page("eels", appeal=True) + b" ", NOW + timedelta(days=1))
        assert archive.commit(None, [same], NOW)[0].outcome is Outcome.UNCHANGED
        other = visit("eels", page("eels", appeal=True, title="Eels again"), NOW + timedelta(days=2))
        assert archive.commit(None, [other], NOW)[0].revision == 2
        assert [change.kind.value for change in archive.changes(1, 2)] == ["headline"]
        assert APPEAL not in archive.article(1).text
    before = dump(path, without=("reextractions", "capture_readings", "rereadings", "read_at", "reading_id"))
    reextract(Request(path))
    after = dump(path, without=("reextractions", "capture_readings", "rereadings", "read_at", "reading_id"))
    assert after.keys() == before.keys()
    for table in set(before) - {"blocks"}:
        assert after[table] == before[table], table


def test_the_archive_knows_such_blocks_by_the_readers_reason() -> None:
    from archive import site_blocks

    assert site_blocks.SITES_OWN == SITES_OWN


@pytest.mark.parametrize("order", [1, -1])
def test_site_evidence_hangs_on_no_order_and_on_no_interruption(path: Path, tmp_path: Path, order: int) -> None:
    names = list(STORIES)[::order]
    fill(path, [visit(name, page(name, appeal=name != "choir"), doctor=without_dek) for name in names])
    if order < 0:
        for limit in (1, 2, 9):
            reextract(Request(path, limit=limit))
    reextract(Request(path))
    texts = dict(rows(path, "SELECT url, text FROM articles"))
    assert not any("three crowns" in text for text in texts.values())
    assert {url: text.count("\n\n") for url, text in texts.items()} == dict.fromkeys(map(address, STORIES), 3)


def walled(name: str) -> bytes:
    return page(name).replace(b'"@type"', b'"isAccessibleForFree": false, "@type"')


def let_in(made: Visit) -> Visit:
    """A visit as rules made it that saw no paywall."""
    captures = [replace(c, rights=replace(c.rights, paywalled=False)) for c in made.captures if c.rights is not None]
    assert made.revision is not None
    return replace(made, captures=tuple(captures), revision=replace(made.revision, paywalled=False, reader="1", read_with=None))


def test_a_paywall_that_is_seen_now_is_respected(path: Path) -> None:
    fill(path, [let_in(visit("eels", walled("eels"))), let_in(visit("eels", walled("eels"), NOW + timedelta(days=1)))])
    with Archive.open(path) as archive:
        assert len(list(archive.articles(respect=("paywall",)))) == 1
    assert reextract(Request(path)).changes() == 1
    assert rows(path, "SELECT paywalled FROM revisions UNION ALL SELECT paywalled FROM rights") == [(1,)] * 3
    with Archive.open(path) as archive:
        assert list(archive.articles(respect=("paywall",))) == []


def test_captures_from_before_rights_were_kept_get_theirs(path: Path) -> None:
    listing = replace(visit("wall", page("wall"), outcome=Outcome.NOT_AN_ARTICLE), captures=visit("wall", b"<p>Soon").captures)
    later = NOW + timedelta(days=1)
    reserved = page("eels").replace(b"<head>", b'<head><meta name="robots" content="noai">')
    fill(path, [visit("eels", reserved), visit("eels", reserved, later), listing])
    kept = rows(path, "SELECT * FROM rights")
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("DELETE FROM rights")
    assert reextract(Request(path, rules=NEW_RULES)).read == 3
    assert rows(path, "SELECT * FROM rights") == kept
    assert reextract(Request(path, rules=NEW_RULES)).read == 0


def test_what_the_host_said_at_the_time_of_a_capture_stays(path: Path) -> None:
    made = let_in(visit("eels", walled("eels")))
    host = HostRights(robots=True, ai_agents=("ExampleBot",), tdm=True)
    captures = tuple(replace(c, rights=replace(c.rights or Rights(), host=host)) for c in made.captures)
    fill(path, [replace(made, captures=captures)])
    reextract(Request(path))
    with Archive.open(path) as archive:
        said = archive.rights(1)
    assert said is not None
    assert (said.paywalled, said.host) == (True, host)


@given(
    st.builds(
        Rights, noai=st.booleans(), tdm=st.none() | st.booleans(), licence=st.none() | st.text(),
        unavailable_after=st.none() | st.just(NOW), statements=st.lists(st.tuples(st.text(), st.text())).map(tuple),
    )
)  # fmt: skip
def test_rights_are_packed_and_unpacked(rights: Rights) -> None:
    assert unpack_rights(pack_rights({7: rights})) == {7: rights}


def test_half_a_surrogate_pair_in_a_statement_can_be_kept() -> None:
    (rights,) = unpack_rights(pack_rights({7: Rights(statements=(("meta", "no\ud800ai"),))})).values()
    assert rights.statements == (("meta", "no\ufffdai"),)


def test_an_interruption_between_batches_is_gone_on_from(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(path, [visit(name, page(name), doctor=without_dek) for name in STORIES])
    monkeypatch.setattr(module, "BATCH", 2)
    told: list[str] = []

    def progress(text: str) -> None:
        told.append(text)
        if "readings written" in text:
            raise KeyboardInterrupt

    assert reextract(Request(path, progress=progress)).interrupted
    assert rows(path, "SELECT count(title), count(*) FROM articles") == [(2, 5)]
    report = reextract(Request(path))
    assert (report.read, report.written, report.interrupted) == (0, 3, False)
    assert rows(path, "SELECT count(title), count(*) FROM articles") == [(5, 5)]
    assert rows(path, "SELECT state FROM reextractions") == [("finished",)]
    assert check(path) == []


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (("2026-05-01T10:00", NOW), ("2026-05-01T10:00", NOW), True),
        (("2026-05-01T10:00", NOW), ("2026-05-01T20:00", NOW), False),
        (("150d", NOW), ("150d", NOW + timedelta(days=1)), True),
        (("150d", NOW), ("151d", NOW), False),
    ],
)
def test_an_interrupted_job_is_gone_on_with_where_the_dates_are_the_same(
    path: Path, first: tuple[str, datetime], second: tuple[str, datetime], same: bool
) -> None:
    fill(path, [visit("eels", page("eels"), doctor=without_dek)])

    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    assert reextract(Request(path, Filters(since=parse_when(*first)), progress=interrupt)).interrupted
    reextract(Request(path, Filters(since=parse_when(*second))))
    states = [("finished",)] if same else [("given_up",), ("finished",)]
    assert rows(path, "SELECT state FROM reextractions ORDER BY id") == states


@pytest.mark.parametrize("dry_run", [False, True])
def test_what_becomes_of_a_reading_is_decided_site_by_site_in_transactions(
    path: Path, monkeypatch: pytest.MonkeyPatch, dry_run: bool
) -> None:
    elsewhere = [
        replace(visit(name, page(name), outcome=Outcome.NOT_AN_ARTICLE), url=f"https://{name}.example/1") for name in STORIES
    ]
    captures = [
        read_responses((Response(one.url, NOW, 200, (), page(name).replace(b"Lindqvist", name.encode())),)).captures
        for one, name in zip(elsewhere, STORIES, strict=True)
    ]
    fill(path, [replace(one, captures=made) for one, made in zip(elsewhere, captures, strict=True)])
    decided: list[tuple[str, bool]] = []
    decide = Rereading._decide_site

    def noted(self: Rereading, site: str) -> None:
        decided.append((site, self._conn.in_transaction))
        decide(self, site)

    monkeypatch.setattr(Rereading, "_decide_site", noted)
    report = reextract(Request(path, dry_run=dry_run))
    assert sorted(decided) == [(f"{name}.example", not dry_run) for name in sorted(STORIES)]
    assert sum(site.new for site in report.sites.values()) == len(STORIES)


def test_no_batch_sorts_what_is_staged(path: Path) -> None:
    fill(path, [])
    in_order = f"SELECT {STAGED_COLUMNS} FROM staged_readings {{}} ORDER BY seen, fetch_id"
    for query in (TAKE.replace("?", "50"), in_order.format(""), in_order.format("WHERE site = 'lantern.example'")):
        plan = " ".join(row[3] for row in rows(path, f"EXPLAIN QUERY PLAN {query}"))
        assert "USING INDEX staged_" in plan
        assert "B-TREE" not in plan


def test_revisions_are_compared_with_their_neighbours_alone_however_many_batches_there_are(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = [NOW + timedelta(days=day) for day in range(8)]
    fill(path, [visit("eels", page("eels", title=f"Eels, day {d.day}"), d, doctor=with_dek) for d in days])
    monkeypatch.setattr(module, "BATCH", 2)
    compared: list[object] = []
    compare = lineage.compare
    monkeypatch.setattr(lineage, "compare", lambda *pair: (compared.append(pair), compare(*pair))[1])
    assert reextract(Request(path)).written == len(days)
    assert len(compared) == len(days) - 1 + len(days) // 2 - 1, "a pair that is in two batches twice"
    assert rows(path, "SELECT revision, previous, kind FROM changes") == [(n, n - 1, "headline") for n in range(2, 9)]
    assert check(path) == []


def test_a_limit_reads_so_many_and_the_same_command_goes_on(path: Path) -> None:
    fill(path, [visit(name, page(name), doctor=without_dek) for name in STORIES])
    assert [reextract(Request(path, limit=2)).read for _ in range(4)] == [2, 2, 1, 0]


def test_a_site_of_which_nothing_is_new_is_not_told_of(path: Path) -> None:
    again = NOW + timedelta(days=1)
    fill(path, [visit("eels", page("eels")), replace(visit("eels", page("eels"), again), outcome=Outcome.UNCHANGED)])
    report = reextract(Request(path))
    assert (report.read, report.sites["lantern.example"].as_known, report.told()) == (0, 1, [])
    assert [site["as_known"] for site in report.as_json()["sites"]] == [1]


def test_filters_choose_the_articles(path: Path) -> None:
    fill(path, [visit("eels", page("eels"), doctor=without_dek), visit("wall", page("wall"), doctor=without_dek)])
    assert reextract(Request(path, Filters(site="other.example"))).read == 0
    assert reextract(Request(path, Filters(since="2027"))).read == 0
    assert reextract(Request(path, Filters(site="lantern.example", author="Lindqvist"))).read == 2


def test_a_damaged_page_is_named_and_left_as_it_is(path: Path) -> None:
    fill(path, [visit(name, page(name), doctor=without_dek) for name in ("eels", "wall")])
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute("UPDATE payloads SET codec = 'raw', data = x'00' WHERE id = 1")
    report = reextract(Request(path))
    (failed,) = report.sites["lantern.example"].failed
    assert (failed["url"], "DamagedPayload" in failed["reason"], report.failures()) == (address("eels"), True, 1)
    assert rows(path, "SELECT title FROM articles ORDER BY id") == [(None,), ("What became of the wall",)]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE revisions SET title = 'Another' WHERE article_id = 1",
        "UPDATE revisions SET digest = 'none' WHERE article_id = 1",
        "DELETE FROM blocks WHERE article_id = 1 AND label = 'article'",
        "UPDATE blocks SET text = 'Another' WHERE article_id = 1 AND label = 'article'",
        "DELETE FROM blocks WHERE article_id = 1 AND position = 0",
        "DELETE FROM evidence WHERE article_id = 1",
        "DELETE FROM evidence WHERE article_id = 1 AND rank = 0",
        "UPDATE evidence SET value = 'Another' WHERE article_id = 1 AND field = 'title' AND rank = 0",
        "UPDATE revisions SET lang = 'xx' WHERE article_id = 1",
        "DELETE FROM rights WHERE capture_id = 1",
    ],
)
def test_what_is_damaged_is_read_again_by_the_same_rules(path: Path, damage: str) -> None:
    fill(path, [visit("eels", page("eels")), visit("wall", page("wall"))])
    assert reextract(Request(path)).read == 0
    before = dump(path, without=("rereadings", "reextractions", "read_at"))
    with closing(sqlite3.connect(path)) as conn, conn:
        conn.execute(damage)
    assert check(path) != []
    assert reextract(Request(path, dry_run=True)).read == 1
    assert reextract(Request(path, force=True)).written == 1
    assert check(path) == []
    assert dump(path, without=("rereadings", "reextractions", "read_at")) == before
    assert reextract(Request(path)).read == 0


def test_two_at_once_are_refused(path: Path) -> None:
    from archive.errors import ArchiveLocked

    fill(path, [])
    with Archive.open(path) as archive, archive.lock_for_rereading(), pytest.raises(ArchiveLocked):
        reextract(Request(path))


def test_an_empty_archive_is_well(path: Path) -> None:
    fill(path, [])
    assert reextract(Request(path)).read == reextract(Request(path, dry_run=True)).read == 0


@pytest.mark.parametrize("when", ["1 pages read", "5 pages read", "comparing"])
@pytest.mark.parametrize("dry_run", [False, True])
def test_what_is_taken_down_meanwhile_is_left_out(path: Path, when: str, dry_run: bool) -> None:
    fill(path, [visit(name, page(name, appeal=True), doctor=without_dek) for name in STORIES])

    def progress(text: str) -> None:
        if text.startswith(when):
            with Archive.open(path) as archive:
                archive.take_down(address("eels"), "asked for", NOW)

    report = reextract(Request(path, progress=progress, dry_run=dry_run))
    assert (report.failures(), report.interrupted) == (0, False)
    assert rows(path, "SELECT count(*) FROM articles") == [(4,)]
    assert rows(path, "SELECT count(title) FROM articles") == [(0 if dry_run else 4,)]
    assert rows(path, "SELECT count(*) FROM staged_readings") == [(0,)]


def test_the_former_reading_goes_with_a_takedown(path: Path) -> None:
    fill(path, [visit("eels", page("eels"), doctor=with_dek)])
    reextract(Request(path, force=True))
    assert rows(path, "SELECT count(*) FROM rereadings") == [(1,)]
    with Archive.open(path) as archive:
        archive.take_down(1, "asked for", NOW)
    assert rows(path, "SELECT count(*) FROM rereadings") == [(0,)]


def test_the_account_of_a_re_extraction_holds_no_word_of_an_article(path: Path) -> None:
    fill(path, [visit(name, page(name), doctor=with_dek) for name in STORIES])
    reextract(Request(path, force=True))
    ((report,),) = rows(path, "SELECT report FROM reextractions")
    assert json.loads(report)["losses"][0] == {"site": "lantern.example", "field": "dek", "drop": 5, "articles": 5}
    assert "line that no page has" not in report
    assert "eels" not in report


def test_what_was_taken_down_does_not_come_back_from_another_capture(path: Path) -> None:
    print_view = replace(visit("eels", page("eels"), outcome=Outcome.NOT_AN_ARTICLE), url="https://lantern.example/print?id=7")
    with_canonical = page("wall").replace(b"<head>", f'<head><link rel="canonical" href="{address("eels")}">'.encode())
    reading = read_responses((Response("https://lantern.example/print?id=7", NOW, 200, (), with_canonical),))
    fill(path, [visit("eels", page("eels")), replace(print_view, captures=reading.captures)])
    with Archive.open(path) as archive:
        archive.take_down(1, "asked for", NOW)
    assert reextract(Request(path)).changes() == 0
    assert rows(path, "SELECT count(*) FROM articles") == [(0,)]


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_words_that_were_taken_down_do_not_come_back_from_other_bytes(
    path: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    elsewhere = "https://lantern.example/print/of/that-story"
    reading = read_responses((Response(elsewhere, NOW, 200, (), page("eels") + b"<!-- 7 -->"),))
    fill(path, [visit("eels", page("eels")), visit("wall", page("wall")),
                Visit(elsewhere, NOW, Outcome.NOT_AN_ARTICLE, captures=reading.captures, status=200)])  # fmt: skip

    def take_down(*_: object) -> None:
        with Archive.open(path) as archive:
            archive.take_down(address("eels"), "asked for", NOW)

    if when == "before":
        take_down()
    else:
        approve = Rereading.approve
        monkeypatch.setattr(Rereading, "approve", lambda *given: (take_down(), approve(*given))[1])
    reextract(Request(path))
    assert rows(path, "SELECT url FROM articles") == [(address("wall"),)]
    assert rows(path, "SELECT finding FROM capture_readings") == [("as_known",)]
    assert reextract(Request(path)).read == 0
