"""A revision, by itself."""

from __future__ import annotations

import copy
import pickle

from archive.revision import RevisionAuthor, RevisionBlock, RevisionEvidence
from tests.archive.samples import revision


def test_a_revision_crosses_processes_unchanged() -> None:
    before = revision()
    after = pickle.loads(pickle.dumps(before))
    assert after == before
    assert after.digest == before.digest


def test_the_parts_of_a_revision_keep_their_names_in_another_process() -> None:
    after = pickle.loads(pickle.dumps(revision()))
    assert {type(part) for part in after.blocks} == {RevisionBlock}
    assert {type(part) for part in after.evidence} == {RevisionEvidence}
    assert {type(part) for part in after.authors} == {RevisionAuthor}


def test_a_copied_revision_is_the_same() -> None:
    assert copy.copy(revision()) == revision()
