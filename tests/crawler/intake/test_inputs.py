import gzip
from pathlib import Path

import pytest

from crawler.errors import FileUnreadable
from crawler.intake.inputs import addresses_in, sort_inputs
from crawler.intake.pages import SavedPage, Unreadable


def test_addresses_files_and_folders_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("folder/a.html", "folder/b.md", "folder/c.html.gz", "folder/style.css", "folder/d.warc.gz"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "page.txt").write_text("A title\n\nSome text with https://a.example/ in it.")
    (tmp_path / "list.txt").write_text("# mine\nhttps://a.example/1\n\nhttps://a.example/2\n")
    inputs = sort_inputs(("https://b.example/", str(tmp_path / "folder"), str(tmp_path / "page.txt"), str(tmp_path / "list.txt")))
    assert inputs.addresses == ["https://b.example/", "https://a.example/1", "https://a.example/2"]
    assert [path.name for path in inputs.files] == ["a.html", "b.md", "c.html.gz", "d.warc.gz", "page.txt"]


@pytest.mark.parametrize(
    ("data", "addresses"),
    [
        (b"https://a.example/1\r\nhttps://a.example/2", ["https://a.example/1", "https://a.example/2"]),
        (b"\xef\xbb\xbfhttps://a.example/1\n", ["https://a.example/1"]),
        (b"https://a.example/1 is a page", None),
        (b"https://a.example/1\nand words", None),
        (b"<html>https://a.example", None),
        (b"# only a comment about http\n", None),
        (b"", None),
    ],
)
def test_a_list_holds_nothing_but_addresses(data: bytes, addresses: list[str] | None) -> None:
    assert addresses_in(data) == addresses


def test_stdin_may_be_a_list_or_a_page() -> None:
    assert sort_inputs(("-",), b"https://a.example/1\n").addresses == ["https://a.example/1"]
    (page,) = sort_inputs(("-",), gzip.compress(b"<h1>Title</h1>")).pages()
    assert isinstance(page, SavedPage)
    assert page.body == b"<h1>Title</h1>"


def test_spaces_of_an_address_are_encoded(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>Hello")
    (page,) = sort_inputs((str(tmp_path / "page.html"),)).pages(url="https://a.example/a story")
    assert isinstance(page, SavedPage)
    assert page.url == "https://a.example/a%20story"


def test_a_wrong_name_is_an_error_that_helps(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="write https://example"):
        sort_inputs(("example.org",))
    with pytest.raises(FileUnreadable, match="no saved page"):
        sort_inputs((str(tmp_path),))
    with pytest.raises(FileUnreadable, match="nothing came"):
        sort_inputs(("-",), b"")


def test_a_broken_warc_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.warc").write_bytes(b"no")
    (tmp_path / "b.html").write_bytes(b"<p>yes")
    first, second = sort_inputs((str(tmp_path),)).pages()
    assert isinstance(first, Unreadable)
    assert isinstance(second, SavedPage)
