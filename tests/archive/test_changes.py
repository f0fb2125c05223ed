from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.alignment import align
from archive.changes import Change, ChangeKind, apply_to_body, body_of, compare
from archive.revision import Revision, RevisionBlock
from archive.typos import is_typo
from archive.words import Op, compare_words, tokens
from tests.archive.samples import revision

KIND = ChangeKind
TEXT = (
    "The night ferry left Tern Sound at dusk with ninety people and two goats aboard.",
    "Nobody on the quay had expected the boat to sail before the spring repairs were done.",
    "The harbour master said that the pumps would be looked at again in the morning.",
)


def body(*paragraphs: str) -> Revision:
    return revision("https://tern.example/a", *paragraphs)


def blocks(*texts: str, kind: str = "paragraph") -> Revision:
    return replace(revision(), blocks=tuple(RevisionBlock(kind, "article", text, section=0) for text in texts))


def kinds(old: Revision, new: Revision) -> list[ChangeKind]:
    return [change.kind for change in compare(old, new)]


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"title": "Night ferry sinks"}, KIND.HEADLINE),
        ({"dek": None}, KIND.DEK),
        ({"byline": "By Jo van der Berg"}, KIND.BYLINE),
        ({"published": "2026-08-23"}, KIND.PUBLISHED),
        ({"modified": "2026-08-23T10:00:00Z"}, KIND.MODIFIED),
        ({"section": "Crime"}, KIND.FILED),
        ({"tags": ("ferries",)}, KIND.TAGS),
    ],
)
def test_each_field_has_a_class(facts: dict[str, object], kind: ChangeKind) -> None:
    assert kinds(revision(), replace(revision(), **facts)) == [kind]


def test_a_date_counted_back_from_the_fetch_changes_nothing() -> None:
    old = replace(revision(), published="2026-05", published_basis="relative")
    assert compare(old, replace(old, published="2026-06")) == ()
    assert kinds(old, replace(old, published_basis="declared")) == [KIND.PUBLISHED]


def test_a_paragraph_is_added_removed_edited_or_moved() -> None:
    a, b, c = TEXT
    assert kinds(body(a, c), body(a, b, c)) == [KIND.ADDED]
    assert kinds(body(a, b, c), body(a, c)) == [KIND.REMOVED]
    assert kinds(body(a, b, c), body(a, b.replace("spring repairs", "costly autumn repairs"), c)) == [KIND.EDITED]
    assert kinds(body(a, b, c), body(b, c, a)) == [KIND.MOVED]


def test_a_paragraph_that_moved_and_changed_is_one_change() -> None:
    a, b, c = TEXT
    changes = compare(body(a, b, c), body(b, c, a.replace("two goats", "six geese")))
    assert [(change.kind, change.moved) for change in changes] == [(KIND.EDITED, True)]


def test_unrelated_paragraphs_at_one_place_are_removed_and_added() -> None:
    assert kinds(body(TEXT[0]), body("Prices of herring rose again, said the co-operative on Monday.")) == [
        KIND.REMOVED,
        KIND.ADDED,
    ]


@pytest.mark.parametrize(
    "note",
    [
        "Correction: an earlier version gave the wrong number of goats.",
        "Correction, 4 May 2026: there were two goats.".replace(",", " on"),
        "Editor’s note: this story was changed.",
        "An earlier version of this article said that the ferry sank.",
        "This article was amended on 4 May 2026 to correct the number of goats.",
        "Berichtigung: Es waren zwei Ziegen.",
        "In einer früheren Version hieß es, die Fähre sei gesunken.",
        "Rectificatif : il y avait deux chèvres.",
        "Fe de errores: eran dos cabras.",
        "訂正：ヤギは二頭でした。",
    ],
)
def test_a_note_of_correction_is_known(note: str) -> None:
    assert kinds(body(*TEXT), body(*TEXT, note)) == [KIND.CORRECTION]
    assert [c.after for c in compare(body(*TEXT, note), body(*TEXT))] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "Corrections officers went on strike.", "Update: the ferry has arrived.", "The version of events given is disputed.",
        "The version of this story that she tells is better.",
    ],
)  # fmt: skip
def test_what_only_sounds_like_a_correction_is_a_paragraph(text: str) -> None:
    assert kinds(body(*TEXT), body(*TEXT, text)) == [KIND.ADDED]


