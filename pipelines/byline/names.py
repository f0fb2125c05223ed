"""Names of people and desks inside a byline."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from pipelines.fields import Author
from pipelines.surroundings import byline_lead, squeezed, word_set, words_of

LONGEST_NAME = 60
"""Characters of a name."""

LONGEST_SIGNATURE, MOST_SIGNATURE_WORDS = 40, 4
"""Characters and words of what signs in place of a person."""

MOST_WORDS = 6
"""Words of a person's name, particles and initials counted."""

_WORD = r"[\w’'`.\-]+"
_MONTH_AND_DAY = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.?\s+\d"
)
_STOP = re.compile(
    r"\s*(?:[|·•⋅∙●▪►»>\n\t@#]|https?:|www\.|\s[–—-]\s|"
    r"\bstand:|\b(?:last\s+)?(?:published|posted|updated|modified|reviewed|edited|fact[- ]checked|created|follow|subscribe|share|"
    r"min(?:ute)?s? read|read time|reading time|veröffentlicht|aktualisiert|erstellt|publié|mis à jour|publicado|actualizado|"
    r"pubblicato|aggiornato|gepubliceerd|bijgewerkt|publicerad|uppdaterad|opublikowan\w+|photo(?:s|graphs?)?(?: by)?|"
    r"illustrations?(?: by)?|comments?|views?|kommentare?|on|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b|"
    rf"\b(?:am|le|el|il|om)\s+\d|(?:\b|(?<=[a-z])(?=[A-Z])){_MONTH_AND_DAY}|(?<!\w)\d)",
    re.I,
)
_DATE_FIRST = re.compile(_MONTH_AND_DAY, re.I)
_STRONG_SPLIT = re.compile(
    r"\s*(?:[;；、，/|\n]|\s&\s|\s\+\s|,\s*(?:and|und|et|y|e|en|og|och|i|&)\s|\s(?:and|und|et|og|och|with|mit|avec|и|και|ve)\s)\s*",
    re.I,
)
_WEAK_SPLIT = re.compile(r"\s(?:y|e|en|i|a)\s")
_COMMA = re.compile(r"\s*,\s*")
_HONORIFIC = re.compile(
    r"^(?:(?:dr|prof|professor|mr|mrs|ms|miss|sir|dame|rev|hon|ing|mag|dipl)\b\.?[\s-]*(?:med|phil|jur|rer|nat|"
    r"ing)?\.?\s*)+(?=\S)",
    re.I,
)
_OTHERS_WORK = re.compile(
    r"^(?:(?:medically |fact[- ]?)?(?:reviewed|edited|checked|approved|illustrated|photographed|translated|sponsored)\s+by|"
    r"photo(?:s|graphs?|graphy)?\b|fotos?\b|image\b|bild\b|illustration)",
    re.I,
)
_INITIAL = re.compile(r"[ .][^\W\d_]$")
"""A last word of one letter, whose full stop belongs to the name: "Muñoz C.", "e.V."."""
_ADDRESS = re.compile(r"\S*@\S*|https?://\S+|www\.\S+")
_AT_PLACE = re.compile(r"\s(?:at|in|for|from|aus|with)(?:\s.*)?$", re.I)
_ROLE_NOUN = re.compile(
    r"^(?:correspondents?|reporters?|editors?|writers?|journalists?|columnists?|contributors?|photographers?|producers?|"
    r"analysts?|critics?|"
    r"interns?|co-?founders?|founders?|ceo|cto|cfo|coo|vp|directors?|managers?|strategists?|specialists?|gardeners?|"
    r"reviewers?|authors?|"
    r"bloggers?|publishers?|president|officer|consultants?|engineers?|professor|fellow|expert|redakteur(?:in)?|journaliste|"
    r"redactora?|"
    r"korrespondent(?:in)?|autor(?:in)?)$",
    re.I,
)
_DEGREES = word_set(
    "phd md mba rn rdn rd mph jd ma ba bsc msc bs ms do dds dmd pharmd lcsw np cscs cfp edd psyd lpc lmft cpt mfa esq jr "
    "sr ii iii iv cpa cnm facp faap bfa mps llm llb dphil dvm phr cissp pmp ldn cdces cde fache aprn dnp msn bsn cpnp "
    "ibclc fnp mw mscp faan facc facs"
)
_ROLES = re.compile(
    r"\b(?:correspondent\w*|korrespondent\w*|reporter\w*|editor|editors|writer|journalist\w*|journaliste?s?|redakteur\w*|"
    r"redactor\w*|columnist|photographer|"
    r"contributor|producer|analyst|author|critic|blogger|staff|chief|senior|managing|director|president|founder|ceo|professor|"
    r"lecturer|"
    r"periodista|corresponsal|giornalista|corrispondente|chefredakteur\w*|volont\w+|freelance\w*|fotograf\w*|photographs?|"
    r"photos?|video|audio|"
    r"special to|for|in|at|from|aus|à|en)\b|記者|特派員|編集",
    re.I,
)
_AGENCIES = word_set(
    "reuters ap afp dpa apa sda efe ansa tass ria interfax xinhua kyodo jiji bloomberg upi pti ani ians belga anp ntb tt "
    "ritzau stt pap ctk lusa associatedpress agencefrancepresse europapress deutschepresseagentur pressassociation pamedia "
    "cnnwire keystonesda 共同通信 時事通信 共同 時事 新华社"
)
_DESK_WORDS = word_set(
    "agency agentur agencia agence agenzia agências redaktion redaktionen redakcja redactie redazione rédaction redacción "
    "redação newsroom desk bureau team staff editors editorial board editor editors magazine news press media association "
    "university institute institut foundation stiftung gmbh inc ltd llc corp group society council committee ministry "
    "office department service services network community club times post journal herald tribune gazette daily guide "
    "guides radio tv zeitung verlag onlineredaktion newsdesk nachrichten 編集部 取材班 新聞社 通信社 编辑部"
)
_PAPER_WORDS = word_set(
    "courier chronicle observer mirror star sun standard globe echo record review register sentinel world today online "
    "digital blog mail "
    "telegraph independent guardian insider report weekly argus examiner bulletin dispatch voice wire nation republic "
    "advertiser monitor "
    "kurier bote anzeiger rundschau blatt spiegel welt merkur presse monde figaro parisien libération pays país mundo diario "
    "vanguardia "
    "corriere repubblica stampa giornale messaggero folha estado público jornal krant dagblad volkskrant nieuws bladet posten "
    "avisen "
    "gazeta wyborcza project lab studio solutions consulting marketing agency shop store home life style health tech travel food"
)
"""Words of papers, companies and themes: a site whose name holds one is not named after a person."""

