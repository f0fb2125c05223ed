"""`morgue show`."""

from __future__ import annotations

import click

from crawler.commands.options import archive_option, archive_path, config_option, debug_option

FORMATS = ("text", "json", "markdown", "html")
"""The keys of `crawler.rendering.FORMS`."""


@click.command("show")
@click.argument("article", metavar="ID or URL")
@click.option("--revision", type=click.IntRange(min=1), metavar="N", help="An earlier reading, from 1; else the newest.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print it.")
@click.option("--removed", is_flag=True, help="Print what was left out of the body instead, with labels and reasons.")
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, article: str, revision: int | None, form: str, removed: bool) -> None:
    """Print an article."""
    from archive import Archive
    from crawler import rendering
    from crawler.terminal import for_reader

    if removed and form not in {"text", "json"}:
        raise click.UsageError("--removed prints text or JSON.")
    with Archive.open(archive_path(ctx), readonly=True) as archive:
        found = archive.article(article)
        stored = archive.revision(found.id, revision)
        lines = archive.history(found.id)
        events = archive.events(found.id)
        copies = archive.copies(found.id)
        rights = archive.rights(found.id)
    if removed and form == "json":
        from crawler.commands.options import print_json

        print_json([block for block in stored.revision.blocks if block.section is None])
    elif removed:
        click.echo("\n".join(rendering.removed_lines(stored.revision)) or "Nothing was left out.")
    else:
        notes = []
        if form == "text":
            notes = [*rendering.history_notes(lines, events), *rendering.copy_notes(copies, found.id)]
            notes += rendering.rights_notes(rights)
        text = rendering.FORMS[form](stored) if not notes else rendering.as_text(stored, notes)
        click.echo(text if form == "text" else for_reader(text))
