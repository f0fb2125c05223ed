"""Where something stands on its page, and what a short line beside the title is.

Facts about places and lines that several rooms need and no room owns. Pure, like the rooms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from pipelines.page.page import Block, Node, Page

BLOCKS_BEFORE_TITLE = 5
BLOCKS_AFTER_TITLE = 13
"""How far from the title a byline or a date is looked for. Measured on wcxb and fundus: dates printed there agree with the
truth on .88 and .93 of the pages that have one; further away they are mostly those of other articles."""

DEEPEST_LOOK = 60
"""Ancestors looked at from one element; pages that nest deeper do so by unclosed tags."""

LONGEST_CREDIT_LINE = 160
"""Characters of a line that may be byline and date; a longer one is prose."""

MARGIN_TAGS = frozenset({"nav", "footer", "aside"})

MARGIN_ROLES = frozenset({"navigation", "contentinfo", "complementary", "search", "dialog"})


def word_set(words: str) -> frozenset[str]:
    """The words of a vocabulary that is written as one text."""
    return frozenset(words.split())


MARGIN_TOKENS = word_set(
    "comment comments commentlist respond disqus replies sidebar footer colophon nav navbar navigation menu breadcrumb "
    "breadcrumbs related relatedposts recommend recommended recommendations recommendation recirc popular trending "
    "mostread latest newsletter subscribe signup cookie consent modal popup upsell outbrain taboola carousel slider ticker "
    "pagination upnext readmore morestories"
)
"""Words of class and id that set a region apart from the article."""

CREDIT_TOKENS = word_set("byline author authors meta date published entry-meta credits dateline")
"""Words that make an `aside` part of the article after all."""

_REMEMBERED = 512
"""Short texts whose letters are kept for comparing: rooms ask again and again for the same names."""
_WORDS = re.compile(r"\w+")
_LEAD_PHRASES = (
    r"this (?:post|article|story|entry) was (?:written|posted|contributed) by",
    r"written (?:and \w+ )?by", r"posted by", r"words by", r"text by", r"story by", r"reported (?:and \w+ )?by",
    r"published by", r"authored by", r"created by", r"submitted by", r"contributed by",
    r"(?:words|text|story) (?:and|&) (?:photos|photography|pictures|images|video)(?: by)?",
    r"(?:text|texto|testo|texte) (?:und|y|e|et|och|og|&) (?:fotos?|photos?|bild(?:er)?)",
    r"guide by", r"recipe by", r"review by", r"opinion by", r"analysis by", r"column by", r"post by", r"article by",
    r"interview by", r"commentary by", r"(?:guest|blog) post by",
    r"ein(?:e)? (?:blog[ -]?|gast)?(?:beitrag|artikel|kommentar|kolumne|interview|analyse) von",
    r"(?:blog|gast)[ -]?(?:beitrag|artikel|kommentar) von",
    r"beitrag von", r"artikel von", r"kommentar von", r"kolumne von", r"interview von", r"analyse von",
    r"veröffentlicht von", r"geschrieben von", r"verfasst von", r"erstellt von", r"eingestellt von", r"gepostet von",
    r"escrito por", r"publicado por", r"redactado por", r"elaborado por", r"escriben?", r"escrit per",
    r"écrit par", r"publié par", r"rédigé par", r"posté par", r"scritto da", r"pubblicato da", r"redatto da",
    r"geschreven door", r"geplaatst door", r"skrevet a[vf]", r"skriven av", r"publicerad av", r"scris de", r"napisał[ai]?",
    r"napisala?", r"napsala?", r"píše", r"piše", r"írta", r"szerző", r"kirjoittanut", r"kirjoittaja", r"γράφει [οη]",
    r"by", r"vo[nm]", r"par", r"por", r"di", r"door", r"av", r"af", r"przez",
    r"autor(?:[/*:_]in(?:nen)?|in/autor|innen|in|a|es|en|i|zy|ka|ius|s)?", r"auteurs?", r"authors?", r"autore", r"autrice",
    r"contributors?", r"textes?", r"texto", r"testo", r"tekst", r"text", r"words", r"yazar", r"penulis", r"ditulis oleh",
    r"tác giả", r"автор(?:ы|ка)?", r"написала?", r"συντάκτης", r"συντάκτρια", r"συγγραφέας",
    r"(?:oleh|yazan|bài|haber|текст|подготовила?|підготува(?:в|ла)|κείμενο|teksti|redaktion|redacción|reporter|إعداد)(?=\s?[:：])",
    r"بقلم", r"كتبت?", r"الكاتبة?", r"نویسنده", r"מאת", r"लेखक", r"द्वारा", r"โดย", r"ผู้เขียน",
)  # fmt: skip
"""What bylines begin with, as patterns."""
_LEAD_SIGNS = (
    "取材・文", "文・写真", "文・", "文", "著者", "著", "作者", "撰文", "撰稿", "本报记者", "本報記者", "特约记者", "記者",
    "记者", "执笔", "執筆", "取材", "筆者", "ライター", "글쓴이", "작성자", "글",
)  # fmt: skip
"""The same in scripts that write words without spaces."""
_LEAD_STARTS = word_set(
    "th wr po wo te st re pu au cr su co gu op an in bl ei be ga ar ko ve ge er es él éc ré sc sk na pí pi ír sz ki γρ by vo pa "
    "di do те av af pr ya pe tá ав на συ ol bà ha πο по пі κε إع بق كت ال نو מא ले द् โด ผู"
) | {sign[:1] for sign in _LEAD_SIGNS}
"""First two letters, or the first sign, of all of these: few lines begin so, and the others need no pattern."""
_BYLINE_LEAD = re.compile(
    rf"(?:{'|'.join(_LEAD_PHRASES)})(?:(?!\w)|(?-i:(?<=[a-z])(?<!Di)(?=[A-Z])))\s*[:：/／|-]?\s*(?=\S)|"
    rf"(?:{'|'.join(_LEAD_SIGNS)})\s*[:：/／|＝=-]?\s*(?=\S)",
    re.I,
)
_AGENCY_LINE = re.compile(
    r"(?:Reuters|AFP|AP|dpa|DPA|APA|SDA|EFE|ANSA|ANI|IANS|PTI|UPI|Bloomberg|Xinhua|Kyodo|Jiji|CNA|Belga|ANP|NTB|TT|PAP|AA)"
    r"(?:\s?[,/-]\s?[^\W\d_][\w .]{1,30})?"
)
"""A line that names a news agency and perhaps the place it reports from: "AFP, MANILA"."""
_READING_TIME = re.compile(
    r"\b\d{1,3}\s*[-–]?\s*(?:min(?:ute)?s?\.?|minuten|minutos?|minuti|minuter|minutter)\s*(?:of\s+)?"
    r"(?:read(?:ing)?(?: time)?|lesezeit|lesedauer|de lecture|de lectura|di lettura|de leitura|leestijd|läsning|lesetid|"
    r"læsetid)\b|"
    r"\b(?:reading time|read time|lesezeit|lesedauer|temps de lecture|tiempo de lectura|tempo di lettura|tempo de leitura|"
    r"leestijd|lästid|lesetid)\b|"
    r"読了時間|阅读时间",
    re.I,
)
_DATE_SIGN = re.compile(
    r"(?<!\d)\d{1,2}[./]\d{1,2}[./]\d{2}(?!\d)|\d\s*\w+\s+(?:ago|fa|atrás|geleden|sedan|siden|temu|назад|"
    r"önce)\b|"
    r"^(?:vor|il y a|hace|há|för)\s+\S+\s+\w+|\d\s*(?:秒|分|時間|小时|小時|日|天|週間|[かヶカ]月|个月|個月|年)前|"
    r"\b(?:published|posted|updated|veröffentlicht|aktualisiert|publié|mis à jour|publicado|actualizado|pubblicato|aggiornato|"
    r"gepubliceerd|publicerad)\b",
    re.I,
)


_MAY_TELL_TIME = re.compile("read|lese|lect|lett|leit|leest|l[äæ]s|読了|阅读")
"""A piece of every reading time, in lower case: few lines hold one, and the others need no pattern tried at each place."""
_MAY_HAVE_DATE_SIGN = re.compile(
    r"\.\d|/\d|前|ago|fa|atrás|geleden|sedan|siden|temu|назад|önce|vor|il y a|hace|há|för|publi|posted|updated|veröffentlicht"
    r"|aktualisiert|mis à jour|actualizado|pubblicato|aggiornato"
)
"""The same for the signs of dates."""
_YEAR = re.compile(r"(?<![\d–-])(?:19|20)\d\d(?![\d–-])|(?<!\d)(?:19|20)\d\d-\d\d?-\d\d?(?!\d)")
_WORDS_BESIDE_YEAR = 3
"""Words without digits that a line which is a date has beside year and day ("Monday", "October", "at"); more make a sentence."""


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text for comparing: case and punctuation gone."""
    if text.isascii():
        return tuple(_WORDS.findall(text.lower()))
    return tuple(_WORDS.findall(unicodedata.normalize("NFKC", text).casefold()))


