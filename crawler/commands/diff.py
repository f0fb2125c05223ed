"""`morgue diff`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from crawler.commands.options import archive_option, archive_path, config_option, debug_option, json_option, print_json

if TYPE_CHECKING:
    from archive import Archive
    from archive.rows import StoredArticle

FORMATS = ("text", "html", "json")
"""The keys of `crawler.diff_rendering.FORMS`."""
NUMBER = click.IntRange(min=1)


@click.command("diff")
@click.argument("article", metavar="ID or URL")
@click.argument("a", required=False, type=NUMBER)
@click.argument("b", required=False, type=NUMBER)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print it.")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, article: str, a: int | None, b: int | None, form: str, as_json: bool) -> None:
    """Show what changed between two revisions of an article.

    Word by word and by section, with the class of each change. A and B are numbers of revisions, as `morgue why` lists them:
    from A to B; with A alone from A to the newest; with neither what the last capture changed.
    """
    from archive import Archive
    from crawler import diff_rendering
    from crawler.terminal import for_reader

    form = "json" if as_json else form
    with Archive.open(archive_path(ctx), readonly=True) as archive:
        found = archive.article(article)
        numbers = _revisions(archive, found, a, b)
        if numbers is None and form == "json":
            print_json({"article_id": found.id, "url": found.url, "from": None, "to": None, "classes": {}, "changes": []})
        elif numbers is None:
            click.echo(f"Article {found.id} has one revision: there is nothing to compare it with.", err=form != "text")
        else:
            text = diff_rendering.FORMS[form](archive.diff(found.id, *numbers))
            click.echo(text if form == "text" else for_reader(text))


def _revisions(archive: Archive, article: StoredArticle, former: int | None, later: int | None) -> tuple[int, int] | None:
    """Numbers of the two revisions that are meant; None where there is but one and none was named."""
    if former is not None:
        return former, article.newest if later is None else later
    numbers = [line.number for line in archive.history(article.id)]
    return (numbers[-2], numbers[-1]) if len(numbers) > 1 else None
