import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.terminal import columns_of, count, cut, human_seconds, human_size, plain, table, wrap


def test_columns_line_up_and_numbers_stand_right() -> None:
    lines = table([("ferry", 7), ("harbour wall", 1204)], ("word", "times"), width=80).splitlines()
    assert lines == ["word          times", "ferry             7", "harbour wall  1,204"]


def test_a_wide_character_takes_two_columns() -> None:
    lines = table([("日本", "x"), ("abcd", "y")], ("a", "b"), width=80).splitlines()
    assert lines[1:] == ["日本  x", "abcd  y"]


def test_the_widest_column_gives_way_to_the_terminal() -> None:
    lines = table([("x" * 200, "short")], ("long", "word"), width=60).splitlines()
    assert all(columns_of(line) <= 60 for line in lines)
    assert lines[1].endswith("…  short")


def test_a_page_cannot_steer_the_terminal() -> None:
    assert plain("red \x1b[31malert\x07\x9b") == "red [31malert"
    assert "\x1b" not in table([("\x1b]0;owned\x07",)], ("title",))
    assert "\x1b" not in wrap("\x1b[2Jgone")


@given(st.text(), st.integers(min_value=2, max_value=60))
def test_a_cut_line_fits(text: str, width: int) -> None:
    assert columns_of(cut(text, width)) <= width


@given(st.lists(st.text(alphabet="abc äß日", min_size=1, max_size=30)))
def test_wrapping_loses_no_word(words: list[str]) -> None:
    text = " ".join(words)
    assert wrap(text, width=40).split() == text.split()


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 bytes"), (999, "999 bytes"), (1400, "1.4 kB"), (250_000_000, "250 MB"), (3.2e12, "3.2 TB")]
)
def test_sizes_read_well(size: float, text: str) -> None:
    assert human_size(size) == text


@pytest.mark.parametrize(("seconds", "text"), [(0.84, "0.8 s"), (41.3, "41 s"), (200, "3 min 20 s"), (7500, "2 h 5 min")])
def test_durations_read_well(seconds: float, text: str) -> None:
    assert human_seconds(seconds) == text


def test_numbers_agree_with_their_nouns() -> None:
    assert [count(0, "page"), count(1, "page"), count(1204, "page")] == ["0 pages", "1 page", "1,204 pages"]
