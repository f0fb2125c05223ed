"""What a date is called."""

from __future__ import annotations

import pytest

from pipelines.dates.digits import han_number, plain_digits
from pipelines.dates.labels import label_in

LABELS = [
    ("Published", "published"),
    ("Last updated on", "modified"),
    ("Veröffentlicht am", "published"),
    ("Letzte Änderung:", "modified"),
    ("Stand:", "modified"),
    ("Mis à jour le", "modified"),
    ("Publicado el", "published"),
    ("Opublikowano", "published"),
    ("Обновлено", "modified"),
    ("Опубликовано", "published"),
    ("نُشر في".replace("ُ", ""), "published"),
    ("آخر تحديث", "modified"),
    ("प्रकाशित", "published"),
    ("更新日", "modified"),
    ("公開日", "published"),
    ("เผยแพร่", "published"),
    ("Cập nhật", "modified"),
    ("First published 3 May, updated", "modified"),
    ("The Republic of", ""),
    ("on the grandstand", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "expected"), LABELS)
def test_last_label_of_a_text_names_the_date(text: str, expected: str) -> None:
    assert label_in(text) == expected


@pytest.mark.parametrize("text", ["٢٢", "۲۲", "२२", "২২", "๒๒", "２２"])
def test_digits_of_every_script_are_plain(text: str) -> None:
    assert plain_digits(f"{text}!") == "22!"


@pytest.mark.parametrize(
    ("text", "expected"), [("二〇二六", 2026), ("二十二", 22), ("十", 10), ("八", 8), ("八月", None), ("", None)]
)
def test_chinese_numerals(text: str, expected: int | None) -> None:
    assert han_number(text) == expected
