"""Digits of all scripts as those of ASCII, character by character, so that places in the text stay the same."""

from __future__ import annotations

_ZEROS = (
    "٠۰߀०০੦૦୦௦౦೦൦෦๐໐༠၀႐០᠐᥆᧐᱀᱐꘠꣐꤀꧐꩐꯰０"
)  # fmt: skip
"""The zero of each decimal script in the basic plane."""

_TO_ASCII = {ord(zero) + value: str(value) for zero in _ZEROS for value in range(10)}
DIGITS = "0-9" + "".join(f"{zero}-{chr(ord(zero) + 9)}" for zero in _ZEROS)
"""The digits of all scripts as they stand in a character class."""

_HAN = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {"零": "0"}


def plain_digits(text: str) -> str:
    """The text with digits of every script written 0 to 9; as long as before."""
    return text if text.isascii() else text.translate(_TO_ASCII)


def han_number(text: str) -> int | None:
    """The number that Chinese numerals write, digit by digit or with 十 up to 99: 二〇二六, 二十二; None for other text."""
    if "十" in text:
        tens, _, ones = text.partition("十")
        return int(_HAN.get(tens, "1" if not tens else "")) * 10 + int(_HAN.get(ones, "0")) if len(text) < 4 else None
    digits = "".join(_HAN.get(char, "") for char in text)
    return int(digits) if len(digits) == len(text) and digits else None
