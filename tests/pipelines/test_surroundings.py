"""Lead words of bylines."""

from __future__ import annotations

import pytest

from pipelines.surroundings import byline_lead, is_byline, is_date_line, is_reading_time

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


@pytest.mark.parametrize(
    "line",
    [
        "3.5.26", "3/5/26", "3 days ago", "3 giorni fa", "3 dias atrás", "3 dagen geleden", "3 dagar sedan", "3 dager siden",
        "3 hari temu", "3 дня назад", "3 gün önce", "vor drei Tagen", "il y a trois jours", "hace tres días", "há três dias",
        "för tre dagar", "3 日前", "3 時間前", "Published today", "POSTED on Monday", "Updated", "Veröffentlicht am Montag",
        "Aktualisiert", "Publié lundi", "Mis à jour lundi", "Publicado ayer", "Actualizado ayer", "Pubblicato ieri",
        "Aggiornato ieri", "Gepubliceerd gisteren", "Publicerad i går", "Monday, 5 October 2026", "1999-12-31",
    ],
)  # fmt: skip
def test_lines_that_say_when_are_told_in_many_languages(line: str) -> None:
    assert is_date_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "4 min read", "4-MINUTE READING TIME", "4 Minuten Lesezeit", "Lesedauer: 4", "4 min de lecture", "Temps de lecture 4",
        "4 minutos de lectura", "Tiempo de lectura 4", "4 minuti di lettura", "Tempo di lettura 4", "4 min de leitura",
        "Tempo de leitura 4", "4 min leestijd", "4 min läsning", "Lästid 4", "4 min lesetid", "4 minutter læsetid",
        "読了時間 4分", "阅读时间 4",
    ],
)  # fmt: skip
def test_lines_that_say_how_long_reading_takes_are_told_in_many_languages(line: str) -> None:
    assert is_reading_time(line)


@pytest.mark.parametrize(
    "line", ["Chapter 4 of 12", "Nineteen lives", "A plan for 2026 and what the harbour makes of it", "Read on"]
)
def test_other_short_lines_are_neither_date_nor_reading_time(line: str) -> None:
    assert not is_date_line(line)
    assert not is_reading_time(line)
