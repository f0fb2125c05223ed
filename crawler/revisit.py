"""Pure: an address's past -> when to look again."""

from __future__ import annotations

from datetime import datetime, timedelta

from archive.visit import Outcome, PageKind, Visit

SOONEST_ARTICLE = timedelta(hours=6)
"""An article is not looked at again sooner, unless a feed or sitemap says that it changed."""
LATEST_ARTICLE = timedelta(days=60)
"""The longest wait. Edits after two months are rare, and a sitemap names them."""
AGE_SHARE = 0.5
"""The wait as a share of the article's age: most edits come in the first hours."""
ASK_AGAIN = {
    Outcome.NOT_AN_ARTICLE: timedelta(days=30),
    Outcome.GONE: timedelta(days=7),
    Outcome.ROBOTS: timedelta(days=1),
}


def next_visit(visit: Visit) -> datetime | None:
    """When an address should be fetched again if nothing says sooner.

    Pages that list others, and addresses that failed, are due at once, which means in the next run.

    Returns:
        An aware UTC datetime, or None: not by itself.
    """
    if visit.outcome is Outcome.OUT_OF_SCOPE:
        return None
    if visit.outcome in ASK_AGAIN:
        return visit.fetched + ASK_AGAIN[visit.outcome]
    if (
        visit.lease is None
        or visit.lease.kind is not PageKind.ARTICLE
        or visit.outcome not in {Outcome.STORED, Outcome.UNCHANGED}
    ):
        return visit.fetched
    return visit.fetched + article_wait(visit.fetched, _published(visit))


def article_wait(now: datetime, published: datetime | None) -> timedelta:
    """How long an article rests: half its age, between six hours and sixty days; unknown age counts as a month."""
    age = now - published if published else timedelta(days=30)
    return min(max(age * AGE_SHARE, SOONEST_ARTICLE), LATEST_ARTICLE)


def _published(visit: Visit) -> datetime | None:
    if visit.revision is not None and visit.revision.published_earliest:
        return datetime.fromisoformat(visit.revision.published_earliest)
    return visit.lease.published if visit.lease else None
