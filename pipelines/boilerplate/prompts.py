"""Short blocks that ask for something, declare rights, or point elsewhere, by how they begin."""

from __future__ import annotations

import re

from pipelines.fields import Label

PROMPT_LENGTH = 220
"""Longest block, in characters, that is taken for a prompt or a legal line."""

POINTER_LENGTH = 60
"""So many characters of a block are looked at for a pointer to another article."""

_PROMPTS: dict[Label, tuple[str, ...]] = {
    Label.FOOTER: (
        r"©",
        r"\(c\) ?\d{4}",
        r"copyright\b",
        "alle rechte vorbehalten",
        "tous droits réservés",
    ),
    Label.COMMENTS: (
        r"(?:please )?(?:sign|log) in (?:or \w+(?: up)? )?to (?:comment|reply|post|leave)",
        "be the first to (?:comment|respond|share|reply|leave|review)",
        "there are no comments",
        "no comments yet",
        "comments? (?:are|is) (?:now )?closed",
        "you must be (?:logged|signed) in to",
        "your email address will not be published",
        "save my name,? (?:and )?email",
        "required fields are marked",
        "notify me of (?:new|follow-up)",
        "deine e-mail-adresse wird nicht",
        "(?:sie müssen|du musst) (?:sich anmelden|angemeldet sein)",
        "votre adresse (?:e-?mail|de messagerie) ne sera",
        "tu dirección de correo",
        "il tuo indirizzo email non",
    ),
    Label.NEWSLETTER: (
        "sign up (?:for|to|here|now|today)",
        "subscribe (?:to|now|today|here|for free)",
        r"get (?:our|the) (?:latest|best|free|daily|weekly)\b.*\b(?:inbox|newsletter|email)",
        "enter your e-?mail",
        "type your email",
        r"join (?:our|\d[\d,.]*) \w*\s?(?:newsletter|subscribers|readers)",
        "thanks for (?:subscribing|signing up)",
        "melden sie sich (?:hier )?(?:für|zu)",
        "jetzt (?:den )?newsletter",
        "abonnieren sie",
        "inscrivez-vous (?:à|pour)",
        "abonnez-vous (?:à|pour)",
        "suscríbete (?:a|para)",
        "iscriviti (?:a|per|alla)",
        "schrijf je in",
        "anmäl dig",
        "meld deg på",
        "tilmeld dig",
        "zapisz się na",
    ),
    Label.SHARE: (
        "follow (?:us|me|him|her|them) on",
        "share (?:this|on|via|with)",
        "click to (?:share|email|print)",
        "(?:tweet|email|print) this",
        "like us on",
        "copy link",
        "pin it",
        "folgen sie uns",
        "suivez-nous",
        "síguenos",
        "seguici su",
        "volg ons",
        "følg oss",
        "följ oss",
    ),
    Label.CONSENT: (
        "(?:this|our) (?:web)?site uses cookies",
        "we use cookies",
        "wir verwenden cookies",
        "diese website verwendet",
        "nous utilisons des cookies",
        "(?:utilizamos|usamos) cookies",
        "questo sito utilizza",
        "deze (?:web)?site gebruikt",
    ),
    Label.ADVERTISEMENT: (
        "(?:article|story) continues (?:below|after)",
        "scroll (?:down )?to continue",
        "continue reading below",
        r"advertisement\b",
        r"loading\.{0,3}$",
        "sponsored by",
        "this post may contain affiliate links",
        r"werbung\b",
        "- ?anzeige ?-",
    ),
    Label.PAYWALL: (
        "subscribe (?:now )?to (?:continue|read|unlock|keep)",
        "(?:sign|log) in to (?:continue|read)",
        r"this (?:article|story|content|post) is (?:only )?(?:for|available|reserved|exclusive)\b.*\b(?:subscribers|members)",
        "to (?:continue|keep) reading",
        "already a (?:subscriber|member)",
        "you have reached your limit",
        "register to (?:continue|read)",
        "weiterlesen mit",
        "jetzt weiterlesen",
        "cet article est réservé",
        r"il vous reste \d+ ?% de cet article",
        "la suite est réservée",
        "este artículo es (?:exclusivo|solo)",
    ),
    Label.WIDGET: (
        "(?:sign|log) in(?: or register)?$",
        "(?:please )?enable javascript",
        "javascript (?:is|must)",
        "your browser (?:does not|doesn't)",
        "this video (?:is unavailable|can not|cannot)",
        "was this (?:article|page|post)? ?(?:helpful|useful)",
        "play (?:video|audio)$",
        "listen to (?:this )?(?:article|story)",
    ),
    Label.TAGS: (
        r"(?:tags?|tagged(?: with)?|filed under|posted in|keywords|topics)\s?[:：]",
        r"(?:schlagw[oö]rt(?:er|e)|stichw[oö]rt(?:er|e)|étiquettes|mots-clés|etiquetas)\s?[:：]",
    ),
}
_ORDER = (Label.PAYWALL, *(label for label in _PROMPTS if label is not Label.PAYWALL))
"""A wall asks to subscribe as a newsletter does; the telling words come behind."""
_PATTERNS = tuple((re.compile("|".join(_PROMPTS[label])), label) for label in _ORDER)
_ANY_PROMPT = re.compile("|".join(pattern.pattern for pattern, _ in _PATTERNS))
"""Tried first: most blocks are no prompt. All patterns are in lower case, which is far cheaper than ignoring case."""
_RIGHTS_RESERVED = "all rights reserved"

_READ_ALSO = re.compile(
    r"[\s»›→>▶•*\[(-]*(?:"
    + "|".join(
        (
            "read (?:also|more|next|the rest|this)",
            "see also",
            "also read",
            "more on this",
            "(?:more|related|watch|listen|don't miss|further reading):",
            "related (?:story|article|reading|post)s?:",
            "lesen sie (?:auch|mehr|hier)",
            "lies auch",
            "mehr dazu",
            "mehr zum thema",
            "siehe auch",
            "auch interessant",
            "mehr lesen",
            "(?:à |a )?lire (?:aussi|également)",
            "lisez aussi",
            "voir aussi",
            "le[ae] (?:también|además|más)",
            "[lt]e puede interesar",
            "ver también",
            "leggi (?:anche|tutto)",
            "leia (?:também|mais)",
            "veja também",
            "saiba mais",
            "lees (?:ook|meer|verder)",
            "läs (?:också|mer|även)",
            "l[eæ]s også",
            "czytaj (?:też|także|więcej|również)",
            "zobacz (?:też|także|również)",
            "przeczytaj",
            "читайте также",
            "читайте ещё",
            r"см\. также",
            "читайте також",
            "関連記事",
            "あわせて読みたい",
            "相关阅读",
            "延伸阅读",
            "推荐阅读",
        )
    )
    + r")(?!\w)"
)


def label_of_prompt(text: str) -> Label | None:
    """What a short block asks for or declares (`Sign in to comment`, `© 2026 ...`), or None."""
    if len(text) > PROMPT_LENGTH:
        return None
    lower = text.lower()
    if _ANY_PROMPT.match(lower):
        return next(label for pattern, label in _PATTERNS if pattern.match(lower))
    return Label.FOOTER if _RIGHTS_RESERVED in lower else None


def is_read_also(text: str) -> bool:
    """Whether a block opens like a pointer to another article (`Read also:`)."""
    return _READ_ALSO.match(text[:POINTER_LENGTH].lower()) is not None
