"""Text that was encoded twice: UTF-8 whose bytes somebody took for Windows-1252 and encoded again.

`donâ€™t` is `don’t`, `TÃ¼r` is `Tür`. Only sequences that no written language has are put back; what may be meant stays.
"""

from __future__ import annotations

import re

__all__ = ["recode_twice_encoded"]

FEWEST_SEQUENCES = 3
"""Sequences from which a text that consists of nothing else beyond ASCII was encoded twice, whatever its letters are."""

_HIGH = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"
"""What Windows-1252 has where Latin-1 has control characters; five bytes it leaves undefined stay those."""
_BYTES = {char: char.encode("cp1252") for char in _HIGH} | {chr(code): bytes([code]) for code in range(0x80, 0x100)}

_ANY = f"\x80-\xbf{_HIGH}"
_CERTAIN = re.compile(
    "Ã[\x80-\x9f\xa1-\xba\xbc-\xbf‚ƒ„†‡ˆ‰Š‹ŒŽ•˜™š›œžŸ]|Ã[–€…»](?=\\w)|Â[\x80-\xbf€]|â[€\x80][\x80-\xbf" + _HIGH + "]"
    f"|â[‚\x82][¬\xac]|â[„\x84][¢\xa2]|ð[Ÿ\x9f][{_ANY}][{_ANY}]|ï»¿|ï¿½"
)
"""Sequences that are no text in any language as they stand."""
_SEQUENCE = re.compile(f"[Â-ß][{_ANY}]|[à-ï][{_ANY}]{{2}}|[ð-ô][{_ANY}]{{3}}")
_LOST_BYTE = re.compile("â[€\x80](?=[\\s.,;:!?)\\]]|\\Z)")
"""A closing quote whose last byte, which Windows-1252 leaves undefined, was dropped on the way."""
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def recode_twice_encoded(text: str) -> str:
    """Put back what was encoded twice; the same text where nothing was."""
    if text.isascii():
        return text
    if _CERTAIN.search(text) or _is_all_sequences(text):
        text = _SEQUENCE.sub(_decoded, text)
    return _LOST_BYTE.sub("”", text) if "â" in text else text


def _is_all_sequences(text: str) -> bool:
    """Whether whatever stands beyond ASCII reads as UTF-8, often enough for it to be no accident."""
    found = 0
    for run in _BEYOND_ASCII.finditer(text):
        decoded = _decoded_whole(run[0])
        if decoded is None:
            return False
        found += len(decoded)
    return found >= FEWEST_SEQUENCES


def _decoded(match: re.Match[str]) -> str:
    """Decode one sequence; as it stands where its bytes are no UTF-8."""
    decoded = _decoded_whole(match[0])
    return match[0] if decoded is None else decoded


def _decoded_whole(run: str) -> str | None:
    """Decode a run beyond ASCII; None where it is no UTF-8 taken for Windows-1252."""
    try:
        return b"".join(_BYTES[char] for char in run).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None
