"""The dek: the standfirst printed under the title; and the summary that a page gives to machines.

A dek is visible. Order of trust: a block that stands between title and byline or body and is marked as one (class or id such as
`dek`, `subtitle`, `standfirst`); one that equals the declared description and is no paragraph of the body; a first paragraph
that is bold as a whole; a short paragraph or second heading between the title and a line with byline, date or reading time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from pipelines.declared import Declared
from pipelines.evidence import Candidate, Field
from pipelines.page.page import Block, Kind, Page
from pipelines.surroundings import Surroundings, is_byline, is_credit_line, word_set, words_of

__all__ = ["read_dek", "read_description"]

SHORTEST_DEK = 20
"""Characters; shorter lines under a title are kickers, counts and labels."""

LONGEST_DEK = 600

SHORTEST_UNMARKED = 45
"""Characters from which an unmarked line between title and byline is a dek; a kicker is shorter. A heading there has no section
to open, so its length does not matter."""

SHORTEST_BOLD_LEAD = 60

CREDIT_REACH = 3
"""Blocks between an unmarked dek and the line with byline, date or reading time, at most."""

BLOCKS_SEARCHED = 8
"""Blocks behind the title in which the dek is looked for."""

BLOCKS_COMPARED = 40
"""Blocks behind the title in which a long paragraph shows that the first one is of the body: a recipe begins with its lists. The
declared description is looked for so far too: players, counters and pictures may stand above it."""

SAME_TEXT = 0.8
"""Share of words in common from which a block prints the declared description."""

FEWEST_WORDS_OF_CUT = 8
"""Words from which a description that begins the dek is the dek cut off, though no ellipsis says so."""

LONG_PARAGRAPH = 80
"""Characters from which a paragraph is one of the body."""

DEK_TOKENS = word_set(
    "dek deck subtitle subtitulo subheadline subhead subheading standfirst strapline tagline summary lead lede lede-text "
    "intro teaser chapo chapeau sottotitolo occhiello bajada entradilla copete vorspann unterzeile anriss ingress manchet "
    "excerpt description kicker-text sapo subheader"
)

NO_DEK_TOKENS = word_set(
    "disclosure disclaimer affiliate sponsor sponsored advertisement cta tooltip image photo picture img caption bio biography"
)
"""Words of class and id that name what stands in the place of a dek, whatever else is said of it."""

AUTHOR_TOKENS = word_set("author authors avatar byline vcard")

AUTHOR_DEPTH = 4
"""Elements from an author's name up to the box around it, at most."""

_NOTICE = re.compile(
    r"\b(?:affiliate|(?:earn|receive|get)\b.{0,30}\bcommission|brought to you by|sponsored by|paid partnership"
    r"|in partnership with|affiliate[- ]?links?|provision(?:en)? (?:erhalten|bekommen)|werbe-?links?|liens? d.affiliation"
    r"|enlaces? de afiliad)",
    re.I,
)
"""What pages say of their own earnings between title and text."""
_INTRODUCES = re.compile(r"\s+(?:is|was|has|ist|war|est|es|è|é|writes|works|covers|schreibt|arbeitet|écrit|escribe)\b")
"""How a line goes on that begins with a name and tells who that is."""

CONFIDENCE = {"front-matter": 0.97, "marked": 0.93, "described": 0.9, "bold": 0.85, "between": 0.85}
"""Share of right deks by what shows them to be one, on the summaries of fundus; few are bold or unmarked there."""


def read_dek(page: Page, declared: Declared, title: str | None, title_block: int | None) -> Field[str]:
    """The standfirst as printed; None where the page prints none.

    Args:
        page: the page.
        declared: what it says of itself.
        title: the title as read; a block that repeats it is no dek.
        title_block: index of the block that prints it; without it no dek is looked for in the page.
    """
    front = [candidate for candidate in declared.dek if candidate.source == "front-matter"]
    printed = _read_printed(page, declared, title, title_block) if title_block is not None else []
    order = [*front, *printed]
    if not order:
        return Field(None, tuple(declared.dek))
    return Field(order[0], tuple(order[1:]))


def read_description(declared: Declared, dek: str | None) -> Field[str]:
    """The summary for machines, as JSON-LD, open graph and meta declare it; None where it says no more than the dek."""
    more = [candidate for candidate in declared.description if not _repeats(candidate.value, dek or "")]
    repeating = [candidate for candidate in declared.description if candidate not in more]
    return Field(more[0] if more else None, (*more[1:], *repeating))


