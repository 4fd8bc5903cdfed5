"""A table in; its tasks out: who does what with whom, by when, with what result, a task a row."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.columns import LONGEST_HEADING, Column, column_of
from pipeline.document import AgencyMention, Deadline, StructuredTable, TableCell, TableRow, Task
from pipeline.folding import fold
from pipeline.tasks.deadlines import find_deadlines, most_exact
from pipeline.tasks.roles import Agencies

_NUMBERING = re.compile(r"\W*(?:\d{1,2}|[a-g])\W*")
_SPLIT = re.compile(r"\s*[;\n]\s*|,\s(?=[A-ZĐ])")
_LEADS = re.compile(r"(?:co quan |don vi )?chu tri\s?:?\s?")
_HELPS = re.compile(r"(?:co quan |don vi )?phoi hop\s?:?\s?")
_NUMBER = re.compile(r"\s*([IVXLC]+|\d+(?:\.\d+)*|[^\W\d_])(?:\s?[.)]|\s*$)|\s*(\d+(?:\.\d+)+)\s")


@dataclass(frozen=True, slots=True)
class _Read:
    row: TableRow
    number: str
    title: TableCell | None
    lead: Agencies
    coordinating: Agencies
    deadline: Deadline | None
    product: TableCell | None
    is_sure: bool
    """Does it name an agency or a time, rather than other words in the columns for them?"""

    @property
    def says(self) -> bool:
        return bool(self.lead or self.coordinating or self.deadline or self.product)


def find_table_tasks(
    table: StructuredTable, mentions: Sequence[AgencyMention], issued: date | None
) -> tuple[Task, ...]:
    """The tasks of a table, none where it is no table of tasks: it names no column of them, or nobody and no time.

    `mentions`: the agencies in the document's text, in its order. A row that heads a group, a number and a title alone,
    is no task; one that says nothing of who and when takes it from the row that its number puts it under.
    """
    columns, body = _columns(table)
    if "task" not in columns:
        return ()
    read = [_read(row, columns, mentions, issued) for row in body]
    return tuple(_tasks(read)) if any(row.is_sure for row in read) else ()


def read_row(
    columns: Sequence[Column | None], row: TableRow, mentions: Sequence[AgencyMention], issued: date | None
) -> tuple[Task, ...]:
    """The task of a single row, none where it says nothing of who and when."""
    return tuple(_tasks([_read(row, columns, mentions, issued)]))


def _columns(table: StructuredTable) -> tuple[list[Column | None], Sequence[TableRow]]:
    """What each column holds, and the rows below the headings.

    A second line of headings under a merged one ('Chủ trì | Phối hợp') tells it more exactly.
    """
    rows = table.rows
    header = table.header
    if not header:
        first = [_heading(cell.text) for cell in rows[0].cells] if rows else []
        if not {"lead", "coordinating", "both"} & set(first):
            return [], ()
        header, rows = (rows[0].cells,), rows[1:]
    columns = [column_of(cell.text) for cell in header[0]]
    for line in header[1:]:
        columns = _refined(columns, line)
    taken = 0
    for row in rows:
        below = [_heading(cell.text) for cell in row.cells]
        filled = [cell.text for cell in row.cells if cell.text.strip()]
        if len(filled) > 1 and all(_NUMBERING.fullmatch(fold(text)) for text in filled):
            taken += 1
        elif {"lead", "coordinating"} <= set(below) or sum(map(bool, below)) >= max(2, len(filled) - 1):
            columns = _refined(columns, row.cells)
            taken += 1
        else:
            break
    if "task" not in columns and {"lead", "coordinating", "time"} & set(columns):
        columns = _widest_is_task(columns, rows[taken:])
    return columns, rows[taken:]


def _heading(text: str) -> Column | None:
    return column_of(text) if len(text.split()) <= LONGEST_HEADING else None


def _refined(columns: list[Column | None], line: Sequence[TableCell]) -> list[Column | None]:
    columns = columns + [None] * (len(line) - len(columns))
    return [_heading(cell.text) or column for column, cell in zip(columns, line, strict=True)]


def _widest_is_task(columns: list[Column | None], rows: Sequence[TableRow]) -> list[Column | None]:
    """Where no heading names the tasks, they stand in the column without one that holds most text."""
    sizes = {
        at: sum(len(row.cells[at].text) for row in rows if at < len(row.cells)) for at, c in enumerate(columns) if not c
    }
    if not sizes:
        return columns
    widest = max(sizes, key=lambda at: sizes[at])
    return ["task" if at == widest else column for at, column in enumerate(columns)]


def _read(
    row: TableRow, columns: Sequence[Column | None], mentions: Sequence[AgencyMention], issued: date | None
) -> _Read:
    cells: dict[Column, TableCell] = {}
    for column, cell in zip(columns, row.cells, strict=False):
        if column and cell.text.strip():
            cells.setdefault(column, cell)
    lead = _agencies(cells.get("lead"), mentions)
    coordinating = _agencies(cells.get("coordinating"), mentions)
    if both := cells.get("both"):
        first, second = _parted(both)
        lead, coordinating = lead + _agencies(first, mentions), coordinating + _agencies(second, mentions)
    title = cells.get("task")
    number = cells.get("number")
    deadline = _deadline(cells.get("time"), issued)
    if deadline is None and title and "time" not in columns:
        deadline = most_exact(find_deadlines(title.text, title.span[0], issued))
    who = (cells[column] for column in ("lead", "coordinating", "both") if column in cells)
    is_sure = any(_named(cell, mentions) for cell in who) or (deadline is not None and not _is_vague(deadline))
    return _Read(row, _label(number or title), title, lead, coordinating, deadline, cells.get("product"), is_sure)


def _agencies(cell: TableCell | None, mentions: Sequence[AgencyMention]) -> Agencies:
    """All agencies of the cell; a piece of it that names none that is known is one that is not."""
    if cell is None:
        return ()
    known = _named(cell, mentions)
    found = list(known)
    start = 0
    for piece in (*_SPLIT.finditer(cell.text), None):
        end = piece.start() if piece else len(cell.text)
        name = cell.text[start:end].strip(" .,-\n")
        place = cell.span[0] + cell.text.find(name, start)
        span = (place, place + len(name))
        if len(name) > 2 and name[:1].isalpha() and not any(m.span[0] < span[1] and span[0] < m.span[1] for m in known):
            found.append(AgencyMention(name, None, None, 0.0, span))
        start = piece.end() if piece else end
    return tuple(sorted(found, key=lambda mention: mention.span))


def _named(cell: TableCell, mentions: Sequence[AgencyMention]) -> list[AgencyMention]:
    first, last = (bisect_left(mentions, place, key=lambda mention: mention.span[0]) for place in cell.span)
    return [mention for mention in mentions[first:last] if mention.span[1] <= cell.span[1]]


def _parted(cell: TableCell) -> tuple[TableCell, TableCell | None]:
    """'Chủ trì: Bộ Y tế; phối hợp: Bộ Tài chính' -> one cell each."""
    plain = fold(cell.text)
    helps = _HELPS.search(plain)
    leads = _LEADS.match(plain)
    start, end = leads.end() if leads else 0, helps.start() if helps else len(plain)
    first = TableCell(cell.text[start:end], (cell.span[0] + start, cell.span[0] + end))
    if helps is None:
        return first, None
    return first, TableCell(cell.text[helps.end() :], (cell.span[0] + helps.end(), cell.span[1]))


def _deadline(cell: TableCell | None, issued: date | None) -> Deadline | None:
    """A time that is told in other words ('Sau khi Luật được ban hành') is kept without dates."""
    if cell is None:
        return None
    found = most_exact(find_deadlines(cell.text, cell.span[0], issued, alone=True))
    return found or Deadline(cell.text.strip(), "by", None, None, "none", cell.span)


def _is_vague(deadline: Deadline) -> bool:
    return deadline.kind == "by" and deadline.end is None


def _label(cell: TableCell | None) -> str:
    match = _NUMBER.match(cell.text) if cell else None
    return match[1] or match[2] if match else ""


def _tasks(rows: Sequence[_Read]) -> Iterator[Task]:
    above = _above(rows)
    stems = {id(stem) for row, stem in zip(rows, above, strict=True) if stem and not row.says}
    for row, stem in zip(rows, above, strict=True):
        if row.title is None or id(row) in stems or not (row.says or stem):
            continue
        lead, coordinating, deadline = row.lead, row.coordinating, row.deadline
        if stem is not None and not row.says:
            origin = stem.row.node_id
            lead = tuple(replace(mention, inherited_from=origin) for mention in stem.lead)
            coordinating = tuple(replace(mention, inherited_from=origin) for mention in stem.coordinating)
            deadline = stem.deadline and replace(stem.deadline, inherited_from=origin)
        yield Task(
            node_id=row.row.node_id,
            text=row.title.text,
            lead=lead,
            coordinating=coordinating,
            deadline=deadline,
            deliverable=row.product.text.strip() if row.product else None,
            origin="table",
            deliverable_span=row.product.span if row.product else None,
        )


def _above(rows: Sequence[_Read]) -> list[_Read | None]:
    """For each row the one that its number puts it under, of those that say who and when: 1.1 under 1, a) or - under 1.

    What heads a group (II, B, or a cell over all columns) stands under none, and nothing after it under what is before.
    """
    found: list[_Read | None] = []
    numbered: dict[str, _Read] = {}
    latest: _Read | None = None
    for row in rows:
        number = row.number
        heads_group = number.isupper() or (row.title is None and not row.says)
        if heads_group:
            numbered, latest = {}, None
        if "." in number:
            found.append(numbered.get(number.rpartition(".")[0]))
        else:
            found.append(None if heads_group or number[:1].isdigit() else latest)
        if row.says and number[:1].isdigit():
            numbered[number] = latest = row
    return found
