"""The tables of a source in, tables of the contract with their restored text out."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

from pipeline.document import Cell, Restoration, RestoredLine, Source, Span, Table
from pipeline.export.places import Places


def tables_of(
    source: Source, restoration: Restoration, place: Callable[[Span], Span | None], places: Places
) -> list[dict[str, Any]]:
    """`place`: from a span of the raw text to the span of the restored text."""
    lines = _Lines(restoration)
    return [_table(table, lines, place, places) for table in source.tables]


class _Lines:
    """Restored lines by their place in the raw text."""

    def __init__(self, restoration: Restoration) -> None:
        self._lines = restoration.lines
        self._starts = [line.raw_start for line in restoration.lines]

    def within(self, span: Span) -> Iterator[RestoredLine]:
        for index in range(bisect_left(self._starts, span[0]), len(self._lines)):
            if self._lines[index].raw_end > span[1]:
                return
            yield self._lines[index]


def _table(table: Table, lines: _Lines, place: Callable[[Span], Span | None], places: Places) -> dict[str, Any]:
    header = []
    rows: dict[int, list[dict[str, Any]]] = {}
    for cell in table.cells:
        shown = _cell(cell, table.page, lines, place, places)
        if cell.row < table.header:
            header.append(shown)
        else:
            rows.setdefault(cell.row, []).append(shown)
    return {
        "header": header,
        "rows": [rows[row] for row in sorted(rows)],
        "raw_spans": table.raw_spans,
        "page": table.page,
        "box": table.box,
    }


def _cell(cell: Cell, page: int, lines: _Lines, place: Callable[[Span], Span | None], places: Places) -> dict[str, Any]:
    texts = [line.text for span in cell.raw_spans for line in lines.within(span) if line.text]
    spans = [found for span in cell.raw_spans if (found := place(span))]
    return {
        "text": " ".join(texts),
        "span": (spans[0][0], spans[-1][1]) if spans else None,
        "column": cell.column,
        "columns": cell.column_span,
        "rows": cell.row_span,
        "page": places.page(cell.raw_spans) if cell.raw_spans else page,
        "box": places.box(cell.raw_spans),
    }
