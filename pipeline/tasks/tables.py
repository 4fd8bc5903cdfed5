"""A table's header and rows in; its tasks out: who does what with whom, by when, with what result, a task a row."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.document import AgencyMention, Deadline, Span, Task
from pipeline.folding import fold
from pipeline.tasks.columns import Column, column_of
from pipeline.tasks.deadlines import find_deadlines, most_exact
from pipeline.tasks.roles import Agencies

_NUMBERING = re.compile(r"\W*(?:\d{1,2}|[a-g])\W*")
_SPLIT = re.compile(r"\s*[;\n]\s*|,\s(?=[A-ZĐ])")
_LEADS = re.compile(r"(?:co quan |don vi )?chu tri\s?:?\s?")
_HELPS = re.compile(r"(?:co quan |don vi )?phoi hop\s?:?\s?")
_NUMBER = re.compile(r"\s*([ivxlc]+|\d+(?:\.\d+)*|[a-zđ])?\s?[.)]?\s*")
_ROMAN = re.compile(r"[ivxlc]+")


@dataclass(frozen=True, slots=True)
class TableCell:
    """`span` is its place in the document's restored text; an empty cell has an empty text."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class TableRow:
    """`node_id` names it as `Task.node_id`; a merged cell stands in each row that it goes over."""

    node_id: str
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    row: TableRow
    number: str
    title: TableCell | None
    lead: Agencies
    coordinating: Agencies
    deadline: Deadline | None
    product: TableCell | None

    @property
    def says(self) -> bool:
        return bool(self.lead or self.coordinating or self.deadline or self.product)


def find_table_tasks(
    header: Sequence[str], rows: Sequence[TableRow], mentions: Sequence[AgencyMention], issued: date | None
) -> tuple[Task, ...]:
    """The tasks of a table, none where its header names no column of tasks.

    `header`: the columns' headings; rows that go on with it ('Chủ trì | Phối hợp', '(1) | (2)') may stand first in
    `rows`. `mentions`: the agencies in the document's text, in its order. A row that heads a group, a number and a
    title alone, is no task; one that says nothing of who and when takes it from the row that its number puts it under.
    """
    columns, body = _columns(header, rows)
    if "task" not in columns:
        return ()
    read = [_read(row, columns, mentions, issued) for row in body]
    return tuple(_tasks(read))


def read_row(
    columns: Sequence[Column | None], row: TableRow, mentions: Sequence[AgencyMention], issued: date | None
) -> tuple[Task, ...]:
    """The task of a single row, none where it says nothing of who and when."""
    return tuple(_tasks([_read(row, columns, mentions, issued)]))


def _columns(header: Sequence[str], rows: Sequence[TableRow]) -> tuple[list[Column | None], Sequence[TableRow]]:
    """What each column holds; a second line of headings under a merged one tells it more exactly."""
    columns = [column_of(heading) for heading in header]
    taken = 0
    for row in rows:
        texts = [cell.text for cell in row.cells]
        below = [column_of(text) if len(text.split()) <= 8 else None for text in texts]
        filled = [text for text in texts if text.strip()]
        if filled and all(_NUMBERING.fullmatch(fold(text)) for text in filled) and len(filled) > 1:
            taken += 1
        elif {"lead", "coordinating"} <= set(below) or len([column for column in below if column]) >= max(
            2, len(filled) - 1
        ):
            columns = [new or old for new, old in zip(below, [*columns, *[None] * len(below)], strict=False)]
            taken += 1
        else:
            break
    if "task" not in columns and {"lead", "coordinating", "time"} & set(columns):
        columns = _widest_is_task(columns, rows[taken:])
    return columns, rows[taken:]


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
    return _Read(row, _label(number or title), title, lead, coordinating, deadline, cells.get("product"))


def _agencies(cell: TableCell | None, mentions: Sequence[AgencyMention]) -> Agencies:
    """All agencies of the cell; a piece of it that names none that is known is one that is not."""
    if cell is None:
        return ()
    first = bisect_left(mentions, cell.span[0], key=lambda mention: mention.span[0])
    known = (
        [mention for mention in mentions[first:] if mention.span[1] <= cell.span[1]] if first < len(mentions) else []
    )
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


def _label(cell: TableCell | None) -> str:
    match = _NUMBER.match(fold(cell.text)) if cell else None
    return match[1] or "" if match else ""


def _tasks(rows: Sequence[_Read]) -> Iterator[Task]:
    for at, row in enumerate(rows):
        above = _above(rows, at)
        if row.title is None or (not row.says and above is None):
            continue
        if row.says and any(_above(rows, later) is row and not rows[later].says for later in range(at + 1, len(rows))):
            continue
        lead, coordinating, deadline = row.lead, row.coordinating, row.deadline
        if above is not None and not row.says:
            origin = above.row.node_id
            lead = tuple(replace(mention, inherited_from=origin) for mention in above.lead)
            coordinating = tuple(replace(mention, inherited_from=origin) for mention in above.coordinating)
            deadline = above.deadline and replace(above.deadline, inherited_from=origin)
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


def _above(rows: Sequence[_Read], at: int) -> _Read | None:
    """The row before that says who and when, if this one's number puts it under that: 1.1 under 1, a) or - under 1."""
    number = rows[at].number
    for before in reversed(rows[:at]):
        if before.says:
            under = (
                number.startswith(f"{before.number}.")
                if "." in number
                else bool(before.number)
                and before.number[0].isdigit()
                and not number[:1].isdigit()
                and not _ROMAN.fullmatch(number)
            )
            return before if under else None
        if (
            before.number
            and number
            and before.number[0].isdigit() == number[0].isdigit()
            and len(before.number) == len(number)
        ):
            continue
        if _ROMAN.fullmatch(before.number):
            return None
    return None
