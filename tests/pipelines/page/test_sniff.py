from __future__ import annotations

import pytest

from pipelines.page.sniff import sniff_format

PLAIN = "Storm closes harbour\n\nThe cranes came loose.\n\n---\n\nMore."

CASES = {
    "content type": ("A", None, "text/html; charset=utf-8", "html"),
    "content type of Markdown": ("A", None, "text/markdown", "markdown"),
    "content type of text": (PLAIN, "https://p.example/a.html", "text/plain", "text"),
    "a document served as text": ("<!DOCTYPE html><p>A", None, "text/plain", "html"),
    "Markdown served as text": ("# A", "https://p.example/a.md", "text/plain", "markdown"),
    "a page of tags whose address ends in html": ("<p>A", "https://p.example/a.html?x=1.txt", None, "html"),
    "the text of a page whose address ends in html": (PLAIN, "https://p.example/a.html", None, "text"),
    "a text about tags": (f"{PLAIN} Use <p>, not <br>, and never <span>. {PLAIN * 9}", "https://p.example/a.html", None, "text"),
    "a warning before the document": ("Warning: no port.\n<html lang=en>\n<p>A", None, None, "html"),
    "ending md": ("A", "https://p.example/a.md", None, "markdown"),
    "ending txt": ("A", "https://p.example/a.TXT", None, "text"),
    "a document called txt": ("\ufeff\n<html><p>A", "https://p.example/a.txt", None, "html"),
    "a comment before the document": ("<!-- saved -->\n<!doctype html>", None, None, "html"),
    "an XML declaration": ('<?xml version="1.0"?><html>', None, None, "html"),
    "a fragment": ("<p>A</p>", None, None, "html"),
    "tags in the text": ("A <a href=x>b</a><p>c</p>", None, None, "html"),
    "front matter": ("---\ntitle: A\n---\nB", None, None, "markdown"),
    "TOML front matter": ('+++\ntitle = "A"\n+++\nB', None, None, "markdown"),
    "Markdown signs": ("# A\n\nSee [b](c).", None, None, "markdown"),
    "breaks alone are text": (PLAIN, None, None, "text"),
    "a break first is text": ("---\n\n" + PLAIN, None, None, "text"),
    "a tag in prose is text": ("The <b> element.", None, None, "text"),
    "an address that cannot be parsed": (PLAIN, "http://[", None, "text"),
    "nothing": ("", None, None, "text"),
}


NAMES = {
    "a text": ("# A\n\n**Bold**", "/tmp/a.txt", "text"),
    "a packed text": ("# A\n\n**Bold**", "a.txt.gz", "text"),
    "Markdown": (PLAIN, "a.md", "markdown"),
    "a document called txt": ("<!doctype html><p>A", "a.txt", "html"),
    "no ending": ("# A\n\n**Bold**", "a", "markdown"),
}


@pytest.mark.parametrize(("text", "name", "expected"), NAMES.values(), ids=NAMES.keys())
def test_the_name_of_the_file_says_what_was_saved(text: str, name: str, expected: str) -> None:
    assert sniff_format(text, "https://p.example/a.html", name=name) == expected


@pytest.mark.parametrize(("text", "url", "content_type", "expected"), CASES.values(), ids=CASES.keys())
def test_format(text: str, url: str | None, content_type: str | None, expected: str) -> None:
    headers = (("content-type", content_type),) if content_type else ()
    assert sniff_format(text, url, headers) == expected