_ACCOUNTS = word_set(
    "team theteam ourteam admin administrator editor editors webmaster root user guest test author authors staff newsroom "
    "wordpress wpadmin anonymous anonym unknown contributor contributors superuser super sysadmin moderator member system "
    "default none null undefined nobody autor auteur autore redactor adm webadmin siteadmin support info contentteam "
    "guestauthor guestpost guestcontributor byline name writer reporter facebook twitter linkedin instagram youtube "
    "website home about news"
)
_NEVER = word_set(
    "the this that these those is are was were be been how why what when where who your our we they it its his her "
    "their would should comments comment share read more posts post view all click here subscribe follow "
    "newsletter email login sign home menu search article articles story stories category categories uncategorized filed "
    "under tags tagged topics minutes minute ago months days hours today yesterday with about monday tuesday wednesday "
    "thursday friday saturday sunday written posted profile biography bio full latest"
)
_NEVER_ALONE = (
    _NEVER
    | _ACCOUNTS
    | word_set(
        "press release sponsored advertisement promoted advertorial pinterest medium tiktok "
        "stand gesponserte inhalte anzeige werbung"
    )
)
_ARTICLES = word_set("the der die das le la les el il de het our your my")
_PARTICLES = word_set(
    "van von der den de del della di da dos das do du la le el al bin ibn ben ter ten zu zum zur af av y e i o' d' st abu "
    "dela und lo san vom vd mac mc"
)


def read_names(text: str, sites: Collection[str] = (), *, strictly: bool = False, last_first: bool = False) -> tuple[Author, ...]:
    """People and organisations that a byline names, in order.

    Args:
        text: the byline with or without its lead word; several names, dates and reading times may follow each other on the line.
        sites: names of the site, letters and digits alone; they are no authors.
        strictly: take only what is written like a name. For text that nothing marks as a byline.
        last_first: "Doe, Jane" is one person.
    """
    text = " ".join(text.split())[: 8 * LONGEST_NAME]
    if _OTHERS_WORK.match(text):
        return ()
    text = _ADDRESS.sub(" ", text[byline_lead(text) :]).strip(" :/|,-–—")
    inverted = re.fullmatch(rf"({_WORD}(?: {_WORD})?),\s*({_WORD}(?: {_WORD})?)", text) if last_first else None
    if inverted and squeezed(inverted[2]) not in _DEGREES:
        text = f"{inverted[2]} {inverted[1]}"
    authors: list[Author] = []
    site_named = False
    for part in _split(_cut(text)):
        author = _read_one(part, sites, strictly)
        if author is not None:
            if _is_place_after(author, authors) or (site_named and len(author.name.split()) == 1):
                continue
            if author.name.casefold() not in {other.name.casefold() for other in authors}:
                authors.append(author)
        elif authors and authors[-1].role is None and _ROLES.search(part) and len(part) <= LONGEST_NAME:
            authors[-1] = replace(authors[-1], role=part)
        elif strictly and not _is_degree(part):
            break
        else:
            site_named = site_named or squeezed(part) in sites
    return tuple(authors)


