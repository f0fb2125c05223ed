"""Pure: what changed from one reading of an article to another, each change with its class.

Blocks of the body are paired first: the same words, then words that are mostly the same. What has no partner was added or
removed; partners that no longer stand in the order of the others were moved.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from itertools import pairwise
from typing import NamedTuple

from archive.alignment import Pair, align, rising
from archive.revision import Revision, RevisionBlock
from archive.typos import is_typo
from archive.words import tokens

SIMILAR = 0.5
"""Share of words in common (Dice) from which two blocks are one that was edited. A paragraph that keeps half of its words is seen
as rewritten by a reader; unrelated paragraphs of one article share about a fifth."""
CONTAINED = 0.8
"""Share of the shorter block's words that stand in the other, from which it is the same block made longer or shorter."""
CONTAINED_WORDS = 8
"""Words of the shorter block at least for that: a short one stands in many."""
SHORT_WORDS = 8
"""Words of a block up to which pairs of its letters are compared too: a misspelling is much of a short heading."""
COMMON_WORD = 40
"""Blocks that hold a word, beyond which it does not propose partners: it would propose all."""
PROPOSED = 8
"""Partners of one block that are looked at closely at most."""


class ChangeKind(StrEnum):
    """Class of a change."""

    HEADLINE = "headline"
    DEK = "dek"
    BYLINE = "byline"
    PUBLISHED = "published"
    MODIFIED = "modified"
    FILED = "filed"
    """The section of the paper that it is filed under."""
    TAGS = "tags"
    HEADING = "heading"
    CAPTION = "caption"
    CORRECTION = "correction"
    """A note that says what was wrong: added, changed, or taken away again."""
    ADDED = "paragraph_added"
    REMOVED = "paragraph_removed"
    EDITED = "paragraph_edited"
    TYPO = "typo"
    """A paragraph with nothing but its spelling or punctuation put right; see `archive.typos`."""
    MOVED = "paragraph_moved"
    LAYOUT = "layout"
    """The same words in another form: a paragraph made a heading, a break added."""


TITLES = {
    ChangeKind.HEADLINE: "headline", ChangeKind.DEK: "dek", ChangeKind.BYLINE: "byline", ChangeKind.PUBLISHED: "date published",
    ChangeKind.MODIFIED: "date modified", ChangeKind.FILED: "filed under", ChangeKind.TAGS: "tags", ChangeKind.HEADING: "heading",
    ChangeKind.CAPTION: "caption", ChangeKind.CORRECTION: "correction note", ChangeKind.ADDED: "paragraph added",
    ChangeKind.REMOVED: "paragraph removed", ChangeKind.EDITED: "paragraph edited", ChangeKind.TYPO: "typo",
    ChangeKind.MOVED: "paragraph moved", ChangeKind.LAYOUT: "layout",
}  # fmt: skip
"""What a person calls each class."""

CORRECTION = re.compile(
    r"""\W*(?:
    corrections?(?:\s+and\s+clarifications?)?\b(?:\s+(?:appended|added|note|\d|on\s|of\s|from\s)|\s*[:.(\[–—-])
    | clarifications?\s*[:.(–—-] | corrigend(?:um|a)\b | errat(?:um|a)\b | retraction\s*[:.(–—-]
    | editor(?:['’]?s|s['’])?\s+note\s*[:.–—-]
    | (?:an?|the)\s+(?:earlier|previous|original)\s+version\s+of\s+this\s+\w+
    | this\s+(?:\w+\s+){1,2}(?:has\s+been|was|is)\s+(?:\w+\s+){0,3}?(?:corrected|amended|retracted|clarified)\b
    | (?:berichtigung|korrektur|richtigstellung|korrekturhinweis)\s*[:.(–—-] | anm(?:\.|erkung)\s+der\s+redaktion\s*[:.–—-]
    | in\s+einer\s+(?:früheren|ersten|vorherigen|älteren)\s+(?:version|fassung)\b
    | rectificati(?:f|ons?|e)\b\s*[:.(–—-] | erratum\b | note\s+de\s+la\s+rédaction\s*[:.–—-]
    | une\s+(?:version\s+(?:précédente|antérieure)|première\s+version)\s+de\s+cet?\s
    | (?:corrección|rectificación|fe\s+de\s+err(?:ores|atas)|aclaración|nota\s+de\s+la\s+redacción)\s*[:.(–—-]
    | (?:una|en\s+una)\s+versión\s+(?:anterior|previa)\s+de\s
    | (?:correzione|rettifica|errata\s+corrige|correção|errata|correctie|rättelse|rettelse|korreksjon|oikaisu|sprostowanie
        |исправление|поправка|уточнение|düzeltme)\s*[:.(–—-]
    | (?:訂正|更正|정정|바로잡습니다)\s*[:：。(（、]?
    )""",
    re.VERBOSE | re.IGNORECASE,
)
"""How notes of correction begin. A bare `Update:` is none: it tells of news."""


