"""Names of the months, by language.

Twelve entries a language, January first; an entry holds the forms that stand in dates, apart by `|`: nominative, genitive and
the usual abbreviations without their full stop.
"""

from __future__ import annotations

from functools import cache

MONTHS: dict[str, str] = {
    "en": "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep october|oct "
    "november|nov december|dec",
    "de": "januar|jänner|jan|jän februar|feber|feb märz|mär|mrz|maerz april|apr mai juni|jun juli|jul august|aug september|"
    "sept|sep "
    "oktober|okt november|nov dezember|dez",
    "fr": "janvier|janv|jan février|févr|fév|fevrier mars avril|avr mai juin juillet|juil août|aout septembre|sept|sep "
    "octobre|oct "
    "novembre|nov décembre|déc|decembre|dec",
    "es": "enero|ene febrero|feb marzo|mar abril|abr mayo|may junio|jun julio|jul agosto|ago septiembre|setiembre|sept|sep|set "
    "octubre|oct noviembre|nov diciembre|dic",
    "it": "gennaio|gen|genn febbraio|feb|febbr marzo|mar aprile|apr maggio|mag|magg giugno|giu luglio|lug|lugl agosto|ago "
    "settembre|set|sett ottobre|ott novembre|nov dicembre|dic",
    "pt": "janeiro|jan fevereiro|fev março|mar|marco abril|abr maio|mai junho|jun julho|jul agosto|ago setembro|set outubro|out "
    "novembro|nov dezembro|dez",
    "nl": "januari|jan februari|feb maart|mrt april|apr mei juni|jun juli|jul augustus|aug september|sept|sep oktober|okt "
    "november|nov december|dec",
    "sv": "januari|jan februari|feb mars|mar april|apr maj juni|jun juli|jul augusti|aug september|sept|sep oktober|okt "
    "november|nov "
    "december|dec",
    "da": "januar|jan februar|feb marts|mar april|apr maj juni|jun juli|jul august|aug september|sept|sep oktober|okt "
    "november|nov "
    "december|dec",
    "no": "januar|jan februar|feb mars|mar april|apr mai juni|jun juli|jul august|aug september|sept|sep oktober|okt november|"
    "nov "
    "desember|des",
    "fi": "tammikuuta|tammikuu helmikuuta|helmikuu maaliskuuta|maaliskuu huhtikuuta|huhtikuu toukokuuta|toukokuu kesäkuuta|"
    "kesäkuu "
    "heinäkuuta|heinäkuu elokuuta|elokuu syyskuuta|syyskuu lokakuuta|lokakuu marraskuuta|marraskuu joulukuuta|joulukuu",
    "pl": "stycznia|styczeń|sty lutego|luty|lut marca|marzec|mar kwietnia|kwiecień|kwi maja|maj czerwca|czerwiec|cze lipca|"
    "lipiec|lip "
    "sierpnia|sierpień|sie września|wrzesień|wrz października|październik|paź listopada|listopad|lis grudnia|grudzień|gru",
    "cs": "ledna|leden února|únor března|březen dubna|duben května|květen června|červen července|červenec srpna|srpen září "
    "října|říjen "
    "listopadu|listopad prosince|prosinec",
    "hr": "siječnja|siječanj veljače|veljača ožujka|ožujak travnja|travanj svibnja|svibanj lipnja|lipanj srpnja|srpanj "
    "kolovoza|kolovoz rujna|rujan listopada|listopad studenoga|studeni prosinca|prosinac",
    "sk": "januára|január februára|február marca|marec apríla|apríl mája|máj júna|jún júla|júl augusta|august septembra|"
    "september "
    "októbra|október novembra|november decembra|december",
    "ru": "января|январь|янв февраля|февраль|фев марта|март|мар апреля|апрель|апр мая|май июня|июнь|июн июля|июль|июл августа|"
    "август|авг "
    "сентября|сентябрь|сен|сент октября|октябрь|окт ноября|ноябрь|ноя|нояб декабря|декабрь|дек",
    "uk": "січня|січень лютого|лютий березня|березень квітня|квітень травня|травень червня|червень липня|липень серпня|серпень "
    "вересня|вересень жовтня|жовтень листопада|листопад грудня|грудень",
    "tr": "ocak|oca şubat|şub mart|mar nisan|nis mayıs|may haziran|haz temmuz|tem ağustos|ağu eylül|eyl ekim|eki kasım|kas "
    "aralık|ara",
    "hu": "január|jan február|febr március|márc április|ápr május|máj június|jún július|júl augusztus|aug szeptember|szept "
    "október|okt "
    "november|nov december|dec",
    "ro": "ianuarie|ian februarie|feb martie|mar aprilie|apr mai iunie|iun iulie|iul august|aug septembrie|sept octombrie|oct "
    "noiembrie|noi|nov decembrie|dec",
    "ca": "gener|gen febrer|febr març abril|abr maig juny juliol|jul agost|ag setembre|set octubre|oct novembre|nov desembre|des",
    "el": "ιανουαρίου|ιανουάριος|ιαν φεβρουαρίου|φεβρουάριος|φεβ μαρτίου|μάρτιος|μαρ απριλίου|απρίλιος|απρ μαΐου|μάιος|μαι "
    "ιουνίου|ιούνιος|ιουν ιουλίου|ιούλιος|ιουλ αυγούστου|αύγουστος|αυγ σεπτεμβρίου|σεπτέμβριος|σεπ οκτωβρίου|οκτώβριος|οκτ "
    "νοεμβρίου|νοέμβριος|νοε δεκεμβρίου|δεκέμβριος|δεκ",
    "id": "januari|jan februari|feb maret|mar april|apr mei juni|jun juli|jul agustus|agu september|sep oktober|okt november|nov "
    "desember|des",
}


@cache
def _names(lang: str) -> dict[str, int]:
    entries = MONTHS[lang].split()
    return {name: number for number, entry in enumerate(entries, 1) for name in entry.split("|")}


@cache
def _shared_names() -> dict[str, int]:
    """Names that mean the same month in every language that has them."""
    meanings: dict[str, set[int]] = {}
    for lang in MONTHS:
        for name, number in _names(lang).items():
            meanings.setdefault(name, set()).add(number)
    return {name: numbers.pop() for name, numbers in meanings.items() if len(numbers) == 1}


def month_number(word: str, lang: str | None = None) -> int | None:
    """Number 1 to 12 of a month's name; names that two languages use for different months need the language."""
    name = word.casefold().rstrip(".")
    if lang in MONTHS and (number := _names(lang).get(name)):
        return number
    return _shared_names().get(name)
