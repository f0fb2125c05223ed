"""What to say where filters select nothing: which of them no article passes, and what may be meant instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from archive import Archive
    from archive.unmatched import Unmatched

WORDS = {"site": "of site", "author": "by an author called", "lang": "in language"}
"""Name of a filter -> how it reads in a sentence."""


def tell_unmatched(archive: Archive | Path, filters: Mapping[str, Any]) -> None:
    """Say on stderr which filters no article passes; for a selection that came to nothing.

    Args:
        archive: an open one, or the path of one.
        filters: as commands take them; others than those by site, author, language and dates are passed over.
    """
    from archive import Archive
    from crawler.terminal import plain

    if isinstance(archive, Path):
        with Archive.open(archive, readonly=True) as opened:
            tell_unmatched(opened, filters)
        return
    named: dict[str, Any] = {name: filters.get(name) for name in (*WORDS, "since", "until")}
    for line in lines(archive.unmatched(**named)):
        click.echo(plain(line), err=True)


def lines(unmatched: list[Unmatched]) -> Iterator[str]:
    """A line for each filter that no article passes."""
    for one in unmatched:
        if one.name == "dates":
            yield "--since is later than --until: nothing is published in between."
            continue
        near = ", ".join(one.near)
        hint = f" It has: {near}." if one.name == "lang" else f" Did you mean {near}?"
        yield f"The archive has no article {WORDS[one.name]} {one.value!r}.{hint if near else ''}"