class Change(NamedTuple):
    """One change, with its class."""

    kind: ChangeKind
    block: str | None = None
    """Kind of the block, as in `RevisionBlock`; None for a field."""
    section: str | None = None
    """Heading of the section of the body that it stands in; None before the first heading, and for a field."""
    before: str | None = None
    """The text before; None where there was none. For `layout` the form: `paragraph`, `heading 2`, `break`."""
    after: str | None = None
    before_position: int | None = None
    """Place in the body before, from 0; None for a field, and where there was none."""
    after_position: int | None = None
    moved: bool = False
    """Whether it stands elsewhere among its neighbours now."""
    typo: bool = False
    """Whether only its spelling changed."""


class Row(NamedTuple):
    """A block of either body, or of both; `None` where it is not in that body."""

    before: int | None
    after: int | None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two bodies laid beside each other."""

    old: tuple[RevisionBlock, ...]
    new: tuple[RevisionBlock, ...]
    rows: tuple[Row, ...]
    """In the order of the new body; what was removed stands where it was. Each block of either body stands in one row."""


def body_of(revision: Revision) -> tuple[RevisionBlock, ...]:
    """The blocks that are the article's."""
    return tuple(block for block in revision.blocks if block.label == "article")


def compare(old: Revision, new: Revision) -> tuple[Change, ...]:
    """What changed from one reading to another: fields first, then the body in its order.

    The changes of the body are whole: `apply_to_body` makes the new one of the old one with them. Back from the new reading to
    the old one there are as many changes of each kind, added and removed exchanged.
    """
    return (*field_changes(old, new), *body_changes(compare_bodies(body_of(old), body_of(new))))


def compare_bodies(old: Sequence[RevisionBlock], new: Sequence[RevisionBlock]) -> Comparison:
    """Lay two bodies beside each other."""
    before, after = tuple(old), tuple(new)
    keys, new_keys = [_key(block) for block in before], [_key(block) for block in after]
    if keys > new_keys:  # the same pairs, whichever of the two is the older
        pairs = sorted((j, i) for i, j in _pairs(after, before, new_keys, keys))
    else:
        pairs = sorted(_pairs(before, after, keys, new_keys))
    in_order = _in_order(pairs, keys > new_keys)
    pairs = [(i, j) for i, j in pairs if before[i].text or (i, j) in in_order]  # a break that moved is another break
    return Comparison(before, after, tuple(_rows(pairs, in_order, len(before), len(after))))


def body_changes(comparison: Comparison) -> Iterator[Change]:
    """The changes that two bodies laid beside each other show, in the order of their rows."""
    for _, changes in changes_by_row(comparison):
        yield from changes


def changes_by_row(comparison: Comparison) -> Iterator[tuple[Row, tuple[Change, ...]]]:
    """Each row of two bodies laid beside each other with its changes: none, one, or one of the words and one of the form."""
    old, new = comparison.old, comparison.new
    headings, new_headings = _headings(old), _headings(new)
    small = cache(lambda: frozenset(word for block in (*old, *new) for word in tokens(block.text) if word.islower()))
    for row in comparison.rows:
        before = None if row.before is None else old[row.before]
        after = None if row.after is None else new[row.after]
        heading = headings[row.before or 0] if row.after is None else new_headings[row.after]
        change = partial(
            Change, section=heading, before_position=row.before, after_position=row.after, moved=row.moved,
            block=(after or before or new[0]).kind,
        )  # fmt: skip
        yield row, tuple(_of_row(before, after, change, small, row.moved))


