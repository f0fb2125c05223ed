from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.revision import Revision, RevisionAuthor, RevisionBlock, RevisionEvidence
from archive.visit import Kept, Lease, Outcome, PageKind, Visit
from tests.archive.samples import LATER, NOW, URL, article_visit, capture, found, revision


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    conn = sqlite3.connect(path)
    try:
        return conn.execute(sql).fetchall()
    finally:
        conn.close()


def lease_of(archive: Archive, url: str, kind: PageKind = PageKind.ARTICLE) -> Lease:
    """The only address that waits, handed out in a new run."""
    source = archive.add_source("https://tern.example/")
    run = archive.begin_run("crawl", [source.id], NOW)
    archive.frontier.add([found(url, kind)], source_id=source.id, found_on=None, depth=0, run_id=run.id, now=NOW)
    return take(archive, run.id)[0]


def take(archive: Archive, run_id: int) -> list[Lease]:
    return archive.frontier.lease(10, run_id=run_id, source_ids=None, per_host=10, busy_hosts={})


def test_a_first_reading_is_stored_as_revision_1(archive: Archive) -> None:
    assert archive.commit(None, [article_visit()], NOW) == [Kept(Outcome.STORED, 1, 1)]
    article = archive.article(URL)
    assert (article.title, article.authors, article.tags, article.revisions) == (
        "Night ferry returns", ("Mai Ó Súilleabháin", "Jo van der Berg"), ("ferries", "night"), 1,
    )  # fmt: skip
    assert article.first_seen == article.last_seen == NOW
    assert article.text.startswith("A late start\n\nThe ferry")


def test_the_same_reading_again_is_unchanged(archive: Archive, path: Path) -> None:
    archive.commit(None, [article_visit()], NOW)
    assert archive.commit(None, [article_visit(fetched=LATER)], LATER) == [Kept(Outcome.UNCHANGED, 1, 1)]
    article = archive.article(URL)
    assert (article.revisions, article.first_seen, article.last_seen) == (1, NOW, LATER)
    assert rows(path, "SELECT outcome, article_id, revision FROM fetches") == [("stored", 1, 1), ("unchanged", 1, 1)]


def test_the_same_payload_is_kept_once(archive: Archive, path: Path) -> None:
    archive.commit(None, [article_visit(), article_visit(fetched=LATER)], LATER)
    assert rows(path, "SELECT (SELECT count(*) FROM payloads), (SELECT count(*) FROM captures)") == [(1, 2)]
    assert archive.payload(1) == archive.payload(2) == f"<html>{URL}</html>".encode()


def test_a_changed_reading_is_the_next_revision_and_the_first_stays(archive: Archive) -> None:
    first = article_visit()
    archive.commit(None, [first], NOW)
    changed = article_visit(
        fetched=LATER,
        revision=revision(URL, "The ferry sank.", title="Night ferry sinks", authors=(RevisionAuthor("Tern", "organisation"),)),
    )  # fmt: skip
    assert archive.commit(None, [changed], LATER) == [Kept(Outcome.STORED, 1, 2)]
    article = archive.article(1)
    assert (article.title, article.revisions, article.authors) == ("Night ferry sinks", 2, ("Tern",))
    assert archive.revision(1).revision == changed.revision
    assert archive.revision(1, 1).revision == first.revision
    assert not archive.search("dusk")
    assert len(archive.search("sank")) == 1


def test_an_article_found_gone_is_withdrawn_and_found_up_is_not(archive: Archive) -> None:
    archive.commit(None, [article_visit()], NOW)
    gone = Visit(URL, LATER, Outcome.GONE, status=410)
    assert archive.commit(None, [gone], LATER) == [Kept(Outcome.GONE, 1, 1)]
    archive.commit(None, [replace(gone, fetched=LATER + timedelta(days=1))], LATER)
    assert archive.article(1).withdrawn == LATER
    archive.commit(None, [article_visit(fetched=LATER)], LATER)
    assert archive.article(1).withdrawn is None


def test_an_older_capture_is_a_revision_and_not_the_newest(archive: Archive) -> None:
    archive.commit(None, [article_visit(fetched=LATER)], NOW)
    older = article_visit(
        body=b"<html>old", fetched=NOW, revision=revision(URL, "What it said before.", title="Ferry may return")
    )
    assert archive.commit(None, [older], NOW) == [Kept(Outcome.STORED, 1, 2)]
    article = archive.article(1)
    assert (article.title, article.revisions, article.newest) == ("Night ferry returns", 2, 1)
    assert (article.first_seen, article.last_seen) == (NOW, LATER)
    assert [line.number for line in archive.why(URL).revisions] == [2, 1]
    assert archive.revision(1).revision.title == "Night ferry returns"
    assert archive.verify() == []


