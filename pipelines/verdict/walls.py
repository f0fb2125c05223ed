"""Whether a page stands in place of the one that was asked for: a test for humans, a plea for consent, a log-in, an error.

Such a page says nothing of what lies behind it, so it is no answer at all: the fetch counts as blocked. Trust, in this order: a
header by which a server marks such an answer; a phrase in the title, a heading or the first lines of a page with next to no text;
a page of which all but a few words ask for consent; a title or heading that says of such a page that it is a log-in or an error
of the server. Pages that are articles are never asked about. That a page was not found is an answer, and no wall.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias
from urllib.parse import urlsplit

from pipelines.fields import Label, LabelledBlock
from pipelines.page.page import Kind, Page

__all__ = ["is_door", "read_wall"]

WALL_CHARS = 1500
"""Characters of text beyond which a page is none of these, but for consent, which is wordy."""
FIRST_BLOCKS = 4
"""Blocks at the top in which a wall says what it is. An article on the subject is longer; a form says it further down."""
BESIDE_CONSENT = 200
"""Characters of other text beside a request for consent: a name, a menu, a legal line."""
LEAST_CONSENT = 80
"""Characters of a request for consent."""

HEADERS = (("cf-mitigated", "challenge"), ("x-amzn-waf-action", "captcha"), ("x-amzn-waf-action", "challenge"))
"""Headers by which servers mark an answer that is a test, with the value (lower case)."""

HUMAN = "asks whether a human reads it"
REFUSED = "access is refused"
TOO_MANY = "says that there were too many requests"
SCRIPTS = "asks for scripts to be switched on"
CONSENT = "asks for consent first"
LOGIN = "asks for a log-in"
ERROR = "shows an error of the server"

_CONSENT = re.compile(
    r"\b(?:cookies?|consent|your (?:privacy|data)|advertising partners|accept all|einwilligung|datenschutz\w*|privatsphäre"
    r"|alle akzeptieren|consentement|vos données|tout accepter|consentimiento|tus datos|aceptar tod[oa]|consenso|accetta tutt[oi]"
    r"|toestemming|alles accepteren|zgod\w+|samtyc\w+)\b|クッキー|同意する|接受所有",
    re.I,
)
"""Words of a request for consent; a page of which nearly every block has one is nothing else."""
Rules: TypeAlias = Sequence[tuple[str, re.Pattern[str]]]
_PHRASES: Rules = tuple(
    (name, re.compile("|".join(phrases), re.I))
    for name, phrases in {
        HUMAN: (
            r"\bverify(?:ing)? (?:that )?you(?:'|’)?(?: a)?re (?:a |not a )?(?:human|robot)",
            r"\bare you (?:a )?(?:robot|human)\b",
            r"\b(?:checking|verifying) your browser\b",
            r"^just a moment\b",
            r"^attention required\b",
            r"\bunusual (?:traffic|activity)\b",
            r"\b(?:complete|solve) the (?:captcha|security check|puzzle)\b",
            r"\bprove (?:that )?you(?:'|’| a)re (?:a )?human\b",
            r"\bconfirm (?:that )?you(?:'|’| a)re (?:a human|not a (?:ro)?bot)\b",
            r"\bpress (?:&|and) hold\b",
            r"\bddos protection by\b",
            r"\b(?:bestätigen sie|bestätige)\b.{0,30}\b(?:mensch|kein roboter)\b",
            r"\bsicherheitsüberprüfung\b",
            r"\bvérifi\w+ que vous (?:êtes (?:bien )?(?:un )?humain|n.êtes pas un robot)",
            r"\bverifi\w+ que (?:eres|es|usted es) (?:un )?humano",
            r"\bno (?:eres|soy|es) un robot\b",
            r"\bnon (?:sei|sono) un robot\b",
            r"\bverific\w+ (?:che sei|di essere) (?:un )?uman",
            r"\bnão (?:é|sou) um robô\b",
            r"\bbevestig\w* dat (?:je|u) (?:een mens|geen robot)\b",
            r"\bnie jeste(?:m|ś) robotem\b",
            r"\bвы не робот\b",
            r"\bробот ли вы\b",
            r"\brobot olmadığını",
            r"ロボットではない",
            r"(?:请|請)?完成(?:安全)?(?:验证|驗證)",
            r"(?:验证|驗證)(?:您|你)是(?:真人|人类|人類)",
            r"로봇이 아닙니다",
        ),
        REFUSED: (
            r"\baccess (?:to this (?:page|site|resource) )?(?:has been |is )?(?:denied|blocked|forbidden)\b",
            r"\b(?:you|your ip\b.{0,30}) (?:have|has) been blocked\b",
            r"^(?:request|page) (?:blocked|forbidden)\b",
            r"^forbidden\b",
            r"\bzugriff (?:wurde )?verweigert\b",
            r"\baccès (?:est )?(?:refusé|interdit|bloqué)\b",
            r"\bacceso (?:denegado|bloqueado|prohibido)\b",
            r"\baccesso negato\b",
            r"\bacesso negado\b",
            r"\btoegang (?:is )?geweigerd\b",
            r"\bдоступ (?:запрещ[её]н|ограничен)\b",
            r"\berişim engellendi\b",
            r"アクセスが拒否",
            r"(?:访问|訪問|存取)被拒",
        ),
        TOO_MANY: (
            r"\btoo many requests\b",
            r"\brate limit(?:ed)?(?: (?:exceeded|reached))?\b",
            r"\bzu viele anfragen\b",
            r"\btrop de requêtes\b",
            r"\bdemasiadas (?:solicitudes|peticiones)\b",
            r"\btroppe richieste\b",
            r"\bte veel (?:verzoeken|aanvragen)\b",
            r"\bслишком много запросов\b",
            r"(?:请求|請求)(?:过于|過於)频繁",
        ),
        SCRIPTS: (
            r"\b(?:enable|turn on|activate|allow) java ?script\b",
            r"\bjava ?script (?:is|must be|has been|needs to be|seems to be) (?:disabled|enabled|required|turned|blocked)",
            r"\b(?:requires|needs|without) java ?script\b",
            r"\bjava ?script\b.{0,30}\b(?:aktivier|einschalt|eingeschaltet|deaktiviert)",
            r"\baktivier\w* .{0,20}\bjava ?script\b",
            r"\bactiv(?:ez|er|e|ar|a) (?:le |el |o )?java ?script\b",
            r"\bhabilit\w+ (?:el |o )?java ?script\b",
            r"\b(?:abilit|attiv)\w+ java ?script\b",
            r"\bjava ?script (?:inschakelen|aan te zetten|est désactivé)",
            r"\bвключит\w* java ?script\b",
            r"java ?script ?を有効",
            r"(?:启用|開啟|开启|啟用) ?java ?script",
            r"java ?script etkinleştir",
        ),
        LOGIN: (
            r"\b(?:please|must|need to|have to|you(?:'|’)?ll have to) (?:first )?(?:be )?(?:log(?:ged)?|sign(?:ed)?)[ -]?in\b",
            r"\b(?:log|sign)[ -]?in (?:or (?:register|subscribe|sign up) )?to (?:continue|read|view|access|proceed)\b",
            r"\b(?:melden sie sich|loggen sie sich|melde dich|logge dich)\b.{0,20}\b(?:an|ein)\b",
            r"\b(?:connectez|identifiez)-vous (?:pour|afin)\b",
            r"\b(?:inicia|inicie|iniciar) sesión para\b",
            r"\b(?:accedi|effettua l.accesso) per\b",
            r"\b(?:faça|fazer|inicie) (?:o )?(?:login|sessão) para\b",
            r"\blog in om\b|\bzaloguj się,? (?:aby|żeby|by)\b|\blogga in för att\b|\bвойдите,? (?:чтобы|для)\b",
            r"ログインして|请(?:先)?登录|請(?:先)?登入|로그인(?:이 필요|해 주|하세요)",
        ),
        ERROR: (
            r"\binternal server error\b|\bbad gateway\b|\bgateway time-?out\b",
            r"\bservice (?:is )?(?:temporarily |currently )?unavailable\b|\btemporarily unavailable\b",
            r"\ban? (?:\w+ )?error (?:has )?occurred\b",
            r"\berror establishing a database connection\b",
            r"\b(?:down|closed|offline) for (?:\w+ )?maintenance\b",
            r"\binterner serverfehler\b|\bes ist ein (?:\w+ )?fehler aufgetreten\b|\bwartungsarbeiten\b",
            r"\berreur interne du serveur\b|\bune erreur (?:\w+ )?(?:est survenue|s.est produite)|\ben maintenance\b",
            r"\berror interno del servidor\b|\bse ha producido un error\b|\ben mantenimiento\b",
            r"\bsi è verificato un errore\b|\bin manutenzione\b|\bocorreu um erro\b|\bem manutenção\b",
            r"\ber is (?:een fout|iets) .{0,20}(?:opgetreden|misgegaan|fout)",
            r"\bwystąpił błąd\b|\bett fel (?:har )?(?:uppstått|inträffade)",
            r"\bпроизошла ошибка\b|\bошибка сервера\b|\bтехнические работы\b|\bbir hata oluştu\b",
            r"エラーが発生|メンテナンス中|服务器(?:内部)?错误|伺服器錯誤|系统(?:繁忙|维护)|오류가 발생",
        ),
    }.items()
)

_AFTER = r"\W*(?:\s[|–—·:-].*)?"
"""What may follow in a title: the name of a site."""
_TITLES: Rules = tuple(
    (name, re.compile(rf"(?:{'|'.join(titles)}){_AFTER}", re.I))
    for name, titles in {
        LOGIN: (
            r"(?:please )?(?:log|sign) ?in(?: (?:or|/) (?:sign ?up|register|subscribe|create an account))?(?: to \w+.{0,30})?",
            r"(?:member|user|subscriber)s?(?:'|’)? ?log ?in|log ?in required|members only",
            r"anmelden|anmeldung|einloggen|login|connexion|se connecter|identifiez-vous|iniciar sesión|accedi|entrar|inloggen",
            r"logga in|zaloguj się|logowanie|вход|войти|авторизация|giriş yap|ログイン|登录|登入|로그인",
        ),
        ERROR: (
            r"(?:http )?(?:error:? )?5(?:0\d|2[0-7])(?:\W+(?:\w+ )*(?:error|gateway|unavailable|time-?out))?",
            r"(?:oops|sorry|uh.oh|whoops)?\W*something (?:went|is|has gone) wrong",
            r"(?:server|technical|application|database) error|under maintenance|(?:site )?maintenance|wartung|serverfehler|oops",
        ),
    }.items()
)
"""Titles and headings that say nothing else than this."""
_DOOR = re.compile(
    r"/(?:log-?in|sign-?(?:in|up)|log-?on|register|registration|sso|auth(?:entication)?|anmelden|anmeldung|registrieren|connexion"
    r"|inscription|inloggen|accedi|entrar|iniciar-sesion|mein-?konto|(?:my-?|user/)?account|wp-login)(?=[/.]|$)",
    re.I,
)
"""Paths of addresses where a log-in is what is to be found."""


def is_door(url: str) -> bool:
    """Whether an address is by its name that of a log-in, which then stands in place of nothing."""
    return _DOOR.search(urlsplit(url).path) is not None


def read_wall(page: Page, labelled: Iterable[LabelledBlock]) -> str | None:
    """Say what keeps a page that is no article from being read.

    Args:
        page: The page.
        labelled: Its blocks with their labels.

    Returns:
        What it asks or says, in a few words; None where it is a page in its own right.
    """
    headers = {(name, value.strip().lower()) for name, value in page.headers}
    if headers.intersection(HEADERS):
        return HUMAN
    blocks = [one for one in labelled if one.block.text and one.block.kind is not Kind.BREAK]
    if _is_consent(blocks):
        return CONSENT
    if sum(len(one.block.text) for one in blocks) > WALL_CHARS:
        return None
    said = [page.head.title, *(one.block.text for one in blocks[:FIRST_BLOCKS])]
    titles = [page.head.title, *(one.block.text for one in blocks[:FIRST_BLOCKS] if one.block.kind is Kind.HEADING)]
    return _first(_PHRASES, said, re.Pattern.search) or _first(_TITLES, titles, re.Pattern.fullmatch)


def _first(rules: Rules, texts: Sequence[str], match: Callable[[re.Pattern[str], str], object]) -> str | None:
    """The name of the first rule that one of the texts meets."""
    return next((name for name, pattern in rules if any(match(pattern, text) for text in texts)), None)


def _is_consent(blocks: Sequence[LabelledBlock]) -> bool:
    asked = sum(len(one.block.text) for one in blocks if _asks_for_consent(one))
    beside = sum(len(one.block.text) for one in blocks) - asked
    return asked >= LEAST_CONSENT and beside <= min(BESIDE_CONSENT, asked)


def _asks_for_consent(one: LabelledBlock) -> bool:
    return one.label is Label.CONSENT or _CONSENT.search(one.block.text) is not None
