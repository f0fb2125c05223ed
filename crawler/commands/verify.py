"""`morgue verify`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
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
    from archive.rows import Problem


@click.command("verify")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:
    """Check every digest, key and index of the archive.

    Names what is damaged and what to do about it. Nothing is changed: `morgue repair` mends what can be mended.
    """
    from archive import Archive
    from crawler.progress import StatusLine

    path = archive_path(ctx)
    with Archive.open(path, readonly=True) as archive, StatusLine() as status:
        problems = archive.verify(lambda done, total: status.say(f"checked {done} of {total} pages"))
    return tell(path, problems, as_json=as_json)


def tell(path: Path, problems: Sequence[Problem], *, as_json: bool) -> ExitCode:
    """Print what is damaged, and return the exit code that says it."""
    from crawler.terminal import count, wrap

    if as_json:
        print_json(problems)
    elif not problems:
        click.echo(f"{path} is sound.")
    else:
        for problem in problems:
            click.echo(wrap(f"{problem.kind}: {problem.where}: {problem.detail}", indent="  ", first=""))
            click.echo(wrap(problem.advice, indent="  "))
        click.echo(f"{count(len(problems), 'problem')} in {path}.", err=True)
    return ExitCode.BROKEN if problems else ExitCode.WELL
