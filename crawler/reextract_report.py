"""What reading again comes to: the differences of two readings of a page, and their account by site and field."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archive.rereading import COVERED, Staged
from archive.revision import Revision, RevisionBlock

TOLERATED_SHARE = 0.02
"""Share of a site's articles that may lose a field without a refusal. A better rule gives up some wrong values: of the changes of
rules so far, none that was kept lost a field on more than 1 in 100 saved pages."""
TOLERATED_AT_LEAST = 1
"""Articles that may, however small the site is."""
ALL_SITES = "all sites"
HALF = 0.5
"""A body that keeps a smaller share of its words than this counts as lost."""
EXAMPLES = 3
"""Shown of each field that is gained, lost or changed."""
NAMED = 200
"""Pages listed by name in a report at most: those that are no articles now, are ones now, or could not be read."""
SHOWN_CHARS = 80
"""Characters of a value that are shown."""


def differences(old: Revision, new: Revision) -> dict[str, Any]:
    """What the report counts of two readings of one page; plain, to be kept as JSON.

    Returns:
        `gained`, `lost`: field -> value; `changed`: field -> both values; `words`: of both bodies; `labels`: `old > new` ->
        number of blocks; `further`: whether what differs is none of that, but for instance evidence.

    """
    values = [{name: _value(revision, name) for name in COVERED} for revision in (old, new)]
    before, after = values
    changed = {
        name: [_shown(before[name]), _shown(after[name])]
        for name in COVERED
        if name != "body" and before[name] and after[name] and before[name] != after[name]
    }
    gained = {name: _shown(after[name]) for name in COVERED if after[name] and not before[name]}
    lost = {name: _shown(before[name]) for name in COVERED if before[name] and not after[name]}
    labels = _labels(old.blocks, new.blocks)
    body = old.text != new.text
    return {
        "gained": gained, "lost": lost, "changed": changed, "words": [old.word_count, new.word_count], "body": body,
        "labels": labels, "further": not (gained or lost or changed or labels or body),
    }  # fmt: skip


def tolerated(articles: int) -> int:
    """How many of so many articles may lose a field."""
    return max(TOLERATED_AT_LEAST, int(articles * TOLERATED_SHARE))


@dataclass(slots=True)
class FieldReport:
    """What becomes of one field at one site."""

    before: int = 0
    """Articles that have it."""
    gained: int = 0
    lost: int = 0
    changed: int = 0
    examples: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class SiteReport:
    """What reading again comes to at one site. Fields and words are those of each article's newest reading."""

    site: str
    articles: int = 0
    fields: dict[str, FieldReport] = field(default_factory=lambda: defaultdict(FieldReport))
    words_before: int = 0
    words_after: int = 0
    shrunk: int = 0
    """Articles whose body loses more than half of its words."""
    labels: Counter[str] = field(default_factory=Counter)
    same: int = 0
    """Revisions that read the same."""
    changed: int = 0
    """Revisions that read otherwise; older ones are among them."""
    as_known: int = 0
    """Further captures that read as the revision in force."""
    new_revisions: int = 0
    new_articles: list[dict[str, Any]] = field(default_factory=list)
    no_articles: list[dict[str, Any]] = field(default_factory=list)
    """Articles whose newest page would be none today; they are kept as they are."""
    failed: list[dict[str, Any]] = field(default_factory=list)
    new: int = 0
    none: int = 0
    failures: int = 0

    def changes(self) -> int:
        """Revisions that read otherwise, and what is new."""
        return self.changed + self.new_revisions + self.new

    def drops(self) -> dict[str, int]:
        """Field -> by how many articles its coverage drops; below 0 where it grows. `article`: those that would be none."""
        fields = {name: counts.lost - counts.gained for name, counts in self.fields.items()}
        return {**fields, "body": fields.get("body", 0) + self.shrunk, "article": self.none}


