"""`docs/integrity.md` tells what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import archive.integrity
from archive.connection import RESTORE

PAGE = (Path(archive.integrity.__file__).parents[1] / "docs" / "integrity.md").read_text(encoding="utf-8")
SOURCE = Path(archive.integrity.__file__).read_text(encoding="utf-8")


def test_each_kind_of_damage_has_a_row() -> None:
    kinds = {*re.findall(r'Problem\(\s*"([a-z ]+)"', SOURCE), *(kind for kind, _, _ in archive.integrity.COUNTS)}
    assert set(re.findall(r"^\| `([a-z ]+)` \|", PAGE, re.MULTILINE)) == kinds


def test_the_advice_that_is_shown_is_the_one_that_is_given() -> None:
    words = " ".join(PAGE.split())
    assert all(advice in words for advice in (RESTORE, archive.integrity.MEND, archive.integrity.READ_AGAIN))
