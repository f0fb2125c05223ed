import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
KEYS = [
    "id", "title", "dek", "authors", "date", "date_precision", "modified", "lang", "body", "sections", "summary", "tags",
    "is_article", "evidence", "seconds", "error",
]  # fmt: skip
STORY = "The ferry to the outer island sailed on time every day of the week, the harbour office said on Monday morning. " * 3
WINTER = "From November the first boat leaves an hour later, and the last one waits for the train, the office said. " * 3
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Ferry sails on time | The Courier</title>
<meta property="article:published_time" content="2026-09-14T09:15:00+02:00"></head>
<body><article><h1>Ferry sails on time</h1><p class="byline">By Mara Lindqvist</p>
<p>{STORY}</p><h2>Winter times</h2><p>{WINTER}</p></article></body></html>""".encode()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE)
    return path


def batch(*requests: object) -> bytes:
    return b"".join((r if isinstance(r, bytes) else json.dumps(r).encode()) + b"\n" for r in requests)


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_saved_page_becomes_a_line(call, page: Path) -> None:
    result = call("extract", page)
    (answer,) = lines(result.out)
    assert result.code == 0
    assert list(answer) == KEYS
    assert answer["id"] == str(page)
    assert answer["title"] == "Ferry sails on time"
    assert (answer["date"], answer["date_precision"]) == ("2026-09-14T09:15:00+02:00", "minute")
    assert [section["heading"] for section in answer["sections"]] == [None, "Winter times"]  # type: ignore[attr-defined]
    assert answer["evidence"]["date"]["raw"] == "2026-09-14T09:15:00+02:00"  # type: ignore[index]
    assert answer["error"] is None


def test_a_gzipped_page_and_stdin_are_read(call, tmp_path: Path) -> None:
    (tmp_path / "page.html.gz").write_bytes(gzip.compress(PAGE))
    result = call("extract", "page.html.gz", "-", stdin=PAGE)
    assert [line["title"] for line in lines(result.out)] == ["Ferry sails on time"] * 2


def test_every_request_gets_its_line_in_order(call, page: Path) -> None:
    requests = batch(
        {"id": 1, "url": "https://a.example/x", "path": str(page), "fetched": None},
        {"id": "two", "url": None, "path": "missing.html", "fetched": None},
        {"id": 3, "url": None, "path": str(page), "fetched": "soon"},
        b"{broken",
        [1],
        {"id": 6},
        {"id": 7, "url": None, "path": str(page), "fetched": "2026-10-01T00:00:00"},
    )
    result = call("extract", "--requests", stdin=requests)
    answers = lines(result.out)
    assert [answer["id"] for answer in answers] == [1, "two", 3, None, None, 6, 7]
    assert [answer["error"] is None for answer in answers] == [True, False, False, False, False, False, True]
    assert all(list(answer) == KEYS for answer in answers)
    assert result.code == 3


def test_a_batch_of_failures_fails(call) -> None:
    assert call("extract", "--requests", stdin=batch({"id": 1, "path": "missing.html"})).code == 1


def test_several_processes_keep_the_order(call, page: Path) -> None:
    requests = batch(*({"id": number, "path": str(page) if number % 3 else "missing.html"} for number in range(12)))
    result = call("extract", "--requests", "--jobs", "2", stdin=requests)
    assert [line["id"] for line in lines(result.out)] == list(range(12))


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_each_request_is_answered_before_the_next_is_sent(page: Path, jobs: str) -> None:
    command = [sys.executable, "-m", "crawler", "extract", "--requests", "--jobs", jobs]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, bufsize=0) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(batch({"id": number, "path": str(page)}))
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize("begin", [b"SQLite format 3\0", b"%PDF-1.7\n", b"\x89PNG\r\n", b"\x7fELF\x02"])
def test_a_file_that_is_no_text_is_refused(call, tmp_path: Path, begin: bytes) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(begin + PAGE)
    (answer,) = lines(call("extract", path).out)
    assert "no text" in str(answer["error"])
    assert answer["body"] == ""
