import json
from pathlib import Path

from archive import Archive
from crawler.config import load_config


def test_init_writes_a_configuration_and_an_archive(call, tmp_path: Path) -> None:
    assert call("init", "--contact", "desk@example.org").code == 0
    config = load_config(tmp_path / "morgue.toml")
    assert config.contact == "desk@example.org"
    with Archive.open(config.archive, readonly=True) as archive:
        assert archive.stats().articles == 0


def test_init_makes_the_folder_that_it_is_given(call, tmp_path: Path) -> None:
    assert call("init", "new/place", "--archive", "news.db").code == 0
    assert load_config(tmp_path / "new/place/morgue.toml").archive == tmp_path / "new/place/news.db"
    assert (tmp_path / "new/place/news.db").is_file()


def test_init_overwrites_nothing(call, tmp_path: Path) -> None:
    (tmp_path / "morgue.toml").write_text("# mine")
    assert call("init").code == 1
    assert (tmp_path / "morgue.toml").read_text() == "# mine"
    assert not (tmp_path / "morgue.db").exists()


def test_doctor_says_what_is_there(call) -> None:
    result = call("doctor")
    assert result.code == 0
    assert "python" in result.out
    checks = {check["name"]: check for check in json.loads(call("doctor", "--json").out)}
    assert {"python", "sqlite", "fts5", "packages", "archive", "disk", "chromium"} <= set(checks)
    assert all(check["advice"] for check in checks.values() if not check["ok"])


def test_doctor_fails_on_a_file_that_is_no_archive(call, tmp_path: Path) -> None:
    (tmp_path / "morgue.db").write_text("no database")
    result = call("doctor")
    assert result.code == 1
    assert "MISSING" in result.out


def test_doctor_bears_a_link_to_itself(call, tmp_path: Path) -> None:
    (tmp_path / "loop.db").symlink_to("loop.db")
    assert "archive" in call("doctor", "--archive", "loop.db").out
