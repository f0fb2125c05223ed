"""The dek: the standfirst printed under the title; and the summary that a page gives to machines.

A dek is visible. Order of trust: a block that stands between title and byline or body and is marked as one (class or id such as
`dek`, `subtitle`, `standfirst`); one that equals the declared description and is no paragraph of the body; a first paragraph
that is bold as a whole; a short paragraph or second heading between the title and a line with byline, date or reading time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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
"""Blocks behind the title in which a long paragraph shows that the first one is of the body: a recipe begins with its lists."""

SAME_TEXT = 0.8
"""Share of words in common from which a block prints the declared description."""

FEWEST_WORDS_OF_CUT = 8
"""Words from which a description that begins the dek is the dek cut off, though no ellipsis says so."""

LONG_PARAGRAPH = 80
"""Characters from which a paragraph is one of the body."""

DEK_TOKENS = word_set(
    "dek deck subtitle subtitulo subheadline subhead subheading standfirst strapline tagline summary lead lede lede-text "
    "intro teaser chapo chapeau sottotitolo occhiello bajada entradilla copete vorspann unterzeile anriss ingress manchet "
    "excerpt description kicker-text sapo"
)

AUTHOR_TOKENS = word_set("author authors avatar byline vcard")

AUTHOR_DEPTH = 4
"""Elements from an author's name up to the box around it, at most."""

CONFIDENCE = {"front-matter": 0.97, "marked": 0.88, "described": 0.85, "bold": 0.8, "between": 0.75}
"""Share of right deks by what shows them to be one: estimated on the summaries of fundus."""


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


@dataclass(frozen=True, slots=True)
class _Spot:
    """A block behind the title with what stands around it."""

    block: Block
    before: list[Block]
    after: list[Block]
    credit_in: int | None
    """Blocks from here to the line with byline, date or reading time; None where that stands before or nowhere."""

    @property
    def is_between(self) -> bool:
        """Whether it stands between the title and a credit line, with no text of the article before it."""
        return self.credit_in is not None and not any(len(block.text) > LONGEST_DEK for block in self.before)

    @property
    def is_behind_credit(self) -> bool:
        """Whether a date or the like stands before it already; then only a byline right behind it tells it from the body."""
        return any(is_credit_line(block.text) for block in self.before)

    @property
    def lines_before(self) -> int:
        """Lines between the title and here that are neither byline, date, reading time nor caption nor headline again."""
        lines = [block for block in self.before if block.kind not in {Kind.CAPTION, Kind.HEADING}]
        return sum(not is_credit_line(block.text) for block in lines)


def _read_printed(page: Page, declared: Declared, title: str | None, title_block: int) -> list[Candidate[str]]:
    around = Surroundings(page, title_block)
    following = [
        block for block in page.blocks[title_block + 1 : title_block + 1 + BLOCKS_COMPARED] if block.text and not block.hidden
    ]
    following = [block for block in following if not around.in_margin(block.node)]
    searched = sum(block.index <= title_block + BLOCKS_SEARCHED for block in following)
    told = [words_of(candidate.value) for candidate in (*declared.dek, *declared.description)]
    found: dict[str, list[Candidate[str]]] = {"marked": [], "described": [], "bold": [], "between": []}
    for spot in _spots(following, searched):
        reason = _why_dek(spot, told, title)
        if reason:
            block = spot.block
            found[reason].append(Candidate(block.text, "text", f"block {block.index}", block.text, CONFIDENCE[reason]))
    order = [candidate for reason in found for candidate in found[reason]]
    return [*found["marked"], *sorted(order[len(found["marked"]) :], key=lambda candidate: not _is_sentence(candidate.value))]


