"""The start of a paragraph in; its marker out: its level of numbering, its place there, how it is printed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz

from pipeline.folding import UPPER, fold

Level = Literal[
    "phu_luc", "phan", "upper", "chuong", "muc", "tieu_muc", "dieu", "roman", "number", "dotted", "letter", "paren",
    "subletter", "bullet",
]  # fmt: skip

KINDS: dict[Level, str] = {
    "phu_luc": "phu_luc",
    "phan": "phan",
    "upper": "phan",
    "chuong": "chuong",
    "muc": "muc",
    "tieu_muc": "tieu_muc",
    "dieu": "dieu",
    "roman": "muc",
    "number": "khoan",
    "dotted": "khoan",
    "letter": "diem",
    "paren": "diem",
    "subletter": "diem",
    "bullet": "gach_dau_dong",
}
RANKS: dict[Level, int] = {level: rank for rank, level in enumerate(KINDS)}
DOTTED: frozenset[Level] = frozenset({"dotted", "subletter"})
WORDED: frozenset[Level] = frozenset({"phu_luc", "phan", "chuong", "muc", "tieu_muc", "dieu"})

POINTS = "abcdđeghiklmnopqrstuvxy"
FOREIGN_POINTS = {"f": 6, "j": 9, "w": 21, "z": 23}
_INSERTED = re.compile(r"\d[a-zđ]$|[IVXLC][a-zđ]$|^[a-zđ]\d+$")
UPPER_POINTS = "ABCDĐEGHKLMN"
_ORDINALS = ("nhat", "hai", "ba", "tu", "nam", "sau", "bay", "tam", "chin", "muoi")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_ROMAN_STEPS = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_HEAD = 160
_LIKE_ARTICLE, _MUCH_LIKE_ARTICLE = 50, 75
_OTHER_WORDS = frozenset({"bieu", "kieu", "lieu", "tieu", "hieu", "trieu", "chieu", "phieu", "duoi", "model", "vi du"})
_BULLET_NAMES = {"–": "-", "—": "-"}


@dataclass(frozen=True, slots=True)
class Marker:
    """`label` as DESIGN names it ('Điều 1', 'I', 'a', '-'); `length`: characters it takes, spaces after it included."""

    level: Level
    value: int
    label: str
    length: int

    @property
    def is_inserted(self) -> bool:
        """'7a' or 'đ1' after 7 or đ, 'f' after e: in its place without a number of its own."""
        return self.label in FOREIGN_POINTS or bool(_INSERTED.search(self.label))


_Reader = Callable[[re.Match[str], str], tuple[int, str] | None]


def to_roman(value: int) -> str:
    """4 -> 'IV'."""
    text = ""
    for step, sign in _ROMAN_STEPS:
        while value >= step:
            text, value = text + sign, value - step
    return text


def from_roman(text: str) -> int | None:
    """'IV' -> 4; None for what is no well-formed numeral."""
    values = [_ROMAN_VALUES.get(char, 0) for char in text]
    total = sum(-v if v < max(values[i + 1 :], default=0) else v for i, v in enumerate(values))
    return total if values and total > 0 and to_roman(total) == text else None


def _ordinal(text: str) -> int | None:
    """'3', '3a', 'III', 'IIIa', 'thứ ba' or 'B' -> the number meant."""
    plain = fold(text).split()[-1]
    if plain in _ORDINALS:
        return _ORDINALS.index(plain) + 1
    digits = re.match(r"\d+", plain)
    if digits:
        return int(digits.group())
    numeral = from_roman(text.rstrip("abcdđ") if text[:1].isupper() else text.upper())
    if numeral is not None:
        return numeral
    return UPPER_POINTS.index(text.upper()) + 1 if len(text) == 1 and text.upper() in UPPER_POINTS else None


def _worded(name: str) -> _Reader:
    def read(match: re.Match[str], head: str) -> tuple[int, str] | None:
        number = head[match.start("n") : match.end("n")]
        value = _ordinal(number)
        return None if value is None else (value, f"{name} {number}")

    return read


def _number(match: re.Match[str], head: str) -> tuple[int, str]:
    return int(match["n"].rstrip("abcdđeghiklmnopqrstuvxy")), match["n"]


def _dotted(match: re.Match[str], head: str) -> tuple[int, str]:
    return int(match["n"].rsplit(".", 1)[1]), match["n"]


def _roman(match: re.Match[str], head: str) -> tuple[int, str] | None:
    value = from_roman(match["n"])
    return None if value is None else (value, match["n"])


def _upper(match: re.Match[str], head: str) -> tuple[int, str]:
    return UPPER_POINTS.index(match["n"]) + 1, match["n"]


def _letter(match: re.Match[str], head: str) -> tuple[int, str]:
    return FOREIGN_POINTS.get(match["n"]) or POINTS.index(match["n"][0]) + 1, match["n"]


def _bullet(match: re.Match[str], head: str) -> tuple[int, str]:
    return 0, _BULLET_NAMES.get(match["n"], match["n"])


_WORDS: dict[Level, tuple[str, ...]] = {
    "phu_luc": ("phụ lục",), "phan": ("phần",), "chuong": ("chương",), "muc": ("mục",),
    "tieu_muc": ("tiểu mục",), "dieu": ("điều",),
}  # fmt: skip
_ANNEX = r"(?P<n>[ivxlc]{1,7}[a-d]?|\d{1,3}[a-z]?|[a-h])"
_PART = rf"(?P<n>thu (?:{'|'.join(_ORDINALS)})|[ivxlc]{{1,7}}|\d{{1,2}})"
_N = r"(?P<n>[ivxlc]{1,7}[a-d]?|\d{1,3}[a-z]?)(?!\.?\d)"
_FOLDED: tuple[tuple[Level, re.Pattern[str], _Reader], ...] = (
    ("phu_luc", re.compile(rf"phu luc(?: so)? {_ANNEX}(?=$|\s*[.:])[.:]?\s*"), _worded("Phụ lục")),
    ("phan", re.compile(rf"phan {_PART}\b[.:]?\s*"), _worded("Phần")),
    ("chuong", re.compile(rf"chuong {_N}\b\s?[.:\-–]?\s*"), _worded("Chương")),
    ("tieu_muc", re.compile(rf"tieu muc {_N}\b\s?[.:\-–]?\s*"), _worded("Tiểu mục")),
    ("muc", re.compile(rf"muc {_N}\b\s?[.:\-–]?\s*"), _worded("Mục")),
    ("dieu", re.compile(r"dieu ?(?P<n>\d{1,3}[a-zđ]?)(?:\s?[.:](?=\D|$|\d{1,3}\s)\s*|$)"), _worded("Điều")),
)  # fmt: skip
_PRINTED: tuple[tuple[Level, re.Pattern[str], _Reader], ...] = (
    ("roman", re.compile(r"(?P<n>[IVXLC]{1,7})\s?[.)/](?=\s|[^\W\d_]{2})\s*"), _roman),
    ("roman", re.compile(rf"(?P<n>[IVX]{{1,7}})\s?[-–]\s?(?=[{UPPER}]{{2}}|[{UPPER}]\w+ \w)"), _roman),
    ("upper", re.compile(rf"(?P<n>[{UPPER_POINTS}])\s?[.)]\s+(?=[^\W\d_])"), _upper),
    ("dotted", re.compile(r"(?P<n>\d{1,2}(?:\.\d{1,2}){1,4})\.?\s+(?=[^\W\d_]|[“\"(])"), _dotted),
    ("number", re.compile(r"(?P<n>\d{1,3})\s?[.](?=\s|[^\W\d_]|$)\s*"), _number),
    ("number", re.compile(r"(?P<n>\d{1,3}[a-zđ])\s?\.\s+(?=[^\W\d_a-z])"), _number),
    ("number", re.compile(r"(?P<n>\d{1,3})/\s+"), _number),
    ("number", re.compile(rf"(?P<n>\d{{1,2}})[-–]\s(?=[{UPPER}])"), _number),
    ("paren", re.compile(r"\(?(?P<n>\d{1,3})\)\s*(?=[^\W\d_]|[“\"]|$)"), _number),
    ("subletter", re.compile(r"(?P<n>[a-zđ]\.\d{1,2}(?:\.\d{1,2})?)\s?[).]?\s+(?=[^\W\d_])"), _dotted),
    ("letter", re.compile(r"(?P<n>[a-zđ]\d?)\s?\)\s*"), _letter),
    ("letter", re.compile(r"(?P<n>[a-zđ])\.\s+(?=[^\W\d_])"), _letter),
    ("bullet", re.compile(r"(?P<n>[-–—+*•●○▪■◦·∙►])(?!\d)\s*"), _bullet),
)
_NOTE_AFTER = re.compile(r"^\S+ ?\d+[a-zđ]?\s?[.:]\d")
_CAPITAL_AFTER = re.compile(rf"^\S+ ?\d+[a-zđ]?\s?[.:]\d+ [({UPPER}]")
_FORM = re.compile(r"mau(?: so)?\s?:?\s?(?P<n>\d{1,3}[^\s.:()]{0,14})[.:]?(?: \(.{1,30}\))?")
_DAMAGED_ARTICLE = re.compile(r"(?P<word>[^\W\d_]{3,5}) ?(?P<n>[\dlIiOoSB|]{1,3})\s?[.:](?=\D|$)\s*")
DAMAGED_SIGNS = (",", ";", ":", "}", "]", ">", "|")
_DAMAGED_ITEM = re.compile(r"(?:(?P<n>\d{1,2})\s?[,;:]|(?P<c>[a-zđ])\s?[}\]>|])\s+(?=\S)")
_TOKEN = re.compile(r"(?P<n>[^\s.,)“\"(]{1,4})\s?(?P<dot>[.,)])?\s+")


def read_marker(text: str) -> Marker | None:
    """The marker that opens `text` as printed; None where it opens with none."""
    head = text[:_HEAD]
    plain = fold(head)
    for level, pattern, reader in _FOLDED:
        match = pattern.match(plain)
        if match and _is_printed(head, level) and (level == "dieu" or _stands_as_title(head, match.end())):
            found = reader(match, head)
            if found:
                return Marker(level, *found, match.end())
    for level, pattern, reader in _PRINTED:
        match = pattern.match(head)
        found = reader(match, head) if match else None
        if match and found:
            return Marker(level, *found, match.end())
    return None


def read_form(text: str) -> Marker | None:
    """'Mẫu số 02', alone in its line, as the marker of a form."""
    match = _FORM.fullmatch(fold(text[:_HEAD]))
    if not match or text[0] != "M":
        return None
    number = text[match.start("n") : match.end("n")]
    return Marker("phu_luc", _ordinal(number) or 0, f"Mẫu số {number}", match.end())


def read_damaged_article(text: str, due: int) -> Marker | None:
    """'Điêu 3.', 'Diều 3:' or 'Điều l.': a word near 'Điều' before what can be the number due."""
    match = _DAMAGED_ARTICLE.match(text[:_HEAD])
    if not match or not may_be(match["n"], "number", due) or fold(match["word"]) in _OTHER_WORDS:
        return None
    if fuzz.ratio(fold(match["word"]), "dieu") < (_LIKE_ARTICLE if due > 1 else _MUCH_LIKE_ARTICLE):
        return None
    return Marker("dieu", due, f"Điều {due}", match.end())


def read_damaged_item(text: str, due_number: int, due_letter: int) -> Marker | None:
    """'b} Trồng cây' or '2, Trồng cây': the item that is due, its bracket or full stop misread."""
    match = _DAMAGED_ITEM.match(text[:_HEAD])
    if not match or not text[match.end()].isupper():
        return None
    if match["n"] and int(match["n"]) == due_number > 1:
        return Marker("number", due_number, match["n"], match.end())
    if match["c"] and match["c"] in POINTS and POINTS.index(match["c"]) + 1 in (1, due_letter):
        return Marker("letter", POINTS.index(match["c"]) + 1, match["c"], match.end())
    return None


def _is_printed(head: str, level: Level) -> bool:
    """Is it the word itself with a capital, perhaps without its accents? 'Mức 3' is no 'Mục 3'.

    Behind the number of an article may stand that of a footnote, before a capital: 'Điều 2.15 Người chăm sóc'.
    """
    if level == "dieu" and _NOTE_AFTER.search(head) and not _CAPITAL_AFTER.search(head):
        return False
    return head[0].isupper() and (
        fold(head[:6]) == head[:6].lower() or head.lower().replace("ð", "đ").startswith(_WORDS[level])
    )


def _stands_as_title(head: str, end: int) -> bool:
    rest = head[end:].lstrip()
    return not rest or head[:end].rstrip()[-1] in ".:-–" or is_title(rest)


def is_title(text: str) -> bool:
    """Set in capitals, as headings are: at least two words, hardly a small letter."""
    head = text[:_HEAD]
    letters = [char for char in head if char.isalpha()]
    capitals = sum(char.isupper() for char in letters)
    return len(letters) >= 6 and " " in head.strip() and capitals >= 0.8 * len(letters)


def leading_token(text: str) -> tuple[str, int] | None:
    """The short token that opens `text` where a marker may have stood, and the characters it takes."""
    match = _TOKEN.match(text[:_HEAD])
    return (match["n"], match.end()) if match else None


_ROMAN_LOOKS = frozenset("IVXLHil1|!")
_ALIKE = ("1IlL|!iíìÍ", "5Ss", "0Oo", "8B", "2Zz", "6bhn", "9gq", "dđÐ", "ceéêè", "aàáâăạ", "4A", "uư", "vy")
_LOOKALIKES = {char: group[0] for group in _ALIKE for char in group}


def label_of(level: Level, value: int) -> str:
    """The marker that level and value call for: ('roman', 3) -> 'III', ('letter', 5) -> 'đ'."""
    if level == "roman":
        return to_roman(value)
    if level == "letter":
        return POINTS[value - 1] if value <= len(POINTS) else "?"
    return f"Điều {value}" if level == "dieu" else str(value)


def may_be(token: str, level: Level, value: int) -> bool:
    """Can a damaged `token` have been printed as this marker?"""
    if level == "roman":
        return set(token) <= _ROMAN_LOOKS
    label = label_of(level, value)
    return len(token) == len(label) and all(
        _LOOKALIKES.get(seen, seen) == _LOOKALIKES.get(due, due) for seen, due in zip(token, label, strict=True)
    )
