"""What a date is called where it stands: published, or changed later.

Stems are looked for in lower-case text; they cover the languages whose months are read. Short ones need word boundaries.
"""

from __future__ import annotations

import re

__all__ = ["label_in"]

_PUBLISHED = (
    "publish publié publik publicad publicat publicaci publicaç publicer publiser posted postat created issued "
    "veröffentlicht erschienen erstellt geplaatst gepubliceerd paru udgivet offentliggjort julkaistu opublikowan dodano "
    "zveřejn zverejn uverejn vydáno vydan objavljen објављен објавен опублик опублік апублік публикув közzétéve megjelent "
    "δημοσι yayın yayım avaldatud paskelbta pubblicat foilsithe cyhoeddwyd ippubblikat argitaratu نشر انتشار منتشر פורסם "
    "شائع خپور प्रकाशित প্রকাশ வெளியிடப்பட்ட ప్రచురిత പ്രസിദ്ധീകരി પ્રકાશિત ಪ್ರಕಟ ਪ੍ਰਕਾਸ਼ਿਤ เผยแพร่ đăng xuất-bản "
    "diterbitkan terbit inilathala imechapishwa 公開 掲載 投稿 配信 发行 发布 發布 发表 發表 刊登 입력 등록 게재 გამოქვეყნ "
    "հրապարակ dərc жариялан жарыялан эълон нийтл የታተመ ផ្សាយ"
)
_MODIFIED = (
    "updat modif edited revised reviewed aktualisier geändert bearbeitet überarbeitet änderung mis-à-jour mise-à-jour "
    "actualis actualiz actualitz aggiorna atualiz bijgewerkt gewijzigd uppdatera ändrad opdater oppdater endret redigeret "
    "päivitet muokattu zaktualiz aktualiz zmodyfik upraven ažurir ажурир izmijen posodob frissít módosít ενημερ επικαιρ "
    "güncel uuenda muudetud atjaun atnauj uppfært обновл обновен актуализ изменен оновлен абноўл تحديث تعديل روزرسانی "
    "ویرایش עודכן עדכון اپ-ڈیٹ अपडेट अद्यतन संशोधित আপডেট হালনাগাদ புதுப்பி నవీకర อัปเดต อัพเดท แก้ไข ปรับปรุง cập-nhật "
    "diperbarui diperbaharui dikemas-kini na-update imesasishwa 更新 最終 修改 수정 최종 업데이트 განახლ թարմաց yenilən "
    "yangilan жаңарт"
)
_SHORT = {"published": r"\bbirt\b", "modified": r"\b(?:stand|maj|changed|latest)\b"}


def _pattern(*, is_ascii: bool) -> re.Pattern[str]:
    """Stems of both kinds as one pattern; for texts in ASCII without those that cannot be in them."""
    groups = []
    for name, stems in (("published", _PUBLISHED), ("modified", _MODIFIED)):
        words = [stem.replace("-", " ") for stem in stems.split() if not is_ascii or stem.isascii()]
        groups.append(f"(?P<{name}>{'|'.join(map(re.escape, sorted(words, key=len, reverse=True)))}|{_SHORT[name]})")
    return re.compile("|".join(groups))


_ASCII_LABELS, _ALL_LABELS = _pattern(is_ascii=True), _pattern(is_ascii=False)


def label_in(text: str) -> str:
    """`modified`, `published` or nothing, by the last label word in a text."""
    if not text:
        return ""
    label = ""
    for match in (_ASCII_LABELS if text.isascii() else _ALL_LABELS).finditer(text.lower()):
        label = match.lastgroup or label
    return label
