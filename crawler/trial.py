"""Trying a source: what a crawl of it would find and read, in an archive that is thrown away."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from archive import Archive
from archive.rows import Address, StoredArticle
from archive.visit import Outcome, PageKind
from crawler.crawl import CrawlReport, CrawlRequest, Target

FIELDS = ("title", "dek", "authors", "published", "modified", "lang", "section")
"""Fields of an article that are told, and the field whose evidence says where each is from."""
FEW_WORDS = 100
"""Set by hand: what has fewer is news in brief or a teaser, and a warning costs nothing."""
ONE_BY_ONE = {"MORGUE_LEASED_PER_HOST": 1}
"""Else articles of the front page would be under way before what its feeds and sitemaps lead to is known."""
LIST_KINDS = (PageKind.SEED, PageKind.FEED, PageKind.SITEMAP)
NO_ARTICLES = (
    Outcome.NOT_AN_ARTICLE,
    Outcome.OUT_OF_SCOPE,
    Outcome.GONE,
    Outcome.FAILED,
    Outcome.BLOCKED,
    Outcome.ROBOTS,
    Outcome.LATER,
)


@dataclass(frozen=True, slots=True)
class TriedField:
    """One field of an article."""

    name: str
    value: str | None
    """None: the page does not say it."""
    source: str | None
    """Kind of evidence: json-ld, markup...; None without a value."""
    place: str | None
    """Where it stood."""
    confidence: float | None


@dataclass(frozen=True, slots=True)
class TriedArticle:
    """An article as it would be kept."""

    url: str
    fields: tuple[TriedField, ...]
    words: int
    paywalled: bool | None

    def value(self, name: str) -> str | None:
        """What a field holds."""
        return next((field.value for field in self.fields if field.name == name), None)


@dataclass(frozen=True, slots=True)
class TriedPage:
    """A page that was asked for."""

    url: str
    kind: str
    how: str
    outcome: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What a look at a source brought."""

    url: str
    report: CrawlReport
    found: Mapping[str, int]
    """How articles were found -> how many, read or not."""
    lists: tuple[TriedPage, ...]
    """The source's address, and the feeds and sitemaps that were read or tried."""
    lists_unread: int
    """Feeds and sitemaps beyond the few that a trial reads."""
    sections: int
    """Sections that a crawl would follow."""
    articles: tuple[TriedArticle, ...]
    others: tuple[TriedPage, ...]
    """Pages that looked like articles and gave none."""


def try_source(target: Target, request: CrawlRequest, crawl: Callable[[CrawlRequest], CrawlReport]) -> Trial:
    """Crawl a little of a source and keep nothing.

    Args:
        target: the source; its limit is left aside.
        request: how many articles (`limit`) and how long (`seconds`) at most, and at which pace.
        crawl: crawls, once a process.
    """
    with tempfile.TemporaryDirectory(prefix="morgue-") as folder:
        path = Path(folder) / "trial.db"
        report = crawl(
            replace(request, archive=path, targets=(replace(target, limit=None),), spider="trial", settings=ONE_BY_ONE)
        )
        with Archive.open(path, readonly=True) as archive:
            return _trial(archive, target.url, report)


def warnings_of(trial: Trial, follow: tuple[str, ...]) -> list[str]:
    """What a user should know before he relies on a source.

    Args:
        trial: of it.
        follow: the ways in which it is followed.
    """
    return [*_of_address(trial), *_of_ways(trial, follow), *_of_pages(trial), *_of_articles(trial)]


def _trial(archive: Archive, url: str, report: CrawlReport) -> Trial:
    addresses = list(archive.frontier.addresses())
    articles = [each for each in addresses if each.kind == PageKind.ARTICLE]
    lists = [each for each in addresses if each.kind in LIST_KINDS]
    read = [each for each in lists if each.outcome is not None and (each.how != "guess" or each.outcome == Outcome.LISTED)]
    return Trial(
        url,
        report,
        dict(Counter(each.how for each in articles if each.how != "redirect").most_common()),
        tuple(_page(archive, each) for each in read),
        sum(each.outcome is None and each.how != "guess" for each in lists),
        sum(each.kind == PageKind.LISTING for each in addresses),
        tuple(_article(archive, each) for each in archive.articles()),
        tuple(_page(archive, each) for each in articles if each.outcome in NO_ARTICLES),
    )