def _repeats(description: str, dek: str) -> bool:
    """Whether a description is the dek, whole or cut off."""
    one, two = words_of(description), words_of(dek)
    if not two or not one:
        return False
    is_cut = description.rstrip().endswith(("…", "...")) or len(one) >= FEWEST_WORDS_OF_CUT
    return one == two or (is_cut and two[: len(one) - 1] == one[:-1])


class _Line(NamedTuple):
    """A block behind the title, and whether it is a line with byline, date, reading time or agency."""

    block: Block
    is_credit: bool


class _Spot(NamedTuple):
    """A block behind the title with what stands around it."""

    line: _Line
    before: list[_Line]
    after: list[_Line]
    first_prose: Block | None
    """The next long paragraph."""
    credit_in: int | None
    """Blocks from here to the line with byline, date or reading time; None where that stands before or nowhere."""

    @property
    def block(self) -> Block:
        """The block itself."""
        return self.line.block

    @property
    def is_between(self) -> bool:
        """Whether it stands between the title and a credit line, with no text of the article before it."""
        return self.credit_in is not None and not any(len(line.block.text) > LONGEST_DEK for line in self.before)

    @property
    def is_behind_credit(self) -> bool:
        """Whether a date or the like stands before it already; then only a byline right behind it tells it from the body."""
        return any(line.is_credit for line in self.before)

    @property
    def lines_before(self) -> int:
        """Lines between the title and here that are neither byline, date, reading time nor caption nor headline again."""
        return sum(not line.is_credit and line.block.kind not in {Kind.CAPTION, Kind.HEADING} for line in self.before)


def _read_printed(page: Page, declared: Declared, title: str | None, title_block: int) -> list[Candidate[str]]:
    around = Surroundings(page, title_block)
    following = page.blocks[title_block + 1 : title_block + 1 + BLOCKS_COMPARED]
    shown = [block for block in following[:BLOCKS_SEARCHED] if _is_shown(block, around)]
    lines = [_Line(block, is_credit_line(block.text)) for block in shown]
    far = [block for block in following[BLOCKS_SEARCHED:] if _is_prose(block) and _is_shown(block, around)]
    told = {frozenset(words_of(candidate.value)) for candidate in (*declared.dek, *declared.description)} - {frozenset()}
    names = [author.name for candidate in declared.authors for author in candidate.value]
    found: dict[str, list[Candidate[str]]] = {"marked": [], "described": [], "bold": [], "between": []}
    for spot in _spots(lines, far[:1]):
        reason = _why_dek(spot, told, title)
        if reason and not _introduces(spot.block.text, names) and not _NOTICE.search(spot.block.text):
            found[reason].append(_candidate(spot.block, reason))
    if not any(found.values()):
        return [_candidate(block, "described") for block in _described_below(far, lines, told)] if told else []
    order = [candidate for reason in found for candidate in found[reason]]
    return [*found["marked"], *sorted(order[len(found["marked"]) :], key=lambda candidate: not _is_sentence(candidate.value))]


def _is_shown(block: Block, around: Surroundings) -> bool:
    return bool(block.text) and not block.hidden and not around.in_margin(block.node)


def _candidate(block: Block, reason: str) -> Candidate[str]:
    return Candidate(block.text, "text", f"block {block.index}", block.text, CONFIDENCE[reason])


def _described_below(far: list[Block], lines: list[_Line], told: set[frozenset[str]]) -> Iterator[Block]:
    """The first long paragraph where it stands below players and pictures, prints the description and is not of the body."""
    if not far or any(_is_prose(line.block) for line in lines) or len(far[0].text) > LONGEST_DEK:
        return
    if _is_among(far[0], told) and not (len(far) > 1 and _is_like(far[0], far[1])):
        yield far[0]


def _is_like(block: Block, following: Block) -> bool:
    """Whether two blocks stand in one element and share a class or have none: the first of the body may have one more."""
    one, two = block.node, following.node
    shares = bool(set(one.tokens) & set(two.tokens)) or not (one.tokens or two.tokens)
    return one.tag == two.tag and one.parent is two.parent and shares


