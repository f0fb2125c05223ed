"""The demo newspaper through some weeks that are written down day by day: what is published, edited, withdrawn, and what breaks.

All of it is a function of the time, so that a server shows each moment as it was, and the checks know what was to be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from archive.changes import ChangeKind
from crawler.demo.answers import Answer, Request
from crawler.demo.site import Block, Person, Section, Site, Story, load_site
from crawler.revisit import WAIT_OF_AGE

BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
"""Midnight before the first day."""
DAYS = 21
OLD_SHARE = 0.5
"""Share of the stories that are there on the first day; the others come one after the other."""
OLDEST = timedelta(days=6)
"""An article rests `WAIT_OF_AGE` times its age at most: of what happens to these, all can be found before the weeks are over."""
QUIET_DAYS = 4
"""Nothing is published in the last days, so that the last story has time to be found and edited."""

LEFT_OUT = frozenset({"changing", "slow", "flaky", "deleted", "moved", "live"})
"""Specials of the demo that would change pages, or refuse them, out of turn."""

BYLINES_VANISH = 10
"""Day on which a new layout drops every byline."""
WALL_DAY = 13
"""Day on which stories are answered with a test for humans."""
OUTAGE_DAY = 15
OUTAGE_HOURS = 18
"""So long from midnight on, everything is answered with 503."""

EDITOR = Person("Ragnhild Okonjo")
CORRECTION = "Correction: an earlier version of this story gave the wrong number of steps down to the pier."
ADDITION = "The harbour office said on the telephone that it would answer in writing, and that this might take until Friday."

WALL = """<!doctype html><html lang="en"><head><title>Just a moment...</title><meta name="robots" content="noindex"></head>
<body><form id="challenge-form" action="/challenge" method="post"><h1>Checking your browser</h1>
<p>Please verify that you are human to go on to this site. This takes a few seconds.</p>
<div class="captcha-box"></div><noscript>Enable JavaScript and cookies to continue</noscript></form></body></html>"""


@dataclass(frozen=True, slots=True)
class Edit:
    """A story is changed."""

    moment: datetime
    slug: str
    kind: ChangeKind
    said: bool
    """Whether the page and the sitemap say so by a date of change."""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A story's address answers with an error, perhaps for a time."""

    begins: datetime
    slug: str
    status: int
    ends: datetime | None


def _typo(story: Story, before: bool) -> Story:
    """Until it is put right, the longest word of the first paragraph that is written small has two letters exchanged."""
    return _first_paragraph(story, lambda text: _misspelt(text) if before else text)


def _added(story: Story, before: bool) -> Story:
    return story if before else _with_last(story, ADDITION)


def _removed(story: Story, before: bool) -> Story:
    return _with_last(story, ADDITION) if before else story


def _corrected(story: Story, before: bool) -> Story:
    return story if before else _with_last(story, CORRECTION)


def _retitled(story: Story, before: bool) -> Story:
    return replace(story, title=f"Once more: {story.title}") if before else story


def _resigned(story: Story, before: bool) -> Story:
    return story if before else replace(story, authors=(*story.authors, EDITOR))


APPLY: dict[ChangeKind, Callable[[Story, bool], Story]] = {
    ChangeKind.TYPO: _typo,
    ChangeKind.ADDED: _added,
    ChangeKind.REMOVED: _removed,
    ChangeKind.CORRECTION: _corrected,
    ChangeKind.HEADLINE: _retitled,
    ChangeKind.BYLINE: _resigned,
}
"""Kind of an edit -> what makes a story look as it did before it (True) or after it (False)."""


