"""Documents in, the tables over all of them out: CSV for people, Parquet for programs."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, get_args

from pipeline.export.columns import Column, Kind
from pipeline.export.files import replacing
from pipeline.export.frames import ABOUT, Excerpt, layout, rows, to_frame
from pipeline.spreadsheet import defused

if TYPE_CHECKING:
    from pandas import DataFrame

TableName = Literal["tasks", "targets", "citations"]

_LISTS: tuple[Kind, ...] = ("texts", "numbers")
_BATCH = 20_000
"""Rows that are held in memory, and the size of a row group in Parquet."""


def table_columns(name: TableName) -> tuple[Column, ...]:
    """The columns of a table over many documents: document, what it is, then those of `frame`."""
    place, own = layout(name)
    return (Column("document", "text", str), *ABOUT, *place, *own)


def labelled_rows(label: str, document: Excerpt, name: TableName) -> Iterator[tuple[Any, ...]]:
    """The rows of one document, as `table_columns` has them; `label` is what the table calls it."""
    about = (label, *(column.value(document) for column in ABOUT))
    return ((*about, *row) for row in rows(document, name))


def table_files(folder: Path) -> dict[TableName, tuple[Path, Path]]:
    """The CSV and the Parquet file of each table."""
    return {name: (folder / f"{name}.csv", folder / f"{name}.parquet") for name in get_args(TableName)}


def write_tables(folder: Path, documents: Iterable[tuple[str, Excerpt]]) -> dict[TableName, int]:
    """Write all tables over documents, each with the name that it has in them; the number of rows of each comes back.

    Only some 20,000 rows are in memory at a time. All files take their places together, after the last document.
    """
    files = table_files(folder)
    with replacing(path for pair in files.values() for path in pair) as parts, ExitStack() as open_files:
        tables = {
            name: open_files.enter_context(_Table(name, parts[csv], parts[parquet]))
            for name, (csv, parquet) in files.items()
        }
        for label, document in documents:
            for name, table in tables.items():
                table.add(labelled_rows(label, document, name))
    for path in parts:
        os.utime(path)
    return {name: table.count for name, table in tables.items()}


def tables_are_newer(folder: Path, documents: Iterable[Path]) -> bool:
    """Whether all tables are there, and no document or folder of documents was written or removed after them."""
    paths = list(documents)
    try:
        made = min(path.stat().st_mtime_ns for pair in table_files(folder).values() for path in pair)
        return all(path.stat().st_mtime_ns <= made for path in {*paths, *(path.parent for path in paths)})
    except FileNotFoundError:
        return False


class _Table:
    """A table on its way to its two files."""

    def __init__(self, name: TableName, csv: Path, parquet: Path) -> None:
        self.count = 0
        self._columns = table_columns(name)
        self._rows: list[tuple[Any, ...]] = []
        self._csv = csv
        self._parquet = parquet

    def __enter__(self) -> Self:
        from pyarrow import parquet

        self._text = self._csv.open("w", encoding="utf-8-sig", newline="")
        self._arrow = arrow_schema(self._columns)
        self._writer = parquet.ParquetWriter(self._parquet, self._arrow)
        self._write(header=True)
        return self

    def add(self, more: Iterable[tuple[Any, ...]]) -> None:
        """Rows as `table_columns` has them."""
        self._rows += more
        if len(self._rows) >= _BATCH:
            self._write()

    def _write(self, header: bool = False) -> None:
        from pyarrow import Table

        batch = to_frame(self._columns, self._rows)
        self.count += len(self._rows)
        self._rows = []
        self._text.write(to_csv(batch, self._columns, header=header))
        if len(batch):
            self._writer.write_table(Table.from_pandas(batch, self._arrow, preserve_index=False))

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        try:
            if failed is None and self._rows:
                self._write()
        finally:
            self._writer.close()
            self._text.close()


def to_csv(table: "DataFrame", kinds: Sequence[Column], header: bool = True) -> str:
    """CSV after RFC 4180 that a spreadsheet shows as it stands: lists joined by '; ', no cell taken for a formula."""
    readable = table.copy()
    for column in kinds:
        if column.kind in _LISTS:
            readable[column.name] = [defused("; ".join(map(str, cell or ()))) for cell in table[column.name]]
        elif column.kind == "text":
            readable[column.name] = table[column.name].map(defused, na_action="ignore")
    text: str = readable.to_csv(index=False, header=header, lineterminator="\r\n", date_format="%Y-%m-%d")
    return text


def arrow_schema(kinds: Iterable[Column]) -> Any:
    """The schema of the Parquet file: what kind of column is stored as what."""
    import pyarrow

    types = {
        "text": pyarrow.string(),
        "whole": pyarrow.int64(),
        "number": pyarrow.float64(),
        "flag": pyarrow.bool_(),
        "date": pyarrow.date32(),
        "texts": pyarrow.list_(pyarrow.string()),
        "numbers": pyarrow.list_(pyarrow.float64()),
    }
    return pyarrow.schema([(column.name, types[column.kind]) for column in kinds])
