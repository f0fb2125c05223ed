from __future__ import annotations

from datetime import timedelta

from archive import Archive
from archive.visit import Outcome, PageKind, Visit
from tests.archive.samples import LATER, NOW, URL, article_visit, found, revision

SEED = "https://tern.example/"
FEED = "https://tern.example/feed.xml"


def crawl(archive: Archive) -> None:
    """Seed to feed to article, one after the other."""
    source = archive.add_source(SEED)
    run = archive.begin_run("crawl", [source.id], NOW)
    archive.frontier.add([found(SEED, PageKind.SEED, "seed")], source_id=1, found_on=None, depth=0, run_id=run.id, now=NOW)
    leads = {SEED: (found(FEED, PageKind.FEED, "autodiscovery"),), FEED: (found(URL, how="feed"),)}
    for url, kind in ((SEED, PageKind.SEED), (FEED, PageKind.FEED)):
        (lease,) = archive.frontier.lease(9, run_id=run.id, source_ids=None, per_host=9, busy_hosts={})
        assert (lease.url, lease.kind) == (url, kind)
        archive.commit(run.id, [Visit(url, NOW, Outcome.LISTED, lease=lease, status=200, found=leads[url])], NOW)
    (lease,) = archive.frontier.lease(9, run_id=run.id, source_ids=None, per_host=9, busy_hosts={})
    archive.commit(run.id, [article_visit(lease=lease, revisit=LATER)], NOW)


def test_why_tells_the_way_from_the_seed_to_the_value(archive: Archive) -> None:
    crawl(archive)
    why = archive.why(f"{URL}?utm_source=mail")
    assert [(step.url, step.how, step.depth) for step in why.chain] == [
        (SEED, "seed", 0), (FEED, "autodiscovery", 1), (URL, "feed", 2),
    ]  # fmt: skip
    assert [(fetch.outcome, fetch.revision, fetch.capture_ids) for fetch in why.fetches] == [("stored", 1, (1,))]
    assert (why.state, why.next_visit, why.robots) == ("done", LATER, None)
    assert why.article is not None
    assert [(e.field, e.rank, e.place) for e in why.evidence] == [("title", 0, "NewsArticle.headline"), ("title", 1, "h1")]
    assert [(line.number, line.title) for line in why.revisions] == [(1, "Night ferry returns")]


def test_why_tells_what_robots_forbade(archive: Archive) -> None:
    source = archive.add_source(SEED)
    run = archive.begin_run("crawl", [source.id], NOW)
    archive.frontier.add([found(URL)], source_id=1, found_on=None, depth=0, run_id=run.id, now=NOW)
    (lease,) = archive.frontier.lease(1, run_id=run.id, source_ids=None, per_host=1, busy_hosts={})
    archive.commit(run.id, [Visit(URL, NOW, Outcome.ROBOTS, "Disallow: /harbour/", lease=lease)], NOW)
    why = archive.why(URL)
    assert (why.known, why.article, why.robots) == (True, None, "Disallow: /harbour/")


def test_why_knows_when_a_postponed_address_is_due(archive: Archive) -> None:
    source = archive.add_source(SEED)
    run = archive.begin_run("crawl", [source.id], NOW)
    archive.frontier.add([found(URL)], source_id=1, found_on=None, depth=0, run_id=run.id, now=NOW)
    (lease,) = archive.frontier.lease(1, run_id=run.id, source_ids=None, per_host=1, busy_hosts={})
    due = NOW + timedelta(days=1)
    archive.commit(run.id, [Visit(URL, NOW, Outcome.LATER, lease=lease, revisit=due)], NOW)
    assert (archive.why(URL).state, archive.why(URL).next_visit) == ("done", due)


def test_why_shows_all_readings_of_what_was_added_by_hand(archive: Archive) -> None:
    archive.commit(None, [article_visit()], NOW)
    archive.commit(None, [article_visit(fetched=LATER, revision=revision(URL, "Changed."))], LATER)
    why = archive.why(URL)
    assert ([f.outcome for f in why.fetches], [r.number for r in why.revisions], why.chain) == (["stored", "stored"], [1, 2], ())


def test_an_address_that_was_never_met_is_not_known(archive: Archive) -> None:
    assert not archive.why("https://nobody.example/x").known
    assert not archive.why("no address").known


def test_a_ring_of_finds_ends(archive: Archive, path: object) -> None:
    crawl(archive)
    archive._db.conn.execute("UPDATE frontier SET found_on = 3 WHERE id = 1")
    assert archive.why(URL).chain[-1].url == URL
