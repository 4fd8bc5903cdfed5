"""Pages of a plain text in; the tables on them, and the pages with the lines of those parted into single cells, out.

Cells are told where the text parts them: by tabs, by upright strokes, as OCR engines read rulings, or by wide spaces.
What is a table is decided as on a page: a character is half as wide as high, and what stands between tabs or strokes
is a column as wide as the longest line.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.document import Cell, Line, Page, Span, Table, Word
from pipeline.ingest.layout import Row, Token
from pipeline.ingest.tables import JoinedTable, Place, fill, join
from pipeline.ingest.unruled import MOST_HEADER_LINES, Unruled

HEIGHT, WIDTH, PITCH = 10.0, 5.0, 12.0
"""Of a character, and from line to line."""
LONGEST = 2_000
"""Characters: a longer line is none of a table's."""
_STROKE = re.compile(r"[|¦│]")
_TAB = re.compile(r"\t")
_WORD = re.compile(r"\S+")
_WORD_BETWEEN_STROKES = re.compile(r"[^\s|¦│]+")
_RULE = re.compile(r"[\s|¦│+\-–—_=:.]*")
_NUMBERS = re.compile(r"[\s|¦│]*(?:s\w\s+)?(?:s?tt|thứ tự)\b", re.IGNORECASE)
"""How a line of headings opens: 'TT', 'STT', 'Số TT'."""


@dataclass(frozen=True, slots=True)
class _Written(Token):
    """A word with its place in the text."""

    start: int = 0


@dataclass(frozen=True, slots=True)
class _Parts:
    """How lines are parted: by which marks, into how many, and whether one stands before the first."""

    mark: re.Pattern[str]
    count: int
    opens: bool


def with_tables(pages: Sequence[Page], raw: str) -> tuple[tuple[Page, ...], tuple[Table, ...]]:
    """The pages, and their tables, joined where they go on over pages."""
    tables: list[JoinedTable] = []
    unruled = Unruled()
    for page in pages:
        for table in _tables(page, raw, unruled):
            if not (tables and join(tables[-1], table)):
                tables.append(table)
    found: dict[int, list[Line]] = {}
    for table in tables:
        for place in _places(table):
            found.setdefault(place.page, []).extend(map(_line, place.rows))
    done = tuple(replace(page, lines=_parted(page.lines, found.get(page.number, ()))) for page in pages)
    whole = {page.number: page.lines for page in pages}
    return done, tuple(_table(table, whole) for table in tables)


def _tables(page: Page, raw: str, unruled: Unruled) -> Iterator[JoinedTable]:
    headings = [at for at, line in enumerate(page.lines) if _NUMBERS.match(raw, line.start, line.end)]
    if not headings:
        return
    start = max(headings[0] - MOST_HEADER_LINES, 0)
    parts = [_parts(raw[line.start : line.end]) for line in (page.lines[at] for at in headings)]
    rows: list[Row] = []
    ahead = 0
    for at in range(start, len(page.lines)):
        text = raw[page.lines[at].start : page.lines[at].end]
        if ahead + 1 < len(headings) and headings[ahead] < at and headings[ahead + 1] - MOST_HEADER_LINES <= at:
            is_next = _is_alike(text, parts[ahead + 1]) and not _is_alike(text, parts[ahead])
            ahead += is_next or at == headings[ahead + 1]
        if row := _row(page.lines[at], at, parts[ahead], raw):
            rows.append(row)
    for grid in unruled.find(rows):
        top, bottom = (bisect_left(rows, edge, key=lambda row: row[0].box[1]) for edge in (grid.box[1], grid.box[3]))
        yield fill(page.number, grid, [token for row in rows[top:bottom] for token in row])


def _parts(heading: str) -> _Parts | None:
    """The marks that part the headings; None where spaces do."""
    for mark in (_STROKE, _TAB):
        if mark.search(heading):
            opens = mark is _STROKE and bool(mark.match(heading.lstrip()))
            return _Parts(mark, len(_between(heading, mark, opens)), opens)
    return None


def _between(text: str, mark: re.Pattern[str], opens: bool) -> list[Span]:
    """What stands between marks; one at the end closes the last part."""
    first = mark.search(text) if opens else None
    start = first.end() if first and not text[: first.start()].strip() else 0
    spans = []
    for found in mark.finditer(text, start):
        spans.append((start, found.start()))
        start = found.end()
    return [*spans, (start, len(text))] if text[start:].strip() else spans


def _is_alike(text: str, parts: _Parts | None) -> bool:
    """Is a line parted as the headings are? Tabs at its end may be missing."""
    if parts is None:
        return not _STROKE.search(text) and not _TAB.search(text)
    count = len(_between(text, parts.mark, parts.opens))
    return count == parts.count or (parts.mark is _TAB and count < parts.count)


def _row(line: Line, at: int, parts: _Parts | None, raw: str) -> Row:
    """The words of a line, all of them in the first column where it is not parted as the headings are."""
    text = raw[line.start : line.end]
    if _RULE.fullmatch(text):
        return ()
    is_parted = len(text) <= LONGEST and _is_alike(text, parts)
    spans = _between(text, parts.mark, parts.opens) if parts and is_parted else [(0, len(text))]
    words = _WORD_BETWEEN_STROKES if parts and parts.mark is _STROKE else _WORD
    top = PITCH * at
    tokens = []
    for column, (start, end) in enumerate(spans):
        for word in words.finditer(text, start, end):
            left = LONGEST * column + word.start() - start
            box = WIDTH * left, top, WIDTH * (left + len(word[0])), top + HEIGHT
            tokens.append(_Written(word[0], box, line=at, start=line.start + word.start()))
    return tuple(tokens)


def _places(table: JoinedTable) -> Iterator[Place]:
    for cell in table.cells:
        yield from cell.places
    yield from table.repeated


def _line(row: Row) -> Line:
    words = tuple(
        Word(token.text, token.start, token.start + len(token.text)) for token in row if isinstance(token, _Written)
    )
    return Line(words, words[0].start, words[-1].end)


def _parted(lines: Sequence[Line], parts: Sequence[Line]) -> tuple[Line, ...]:
    """The lines, those of which there are parts replaced by them."""
    ordered = sorted(parts, key=lambda part: part.start)
    done: list[Line] = []
    at = 0
    for line in lines:
        first = at
        while at < len(ordered) and ordered[at].end <= line.end:
            at += 1
        done += ordered[first:at] or [line]
    return tuple(done)


def _table(table: JoinedTable, lines: Mapping[int, Sequence[Line]]) -> Table:
    """Its raw spans are whole lines, marks between cells and rules between rows in them."""
    pages: dict[int, list[Line]] = {}
    for place in _places(table):
        pages.setdefault(place.page, []).extend(map(_line, place.rows))
    spans = []
    for page, parts in sorted(pages.items()):
        first, last = min(part.start for part in parts), max(part.end for part in parts)
        before = bisect_right(lines[page], first, key=lambda line: line.start) - 1
        until = bisect_left(lines[page], last, key=lambda line: line.end)
        spans.append((lines[page][before].start, lines[page][until].end))
    return Table(
        raw_spans=tuple(spans),
        page=table.page,
        box=None,
        header=table.header,
        cells=tuple(
            Cell(
                tuple((line.start, line.end) for place in cell.places for line in map(_line, place.rows)),
                cell.row,
                cell.column,
                cell.row_span,
                cell.column_span,
            )
            for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column))
        ),
        repeated=tuple((line.start, line.end) for place in table.repeated for line in map(_line, place.rows)),
    )
