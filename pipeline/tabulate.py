"""A folder of results in; the tables over all of them, rebuilt where they are out of date, out."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from pipeline.errors import InputError
from pipeline.export.frames import Excerpt
from pipeline.export.tables import TableName, table_files, tables_are_newer, write_tables
from pipeline.reader import read_document


@dataclass(frozen=True, slots=True)
class Tabulation:
    """Rows of each table; documents that can't be read, which are not in them."""

    rows: dict[TableName, int]
    errors: tuple[tuple[Path, InputError], ...]


def tabulate(folder: Path, current: Collection[Path] = ()) -> Tabulation | None:
    """Tables over all documents in a folder and its subfolders, each named by its path without .json.

    Nothing is done (None) where there are no documents, or where all are among `current` (whole, as known from
    elsewhere) and older than the tables. JSON files of other programs are passed over.
    """
    paths = documents_in(folder)
    known = set(current)
    if known.issuperset(paths) and tables_are_newer(folder, paths):
        return None
    errors = list[tuple[Path, InputError]]()
    documents = _documents(folder, paths, errors)
    first = next(documents, None)
    stale = any(path.exists() for pair in table_files(folder).values() for path in pair)
    if first is None and not errors and not stale:
        return None
    rows = write_tables(folder, chain([first] if first else [], documents))
    return Tabulation(rows, tuple(errors))


def documents_in(folder: Path) -> list[Path]:
    """JSON files in a folder and its subfolders, hidden ones left out, in the order of their names."""
    found = (path for path in folder.rglob("*.json") if path.is_file())
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))


def _documents(folder: Path, paths: list[Path], errors: list[tuple[Path, InputError]]) -> Iterator[tuple[str, Excerpt]]:
    for path in paths:
        try:
            document = read_document(path, Excerpt)
        except InputError as error:
            if error.code != "document_other_schema":
                errors.append((path, error))
        else:
            yield path.relative_to(folder).as_posix().removesuffix(".json"), document
