"""Pure: when a host that refuses page after page is asked more slowly, and when it is left alone for the rest of a run.

Each refusal adds to a host's score, and each page that it does answer halves it. So a few pages for members, or every second page
of a site, never add up, and a host that turns us away soon does.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from archive.visit import Outcome, PageKind, Visit
from crawler.outcomes import TOO_LARGE
from pipelines.verdict.walls import HUMAN, TOO_MANY

REFUSED = 1.0
"""What a refusal or a failure adds: it may be that page's own."""
MEANT_FOR_US = 2.0
"""What a test for humans or a plea for fewer requests adds: whoever says that means all that we ask for."""
ANSWER_LEAVES = 0.5
"""Of the score, after a page that answered. With tests for humans and answers in turn it never gets beyond four."""
SLOW_FROM = 3.0
"""Score from which on a host is asked more slowly; that does no harm where it was three pages for members."""
REST_FROM = 10.0
"""Score from which on a host is left alone: five tests for humans or ten other refusals in a row. After ten refusals and nothing
else `crawler.health` calls a source blocked, too."""
PATIENCE_GROWS = 2.0
"""By which `REST_FROM` is multiplied where a host still answers other pages: a section for members may be long."""
SAME_TARGET = 3
"""Articles in a row that are redirected to one address, from which on each is a refusal: a log-in, or a plea for consent."""

_ANSWERED = frozenset({Outcome.STORED, Outcome.UNCHANGED, Outcome.LISTED, Outcome.NOT_AN_ARTICLE})
_ABOUT_US = frozenset({HUMAN, TOO_MANY, "status 429"})


class Verdict(StrEnum):
    """What follows from an answer."""

    GO_ON = "go on"
    SLOW_DOWN = "slow down"
    ASK_AGAIN = "ask again"
    """Ask once more for an article that was read; if it does not come now, rest."""
    REST = "rest"


@dataclass(slots=True)
class _Host:
    score: float = 0.0
    patience: float = REST_FROM
    slowed: bool = False
    over: bool = False
    """Whether it rests, or is being asked again: nothing more is said of it."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Of the refusals since the score was nothing."""
    read: str | None = None
    """Address of the last article that was read."""
    target: str = ""
    """Where the last redirected article was led to."""
    led_there: int = 0


class Refusals:
    """What the hosts of a run answered lately."""

    def __init__(self) -> None:
        self._hosts: dict[str, _Host] = {}

    def note(self, host: str, visit: Visit, outcome: Outcome) -> Verdict:
        """Take in what became of a request, and say what to do now; each thing is said once a run.

        Args:
            host: host and port.
            visit: of an address that somebody promised; guesses are to be left out.
            outcome: what the archive made of it.
        """
        known = self._hosts.setdefault(host, _Host())
        refusal = _refusal(known, visit, outcome)
        if refusal is None:
            _note_answer(known, visit, outcome)
            return Verdict.GO_ON
        weight = MEANT_FOR_US if refusal in _ABOUT_US else REFUSED
        known.score += weight
        known.reasons[refusal] += 1
        if known.score >= known.patience and not known.over:
            known.over = True
            page_alone = weight < MEANT_FOR_US and not _came(visit) and known.read is not None
            return Verdict.ASK_AGAIN if page_alone else Verdict.REST
        if known.score >= SLOW_FROM and not known.slowed:
            known.slowed = True
            return Verdict.SLOW_DOWN
        return Verdict.GO_ON

    def page_that_was_read(self, host: str) -> str | None:
        """Address of the last article that a host answered; None: none in this run."""
        return self._hosts[host].read

    def still_answers(self, host: str) -> None:
        """Note that a host answers other pages: what it refused was their own."""
        known = self._hosts[host]
        known.score, known.over = 0.0, False
        known.patience *= PATIENCE_GROWS
        known.reasons.clear()

    def reason(self, host: str) -> str:
        """What a host answered, in a few words: `5 pages refused in a row: asks whether a human reads it`."""
        reasons = self._hosts[host].reasons
        return f"{reasons.total():,} pages refused: {reasons.most_common(1)[0][0]}"


def _refusal(known: _Host, visit: Visit, outcome: Outcome) -> str | None:
    """What was said in place of the page; None where that was no refusal."""
    if outcome is Outcome.BLOCKED or (outcome is Outcome.FAILED and not _came(visit) and visit.reason != TOO_LARGE):
        return visit.reason or outcome.value
    if visit.redirects and visit.lease is not None and visit.lease.kind is PageKind.ARTICLE and outcome is not Outcome.GONE:
        target = visit.redirects[-1].partition("?")[0]
        known.led_there = known.led_there + 1 if target == known.target else 1
        known.target = target
        return f"redirects to {target}" if known.led_there >= SAME_TARGET else None
    return None


def _came(visit: Visit) -> bool:
    """Whether there was a page, whatever it said."""
    return visit.status is not None and 200 <= visit.status < 300


def _note_answer(known: _Host, visit: Visit, outcome: Outcome) -> None:
    if outcome not in _ANSWERED or visit.redirects:
        return
    known.score *= ANSWER_LEAVES
    if known.score < REFUSED:
        known.reasons.clear()
    if outcome in {Outcome.STORED, Outcome.UNCHANGED} and visit.lease is not None and visit.lease.kind is PageKind.ARTICLE:
        known.read = visit.lease.url


__all__ = ["Refusals", "Verdict"]
