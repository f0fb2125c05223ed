from __future__ import annotations

from datetime import timedelta

from archive import Archive
from archive.schedule import Opening
from archive.visit import Outcome, Visit
from tests.archive.samples import NOW, found

YEAR, HOUR = timedelta(days=365), timedelta(hours=1)


def crawl_once(archive: Archive, source: int, fetched: timedelta) -> None:
    """Fetch a page of a source in a run of its own, due again an hour later."""
    moment = NOW + fetched
    run = archive.begin_due_run([Opening(source, look=False, listings=False, articles=False)], moment).id
    page = found(f"https://tern.example/{fetched.days}")
    archive.frontier.add([page], source_id=source, found_on=None, depth=0, run_id=run, now=moment)
    leases = archive.frontier.lease(9, run_id=run, source_ids=[source], per_host=9, busy_hosts={})
    archive.commit(run, [Visit(x.url, moment, Outcome.GONE, lease=x, revisit=moment + HOUR) for x in leases], moment)
    archive.end_run(run, "finished", moment)


def opened(archive: Archive, source: int) -> list[str]:
    run = archive.begin_due_run([Opening(source, look=False, listings=False, articles=True)], NOW).id
    leases = archive.frontier.lease(9, run_id=run, source_ids=[source], per_host=9, busy_hosts={}, now=NOW)
    return [lease.url for lease in leases]


def test_what_was_fetched_in_times_to_come_is_due_now_and_the_rest_when_it_was(archive: Archive) -> None:
    source = archive.add_source("https://tern.example/").id
    crawl_once(archive, source, timedelta(0))
    crawl_once(archive, source, YEAR)
    assert opened(archive, source) == ["https://tern.example/365"]


def test_a_rest_that_no_host_could_have_asked_for_is_over(archive: Archive) -> None:
    source = archive.add_source("https://tern.example/").id
    crawl_once(archive, source, YEAR)
    archive.frontier.rest("tern.example", HOUR, "status 429", NOW + YEAR, named=True)
    assert opened(archive, source) == ["https://tern.example/365"]
    archive.frontier.rest("tern.example", HOUR, "status 429", NOW, named=True)
    assert archive.source_pasts([source], NOW)[0].resting_until is None, "no seed is known"
    assert opened(archive, source) == []
