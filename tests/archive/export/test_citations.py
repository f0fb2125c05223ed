"""Citations, read back by the libraries that others use."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser import middlewares
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from archive import Archive
from archive.export.bibtex import _author, escaped, write_bibtex
from archive.export.csl import write_csl
from archive.export.names import split_name
from archive.export.ris import write_ris
from archive.revision import RevisionAuthor
from archive.visit import Outcome, Visit
from tests.archive.samples import NOW, URL, article_visit, revision

ODD = 'A {brace, 50% & $5 #1 ~x^ \\cmd_y "q" – 日本語}} @online{x,'
PEOPLE = (
    RevisionAuthor("Jo van der Berg", "person"),
    RevisionAuthor("Harbour and Sea Agency", "organisation"),
    RevisionAuthor("José Ortega y Gasset", "person"),
    RevisionAuthor("Martin King Jr.", "person"),
    RevisionAuthor("Madonna", "person"),
)


@pytest.fixture
def shelf(archive: Archive) -> Archive:
    odd, bare = "https://tern.example/a_b?c=%20{d}", "https://tern.example/bare"
    second = revision(odd, title=ODD, authors=PEOPLE, published="2026-08", dek=None, site_name=None, lang=None)
    third = revision(bare, title=None, authors=(), published=None, dek="Two\r\nlines\u2028", tags=("a, b",))
    archive.commit(None, [article_visit(), article_visit(odd, revision=second), article_visit(bare, revision=third)], NOW)
    return archive


def text(write: Any, archive: Archive) -> str:
    stream = io.StringIO(newline="")
    assert write(archive.articles(), stream, archive) == 3
    return stream.getvalue()


def entries(bibtex: str) -> list[Any]:
    library = bibtexparser.parse_string(bibtex, append_middleware=[middlewares.SeparateCoAuthors(), middlewares.SplitNameParts()])
    assert not library.failed_blocks
    return library.entries


def plain(latex: str) -> str:
    """What LaTeX prints; pylatexenc does not know the names of braces, and takes a circumflex for an accent."""
    for command, character in ((r"\textbraceleft{}", "⟨"), (r"\textbraceright{}", "⟩"), (r"\textasciicircum{}", "ˆ")):
        latex = latex.replace(command, character)
    return str(LatexNodes2Text().latex_to_text(latex)).translate(str.maketrans("⟨⟩ˆ", "{}^"))


def test_bibtex_is_read_by_others(shelf: Archive) -> None:
    first, second, bare = entries(text(write_bibtex, shelf))
    assert (first.key, first.entry_type, second.key, bare.key) == ("tern-example-1", "online", "tern-example-2", "tern-example-3")
    assert (first["date"], first["urldate"], first["organization"], first["langid"]) == (
        "2026-08-22", "2026-08-22", "The Tern", "english",
    )  # fmt: skip
    assert (second["date"], second["year"], second["organization"]) == ("2026-08", "2026", "tern.example")
    assert plain(second["title"]) == ODD
    assert second["url"] == "https://tern.example/a_b?c=%20%7Bd%7D"
    assert "title" not in bare
    assert bare["abstract"] == "Two lines"


def test_bibtex_keeps_people_apart_from_organisations(shelf: Archive) -> None:
    people = entries(text(write_bibtex, shelf))[1]["author"]
    assert [(p.first, p.von, p.last, p.jr) for p in people] == [
        (["Jo"], ["van", "der"], ["Berg"], []),
        ([], [], ["{Harbour and Sea Agency}"], []),
        (["José"], [], ["{Ortega y Gasset}"], []),
        (["Martin"], [], ["King"], ["Jr."]),
        ([], [], ["{Madonna}"], []),
    ]


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc"))), st.booleans())
def test_no_text_unbalances_the_braces(title: str, is_name: bool) -> None:
    made = _author(split_name(title) or title) if is_name else escaped(title)
    depth = 0
    for character in made:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0


def test_a_brace_in_a_particle_is_no_brace_of_bibtex(archive: Archive) -> None:
    odd = RevisionAuthor("Ada v{an_x Lind", "person")
    first = article_visit(URL, revision=revision(authors=(odd,)))
    archive.commit(None, [first, article_visit(f"{URL}-2"), article_visit(f"{URL}-3")], NOW)
    assert len(entries(text(write_bibtex, archive))) == 3


def test_ris_is_read_by_others(shelf: Archive) -> None:
    written = text(write_ris, shelf)
    assert written.count("\n") == written.count("\r\n")
    first, second, bare = rispy.loads(written)
    assert (first["type_of_reference"], first["id"], first["title"]) == ("NEWS", "tern-example-1", "Night ferry returns")
    assert first["authors"] == ["Ó Súilleabháin, Mai", "van der Berg, Jo"]
    assert (first["year"], first["date"], first["access_date"]) == ("2026", "2026/08/22/", "2026/08/22")
    assert second["authors"] == [
        "van der Berg, Jo", "Harbour and Sea Agency", "Ortega y Gasset, José", "King, Martin, Jr.", "Madonna",
    ]  # fmt: skip
    assert (second["date"], second["title"], second["urls"]) == ("2026/08//", ODD, ["https://tern.example/a_b?c=%20{d}"])
    assert "date" not in bare
    assert bare["abstract"] == "Two lines"


def test_csl_items_say_what_a_citation_needs(shelf: Archive) -> None:
    first, second, bare = json.loads(text(write_csl, shelf))
    assert first["issued"] == first["accessed"] == {"date-parts": [[2026, 8, 22]]}
    assert (second["issued"], second["container-title"]) == ({"date-parts": [[2026, 8]]}, "tern.example")
    assert second["author"] == [
        {"family": "Berg", "given": "Jo", "non-dropping-particle": "van der"},
        {"literal": "Harbour and Sea Agency"},
        {"family": "Ortega y Gasset", "given": "José"},
        {"family": "King", "given": "Martin", "suffix": "Jr."},
        {"literal": "Madonna"},
    ]
    assert set(bare) == {"id", "type", "container-title", "URL", "accessed", "language", "section", "abstract", "keyword"}


@pytest.mark.filterwarnings("ignore")
def test_a_citation_processor_makes_a_bibliography_of_it(shelf: Archive) -> None:
    items = json.loads(text(write_csl, shelf))[:1]
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    bibliography.register(Citation([CitationItem(items[0]["id"])]))
    (entry,) = map(str, bibliography.bibliography())
    assert "van der Berg, J." in entry
    assert "(2026)" in entry
    assert "Night ferry returns" in entry
    assert URL in entry


def test_no_articles_are_no_entries(archive: Archive) -> None:
    for write, expected in ((write_bibtex, ""), (write_ris, ""), (write_csl, "[]\n")):
        stream = io.StringIO()
        assert write(archive.articles(), stream, archive) == 0
        assert stream.getvalue() == expected


def test_a_withdrawn_article_says_so_and_keeps_its_key(archive: Archive) -> None:
    archive.commit(None, [article_visit(), Visit(URL, NOW + timedelta(days=3), Outcome.GONE, status=410)], NOW)
    stream = io.StringIO()
    write_csl(archive.articles(), stream, archive)
    (item,) = json.loads(stream.getvalue())
    assert (item["id"], item["note"]) == ("tern-example-1", "Withdrawn; its address was found gone on 2026-08-25")
