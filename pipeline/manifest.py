"""Outcomes of an archive's documents in, kept in a SQLite file beside the results; which are current, out.

The results are the truth: what the file does not know, or knows otherwise than it lies there, is read from them, and a
file that is lost or damaged is begun anew.
"""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline import __version__
from pipeline.errors import OutputError
from pipeline.export import read_earlier

NAME = ".manifest.sqlite"
_SCHEMA = """
create table if not exists documents (
    result text primary key,  -- path of the JSON in the folder
    input text not null,
    sha256 text,              -- of the input
    corrections text,         -- sha256 of the reviewers' file
    version text not null,
    model text not null,
    state text not null,      -- done, partial, failed
    codes text not null,      -- of errors, by spaces
    pages integer not null,
    seconds real not null,
    ended text not null,      -- ISO 8601
    size integer,             -- of the JSON in bytes
    changed integer           -- when the JSON was, in nanoseconds
)"""
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_WAIT = 30.0
"""Seconds to wait for another run that writes."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a document is made from: digests of its input and of the reviewers' file, and the model."""

    sha256: str | None
    corrections: str | None
    model: str


@dataclass(slots=True)
class Manifest:
    """The manifest of a folder, which need not be there yet."""

    folder: Path
    _connection: sqlite3.Connection | None = None

    def is_current(self, json: Path, source: Path, made: Made) -> bool:
        """Whether the document was made in full, from this, by this version; what only its JSON knew is put by."""
        row = self._row(json)
        if row and row[5:] == _look(json):
            return row[:5] == (made.sha256, made.corrections, __version__, made.model, "done")
        earlier = read_earlier(json)
        if earlier is None or not earlier.is_current(made.sha256, made.model, made.corrections):
            return False
        with suppress(OutputError):  # a folder that can only be read
            self.record(json, source, made, "done", (), earlier.pages, 0.0)
        return True

    def record(
        self, json: Path, source: Path, made: Made, state: str, codes: Sequence[str], pages: int, seconds: float
    ) -> None:
        """Put by an outcome, on disk when this returns. Raises OutputError where that can't be done."""
        ended = datetime.now(UTC).isoformat(timespec="seconds")
        size, changed = _look(json)
        values = (
            *(self._key(json), _storable(source), made.sha256, made.corrections, __version__, made.model),
            *(state, " ".join(codes), pages, round(seconds, 3), ended, size, changed),
        )
        marks = ", ".join("?" * len(values))
        try:
            self._opened().execute(f"insert or replace into documents values ({marks})", values)
        except (sqlite3.Error, OSError) as error:
            if self._dropped(error):
                return
            remedy = "Check that you may write there, and that the disk is not full."
            raise OutputError("output_unwritable", f"{self.folder / NAME}: {error}.", remedy) from error

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _row(self, json: Path) -> tuple[object, ...] | None:
        if self._connection is None and not (self.folder / NAME).exists():
            return None
        query = "select sha256, corrections, version, model, state, size, changed from documents where result = ?"
        try:
            row: tuple[object, ...] | None = self._opened().execute(query, (self._key(json),)).fetchone()
        except (sqlite3.Error, OSError) as error:
            self._dropped(error)
            return None
        return row

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(self.folder / NAME, timeout=_WAIT, isolation_level=None)
            with suppress(sqlite3.OperationalError):  # a folder that can only be read
                self._connection.execute(_SCHEMA)
        return self._connection

    def _dropped(self, error: Exception) -> bool:
        """Take away a file that is no manifest; another is begun with the next outcome."""
        if getattr(error, "sqlite_errorcode", None) not in _BROKEN:
            return False
        self.close()
        with suppress(OSError):
            (self.folder / NAME).unlink()
        return True

    def _key(self, json: Path) -> str | bytes:
        return _storable(json.relative_to(self.folder))


def _storable(path: Path) -> str | bytes:
    """A path as text; as its bytes where these are none."""
    raw = os.fsencode(path.as_posix())
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def _look(path: Path) -> tuple[int | None, int | None]:
    """Size and time of change."""
    try:
        stat = path.stat()
    except OSError:
        return None, None
    return stat.st_size, stat.st_mtime_ns
