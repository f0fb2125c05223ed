from __future__ import annotations

import hashlib
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import Archive, packing, payloads
from archive.capture import Capture, Payload
from archive.errors import DamagedPayload
from archive.packing import mend
from archive.pages_in_common import most_typical
from archive.visit import Outcome, Visit
from tests.archive.samples import NOW

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SITE = "tern.example"
PAGES = 60


@pytest.fixture(autouse=True)
def _nothing_held() -> Iterator[None]:
    """Read dictionaries from the file, not from what an earlier test left in memory."""
    payloads._held.clear()
    yield
    payloads._held.clear()


def words(seed: int, count: int) -> str:
    rng = random.Random(seed)
    return " ".join("".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(2, 9))) for _ in range(count))


def page(number: int, layout: int = 0) -> bytes:
    """A page with 9 KB that all pages of the layout share, and 1 KB of its own."""
    frame = "\n".join(f"<div class=c{n}>{words(1000 * layout + n, 30)}</div>" for n in range(45))
    return f"<html>{frame}<article>{words(10**6 + number, 170)}</article></html>".encode()


def visit(body: bytes, url: str) -> Visit:
    return Visit(
        url, NOW, Outcome.NOT_AN_ARTICLE, reason="test", status=200, captures=(Capture(url, NOW, 200, (), Payload.of(body)),)
    )


def fill(archive: Archive, bodies: list[bytes], site: str = SITE) -> None:
    archive.commit(None, [visit(body, f"https://{site}/{n}") for n, body in enumerate(bodies)], NOW)


def bodies(archive: Archive, count: int) -> list[bytes]:
    return [archive.payload(number) for number in range(1, count + 1)]


def kept_bytes(path: Path) -> int:
    conn = sqlite3.connect(path)
    total: int = conn.execute(
        "SELECT (SELECT sum(length(data)) FROM payloads) + (SELECT coalesce(sum(length(data)), 0) FROM dictionaries)"
        " + (SELECT coalesce(sum(length(data)), 0) FROM spare_dictionaries)"
    ).fetchone()[0]
    conn.close()
    return total


@pytest.fixture
def change(path: Path) -> Callable[[str], None]:
    """Change the file behind morgue's back."""

    def run(sql: str) -> None:
        conn = sqlite3.connect(path)
        conn.execute(sql)
        conn.commit()
        conn.close()

    return run


PAGE_BODIES = [page(n) for n in range(PAGES)]


@pytest.fixture
def packed(archive: Archive) -> Archive:
    fill(archive, PAGE_BODIES)
    archive.pack()
    return archive


def test_pages_of_one_site_take_a_third_of_the_room_and_read_back_as_they_were(archive: Archive, path: Path) -> None:
    fill(archive, PAGE_BODIES)
    plain = kept_bytes(path)
    report = archive.pack()
    assert report.payloads == PAGES
    assert (report.sites, report.dictionaries, report.damaged) == (1, 1, ())
    assert report.before == plain
    assert report.after == kept_bytes(path) < plain / 3
    assert bodies(archive, PAGES) == PAGE_BODIES
    assert archive.verify() == []


def test_packing_again_changes_nothing(packed: Archive, path: Path) -> None:
    before = kept_bytes(path)
    assert packed.pack().payloads == 0
    assert kept_bytes(path) == before


def test_a_few_more_pages_go_by_the_dictionary_that_is_there(packed: Archive) -> None:
    more = [page(n) for n in range(PAGES, PAGES + 3)]
    fill(packed, more)
    report = packed.pack()
    assert (report.payloads, report.dictionaries) == (0, 0), "too few to look at"
    more += [page(n) for n in range(PAGES + 3, PAGES + 8)]
    fill(packed, more)
    report = packed.pack()
    assert (report.payloads, report.dictionaries) == (8, 0)
    assert packed.verify() == []


