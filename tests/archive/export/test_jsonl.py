from __future__ import annotations

import io
import json

from archive import Archive
from archive.export import write_jsonl
from archive.revision import RevisionBlock
from tests.archive.samples import NOW, URL, article_visit, revision


def lines(archive: Archive) -> list[dict[str, object]]:
    stream = io.StringIO()
    count = write_jsonl(archive.articles(), stream, archive)
    read = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert len(read) == count
    return read


def test_a_line_holds_the_article_with_its_people_and_evidence(archive: Archive) -> None:
    archive.commit(None, [article_visit()], NOW)
    (line,) = lines(archive)
    assert (line["url"], line["title"], line["tags"]) == (URL, "Night ferry returns", ["ferries", "night"])
    assert line["authors"] == [
        {"name": "Mai Ó Súilleabháin", "kind": "person", "role": "harbour reporter", "url": None},
        {"name": "Jo van der Berg", "kind": "person", "role": None, "url": None},
    ]
    assert line["evidence"] == {
        "title": {"source": "json-ld", "place": "NewsArticle.headline", "raw": "Night ferry returns", "confidence": 0.95}
    }


def test_sections_hold_the_body_alone_in_its_order(archive: Archive) -> None:
    blocks = (
        RevisionBlock("paragraph", "article", "Before.", section=0),
        RevisionBlock("heading", "article", "After", level=3, section=1),
        RevisionBlock("list_item", "article", "One", section=1),
        RevisionBlock("break", "article", "", section=1),
        RevisionBlock("quote", "article", "Two\u2028two", section=1),
        RevisionBlock("paragraph", "footer", "© The Tern"),
    )
    archive.commit(None, [article_visit(revision=revision(blocks=blocks))], NOW)
    stream = io.StringIO()
    write_jsonl(archive.articles(), stream, archive)
    assert json.loads(stream.getvalue())["sections"] == [
        {"heading": None, "level": 0, "paragraphs": ["Before."]},
        {"heading": "After", "level": 3, "paragraphs": ["One", "Two\u2028two"]},
    ]
