from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.discovery.captures import CaptureAddress, CaptureLine, default_replay, index_query, read_index

FERRY = CaptureLine("https://post.example/ferry", "20240517101500", "text/html", "200", "SHA")
ROW = ["example,post)/ferry", "20240517101500", "https://post.example/ferry", "text/html", "200", "SHA", "512"]
NAMES = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
PYWB = {"urlkey": ROW[0], "timestamp": ROW[1], "url": ROW[2], "mime": "text/html", "status": "200", "digest": "sha1:SHA"}
JSON_VALUES = st.recursive(st.none() | st.integers() | st.text(max_size=8), lambda v: st.lists(v) | st.dictionaries(st.text(), v))


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (json.dumps([NAMES, ROW]), None),
        (json.dumps([NAMES, ROW, [], ["next key"]]), "next key"),
        (json.dumps([PYWB]), None),
        (json.dumps(PYWB), None),
        (f"{ROW[0]} {ROW[1]} " + json.dumps({k: v for k, v in PYWB.items() if k not in {"urlkey", "timestamp"}}), None),
        (" ".join(ROW), None),
        (" ".join(ROW) + "\n\nnext+key", "next+key"),
        (" CDX N b a m s k r M S V g\n" + " ".join([*ROW[:6], "-", "-", "512", "0", "a.warc.gz"]), None),
        (" CDX a b s m k\n" + " ".join([ROW[2], ROW[1], "200", "text/html", "SHA"]), None),
    ],
)
def test_each_form_of_an_index_gives_the_same_capture(body: str, key: str | None) -> None:
    assert read_index(body.encode()) == ((FERRY,), key)


def test_what_is_no_capture_is_passed_over() -> None:
    lines = [
        "",
        "no such collection",
        "a b c",
        "x 2024 https://post.example/ text/html 200 A 1",
        "x 20240517101500 ftp://h/ t 200 A 1",
    ]
    assert read_index("\n".join([*lines, " ".join(ROW)]).encode())[0] == (FERRY,)
    assert read_index(b"<html><body>Sorry</body></html>") == ((), None)
    assert read_index(b"") == ((), None)
    assert read_index(b"[" * 100_000) == ((), None)


@given(st.binary(max_size=300))
def test_no_answer_makes_it_fail(body: bytes) -> None:
    read_index(body)


@given(st.lists(JSON_VALUES))
def test_no_json_makes_it_fail(rows: list[object]) -> None:
    read_index(json.dumps(rows).encode())
    read_index("\n".join(json.dumps(row) for row in rows).encode())


@given(st.lists(st.sampled_from(["https://post.example/a", "http://post.example/b?c=d"]), max_size=8), st.booleans())
def test_text_and_json_of_the_same_captures_read_the_same(urls: list[str], pywb: bool) -> None:
    rows = [[f"key{n}", "20240517101500", url, "text/html", "200", f"D{n}", "1"] for n, url in enumerate(urls)]
    text = "\n".join(" ".join(row) for row in rows)
    named = [dict(zip(NAMES, row, strict=True)) for row in rows]
    as_json = "\n".join(map(json.dumps, named)) if pywb else json.dumps([NAMES, *rows])
    assert read_index(text.encode()) == read_index(as_json.encode())
    assert len(read_index(text.encode())[0]) == len(urls)


def test_only_answers_of_status_200_that_may_be_pages_are_pages() -> None:
    assert FERRY.is_page
    assert not CaptureLine(FERRY.url, FERRY.timestamp, "image/png", "200").is_page
    assert not CaptureLine(FERRY.url, FERRY.timestamp, "text/html", "301").is_page
    assert not CaptureLine(FERRY.url, FERRY.timestamp, "warc/revisit", "-").is_page


def test_the_address_of_a_capture_is_made_and_read_back() -> None:
    replay = CaptureAddress("https://replay.example/coll/{timestamp}id_/{url}")
    moment = datetime(2024, 5, 17, 10, 15, tzinfo=UTC)
    assert replay.of(FERRY) == replay.near(moment, FERRY.url)
    assert replay.parts(replay.of(FERRY)) == (moment, FERRY.url)
    assert replay.parts("https://replay.example/coll/20240517101500mp_/https://post.example/a?b=c") == (
        moment,
        "https://post.example/a?b=c",
    )
    assert replay.parts("https://replay.example/coll/20241317101500id_/https://post.example/") is None
    assert replay.parts("https://replay.example/login") is None


@pytest.mark.parametrize(
    "template",
    [
        "https://replay.example/{url}",
        "replay/{timestamp}id_/{url}",
        "https://{timestamp}/{url}",
        "https://r.example/{timestamp}/{url}/x",
    ],
)
def test_a_template_of_captures_that_makes_no_sense_is_refused(template: str) -> None:
    with pytest.raises(ValueError, match="must be as"):
        CaptureAddress(template)


def test_where_the_usual_servers_replay_is_known() -> None:
    assert default_replay("https://replay.example/coll/cdx") == "https://replay.example/coll/{timestamp}id_/{url}"
    assert default_replay("https://replay.example/coll/cdx?x=y") == "https://replay.example/coll/{timestamp}id_/{url}"
    assert default_replay("https://web.example/cdx/search/cdx") == "https://web.example/web/{timestamp}id_/{url}"
    assert default_replay("https://replay.example/search") is None
    assert default_replay("https://replay.example/cdx") is None


@pytest.mark.parametrize(
    ("match", "kind", "url"),
    [
        ("https://post.example/*", "prefix", "https%3A%2F%2Fpost.example%2F"),
        ("*.post.example", "domain", "post.example"),
        ("https://post.example/ferry", "exact", "https%3A%2F%2Fpost.example%2Fferry"),
    ],
)
def test_an_index_is_asked_for_a_site_a_domain_or_a_page(match: str, kind: str, url: str) -> None:
    query = index_query("https://replay.example/coll/cdx?filter=!mimetype:image.*", match)
    assert f"url={url}&matchType={kind}&" in query
    assert query.count("filter=") == 1
