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
    "ending html": ("A", "https://p.example/a.html?x=1.txt", None, "html"),
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


@pytest.mark.parametrize(("text", "url", "content_type", "expected"), CASES.values(), ids=CASES.keys())
def test_format(text: str, url: str | None, content_type: str | None, expected: str) -> None:
    headers = (("content-type", content_type),) if content_type else ()
    assert sniff_format(text, url, headers) == expected
