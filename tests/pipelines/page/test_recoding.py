"""Text that was encoded twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.page.recoding import recode_twice_encoded

TWICE = [
    ("the quayâ€™s ferry â€“ again", "the quay’s ferry – again"),
    ("the quayâ\x80\x99s ferry", "the quay’s ferry"),
    ("FÃ¤hre Ã¼ber den FluÃŸ", "Fähre über den Fluß"),
    ("Ã–lhafen bei 5Â°C", "Ölhafen bei 5°C"),
    ("goÃ»t du port", "goût du port"),
    ("ÐŸÐ°Ñ€Ð¾Ð¼ ÑÐ½Ð¾Ð²Ð° Ñ…Ð¾Ð´Ð¸Ñ‚".replace("ÑÐ½", "Ñ\x81Ð½"), "Паром снова ходит"),
    ("æ¸¡ã‚Šèˆ¹".replace("ã‚Š", "ã‚Š"), "渡り船"),
    ("â€œfar too highâ€ for “us”", "“far too high” for “us”"),
    ("ðŸš¢ sails", "🚢 sails"),
    ("both: cafÃ© and café", "both: café and café"),
]

MEANT = [
    "the quay’s ferry – again",
    "Fähre über den Fluß",
    "„Spaß“ und „Maß“",
    "Café à\xa0« la digue » à\xa0« Brest »",
    "«AMANHÃ» NA IRMÃ”",
    "ÂNCORA Â MANHÃ –",
    "ESPAÑA y la ría de Arousa",
    "50 °C, Ångström, Øresund",
    "Паром снова ходит",
    "渡り船",
]


@pytest.mark.parametrize(("text", "meant"), TWICE)
def test_text_encoded_twice_is_put_back(text: str, meant: str) -> None:
    assert recode_twice_encoded(text) == meant


@pytest.mark.parametrize("text", MEANT)
def test_text_that_is_meant_stays(text: str) -> None:
    assert recode_twice_encoded(text) == text


def encoded_twice(text: str) -> str:
    return "".join(bytes([byte]).decode("cp1252", "replace").replace("\ufffd", chr(byte)) for byte in text.encode())


@given(st.text(st.sampled_from("aeinrst aäöüßñçéèœøåабвгдежзиклмнопрстуαβγδεικλνορστ日本語読む"), min_size=1, max_size=60))
def test_letters_of_many_scripts_come_back(text: str) -> None:
    doubled = encoded_twice(f"{text} ”äöü")
    assert recode_twice_encoded(doubled) == f"{text} ”äöü"


@given(st.text(max_size=80))
def test_recoding_never_raises(text: str) -> None:
    recode_twice_encoded(text)
