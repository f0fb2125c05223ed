"""A stored article as a person reads it: text, Markdown, HTML or JSON."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING

from archive.export.markdown import as_markdown
from crawler.terminal import bold, count, dim, plain, wrap

if TYPE_CHECKING:
    from archive.revision import Revision, RevisionBlock
    from archive.rights import Rights
    from archive.rows import RevisionLine, StoredArticle, StoredCopy, StoredEvent, StoredRevision

_CLOSE = {"list_item", "table_row"}


def article_facts(article: StoredArticle) -> dict[str, object]:
    """The facts of an article for JSON, without its text."""
    facts = {name: getattr(article, name) for name in article.__dataclass_fields__ if name != "text"}
    return {name: _time(value) if isinstance(value, datetime) else value for name, value in facts.items()}


def as_json(stored: StoredRevision) -> str:
    """The whole revision with its sections, what was left out, and the evidence; indented."""
    revision = asdict(stored.revision)
    for name in ("authors", "blocks", "evidence"):
        revision[name] = [part._asdict() for part in revision[name]]
    times = {"read_at": _time(stored.read_at), "fetched_at": _time(stored.fetched_at)}
    whole = {"article_id": stored.article_id, "revision": stored.number, **times, **revision}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def history_notes(lines: Sequence[RevisionLine], events: Sequence[StoredEvent]) -> list[str]:
    """The past of an article in a line or two: how often it changed, and what last happened at its address."""
    notes = []
    if len(lines) > 1:
        changes = sum(number for line in lines for number in line.changes.values())
        notes.append(f"{len(lines)} revisions with {count(changes, 'change')}: `morgue diff` shows the last")
    if events:
        last = events[-1]
        detail = f" ({last.detail})" if last.detail else ""
        notes.append(f"{last.kind.replace('_', ' ')}{detail}: {last.moment.astimezone(UTC):%Y-%m-%d %H:%M}")
    return notes


def copy_notes(copies: Sequence[StoredCopy], article_id: int) -> list[str]:
    """In a line, who had the story of an article first and how many have it; nothing of one without copies."""
    if not copies:
        return []
    first = copies[0]
    who = "had first here" if first.article_id == article_id else f"had first by {first.site} (article {first.article_id})"
    sites = len({copy.site for copy in copies})
    return [f"One of {len(copies):,} copies on {count(sites, 'site')}, {who}: `morgue why` lists them"]


def rights_notes(rights: Rights | None) -> list[str]:
    """What page and host say of its use, in a line each; nothing where they say nothing."""
    if rights is None:
        return []
    page = [name for name in ("noindex", "noarchive", "nosnippet", "noai", "noimageai") if getattr(rights, name)]
    if rights.unavailable_after:
        page.append(f"unavailable after {rights.unavailable_after:%Y-%m-%d %H:%M}")
    page += _reserved(rights.tdm, rights.ai_train, rights.rsl)
    page += ["paywalled"] if rights.paywalled else []
    page += [f"licence {rights.licence}"] if rights.licence else []
    notes = [f"page says: {', '.join(page)}"] if page else []
    host = rights.host
    if host is not None:
        said = _reserved(host.tdm, host.ai_train, host.rsl)
        said += [f"robots.txt forbids it to {', '.join(host.ai_agents)}"] if host.ai_agents else []
        notes += [f"host says: {', '.join(said)}"] if said else []
    return notes


def _reserved(tdm: bool | None, ai_train: bool | None, rsl: str | None) -> list[str]:
    said = [] if tdm is None else ["text and data mining reserved" if tdm else "text and data mining not reserved"]
    said += [] if ai_train is None else ["training allowed" if ai_train else "no training"]
    return said + ([f"RSL licence {rsl}"] if rsl else [])


def as_text(stored: StoredRevision, notes: Sequence[str] = ()) -> str:
    """The article as a page of text, lines broken at the width of the terminal.

    Args:
        stored: the reading.
        notes: further lines under the facts of the article.
    """
    revision = stored.revision
    parts = [bold(wrap(revision.title or "(no title)"))]
    if revision.dek:
        parts.append(wrap(revision.dek))
    parts.append("\n".join(dim(wrap(line, indent="  ", first="")) for line in (*_facts(stored), *notes)))
    for ordered, group in _groups(_body(revision)):
        parts.append("\n".join(_text_block(block, number if ordered else None) for number, block in enumerate(group, start=1)))
    return "\n\n".join(parts)


def as_html(stored: StoredRevision) -> str:
    """The article as an HTML page of its own, with nothing in it but what was read."""
    revision = stored.revision
    title = html.escape(revision.title or "(no title)")
    facts = "".join(f"<p>{html.escape(line)}</p>\n" for line in _facts(stored))
    dek = f'<p class="dek">{html.escape(revision.dek)}</p>\n' if revision.dek else ""
    body = "\n".join(_html_group(ordered, group) for ordered, group in _groups(_body(revision)))
    lang = f' lang="{html.escape(revision.lang)}"' if revision.lang else ""
    return (
        f'<!DOCTYPE html>\n<html{lang}>\n<head><meta charset="utf-8"><title>{title}</title>\n'
        f'<link rel="canonical" href="{html.escape(revision.url)}"></head>\n<body>\n<article>\n'
        f"<header>\n<h1>{title}</h1>\n{dek}{facts}</header>\n{body}\n</article>\n</body>\n</html>"
    )


def removed_lines(revision: Revision) -> Iterator[str]:
    """What was left out of the body, grouped by label, with the reason for each block."""
    left_out = sorted((block for block in revision.blocks if block.section is None), key=lambda block: block.label)
    for label, group in groupby(left_out, key=lambda block: block.label):
        blocks = list(group)
        yield bold(f"{label} ({len(blocks)})")
        for block in blocks:
            yield wrap(block.text, indent="    ", first="  - ")
            if block.reason:
                yield dim(f"    because {block.reason}")
        yield ""


def _facts(stored: StoredRevision) -> Iterator[str]:
    """Byline, dates and address, a line each."""
    revision = stored.revision
    names = ", ".join(author.name for author in revision.authors)
    if revision.byline or names:
        yield revision.byline or names
    if revision.published:
        changed = f", modified {_moment(revision.modified)}" if revision.modified else ""
        yield f"{_moment(revision.published)}{changed}"
    yield revision.url
    rest = [revision.section, ", ".join(revision.tags), revision.lang, f"{revision.word_count:,} words"]
    yield " · ".join(part for part in rest if part)


def _body(revision: Revision) -> list[RevisionBlock]:
    return [block for block in revision.blocks if block.section is not None]


def _groups(blocks: list[RevisionBlock]) -> Iterator[tuple[bool, list[RevisionBlock]]]:
    """Items of a list and rows of a table together, other blocks alone; with whether they are numbered."""

    def key(pair: tuple[int, RevisionBlock]) -> tuple[str, bool, int]:
        place, block = pair
        return block.kind, block.ordered, 0 if block.kind in _CLOSE else place + 1

    for (_, ordered, _), pairs in groupby(enumerate(blocks), key=key):
        yield ordered, [block for _, block in pairs]


def _text_block(block: RevisionBlock, number: int | None = None) -> str:
    indent = "  " * max(block.depth, 1)
    match block.kind:
        case "heading":
            return bold(wrap(block.text))
        case "break":
            return "* * *"
        case "list_item":
            mark = f"{number}. " if number else "- "
            return wrap(block.text, indent=indent + "  ", first=indent[2:] + mark)
        case "quote":
            return wrap(block.text, indent="  | ")
        case "code":
            return "\n".join("    " + plain(line) for line in block.text.splitlines())
        case "caption":
            return dim(wrap(block.text, indent="  "))
        case _:
            return wrap(block.text)


def _html_group(ordered: bool, blocks: list[RevisionBlock]) -> str:
    kind, texts = blocks[0].kind, [html.escape(block.text).replace("\n", "<br>\n") for block in blocks]
    match kind:
        case "heading":
            level = min(max(blocks[0].level, 2), 6)
            return f"<h{level}>{texts[0]}</h{level}>"
        case "break":
            return "<hr>"
        case "list_item":
            tag = "ol" if ordered else "ul"
            return f"<{tag}>\n" + "\n".join(f"<li>{text}</li>" for text in texts) + f"\n</{tag}>"
        case "table_row":
            return "<table>\n" + "\n".join(f"<tr><td>{text}</td></tr>" for text in texts) + "\n</table>"
        case "quote":
            return f"<blockquote><p>{texts[0]}</p></blockquote>"
        case "code":
            return f"<pre><code>{html.escape(blocks[0].text)}</code></pre>"
        case "caption":
            return f"<p><small>{texts[0]}</small></p>"
        case _:
            return f"<p>{texts[0]}</p>"


def _moment(iso: str) -> str:
    """An ISO time as it is read: a space for the T."""
    return iso.replace("T", " ")


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


FORMS: dict[str, Callable[[StoredRevision], str]] = {"text": as_text, "json": as_json, "markdown": as_markdown, "html": as_html}
"""Name of a format -> what writes it."""
