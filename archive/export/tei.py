"""Articles as TEI P5: one corpus, or a file an article.

What stands in the article is in the body, what is known of it in the header. Sections are `div`, each with its heading; the text
is as it was read, character by character, but for those that XML cannot hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from archive.export.body import Group, grouped, parted
from archive.export.file_names import file_name
from archive.export.markdown import CELLS
from archive.export.packages import needed
from archive.revision import Revision, RevisionAuthor, RevisionBlock
from archive.rows import StoredArticle, StoredRevision
from archive.timestamps import optional_stamp, stamp

if TYPE_CHECKING:
    from archive.archive import Archive

NAMESPACE = "http://www.tei-c.org/ns/1.0"
XML = "{http://www.w3.org/XML/1998/namespace}"
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold, however written."""
DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})?)?)?)?")
"""What `when` takes: xs:gYear, xs:gYearMonth, xs:date and xs:dateTime."""
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
URI = re.compile(r"[^\s<>\"{}|\\^`]+")
AVAILABILITY = "The rights in the text are with its publisher."


def write_tei(rows: Iterable[StoredArticle], stream: IO[bytes], archive: Archive) -> int:
    """Write one `teiCorpus` with a `TEI` an article; returns how many.

    Args:
        rows: the articles.
        stream: where to; it is not sought in.
        archive: the one they come from; bodies and people are read from it.

    """
    count = 0
    etree = needed("lxml.etree", "tei")
    with etree.xmlfile(stream, encoding="utf-8") as file:
        file.write_declaration()
        with file.element(_name("teiCorpus"), nsmap={None: NAMESPACE}):
            file.write("\n", _corpus_header(_Maker(etree)))
            for count, article in enumerate(rows, start=1):  # noqa: B007
                file.write("\n", tei_of(article, archive))
            file.write("\n" if count else _Maker(etree)("TEI", *_nothing(etree)))
    stream.write(b"\n")
    return count


def write_tei_folder(rows: Iterable[StoredArticle], folder: Path, archive: Archive) -> int:
    """Write each article to a file of its own; returns how many.

    Args:
        rows: the articles.
        folder: there, and empty; gets a folder a site and in it a folder a year.
        archive: the one they come from.

    """
    count = 0
    etree = needed("lxml.etree", "tei")
    for count, article in enumerate(rows, start=1):  # noqa: B007
        path = folder / file_name(article, ".xml")
        path.parent.mkdir(parents=True, exist_ok=True)
        made = tei_of(article, archive)
        path.write_bytes(etree.tostring(made, encoding="utf-8", xml_declaration=True) + b"\n")
    return count


def tei_of(article: StoredArticle, archive: Archive) -> Any:
    """Return an article as an lxml element `TEI`."""
    stored = archive.revision(article.id, article.newest, body_only=True)
    make = _Maker(needed("lxml.etree", "tei"))
    made = make("TEI", _header(make, article, stored), make("text", make("body", *_body(make, stored.revision))))
    made.set(f"{XML}id", f"article-{article.id}")
    if article.lang and LANGUAGE.fullmatch(article.lang):
        made.set(f"{XML}lang", article.lang)
    return made


class _Maker:
    """Makes elements of TEI: name, children (elements, or text), attributes; attributes that are None are left out."""

    def __init__(self, etree: Any) -> None:
        self._etree = etree

    def __call__(self, tag: str, *children: Any, **attributes: str | None) -> Any:
        given = {name.rstrip("_"): _clean(value) for name, value in attributes.items() if value is not None}
        made = self._etree.Element(_name(tag), given, nsmap={None: NAMESPACE})
        last = None
        for child in children:
            if not isinstance(child, str):
                made.append(child)
                last = child
            elif last is None:
                made.text = (made.text or "") + _clean(child)
            else:
                last.tail = (last.tail or "") + _clean(child)
        return made

    def lines(self, tag: str, text: str, **attributes: str | None) -> Any:
        """An element with running text, line ends as `lb`."""
        first, *further = text.splitlines() or [""]
        return self(tag, first, *(part for line in further for part in (self("lb"), line)), **attributes)


def _corpus_header(make: _Maker) -> Any:
    return make(
        "teiHeader",
        make(
            "fileDesc",
            make("titleStmt", make("title", "Articles from an archive of web pages")),
            make("publicationStmt", make("p", AVAILABILITY)),
            make("sourceDesc", make("p", "Pages of the web as their servers answered; each text names its own.")),
        ),
    )


def _header(make: _Maker, article: StoredArticle, stored: StoredRevision) -> Any:
    revision = stored.revision
    names = list(_names(make, revision))
    licence = [make("licence", make("p", revision.licence))] if revision.licence else [make("p", AVAILABILITY)]
    described = make(
        "fileDesc",
        make("titleStmt", *names),
        make("extent", make("measure", f"{article.word_count} words", unit="words", quantity=str(article.word_count))),
        make(
            "publicationStmt",
            make("publisher", revision.site_name or article.site),
            make("availability", *licence),
            make("idno", f"{article.id}.{stored.number}", type="archive"),
        ),
        make("sourceDesc", _source(make, article, stored)),
    )
    encoded = make("encodingDesc", make("p", f"Read from the page by version {stored.reader} of the rules of morgue."))
    profiled = make("profileDesc", *_profile(make, revision))
    return make("teiHeader", described, encoded, *([profiled] if len(profiled) else []))


