"""Pins made and checked: an article that was read rightly has to read the same with other rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archive.drift import PINS, Alarm, Example
from archive.errors import DamagedPayload
from archive.pins import Pin

if TYPE_CHECKING:
    from archive import Archive
    from archive.rereading import CapturedPage

FIELDS = ("title", "dek", "byline", "authors", "published", "modified", "lang", "section", "text")
"""What is compared. Evidence and labels change with every idea; these are what a reader quotes."""
BETWEEN_AUTHORS = ";"


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a pin that comes out otherwise."""

    url: str
    site: str
    field: str
    expected: Any
    found: Any


def pin_article(archive: Archive, address: str, corrections: Mapping[str, str], now: datetime) -> Pin:
    """Take how an article is read now for right, but for what is corrected.

    Args:
        archive: to keep it in.
        address: of the article, or its number.
        corrections: field -> value; authors are separated by `;`, and an empty value means that there is none.
        now: aware.

    Raises:
        archive.errors.ArticleNotFound: there is no such article.
        ValueError: a correction names no field.
    """
    from pipelines.version import READER, rules

    unknown = set(corrections) - set(FIELDS)
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))}: no field of a pin; there are {', '.join(FIELDS)}")
    article = archive.article(address)
    read = read_fields(archive.pins.pages(article.id, article.newest))
    expected = {**read, **{name: _value(name, text) for name, text in corrections.items()}}
    corrected = tuple(sorted(corrections))
    pin = Pin(article.id, article.newest, now, READER, expected, corrected, rules(), article.url, article.site)
    archive.pins.keep(pin)
    return pin


def check_pins(archive: Archive, sites: Iterable[str] = ()) -> tuple[int, list[Difference]]:
    """Read the pinned articles again with today's rules.

    Args:
        archive: may be read-only; then it is not noted with which rules they came out right.
        sites: of these alone; empty: all.

    Returns:
        How many were read, and what came out otherwise than expected.
    """
    wanted = set(sites)
    pins = [pin for pin in archive.pins if not wanted or pin.site in wanted]
    differences = {pin.article_id: list(_differences(archive, pin)) for pin in pins}
    if not archive.readonly:
        _note(archive, differences)
    return len(pins), [one for found in differences.values() for one in found]


def watch_pins(archive: Archive, run_id: int, now: datetime) -> list[Alarm]:
    """Read again the pins that today's rules have not read yet, which is once after a change of the rules, and raise alarms.

    One alarm a site. One of earlier rules is over: either all comes out right, or there is a new one.

    Args:
        archive: in which the run has ended.
        run_id: the run.
        now: aware.

    Returns:
        The alarms that were raised.
    """
    from pipelines.version import rules

    pins, today = list(archive.pins), rules()
    differences = {pin.article_id: list(_differences(archive, pin)) for pin in pins if pin.checked != today}
    if not differences:
        return []
    sites = {pin.site for pin in pins if pin.article_id in differences}
    raised = [_alarm([p for p in pins if p.site == site], differences, run_id, now) for site in sorted(sites)]
    former = [a.id for a in archive.drift.alarms(open_only=True) if a.measure == PINS and a.site in sites]
    # In this order: interrupted in between, pins are read once more, and the alarms raised again in place of the first.
    archive.drift.change_alarms(run_id, [alarm for alarm in raised if alarm.after < 1], former, now)
    _note(archive, differences)
    return [alarm for alarm in archive.drift.alarms(run_id=run_id) if alarm.measure == PINS and alarm.settled is None]


def _alarm(pins: Sequence[Pin], differences: Mapping[int, Sequence[Difference]], run_id: int, now: datetime) -> Alarm:
    """What the pins of a site come to: the first that comes out otherwise, by what is found and what is expected."""
    bad = [pin for pin in pins if differences.get(pin.article_id)]
    first = example = Example()
    if bad:
        one = without_text(differences[bad[0].article_id][0])
        first = Example(one.url, bad[0].article_id, _told(one.found), one.field, now)
        example = Example(one.url, bad[0].article_id, _told(one.expected), one.field)
    right = 1 - len(bad) / len(pins)
    return Alarm(pins[0].site, PINS, now, run_id, run_id, 1.0, len(pins), right, len(pins), 0.0, first, example)


def _told(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _note(archive: Archive, differences: Mapping[int, Sequence[Difference]]) -> None:
    from pipelines.version import READER, rules

    right = [article for article, found in differences.items() if not found]
    archive.pins.note_checked(right, set(differences) - set(right), READER, rules())


def read_fields(pages: list[CapturedPage]) -> dict[str, Any]:
    """The fields of an article as today's rules read its pages; all None where they take it for none."""
    from pipelines import read_article, read_page
    from pipelines.stages.store import to_revision

    read = [read_page(p.body, url=p.url, fetched=p.fetched, headers=p.headers, from_file=p.from_file) for p in pages]
    article = read_article(read[0], following=read[1:])
    if not article.verdict.is_article:
        return dict.fromkeys(FIELDS)
    revision = to_revision(article, pages[0].url)
    return {name: getattr(revision, name) for name in FIELDS} | {"authors": [author.name for author in revision.authors]}


def _differences(archive: Archive, pin: Pin) -> Iterable[Difference]:
    try:
        found = read_fields(archive.pins.pages(pin.article_id, pin.revision))
    except DamagedPayload as error:
        yield Difference(pin.url, pin.site, "capture", "as it was stored", str(error))
        return
    for name in FIELDS:
        if pin.expected.get(name) != found[name]:
            yield Difference(pin.url, pin.site, name, pin.expected.get(name), found[name])


def _value(name: str, text: str) -> Any:
    if name == "authors":
        return [author.strip() for author in text.split(BETWEEN_AUTHORS) if author.strip()]
    return text or None


def without_text(difference: Difference) -> Difference:
    """The same with bodies cut to where they part, for a line on a terminal."""
    expected, found = difference.expected or "", difference.found or ""
    if difference.field != "text" or not isinstance(expected, str) or not isinstance(found, str):
        return difference
    place = next((i for i, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b), min(len(expected), len(found)))
    return replace(difference, expected=_around(expected, place), found=_around(found, place))


def _around(text: str, place: int) -> str:
    begin = max(0, place - 20)
    return f"{'…' if begin else ''}{text[begin : place + 40]}{'…' if place + 40 < len(text) else ''}"


__all__ = ["FIELDS", "Difference", "check_pins", "pin_article", "read_fields", "watch_pins", "without_text"]
