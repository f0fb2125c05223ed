"""`morgue backup`."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.commands.options import archive_option, archive_path, config_option, debug_option
from crawler.exit_codes import ExitCode


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace a file that is there, once the copy is verified.")
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, file: Path, force: bool) -> int:
    """Copy the archive to FILE, while a crawl goes on.

    The copy is the archive as it was when the command began. It appears whole, or not at all. No copy that has lost something
    replaces another file.
    """
    from archive import Archive
    from crawler.progress import StatusLine
    from crawler.terminal import human_size

    with Archive.open(archive_path(ctx), readonly=True) as archive, StatusLine() as status:
        written = archive.backup(
            file,
            force=force,
            progress=lambda done, total: status.say(f"copied {done} of {total} pages"),
            checking=lambda done, total: status.say(f"checked {done} of {total} payloads"),
        )
    click.echo(f"{file}: {human_size(written)}.", err=True)
    return ExitCode.WELL
