"""`morgue search`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from crawler.commands.options import (
    archive_option,
    archive_path,
    config_option,
    debug_option,
    filter_options,
    json_option,
    print_json,
)

if TYPE_CHECKING:
    from archive.rows import Hit


@click.command("search")
@click.argument("query", nargs=-1, required=True)
@filter_options
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="Print at most N.")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, /, query: tuple[str, ...], limit: int, as_json: bool, **filters: Any) -> None:
    """Search the full text of the archive.

    Words must all be there; "quotes" make a phrase, OR and NOT and a* work, and title: or author: before a word looks only there.
    The best match comes first.
    """
    from archive import Archive

    with Archive.open(archive_path(ctx), readonly=True) as archive:
        hits = archive.search(" ".join(query), limit=limit, **filters)
    if as_json:
        print_json([_as_json(hit) for hit in hits])
        return
    for hit in hits:
        _print(hit)
    if not hits:
        click.echo("Nothing found.", err=True)


def _print(hit: Hit) -> None:
    """An article in three lines: what it is, where it is, and the passage."""
    from crawler.terminal import bold, cut, dim, terminal_width, wrap

    article = hit.article
    facts = [str(article.id), article.site, (article.published or "undated")[:10], ", ".join(article.authors)]
    click.echo(f"{bold(cut(article.title or '(no title)', terminal_width() - 1))}")
    click.echo("  " + dim(cut(" · ".join(fact for fact in facts if fact), terminal_width() - 3)))
    click.echo(_marked(wrap(" ".join(hit.snippet.split()), indent="  ")) + "\n")


def _marked(text: str) -> str:
    """The matching words in bold on a terminal, with their brackets anywhere else."""
    from crawler.terminal import may_colour

    return text.replace("[[", "\x1b[1m").replace("]]", "\x1b[0m") if may_colour() else text


def _as_json(hit: Hit) -> dict[str, object]:
    from crawler.rendering import article_facts

    return {**article_facts(hit.article), "snippet": hit.snippet, "score": hit.score}
