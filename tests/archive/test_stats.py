from __future__ import annotations

from archive import Archive
from archive.rows import SourceOutcomes
from archive.visit import Outcome, Visit
from tests.archive.samples import LATER, NOW, URL, article_visit, found, revision


def test_an_empty_archive_counts_nothing(archive: Archive) -> None:
    stats = archive.stats()
    assert (stats.articles, stats.payload_bytes, stats.sites, stats.sources, stats.waiting) == (0, 0, (), (), 0)


def test_stats_count_what_is_there(archive: Archive) -> None:
    other = "https://heron.example/a"
    body = b"<p>ferry</p>" * 100
    archive.commit(
        None,
        [
            article_visit(body=body),
            article_visit(body=body, fetched=LATER, revision=revision(URL, "Changed.")),
            article_visit(f"{URL}-2", revision=revision(f"{URL}-2", dek=None)),
            article_visit(other, revision=revision(other, site="heron.example", authors=())),
            Visit(other, LATER, Outcome.GONE),
        ],
        NOW,
    )
    archive.frontier.add([found("https://tern.example/b")], source_id=None, found_on=None, depth=0, run_id=None, now=NOW)
    stats = archive.stats()
    assert (stats.articles, stats.revisions, stats.captures, stats.payloads, stats.fetches, stats.waiting) == (3, 4, 4, 3, 5, 1)
    assert stats.stored_bytes < stats.payload_bytes
    assert [(s.site, s.articles, s.withdrawn) for s in stats.sites] == [("tern.example", 2, 0), ("heron.example", 1, 1)]
    assert (stats.sites[0].coverage["dek"], stats.sites[0].coverage["authors"], stats.sites[1].coverage["authors"]) == (0.5, 1, 0)
    assert stats.sources == (SourceOutcomes("", {"gone": 1, "stored": 4}),)


def test_outcomes_are_counted_by_source(archive: Archive) -> None:
    source = archive.add_source("https://tern.example/", "tern")
    run = archive.begin_run("crawl", [source.id], NOW)
    archive.frontier.add([found(URL)], source_id=source.id, found_on=None, depth=0, run_id=run.id, now=NOW)
    (lease,) = archive.frontier.lease(1, run_id=run.id, source_ids=None, per_host=1, busy_hosts={})
    archive.commit(run.id, [Visit(URL, NOW, Outcome.FAILED, lease=lease)], NOW)
    assert archive.stats().sources == (SourceOutcomes("tern", {"failed": 1}),)