def test_however_much_a_site_has_packed_few_of_its_pages_are_counted_when_more_come(
    packed: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []

    def length(data: bytes) -> int:
        counted.append(data)
        return len(data)

    packed._db.conn.create_function("length", 1, length, deterministic=True)
    monkeypatch.setattr(packing, "PACKED_COUNTED", 7)
    fill(packed, [page(n) for n in range(PAGES, PAGES + 8)])
    assert packed.pack().payloads == 8
    assert len(counted) == 8 + 7


def test_a_site_with_a_new_layout_gets_a_new_dictionary_and_keeps_the_old_one(packed: Archive, path: Path) -> None:
    redesigned = [page(n, layout=1) for n in range(1000, 1030)]
    fill(packed, redesigned)
    report = packed.pack()
    assert (report.payloads, report.dictionaries) == (30, 1)
    conn = sqlite3.connect(path)
    assert conn.execute("SELECT dictionary_id, count(*) FROM payloads GROUP BY 1").fetchall() == [(1, PAGES), (2, 30)]
    conn.close()
    assert bodies(packed, PAGES + 30) == PAGE_BODIES + redesigned


def test_sites_with_nothing_in_common_stay_as_they_are(archive: Archive, path: Path) -> None:
    fill(archive, [words(n, 900).encode() for n in range(20)])
    before = kept_bytes(path)
    assert archive.pack().dictionaries == 0
    assert kept_bytes(path) == before


def test_one_site_is_packed_alone_and_the_empty_archive_without_a_word(archive: Archive) -> None:
    assert archive.pack().payloads == 0
    fill(archive, PAGE_BODIES[:30])
    fill(archive, [page(n, layout=2) for n in range(30)], "gull.example")
    assert archive.pack("gull.example").payloads == 30
    assert archive.pack("no.example").payloads == 0
    assert archive.pack().payloads == 30


def test_packing_says_how_far_it_is(archive: Archive) -> None:
    fill(archive, PAGE_BODIES)
    told: list[tuple[int, int]] = []
    archive.pack(progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (PAGES, PAGES)
    assert told == sorted(told)


def test_a_payload_kept_once_is_kept_once_after_packing(packed: Archive, path: Path) -> None:
    fill(packed, PAGE_BODIES)
    conn = sqlite3.connect(path)
    assert conn.execute("SELECT count(*), count(dictionary_id) FROM payloads").fetchone() == (PAGES, PAGES)
    assert conn.execute("SELECT count(*) FROM captures").fetchone() == (2 * PAGES,)
    conn.close()
    assert packed.payload(PAGES + 1) == PAGE_BODIES[0]


def test_a_damaged_page_is_left_as_it_is_and_named(archive: Archive, change: Callable[[str], None]) -> None:
    fill(archive, PAGE_BODIES)
    change("UPDATE payloads SET data = x'28b52ffd00' WHERE id = 7")
    report = archive.pack()
    assert report.damaged == (hashlib.sha256(PAGE_BODIES[6]).hexdigest(),)
    assert report.payloads == PAGES - 1
    assert [problem.kind for problem in archive.verify()] == ["payload"]


DAMAGES = {
    "first": "UPDATE dictionaries SET data = zeroblob(300)",
    "first is gone": "DELETE FROM dictionaries",
    "its digest": "UPDATE dictionaries SET sha256 = 'ff'",
    "spare": "UPDATE spare_dictionaries SET data = x'28b52ffd00'",
    "spare is gone": "DELETE FROM spare_dictionaries",
}


@pytest.mark.parametrize("sql", DAMAGES.values(), ids=DAMAGES)
def test_one_damaged_copy_of_a_dictionary_costs_nothing_and_is_mended(
    packed: Archive, change: Callable[[str], None], sql: str
) -> None:
    change(sql)
    assert bodies(packed, PAGES) == PAGE_BODIES
    problems = packed.verify()
    assert {problem.kind for problem in problems} >= {"dictionary"}
    assert {problem.kind for problem in problems} <= {"dictionary", "foreign key"}
    assert mend(packed._db) == [1]
    assert packed.verify() == []
    assert bodies(packed, PAGES) == PAGE_BODIES


def test_what_is_held_in_memory_does_not_stand_in_the_way_of_a_sound_copy(packed: Archive) -> None:
    sha256 = packed._db.conn.execute("SELECT sha256 FROM dictionaries").fetchone()[0]
    payloads._held[sha256] = zstd.ZstdDict(b"something else entirely", is_raw=True)
    assert bodies(packed, PAGES) == PAGE_BODIES


def test_with_both_copies_damaged_each_page_says_so(packed: Archive, change: Callable[[str], None]) -> None:
    change("UPDATE dictionaries SET data = x'00'")
    change("UPDATE spare_dictionaries SET data = x'00'")
    kinds = [problem.kind for problem in packed.verify()]
    assert kinds.count("payload") == PAGES
    assert kinds.count("dictionary") == 1
    assert mend(packed._db) == []
    with pytest.raises(DamagedPayload, match=r"both copies of dictionary 1.*restore"):
        packed.payload(1)


def test_a_damaged_frame_costs_one_page(packed: Archive, change: Callable[[str], None]) -> None:
    change("UPDATE payloads SET data = x'28b52ffd00' WHERE id = 5")
    problems = packed.verify()
    assert [(problem.kind, problem.where) for problem in problems] == [
        ("payload", f"payload {hashlib.sha256(PAGE_BODIES[4]).hexdigest()}")
    ]


def dictionary_samples(path: Path) -> set[str]:
    conn = sqlite3.connect(path)
    samples = {row[0] for row in conn.execute("SELECT value FROM dictionaries, json_each(samples)")}
    conn.close()
    return samples


def test_no_dictionary_holds_a_page_that_it_was_repacked_without(packed: Archive, path: Path) -> None:
    unwanted = sorted(dictionary_samples(path))[0]
    number = [hashlib.sha256(body).hexdigest() for body in PAGE_BODIES].index(unwanted)
    own_words = PAGE_BODIES[number].split(b"<article>")[1][:400]
    assert packed.repack_without([unwanted]) == 1
    assert unwanted not in dictionary_samples(path)
    conn = sqlite3.connect(path)
    for table in payloads.COPIES:
        for (data,) in conn.execute(f"SELECT data FROM {table}"):
            assert own_words not in zstd.decompress(data)
    assert conn.execute("SELECT codec FROM payloads WHERE sha256 = ?", (unwanted,)).fetchone() == ("zstd",)
    assert conn.execute("SELECT count(*) FROM payloads WHERE dictionary_id = 2 OR codec = 'zstd'").fetchone() == (PAGES,)
    conn.close()
    assert bodies(packed, PAGES) == PAGE_BODIES
    assert packed.verify() == []
    assert packed.repack_without([unwanted]) == 0


def test_repacking_without_pages_works_after_their_rows_are_gone(
    packed: Archive, path: Path, change: Callable[[str], None]
) -> None:
    unwanted = sorted(dictionary_samples(path))
    ids = [n for n, body in enumerate(PAGE_BODIES, start=1) if hashlib.sha256(body).hexdigest() in unwanted]
    for number in ids:
        change(f"DELETE FROM captures WHERE id = {number}")
        change(f"DELETE FROM payloads WHERE id = {number}")
    assert packed.repack_without(unwanted) == 1
    assert packed.verify() == []
    assert not dictionary_samples(path) & set(unwanted)


@pytest.mark.parametrize("mended_before", [False, True])
def test_a_dictionary_whose_first_copy_is_gone_holds_no_removed_page_afterwards(
    packed: Archive, path: Path, change: Callable[[str], None], mended_before: bool
) -> None:
    unwanted = sorted(dictionary_samples(path))
    gone = [n for n, body in enumerate(PAGE_BODIES, start=1) if hashlib.sha256(body).hexdigest() in unwanted]
    own_words = [PAGE_BODIES[number - 1].split(b"<article>")[1][:400] for number in gone]
    change("DELETE FROM dictionaries")
    for number in gone:
        change(f"DELETE FROM captures WHERE id = {number}")
        change(f"DELETE FROM payloads WHERE id = {number}")
    if mended_before:
        assert mend(packed._db) == [1]
    assert packed.repack_without(unwanted) == 1
    conn = sqlite3.connect(path)
    for table in payloads.COPIES:
        for (data,) in conn.execute(f"SELECT data FROM {table}"):
            assert not any(words in zstd.decompress(data) for words in own_words)
    conn.close()
    assert packed.verify() == []
    kept = [n for n in range(1, PAGES + 1) if n not in gone]
    assert [packed.payload(n) for n in kept] == [PAGE_BODIES[n - 1] for n in kept]
    assert packed.repack_without(unwanted) == 0


def test_a_page_removed_while_it_is_packed_is_in_no_dictionary(
    archive: Archive, path: Path, change: Callable[[str], None]
) -> None:
    fill(archive, PAGE_BODIES)
    packing = archive.begin_packing(4, {})
    for step, _ in enumerate(packing.steps()):
        if step == 30:
            change("DELETE FROM captures WHERE id < 50")
            change("DELETE FROM payloads WHERE id < 50")
    conn = sqlite3.connect(path)
    kept = {row[0] for row in conn.execute("SELECT sha256 FROM payloads")}
    conn.close()
    assert dictionary_samples(path) <= kept
    assert archive.verify() == []


def test_a_caller_that_comes_again_looks_at_a_site_when_enough_is_new(archive: Archive) -> None:
    seen: dict[str, int] = {}
    fill(archive, [words(n, 900).encode() for n in range(20)])
    assert len(list(archive.begin_packing(16, seen).steps())) > 0
    assert list(archive.begin_packing(16, seen).steps()) == []
    fill(archive, [words(n, 900).encode() for n in range(20, 36)])
    assert len(list(archive.begin_packing(16, seen).steps())) > 0


PACK = """
import sys
from archive import Archive

with Archive.open(sys.argv[1]) as archive:
    for step, _ in enumerate(archive.begin_packing(4, {}).steps()):
        print(step, flush=True)
"""


def test_after_kill_9_while_packing_every_page_is_there_and_packing_goes_on(archive: Archive, path: Path) -> None:
    fill(archive, PAGE_BODIES + [page(n) for n in range(PAGES, 4 * PAGES)])
    packed = 0
    for kill_after in (20, 75, 110):
        process = subprocess.Popen([sys.executable, "-c", PACK, str(path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) == kill_after:
                process.kill()
        process.stdout.close()
        process.wait()
        assert archive.verify() == []
        assert bodies(archive, PAGES) == PAGE_BODIES
        conn = sqlite3.connect(path)
        now = conn.execute("SELECT count(dictionary_id) FROM payloads").fetchone()[0]
        conn.close()
        assert now >= packed
        packed = now
    assert 0 < packed < 4 * PAGES
    assert archive.pack().payloads == 4 * PAGES - packed


def test_the_room_is_given_back_on_request(packed: Archive, path: Path) -> None:
    assert packed.unused_share() > 0
    before = path.stat().st_size
    assert packed.compact() == before - path.stat().st_size
    assert packed.unused_share() == 0
    assert bodies(packed, PAGES) == PAGE_BODIES


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=400), max_size=12), st.integers(0, 3))
def test_whatever_the_pages_are_they_read_back(tmp_path_factory: pytest.TempPathFactory, odd: list[bytes], shared: int) -> None:
    wanted = [*(page(1)[: 3000 * shared] + body for body in odd), *odd]
    with Archive.create(tmp_path_factory.mktemp("odd") / "morgue.db") as archive:
        if wanted:
            fill(archive, wanted)
        archive.pack()
        assert bodies(archive, len(wanted)) == wanted
        assert archive.verify() == []


def test_the_most_typical_page_has_what_most_others_have() -> None:
    pages = [page(n, layout=n % 3 == 0) for n in range(12)]
    chosen = most_typical(pages, most=8, most_bytes=10**6)
    assert len(chosen) == 2
    assert chosen[0] % 3 != 0
    assert chosen[1] % 3 == 0
    assert most_typical([], 8, 100) == []
    assert most_typical(pages, 8, most_bytes=10) == []


def test_a_packed_page_is_read_with_sqlite_and_zstd_alone(packed: Archive, path: Path) -> None:
    conn = sqlite3.connect(path)
    data, dictionary = conn.execute(
        "SELECT p.data, d.data FROM payloads AS p JOIN dictionaries AS d ON d.id = p.dictionary_id WHERE p.id = 9"
    ).fetchone()
    conn.close()
    prefix = zstd.ZstdDict(zstd.decompress(dictionary), is_raw=True)
    assert zstd.decompress(data, zstd_dict=prefix.as_prefix) == PAGE_BODIES[8]


@pytest.mark.skipif(shutil.which("zstd") is None, reason="no zstd command")
def test_a_packed_page_is_read_with_the_zstd_command(packed: Archive, path: Path, tmp_path: Path) -> None:
    conn = sqlite3.connect(path)
    data, dictionary = conn.execute(
        "SELECT p.data, d.data FROM payloads AS p JOIN dictionaries AS d ON d.id = p.dictionary_id WHERE p.id = 9"
    ).fetchone()
    conn.close()
    (tmp_path / "page.zst").write_bytes(data)
    (tmp_path / "dictionary.zst").write_bytes(dictionary)
    for command in ("-d dictionary.zst -o dictionary", "-d --patch-from=dictionary page.zst -o page.html"):
        subprocess.run(["zstd", "-q", *command.split()], cwd=tmp_path, check=True)
    assert (tmp_path / "page.html").read_bytes() == PAGE_BODIES[8]


def test_neither_stubs_nor_a_page_with_everything_hide_the_typical_ones() -> None:
    stubs = [f"<html>moved to {n}</html>".encode() * 8 for n in range(14)]
    pages = [page(n) for n in range(9)]
    everything = b"".join(pages)
    chosen = most_typical([*stubs, everything, *pages], most=1, most_bytes=10**6)
    assert chosen[0] > 14
