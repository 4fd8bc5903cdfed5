"""Rows of words in, grids of the tables among them that are set in columns by white space alone out.

Only where it is sure, since running text makes columns by chance: a line of headings that are known to head the columns
of a task table, the first of them for numbers; gutters that stay free over all lines; at least LEAST_ROWS numbered
rows, each number one higher than the last; and rows that are parted, all of them, by more room than their lines, or
that begin on the lines of their numbers. All else stays text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.columns import LONGEST_HEADING, Column, column_as_read, column_of
from pipeline.document import Box
from pipeline.ingest.grid import Grid, GridCell
from pipeline.ingest.layout import Row, Token, box_of, height_of, holds, middle, part, rows_of

LEAST_ROWS = 3
MOST_HEADER_LINES = 5
WORD_GAP = 0.6
"""Least between words of two columns on one line; a space is narrower. This and all that follow are in text heights."""
LEAST_GUTTER = 0.35
"""What a gutter keeps over all lines of the table."""
NEAR_LINES = 0.9
"""From middle to middle of lines that lie over each other by half: a heading of two lines beside one of one."""
HEADER_ROOM = 1.0
"""Most between two lines of headings."""
CLEAR_ROOM = 0.3
"""Least room between rows by which they are told, where there is no such room ..."""
LESS_ROOM = 0.6
"""... but at most this share of it, between lines of one row."""
EVEN_ROOM = 0.15
"""Room that differs by less is the same."""
PARAGRAPH_ROOM = 1.0
"""Room from which a line without a number is no more of the table."""
ROW_ROOM = 4.0
"""The same for any line."""
MARGIN = 1.0
"""Points about the words of a table."""

_NUMBER = re.compile(r"\(?(\d{1,3}|\d{1,2}(?:\.\d{1,2})+|[a-zđ])[.)]{0,2}")
_GROUP = re.compile(r"(?:[IVXLC]{1,7}|[A-ZĐ])[.)]?")
_SECTION = re.compile(
    r"[IVXLC]{1,7}[.)] |(?:Điều|Mục) \d{1,3}\.|(?:Chương|Phần) (?:[IVXLC]{1,7}|thứ)\b|PHỤ LỤC|Phụ lục|Mẫu số"
)
_WHO_OR_WHEN = frozenset({"lead", "coordinating", "both", "time"})

Gutters = tuple[tuple[float, float], ...]
"""Free stretches between neighbouring columns: left and right edge."""
Kinds = tuple[Column | None, ...]
Number = tuple[int, ...]
"""'2.1' is (2, 1)."""


@dataclass(frozen=True, slots=True)
class _Header:
    """Rows from `first` to before `last`; what the columns are, the gutters between them, the height of the text."""

    first: int
    last: int
    kinds: Kinds
    gutters: Gutters
    height: float


@dataclass(frozen=True, slots=True)
class _Line:
    """A line under the headings. `room`: above it; `number`: of a row that it numbers, if in figures.

    One that spans the columns heads a group, and so may one that has a letter or Roman numeral and a title alone.
    """

    row: Row
    room: float
    is_numbered: bool
    number: Number
    spans: bool
    is_group: bool


class Unruled:
    """Finds the tables of one page after the other: one may go on, its headings said again."""

    def __init__(self) -> None:
        self._kinds: Kinds = ()
        self._gutters: Gutters = ()
        self._xs: tuple[float, ...] = ()
        self._number: Number = ()

    def find(self, rows: Sequence[Row]) -> list[Grid]:
        """Tables among the rows of words of a page, from top to bottom."""
        grids = []
        at = 0
        while at < len(rows):
            header = _header(rows, at) if _heads_numbers(rows[at]) else None
            found = self._table(rows, header) if header else None
            if found:
                grid, at = found
                grids.append(grid)
            else:
                at += 1
        return grids

    def _table(self, rows: Sequence[Row], header: _Header) -> tuple[Grid, int] | None:
        """The table under a header, and the index of the first row after it."""
        is_same = header.kinds == self._kinds
        lines, gutters = _lines(rows, header, _narrowed(header, self._gutters) if is_same else header.gutters)
        starts = _starts(lines, header.height)
        if not starts:
            return None
        lines = lines[: _end(lines, starts, header.height)]
        while lines and lines[-1].is_group:
            lines = lines[:-1]
        starts = [start for start in starts if start < len(lines)]
        at = header.last + len(lines)
        number = _last_number(lines, self._number) if is_same else None
        goes_on = number is not None
        if number is None and sum(line.is_numbered for line in lines) >= LEAST_ROWS:
            number = _last_number(lines, ())
        if number is None or not lines:
            return None
        if at < len(rows) and _is_torn(rows[at], box_of(lines[-1].row)[3], number, gutters, header.height):
            return None
        if len(_stretches([t for line in lines if not line.spans for t in line.row], header.height)) > len(gutters) + 1:
            return None
        groups = [rows[header.first : header.last]]
        groups += [[line.row for line in lines[start:end]] for start, end in pairwise([*starts, len(lines)])]
        parted = [len(gutters), *(_parted(lines[start], gutters, header.height) for start in starts)]
        grid = _grid(groups, parted, gutters, self._xs if goes_on else ())
        beside = (*rows[max(header.first - 2, 0) : header.first], *rows[at : at + 2])
        if grid is None or any(holds(grid.box, token.box) for row in beside for token in row):
            return None
        self._kinds, self._gutters, self._xs, self._number = header.kinds, gutters, grid.xs, number
        return grid, at


def _parted(line: _Line, gutters: Gutters, height: float) -> int:
    """How many of the gutters, from the left, part the line."""
    return len(gutters) if not line.spans else 1 if _freed(line.row, gutters[:1], height) else 0


def numbers_column(rows: Sequence[Row]) -> Box | None:
    """Where the numbers of rows stand: under their heading, left of all other words; None without headings."""
    for at, row in enumerate(rows):
        header = _header(rows, at) if _heads_numbers(row) else None
        if header is None:
            continue
        left, _, end, _ = row[0].box
        beside = [below[0].box[0] for below in rows[header.last :] if below[0].box[0] > end]
        if beside:
            top = max(box_of(line)[3] for line in rows[header.first : header.last])
            return max(left - header.height, 0.0), top, min(beside) - MARGIN, box_of(rows[-1])[3] + header.height
    return None


def is_number(text: str) -> bool:
    """May it number a row: '2.', '2.1', 'II'?"""
    return bool(_NUMBER.fullmatch(text) or _GROUP.fullmatch(text))


def _heads_numbers(row: Row) -> bool:
    """Does the line open with 'TT', 'STT' or 'Số TT'?"""
    texts = [token.text for token in row[:3]]
    return any(column_of(" ".join(texts[:count])) == "number" for count in range(1, len(texts) + 1))


def _header(rows: Sequence[Row], at: int) -> _Header | None:
    """The headings about a line that names the numbers, down to where most room is before the first number."""
    height = height_of(rows[at])
    found: list[tuple[float, _Header]] = []
    for last in range(at + 1, min(at + 1 + MOST_HEADER_LINES, len(rows))):
        best: _Header | None = None
        for first in range(at, max(at - MOST_HEADER_LINES, -1), -1):
            if first < at and not _adjoins(rows[first], rows[first + 1], height):
                break
            kinds, gutters = _headings([token for row in rows[first:last] for token in row], height)
            if gutters and (best is None or len(gutters) >= len(best.gutters)):
                best = _Header(first, last, kinds, gutters, height)
        if best:
            room = box_of(rows[last])[1] - max(box_of(row)[3] for row in rows[best.first : last])
            found.append((room, best))
        if is_number(rows[last][0].text):
            break
    most = max((room for room, _ in found), default=0.0)
    return next((header for room, header in reversed(found) if room >= most - EVEN_ROOM * height), None)


def _adjoins(above: Row, below: Row, height: float) -> bool:
    """Is a line of the same headings? A title above them is one piece, or stands apart."""
    (_, top, _, bottom), (_, under, _, foot) = box_of(above), box_of(below)
    if (under + foot - top - bottom) / 2 < NEAR_LINES * height:
        return True
    return under - bottom < HEADER_ROOM * height and len(_stretches(above, height)) > 1


def _stretches(tokens: Sequence[Token], height: float) -> list[list[Token]]:
    """Words by the upright stripes that they leave white between them."""
    found: list[list[Token]] = []
    end = 0.0
    for token in sorted(tokens, key=lambda token: token.box[0]):
        if found and token.box[0] - end < WORD_GAP * height:
            found[-1].append(token)
            end = max(end, token.box[2])
        else:
            found.append([token])
            end = token.box[2]
    return found


def _headings(tokens: Sequence[Token], height: float) -> tuple[Kinds, Gutters]:
    """Kinds and gutters of columns, none where these are no headings of a task table."""
    columns = _stretches(tokens, height)
    texts = [" ".join(token.text for row in rows_of(column) for token in row) for column in columns]
    kinds = tuple(column_as_read(text) if len(text.split()) <= LONGEST_HEADING else None for text in texts)
    known = [kind for kind in kinds if kind]
    if not kinds or kinds[0] != "number" or "task" not in kinds or not _WHO_OR_WHEN & set(kinds):
        return (), ()
    if len(kinds) - len(known) > len(known) - LEAST_ROWS or not all(text[0].isupper() for text in texts):
        return (), ()
    boxes = [box_of(column) for column in columns]
    return kinds, tuple((left[2], right[0]) for left, right in pairwise(boxes))


def _narrowed(header: _Header, known: Gutters) -> Gutters:
    """The gutters of a header, as far as those of the page before were free too."""
    both = zip(header.gutters, known, strict=True)
    shared = tuple((max(here[0], there[0]), min(here[1], there[1])) for here, there in both)
    is_wide = all(right - left >= LEAST_GUTTER * header.height for left, right in shared)
    return shared if is_wide else header.gutters


def _lines(rows: Sequence[Row], header: _Header, gutters: Gutters) -> tuple[list[_Line], Gutters]:
    """The lines under a header that leave the gutters free or head a group, and what they leave of the gutters."""
    lines: list[_Line] = []
    bottom = max(box_of(row)[3] for row in rows[header.first : header.last])
    for row in rows[header.last :]:
        box = box_of(row)
        free = _freed(row, gutters, header.height)
        first = [token.text for token in row if token.box[2] <= (free or gutters)[0][1]] if free else []
        number = _NUMBER.fullmatch(first[0]) if len(first) == 1 else None
        group = _GROUP.fullmatch(row[0].text) if len(first) == 1 or not free else None
        is_text = free and not first and not _opens_section(row)
        if box[1] - bottom > ROW_ROOM * header.height or not (number or group or is_text):
            break
        figures = tuple(int(figure) for figure in number[1].split(".") if figure.isdecimal()) if number else ()
        is_title = bool(group and free and row[-1].box[2] <= free[1][0])
        numbered = bool(number or group)
        lines.append(_Line(row, box[1] - bottom, numbered, figures, free is None, free is None or is_title))
        gutters = free or gutters
        bottom = max(bottom, box[3])
    return lines, gutters


def _opens_section(row: Row) -> bool:
    return bool(_SECTION.match(" ".join(token.text for token in row[:3])))


def _freed(row: Row, gutters: Gutters, height: float) -> Gutters | None:
    """What a row leaves free of the gutters; None where it goes through one."""
    freed = []
    for gutter in gutters:
        count, free = part(row, gutter)
        end = max((token.box[2] for token in row[:count]), default=float("-inf"))
        if free[1] - free[0] < LEAST_GUTTER * height or (row[count:] and row[count].box[0] - end < WORD_GAP * height):
            return None
        freed.append(free)
    return tuple(freed)


def _starts(lines: Sequence[_Line], height: float) -> list[int]:
    """Which lines begin rows; none where that is not sure."""
    numbered = [at for at, line in enumerate(lines) if line.is_numbered]
    if not numbered:
        return []
    spans = [range(above + 1, below + 1) for above, below in pairwise(numbered)]
    widest = [_widest(lines, span, height) for span in spans]
    before = _before(lines, numbered[0], height)
    if before is not None and None not in widest:
        return [*before, *(start for start in widest if start is not None)]
    is_even = all(lines[span[-1]].room >= max(lines[k].room for k in span) - EVEN_ROOM * height for span in spans)
    return numbered if numbered[0] == 0 and is_even and all(_opens_row(lines[at]) for at in numbered) else []


def _widest(lines: Sequence[_Line], span: range, height: float) -> int | None:
    """The line before which there is clearly more room than before the others."""
    best = max(span, key=lambda at: lines[at].room)
    others = max((lines[at].room for at in span if at != best), default=None)
    if others is None or (lines[best].room >= CLEAR_ROOM * height and others <= LESS_ROOM * lines[best].room):
        return best
    return None


def _before(lines: Sequence[_Line], number: int, height: float) -> list[int] | None:
    """Beginnings of rows down to the first number: before it the rest of a row may stand, from the page above."""
    if number == 0:
        return [0]
    parting = _widest(lines, range(1, number + 1), height) if number > 1 else None
    rooms = [line.room for line in lines[1 : number + 1]]
    if number == 1 and rooms[0] >= CLEAR_ROOM * height:
        parting = 1
    if parting is not None:
        return [0, parting]
    return [0] if max(rooms) < EVEN_ROOM * height else None


def _opens_row(line: _Line) -> bool:
    """Does a row begin on the line of its number? In cells that are centred upright the text begins above it."""
    return line.spans or (len(line.row) > 1 and not line.row[1].text[0].islower())


def _end(lines: Sequence[_Line], starts: Sequence[int], height: float) -> int:
    """How many lines are of the table: after the last number those with no more room between than within rows."""
    last = max(at for at, line in enumerate(lines) if line.is_numbered)
    rooms = [lines[start].room for start in starts[1:]]
    most = max(min(rooms, default=0.0), CLEAR_ROOM * height)
    if starts == [at for at, line in enumerate(lines) if line.is_numbered]:
        most = max(most, PARAGRAPH_ROOM * height)
    after = range(max(last, starts[-1]) + 1, len(lines))
    return next((at for at in after if lines[at].room >= most), len(lines))


def _last_number(lines: Sequence[_Line], last: Number) -> Number | None:
    """The last number, counted on from one and anew in each group; None where one is missing."""
    for line in lines:
        if line.is_group:
            last = ()
        elif line.number and last and line.number not in _next(last):
            return None
        else:
            last = line.number or last
    return last


def _next(number: Number) -> list[Number]:
    """After 2.1: 2.1.1, 2.2, 3."""
    return [(*number, 1), *((*number[:at], number[at] + 1) for at in range(len(number)))]


def _is_torn(after: Row, bottom: float, last: Number, gutters: Gutters, height: float) -> bool:
    """Does the table seem to go on after its end?"""
    if _opens_section(after):
        return False
    number = after[0].text.strip("().")
    if after[0].box[2] <= gutters[0][1] and number in (".".join(map(str, following)) for following in _next(last)):
        return True
    is_near = box_of(after)[1] - bottom < PARAGRAPH_ROOM * height
    is_beside_numbers = after[0].box[0] > gutters[0][0]
    is_free = any(_freed(after, (gutter,), height) for gutter in gutters[1:])
    return is_near and is_beside_numbers and is_free


def _grid(
    groups: Sequence[Sequence[Row]], parted: Sequence[int], gutters: Gutters, known: Sequence[float]
) -> Grid | None:
    """A row for each group of lines; None where lines of one group reach into the next.

    `parted`: how many gutters part each; `known`: the edges of columns on the page before, taken where they fit.
    """
    boxes = [box_of([token for row in group for token in row]) for group in groups]
    left, right = min(box[0] for box in boxes) - MARGIN, max(box[2] for box in boxes) + MARGIN
    xs = (left, *((start + end) / 2 for start, end in gutters), right)
    if known and known[0] <= left and right <= known[-1]:
        if all(start < x < end for x, (start, end) in zip(known[1:-1], gutters, strict=True)):
            xs = tuple(known)
    ys = (
        boxes[0][1] - MARGIN,
        *((above[3] + below[1]) / 2 for above, below in pairwise(boxes)),
        boxes[-1][3] + MARGIN,
    )
    for group, (top, bottom) in zip(groups, pairwise(ys), strict=True):
        if not all(top < middle(token.box) < bottom for row in group for token in row):
            return None
    return Grid((xs[0], ys[0], xs[-1], ys[-1]), tuple(_cells(xs, ys, parted)), xs, len(parted))


def _cells(xs: Sequence[float], ys: Sequence[float], parted: Sequence[int]) -> Iterator[GridCell]:
    for row, (top, bottom) in enumerate(pairwise(ys)):
        edges = (*xs[: parted[row] + 1], xs[-1])
        for column, (left, right) in enumerate(pairwise(edges)):
            span = len(xs) - 1 - column if right == xs[-1] else 1
            yield GridCell((left, top, right, bottom), row, column, 1, span)