@dataclass(frozen=True)
class Weeks:
    """The newspaper through its days."""

    days: int = DAYS

    @property
    def end(self) -> datetime:
        """Midnight after the last day."""
        return BEGIN + timedelta(days=self.days)

    @cached_property
    def stories(self) -> tuple[Story, ...]:
        """Every story with the moment at which it appears, oldest first."""
        chosen = [s for s in load_site().stories if s.special.partition(":")[0] not in LEFT_OUT]
        chosen.sort(key=lambda story: story.slug)
        old = round(len(chosen) * OLD_SHARE)
        moments = [BEGIN - OLDEST + (OLDEST - timedelta(hours=5)) * n / old for n in range(old)]
        new = len(chosen) - old
        span = timedelta(days=max(1, self.days - QUIET_DAYS))
        moments += [BEGIN + timedelta(hours=3) + span * n / new for n in range(new)]
        chosen = sorted(chosen, key=lambda story: (story.slug[::-1], story.slug))  # neither layout nor language comes in a row
        return tuple(
            replace(story, published=moment.replace(second=0, microsecond=0), modified=None)
            for story, moment in zip(chosen, moments, strict=True)
        )

    @cached_property
    def edits(self) -> tuple[Edit, ...]:
        """One story in two is edited once, hours to days after it appeared; every other edit is silent."""
        found = []
        kinds = tuple(APPLY)
        for number, story in enumerate(self._editable[::2]):
            appears = max(story.published, BEGIN)
            moment = appears + timedelta(hours=(7, 20, 44, 90)[number % 4])
            kind = kinds[number % len(kinds)]
            if moment < self.end - timedelta(days=2) and self._can_be_seen(story, kind, moment):
                found.append(Edit(moment, story.slug, kind, said=number % 2 == 0))
        return tuple(found)

    def _can_be_seen(self, story: Story, kind: ChangeKind, moment: datetime) -> bool:
        """Whether the story was to be had before the edit, and still prints what it changed when it must have been looked at."""
        appears = max(story.published, BEGIN)
        wall = BEGIN + timedelta(days=WALL_DAY)
        walled = wall <= appears and moment < wall + timedelta(days=1)
        outage = BEGIN + timedelta(days=OUTAGE_DAY)
        out = outage <= appears and moment < outage + timedelta(hours=OUTAGE_HOURS)
        looked = moment + WAIT_OF_AGE * (moment - story.published)
        return not (walled or out or (kind is ChangeKind.BYLINE and looked >= self.bylines_vanish))

    @cached_property
    def withdrawals(self) -> tuple[Withdrawal, ...]:
        """Three stories that are taken away: two old ones for good, and a new one for some days.

        An old one that were away for less than it rests would not be missed.
        """
        untouched = self._editable[1::2]
        gone, away, lost = untouched[0], next(s for s in untouched if s.published >= BEGIN), untouched[1]
        leaves = away.published + timedelta(days=1)
        return (
            Withdrawal(BEGIN + timedelta(days=3, hours=9), gone.slug, 410, None),
            Withdrawal(leaves, away.slug, 404, leaves + timedelta(days=4)),
            Withdrawal(BEGIN + timedelta(days=5, hours=9), lost.slug, 404, None),
        )

    @property
    def bylines_vanish(self) -> datetime:
        """When the layout changes."""
        return BEGIN + timedelta(days=BYLINES_VANISH)

    def site(self, now: datetime) -> Site:
        """The stories as they are at a moment, newest first."""
        shown = [self._at(story, now) for story in self.stories if story.published <= now]
        known = {story.slug for story in shown}
        linked = [replace(story, related=tuple(s for s in story.related if s in known)) for story in shown]
        return Site(tuple(sorted(linked, key=lambda story: (story.published, story.slug), reverse=True)))

    def incident(self, request: Request) -> Answer | None:
        """What is answered instead of the newspaper at the moment of a request."""
        day, hour = divmod((request.now - BEGIN) / timedelta(hours=1), 24)
        if day == OUTAGE_DAY and hour < OUTAGE_HOURS:
            return Answer(503, b"<h1>Service unavailable</h1>")
        story = next((s for s in self.stories if s.path == request.path), None)
        if story is None or story.published > request.now:
            return None
        for gone in self.withdrawals:
            if gone.slug == story.slug and gone.begins <= request.now and (gone.ends is None or request.now < gone.ends):
                return Answer(gone.status, b"<h1>This story is not here</h1>")
        return Answer(200, WALL.encode()) if day == WALL_DAY else None

    @cached_property
    def _editable(self) -> Sequence[Story]:
        return [story for story in self.stories if not story.special]

    @cached_property
    def _edit_of(self) -> dict[str, Edit]:
        return {edit.slug: edit for edit in self.edits}

    def _at(self, story: Story, now: datetime) -> Story:
        edit = self._edit_of.get(story.slug)
        if edit is not None:
            before = now < edit.moment
            story = APPLY[edit.kind](story, before)
            if edit.said and not before:
                story = replace(story, modified=edit.moment)
        return replace(story, authors=()) if now >= self.bylines_vanish else story


def _first_paragraph(story: Story, change: Callable[[str], str]) -> Story:
    first, *rest = story.sections
    at = next(n for n, block in enumerate(first.blocks) if block.kind == "p")
    block = first.blocks[at]
    changed = replace(block, lines=(change(block.lines[0]), *block.lines[1:]))
    return replace(story, sections=(replace(first, blocks=(*first.blocks[:at], changed, *first.blocks[at + 1 :])), *rest))


def _misspelt(text: str) -> str:
    word = max((w for w in text.split() if w.isalpha() and w.islower()), key=len)  # a name with other letters is another name
    middle = len(word) // 2
    letters = (word[:middle], word[middle + 1], word[middle], word[middle + 2 :])
    return text.replace(word, "".join(letters), 1)


def _with_last(story: Story, text: str) -> Story:
    """The story with one more paragraph at its end."""
    *rest, last = story.sections
    return replace(story, sections=(*rest, Section(last.heading, last.level, (*last.blocks, Block("p", (text,))))))
