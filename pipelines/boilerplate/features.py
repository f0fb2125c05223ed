"""What the classifier sees of each block: structure, as prefix sums measure it, and what rules say of the block.

No feature holds a word of the page, its language or its site. Text is measured (characters, links, bold, ends of sentences),
elements by what they span and hold, and the vocabulary of class names, headings and prompts comes in as the label it gives.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.boilerplate.outline import Outline
from pipelines.page.page import Block, Kind, Page

Numbers = npt.NDArray[Any]

ANCESTORS = 4
"""Elements above a block that are measured, its own included."""
CONTAINER_SHARES = (0.5, 0.75, 0.9)
"""Smallest elements with these shares of the prose."""
FLAT = frozenset({"blocks", "item_share", "heading_share"})
"""What says nothing of the element that holds a block itself: mostly it holds no other."""
WINDOWS = (3, 8)
"""Blocks on either side that are measured together."""
SOON = 9
"""Blocks within reach."""
MOST_COLUMNS = 128
FAR = 60.0
"""Stands for a distance to something that is not there, in blocks."""
TEASER = 0.5
"""Link density from which a block is a link rather than text with links in it."""
TITLE_SCOPE_SHARE = 0.3
"""Share of the prose that the element around title and article holds behind the title."""

_KINDS = {kind: code for code, kind in enumerate(Kind)}
_TAGS = {
    tag: code
    for code, tags in enumerate(
        (
            "p", "div", "span #text", "li", "ul ol dl menu", "td th", "tr tbody thead table", "h1", "h2", "h3", "h4 h5 h6",
            "section", "article", "main", "body html #document", "header hgroup", "footer", "aside", "nav", "form fieldset",
            "figure figcaption", "blockquote", "pre", "dt dd", "address", "button label", "details summary",
        ),
        start=1,
    )
    for tag in tags.split()
}  # fmt: skip


_ENDINGS = {**dict.fromkeys(".。", 3), **dict.fromkeys("!?！？…", 2), **dict.fromkeys(":\"'”’»)：", 1)}
"""What the last character of a block says: a sentence ends, a question or exclamation ends, something may."""


class Signs(NamedTuple):
    """What rules say of each block, as numbers; 0 is nothing."""

    element: Sequence[int]
    """Label that an element around it calls itself."""
    heading: Sequence[int]
    """Label of the heading that it stands under."""
    line: Sequence[int]
    """Label that its words claim."""
    printed: Sequence[int]
    """1 for a block that prints a field; 2 for one that looks like a byline, a date or a reading time."""
    repeats: Sequence[int]
    """-1 for a longer block whose words stand once more further down, 1 for one whose words stood before."""
    declared: Sequence[int]
    """1 for a block that stands in the body as the page declares it, -1 for one that does not; 0 where it declares none."""


class _Table:
    """Named columns of one row a block."""

    def __init__(self, rows: int) -> None:
        self.names: list[str] = []
        self._columns = np.empty((MOST_COLUMNS, rows), dtype=np.float32)

    def add(self, name: str, column: Numbers) -> None:
        self._columns[len(self.names)] = column
        self.names.append(name)

    def matrix(self) -> npt.NDArray[np.float32]:
        return self._columns[: len(self.names)].T


def block_features(page: Page, outline: Outline, signs: Signs) -> tuple[list[str], npt.NDArray[np.float32]]:
    """Measure all blocks of a page that has some.

    Returns:
        The names of the columns and an array of one row a block.
    """
    table = _Table(len(outline.blocks))
    measures = _Measures(page, outline)
    _add_own(table, measures)
    _add_signs(table, signs)
    _add_neighbours(table, measures)
    _add_ancestors(table, measures)
    _add_containers(table, outline, measures)
    _add_shapes(table, outline, measures)
    _add_place(table, outline, measures)
    return table.names, table.matrix()


class _Measures:
    """Numbers of each block and of each element, and the prefix sums of blocks."""

    def __init__(self, page: Page, outline: Outline) -> None:
        blocks = outline.blocks
        self.rows = len(blocks)
        self.places = np.arange(self.rows)
        self.chars = np.array([len(block.text) for block in blocks])
        self.linked = np.array([block.link_chars for block in blocks])
        self.kind = np.array([_KINDS[block.kind] for block in blocks])
        self.level = np.array([block.level for block in blocks])
        self.list_id = np.array([block.list_id for block in blocks])
        self.links = np.array([len(block.links) for block in blocks])
        self.commas = np.array([block.text.count(",") for block in blocks])
        self.ending = np.array([_ENDINGS.get(block.text[-1:], 0) for block in blocks])
        self.good = np.array(outline.good, dtype=np.int32)
        self.total = max(outline.total, 1)
        self.internal = _internal_links(page, blocks)
        self.density = self.linked / np.maximum(self.chars, 1)
        self.is_heading = self.kind == _KINDS[Kind.HEADING]
        self.char_sums, self.linked_sums, self.good_sums = _sums(self.chars), _sums(self.linked), np.array(outline.sums)
        self.prose_sums, self.teaser_sums = _sums(self.good > 0), _sums(self.density > TEASER)
        self.heading_sums, self.item_sums = _sums(self.is_heading), _sums(self.kind == _KINDS[Kind.LIST_ITEM])
        self.at, self.parent = np.array(outline.at), np.array(outline.parent)
        self.first, self.behind = np.array(outline.first), np.array(outline.last) + 1
        self.depth = np.array(outline.depth)
        self.node_good = self.good_sums[self.behind] - self.good_sums[self.first]
        nodes = len(outline.nodes)
        own = np.bincount(self.at, weights=self.good, minlength=nodes)
        self.direct_good = np.maximum(own, np.bincount(self.parent[self.at], weights=self.good, minlength=nodes))
        """Of each node, the prose in its children's own blocks: what a container of paragraphs holds."""
        self.tags = np.array([_TAGS.get(node.tag, 0) for node in outline.nodes])


