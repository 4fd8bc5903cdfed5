"""Rows in; paragraphs out: wrapped lines joined, also over blank lines and page breaks, a new one at each marker."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from pipeline.document import Span
from pipeline.folding import fold
from pipeline.structure.lines import Row
from pipeline.structure.markers import (
    RANKS,
    WORDED,
    Level,
    Marker,
    from_roman,
    is_title,
    leading_token,
    read_damaged_article,
    read_damaged_item,
    read_marker,
)
from pipeline.structure.widths import printed_width

_BASES = ("can cu", "xet de nghi", "theo de nghi", "tren co so", "the theo", "thuc hien", "xet")
_SURE_BASES = _BASES[:3]
_LIKE_A_BASIS = 75
_LONGEST_BASIS = 16
_OPEN_WORDS = (
    "và", "của", "các", "với", "cho", "trong", "tại", "theo", "từ", "đến", "là", "để", "những", "hoặc", "do", "bởi",
    "về", "cùng", "giữa", "trên", "dưới", "bằng",
    "nhằm", "vào", "ra", "thuộc",
)  # fmt: skip
_CONNECTORS = frozenset(_OPEN_WORDS)
BEFORE_NUMBERS = frozenset({"ngày", "tháng", "năm", "số", "khoản", "điểm", "điều", "mục", "loại", "cấp", "hạng", "quý"})
_NAMED = r"[\dA-Za-zđ]{1,4}"
_REFERS = re.compile(
    rf"(?<=[^\s.] )(?P<unit>khoản|điểm|mục|điều|chương|phần) {_NAMED}(?:(?:, | và |, và | hoặc ){_NAMED})*"
    r"(?P<open>,| và| hoặc)?$",
    re.IGNORECASE,
)
_UNITS: dict[str, Level] = {
    "điểm": "letter", "khoản": "number", "điều": "dieu", "mục": "muc", "chương": "chuong", "phần": "phan",
}  # fmt: skip
_REFERENCE_REACH = 40
_REFERENCES = (" Điều", " Mục", " Chương", " Phụ lục")
_ENDINGS = ".;:!?…"
_STOPS = (".", "”")
END_SIGN = "./."
_CLOSERS = "”\"')»"
_WIDE_ROW = 30
_SLACK_OF_TEXT = 0.1
_SLACK_OF_BOXES = 0.04
_INDENT = 12.0
_MOST_INDENTED = 0.7
_LESS = 0.35
_DIRT_BEFORE_MARKER = frozenset("_-–—~'`‘’*.,:;|°^")


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that make one provision. `kind` is set where the place in the document decides it, not a marker."""

    rows: tuple[Row, ...]
    kind: str | None = None
    marker: Marker | None = None
    specks: tuple[Span, ...] = ()

    @property
    def text(self) -> str:
        """The rows' text, one space between them."""
        return " ".join(row.text for row in self.rows)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a document is set. `margin`: where full lines of running text end; infinite without any, as none is full.

    `indented`: the first lines of paragraphs are, as far as lines have places.
    """

    margin: float
    indented: bool


def setting_of(rows: Sequence[Row]) -> Setting:
    """As most rows tell."""
    edges = sorted(row.right for row in rows if row.right / row.unit >= _WIDE_ROW)
    margin = edges[len(edges) * 9 // 10] if edges else math.inf
    placed = [row.indent for row in rows if row.indent is not None]
    deep = sum(indent >= _INDENT for indent in placed)
    return Setting(margin, 0 < deep < _MOST_INDENTED * len(placed))


def ends_sentence(text: str) -> bool:
    """Does a sentence, an item or a lead-in end here?"""
    return text.rstrip(_CLOSERS + "/ ")[-1:] in tuple(_ENDINGS) or text.endswith(END_SIGN)


def ends_open(text: str) -> bool:
    """Does the text break off after a comma or a word that asks for another?"""
    return text.endswith((",", "(", "-", "–")) or text[-12:].rsplit(None, 1)[-1] in _CONNECTORS


def opens_basis(text: str, sure: bool = False) -> bool:
    """Does a legal basis begin here? `sure`: only with words that hardly ever begin another sentence."""
    if not text[:1].isupper():
        return False
    head = fold(text[:_LONGEST_BASIS])
    for wording in _SURE_BASES if sure else _BASES:
        opening = head[: len(wording)]
        is_word = not head[len(wording) : len(wording) + 1].isalpha()
        if opening == wording and is_word:
            return True
        if len(wording) > 5 and " " in opening and fuzz.ratio(opening, wording) >= _LIKE_A_BASIS:
            return True
    return False


def join_rows(rows: list[Row], setting: Setting) -> list[Block]:
    """The paragraphs of a stretch of body rows."""
    blocks: list[Block] = []
    open_rows: list[Row] = []
    specks: list[Span] = []
    marker: Marker | None = None
    seen: dict[Level, int] = {}

    def close() -> None:
        if open_rows:
            blocks.append(Block(tuple(open_rows), None, marker, tuple(specks)))
        open_rows.clear()
        specks.clear()

    for printed in rows:
        row, dirt = _without_dirt(printed)
        here = _marker_of(row, seen)
        previous = open_rows[-1] if open_rows else None
        if previous is None or _breaks(previous, row, here, marker, len(open_rows), seen, setting):
            close()
            marker = here
            if here:
                _remember(seen, here)
        elif here and here.level == "bullet" and len(row.tokens) > 1 and row.tokens[0].text in "*•·°":
            row, span = row.without_first()
            dirt = (*dirt, span)
        open_rows.append(row)
        specks.extend(dirt)
    close()
    return blocks


def _without_dirt(row: Row) -> tuple[Row, tuple[Span, ...]]:
    """Specks that the restoration kept as tokens before a marker: '_ - Xây dựng', '- - Xây dựng'."""
    dirt: tuple[Span, ...] = ()
    while len(row.tokens) > 2 and row.tokens[0].text in _DIRT_BEFORE_MARKER and read_marker(row.tokens[1].text + " x"):
        row, span = row.without_first()
        dirt = (*dirt, span)
    return row, dirt


def _marker_of(row: Row, seen: dict[Level, int]) -> Marker | None:
    marker = read_marker(row.text)
    if marker is None or marker.level == "letter":
        marker = read_damaged_article(row.text, seen.get("dieu", 0) + 1) or marker
    if marker is None:
        return read_damaged_item(row.text, seen.get("number", 0) + 1, seen.get("letter", 0) + 1)
    return marker


def _remember(seen: dict[Level, int], marker: Marker) -> None:
    for level in [level for level in seen if RANKS[level] > RANKS[marker.level] and level != "dieu"]:
        del seen[level]
    seen[marker.level] = marker.value


def _breaks(
    previous: Row,
    row: Row,
    here: Marker | None,
    marker: Marker | None,
    count: int,
    seen: dict[Level, int],
    setting: Setting,
) -> bool:
    """Does a new paragraph start at `row`?"""
    before, text = previous.text, row.text
    if here is not None:
        return _marker_breaks(previous, row, here, seen, setting)
    if marker is not None and count == 1 and len(before) < marker.length + 1:
        return False
    titles = is_title(before), is_title(text)
    if titles == (True, True):
        return _is_next_numeral(text, seen)
    if (titles[0] and not ends_open(before)) or before.endswith(END_SIGN):
        return True
    if titles == (False, True) and row.gap == "blank" and not ends_open(before):
        return True
    if text[0] in "“‟„«" and (before.endswith(":") or read_marker(text[1:])):
        return True
    first = text.lstrip('“"‘(')[:1] or text[0]
    if first.islower() or not first.isalpha():
        return False
    if opens_basis(text, sure=True) and not ends_open(before):
        return True
    if ends_open(before):
        return False
    if before[-1] == ";" or (setting.indented and (row.indent or 0.0) >= _INDENT):
        return True
    if ends_sentence(before):
        is_first = titles[1] or row.gap == "blank"
        return is_first or _fits(previous, row, setting, ends=before[-1] in _STOPS)
    return _fits(previous, row, setting) or titles[1]


def _marker_breaks(previous: Row, row: Row, here: Marker, seen: dict[Level, int], setting: Setting) -> bool:
    before, rest = previous.text, row.text[here.length :]
    expected = here.value == seen.get(here.level, 0) + 1
    if here.level == "bullet":
        if ends_sentence(before) or _fits(previous, row, setting):
            return True
        goes_on = rest[:1].islower() or _is_chain(before, rest) or ends_open(before)
        return not goes_on or (row.gap != "none" and not rest[:1].islower())
    if here.level in WORDED:
        return not _refers(before, here.level) and (expected or not ends_open(before))
    if ends_sentence(before) or (is_title(rest) and here.level in ("roman", "upper")):
        return True
    if before.endswith(_REFERENCES) and row.gap == "none":
        return False
    asks_for_number = ends_open(before) or before.rsplit(None, 1)[-1] in BEFORE_NUMBERS
    if asks_for_number and not (expected and row.gap != "none") and not _fits(previous, row, setting):
        return False
    return expected or here.value == 1 or _fits(previous, row, setting)


def _refers(before: str, level: Level) -> bool:
    """'theo khoản 2', then 'Điều 7.': a reference goes on, to a unit above the one that was named."""
    match = _REFERS.search(before[-_REFERENCE_REACH:])
    return match is not None and (bool(match["open"]) or RANKS[_UNITS[match["unit"].lower()]] > RANKS[level])


def _is_next_numeral(text: str, seen: dict[Level, int]) -> bool:
    """A heading whose numeral lost its full stop: 'II NHIỆM VỤ' after 'I. MỤC TIÊU'."""
    token = leading_token(text)
    return token is not None and "roman" in seen and from_roman(token[0]) == seen["roman"] + 1


def _is_chain(before: str, rest: str) -> bool:
    """'Lào Cai - Yên Bái' broken at a dash, not a list."""
    return " - " in before[-40:] and bool(re.match(r"\S+(?: \S+){0,3} - ", rest))


def _fits(previous: Row, row: Row, setting: Setting, ends: bool = False) -> bool:
    """Would the row's first word have had room on the line before? Then that line was ended on purpose.

    `ends`: the line before ends with a full stop, so that less of a doubt is left.
    """
    slack = (_SLACK_OF_BOXES if previous.placed else _SLACK_OF_TEXT) * (_LESS if ends else 1)
    if setting.margin == math.inf:
        return True
    word = row.tokens[0].text
    room = (len(word) + 1) * previous.unit if previous.placed else printed_width(f" {word}")
    return previous.right + room <= setting.margin * (1 - slack)
