"""Articles as Markdown: a front matter in YAML and the body in CommonMark, with tables as GitHub writes them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from archive.export.body import body_blocks, grouped
from archive.export.file_names import file_name
from archive.revision import Revision, RevisionBlock
from archive.rows import StoredArticle, StoredRevision
from archive.timestamps import stamp

if TYPE_CHECKING:
    from archive.archive import Archive

CELLS = " | "
"""Between the cells in the text of a table row."""
EXPORTED_BY = "morgue"
"""Tells the reader of Markdown that the fields hold as they stand, and that all below the title is the body."""
DEEPEST = 6
"""Level of the lowest heading."""

SPECIAL = re.compile(r"[\\`*_\[\]<>~]|&(?=[#\w])")
LINE_START = re.compile(r"^(?:(#{1,6}(?=\s|$)|[-+](?=\s|$)|=+$|[-:|][-:| ]*$|\|)|(\d{1,9})([.)])(?=\s|$))")
"""What makes a heading, a list, a table or a rule of a line."""
HARD_BREAK = "\\\n"

NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What JSON writes as it is, and YAML takes for a line end or does not take at all."""


def write_markdown(rows: Iterable[StoredArticle], folder: Path, archive: Archive) -> int:
    """Write each article to a file of its own; returns how many.

    Args:
        rows: the articles.
        folder: there, and empty; gets a folder a site and in it a folder a year.
        archive: the one they come from; the body is read from it.

    """
    count = 0
    for count, article in enumerate(rows, start=1):  # noqa: B007
        path = folder / file_name(article, ".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        stored = archive.revision(article.id, article.newest, body_only=True)
        path.write_text(as_markdown(stored, article) + "\n", encoding="utf-8", newline="")
    return count


def as_markdown(stored: StoredRevision, article: StoredArticle | None = None) -> str:
    """Write one reading of an article; with its row the front matter tells of its history too."""
    revision = stored.revision
    parts = [_front_matter(stored, article), f"# {_heading(revision.title or '(no title)')}"]
    if revision.dek:
        parts.append(f"*{_lines(revision.dek)}*")
    return "\n\n".join([*parts, *_parts(revision)])


def _front_matter(stored: StoredRevision, article: StoredArticle | None) -> str:
    revision = stored.revision
    matter: dict[str, object] = {
        "title": revision.title, "dek": revision.dek, "dek_in_text": _opens_with_dek(revision) or None,
        "byline": revision.byline, "authors": [author.name for author in revision.authors],
        "published": revision.published, "modified": revision.modified, "url": revision.url, "lang": revision.lang,
        "section": revision.section, "tags": list(revision.tags), "people": _people(revision),
        "paywalled": revision.paywalled, "exported_by": EXPORTED_BY, **_interval(revision),
    }  # fmt: skip
    if article is not None:
        matter |= {
            "published_precision": revision.published_precision, "site_name": revision.site_name, "licence": revision.licence,
            "description": revision.description, "image": revision.image,
            "archive_id": article.id, "revision": stored.number, "captured": stamp(stored.fetched_at),
            "first_seen": stamp(article.first_seen), "last_seen": stamp(article.last_seen),
            "withdrawn": article.withdrawn and stamp(article.withdrawn), "word_count": article.word_count,
        }  # fmt: skip
    lines = (f"{key}: {_yaml(value)}" for key, value in matter.items() if value not in (None, "", []))
    return "\n".join(["---", *lines, "---"])


def _opens_with_dek(revision: Revision) -> bool:
    """Whether the text begins with the dek, before the blocks of the body."""
    first = next((block.text for block in body_blocks(revision) if block.text and block.kind != "caption"), "")
    dek = revision.dek or ""
    return bool(dek) and revision.text.startswith(dek) and not first.startswith(dek)


def _interval(revision: Revision) -> dict[str, object]:
    """What a date that was printed relative to the visit ("two months ago") may mean; the text of any other says it."""
    if revision.published_basis != "relative":
        return {}
    return {
        "published_basis": "relative", "published_earliest": revision.published_earliest,
        "published_latest": revision.published_latest,
    }  # fmt: skip


def _people(revision: Revision) -> list[dict[str, str]]:
    """The authors, if there is more to say of one than a name."""
    people = [{key: value for key, value in author._asdict().items() if value} for author in revision.authors]
    return people if any(set(person) > {"name", "kind"} or person.get("kind") != "person" for person in people) else []


def _yaml(value: object) -> str:
    """A value as JSON, which YAML reads too but for some characters."""
    text = json.dumps(value, ensure_ascii=False)
    return NOT_IN_YAML.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _parts(revision: Revision) -> Iterator[str]:
    for kind, _, blocks in grouped(body_blocks(revision)):
        if kind == "list_item":
            yield "\n".join(_items(blocks))
        elif kind == "table_row":
            yield "\n".join(_table(blocks))
        elif kind == "break" or blocks[0].text.strip():
            yield _block(blocks[0])


def _block(block: RevisionBlock) -> str:
    match block.kind:
        case "heading":
            return f"{'#' * min(max(block.level, 1), DEEPEST)} {_heading(block.text)}"
        case "break":
            return "---"
        case "quote":
            return "> " + _lines(block.text).replace("\n", "\n> ")
        case "code":
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", block.text)), default=0))
            return f"{fence}\n{block.text}\n{fence}"
        case "caption":
            return f"*{_lines(block.text)}*"
        case _:
            return _lines(block.text)


def _items(blocks: Sequence[RevisionBlock]) -> Iterator[str]:
    """The lines of a list: items set in below the text of the one that they belong to, numbers counted in each list."""
    lists: list[tuple[int, bool, int, int]] = []  # of each list that is open: depth, whether numbered, items, column of the text
    for block in blocks:
        while lists and lists[-1][0] > block.depth:
            lists.pop()
        column, count = lists[-1][3] if lists else 0, 1
        if lists and lists[-1][0] == block.depth:
            _, ordered, before, _ = lists.pop()
            column, count = lists[-1][3] if lists else 0, before + 1 if ordered == block.ordered else 1
        mark = f"{count}. " if block.ordered else "- "
        lists.append((block.depth, block.ordered, count, column + len(mark)))
        yield " " * column + mark + _lines(block.text).replace("\n", "\n" + " " * (column + len(mark)))


def _table(blocks: Sequence[RevisionBlock]) -> Iterator[str]:
    """The rows; the first is the head, since a table has one, and each is as wide as the widest, since more would be cut off."""
    rows = [[_escaped(cell).replace("|", "\\|").replace("\n", " ") for cell in block.text.split(CELLS)] for block in blocks]
    width = max(map(len, rows))
    for number, row in enumerate(rows):
        yield f"| {' | '.join([*row, *[''] * (width - len(row))])} |"
        if number == 0:
            yield f"|{' --- |' * width}"


def _heading(text: str) -> str:
    """One line, whose last # is text."""
    line = _escaped(" ".join(text.split()))
    return f"{line[:-1]}\\#" if line.endswith("#") else line


def _lines(text: str) -> str:
    """Running text: its line ends are kept, and none of its lines begins like something else."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return HARD_BREAK.join(LINE_START.sub(_harmless, _escaped(line)) for line in lines if line)


def _harmless(found: re.Match[str]) -> str:
    return f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}"


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\g<0>", text)