@lru_cache(maxsize=_REMEMBERED)
def squeezed(text: str) -> str:
    """The letters and digits of a text for comparing, without spaces."""
    return "".join(words_of(text)).replace("_", "")


def is_byline(text: str) -> bool:
    """Whether a line begins as a byline does: "By", "Von", "文/" and then a name, and is no sentence."""
    lead = _lead(text) if len(text) <= LONGEST_CREDIT_LINE else None
    if lead is None:
        return False
    rest = text[lead.end() :].lstrip(" :/|")
    return (
        bool(rest)
        and not rest[0].islower()
        and not (text.endswith((".", "?", "!", "…")) and len(text) > 60)
        and len(rest.split()) < 20
    )


def byline_lead(text: str) -> int:
    """Number of characters that the lead word of a byline takes; 0 where there is none."""
    match = _lead(text)
    return match.end() if match else 0


def _lead(text: str) -> re.Match[str] | None:
    start = text[:2].lower()
    return _BYLINE_LEAD.match(text) if start in _LEAD_STARTS or start[:1] in _LEAD_STARTS else None


def is_lead_alone(text: str) -> bool:
    """Whether a line holds nothing but the lead word of a byline; the name follows on the next."""
    lead = byline_lead(f"{text} x")
    return lead > len(text)


