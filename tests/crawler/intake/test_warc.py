import gzip
import io
import random
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.errors import FileUnreadable
from crawler.intake.pages import SavedPage, Unreadable
from crawler.intake.warc import pages_in_stream, pages_in_wacz, pages_in_warc


class Writer:
    """Writes WARC 1.1 by hand, a record at a time."""

    def __init__(self, *, packed: bool) -> None:
        self.data = b""
        self.packed = packed
        self.offsets: list[int] = []

    def add(self, url: str, body: bytes, status: str = "200 OK", headers: str = "", kind: str = "response") -> None:
        self.offsets.append(len(self.data))
        http = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body
        record = (
            f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-08-22T10:05:00Z\r\n"
            "WARC-Record-ID: <urn:uuid:5f9c2c3e-6f3c-4d3a-8d0e-3f4f3a2b1c0d>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        ).encode()
        whole = record + http + b"\r\n\r\n"
        self.data += gzip.compress(whole) if self.packed else whole


def four_pages(*, packed: bool) -> Writer:
    writer = Writer(packed=packed)
    for number in range(4):
        writer.add(f"https://a.example/{number}", random.Random(number).randbytes(3000))
    return writer


def urls(data: bytes) -> list[str | None]:
    """Addresses of the pages; None for what is unreadable."""
    return [page.url if isinstance(page, SavedPage) else None for page in pages_in_stream(io.BytesIO(data), "x.warc")]


@pytest.fixture(params=[True, False], ids=["packed", "plain"])
def writer(request: pytest.FixtureRequest) -> Writer:
    return four_pages(packed=request.param)


def test_a_page_comes_with_its_address_time_and_headers(writer: Writer) -> None:
    page = next(pages_in_stream(io.BytesIO(writer.data), "x.warc"))
    assert isinstance(page, SavedPage)
    assert (page.url, page.status, page.kind) == ("https://a.example/0", 200, "response")
    assert page.fetched == datetime(2026, 8, 22, 10, 5, tzinfo=UTC)
    assert ("Content-Type", "text/html") in page.headers
    assert page.body is not None
    assert len(page.body) == 3000


def test_only_good_pages_are_taken() -> None:
    writer = Writer(packed=True)
    writer.add("https://a.example/moved", b"x", status="301 Moved")
    writer.add("https://a.example/gone", b"x", status="404 Not Found")
    writer.add("https://a.example/data", b"x", kind="resource")
    writer.add("https://a.example/page", b"<p>yes")
    assert urls(writer.data) == ["https://a.example/page"]


def test_payloads_are_decoded() -> None:
    writer = Writer(packed=True)
    writer.add("https://a.example/gz", gzip.compress(b"<p>packed"), headers="Content-Encoding: gzip\r\n")
    (page,) = pages_in_stream(io.BytesIO(writer.data), "x.warc")
    assert isinstance(page, SavedPage)
    assert page.body == b"<p>packed"
    assert "content-encoding" not in {name.lower() for name, _ in page.headers}


def test_a_record_with_a_broken_start_is_named_and_passed_over(writer: Writer) -> None:
    data = bytearray(writer.data)
    data[writer.offsets[1] : writer.offsets[1] + 20] = bytes(20)
    assert urls(bytes(data)) == ["https://a.example/0", None, "https://a.example/2", "https://a.example/3"]


def test_a_packed_record_with_broken_bytes_is_named_and_passed_over() -> None:
    writer = four_pages(packed=True)
    data = bytearray(writer.data)
    middle = (writer.offsets[1] + writer.offsets[2]) // 2
    data[middle : middle + 50] = b"\xff" * 50
    assert urls(bytes(data)) == ["https://a.example/0", None, "https://a.example/2", "https://a.example/3"]


def test_a_file_that_breaks_off_loses_its_last_record_alone(writer: Writer) -> None:
    data = writer.data[: writer.offsets[3] + 700]
    assert urls(data) == ["https://a.example/0", "https://a.example/1", "https://a.example/2", None]


def test_what_is_no_warc_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    path.write_bytes(b"nothing of the kind")
    with pytest.raises(FileUnreadable, match="no WARC record"):
        list(pages_in_warc(path))


def test_all_warc_files_of_a_wacz_are_read(tmp_path: Path, writer: Writer) -> None:
    path = tmp_path / "x.wacz"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("datapackage.json", "{}")
        packed.writestr("archive/a.warc", writer.data)
        packed.writestr("archive/b.warc.gz", four_pages(packed=True).data)
    pages = list(pages_in_wacz(path))
    assert len(pages) == 8
    assert not any(isinstance(page, Unreadable) for page in pages)


def test_a_wacz_that_is_no_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.wacz"
    path.write_bytes(b"PK no")
    with pytest.raises(FileUnreadable, match="no WACZ"):
        list(pages_in_wacz(path))


@pytest.mark.parametrize("size", [100, 150, 200])
def test_a_file_that_breaks_off_in_its_first_headers_is_named(writer: Writer, size: int) -> None:
    assert urls(writer.data[:size]) == [None]
