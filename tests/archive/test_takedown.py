"""What is taken down is gone: from the tables, from the bytes of the file, and for all ways back."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from archive import Archive, packing
from archive.articles import rewrite_reading
from archive.connection import writing
from archive.errors import ArticleNotFound, TakedownRefused, TakedownUnfinished
from archive.revision import RevisionAuthor
from archive.site_blocks import SITES_OWN
from archive.visit import Outcome, PageKind, Visit
from tests.archive.samples import LATER, NOW, URL, article_visit, capture, found, revision

SITE = "https://tern.example"
OTHER = f"{SITE}/harbour/another-story"
ALIAS = f"{SITE}/print?story=7"
REASON = "the person concerned asked for it"
TITLE = "Qvistgaard keelhauls Zyx"
WORDS = ("Xylograph zwischen Jubelrufen", "Kvothe wartet am Ufer")
CHANGED = ("Xylograph zwischen Jubelrufen", "Bqueath remained silent")
JAPANESE = "鰯雲の夜に船が出た"
SECRETS = (
    "Qvistgaard",
    "Xylograph",
    "xylograph",
    "Jubelrufen",
    "jubelrufen",
    "kvothe",
    "Kvothe",
    "bqueath",
    "Pnin Vokalis",
    "鰯雲",
)


def body(*paragraphs: str) -> bytes:
    return ("<title>" + TITLE + "</title>" + "".join(f"<p>{text}</p>" for text in paragraphs)).encode() * 9


def secret(*paragraphs: str, url: str = URL, **facts: object) -> Visit:
    said = revision(
        URL, *paragraphs, JAPANESE, title=TITLE, byline="By Pnin Vokalis", authors=(RevisionAuthor("Pnin Vokalis", "person"),),
        evidence=(), word_count=60,
    )  # fmt: skip
    return article_visit(url, body=body(*paragraphs), revision=said, **facts)


@pytest.fixture
def kept(path: Path) -> Path:
    """An archive with the article in two revisions, seen at two addresses, beside another story; a feed has named its title."""
    with Archive.create(path) as archive:
        source = archive.add_source(f"{SITE}/")
        run = archive.begin_run("crawl", [source.id], NOW)
        addresses = [found(URL, how="feed", title=TITLE, published=NOW), found(ALIAS), found(OTHER)]
        archive.frontier.add(addresses, source_id=source.id, found_on=None, depth=1, run_id=run.id, now=NOW)
        leases = {
            lease.url: lease for lease in archive.frontier.lease(9, run_id=run.id, source_ids=None, per_host=9, busy_hosts={})
        }
        later = {"fetched": LATER}
        archive.commit(run.id, [secret(*WORDS, lease=leases[URL]), article_visit(OTHER, lease=leases[OTHER])], NOW)
        archive.commit(run.id, [secret(*WORDS, url=ALIAS, lease=leases[ALIAS], **later)], NOW)
        archive.commit(run.id, [secret(*CHANGED, **later)], NOW)
        archive.commit(
            None, [Visit(f"{URL}?utm_source=x", NOW, Outcome.NOT_AN_ARTICLE, captures=(capture(URL, body("Kvothe")),))], NOW
        )
        archive.end_run(run.id, "finished", NOW)
    return path


def take_down(path: Path, address: int | str = URL) -> None:
    with Archive.open(path) as archive:
        archive.take_down(address, REASON, LATER)
        archive.erase(LATER)


def remains(path: Path) -> list[bytes]:
    """What of the secrets stands in the file or its log, as text or as compressed payload."""
    held = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*") if file.is_file())
    wanted = [secret.encode() for secret in SECRETS]
    return [each for each in wanted if each in held]


def payload_bytes(path: Path) -> list[bytes]:
    with closing(sqlite3.connect(path)) as conn, conn:
        found = [
            data for (data,) in conn.execute(
                "SELECT data FROM payloads WHERE sha256 IN (SELECT payload FROM captures WHERE fetch_id IN "
                "(SELECT id FROM fetches WHERE article_id = 1))"
            )
        ]  # fmt: skip
    conn.close()
    return found


def test_the_secrets_stand_in_the_file_before(kept: Path) -> None:
    assert set(remains(kept)) >= {b"Qvistgaard", b"Xylograph", b"xylograph", b"Pnin Vokalis", "鰯雲".encode()}


def test_nothing_of_it_is_in_the_bytes_of_the_file_and_its_log(kept: Path) -> None:
    packed = payload_bytes(kept)
    assert packed
    held = kept.read_bytes()
    assert all(data in held for data in packed)
    with Archive.open(kept) as archive:
        archive.take_down(URL, REASON, LATER)
        archive.erase(LATER)
        assert remains(kept) == []
        held = b"".join(file.read_bytes() for file in kept.parent.glob(f"{kept.name}*"))
        assert not any(data[place : place + 24] in held for data in packed for place in range(0, len(data) - 24, 24))
    assert remains(kept) == []


def test_what_was_overwritten_before_the_takedown_is_gone_too(kept: Path) -> None:
    with closing(sqlite3.connect(kept)) as conn, conn:
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        conn.execute("CREATE TABLE scratch (text TEXT)")
        conn.executemany("INSERT INTO scratch VALUES (?)", [("Qvistgaard " * 900,) for _ in range(20)])
        conn.execute("DROP TABLE scratch")
        conn.commit()
    conn.close()
    take_down(kept)
    assert remains(kept) == []


def test_the_file_is_sound_afterwards_and_the_rest_is_there(kept: Path) -> None:
    take_down(kept)
    with Archive.open(kept) as archive:
        assert archive.verify() == []
        assert [article.url for article in archive.articles()] == [OTHER]
        assert [hit.article.url for hit in archive.search("ferry")] == [OTHER]
        assert archive.search("xylograph") == []
        assert archive.payload(2)


def test_no_table_refers_to_it_any_more(kept: Path) -> None:
    take_down(kept)
    with closing(sqlite3.connect(kept)) as conn, conn:
        for (table,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            columns = [row[1] for row in conn.execute(f"PRAGMA table_info({table})")]
            if "article_id" in columns and table != "tombstones":
                assert conn.execute(f"SELECT count(*) FROM {table} WHERE article_id = 1").fetchone() == (0,), table
    conn.close()


def test_the_account_of_the_fetches_stays(kept: Path) -> None:
    take_down(kept)
    with Archive.open(kept) as archive:
        why = archive.why(URL)
        assert why.taken_down is not None
        assert why.taken_down.reason == REASON
        assert why.taken_down.article_id == 1
        assert why.taken_down.erased == LATER
        assert [fetch.outcome for fetch in why.fetches][:1] == ["stored"]
        assert why.article is None
        with pytest.raises(ArticleNotFound, match="was taken down on 2026-08-23: the person"):
            archive.article(URL)


@pytest.mark.parametrize("address", [URL, f"{URL}?utm_source=feed", ALIAS, URL.replace("https://", "http://www."), 1, "1"])
def test_each_of_its_names_takes_it_down_with_all_the_others(kept: Path, address: int | str) -> None:
    take_down(kept, address)
    with Archive.open(kept) as archive:
        assert archive.tombstone(URL) == archive.tombstone(ALIAS) is not None
        assert archive.tombstone(OTHER) is None
    assert remains(kept) == []


def test_a_crawl_never_leases_it_again(kept: Path) -> None:
    take_down(kept)
    with Archive.open(kept) as archive:
        run = archive.begin_run("crawl", [1], LATER)
        again = [
            found(URL, PageKind.SEED, "seed"),
            found(f"{URL}?utm_medium=x", how="feed", title=TITLE, modified=LATER + timedelta(days=3)),
            found(ALIAS, modified=LATER + timedelta(days=3)),
        ]
        archive.frontier.add(again, source_id=1, found_on=None, depth=0, run_id=run.id, now=LATER)
        assert archive.frontier.lease(9, run_id=run.id, source_ids=None, per_host=9, busy_hosts={}) == []
        assert archive.frontier.waiting() == 0
    assert remains(kept) == []


def test_an_address_never_fetched_is_blocked(kept: Path) -> None:
    never = f"{SITE}/never/seen-before"
    take_down(kept, never)
    with Archive.open(kept) as archive:
        run = archive.begin_run("crawl", [1], LATER)
        archive.frontier.add([found(never)], source_id=1, found_on=None, depth=0, run_id=run.id, now=LATER)
        assert archive.frontier.lease(9, run_id=run.id, source_ids=None, per_host=9, busy_hosts={}) == []
        assert archive.why(never).taken_down is not None
        assert archive.why(never).state == "done"
        (back,) = archive.commit(None, [article_visit(never)], LATER)
        assert back.outcome is Outcome.OUT_OF_SCOPE


@pytest.mark.parametrize(
    "visit",
    [
        secret("Something else"),
        secret("Something else", url=ALIAS),
        secret("Something else", url=f"{SITE}/new/address-with-canonical"),
        article_visit(f"{SITE}/copy", body=body(*WORDS), revision=revision(f"{SITE}/copy", "Other reading")),
        article_visit(f"{SITE}/copy", body=b"other bytes", revision=replace(secret(*CHANGED).revision, url=f"{SITE}/copy")),  # type: ignore[type-var]
        Visit(URL, LATER, Outcome.FAILED, captures=(capture(),)),
    ],
    ids=["address", "alias", "canonical", "bytes", "reading", "failed"],
)
def test_what_brings_it_back_is_refused_with_the_reason(kept: Path, visit: Visit) -> None:
    take_down(kept)
    with Archive.open(kept) as archive:
        before = archive.stats()
        (kept_as,) = archive.commit(None, [visit], LATER)
        assert kept_as.outcome is Outcome.OUT_OF_SCOPE
        after = archive.stats()
        assert (after.articles, after.captures, after.payloads) == (before.articles, before.captures, before.payloads)
        assert archive.why(visit.url).fetches[-1].reason == f"taken down: {REASON}"


def test_a_visit_that_was_under_way_is_refused_and_gives_its_lease_back(kept: Path) -> None:
    with Archive.open(kept) as archive:
        run = archive.begin_run("crawl", [1], LATER)
        new = f"{SITE}/new/story"
        archive.frontier.add([found(new)], source_id=1, found_on=None, depth=0, run_id=run.id, now=LATER)
        (lease,) = archive.frontier.lease(9, run_id=run.id, source_ids=None, per_host=9, busy_hosts={})
        archive.take_down(new, REASON, LATER)
        (back,) = archive.commit(run.id, [article_visit(new, lease=lease)], LATER)
        assert back.outcome is Outcome.OUT_OF_SCOPE
        assert archive.why(new).state == "done"
        archive.end_run(run.id, "finished", LATER)
        assert [problem.kind for problem in archive.verify()] == ["takedown"]
        archive.erase(LATER)
        assert archive.verify() == []


def test_a_payload_that_another_article_has_too_stays_and_the_plan_names_that_article(path: Path) -> None:
    with Archive.create(path) as archive:
        archive.commit(None, [article_visit(URL, body=b"<p>wall"), article_visit(OTHER, "Its own text.", body=b"<p>wall")], NOW)
        assert archive.plan_takedown(URL).others == (OTHER,)
        archive.take_down(URL, REASON, NOW)
        assert archive.payload(2) == b"<p>wall"


def test_an_article_that_stays_with_what_was_taken_down_is_kept_on_and_no_other_gets_it(path: Path) -> None:
    third = f"{SITE}/third"
    same_page = article_visit(OTHER, "Its own text.", body=b"<p>wall")
    same_words = f"{SITE}/words"
    twin = article_visit(same_words, revision=replace(revision(same_words), word_count=60))
    with Archive.create(path) as archive:
        taken = article_visit(URL, body=b"<p>wall", revision=replace(revision(URL), word_count=60))
        archive.commit(None, [taken, same_page, twin], NOW)
        archive.take_down(URL, REASON, NOW)
        again = [
            replace(visit, fetched=LATER, captures=(replace(visit.captures[0], fetched=LATER),)) for visit in (same_page, twin)
        ]
        assert [kept.outcome for kept in archive.commit(None, again, LATER)] == [Outcome.UNCHANGED, Outcome.UNCHANGED]
        new = [article_visit(third, "A third.", body=b"<p>wall"), replace(taken, url=third, captures=(capture(third, b"<p>3"),),
            revision=replace(revision(third), word_count=60))]  # fmt: skip
        assert [kept.outcome for kept in archive.commit(None, new, LATER)] == [Outcome.OUT_OF_SCOPE] * 2
        archive.take_down(OTHER, REASON, LATER)
        archive.erase(LATER)
        assert archive._db.conn.execute(
            "SELECT count(*) FROM payloads WHERE data = ?", (capture(URL, b"<p>wall").payload.data,)
        ).fetchone() == (0,)
        assert archive.verify() == []


def test_the_same_page_kept_at_another_address_with_no_article_goes_along_and_is_named(kept: Path) -> None:
    mirror, failed = "https://mirror.example/7", f"{SITE}/failed"
    with Archive.open(kept) as archive:
        copies = [
            Visit(mirror, NOW, Outcome.NOT_AN_ARTICLE, captures=(capture(mirror, body(*WORDS)),)),
            Visit(failed, NOW, Outcome.FAILED, captures=(capture(failed, body(*CHANGED)),)),
        ]
        before = archive.plan_takedown(URL)
        archive.commit(None, copies, NOW)
        plan = archive.plan_takedown(URL)
        assert plan.along == (mirror, failed)
        assert plan.captures == before.captures + 2
        archive.take_down(URL, REASON, LATER)
        archive.erase(LATER)
        assert archive.stats().payloads == 1
        assert archive.why(mirror).fetches
        assert [back.outcome for back in archive.commit(None, copies, LATER)] == [Outcome.OUT_OF_SCOPE] * 2
        assert archive.verify() == []
    assert remains(kept) == []


def test_of_a_page_that_is_no_article_the_plan_names_where_else_it_is_kept(path: Path) -> None:
    visits = [Visit(url, NOW, Outcome.NOT_AN_ARTICLE, captures=(capture(url, b"<p>none"),)) for url in (URL, OTHER)]
    with Archive.create(path) as archive:
        archive.commit(None, visits, NOW)
        plan = archive.plan_takedown(URL)
        assert (plan.captures, plan.others, plan.along) == (1, (OTHER,), ())


def test_what_it_read_like_before_it_was_read_again_is_refused_too(path: Path) -> None:
    raw = replace(revision(URL, "Give three crowns a month."), word_count=60)
    copy = f"{SITE}/copy"
    with Archive.create(path) as archive:
        archive.commit(None, [article_visit(URL, revision=raw)], NOW)
        with writing(archive._db) as conn:
            conn.execute("INSERT INTO readings (id, reader, packages, settings, first_used) VALUES (1, '2', '{}', '{}', '')")
            conn.execute(
                "INSERT INTO reextractions (id, reading_id, filters, started, state) VALUES (1, 1, '{}', '', 'finished')"
            )
            conn.execute(
                "INSERT INTO rereadings SELECT 1, 1, 1, read_at, reader, reading_id, digest, json_object('word_count', 60), "
                "'[]', '[]' FROM revisions"
            )
            rewrite_reading(conn, 1, 1, replace(revision(URL, "Now without."), word_count=2), LATER)
        archive.take_down(URL, REASON, LATER)
        back = article_visit(copy, body=b"other bytes", revision=replace(raw, url=copy))
        assert archive.commit(None, [back], LATER)[0].outcome is Outcome.OUT_OF_SCOPE


def test_its_number_is_given_to_no_other(path: Path) -> None:
    with Archive.create(path) as archive:
        archive.commit(None, [article_visit(URL)], NOW)
        archive.take_down(URL, REASON, NOW)
        archive.commit(None, [article_visit(OTHER, "Its own text.")], NOW)
        assert archive.article(OTHER).id == 2


def test_where_a_source_starts_is_not_taken_down(kept: Path) -> None:
    with Archive.open(kept) as archive, pytest.raises(TakedownRefused, match="where a source starts"):
        archive.take_down(f"{SITE}/", REASON, NOW)


@pytest.mark.parametrize("address", [1, ALIAS, URL])
def test_an_article_goes_though_a_source_starts_at_it_and_the_plan_says_so(kept: Path, address: int | str) -> None:
    with Archive.open(kept) as archive:
        source = archive.add_source(ALIAS)
        assert archive.plan_takedown(address).sources == (ALIAS,)
        archive.take_down(address, REASON, LATER)
        archive.take_down(address, REASON, LATER)
        archive.erase(LATER)
        run = archive.begin_run("crawl", [source.id], LATER)
        seed = found(ALIAS, PageKind.SEED, "seed")
        archive.frontier.add([seed], source_id=source.id, found_on=None, depth=0, run_id=run.id, now=LATER)
        assert archive.frontier.lease(9, run_id=run.id, source_ids=[source.id], per_host=9, busy_hosts={}) == []
        assert archive.verify() == []
    assert remains(kept) == []


def test_a_takedown_without_a_reason_is_refused(kept: Path) -> None:
    with Archive.open(kept) as archive, pytest.raises(TakedownRefused, match="needs a reason"):
        archive.take_down(URL, "  ", NOW)


def test_words_of_its_page_in_the_reason_of_a_fetch_go(path: Path) -> None:
    notice = replace(
        article_visit(URL, body=b"<title>Log in: Qvistgaard</title>", fetched=LATER), outcome=Outcome.NOT_AN_ARTICLE,
        revision=None, reason='title "Log in: Qvistgaard" of an error page or a form',
    )  # fmt: skip
    with Archive.create(path) as archive:
        archive.commit(None, [article_visit(), notice], LATER)
        archive.take_down(URL, REASON, LATER)
        archive.erase(LATER)
        assert [fetch.reason for fetch in archive.why(URL).fetches] == [None, "taken down"]
    assert b"Qvistgaard" not in path.read_bytes()


def test_an_address_that_led_to_it_and_was_never_read_goes_with_the_title_that_a_feed_gave(kept: Path) -> None:
    short = f"{SITE}/go?story=9"
    with Archive.open(kept) as archive:
        run = archive.begin_run("crawl", [1], LATER)
        named = [found(short, how="feed", title=TITLE)]
        archive.frontier.add(named, source_id=1, found_on=None, depth=1, run_id=run.id, now=LATER)
        (lease,) = archive.frontier.lease(9, run_id=run.id, source_ids=None, per_host=9, busy_hosts={})
        led = Visit(short, LATER, Outcome.UNCHANGED, f"redirects to {URL}, fetched in this run", lease, 302, redirects=(URL,))
        archive.commit(run.id, [led], LATER)
        assert short in archive.plan_takedown(URL).keys
        archive.take_down(URL, REASON, LATER)
        archive.erase(LATER)
        archive.frontier.add(named, source_id=1, found_on=None, depth=1, run_id=run.id, now=LATER)
    assert remains(kept) == []


def test_twice_is_once_and_the_first_reason_stays(kept: Path) -> None:
    take_down(kept)
    with Archive.open(kept) as archive:
        again = archive.take_down(ALIAS, "another reason", LATER + timedelta(days=1))
        assert (again.reason, again.taken_down, again.erased) == (REASON, LATER, LATER)
        assert archive.erase(LATER) == 0


def test_a_front_page_that_a_gone_article_led_to_stays_in_the_crawl(kept: Path) -> None:
    with Archive.open(kept) as archive:
        run = archive.begin_run("crawl", [1], LATER)
        archive.frontier.add(
            [found(f"{SITE}/", PageKind.SEED, "seed")], source_id=1, found_on=None, depth=0, run_id=run.id, now=LATER
        )
        front = Visit(URL, LATER, Outcome.GONE, "redirects to the front page", redirects=(f"{SITE}/",))
        archive.commit(run.id, [front], LATER)
        archive.take_down(URL, REASON, LATER)
        assert archive.tombstone(f"{SITE}/") is None
        leased = archive.frontier.lease(9, run_id=run.id, source_ids=None, per_host=9, busy_hosts={})
        assert [lease.url for lease in leased] == [f"{SITE}/"]


def test_during_a_crawl_the_rows_go_and_the_bytes_wait(kept: Path) -> None:
    with Archive.open(kept) as archive:
        archive.take_down(URL, REASON, LATER)
        with archive.lock_for_crawl(), pytest.raises(TakedownUnfinished, match="run the same command again"):
            archive.erase(LATER)
        found = archive.tombstone(URL)
        assert found is not None
        assert found.erased is None
        assert archive.erase(LATER) == 1
    assert remains(kept) == []


def test_the_number_that_an_article_had_finishes_its_takedown(kept: Path) -> None:
    with Archive.open(kept) as archive:
        archive.take_down(1, REASON, LATER)
        plan = archive.plan_takedown(1)
        assert (plan.url, plan.article) == (URL, None)
        assert archive.take_down(1, REASON, LATER) == plan.tombstone
        assert archive.erase(LATER) == 1
        with pytest.raises(ArticleNotFound):
            archive.plan_takedown(99)


def test_a_long_reader_keeps_the_bytes_until_it_has_ended(kept: Path) -> None:
    with Archive.open(kept) as archive, Archive.open(kept, readonly=True) as reader:
        archive._db.conn.execute("PRAGMA busy_timeout = 50")
        with reader.snapshot():
            assert len(list(reader.articles())) == 2
            archive.take_down(URL, REASON, LATER)
            with pytest.raises(TakedownUnfinished, match="close it, and run the same command again"):
                archive.erase(LATER)
            assert len(list(reader.articles())) == 2, "a reader sees what it saw"
        assert archive.erase(LATER) == 1
    assert remains(kept) == []


KILLED = """
import os, signal, sys
from archive import Archive
from tests.archive.samples import LATER, URL