def _page(archive: Archive, address: Address) -> TriedPage:
    fetches = archive.why(address.url).fetches
    reason = fetches[-1].reason if fetches else None
    return TriedPage(address.url, address.kind, address.how, address.outcome or "", reason)


def _article(archive: Archive, article: StoredArticle) -> TriedArticle:
    revision = archive.revision(article.id).revision
    chosen = {evidence.field: evidence for evidence in revision.evidence if evidence.rank == 0}
    values = {name: getattr(article, name) for name in FIELDS} | {"authors": ", ".join(article.authors) or None}
    fields = []
    for name, value in values.items():
        evidence = chosen.get(name) if value is not None else None
        known = (evidence.source, evidence.place, evidence.confidence) if evidence is not None else (None, None, None)
        fields.append(TriedField(name, value, *known))
    return TriedArticle(article.url, tuple(fields), article.word_count, revision.paywalled)


def _of_address(trial: Trial) -> Iterator[str]:
    for page in trial.lists:
        if page.kind == PageKind.SEED and page.outcome not in {Outcome.LISTED, Outcome.STORED, Outcome.UNCHANGED}:
            yield f"its address gave nothing ({_because(page)})"
        elif page.kind != PageKind.SEED and page.outcome not in {Outcome.LISTED, Outcome.UNCHANGED}:
            yield f"{page.kind} {page.url} gave nothing ({_because(page)})"


def _of_ways(trial: Trial, follow: tuple[str, ...]) -> Iterator[str]:
    read = {page.kind for page in trial.lists if page.outcome == Outcome.LISTED and page.kind != PageKind.SEED}
    seeds = [page.reason or "" for page in trial.lists if page.kind == PageKind.SEED]
    is_list = any(reason.startswith(("feed", "sitemap", "files")) for reason in seeds)
    if not any(page.outcome == Outcome.LISTED for page in trial.lists) or is_list:
        return
    if "feeds" in follow and PageKind.FEED not in read:
        yield "no feed: what appears and goes between two looks at its pages is missed; name a feed as `url` if there is one"
    if "sitemaps" in follow and PageKind.SITEMAP not in read:
        yield "no sitemap: older articles are found as far as links lead"
    if not trial.found:
        yield "no address of an article was found: see `follow`, `allow`, `deny` and `since`, or whether scripts make its pages"


def _of_pages(trial: Trial) -> Iterator[str]:
    counts = Counter(page.outcome for page in trial.others)
    examples = {page.outcome: page for page in reversed(trial.others)}
    words = {Outcome.ROBOTS: "forbidden by robots.txt", Outcome.BLOCKED: "refused", Outcome.FAILED: "not to be had"}
    for outcome, word in words.items():
        if counts[outcome]:
            yield f"{counts[outcome]} of the articles that were tried {word}, for instance {_named(examples[outcome])}"
    none = counts[Outcome.NOT_AN_ARTICLE]
    if none > len(trial.articles):
        yield f"{none} pages that looked like articles are none, for instance {_named(examples[Outcome.NOT_AN_ARTICLE])}"
    if trial.found and not trial.articles:
        yield "no article could be read"


def _of_articles(trial: Trial) -> Iterator[str]:
    number = len(trial.articles)
    for name, word in (("title", "title"), ("authors", "author"), ("published", "date")):
        lacking = [article for article in trial.articles if article.value(name) is None]
        if lacking:
            yield f"no {word} in {len(lacking)} of {number}, for instance {lacking[0].url}"
    short = [article for article in trial.articles if article.words < FEW_WORDS]
    if short:
        share = f"fewer than {FEW_WORDS} words in {len(short)} of {number}"
        yield f"{share}, for instance {short[0].url}: are they teasers, or made by scripts?"
    paid = sum(bool(article.paywalled) for article in trial.articles)
    if paid:
        yield f"behind a paywall by what they say: {paid} of {number}"


def _because(page: TriedPage) -> str:
    word = page.outcome.replace("_", " ")
    return f"{word}: {page.reason}" if page.reason else word


def _named(page: TriedPage) -> str:
    return f"{page.url} ({page.reason})" if page.reason else page.url
