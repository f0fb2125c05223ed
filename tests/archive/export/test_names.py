from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.export.names import Name, split_name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Ada Lind", Name("Lind", "Ada")),
        ("Mai Ó Súilleabháin", Name("Ó Súilleabháin", "Mai")),
        ("Jo van der Berg", Name("Berg", "Jo", "van der")),
        ("Jo De Vries", Name("De Vries", "Jo")),
        ("Anna Maria Bianchi", Name("Bianchi", "Anna Maria")),
        ("José Ortega y Gasset", Name("Ortega y Gasset", "José")),
        ("Martin L. King Jr.", Name("King", "Martin L.", suffix="Jr.")),
        ("Martin King, Jr.", Name("King", "Martin", suffix="Jr.")),
        ("Lind, Ada", Name("Lind", "Ada")),
        ("von Trapp", Name("Trapp", "", "von")),
        ("bell hooks", Name("hooks", "bell")),
        ("김 민수", Name("김", "민수")),
        ("村上春樹", None),
        ("Madonna", None),
        ("Lind, Ada, Berg, Jo", None),
        (",", None),
        ("", None),
    ],
)
def test_names_fall_into_their_parts(name: str, parts: Name | None) -> None:
    assert split_name(name) == parts


def test_hungarian_puts_the_family_first() -> None:
    assert split_name("Kovács Anna", "hu") == Name("Kovács", "Anna")
    assert split_name("Kovács Anna", "en") == Name("Anna", "Kovács")


@given(st.text())
def test_no_name_loses_a_word(name: str) -> None:
    parts = split_name(name)
    if parts is not None:
        assert sorted(" ".join(parts).split()) == sorted(name.replace(",", " ").split())
        assert parts.family
