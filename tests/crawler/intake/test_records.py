import gzip
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.intake import records as module
from crawler.intake.records import Damage, Record, records_in
from tests.crawler.intake.records import packed, record

URLS = [f"https://a.example/{number}" for number in range(4)]
RECORDS = [record("response", url, random.Random(url).randbytes(3000)) for url in URLS]
STARTS = [sum(map(len, RECORDS[:n])) for n in range(4)]


def found(data: bytes) -> list[str | None]:
    """What each record is about; None for damage."""
    return [one.uri if isinstance(one, Record) else None for one in records_in(io.BytesIO(data))]


def damage(data: bytes) -> list[Damage]:
    return [one for one in records_in(io.BytesIO(data)) if isinstance(one, Damage)]


@pytest.mark.parametrize(
    "data",
    [
        b"".join(RECORDS),
        packed(RECORDS),
        gzip.compress(b"".join(RECORDS)),
        packed([b"".join(RECORDS)[at : at + 1000] for at in range(0, 20_000, 1000)]),
        b"".join(RECORDS[:2]) + packed(RECORDS[2:]),
        packed(RECORDS[:2]) + b"".join(RECORDS[2:]),
        b"\r\n\r\n".join(RECORDS) + bytes(600),
        b"".join(one.replace(b"\r\n", b"\n", 12) for one in RECORDS),
    ],
    ids=["plain", "a member each", "one member", "members that end anywhere", "plain, then packed", "packed, then plain",
         "blank lines and zeros between", "bare line ends"],
)  # fmt: skip
def test_files_come_in_many_forms(data: bytes) -> None:
    assert found(data) == URLS


@pytest.mark.parametrize("make", [lambda rs: b"".join(rs), packed], ids=["plain", "packed"])
def test_a_file_that_breaks_off_loses_its_last_record_alone(make) -> None:
    data = make(RECORDS)
    assert found(data[: len(data) - 600]) == [*URLS[:3], None]


def test_a_broken_member_is_named_with_its_place_and_passed_over() -> None:
    members = [bytearray(gzip.compress(one, mtime=0)) for one in RECORDS]
    members[1][900:950] = b"\xff" * 50
    data = b"".join(members)
    assert found(data) == [URLS[0], None, *URLS[2:]]
    assert damage(data) == [Damage(len(members[0]), damage(data)[0].reason)]
    assert "gzip member is damaged" in damage(data)[0].reason


@pytest.mark.parametrize("length", ["2000", "3100", "7000", "99999999", "-1", "many", "", None, "1" * 400])
@pytest.mark.parametrize("packs", [True, False], ids=["packed", "plain"])
def test_a_wrong_length_costs_its_own_record_alone(length: str | None, packs: bool) -> None:
    said = {"Content-Length": length}
    rs = [RECORDS[0], record("response", URLS[1], RECORDS[1][-3004:-4], said), *RECORDS[2:]]
    data = packed(rs) if packs else b"".join(rs)
    assert found(data) == [URLS[0], None, *URLS[2:]]


def test_headers_that_do_not_end_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_HEAD", 500)
    data = b"WARC/1.1\r\nWARC-Type: " + b"x" * 2000 + b"\r\n\r\n" + RECORDS[0]
    assert found(data) == [None, URLS[0]]


def test_of_a_huge_record_the_beginning_is_kept_and_the_rest_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST_RECORD", 1000)
    monkeypatch.setattr(module, "CHUNK", 200)
    for data in (b"".join(RECORDS), packed(RECORDS)):
        all_of_it = list(records_in(io.BytesIO(data)))
        assert [one.size for one in all_of_it if isinstance(one, Record)] == [3000] * 4
        assert not any(one.whole for one in all_of_it if isinstance(one, Record))


def test_garbage_around_the_records_is_named() -> None:
    assert found(packed(RECORDS) + b"garbage") == [*URLS, None]
    assert found(b"garbage\n" + b"".join(RECORDS)) == [None, *URLS]


def test_each_of_several_broken_members_is_named() -> None:
    members = [bytearray(gzip.compress(one, mtime=0)) for one in RECORDS]
    for member in members[:3]:
        member[300:320] = b"\xff" * 20
    assert found(b"".join(members)) == [None, None, None, URLS[3]]


def test_repeated_and_folded_fields_are_read_once() -> None:
    data = record("response", URLS[0], b"x", {"X-Note": "one\r\n two", "x-note": "three"})
    (one,) = records_in(io.BytesIO(data))
    assert isinstance(one, Record)
    assert one.fields["x-note"] == "one two"


def test_arc_records_are_read() -> None:
    body = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>old"
    head = b"filedesc://a.arc 0.0.0.0 20010203040506 text/plain 9\n1 0 Name\n\n\n"
    line = f"http://a.example/ 10.0.0.1 20010203040506 text/html {len(body)}\n".encode()
    for data in (head + line + body + b"\n", packed([head, line + body + b"\n"])):
        first, second = records_in(io.BytesIO(data))
        assert isinstance(first, Record)
        assert isinstance(second, Record)
        assert (first.type, second.type, second.uri) == ("warcinfo", "response", "http://a.example/")
        assert second.block == body


@given(st.data())
def test_no_damage_stops_the_reading(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([b"".join(RECORDS), packed(RECORDS), gzip.compress(b"".join(RECORDS))])))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 300))] = data.draw(st.binary(max_size=20))
    all_of_it = list(records_in(io.BytesIO(bytes(whole))))
    assert len(all_of_it) < 40
