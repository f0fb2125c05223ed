"""`morgue why`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
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
from crawler.exit_codes import ExitCode

if TYPE_CHECKING:
    from datetime import datetime

    from archive.rows import StoredFetch, Why

FIELD_COLUMNS = 13
"""Columns for the name of a field: the longest, and a space."""
COPIES_SHOWN = 20
"""Copies of its story that are printed."""
RAW_SHOWN = 100
"""Characters of a raw string that are printed."""


@click.command("why")
@click.argument("url", metavar="URL")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, url: str, as_json: bool) -> int:
    """Tell how an address was found, what its fetches came to, and where each field is from.

    An article's number does as well as its address.
    """
    from archive import Archive
    from crawler.terminal import plain

    with Archive.open(archive_path(ctx), readonly=True) as archive:
        why = archive.why(archive.article(url).url if url.isdecimal() else url)
    if as_json:
        print_json(why)
    elif why.known:
        click.echo("\n".join(_lines(why)))
    if not why.known:
        click.echo(plain(f"The archive has never met {url}."), err=True)
        return ExitCode.FAILED
    return ExitCode.WELL


def _lines(why: Why) -> Iterator[str]:
    from crawler.terminal import bold, plain

    yield bold(plain(why.url))
    if why.taken_down:
        yield plain(f"Taken down on {_time(why.taken_down.taken_down)}: {why.taken_down.reason}")
    for part, lines in (
        ("How it was found", map(plain, _found(why))), ("Fetches", map(plain, _fetches(why))), ("Fields", _fields(why)),
        ("Revisions", map(plain, _revisions(why))), ("Events", map(plain, _events(why))),
        ("Rights", map(plain, _rights(why))), ("Copies", map(plain, _copies(why))),
    ):  # fmt: skip
        texts = list(lines)
        if texts:
            yield ""
            yield bold(part)
            yield from texts
    yield ""
    yield _next(why)


def _found(why: Why) -> Iterator[str]:
    for place, step in enumerate(why.chain):
        yield f"  {'  ' * place}{step.how} ({step.kind}): {step.url}  {_time(step.found_at)}"
    if not why.chain and why.fetches:
        yield "  Added by hand."


def _fetches(why: Why) -> Iterator[str]:
    for fetch in why.fetches:
        yield "  " + _fetch(fetch)
    if why.robots:
        yield f"  robots.txt: {why.robots}"


def _fetch(fetch: StoredFetch) -> str:
    facts = [
        _time(fetch.fetched),
        fetch.outcome + (f" ({fetch.reason})" if fetch.reason else ""),
        f"status {fetch.status}" if fetch.status else "",
        f"{fetch.seconds:.2f} s" if fetch.seconds is not None else "",
        f"redirected to {fetch.redirects[-1]}" if fetch.redirects else "",
    ]
    return ", ".join(fact for fact in facts if fact)


def _fields(why: Why) -> Iterator[str]:
    """Each field with what was chosen, and under it what says the same, and what lost; free of control characters."""
    from crawler.terminal import cut, dim, terminal_width

    width = terminal_width() - 1
    for name, group in groupby(why.evidence, key=lambda row: row.field):
        chosen = None
        for place, row in enumerate(group):
            chosen = row.value if row.rank == 0 else chosen
            fate = "" if row.rank == 0 else "also: " if row.value == chosen else "lost: "
            start = f"  {name if place == 0 else '':<{FIELD_COLUMNS}}{fate}"
            yield start + cut(row.value, width - len(start))
            detail = f"{row.source}, {row.place}, confidence {row.confidence:.2f}: {cut(row.raw, RAW_SHOWN)}"
            yield dim(" " * (2 + FIELD_COLUMNS) + cut(detail, width - 2 - FIELD_COLUMNS))


def _revisions(why: Why) -> Iterator[str]:
    from crawler.diff_rendering import describe

    for line in why.revisions:
        facts = f"fetched {_time(line.fetched_at)}, {line.word_count:,} words, reader {line.reader}"
        yield f"  {line.number}  {facts}: {line.title or '(no title)'}"
        if line.changes:
            yield f"     changed: {describe(dict(line.changes))}"


def _events(why: Why) -> Iterator[str]:
    for event in why.events:
        yield f"  {_time(event.moment)}  {event.kind.replace('_', ' ')}" + (f": {event.detail}" if event.detail else "")


def _copies(why: Why) -> Iterator[str]:
    """Who printed the same story, in the order of time."""
    for copy in why.copies[:COPIES_SHOWN]:
        own = ", this one" if why.article is not None and copy.article_id == why.article.id else ""
        like = f", {copy.share:.0%} of the shorter text like {copy.like_id}" if copy.share is not None else ""
        yield f"  {copy.article_id}  {copy.site}, out by {_time(copy.out_by)}{like}{own}: {copy.title or '(no title)'}"
    if len(why.copies) > COPIES_SHOWN:
        yield f"  and {len(why.copies) - COPIES_SHOWN:,} more; --json lists them"


def _rights(why: Why) -> Iterator[str]:
    from crawler.rendering import rights_notes

    for note in rights_notes(why.rights):
        yield f"  {note}"


def _next(why: Why) -> str:
    if why.taken_down:
        return "Next visit: none, it was taken down."
    if why.next_visit:
        return f"Next visit: {_time(why.next_visit)}."
    return f"Next visit: {'waits for its turn' if why.state in {'waiting', 'leased'} else 'none by itself'}."


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")