def read_signature(text: str, sites: Collection[str]) -> tuple[Author, ...]:
    """What signs a line in place of a person: the site, a desk, an account; empty where that says nothing or is too long.

    Args:
        text: a byline, with or without its lead word.
        sites: names of the site, letters and digits alone; the site is an organisation.
    """
    line = _cut(text[byline_lead(text) :])
    parts = _split(line)
    if not any(squeezed(part) in _AGENCIES for part in parts):
        parts = [_tidy(line)]
    if _OTHERS_WORK.match(line) or not all(_may_sign(part) for part in parts):
        return ()
    return tuple(Author(part, "organisation" if _is_group(part, sites) else "person") for part in parts)


def _may_sign(name: str) -> bool:
    words = words_of(name)
    if (
        not 2 <= len(name) <= LONGEST_SIGNATURE
        or len(name.split()) > MOST_SIGNATURE_WORDS
        or any(char in name for char in "@/:?!%")
    ):
        return False
    return bool(words) and not words[0].isdigit() and squeezed(name) not in _ACCOUNTS and not _NEVER_ALONE.issuperset(words)


def _is_group(name: str, sites: Collection[str]) -> bool:
    key = squeezed(name)
    return key in sites or key in _AGENCIES or _is_agency(name) or bool(_ROLE_NOUN.match(name.split()[-1]))


def _is_place_after(author: Author, before: list[Author]) -> bool:
    """Whether a single word behind a whole name is the place it was written at: "Ann Lee, Berlin"."""
    if author.kind != "person" or not before or before[-1].kind != "person":
        return False
    return len(author.name.split()) == 1 < len(before[-1].name.split()) and author.name[0].isupper()


def _cut(text: str) -> str:
    """The text up to where a date, a reading time or a call to follow begins."""
    if _DATE_FIRST.match(text):
        return ""
    stop = _STOP.search(text, 1)
    while (
        stop
        and stop[0].strip() == "|"
        and stop.end() < len(text)
        and not any(char.isdigit() for char in text[stop.end() : stop.end() + 30])
    ):
        return text
    return text[: stop.start()] if stop else text


def _split(text: str) -> list[str]:
    parts: list[str] = []
    for strong in _STRONG_SPLIT.split(text):
        for piece in _COMMA.split(strong):
            parts.extend(_split_weakly(piece))
    return [part for part in (_tidy(part) for part in parts) if part]


def _split_weakly(text: str) -> list[str]:
    """Split at "y", "e", "en", "i", which are parts of names too: only between names of at least two words."""
    pieces: list[str] = []
    start = 0
    for match in _WEAK_SPLIT.finditer(text):
        if len(text[start : match.start()].split()) > 1 and len(_WEAK_SPLIT.split(text[match.end() :])[0].split()) > 1:
            pieces.append(text[start : match.start()])
            start = match.end()
    return [*pieces, text[start:]]


def _tidy(part: str) -> str:
    part = re.sub(r"\([^)]*\)?|\[[^\]]*\]?|（[^）]*）?", " ", part)
    part = part[byline_lead(part) :] if byline_lead(part) and len(part.split()) > 2 else part
    bare = _HONORIFIC.sub("", part.strip(" .:;,*–—-\"“”'’|"))
    if _INITIAL.search(bare) and f"{bare}." in part:
        bare += "."
    return " ".join(bare.split()).strip(' :,*–—-"“”')


def _is_degree(part: str) -> bool:
    words = part.replace(".", "").casefold().split()
    return bool(words) and all(word in _DEGREES for word in words)


def _read_one(part: str, sites: Collection[str], strictly: bool) -> Author | None:
    before_place = _AT_PLACE.sub("", part)
    part = before_place if len(before_place.split()) > 1 else part
    part, role = _without_role(_without_degrees(part))
    if is_nobody(part, sites):
        return None
    if squeezed(part) in _AGENCIES or _is_agency(part):
        return Author(part, "organisation", role) if not strictly or len(part) <= LONGEST_NAME else None
    if not _is_name(part, strictly):
        return None
    return Author(part, "person", role)


