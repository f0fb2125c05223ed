"""`morgue extract`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from crawler.commands.options import Address, debug_option
from crawler.exit_codes import ExitCode

if TYPE_CHECKING:
    from crawler.answers import PageRequest


@click.command("extract")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@click.option("--requests", "batch", is_flag=True, help="FILE or stdin holds JSON lines {id, url, path, fetched}.")
@click.option("--jobs", type=click.IntRange(min=1), default=1, metavar="N", help="Read in N processes; the order stays.")
@click.option("--url", type=Address(), metavar="URL", help="Where the page was saved from.")
@click.option("--fetched", metavar="TIME", help="When it was saved (ISO); relative dates are read against it.")
@debug_option
def command(files: tuple[str, ...], batch: bool, jobs: int, url: str | None, fetched: str | None) -> int:
    """Read saved pages and print the articles as JSON lines.

    Pages may be HTML, plain text or Markdown, also gzipped; `-` is stdin. No archive is needed. With --requests each line
    is answered at once and in order; a page that cannot be read is answered with its error.
    """
    from crawler.answers import EMPTY, answer
    from pipelines.stages.extract import warm_up

    if batch:
        requests = _requests(files)
    elif files:
        requests = (_named(name, url, fetched) for name in files)
    else:
        raise click.UsageError("Name a saved page, `-` for stdin, or --requests for a batch.")
    failed = total = 0
    if jobs == 1:
        if batch:  # a single page is not kept waiting for what it may not need
            warm_up()
        answers: Iterable[dict[str, Any]] = map(answer, requests)
    else:
        answers = _spread(requests, jobs, EMPTY)
    for line in answers:
        total += 1
        failed += line["error"] is not None
        sys.stdout.buffer.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
    if not failed:
        return ExitCode.WELL
    click.echo(f"{failed:,} of {total:,} could not be read; their lines say why.", err=True)
    return ExitCode.PARTLY if failed < total else ExitCode.FAILED


def _named(name: str, url: str | None, fetched: str | None) -> PageRequest:
    from crawler.answers import PageRequest

    body = sys.stdin.buffer.read() if name == "-" else None
    return PageRequest(name, name, url, fetched, body)


def _spread(requests: Iterable[PageRequest], jobs: int, empty: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Answers read in several processes."""
    from crawler.answers import answer
    from crawler.workers import OrderedWork, ProcessDied

    for request, result in OrderedWork(answer, jobs).over(requests):
        yield {**empty, "id": request.id, "error": str(result)} if isinstance(result, ProcessDied) else result


def _requests(files: tuple[str, ...]) -> Iterator[PageRequest]:
    """The requests of the files, or of stdin where none is named; taken one at a time, as they come."""
    from crawler.errors import FileUnreadable

    for name in files or ("-",):
        if name == "-":
            yield from _lines(_own_stdin())
            continue
        try:
            with open(name, "rb") as stream:  # noqa: PTH123 - a name on the command line, opened as given
                yield from _lines(stream)
        except OSError as error:
            raise FileUnreadable(name, error.strerror or str(error)) from error


def _own_stdin() -> BinaryIO:
    """Stdin with a buffer of its own: Python closes its own at the end, and aborts where a thread still waits in it."""
    try:
        return open(sys.stdin.fileno(), "rb", closefd=False)
    except OSError:  # no file of the system's, as when called from Python
        return sys.stdin.buffer


def _lines(stream: BinaryIO) -> Iterator[PageRequest]:
    from crawler.answers import PageRequest

    for line in iter(stream.readline, b""):
        if not line.strip():
            continue
        try:
            yield PageRequest.of(json.loads(line))
        except ValueError as error:
            yield PageRequest(None, error=f"the line is no JSON: {error}")
