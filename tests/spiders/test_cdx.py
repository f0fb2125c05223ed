from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from archive.visit import PageKind
from spiders.base import Listed
from spiders.cdx import follow_index
from spiders.discovery.captures import CaptureAddress, index_query
from spiders.discovery.periods import Period

NOW = datetime(2026, 3, 2, tzinfo=UTC)
START = datetime(2024, 1, 1, tzinfo=UTC)
REPLAY = CaptureAddress("https://replay.example/coll/{timestamp}id_/{url}")
QUERY = index_query("https://replay.example/coll/cdx?limit=2", "https://post.example/*")


def line(path: str, timestamp: str = "20240517101500", digest: str = "A", mime: str = "text/html", status: str = "200") -> str:
    return f"key {timestamp} https://post.example{path} {mime} {status} {digest} 1"


def follow(*lines: str, url: str = QUERY, period: Period | None = None, seen: set[int] | None = None) -> Listed:
    body = "\n".join(lines).encode()
    return follow_index(body, url, period or Period(), REPLAY, lambda _: True, set() if seen is None else seen, NOW)


def captures(listed: Listed) -> list[str]:
    return [found.url.removeprefix("https://replay.example/coll/") for found in listed.found if found.kind is PageKind.ARTICLE]


def questions(listed: Listed) -> list[dict[str, str]]:
    return [dict(parse_qsl(urlsplit(found.url).query)) for found in listed.found if found.kind is PageKind.LISTING]


def test_captures_of_pages_that_may_be_articles_are_found() -> None:
    listed = follow(
        line("/2024/05/17/the-ferry-is-late"), line("/logo.png", mime="image/png"), line("/about/"), line("/2024/a", status="404")
    )
    assert captures(listed) == ["20240517101500id_/https://post.example/2024/05/17/the-ferry-is-late"]


def test_the_same_payload_of_a_page_is_not_fetched_again() -> None:
    seen: set[int] = set()
    first = follow(line("/2024/05/17/ferry"), line("/2024/05/17/ferry", "20240601000000"), seen=seen)
    later = follow(line("/2024/05/17/ferry", "20250101000000"), line("/2024/05/17/ferry", "20250201000000", "B"), seen=seen)
    assert (len(captures(first)), captures(later)) == (1, ["20250201000000id_/https://post.example/2024/05/17/ferry"])


def test_the_time_of_a_capture_counts_and_not_the_date_in_its_address() -> None:
    period = Period(datetime(2025, 1, 1, tzinfo=UTC), None)
    listed = follow(line("/2024/05/17/ferry"), line("/2024/05/17/ferry", "20250201000000", "B"), period=period)
    assert captures(listed) == ["20250201000000id_/https://post.example/2024/05/17/ferry"]


def test_an_answer_that_is_full_is_asked_for_by_years_and_then_by_parts_of_them() -> None:
    full = [line("/2024/05/17/ferry", "20250301000000", digest) for digest in "AB"]
    years = questions(follow(*full, period=Period(datetime(2025, 2, 1, tzinfo=UTC))))
    assert [(q["from"], q["to"]) for q in years] == [
        ("20260101000000", "20261231235959"),
        ("20250101000000", "20251231235959"),
    ]
    year = follow(*full, url=f"{QUERY}&from=20250101000000&to=20251231235959")
    assert len(questions(year)) == 12
    assert questions(year)[0]["from"] == "20250101000000"
    assert questions(year)[-1]["to"] == "20251231235959"
    assert questions(follow(full[0])) == []


def test_what_does_not_fit_into_a_second_is_asked_for_at_once() -> None:
    full = [line("/2024/05/17/ferry", "20250101000007", digest) for digest in "AB"]
    seconds = questions(follow(*full, url=f"{QUERY}&from=20250101000000&to=20250101000009"))
    assert [(q["from"][-2:], q["to"][-2:]) for q in seconds] == [(f"0{n}", f"0{n}") for n in range(10)]
    one = follow(*full, url=f"{QUERY}&from=20250101000007&to=20250101000007")
    assert [q["limit"] for q in questions(one)] == ["8"]


def test_a_line_that_cannot_be_read_fills_an_answer_too() -> None:
    assert questions(follow(line("/2024/05/17/ferry"), "what is this"))


def test_a_server_that_does_not_heed_times_is_not_asked_for_ever() -> None:
    full = [line("/2024/05/17/ferry", digest=digest) for digest in "AB"]
    listed = follow(*full, url=f"{QUERY}&from=20250101000000&to=20251231235959")
    assert questions(listed) == []
    assert "it has more" in listed.reason


class CutIndex:
    """A server of captures that gives no more than two lines at a time, and no key."""

    def __init__(self, moments: list[str]) -> None:
        self.lines = [(moment, line(f"/2024/05/17/ferry-{n}", moment, str(n))) for n, moment in enumerate(sorted(moments))]

    def answer(self, url: str) -> list[str]:
        asked = dict(parse_qsl(urlsplit(url).query))
        within = [text for moment, text in self.lines if asked.get("from", "0") <= moment <= asked.get("to", "9")]
        return within[: int(asked["limit"])]


@given(
    st.lists(st.integers(0, 63_000_000).map(lambda seconds: f"{START + timedelta(seconds=seconds):%Y%m%d%H%M%S}"), max_size=12)
)
def test_no_capture_is_lost_to_a_server_that_cuts(moments: list[str]) -> None:
    index, waiting, found, seen = CutIndex(moments), [QUERY], [], set[int]()
    while waiting:
        url = waiting.pop()
        listed = follow(*index.answer(url), url=url, seen=seen)
        found += captures(listed)
        waiting += [each.url for each in listed.found if each.kind is PageKind.LISTING]
    assert len(found) == len(moments)


def test_a_server_that_gives_a_key_is_asked_on_by_it() -> None:
    assert [q["resumeKey"] for q in questions(follow(line("/2024/05/17/ferry"), "", "key+2"))] == ["key+2"]