def _is_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does. Where two lines may be the dek, the other one is the headline again."""
    return text.rstrip("\"'”“»«’)").endswith((".", "!", "?", "…", "。"))


def _spots(following: list[Block], searched: int) -> Iterator[_Spot]:
    """The first blocks of those given, each with all that follow."""
    lines = [n for n, block in enumerate(following[:searched]) if is_credit_line(block.text)]
    for place, block in enumerate(following[:searched]):
        credit_at = next((n for n in lines if n > place), None)
        if credit_at is not None and any(map(_is_prose, following[place + 1 : credit_at])):
            credit_at = None  # that line is printed with the end of the body
        yield _Spot(block, following[:place], following[place + 1 :], None if credit_at is None else credit_at - place)


def _why_dek(spot: _Spot, told: list[tuple[str, ...]], title: str | None) -> str:
    """`marked`, `described`, `bold` or `between`; nothing where the block is no dek."""
    if not _may_be_dek(spot.block, title):
        return ""
    in_body = any(_is_prose(block) for block in spot.before)
    starts_body = in_body or _continues(spot.block, spot.after)
    if _is_marked(spot.block) and not starts_body:
        return "marked"
    words = words_of(spot.block.text)
    if any(_is_same(words, other) for other in told) and (spot.is_between or not starts_body):
        return "described"
    if not in_body and _is_bold_lead(spot.block, spot.after):
        return "bold"
    return "between" if _stands_alone(spot, title) else ""


def _stands_alone(spot: _Spot, title: str | None) -> bool:
    """Whether an unmarked line is what stands between title and credit line: first or second, and no beginning of the body."""
    if not spot.is_between or spot.lines_before > 1 or (spot.credit_in or 0) > CREDIT_REACH or any(map(_is_prose, spot.before)):
        return False
    if spot.is_behind_credit and not (spot.credit_in == 1 and is_byline(spot.after[0].text)):
        return False
    is_line = spot.block.kind is not Kind.HEADING
    if is_line and len(spot.block.text) < SHORTEST_UNMARKED and not spot.block.text.endswith((".", "!", "?", "。", "…")):
        return False
    repeats = bool(title) and words_of(spot.block.text)[:3] == words_of(title or "")[:3]
    return not repeats and not _continues(spot.block, spot.after[: spot.credit_in])


def _is_bold_lead(block: Block, after: list[Block]) -> bool:
    """Whether a paragraph is bold as a whole and the next one is not: a standfirst without a name."""
    if block.kind is not Kind.PARAGRAPH or len(block.text) < SHORTEST_BOLD_LEAD or block.bold_chars < 0.9 * len(block.text):
        return False
    following = next((other for other in after if _is_prose(other)), None)
    return following is not None and following.bold_chars < 0.5 * len(following.text)


def _is_prose(block: Block) -> bool:
    return block.kind is Kind.PARAGRAPH and len(block.text) >= LONG_PARAGRAPH


def _may_be_dek(block: Block, title: str | None) -> bool:
    if block.kind not in {Kind.PARAGRAPH, Kind.HEADING, Kind.QUOTE} or not SHORTEST_DEK <= len(block.text) <= LONGEST_DEK:
        return False
    if is_credit_line(block.text) or _names_author(block):
        return False
    return block.link_density < 0.5 and words_of(block.text) != words_of(title or "")


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
    return not DEK_TOKENS.isdisjoint(tokens) or block.node.itemprop in {"description", "alternativeHeadline", "abstract"}


def _continues(block: Block, after: list[Block]) -> bool:
    """Whether the next long paragraph stands in the same element and looks the same: then the block is the first of the body."""
    for other in after:
        if other.kind is Kind.PARAGRAPH and len(other.text) >= LONG_PARAGRAPH:
            alike = (other.node.tag, other.node.tokens) == (block.node.tag, block.node.tokens)
            return alike and other.node.parent is block.node.parent
    return False


def _is_same(words: tuple[str, ...], others: tuple[str, ...]) -> bool:
    one, two = set(words), set(others)
    if not one or not two:
        return False
    return len(one & two) / len(one | two) >= SAME_TEXT
