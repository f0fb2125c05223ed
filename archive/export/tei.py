"""Articles as TEI P5: one corpus, or a file an article.

What stands in the article is in the body, what is known of it in the header. Sections are `div`, each with its heading; the text
is as it was read, character by character, but for those that XML cannot hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from archive.export.body import Group, grouped, parted
from archive.export.file_names import file_name
from archive.export.markdown import CELLS
from archive.export.markup import Xml, element, lines
from archive.revision import Revision, RevisionAuthor, RevisionBlock
from archive.rows import StoredArticle, StoredRevision
from archive.timestamps import optional_stamp, stamp

if TYPE_CHECKING:
    from archive.archive import Archive

NAMESPACE = "http://www.tei-c.org/ns/1.0"
DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>\n"
LINE_END = Xml("<lb/>")
DEEPEST_LIST = 20
"""Lists that are nested deeper stand in this one."""
DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})?)?)?)?")
"""What `when` takes: xs:gYear, xs:gYearMonth, xs:date and xs:dateTime."""
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
URI = re.compile(r"[^\s<>\"{}|\\^`]+")
AVAILABILITY = "The rights in the text are with its publisher."


def write_tei(rows: Iterable[StoredArticle], stream: TextIO, archive: Archive) -> int:
    """Write one `teiCorpus` with a `TEI` an article; returns how many.

    Args:
        rows: the articles.
        stream: opened as UTF-8.
        archive: the one they come from; bodies and people are read from it.

    """
    count = 0
    stream.write(f'{DECLARATION}<teiCorpus xmlns="{NAMESPACE}">\n{_corpus_header()}\n')
    for count, article in enumerate(rows, start=1):  # noqa: B007
        stream.write(f"{_article(article, archive)}\n")
    if not count:  # a corpus is not valid without a text
        stream.write(element("TEI", _corpus_header(), element("text", element("body", element("p")))) + "\n")
    stream.write("</teiCorpus>\n")
    return count


def write_tei_folder(rows: Iterable[StoredArticle], folder: Path, archive: Archive) -> int:
    """Write each article to a file of its own; returns how many.

    Args:
        rows: the articles.
        folder: there, and empty; gets a folder a site and in it a folder a year.
        archive: the one they come from.

    """
    count = 0
    for count, article in enumerate(rows, start=1):  # noqa: B007
        path = folder / file_name(article, ".xml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{DECLARATION}{_article(article, archive, xmlns=NAMESPACE)}\n", encoding="utf-8", newline="")
    return count


def _article(article: StoredArticle, archive: Archive, **attributes: str) -> Xml:
    stored = archive.revision(article.id, article.newest, body_only=True)
    lang = article.lang if article.lang and LANGUAGE.fullmatch(article.lang) else None
    attributes["xml:id"] = f"article-{article.id}"
    text = element("text", element("body", *_body(stored.revision)))
    return element("TEI", _header(article, stored), text, **attributes, **{"xml:lang": lang})


def _corpus_header() -> Xml:
    return element(
        "teiHeader",
        element(
            "fileDesc",
            element("titleStmt", element("title", "Articles from an archive of web pages")),
            element("publicationStmt", element("p", AVAILABILITY)),
            element("sourceDesc", element("p", "Pages of the web as their servers answered; each text names its own.")),
        ),
    )


def _header(article: StoredArticle, stored: StoredRevision) -> Xml:
    revision = stored.revision
    names = list(_names(revision))
    licence = [element("licence", element("p", revision.licence))] if revision.licence else [element("p", AVAILABILITY)]
    described = element(
        "fileDesc",
        element("titleStmt", *names),
        element("extent", element("measure", f"{article.word_count} words", unit="words", quantity=str(article.word_count))),
        element(
            "publicationStmt",
            element("publisher", revision.site_name or article.site),
            element("availability", *licence),
            element("idno", f"{article.id}.{stored.number}", type="archive"),
        ),
        element("sourceDesc", _source(article, stored)),
    )
    encoded = element("encodingDesc", element("p", f"Read from the page by version {stored.reader} of the rules of morgue."))
    profiled = list(_profile(revision))
    return element("teiHeader", described, encoded, *([element("profileDesc", *profiled)] if profiled else []))


def _names(revision: Revision) -> Iterator[Xml]:
    yield element("title", revision.title or "(no title)", type="main")
    if revision.dek:
        yield element("title", revision.dek, type="sub")
    yield from (_author(author) for author in revision.authors)


def _author(author: RevisionAuthor) -> Xml:
    kind = "persName" if author.kind == "person" else "orgName"
    reference = author.url if author.url and URI.fullmatch(author.url) else None
    role = [", ", element("roleName", author.role)] if author.role else []
    return element("author", element(kind, author.name, ref=reference), *role)


def _source(article: StoredArticle, stored: StoredRevision) -> Xml:
    revision = stored.revision
    dates = [_date("published", revision.published, revision.published_earliest, revision.published_latest)]
    dates += [_date("modified", revision.modified), _date("captured", stamp(stored.fetched_at))]
    dates += [_date("last-seen", stamp(article.last_seen)), _date("withdrawn", optional_stamp(article.withdrawn))]
    return element(
        "bibl",
        *_names(revision),
        element("title", revision.site_name or article.site, level="j"),
        *(date for date in dates if date is not None),
        element("idno", revision.url, type="URL"),
        *([element("note", revision.byline, type="byline")] if revision.byline else []),
    )


def _date(kind: str, iso: str | None, earliest: str | None = None, latest: str | None = None) -> Xml | None:
    """A date at its precision; what `when` cannot say is between two moments. None where there is none."""
    if iso is None:
        return None
    if DATE.fullmatch(iso):
        return element("date", iso, type=kind, when=iso)
    bounds = {name: value for name, value in (("notBefore", earliest), ("notAfter", latest)) if value and DATE.fullmatch(value)}
    return element("date", iso, type=kind, **bounds)


def _profile(revision: Revision) -> Iterator[Xml]:
    if revision.description:
        yield element("abstract", element("p", revision.description))
    if revision.lang and LANGUAGE.fullmatch(revision.lang):
        yield element("langUsage", element("language", revision.lang, ident=revision.lang))
    lists = [("section", [revision.section] if revision.section else []), ("tags", list(revision.tags))]
    keywords = [element("keywords", *(element("term", term) for term in terms), n=name) for name, terms in lists if terms]
    if keywords:
        yield element("textClass", *keywords)


def _body(revision: Revision) -> Iterator[Xml]:
    made = [_division(heading, blocks) for heading, blocks in parted(revision)]
    yield from made or [element("p")]


def _division(heading: RevisionBlock | None, blocks: Sequence[RevisionBlock]) -> Xml:
    head = [_running("head", heading.text, rend=f"level-{heading.level}")] if heading else []
    content = [_block(group) for group in grouped(blocks)]
    return element("div", *head, *(content or [element("p")]), type="section")


def _block(group: Group) -> Xml:
    block = group.blocks[0]
    match group.kind:
        case "list_item":
            return _list(group.blocks)
        case "table_row":
            rows = (element("row", *(_running("cell", cell) for cell in row.text.split(CELLS))) for row in group.blocks)
            return element("table", *rows)
        case "quote":
            return element("quote", _running("p", block.text))
        case "code":
            return _running("ab", block.text, type="code", **{"xml:space": "preserve"})
        case "caption":
            return element("figure", _running("p", block.text))
        case "break":
            return element("milestone", unit="section", rend="rule")
        case "heading":
            return _running("p", block.text, rend=f"heading level-{block.level}")
        case _:
            return _running("p", block.text)


def _list(blocks: Sequence[RevisionBlock], deep: int = 1) -> Xml:
    """A list with the lists in its items: those of items that stand deeper than the first."""
    items: list[Xml] = []
    start = 0
    while start < len(blocks):
        end = start + 1
        while end < len(blocks) and blocks[end].depth > blocks[0].depth and deep < DEEPEST_LIST:
            end += 1
        inner = [_list(blocks[start + 1 : end], deep + 1)] if end > start + 1 else []
        items.append(element("item", *lines(blocks[start].text, LINE_END), *inner))
        start = end
    return element("list", *items, rend="numbered" if blocks[0].ordered else "bulleted")


def _running(tag: str, text: str, **attributes: str | None) -> Xml:
    """An element with running text."""
    return element(tag, *lines(text, LINE_END), **attributes)
