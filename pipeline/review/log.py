"""A file of mends and rows for it in; the file with those rows behind its own out."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from pipeline.document import Span
from pipeline.export.files import append_file
from pipeline.ingest import read_file
from pipeline.review.rows import MOST_BYTES, PLAIN, Log, Row, read_dialect, read_log, standing, write_rows

EMPTY = Log((), ())


def load(path: Path) -> Log:
    """What a file holds; nothing where there is none. Raises InputError as `read_log` does."""
    data = read_file(path, MOST_BYTES) if path.exists() else b""
    return read_log(data) if data else EMPTY


def said(path: Path, sha256: str) -> list[Span]:
    """Places of the document of that digest that somebody says something of in a file. Raises InputError."""
    return [(row.start, row.end) for row in standing(row for row in load(path).rows if row.sha256 == sha256)]


def append(path: Path, rows: Sequence[Row]) -> None:
    """Write rows behind the others, in the file's own dialect.

    Raises OutputError where it can't be written, InputError where what stands there is no log.
    """
    old = read_file(path, MOST_BYTES) if path.exists() else b""
    dialect = read_dialect(old) if old else PLAIN
    data = write_rows(rows, dialect, header=not old)
    encoding = dialect.encoding.removesuffix("-sig")
    torn = old and not old.endswith("\n".encode(encoding))
    append_file(path, "\r\n".encode(encoding) + data if torn else data)


def unknown(log: Log, rows: Sequence[Row]) -> list[Row]:
    """Rows that the log has not; the same row twice is two, since one that withdraws it may stand between."""
    known = Counter(log.rows)
    known.subtract(rows)
    new = list[Row]()
    for row in reversed(rows):
        if known[row] < 0:
            known[row] += 1
            new.append(row)
    return new[::-1]
