"""Words in, how far they are well-formed Vietnamese out: whether a page's text layer can be used."""

import re
import unicodedata
from collections.abc import Sequence

_ONSETS = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx]"
_NUCLEI = (
    "uyê|iêu|yêu|ươu|oai|oay|uây|uôi|ươi|uya|uyu|iê|yê|uô|ươ|oa|oă|oe|oo|uâ|uê|uơ|uy|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi"
    "|ôi|ơi|ua|ui|ưa|ưi|ưu|ưo|ue|[aăâeêioôơuưy]"
)
_CODAS = "ng|nh|ch|[cmnpt]"
_SYLLABLE = re.compile(f"(?:{_ONSETS})?(?:{_NUCLEI})(?:{_CODAS})?")
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_MARKED = re.compile("[àáâãèéêìíòóôõùúýăđĩũơư\u1ea0-\u1ef9]", re.IGNORECASE)
_EDGES = "\"'“”‘’()[]{}.,;:!?…/-–—_*<>«»"
_CODE = re.compile("[0-9]|^[A-ZĐ]{2,8}$|[a-zđ][A-ZĐ]")
_UNREADABLE = re.compile("\ufffd|[\ue000-\uf8ff]|\\(cid:")

GOOD_SHARE = 0.93
GOOD_MARKED = 0.4
"""Shares of well-formed words, and of words with Vietnamese letters, in good Vietnamese text."""
MOST_UNREADABLE = 0.03


def well_formed_share(words: Sequence[str]) -> float:
    """Share of the words that are built as Vietnamese syllables are; numbers, codes and acronyms don't count."""
    plain = _plain(words)
    return sum(map(_is_syllable, plain)) / len(plain) if plain else 1.0


def is_good_vietnamese(words: Sequence[str]) -> bool:
    """Would it be a surprise if an engine without Vietnamese had read this?"""
    plain = _plain(words)
    marked = sum(bool(_MARKED.search(word)) for word in plain)
    return bool(plain) and marked >= GOOD_MARKED * len(plain) and well_formed_share(words) >= GOOD_SHARE


def is_unreadable(words: Sequence[str]) -> bool:
    """Does the font not say which characters it shows?"""
    return sum(bool(_UNREADABLE.search(word)) for word in words) > MOST_UNREADABLE * len(words)


def _plain(words: Sequence[str]) -> list[str]:
    stripped = (unicodedata.normalize("NFC", word.strip(_EDGES)) for word in words)
    return [word.lower() for word in stripped if word and not _CODE.search(word)]


def _is_syllable(word: str) -> bool:
    toneless = unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_TONES))
    return bool(_SYLLABLE.fullmatch(toneless))
