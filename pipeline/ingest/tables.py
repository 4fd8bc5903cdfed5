"""Tables of single pages in, tables of the document out: rows and tables joined over page breaks, headers told."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from pipeline.document import Box
from pipeline.folding import fold
from pipeline.ingest.grid import Grid
from pipeline.ingest.layout import Row, Token, holds, middle, rows_of

SAME_COLUMNS = 0.03
"""Parts of one table have edges of columns at the same places, within this share of the table's width."""
SAME_HEADER = 85.0
"""Likeness, of 100, from which a row repeats the header."""
_NUMBER = re.compile(r"[\d.,]*\d[.)]?|[IVXLC]{1,7}[.)]?|[a-zđ][.)]?|[-+–•*]", re.IGNORECASE)
_COLUMN_NUMBER = re.compile(r"\(?(\d{1,2})\)?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a cell's part stands: its page, its box there, its rows of words."""

    page: int
    box: Box
    rows: tuple[Row, ...]

    @property
    def text(self) -> str:
        """Its words in order."""
        return " ".join(token.text for row in self.rows for token in row)


@dataclass(slots=True)
class JoinedCell:
    """A cell of a table that may go over pages; `places` has a part for each page where it has words."""

    row: int
    column: int
    row_span: int
    column_span: int
    places: list[Place] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words of all parts."""
        return " ".join(place.text for place in self.places)


@dataclass(slots=True)
class JoinedTable:
    """A table over one or more pages. `repeated`: what later pages repeat of the header."""

    page: int
    box: Box
    xs: tuple[float, ...]
    header: int
    rows: int
    cells: list[JoinedCell]
    last_page: int
    repeated: list[Place] = field(default_factory=list)


def fill(page: int, grid: Grid, tokens: Sequence[Token]) -> JoinedTable:
    """The table of one page, its words put into its cells."""
    cells = []
    ordered = sorted(tokens, key=lambda token: middle(token.box))
    middles = [middle(token.box) for token in ordered]
    for cell in grid.cells:
        level = ordered[bisect_left(middles, cell.box[1]) : bisect_right(middles, cell.box[3])]
        own = [token for token in level if holds(cell.box, token.box)]
        places = [Place(page, cell.box, tuple(rows_of(own)))] if own else []
        cells.append(JoinedCell(cell.row, cell.column, cell.row_span, cell.column_span, places))
    header = _header(cells, grid)
    return JoinedTable(page, grid.box, grid.xs, header, grid.rows, cells, page)


def join(table: JoinedTable, part: JoinedTable) -> bool:
    """Add `part`, which stands at the top of the following page, to the table; False where it is another table."""
    if part.page != table.last_page + 1 or not _same_columns(table.xs, part.xs):
        return False
    dropped = _repeated_header(table, part)
    if part.header and not dropped:
        return False
    for cell in part.cells:
        if cell.row < dropped:
            table.repeated += cell.places
    rest = [cell for cell in part.cells if cell.row >= dropped]
    first = [cell for cell in rest if cell.row == dropped]
    shift = table.rows - dropped
    if first and _goes_on(table, first):
        shift -= 1
        above = {cell.column: cell for cell in table.cells if cell.row + cell.row_span == table.rows}
        for cell in first:
            above[cell.column].places += cell.places
            above[cell.column].row_span += cell.row_span - 1
        rest = [cell for cell in rest if cell.row != dropped]
    for cell in rest:
        cell.row += shift
        table.cells.append(cell)
    table.rows = part.rows + shift
    table.last_page = part.page
    return True


def _header(cells: Sequence[JoinedCell], grid: Grid) -> int:
    """How many rows name the columns: the first, with what its cells go down to, and a row of column numbers."""
    first = [cell for cell in cells if cell.row == 0]
    if len(first) < 2 or _NUMBER.fullmatch(first[0].text) or not all(cell.text for cell in first):
        return 0
    rows = max(cell.row_span for cell in first)
    following = [_COLUMN_NUMBER.fullmatch(cell.text) for cell in cells if cell.row == rows]
    numbers = [int(found[1]) for found in following if found]
    if len(following) >= 3 and len(numbers) == len(following) and numbers == list(range(1, len(numbers) + 1)):
        rows += 1
    return rows if rows < grid.rows else 0


def _same_columns(xs: tuple[float, ...], others: tuple[float, ...]) -> bool:
    """Are the columns as wide? Pages of a scan lie shifted against each other."""
    if len(xs) != len(others):
        return False
    width = xs[-1] - xs[0]
    pairs = zip(xs, others, strict=True)
    return all(abs((x - xs[0]) - (other - others[0])) < SAME_COLUMNS * width for x, other in pairs)


def _repeated_header(table: JoinedTable, part: JoinedTable) -> int:
    """How many first rows of the part repeat the table's header."""
    if not table.header:
        return 0
    wanted = fold(" ".join(cell.text for cell in table.cells if cell.row < table.header))
    found = fold(" ".join(cell.text for cell in part.cells if cell.row < table.header))
    return table.header if fuzz.ratio(wanted, found) >= SAME_HEADER else 0


def _goes_on(table: JoinedTable, first: Sequence[JoinedCell]) -> bool:
    """Is the first row on a page the rest of the last row before it? Then it has text, but no number of its own."""
    above = [cell for cell in table.cells if cell.row + cell.row_span == table.rows]
    if table.rows <= table.header or [cell.column for cell in above] != [cell.column for cell in first]:
        return False
    numbered = _is_numbered(table)
    return numbered and not first[0].text and bool(above[0].text) and any(cell.text for cell in first)


def _is_numbered(table: JoinedTable) -> bool:
    """Does the first column number the rows?"""
    texts = [cell.text for cell in table.cells if cell.column == 0 and cell.row >= table.header]
    return 2 * sum(bool(_NUMBER.fullmatch(text)) for text in texts) >= len(texts)
