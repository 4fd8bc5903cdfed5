"""Printed text in, atoms out: the units that lattice and language model share.

A printed token such as '(89/2017/NĐ-CP),' is a row of atoms: ( 89 / 2017 / NĐ - CP ) , and 'QH14' is one of two,
so that document numbers, ratios and brackets need no rule of their own.
"""

import re
import unicodedata
from functools import cache

OPENING = "([{“\"‘'«"
CLOSING = ".,;:!?)]}”\"’'»…%"
SEPARATORS = "/-–+"

FULL_START, HALF_START = ".!?…", ':;-–+)“"'
"""Marks after which a sentence starts, and after which one may."""

BOUNDARY = "<s>"
UNKNOWN = "<unk>"

TONES = "\u0300\u0301\u0303\u0309\u0323"

NUMBER_CLASSES = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("<d1>", r"\d"),
        ("<month>", r"0[1-9]|1[0-2]"),
        ("<day>", r"1[3-9]|2\d|3[01]"),
        ("<d2>", r"\d\d"),
        ("<year>", r"(?:1[89]|20)\d\d"),
        ("<dn>", r"\d{3,}"),
        ("<thousands>", r"\d{1,3}(?:\.\d{3})+(?:,\d+)?"),
        ("<decimal>", r"\d+,\d+"),
        ("<dotted>", r"\d+(?:\.\d+)+"),
        ("<code>", r".*\d.*"),
        ("<roman>", r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})"),
    )
)
"""Of numbers the language model knows the class alone; two digits may be those of a month, of a day, or of neither."""
ROMAN = "<roman>"
CLASS_NAMES = frozenset(name for name, _ in NUMBER_CLASSES)
_DIGIT = re.compile(r"\d")
_ATOM = re.compile(rf"[{re.escape(SEPARATORS)}]|\d[\d.,]*(?<=\d)|[^\d{re.escape(SEPARATORS)}]+")

_LIKE_A_WORD = re.compile(r"\W*(?:[^\W\d_]?[^\W\dA-Z_]+\W*)?$")
MOST_FIGURES = 4
_DOCUMENT_NUMBER = re.compile(r"\d\w*[/-](?:\w+[/-])*[A-Z\u0110]\w*(?:[/-]\w+)*")


def even_tones(text: str) -> str:
    """Put the tone of open oa, oe, uy on the first vowel (hòa, ủy), so that both spellings are one."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFD", text)
    decomposed = re.sub(rf"([oO])([aeAE])([{TONES}])(?![\w\u0302\u0306\u031b])", r"\1\3\2", decomposed)
    decomposed = re.sub(rf"(?<![qQ])([uU])([yY])([{TONES}])(?![\w\u0302\u0306\u031b])", r"\1\3\2", decomposed)
    return unicodedata.normalize("NFC", decomposed)


def core_span(token: str) -> tuple[int, int]:
    """Where a token stands without the marks around it."""
    start, end = 0, len(token)
    while start < end and token[start] in OPENING:
        start += 1
    while end > start and token[end - 1] in CLOSING:
        end -= 1
    return start, end


def is_cut_number(text: str, following: str) -> bool:
    """Whether two strings may be one document number in which a space was read; of more than four figures in a row,
    some were rather a word before it ('586 34/TTr' for 'số 34/TTr')."""
    joined = text + following
    if ("/" not in joined and "-" not in joined) or _LIKE_A_WORD.match(following):
        return False
    first, last = core_span(joined)
    figures = len(text) - first + len(following) - len(following.lstrip("0123456789"))
    return _DOCUMENT_NUMBER.fullmatch(joined, first, last) is not None and (
        not text[first:].isdigit() or figures <= MOST_FIGURES
    )


@cache
def split_token(token: str) -> tuple[str, ...]:
    """The atoms of one token, none lost: their concatenation is the token with even tones."""
    start, end = core_span(token)
    core = token[start:end]
    return (*token[:start], *(_ATOM.findall(even_tones(core))), *token[end:])


def atoms(text: str) -> list[str]:
    """The atoms of a text, in order: syllables, numbers, separators, single punctuation marks."""
    return [atom for token in text.split() for atom in split_token(token)]


def has_digit(text: str) -> bool:
    return _DIGIT.search(text) is not None


@cache
def number_class(atom: str) -> str | None:
    """The class of a number ('<year>' for '2019', '<roman>' for 'XIV'), None for any other atom."""
    return next((name for name, pattern in NUMBER_CLASSES if pattern.fullmatch(atom)), None)
