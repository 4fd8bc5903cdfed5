"""Source and Restoration in; rows of running text out, and what was set aside: page numbers, heads, rules, specks."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from pipeline.document import Line, Restoration, RestoredLine, Source, Span, Uncovered
from pipeline.folding import fold
from pipeline.structure.widths import printed_width

Gap = Literal["none", "blank", "page"]
Reason = Literal["page_number", "running_head", "speck", "stamp", "rule"]

_PAGE_NUMBER = re.compile(r"[-–—.\s]{0,4}(?:trang\s{0,2})?\d{1,4}(?:\s?/\s?\d{1,4})?[-–—.\s]{0,4}", re.IGNORECASE)
_RULE = re.compile(r"[\s_\-–—=~.…·*]{4,}")
_WORD = re.compile(r"[^\W_]")
_GAZETTE_HEAD = re.compile(
    r"(?:\d{1,4}\s)?cong bao\s?/\s?so \d.{0,40}/\s?ngay \d.{0,20}|van ban (?:quy pham )?phap luat(?: khac)?"
    r"|van ban hop nhat -.{0,80}|\(xem tiep cong bao so .{0,40}\)|\(tiep theo cong bao so .{0,40}\)"
)
_ITEM = re.compile(r"(?:\w{1,4}[.)]|[-–+*•]|dieu 0)\s")
_NOTE = re.compile(r"0\s[^\W\d_]{2,}\s(?!bao)")
_COLOPHON = "van phong chinh phu xuat ban"
_STAMP_LINES = ("nguoi ky:", "ky boi:", "email:", "co quan:", "thoi gian ky:")
_LETTERHEAD_MARKS = ("cong hoa xa hoi", "doc lap", "so:")
_EDGE_ROWS = 2
_REPEATS = 3
_LONG_LINE = 400
BULLETS = "-–—+*•●○▪■◦·∙►"
_SURE_BULLETS = frozenset("-–—+•")


@dataclass(frozen=True, slots=True)
class Token:
    """A restored syllable with its place in the raw text."""

    text: str
    raw_start: int
    raw_end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Row:
    """A line, or a part of one, that belongs to the document. Its raw range is its own: rows never share characters.

    `right`: where the line ends, in points on the page if it is `placed`, else in thousandths of the type size from its
    beginning; `unit`: the mean width of a character. `indent`: points from the left edge of the page's text, if known.
    `text`: the tokens, one space between them.
    """

    tokens: tuple[Token, ...]
    page: int
    gap: Gap
    ruled: bool
    raw_start: int
    raw_end: int
    specks: tuple[Span, ...]
    right: float
    unit: float
    placed: bool
    indent: float | None
    text: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", " ".join(token.text for token in self.tokens))

    def split(self, count: int) -> tuple["Row", "Row"]:
        """The first `count` tokens, and the rest as a row of its own."""
        cut = min(max(self.tokens[count].raw_start, self.raw_start), self.raw_end)
        before = tuple((start, min(end, cut)) for start, end in self.specks if start < cut)
        after = tuple((max(start, cut), end) for start, end in self.specks if end > cut)
        left = replace(self, tokens=self.tokens[:count], raw_end=cut, specks=before)
        right = replace(self, tokens=self.tokens[count:], raw_start=cut, specks=after, gap="none", ruled=False)
        return left, right

    def without_first(self) -> tuple["Row", Span]:
        """The row without its first token, and the raw span of that token."""
        first, rest = self.split(1)
        return replace(rest, gap=self.gap, ruled=self.ruled), (first.raw_start, first.raw_end)


def read_rows(source: Source, restoration: Restoration) -> tuple[list[Row], list[Uncovered]]:
    """Rows in reading order, and the set-aside spans outside all rows."""
    placed = list(_with_pages(source, restoration))
    reasons = _set_aside(placed)
    rows: list[Row] = []
    aside: list[Uncovered] = []
    gap: Gap = "page"
    ruled = False
    page = None
    for (line, engine_line, number), reason in zip(placed, reasons, strict=True):
        if page is not None and number != page:
            gap = "page"
        page = number
        if reason is None and line.syllables:
            rows.append(_row(line, engine_line, number, gap, ruled, source.raw))
            gap, ruled = "none", False
            continue
        if reason is not None:
            aside.append(Uncovered((line.raw_start, line.raw_end), reason))
            ruled = ruled or reason == "rule"
        if gap == "none":
            gap = "blank"
    return rows, aside


_Placed = tuple[RestoredLine, Line | None, int]


def _with_pages(source: Source, restoration: Restoration) -> Iterator[_Placed]:
    places = [(line, page.number) for page in source.pages for line in page.lines]
    last = source.pages[-1].number if source.pages else 1
    for index, line in enumerate(restoration.lines):
        engine_line, number = places[index] if index < len(places) else (None, last)
        yield line, engine_line, number


def _row(line: RestoredLine, engine_line: Line | None, page: int, gap: Gap, ruled: bool, raw: str) -> Row:
    tokens = tuple(Token(s.text, s.raw_start, s.raw_end, s.confidence) for s in line.syllables if s.text)
    if len(tokens) > 1 and _is_bullet_misread(tokens, raw):
        tokens = (replace(tokens[0], text=raw[tokens[0].raw_start : tokens[0].raw_end]), *tokens[1:])
    length = max(1, sum(len(token.text) + 1 for token in tokens) - 1)
    boxes = [word.box for word in engine_line.words if word.box] if engine_line else []
    style = engine_line.style if engine_line else None
    indent = style.indent if style and not style.centred else None
    left, right = min((box[0] for box in boxes), default=0.0), max((box[2] for box in boxes), default=0.0)
    placed = right > left
    if not placed:
        left, right = 0.0, float(printed_width(" ".join(token.text for token in tokens)))
    unit = (right - left) / length
    return Row(tokens, page, gap, ruled, line.raw_start, line.raw_end, line.specks, right, unit, placed, indent)


def _is_bullet_misread(tokens: tuple[Token, ...], raw: str) -> bool:
    """A line opens with a dash or plus alone, which engines read well, but was restored to open with another mark."""
    first, second = tokens[:2]
    read = raw[first.raw_start : first.raw_end]
    return read in _SURE_BULLETS and not _WORD.search(first.text) and first.text != read and second.text[0].isupper()


def _set_aside(placed: list[_Placed]) -> list[Reason | None]:
    heads = _running_heads(placed)
    blanks_after = _blanks(placed[::-1])[::-1]
    blanks_before = _blanks(placed)
    on_edge = _edges(placed)
    reasons: list[Reason | None] = []
    colophon = None
    for index, (line, _, page) in enumerate(placed):
        if fold(line.text.strip()) == _COLOPHON:
            colophon = page
        if page == colophon or _goes_on_head(placed, reasons):
            reasons.append("running_head" if line.syllables else None)
            continue
        is_edge = line.syllables and (on_edge[index] or (blanks_before[index] and blanks_after[index]))
        alone = bool(is_edge) and not _in_column(placed, index)
        reasons.append(_reason(line, index in heads, alone))
    return reasons


def _goes_on_head(placed: list[_Placed], reasons: list[Reason | None]) -> bool:
    """'VĂN BẢN HỢP NHẤT -', then the issuing body on a line of its own."""
    before = len(reasons) - 1
    return before >= 0 and reasons[before] == "running_head" and placed[before][0].text.rstrip().endswith("NHẤT -")


def _reason(line: RestoredLine, is_head: bool, alone: bool) -> Reason | None:
    if not line.syllables:
        return "speck" if line.specks else None
    text = line.text.strip()
    if len(text) > _LONG_LINE:
        return None
    if _RULE.fullmatch(text):
        return "rule"
    if alone and _PAGE_NUMBER.fullmatch(text):
        return "page_number"
    if is_head or _GAZETTE_HEAD.fullmatch(fold(text)):
        return "running_head"
    if fold(text).startswith(_STAMP_LINES):
        return "stamp"
    if not _WORD.search(text) and text not in BULLETS:
        return "speck"
    return None


def _in_column(placed: list[_Placed], index: int) -> bool:
    """Do numbers stand above or below, as in a table read cell by cell?"""
    return any(
        _PAGE_NUMBER.fullmatch(placed[i][0].text.strip()[:_LONG_LINE])
        for i in (index - 2, index + 2)
        if 0 <= i < len(placed) and placed[i][2] == placed[index][2]
    )


def _blanks(placed: list[_Placed]) -> list[int]:
    """How many blank lines stand before each line; the edge of a page counts as two."""
    counts: list[int] = []
    blanks, page = 2, None
    for line, _, number in placed:
        if number != page:
            blanks, page = 2, number
        counts.append(blanks)
        blanks = 0 if line.syllables else blanks + 1
    return counts


def _edges(placed: list[_Placed]) -> list[bool]:
    """Is the line the first or last with text on its page? Of one page alone there are no edges."""
    edges = [False] * len(placed)
    filled = [i for i, (line, _, _) in enumerate(placed) if line.syllables]
    for before, after in pairwise(filled):
        if placed[before][2] != placed[after][2]:
            edges[before] = edges[after] = True
    return edges


def _running_heads(placed: list[_Placed]) -> set[int]:
    """Lines at the top or foot of pages that come again on other pages, whatever their digits."""
    pages: dict[int, list[int]] = {}
    for index, (line, _, number) in enumerate(placed):
        if line.syllables:
            pages.setdefault(number, []).append(index)
    edges = {i for lines in pages.values() for i in (*lines[:_EDGE_ROWS], *lines[-_EDGE_ROWS:])}
    shapes = {i: re.sub(r"\d+", "0", fold(placed[i][0].text.strip()[:_LONG_LINE])) for i in edges}
    on_pages = Counter(shape for shape, _ in {(shape, placed[i][2]) for i, shape in shapes.items()})
    enough = max(_REPEATS, len(pages) // 3)
    return {i for i, shape in shapes.items() if on_pages[shape] >= enough and _is_head(shape)}


def _is_head(shape: str) -> bool:
    if _ITEM.match(shape) or _NOTE.match(shape) or any(mark in shape for mark in _LETTERHEAD_MARKS):
        return False
    if shape.endswith((".", ";", ":")):
        return False
    return 8 <= len(shape) < _LONG_LINE