def _sums(values: Numbers) -> Numbers:
    """Sums of all values before each place, and of all."""
    sums = np.zeros(len(values) + 1, dtype=np.int32)
    np.cumsum(values, out=sums[1:])
    return sums


def _internal_links(page: Page, blocks: Sequence[Block]) -> Numbers:
    """Of each block, how many of its links lead to the same host."""
    address = page.url or ""
    host = "/".join(address.split("/", 3)[:3]) + "/"
    internal = [sum(link.startswith(host) for link in block.links) if block.links else 0 for block in blocks]
    return np.array(internal)


def _share(part: Numbers, whole: Numbers) -> Numbers:
    return part / np.maximum(whole, 1)


def _add_own(table: _Table, m: _Measures) -> None:
    table.add("chars", m.chars)
    table.add("link_density", m.density)
    table.add("kind", m.kind)
    table.add("level", m.level)
    table.add("internal_share", np.where(m.links > 0, _share(m.internal, m.links), -1))
    table.add("comma_share", _share(m.commas * 100, m.chars))
    table.add("ending", m.ending)
    table.add("depth", m.depth[m.at])


def _add_signs(table: _Table, signs: Signs) -> None:
    for name, column in zip(Signs._fields, signs, strict=True):
        table.add(name, np.array(column))


def _add_neighbours(table: _Table, m: _Measures) -> None:
    reach = 2
    for name, column, fill, steps in (
        ("chars", m.chars, 0, (-2, -1, 1, 2)), ("link_density", m.density, 1, (-1, 1, 2)), ("good", m.good, 0, (-2, -1, 1, 2)),
        ("kind", m.kind, -1, (2,)), ("ending", m.ending, 0, (1,)),
    ):  # fmt: skip
        padded = np.concatenate((np.full(reach, fill), column, np.full(reach, fill)))
        for step in steps:
            table.add(f"{name}{step:+d}", padded[reach + step : reach + step + m.rows])
    for width in WINDOWS:
        low, high = np.maximum(m.places - width, 0), np.minimum(m.places + width + 1, m.rows)
        chars, count = m.char_sums[high] - m.char_sums[low], high - low
        table.add(f"link_density_in_{width}", _share(m.linked_sums[high] - m.linked_sums[low], chars))
        table.add(f"chars_in_{width}", chars / count)
        table.add(f"prose_in_{width}", (m.prose_sums[high] - m.prose_sums[low]) / count)
        table.add(f"teasers_in_{width}", (m.teaser_sums[high] - m.teaser_sums[low]) / count)


def _add_ancestors(table: _Table, m: _Measures) -> None:
    first, behind = m.first, m.behind
    counts = behind - first
    chars = m.char_sums[behind] - m.char_sums[first]
    columns = {
        "tag": m.tags,
        "good_share": m.node_good / m.total,
        "blocks": counts,
        "chars": chars,
        "link_density": _share(m.linked_sums[behind] - m.linked_sums[first], chars),
        "prose_share": (m.prose_sums[behind] - m.prose_sums[first]) / counts,
        "item_share": (m.item_sums[behind] - m.item_sums[first]) / counts,
        "heading_share": (m.heading_sums[behind] - m.heading_sums[first]) / counts,
        "direct_good": m.direct_good / m.total,
    }
    at = m.at
    for level in range(ANCESTORS):
        for name, column in columns.items():
            if level or name not in FLAT:
                table.add(f"{name}^{level}", column[at])
        if level:
            table.add(f"place^{level}", (m.places - first[at]) / counts[at])
        at = m.parent[at]
    table.add(f"good_share^{ANCESTORS + 1}", columns["good_share"][m.parent[at]])


def _add_containers(table: _Table, outline: Outline, m: _Measures) -> None:
    for share in CONTAINER_SHARES:
        _add_container(table, f"{share:.0%}", m, _smallest(m, share * outline.total))
    _add_container(table, "direct", m, int(np.argmax(m.direct_good)))
    _add_container(table, "title", m, _title_scope(outline))


def _smallest(m: _Measures, least: float) -> int:
    """Deepest element with at least so much prose."""
    return int(np.argmax(np.where(m.node_good >= least, m.depth, -1)))


