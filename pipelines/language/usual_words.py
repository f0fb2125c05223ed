"""The commonest words of languages, and the scripts that they are written in."""

from __future__ import annotations

__all__ = ["LANGUAGES_OF_SCRIPT", "LANGUAGES_OF_WORD", "WORDS_OF"]

LANGUAGES_OF_SCRIPT = {
    "HIRAGANA": frozenset({"ja"}), "KATAKANA": frozenset({"ja"}), "CJK": frozenset({"zh", "ja"}), "HANGUL": frozenset({"ko"}),
    "GREEK": frozenset({"el"}), "HEBREW": frozenset({"he", "yi"}), "ARMENIAN": frozenset({"hy"}), "GEORGIAN": frozenset({"ka"}),
    "ARABIC": frozenset({"ar", "fa", "ur", "ps", "ug"}),
    "CYRILLIC": frozenset({"ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg", "uz"}),
    "DEVANAGARI": frozenset({"hi", "mr", "ne"}), "BENGALI": frozenset({"bn", "as"}), "GURMUKHI": frozenset({"pa"}),
    "GUJARATI": frozenset({"gu"}), "ORIYA": frozenset({"or"}), "TAMIL": frozenset({"ta"}), "TELUGU": frozenset({"te"}),
    "KANNADA": frozenset({"kn"}), "MALAYALAM": frozenset({"ml"}), "SINHALA": frozenset({"si"}), "THAI": frozenset({"th"}),
    "LAO": frozenset({"lo"}), "MYANMAR": frozenset({"my"}), "KHMER": frozenset({"km"}), "TIBETAN": frozenset({"bo"}),
    "ETHIOPIC": frozenset({"am", "ti"}),
}  # fmt: skip
"""Languages that a script may stand for, by the first word of its Unicode names."""

USUAL_WORDS = {
    "en": "the of and to in a is that for it on was with as be at by this have from are not but you his they we an or which",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass "
    "sie nach wird bei",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son elle",
    "es": "de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este es "
    "fue ha son está entre desde cuando muy sin sobre también hasta hay donde quien ser había han esta así",
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
    "sk": "a v sa na je že to z s o do aj za by ako po ale si ktoré sú pre od pri jeho bol však už ktorý ktorá ich podľa",
    "sl": "in je v na se da so za z ki pa po ne bi kot tudi s k bo od ali ter pri še že kar smo ni",
    "hr": "i u je na se da za su od s o a iz kako što koji koja će ne bi ali to do nije bio bila nakon",
    "lt": "ir kad į iš su yra tai o bet ne kaip už jau dėl ar nuo per bus po jo buvo savo jie apie metų",
    "lv": "un ir ka no uz ar par lai tas kas arī bet kā pēc pie vai nav tika gada savu viņš jau",
    "et": "ja on ei et see ka oli kui mis ning aga või oma kes selle tema nii siis välja üle pärast ta",
    "ca": "de la i el que a en els les del per un una amb és no al es més com han aquest aquesta seva va",
    "gl": "de a o que e do da en un para con unha os por non as no se na ao máis como polo pola súa",
    "eu": "eta da du ez bat dira ere izan dute baina zen hau egin zuen den dela baino bere",
    "sq": "dhe në të e i për me një nga që është u se ka si nuk do më ky por kjo janë",
    "vi": "và của là có trong cho được với các một không những này người đã khi để từ đến năm cũng ra",
    "tl": "ang ng sa na mga at ay si ni para ito nang hindi kay ko ako siya niya may kung",
    "ms": "yang dan di untuk dengan ini itu pada tidak dalam kepada oleh akan adalah daripada beliau ialah telah",
    "sw": "ya na wa kwa ni katika la za cha kuwa hiyo huo alisema baada yake pia hii kama",
    "af": "die van en in is het dat vir op te met wat nie sy hy was om aan ook deur sal",
    "zu": "ukuthi ukuze futhi noma kodwa lapho ngoba kanye uma kusho lo le kanti uthe bese ngo nge kule izinto",
    "is": "og að í á er sem til við um en með ekki var af það hann fyrir þess hefur",
    "ga": "an na a i ar is go ag agus le do bhí ní sé sin air chun leis",
    "cy": "y yn a i o r ar mae ei am bod wedi gan oedd ond sydd yr",
    "az": "və bu bir ki də üçün ilə olan da isə daha sonra edib çox",
    "uz": "va bu bir uchun bilan ham deb da ning",
    "ru": "и в не на что с по это как а к он из за от у о но для же был все его так который только если когда уже "
    "или также после было они чтобы при этом может",
    "uk": "і в на що не з до у та як за це про для від але він був його є також",
    "be": "і ў на не што з у да як за гэта па для але ён і яго быў",
    "bg": "и на да в се за от не е са с че по като до при то но си ще",
    "mk": "и на во да се за од не е со што го како по ќе но ги",
    "sr": "и у је на се да за су од са о а из како што који ће не би али то",
    "kk": "және бұл мен да үшін деп бар де бір",
    "mn": "байна нь энэ гэж болон юм бол",
    "ar": "في من على أن إلى التي عن مع هذا ما لا كان بعد الذي هو هذه",
    "fa": "و در به از که این را با است برای آن یک می های بر شد",
    "ur": "کے کی میں ہے اور سے کا کو نے پر کہ یہ اس ہیں",
    "he": "של את על לא הוא זה עם כי גם היא אל",
    "yi": "און די איז צו אין פון דער מיט",
    "bn": "এবং ও এই করে থেকে একটি হয় তার জন্য না সঙ্গে বলেন করা এ",
    "hi": "के में है की और से का को पर ने यह कि हैं भी",
    "mr": "आणि आहे या होते ते मध्ये केली हे आहेत",
    "ne": "र को मा छ का ले भएको पनि छन् गरेको",
}  # fmt: skip
"""Lists of function words, written down by hand; the more of a text they cover the better a language is known."""

WORDS_OF = {lang: frozenset(words.split()) for lang, words in USUAL_WORDS.items()}


def _languages_of_words() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for lang, words in WORDS_OF.items():
        for word in words:
            found.setdefault(word, []).append(lang)
    return {word: tuple(languages) for word, languages in found.items()}


LANGUAGES_OF_WORD = _languages_of_words()
