from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from crawler import installing
from crawler.installing import cron_line, systemd_unit


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "morgue.toml"
    path.write_text('archive = "papers.db"\n[[sources]]\nname = "tern"\nurl = "https://tern.example/"\n')
    return path


def test_the_unit_names_absolute_paths_of_program_configuration_and_archive(call, config: Path) -> None:
    result = call("schedule", "--systemd")
    assert result.code == 0
    (line,) = [line for line in result.out.splitlines() if line.startswith("ExecStart=")]
    program, *words = shlex.split(line.removeprefix("ExecStart="))
    assert Path(program).is_file()
    assert words[-5:] == ["--config", str(config), "--archive", str(config.parent / "papers.db"), "run"]
    assert "Restart=on-failure" in result.out
    assert "TimeoutStopSec=" in result.out


@pytest.mark.parametrize("name", ["archive.db", "two words.db", "100 % $HOME.db", "quote\"d 'x'.db"])
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_takes_the_unit(tmp_path: Path, name: str) -> None:
    config = tmp_path / name / "morgue.toml"
    config.parent.mkdir()
    unit = tmp_path / "morgue.service"
    unit.write_text(systemd_unit(config, config.with_name(name)))
    result = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False, timeout=60
    )
    assert [line for line in result.stderr.splitlines() if "morgue.service" in line] == []


def test_the_line_for_crontab_does_what_is_due_once(call, config: Path) -> None:
    result = call("schedule", "--cron")
    assert result.code == 0
    (line,) = [line for line in result.out.splitlines() if not line.startswith("#")]
    assert line.startswith("*/15 * * * * ")
    assert shlex.split(line.removeprefix("*/15 * * * * "))[-2:] == ["run", "--once"]


def test_a_percent_sign_does_not_end_the_line_of_crontab() -> None:
    line = cron_line(Path("/data/100 %/morgue.toml"), Path("/data/100 %/morgue.db"))
    assert "'/data/100 \\%/morgue.toml'" in line


def test_a_path_with_a_line_break_is_refused() -> None:
    with pytest.raises(ValueError, match="another folder"):
        systemd_unit(Path("/data/a\nExecStart=/bin/rm/morgue.toml"), Path("/data/morgue.db"))


def test_it_must_be_said_which_and_for_what(call) -> None:
    assert call("schedule").code == 2
    result = call("schedule", "--cron")
    assert result.code == 2
    assert "morgue init" in result.err


def test_the_program_is_the_one_that_runs(config: Path) -> None:
    assert str(Path(sys.executable).parent) in systemd_unit(config, config)


def test_a_unit_has_a_tmp_of_its_own_only_where_none_of_its_paths_lies_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing, "_program", lambda: ["/opt/morgue/bin/morgue"])
    unit = systemd_unit(Path("/srv/papers/morgue.toml"), Path("/srv/papers/morgue.db"))
    assert "PrivateTmp=yes\n\n[Install]" in unit
    assert "PrivateTmp" not in systemd_unit(Path("/srv/papers/morgue.toml"), Path("/tmp/morgue.db"))


def test_what_the_manager_of_a_user_does_not_know_is_a_comment() -> None:
    unit = systemd_unit(Path("/srv/morgue.toml"), Path("/srv/morgue.db"))
    assert all(line.startswith("#") for line in unit.splitlines() if "network-online" in line)
