import gzip
import hashlib
import io
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive.capture import is_from_user
from crawler.errors import FileUnreadable
from crawler.intake.pages import Known, SavedPage, Sighting, Unreadable
from crawler.intake.warc import OTHER_ANSWERS, OTHER_RECORDS, OTHER_REVISITS, OTHER_TYPES, Records
from tests.crawler.intake.records import DATE, bodies, http, packed, pages, reasons, record, response, sha1, urls

PAGE = "https://a.example/page"
AGAIN = "2026-08-23T10:05:00Z"
SAME = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
BODY = b"<p>The ferry sailed."
ORIGINAL = response(PAGE, BODY, fields={"WARC-Record-ID": "<urn:uuid:1>", "WARC-Payload-Digest": sha1(BODY)})


def revisit(url: str = PAGE, block: bytes = http(b""), **fields: object) -> bytes:
    said = {"WARC-Profile": SAME, "WARC-Date": AGAIN, **{name.replace("_", "-"): value for name, value in fields.items()}}
    return record("revisit", url, block, said)


def test_a_page_comes_with_its_address_time_and_headers() -> None:
    (page,) = pages(response(PAGE, b"<p>yes", "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n"))
    assert isinstance(page, SavedPage)
    assert (page.url, page.status, page.kind, page.body) == (PAGE, 200, "response", b"<p>yes")
    assert page.fetched == datetime(2026, 8, 22, 10, 5, tzinfo=UTC)
    assert page.headers == (("Content-Type", "text/html"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))


def test_what_is_no_page_is_counted_by_what_it_is() -> None:
    passed: Counter[str] = Counter()
    file = b"".join(
        [
            record("warcinfo", "", b"software: x\r\n", {"Content-Type": "application/warc-fields"}),
            record("request", PAGE, b"GET / HTTP/1.1\r\n\r\n"),
            record("metadata", PAGE, b"via: x", {"Content-Type": "application/warc-fields"}),
            record("response", "dns:a.example", b"20260822 a.example", {"Content-Type": "text/dns"}),
            response("https://a.example/moved", status="301 Moved"),
            response("https://a.example/broken", status="503 No"),
            response("https://a.example/a.png", kind="image/png"),
            response("https://a.example/robots.txt", kind="text/plain"),
            record("resource", "urn:text:https://a.example/", b"yes", {"Content-Type": "text/plain"}),
            response("https://a.example/called-html", b"\x89PNG\r\n"),
            response(PAGE),
        ]
    )
    assert [page.url for page in pages(file, passed=passed) if isinstance(page, SavedPage)] == [PAGE]
    assert passed == {OTHER_RECORDS: 3, OTHER_ANSWERS: 2, OTHER_TYPES: 5}


