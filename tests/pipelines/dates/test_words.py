"""The table of words."""

from __future__ import annotations

import pytest

from pipelines.dates.months import fold, month_number
from pipelines.dates.words import AGO, DAYS_BACK, MONTHS


@pytest.mark.parametrize("lang", sorted(MONTHS))
def test_every_name_is_that_of_its_month(lang: str) -> None:
    entries = MONTHS[lang].split(",")
    assert len(entries) == 12
    for number, entry in enumerate(entries, 1):
        assert [month_number(name, lang) for name in entry.split("|")] == [number] * len(entry.split("|"))


def test_words_are_folded() -> None:
    words = [name for entries in MONTHS.values() for entry in entries.split(",") for name in entry.split("|")]
    words += [phrase for units in AGO.values() for phrases in units.values() for phrase in phrases.split("|")]
    words += [item[2:] for items in DAYS_BACK.values() for item in items.split("|")]
    assert [word for word in words if fold(word) != word] == []


def test_eighty_languages_have_their_months_and_their_relative_dates() -> None:
    assert len(MONTHS) >= 80
    assert len(AGO) >= 80


def test_names_of_other_languages_are_read_where_they_mean_one_month() -> None:
    assert month_number("août", "en") == 8
    assert month_number("listopad") is None
    assert month_number("ii") is None
