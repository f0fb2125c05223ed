"""Lines that name who made or sold a picture are its caption."""

from __future__ import annotations

import pytest

from pipelines.page.captions import is_caption

CAPTIONS = [
    "Photo: Jane Doe",
    "(Bild: Erika Muster)",
    "Image credit: Harbour Trust",
    "写真：山田太郎",
    "Фото: Иван Петров",
    "The gate at low water. Photo: Jane Doe/Quay Press",
    "Die Schleuse bei NiedrigwasserBild: Erika Muster/REUTERS",
    "The gate at low water (Photo by Jane Doe)",
    "The keeper beside her gate in May. [Photograph: Jane Doe]",
    "The gate at low water (Getty Images)",
    "Two cranes in the eastern basin, seen from the pier © Shutterstock",
    "The gate at low water. Jane Doe/AP",
    "The gate at low water (Jane Doe / AFP)",
    "The gate at low water, via Reuters",
]
OTHERS = [
    "",
    "The bigger picture: what comes next",
    "The keeper wrote the hour into her book, as her father had done.",
    "The harbour stays closed, the police said. (dpa)",
    "The photo shows two cranes that had come loose.",
    "Credits:",
    "Pilots waited in the roads (more on this below).",
    "She sells her pictures by the dozen at Getty Images.",
    "His photo: it hangs in the town hall now.",
]


@pytest.mark.parametrize("text", CAPTIONS)
def test_a_line_that_names_the_maker_of_a_picture_is_a_caption(text: str) -> None:
    assert is_caption(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_lines_are_none(text: str) -> None:
    assert not is_caption(text)


def test_a_long_text_is_no_caption() -> None:
    assert not is_caption("The keeper wrote the hour into her book. " * 12 + "Photo: Jane Doe")