def step(name):
    if name == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

with Archive.open(sys.argv[1]) as archive:
    if sys.argv[2] == "rows":
        archive._db.conn.set_trace_callback(lambda sql: step("rows") if "DELETE FROM payloads" in sql else None)
    archive.take_down(URL, "the person concerned asked for it", LATER)
    step("between")
    archive.erase(LATER, step)
"""


@pytest.mark.parametrize("step", ["rows", "between", "dictionaries", "index articles_fts", "file", "log"])
def test_after_kill_9_it_is_all_there_or_all_gone_and_the_same_call_finishes_it(kept: Path, tmp_path: Path, step: str) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(kept), step], timeout=60, check=False)
    assert done.returncode == -9
    with Archive.open(kept) as archive:
        there = archive.tombstone(URL) is None
        assert there is (step == "rows")
        assert len(archive.search("xylograph")) == int(there)
        assert len(list(archive.articles())) == 1 + int(there)
        assert archive.payload(2)
    take_down(kept)
    assert remains(kept) == []
    with Archive.open(kept) as archive:
        assert archive.verify() == []


def packed(path: Path) -> Archive:
    """An archive of articles whose pages are packed by a dictionary that is made of some of them."""
    shared = "".join(f"<div class='c{n}'>Menu entry {n} of the courier, as on every page</div>" for n in range(300))
    visits = [
        article_visit(f"{SITE}/story-{n}", f"Text {n}.", body=f"{shared}<p>{SECRETS[0]} {n} {n * 7919}</p>".encode())
        for n in range(packing.FEWEST_PAGES + 8)
    ]
    archive = Archive.create(path)
    archive.commit(None, visits, NOW)
    archive.pack()
    return archive


def test_a_page_that_a_dictionary_was_made_of_is_in_no_dictionary_afterwards(path: Path) -> None:
    with packed(path) as archive:
        (samples,) = archive._db.conn.execute("SELECT samples FROM dictionaries").fetchone()
        digest = samples.split('"')[1]
        (url,) = archive._db.conn.execute("SELECT url FROM captures WHERE payload = ?", (digest,)).fetchone()
        archive.take_down(url, REASON, NOW)
        archive.erase(NOW)
        assert all(digest not in row[0] for row in archive._db.conn.execute("SELECT samples FROM dictionaries"))
        assert archive.verify() == []


def test_with_both_copies_of_such_a_dictionary_damaged_it_says_what_to_do(path: Path) -> None:
    with packed(path) as archive:
        for table in ("dictionaries", "spare_dictionaries"):
            archive._db.conn.execute(f"UPDATE {table} SET data = x'00'")
        (samples,) = archive._db.conn.execute("SELECT samples FROM dictionaries").fetchone()
        (url,) = archive._db.conn.execute("SELECT url FROM captures WHERE payload = ?", (json.loads(samples)[0],)).fetchone()
        archive.take_down(url, REASON, NOW)
        with pytest.raises(
            TakedownUnfinished, match=r"because both copies.*: restore the file from a copy first, and run the same"
        ):
            archive.erase(NOW)


def test_a_copy_of_the_file_taken_while_open_holds_nothing_either(kept: Path, tmp_path: Path) -> None:
    with Archive.open(kept) as archive:
        archive.take_down(URL, REASON, LATER)
        archive.erase(LATER)
        copy = tmp_path / "copy" / "morgue.db"
        copy.parent.mkdir()
        for file in kept.parent.glob(f"{kept.name}*"):
            shutil.copy(file, copy.parent)
    assert remains(copy) == []


def test_a_page_that_was_no_article_goes_along_and_is_not_refused_elsewhere(path: Path) -> None:
    wall = b"<p>Please consent, www or not</p>"
    with Archive.create(path) as archive:
        at_www = Visit(URL.replace("//", "//WWW."), NOW, Outcome.NOT_AN_ARTICLE, captures=(capture(URL, wall),))
        archive.commit(None, [article_visit(URL.replace("//", "//www.")), at_www], NOW)
        archive.take_down(URL, REASON, NOW)
        assert archive.stats().payloads == 0
        elsewhere = Visit(OTHER, NOW, Outcome.NOT_AN_ARTICLE, captures=(capture(OTHER, wall),))
        assert archive.commit(None, [elsewhere], NOW)[0].outcome is Outcome.NOT_AN_ARTICLE
        assert archive.commit(None, [replace(at_www, captures=(capture(URL, wall),))], NOW)[0].outcome is Outcome.OUT_OF_SCOPE


def test_an_article_that_is_filed_twice_under_ways_to_write_its_address_goes_whole(path: Path) -> None:
    plain, www = "http://tern.example/x/story-of-two", "https://www.tern.example/x/story-of-two"
    with Archive.create(path) as archive:
        visits = [article_visit(plain, "One."), article_visit(www, "Two.", body=b"<p>2", revision=revision(www, "Two."))]
        archive.commit(None, visits, NOW)
        assert archive.stats().articles == 2
        archive.take_down("https://tern.example/x/story-of-two", REASON, NOW)
        assert archive.stats().articles == archive.stats().captures == 0


def test_what_a_page_read_like_before_blocks_of_the_site_were_left_out_does_not_come_back(archive: Archive) -> None:
    appeal, story = "Three crowns a month keep the presses warm.", "Word upon word of the story. " * 12
    first = revision(URL, story, appeal)
    archive.commit(None, [article_visit(revision=first)], NOW)
    own = tuple(block._replace(label="other", reason=SITES_OWN) if block.text == appeal else block for block in first.blocks)
    with writing(archive._db) as conn:
        rewrite_reading(conn, 1, 1, replace(first, blocks=own, text=first.text.replace(f"\n\n{appeal}", "")), NOW)
    raw = revision(URL, story + "And an end.", appeal)
    archive.commit(None, [article_visit(body=b"<html>2", fetched=LATER, revision=raw)], LATER)
    assert appeal not in archive.article(1).text
    archive.take_down(URL, REASON, LATER)
    mirror = "https://mirror.example/story"
    back = article_visit(mirror, body=b"<html>3", fetched=LATER, revision=replace(raw, url=mirror, site="mirror.example"))
    assert archive.commit(None, [back], LATER)[0].outcome is Outcome.OUT_OF_SCOPE
    assert archive.stats().articles == 0
