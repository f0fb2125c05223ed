"""What the classifier sees of each block: structure, as prefix sums measure it, and what rules say of the block.

No feature holds a word of the page, its language or its site. Text is measured (characters, links, bold, ends of sentences),
elements by what they span and hold, and the vocabulary of class names, headings and prompts comes in as the label it gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import methodcaller
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.boilerplate.outline import Outline
from pipelines.page.page import Kind, Page

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
_HEADING, _LIST_ITEM = _KINDS[Kind.HEADING], _KINDS[Kind.LIST_ITEM]
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

    def add(self, name: str, column: Numbers | float) -> None:
        self._columns[len(self.names)] = column
        self.names.append(name)

    def add_all(self, names: Sequence[str], columns: Numbers) -> None:
        """Add several columns that lie one below the other."""
        self.space(names)[:] = columns

    def space(self, names: Sequence[str]) -> npt.NDArray[np.float32]:
        """Add columns for the caller to fill, one below the other."""
        start = len(self.names)
        self.names += names
        return self._columns[start : len(self.names)]

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


_COUNTED = 7
"""Rows of `_Measures.sums`."""


class _Measures:
    """Numbers of each block and of each element, and the prefix sums of blocks.

    A page has few blocks, so that a call of numpy costs more than what it does: what can be worked out at once is.
    """

    def __init__(self, page: Page, outline: Outline) -> None:
        blocks = outline.blocks
        texts = [block.text for block in blocks]
        links = [block.links for block in blocks]
        self.outline = outline
        self.rows = rows = len(blocks)
        self.places = np.arange(rows)
        self.chars = _numbers(map(len, texts), rows)
        self.linked = _numbers([block.link_chars for block in blocks], rows)
        self.kind = _numbers([_KINDS[block.kind] for block in blocks], rows)
        self.level = _numbers([block.level for block in blocks], rows)
        self.list_id = _numbers([block.list_id for block in blocks], rows)
        self.links = _numbers(map(len, links), rows)
        self.internal = _numbers(_internal_links(page, links), rows)
        self.commas = _numbers([text.count(",") for text in texts], rows)
        self.ending = _numbers([_ENDINGS.get(text[-1:], 0) for text in texts], rows)
        self.good = _numbers(outline.good, rows)
        self.total = max(outline.total, 1)
        self.density = self.linked / np.maximum(self.chars, 1)
        self._sum_up()
        self._measure_nodes(outline)

    def _sum_up(self) -> None:
        """Of each number, its sums over all blocks before each place, and over all."""
        self.sums = np.zeros((_COUNTED, self.rows + 1), dtype=np.intp)
        counted = self.sums[:, 1:]
        counted[0], counted[1] = self.linked, self.chars
        counted[2], counted[3] = self.good > 0, self.density > TEASER
        counted[4], counted[5], counted[6] = self.kind == _LIST_ITEM, self.kind == _HEADING, self.good
        np.cumsum(counted, axis=1, out=counted)
        self.linked_sums, self.char_sums, self.prose_sums, _, _, self.heading_sums, self.good_sums = self.sums

    def _measure_nodes(self, outline: Outline) -> None:
        nodes = len(outline.nodes)
        self.at, self.parent = _numbers(outline.at, self.rows), _numbers(outline.parent, nodes)
        self.first, self.behind = _numbers(outline.first, nodes), _numbers(outline.last, nodes) + 1
        self.depth = _numbers(outline.depth, nodes)
        self.own_depth = self.depth.take(self.at)
        self.node_sums = self.sums.take(self.behind, axis=1) - self.sums.take(self.first, axis=1)
        self.node_good = self.node_sums[-1]
        own = np.bincount(self.at, weights=self.good, minlength=nodes)
        self.direct_good = np.maximum(own, np.bincount(self.parent.take(self.at), weights=self.good, minlength=nodes))
        """Of each node, the prose in its children's own blocks: what a container of paragraphs holds."""
        self.tags = _numbers([_TAGS.get(node.tag, 0) for node in outline.nodes], nodes)


def _numbers(values: Iterable[int], count: int) -> npt.NDArray[np.intp]:
    return np.fromiter(values, np.intp, count)


