from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive import Archive
from archive.export import wacz
from archive.export.wacz import surt, write_wacz
from tests.archive.samples import LATER, NOW, URL, article_visit


@pytest.fixture
def parts(archive: Archive) -> dict[str, bytes]:
    """The members of a WACZ of five articles, one of them read twice."""
    archive.commit(None, [article_visit(f"https://tern.example/{n}") for n in range(5)], NOW)
    archive.commit(None, [article_visit("https://tern.example/0", "Changed.", body=b"<p>new", fetched=LATER)], NOW)
    return members(written(archive))


def written(archive: Archive) -> bytes:
    stream = io.BytesIO()
    write_wacz(archive.articles(), stream, archive)
    return stream.getvalue()


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_package_lists_every_part_with_its_digest(parts: dict[str, bytes]) -> None:
    package = json.loads(parts["datapackage.json"])
    assert package["wacz_version"] == "1.1.1"
    listed = {one["path"]: one for one in package["resources"]}
    assert set(listed) == set(parts) - {"datapackage.json", "datapackage-digest.json"}
    for path, one in listed.items():
        assert one["hash"] == f"sha256:{hashlib.sha256(parts[path]).hexdigest()}"
        assert one["bytes"] == len(parts[path])
    digest = json.loads(parts["datapackage-digest.json"])
    assert digest["hash"] == f"sha256:{hashlib.sha256(parts['datapackage.json']).hexdigest()}"


def test_the_index_leads_to_the_records(parts: dict[str, bytes]) -> None:
    lines = gzip.decompress(parts["indexes/index.cdx.gz"]).decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 6
    warc = parts["archive/data.warc.gz"]
    for line in lines:
        key, moment, facts = line.split(" ", 2)
        told = json.loads(facts)
        assert key == surt(told["url"])
        start, length = int(told["offset"]), int(told["length"])
        (record,) = ArchiveIterator(io.BytesIO(warc[start : start + length]))
        assert record.rec_headers.get_header("WARC-Target-URI") == told["url"]
        assert record.rec_headers.get_header("WARC-Payload-Digest") == told["digest"]
        assert "".join(filter(str.isdigit, record.rec_headers.get_header("WARC-Date"))) == moment


def test_the_summary_leads_to_the_blocks_of_the_index(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wacz, "LINES_A_BLOCK", 2)
    archive.commit(None, [article_visit(f"https://tern.example/{n}") for n in range(5)], NOW)
    parts = members(written(archive))
    head, *lines = parts["indexes/index.idx"].decode().splitlines()
    assert json.loads(head.removeprefix("!meta 0 ")) == {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}
    assert len(lines) == 3
    for line in lines:
        key, moment, facts = line.split(" ", 2)
        told = json.loads(facts)
        block = parts["indexes/index.cdx.gz"][told["offset"] : told["offset"] + told["length"]]
        assert gzip.decompress(block).decode().startswith(f"{key} {moment} ")


def test_each_reading_is_a_page_with_its_text(parts: dict[str, bytes]) -> None:
    head, *pages = map(json.loads, parts["pages/pages.jsonl"].decode().splitlines())
    assert head["format"] == "json-pages-1.0"
    assert len(pages) == 6
    assert [(page["ts"], page["text"]) for page in pages if page["url"].endswith("/0")] == [
        ("2026-08-22T10:05:00Z", "A late start\n\nThe ferry left at dusk.\n\nNobody had expected it."),
        ("2026-08-23T10:05:00Z", "A late start\n\nChanged."),
    ]


def test_the_same_archive_gives_the_same_bytes(archive: Archive) -> None:
    archive.commit(None, [article_visit()], NOW)
    assert written(archive) == written(archive)


def test_the_members_are_the_same_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert wacz._member("a", compressed=True).create_system == wacz.UNIX


def test_an_empty_archive_is_a_whole_package(archive: Archive) -> None:
    assert gzip.decompress(members(written(archive))["indexes/index.cdx.gz"]) == b""


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (URL, "example,tern)/harbour/night-ferry-returns"),
        ("https://www.Tern.example:443/A/?b=2&A=1#x", "example,tern)/a?a=1&b=2"),
        ("http://www2.news.tern.example:8080", "example,tern,news:8080)/"),
        ("https://user@tern.example/", "example,tern)/"),
        ("https://büro.example/Ü b?x=ü", "example,xn--bro-hoa)/%c3%9c%20b?x=%c3%bc"),
        ("file:///Home/x", "file:///home/x"),
        ("https://[::1", "https://[::1"),
    ],
)
def test_keys_of_the_index_begin_with_the_end_of_the_host(url: str, key: str) -> None:
    assert surt(url) == key


def test_pages_of_later_readings_are_left_out_of_an_earlier_view(archive: Archive) -> None:
    archive.commit(None, [article_visit()], NOW)
    archive.commit(None, [article_visit(URL, "Changed.", body=b"<p>new", fetched=LATER)], NOW)
    stream = io.BytesIO()
    moment = LATER - timedelta(hours=1)
    write_wacz(archive.articles(as_of=moment), stream, archive, until=moment)
    assert len(members(stream.getvalue())["pages/pages.jsonl"].splitlines()) == 2


def test_a_reading_that_was_taken_in_late_is_a_page_of_an_earlier_view(archive: Archive) -> None:
    archive.commit(None, [article_visit(URL, "New.", body=b"<p>2", fetched=LATER)], NOW)
    archive.commit(None, [article_visit(URL, "Newest.", body=b"<p>3", fetched=LATER + timedelta(days=1))], NOW)
    archive.commit(None, [article_visit()], NOW)
    stream = io.BytesIO()
    write_wacz(archive.articles(as_of=LATER), stream, archive, until=LATER)
    _, *pages = map(json.loads, members(stream.getvalue())["pages/pages.jsonl"].splitlines())
    assert [page["id"] for page in pages] == ["1-3", "1-1"]


def test_a_reading_whose_capture_is_damaged_is_no_page(archive: Archive) -> None:
    archive.commit(None, [article_visit()], NOW)
    archive.commit(None, [article_visit(URL, "Changed.", body=b"<p>new", fetched=LATER)], NOW)
    with archive._db.conn:
        archive._db.execute("UPDATE payloads SET data = x'00' WHERE id = 1")
    stream, told = io.BytesIO(), list[str]()
    write_wacz(archive.articles(), stream, archive, damaged=told.append)
    _, *pages = map(json.loads, members(stream.getvalue())["pages/pages.jsonl"].splitlines())
    assert (len(told), [page["id"] for page in pages]) == (1, ["1-2"])
