"""The language of an article as an ISO 639-1 code.

What the page declares is believed if its own words do not speak against it: templates declare English for pages in every
language. The check counts scripts and the commonest words (`usual_words`), and so does the choice where nothing is declared; only
where both leave it open, a statistical identifier decides, which takes half a second to load.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence

from pipelines.declared import Declared
from pipelines.evidence import Candidate, Field
from pipelines.language.usual_words import LANGUAGES_OF_SCRIPT, LANGUAGES_OF_WORD, WORDS_OF
from pipelines.page.page import Page

__all__ = ["read_language"]

SAMPLE = 2000
"""Characters of the text that are looked at: more changes no answer and takes longer."""

SHORTEST_SAMPLE = 40
"""Letters from which a text says anything about its language."""

FEWEST_WORDS_TO_DOUBT = 12
"""Words of a text from which it may speak against what is declared."""

USUAL_SHARE = 0.12
"""Share of the commonest words in a text from which the declared language is confirmed. Prose in most of these languages has .2
to .4, prose in another language at most .08."""

LEAST_SHARE = 0.04
"""Share from which the language that has most of its commonest words in a text may be its language: languages that join words to
endings use few others."""

CLEAR_LEAD = 1.2
"""Times as many of its commonest words as any other language has in a text: then that is its language. Of 1,514 pages of wcxb,
traf and fundus 1,494 are so told rightly and 2 wrongly."""

FEWEST_WORDS, FEWEST_USUAL_WORDS = 25, 8
"""Words of a text, and words among its commonest, from which they settle the language where it is not the declared one."""

CONFIDENCE_CONFIRMED, CONFIDENCE_DETECTED, CONFIDENCE_UNCHECKED = 0.98, 0.93, 0.8

_FOREIGN = re.compile("[\u0370-\u1cff\u1f00-\u1fff\u2c00-\u2dff\u3041-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Letters outside Latin script."""
_SCRIPT_LETTERS = 400
_NON_LATIN = frozenset().union(*LANGUAGES_OF_SCRIPT.values()) - {"sr", "mn", "uz", "az"}

_CODE = re.compile(r"^\s*([a-z]{2,3})(?:[-_].*)?$", re.I)
_ALIASES = {
    "eng": "en", "ger": "de", "deu": "de", "fre": "fr", "fra": "fr", "spa": "es", "ita": "it", "por": "pt", "dut": "nl",
    "nld": "nl", "swe": "sv",
    "nb": "no", "nn": "no", "nob": "no", "iw": "he", "in": "id", "jp": "ja", "jpn": "ja", "cn": "zh", "zho": "zh", "kr": "ko",
    "gr": "el", "cz": "cs",
    "ua": "uk", "se": "sv", "dk": "da", "pol": "pl", "rus": "ru", "tur": "tr",
}  # fmt: skip
_NAMES = {
    "english": "en", "german": "de", "deutsch": "de", "french": "fr", "français": "fr", "spanish": "es", "español": "es",
    "italian": "it", "italiano": "it",
    "portuguese": "pt", "dutch": "nl", "japanese": "ja", "chinese": "zh", "russian": "ru", "polish": "pl", "swedish": "sv",
}  # fmt: skip


def read_language(page: Page, declared: Declared, sample_text: str) -> Field[str]:
    """The language of the text, region and script dropped; None where nothing is declared and the text is too short to tell.

    Args:
        page: the page.
        declared: what it says of itself.
        sample_text: prose of the page, best of its body; the first 2,000 characters are looked at.
    """
    sample = sample_text[:SAMPLE]
    told = list(_read_declared(page, declared))
    scripted = _languages_of_script(sample)
    words = sample.casefold().split()
    for candidate in told:
        if _agrees(candidate.value, sample, words, scripted):
            chosen = Candidate(candidate.value, candidate.source, candidate.place, candidate.raw, CONFIDENCE_CONFIRMED)
            return Field(chosen, tuple(other for other in told if other is not candidate))
    detected = _detect(sample, words, scripted, [candidate.value for candidate in told])
    if detected:
        return Field(detected, tuple(told))
    if told:
        return Field(told[0], tuple(told[1:]))
    return Field()


