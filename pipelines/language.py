"""The language of an article as an ISO 639-1 code.

What the page declares is believed if its own words do not speak against it: templates declare English for pages in every
language. The check counts scripts and the commonest words; only where it fails, or nothing is declared, a statistical
identifier decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from pipelines.declared import Declared
from pipelines.evidence import Candidate, Field
from pipelines.page.page import Page

__all__ = ["read_language"]

SAMPLE = 2000
"""Characters of the text that are looked at: more changes no answer and takes longer."""

SHORTEST_SAMPLE = 40
"""Letters from which a text says anything about its language."""

USUAL_SHARE = 0.12
"""Share of the commonest words in a text from which the declared language is confirmed. Prose in these languages has .2 to .4,
prose in another language at most .08.
"""

CLEAR_SHARE, FEWEST_WORDS = 0.2, 40
"""Share of the commonest words in so many words that settles the language where no other language has half of it."""

CONFIDENCE_CONFIRMED, CONFIDENCE_DETECTED, CONFIDENCE_UNCHECKED = 0.98, 0.93, 0.8

SCRIPTS = {
    "HIRAGANA": {"ja"}, "KATAKANA": {"ja"}, "HANGUL": {"ko"}, "GREEK": {"el"}, "HEBREW": {"he", "yi"}, "THAI": {"th"},
    "CJK": {"zh", "ja"},
    "ARABIC": {"ar", "fa", "ur", "ps", "ug"}, "CYRILLIC": {"ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn"},
    "DEVANAGARI": {"hi", "mr", "ne"}, "ARMENIAN": {"hy"}, "GEORGIAN": {"ka"}, "BENGALI": {"bn"}, "TAMIL": {"ta"},
    "TELUGU": {"te"},
}  # fmt: skip
"""Languages that a script may stand for, by the first word of its Unicode names."""

NON_LATIN = frozenset().union(*SCRIPTS.values()) - {"sr", "mn"}

USUAL_WORDS = {
    "en": "the of and to in a is that for it on was with as be at by this have from are not but you his they we an or which",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass "
    "sie nach wird bei",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son elle",
    "es": "de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este es",
    "it": "di e il la che in a per un è del non una sono le con si da i della alla come al dei anche ha lo nel gli",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas ao das à foi",
    "nl": "de van het een en in is dat op te zijn met voor niet aan er om ook als dan maar bij uit nog naar heeft door die",
    "sv": "och i att det som en på är av för med till den har de inte om ett men var sig så från vi kan när man",
    "da": "og i at det er en til på som de med for af den der ikke et har om var jeg sig men fra vi ved kan",
    "no": "og i å det er en til på som de med for av den der ikke et har om var jeg seg men fra vi ved kan",
    "pl": "w i na z do się nie że to jest o jak za od po przez ale dla jego są tak co są był oraz które",
    "fi": "ja on ei se että hän oli joka ovat mutta myös kun niin ole kuin sen ne mitä voi tai",
    "cs": "a v se na je že to z s o do i ve pro za by jsem jako po ale si jeho které od jsou",
    "tr": "ve bir bu da de için ile çok daha olarak olan gibi sonra kadar ne en o var ama",
    "hu": "a az és hogy nem is egy ez azt volt de meg csak van már mint még el ki be",
    "ro": "de și în a la cu pe din că o un nu se este care pentru mai sau prin au",
    "id": "yang dan di dengan untuk dari pada ini itu dalam tidak adalah akan ke juga oleh bisa",
}  # fmt: skip
"""The commonest words of languages in Latin script."""

_WORD_SETS = {lang: frozenset(words.split()) for lang, words in USUAL_WORDS.items()}
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
    for candidate in told:
        if _agrees(candidate.value, sample, scripted):
            chosen = Candidate(candidate.value, candidate.source, candidate.place, candidate.raw, CONFIDENCE_CONFIRMED)
            return Field(chosen, tuple(other for other in told if other is not candidate))
    detected = _detect(sample, scripted)
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


def _languages_of_script(sample: str) -> set[str] | None:
    """Languages that the script of the text may stand for; None for Latin script and for too little text."""
    letters = [char for char in sample if char.isalpha()]
    foreign = [char for char in letters if ord(char) > 0x370]
    if len(foreign) * 3 < len(letters) or len(foreign) < SHORTEST_SAMPLE // 4:
        return None
    counts: dict[str, int] = {}
    for char in foreign[:400]:
        name = unicodedata.name(char, "").partition(" ")[0]
        counts[name] = counts.get(name, 0) + 1
    if counts.get("HIRAGANA", 0) + counts.get("KATAKANA", 0) > len(foreign[:400]) // 20:
        return {"ja"}
    return SCRIPTS.get(max(counts, key=lambda name: counts[name]), set()) - ({"ja"} if "CJK" in counts else set())


def _agrees(lang: str, sample: str, scripted: set[str] | None) -> bool:
    """Whether the text may be in a language: its script is one of its, and where its words are known here, they are there."""
    if scripted is not None:
        return lang in scripted or not scripted
    if lang in NON_LATIN:
        return len(sample) < SHORTEST_SAMPLE
    if lang not in _WORD_SETS:
        return False
    words = sample.casefold().split()
    return len(words) < 12 or _usual_share(lang, words) >= USUAL_SHARE


def _usual_share(lang: str, words: list[str]) -> float:
    return sum(word in _WORD_SETS[lang] for word in words) / len(words)


def _by_usual_words(sample: str) -> str | None:
    """The language whose commonest words clearly make up the text; None where two are close. Spares loading the identifier."""
    words = sample.casefold().split()
    if len(words) < FEWEST_WORDS:
        return None
    shares = sorted(((_usual_share(lang, words), lang) for lang in _WORD_SETS), reverse=True)
    (best, lang), (second, _) = shares[:2]
    return lang if best >= CLEAR_SHARE and best >= 2 * second else None


def _detect(sample: str, scripted: set[str] | None) -> Candidate[str] | None:
    if scripted and len(scripted) == 1:
        return Candidate(next(iter(scripted)), "text", "script of the body", sample[:60], CONFIDENCE_DETECTED)
    if sum(char.isalpha() for char in sample) < SHORTEST_SAMPLE:
        return None
    usual = _by_usual_words(sample)
    if usual:
        return Candidate(usual, "text", "commonest words of the body", sample[:60], CONFIDENCE_DETECTED)
    import py3langid

    code = str(py3langid.classify(sample)[0])
    return Candidate(_ALIASES.get(code, code), "text", "words of the body", sample[:60], CONFIDENCE_DETECTED)
