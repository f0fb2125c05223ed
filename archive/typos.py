"""Pure: is a change of a text no more than its spelling put right?

Said only where it is sure: what touches a number, a name, a negation, a quotation mark or a question mark is an edit, however few
letters it is. So are changes of one real word into another that look like it in form: at the first letter (`million`, `billion`),
at the last (`officer`, `officers`), in a short word (`fire`, `fare`). A list of words of each language would tell more; there is
none here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Set

from archive.alignment import align
from archive.words import UNSPACED

WORDS_CHANGED = 3
"""Places of a text that may change: more is rewriting. A correction of spelling touches one or two."""
LETTERS_CHANGED = 12
"""By which a text may grow: three letters, and signs and spaces with them."""
SHORTEST_SWAPPED, SHORTEST_MISSING, SHORTEST_OTHER = 3, 5, 7
"""Letters of a word at least where two neighbours are swapped (`teh`), one is missing (`goverment`), or one is another
(`seperate`). In shorter words a letter makes another word: `trial`, `tril`; `fire`, `fare`."""

WITH_DIGIT = re.compile(r"\S*\d\S*")
WORD = re.compile(r"[^\W_]+(?:[’'\-‐‑][^\W_]+)*")
SENTENCE_END = re.compile(r"[.!?:…][\"'”’»)\]]*\s*$|^\s*$")
QUOTES = re.compile('["“”„‟«»]')
SINGLE_QUOTES = re.compile("['‘’‚‛ʼ`´]")
DASHES = re.compile("[-‐‑‒–—―]+")
FREE_SIGNS = re.compile(r"[.,;:…\-\s]+")
"""Signs that may come and go without a change of what is said. Quotation marks, brackets, `?`, `%`, `$` and the like are none."""

NEGATIONS = frozenset(
    """
    no not none nor never nothing nobody nowhere neither without cannot hardly barely scarcely
    nicht nichts nie niemals niemand kein keine keinen keinem keiner keines ohne weder
    ne pas non jamais rien personne aucun aucune ni sans point nul nulle
    nunca jamás nada nadie ningún ninguno ninguna sin tampoco mai niente nessuno nessuna senza né
    não nem ninguém nenhum nenhuma sem niet geen nooit niets niemand noch zonder
    inte ingen inget inga aldrig utan ikke ikkje aldri uten uden nie nigdy nikt nic bez ani
    не ни нет нельзя никогда никто ничего без ei eivät en emme ette älä ilman yok değil hiç
    """.split()  # noqa: SIM905 - one language a line
)
NEGATING_ENDS = ("n't", "n’t", "less", "los")
NEGATING_STARTS = ("un", "in", "im", "il", "ir", "dis", "non", "mis", "a", "an")


def is_typo(old: str, new: str, written_small: Callable[[], Set[str]] = frozenset) -> bool:
    """Whether a change is of spelling, spacing or punctuation alone. The same both ways.

    Args:
        old: the text before.
        new: the text after.
        written_small: gives the words that stand in lower case somewhere in the article, asked only where a word at the head of a
            sentence may be a name: one of them is none.

    """
    old, new = min(old, new), max(old, new)
    if old == new or abs(len(old) - len(new)) > LETTERS_CHANGED or _numbers(old) != _numbers(new) or _marks(old) != _marks(new):
        return False
    before, after = _words(old), _words(new)
    changes = list(_changed(before, after))
    return len(changes) <= WORDS_CHANGED and all(_is_spelling(*change, written_small) for change in changes)


class _Word(str):
    """A word with whether it begins a sentence."""

    __slots__ = ("first",)
    first: bool


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    end = 0
    for found in WORD.finditer(text):
        word = _Word(DASHES.sub("-", SINGLE_QUOTES.sub("'", found[0])))
        word.first = not words or SENTENCE_END.search(text[end : found.start()]) is not None
        words.append(word)
        end = found.end()
    return words


def _numbers(text: str) -> list[str]:
    """Runs without spaces that hold a digit, with their signs and units, without the punctuation after them."""
    chunks = (DASHES.sub("-", chunk) for chunk in WITH_DIGIT.findall(text))
    return [chunk.rstrip(".,;:…") for chunk in chunks]


def _marks(text: str) -> str:
    """The signs that carry meaning, in order, quotation marks of all kinds alike."""
    bare = SINGLE_QUOTES.sub("", QUOTES.sub('"', DASHES.sub("-", WORD.sub("", text))))
    return FREE_SIGNS.sub("", bare)


def _changed(before: list[_Word], after: list[_Word]) -> Iterator[tuple[list[_Word], list[_Word]]]:
    """Runs of words that stand for each other."""
    i = j = 0
    for a, b in [*align(before, after), (len(before), len(after))]:
        if before[i:a] or after[j:b]:
            yield before[i:a], after[j:b]
        i, j = a + 1, b + 1


def _is_spelling(old: list[_Word], new: list[_Word], small: Callable[[], Set[str]]) -> bool:
    if any(_weighs(word, small) for word in (*old, *new)):
        return False
    if "".join(old).replace("-", "").replace("'", "") == "".join(new).replace("-", "").replace("'", ""):
        return True
    return len(old) == len(new) and all(_is_misspelling(a.lower(), b.lower()) for a, b in zip(old, new, strict=True))


def _weighs(word: _Word, small: Callable[[], Set[str]]) -> bool:
    """Whether a change of the word changes what is said, or nobody can tell: numbers, names, negations, unspaced scripts."""
    lower = word.lower()
    if any(c.isdigit() for c in word) or lower in NEGATIONS or lower.endswith(NEGATING_ENDS):
        return True
    if re.search(f"[{UNSPACED}]", word):
        return True
    return lower != word and not (word.first and word[1:] == lower[1:] and _near_any(lower, small()))


def _near_any(word: str, small: Set[str]) -> bool:
    """Whether the word, or the word that it is a misspelling of, is written small elsewhere."""
    if word in small:
        return True
    return any(len(other) - len(word) in (-1, 0, 1) and _is_misspelling(word, other) for other in small if other[:1] in word[:2])


def _is_misspelling(old: str, new: str) -> bool:
    """Whether two words differ as a slip of the hand does."""
    if old == new:
        return True
    if len(old) > len(new):
        old, new = new, old
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(old))
    if len(new) == len(old):
        if len(old) >= SHORTEST_SWAPPED and old[start : start + 2] == new[start : start + 2][::-1]:
            return old[start + 2 :] == new[start + 2 :]
        return len(old) >= SHORTEST_OTHER and 0 < start < len(old) - 1 and old[start + 1 :] == new[start + 1 :]
    if len(new) != len(old) + 1 or old[start:] != new[start + 1 :]:
        return False
    inside = start > 0 and (start < len(old) or (len(new) > 1 and new[-1] == new[-2]))
    return inside and len(new) >= SHORTEST_MISSING and not _negates(old, new)


def _negates(old: str, new: str) -> bool:
    return any(new == start + old for start in NEGATING_STARTS)
