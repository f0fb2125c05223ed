"""What a crawl comes to: its exit code, and the lines that tell a person of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from archive.drift import Alarm
from archive.visit import Outcome
from crawler.alarms import alarm_as_json, alarm_lines
from crawler.exit_codes import ExitCode
from crawler.health import Complaint, State
from crawler.health_watch import SourceHealth, health_as_json, health_lines
from crawler.terminal import count, human_seconds

FAILURES_SHOWN = 10
"""Failed addresses named on a terminal; `--json` and the archive have them all."""

ASKED_TO_WAIT = "asks to wait"
"""In the reason of what was put off because the server limits our rate."""

LEFT_ALONE = frozenset({State.BLOCKED, State.RESTING})
"""States of a source that refuses, or asked for fewer requests."""
NOT_WHOLE = frozenset({State.FAILING, State.SLOW})
"""States of a source of which not all came; a crawl tells of a slow one only where a host of it is left alone."""
_USABLE = (Outcome.STORED, Outcome.UNCHANGED, Outcome.LISTED, Outcome.NOT_AN_ARTICLE)
_WORDS = {
    Outcome.LISTED: "feeds, sitemaps and listings",
    Outcome.UNCHANGED: "unchanged",
    Outcome.NOT_AN_ARTICLE: "no articles",
    Outcome.GONE: "gone",
    Outcome.ROBOTS: "forbidden by robots.txt",
    Outcome.OUT_OF_SCOPE: "out of scope",
    Outcome.BLOCKED: "blocked",
    Outcome.FAILED: "failed",
    Outcome.LATER: "put off",
}


class Account(Protocol):
    """What is told of a crawl: a `crawler.crawl.CrawlReport`."""

    @property
    def run_id(self) -> int: ...  # noqa: D102
    @property
    def resumed(self) -> bool: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def outcomes(self) -> Mapping[Outcome, int]: ...  # noqa: D102
    @property
    def articles_new(self) -> int: ...  # noqa: D102
    @property
    def articles_changed(self) -> int: ...  # noqa: D102
    @property
    def seconds(self) -> float: ...  # noqa: D102
    @property
    def failed(self) -> Sequence[tuple[str, str]]: ...  # noqa: D102
    @property
    def out_of_time(self) -> bool: ...  # noqa: D102
    @property
    def alarms(self) -> Sequence[Alarm]: ...  # noqa: D102
    @property
    def complaints(self) -> Sequence[Complaint]: ...  # noqa: D102
    @property
    def unwell(self) -> Sequence[SourceHealth]: ...  # noqa: D102


def exit_code_of(account: Account, *, due: bool = False) -> ExitCode:
    """The exit code that a crawl earns: some failed pages make it partly done, nothing usable makes it failed or blocked.

    A source that is blocked or asked to be left alone makes it blocked, however many pages others brought; one that is failing
    makes it partly done.

    A page that no longer lists what it did makes a crawl partly done or, where walls or refusals are the reason, blocked: nothing
    new is never told from nothing seen by a zero alone.

    An alarm comes before these: it is told once, and may be why.

    A crawl of what is due may be one look at a page that is gone: for it, nothing usable is no failure of the whole.
    """
    if account.state == "interrupted":
        return ExitCode.INTERRUPTED
    if account.state == "failed":
        return ExitCode.FAILED
    if account.alarms:
        return ExitCode.CROSSED
    if _is_blocked(account):
        return ExitCode.BLOCKED
    if came_to_nothing(account) and not due:
        return ExitCode.FAILED if any(account.outcomes.values()) else ExitCode.WELL
    failing = any(one.health.state in NOT_WHOLE for one in account.unwell)
    return ExitCode.PARTLY if account.failed or account.complaints or failing else ExitCode.WELL


def _is_blocked(account: Account) -> bool:
    """Whether walls, refusals or a plea for fewer requests are why nothing, or not all that was asked for, could be had."""
    outcomes = account.outcomes
    kept = outcomes.get(Outcome.STORED, 0) + outcomes.get(Outcome.UNCHANGED, 0)
    refused = bool(outcomes.get(Outcome.BLOCKED))
    if came_to_nothing(account):
        limited = any(ASKED_TO_WAIT in reason for _, reason in account.failed)
        refused = refused or limited or bool(outcomes.get(Outcome.ROBOTS))
    lists_refused = bool(account.complaints) and all(complaint.refused for complaint in account.complaints)
    return (refused and not kept) or lists_refused or any(one.health.state in LEFT_ALONE for one in account.unwell)


def came_to_nothing(account: Account) -> bool:
    """Whether no fetch brought anything that could be used."""
    return not any(account.outcomes.get(outcome) for outcome in _USABLE)


def account_lines(account: Account) -> Iterable[str]:
    """The account of a crawl in a few lines."""
    pages = sum(n for outcome, n in account.outcomes.items() if outcome not in {Outcome.ROBOTS, Outcome.LATER})
    resumed = ", going on from a run that was cut off" if account.resumed else ""
    yield (
        f"{count(account.articles_new, 'new article')}, {account.articles_changed:,} changed; "
        f"{count(pages, 'address', 'addresses')} fetched in {human_seconds(account.seconds)}{resumed}."
    )
    rest = [f"{account.outcomes[outcome]:,} {word}" for outcome, word in _WORDS.items() if account.outcomes.get(outcome)]
    if rest:
        yield "Besides: " + ", ".join(rest) + "."
    if account.state == "limit":
        where = "when its time was over" if account.out_of_time else "at the limit"
        yield f"Stopped {where}; the same command goes on from here."
    for alarm in account.alarms:
        yield from alarm_lines(alarm)
    yield from health_lines(account.unwell, account.complaints)
    for url, reason in account.failed[:FAILURES_SHOWN]:
        yield f"  {url}: {reason}"
    if len(account.failed) > FAILURES_SHOWN:
        yield f"  and {len(account.failed) - FAILURES_SHOWN:,} more; --json lists them"


def account_as_json(account: Account) -> dict[str, object]:
    """The account of a crawl as one JSON object."""
    return {
        "run": account.run_id,
        "state": account.state,
        "resumed": account.resumed,
        "out_of_time": account.out_of_time,
        "articles_new": account.articles_new,
        "articles_changed": account.articles_changed,
        "outcomes": {outcome.value: account.outcomes.get(outcome, 0) for outcome in Outcome},
        "seconds": round(account.seconds, 3),
        "alarms": [alarm_as_json(alarm) for alarm in account.alarms],
        "complaints": [{"source": c.source, "reason": c.text, "refused": c.refused} for c in account.complaints],
        "unwell": [health_as_json(one) for one in account.unwell],
        "failed": [{"url": url, "reason": reason} for url, reason in account.failed],
    }
