import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from crawler.commands import COMMANDS, morgue
from crawler.exit_codes import MEANING, ExitCode

ROOT = Path(__file__).parents[3]
HEAVY = ("scrapy", "twisted", "lxml", "parsel", "sqlite_utils", "dateparser", "feedparser", "tldextract", "archive.archive")


def python(code: str, *arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}, timeout=60, check=False, **more)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = f"import sys; from crawler.commands import main; code = main(); print([m for m in {HEAVY} if m in sys.modules], code)"
    done = python(code, *arguments)
    assert done.stdout.splitlines()[-1] == "[] 0", done.stderr


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_their_help_says(name: str) -> None:
    command = morgue.get_command(click.Context(morgue), name)
    assert command is not None
    assert command.name == name
    assert (command.help or "").split("\n\n")[0].replace("\n", " ").strip() == COMMANDS[name]


def test_each_module_of_the_folder_is_a_listed_command() -> None:
    modules = {path.stem for path in (ROOT / "crawler/commands").glob("*.py")} - {"__init__", "options", "pinning"}
    assert modules == set(COMMANDS)


def test_each_exit_code_has_a_meaning() -> None:
    assert set(MEANING) == set(ExitCode)
    assert [int(code) for code in ExitCode] == [0, 1, 2, 3, 4, 5, 6, 130]


def test_a_wrong_command_line_is_exit_code_2(call) -> None:
    wrong = (
        "nope",
        "search",
        "show 1 --format pdf",
        "search x --since soon",
        "crawl",
        "--wrong",
        "extract",
        "add https://a.example --url y",
    )
    for arguments in wrong:
        result = call(*arguments.split())
        assert (result.code, result.out) == (2, ""), arguments
        assert "Error:" in result.err


def test_a_wrong_configuration_is_exit_code_2_with_line_and_key(call, tmp_path: Path) -> None:
    (tmp_path / "morgue.toml").write_text('archive = "a.db"\nspeed = 9\n')
    result = call("stats")
    assert result.code == 2
    assert "line 2: speed" in result.err


def test_flags_come_before_variables_before_the_file_before_the_default(
    call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "morgue.db" in call("stats").err
    (tmp_path / "morgue.toml").write_text('archive = "from-file.db"\n')
    assert "from-file.db" in call("stats").err
    monkeypatch.setenv("MORGUE_ARCHIVE", "from-variable.db")
    assert "from-variable.db" in call("stats").err
    assert "from-flag.db" in call("--archive", "from-flag.db", "stats").err
    assert "later-flag.db" in call("--archive", "from-flag.db", "stats", "--archive", "later-flag.db").err


def test_an_option_may_come_from_a_variable(call, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MORGUE_EXPORT_LIMIT", "1")
    assert len(call("export", "jsonl").out.splitlines()) == 1


def test_a_relative_archive_of_a_named_configuration_lies_beside_it(call, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/other.toml").write_text('archive = "a.db"\n')
    assert str(Path("sub/a.db")) in call("stats", "--config", "sub/other.toml").err


def test_debug_shows_where_an_error_comes_from(call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "morgue.db").write_text("no database")
    assert "Traceback" not in call("stats").err
    assert "Traceback" in call("--debug", "stats").err
    assert "Traceback" in call("stats", "--debug").err
    monkeypatch.setenv("MORGUE_DEBUG", "1")
    assert "Traceback" in call("stats").err


def test_an_error_of_another_kind_is_named_and_exit_code_1(call, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("crawler.config.load_config", broken)
    result = call("stats")
    assert result.code == 1
    assert result.err == "Error: ZeroDivisionError: by nothing\n--debug shows where it comes from.\n"


def test_ctrl_c_is_exit_code_130(call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crawler.config.load_config", interrupted)
    assert call("stats").code == 130


def test_a_reader_that_goes_away_is_no_error(archive: Path) -> None:
    code = "from crawler.commands import main; import sys; sys.exit(main())"
    command = [sys.executable, "-c", code, "export", "csv", "--archive", str(archive)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"PYTHONPATH": str(ROOT)}) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 0


def test_the_module_runs_as_the_command_does() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "--version"], capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}, check=False
    )
    assert (done.returncode, done.stdout.split()[0]) == (0, "morgue")


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:port/",
        "http://a..b/",
        "http://[::1",
        "ftp://a.example/",
        "mailto:x@y.example",
    ],
)
@pytest.mark.parametrize("command", ["crawl", "discover"])
def test_what_can_be_no_address_is_exit_code_2(call, command: str, address: str) -> None:
    result = call(command, address)
    assert (result.code, result.out) == (2, "")
    assert "address" in result.err


def test_an_address_with_a_password_is_refused(call, tmp_path: Path) -> None:
    assert call("crawl", "https://me:secret@courier.example/").code == 2
    assert not (tmp_path / "morgue.db").exists()


@pytest.mark.parametrize("delay", ["-1", "nan", "inf", "soon"])
def test_what_is_no_pause_is_exit_code_2(call, delay: str) -> None:
    assert call("crawl", "https://courier.example/", "--delay", delay).code == 2


@pytest.mark.parametrize("contact", ["nobody", 'a"b@courier.example', "a\nX: y@courier.example", "☃@courier.example"])
@pytest.mark.parametrize("command", [("crawl", "https://courier.example/"), ("init",)])
def test_a_contact_that_no_header_can_carry_is_exit_code_2(call, tmp_path: Path, command: tuple[str, ...], contact: str) -> None:
    assert call(*command, "--contact", contact).code == 2
    assert list(tmp_path.iterdir()) == []


def test_damage_in_the_archive_is_answered_with_advice(call, archive: Path) -> None:
    sound = archive.read_bytes()
    archive.write_bytes(sound[:4096] + b"\xff" * (len(sound) - 4096))
    result = call("stats")
    assert result.code == 6
    assert "verify" in result.err or "restore" in result.err
    assert "DatabaseError" not in result.err


def test_a_folder_for_an_archive_is_answered_with_advice(call, tmp_path: Path) -> None:
    (tmp_path / "folder.db").mkdir()
    result = call("crawl", "https://courier.example/", "--archive", "folder.db")
    assert result.code == 1
    assert "is a folder: name the archive in it" in result.err


def test_a_closed_stdout_is_an_error_and_no_crash(archive: Path) -> None:
    code = "import sys; sys.stdout = None; from crawler.terminal import bold; print(bold('x'), file=sys.stderr)"
    done = python(code)
    assert (done.returncode, done.stderr) == (0, "x\n")


@pytest.mark.parametrize("clock", ["garbage", "2026-12-01"])
def test_a_rehearsal_at_no_moment_is_told_what_to_write(clock: str, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "crawler", "stats", "--archive", str(tmp_path / "a.db")],
        capture_output=True, text=True, check=False, timeout=300, env={**os.environ, "MORGUE_CLOCK": clock},
    )  # fmt: skip
    assert (result.returncode, result.stdout) == (2, "")
    assert "MORGUE_CLOCK must be a moment with an offset, as 2026-08-22T10:05:00Z" in result.stderr


def test_a_crawl_of_the_service_prints_no_usage(tmp_path: Path) -> None:
    (tmp_path / "morgue.toml").write_text('[[sources]]\nname = "tern"\nurl = "tern.example"\nsince = "2099-01-01"\n')
    command = [sys.executable, "-m", "crawler", "--config", str(tmp_path / "morgue.toml"), "crawl", "--due", "--end-with-stdin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stderr is not None
        said = process.stderr.read()
    assert process.returncode == 2
    assert "yet to come" in said
    assert "Usage" not in said
