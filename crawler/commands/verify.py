"""`morgue verify`."""

from __future__ import annotations

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


@click.command("verify")
@click.option("--mend", is_flag=True, help="Make anew what can be made from the rest of the file, then check.")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, mend: bool, as_json: bool) -> int:
    """Check every digest, key and index of the archive.

    Names what is damaged and what to do about it. Nothing is changed, unless --mend is given.
    """
    from archive import Archive
    from crawler.progress import StatusLine
    from crawler.terminal import count, wrap

    path = archive_path(ctx)
    with Archive.open(path, readonly=not mend) as archive, StatusLine() as status:
        for done in archive.mend() if mend else ():
            click.echo(done, err=True)
        problems = archive.verify(lambda *done: status.say("checked: " + " ".join(str(part) for part in done)))
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
