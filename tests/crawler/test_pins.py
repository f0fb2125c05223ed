"""Articles that were read rightly, read again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive
from archive.errors import ArticleNotFound
from crawler.pins import check_pins, pin_article
from pipelines.version import READER
from tests.archive.samples import LATER, NOW, article_visit
from tests.end_to_end.small_site import STORY

URL = "https://tern.example/2026/05/04/the-pier"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.create(tmp_path / "a.db") as opened:
        opened.commit(None, [article_visit(URL, body=STORY.format(title="The pier of the bridge", n=4).encode())], NOW)
        yield opened


def test_a_pin_comes_out_as_it_was_read(archive: Archive) -> None:
    pin = pin_article(archive, URL, {}, NOW)
    assert pin.expected["title"] == "The pier of the bridge"
    assert check_pins(archive) == (1, [])


def test_what_the_user_corrected_is_told_until_the_rules_read_it_so(archive: Archive) -> None:
    pin_article(archive, URL, {"authors": "Mara Lindqvist; Jon Vale", "section": ""}, NOW)
    _, (difference,) = check_pins(archive)
    assert (difference.field, difference.expected, difference.found) == ("authors", ["Mara Lindqvist", "Jon Vale"], [])


def test_pinning_again_replaces_the_pin(archive: Archive) -> None:
    pin_article(archive, URL, {"title": "Another"}, NOW)
    pin_article(archive, URL, {}, LATER)
    assert [(pin.pinned, pin.corrected, pin.reader) for pin in archive.pins] == [(LATER, (), READER)]


def test_pins_that_came_out_right_with_these_rules_need_not_be_read_again(archive: Archive) -> None:
    pin_article(archive, URL, {}, NOW)
    assert check_pins(archive, only_older=True) == (0, [])


def test_what_is_not_there_or_no_field_cannot_be_pinned(archive: Archive) -> None:
    with pytest.raises(ValueError, match="colour"):
        pin_article(archive, URL, {"colour": "red"}, NOW)
    with pytest.raises(ArticleNotFound):
        pin_article(archive, "https://tern.example/no", {}, NOW)


def test_a_takedown_removes_the_pin(archive: Archive) -> None:
    pin_article(archive, URL, {}, NOW)
    archive.take_down(URL, "asked for", NOW)
    assert list(archive.pins) == []


def test_a_pin_can_be_forgotten(archive: Archive) -> None:
    pin = pin_article(archive, URL, {}, NOW)
    assert archive.pins.remove(pin.article_id)
    assert not archive.pins.remove(pin.article_id)
