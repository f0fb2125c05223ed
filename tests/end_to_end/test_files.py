"""Files of records as a source: each read once, gone on with where a crawl ended or died, every record with its outcome."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.crawler.intake.records import http, packed, record, response
from tests.end_to_end.conftest import morgue
from tests.end_to_end.small_site import STORY

pytestmark = pytest.mark.crawl

HOME = "https://pier.example/2026/05"


def story(number: int, moment: str = "2026-05-20T10:00:00Z") -> bytes:
    page = STORY.format(n=number % 9 + 1, title=f"Pier number {number} of the bridge")
    return response(f"{HOME}/pier-number-{number}", page.encode(), fields={"WARC-Date": moment})


def write(path: Path, *records: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed(records))


def configure(folder: Path, url: str = '"sets"', more: str = "", top: str = "") -> Path:
    path = folder / "morgue.toml"
    path.write_text(f'archive = "morgue.db"\n{top}\n[[sources]]\nname = "piers"\nkind = "warc"\nurl = {url}\n{more}\n')
    return path


def crawl(config: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return morgue("crawl", "--json", "--config", str(config), *options)


def told(done: subprocess.CompletedProcess[str]) -> dict[str, object]:
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def rows(config: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(config.parent / "morgue.db") as db:
        return db.execute(query).fetchall()


def account(config: Path) -> dict[object, object]:
    return dict(rows(config, "SELECT outcome, sum(addresses) FROM discovered WHERE source = 'piers' GROUP BY outcome"))  # type: ignore[arg-type]


def articles(config: Path) -> list[object]:
    return [row[0] for row in rows(config, "SELECT url FROM articles ORDER BY url")]


def test_each_file_is_read_once_and_new_ones_are_found(tmp_path: Path) -> None:
    write(tmp_path / "sets" / "a.warc.gz", story(1), story(2))
    config = configure(tmp_path)
    first, again = crawl(config), crawl(config)
    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert (told(first)["articles_new"], told(again)["articles_new"]) == (2, 0)
    assert told(again)["outcomes"]["stored"] + told(again)["outcomes"]["unchanged"] == 0, "nothing was read again"  # type: ignore[index]
    write(tmp_path / "sets" / "deeper" / "b.warc.gz", story(3), story(1))
    third = crawl(config)
    assert told(third)["articles_new"] == 1
    assert account(config) == {"listed": 1, "stored": 3, "unchanged": 1}
    assert rows(config, "SELECT sum(kept) FROM discovered") == [(3,)]
    assert rows(config, "SELECT DISTINCT s.name FROM fetches AS f JOIN sources AS s ON s.id = f.source_id") == [("piers",)]
    assert morgue("verify", archive=tmp_path / "morgue.db").returncode == 0


def test_a_file_that_has_grown_gives_what_is_new_in_it(tmp_path: Path) -> None:
    path = tmp_path / "sets" / "a.warc.gz"
    write(path, story(1), story(2)[:-40])
    config = configure(tmp_path, '"sets/*.warc.gz"')
    first = crawl(config)
    assert first.returncode == 3
    assert rows(config, "SELECT count(*) FROM damaged_records") == [(1,)]
    write(path, story(1), story(2), story(3))
    assert told(crawl(config))["articles_new"] == 2
    assert account(config) == {"listed": 1, "stored": 2, "unchanged": 1}
    assert rows(config, "SELECT count(*), count(DISTINCT payload) FROM captures") == [(3, 3)]


def test_damaged_records_are_named_and_passed_over(tmp_path: Path) -> None:
    bad = record("response", f"{HOME}/bad", http(b"<p>no"), {"WARC-Block-Digest": "sha1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    write(tmp_path / "a.warc.gz", story(1), bad, story(2))
    (tmp_path / "b.warc").write_bytes(b"nothing of the kind")
    config = configure(tmp_path, '["a.warc.gz", "b.warc"]')
    done = crawl(config)
    assert done.returncode == 3
    named = {name.rpartition("/")[2]: reason for name, reason in [(f["url"], f["reason"]) for f in told(done)["failed"]]}  # type: ignore[index, union-attr, attr-defined]
    assert "does not match its digest" in named[f"a.warc.gz@{len(packed([story(1)]))}"]
    assert "holds no WARC record" in named["b.warc"]
    assert account(config) == {"listed": 1, "stored": 2, "failed": 2}


def test_a_limit_holds_and_the_next_crawl_goes_on_behind_it(tmp_path: Path) -> None:
    write(tmp_path / "sets" / "a.warc.gz", *map(story, range(7)))
    config = configure(tmp_path, more="limit = 3")
    stored = [told(crawl(config))["articles_new"] for _ in range(4)]
    assert stored == [3, 3, 1, 0]
    assert account(config) == {"listed": 1, "stored": 7}


def test_a_limit_of_the_service_holds_from_one_look_to_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "sets" / "a.warc.gz", *map(story, range(5)))
    config = configure(tmp_path, more='limit = 3\nevery = "1d"')
    stored = []
    for moment in ("05T10", "05T14", "06T18", "07T22"):
        monkeypatch.setenv("MORGUE_CLOCK", f"2026-06-{moment}:00:00Z")
        stored.append(told(crawl(config, "--due"))["articles_new"])
    assert stored == [3, 0, 2, 0]


def test_a_period_is_about_the_time_of_the_record_and_may_grow(tmp_path: Path) -> None:
    write(tmp_path / "sets" / "a.warc.gz", story(1, "2026-05-10T00:00:00Z"), story(2), story(3, "2027-01-01T00:00:00Z"))
    config = configure(tmp_path, more='since = "2026-05-15"\nuntil = "2027"')
    assert crawl(config).returncode == 0
    assert account(config) == {"listed": 1, "stored": 1, "out_of_scope": 2}
    config = configure(tmp_path, more='until = "2027"')
    assert told(crawl(config))["articles_new"] == 1
    assert account(config) == {"listed": 1, "stored": 1, "unchanged": 1, "out_of_scope": 1}


def test_what_is_denied_is_left_out_until_it_is_not(tmp_path: Path) -> None:
    write(tmp_path / "sets" / "a.warc.gz", story(1), story(2))
    config = configure(tmp_path, more="deny = ['number-2']")
    assert told(crawl(config))["articles_new"] == 1
    assert account(config) == {"listed": 1, "stored": 1, "out_of_scope": 1}
    assert told(crawl(configure(tmp_path)))["articles_new"] == 1


def test_a_revisit_finds_its_page_though_a_limit_came_between(tmp_path: Path) -> None:
    body = STORY.format(n=1, title="Pier number 1 of the bridge").encode()
    said = {
        "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
        "WARC-Date": "2026-06-01T00:00:00Z",
    }
    ident = "<urn:uuid:00000000-0000-4000-8000-000000000001>"
    behind = response(f"{HOME}/pier-number-1", body, fields={"WARC-Record-ID": ident, "WARC-Date": "2026-05-20T10:00:00Z"})
    early = record("revisit", f"{HOME}/pier-number-1", http(b""), {**said, "WARC-Refers-To": ident})
    write(tmp_path / "sets" / "a.warc.gz", early, story(2), story(3), behind)
    config = configure(tmp_path, more="limit = 1")
    assert [told(crawl(config))["articles_new"] for _ in range(4)] == [1, 1, 1, 0]
    assert account(config) == {"listed": 1, "stored": 3, "unchanged": 1}
    assert rows(config, "SELECT count(*) FROM captures WHERE url LIKE '%number-1'") == [(2,)]
    assert rows(config, "SELECT count(*) FROM damaged_records") == [(0,)]


def test_a_crawl_in_slices_goes_on_where_the_last_one_ended(tmp_path: Path) -> None:
    write(tmp_path / "sets" / "a.warc.gz", *map(story, range(8)))
    config = configure(tmp_path)
    for _ in range(9):
        done = crawl(config, "--due", "--for", "1s")
        assert done.returncode == 0, done.stderr
        if not told(done)["out_of_time"]:
            break
    assert account(config) == {"listed": 1, "stored": 8}
    assert rows(config, "SELECT count(*), count(DISTINCT url) FROM fetches WHERE outcome = 'stored'") == [(8, 8)]


def test_what_is_killed_is_gone_on_with_and_counted_once(tmp_path: Path) -> None:
    write(tmp_path / "sets" / "a.warc.gz", *map(story, range(90)))
    config = configure(tmp_path)
    command = [sys.executable, "-m", "crawler", "crawl", "--config", str(config)]
    killed = 0
    for wanted in (1, 50):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        while process.poll() is None and stored(config) < wanted:
            time.sleep(0.01)
        killed += process.poll() is None
        if process.poll() is None:
            os.killpg(process.pid, 9)
        process.wait()
    assert killed
    done = crawl(config)
    assert done.returncode == 0, done.stderr
    assert account(config) == {"listed": 1, "stored": 90}
    assert rows(config, "SELECT count(*), count(DISTINCT url) FROM fetches WHERE outcome = 'stored'") == [(90, 90)]
    assert morgue("verify", archive=tmp_path / "morgue.db").returncode == 0


def stored(config: Path) -> int:
    """Articles so far; none while there is no archive."""
    try:
        return int(str(rows(config, "SELECT count(*) FROM articles")[0][0]))
    except sqlite3.OperationalError:
        return 0


def test_a_set_that_is_not_there_stops_no_other(tmp_path: Path) -> None:
    write(tmp_path / "there" / "a.warc.gz", story(1))
    config = configure(tmp_path, '"nowhere/*.warc"')
    config.write_text(f'{config.read_text()}[[sources]]\nname = "there"\nkind = "warc"\nurl = "there"\n')
    done = crawl(config)
    assert done.returncode == 3
    assert told(done)["articles_new"] == 1
    assert [failed["reason"] for failed in told(done)["failed"]] == ["nowhere/*.warc matches no file"]  # type: ignore[attr-defined]


def test_a_wacz_is_read_like_the_records_in_it(tmp_path: Path) -> None:
    import zipfile

    (tmp_path / "sets").mkdir()
    with zipfile.ZipFile(tmp_path / "sets" / "a.wacz", "w") as packed_file:
        for name, number in (("b", 2), ("a", 1)):
            packed_file.writestr(f"archive/{name}.warc.gz", gzip.compress(story(number)))
    config = configure(tmp_path, more="limit = 1")
    assert [told(crawl(config))["articles_new"] for _ in range(3)] == [1, 1, 0]
    assert account(config) == {"listed": 1, "stored": 2}


@pytest.mark.parametrize(
    ("url", "more", "complaint"),
    [
        ('"https://pier.example/a.warc"', "", "is an address"),
        ("[]", "", "must not be empty"),
        ('"a.warc"', "delay = 3", "nothing of them is fetched"),
        ('"a.warc"', 'match = "*.pier.example"', 'belongs to sources of `kind = "cdx"`'),
        ('"a.warc"', '[[sources]]\nname = "b"\nkind = "warc"\nurl = "./a.warc"', "starts from the same files"),
    ],
)
def test_a_set_that_makes_no_sense_is_refused(tmp_path: Path, url: str, more: str, complaint: str) -> None:
    done = crawl(configure(tmp_path, url, more))
    assert done.returncode == 2
    assert complaint in done.stderr
