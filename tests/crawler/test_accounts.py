from dataclasses import dataclass, field

import pytest

from archive.drift import Alarm
from archive.visit import Outcome
from crawler.accounts import account_as_json, account_lines, exit_code_of
from crawler.exit_codes import ExitCode
from crawler.health import Complaint, Health, State
from crawler.health_watch import SourceHealth


@dataclass
class Report:
    outcomes: dict[Outcome, int] = field(default_factory=dict)
    state: str = "finished"
    failed: list[tuple[str, str]] = field(default_factory=list)
    run_id: int = 1
    resumed: bool = False
    articles_new: int = 0
    articles_changed: int = 0
    seconds: float = 1.0
    out_of_time: bool = False
    alarms: tuple[Alarm, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    unwell: tuple[SourceHealth, ...] = ()


LOST = [("https://a.example/x", "timed out")]
EMPTY = Complaint("tern", "its front page lists no articles any more; it did on 2026-05-12", refused=False)
WALLED = Complaint("gull", "its front page is refused (status 403); it listed articles on 2026-05-12", refused=True)


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (Report({Outcome.STORED: 3, Outcome.LISTED: 1}), ExitCode.WELL),
        (Report({Outcome.STORED: 3, Outcome.GONE: 1}), ExitCode.WELL),
        (Report({Outcome.STORED: 3, Outcome.ROBOTS: 1}), ExitCode.WELL),
        (Report({Outcome.UNCHANGED: 3}), ExitCode.WELL),
        (Report({}), ExitCode.WELL),
        (Report({Outcome.STORED: 3}, state="limit"), ExitCode.WELL),
        (Report({Outcome.STORED: 3, Outcome.FAILED: 1}, failed=LOST), ExitCode.PARTLY),
        (Report({Outcome.STORED: 3, Outcome.BLOCKED: 1}, failed=LOST), ExitCode.PARTLY),
        (Report({Outcome.BLOCKED: 1}, failed=LOST), ExitCode.BLOCKED),
        (Report({Outcome.LISTED: 2, Outcome.BLOCKED: 9}, failed=LOST), ExitCode.BLOCKED),
        (Report({Outcome.ROBOTS: 1}), ExitCode.BLOCKED),
        (Report({Outcome.FAILED: 1}, failed=LOST), ExitCode.FAILED),
        (Report({Outcome.GONE: 1}), ExitCode.FAILED),
        (Report({Outcome.LATER: 1}, failed=LOST), ExitCode.FAILED),
        (
            Report({Outcome.LATER: 1}, failed=[("https://a.example/", "the server asks to wait 900 s (status 429)")]),
            ExitCode.BLOCKED,
        ),
        (Report({Outcome.STORED: 3}, state="failed"), ExitCode.FAILED),
        (Report({Outcome.STORED: 3, Outcome.FAILED: 1}, state="interrupted", failed=LOST), ExitCode.INTERRUPTED),
    ],
)
def test_a_crawl_earns_its_exit_code(report: Report, code: ExitCode) -> None:
    assert exit_code_of(report) is code


def test_the_account_says_what_was_kept_and_what_was_lost() -> None:
    outcomes = {Outcome.STORED: 4, Outcome.LISTED: 2, Outcome.ROBOTS: 1, Outcome.FAILED: 1}
    report = Report(outcomes, resumed=True, articles_new=3, articles_changed=1, failed=LOST)
    text = "\n".join(account_lines(report))
    assert "3 new articles, 1 changed; 7 addresses fetched" in text
    assert "going on" in text
    assert "1 forbidden by robots.txt" in text
    assert "https://a.example/x: timed out" in text


def test_many_failures_are_not_all_printed() -> None:
    lines = list(account_lines(Report(failed=LOST * 30)))
    assert sum("timed out" in line for line in lines) == 10
    assert "20 more" in lines[-1]


def test_json_counts_every_outcome_and_names_every_failure() -> None:
    value = account_as_json(Report({Outcome.FAILED: 1}, failed=LOST * 30))
    assert value["outcomes"] == {outcome.value: int(outcome is Outcome.FAILED) for outcome in Outcome}
    assert len(value["failed"]) == 30


def test_a_crawl_that_had_its_time_says_so() -> None:
    report = Report({Outcome.STORED: 1}, state="limit", out_of_time=True)
    assert "when its time was over" in "\n".join(account_lines(report))
    assert account_as_json(report)["out_of_time"] is True


@pytest.mark.parametrize(
    ("report", "code"),
    [
        (Report({Outcome.GONE: 1}), ExitCode.WELL),
        (Report({Outcome.FAILED: 1}, failed=LOST), ExitCode.PARTLY),
        (Report({Outcome.BLOCKED: 1}, failed=LOST), ExitCode.BLOCKED),
    ],
)
def test_a_crawl_of_what_is_due_may_be_one_page_that_is_gone(report: Report, code: ExitCode) -> None:
    assert exit_code_of(report, due=True) is code


@pytest.mark.parametrize(
    ("complaints", "code"),
    [((EMPTY,), ExitCode.PARTLY), ((WALLED,), ExitCode.BLOCKED), ((EMPTY, WALLED), ExitCode.PARTLY)],
)
def test_a_page_that_lists_nothing_any_more_is_no_zero_in_silence(complaints: tuple[Complaint, ...], code: ExitCode) -> None:
    report = Report({Outcome.LISTED: 1, Outcome.UNCHANGED: 2}, complaints=complaints)
    assert exit_code_of(report) == exit_code_of(report, due=True) == code
    assert f"{complaints[0].source}: {complaints[0].text}." in list(account_lines(report))


def test_a_front_page_that_is_gone_is_told_of_a_crawl_of_what_is_due() -> None:
    assert exit_code_of(Report({Outcome.GONE: 1}, complaints=(EMPTY,)), due=True) is ExitCode.PARTLY


def test_a_source_that_is_unwell_is_named_once_with_its_reason() -> None:
    blocked = SourceHealth("gull", Health(State.BLOCKED, None, "status 403"))
    silent = SourceHealth("tern", Health(State.SILENT, None, EMPTY.text))
    lines = list(account_lines(Report({Outcome.LISTED: 1}, complaints=(EMPTY,), unwell=(blocked, silent))))
    assert lines[2:] == [f"tern: {EMPTY.text}.", "gull is blocked: status 403."]


@pytest.mark.parametrize(
    ("outcomes", "state", "due", "code"),
    [
        ({Outcome.STORED: 9}, State.BLOCKED, False, ExitCode.BLOCKED),
        ({Outcome.STORED: 9, Outcome.LATER: 1}, State.RESTING, False, ExitCode.BLOCKED),
        ({Outcome.STORED: 9, Outcome.LATER: 1}, State.RESTING, True, ExitCode.BLOCKED),
        ({Outcome.LATER: 1}, State.FAILING, True, ExitCode.PARTLY),
        ({Outcome.LATER: 1}, State.FAILING, False, ExitCode.FAILED),
        ({Outcome.UNCHANGED: 9, Outcome.LATER: 1}, State.FAILING, True, ExitCode.PARTLY),
        ({Outcome.UNCHANGED: 9}, State.SILENT, True, ExitCode.WELL),
    ],
)
def test_a_source_that_cannot_be_had_is_no_good_end(
    outcomes: dict[Outcome, int], state: State, due: bool, code: ExitCode
) -> None:
    report = Report(outcomes, unwell=(SourceHealth("tern", Health(state, None, "robots.txt cannot be read")),))
    assert exit_code_of(report, due=due) is code