def _internal_links(page: Page, links: Sequence[Sequence[str]]) -> list[int]:
    """Of each block, how many of its links lead to the same host."""
    address = page.url or ""
    is_internal = methodcaller("startswith", "/".join(address.split("/", 3)[:3]) + "/")
    return [sum(map(is_internal, of_block)) if of_block else 0 for of_block in links]


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
    table.add("depth", m.own_depth)


def _add_signs(table: _Table, signs: Signs) -> None:
    for name, column in zip(Signs._fields, signs, strict=True):
        table.add(name, _numbers(column, len(column)))


def _add_neighbours(table: _Table, m: _Measures) -> None:
    for name, column, fill, steps in (
        ("chars", m.chars, 0, (-2, -1, 1, 2)), ("link_density", m.density, 1, (-1, 1, 2)), ("good", m.good, 0, (-2, -1, 1, 2)),
        ("kind", m.kind, -1, (2,)), ("ending", m.ending, 0, (1,)),
    ):  # fmt: skip
        for row, step in zip(table.space([f"{name}{step:+d}" for step in steps]), steps, strict=True):
            row[:] = fill
            if step > 0:
                row[:-step] = column[step:]
            else:
                row[-step:] = column[:step]
    for width in WINDOWS:
        low, high = np.maximum(m.places - width, 0), np.minimum(m.places + width + 1, m.rows)
        near = m.sums[:4]
        linked, *others = held = near.take(high, axis=1) - near.take(low, axis=1)
        rows = table.space([f"{name}_in_{width}" for name in ("link_density", "chars", "prose", "teasers")])
        rows[0] = _share(linked, others[0])
        rows[1:] = held[1:] / (high - low)


_OF_NODES = ("tag", "good_share", "blocks", "chars", "link_density", "prose_share", "item_share", "heading_share", "direct_good")
_OF_OWN_NODE = [place for place, name in enumerate(_OF_NODES) if name not in FLAT]


def _add_ancestors(table: _Table, m: _Measures) -> None:
    counts = m.behind - m.first
    columns = _node_columns(m, counts)
    table.add_all([f"{_OF_NODES[place]}^0" for place in _OF_OWN_NODE], columns[_OF_OWN_NODE].take(m.at, axis=1))
    at = m.at
    for level in range(1, ANCESTORS):
        at = m.parent.take(at)
        table.add_all([f"{name}^{level}" for name in _OF_NODES], columns.take(at, axis=1))
        table.add(f"place^{level}", (m.places - m.first.take(at)) / counts.take(at))
    above = m.parent.take(m.parent.take(at))
    table.add(f"good_share^{ANCESTORS + 1}", columns[_OF_NODES.index("good_share")].take(above))


def _node_columns(m: _Measures, counts: Numbers) -> npt.NDArray[np.float32]:
    """Of each node, the numbers of `_OF_NODES`, one below the other."""
    linked, chars, prose, _, items, headings, good = m.node_sums
    columns = np.empty((len(_OF_NODES), len(counts)), dtype=np.float32)
    columns[0], columns[1], columns[2], columns[3] = m.tags, good / m.total, counts, chars
    columns[4], columns[5], columns[6], columns[7] = _share(linked, chars), prose / counts, items / counts, headings / counts
    columns[8] = m.direct_good / m.total
    return columns


def _add_containers(table: _Table, outline: Outline, m: _Measures) -> None:
    nodes = {f"{share:.0%}": _smallest(m, share * outline.total) for share in CONTAINER_SHARES}
    nodes["direct"] = int(np.argmax(m.direct_good))
    nodes["title"] = _title_scope(outline)
    measured: dict[int, Numbers] = {}
    for name, node in nodes.items():
        rows = table.space([f"{measure}_{name}" for measure in ("steps_to", "depth_in", "place_in", "common_good")])
        if node in measured:
            rows[:] = measured[node]
        else:
            _measure_container(rows, m, node)
            measured[node] = rows


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


def _measure_container(rows: Numbers, m: _Measures, node: int) -> None:
    """Where each block stands to an element: how far up to what holds both, how deep inside, how far along; what both hold."""
    outline = m.outline
    chain = [node]
    while chain[-1]:
        chain.append(outline.parent[chain[-1]])
    steps = np.full(m.rows, len(chain) - 1)
    for step in range(len(chain) - 2, -1, -1):  # from the outside in: what is further in is written over what is around it
        around = chain[step]
        steps[outline.first[around] : outline.last[around] + 1] = step
    first, behind = outline.first[node], outline.last[node] + 1
    rows[0] = steps
    rows[1] = -1
    rows[1, first:behind] = m.own_depth[first:behind] - outline.depth[node]
    rows[2] = np.minimum(np.maximum((m.places - first) / (behind - first), -1), 2)
    rows[3] = (m.node_good.take(chain) / m.total).take(steps)