@pytest.mark.parametrize("text", ["What it said first.", "What it says now."])
def test_an_older_capture_that_reads_like_its_neighbour_is_no_revision(archive: Archive, text: str) -> None:
    first = article_visit(fetched=NOW, revision=revision(URL, "What it said first."))
    now = article_visit(body=b"<html>2", fetched=NOW + timedelta(days=9), revision=revision(URL, "What it says now."))
    archive.commit(None, [first, now], NOW)
    between = article_visit(body=b"<html>1", fetched=LATER, revision=revision(URL, text))
    assert archive.commit(None, [between], NOW)[0].outcome is Outcome.UNCHANGED


def test_an_older_capture_does_not_bring_back_what_is_gone(archive: Archive) -> None:
    gone = Visit(URL, NOW + timedelta(days=9), Outcome.GONE, status=404)
    archive.commit(None, [article_visit(), gone, article_visit(fetched=LATER)], NOW)
    assert archive.article(1).withdrawn == gone.fetched


def test_not_modified_confirms_the_article_last_read_there(archive: Archive) -> None:
    lease = lease_of(archive, f"{URL}?page_id=3")
    archive.commit(1, [article_visit(url=lease.url, lease=lease, revision=revision(), captures=(capture(lease.url),))], NOW)
    again = Visit(lease.url, LATER, Outcome.UNCHANGED, lease=lease, status=304)
    assert archive.commit(1, [again], LATER) == [Kept(Outcome.UNCHANGED, 1, 1)]
    assert archive.article(1).last_seen == LATER


def test_another_address_of_an_article_does_not_change_what_its_own_says(archive: Archive, path: Path) -> None:
    archive.commit(None, [article_visit()], NOW)
    printed = f"{URL}/print-view"
    variant = article_visit(printed, revision=revision(URL, "The ferry left."), captures=(capture(printed, b"print"),))
    assert archive.commit(None, [variant], LATER) == [Kept(Outcome.UNCHANGED, 1, 1)]
    assert rows(path, "SELECT reason FROM fetches WHERE id = 2") == [
        ("another address of the same article, which is kept from its own",)
    ]


def test_a_second_address_that_is_gone_withdraws_nothing_while_the_first_stands(archive: Archive) -> None:
    own = lease_of(archive, URL)
    archive.commit(1, [article_visit(lease=own)], NOW)
    archive.frontier.add([found(f"{URL}/old")], source_id=1, found_on=None, depth=0, run_id=1, now=NOW)
    second = take(archive, 1)[0]
    archive.commit(1, [article_visit(second.url, lease=second, revision=revision())], NOW)
    archive.commit(1, [Visit(second.url, LATER, Outcome.GONE, lease=second)], LATER)
    assert archive.article(1).withdrawn is None
    archive.commit(1, [Visit(own.url, LATER, Outcome.GONE, lease=own)], LATER)
    assert archive.article(1).withdrawn == LATER


def test_an_article_on_several_pages_keeps_a_capture_of_each(archive: Archive) -> None:
    pages = (capture(URL, b"one"), capture(f"{URL}?page=2", b"two"), capture(f"{URL}?page=3", b"three"))
    archive.commit(None, [article_visit(captures=pages)], NOW)
    stored = archive.revision(1)
    assert [archive.payload(n) for n in (stored.capture_id, *stored.further_captures)] == [b"one", b"two", b"three"]


def test_one_bad_visit_keeps_the_whole_batch_out(archive: Archive) -> None:
    with pytest.raises(ValueError, match="no revision"):
        archive.commit(None, [article_visit(), Visit(URL, NOW, Outcome.STORED)], NOW)
    assert archive.stats().articles == archive.stats().fetches == 0


def test_half_a_surrogate_pair_does_not_stop_a_batch(archive: Archive) -> None:
    broken = article_visit(revision=revision(URL, "A broken \ud83d emoji.", title="Half \ude00"))
    archive.commit(None, [article_visit("https://tern.example/whole"), broken], NOW)
    assert archive.article(URL).title == "Half \ufffd"
    assert "A broken \ufffd emoji." in archive.article(URL).text
    assert archive.article("https://tern.example/whole").title == "Night ferry returns"


def test_a_text_that_its_blocks_do_not_make_is_kept_as_it_is(archive: Archive) -> None:
    archive.commit(None, [article_visit(revision=revision(text="Otherwise."))], NOW)
    assert archive.revision(1).revision.text == "Otherwise."


