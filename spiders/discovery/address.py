"""What the shape of an address alone tells: its segments, words, dates, numbers and the folders it stands in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, unquote, urlsplit

PAGE_EXTENSIONS = frozenset({"html", "htm", "xhtml", "shtml", "php", "asp", "aspx", "jsp", "cfm", "do", "ece", "story", "amp"})
"""Endings that a page's address may have and that are no part of its words."""

WORD_CHARACTERS_UNSPACED = 2
"""In scripts written without spaces, so many characters count as one word of an address."""

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_MONTH = r"(?:0?[1-9]|1[0-2]|jan\w*|feb\w*|mar\w*|apr\w*|may|mai|jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|okt\w*|nov\w*|de[cz]\w*)"
_DATE = re.compile(
    rf"/(?:[a-z]{{1,12}}-)?(?:19|20)\d\d(?:[/_-]{_MONTH}(?:[/_-](?:0?[1-9]|[12]\d|3[01]))?(?=[/_.-]|$)|[01]\d[0-3]\d(?=[/_.-]|$))"
    rf"|/(?:0?[1-9]|[12]\d|3[01])[/_-]{_MONTH}[/_-](?:19|20)\d\d(?=[/_.-]|$)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"/(?:19|20)\d\d(?=/)")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{5,}(?!\d)")
_HEX = re.compile(
    r"(?:^|[-_/.])(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{8,40}$|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE
)
_CODE = re.compile(r"^(?=(?:\D*\d){2})(?=(?:[^a-z]*[a-z]){2})[a-z0-9]{8,}$", re.IGNORECASE)
_NAMED_NUMBER = re.compile(
    r"(?:^|[-_.])(?:artikel|articles?|articulo|artigo|art|story|stories|post|news|node|beitrag|meldung|item|id|n|a|c|s)[-_.]?\d{2,}$"
    r"|^\d{2,}[-_.](?:artikel|article|story)$"
)


@dataclass(frozen=True)
class Shape:
    """An address taken apart. Everything is lower case and percent-decoded."""

    host: str
    path: str
    query: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, url: str) -> Shape:
        """Take an absolute http(s) address apart; the caller has checked that it is one."""
        parts = urlsplit(url)
        query = tuple((name.lower(), value.lower()) for name, value in parse_qsl(parts.query, keep_blank_values=True))
        return cls(parts.netloc.lower(), unquote(parts.path).lower() or "/", query)

    @cached_property
    def extension(self) -> str:
        """Of the last segment, without its dot; empty where there is none or it is too long to be one."""
        found = re.search(r"\.([a-z][a-z0-9]{1,10})$", self.path)
        return found[1] if found else ""

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """Segments of the path without empty ones; the last without the extension of a page, and not at all if it is an index."""
        parts = [part for part in self.path.split("/") if part]
        if parts and self.extension in PAGE_EXTENSIONS:
            parts[-1] = parts[-1][: -len(self.extension) - 1]
            if parts[-1] in {"index", "default"}:
                del parts[-1]
        return tuple(parts)

    @property
    def last(self) -> str:
        """The last segment; empty for the front page."""
        return self.segments[-1] if self.segments else ""

    @property
    def is_front(self) -> bool:
        """Whether this is the front page of its host."""
        return not self.segments and not self.query

    @cached_property
    def slug_words(self) -> int:
        """Words in the longest-worded of the last two segments: an id may stand after the words."""
        return max((count_words(segment) for segment in self.segments[-2:]), default=0)

    @cached_property
    def last_words(self) -> int:
        """Words in the last segment."""
        return count_words(self.last)

    @cached_property
    def date_end(self) -> int | None:
        """Where in the path a date ends that is exact to the month at least; None without one."""
        found = _DATE.search(self.path)
        return found.end() if found else None

    @property
    def has_date(self) -> bool:
        """Whether something that could be an article comes after a date."""
        return self.date_end is not None and bool(re.search(r"[^\W\d_]|\d{3,}", self._stem[self.date_end :]))

    @property
    def ends_in_date(self) -> bool:
        """Whether the path is that of a year, month or day."""
        if self.date_end is not None:
            return not self.has_date
        return bool(re.fullmatch(r"(?:19|20)\d\d", self.last))

    @property
    def has_year(self) -> bool:
        """Whether a folder is a year."""
        return bool(_YEAR.search(self.path))

    @cached_property
    def _stem(self) -> str:
        return self.path[: -len(self.extension) - 1] if self.extension else self.path

    @property
    def has_id(self) -> bool:
        """Whether one of the last two segments carries a number or code as databases give them."""
        return any(
            _LONG_NUMBER.search(part) or _HEX.search(part) or _CODE.match(part) or _NAMED_NUMBER.search(part)
            for part in self.segments[-2:]
        )

    @property
    def has_short_number(self) -> bool:
        """Whether the last segment is a number of up to four digits."""
        return bool(re.fullmatch(r"\d{1,4}", self.last))


def count_words(segment: str) -> int:
    """Count the words of a segment: what hyphens and the like separate and holds a letter; unspaced scripts by their length."""
    unspaced = len(_UNSPACED.findall(segment))
    if unspaced >= 2 * WORD_CHARACTERS_UNSPACED:
        return unspaced // WORD_CHARACTERS_UNSPACED
    words = [word for word in re.split(r"[-_+ .,~:!']+", segment) if re.search(r"[^\W\d_]", word) and not _HEX.fullmatch(word)]
    return len(words)