def is_nobody(part: str, sites: Collection[str]) -> bool:
    """Whether a part names an account, the site, a degree or a role."""
    key = squeezed(part)
    if not key or key in _ACCOUNTS or _is_degree(part) or _ROLE_NOUN.match(part.split()[-1]):
        return True
    if part.islower() and part.isascii() and len(part.split()) == 1 and key not in _AGENCIES:
        return True
    return (key in sites or key.removeprefix("the") in sites) and not _is_written_like_a_person(part)


def _is_written_like_a_person(part: str) -> bool:
    """Whether a name could be a person's as well as a site's: people name their sites after themselves."""
    words = part.split()
    if words[0].casefold() in _ARTICLES or not 2 <= len(words) <= 3:
        return False
    if not _PAPER_WORDS.isdisjoint(words_of(part)):
        return False
    return all(word.isalpha() and word[0].isupper() for word in words) and not _is_agency(part)


def _without_degrees(part: str) -> str:
    words = part.split()
    while len(words) > 2 and words[-1].replace(".", "").casefold() in _DEGREES - {"jr", "sr", "ii", "iii", "iv", "ma", "do"}:
        words.pop()
    return " ".join(words)


_TRAILING_ROLE = re.compile(
    r"^(.{4,}?)\s+((?:(?:staff|senior|junior|chief|lead|political|business|sports?|national|foreign|technology|tech|science|"
    r"health|"
    r"education|environment|managing|associate|assistant|deputy|contributing|freelance|breaking|trending|news|special|guest|"
    r"digital|"
    r"content|data|executive|founding|travel|food|lifestyle|europe|world|economics?|culture|arts?|expert|marketing|web|editorial|"
    r"professional|master|co-)\s+)*"
    r"(?:correspondent|reporter|editor|writer|journalist|columnist|contributor|photographer|producer|analyst|critic|intern|"
    r"founder|"
    r"co-?founder|ceo|cto|director|manager|strategist|specialist|gardener|reviewer|author|blogger|editor-in-chief|publisher))$",
    re.I,
)
_STAFF_OF = re.compile(r"^(\S+ \S+)\s+(\S+\s+Staff)$", re.I)
_CJK_ROLE = re.compile(r"^(?:(?:記者|记者|特派員|通讯员)[\s:：]*)?(.+?)(?:\s*(?:記者|记者|特派員|通信員|기자))?$")


def _without_role(part: str) -> tuple[str, str | None]:
    """A name and the role that follows it without a comma: "Jane Doe Staff Writer"."""
    words = part.split()
    half = len(words) // 2
    if half and words[:half] == words[half:]:
        return " ".join(words[:half]), None
    trailing = _TRAILING_ROLE.match(part) or _STAFF_OF.match(part)
    if trailing and len(trailing[1].split()) >= 2:
        return trailing[1], trailing[2]
    if not part.isascii():
        bare = _CJK_ROLE.match(part)
        if bare:
            return bare[1].strip(), None
    return part, None


def _is_agency(part: str) -> bool:
    words = words_of(part)
    return (
        len(words) <= MOST_WORDS
        and len(words) > 0
        and (not _DESK_WORDS.isdisjoint(words) or (words[0] in _AGENCIES and len(words) > 1))
    )


def _is_name(part: str, strictly: bool) -> bool:
    words = part.split()
    if not 2 <= len(part) <= LONGEST_NAME or len(words) > MOST_WORDS or any(char in part for char in "@{}<>=_#%?!:/\\…"):
        return False
    if any(char.isdigit() for char in part) or not _NEVER.isdisjoint(words_of(part)):
        return False
    if not any(char.isalpha() for char in part) or _NEVER_ALONE.issuperset(words_of(part)):
        return False
    if (
        len(words) > 1
        and _ROLES.search(part)
        and part.casefold() != part
        and any(word[0].islower() and word not in _PARTICLES for word in words)
    ):
        return False
    return _is_written_like_a_name(words) if strictly else True


def _is_written_like_a_name(words: list[str]) -> bool:
    """Capitals or a script without them, and at least two words where words are spaced."""
    if not words[0][0].isascii() and not words[0][0].isupper() and not words[0][0].islower():
        return len("".join(words)) <= 12
    if len(words) < 2:
        return False
    capitals = [word for word in words if word[0].isupper() or not word[0].isalpha()]
    return (
        words[0][0].isupper()
        and words[-1][0].isupper()
        and all(word in capitals or word.casefold() in _PARTICLES for word in words)
    )
