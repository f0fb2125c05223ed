"""Writes `pipelines/dates/words.py`: names of months and words of relative dates, by language.

The words are those of the Unicode CLDR as the `dateparser` package carries them (BSD licence, its data under the Unicode
licence), with the forms below that stand in printed dates and are missing there. Run `python -m train.date_words` after a change.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

WORDS = Path(__file__).parent.parent / "pipelines" / "dates" / "words.py"

LANGUAGES: dict[str, tuple[str, ...]] = dict.fromkeys(
    (
        "af",
        "am",
        "ar",
        "az",
        "be",
        "bg",
        "bn",
        "bs",
        "ca",
        "ckb",
        "cs",
        "cy",
        "da",
        "de",
        "el",
        "en",
        "eo",
        "es",
        "et",
        "eu",
        "fa",
        "fi",
        "fil",
        "fo",
        "fr",
        "fy",
        "ga",
        "gl",
        "gu",
        "he",
        "hi",
        "hr",
        "hu",
        "hy",
        "id",
        "is",
        "it",
        "ja",
        "ka",
        "kk",
        "km",
        "kn",
        "ko",
        "ky",
        "lb",
        "lo",
        "lt",
        "lv",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "mt",
        "my",
        "ne",
        "nl",
        "or",
        "pa",
        "pl",
        "ps",
        "pt",
        "ro",
        "ru",
        "si",
        "sk",
        "sl",
        "sq",
        "sv",
        "sw",
        "ta",
        "te",
        "th",
        "tr",
        "ug",
        "uk",
        "ur",
        "vi",
        "yi",
        "zu",
    ),
    (),
) | {
    "az": ("az", "az-Latn", "az-Cyrl"),
    "bs": ("bs", "bs-Cyrl"),
    "fil": ("fil", "tl"),
    "no": ("nb", "nn"),
    "sr": ("sr", "sr-Latn"),
    "uz": ("uz", "uz-Latn", "uz-Cyrl"),
    "zh": ("zh", "zh-Hant"),
}
"""ISO 639-1 code (`fil` has none) to the names of its tables; none where there is one of the same name."""

MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
UNITS = ("second", "minute", "hour", "day", "week", "month", "year")

MORE_MONTHS = {
    "ar": "كانون الثاني|جانفي,شباط|فيفري,آذار|اذار|مارس,نيسان|أفريل|ابريل|إبريل,أيار|ايار|ماي,حزيران|جوان,تموز|جويلية,آب|اب|أوت|"
    "اغسطس,أيلول|ايلول|شتنبر,تشرين الأول|تشرين الاول|اكتوبر,تشرين الثاني|نونبر,كانون الأول|كانون الاول|دجنبر",
    "ckb": "کانوونی دووەم,شوبات,ئازار,نیسان,ئایار,حوزەیران,تەمووز,ئاب,ئەیلوول,تشرینی یەکەم,تشرینی دووەم,کانوونی یەکەم",
    "de": "jänner|jän,feber,mrz|maerz,,,,,,,,,",
    "el": ",φλεβάρη,,,,,,,,,,",
    "es": ",,,,,,,,setiembre|set,,,",
    "eu": "urtarrilak|urtarrilaren,otsailak|otsailaren,martxoak|martxoaren,apirilak|apirilaren,maiatzak|maiatzaren,ekainak|"
    "ekainaren,uztailak|uztailaren,abuztuak|abuztuaren,irailak|irailaren,urriak|urriaren,azaroak|azaroaren,abenduak|abenduaren",
    "fa": "جنوری,فبروری,مارچ,اپریل,می,جون,جولای,اگست,,اکتوبر,,دسمبر",
    "fi": "tammi,helmi,maalis,huhti,touko,kesä,heinä,elo,syys,loka,marras,joulu",
    "hi": ",फरवरी,,,,,,,सितम्बर,,नवम्बर,दिसम्बर",
    "hr": ",,,,,,,,,,studenog,",
    "it": "genn,febbr,,,magg,giu,lugl,,sett,,,",
    "lt": "sausis,vasaris,kovas,balandis,gegužė,birželis,liepa,rugpjūtis,rugsėjis,spalis,lapkritis,gruodis",
    "lv": "janvārī,februārī,martā,aprīlī,maijā,jūnijā,jūlijā,augustā,septembrī,oktobrī,novembrī,decembrī",
    "ta": ",,,,,,,,செப்டெம்பர்,,,",
    "ur": "جنوری,فروری,مارچ,اپریل,مئی,جون,جولائی,اگست,ستمبر,اکتوبر,نومبر,دسمبر",
    "uz": "yanvar,fevral,mart,aprel,may,iyun,iyul,avgust,sentabr|sentyabr,oktabr|oktyabr,noyabr,dekabr",
    "vi": "tháng một|tháng giêng,tháng hai,tháng ba,tháng tư,tháng năm,tháng sáu,tháng bảy,tháng tám,tháng chín,tháng mười,"
    "tháng mười một,tháng mười hai|tháng chạp",
}  # fmt: skip
"""Forms that the tables lack: other countries' names, cases, spellings; twelve entries apart by commas."""

