"""How sure a date of publication is: by what agrees with it, what disagrees, and where it stands alone.

Measured on wcxb, htmldate, traf and fundus, tables made on one half of the sites and checked on the other; shares of right days.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipelines.evidence import Candidate
from pipelines.fields import ArticleDate, Precision

AGREED = 0.98
"""Declared and printed, declared and in the address, or printed and in the address, and nothing else said: .98 on 400 and .99 on
350 pages."""

AGREED_AGAINST_OTHERS = 0.93
"""The same where another day stands there too: .93 on 27 and 35 pages."""

ALONE = {
    "front-matter": 0.97, "json-ld": 0.84, "open-graph": 0.91, "meta": 0.9, "microdata": 0.9, "url": 0.93, "text": 0.94,
    "markup": 0.89,
}  # fmt: skip
"""By the only source that gives a day; pages that print no date have often been declared anew."""

DISPUTED = 0.45
"""A declared day where another is printed, declared or in the address: .47 and .42, the other mostly that of a change."""

DISPUTED_PRINT = 0.87
"""A day that is printed with the title beside another one: 1.0 on 20 and .67 on 9 pages."""

UNPLACED, OPEN_ORDER, VAGUE, IMPRECISE = 0.85, 0.86, 0.6, 0.75
"""A day far from the title; one whose day and month may be exchanged; a declared one without a meaning; a month or a year."""

_KINDS = {"text": "printed", "markup": "printed", "url": "address"}


def confidence_of(chosen: Candidate[ArticleDate], others: Iterable[Candidate[ArticleDate]]) -> float:
    """Share 0 to 1 of right days among dates that stand so, from the candidates that count."""
    day, kind = chosen.value.text[:10], _KINDS.get(chosen.source, "declared")
    if chosen.value.precision in {Precision.MONTH, Precision.YEAR}:
        return IMPRECISE
    found = [(_KINDS.get(other.source, "declared"), other.value.text[:10]) for other in others if len(other.value.text) >= 10]
    is_denied = any(given != day for _, given in found)
    if any(other != kind and given == day for other, given in found):
        return AGREED_AGAINST_OTHERS if is_denied else AGREED
    if is_denied:
        return DISPUTED if kind == "declared" else DISPUTED_PRINT
    return ALONE.get(chosen.source, VAGUE)
