"""Pins made and checked: an article that was read rightly has to read the same with other rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

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
    from pipelines.version import READER

    unknown = set(corrections) - set(FIELDS)
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))}: no field of a pin; there are {', '.join(FIELDS)}")
    article = archive.article(address)
    read = read_fields(archive.pins.pages(article.id, article.newest))
    expected = {**read, **{name: _value(name, text) for name, text in corrections.items()}}
    pin = Pin(article.id, article.newest, now, READER, expected, tuple(sorted(corrections)), article.url, article.site)
    archive.pins.keep(pin)
    return pin


def check_pins(archive: Archive, sites: Iterable[str] = (), *, only_older: bool = False) -> tuple[int, list[Difference]]:
    """Read the pinned articles again with today's rules.

    Args:
        archive: may be read-only; then it is not noted with which rules they came out right.
        sites: of these alone; empty: all.
        only_older: leave out what came out right with today's rules.

    Returns:
        How many were read, and what came out otherwise than expected.
    """
    from pipelines.version import READER

    wanted = set(sites)
    pins = [p for p in archive.pins if (not wanted or p.site in wanted) and not (only_older and p.reader == READER)]
    differences = {pin.article_id: list(_differences(archive, pin)) for pin in pins}
    right = [article for article, found in differences.items() if not found]
    if right and not archive.readonly:
        archive.pins.came_out(right, READER)
    return len(pins), [one for found in differences.values() for one in found]


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
    found = read_fields(archive.pins.pages(pin.article_id, pin.revision))
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


__all__ = ["FIELDS", "Difference", "check_pins", "pin_article", "read_fields", "without_text"]
