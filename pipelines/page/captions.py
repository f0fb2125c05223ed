"""Captions of pages without markup, told by whom they name: who made or sold the picture stands at their start or their end.

A caption without a name looks like any other line, and is left to the judge of the body.
"""

from __future__ import annotations

import re

CAPTION_CHARS = 400
"""Of 381 lines up to this length that name a maker, on half the domains of wcxb and fundus as w3m prints them, 10 stand in the
true text, 9 of them as bare credits."""
CREDIT_CHARS = 80
"""Room for the names: so much of the start and of the end is looked at."""

_MAKER = (
    r"(?:fotos?|fotografie|fotografía|photos?|photograph(?:s|y|er|ie)?|images?|imagem|imagens|imágenes|imagen|immagini|immagine|"
    r"bild|bilder|bildquelle|bildnachweis|beeld|pictures?|illustrations?|graphics?|grafik|(?:(?:image|photo|picture) )?credits?|"
    r"crédits?(?: photos?)?|crédito|zdjęcie|snímek|fotó|fotoğraf|kuva|ảnh|фото|снимка|φωτογραφία|"
    r"写真|写真提供|画像|사진|圖|图|图片|圖片|照片|صورة)"
)
_SHOT = r"(?:Fotos?|FOTO|Photos?|PHOTO|Photograph|Image|Bild|Bilder|Beeld|Crédits?|Credits?|Zdjęcie|Фото|Kuva|写真|사진|圖|图)"
_SUPPLIER = (
    r"(?:getty(?: images)?|imago(?: images)?|shutterstock(?:\.com)?|istock(?:photo)?(?:\.com)?|alamy(?: stock photo)?|"
    r"picture[ -]alliance|unsplash|pexels|pixabay|adobe ?stock|stock\.adobe\.com|zuma(?: ?press)?|rex features|flickr|"
    r"wikimedia(?: commons)?|lapresse|scanpix|newscom|depositphotos|dreamstime|123rf|fotolia|ap photo|pa images|pa wire)"
)
_AGENCY = r"(?:reuters|afp|ap|dpa|epa|efe|ansa|anp|ntb|tt|belga|apa|keystone|xinhua|kyodo|tass|sipa|bloomberg)"
_OF = r"(?: by| von| di| de| courtesy(?: of)?| from)?"
_NAME = r"[^\W\d_][\w.'’-]* [^\W\d_][\w.'’ -]{0,40}"

_BEGINS = re.compile(rf"[(\[]?{_MAKER}{_OF}\s*[:：|]\s*\w", re.I)
_ENDS = re.compile(
    rf"(?-i:(?<![A-Z]){_SHOT}){_OF}\s*[:：]\s*(?-i:(?=[^a-z])[^:!?。]{{1,59}}[^:.!?。])$"
    rf"|[(\[]{_MAKER}(?:{_OF}\s*[:：]| by| von| courtesy(?: of)?)\s?[^()\[\]]{{2,60}}[)\]]$"
    rf"|[(\[](?:[^()\[\]]{{0,60}}[\s/|,-])?{_SUPPLIER}[)\]]$"
    rf"|(?:[/|©–—-]|\bvia|\bby)\s?{_SUPPLIER}$"
    rf"|[(\[]{_NAME}\s?/\s?{_AGENCY}[)\]]$"
    rf"|(?:(?<!\w){_NAME}\s?/|©|\bvia)\s?{_AGENCY}$",
    re.I,
)
_HINT = re.compile(rf"{_MAKER}{_OF}\s*[:：]|{_MAKER} (?:by|von|courtesy)|{_SUPPLIER}|(?:[/©]|via)\s?{_AGENCY}", re.I)


def is_caption(text: str) -> bool:
    """Tell whether a line names who made or sold the picture that it stands under, first or last."""
    if not text or len(text) > CAPTION_CHARS:
        return False
    end = text[-CREDIT_CHARS:]
    return begins_with_maker(text) or bool(_HINT.search(end) and _ENDS.search(end))


def begins_with_maker(text: str) -> bool:
    """Tell whether a line begins with who made the picture."""
    return bool(_BEGINS.match(text))
