from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Archive
from archive.export.file_names import file_name
from archive.export.markdown import as_markdown, write_markdown
from archive.revision import Revision, RevisionAuthor, RevisionBlock
from archive.rows import StoredRevision
from pipelines import read_article, read_page
from pipelines.page.markdown import parse_markdown, split_front_matter
from pipelines.stages.store import to_revision
from tests.archive.samples import NOW, article_visit, revision

LINE = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp")), min_size=1)
WORDS = st.text(st.sampled_from("ab *_#>-+=~|1.)(&;!`\\[]<:/é日"), min_size=1)

TEXT = st.one_of(LINE, WORDS).map(lambda text: " ".join(text.split())).filter(lambda text: any(map(str.isalnum, text)))
"""What has no letter and no digit is a rule to the reader."""


def stored(*blocks: RevisionBlock, **facts: Any) -> StoredRevision:
    return StoredRevision(1, 1, NOW, NOW, "1", 1, (), revision(blocks=blocks, **facts))


def body(kind: str, text: str, **more: Any) -> RevisionBlock:
    return RevisionBlock(kind, "article", text, section=0, **more)


def read(markdown: str) -> list[tuple[str, str]]:
    page = parse_markdown(markdown, url=None, fetched=None)
    return [(str(block.kind), block.text if block.kind == "code" else " ".join(block.text.split())) for block in page.blocks]


@given(st.one_of(st.text(st.characters(blacklist_categories=("Cs",))), LINE))
def test_front_matter_reads_back_whatever_the_title_is(title: str) -> None:
    text = as_markdown(stored(title=title or "x", tags=(title, "b")))
    loaded = yaml.safe_load(text.split("\n---\n")[0])
    assert loaded["title"] == (title or "x")
    assert loaded["tags"] == [title, "b"]


@settings(max_examples=150)
@given(st.lists(TEXT, min_size=1, max_size=4))
def test_paragraphs_read_back_as_they_were(texts: list[str]) -> None:
    found = read(as_markdown(stored(*[body("paragraph", text) for text in texts], title="T", dek=None)))
    assert [text for _, text in found[1:]] == texts


def test_each_kind_of_block_reads_back() -> None:
    blocks = [
        body("paragraph", "One\ntwo # three\n- four"),
        body("heading", "C#", level=3),
        body("list_item", "a", depth=1, ordered=True),
        body("list_item", "1. inner", depth=2),
        body("list_item", "b", depth=1, ordered=True),
        body("quote", "so\n# said"),
        body("table_row", "n | m"),
        body("table_row", "1 | 2 | 3"),
        body("code", "```\nx = *y*\n```"),
        body("break", ""),
        body("paragraph", "End &amp; *stop*"),
    ]
    text = as_markdown(stored(*blocks, title="T", dek=None))
    assert "1. a\n   - 1\\. inner\n2. b" in text
    assert read(text)[1:] == [
        ("paragraph", "One two # three - four"),
        ("heading", "C#"),
        ("list_item", "a"),
        ("list_item", "1. inner"),
        ("list_item", "b"),
        ("quote", "so # said"),
        ("table_row", "n | m"),
        ("table_row", "1 | 2 | 3"),
        ("code", "```\nx = *y*\n```"),
        ("break", ""),
        ("paragraph", "End &amp; *stop*"),
    ]


def test_the_readers_front_matter_names_its_fields(archive: Archive, tmp_path: Path) -> None:
    archive.commit(None, [article_visit()], NOW)
    assert write_markdown(archive.articles(), tmp_path, archive) == 1
    path = tmp_path / "tern.example" / "2026" / "2026-08-22-night-ferry-returns-1.md"
    pairs, text = split_front_matter(path.read_text(encoding="utf-8"))
    assert ("url", "https://tern.example/harbour/night-ferry-returns") in pairs
    assert [value for key, value in pairs if key == "authors"] == ["Mai Ó Súilleabháin", "Jo van der Berg"]
    assert ("people.role", "harbour reporter") in pairs
    assert ("captured", "2026-08-22T10:05:00Z") in pairs
    assert text.lstrip().startswith("# Night ferry returns\n\n*After nine years")
    assert text.endswith("Nobody had expected it.\n")


def test_the_reader_reads_the_same_article_back(archive: Archive, tmp_path: Path) -> None:
    paragraphs = ["The ferry left at dusk, and the whole town stood at the quay to see it go out past the light. " * 3] * 4
    archive.commit(None, [article_visit("https://tern.example/a", *[f"{n}. {text}" for n, text in enumerate(paragraphs)])], NOW)
    write_markdown(archive.articles(), tmp_path, archive)
    (path,) = tmp_path.rglob("*.md")
    article = read_article(read_page(path.read_bytes(), url="https://tern.example/a", fetched=NOW, from_file=True))
    assert article.title.value == "Night ferry returns"
    assert article.dek.value == "After nine years the boat sails again"
    assert [person.name for person in article.authors.value or ()] == ["Mai Ó Súilleabháin", "Jo van der Berg"]
    assert article.published.value is not None
    assert article.published.value.text == "2026-08-22"