MORE_AGO = {
    "ar": {"minute": "منذ {} دقيقة|منذ {} دقائق", "hour": "منذ {} ساعة|منذ {} ساعات", "day": "منذ {} يوم|منذ {} أيام",
           "week": "منذ {} أسبوع|منذ {} أسابيع", "month": "منذ {} شهر|منذ {} أشهر", "year": "منذ {} سنة|منذ {} سنوات"},
    "bg": {"minute": "преди {} мин|преди {} минути", "day": "преди {} дни", "hour": "преди {} часа"},
    "de": {"hour": "vor {} std", "minute": "vor {} min", "day": "vor {} tage"},
    "en": {"hour": "{} hrs ago|{}hr ago|{}hrs ago", "minute": "{} mins ago|{}min ago|{}mins ago", "week": "{} wks ago",
           "month": "{} mos ago|{}mos ago", "year": "{} yrs ago|{}yr ago", "second": "{} secs ago"},
    "es": {"hour": "hace {} hs", "day": "{} días atrás", "month": "{} meses atrás", "year": "{} años atrás"},
    "et": {"minute": "{} minutit tagasi", "hour": "{} tundi tagasi", "day": "{} päeva tagasi", "week": "{} nädalat tagasi",
           "month": "{} kuud tagasi", "year": "{} aastat tagasi"},
    "lt": {"minute": "prieš {} min", "hour": "prieš {} val", "day": "prieš {} dienas|prieš {} d", "week": "prieš {} savaites",
           "month": "prieš {} mėnesius", "year": "prieš {} metus"},
    "fa": {"day": "{} روز قبل", "hour": "{} ساعت قبل", "minute": "{} دقیقه قبل", "month": "{} ماه قبل", "year": "{} سال قبل"},
    "fr": {"month": "il y a {} mois", "hour": "il y a {}h", "minute": "il y a {} mn"},
    "ja": {"month": "{}か月前|{}ヶ月前|{}ヵ月前|{}カ月前", "day": "{}日前", "hour": "{}時間前"},
    "ko": {"month": "{}달 전", "week": "{}주일 전"},
    "nl": {"hour": "{} uren geleden", "week": "{} weken geleden"},
    "no": {"hour": "{} timer siden|{} time siden", "day": "{} dager siden|{} dag siden|{} døgn siden",
           "week": "{} uker siden|{} uke siden", "month": "{} måneder siden|{} måned siden", "year": "{} år siden",
           "minute": "{} minutter siden|{} min siden"},
    "pl": {"day": "{} dni temu", "hour": "{} godz temu"},
    "pt": {"day": "{} dias atrás|{} dia atrás", "hour": "{} horas atrás", "month": "{} meses atrás|{} mês atrás",
           "year": "{} anos atrás|{} ano atrás", "week": "{} semanas atrás", "minute": "{} minutos atrás"},
    "ru": {"hour": "{} час назад|{} часа назад|{} часов назад", "day": "{} дней назад|{} дня назад|{} день назад"},
    "sv": {"day": "{} dagar sedan|{} dag sedan", "hour": "{} timmar sedan", "month": "{} månader sedan", "year": "{} år sedan"},
    "zh": {"minute": "{}分钟前|{}分鐘前", "hour": "{}小时前|{}小時前", "month": "{}个月前|{}個月前",
           "day": "{}天前|{}日前", "week": "{}周前|{}週前|{}星期前", "year": "{}年前"},
}  # fmt: skip
"""Phrases that the tables lack."""

