"""How sure the reading of a body is: the chance that its words agree with the article's to an F1 of 0.9 or more."""

from __future__ import annotations

import math
from collections.abc import Sequence

from pipelines.fields import Label, LabelledBlock

INTERCEPT, SLOPE = -3.0, 1.7
"""From the log-odds of the expected F1 to those of a good reading. Fitted to wcxb and fundus, checked out of fold by registrable
domain: of the readings that it gives .9 to .93, .97 are good; of those at .8 to .85, .83; of those at .5 to .7, .55."""
BOUNDS = (0.01, 0.999)

_ARTICLE, _FURNITURE = Label.ARTICLE, Label.FURNITURE
"""By their own names: on Python 3.11 to look a member up in its enumeration takes ten times as long."""


def body_confidence(labelled: Sequence[LabelledBlock]) -> float:
    """Return the chance 0 to 1 that the body is read well; 0 where nothing is kept."""
    inside = found = 0.0
    whole = 0
    for item in labelled:
        size = len(item.block.text)
        if item.label is _ARTICLE:
            whole += size
            found += size * item.confidence
        elif item.label is not _FURNITURE:
            inside += size * (1 - item.confidence)
    if not whole:
        return 0.0
    expected = min(max(2 * found / (inside + found + whole), BOUNDS[0]), BOUNDS[1])
    return 1 / (1 + math.exp(-INTERCEPT - SLOPE * math.log(expected / (1 - expected))))