def test_an_export_reads_back_whole_however_unlike_an_article_it_looks() -> None:
    blocks = [
        body("caption", "The quay at dusk. Photo: Ida Holm"),
        body("paragraph", "Sources: [1](a), 4 | 5"),
        RevisionBlock("heading", "article", "Comments", 3, section=1),
        RevisionBlock("list_item", "article", "Share this", depth=1, section=1),
        RevisionBlock("table_row", "article", "Boats | 3", section=1),
        RevisionBlock("quote", "article", "Aye.", section=1),
        RevisionBlock("code", "article", "x = *y*", section=1),
        RevisionBlock("paragraph", "article", "By Jo Lind, 3 May 2019", section=1),
        RevisionBlock("heading", "article", "A title inside", 1, section=2),
        RevisionBlock("heading", "article", "404", 1, section=3),
        RevisionBlock("heading", "article", "The deepest", 6, section=4),
    ]
    people = (RevisionAuthor("Mai Ó", "person", "reporter", "https://tern.example/mai"), RevisionAuthor("Desk", "organisation"))
    text = "\n\n".join(["It sails again", *(block.text for block in blocks if block.kind != "caption")])
    first = stored(*blocks, title="404", dek="It sails again", byline="By Mai Ó and Desk", authors=people, text=text).revision
    page = read_page(
        as_markdown(StoredRevision(1, 1, NOW, NOW, "1", 1, (), first)).encode(), url=first.url, name="a.md", from_file=True
    )
    again = to_revision(read_article(page), first.url)
    assert read_article(page).verdict.is_article
    assert [block[:7] for block in again.blocks if block.section is not None] == [block[:7] for block in first.blocks]
    for field in ("url", "title", "dek", "byline", "authors", "published", "modified", "lang", "section", "tags", "text"):
        assert getattr(again, field) == getattr(first, field)


def test_an_export_with_a_title_as_long_as_a_book_is_an_article() -> None:
    facts = {"title": "word " * 20_000 + "end", "byline": "Ada " + "Lind " * 9_000 + "end"}
    page_bytes = as_markdown(stored(body("paragraph", "Only this."), dek=None, **facts)).encode()
    told = read_article(read_page(page_bytes, url="https://tern.example/a", name="a.md", from_file=True))
    assert (told.verdict.is_article, told.title.value, told.text) == (True, facts["title"], "Only this.")
    answered = read_page(page_bytes, url="https://tern.example/a", name="a.md")
    assert answered.head.front_matter == ()


def test_a_dek_that_the_page_did_not_print_stays_out_of_the_text() -> None:
    first = stored(body("paragraph", "Only this."), title="T", dek="For machines", text="Only this.").revision
    page = read_page(
        as_markdown(StoredRevision(1, 1, NOW, NOW, "1", 1, (), first)).encode(), url=first.url, name="a.md", from_file=True
    )
    assert (read_article(page).dek.value, read_article(page).text) == ("For machines", "Only this.")


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"title": "../../etc/passwd"}, "tern.example/2026/2026-08-22-etc-passwd-1.md"),
        ({"title": "日本語"}, "tern.example/2026/2026-08-22-1.md"),
        ({"title": None, "published": None}, "tern.example/undated/undated-1.md"),
        ({"title": "Ünïcödé " * 30}, "tern.example/2026/2026-08-22-unicode-unicode-unicode-unicode-unicode-unicode-unicode-1.md"),
        ({"site": "con.example"}, "_con.example/2026/2026-08-22-night-ferry-returns-1.md"),
        ({"site": "../up"}, "up/2026/2026-08-22-night-ferry-returns-1.md"),
        ({"published": "2026-08"}, "tern.example/2026/2026-08-night-ferry-returns-1.md"),
    ],
)
def test_file_names_are_safe(archive: Archive, facts: dict[str, Any], name: str) -> None:
    made: Revision = revision(**facts)
    archive.commit(None, [article_visit(revision=made)], NOW)
    (article,) = archive.articles()
    assert file_name(article, ".md") == name


def test_people_are_told_of_only_where_a_name_is_not_all() -> None:
    plain = as_markdown(stored(authors=(RevisionAuthor("Ada Lind", "person"),)))
    assert "people" not in plain