def apply_to_body(old: Sequence[str], changes: Iterable[Change]) -> list[str]:
    """The texts of the new body: those of the old one with the changes made.

    Args:
        old: texts of the blocks; empty for a break.
        changes: of the body and of fields, as `compare` gives them.

    """
    of_body = [change for change in changes if change.block is not None]
    texts: dict[int, str] = dict(enumerate(old))
    placed: dict[int, str] = {}
    for change in of_body:
        was, now = change.before_position, change.after_position
        text = texts.get(was, "") if was is not None else ""
        if change.kind is not ChangeKind.LAYOUT and change.kind is not ChangeKind.MOVED:
            text = change.after or ""
        if was is not None and (now is None or change.moved):
            texts.pop(was, None)
        elif was is not None:
            texts[was] = text
        if now is not None and (was is None or change.moved):
            placed[now] = placed[now] if now in placed and change.kind is ChangeKind.LAYOUT else text
    rest = iter([texts[place] for place in sorted(texts)])
    return [placed[place] if place in placed else next(rest) for place in range(len(placed) + len(texts))]


def summary(changes: Iterable[Change]) -> dict[str, int]:
    """How many changes there are of each class, in the order in which they come."""
    return dict(Counter(change.kind.value for change in changes))


def field_changes(old: Revision, new: Revision) -> Iterator[Change]:
    """The changes of headline, dek, byline, dates, section of the paper and tags, in this order."""
    for kind, before, after in (
        (ChangeKind.HEADLINE, old.title, new.title), (ChangeKind.DEK, old.dek, new.dek),
        (ChangeKind.BYLINE, old.byline, new.byline),
    ):  # fmt: skip
        if before != after:
            yield Change(kind, before=before, after=after, typo=is_typo(before or "", after or ""))
    relative = old.published_basis == new.published_basis == "relative"
    published = _published(old), _published(new)
    if published[0] != published[1] and not relative:
        yield Change(ChangeKind.PUBLISHED, before=published[0], after=published[1])
    tags = ", ".join(old.tags) or None, ", ".join(new.tags) or None
    for kind, before, after in (
        (ChangeKind.MODIFIED, old.modified, new.modified), (ChangeKind.FILED, old.section, new.section), (ChangeKind.TAGS, *tags),
    ):  # fmt: skip
        if before != after:
            yield Change(kind, before=before, after=after)


def _published(revision: Revision) -> str | None:
    """The date, marked where it was counted back from the time of the fetch: then it changes with each fetch."""
    relative = revision.published_basis == "relative"
    return f"{revision.published} (counted back from the fetch)" if relative and revision.published else revision.published


def _of_row(
    before: RevisionBlock | None,
    after: RevisionBlock | None,
    change: partial[Change],
    small: Callable[[], frozenset[str]],
    moved: bool,
) -> Iterator[Change]:
    """The changes of one row: of its words or its place, and of its form."""
    if before is None or after is None:
        only = before or after
        assert only is not None
        if only.kind == "break":
            yield change(ChangeKind.LAYOUT, before=before and _form(before), after=after and _form(after))
        else:
            yield change(_kind_of_one(only, after is not None), before=before and before.text, after=after and after.text)
        return
    if before.text != after.text:
        typo = is_typo(before.text, after.text, small)
        yield change(_kind_of_edit(before, after, typo), before=before.text, after=after.text, typo=typo)
    elif moved:
        yield change(ChangeKind.MOVED, before=before.text, after=after.text)
    if _form(before) != _form(after):
        yield change(ChangeKind.LAYOUT, before=_form(before), after=_form(after))


def _kind_of_one(block: RevisionBlock, is_new: bool) -> ChangeKind:
    """Class of a block that stands in one body alone."""
    if CORRECTION.match(block.text):
        return ChangeKind.CORRECTION
    named = {"heading": ChangeKind.HEADING, "caption": ChangeKind.CAPTION}
    return named.get(block.kind) or (ChangeKind.ADDED if is_new else ChangeKind.REMOVED)


