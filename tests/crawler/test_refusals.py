from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.visit import Lease, Outcome, PageKind, Visit
from crawler.refusals import REST_FROM, Refusals, Verdict
from pipelines.verdict.walls import CONSENT, HUMAN

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOST = "tern.example"
READ, REFUSED, WALL = (Outcome.STORED, None, 200), (Outcome.BLOCKED, "status 403", 403), (Outcome.BLOCKED, HUMAN, 200)
PLEA, FAILED, GONE = (Outcome.BLOCKED, CONSENT, 200), (Outcome.FAILED, "timed out", None), (Outcome.GONE, "status 404", 404)


def visit(number: int, outcome: Outcome, reason: str | None, status: int | None, *redirects: str) -> Visit:
    url = f"https://{HOST}/{number}"
    lease = Lease(number, url, PageKind.ARTICLE, HOST, 1, 1, "link", None, None, None, None, None, None)
    return Visit(url, NOW, outcome, reason, lease, status, redirects=redirects)


def verdicts(*answers: tuple[Outcome, str | None, int | None], refusals: Refusals | None = None) -> list[Verdict]:
    """What is said of each answer in turn, where anything is."""
    known = refusals or Refusals()
    said = [known.note(HOST, visit(n, *answer), answer[0]) for n, answer in enumerate(answers)]
    return [verdict for verdict in said if verdict is not Verdict.GO_ON]


def test_three_pages_for_members_rest_nobody() -> None:
    assert verdicts(*[READ] * 5, *[REFUSED] * 3, *[READ] * 5) == [Verdict.SLOW_DOWN]


@pytest.mark.parametrize("refusal", [REFUSED, WALL, PLEA, FAILED])
def test_a_host_that_answers_every_second_page_is_never_left_alone(refusal: tuple[Outcome, str, int | None]) -> None:
    assert Verdict.REST not in verdicts(*[refusal, READ] * 200)
    assert Verdict.ASK_AGAIN not in verdicts(*[refusal, READ] * 200)


@pytest.mark.parametrize(("refusal", "needed"), [(WALL, 5), (REFUSED, 10), (PLEA, 10), (FAILED, 10)])
def test_refusals_in_a_row_slow_a_host_down_and_then_rest_it(refusal: tuple[Outcome, str, int | None], needed: int) -> None:
    assert verdicts(*[refusal] * (needed - 1)) == [Verdict.SLOW_DOWN]
    assert verdicts(*[refusal] * needed) == [Verdict.SLOW_DOWN, Verdict.REST]
    assert verdicts(*[refusal] * (needed + 50)) == [Verdict.SLOW_DOWN, Verdict.REST], "said once"


def test_before_it_rests_for_refused_pages_one_that_was_read_is_asked_for_again() -> None:
    refusals = Refusals()
    assert verdicts(READ, *[REFUSED] * 10, refusals=refusals) == [Verdict.SLOW_DOWN, Verdict.ASK_AGAIN]
    assert refusals.page_that_was_read(HOST) == f"https://{HOST}/0"


def test_tests_for_humans_rest_it_without_asking_again() -> None:
    assert verdicts(READ, *[WALL] * 6) == [Verdict.SLOW_DOWN, Verdict.REST]


def test_a_long_section_for_members_takes_few_questions() -> None:
    refusals = Refusals()
    asked = 0
    for answer in [READ, *[REFUSED] * 1000]:
        if verdicts(answer, refusals=refusals) == [Verdict.ASK_AGAIN]:
            asked += 1
            refusals.still_answers(HOST)
    assert asked == 6, "after 10, 20, 40, ... pages"


def test_pages_that_are_gone_say_nothing() -> None:
    assert verdicts(*[GONE] * 100) == []


def test_a_page_that_could_not_be_kept_is_no_matter_of_the_host() -> None:
    assert verdicts(*[(Outcome.FAILED, "cannot be kept: OverflowError", 200)] * 50) == []


@pytest.mark.parametrize("outcome", [Outcome.UNCHANGED, Outcome.OUT_OF_SCOPE, Outcome.NOT_AN_ARTICLE])
def test_articles_that_all_lead_to_one_address_are_refused(outcome: Outcome) -> None:
    refusals = Refusals()
    login = [f"https://{HOST}/login?next=/{n}" for n in range(12)]
    said = [refusals.note(HOST, visit(n, outcome, None, None, target), outcome) for n, target in enumerate(login)]
    assert said[-1] is Verdict.REST
    assert refusals.reason(HOST) == f"10 pages refused: redirects to https://{HOST}/login"


def test_articles_that_have_moved_are_no_refusals() -> None:
    refusals = Refusals()
    moved = [visit(n, *READ, f"https://www.{HOST}/{n}") for n in range(100)]
    assert {refusals.note(HOST, one, one.outcome) for one in moved} == {Verdict.GO_ON}


def test_hosts_are_judged_apart() -> None:
    refusals = Refusals()
    said = {refusals.note(f"{n}.example", visit(n, *REFUSED), Outcome.BLOCKED) for n in range(int(REST_FROM) * 3)}
    assert said == {Verdict.GO_ON}


def test_the_reason_names_what_was_answered_most_and_how_often() -> None:
    refusals = Refusals()
    verdicts(*[READ] * 3, *[REFUSED] * 2, *[WALL] * 6, refusals=refusals)
    assert refusals.reason(HOST) == f"8 pages refused: {HUMAN}"
