"""A crawl keeps to the manners that docs/politeness.md promises; the server's own log is the witness."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from tests.end_to_end.conftest import crawl, morgue
from tests.end_to_end.small_site import Asked, Reply, small_site, stories

pytestmark = pytest.mark.crawl
AT_ONCE = 0.1
SEEN = 0.6
"""Share of a pause that is seen at least: a busy machine lets a request wait at the server's door, and the next one not."""


def outcomes(archive: Path) -> dict[str, tuple[str, str | None]]:
    """Outcome and reason of each fetch, by path."""
    with closing(sqlite3.connect(archive)) as db, db:
        rows = db.execute("SELECT url, outcome, reason FROM fetches").fetchall()
    return {"/" + url.split("/", 3)[-1]: (outcome, reason) for url, outcome, reason in rows}


def are_apart(requests: list[Asked], seconds: float) -> bool:
    """Whether requests were sent so far apart, as far as can be told from when they were seen.

    A request that a busy machine lets wait is seen late, and then the next one soon after it. So no two may be seen at once, and
    all of them together must have taken their time, which only a late sight of the first one shortens.
    """
    no_two_at_once = all(later.at - earlier.at >= AT_ONCE * seconds for earlier, later in pairwise(requests))
    return no_two_at_once and requests[-1].at - requests[0].at >= seconds * (len(requests) - 2 + SEEN)


def test_requests_to_a_host_keep_the_delay(tmp_path: Path) -> None:
    with small_site(stories(3)) as site:
        done = morgue("crawl", site.url, "--delay", "0.8", archive=tmp_path / "a.db")
    assert done.returncode == 0, done.stderr
    assert are_apart(site.log, 0.8)


def test_crawl_delay_of_robots_txt_is_kept_even_without_our_own(tmp_path: Path) -> None:
    pages = stories(3) | {"/robots.txt": Reply("User-agent: *\nCrawl-delay: 0.8\n", content_type="text/plain")}
    with small_site(pages) as site:
        done = crawl(site.url, tmp_path / "a.db")
    assert done.returncode == 0, done.stderr
    after_robots = [entry for entry in site.log if entry.path != "/robots.txt"]
    assert are_apart(after_robots, 0.8)


def test_crawl_delay_of_robots_txt_is_kept_beside_our_own(tmp_path: Path) -> None:
    pages = stories(4) | {"/robots.txt": Reply("User-agent: *\nCrawl-delay: 1\n", content_type="text/plain")}
    with small_site(pages) as site:
        done = morgue("crawl", site.url, "--delay", "0.1", archive=tmp_path / "a.db")
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    after_robots = [entry for entry in site.log if entry.path != "/robots.txt"]
    assert are_apart(after_robots, 1), "AutoThrottle alone would halve it each time"


def test_the_delay_of_a_source_is_kept_beside_that_of_the_crawl(tmp_path: Path) -> None:
    with small_site(stories(3)) as site:
        config = tmp_path / "morgue.toml"
        config.write_text(f'delay = 0.1\n[[sources]]\nname = "bridge"\nurl = "{site.url}/"\ndelay = 0.8\n')
        done = morgue("crawl", "bridge", "--config", str(config), archive=tmp_path / "a.db")
    assert done.returncode == 0, done.stderr
    assert are_apart(site.log, 0.8)


def test_the_delay_of_a_source_is_kept_on_the_host_of_its_articles_too(tmp_path: Path) -> None:
    told = {path: reply for path, reply in stories(3).items() if path != "/"}
    with small_site(told, "127.0.0.2") as articles:
        addresses = "".join(f"{articles.url}{path}\n" for path in told)
        with small_site({"/list.txt": Reply(addresses, content_type="text/plain")}) as lists:
            config = tmp_path / "morgue.toml"
            config.write_text(f'delay = 0.1\n[[sources]]\nname = "bridge"\nurl = "{lists.url}/list.txt"\ndelay = 0.8\n')
            done = morgue("crawl", "bridge", "--config", str(config), archive=tmp_path / "a.db")
    assert done.returncode == 0, done.stderr
    assert set(told) <= {entry.path for entry in articles.log}
    assert are_apart(articles.log, 0.8)


