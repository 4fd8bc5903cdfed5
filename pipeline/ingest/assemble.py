"""Sheets of an input in, its Source out: the raw text, and where in it each page, line, word and table cell stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.document import Box, Cell, Line, Notice, Page, Source, Span, Stamp, Table, Word
from pipeline.ingest.grid import Grid
from pipeline.ingest.layout import Row, Text, Token, holds, read_order, rows_of, without
from pipeline.ingest.sheet import Sheet, Turn
from pipeline.ingest.tables import JoinedTable, Place, fill, join
from pipeline.ingest.unruled import Unruled

_HEAD_ROWS = 3
"""A table with no more rows than these above it may go on from the page before: running head, page number."""


def assemble(
    name: str, sha256: str, media_type: str, sheets: Iterable[Sheet], notices: Sequence[Notice] = ()
) -> Source:
    """Put pages one after the other, a form feed between them."""
    text = _Text()
    pages: list[Page] = []
    tables: list[JoinedTable] = []
    stamps: list[Stamp] = []
    found: list[Notice] = list(notices)
    unruled = Unruled()
    for sheet in sheets:
        if pages:
            text.end_page()
        lines = list(_lines(sheet, text, tables, unruled))
        pages.append(
            Page(
                number=sheet.number,
                lines=tuple(lines),
                kind=sheet.kind,
                width=round(sheet.turn.width, 2),
                height=round(sheet.turn.height, 2),
                failure=sheet.failure,
            )
        )
        stamps += sheet.stamps
        found += sheet.notices
    return Source(
        name=name,
        sha256=sha256,
        media_type=media_type,
        raw="".join(text.pieces),
        pages=tuple(pages),
        notices=tuple(dict.fromkeys(found)),
        tables=tuple(_table(table, text) for table in tables),
        stamps=tuple(stamps),
    )


@dataclass(slots=True)
class _Text:
    """The raw text as it grows, and the spans of what stands in cells, by the place's identity."""

    pieces: list[str] = field(default_factory=list)
    at: int = 0
    cells: dict[int, Span] = field(default_factory=dict)
    turns: dict[int, Turn] = field(default_factory=dict)

    def write(self, piece: str) -> Span:
        self.pieces.append(piece)
        start, self.at = self.at, self.at + len(piece)
        return start, self.at

    def end_page(self) -> None:
        self.write("\f")


def _lines(sheet: Sheet, text: _Text, tables: list[JoinedTable], unruled: Unruled) -> Iterator[Line]:
    """The page's lines; its tables are added to those of the document."""
    text.turns[sheet.number] = sheet.turn
    rest = list(sheet.tokens)
    first = True
    above = 0
    for grid in _grids(sheet, unruled):
        before, rest = _parted(rest, grid)
        inside = [token for token in rest if holds(grid.box, token.box)]
        rest = without(rest, [grid.box])
        rows = read_order(before)
        above += len(rows)
        for row in rows:
            yield from _row(row, sheet.turn, text, first)
            first = False
        table = fill(sheet.number, grid, inside)
        places = [place for cell in table.cells for place in cell.places]
        if not (above <= _HEAD_ROWS and tables and join(tables[-1], table)):
            tables.append(table)
        above = _HEAD_ROWS + 1
        for place in places:
            yield from _cell(place, sheet.turn, text, first)
            first = False
        if places and rest:
            yield _blank(text)
    for row in read_order(rest):
        yield from _row(row, sheet.turn, text, first)
        first = False


def _grids(sheet: Sheet, unruled: Unruled) -> list[Grid]:
    """Its tables, ruled or not, from top to bottom."""
    found = unruled.find(rows_of(without(sheet.tokens, [grid.box for grid in sheet.grids])))
    apart = (grid for grid in found if not any(_overlap(grid.box, ruled.box) for ruled in sheet.grids))
    return sorted((*sheet.grids, *apart), key=lambda grid: grid.box[1])


def _overlap(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _parted(tokens: Sequence[Token], grid: Grid) -> tuple[list[Token], list[Token]]:
    """Tokens above a table, and the others."""
    above = [token for token in tokens if (token.box[1] + token.box[3]) / 2 < grid.box[1]]
    return above, [token for token in tokens if token not in above]


def _row(row: Text, turn: Turn, text: _Text, first: bool) -> Iterator[Line]:
    if row.blank and not first:
        yield _blank(text)
    yield _line(row.row, turn, text, first, row)


def _cell(place: Place, turn: Turn, text: _Text, first: bool) -> Iterator[Line]:
    """The lines of a cell, a blank line before them."""
    if not first:
        yield _blank(text)
    lines = []
    for row in place.rows:
        lines.append(_line(row, turn, text, first))
        first = False
    text.cells[id(place)] = lines[0].start, lines[-1].end
    yield from lines


def _blank(text: _Text) -> Line:
    """An empty line; line ends stand before lines, so that none follows the last."""
    text.write("\n")
    return Line((), text.at, text.at)


def _line(row: Row, turn: Turn, text: _Text, first: bool, set_as: Text | None = None) -> Line:
    if not first:
        text.write("\n")
    words = list[Word]()
    start = text.at
    for token in row:
        if words:
            text.write(" ")
        span = text.write(token.text)
        box = _rounded(turn.to_page(token.box))
        words.append(Word(token.text, *span, box, token.confidence, token.alternatives))
    return Line(tuple(words), start, text.at, set_as.style if set_as else None)


def _rounded(box: Box) -> Box:
    return round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1)


def _table(table: JoinedTable, text: _Text) -> Table:
    spans = {id(place): text.cells[id(place)] for cell in table.cells for place in cell.places}
    repeated = [text.cells[id(place)] for place in table.repeated]
    by_page: dict[int, list[Span]] = {}
    for place in (*(place for cell in table.cells for place in cell.places), *table.repeated):
        by_page.setdefault(place.page, []).append(text.cells[id(place)])
    cells = [
        Cell(tuple(spans[id(place)] for place in cell.places), cell.row, cell.column, cell.row_span, cell.column_span)
        for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.column))
    ]
    return Table(
        raw_spans=tuple(
            (min(start for start, _ in page), max(end for _, end in page)) for _, page in sorted(by_page.items())
        ),
        page=table.page,
        box=_rounded(text.turns[table.page].to_page(table.box)),
        header=table.header,
        cells=tuple(cells),
        repeated=tuple(repeated),
    )
