"""Pins, alarms and what settles them, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from archive import Archive
from archive.drift import Alarm
from crawler.commands import Invocation
from crawler.commands.pinning import alarms, pin, pins, settle
from crawler.commands.stats import command as stats
from crawler.exit_codes import ExitCode
from tests.crawler.commands.conftest import FERRY, NOW


def run(command: object, archive: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, [*arguments, "--archive", str(archive)], obj=Invocation(), standalone_mode=False)  # type: ignore[arg-type]


def test_a_pin_that_was_corrected_comes_out_otherwise_and_gives_exit_code_5(archive: Path) -> None:
    assert "Pinned" in run(pin, archive, FERRY, "--set", "title=The ferry").output
    done = run(pins, archive)
    assert done.return_value == ExitCode.CROSSED
    assert "'The ferry'" in done.output
    assert json.loads(run(pins, archive, "--json").output)["pins"] == 1
    assert "Forgotten" in run(pin, archive, FERRY, "--remove").output
    assert run(pins, archive).return_value == ExitCode.WELL


def test_an_alarm_is_listed_until_it_is_settled(archive: Path) -> None:
    with Archive.open(archive) as opened:
        run_id = opened.begin_run("crawl", [opened.add_source("https://courier.example/", "courier").id], NOW).id
        opened.drift.change_alarms(run_id, [Alarm("courier.example", "dek", NOW, run_id, run_id, 1, 20, 0, 20, 1e-9)], [], NOW)
    assert f"ALARM courier.example (raised {NOW:%Y-%m-%d}, run {run_id}): " in run(alarms, archive).output
    told = "1 alarm of courier.example: pages read otherwise than before; see `morgue sources alarms`."
    assert told in run(stats, archive).output
    assert json.loads(run(stats, archive, "--json").output)["alarms"] == {"courier.example": 1}
    assert "courier.example" in str(run(settle, archive, "corier").exception)
    assert "1 alarm settled" in run(settle, archive, "courier").output
    assert "alarm" not in run(stats, archive).output
    assert "No alarms" in run(alarms, archive).output
    assert f"(accepted) courier.example (raised {NOW:%Y-%m-%d}" in run(alarms, archive, "--all").output
    assert "and none of any other source" in str(run(settle, archive, "nosuch").exception)
    assert json.loads(run(alarms, archive, "--all", "--json").output)[0]["settled_by"] == "accepted"