MORE_DAYS = {
    "da": "0:i dag|1:i går", "de": "1:gestern|2:vorgestern", "fr": "0:aujourd'hui|1:hier|2:avant-hier", "no": "0:i dag|1:i går",
    "sv": "0:i dag|1:i går", "pl": "0:dzisiaj|0:dziś|1:wczoraj", "ja": "0:本日|0:きょう|1:きのう|2:一昨日|2:おととい",
    "zh": "1:昨日|0:今日|2:前天", "pt": "2:anteontem", "es": "2:anteayer", "ko": "2:그저께",
}  # fmt: skip
"""Words for today, yesterday and the day before that the tables lack."""

_NUMBER = re.compile(r"\(\\d\+\+\[\.,\]\?\\d\*\+\)")
_HEAD = '''"""Names of months and words of relative dates, by language.

Written by `train/date_words.py` from the Unicode CLDR as `dateparser` carries it; edit the script, then run it. Words are folded
as `pipelines.dates.months.fold` does. Months are apart by commas, forms of one month or phrase by `|`.
"""

# ruff: noqa: E501
# fmt: off

'''


def fold(word: str) -> str:
    """The form under which a word is looked up; keep in step with `pipelines.dates.months.fold`."""
    from pipelines.dates.months import fold as folded

    return folded(word)


def tables(lang: str) -> list[dict[str, object]]:
    """The tables of a language."""
    return [import_module(f"dateparser.data.date_translation_data.{name}").info for name in LANGUAGES[lang] or (lang,)]


def months_of(lang: str) -> list[str]:
    """Twelve entries, each the forms of a month."""
    more = MORE_MONTHS.get(lang, "," * 11).split(",")
    entries = []
    for month, extra in zip(MONTHS, more, strict=True):
        given = [form for table in tables(lang) for form in _strings(table.get(month))] + extra.split("|")
        entries.append("|".join(_unique(fold(form) for form in given if not any(char.isdigit() for char in form))))
    return entries


def phrases_of(lang: str) -> dict[str, str]:
    """Unit to phrases such as `vor {} tagen`."""
    found = {}
    for unit in UNITS:
        given = [
            _NUMBER.sub("{}", phrase)
            for table in tables(lang)
            for phrase in _strings(dict(table.get("relative-type-regex", {})).get(f"\\1 {unit} ago"))  # type: ignore[call-overload]
        ]
        given += MORE_AGO.get(lang, {}).get(unit, "").split("|")
        forms = _unique(fold(phrase) for phrase in given if phrase.count("{}") == 1 and "(" not in phrase and "\\" not in phrase)
        if forms:
            found[unit] = "|".join(forms)
    return found


def days_of(lang: str) -> str:
    """Words that name a day by themselves: `0:heute|1:gestern`."""
    given = [
        f"{days}:{word}"
        for days in (0, 1, 2)
        for table in tables(lang)
        for word in _strings(dict(table.get("relative-type", {})).get(f"{days} day ago"))  # type: ignore[call-overload]
    ]
    given += [item for item in MORE_DAYS.get(lang, "").split("|") if item]
    return "|".join(_unique(f"{item[:2]}{fold(item[2:])}" for item in given if len(item) > 3))


def _strings(value: object) -> list[str]:
    return [unicodedata.normalize("NFC", item) for item in value] if isinstance(value, list) else []


def _unique(words: Iterable[str]) -> list[str]:
    return sorted({word for word in words if word})


def write() -> Iterator[str]:
    """The lines of the module."""
    yield _HEAD
    yield "MONTHS: dict[str, str] = {\n"
    for lang in sorted(LANGUAGES):
        entries = months_of(lang)
        if all(entries):
            yield f'    "{lang}": "{",".join(entries)}",\n'
    yield "}\n\nAGO: dict[str, dict[str, str]] = {\n"
    for lang in sorted(LANGUAGES):
        phrases = phrases_of(lang)
        if phrases:
            pairs = ", ".join(f'"{unit}": "{forms}"' for unit, forms in phrases.items())
            yield f'    "{lang}": {{{pairs}}},\n'
    yield "}\n\nDAYS_BACK: dict[str, str] = {\n"
    for lang in sorted(LANGUAGES):
        if days_of(lang):
            yield f'    "{lang}": "{days_of(lang)}",\n'
    yield "}\n"


if __name__ == "__main__":
    WORDS.write_text("".join(write()), "utf-8")
