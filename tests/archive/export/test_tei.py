"""The schema is our own, of what we write of TEI; all of TEI takes longer to load than these tests, and `bench proofs` has it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from archive import Archive
from archive.export.tei import NAMESPACE, write_tei, write_tei_folder
from archive.revision import RevisionAuthor, RevisionBlock
from tests.archive.samples import NOW, article_visit, revision

SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("tei_subset.rng")))
NAMES = {"t": NAMESPACE}
TEXT = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1)
KINDS = ("heading", "paragraph", "list_item", "quote", "table_row", "code", "caption", "break")
BLOCKS = st.lists(
    st.builds(
        lambda kind, text, level, depth, ordered, section: RevisionBlock(
            kind, "article", "" if kind == "break" else text, level, depth, ordered, section
        ),
        st.sampled_from(KINDS), TEXT, st.integers(1, 6), st.integers(1, 4), st.booleans(), st.integers(0, 2),
    )
)  # fmt: skip


def corpus(archive: Archive) -> Any:
    stream = io.StringIO()
    write_tei(archive.articles(), stream, archive)
    read = etree.fromstring(stream.getvalue().encode())
    SCHEMA.assertValid(read)
    return read


def commit(archive: Archive, **facts: Any) -> None:
    archive.commit(None, [article_visit(revision=revision(**facts))], NOW)


def texts(root: Any, path: str) -> list[str]:
    return ["".join(found.itertext()) for found in root.iterfind(f".//{path}", NAMES)]


def test_an_article_has_header_and_sections(archive: Archive) -> None:
    commit(archive, licence="CC BY 4.0")
    root = corpus(archive)
    assert texts(root, "t:TEI//t:titleStmt/t:title") == ["Night ferry returns", "After nine years the boat sails again"]
    assert texts(root, "t:titleStmt/t:author/t:persName") == ["Mai Ó Súilleabháin", "Jo van der Berg"]
    assert texts(root, "t:div/t:head") == ["A late start"]
    assert texts(root, "t:div/t:p") == ["The ferry left at dusk.", "Nobody had expected it."]
    assert texts(root, "t:licence") == ["CC BY 4.0"]


@pytest.mark.parametrize(
    ("published", "attributes"),
    [
        ("2026-08", {"type": "published", "when": "2026-08"}),
        ("2026-08-22T10:05:00+02:00", {"type": "published", "when": "2026-08-22T10:05:00+02:00"}),
        (
            "2026-08-22T10",
            {"type": "published", "notBefore": "2026-08-22T00:00:00+00:00", "notAfter": "2026-08-22T23:59:59+00:00"},
        ),
    ],
)
def test_a_date_stands_at_its_precision(archive: Archive, published: str, attributes: dict[str, str]) -> None:
    commit(archive, published=published)
    assert dict(corpus(archive).find(".//t:date[@type='published']", NAMES).attrib) == attributes


def test_lists_stand_in_lists_and_cells_in_rows(archive: Archive) -> None:
    def item(text: str, depth: int) -> RevisionBlock:
        return RevisionBlock("list_item", "article", text, depth=depth, section=0)

    blocks = (item("a", 1), item("b", 2), item("c", 2), item("d", 1), RevisionBlock("table_row", "article", "x | y", section=0))
    commit(archive, blocks=blocks)
    root = corpus(archive)
    assert [len(found) for found in root.iterfind(".//t:list", NAMES)] == [2, 2]
    assert texts(root, "t:cell") == ["x", "y"]


def test_an_organisation_is_no_person_and_a_bad_address_no_reference(archive: Archive) -> None:
    commit(
        archive,
        authors=(RevisionAuthor("Reuters", "organisation"), RevisionAuthor("A", "person", None, "https://x.example/a b")),
    )
    root = corpus(archive)
    assert texts(root, "t:titleStmt/t:author/t:orgName") == ["Reuters"]
    assert root.find(".//t:persName", NAMES).attrib == {}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(BLOCKS, st.one_of(st.none(), TEXT))
def test_any_article_is_valid(tmp_path: Path, blocks: list[RevisionBlock], title: str | None) -> None:
    path = tmp_path / "any.db"
    path.unlink(missing_ok=True)
    ordered = tuple(sorted(blocks, key=lambda block: block.section or 0))
    with Archive.create(path) as archive:
        commit(archive, blocks=ordered, title=title, text="x", byline=title, tags=(title,) if title else ())
        corpus(archive)


def test_no_articles_make_a_valid_corpus(archive: Archive) -> None:
    assert len(corpus(archive)) == 2


def test_a_folder_has_a_valid_file_an_article(archive: Archive, tmp_path: Path) -> None:
    for number in range(3):
        url = f"https://tern.example/{number}"
        archive.commit(None, [article_visit(url)], NOW)
    folder = tmp_path / "tei"
    folder.mkdir()
    assert write_tei_folder(archive.articles(), folder, archive) == 3
    files = sorted(folder.rglob("*.xml"))
    assert [path.name for path in files] == [f"2026-08-22-night-ferry-returns-{number}.xml" for number in (1, 2, 3)]
    for path in files:
        SCHEMA.assertValid(etree.parse(path))
