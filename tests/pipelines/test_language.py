"""The language room."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.declared import read_declared
from pipelines.language import read_language
from pipelines.page import read_page

TEXTS = {
    "en": "The ferry will sail twice a day from Monday, the harbour office said, and it is the first time that "
    "the line has been open since March.",
    "de": "Die Fähre fährt ab Montag wieder zweimal am Tag, sagte das Hafenamt, und es ist das erste Mal, dass "
    "die Linie seit März nicht ruht.",
    "fr": "Le ferry part de nouveau deux fois par jour, a dit le bureau du port, et c'est la première fois que "
    "la ligne est ouverte dans le mois.",
    "es": "El ferry sale de nuevo dos veces al día, dijo la oficina del puerto, y es la primera vez que la "
    "línea está abierta en el mes.",
    "ja": "月曜日からフェリーは一日二回運航されると港湾事務所が発表した。三月以来初めての再開となる。",
    "ru": "Паром снова ходит два раза в день, сообщила администрация порта, и это первый раз с марта, когда линия открыта.",
    "el": "Το πλοίο φεύγει πάλι δύο φορές την ημέρα, είπε το γραφείο του λιμανιού, και είναι η πρώτη φορά από τον Μάρτιο.",
}


LONGER = {
    "it": "Il traghetto parte di nuovo due volte al giorno, ha detto il porto, ed è la prima volta che la linea è "
    "aperta da marzo. "
    "Non è chiaro se i biglietti sono più cari, ma la gente del paese è contenta.",
    "pt": "O barco sai de novo duas vezes por dia, disse o porto, e é a primeira vez que a linha está aberta desde março. "
    "Não se sabe se os bilhetes são mais caros, mas as pessoas da vila estão contentes.",
    "nl": "De veerboot vaart weer twee keer per dag, zegt het havenkantoor, en het is voor het eerst dat de lijn open is. "
    "Het is niet bekend of de kaartjes duurder zijn, maar de mensen van het dorp zijn er blij mee.",
    "sv": "Färjan går åter två gånger om dagen, säger hamnkontoret, och det är första gången som linjen är öppen. "
    "Det är inte känt om biljetterna har blivit dyrare, men att folk i byn är glada är det ingen som tvivlar på.",
    "pl": "Prom znowu pływa dwa razy na dzień i jest to pierwszy raz od marca, jak mówi urząd. Nie wiadomo, czy bilety są po tej "
    "przerwie droższe, ale to, że we wsi są zadowoleni, jest pewne i o tym się mówi.",
    "cs": "Přívoz zase jezdí dva krát za den a je to poprvé od března, co se na řeku vydal. Není jasné, že by lístky "
    "byly dražší, ale "
    "lidé ve vsi jsou rádi a říkají, že to pro ně je dobrá zpráva, která se jim po zimě hodí.",
    "tr": "Vapur bu ay günde iki kez sefer yapacak ve bu mart ayından sonra bir ilk olarak duyuruldu. Bilet için daha çok para "
    "ödenip ödenmeyeceği belli değil ama köyde olan herkes bu haber ile çok mutlu oldu, bir de bayram gibi kutladı.",
    "fi": "Lautta kulkee taas kaksi kertaa päivässä, ja se on ensimmäinen kerta kun linja on auki. Ei ole tiedossa, että liput "
    "ovat kalliimpia, mutta kylän väki on iloinen, niin kuin he sanoivat, ja myös kunta on mukana.",
    "vi": "Chuyến phà lại chạy hai lần mỗi ngày và đây là lần đầu tiên trong năm nay. Không có thông tin về giá vé "
    "cho người dân, "
    "nhưng những người trong làng đã rất vui khi được đi phà từ bến này đến bến kia.",
    "uk": "Пором знову ходить двічі на день, і це перший раз від березня. Він не є дорожчим, як і був, та про це не "
    "говорять у порту, "
    "але з цього дня за квитки платять також до каси, що стоїть на березі.",
    "fa": "کشتی دوباره دو بار در روز می رود و این اولین بار است که از بهار به این سو خط باز شده است. مردم را با این "
    "خبر شاد کرد و "
    "برای آن یک جشن در بندر بر پا شد که در شهر نیز دیده شد.",
    "hi": "नाव दिन में दो बार फिर से चलेगी और यह मार्च के बाद पहली बार है कि लाइन खुली है। गाँव के लोग इस खबर से खुश "
    "हैं और बंदरगाह का "
    "दफ्तर भी यह कह रहा है कि टिकट का दाम नहीं बढ़ेगा और सब को नाव पर जगह मिलेगी।",
}


def language(text: str, attribute: str = "", head: str = "") -> str | None:
    page = read_page(f'<html lang="{attribute}"><head>{head}</head><body><p>{text}</p></body></html>', format="html")
    return read_language(page, read_declared(page), text).value


@pytest.mark.parametrize("lang", TEXTS)
def test_declared_language_is_kept_where_the_text_agrees(lang: str) -> None:
    assert language(TEXTS[lang], f"{lang}-XX") == lang


@pytest.mark.parametrize("lang", TEXTS)
def test_language_is_detected_where_nothing_is_declared(lang: str) -> None:
    assert language(TEXTS[lang]) == lang


@pytest.mark.parametrize("lang", [lang for lang in TEXTS if lang != "en"])
def test_english_of_the_template_does_not_hide_the_language_of_the_text(lang: str) -> None:
    assert language(TEXTS[lang] * 2, "en-US", '<meta property="og:locale" content="en_US">') == lang


@pytest.mark.parametrize("lang", ["en", "de"])
def test_plain_prose_needs_no_statistical_identifier(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)
    assert language(TEXTS[lang] * 3) == lang


@pytest.mark.parametrize("lang", LONGER)
def test_prose_of_many_languages_needs_none_either(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "py3langid", None)
    assert language(LONGER[lang]) == lang
    assert language(LONGER[lang], "en") == lang


def test_declared_language_that_shares_its_words_with_another_is_kept() -> None:
    text = (
        "Ferja går igjen to ganger om dagen, sier havnekontoret, og det er første gang at den er åpen for oss alle i år, men ikke"
    )
    assert [language(text, code) for code in ("nb-NO", "da")] == ["no", "da"]


def test_codes_and_names_are_brought_to_two_letters() -> None:
    assert [language(TEXTS["de"], code) for code in ("deu", "German", "de_AT", "DE")] == ["de"] * 4


def test_language_without_a_word_list_is_believed_if_the_identifier_agrees() -> None:
    assert (
        language(
            "Laev väljub esmaspäevast jälle kaks korda päevas, ütles sadamaamet, ja see on esimene kord pärast märtsi.", "et"
        )
        == "et"
    )


def test_short_text_without_declaration_has_none() -> None:
    assert language("Ferry") is None


def test_short_text_keeps_what_is_declared() -> None:
    assert language("Ferry", "nl") == "nl"


@given(st.text(max_size=200), st.text(max_size=8))
def test_reading_the_language_never_raises(text: str, attribute: str) -> None:
    page = read_page(f'<html lang="{attribute}"><p>x</p></html>', format="html")
    read_language(page, read_declared(page), text)
