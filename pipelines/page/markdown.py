"""Markdown to `Page`: front matter into the head, the rest rendered to HTML and read as such."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import yaml
from markdown_it import MarkdownIt

from pipelines.page.html import parse_html
from pipelines.page.page import Page

FRONT_MATTER_CHARS = 20_000
"""Longer front matter is none."""
MAPPING_DEPTH = 3
"""Mappings nested deeper are left out."""

_YAML = re.compile(r"\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.S | re.M)
_TOML = re.compile(r"\s*\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*$\n?", re.S | re.M)
_HEADER = re.compile(r"\A\s*((?:[A-Za-z][\w-]*:[ \t]*.*\n)+)\n")
_HEADER_LINE = re.compile(r"([A-Za-z][\w-]*):[ \t]*(.*)")
_HEADER_KEYS = frozenset({"title", "date", "author", "authors", "slug", "tags", "category", "summary"})
"""A header without fences needs two of these; any line of prose may hold a colon."""


def parse_markdown(text: str, *, url: str | None, fetched: datetime | None, headers: tuple[tuple[str, str], ...] = ()) -> Page:
    """Read a Markdown document, with or without front matter, into a page. Never raises, whatever the text."""
    pairs, body = split_front_matter(text)
    page = parse_html(_renderer().render(body), url=url, fetched=fetched, headers=headers)
    given = dict(reversed(pairs))
    lang = given.get("lang") or given.get("language") or page.head.lang
    head = replace(page.head, front_matter=pairs, title=given.get("title", page.head.title), lang=lang)
    return replace(page, head=head, format="markdown")


def split_front_matter(text: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """Split YAML (`---`), TOML (`+++`) or unfenced `Key: value` front matter from the body; no pairs where there is none."""
    for pattern, load in ((_YAML, _load_yaml), (_TOML, _load_toml)):
        match = pattern.match(text)
        if match and len(match.group(1)) <= FRONT_MATTER_CHARS:
            loaded = load(match.group(1))
            if loaded is not None:
                return tuple(_pairs(loaded, "", MAPPING_DEPTH)), text[match.end() :]
    return _split_header(text)


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def _load_yaml(text: str) -> dict[Any, Any] | None:
    try:
        loaded = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  it makes nothing but strings, lists and dicts
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
    return loaded if isinstance(loaded, dict) else None


def _load_toml(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None


def _pairs(value: Any, key: str, depth: int) -> Iterator[tuple[str, str]]:
    """Flatten to pairs: a list gives one each element, a mapping in a mapping a dotted key."""
    if isinstance(value, dict):
        if depth:
            for name, inner in value.items():
                yield from _pairs(inner, f"{key}.{name}".lower().lstrip("."), depth - 1)
    elif isinstance(value, list):
        for inner in value:
            if not isinstance(inner, list):
                yield from _pairs(inner, key, depth)
    elif isinstance(value, (datetime, date, time)):
        yield key, value.isoformat()
    elif value is not None and str(value).strip():
        yield key, str(value).strip()


def _split_header(text: str) -> tuple[tuple[tuple[str, str], ...], str]:
    match = _HEADER.match(text)
    if not match:
        return (), text
    pairs = tuple((key.lower(), value.strip()) for key, value in _HEADER_LINE.findall(match.group(1)))
    if len(_HEADER_KEYS.intersection(key for key, _ in pairs)) < 2:
        return (), text
    return pairs, text[match.end() :]