def test_addresses_found_are_kept_with_the_visit_and_linked_to_it(archive: Archive) -> None:
    lease = lease_of(archive, "https://tern.example/", PageKind.SEED)
    leads = (found(URL), found(f"{URL}?utm_source=x"), found("mailto:x"))
    listed = Visit(lease.url, NOW, Outcome.LISTED, lease=lease, status=200, found=leads)
    assert archive.commit(1, [listed], NOW) == [Kept(Outcome.LISTED, None, None, 1)]
    (inner,) = take(archive, 1)
    assert (inner.url, inner.depth, inner.source_id) == (URL, 1, 1)
    assert [a.found_on for a in archive.frontier.addresses(kind=PageKind.ARTICLE)] == ["https://tern.example/"]


def test_validators_come_back_with_the_next_lease(archive: Archive) -> None:
    lease = lease_of(archive, URL)
    kept = replace(article_visit(lease=lease), etag='"v1"', last_modified="Sat, 22 Aug 2026 10:00:00 GMT", revisit=NOW)
    archive.commit(1, [kept], NOW)
    archive.end_run(1, "finished", NOW)
    run = archive.begin_run("crawl", [1], LATER)
    (again,) = take(archive, run.id)
    assert (again.etag, again.last_modified, again.payload_sha256) == (
        '"v1"',
        "Sat, 22 Aug 2026 10:00:00 GMT",
        kept.payload_sha256,
    )
    archive.commit(run.id, [Visit(URL, LATER, Outcome.FAILED, lease=again, revisit=LATER)], LATER)
    archive.end_run(run.id, "finished", LATER)
    run = archive.begin_run("crawl", [1], LATER)
    (third,) = take(archive, run.id)
    assert third.etag == '"v1"'
    archive.commit(run.id, [article_visit(lease=third, revisit=LATER)], LATER)
    archive.end_run(run.id, "finished", LATER)
    run = archive.begin_run("crawl", [1], LATER)
    assert take(archive, run.id)[0].etag is None


def test_where_a_redirect_led_counts_as_fetched(archive: Archive) -> None:
    old = "https://tern.example/2017/old-address"
    lease = lease_of(archive, old)
    archive.frontier.add([found(URL)], source_id=1, found_on=None, depth=1, run_id=1, now=NOW)
    moved = article_visit(old, lease=lease, redirects=(URL,), revision=revision(), captures=(capture(),))
    archive.commit(1, [moved], NOW)
    assert archive.frontier.was_fetched(f"{URL}#top", run_id=1)
    assert take(archive, 1) == []


def test_a_run_that_was_cut_off_goes_on_under_its_number(archive: Archive) -> None:
    lease = lease_of(archive, URL)
    run = archive.begin_run("crawl", [lease.source_id or 0], LATER)
    assert (run.id, run.resumed, run.started) == (1, True, NOW)
    assert [again.id for again in take(archive, run.id)] == [lease.id]


def test_an_interrupted_run_goes_on_and_a_finished_one_does_not(archive: Archive) -> None:
    source = archive.add_source(URL)
    first = archive.begin_run("crawl", [source.id], NOW)
    archive.end_run(first.id, "interrupted", NOW)
    assert archive.begin_run("crawl", [source.id], NOW).id == first.id
    archive.end_run(first.id, "limit", NOW)
    second = archive.begin_run("crawl", [source.id], LATER)
    assert (second.id, second.resumed) == (first.id + 1, False)


def test_the_summary_of_a_run_counts_all_its_parts(archive: Archive, path: Path) -> None:
    first, second = (f"https://tern.example/{n}" for n in (1, 2))
    lease = lease_of(archive, first)
    archive.commit(1, [article_visit(first, lease=lease)], NOW)
    archive.end_run(1, "interrupted", NOW)
    again = lease_of(archive, second)
    archive.commit(1, [article_visit(second, lease=again), Visit(first, LATER, Outcome.GONE)], LATER)
    archive.commit(None, [article_visit("https://other.example/by-hand")], LATER)
    archive.end_run(1, "finished", LATER)
    archive.begin_run("crawl", [1], LATER)
    archive.end_run(2, "finished", LATER)
    summaries = [json.loads(str(text)) for (text,) in rows(path, "SELECT summary FROM runs ORDER BY id")]
    assert summaries == [{"stored": 2, "gone": 1}, {}]


def test_a_run_of_other_sources_is_no_resumption(archive: Archive) -> None:
    one, two = archive.add_source("https://one.example/"), archive.add_source("https://two.example/")
    first = archive.begin_run("crawl", [one.id], NOW)
    assert archive.begin_run("crawl", [one.id, two.id], NOW).id != first.id
    assert archive.begin_run("crawl", [one.id], NOW).id == first.id