def test_of_two_sources_on_one_host_the_slower_one_is_kept(tmp_path: Path) -> None:
    with small_site(stories(3)) as site:
        config = tmp_path / "morgue.toml"
        slow = f'[[sources]]\nname = "slow"\nurl = "{site.url}/"\ndelay = 0.8\n'
        fast = f'[[sources]]\nname = "fast"\nurl = "{site.url}/feed.xml"\ndelay = 0.1\n'
        config.write_text(f"delay = 0.1\n{slow}{fast}")
        morgue("crawl", "--config", str(config), archive=tmp_path / "a.db")
    assert are_apart(site.log, 0.8)


def test_retry_after_is_kept_for_the_further_pages_of_an_article(tmp_path: Path) -> None:
    pages = stories(1)
    path = "/2026/05/01/pier-number-1-of-the-bridge"
    story = pages[path]
    assert isinstance(story, Reply)
    first = story.body.replace("</article>", '<a rel="next" href="?page=2">Page 2</a></article>')
    first = first.replace("</head>", f'<link rel="next" href="{path}?page=2"></head>')
    pages[path] = Reply(first)
    pages[f"{path}?page=2"] = lambda before: Reply("busy", 503, {"Retry-After": "2"}) if before == 0 else story
    with small_site(pages) as site:
        done = crawl(site.url, tmp_path / "a.db")
    assert done.returncode == 0, done.stderr
    refused, again = site.asked(f"{path}?page=2")
    assert again.at - refused.at >= 2 * SEEN


def test_retry_after_rests_the_whole_host(tmp_path: Path) -> None:
    pages = stories(4)
    busy = "/2026/05/01/pier-number-1-of-the-bridge"
    story = pages[busy]
    pages[busy] = lambda before: Reply("busy", 503, {"Retry-After": "2"}) if before == 0 else story  # type: ignore[assignment,return-value]
    with small_site(pages) as site:
        done = morgue("crawl", site.url, "--delay", "0", archive=tmp_path / "a.db")
    assert done.returncode == 0, done.stderr
    refused = site.asked(busy)[0]
    following = [entry.at - refused.at for entry in site.log if entry.at > refused.at]
    assert min(following) >= 2 * SEEN
    assert outcomes(tmp_path / "a.db")[busy][0] == "stored"


def test_a_long_retry_after_puts_the_page_off(tmp_path: Path) -> None:
    pages = stories(2) | {"/2026/05/01/pier-number-1-of-the-bridge": Reply("no", 429, {"Retry-After": "86400"})}
    with small_site(pages) as site:
        crawl(site.url, tmp_path / "a.db")
    outcome, reason = outcomes(tmp_path / "a.db")["/2026/05/01/pier-number-1-of-the-bridge"]
    assert (outcome, reason) == ("later", "the server asks to wait 86400 s (status 429)")
    assert len(site.asked("/2026/05/01/pier-number-1-of-the-bridge")) == 1


def test_a_host_that_asks_for_long_is_left_alone_by_later_runs_too(tmp_path: Path) -> None:
    pages = {path: Reply("no", 429, {"Retry-After": "86400"}) if path != "/" else reply for path, reply in stories(3).items()}
    with small_site(pages) as site:
        for _ in range(2):
            crawl(site.url, tmp_path / "a.db", "--concurrency", "1")
        asked = [entry.path for entry in site.log if entry.path.startswith("/2026")]
        assert len(asked) == 1, "the other stories wait, and nobody asks again"
    with closing(sqlite3.connect(tmp_path / "a.db")) as db, db:
        assert db.execute("SELECT host, reason, times FROM host_rests").fetchall() == [
            (site.url.removeprefix("http://"), "status 429", 1)
        ]
        assert db.execute("SELECT count(*) FROM frontier WHERE state = 'waiting'").fetchone() >= (2,)


def test_a_host_that_refuses_without_a_word_rests(tmp_path: Path) -> None:
    pages = {path: Reply("no", 429) if path != "/" else reply for path, reply in stories(3).items()}
    with small_site(pages) as site:
        crawl(site.url, tmp_path / "a.db", "--concurrency", "1")
        assert len({entry.path for entry in site.log if entry.path.startswith("/2026")}) < 3
    with closing(sqlite3.connect(tmp_path / "a.db")) as db, db:
        assert db.execute("SELECT reason FROM host_rests").fetchall() == [("status 429",)]


def test_what_robots_txt_forbids_is_not_asked_for(tmp_path: Path) -> None:
    pages = stories(2) | {"/robots.txt": Reply("User-agent: morgue\nDisallow: /2026/05/02\n", content_type="text/plain")}
    with small_site(pages) as site:
        crawl(site.url, tmp_path / "a.db")
    assert not site.asked("/2026/05/02/pier-number-2-of-the-bridge")
    assert outcomes(tmp_path / "a.db")["/2026/05/02/pier-number-2-of-the-bridge"] == ("robots", "forbidden by robots.txt")


