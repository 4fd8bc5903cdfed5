"""Tables taken out of a source before its outline is read, and put back as provisions: a `bang`, a `hang` for each row.

A table is no running text: its numbers open no clauses. It stands under the unit that is open where it begins. The text
of the `bang` is that of its header, the text of a `hang` that of the cells that begin in the row, parted by ` | `.
"""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from pipeline.document import (
    Attachment,
    Cell,
    Field,
    MapEntry,
    Metadata,
    Provision,
    Restoration,
    RestoredLine,
    Source,
    Span,
    Structure,
    StructuredTable,
    Table,
    TableCell,
    TableRow,
    Uncovered,
)

_BETWEEN = " | "
_LEAVES = frozenset({
    "doan", "gach_dau_dong", "quoc_hieu", "tieu_ngu", "co_quan", "so_ky_hieu", "dia_danh_ngay", "loai_van_ban",
    "trich_yeu", "kinh_gui", "can_cu", "lenh_ban_hanh", "kem_theo", "noi_nhan", "chu_ky", "do_khan_mat", "chu_thich",
})  # fmt: skip


def without_tables(source: Source, restoration: Restoration) -> tuple[Source, Restoration]:
    """Both without the lines of tables."""
    if not source.tables:
        return source, restoration
    spans = sorted(span for table in source.tables for span in table.raw_spans)
    starts = [start for start, _ in spans]

    def is_outside(start: int) -> bool:
        index = bisect_right(starts, start) - 1
        return index < 0 or start >= spans[index][1]

    pages = tuple(
        replace(page, lines=tuple(line for line in page.lines if is_outside(line.start))) for page in source.pages
    )
    lines = tuple(line for line in restoration.lines if is_outside(line.raw_start))
    return replace(source, pages=pages), replace(restoration, lines=lines)


def with_tables(structure: Structure, source: Source, restoration: Restoration) -> Structure:
    """The structure of what is outside tables, with the tables in their places."""
    inside = sorted(span for table in source.tables for span in table.raw_spans)
    if not inside:
        return structure
    outside = (part for item in structure.uncovered for part in _without(item, inside, source.raw))
    structure = replace(structure, uncovered=tuple(outside))
    starts = [line.raw_start for line in restoration.lines]
    for table in source.tables:
        within = [
            line
            for start, end in table.raw_spans
            for line in restoration.lines[bisect_left(starts, start) : bisect_right(starts, end)]
            if line.raw_end <= end
        ]
        structure = _inserted(structure, table, within)
        structure = replace(structure, uncovered=(*structure.uncovered, *_marks(table, source.raw)))
    return structure


def _marks(table: Table, raw: str) -> Iterator[Uncovered]:
    """What a plain text has between cells and rows: strokes, lines of dashes."""
    taken = sorted((*(span for cell in table.cells for span in cell.raw_spans), *table.repeated))
    for span in table.raw_spans:
        own = taken[bisect_left(taken, span[0], key=itemgetter(0)) : bisect_right(taken, span[1], key=itemgetter(1))]
        for piece in _without(Uncovered(span, "rule"), own, raw):
            yield from (
                Uncovered((piece.span[0] + mark.start(), piece.span[0] + mark.end()), "rule")
                for mark in re.finditer(r"\S+", raw[slice(*piece.span)])
            )


def _without(item: Uncovered, spans: Sequence[Span], raw: str) -> Iterator[Uncovered]:
    """What of a set-aside part lies in none of the spans."""
    at, last = item.span
    for start, end in (*spans, (last, last)):
        stop = min(max(start, at), last)
        piece = raw[at:stop]
        if piece.strip():
            first = at + len(piece) - len(piece.lstrip())
            yield replace(item, span=(first, first + len(piece.strip())))
        at = min(max(at, end), last)


def _inserted(structure: Structure, table: Table, lines: Sequence[RestoredLine]) -> Structure:
    index = _place(structure.provisions, table.raw_spans[0][0] if table.raw_spans else 0)
    before, after = structure.provisions[:index], structure.provisions[index:]
    if before:
        at = before[-1].span[1] + 1
        text = structure.text if at <= len(structure.text) else structure.text + "\n"
    else:
        at, text = 0, structure.text
    written = _Writer(table, lines, _parent(before), {node.id for node in structure.provisions}, at)
    size = len(written.text)

    def shift(offset: int) -> int:
        return offset + size if offset >= at else offset

    def shifted(entry: MapEntry) -> MapEntry:
        if entry.restored_start < at:
            return entry
        return replace(
            entry,
            restored_start=shift(entry.restored_start),
            restored_end=shift(entry.restored_start) + entry.restored_end - entry.restored_start,
        )

    offsets = sorted((*map(shifted, structure.offsets), *written.offsets), key=lambda entry: entry.restored_start)
    moved = tuple(replace(node, span=_moved(node.span, shift)) for node in after)
    return replace(
        structure,
        text=(text[:at] + written.text + text[at:]).removesuffix("\n"),
        offsets=tuple(offsets),
        metadata=_fields_moved(structure.metadata, shift),
        provisions=(*before, *written.provisions, *moved),
        uncovered=(*structure.uncovered, *(Uncovered(span, "running_head") for span in table.repeated)),
        attachments=tuple(_attachment_moved(item, shift) for item in structure.attachments),
        tables=(*(_table_moved(known, shift) for known in structure.tables), written.table),
    )


def _place(provisions: Sequence[Provision], start: int) -> int:
    """How many provisions stand before a place in the raw text."""
    before = [i for i, node in enumerate(provisions) if node.raw_spans and node.raw_spans[0][0] < start]
    return before[-1] + 1 if before else 0