def _kind_of_edit(before: RevisionBlock, after: RevisionBlock, typo: bool) -> ChangeKind:
    if CORRECTION.match(before.text) or CORRECTION.match(after.text):
        return ChangeKind.CORRECTION
    for kind, named in (("heading", ChangeKind.HEADING), ("caption", ChangeKind.CAPTION)):
        if kind in (before.kind, after.kind):
            return named
    return ChangeKind.TYPO if typo else ChangeKind.EDITED


def _form(block: RevisionBlock) -> str:
    return f"heading {block.level}" if block.kind == "heading" else block.kind


def _key(block: RevisionBlock) -> str:
    """What makes two blocks the same: their words; a break has none, and is no empty paragraph."""
    return block.text or f"\0{block.kind}"


def _headings(blocks: Sequence[RevisionBlock]) -> list[str | None]:
    """For each block the heading that it stands under; a heading stands under itself."""
    headings: list[str | None] = []
    heading = None
    for block in blocks:
        heading = block.text if block.kind == "heading" else heading
        headings.append(heading)
    return headings


def _pairs(
    old: Sequence[RevisionBlock], new: Sequence[RevisionBlock], keys: Sequence[str], new_keys: Sequence[str]
) -> list[Pair]:
    """Which block of one body is which of the other: the same words in order, the same words elsewhere, then similar words."""
    pairs = align(keys, new_keys)
    left, new_left = _left_over(pairs, len(old), len(new))
    places: dict[str, list[int]] = defaultdict(list)
    for j in reversed(new_left):
        places[new_keys[j]].append(j)
    pairs += [(i, places[keys[i]].pop()) for i in left if old[i].text and places[keys[i]]]
    left, new_left = _left_over(pairs, len(old), len(new))
    pairs += _similar_pairs(old, new, left, new_left, _counterparts(pairs, left, len(old), len(new)))
    left, new_left = _left_over(pairs, len(old), len(new))
    return pairs + _heading_pairs(old, new, sorted(pairs), left, new_left)


def _left_over(pairs: Sequence[Pair], old: int, new: int) -> tuple[list[int], list[int]]:
    taken, new_taken = {i for i, _ in pairs}, {j for _, j in pairs}
    return [i for i in range(old) if i not in taken], [j for j in range(new) if j not in new_taken]


def _similar_pairs(
    old: Sequence[RevisionBlock],
    new: Sequence[RevisionBlock],
    left: Sequence[int],
    new_left: Sequence[int],
    counterparts: Sequence[Pair],
) -> list[Pair]:
    """Pair blocks that share most of their words, the most alike first."""
    bags = {i: _Bag.of(old[i].text) for i in left if old[i].text}
    new_bags = {j: _Bag.of(new[j].text) for j in new_left if new[j].text}
    scored = []
    of_place = ((i, j) for i, j in counterparts if i in bags and j in new_bags)
    for i, j in dict.fromkeys((*_proposals(bags, new_bags), *of_place)):
        score = _likeness(bags[i], new_bags[j]) if _class(old[i]) == _class(new[j]) else 0.0
        if score >= SIMILAR:
            scored.append((-score, abs(i - j), i, j))
    pairs: list[Pair] = []
    taken: set[int] = set()
    new_taken: set[int] = set()
    for _, _, i, j in sorted(scored):
        if i not in taken and j not in new_taken:
            pairs.append((i, j))
            taken.add(i)
            new_taken.add(j)
    return pairs


def _counterparts(pairs: Sequence[Pair], left: Sequence[int], old: int, new: int) -> list[Pair]:
    """For each block without a partner those that stand as far behind, or before, the neighbour that both bodies share."""
    edges = [(-1, -1), *rising(sorted(pairs)), (old, new)]
    found: list[Pair] = []
    for (start, new_start), (end, new_end) in pairwise(edges):
        for i in left[bisect_left(left, start) : bisect_left(left, end)]:
            places = (new_start + i - start, new_end - (end - i))
            found += [(i, j) for j in places if new_start < j < new_end]
    return found