def test_payloads_are_decoded_and_their_headers_dropped() -> None:
    (page,) = pages(response(PAGE, gzip.compress(b"<p>packed"), "Content-Encoding: gzip\r\nContent-Length: 3\r\n"))
    assert isinstance(page, SavedPage)
    assert page.body == b"<p>packed"
    assert "content-encoding" not in {name.lower() for name, _ in page.headers}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-08-22T10:05:00.123456789Z", datetime(2026, 8, 22, 10, 5, tzinfo=UTC)),
        ("2026-08-22T10:05", datetime(2026, 8, 22, 10, 5, tzinfo=UTC)),
        ("2026-08", datetime(2026, 8, 1, tzinfo=UTC)),
        ("20260822100500", datetime(2026, 8, 22, 10, 5, tzinfo=UTC)),
        ("2026-08-22 12:05:00 +02:00", datetime(2026, 8, 22, 10, 5, tzinfo=UTC)),
        ("0850-03-01T12:00:00+02:00", datetime(850, 3, 1, 10, tzinfo=UTC)),
        ("2026-08-22T23:59:60Z", datetime(2026, 8, 22, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_dates_are_read_at_any_precision(text: str, moment: datetime) -> None:
    (page,) = pages(response(PAGE, fields={"WARC-Date": text}))
    assert isinstance(page, SavedPage)
    assert page.fetched == moment


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-40T00:00:00Z", "0000-00-00", "٢٠٢٦-08-22", None])
def test_a_record_without_a_date_is_named(text: str | None) -> None:
    assert "is no date" in reasons(response(PAGE, fields={"WARC-Date": text}))[0]


@pytest.mark.parametrize(
    "url", ["<https://a.example/page>", "https://a.example/grüße und mehr", "HTTPS://A.example:443/", "https://[::1", "https://"]
)
def test_odd_addresses_end_nothing(url: str) -> None:
    assert urls(response(url) + response(PAGE)) == [url.strip("<>"), PAGE]


def test_a_block_that_does_not_match_its_digest_is_named() -> None:
    good = response(PAGE, fields={"WARC-Block-Digest": sha1(http())})
    assert urls(good) == [PAGE]
    assert urls(good.replace(b"<p>yes", b"<p>no!") + response(PAGE)) == [None, PAGE]
    assert urls(response(PAGE, fields={"WARC-Block-Digest": "crc:1"})) == [PAGE]


def test_a_record_of_a_segmented_page_is_named() -> None:
    assert "segments" in reasons(response(PAGE, fields={"WARC-Segment-Number": 1}))[0]


def test_what_a_crawler_cut_off_is_taken_as_it_is() -> None:
    body = gzip.compress(BODY * 100)
    cut = response(PAGE, body[:-10], "Content-Encoding: gzip\r\n", {"WARC-Truncated": "length"})
    assert (BODY * 100).startswith(bodies(cut)[0] or b"no")


@pytest.mark.parametrize(
    "fields",
    [
        {"WARC_Refers_To": "<urn:uuid:1>"},
        {"WARC_Payload_Digest": sha1(BODY).lower()},
        {"WARC_Refers_To_Target_URI": PAGE, "WARC_Refers_To_Date": DATE},
    ],
    ids=["id", "digest", "address and date"],
)
@pytest.mark.parametrize("packs", [True, False], ids=["packed", "plain"])
def test_a_revisit_has_the_payload_it_refers_to(fields: dict[str, str], packs: bool) -> None:
    again = revisit(block=http(b"", "X-Cache: hit\r\n"), **fields)
    for order in ([ORIGINAL, again], [again, ORIGINAL]):
        found = pages(packed(order) if packs else b"".join(order))
        page = next(page for page in found if isinstance(page, SavedPage) and page.fetched != datetime.fromisoformat(DATE))
        assert (page.body, page.fetched) == (BODY, datetime.fromisoformat(AGAIN))
        assert ("X-Cache", "hit") in page.headers
        assert len(found) == 2


def test_a_revisit_may_refer_to_another_file() -> None:
    assert bodies(revisit(WARC_Payload_Digest=sha1(BODY)), ORIGINAL) == [BODY, BODY]


def test_a_revisit_without_headers_takes_those_of_then() -> None:
    again = revisit(block=b"", WARC_Refers_To="<urn:uuid:1>")
    assert [page.headers for page in pages(ORIGINAL + again) if isinstance(page, SavedPage)] == [
        (("Content-Type", "text/html"),)
    ] * 2


def test_a_revisit_of_what_is_nowhere_is_named() -> None:
    assert "neither in the files nor in the archive" in reasons(revisit(WARC_Payload_Digest=sha1(b"other")))[0]
    passed: Counter[str] = Counter()
    assert pages(revisit(block=b"", WARC_Refers_To="<urn:uuid:9>"), passed=passed) == []
    assert passed == {OTHER_REVISITS: 1}


class OneBody:
    """An archive with one payload, and perhaps all pages."""

    def __init__(self, *, knows: bool = False) -> None:
        self.knows, self.closed = knows, False

    def payload(self, sha256: str | None, url: str | None, fetched: datetime | None) -> bytes | None:
        return BODY if sha256 == hashlib.sha256(BODY).hexdigest() else None

    def has(self, page: SavedPage) -> bool:
        return self.knows

    def close(self) -> None:
        self.closed = True


def test_a_revisit_may_refer_to_the_archive() -> None:
    kept = OneBody()
    digest = f"sha256:{hashlib.sha256(BODY).hexdigest()}"
    (page,) = pages(revisit(WARC_Payload_Digest=digest), kept=kept)
    assert isinstance(page, SavedPage)
    assert page.body == BODY
    assert kept.closed


def test_what_the_archive_has_is_not_read_again() -> None:
    assert pages(ORIGINAL, kept=OneBody(knows=True)) == [Known("x.warc@0")]


def test_not_modified_and_gone_are_sightings() -> None:
    not_modified = revisit(
        block=http(b"", status="304 Not Modified"), WARC_Profile="http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    )
    gone = response(PAGE, b"sorry", status="410 Gone")
    assert [(page.status, page.url) for page in pages(not_modified + gone) if isinstance(page, Sighting)] == [
        (304, PAGE),
        (410, PAGE),
    ]


def test_resources_and_conversions_are_files() -> None:
    html = {"Content-Type": "text/html"}
    saved = record("resource", "file:///home/me/page.html", BODY, html)
    text = record("conversion", PAGE, b"The ferry", {"Content-Type": "text/plain", "WARC-Refers-To": "<urn:uuid:1>"})
    assert [(page.kind, page.url) for page in pages(saved + text) if isinstance(page, SavedPage)] == [
        ("file", "file:///home/me/page.html"),
        ("file", PAGE),
    ]
    assert bodies(ORIGINAL + text) == [BODY]  # the page itself is there


@pytest.mark.parametrize("kind", ["resource", "conversion"])
def test_what_lies_in_a_warc_of_others_is_no_export_of_ours_whatever_it_says(kind: str) -> None:
    text = b"---\nexported_by: morgue\ntitle: Ferries\n---\n\n# Ferries\n\nThe ferry left.\n"
    (page,) = pages(record(kind, PAGE, text, {"Content-Type": "text/plain"}))
    assert isinstance(page, SavedPage)
    assert page.headers == (("Content-Type", "text/plain"), ("WARC-Type", kind))
    assert not is_from_user(page.kind, page.headers)
    assert is_from_user("file", page.headers[:1])


def test_arc_pages_are_read() -> None:
    block = http(BODY)
    arc = b"filedesc://a.arc 0.0.0.0 20010203040506 text/plain 3\n1 0\n" + f"{PAGE} 10.0.0.1 20010203040506 text/html ".encode()
    (page,) = pages(arc + f"{len(block)}\n".encode() + block)
    assert isinstance(page, SavedPage)
    assert (page.url, page.fetched) == (PAGE, datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC))


def test_pages_of_one_article_are_one() -> None:
    parts = [response(f"{PAGE}?p={n}", f"<p>{n}".encode(), fields={"Morgue-Page": f"{n}/3"}) for n in (1, 2, 3)]
    (page,) = pages(b"".join(parts))
    assert isinstance(page, SavedPage)
    assert [more.body for more in (page, *page.following)] == [b"<p>1", b"<p>2", b"<p>3"]
    assert reasons(parts[0] + parts[1] + ORIGINAL) == ["is an article on 3 pages, of which only 2 can be read"]
    assert urls(parts[1] + ORIGINAL) == [None, PAGE]


def test_files_without_records_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.warc"
    for data, reason in ((b"nothing of the kind", "no WARC record"), (b"", "no WARC record"), (b"\x28\xb5\x2f\xfdx", "zstd -d")):
        path.write_bytes(data)
        with pytest.raises(FileUnreadable, match=reason):
            list(Records().warc(path))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED], ids=["stored", "deflated"])