def _is_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does. Where two lines may be the dek, the other one is the headline again."""
    return text.rstrip("\"'”“»«’)").endswith((".", "!", "?", "…", "。"))


def _spots(lines: list[_Line], far: list[Block]) -> Iterator[_Spot]:
    """The first blocks, each with what stands around it."""
    credited = [place for place, line in enumerate(lines) if line.is_credit]
    prose = [place for place, line in enumerate(lines) if _is_prose(line.block)]
    for place, line in enumerate(lines):
        credit_at = next((n for n in credited if n > place), None)
        prose_at = next((n for n in prose if n > place), None)
        if credit_at is not None and prose_at is not None and prose_at < credit_at:
            credit_at = None  # that line is printed with the end of the body
        first = lines[prose_at].block if prose_at is not None else next(iter(far), None)
        yield _Spot(line, lines[:place], lines[place + 1 :], first, None if credit_at is None else credit_at - place)


def _why_dek(spot: _Spot, told: set[frozenset[str]], title: str | None) -> str:
    """`marked`, `described`, `bold` or `between`; nothing where the block is no dek."""
    if not _may_be_dek(spot.line, title):
        return ""
    in_body = any(_is_prose(line.block) for line in spot.before)
    starts_body = in_body or _continues(spot.block, spot.first_prose)
    if not starts_body and _is_marked(spot.block):
        return "marked"
    if told and (spot.is_between or not starts_body) and _is_among(spot.block, told):
        return "described"
    if not in_body and _is_bold_lead(spot.block, spot.first_prose):
        return "bold"
    return "between" if _stands_alone(spot, title) else ""


def _introduces(text: str, names: list[str]) -> bool:
    """Whether a line tells who one of the authors is."""
    for name in names:
        for given in (name, name.split(" ", 1)[0]):
            if len(given) > 2 and text.startswith(given) and _INTRODUCES.match(text, len(given)):
                return True
    return False


def _stands_alone(spot: _Spot, title: str | None) -> bool:
    """Whether an unmarked line is what stands between title and credit line: first or second, and no beginning of the body."""
    if not spot.is_between or spot.lines_before > 1 or (spot.credit_in or 0) > CREDIT_REACH:
        return False
    if any(_is_prose(line.block) for line in spot.before):
        return False
    if spot.is_behind_credit and not (spot.credit_in == 1 and is_byline(spot.after[0].block.text)):
        return False
    text = spot.block.text
    if not spot.block.level and len(text) < SHORTEST_UNMARKED and not text.endswith((".", "!", "?", "。", "…")):
        return False
    repeats = bool(title) and words_of(text)[:3] == words_of(title or "")[:3]
    reached = spot.after[: spot.credit_in]
    return not repeats and not _continues(spot.block, next((line.block for line in reached if _is_prose(line.block)), None))


def _is_bold_lead(block: Block, following: Block | None) -> bool:
    """Whether a paragraph is bold as a whole and the next one is not: a standfirst without a name."""
    if block.kind is not Kind.PARAGRAPH or len(block.text) < SHORTEST_BOLD_LEAD or block.bold_chars < 0.9 * len(block.text):
        return False
    return following is not None and following.bold_chars < 0.5 * len(following.text)


def _is_prose(block: Block) -> bool:
    return len(block.text) >= LONG_PARAGRAPH and block.kind is Kind.PARAGRAPH


def _may_be_dek(line: _Line, title: str | None) -> bool:
    block = line.block
    if block.kind not in {Kind.PARAGRAPH, Kind.HEADING, Kind.QUOTE} or not SHORTEST_DEK <= len(block.text) <= LONGEST_DEK:
        return False
    if line.is_credit or block.link_density >= 0.5 or _names_author(block):
        return False
    return words_of(block.text) != words_of(title or "")


def _names_author(block: Block) -> bool:
    """Whether a line that is no sentence stands in an author's box: `intro` is a word of such boxes too."""
    if len(block.text) > SHORTEST_BOLD_LEAD or _is_sentence(block.text):
        return False
    return any(not AUTHOR_TOKENS.isdisjoint(node.tokens) for node in block.node.ancestors()[:AUTHOR_DEPTH])


def _is_marked(block: Block) -> bool:
    above = block.node.parent
    tokens = set(block.node.tokens)
    if above is not None and above.tag not in {"article", "main", "body"}:
        tokens |= set(above.tokens)
    if not NO_DEK_TOKENS.isdisjoint(tokens):
        return False
    return not DEK_TOKENS.isdisjoint(tokens) or block.node.itemprop in {"description", "alternativeHeadline", "abstract"}


def _continues(block: Block, following: Block | None) -> bool:
    """Whether the next long paragraph stands in the same element and looks the same: then the block is the first of the body."""
    if following is None:
        return False
    one, two = block.node, following.node
    return one.tag == two.tag and one.tokens == two.tokens and one.parent is two.parent


def _is_among(block: Block, told: set[frozenset[str]]) -> bool:
    """Whether a block prints one of the texts."""
    words = frozenset(words_of(block.text))
    return any(_is_same(words, other) for other in told)


def _is_same(words: frozenset[str], others: frozenset[str]) -> bool:
    if not words or not SAME_TEXT * len(words) <= len(others) <= len(words) / SAME_TEXT:
        return False
    return len(words & others) / len(words | others) >= SAME_TEXT
