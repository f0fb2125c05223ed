"""What the judge keeps among the body though it is none of its running text, and the headings that it left out of it.

A kicker stands over the title or the byline, not over text. The title of a gallery names its pictures. A pull quote prints words
of the text a second time. A heading whose neighbours on both sides are body is body, if it had half a chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipelines.fields import Label, LabelledBlock
from pipelines.page.page import Block, Kind, Node
from pipelines.sections.looks import is_bold, is_sentence, words_alone

PULL_QUOTE_CHARS = 40
"""Shortest pull quote. News headings quote the text too, in up to 65 characters, and are headings all the same; no longer quote
on 51 news and 391 other pages was in their truth a second time where a paragraph had its words."""
ATTRIBUTION_CHARS = 60
"""Longest line under a pull quote that says whose words they are."""
GALLERY_CAPTIONS = 2
"""Fewest captions under a heading that make it the title of a gallery."""
DOUBTFUL = 0.65
"""A heading left out with no more certainty than this goes with its neighbours."""
REACH = 6
"""Blocks from such a heading to the text under it: the picture and the price of a product may stand between."""
HEADING_CHARS = 110
"""Longest bold line that may be such a heading."""

_HEADING, _PARAGRAPH, _QUOTE, _CAPTION, _BREAK = Kind.HEADING, Kind.PARAGRAPH, Kind.QUOTE, Kind.CAPTION, Kind.BREAK
_ARTICLE, _FURNITURE, _OTHER = Label.ARTICLE, Label.FURNITURE, Label.OTHER
"""By their own names: on Python 3.11 to look a member up in its enumeration takes ten times as long."""
_QUOTED = re.compile(r"""[“"„«‘](.+)[”"“»’]""", re.S)
_QUOTE_WORDS = frozenset({"pullquote", "blockquote", "quote"})


def set_apart(labelled: Sequence[LabelledBlock], lead: str | None = None) -> tuple[LabelledBlock, ...]:
    """Correct the labels of headings and quotes by what stands around them.

    Args:
        labelled: All blocks of the page, in order.
        lead: The dek as a block prints it; a heading over it may be one of the text.

    Returns:
        The same blocks, some of them with another label and its reason.
    """
    settled = list(labelled)
    for index in _lost_headings(settled):
        settled[index] = replace(settled[index], label=_ARTICLE, reason="heading between blocks of the body", confidence=0.5)
    body = [index for index, item in enumerate(settled) if item.label is _ARTICLE]
    for label, reason, found in (
        (_FURNITURE, "stands over the title or byline", _kickers(settled, body, lead)),
        (_OTHER, "title of a gallery", _gallery_titles(settled, body)),
        (_OTHER, "pull quote: its words stand in the text", _pull_quotes(settled, body)),
    ):
        for index in found:
            settled[index] = replace(settled[index], label=label, reason=reason, confidence=0.7)
    return tuple(settled)


def _lost_headings(labelled: Sequence[LabelledBlock]) -> list[int]:
    """Headings left out in doubt though there is body right before them and soon after, in the element around them."""
    return [
        index
        for index, lost in enumerate(labelled)
        if lost.label is _OTHER
        and lost.confidence <= DOUBTFUL
        and index
        and labelled[index - 1].label is _ARTICLE
        and _may_head(lost.block)
        and _has_body_around(labelled, index)
    ]


def _has_body_around(labelled: Sequence[LabelledBlock], index: int) -> bool:
    above = labelled[index].block.node.parent
    around = (above and above.parent) or above
    following = next((item for item in labelled[index + 1 : index + 1 + REACH] if item.label is _ARTICLE), None)
    if following is None or following.block.kind is not _PARAGRAPH:
        return False
    return around in following.block.node.ancestors() and around in labelled[index - 1].block.node.ancestors()


def _may_head(block: Block) -> bool:
    if block.link_chars:
        return False
    return block.kind is _HEADING or (block.kind is _PARAGRAPH and is_bold(block) and len(block.text) < HEADING_CHARS)


def _kickers(labelled: Sequence[LabelledBlock], body: Sequence[int], lead: str | None) -> list[int]:
    """Headings before all text of the body, with the title, the byline or the date between."""
    waiting: list[int] = []
    for index in body:
        kind = labelled[index].block.kind
        if kind is _HEADING:
            waiting.append(index)
        elif kind is not _CAPTION:
            break
    if not waiting:
        return []
    between = range(index, waiting[0], -1)
    last = next((at for at in between if labelled[at].label is _FURNITURE and labelled[at].block.text != lead), 0)
    return [at for at in waiting if at < last]


def _gallery_titles(labelled: Sequence[LabelledBlock], body: Sequence[int]) -> Iterator[int]:
    """Headings whose own element holds pictures alone."""
    for place, index in enumerate(body):
        block = labelled[index].block
        following = labelled[index + 1 : index + 1 + GALLERY_CAPTIONS] if block.kind is _HEADING else ()
        if len(following) == GALLERY_CAPTIONS and all(item.block.kind is _CAPTION for item in following):
            text = next((labelled[at].block for at in body[place + 1 :] if _is_text(labelled[at].block)), None)
            if text is None or not _shared(block.node, following[0].block.node, text.node):
                yield index


def _is_text(block: Block) -> bool:
    return block.kind not in (_CAPTION, _BREAK)


def _shared(heading: Node, caption: Node, text: Node) -> bool:
    """Whether the innermost element around heading and caption is around the text too."""
    around = set(caption.ancestors())
    box = next((node for node in heading.ancestors() if node in around), None)
    return box in text.ancestors()


def _pull_quotes(labelled: Sequence[LabelledBlock], body: Sequence[int]) -> list[int]:
    """Quotes, and headings that are whole sentences, whose words a paragraph of the body has; with the line that names whose."""
    asked = [index for index in body if _may_pull(labelled[index].block)]
    if not asked:
        return []
    blocks = [labelled[index].block for index in body if index not in asked]
    text = "\n".join(words_alone(block.text) for block in blocks if block.kind is _PARAGRAPH)
    found = [index for index in asked if _repeats(labelled[index].block.text, text)]
    return found + [index + 1 for index in found if index + 1 < len(labelled) and _attributes(labelled, index)]


def _may_pull(block: Block) -> bool:
    if len(block.text) < PULL_QUOTE_CHARS:
        return False
    if block.kind is _HEADING:
        return is_sentence(block.text)
    if block.kind is _QUOTE:
        return True
    return block.kind is _PARAGRAPH and not _QUOTE_WORDS.isdisjoint(block.node.tokens)


def _repeats(quote: str, text: str) -> bool:
    words = words_alone(quote)
    if words in text:
        return True
    quoted = _QUOTED.search(quote)
    return quoted is not None and len(quoted[1]) >= PULL_QUOTE_CHARS and words_alone(quoted[1]) in text


def _attributes(labelled: Sequence[LabelledBlock], quote: int) -> bool:
    """Whether the block behind a pull quote, in its element, names whose words it has."""
    here, after = labelled[quote].block, labelled[quote + 1]
    if after.label is not _ARTICLE or after.block.kind is not _QUOTE or len(after.block.text) > ATTRIBUTION_CHARS:
        return False
    return after.block.node in here.node.ancestors() or after.block.node.parent is here.node.parent
