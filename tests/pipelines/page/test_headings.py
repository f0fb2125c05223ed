from __future__ import annotations

import pytest

from pipelines.page.headings import is_heading, is_meta_line, is_prose

PROSE = "The harbour master closed the eastern basin on Monday after two cranes had come loose in the storm."
MORE = "Pilots were told to wait in the roads until the wind had gone down, which nobody expects before Thursday."


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("What comes next", PROSE),
        ("“An open hand”: the new line", PROSE),
        ("3 things to know", PROSE),
        ("What comes next (and what does not)", PROSE),
        ("Picture this", PROSE),
        ("What happens to the cranes?", PROSE + MORE),
        ("港が閉鎖された理由", "月曜日、嵐で二基のクレーンが外れたため、港長は東の岸壁を閉じた。"),
    ],
)
def test_a_heading_is_told_by_look_and_follower(line: str, following: str) -> None:
    assert is_heading(line, following)


@pytest.mark.parametrize(
    ("line", "following"),
    [
        ("This is a sentence.", PROSE),
        ("and so on", PROSE),
        ("What comes next", "Another line"),
        ("What comes next", ""),
        ("By Jane Doe", PROSE),
        ("By Jane Doe Published 3 months ago 4 min read", PROSE),
        ("22 August 2026", PROSE),
        ("Really?", "He nodded and left."),
        ("The list of ports:", PROSE),
        ("Photo: Jane Doe", PROSE),
        ("Cranes in the storm. (Photo agency)", PROSE),
        ("Cranes in the storm Credit: Jane Doe", PROSE),
        (" ".join(["word"] * 30), PROSE),
    ],
)
def test_other_lines_are_no_headings(line: str, following: str) -> None:
    assert not is_heading(line, following)


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Doe",
        "Von Jana Müller",
        "Published 3 months ago",
        "4 min read",
        "Aug. 22, 2026",
        "22.08.2026",
        "文：山田太郎",
        "文・田中美咲",
        "Updated",
    ],
)
def test_bylines_and_dates_are_meta_lines(line: str) -> None:
    assert is_meta_line(line)


@pytest.mark.parametrize(
    "line", [PROSE, "By the sea, everything is slower than people from the hills believe.", "The 2026 election", "By the sea"]
)
def test_other_lines_are_not(line: str) -> None:
    assert not is_meta_line(line)


def test_prose_is_long_or_a_sentence() -> None:
    assert is_prose("Be the first to share your insights about this piece.")
    assert not is_prose("There are no comments for this story")
    assert not is_prose("Thanks a lot.")
