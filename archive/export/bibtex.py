"""Citations for LaTeX: BibTeX as biblatex and reference managers read it, UTF-8."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TextIO

from archive.export.citation import Citation, citations
from archive.export.names import Name
from archive.rows import StoredArticle

if TYPE_CHECKING:
    from archive.archive import Archive

SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", **{character: f"\\{character}" for character in "$&#_%"},
}  # fmt: skip
"""What LaTeX takes for commands. Braces have names, since BibTeX counts those behind a backslash too."""
NOT_IN_URL = re.compile(r"[\\{}\s]")
LANGUAGES = {
    "ar": "arabic", "bg": "bulgarian", "ca": "catalan", "cs": "czech", "cy": "welsh", "da": "danish", "de": "german",
    "el": "greek", "en": "english", "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian", "fi": "finnish",
    "fr": "french", "ga": "irish", "gl": "galician", "he": "hebrew", "hi": "hindi", "hr": "croatian", "hu": "hungarian",
    "id": "indonesian",
    "is": "icelandic", "it": "italian", "ja": "japanese", "ko": "korean", "lt": "lithuanian", "lv": "latvian", "nb": "norsk",
    "nl": "dutch", "nn": "nynorsk", "no": "norsk", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sk": "slovak", "sl": "slovenian", "sq": "albanian", "sr": "serbian", "sv": "swedish", "th": "thai", "tr": "turkish",
    "uk": "ukrainian", "vi": "vietnamese", "zh": "chinese",
}  # fmt: skip
"""ISO 639-1 -> name that babel and polyglossia know."""


def write_bibtex(rows: Iterable[StoredArticle], stream: TextIO, archive: Archive) -> int:
    """Write an entry `@online` an article; returns how many.

    Args:
        rows: the articles.
        stream: opened as UTF-8.
        archive: the one they come from.

    """
    count = 0
    for count, citation in enumerate(citations(rows, archive), start=1):
        fields = ",\n".join(f"  {name} = {{{value}}}" for name, value in _fields(citation))
        stream.write(f"{chr(10) if count > 1 else ''}@online{{{citation.key},\n{fields}\n}}\n")
    return count


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    if citation.authors:
        yield "author", " and ".join(map(_author, citation.authors))
    if citation.title:
        yield "title", f"{{{escaped(citation.title)}}}"  # in braces of its own, so that no style changes its capitals
    yield "organization", escaped(citation.publication)
    if citation.issued:
        year, *rest = citation.issued
        yield "date", "-".join([f"{year:04}", *(f"{part:02}" for part in rest)])
        yield "year", f"{year:04}"  # for styles that are older than biblatex
    yield "url", NOT_IN_URL.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), citation.url)
    yield "urldate", citation.accessed.isoformat()
    if citation.lang in LANGUAGES:
        yield "langid", LANGUAGES[citation.lang]
    if citation.abstract:
        yield "abstract", escaped(citation.abstract)
    if citation.keywords:
        yield "keywords", ", ".join(escaped(word).replace(",", ";") for word in citation.keywords)
    if citation.withdrawn:
        yield "note", f"Withdrawn; its address was found gone on {citation.withdrawn.isoformat()}"


def _author(author: Name | str) -> str:
    if isinstance(author, str):
        return f"{{{escaped(author)}}}"
    family = " ".join(part for part in (escaped(author.particle), _kept(author.family)) if part)
    return ", ".join(part for part in (family, _kept(author.suffix), _kept(author.given)) if part)


def _kept(part: str) -> str:
    """A part of a name; several words that BibTeX would take apart at small ones, commas or `and`, in braces."""
    words = part.split()
    apart = (
        "," in part or any(word[0].islower() for word in words[:-1]) or any(word.lower() in ("and", "others") for word in words)
    )
    return f"{{{escaped(part)}}}" if apart else escaped(part)


def escaped(text: str) -> str:
    """Text as LaTeX prints it; braces are balanced whatever it is."""
    return "".join(SPECIAL.get(character, character) for character in text)