def is_date_line(text: str) -> bool:
    """Whether a line is short and says when something was published."""
    if len(text) > LONGEST_CREDIT_LINE // 2 or text.endswith(("?", "!")):
        return False
    return _is_dated(text) or bool(_MAY_HAVE_DATE_SIGN.search(text.lower()) and _DATE_SIGN.search(text))


def _is_dated(text: str) -> bool:
    """Whether a line holds a year and little else: a day, or few words; a sentence or a span of years is no date."""
    if ("20" not in text and "19" not in text) or not _YEAR.search(text):
        return False
    words = words_of(text)
    numbers = sum(word[0].isdigit() for word in words)
    return numbers > 1 or len(words) - numbers <= _WORDS_BESIDE_YEAR


def is_reading_time(text: str) -> bool:
    """Whether a line is short and says how long reading takes: "4 min read"."""
    return len(text) <= LONGEST_CREDIT_LINE and bool(_MAY_TELL_TIME.search(text.lower()) and _READING_TIME.search(text))


def is_agency_line(text: str) -> bool:
    """Whether a line names a news agency and at most the place that it reports from."""
    return bool(_AGENCY_LINE.fullmatch(text))


def is_credit_line(text: str) -> bool:
    """Whether a line is printed with the title and says who, when or how long."""
    return is_byline(text) or is_date_line(text) or is_reading_time(text) or is_agency_line(text)


