"""The byline as it stands on the page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.byline.scene import Scene
from pipelines.byline.sighting import Authors, Sighting
from pipelines.evidence import Candidate, Field
from pipelines.page.page import Block
from pipelines.surroundings import LONGEST_CREDIT_LINE, byline_lead

PRINTED = 0.85
"""Share of lines near the title that name all authors and are their byline, on wcxb and fundus."""

MOST_AROUND = 80
"""Characters of a byline beside its names, before and behind them."""

_SENTENCE_ENDS = frozenset(".!?…")
_PLACE = re.compile(r"\bblock (\d+)")


def read_printed_byline(scene: Scene, chosen: Candidate[Authors], agreeing: Sequence[Sighting]) -> Field[str]:
    """The line that prints the chosen authors, from its lead word to the last name; else the names as declared."""
    names = [author.name for author in chosen.value]
    for block in (*_blocks_of(scene, agreeing), *scene.near):
        line = _byline_in(block.text, names) if len(block.text) <= LONGEST_CREDIT_LINE else ""
        if line:
            return Field(Candidate(line, "text", f"block {block.index}", block.text, PRINTED))
    return Field(Candidate(", ".join(names), chosen.source, chosen.place, chosen.raw, chosen.confidence))


def _blocks_of(scene: Scene, agreeing: Sequence[Sighting]) -> list[Block]:
    """The blocks that the choice, and what agrees with it, were read from: lines with a lead word first."""
    places = (_PLACE.search(sighting.place) for sighting in agreeing)
    blocks = [scene.page.blocks[int(place[1])] for place in places if place and int(place[1]) < len(scene.page.blocks)]
    return sorted(blocks, key=lambda block: not byline_lead(block.text))


def _byline_in(text: str, names: list[str]) -> str:
    """The part of a line from the lead word before the first name to the end of the last; empty where it is no byline."""
    places = [(at, at + len(name)) for name in names if (at := text.find(name)) >= 0]
    if not places:
        return ""
    first, end = min(places)[0], max(end for _, end in places)
    start = _lead_before(text, first)
    told = start > 0 or first == 0 or byline_lead(text) > 0
    if max(first - start, len(text) - end) > MOST_AROUND or not (told or text[-1] not in _SENTENCE_ENDS):
        return ""
    return text[start:end].strip(" ·|,")


def _lead_before(text: str, name: int) -> int:
    """Where the lead word stands that leads to the name at an offset (`12 May 2026, 9:00 By Name`); 0 where none does."""
    for word in re.finditer(r"\S+", text[:name]):
        if word.start() + byline_lead(text[word.start() :]) == name:
            return word.start()
    return 0
