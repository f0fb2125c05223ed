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
    unique_option,
)

if TYPE_CHECKING:
    from archive.rows import Hit, SearchResult


@click.command("search")
@click.argument("query", nargs=-1, required=True)
@filter_options
@unique_option
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, metavar="N", help="Print at most N.")
@click.option("--every", is_flag=True, help="Rank and count every match, however many; may take seconds.")
@json_option
@archive_option
@config_option
@debug_option
@click.pass_context
def command(ctx: click.Context, /, query: tuple[str, ...], limit: int, every: bool, as_json: bool, **filters: Any) -> None:
    """Search the full text of the archive.

    Words must all be there; "quotes" make a phrase, OR and NOT and a* work, and title: author: dek: or text: before a word looks
    only there. The best match comes first.
    """
    from archive import Archive
    from crawler.nothing_found import tell_unmatched

    with Archive.open(archive_path(ctx), readonly=True) as archive:
        result = archive.find(" ".join(query), limit=limit, every=every, **filters)
        if not result.total:
            tell_unmatched(archive, filters)
    if as_json:
        print_json(_as_json(result))
        return
    for hit in result.hits:
        _print(hit)
    click.echo(summary(result), err=True)


def summary(result: SearchResult) -> str:
    """How many there are, in a line."""
    if not result.total:
        return "Nothing found."
    number = f"{result.total:,}" if result.exact else f"about {_rounded(result.total):,}"
    found = f"{number} article{'s' if result.total != 1 else ''} found"
    shown = f", the best {len(result.hits):,} shown" if len(result.hits) < result.total else ""
    if result.ranked == result.total:
        return f"{found}{shown}."
    return f"{found}{shown}; ranked: the {result.ranked:,} most promising. `--every` ranks all."


def _rounded(number: int) -> int:
    """Two digits of it; an estimate is no surer."""
    return int(float(f"{number:.1e}"))


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


def _as_json(result: SearchResult) -> dict[str, object]:
    from crawler.rendering import article_facts

    hits = [{**article_facts(hit.article), "snippet": hit.snippet, "score": hit.score} for hit in result.hits]
    return {"total": result.total, "exact": result.exact, "ranked": result.ranked, "hits": hits}