@dataclass(slots=True)
class Surroundings:
    """What lies around the title of a page."""

    page: Page
    title_block: int | None
    _kept: frozenset[Node] = frozenset()
    _margins: dict[Node, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.title_block is not None and self.title_block < len(self.page.blocks):
            node = self.page.blocks[self.title_block].node
            self._kept = frozenset(_lineage(node))

    def in_margin(self, node: Node) -> bool:
        """Whether a node stands in comments, navigation, related articles and the like; what encloses the title is no margin."""
        margins = self._margins
        path: list[Node] = []
        known: bool | None = None
        above: Node | None = node
        while above is not None and (known := margins.get(above)) is None:
            path.append(above)
            above = above.parent
        found = bool(known)
        for inner in reversed(path):
            found = found or (inner not in self._kept and _is_margin(inner))
            margins[inner] = found
        return found

    def at_foot(self, node: Node) -> bool:
        """Whether a node stands in the footer of the article that the title stands in, and in no other margin.

        Blogs print date, author and tags there. Each comment may be an `article` with a footer as well; it holds no title.
        """
        footers = 0
        for above in _lineage(node):
            if above.tag == "article":
                return footers > 0 and above in self._kept
            if (
                above.tag in {"nav", "aside"}
                or above.role in MARGIN_ROLES
                or MARGIN_TOKENS.intersection(above.tokens) - {"footer"}
            ):
                return False
            footers += above.tag == "footer" or "footer" in above.tokens
        return False

    def in_own_sidebar(self, node: Node) -> bool:
        """Whether a node stands in a sidebar that belongs to the `article` of the title, and in no other margin."""
        seen = False
        for above in _lineage(node):
            if above in self._kept:
                return seen and any(outer.tag == "article" for outer in _lineage(above))
            if above.tag == "nav" or MARGIN_TOKENS.intersection(above.tokens) - {"sidebar"}:
                return False
            seen = seen or above.tag == "aside" or "sidebar" in above.tokens
        return False

    def distance(self, index: int) -> int:
        """Blocks from the title to a block, negative before it; from the start of the page where there is no title."""
        return index - (self.title_block or 0)

    def is_near(self, index: int, *, before: int = BLOCKS_BEFORE_TITLE, after: int = BLOCKS_AFTER_TITLE) -> bool:
        """Whether a block is close enough to the title to be printed with it."""
        return -before <= self.distance(index) <= after

    def blocks_near(
        self,
        *,
        before: int = BLOCKS_BEFORE_TITLE,
        after: int = BLOCKS_AFTER_TITLE,
        holding: Callable[[str], bool] | None = None,
    ) -> list[Block]:
        """Shown blocks near the title outside margins: those after it first, then those before it, nearest first.

        With `holding`, only those whose text it is true of.
        """
        start = self.title_block or 0
        blocks = self.page.blocks
        order = [*blocks[start + 1 : start + 1 + after], *reversed(blocks[max(0, start - before) : start])]
        if self.title_block is None and blocks:
            order.insert(0, blocks[0])
        if holding is not None:
            order = [block for block in order if holding(block.text)]
        return [block for block in order if block.text and not block.hidden and not self.in_margin(block.node)]


def _lineage(node: Node) -> list[Node]:
    found: list[Node] = []
    above: Node | None = node
    while above is not None and len(found) < DEEPEST_LOOK:
        found.append(above)
        above = above.parent
    return found


def _belongs_to_article(node: Node) -> bool:
    """Whether an `aside` or `footer` is one of an article and not of the page: inside `article`, or named for credits."""
    return not CREDIT_TOKENS.isdisjoint(node.tokens) or any(above.tag == "article" for above in _lineage(node))


def _is_margin(node: Node) -> bool:
    if node.tag in {"body", "html", "main", "#text"}:
        return False
    if node.tag in MARGIN_TAGS or node.role in MARGIN_ROLES:
        return node.tag == "nav" or not _belongs_to_article(node) or not MARGIN_TOKENS.isdisjoint(node.tokens)
    return node.itemtype == "Comment" or not MARGIN_TOKENS.isdisjoint(node.tokens)
