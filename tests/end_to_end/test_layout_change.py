"""A site changes its layout between two runs, so that authors vanish: alarm, webhook, and settled once they are back."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.end_to_end.small_site import Reply, SmallSite, small_site

pytestmark = pytest.mark.crawl

WORDS = (
    "harbour", "ferry", "council", "bridge", "winter", "market", "timber", "lantern", "quarry", "railway", "orchard", "signal",
    "meadow", "tide",
)  # fmt: skip
NAMES = ("Mara Lindqvist", "Jon Vale", "Ada Brandt", "Piet Sorensen")
PER_DAY = 12

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-05-{day:02}T10:00:00+02:00"></head>
<body><main><article><h1>{title}</h1>{byline}{body}</article></main></body></html>"""


def story(rng: random.Random, day: int, number: int, byline: str) -> tuple[str, str, str]:
    """Path, title and page of a story of between two and twelve paragraphs."""
    title = f"The {rng.choice(WORDS)} and the {rng.choice(WORDS)} of day {day}, part {number}"
    paragraphs = (
        f"<p>On the {rng.choice(WORDS)} of {rng.choice(WORDS)} street the {rng.choice(WORDS)} was seen by {rng.randrange(2, 90)} "
        f"people, who said that the {rng.choice(WORDS)} would not be there again before the {rng.choice(WORDS)} of spring.</p>"
        for _ in range(rng.randrange(2, 13))
    )
    page = PAGE.format(title=title, day=day, byline=byline.format(name=rng.choice(NAMES)), body="\n".join(paragraphs))
    return f"/2026/05/{day:02}/story-number-{number}-of-the-day", title, page


def publish(site: SmallSite, rng: random.Random, day: int, byline: str) -> None:
    """Put the stories of a day on the site; the front page lists them alone."""
    told = [story(rng, day, number, byline) for number in range(1, PER_DAY + 1)]
    links = "".join(f'<h2><a href="{path}">{title}</a></h2>' for path, title, _ in told)
    site.pages["/"] = Reply(f"<title>The Bridge Paper</title><main>{links}</main>")
    site.pages.update({path: Reply(page) for path, _, page in told})


def crawl(config: Path, day: int) -> tuple[int, dict[str, object]]:
    command = [sys.executable, "-m", "crawler", "--config", str(config), "crawl", "--json"]
    clock = {"MORGUE_CLOCK": f"2026-05-{day:02}T12:00:00Z"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env={**os.environ, **clock})
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


@contextmanager
def hook(answers: list[int]) -> Iterator[tuple[str, list[dict[str, object]]]]:
    """A webhook that gives these answers, then 204; and what it was sent."""
    sent: list[dict[str, object]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(answers.pop(0) if answers else 204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/alarms", sent
        server.shutdown()


def settings(tmp_path: Path, site: SmallSite, webhook: str) -> Path:
    path = tmp_path / "morgue.toml"
    path.write_text(
        f'archive = "a.db"\ndelay = 0\n[[sources]]\nname = "bridge"\nurl = "{site.url}/"\n[alarms]\nwebhook = "{webhook}"\n'
    )
    return path


SIGNED = '<p class="byline">By <a rel="author" href="/people/one">{name}</a></p>'
NEW_LAYOUT = '<div class="x7f3"><svg></svg></div>'


def test_authors_vanish_with_a_new_layout_and_come_back(tmp_path: Path) -> None:
    rng = random.Random(1)
    with small_site({}) as site, hook([500]) as (webhook, sent):
        config = settings(tmp_path, site, webhook)
        publish(site, rng, 1, SIGNED)
        assert crawl(config, 1)[0] == 0
        publish(site, rng, 2, NEW_LAYOUT)
        code, report = crawl(config, 2)
        assert code == 5
        alarms = {alarm["field"]: alarm for alarm in report["alarms"]}  # type: ignore[attr-defined]
        assert set(alarms) == {"authors", "byline"}
        authors = alarms["authors"]
        assert (authors["before"], authors["after"]) == ({"value": 1.0, "pages": 12}, {"value": 0.0, "pages": 12})
        assert "/2026/05/02/" in authors["first_bad"]["url"]
        assert authors["first_bad"]["value"] is None
        assert "/2026/05/01/" in authors["example_before"]["url"]
        assert any(name in authors["example_before"]["value"] for name in NAMES)
        assert authors["example_before"]["source"]
        assert authors["source"] == "bridge"
        assert len(sent) == 1, "the webhook answered 500"
        publish(site, rng, 3, NEW_LAYOUT)
        assert crawl(config, 3)[0] == 0, "an alarm is raised once"
        assert [len(message["alarms"]) for message in sent] == [2, 2], "the one that failed is sent again"  # type: ignore[arg-type]
        publish(site, rng, 4, SIGNED)
        assert crawl(config, 4)[0] == 0
        assert len(sent) == 2, "nobody is told twice"
    with closing(sqlite3.connect(tmp_path / "a.db")) as db, db:
        assert db.execute("SELECT DISTINCT settled_by, settled_run, told FROM alarms").fetchall() == [
            ("recovered", 4, '["webhook"]')
        ]


def test_a_site_that_merely_publishes_other_things_raises_no_alarm(tmp_path: Path) -> None:
    rng = random.Random(2)
    with small_site({}) as site, hook([]) as (webhook, sent):
        config = settings(tmp_path, site, webhook)
        for day in (1, 2):
            publish(site, rng, day, SIGNED)
            code, report = crawl(config, day)
            assert (code, report["alarms"]) == (0, [])
    assert sent == []