class _Bag(NamedTuple):
    """The words of a block, counted; of a short one the pairs of its letters too."""

    words: Counter[str]
    letters: Counter[str] | None

    @classmethod
    def of(cls, text: str) -> _Bag:
        words = Counter(token.lower() for token in tokens(text) if any(c.isalnum() for c in token))
        flat = f" {text.lower()} "
        short = words.total() <= SHORT_WORDS
        return cls(words, Counter(flat[k : k + 2] for k in range(len(flat) - 1)) if short else None)

    @property
    def signs(self) -> set[str]:
        """What proposes a partner: words, and marked pairs of letters."""
        return set(self.words) | {f"\0{pair}" for pair in self.letters or ()}


def _proposals(bags: dict[int, _Bag], new_bags: dict[int, _Bag]) -> Iterator[Pair]:
    """Pairs that share words which few blocks hold, those that share most of them first."""
    holders: dict[str, list[int]] = defaultdict(list)
    for j, bag in new_bags.items():
        for sign in bag.signs:
            holders[sign].append(j)
    for i, bag in bags.items():
        shared: Counter[int] = Counter()
        for sign in bag.signs:
            if len(holders.get(sign, ())) <= COMMON_WORD:
                shared.update(holders.get(sign, ()))
        for j, _ in sorted(shared.items(), key=lambda pair: (-pair[1], abs(pair[0] - i), pair[0]))[:PROPOSED]:
            yield i, j


def _likeness(one: _Bag, other: _Bag) -> float:
    """How alike two blocks are, 0 to 1."""
    score = _dice(one.words, other.words)
    if one.letters is not None and other.letters is not None:
        score = max(score, _dice(one.letters, other.letters))
    smaller = min(one.words.total(), other.words.total())
    if smaller >= CONTAINED_WORDS:
        contained = (one.words & other.words).total() / smaller
        score = max(score, SIMILAR if contained >= CONTAINED else 0.0)
    return score


def _dice(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0


def _class(block: RevisionBlock) -> str:
    """Kinds within which an edit is looked for."""
    return block.kind if block.kind in {"heading", "caption", "code"} else "text"


def _heading_pairs(
    old: Sequence[RevisionBlock],
    new: Sequence[RevisionBlock],
    pairs: Sequence[Pair],
    left: Sequence[int],
    new_left: Sequence[int],
) -> list[Pair]:
    """Headings (and captions) with nothing in common that stand at the same place: directly after, or before, the same block."""
    after = {(i + 1, j + 1) for i, j in pairs} | {(0, 0)}
    before = {(i - 1, j - 1) for i, j in pairs} | {(len(old) - 1, len(new) - 1)}
    free = set(new_left)
    found: list[Pair] = []
    by_old = dict(sorted(after | before))
    for i in left:
        j = by_old.get(i)
        if j in free and old[i].kind in {"heading", "caption"} and old[i].kind == new[j].kind:
            found.append((i, j))
            free.discard(j)
    return found


def _in_order(pairs: Sequence[Pair], turned: bool) -> set[Pair]:
    """The pairs that were not moved: the most that stand in one order."""
    if not turned:
        return set(rising(pairs))
    return {(i, j) for j, i in rising(sorted((j, i) for i, j in pairs))}


def _rows(pairs: Sequence[Pair], in_order: set[Pair], old: int, new: int) -> Iterator[Row]:
    """All blocks of both bodies; after each block that kept its place what was removed behind it, then what was added."""
    partners = {j: i for i, j in pairs}
    ends = iter([*sorted(i for i, _ in in_order), old])
    removed = deque(sorted(set(range(old)) - set(partners.values())))
    for j in range(-1, new):  # from before the first
        i = partners.get(j)
        stays = (i, j) in in_order
        if j >= 0:
            yield Row(i, j, i is not None and not stays)
        if stays or j < 0:
            end = next(ends)
            while removed and removed[0] < end:
                yield Row(removed.popleft(), None)