def test_headings_and_captions_have_their_own_classes() -> None:
    old, new = revision(), revision()
    heading = replace(old, blocks=(replace_text(old.blocks[0], "The boat"), *old.blocks[1:]))
    assert [(c.kind, c.before, c.after) for c in compare(old, heading)] == [(KIND.HEADING, "A late start", "The boat")]
    caption = RevisionBlock("caption", "article", "The quay.", section=0)
    assert kinds(old, replace(new, blocks=(*new.blocks, caption))) == [KIND.CAPTION]


def replace_text(block: RevisionBlock, text: str) -> RevisionBlock:
    return block._replace(text=text)


def test_the_same_words_in_another_form_are_layout() -> None:
    old = blocks(*TEXT)
    new = replace(old, blocks=(old.blocks[0]._replace(kind="heading", level=2), *old.blocks[1:]))
    assert [(c.kind, c.before, c.after) for c in compare(old, new)] == [(KIND.LAYOUT, "paragraph", "heading 2")]
    ruled = replace(old, blocks=(*old.blocks, RevisionBlock("break", "article", "", section=1)))
    assert [(c.kind, c.before, c.after) for c in compare(old, ruled)] == [(KIND.LAYOUT, None, "break")]


def test_a_change_names_its_section() -> None:
    new = revision("https://tern.example/a", "The ferry left at dawn.", "Nobody had expected it.")
    assert [(c.section, c.kind) for c in compare(body(), new)] == [("A late start", KIND.EDITED)]


def test_boilerplate_is_no_change() -> None:
    old = revision()
    assert compare(old, replace(old, blocks=old.blocks[:-1])) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Teh goats were late.", "The goats were late."),
        ("The goverment paid.", "The government paid."),
        ("They recieved it.", "They received it."),
        ("It was definately so.", "It was definitely so."),
        ("It occured twice.", "It occurred twice."),
        ("The goats, were late.", "The goats were late."),
        ("The goats were late", "The goats were late."),
        ('She said "yes".', "She said “yes”."),
        ("It is its  end.", "It is its end."),
        ("They met everyday.", "They met every day."),
        ("He did it - again.", "He did it – again."),
    ],
)
def test_spelling_and_punctuation_are_typos(old: str, new: str) -> None:
    assert is_typo(old, new, lambda: {"the"})
    assert is_typo(new, old, lambda: {"the"})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("There were 12 goats.", "There were 13 goats."),
        ("It cost 1.500 crowns.", "It cost 1,500 crowns."),
        ("It cost $5 then.", "It cost €5 then."),
        ("It fell by -5 degrees.", "It fell by 5 degrees."),
        ("It rose 5% then.", "It rose 5 then."),
        ("He is guilty.", "He is not guilty."),
        ("He is now guilty.", "He is not guilty."),
        ("He could go.", "He couldn’t go."),
        ("It was legal.", "It was illegal."),
        ("It was lawful.", "It was unlawful."),
        ("Mr Smith left.", "Mr Smyth left."),
        ("Smith left.", "Smyth left."),
        ("A million goats.", "A billion goats."),
        ("he said so.", "she said so."),
        ("An officer came.", "An officers came."),
        ("Prices will increase.", "Prices will decrease."),
        ("They import fish.", "They export fish."),
        ("There was a fire.", "There was a fare."),
        ("He did it.", "He did it?"),
        ("The truth is out.", "The “truth” is out."),
        ("He may march.", "He may March."),
        ("Il est venu.", "Il n'est pas venu."),
        ("Er hat kein Geld.", "Er hat ein Geld."),
        ("彼は行った。", "彼は言った。"),
        ("The goats were late.", "The goats were very late."),
        ("", "a"),
        ("same", "same"),
    ],
)
def test_what_may_change_the_meaning_is_no_typo(old: str, new: str) -> None:
    assert not is_typo(old, new)
    assert not is_typo(new, old)


