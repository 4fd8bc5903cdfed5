"""A folder of results in; the tables over all of them, rebuilt where they are out of date, out."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pipeline.errors import InputError
from pipeline.export.frames import Excerpt
from pipeline.export.tables import TableName, table_files, tables_are_newer, write_tables
from pipeline.reader import documents_in, read_all


@dataclass(frozen=True, slots=True)
class Tabulation:
    """Rows of each table; documents that can't be read, which are not in them."""

    rows: dict[TableName, int]
    errors: tuple[tuple[Path, InputError], ...]


def tabulate(folder: Path, current: Collection[Path] = ()) -> Tabulation | None:
    """Tables over all documents in a folder and its subfolders, each named by its path without .json.

    Nothing is done (None) where there are no documents, or where all are among `current` (whole, as known from
    elsewhere) and older than the tables.
    """
    if not folder.is_dir():
        return None
    paths = documents_in(folder)
    if paths and set(current).issuperset(paths) and tables_are_newer(folder, paths):
        return None
    errors = list[tuple[Path, InputError]]()
    documents = _documents(folder, errors)
    first = next(documents, None)
    stale = any(path.exists() for pair in table_files(folder).values() for path in pair)
    if first is None and not errors and not stale:
        return None
    rows = write_tables(folder, chain([first] if first else [], documents))
    return Tabulation(rows, tuple(errors))


def _documents(folder: Path, errors: list[tuple[Path, InputError]]) -> Iterator[tuple[str, Excerpt]]:
    for path, name, document in read_all([folder], Excerpt):
        if isinstance(document, InputError):
            errors.append((path, document))
        else:
            yield name, document
