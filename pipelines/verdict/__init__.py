"""Whether a page is an article, and why: what it declares, what it prints, how it is addressed, and how its text is spread.

A learnt judge weighs signs for and against together, since each alone is wrong on many pages: shops declare `og:type` article,
guides carry neither date nor name, and documentation reads like an essay. Where one sign is enough (an error page's title, a page
without prose) it is not asked. The reason that is given is the sign without which the judge would be least sure.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from pipelines.fields import Verdict
from pipelines.page.page import Page
from pipelines.trees import Trees
from pipelines.verdict.features import Facts, features
from pipelines.verdict.model import Row, ordinary_row, verdict_model
from pipelines.verdict.reasons import SIGNS, tell
from pipelines.verdict.shape import Shape, read_shape

__all__ = ["Facts", "judge_article"]

LEAST_TEXT = 150
"""Characters of prose and loose text below which a page says nothing. Of wcxb's articles .003 have less, of the others .09."""
MUCH_PROSE = 800
"""Characters of prose from which a title like that of an error page or a form may be a headline: "500 jobs lost"."""
SURE = 0.95
"""Confidence where one sign decides. Measured on all sets: such pages are no articles in more than 19 of 20 cases."""

LED_AWAY = 0.92
"""Confidence where the address is that of a list and the heading over the text leads elsewhere. Of 52 such pages of all sets 48
are no articles."""

WRITTEN_ABOVE = 0.9
"""Confidence where front matter says title, and author or date, of the text below it. Estimated: some manuals have it too."""

_REST = r".{0,40}"
_ERROR = re.compile(
    rf"(?:error )?(?:404|403|410|500|503)\b{_REST}|not found"
    rf"|.{{0,30}}\bpage (?:you .{{0,30}} )?(?:was )?(?:not found|cannot be found|doesn.t exist)\b{_REST}"
    rf"|(?:seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|página não encontrada"
    rf"|pagina (?:non trovata|niet gevonden)|sidan hittades inte|siden blev ikke fundet|nie znaleziono strony|страница не найдена"
    rf"|sayfa bulunamadı|ページが見つかりません|页面不存在|找不到页面){_REST}"
    r"|(?:access denied|just a moment|attention required|are you a (?:robot|human)|verify(?:ing)? (?:that )?you are (?:a )?human"
    rf"|checking your browser|before you continue|enable javascript)\b{_REST}",
    re.I,
)
"""Titles of pages that stand in for the one that was asked for."""
_DOOR = re.compile(
    r"(?:log ?in|sign ?in|sign ?up|register|anmelden|einloggen|connexion|iniciar sesión|accedi|inloggen|logga in|zaloguj się"
    r"|войти|ログイン|登录|search results?|suchergebnisse|résultats de recherche|resultados de (?:la )?búsqueda|privacy policy"
    r"|cookie policy|datenschutz(?:erklärung)?|impressum|terms (?:of|and) \w+)\b(?!.*[?:])",
    re.I,
)
"""Beginnings of titles of forms and legal pages."""


_BARE = re.compile(
    r"(?:error )?(?:404|403|410|500|503)(?:[ :|–-]+.{0,20}(?:error|not found|forbidden|gone|unavailable).{0,20})?"
    r"|(?:page|seite)? ?(?:was |wurde )?(?:not found|nicht gefunden)|log ?in|sign ?(?:in|up)|register|anmelden",
    re.I,
)
"""Such titles that say nothing else, and are no headline over any amount of text."""


def judge_article(page: Page, facts: Facts, *, model: Trees | None = None) -> Verdict:
    """Judge a page.

    Args:
        page: The page.
        facts: What the rooms have read of it.
        model: The judge; the one that comes with morgue, where none is given.

    Returns:
        The verdict with the sign that weighed most for it. Its confidence is a share 0 to 1.
    """
    shape = read_shape(page, facts.title_block)
    reason = _decisive(facts.title or "", shape)
    if reason is not None:
        return Verdict(False, reason, SURE)
    if facts.signed_above:
        return Verdict(True, "front matter with title, and author or date", WRITTEN_ABOVE)
    values = features(page, facts, shape)
    if values["led_by_link"] and (values["address_other"] or values["address_front"]):
        return Verdict(False, "prints a post of another address", LED_AWAY)
    judge = model or verdict_model()
    row = np.array([[values[name] for name in judge.names]], dtype=np.float32)
    chance = float(judge.predict(row)[0])
    sign = _strongest(judge, row, for_article=chance > 0.5)
    return Verdict(chance > 0.5, tell(sign, values, facts, for_article=chance > 0.5), max(chance, 1 - chance))


def _decisive(title: str, shape: Shape) -> str | None:
    """A sign that is enough to say that a page is no article."""
    doubtful = shape.chars * shape.scale < MUCH_PROSE and (_ERROR.fullmatch(title) or _DOOR.match(title))
    if doubtful or _BARE.fullmatch(title):
        return f'title "{title}" of an error page or a form'
    if (shape.chars + shape.aside + shape.loose) * shape.scale < LEAST_TEXT:
        return "no prose"
    return None if title else "no title"


def _strongest(judge: Trees, row: Row, *, for_article: bool) -> str:
    """Which sign the verdict hangs on most: the one that would change it most if it were as it ordinarily is on other pages."""
    others = ordinary_row(judge.names, of_articles=not for_article)
    chances = judge.predict(np.where(_columns(judge.names), others, row))
    return list(SIGNS)[int(chances.argmin() if for_article else chances.argmax())]


@lru_cache(maxsize=16)
def _columns(names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """For each sign, which columns tell of it."""
    return np.array([[name in sign for name in names] for sign in SIGNS.values()])
