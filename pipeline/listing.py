"""Rows of the table of tasks in; bytes out, for a terminal, for other programs, for a spreadsheet or as JSON."""

import json
from collections.abc import Callable, Mapping, Sequence
from textwrap import shorten
from typing import Any

from pipeline.console import plain
from pipeline.export.frames import to_frame
from pipeline.export.tables import table_columns, to_csv

Row = tuple[Any, ...]

LINE = ("document", "node_id", "page", "deadline_end", "lead", "coordinating", "text")
"""The columns of a line, which tabs part."""
_LONGEST_CELL = 240


def as_lines(rows: Sequence[Row]) -> bytes:
    """A task a line, without a heading: the columns of LINE, parted by tabs."""
    return "".join("\t".join(_plain(cells[name]) for name in LINE) + "\n" for cells in _cells(rows)).encode()


def as_csv(rows: Sequence[Row]) -> bytes:
    """As `tasks.csv` has them."""
    columns = table_columns("tasks")
    return to_csv(to_frame(columns, rows), columns).encode("utf-8-sig")


def as_json(rows: Sequence[Row]) -> bytes:
    """A list of objects with the columns of the table, a task a line; lists stay lists."""
    lines = (json.dumps(cells, ensure_ascii=False, default=str) for cells in _cells(rows))
    return ("[\n" + ",\n".join(lines) + "\n]\n" if rows else "[]\n").encode()


def as_table(rows: Sequence[Row]) -> bytes:
    """For people: as wide as their terminal, long texts cut. Nothing where there are no rows."""
    if not rows:
        return b""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    table = Table("Document", "Where", "Due", "Lead", "With", "Task", box=SIMPLE_HEAD, pad_edge=False)
    for cells in _cells(rows):
        where = f"{_plain(cells['node_id'])}, p. {_plain(cells['page'])}"
        document = _plain(cells["document_number"] or cells["document"])
        rest = (shorten(_plain(cells[name]), _LONGEST_CELL, placeholder=" …") for name in LINE[3:])
        table.add_row(document, where, *rest)
    console = Console(markup=False, highlight=False, emoji=False)
    with console.capture() as captured:
        console.print(table)
    return captured.get().encode()


FORMATS: Mapping[str, Callable[[Sequence[Row]], bytes]] = {"csv": as_csv, "json": as_json}


def _cells(rows: Sequence[Row]) -> list[dict[str, Any]]:
    names = [column.name for column in table_columns("tasks")]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _plain(cell: Any) -> str:
    """Text on one line that moves no cursor."""
    text = "; ".join(cell) if isinstance(cell, tuple) else "" if cell is None else str(cell)
    return plain(text)