def test_a_typo_in_a_paragraph_is_classed_as_such() -> None:
    assert kinds(body(*TEXT), body(TEXT[0], TEXT[1].replace("expected", "expcted"), TEXT[2])) == [KIND.TYPO]
    changes = compare(revision(), replace(revision(), title="Night ferry, returns"))
    assert [(c.kind, c.typo) for c in changes] == [(KIND.HEADLINE, True)]


WORDS = st.sampled_from(["goat", "ferry", "not", "12", "Tern", "船", "quay.", "—", "the", "late"])
LINES = st.lists(WORDS, max_size=12).map(" ".join)
BLOCKS = st.lists(
    st.builds(
        lambda text, kind, level: RevisionBlock(
            kind if text.strip() else "break", "article", text.strip(), level if kind == "heading" and text.strip() else 0
        ),
        LINES, st.sampled_from(["paragraph", "heading", "caption", "quote"]), st.integers(2, 3),
    ),
    max_size=14,
)  # fmt: skip
READINGS = st.builds(
    lambda parts, title, dek: replace(revision(), blocks=tuple(parts), title=title, dek=dek), BLOCKS, LINES, st.none() | LINES
)


@given(READINGS)
def test_a_reading_does_not_differ_from_itself(reading: Revision) -> None:
    assert compare(reading, reading) == ()


@given(READINGS, READINGS)
@settings(max_examples=150, deadline=None)
def test_the_changes_make_the_new_text_of_the_old_one(old: Revision, new: Revision) -> None:
    changes = compare(old, new)
    assert apply_to_body([b.text for b in body_of(old)], changes) == [b.text for b in body_of(new)]
    assert bool(changes) == (old.digest != new.digest)


OPPOSITE = {KIND.ADDED: KIND.REMOVED, KIND.REMOVED: KIND.ADDED}


@given(READINGS, READINGS)
@settings(max_examples=150, deadline=None)
def test_the_way_back_has_as_many_changes_of_each_class(old: Revision, new: Revision) -> None:
    there, back = compare(old, new), compare(new, old)
    assert Counter(map(turned, there)) == Counter(change._replace(section=None, block=None) for change in back)


def turned(change: Change) -> Change:
    return change._replace(
        kind=OPPOSITE.get(change.kind, change.kind), section=None, block=None, before=change.after, after=change.before,
        before_position=change.after_position, after_position=change.before_position,
    )  # fmt: skip


@given(st.text(max_size=60), st.text(max_size=60))
def test_pieces_hold_both_texts(old: str, new: str) -> None:
    pieces = compare_words(old, new)
    assert "".join(p.text for p in pieces if p.op is not Op.ADDED) == old
    assert "".join(p.text for p in pieces if p.op is not Op.REMOVED) == new
    assert "".join(tokens(old)) == old


def test_words_are_compared_whole_and_characters_where_there_are_no_spaces() -> None:
    assert compare_words("two old goats", "three goats") == (("removed", "two old"), ("added", "three"), ("same", " goats"))
    assert compare_words("船が出た", "船は出た") == (("same", "船"), ("removed", "が"), ("added", "は"), ("same", "出た"))


@given(st.lists(st.integers(0, 6), max_size=30), st.lists(st.integers(0, 6), max_size=30))
def test_aligned_items_are_equal_and_ascend(old: list[int], new: list[int]) -> None:
    pairs = align(old, new)
    assert all(old[i] == new[j] for i, j in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))


def test_a_page_of_thousands_of_blocks_is_compared() -> None:
    old = [f"Entry {i}: {' '.join(str(i * k % 97) for k in range(20))}" for i in range(3000)]
    new = [f"New entry {i}" for i in range(20)] + old[:1500] + old[1510:] + old[1500:1510]
    found = Counter(kinds(blocks(*old), blocks(*new)))
    assert found == {KIND.ADDED: 20, KIND.MOVED: 10}
    rows = list(chain.from_iterable([f"row {i % 3}"] * 2 for i in range(2000)))
    assert Counter(kinds(blocks(*rows, kind="table_row"), blocks(*rows[1:], kind="table_row"))) == {KIND.REMOVED: 1}