def _read_declared(page: Page, declared: Declared) -> Iterator[Candidate[str]]:
    """Declared codes that are some, in the page's order, the attribute of the document last unless it stands alone."""
    seen: set[str] = set()
    for candidate in [*declared.lang, Candidate(page.head.lang, "markup", "html[lang]", page.head.lang, CONFIDENCE_UNCHECKED)]:
        code = _code_of(candidate.value)
        if code and code not in seen:
            seen.add(code)
            yield Candidate(code, candidate.source, candidate.place, candidate.raw, CONFIDENCE_UNCHECKED)


def _code_of(text: str) -> str | None:
    match = _CODE.match(text)
    if not match:
        return _NAMES.get(text.strip().casefold())
    code = match[1].casefold()
    code = _ALIASES.get(code, code)
    return code if len(code) == 2 else None


def _languages_of_script(sample: str) -> frozenset[str] | None:
    """Languages that the script of the text may stand for; None for Latin script and for too little text."""
    foreign = [] if sample.isascii() else _FOREIGN.findall(sample)
    if len(foreign) < SHORTEST_SAMPLE // 4 or len(foreign) * 3 < sum(map(str.isalpha, sample)):
        return None
    counts: dict[str, int] = {}
    for char in foreign[:_SCRIPT_LETTERS]:
        name = unicodedata.name(char, "").partition(" ")[0]
        counts[name] = counts.get(name, 0) + 1
    if counts.get("HIRAGANA", 0) + counts.get("KATAKANA", 0) > min(len(foreign), _SCRIPT_LETTERS) // 20:
        return frozenset({"ja"})
    languages = LANGUAGES_OF_SCRIPT.get(max(counts, key=lambda name: counts[name]), frozenset())
    return languages - {"ja"} if "CJK" in counts else languages


def _agrees(lang: str, sample: str, words: Sequence[str], scripted: Collection[str] | None) -> bool:
    """Whether the text may be in a language: its script is one of its, and where its words are known here, they are there."""
    if scripted is not None:
        return lang in scripted or not scripted
    if lang in _NON_LATIN:
        return len(sample) < SHORTEST_SAMPLE
    if lang not in WORDS_OF:
        return False
    usual = WORDS_OF[lang]
    return len(words) < FEWEST_WORDS_TO_DOUBT or sum(word in usual for word in words) >= USUAL_SHARE * len(words)


def _by_usual_words(words: Sequence[str], among: Collection[str] | None, told: Collection[str]) -> str | None:
    """The language whose commonest words make up most of the text; None where that is not clear.

    One that is declared needs no lead over languages that share its words.
    """
    counts: dict[str, int] = {}
    for word in words:
        for lang in LANGUAGES_OF_WORD.get(word, ()):
            counts[lang] = counts.get(lang, 0) + 1
    shares = sorted(((count / len(words), lang) for lang, count in counts.items() if not among or lang in among), reverse=True)
    if not shares or shares[0][0] < LEAST_SHARE:
        return None
    best, lang = shares[0]
    if lang in told and len(words) >= FEWEST_WORDS_TO_DOUBT:
        return lang
    is_clear = len(shares) == 1 or best >= CLEAR_LEAD * shares[1][0]
    return lang if is_clear and len(words) >= FEWEST_WORDS and counts[lang] >= FEWEST_USUAL_WORDS else None


def _detect(sample: str, words: Sequence[str], scripted: frozenset[str] | None, told: Collection[str]) -> Candidate[str] | None:
    if scripted and len(scripted) == 1:
        return Candidate(next(iter(scripted)), "text", "script of the body", sample[:60], CONFIDENCE_DETECTED)
    if sum(map(str.isalpha, sample)) < SHORTEST_SAMPLE:
        return None
    usual = _by_usual_words(words, scripted, told)
    if usual:
        return Candidate(usual, "text", "commonest words of the body", sample[:60], CONFIDENCE_DETECTED)
    import py3langid

    code = str(py3langid.classify(sample)[0])
    return Candidate(_ALIASES.get(code, code), "text", "words of the body", sample[:60], CONFIDENCE_DETECTED)
