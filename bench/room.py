"""Room that captures take: packed against `.warc.gz` of the same pages, and how fast one page comes back.

Sites: the demo newspaper; hosts of the corpus with several pages; `--folder`, the HTML files of one site (any manual that is
installed will do). Then candidates for a dictionary beside each other, on pages that it was not made of; how the ratio grows
with the number of pages; and one page that changes, captured again and again.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import Archive, payloads
from archive.capture import Capture, Payload
from archive.packing import DICTIONARY_BYTES, DICTIONARY_PAGES, SAMPLE_PAGES
from archive.pages_in_common import most_typical
from archive.urls import site_of
from archive.visit import Outcome, Visit
from bench.corpus import ARTICLE_SETS, CORPUS, pages
from crawler.demo.server import serve

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

NOW = datetime(2026, 8, 22, tzinfo=UTC)
HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Date", "Sat, 22 Aug 2026 10:05:00 GMT"),
    ("Server", "nginx"),
    ("ETag", '"5f3c-61a2b0c4d5e6f"'),
    ("Cache-Control", "max-age=60"),
)
ROW_BYTES = 60
"""Of a capture beside its text: numbers, times, index entries."""
GROWTH = (5, 10, 20, 50, 100, 200)
TRAINED_BYTES = 112_640
"""Size of a trained dictionary that zstd's own command makes by default."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench room", description=__doc__)
    parser.add_argument("--folder", type=Path, action="append", default=[], help="HTML files of one site")
    parser.add_argument("--without", action="append", default=[], metavar="NAME", help="leave out files of that name")
    parser.add_argument("--least", type=int, default=5, help="pages of a host of the corpus")
    parser.add_argument("--most", type=int, default=300, help="pages of a folder")
    args = parser.parse_args()
    sites = {"demo newspaper": demo_pages()}
    sites |= {folder.name: folder_pages(folder, args.most, args.without) for folder in args.folder}
    if CORPUS.exists():
        sites |= corpus_sites(args.least)
    print("Bytes by site. ratio: .warc.gz / packed, dictionaries and rows counted in. Times are of the processor.\n")
    sizes = f"{'pages':>6}{'mean KB':>9}{'.warc.gz':>11}{'plain':>11}{'packed':>11}{'ratio':>7}"
    print(f"{'site':26}{sizes}{'pack ms':>9}{'read ms p50':>13}{'max':>6}")
    for name, bodies in sites.items():
        print(site_line(name, bodies), flush=True)
    for name, bodies in sites.items():
        if len(bodies) >= GROWTH[2]:
            print(f"\n{name}: ratio by pages: {growth(bodies)}", flush=True)
            print("\n".join(candidates(bodies)), flush=True)
    name, bodies = max(sites.items(), key=lambda item: len(item[1]))
    print(f"\n{name}, 60 pages and 40 captures of one of them that changes:")
    print(site_line("changing", [*bodies[:60], *changing(bodies[7], 40)]))
    return 0


def demo_pages() -> list[bytes]:
    """Every page that the demo newspaper serves at the address of a story."""
    bodies = []
    with serve(slow_seconds=0) as server:
        for path in server.site.by_path:
            try:
                with urllib.request.urlopen(f"{server.base_url}{path}", timeout=10) as answer:
                    bodies.append(answer.read())
            except urllib.error.HTTPError:
                continue
    return list(dict.fromkeys(bodies))


def folder_pages(folder: Path, most: int, without: Sequence[str]) -> list[bytes]:
    """Some files of a folder, shuffled, so that neighbours are no more alike than others."""
    files = sorted(file for file in folder.rglob("*.html") if file.name not in without)
    random.Random(1).shuffle(files)
    return list(dict.fromkeys(file.read_bytes() for file in files))[:most]


def corpus_sites(least: int) -> dict[str, list[bytes]]:
    """Hosts of the corpus with several pages, the most first; copies of an archive are of many hosts."""
    found: dict[str, list[bytes]] = defaultdict(list)
    for page in pages((*ARTICLE_SETS, "other")):
        site = site_of(page.url or "")
        if site and site != "web.archive.org":
            found[site].append(page.body)
    unique = {site: list(dict.fromkeys(bodies)) for site, bodies in found.items()}
    return dict(sorted(((s, b) for s, b in unique.items() if len(b) >= least), key=lambda item: -len(item[1])))