def test_a_source_is_known_by_its_address(archive: Archive) -> None:
    first = archive.add_source("https://www.tern.example/news")
    assert archive.add_source("https://www.tern.example/news", "tern") == replace(first, name="tern")
    assert archive.sources() == [replace(first, name="tern")]
    assert first.site == "tern.example"


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
OPTIONAL = st.none() | TEXT
SHARE = st.floats(0, 1)
BLOCKS = st.builds(
    RevisionBlock, st.sampled_from(["paragraph", "heading", "break"]), st.sampled_from(["article", "footer"]), TEXT,
    st.integers(0, 6), st.integers(0, 3), st.booleans(), st.none() | st.integers(0, 5), TEXT, SHARE,
)  # fmt: skip


def title_evidence(raws: list[str]) -> tuple[RevisionEvidence, ...]:
    return tuple(RevisionEvidence("title", rank, raw, "meta", "h1", raw, 1) for rank, raw in enumerate(raws))


REVISIONS = st.builds(
    Revision, url=st.just(URL), site=st.just("tern.example"), title=OPTIONAL, dek=OPTIONAL, byline=OPTIONAL,
    authors=st.lists(st.builds(RevisionAuthor, TEXT, st.just("person"), OPTIONAL, OPTIONAL), max_size=3).map(tuple),
    published=OPTIONAL, published_precision=OPTIONAL, published_earliest=OPTIONAL, published_latest=OPTIONAL,
    published_basis=OPTIONAL, published_zone_known=st.none() | st.booleans(), modified=OPTIONAL, lang=OPTIONAL, section=OPTIONAL,
    tags=st.lists(TEXT, max_size=3).map(tuple), description=OPTIONAL, site_name=OPTIONAL, image=OPTIONAL, licence=OPTIONAL,
    paywalled=st.none() | st.booleans(), text=TEXT, word_count=st.integers(0, 10**6),
    blocks=st.lists(BLOCKS, max_size=5).map(tuple), evidence=st.lists(TEXT, max_size=4).map(title_evidence), reader=TEXT,
)  # fmt: skip


@given(first=REVISIONS, second=REVISIONS)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
def test_revisions_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, first: Revision, second: Revision) -> None:
    with Archive.create(tmp_path_factory.mktemp("round") / "morgue.db") as archive:
        archive.commit(None, [article_visit(revision=first)], NOW)
        (kept,) = archive.commit(None, [article_visit(revision=second)], NOW)
        assert (kept.outcome is Outcome.STORED) == (first.digest != second.digest)
        assert archive.revision(1, 1).revision == first
        assert archive.revision(1).revision == (second if kept.outcome is Outcome.STORED else first)
        assert archive.verify() == []


def test_what_is_to_be_kept_once_is_kept_once_whoever_brings_it(archive: Archive, path: Path) -> None:
    later = article_visit(fetched=NOW + timedelta(microseconds=7))  # moments are kept to the second
    gone = replace(article_visit(), outcome=Outcome.GONE, status=410, captures=(), revision=None, fetched=LATER)
    with Archive.open(path) as other:
        first = other.commit(None, [article_visit(), gone], NOW, once=True)
    assert [kept.repeated for kept in first] == [False, False]
    again = archive.commit(None, [article_visit(), later, gone], NOW, once=True)
    assert [(kept.outcome, kept.repeated) for kept in again] == [(Outcome.UNCHANGED, True)] * 3
    assert rows(path, "SELECT count(*) FROM fetches UNION ALL SELECT count(*) FROM captures") == [(2,), (1,)]


def test_other_bytes_or_another_second_are_no_repetition(archive: Archive, path: Path) -> None:
    archive.commit(None, [article_visit()], NOW)
    others = [article_visit(body=b"other"), article_visit(fetched=LATER)]
    assert not any(kept.repeated for kept in archive.commit(None, others, NOW, once=True))
    assert rows(path, "SELECT count(*) FROM captures") == [(3,)]


def test_a_source_is_paused_since_the_first_time_and_until_it_is_resumed(archive: Archive) -> None:
    source = archive.add_source("https://tern.example/", "tern")
    archive.pause_source(source.id, "redesign", NOW)
    archive.pause_source(source.id, None, NOW + timedelta(days=1))
    assert archive.sources() == [replace(source, paused=NOW, pause_reason="redesign")]
    archive.resume_source(source.id)
    assert archive.sources() == [source]
