"""Markdown to `Page`: front matter into the head, the rest rendered to HTML and read as such.

Converters from HTML write Markdown that no renderer reads as they meant it: addresses broken at their hyphens or with spaces in
them, links around several blocks, nested lists that stand as far in as code. These are put right before rendering.
"""

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
"""Longer front matter is none, but for that of a file that the export wrote: titles are as long as their pages have them."""
CODE_INDENT = 4
"""Columns from which a line that is set in is code."""
MAPPING_DEPTH = 3
"""Mappings nested deeper are left out."""
EXPORTED = ("exported_by", "morgue")
"""The pair of the front matter of a file that `morgue export markdown` wrote."""

_EXPORTED_LINE = re.compile(rf"^{EXPORTED[0]}[ \t]*:[ \t]*[\"']?{EXPORTED[1]}[\"']?[ \t]*$", re.M)
_YAML = re.compile(r"\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.S | re.M)
_TOML = re.compile(r"\s*\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*$\n?", re.S | re.M)
_HEADER = re.compile(r"\A\s*((?:[A-Za-z][\w-]*:[ \t]*.*\n)+)\n")
_HEADER_LINE = re.compile(r"([A-Za-z][\w-]*):[ \t]*(.*)")
_ADDRESS = r"(?:[^\s()<>]|\([^\s()<>]*\))+"
_BROKEN_ADDRESS = re.compile(rf"(?<=\]\()[ \t]*{_ADDRESS}(?:\n[ \t]*(?![\"']){_ADDRESS})+(?=\)|\s+[\"'])")
_SPACED_ADDRESS = re.compile(r"(?<=\]\()(?=[a-z]+:|[/#?])([^\s()<>]+ (?!\s*[\"'(])[^()<>\n]*)(?=\))", re.I)
_WRAPPED_LINK = re.compile(r"\[[^\[\]]*\]\(")
_BRACKET = re.compile(r"\\.|`[^`\n]*`|\[|\]\(?")
_BLOCK_MARKS = re.compile(r"[\s>]*(?:#{1,6} +|[*+-] +|\d{1,3}[.)] +)?")
_SET_IN = re.compile(r"^(?: {4}|\t)[ \t]*(\S.*)$", re.M)
"""A line as far in as code."""
_ITEM = re.compile(r"^(?:[*+-]|\d{1,3}[.)]) +(?=\S)")
_LIST_OR_LINK = re.compile(r"[*+-] |\d{1,3}[.)] |.*\]\(")
_SLANTED = re.compile(r"<p>(?=<em>(?:[^<]|<br />)*</em></p>)")
"""The start of a paragraph that is emphasised as a whole, as an export writes captions."""
_HEADER_KEYS = frozenset({"title", "date", "author", "authors", "slug", "tags", "category", "summary"})
"""A header without fences needs two of these; any line of prose may hold a colon."""


def parse_markdown(
    text: str,
    *,
    url: str | None,
    fetched: datetime | None,
    headers: tuple[tuple[str, str], ...] = (),
    from_file: bool = False,
) -> Page:
    """Read a Markdown document, with or without front matter, into a page. Never raises, whatever the text.

    A server can write what it likes, so the front matter of an answer is not heard where it says that an export wrote it.
    """
    pairs, body = split_front_matter(text, from_file=from_file)
    if not from_file:
        pairs = tuple(pair for pair in pairs if pair != EXPORTED)
    page = parse_html(_render_exported(body) if EXPORTED in pairs else _render(body), url=url, fetched=fetched, headers=headers)
    given = dict(reversed(pairs))
    lang = given.get("lang") or given.get("language") or page.head.lang
    head = replace(page.head, front_matter=pairs, title=given.get("title", page.head.title), lang=lang)
    return replace(page, head=head, format="markdown")


def split_front_matter(text: str, *, from_file: bool = False) -> tuple[tuple[tuple[str, str], ...], str]:
    """Split YAML (`---`), TOML (`+++`) or unfenced `Key: value` front matter from the body; no pairs where there is none.

    That of an export is believed at any length where the user gave it as a file.
    """
    for pattern, load in ((_YAML, _load_yaml), (_TOML, _load_toml)):
        match = pattern.match(text)
        if match and (len(match[1]) <= FRONT_MATTER_CHARS or (from_file and _EXPORTED_LINE.search(match[1]))):
            loaded = load(match[1])
            if loaded is not None:
                return tuple(_pairs(loaded, "", MAPPING_DEPTH)), text[match.end() :]
    return _split_header(text)


def _render(body: str) -> str:
    tidy = _tidy(body) if "](" in body else body
    rendered: str = _renderer().render(tidy if _has_code(tidy) else _out_of_code(tidy))
    return rendered


def _render_exported(body: str) -> str:
    """Render what needs no tidying, and name its captions."""
    return _SLANTED.sub('<p class="caption">', _renderer().render(body))


def _tidy(body: str) -> str:
    """Make links of what a converter meant as such."""
    body = _BROKEN_ADDRESS.sub(lambda match: "".join(match.group().split()), body)
    body = _SPACED_ADDRESS.sub(r"<\1>", body)
    return "\n\n".join(_closed(chunk) if "[" in chunk or "](" in chunk else chunk for chunk in body.split("\n\n"))


def _closed(chunk: str) -> str:
    """Give a link that began before a block its opening bracket there, and take one that ends behind it away."""
    if chunk.lstrip().startswith("#"):
        chunk = _WRAPPED_LINK.sub(lambda match: match.group().replace("\n", " "), chunk)
    opened: list[int] = []
    missing = 0
    for match in _BRACKET.finditer(chunk):
        if match.group() == "[":
            opened.append(match.start())
        elif match.group().startswith("]"):
            if opened:
                opened.pop()
            else:
                missing += match.group() == "]("
    if opened and not chunk[opened[-1] + 1 :].strip():
        chunk = chunk[: opened[-1]].removesuffix("!")
    if missing:
        marks = _BLOCK_MARKS.match(chunk)
        at = marks.end() if marks else 0
        chunk = f"{chunk[:at]}{'[' * missing}{chunk[at:]}"
    return chunk


def _has_code(body: str) -> bool:
    """Tell whether lines that are set in are code, and not the lists and links of a converter."""
    lines = _SET_IN.findall(body)
    return sum(1 for line in lines if _LIST_OR_LINK.match(line)) * 2 < len(lines)


def _out_of_code(body: str) -> str:
    """Set lines in by no more than the list that they stand in asks for, so that none is code."""
    lines: list[str] = []
    items = [(0, 0)]
    fenced = False
    for line in body.split("\n"):
        text = _ITEM.sub(lambda match: f"{match.group().rstrip()} ", line.lstrip(), count=1)
        fenced ^= text.startswith("```")
        if not text or fenced:
            lines.append(line)
            continue
        indent = _indent(line)
        while len(items) > 1 and indent < items[-1][0]:
            items.pop()
        was, now = items[-1]
        at = now + indent - was if indent - was < CODE_INDENT else now
        lines.append(" " * at + text)
        if marker := _ITEM.match(text):
            items.append((indent + marker.end(), at + marker.end()))
    return "\n".join(lines)


def _indent(line: str) -> int:
    line = line.expandtabs(CODE_INDENT)
    return len(line) - len(line.lstrip())


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    renderer.validateLink = lambda _: True  # type: ignore[assignment, method-assign]
    return renderer


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
    """Flatten to pairs: a list gives one each element, a mapping in a mapping a dotted key, and its `name` comes first."""
    if isinstance(value, dict):
        if depth:
            for name, inner in sorted(value.items(), key=lambda item: item[0] != "name"):
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
