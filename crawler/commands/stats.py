"""`morgue stats`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from crawler.commands.options import (
    archive_option,
    archive_path,
    config_option,
    debug_option,
    json_option,
    print_json,
)

if TYPE_CHECKING:
    from archive.rows import Stats

SITES_SHOWN = 20
NO_SITE = "(files)"
"""Pages that do not say where they are from."""


@click.command("stats")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Count articles, revisions, bytes and outcomes, and the coverage of each field."""
    from archive import Archive

    path = archive_path(ctx)
    with Archive.open(path, readonly=True) as archive:
        stats = archive.stats()
    if as_json:
        print_json(stats)
    else:
        click.echo("\n\n".join(part for part in _parts(stats) if part))


def _parts(stats: Stats) -> Iterator[str]:
    from crawler.terminal import human_size, table

    packed = f", {stats.stored_bytes / stats.payload_bytes:.0%} of their size" if stats.payload_bytes else ""
    yield table(
        [
            ("articles", f"{stats.articles:,}"),
            ("revisions", f"{stats.revisions:,}"),
            ("captures", f"{stats.captures:,} of {stats.payloads:,} different payloads, {human_size(stats.payload_bytes)}"),
            ("stored", f"{human_size(stats.stored_bytes)}{packed}"),
            ("file", human_size(stats.file_bytes)),
            ("fetches", f"{stats.fetches:,}"),
            ("waiting", f"{stats.waiting:,} addresses known and not fetched yet"),
        ],
        ("archive", ""),
    )
    shown = stats.sites[:SITES_SHOWN]
    if shown:
        lines = [(s.site or NO_SITE, s.articles, s.withdrawn, s.words, (s.newest or "")[:10]) for s in shown]
        yield table(lines, ("site", "articles", "withdrawn", "words", "newest"))
        fields = list(dict.fromkeys(name for site in shown for name in site.coverage))
        yield table(
            [(s.site or NO_SITE, *(f"{s.coverage.get(name, 0):.0%}" for name in fields)) for s in shown], ("coverage", *fields)
        )
    if len(stats.sites) > SITES_SHOWN:
        yield f"and {len(stats.sites) - SITES_SHOWN:,} more sites; --json lists them"
    outcomes = list(dict.fromkeys(name for source in stats.sources for name in source.outcomes))
    if outcomes:
        rows = [(s.source or "added by hand", *(s.outcomes.get(name, 0) for name in outcomes)) for s in stats.sources]
        yield table(rows, ("source", *outcomes))
