"""A trial of a source, laid out for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawler.terminal import bold, count, cut, dim, plain, terminal_width
from crawler.trial import Trial, TriedArticle, TriedPage

FIELD_COLUMNS = 12
OTHERS_SHOWN = 5
"""Pages that gave no article, named on a terminal; `--json` has them all."""


def trial_lines(name: str, trial: Trial, warnings: Sequence[str]) -> Iterator[str]:
    """Lines that tell what was found, what was read, and what to know of it."""
    yield bold(plain(f"{name}  {trial.url}" if name else trial.url))
    for part, lines in (("Found", map(plain, _found(trial))), ("Read", _read(trial)), ("Warnings", map(plain, warnings))):
        texts = list(lines)
        if texts:
            yield ""
            yield bold(part)
            yield from (f"  {text}" for text in texts)


def _found(trial: Trial) -> Iterator[str]:
    for page in trial.lists:
        yield f"{page.kind:<{FIELD_COLUMNS}}{page.url}  {_outcome(page)}"
    if trial.lists_unread:
        yield f"and {count(trial.lists_unread, 'feed or sitemap', 'feeds and sitemaps')} more, which a trial does not read"
    if trial.sections:
        yield count(trial.sections, "section") + " to follow"
    ways = ", ".join(f"{number:,} by {how}" for how, number in trial.found.items())
    if trial.found or not trial.articles:
        yield count(sum(trial.found.values()), "article") + (f": {ways}" if ways else "")


def _read(trial: Trial) -> Iterator[str]:
    for article in trial.articles:
        yield plain(article.url)
        yield from _fields(article)
    for page in trial.others[:OTHERS_SHOWN]:
        yield plain(f"{page.url}  {_outcome(page)}")
    if len(trial.others) > OTHERS_SHOWN:
        yield f"and {len(trial.others) - OTHERS_SHOWN:,} more that gave no article; --json lists them"


def _fields(article: TriedArticle) -> Iterator[str]:
    for field in article.fields:
        if field.value is None:
            yield f"  {field.name:<{FIELD_COLUMNS}}{dim('none')}"
        else:
            width = max(20, terminal_width() - 60)
            source = f"{field.source}, {field.place}, {field.confidence:.2f}" if field.confidence is not None else ""
            yield f"  {field.name:<{FIELD_COLUMNS}}{cut(field.value, width)}  {dim(plain(source))}".rstrip()
    yield f"  {'text':<{FIELD_COLUMNS}}{count(article.words, 'word')}"


def _outcome(page: TriedPage) -> str:
    word = page.outcome.replace("_", " ")
    return f"{word} ({page.reason})" if page.reason else word
