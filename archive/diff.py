"""Pure: two readings of an article laid out for somebody who wants to see what changed, word by word and by section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.changes import Change, ChangeKind, Comparison, Row, body_of, changes_by_row, compare_bodies, field_changes
from archive.revision import RevisionBlock
from archive.rows import StoredRevision
from archive.words import Op, Piece, compare_words


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """A field that changed."""

    change: Change
    pieces: tuple[Piece, ...]
    """What was removed, added and kept; of dates and tags the whole values."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A block of the old body, of the new one, or of both."""

    block: RevisionBlock
    """As it is now; as it was, where it was removed."""
    changes: tuple[Change, ...]
    """Empty where nothing changed."""
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class SectionDiff:
    """A section of the body with what changed in it."""

    heading: str | None
    """As it is now; as it was, where the heading was removed; None before the first heading."""
    passages: tuple[Passage, ...]
    """The heading among them, in order."""

    @property
    def changed(self) -> bool:
        """Whether anything in it did."""
        return any(passage.changes for passage in self.passages)


@dataclass(frozen=True, slots=True)
class Diff:
    """What changed from one revision of an article to another."""

    old: StoredRevision
    new: StoredRevision
    fields: tuple[FieldDiff, ...]
    sections: tuple[SectionDiff, ...]

    @property
    def changes(self) -> tuple[Change, ...]:
        """All changes, as `archive.changes.compare` gives them."""
        of_body = (change for section in self.sections for passage in section.passages for change in passage.changes)
        return (*(field.change for field in self.fields), *of_body)

    @property
    def other_rules(self) -> bool:
        """Whether the two were read with other rules, so that the rules may be all that changed."""
        return self.old.reader != self.new.reader

    @property
    def same_page(self) -> bool:
        """Whether they were read from one capture, so that the rules are all that changed."""
        return self.old.capture_id == self.new.capture_id


def diff(old: StoredRevision, new: StoredRevision) -> Diff:
    """Lay out what changed from one revision to another."""
    fields = tuple(FieldDiff(change, _field_pieces(change)) for change in field_changes(old.revision, new.revision))
    comparison = compare_bodies(body_of(old.revision), body_of(new.revision))
    passages = [_passage(comparison, row, changes) for row, changes in changes_by_row(comparison)]
    return Diff(old, new, fields, tuple(_sections(passages)))


def _field_pieces(change: Change) -> tuple[Piece, ...]:
    if change.kind in {ChangeKind.HEADLINE, ChangeKind.DEK, ChangeKind.BYLINE}:
        return compare_words(change.before or "", change.after or "")
    whole = (Piece(Op.REMOVED, change.before or ""), Piece(Op.ADDED, change.after or ""))
    return tuple(piece for piece in whole if piece.text)


def _passage(comparison: Comparison, row: Row, changes: tuple[Change, ...]) -> Passage:
    before = None if row.before is None else comparison.old[row.before]
    after = None if row.after is None else comparison.new[row.after]
    block = after or before
    assert block is not None
    if before is None or after is None:
        return Passage(block, changes, (Piece(Op.ADDED if before is None else Op.REMOVED, block.text),))
    return Passage(block, changes, compare_words(before.text, after.text))


def _sections(passages: Sequence[Passage]) -> list[SectionDiff]:
    """Cut at each heading, the removed ones too."""
    parts: list[list[Passage]] = [[]]
    for passage in passages:
        if passage.block.kind == "heading" and parts[-1]:
            parts.append([])
        parts[-1].append(passage)
    return [SectionDiff(_heading(part), tuple(part)) for part in parts if part]


def _heading(passages: Sequence[Passage]) -> str | None:
    first = passages[0].block
    return first.text if first.kind == "heading" else None