def _names(make: _Maker, revision: Revision) -> Iterator[Any]:
    yield make("title", revision.title or "(no title)", type="main")
    if revision.dek:
        yield make("title", revision.dek, type="sub")
    yield from (_author(make, author) for author in revision.authors)


def _author(make: _Maker, author: RevisionAuthor) -> Any:
    kind = "persName" if author.kind == "person" else "orgName"
    reference = author.url if author.url and URI.fullmatch(author.url) else None
    role = [", ", make("roleName", author.role)] if author.role else []
    return make("author", make(kind, author.name, ref=reference), *role)


def _source(make: _Maker, article: StoredArticle, stored: StoredRevision) -> Any:
    revision = stored.revision
    dates = [_date(make, "published", revision.published, revision.published_earliest, revision.published_latest)]
    dates += [_date(make, "modified", revision.modified), _date(make, "captured", stamp(stored.fetched_at))]
    dates += [_date(make, "last-seen", stamp(article.last_seen)), _date(make, "withdrawn", optional_stamp(article.withdrawn))]
    return make(
        "bibl",
        *_names(make, revision),
        make("title", revision.site_name or article.site, level="j"),
        *(date for date in dates if date is not None),
        make("idno", revision.url, type="URL"),
        *([make("note", revision.byline, type="byline")] if revision.byline else []),
    )


def _date(make: _Maker, kind: str, iso: str | None, earliest: str | None = None, latest: str | None = None) -> Any:
    """A date at its precision; what `when` cannot say is between two moments. None where there is none."""
    if iso is None:
        return None
    if DATE.fullmatch(iso):
        return make("date", iso, type=kind, when=iso)
    bounds = {name: value for name, value in (("notBefore", earliest), ("notAfter", latest)) if value and DATE.fullmatch(value)}
    return make("date", iso, type=kind, **bounds)


def _profile(make: _Maker, revision: Revision) -> Iterator[Any]:
    if revision.description:
        yield make("abstract", make("p", revision.description))
    if revision.lang and LANGUAGE.fullmatch(revision.lang):
        yield make("langUsage", make("language", revision.lang, ident=revision.lang))
    lists = [("section", [revision.section] if revision.section else []), ("tags", list(revision.tags))]
    keywords = [make("keywords", *(make("term", term) for term in terms), n=name) for name, terms in lists if terms]
    if keywords:
        yield make("textClass", *keywords)


def _body(make: _Maker, revision: Revision) -> Iterator[Any]:
    made = [_division(make, heading, blocks) for heading, blocks in parted(revision)]
    yield from made or [make("p")]


def _division(make: _Maker, heading: RevisionBlock | None, blocks: Sequence[RevisionBlock]) -> Any:
    head = [make.lines("head", heading.text, rend=f"level-{heading.level}")] if heading else []
    content = [_element(make, group) for group in grouped(blocks)]
    return make("div", *head, *(content or [make("p")]), type="section")


def _element(make: _Maker, group: Group) -> Any:
    block = group.blocks[0]
    match group.kind:
        case "list_item":
            return _list(make, group.blocks)
        case "table_row":
            rows = (make("row", *(make.lines("cell", cell) for cell in row.text.split(CELLS))) for row in group.blocks)
            return make("table", *rows)
        case "quote":
            return make("quote", make.lines("p", block.text))
        case "code":
            code = make.lines("ab", block.text, type="code")
            code.set(f"{XML}space", "preserve")
            return code
        case "caption":
            return make("figure", make.lines("p", block.text))
        case "break":
            return make("milestone", unit="section", rend="rule")
        case "heading":
            return make.lines("p", block.text, rend=f"heading level-{block.level}")
        case _:
            return make.lines("p", block.text)


def _list(make: _Maker, blocks: Sequence[RevisionBlock]) -> Any:
    """A list with the lists in it; each item goes into the innermost that is open at its depth."""
    outer = make("list", rend="numbered" if blocks[0].ordered else "bulleted")
    opened = [(blocks[0].depth, outer)]
    for block in blocks:
        while len(opened) > 1 and opened[-1][0] > block.depth:
            opened.pop()
        depth, innermost = opened[-1]
        if block.depth > depth and len(innermost):
            inner = make("list", rend="numbered" if block.ordered else "bulleted")
            innermost[-1].append(inner)
            innermost = inner
            opened.append((block.depth, inner))
        innermost.append(make.lines("item", block.text))
    return outer


def _nothing(etree: Any) -> tuple[Any, Any]:
    """Header and text of no article: a corpus is not valid without a text."""
    make = _Maker(etree)
    return _corpus_header(make), make("text", make("body", make("p")))


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _clean(text: str) -> str:
    return NOT_IN_XML.sub("\ufffd", text)