def test_all_warc_files_of_a_wacz_are_read(tmp_path: Path, method: int) -> None:
    path = tmp_path / "x.wacz"
    with zipfile.ZipFile(path, "w", method) as whole:
        whole.writestr("datapackage.json", "{}")
        whole.writestr("pages/pages.jsonl", '{"format": "json-pages-1.0"}\n')
        whole.writestr("archive/a.warc", revisit(WARC_Payload_Digest=sha1(BODY)))
        whole.writestr("archive/b.warc.gz", packed([ORIGINAL, response("https://a.example/2")]))
        whole.writestr("archive/c.warc", b"nothing")
    reader = Records()
    found = [*reader.wacz(path), *reader.rest()]
    reader.close()
    assert [page.url if isinstance(page, SavedPage) else None for page in found] == [PAGE, "https://a.example/2", None, PAGE]


def test_a_wacz_that_breaks_off_gives_the_records_in_it(tmp_path: Path) -> None:
    path = tmp_path / "x.wacz"
    with zipfile.ZipFile(path, "w") as whole:
        whole.writestr("archive/a.warc.gz", packed([response(f"https://a.example/{n}") for n in range(9)]))
    path.write_bytes(path.read_bytes()[:-300])
    found = list(Records().wacz(path))
    assert isinstance(found[0], Unreadable)
    assert "no whole WACZ" in found[0].reason
    assert sum(isinstance(page, SavedPage) for page in found) >= 7


def test_a_wacz_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.wacz"
    path.write_bytes(b"PK no")
    with pytest.raises(FileUnreadable, match="no WACZ"):
        list(Records().wacz(path))
    with zipfile.ZipFile(path, "w") as whole:
        whole.writestr("a.txt", "x")
    with pytest.raises(FileUnreadable, match="without WARC"):
        list(Records().wacz(path))


@pytest.mark.parametrize("size", [10, 100, 150, 200])
@pytest.mark.parametrize("packs", [True, False], ids=["packed", "plain"])
def test_a_file_that_breaks_off_in_its_first_headers_is_named(size: int, packs: bool) -> None:
    data = (packed([ORIGINAL]) if packs else ORIGINAL)[:size]
    if size == 10 and packs:
        with pytest.raises(FileUnreadable):
            list(Records().stream(io.BytesIO(data), "x"))
    else:
        assert urls(data) == [None]


def test_dates_are_those_of_the_records_and_not_of_the_files() -> None:
    first, second = pages(ORIGINAL + response(PAGE, b"<p>new", fields={"WARC-Date": AGAIN}))
    assert isinstance(first, SavedPage)
    assert isinstance(second, SavedPage)
    assert (first.fetched, second.fetched) == (datetime.fromisoformat(DATE), datetime.fromisoformat(AGAIN))
