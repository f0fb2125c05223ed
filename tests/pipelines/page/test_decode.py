from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.page.decode import decode

GERMAN = "Die größte Überraschung: Die Schiffe können täglich früher auslaufen, während ältere Kähne warten müssen. "
JAPANESE = "月曜日、嵐で二基のクレーンが外れたため、港長は東の岸壁を閉じた。水先人は風が弱まるまで沖で待つように言われた。"
RUSSIAN = "Начальник порта закрыл восточный бассейн в понедельник после того, как шторм сорвал два крана. "


def meta(charset: str) -> bytes:
    return f'<meta charset="{charset}">'.encode()


def header(charset: str) -> tuple[tuple[str, str], ...]:
    return (("Content-Type", f"text/html; charset={charset}"),)


CASES: dict[str, tuple[bytes, tuple[tuple[str, str], ...], str]] = {
    "UTF-8 undeclared": (GERMAN.encode(), (), GERMAN),
    "UTF-8 declared as Latin-1": (GERMAN.encode(), header("iso-8859-1"), GERMAN),
    "UTF-8 with a mark": (codecs.BOM_UTF8 + GERMAN.encode(), header("iso-8859-1"), GERMAN),
    "UTF-16 with a mark": (codecs.BOM_UTF16_LE + GERMAN.encode("utf-16-le"), (), GERMAN),
    "UTF-16 without a mark": (GERMAN.encode("utf-16-be"), (), GERMAN),
    "declared by the header": (GERMAN.encode("cp1252"), header("windows-1252"), GERMAN),
    "header before declaration": (RUSSIAN.encode("koi8-r") + meta("utf-8"), header("koi8-r"), RUSSIAN + '<meta charset="utf-8">'),
    "declared in the document": (meta("shift_jis") + JAPANESE.encode("shift_jis"), (), '<meta charset="shift_jis">' + JAPANESE),
    "letters hidden in ASCII": (JAPANESE.encode("iso-2022-jp"), header("iso-2022-jp"), JAPANESE),
    "undeclared Shift_JIS": (JAPANESE.encode("shift_jis") * 5, (), JAPANESE * 5),
    "undeclared windows-1251": (RUSSIAN.encode("cp1251") * 5, (), RUSSIAN * 5),
    "declared as UTF-8 but not": (RUSSIAN.encode("cp1251") * 5, header("utf-8"), RUSSIAN * 5),
    "an unknown charset": (GERMAN.encode(), header("x-unknown"), GERMAN),
    "a few bad bytes": (GERMAN.encode() * 20 + b"\xff", header("utf-8"), GERMAN * 20 + "\ufffd"),
    "encoded twice": (GERMAN.encode().decode("latin-1").encode(), (), GERMAN.encode().decode("latin-1")),
    "ASCII": (b"abc", (), "abc"),
    "nothing": (b"", (), ""),
}


@pytest.mark.parametrize(("body", "headers", "text"), CASES.values(), ids=CASES.keys())
def test_text(body: bytes, headers: tuple[tuple[str, str], ...], text: str) -> None:
    assert decode(body, headers) == text


def test_nul_is_in_no_text() -> None:
    assert decode(b"a\0b") == "ab"
    assert decode(b"\xe9\0", (("Content-Type", "text/plain; charset=iso-8859-1"),)) == "é"


def test_few_letters_valid_in_both_follow_the_declaration() -> None:
    body = meta("shift_jis") + "ﾃｩ".encode("shift_jis")
    assert body.decode("utf-8").endswith("é")
    assert decode(body).endswith("ﾃｩ")


@given(st.binary(max_size=400), st.sampled_from(["", "utf-8", "utf-16", "gbk", "utf-7", "hz", "rot13", "idna", "\x00", "é"]))
def test_no_bytes_raise(body: bytes, charset: str) -> None:
    assert isinstance(decode(body, header(charset)), str)
