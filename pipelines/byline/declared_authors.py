"""Authors that the page declares, told from accounts, addresses and names of the site."""

from __future__ import annotations

import re
from collections.abc import Collection

from pipelines.byline.names import is_desk, is_nobody, read_names
from pipelines.byline.sighting import Authors, Origin, Sighting
from pipelines.declared import Declared
from pipelines.evidence import Candidate
from pipelines.fields import Author
from pipelines.surroundings import LONGEST_CREDIT_LINE, squeezed

MOST_AUTHORS = 15
"""Names; longer lists are contributors of a site, not authors of an article."""

_HOST = re.compile(r"\b(?:www\.)?((?:[\w-]+\.)+[a-z]{2,})\b", re.I)
_LAST_FIRST = ("citation_author", "dc.creator", "dcterms.creator")
_PUBLISHERS_METAS = ("parsely", "sailthru", "citation_author")
"""What publishers write by hand for readers of their own: as good as JSON-LD."""
_ORIGINS = {"front-matter": Origin.FRONT_MATTER, "json-ld": Origin.JSON_LD, "microdata": Origin.MICRODATA}


def read_declared_authors(declared: Declared, sites: Collection[str]) -> list[Sighting]:
    """Declared lists of authors, those who are none left out, in the order of trust; nothing where nobody is left."""
    found = (_read_one(candidate, sites) for candidate in declared.authors)
    return sorted((one for one in found if 0 < len(one.authors) <= MOST_AUTHORS), key=lambda one: _TRUST[one.origin])


_TRUST = {origin: rank for rank, origin in enumerate(Origin)}


def _read_one(candidate: Candidate[Authors], sites: Collection[str]) -> Sighting:
    authors: dict[str, Author] = {}
    place = candidate.place.casefold()
    last_first = any(name in place for name in _LAST_FIRST)
    for said in candidate.value:
        for read in _read_said(said, sites, last_first):
            kind = "organisation" if "organisation" in {said.kind, read.kind} else "person"
            authors.setdefault(squeezed(read.name), Author(read.name, kind, read.role or said.role, said.url))
    origin = _ORIGINS.get(candidate.source, Origin.META)
    if origin is Origin.META and any(name in place for name in _PUBLISHERS_METAS):
        origin = Origin.PUBLISHERS_META
    return Sighting(origin, tuple(authors.values()), candidate.source, candidate.place, candidate.raw)


def _read_said(said: Author, sites: Collection[str], last_first: bool) -> Authors:
    """The names in one declared author; an organisation is one name, whatever words are in it."""
    if said.kind == "organisation":
        return () if is_nobody(said.name, sites) or len(said.name) > LONGEST_CREDIT_LINE else (said,)
    if "." in said.name and any(squeezed(host) in sites for host in _HOST.findall(said.name)):
        return ()
    names = read_names(said.name, sites, last_first=last_first)
    return (Author(said.name, "organisation"),) if not names and is_desk(said.name) else names
