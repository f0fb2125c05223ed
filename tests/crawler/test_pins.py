"""Articles that were read rightly, read again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive
from archive.errors import ArticleNotFound
from crawler.alarms import alarm_lines
from crawler.pins import FIELDS, check_pins, pin_article, watch_pins
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


def other_rules(monkeypatch: pytest.MonkeyPatch, name: str = "4 beef") -> None:
    """Have all that was pinned be read with other rules."""
    monkeypatch.setattr("pipelines.version.rules", lambda: name)


def run_of(archive: Archive) -> int:
    source = archive.add_source("https://tern.example/").id
    run = archive.begin_run("crawl", [source], NOW).id
    archive.end_run(run, "finished", NOW)
    return run


def test_pins_are_read_again_once_when_the_rules_have_changed(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    pin_article(archive, URL, {}, NOW)
    read: list[str] = []
    monkeypatch.setattr("crawler.pins.read_fields", lambda pages: read.append(pages[0].url) or dict.fromkeys(FIELDS))
    assert watch_pins(archive, run_of(archive), LATER) == []
    assert read == [], "these rules read it when it was pinned"
    other_rules(monkeypatch)
    (alarm,) = watch_pins(archive, run_of(archive), LATER)
    assert watch_pins(archive, run_of(archive), LATER) == []
    assert read == [URL]
    assert (alarm.first.url, alarm.first.value, alarm.example.value) == (URL, None, "The pier of the bridge")
    assert [*alarm_lines(alarm)] == [
        "ALARM tern.example: 1 of 1 pin read otherwise with today's rules (`morgue sources pins`)",
        f"  first: {URL}: nothing",
        f"  before: {URL}: The pier of the bridge (title)",
    ]


def test_a_pin_that_comes_out_right_again_ends_the_alarm(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    pin_article(archive, URL, {"title": "Another"}, NOW)
    other_rules(monkeypatch)
    assert len(watch_pins(archive, run_of(archive), NOW)) == 1
    pin_article(archive, URL, {}, NOW)
    other_rules(monkeypatch, "5 feed")
    assert watch_pins(archive, run_of(archive), LATER) == []
    assert archive.drift.alarms(open_only=True) == []
    assert [alarm.settled_by for alarm in archive.drift.alarms()] == ["recovered"]


def test_pins_that_still_come_out_wrong_with_newer_rules_are_told_anew(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    pin_article(archive, URL, {"title": "Another"}, NOW)
    for name in ("4 beef", "5 feed"):
        other_rules(monkeypatch, name)
        assert len(watch_pins(archive, run_of(archive), LATER)) == 1
    assert len(archive.drift.alarms(open_only=True)) == 1


def test_an_alarm_of_pins_that_was_not_noted_as_checked_is_not_raised_twice(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin_article(archive, URL, {"title": "Another"}, NOW)
    other_rules(monkeypatch)
    run = run_of(archive)
    with monkeypatch.context() as killed:
        killed.setattr(archive.pins, "note_checked", _interrupt)
        with pytest.raises(KeyboardInterrupt):
            watch_pins(archive, run, NOW)
    watch_pins(archive, run_of(archive), LATER)
    assert len(archive.drift.alarms(open_only=True)) == 1


def _interrupt(*arguments: object) -> None:
    raise KeyboardInterrupt


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