@dataclass(slots=True)
class Report:
    """What reading again comes to."""

    read: int = 0
    """Pages read by this call."""
    written: int = 0
    dry_run: bool = False
    refused: bool = False
    interrupted: bool = False
    seconds: float = 0.0
    staged: int = 0
    sites: dict[str, SiteReport] = field(default_factory=dict)

    def coverage(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Take in how many articles of each site have which field now."""
        for name, has in counts.items():
            site = self._site(name)
            site.articles = has["articles"]
            site.words_before = site.words_after = has["words"] or 0
            for covered in COVERED:
                site.fields[covered].before = has[covered]

    def count(self, one: Staged) -> None:
        """Take in one finding."""
        self.staged += 1
        site = self._site(one.site)
        if one.finding == "same":
            site.same += 1
        elif one.finding == "changed":
            site.changed += 1
            _count_changed(site, one)
        elif one.finding == "as_known":
            site.as_known += 1
        elif one.finding == "revision":
            site.new_revisions += 1
        elif one.finding == "article":
            site.new += 1
            _name(site.new_articles, one)
        elif one.finding == "failed":
            site.failures += 1
            _name(site.failed, one)
        elif one.facts.get("newest"):
            site.none += 1
            _name(site.no_articles, one)

    def losses(self) -> list[tuple[str, str, int, int]]:
        """Site, field, by how many articles its coverage drops, of how many; only what is beyond tolerance.

        Behind the sites the whole, under the name of ALL_SITES: a loss on one article of each of many sites is seen there alone.
        """
        found = [
            (site.site, name, drop, site.articles)
            for site in self._ordered()
            for name, drop in site.drops().items()
            if drop > tolerated(site.articles)
        ]
        if len(self.sites) > 1:
            whole = self.whole()
            beyond = tolerated(whole.articles)
            found += [(ALL_SITES, name, drop, whole.articles) for name, drop in whole.drops().items() if drop > beyond]
        return found

    def failures(self) -> int:
        """Pages that could not be read."""
        return sum(site.failures for site in self.sites.values())

    def changes(self) -> int:
        """Revisions and articles that are otherwise, or new."""
        return sum(site.changes() for site in self.sites.values())

    def as_json(self) -> dict[str, Any]:
        """The whole report as one JSON object; sites with nothing to tell left out."""
        return {
            "read": self.read, "written": self.written, "dry_run": self.dry_run, "refused": self.refused,
            "interrupted": self.interrupted, "seconds": self.seconds,
            "losses": [dict(zip(("site", "field", "drop", "articles"), loss, strict=True)) for loss in self.losses()],
            "sites": [_site_as_json(site) for site in self._ordered() if _has_news(site)],
        }  # fmt: skip

    def numbers(self) -> dict[str, Any]:
        """The same without a word of any article: what the archive keeps, and a takedown need not look through."""
        whole = self.as_json()
        for site in whole["sites"]:
            for name in ("new_articles", "no_articles", "failed"):
                del site[name]
            for counts in site["fields"].values():
                del counts["examples"]
        return {"losses": whole["losses"], "sites": whole["sites"]}

    def told(self) -> list[SiteReport]:
        """The sites where more was found than what is known: those with losses, then those with most that is otherwise."""
        losing = {name for name, *_ in self.losses()}
        news = [site for site in self._ordered() if site.changes() or site.same or site.none or site.failures]
        return sorted(news, key=lambda site: (site.site not in losing, -site.changes()))

    def whole(self) -> SiteReport:
        """All sites together, without examples and names."""
        whole = SiteReport(ALL_SITES)
        for site in self.sites.values():
            for name in ADDED:
                setattr(whole, name, getattr(whole, name) + getattr(site, name))
            whole.labels.update(site.labels)
            for name, counts in site.fields.items():
                summed = whole.fields[name]
                for part in ("before", "gained", "lost", "changed"):
                    setattr(summed, part, getattr(summed, part) + getattr(counts, part))
        return whole

    def _ordered(self) -> list[SiteReport]:
        return sorted(self.sites.values(), key=lambda site: (-site.articles, site.site))

    def _site(self, name: str) -> SiteReport:
        return self.sites.setdefault(name, SiteReport(name))


ADDED = (
    "articles", "words_before", "words_after", "shrunk", "same", "changed", "as_known", "new_revisions", "new", "none",
    "failures",
)  # fmt: skip
"""Numbers of a site that add up."""


def _has_news(site: SiteReport) -> bool:
    return bool(site.same or site.changed or site.as_known or site.new_revisions or site.new or site.none or site.failures)


def _count_changed(site: SiteReport, one: Staged) -> None:
    facts = one.facts
    site.labels.update(facts["labels"])
    if not facts.get("newest"):
        return
    before, after = facts["words"]
    site.words_after += after - before
    site.shrunk += bool(after and after < before * HALF)
    if facts["body"] and before and after:
        site.fields["body"].changed += 1
    for name, value in facts["gained"].items():
        site.fields[name].gained += 1
        _show(site.fields[name], one, None, value)
    for name, value in facts["lost"].items():
        site.fields[name].lost += 1
        _show(site.fields[name], one, value, None)
    for name, values in facts["changed"].items():
        site.fields[name].changed += 1
        _show(site.fields[name], one, *values)


def _show(counts: FieldReport, one: Staged, before: str | None, after: str | None) -> None:
    """Keep an example; the first of each kind, so that a loss is not hidden behind many gains."""
    kind = (before is None, after is None)
    alike = [example for example in counts.examples if (example["before"] is None, example["after"] is None) == kind]
    if len(alike) < EXAMPLES:
        counts.examples.append({"article": one.article_id, "url": one.facts.get("address"), "before": before, "after": after})


def _name(names: list[dict[str, Any]], one: Staged) -> None:
    if len(names) < NAMED:
        names.append(
            {"article": one.article_id, "url": one.url, "title": one.facts.get("title"), "reason": one.facts.get("reason")}
        )


def _site_as_json(site: SiteReport) -> dict[str, Any]:
    fields = {
        name: {"before": f.before, "gained": f.gained, "lost": f.lost, "changed": f.changed, "examples": f.examples}
        for name, f in site.fields.items()
    }
    return {
        "site": site.site, "articles": site.articles, "same": site.same, "changed": site.changed, "as_known": site.as_known,
        "new_revisions": site.new_revisions, "new": site.new, "none": site.none, "failures": site.failures,
        "words_before": site.words_before, "words_after": site.words_after, "shrunk": site.shrunk,
        "labels": dict(site.labels.most_common()), "fields": fields, "new_articles": site.new_articles,
        "no_articles": site.no_articles, "failed": site.failed,
    }  # fmt: skip


def _value(revision: Revision, name: str) -> Any:
    """What a page gives for a field; empty where it gives nothing. A paywall that is denied is something."""
    if name == "body":
        return revision.text if revision.word_count else ""
    if name == "authors":
        return ", ".join(author.name for author in revision.authors)
    if name == "paywalled":
        return "" if revision.paywalled is None else str(revision.paywalled)
    return getattr(revision, name) or ""


def _shown(value: Any) -> str:
    text = " ".join((", ".join(value) if isinstance(value, tuple) else str(value)).split())
    return text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"


def _labels(old: tuple[RevisionBlock, ...], new: tuple[RevisionBlock, ...]) -> dict[str, int]:
    """How many blocks have another label: `old > new` -> number. Blocks are known by their text, in their order."""
    former: dict[str, list[str]] = defaultdict(list)
    for block in reversed(old):
        former[block.text].append(block.label)
    counts: Counter[str] = Counter()
    for block in new:
        labels = former.get(block.text)
        if labels and block.text:
            label = labels.pop()
            counts[f"{label} > {block.label}"] += label != block.label
    return {name: number for name, number in counts.items() if number}
