"""What changed between two revisions, as a person or a program reads it: text, HTML or JSON."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from archive.changes import TITLES, ChangeKind, summary
from archive.words import Op
from crawler.terminal import bold, count, dim, may_colour, plain, wrap

if TYPE_CHECKING:
    from archive.diff import Diff, FieldDiff, Passage, SectionDiff
    from archive.rows import StoredRevision
    from archive.words import Piece

MARKS = {Op.REMOVED: ("\ue000", "\ue001"), Op.ADDED: ("\ue002", "\ue003")}
"""Stand for the ends of what was removed and added until lines are broken: one column each, and no letter."""
PLAIN_MARKS = {"\ue000": "[-", "\ue001": "-]", "\ue002": "{+", "\ue003": "+}"}
"""As wdiff prints them."""
COLOURS = {"\ue000": "\x1b[31;9m", "\ue002": "\x1b[32;1m"}
"""Red and struck out; green and bold: told apart without seeing the colours."""
END_COLOUR = "\x1b[0m"
MARK = re.compile("[\ue000-\ue003]")

INDENT = "    "
SIGNS = {Op.ADDED: "+", Op.REMOVED: "-", Op.SAME: "~"}


def as_text(diff: Diff) -> str:
    """Fields, then the body by section; what did not change is folded to its number."""
    lines = [*_heading_lines(diff), ""]
    for field in diff.fields:
        lines += [bold(_field_title(field)), _marked(field.pieces, "  "), ""]
    for section in diff.sections:
        if section.changed:
            lines += [*_section_lines(section), ""]
    unchanged = sum(not section.changed for section in diff.sections)
    if unchanged:
        lines.append(dim(f"{count(unchanged, 'section')} unchanged."))
    return "\n".join(lines).rstrip()


def as_json(diff: Diff) -> str:
    """All of it for programs: the changes as a list, and the body with each passage in pieces."""
    whole = {
        "article_id": diff.new.article_id,
        "url": diff.new.revision.url,
        "title": diff.new.revision.title,
        "from": _revision_facts(diff.old),
        "to": _revision_facts(diff.new),
        "other_rules": diff.other_rules,
        "same_page": diff.same_page,
        "classes": summary(diff.changes),
        "changes": [{**change._asdict(), "kind": change.kind.value} for change in diff.changes],
        "fields": [{"kind": field.change.kind.value, "pieces": _plain_pieces(field.pieces)} for field in diff.fields],
        "sections": [
            {"heading": section.heading, "blocks": [_passage_facts(passage) for passage in section.passages]}
            for section in diff.sections
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def as_html(diff: Diff) -> str:
    """A page of its own, with nothing in it but the two readings; what did not change is folded."""
    title = html.escape(diff.new.revision.title or "(no title)")
    lang = f' lang="{html.escape(diff.new.revision.lang)}"' if diff.new.revision.lang else ""
    facts = "".join(f"<p>{html.escape(line)}</p>\n" for line in _facts(diff))
    fields = "".join(
        f"<dt>{html.escape(_field_title(field))}</dt>\n<dd>{_html_pieces(field.pieces)}</dd>\n" for field in diff.fields
    )
    body = "\n".join(_html_section(section) for section in diff.sections)
    return (
        f'<!DOCTYPE html>\n<html{lang}>\n<head><meta charset="utf-8"><title>{title}: what changed</title>\n'
        f"<style>{STYLE}</style></head>\n<body>\n<header>\n<h1>{title}</h1>\n<p>{html.escape(diff.new.revision.url)}</p>\n{facts}</header>\n"
        + (f"<dl>\n{fields}</dl>\n" if fields else "")
        + f"<article>\n{body}\n</article>\n</body>\n</html>"
    )


STYLE = (
    "body{max-width:42em;margin:2em auto;padding:0 1em;font:1em/1.5 Georgia,serif}"
    "ins{background:#d4f4d7;color:#063;text-decoration:none;font-weight:bold}del{background:#fbdada;color:#800}"
    "dt{font-weight:bold}summary,header p,small{color:#555}.changed{border-left:3px solid #999;padding-left:.7em}"
)


def describe(classes: dict[str, int]) -> str:
    """Classes of change with their numbers, in words: `headline, 2 × paragraph edited`."""
    named = ((TITLES[ChangeKind(kind)], number) for kind, number in classes.items())
    return ", ".join(title if number == 1 else f"{number} × {title}" for title, number in named)


def _heading_lines(diff: Diff) -> list[str]:
    first = [bold(wrap(diff.new.revision.title or "(no title)")), plain(diff.new.revision.url)]
    return first + [wrap(line) for line in _facts(diff)]


def _facts(diff: Diff) -> Iterator[str]:
    yield f"From {_revision_line(diff.old)} to {_revision_line(diff.new)}."
    if diff.other_rules:
        what = "The same page read again with other rules" if diff.same_page else "Read with other rules"
        rules = "all of it is" if diff.same_page else "some of it may be"
        yield f"{what} ({diff.old.reader}, then {diff.new.reader}): {rules} the reader's doing, not the site's."
    yield f"Changed: {describe(summary(diff.changes))}." if diff.changes else "Nothing changed in what the article says."


def _revision_line(stored: StoredRevision) -> str:
    return f"revision {stored.number} ({_time(stored.fetched_at)})"


def _field_title(field: FieldDiff) -> str:
    title = TITLES[field.change.kind]
    return title[0].upper() + title[1:] + (" (typo)" if field.change.typo else "")


def _section_lines(section: SectionDiff) -> Iterator[str]:
    first = section.passages[0]
    rest: Sequence[Passage] = section.passages
    if section.heading is not None:
        notes = f"({told}) " if (told := _notes(first)) else ""
        heading = bold("§ ") + notes + _marked(first.pieces, "  ").lstrip()
        yield heading if first.changes else bold("§ " + plain(section.heading))
        rest = section.passages[1:]
    for changed, run in groupby(rest, key=lambda passage: bool(passage.changes)):
        passages = list(run)
        if changed:
            yield from map(_passage_lines, passages)
        else:
            yield dim(f"  … {count(len(passages), 'block')} unchanged")


def _passage_lines(passage: Passage) -> str:
    notes = _notes(passage)
    start = f"  {_sign(passage)} " + (f"({notes}) " if notes else "")
    return _marked(passage.pieces, INDENT, start) if passage.block.text or notes else start + "* * *"


def _sign(passage: Passage) -> str:
    """What happened to a block, in one character."""
    if any(change.moved for change in passage.changes):
        return ">"
    operations = {piece.op for piece in passage.pieces}
    only = passage.changes[0]
    if only.before is None or only.after is None:
        return SIGNS[Op.ADDED if only.before is None else Op.REMOVED]
    return SIGNS[next(iter(operations))] if len(operations) == 1 and Op.SAME in operations else SIGNS[Op.SAME]


def _notes(passage: Passage) -> str:
    """Classes that neither the sign nor the marks tell."""
    told = {ChangeKind.ADDED, ChangeKind.REMOVED, ChangeKind.EDITED, ChangeKind.HEADING}
    notes = [
        f"{change.before or 'nothing'} → {change.after or 'nothing'}" if change.kind is ChangeKind.LAYOUT else TITLES[change.kind]
        for change in passage.changes
        if change.kind not in told
    ]
    moved = any(change.moved and change.kind is not ChangeKind.MOVED for change in passage.changes)
    return ", ".join([*notes, "moved"] if moved else notes)


def _marked(pieces: Sequence[Piece], indent: str, first: str | None = None) -> str:
    """A paragraph of pieces broken at the width of the terminal, what was removed and added marked."""
    parts = []
    for piece in pieces:
        start, end = MARKS.get(piece.op, ("", ""))
        parts.append(start + MARK.sub("", piece.text) + end)
    lines = wrap("".join(parts), indent=indent, first=indent if first is None else first).split("\n")
    if not may_colour():
        return MARK.sub(lambda found: PLAIN_MARKS[found[0]], "\n".join(lines))
    return "\n".join(_coloured(lines, indent))


def _coloured(lines: Sequence[str], indent: str) -> Iterator[str]:
    """Lines with colours for marks; a colour ends with its line and goes on behind the next indent."""
    colour = ""
    for place, line in enumerate(lines):
        margin = indent if place and line.startswith(indent) else ""
        text = margin + colour + line[len(margin) :]
        for found in MARK.findall(line):
            colour = COLOURS.get(found, "")
            text = text.replace(found, colour or END_COLOUR, 1)
        yield text + (END_COLOUR if colour else "")


def _html_section(section: SectionDiff) -> str:
    parts = []
    for changed, run in groupby(section.passages, key=lambda passage: bool(passage.changes) or passage.block.kind == "heading"):
        passages = list(run)
        blocks = "\n".join(map(_html_passage, passages))
        folded = f"<details><summary>{count(len(passages), 'block')} unchanged</summary>\n{blocks}\n</details>"
        parts.append(blocks if changed else folded)
    return "<section>\n" + "\n".join(parts) + "\n</section>"


def _html_passage(passage: Passage) -> str:
    block = passage.block
    if block.kind == "break":
        text, tag = "* * *", "p"
    else:
        text, tag = _html_pieces(passage.pieces), f"h{min(max(block.level, 2), 6)}" if block.kind == "heading" else "p"
    if not passage.changes:
        return f"<{tag}>{text}</{tag}>"
    titles = ", ".join(TITLES[change.kind] for change in passage.changes)
    return f'<{tag} class="changed"><small>{html.escape(titles)}</small><br>\n{text}</{tag}>'


def _html_pieces(pieces: Sequence[Piece]) -> str:
    tags = {Op.REMOVED: "del", Op.ADDED: "ins"}
    texts = ((tags.get(piece.op), html.escape(plain(piece.text)).replace("\n", "<br>\n")) for piece in pieces)
    return "".join(f"<{tag}>{text}</{tag}>" if tag else text for tag, text in texts)


def _revision_facts(stored: StoredRevision) -> dict[str, Any]:
    return {
        "revision": stored.number, "fetched_at": _iso(stored.fetched_at), "read_at": _iso(stored.read_at),
        "reader": stored.reader, "capture_id": stored.capture_id,
    }  # fmt: skip


def _passage_facts(passage: Passage) -> dict[str, Any]:
    kinds = [change.kind.value for change in passage.changes]
    return {"block": passage.block.kind, "changes": kinds, "pieces": _plain_pieces(passage.pieces)}


def _plain_pieces(pieces: Sequence[Piece]) -> list[list[str]]:
    return [[piece.op.value, piece.text] for piece in pieces]


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


FORMS: dict[str, Callable[[Diff], str]] = {"text": as_text, "html": as_html, "json": as_json}
"""Name of a format -> what writes it."""
