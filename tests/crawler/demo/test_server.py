"""The newspaper over real HTTP."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser

import pytest

from crawler.demo import pages
from crawler.demo.answers import Answer as Reply
from crawler.demo.server import DemoServer, serve
from crawler.demo.site import Site, Story, load_site
from crawler.demo.truth import expected_outcomes, never_asked, truth
from tests.end_to_end.conftest import PATIENCE

SITE = load_site()
NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with serve(SITE, clock=lambda: NOW, slow_seconds=0.2) as running:
        yield running


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    @property
    def text(self) -> str:
        return self.body.decode()


def get(server: DemoServer, path: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=PATIENCE)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = Answer(connection.getresponse())
    connection.close()
    return answer


def special(name: str) -> Story:
    story = SITE.special(name)
    assert story
    return story


def plain(layout: str) -> Story:
    return next(story for story in SITE.shown if story.layout == layout and not story.special)


def test_every_story_is_served_under_its_own_address(server: DemoServer) -> None:
    for url in truth(SITE, server.base_url, NOW):
        path = url.removeprefix(server.base_url)
        answers = [get(server, path), get(server, path)]
        assert answers[1].status == 200, path


@pytest.mark.parametrize("layout", ["semantic", "hashed", "creator", "soup", "blog"])
def test_an_unchanged_page_is_answered_with_304(server: DemoServer, layout: str) -> None:
    path = plain(layout).path
    first = get(server, path)
    again = get(server, path, If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert get(server, path, If_None_Match='"other"').status == 200


def test_the_date_of_change_serves_as_validator_too(server: DemoServer) -> None:
    path = plain("semantic").path
    changed = get(server, path).headers["Last-Modified"]
    assert get(server, path, If_Modified_Since=changed).status == 304
    assert get(server, path, If_Modified_Since="Thu, 01 Jan 2015 00:00:00 GMT").status == 200
    assert get(server, path, If_Modified_Since="yesterday").status == 200


def test_the_changing_page_is_a_new_text_at_each_visit(server: DemoServer) -> None:
    path = special("changing").path
    first = get(server, path)
    second = get(server, path, If_None_Match=first.headers["ETag"])
    assert second.status == 200
    assert "called up 1 times" in first.text
    assert "called up 2 times" in second.text


def test_the_changing_page_reads_as_its_truth_says(server: DemoServer) -> None:
    story = special("changing")
    get(server, story.path)
    expected = truth(SITE, server.base_url, NOW, visit=2)[server.base_url + story.path]
    assert expected.sections[0].blocks[-1].text in get(server, story.path).text


def test_the_flaky_page_answers_at_the_second_request(server: DemoServer) -> None:
    path = special("flaky").path
    first = get(server, path)
    assert (first.status, first.headers["Retry-After"]) == (503, "1")
    assert get(server, path).status == 200


def test_the_slow_page_takes_its_time(server: DemoServer) -> None:
    began = time.monotonic()
    assert get(server, special("slow").path).status == 200
    assert time.monotonic() - began >= server.slow_seconds


def test_the_moved_story_leads_on_to_its_new_address(server: DemoServer) -> None:
    story = special("moved")
    answer = get(server, story.listed_path)
    assert (answer.status, answer.headers["Location"]) == (301, server.base_url + story.path)
    assert get(server, story.path).status == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (pages.BROKEN_PATH, 500),
        (pages.MISSING_PATH, 404),
        (pages.SOFT_404_PATH, 200),
        (pages.SIGN_IN_PATH, 200),
        ("/events/2031/12/", 200),
        ("/events/2031/13/", 404),
        ("/blog/page/2/", 200),
        ("/blog/page/99/", 404),
        ("/search?q=ferry", 200),
        ("/%00", 404),
        ("/harbour/?page=x", 404),
    ],
)
def test_other_addresses_answer_as_meant(server: DemoServer, path: str, status: int) -> None:
    assert get(server, path).status == status


def test_a_deleted_story_is_gone(server: DemoServer) -> None:
    assert get(server, special("deleted").path).status == 410


def test_every_variant_of_an_address_gives_the_story_with_its_canonical_address(server: DemoServer) -> None:
    variants = pages.variant_links(SITE)
    assert len(variants) == 6
    for path, story in variants.items():
        assert f'rel="canonical" href="{server.base_url}{story.path}"' in get(server, path).text, path


def test_robots_forbids_drafts_and_search(server: DemoServer) -> None:
    robots = RobotFileParser()
    robots.parse(get(server, "/robots.txt").text.splitlines())
    for url in expected_outcomes(SITE, server.base_url, NOW):
        path = url.removeprefix(server.base_url)
        assert robots.can_fetch("*", url) is not never_asked(path)
    assert robots.site_maps() == [f"{server.base_url}/sitemap.xml"]


def test_every_story_can_be_reached_from_the_front_page(server: DemoServer) -> None:
    seen, waiting = set(), {"/"}
    while waiting:
        path = waiting.pop()
        seen.add(path)
        answer = get(server, path)
        if path.count("/") < 4 and "/events/" not in path and "<main>" in answer.text:
            links = {part.split('"')[0].removeprefix(server.base_url) for part in answer.text.split('href="')[1:]}
            waiting |= {
                link for link in links if link.startswith("/") and "/images/" not in link and "/files/" not in link
            } - seen
    assert {story.listed_path for story in SITE.shown} <= seen


def test_head_sends_no_body_and_is_no_visit(server: DemoServer) -> None:
    path = special("changing").path
    head = get(server, path, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["Content-Length"]) > 0
    assert "called up 1 times" in get(server, path).text


def test_the_log_keeps_what_was_asked(server: DemoServer) -> None:
    get(server, "/about?x=1", User_Agent="reader/1")
    entry = server.log[-1]
    assert (entry.time, entry.method, entry.path, entry.status) == (NOW, "GET", "/about?x=1", 200)
    assert ("User-Agent", "reader/1") in entry.headers


def test_one_connection_carries_many_requests(server: DemoServer) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=PATIENCE)
    for path in ("/", "/about", pages.MISSING_PATH, "/feeds/all.xml"):
        connection.request("GET", path)
        connection.getresponse().read()
        assert connection.sock is not None
    connection.close()


def test_it_runs_in_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "crawler.demo", "--port", "0", "--now", "2026-11-23T08:30:00+00:00"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        host = process.stdout.readline().strip().removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=PATIENCE)
        connection.request("GET", "/about")
        assert connection.getresponse().status == 200
        connection.close()
        process.terminate()


def test_a_port_that_is_taken_is_named(server: DemoServer) -> None:
    command = [sys.executable, "-m", "crawler.demo", "--port", str(server.server_port)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Cannot serve on port {server.server_port}: ")


def test_the_stories_may_be_others_at_another_time() -> None:
    clock = [NOW]
    story = replace(next(s for s in SITE.shown if s.layout == "creator" and not s.related), slug="about-to-go")

    def stories(now: datetime) -> Site:
        return Site((story,)) if now == NOW else Site(())

    with serve(stories, clock=lambda: clock[0]) as server:
        path = story.path
        assert get(server, path).status == 200
        clock[0] += timedelta(days=1)
        assert get(server, path).status == 404


def test_an_incident_is_answered_instead_of_the_newspaper() -> None:
    with serve(SITE, clock=lambda: NOW, incident=lambda request: Reply(503) if request.path == "/" else None) as server:
        assert get(server, "/").status == 503
        assert get(server, "/about").status == 200
    assert server.log[0].came < server.log[1].came