def _title_scope(outline: Outline) -> int:
    """Smallest element around the title that holds much of the prose behind it; the root where no block prints the title."""
    title = outline.title_block
    node = outline.at[title] if title is not None else 0
    while node and outline.good_between(title or 0, outline.last[node]) < TITLE_SCOPE_SHARE * outline.total:
        node = outline.parent[node]
    return node


def _add_container(table: _Table, name: str, m: _Measures, node: int) -> None:
    """Where each block stands to an element: how far up to what holds both, how deep inside, how far along."""
    chain = [node]
    while chain[-1]:
        chain.append(int(m.parent[chain[-1]]))
    around = np.array(chain)
    held = (m.places >= m.first[around][:, None]) & (m.places < m.behind[around][:, None])
    steps = len(chain) - held.sum(axis=0)
    first, length = m.first[node], m.behind[node] - m.first[node]
    table.add(f"steps_to_{name}", steps)
    table.add(f"depth_in_{name}", np.where(steps == 0, m.depth[m.at] - m.depth[node], -1))
    table.add(f"place_in_{name}", np.clip((m.places - first) / length, -1, 2))
    table.add(f"common_good_{name}", m.node_good[around[np.minimum(steps, len(chain) - 1)]] / m.total)


def _add_shapes(table: _Table, outline: Outline, m: _Measures) -> None:
    """Blocks of the same shape, and of the same list: how many, how much prose, how linked they are."""
    for name, groups in (("shape", _shapes(outline)), ("list", m.list_id)):
        counts, chars = np.bincount(groups), np.bincount(groups, weights=m.chars)
        table.add(f"{name}_count", counts[groups])
        table.add(f"{name}_good_share", (np.bincount(groups, weights=m.good) / m.total)[groups])
        table.add(f"{name}_chars", (chars / np.maximum(counts, 1))[groups])
        table.add(f"{name}_link_density", _share(np.bincount(groups, weights=m.linked), chars)[groups])


def _shapes(outline: Outline) -> Numbers:
    """Of each block, a number that blocks in elements of the same tags and names share."""
    numbers: dict[Any, int] = {}
    shapes: list[int] = []
    for block in outline.blocks:
        node = block.node
        above = node.parent or node
        shapes.append(numbers.setdefault((block.kind, node.tag, above.tag, node.tokens, above.tokens), len(numbers)))
    return np.array(shapes)


def _add_place(table: _Table, outline: Outline, m: _Measures) -> None:
    prose, headings = np.flatnonzero(m.good), np.flatnonzero(m.is_heading)
    title = outline.title_block
    table.add("place", m.places / m.rows)
    table.add("blocks_of_page", np.full(m.rows, m.rows))
    table.add("good_of_page", np.full(m.rows, m.total))
    table.add("good_before", m.good_sums[:-1] / m.total)
    table.add("from_title", m.places - title if title is not None else np.full(m.rows, -FAR))
    table.add("good_since_title", m.good_sums[:-1] - m.good_sums[title or 0])
    table.add("since_prose", _since(m.places, prose))
    table.add("since_heading", _since(m.places, headings))
    table.add("until_heading", _until(m.places, headings))
    table.add("good_soon", m.good_sums[np.minimum(m.places + SOON, m.rows)] - m.good_sums[1:])
    table.add("good_lately", m.good_sums[:-1] - m.good_sums[np.maximum(m.places - SOON, 0)])
    table.add("longest_gap_before", _longest_gap(m.places, prose))
    _add_part(table, m, headings)


def _since(places: Numbers, marks: Numbers) -> Numbers:
    """Blocks since the last mark before each place."""
    if not len(marks):
        return np.full(len(places), FAR)
    found = np.searchsorted(marks, places, side="left") - 1
    return np.where(found >= 0, places - marks[np.maximum(found, 0)], FAR)


def _until(places: Numbers, marks: Numbers) -> Numbers:
    """Blocks to the next mark behind each place."""
    if not len(marks):
        return np.full(len(places), FAR)
    found = np.searchsorted(marks, places, side="right")
    return np.where(found < len(marks), marks[np.minimum(found, len(marks) - 1)] - places, FAR)


def _longest_gap(places: Numbers, prose: Numbers) -> Numbers:
    """Longest run of blocks without prose so far, from the first prose on."""
    if len(prose) < 2:
        return np.zeros(len(places))
    longest = np.concatenate(([0, 0], np.maximum.accumulate(np.diff(prose))))
    return longest[np.searchsorted(prose, places, side="right")]


def _add_part(table: _Table, m: _Measures, headings: Numbers) -> None:
    """What stands from the last heading before a block to the next one."""
    bounds = np.concatenate(([0], headings, [m.rows]))
    part = np.searchsorted(headings, m.places, side="right")
    low, high = bounds[part], bounds[part + 1]
    table.add("part_good", m.good_sums[high] - m.good_sums[low])
    table.add("part_blocks", high - low)
    table.add("part_link_density", _share(m.linked_sums[high] - m.linked_sums[low], m.char_sums[high] - m.char_sums[low]))
    table.add("part_level", np.where(part > 0, m.level[low], 0))
