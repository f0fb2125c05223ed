"""The language room."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.declared import read_declared
from pipelines.language import read_language
from pipelines.page import read_page

TEXTS = {
    "en": "The ferry will sail twice a day from Monday, the harbour office said, and it is the first time that "
    "the line has been open since March.",
    "de": "Die Fähre fährt ab Montag wieder zweimal am Tag, sagte das Hafenamt, und es ist das erste Mal, dass "
    "die Linie seit März nicht ruht.",
    "fr": "Le ferry part de nouveau deux fois par jour, a dit le bureau du port, et c'est la première fois que "
    "la ligne est ouverte dans le mois.",
    "es": "El ferry sale de nuevo dos veces al día, dijo la oficina del puerto, y es la primera vez que la "
    "línea está abierta en el mes.",
    "ja": "月曜日からフェリーは一日二回運航されると港湾事務所が発表した。三月以来初めての再開となる。",
    "ru": "Паром снова ходит два раза в день, сообщила администрация порта, и это первый раз с марта, когда линия открыта.",
    "el": "Το πλοίο φεύγει πάλι δύο φορές την ημέρα, είπε το γραφείο του λιμανιού, και είναι η πρώτη φορά από τον Μάρτιο.",
}


def language(text: str, attribute: str = "", head: str = "") -> str | None:
    page = read_page(f'<html lang="{attribute}"><head>{head}</head><body><p>{text}</p></body></html>', format="html")
    return read_language(page, read_declared(page), text).value


@pytest.mark.parametrize("lang", TEXTS)
def test_declared_language_is_kept_where_the_text_agrees(lang: str) -> None:
    assert language(TEXTS[lang], f"{lang}-XX") == lang


@pytest.mark.parametrize("lang", TEXTS)
def test_language_is_detected_where_nothing_is_declared(lang: str) -> None:
    assert language(TEXTS[lang]) == lang


@pytest.mark.parametrize("lang", [lang for lang in TEXTS if lang != "en"])
def test_english_of_the_template_does_not_hide_the_language_of_the_text(lang: str) -> None:
    assert language(TEXTS[lang] * 2, "en-US", '<meta property="og:locale" content="en_US">') == lang


@pytest.mark.parametrize("lang", ["en", "de"])
def test_plain_prose_needs_no_statistical_identifier(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)
    assert language(TEXTS[lang] * 3) == lang


def test_codes_and_names_are_brought_to_two_letters() -> None:
    assert [language(TEXTS["de"], code) for code in ("deu", "German", "de_AT", "DE")] == ["de"] * 4


def test_language_without_a_word_list_is_believed_if_the_identifier_agrees() -> None:
    assert (
        language(
            "Laev väljub esmaspäevast jälle kaks korda päevas, ütles sadamaamet, ja see on esimene kord pärast märtsi.", "et"
        )
        == "et"
    )


def test_short_text_without_declaration_has_none() -> None:
    assert language("Ferry") is None


def test_short_text_keeps_what_is_declared() -> None:
    assert language("Ferry", "nl") == "nl"


@given(st.text(max_size=200), st.text(max_size=8))
def test_reading_the_language_never_raises(text: str, attribute: str) -> None:
    page = read_page(f'<html lang="{attribute}"><p>x</p></html>', format="html")
    read_language(page, read_declared(page), text)
