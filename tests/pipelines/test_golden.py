"""Golden pages: one difficulty each, one test a case and field."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipelines import Article, read_article, read_page
from pipelines.fields import ArticleDate

GOLDEN = Path(__file__).parent.parent / "golden"
FORMATS = {".html": "html", ".txt": "text", ".md": "markdown"}
CASES = sorted(folder.name for folder in GOLDEN.iterdir() if (folder / "article.json").exists())


def truth_of(case: str) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads((GOLDEN / case / "article.json").read_text("utf-8"))
    return truth


@cache
def article_of(case: str) -> Article:
    facts = tomllib.loads((GOLDEN / case / "facts.toml").read_text("utf-8"))
    page = next((GOLDEN / case).glob("page.*"))
    headers = [(name, value) for name, value in facts["headers"]]
    return read_article(
        read_page(page.read_bytes(), url=facts.get("url"), fetched=facts["fetched"], headers=headers, format=FORMATS[page.suffix])
    )


def date_as_read(date: ArticleDate | None) -> dict[str, str] | None:
    return {"text": date.text, "precision": date.precision} if date else None


def read_field(article: Article, name: str) -> Any:
    match name:
        case "authors":
            return [author.name for author in article.authors.value or ()]
        case "published" | "modified":
            return date_as_read(getattr(article, name).value)
        case "tags":
            return list(article.tags.value or ())
        case "is_article":
            return article.verdict.is_article
        case "sections":
            return [
                {"heading": section.heading, "blocks": [{"kind": block.kind, "text": block.text} for block in section.blocks]}
                for section in article.sections
            ]
    return getattr(article, name).value


FIELDS = [(case, name) for case in CASES for name in truth_of(case) if name != "left_out"]
LEFT_OUT = [
    (case, label, text) for case in CASES for label, texts in truth_of(case).get("left_out", {}).items() for text in texts
]


@pytest.mark.parametrize(("case", "name"), FIELDS)
def test_field_of_a_golden_page_equals_its_truth(case: str, name: str) -> None:
    assert read_field(article_of(case), name) == truth_of(case)[name]


@pytest.mark.parametrize(("case", "label", "text"), LEFT_OUT)
def test_text_left_out_of_a_golden_page_has_its_label(case: str, label: str, text: str) -> None:
    assert {item.label for item in article_of(case).blocks if item.block.text == text} == {label}


@pytest.mark.parametrize("case", CASES)
def test_golden_page_says_what_is_difficult_about_it(case: str) -> None:
    assert (GOLDEN / case / "why.md").read_text("utf-8").strip()
