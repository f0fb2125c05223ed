"""A source is appended to morgue.toml, and nothing else of it changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.config import SourceConfig, load_config
from crawler.config_template import template
from crawler.errors import ConfigError
from crawler.source_file import add_source, name_for, with_source

COURIER = {"name": "courier", "url": "https://courier.example/"}
LINES = st.text(st.characters(exclude_categories=["Cs", "C", "Z"], include_characters=" "), min_size=1, max_size=20)
NAMES = LINES.filter(lambda text: text.strip() and not text.strip().startswith("-") and "://" not in text)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "morgue.toml"


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"delay = 2",
        b"# a comment at the end",
        b"delay = 2\r\nlimit = 5\r\n",
        template().encode(),
        '[[sources]]\nname = "post"\nurl = "post.example" # ünlängst\n\n\n'.encode(),
    ],
)
def test_what_stood_there_stays_to_the_byte(path: Path, before: bytes) -> None:
    path.write_bytes(before)
    known = load_config(path).sources
    assert add_source(path, COURIER, "Added.") == SourceConfig("courier", "https://courier.example/")
    after = path.read_bytes()
    assert after.startswith(before)
    assert after.count(b"\r\n") in {0, after.count(b"\n")}
    assert load_config(path).sources == (*known, SourceConfig("courier", "https://courier.example/"))


def test_a_link_to_the_file_stays_one(path: Path, tmp_path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text("delay = 2\n", encoding="utf-8")
    path.symlink_to(real)
    add_source(path, COURIER, "Added.")
    assert path.is_symlink()
    assert load_config(real).source("courier") is not None


@pytest.mark.parametrize(
    ("text", "wishes", "message"),
    [
        ("", {"every": "soon"}, r"sources\.every: must be a length of time.*nothing was written"),
        ("", {"allow": ["("]}, r"sources\.allow.*nothing was written"),
        ('[[sources]]\nname = "courier"\nurl = "a.example"\n', {}, "two sources are called"),
        ('sources = [{name = "post", url = "post.example"}]\n', {}, "by hand"),
        ("delay = = 2\n", {}, "line 1: is no TOML"),
    ],
)
def test_nothing_is_written_that_could_not_be_read(path: Path, text: str, wishes: dict[str, object], message: str) -> None:
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        add_source(path, {**COURIER, **wishes}, "Added.")  # type: ignore[dict-item]
    assert path.read_text(encoding="utf-8") == text


@given(name=NAMES, patterns=st.lists(LINES.map(re.escape), max_size=3))
def test_any_name_and_pattern_is_read_back_as_it_was_given(name: str, patterns: list[str]) -> None:
    wishes = {"name": name, "url": "https://a.example/", **({"deny": patterns} if patterns else {})}
    added, source = with_source(Path("morgue.toml"), "delay = 2", wishes, "Added.")
    assert (source.name, source.deny) == (name.strip(), tuple(patterns))
    assert added.startswith("\n")


@pytest.mark.parametrize(
    ("url", "taken", "name"),
    [
        ("https://www.courier.example/", [], "courier"),
        ("https://news.courier.co.uk/", [], "courier"),
        ("https://www.courier.example/world/", ["courier"], "courier-example-world"),
        ("https://courier.example/", ["courier", "courier-example"], "courier-2"),
    ],
)
def test_a_source_without_a_name_is_called_after_its_site(url: str, taken: list[str], name: str) -> None:
    assert name_for(url, taken) == name
