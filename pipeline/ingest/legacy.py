"""Text in a Vietnamese font encoding from before Unicode in (TCVN3, VNI), Unicode out."""

import re
import unicodedata
from collections.abc import Callable

from pipeline.ingest.quality import well_formed_share

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"
_BREVE, _CIRCUMFLEX = "\u0306", "\u0302"
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE, "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE,
    "ë": _BREVE + _DOT, "â": _CIRCUMFLEX, "á": _CIRCUMFLEX + _ACUTE, "à": _CIRCUMFLEX + _GRAVE,
    "å": _CIRCUMFLEX + _HOOK, "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
}  # fmt: skip
_VNI_LETTERS = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI = re.compile(
    f"([aeouyôö])([{''.join(_VNI_MARKS)}])|([{''.join(_VNI_LETTERS)}])",
    re.IGNORECASE,
)

_GARBLED, _MENDED = 0.6, 0.85
"""A font's text is converted where so few of its words are well-formed before, and so many after."""

Converter = Callable[[str], str]


def tcvn3(text: str) -> str:
    """TCVN 5712:1993 VN3, the fonts whose names begin in .Vn: a byte a letter."""
    return "".join(_TCVN3.get(character, character) for character in text)


def tcvn3_capitals(text: str) -> str:
    """The same in a font of capitals (.VnTimeH), whose small letters look like capitals."""
    return tcvn3(text).upper()


def vni(text: str) -> str:
    """VNI-Windows: a letter and, behind it, its marks."""
    return unicodedata.normalize("NFC", _VNI.sub(_vni_letter, text))


def _vni_letter(match: re.Match[str]) -> str:
    base, mark, alone = match.groups()
    if alone:
        letter = _VNI_LETTERS[alone.lower()]
        return letter.upper() if alone.isupper() else letter
    letter = _VNI_LETTERS.get(base.lower(), base.lower())
    return (letter.upper() if base.isupper() else letter) + _VNI_MARKS[mark.lower()]


def converter(font: str, words: list[str]) -> Converter | None:
    """How to read the words of a font: by its name, else by what makes Vietnamese of them; None where they are fine."""
    name = font.split("+")[-1].lower()
    if name.startswith(".vn"):
        return tcvn3_capitals if re.match(r"\.vn\w*h\b", name) else tcvn3
    if name.startswith("vni"):
        return vni
    if not any(_foreign(word) for word in words) or well_formed_share(words) > _GARBLED:
        return None
    best = max((tcvn3, vni), key=lambda convert: well_formed_share([convert(word) for word in words]))
    return best if well_formed_share([best(word) for word in words]) >= _MENDED else None


def _foreign(word: str) -> bool:
    """Has the word characters of Latin-1 that no Vietnamese word has?"""
    return bool(re.search("[¡-¿×ØÞßäåæçëîïðñöø÷ûüþÿ]", word))
