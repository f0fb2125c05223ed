from __future__ import annotations

from datetime import UTC, datetime

from pipelines import read_article, read_page
from pipelines.item import Response
from pipelines.stages.extract import read_responses

TEXT = """---
title: The lamp is lit
url: https://other.example/not-its-own
exported_by: morgue
---

# The lamp is lit

Ham.
"""
CONFIDENT = "written by the export of an archive"


def test_a_file_that_an_export_wrote_is_taken_at_its_word() -> None:
    article = read_article(read_page(TEXT, url="https://quay.example/lamp", format="markdown", from_file=True))
    assert (article.verdict.reason, article.url.value) == (CONFIDENT, "https://other.example/not-its-own")


def test_an_answer_of_a_server_that_says_so_is_read_as_any_other() -> None:
    article = read_article(read_page(TEXT, url="https://quay.example/lamp", format="markdown"))
    plain = read_article(read_page(TEXT.replace("exported_by: morgue\n", ""), url="https://quay.example/lamp", format="markdown"))
    assert article.verdict.reason != CONFIDENT
    assert (article.text, article.verdict, article.url) == (plain.text, plain.verdict, plain.url)


def test_what_a_crawl_fetched_is_no_file() -> None:
    fetched, headers = datetime(2026, 8, 22, tzinfo=UTC), (("Content-Type", "text/markdown"),)
    reasons = [
        read_responses((Response("https://quay.example/lamp.md", fetched, 200, headers, TEXT.encode(), kind),)).reason
        for kind in ("response", "rendered", "file")
    ]
    assert [reason == CONFIDENT for reason in reasons] == [False, False, True]