def _parent(before: Sequence[Provision]) -> str | None:
    """The unit that is open after the last provision."""
    if not before:
        return None
    last = before[-1]
    return last.parent_id if last.kind in _LEAVES else last.id


class _Writer:
    """Writes a table out: its text (whole lines), provisions, offsets, and where each cell stands."""

    def __init__(
        self, table: Table, lines: Sequence[RestoredLine], parent: str | None, taken: set[str], at: int
    ) -> None:
        self._lines = lines
        self._starts = [line.raw_start for line in lines]
        self._at = at
        self.text = ""
        self.offsets: list[MapEntry] = []
        self.provisions: list[Provision] = []
        self._spans: dict[int, Span] = {}
        name = f"{parent}/bang" if parent else "bang"
        self._id, number = name, 2
        while self._id in taken:
            self._id, number = f"{name}~{number}", number + 1
        rows: list[list[Cell]] = [[] for _ in range(max((cell.row + 1 for cell in table.cells), default=0))]
        self._over: defaultdict[int, list[Cell]] = defaultdict(list)
        for cell in table.cells:
            rows[cell.row].append(cell)
            for index in range(cell.row, cell.row + cell.row_span):
                self._over[index].append(cell)
        self._columns = max((cell.column + cell.column_span for cell in table.cells), default=0)
        header = [cell for row in rows[: table.header] for cell in row]
        self._write(header, self._id, parent, "bang", table)
        body = rows[table.header :]
        for order, row in enumerate(body, start=1):
            self._write(row, f"{self._id}/{order}", self._id, "hang", table)
        self.table = StructuredTable(
            node_id=self._id,
            header=tuple(self._in_columns(row) for row in range(table.header)),
            rows=tuple(
                TableRow(f"{self._id}/{order}", self._in_columns(table.header + order - 1))
                for order in range(1, len(body) + 1)
            ),
        )

    def _write(self, cells: Sequence[Cell], node_id: str, parent: str | None, kind: str, table: Table) -> None:
        start = self._at + len(self.text)
        confidences: list[float] = []
        pieces = 0
        for cell in cells:
            if pieces and cell.raw_spans:
                self.text += _BETWEEN
            pieces += bool(cell.raw_spans)
            self._write_cell(cell, confidences)
        end = self._at + len(self.text)
        self.text += "\n"
        spans = tuple(sorted(span for cell in cells for span in cell.raw_spans))
        self.provisions.append(
            Provision(
                id=node_id,
                parent_id=parent,
                kind=kind,
                marker=None,
                heading=None,
                text=self.text[start - self._at : end - self._at],
                span=(start, end),
                raw_spans=spans,
                page=table.page,
                confidence=round(sum(confidences) / len(confidences), 4) if confidences else 1.0,
            )
        )

    def _write_cell(self, cell: Cell, confidences: list[float]) -> None:
        start = self._at + len(self.text)
        written = False
        for line in self._lines_of(cell):
            for syllable in line.syllables:
                if not syllable.text:
                    continue
                if written:
                    self.text += " "
                at = self._at + len(self.text)
                self.text += syllable.text
                self.offsets.append(MapEntry(at, at + len(syllable.text), syllable.raw_start, syllable.raw_end))
                confidences.append(syllable.confidence)
                written = True
        self._spans[id(cell)] = start, self._at + len(self.text)

    def _lines_of(self, cell: Cell) -> Iterator[RestoredLine]:
        for start, end in cell.raw_spans:
            own = self._lines[bisect_left(self._starts, start) : bisect_right(self._starts, end)]
            yield from (line for line in own if line.raw_end <= end)

    def _in_columns(self, row: int) -> tuple[TableCell, ...]:
        """A cell for each column of a row; a merged one stands in each row that it goes over, in its first column."""
        empty = TableCell("", (self._at, self._at))
        found = [empty] * self._columns
        for cell in self._over[row]:
            start, end = self._spans[id(cell)]
            found[cell.column] = TableCell(self.text[start - self._at : end - self._at], (start, end))
        return tuple(found)


Shift = Callable[[int], int]


def _moved(span: Span, shift: Shift) -> Span:
    start = shift(span[0])
    return start, start + span[1] - span[0]


def _field_moved(field: Field | None, shift: Shift) -> Field | None:
    return field and replace(field, span=_moved(field.span, shift))


def _fields_moved(metadata: Metadata, shift: Shift) -> Metadata:
    moved: dict[str, Any] = {}
    for name in Metadata.__dataclass_fields__:
        value = getattr(metadata, name)
        if isinstance(value, tuple):
            moved[name] = tuple(replace(field, span=_moved(field.span, shift)) for field in value)
        else:
            moved[name] = _field_moved(value, shift)
    return Metadata(**moved)


def _attachment_moved(item: Attachment, shift: Shift) -> Attachment:
    return replace(
        item,
        doc_type=_field_moved(item.doc_type, shift),
        title=_field_moved(item.title, shift),
        issued_with=_field_moved(item.issued_with, shift),
    )


def _table_moved(table: StructuredTable, shift: Shift) -> StructuredTable:
    def cells_moved(cells: tuple[TableCell, ...]) -> tuple[TableCell, ...]:
        return tuple(replace(cell, span=_moved(cell.span, shift)) for cell in cells)

    first = next((cell for row in (*table.header, *(row.cells for row in table.rows)) for cell in row), None)
    if first is None or shift(first.span[0]) == first.span[0]:
        return table
    return replace(
        table,
        header=tuple(map(cells_moved, table.header)),
        rows=tuple(replace(row, cells=cells_moved(row.cells)) for row in table.rows),
    )
