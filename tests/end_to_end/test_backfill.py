"""`morgue crawl --since --until`: only what may hold the period is fetched, of sitemaps and of archive pages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.end_to_end.conftest import morgue
from tests.end_to_end.small_site import Reply, SmallSite, small_site

pytestmark = pytest.mark.crawl

MONTHS = ("2023-12", "2024-04", "2024-05", "2024-06")
MAY = ("--since", "2024-05", "--until", "2024-06")
STORY = """<!doctype html><html lang="en"><head><title>{title}</title><meta property="og:type" content="article">
<meta property="article:published_time" content="{day}T10:00:00Z"></head><body><main><article><h1>{title}</h1>
<p>The harbour office counted the boats of {day} on the morning after, and found one more than had been let in.</p>
<p>Nobody is worried yet. The harbour master says that boats come and go, and that she will count again.</p>
</article></main></body></html>"""


def story(day: str, number: int) -> tuple[str, str]:
    """Path and title of a story of a day."""
    return f"/{day.replace('-', '/')}/boats-counted-number-{number}", f"Boats counted, number {number}, on {day}"


def listing(days: list[tuple[str, int]]) -> Reply:
    links = "".join(f'<h2><a href="{path}">{title}</a></h2>' for path, title in (story(*each) for each in days))
    return Reply(f'<title>The Harbour Paper</title><nav><a href="/harbour/">Harbour</a></nav><main>{links}</main>')


@pytest.fixture
def paper() -> Iterator[SmallSite]:
    """A paper with a sitemap a month, and with archive pages of two stories each."""
    days = {month: [(f"{month}-{n:02}", n) for n in (3, 9, 17, 21, 28)] for month in MONTHS}
    pages = {
        path: Reply(STORY.format(title=title, day=day))
        for all_ in days.values()
        for day, n in all_
        for path, title in [story(day, n)]
    }
    with small_site(pages) as site:  # type: ignore[arg-type]
        site.pages["/"] = listing(days["2024-06"])
        site.pages["/robots.txt"] = Reply(f"Sitemap: {site.url}/sitemap.xml\n", content_type="text/plain")
        parts = "".join(f"<sitemap><loc>{site.url}/sitemap-{month}.xml</loc></sitemap>" for month in MONTHS)
        site.pages["/sitemap.xml"] = Reply(f"<sitemapindex>{parts}</sitemapindex>", content_type="application/xml")
        for month, listed in days.items():
            entries = "".join(f"<url><loc>{site.url}{story(*each)[0]}</loc></url>" for each in listed)
            site.pages[f"/sitemap-{month}.xml"] = Reply(f"<urlset>{entries}</urlset>", content_type="application/xml")
            for page in range(3):
                site.pages[f"/archive/{month}/{page + 1}"] = listing(listed[2 * page : 2 * page + 2])
            site.pages[f"/archive/{month}/4"] = Reply("<title>The Harbour Paper</title><main><p>No more stories here.</p></main>")
        yield site


def configure(folder: Path, site: SmallSite, more: str) -> Path:
    path = folder / "morgue.toml"
    path.write_text(f'archive = "morgue.db"\ndelay = 0\n[[sources]]\nname = "harbour"\nurl = "{site.url}/"\n{more}\n')
    return path


def published(config: Path) -> list[str]:
    with closing(sqlite3.connect(config.parent / "morgue.db")) as db, db:
        return [row[0] for row in db.execute("SELECT substr(published, 1, 10) FROM articles ORDER BY published")]


def asked(site: SmallSite, beginning: str) -> list[str]:
    return [entry.path for entry in site.log if entry.path.startswith(beginning)]


def days_of(month: str) -> list[str]:
    return [f"{month}-{n:02}" for n in (3, 9, 17, 21, 28)]


def test_sitemaps_and_stories_of_other_months_are_not_fetched(paper: SmallSite, tmp_path: Path) -> None:
    config = configure(tmp_path, paper, 'follow = ["sitemaps", "links"]')
    done = morgue("crawl", "harbour", *MAY, "--config", str(config))
    assert done.returncode == 0, done.stderr
    assert published(config) == days_of("2024-05")
    assert asked(paper, "/sitemap-") == ["/sitemap-2024-05.xml"]
    assert len(asked(paper, "/20")) == 5


def test_archive_pages_are_read_to_their_end_and_not_again(paper: SmallSite, tmp_path: Path) -> None:
    template = f"{paper.url}/archive/{{year}}-{{month:02}}/{{page}}"
    config = configure(
        tmp_path, paper, f'archive_pages = "{template}"\nfollow = ["feeds"]\nsince = 2024-04-01\nuntil = "2024-06"'
    )
    first = morgue("crawl", "--config", str(config))
    again = morgue("crawl", "--config", str(config))
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert published(config) == days_of("2024-04") + days_of("2024-05")
    expected = [f"/archive/2024-{month}/{page}" for month in ("04", "05") for page in range(1, 5)]
    assert sorted(asked(paper, "/archive/")) == expected


def test_archive_pages_go_on_after_a_limit(paper: SmallSite, tmp_path: Path) -> None:
    template = f"{paper.url}/archive/{{year}}-{{month:02}}/{{page}}"
    config = configure(tmp_path, paper, f'archive_pages = "{template}"\nfollow = ["feeds"]')
    for _ in range(3):
        assert morgue("crawl", *MAY, "--limit", "2", "--config", str(config)).returncode == 0
    assert published(config) == days_of("2024-05")
    assert len(asked(paper, "/2024/05/")) == 5


def test_what_an_earlier_run_left_outside_of_the_period_waits(paper: SmallSite, tmp_path: Path) -> None:
    config = configure(tmp_path, paper, 'follow = ["sitemaps", "links"]')
    morgue("crawl", "--limit", "1", "--config", str(config))
    before = len(asked(paper, "/20"))
    morgue("crawl", *MAY, "--config", str(config))
    assert set(published(config)) >= set(days_of("2024-05"))
    assert len(asked(paper, "/20")) - before <= 5
    morgue("crawl", "--config", str(config))
    assert published(config) == [day for month in MONTHS for day in days_of(month)]


def test_a_service_plants_archive_pages_too(paper: SmallSite, tmp_path: Path) -> None:
    template = f"{paper.url}/archive/{{year}}-{{month:02}}/{{page}}"
    config = configure(
        tmp_path, paper, f'archive_pages = "{template}"\nfollow = ["feeds"]\nsince = 2024-05-01\nuntil = 2024-06-01'
    )
    done = morgue("crawl", "--due", "--config", str(config))
    assert done.returncode == 0, done.stderr
    assert published(config) == days_of("2024-05")


@pytest.mark.parametrize("wish", ["", "since = 2024-06-01\nuntil = 2024-05-01", "since = 1700-01-01"])
def test_a_source_that_no_crawl_can_work_on_stops_no_other(paper: SmallSite, tmp_path: Path, wish: str) -> None:
    config = configure(tmp_path, paper, 'follow = ["feeds"]')
    pages = 'archive_pages = "https://post.example/{year}/{month}/{day}"'
    config.write_text(f'{config.read_text()}\n[[sources]]\nname = "post"\nurl = "https://post.example/"\n{pages}\n{wish}\n')
    done = morgue("crawl", "--due", "--config", str(config))
    assert done.returncode == 3
    assert len(asked(paper, "/")) > 0
    assert "post: " in done.stderr
    assert "not crawled" in done.stderr
    listed = morgue("sources", "--json", "--config", str(config))
    assert [source["state"] == "paused" for source in json.loads(listed.stdout)] == [False, True]


@pytest.mark.parametrize(
    ("more", "options", "complaint"),
    [
        ("", ("--since", "2024-06", "--until", "2024-05"), "the period ends (2024-05-01) before it begins (2024-06-01)"),
        ('archive_pages = "https://post.example/{year}/"', (), "say from when on"),
        ('since = 1800-01-01\narchive_pages = "https://post.example/{year}/{month}/{day}"', (), "begin later"),
        ('archive_pages = "https://post.example/{month}/"', (), "must name the {year}"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(tmp_path: Path, more: str, options: tuple[str, ...], complaint: str) -> None:
    config = configure(tmp_path, SmallSite("https://post.example", {}), more)
    done = morgue("crawl", *options, "--config", str(config))
    assert done.returncode == 2
    assert complaint in done.stderr