@pytest.mark.parametrize("status", [429, 500])
def test_a_robots_txt_that_fails_forbids_everything_for_now(tmp_path: Path, status: int) -> None:
    with small_site(stories(2) | {"/robots.txt": Reply("oh", status)}) as site:
        done = crawl(site.url, tmp_path / "a.db")
    assert {entry.path for entry in site.log} == {"/robots.txt"}
    assert list(outcomes(tmp_path / "a.db").values()) == [("later", f"robots.txt cannot be read: status {status}")]
    assert done.returncode != 0


def test_a_robots_txt_that_is_missing_allows_everything(tmp_path: Path) -> None:
    with small_site(stories(1) | {"/robots.txt": Reply("no", 404)}) as site:
        crawl(site.url, tmp_path / "a.db")
    assert outcomes(tmp_path / "a.db")["/2026/05/01/pier-number-1-of-the-bridge"][0] == "stored"


def test_the_user_agent_names_us_and_the_contact(tmp_path: Path) -> None:
    with small_site(stories(1)) as site:
        crawl(site.url, tmp_path / "a.db", "--contact", "archive@example.org")
    agents = {entry.headers["User-Agent"] for entry in site.log}
    assert len(agents) == 1
    assert agents.pop().startswith("morgue/")
    assert "archive@example.org" in site.log[0].headers["User-Agent"]
    assert not [entry for entry in site.log if "Cookie" in entry.headers]


def test_pages_seen_before_are_asked_for_with_conditions(tmp_path: Path) -> None:
    pages = stories(1)
    front = pages["/"]
    assert isinstance(front, Reply)
    front.headers = {"ETag": '"front-1"', "Last-Modified": "Fri, 01 May 2026 10:00:00 GMT"}
    with small_site(pages) as site:
        crawl(site.url, tmp_path / "a.db")
        crawl(site.url, tmp_path / "a.db")
    first, second = site.asked("/")
    assert "If-None-Match" not in first.headers
    assert second.headers["If-None-Match"] == '"front-1"'
    assert second.headers["If-Modified-Since"] == "Fri, 01 May 2026 10:00:00 GMT"


def test_a_redirect_out_of_the_site_is_not_followed(tmp_path: Path) -> None:
    with small_site({}) as elsewhere:
        pages = stories(4)
        moved = dict(zip([path for path in pages if path != "/"], (301, 302, 307, 308), strict=True))
        for path, status in moved.items():
            pages[path] = Reply("", status, {"Location": f"{elsewhere.url}{path}-somewhere-else"})
        with small_site(pages) as site:
            crawl(site.url, tmp_path / "a.db")
    assert not elsewhere.log
    found = outcomes(tmp_path / "a.db")
    assert {path: found[path][0] for path in moved} == dict.fromkeys(moved, "out_of_scope")


def test_a_host_whose_robots_txt_cannot_be_read_is_left_alone_and_the_rest_of_the_source_is_not(tmp_path: Path) -> None:
    archive = tmp_path / "a.db"
    told = {path: reply for path, reply in stories(3).items() if path != "/"}
    with small_site({"/robots.txt": Reply("", 503)}, "127.0.0.2") as broken, small_site(dict(told)) as site:
        harbour = "".join(f"{broken.url}/2026/05/0{n}/wharf-number-{n}-of-the-harbour\n" for n in range(1, 7))
        bridge = "".join(f"{site.url}{path}\n" for path in told)
        site.pages["/list.txt"] = Reply(bridge + harbour, content_type="text/plain")
        done = morgue("crawl", f"{site.url}/list.txt", "--delay", "0", "--concurrency", "1", archive=archive)
    assert done.returncode == 3, done.stdout
    assert "(robots.txt cannot be read: status 503), and pages on it wait" in done.stdout
    assert {entry.path for entry in broken.log} == {"/robots.txt"}
    with closing(sqlite3.connect(archive)) as db, db:
        counts = dict(db.execute("SELECT outcome, count(*) FROM fetches WHERE url LIKE '%/2026/%' GROUP BY outcome").fetchall())
        (waiting,) = db.execute("SELECT count(*) FROM frontier WHERE state = 'waiting' AND kind = 'article'").fetchone()
    assert (counts, waiting) == ({"stored": 3, "later": 1}, 5)
