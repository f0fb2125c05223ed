"""The name of a site inside a title: `Ferry sails again | The Courier`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from urllib.parse import urlsplit

from pipelines.surroundings import squeezed, word_set, words_of

LONGEST_SITE_NAME = 6
"""Words; a longer last segment of a title belongs to it."""

SHORTEST_MATCH = 3
"""Letters of a segment that may stand for the site because it is a part of the host."""

_SEPARATOR = re.compile(r"\s+[|»«·•–—:\-›<>~/]+\s+|\s*\|\s*|\s+::\s+|\s*[»›]\s*")
_CLEAR = frozenset("|»«·•›")
_ARTICLES = word_set("the der die das le la les el il o de het www com online")
_ARCHIVES = word_set("blogarchiv blogarchive blogarchives")
"""What old themes of WordPress put between the name of the blog and the title, squeezed."""
_UNNAMING = word_set("www amp mobile blog news com org net edu gov")
"""Labels of a host that name no site."""


def known_names(declared: Iterable[str], url: str | None) -> frozenset[str]:
    """The declared names of the site and those of its host, letters and digits alone."""
    return frozenset({squeezed(name) for name in declared} | _host_names(url)) - {""}


def site_names(declared: Iterable[str], url: str | None, title_element: str) -> frozenset[str]:
    """Forms of the site's name, letters and digits alone.

    They are the known names, segments of the title element that resemble them, and its last segment where that is short.
    """
    names = set(known_names(declared, url))
    segments = _SEPARATOR.split(title_element)
    if not _ARCHIVES.isdisjoint(map(squeezed, segments)):
        names.update(_ARCHIVES, [squeezed(segments[0])])
    for place, segment in enumerate(segments[1:], 1):
        if _resembles(segment, frozenset(names)) or (place == len(segments) - 1 and _is_behind_title(segments)):
            names.add(squeezed(segment))
    return frozenset(name for name in names if name)


def _is_behind_title(segments: list[str]) -> bool:
    """Whether the last segment is short and stands behind a title of at least its length and three words more."""
    last = len(words_of(segments[-1]))
    return last <= LONGEST_SITE_NAME and sum(len(words_of(segment)) for segment in segments[:-1]) >= last + 3


def _host_names(url: str | None) -> set[str]:
    try:
        host = urlsplit(url or "").hostname or ""
    except ValueError:
        return set()
    labels = [label for label in host.split(".")[:-1] if len(label) >= SHORTEST_MATCH and label not in _UNNAMING]
    return {squeezed(host)} | set(map(squeezed, labels))


def is_site_name(text: str, sites: frozenset[str]) -> bool:
    """Whether a text is nothing but the name of the site."""
    name = squeezed(text)
    bare = _bare(text)
    return bool(name) and (name in sites or bare in sites or any(bare and bare == _bare_squeezed(site) for site in sites))


def _bare(text: str) -> str:
    return "".join(word for word in words_of(text) if word not in _ARTICLES)


def _bare_squeezed(site: str) -> str:
    for prefix in ("www", "the", "der", "die", "das"):
        site = site.removeprefix(prefix)
    return site


def _resembles(segment: str, sites: frozenset[str]) -> bool:
    """Whether a segment of a title is the site's name, a form of it or its initials."""
    name, bare = squeezed(segment), _bare(segment)
    if not name or len(words_of(segment)) > LONGEST_SITE_NAME:
        return False
    if is_site_name(segment, sites):
        return True
    if len(bare) < SHORTEST_MATCH:
        return False
    beginnings = set(accumulate(word for word in words_of(segment) if word not in _ARTICLES))
    initials = "".join(word[0] for word in words_of(segment))
    return any(
        (bare in site and 2 * len(bare) > len(site))
        or (len(site) > SHORTEST_MATCH and site in beginnings)
        or (len(initials) > 2 and initials == site)
        for site in sites
    )


def cuts_of(title: str) -> Iterator[str]:
    """The parts of a title that begin or end at a sign which sites put between it and their name; not the whole."""
    for sign in _SEPARATOR.finditer(title):
        yield title[: sign.start()]
        yield title[sign.end() :]


def strip_site(title: str, sites: frozenset[str], *, boldly: bool = False, behind: bool = False) -> str:
    """A title without the segments that name the site.

    Args:
        title: as declared.
        sites: forms of the site's name as `site_names` gives them.
        boldly: also drop a short last segment behind a sign that titles themselves do not use (`|`, `»`, `·`), though it is not
            known as the site's name.
        behind: leave what stands before the title; a heading that begins with the site's name may well mean it.
    """
    title = title.strip()
    while True:
        shorter = _without_segment(title, sites, boldly, behind)
        if shorter == title:
            return title
        title = shorter


def _without_segment(title: str, sites: frozenset[str], boldly: bool, behind: bool) -> str:
    separators = list(_SEPARATOR.finditer(title))
    if not separators:
        return title
    first, last = separators[0], separators[-1]
    head, tail = title[: last.start()].strip(), title[last.end() :].strip()
    if head and (not tail or _resembles(tail, sites)):
        return head
    rest = title[first.end() :].strip()
    if rest and not behind and (not title[: first.start()].strip() or _resembles(title[: first.start()], sites)):
        return rest
    clear = not _CLEAR.isdisjoint(last[0])
    if boldly and clear and len(words_of(tail)) <= LONGEST_SITE_NAME and len(words_of(head)) > len(words_of(tail)) + 1:
        return head
    return title
