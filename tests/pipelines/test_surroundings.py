"""Lead words of bylines."""

from __future__ import annotations

import pytest

from pipelines.surroundings import byline_lead, is_byline

LEADS = [
    "By", "Written by", "Words by", "Written and photographed by", "This post was written by", "Von", "Vom", "Text und Fotos:",
    "Geschrieben von", "Autor:", "Autorin/Autor", "Autor:innen", "Redaktion:", "Par", "Écrit par", "Texte :", "Autrice :", "Por",
    "Escrito por", "Escribe", "Texto y fotos:", "Di", "Scritto da", "Testo e foto:", "Door", "Geschreven door", "Av",
    "Skrevet av", "Skriven av", "Af", "Skrevet af", "Kirjoittanut", "Teksti:", "Przez", "Napisała", "Napsal", "Píše", "Piše",
    "Scris de", "Írta", "Szerző:", "Yazar:", "Yazan:", "Penulis:", "Oleh:", "Tác giả:", "Автор:", "Текст:", "Підготувала:",
    "Συντάκτης:", "Γράφει ο", "بقلم", "الكاتب:", "نویسنده:", "מאת", "लेखक:", "โดย", "文／", "记者", "本报记者", "撰文：",
    "取材・文", "執筆：", "글", "작성자:",
]  # fmt: skip


@pytest.mark.parametrize("lead", LEADS)
def test_lead_words_of_many_languages_are_told_from_the_name(lead: str) -> None:
    assert byline_lead(f"{lead} Ann Lee") == len(lead) + 1
    assert is_byline(f"{lead} Ann Lee")


@pytest.mark.parametrize(
    "line", ["Byron Lee", "Parisa Lee", "DiAnn Lee", "Oleh Lee", "Yazan Lee", "Vonda Lee", "Texas Lee", "Reporter Lee"]
)
def test_names_that_begin_like_a_lead_word_are_whole(line: str) -> None:
    assert byline_lead(line) == 0
