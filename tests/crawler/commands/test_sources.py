"""`morgue sources`: what it prints and what it changes; `check` over real HTTP."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive import Archive
from archive.visit import Found, Outcome, PageKind, Visit
from crawler.config import load_config
from crawler.demo.server import serve
from tests.crawler.commands.conftest import NOW
from tests.crawler.commands.test_crawling import run, site, small_paper, story

COURIER = "https://courier.example/"


@pytest.fixture
def courier(call) -> Path:
    """A morgue.toml with one source that was crawled once, and its archive."""
    call("sources", "add", COURIER, "--every", "6h")
    with Archive.open("morgue.db") as archive:
        id_ = archive.add_source(COURIER, "courier").id
        crawl = archive.begin_run("crawl", [id_], NOW).id
        seed = Found(COURIER, PageKind.SEED, "seed")
        archive.frontier.add([seed], source_id=id_, found_on=None, depth=0, run_id=crawl, now=NOW)
        (lease,) = archive.frontier.lease(1, run_id=crawl, source_ids=[id_], per_host=1, busy_hosts={})
        found = (Found(f"{COURIER}ferry", PageKind.ARTICLE, "link"),)
        archive.commit(crawl, [Visit(COURIER, NOW, Outcome.LISTED, lease=lease, found=found)], NOW)
        archive.end_run(crawl, "finished", NOW)
    return Path("morgue.toml")


def test_without_sources_it_says_how_to_add_one(call) -> None:
    answer = call("sources")
    assert (answer.code, answer.out) == (0, "")
    assert "morgue sources add" in answer.err


def test_adding_makes_the_file_and_the_archive_where_there_are_none(call) -> None:
    answer = call("sources", "add", "courier.example", "--name", "the courier", "--follow", "feeds", "--deny", r"/sport/\d")
    assert answer.code == 0
    source = load_config(Path("morgue.toml")).source("the courier")
    assert source is not None
    assert (source.url, source.follow, source.deny) == ("https://courier.example", ("feeds",), (r"/sport/\d",))
    with Archive.open("morgue.db") as archive:
        assert archive.sources() == []


def test_adding_beside_an_archive_that_is_there_leaves_it_alone(call, archive: Path) -> None:
    assert call("sources", "add", COURIER).code == 0
    with Archive.open(archive) as opened:
        assert opened.stats().articles == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["https://COURIER.example/#top"], "courier starts from that address already"),
        (["https://other.example/", "--name", "courier"], "called 'courier' already"),
        (["https://other.example/", "--every", "5s"], "60 seconds or more"),
        (["https://other.example/", "--every", "1d", "--cron", "0 6 * * *"], "one of them"),
        (["ftp://other.example/"], "neither an http"),
        (["https://me:secret@other.example/"], "name or password"),
    ],
)
def test_adding_refuses_twins_and_what_makes_no_sense(call, courier: Path, arguments: list[str], message: str) -> None:
    before = courier.read_bytes()
    answer = call("sources", "add", *arguments)
    assert answer.code == 2
    assert message in " ".join(answer.err.split())
    assert courier.read_bytes() == before


def test_no_file_is_made_for_a_source_that_makes_no_sense(call) -> None:
    assert call("sources", "add", COURIER, "--render", "sometimes").code == 2
    assert list(Path().iterdir()) == []


def test_the_list_tells_how_each_source_stands(call, courier: Path) -> None:
    told = call("sources")
    assert told.code == 0
    heading, line = told.out.splitlines()
    assert heading.split()[:5] == ["name", "address", "state", "answered", "new"]
    assert line.startswith("courier  https://cour")
    assert line.endswith("now")


@pytest.mark.parametrize("arguments", [("sources", "--json"), ("sources", "list", "--json"), ("sources", "--json", "list")])
def test_the_list_as_json_has_the_same_names_for_every_source(call, courier: Path, arguments: tuple[str, ...]) -> None:
    call("sources", "add", "https://tern.example/")
    first, second = json.loads(call(*arguments).out)
    assert (first["name"], first["state"], first["in_file"], first["last_success"]) == (
        "courier",
        "well",
        True,
        "2026-10-01T08:00:00Z",
    )
    assert (second["name"], second["state"], second["last_success"], second["coverage"]) == ("tern", "new", None, {})
    assert first.keys() == second.keys()


def test_a_source_that_left_the_file_is_still_told(call, courier: Path) -> None:
    courier.write_text("", encoding="utf-8")
    (line,) = json.loads(call("sources", "--json").out)
    assert (line["name"], line["in_file"], line["next_due"]) == ("courier", False, None)
    assert "not in file" in call("sources").out


def test_a_paused_source_says_why_is_not_crawled_and_goes_on_when_resumed(call, courier: Path) -> None:
    assert call("sources", "pause", "courier", "--why", "they rebuild  their site").code == 0
    told = call("sources")
    assert "they rebuild their site" in told.out
    assert json.loads(call("sources", "--json").out)[0]["state"] == "paused"
    named = call("crawl", "courier")
    assert (named.code, "sources resume courier" in named.err) == (2, True)
    unnamed = call("crawl")
    assert (unnamed.code, "they rebuild their site; not crawled" in unnamed.err) == (0, True)
    assert "crawled again" in call("sources", "resume", COURIER).out
    assert json.loads(call("sources", "--json").out)[0]["state"] == "well"
    assert "was not paused" in call("sources", "resume", "courier").out


def test_a_source_may_be_paused_before_it_was_ever_crawled(call) -> None:
    call("sources", "add", COURIER)
    assert call("sources", "pause", COURIER).code == 0
    assert json.loads(call("sources", "--json").out)[0]["state"] == "paused"


def test_resuming_what_the_file_pauses_says_where_it_stands(call, courier: Path) -> None:
    courier.write_text(f'[[sources]]\nname = "courier"\nurl = "{COURIER}"\npaused = true\n', encoding="utf-8")
    assert json.loads(call("sources", "--json").out)[0]["reason"] == "paused in morgue.toml"
    answer = call("sources", "resume", "courier")
    assert (answer.code, "paused = true" in answer.err) == (2, True)


@pytest.mark.parametrize(("word", "hint"), [("couriers", "is courier meant?"), ("zzz", "there are courier")])
def test_a_source_that_nobody_knows_is_a_usage_error(call, courier: Path, word: str, hint: str) -> None:
    for verb in ("pause", "resume"):
        answer = call("sources", verb, word)
        assert (answer.code, hint in answer.err) == (2, True)


@pytest.mark.crawl
def test_a_check_tells_what_would_be_found_and_read_and_keeps_nothing(tmp_path: Path) -> None:
    with serve() as server:
        done = run("sources", "check", server.base_url, "--articles", "2", "--delay", "0", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert {page["kind"] for page in told["lists"]} == {"seed", "feed", "sitemap"}
    assert told["found"]["feed"] > 10
    assert len(told["articles"]) == 2
    assert all(field["source"] for article in told["articles"] for field in article["fields"] if field["name"] == "title")
    assert told["warnings"] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.crawl
def test_a_check_warns_of_what_is_missing(call) -> None:
    with site(small_paper) as url:
        call("sources", "add", url, "--name", "small")
        done = run("sources", "check", "small", "--delay", "0")
    assert done.returncode == 3, done.stderr  # the third story cannot be had
    assert "no feed" in done.stdout
    assert "no sitemap" in done.stdout
    assert "1 of the articles that were tried not to be had" in done.stdout


@pytest.mark.crawl
def test_a_check_of_a_site_that_forbids_it_says_so_with_the_exit_code() -> None:
    def forbidden(path: str) -> tuple[int, str]:
        return (200, "User-agent: *\nDisallow: /\n") if path == "/robots.txt" else (200, story(1))

    with site(forbidden) as url:
        done = run("sources", "check", url, "--delay", "0")
    assert (done.returncode, "its address gave nothing (robots" in done.stdout) == (4, True)


@pytest.mark.crawl
def test_what_is_denied_by_now_is_not_fetched_though_it_was_found_before() -> None:
    asked: list[str] = []

    def paper(path: str) -> tuple[int, str]:
        asked.append(path)
        links = "".join(
            f'<h2><a href="/2026/0{n}/a-story-of-the-harbour-{n}">A story of the harbour, {n}</a></h2>' for n in range(1, 7)
        )
        return (200, f"<title>The Paper</title><main>{links}</main>") if path == "/" else (200, story(3))

    with site(paper) as url:
        config = f'[[sources]]\nname = "paper"\nurl = "{url}"\ndelay = 0\n'
        Path("morgue.toml").write_text(config, encoding="utf-8")
        run("crawl", "--limit", "1")
        before = set(asked)
        Path("morgue.toml").write_text(config + 'deny = ["-[456]$"]\n', encoding="utf-8")
        done = run("crawl", "--json")
    fetched = {path for path in asked if "harbour" in path}
    denied = {path for path in fetched - before if path[-1] in "456"}
    assert denied == set()
    assert json.loads(done.stdout)["outcomes"]["out_of_scope"] > 0


def test_a_pace_on_the_command_line_wins_over_that_of_the_source() -> None:
    from crawler.commands.crawl import paced
    from crawler.crawl import Target

    slow = (Target("https://a.example/", delay=5.0, concurrency=2),)
    assert paced(slow, None, None) == slow
    assert (paced(slow, 0.0)[0].delay, paced(slow, 0.0)[0].concurrency) == (None, 2)
    assert (paced(slow, None, 1)[0].delay, paced(slow, None, 1)[0].concurrency) == (5.0, None)