def warc_bytes(bodies: Sequence[bytes]) -> int:
    """Size of a `.warc.gz` with a response record for each page."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for number, body in enumerate(bodies):
        http = StatusAndHeaders("200 OK", [*HEADERS, ("Content-Length", str(len(body)))], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(f"https://site.example/{number}", "response", payload=io.BytesIO(body), http_headers=http)
        )
    return len(out.getvalue())


def site_line(name: str, bodies: Sequence[bytes]) -> str:
    with tempfile.TemporaryDirectory() as folder, Archive.create(Path(folder) / "room.db") as archive:
        archive.commit(None, [visit(number, body) for number, body in enumerate(bodies)], NOW)
        plain = kept_bytes(archive)
        start = time.process_time()
        archive.pack()
        took = (time.process_time() - start) / len(bodies) * 1000
        packed, warc = kept_bytes(archive), warc_bytes(bodies)
        times = sorted(read_ms(archive, bodies))
    mean = sum(map(len, bodies)) / len(bodies) / 1000
    return (
        f"{name[:25]:26}{len(bodies):6}{mean:9.0f}{warc:11,}{plain:11,}{packed:11,}{warc / packed:7.2f}{took:9.1f}"
        f"{times[len(times) // 2]:13.2f}{times[-1]:6.1f}"
    )


def visit(number: int, body: bytes) -> Visit:
    url = f"https://site.example/{number}"
    capture = Capture(url, NOW, 200, HEADERS, Payload.of(body))
    return Visit(url, NOW, Outcome.NOT_AN_ARTICLE, reason="bench", status=200, captures=(capture,))


def kept_bytes(archive: Archive) -> int:
    """Bytes of payloads, dictionaries (both copies) and the rows of captures."""
    count = "SELECT coalesce(sum({}), 0) FROM {}"
    sums = (
        count.format("length(data) + length(sha256)", "payloads"),
        count.format("length(data) + length(sha256) + length(samples)", "dictionaries"),
        count.format("length(data) + length(sha256)", "spare_dictionaries"),
        count.format(f"length(headers) + length(url) + length(payload) + {ROW_BYTES}", "captures"),
    )
    return sum(archive._db.conn.execute(sql).fetchone()[0] for sql in sums)


def read_ms(archive: Archive, bodies: Sequence[bytes]) -> list[float]:
    """Milliseconds of processor time to read each page back at random, checked, with no dictionary left in memory."""
    order = list(range(len(bodies)))
    random.Random(2).shuffle(order)
    times = []
    for number in order:
        payloads._held.clear()
        start = time.thread_time()
        body = archive.payload(number + 1)
        times.append((time.thread_time() - start) * 1000)
        assert body == bodies[number]
    return times


def growth(bodies: Sequence[bytes]) -> str:
    counts = [count for count in (*GROWTH, len(bodies)) if count <= len(bodies)]
    return ", ".join(f"{count}: {site_line('', bodies[:count]).split()[5]}" for count in dict.fromkeys(counts))


def candidates(bodies: Sequence[bytes]) -> list[str]:
    """Lines: gzip bytes over bytes, on pages that no dictionary is made of; dictionaries counted apart."""
    half = min(len(bodies) // 2, SAMPLE_PAGES)
    sample, tests = bodies[:half], bodies[half : half + 60]
    typical = [sample[place] for place in most_typical(sample, DICTIONARY_PAGES, DICTIONARY_BYTES)] or list(sample[:1])
    warc = warc_bytes(tests)
    made: dict[str, tuple[zstd.ZstdDict | None, bool]] = {
        "none": (None, False),
        "trained, 110 KB": (trained(sample), False),
        "one typical page": (zstd.ZstdDict(typical[0], is_raw=True), True),
        f"{len(typical)} typical pages": (zstd.ZstdDict(b"".join(reversed(typical)), is_raw=True), True),
    }
    lines = [f"  on {len(tests)} other pages; ratio and ms a page by level"]
    for name, (dictionary, as_prefix) in made.items():
        cells = []
        for level in (3, 6, 9, 11, 12, 15, 19):
            compress = compressor(dictionary, level, as_prefix=as_prefix)
            start = time.perf_counter()
            total = sum(len(compress(body)) for body in tests)
            cells.append(f"{level}: {warc / total:5.2f} {(time.perf_counter() - start) / len(tests) * 1000:5.1f}")
        own = 0 if dictionary is None else len(zstd.compress(dictionary.dict_content, 12))
        lines.append(f"  {name:18} ({own:7,} B packed)  " + "  ".join(cells))
    return lines


def trained(sample: Sequence[bytes]) -> zstd.ZstdDict | None:
    try:
        return zstd.train_dict(sample, TRAINED_BYTES)
    except zstd.ZstdError:  # too few samples for its taste
        return None


def compressor(dictionary: zstd.ZstdDict | None, level: int, *, as_prefix: bool) -> Callable[[bytes], bytes]:
    if dictionary is None:
        return lambda body: zstd.compress(body, level)
    if not as_prefix:
        return lambda body: zstd.compress(body, level, zstd_dict=dictionary)
    size = len(dictionary.dict_content)

    def compress(body: bytes) -> bytes:
        options = {
            zstd.CompressionParameter.compression_level: level,
            zstd.CompressionParameter.window_log: (size + len(body)).bit_length(),
        }
        return zstd.compress(body, options=options, zstd_dict=dictionary.as_prefix)

    return compress


def changing(body: bytes, times: int) -> list[bytes]:
    """A page captured again and again: each time a few words differ, here and there."""
    rng, captures = random.Random(3), []
    for number in range(times):
        place = rng.randrange(len(body))
        body = body[:place] + f"<p>Update {number}: {rng.getrandbits(200):x}</p>".encode() + body[place:]
        captures.append(body)
    return captures


if __name__ == "__main__":
    raise SystemExit(main())
