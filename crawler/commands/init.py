"""`morgue init`."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.commands.options import archive_option, contact_option, debug_option
from crawler.errors import OutputExists


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=".")
@contact_option
@archive_option
@debug_option
@click.pass_context
def command(ctx: click.Context, folder: Path, contact: str | None) -> None:
    """Write a commented morgue.toml and an empty archive.

    FOLDER is where they go: the current one if you name none. Nothing is overwritten.
    """
    from archive import Archive
    from crawler.commands import Invocation
    from crawler.config import DEFAULT_ARCHIVE, FILE_NAME
    from crawler.config_template import template

    invocation = ctx.find_object(Invocation)
    named = (invocation.archive if invocation else None) or DEFAULT_ARCHIVE
    config, archive = folder / FILE_NAME, folder / named
    for path in (config, archive):
        if path.exists():
            raise OutputExists(path, "Name another folder, or move it away.")
    folder.mkdir(parents=True, exist_ok=True)
    Archive.create(archive).close()
    config.write_text(template(named, contact), encoding="utf-8")
    click.echo(f"Wrote {config} and {archive}.")
    click.echo("Name your sources in the first, then: morgue crawl. Or at once: morgue crawl https://...", err=True)