def _add_shapes(table: _Table, outline: Outline, m: _Measures) -> None:
    """Blocks of the same shape, and of the same list: how many, how much prose, how linked they are."""
    for name, groups in (("shape", _shapes(outline)), ("list", m.list_id)):
        counts, chars = np.bincount(groups), np.bincount(groups, weights=m.chars)
        table.add(f"{name}_count", counts.take(groups))
        table.add(f"{name}_good_share", (np.bincount(groups, weights=m.good) / m.total).take(groups))
        table.add(f"{name}_chars", (chars / np.maximum(counts, 1)).take(groups))
        table.add(f"{name}_link_density", _share(np.bincount(groups, weights=m.linked), chars).take(groups))


def _shapes(outline: Outline) -> Numbers:
    """Of each block, a number that blocks in elements of the same tags and names share."""
    numbers: dict[Any, int] = {}
    shapes: list[int] = []
    for block in outline.blocks:
        node = block.node
        above = node.parent or node
        shapes.append(numbers.setdefault((block.kind, node.tag, above.tag, node.tokens, above.tokens), len(numbers)))
    return _numbers(shapes, len(shapes))


def _add_place(table: _Table, outline: Outline, m: _Measures) -> None:
    prose, headings = np.flatnonzero(m.good), np.flatnonzero(m.kind == _HEADING)
    title = outline.title_block
    before, upto = m.good_sums[:-1], m.good_sums[1:]
    table.add("place", m.places / m.rows)
    table.add("blocks_of_page", m.rows)
    table.add("good_of_page", m.total)
    table.add("good_before", before / m.total)
    table.add("from_title", m.places - title if title is not None else -FAR)
    table.add("good_since_title", before - before[title or 0])
    table.add("since_prose", _since(m.places, prose, m.prose_sums))
    table.add("since_heading", _since(m.places, headings, m.heading_sums))
    table.add("until_heading", _until(m.places, headings, m.heading_sums))
    table.add("good_soon", m.good_sums.take(np.minimum(m.places + SOON, m.rows)) - upto)
    table.add("good_lately", before - m.good_sums.take(np.maximum(m.places - SOON, 0)))
    table.add("longest_gap_before", _longest_gap(prose, m.prose_sums))
    _add_part(table, m, headings)


def _since(places: Numbers, marks: Numbers, sums: Numbers) -> Numbers | float:
    """Blocks since the last mark before each place.

    Args:
        places: All places.
        marks: Those that are marked.
        sums: How many are marked before each place, and how many in all.
    """
    if not len(marks):
        return FAR
    found = sums[:-1] - 1
    return np.where(found >= 0, places - marks.take(np.maximum(found, 0)), FAR)


def _until(places: Numbers, marks: Numbers, sums: Numbers) -> Numbers | float:
    """Blocks to the next mark behind each place; the arguments are those of `_since`."""
    if not len(marks):
        return FAR
    found = sums[1:]
    return np.where(found < len(marks), marks.take(np.minimum(found, len(marks) - 1)) - places, FAR)


def _longest_gap(prose: Numbers, sums: Numbers) -> Numbers | float:
    """Longest run of blocks without prose so far, from the first prose on."""
    if len(prose) < 2:
        return 0.0
    longest = np.concatenate(([0, 0], np.maximum.accumulate(np.diff(prose))))
    return longest.take(sums[1:])


def _add_part(table: _Table, m: _Measures, headings: Numbers) -> None:
    """What stands from the last heading before a block to the next one."""
    bounds = np.concatenate(([0], headings, [m.rows]))
    part = m.heading_sums[1:]
    low, high = bounds.take(part), bounds.take(part + 1)
    table.add("part_good", m.good_sums.take(high) - m.good_sums.take(low))
    table.add("part_blocks", high - low)
    linked, chars = m.sums[:2].take(high, axis=1) - m.sums[:2].take(low, axis=1)
    table.add("part_link_density", _share(linked, chars))
    table.add("part_level", np.where(part > 0, m.level.take(low), 0))
