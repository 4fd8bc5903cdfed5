"""The bytes of NAME.corrections.csv in, its rows and what is wrong with others out; rows in, their bytes out.

The file is an append-only log that stands beside the input: UTF-8 with byte order mark, header, RFC 4180. One that a
spreadsheet has saved in its own way (semicolons or tabs, UTF-16, other order of columns) is read all the same.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import get_args

from pipeline.document import Action, Span
from pipeline.errors import InputError
from pipeline.spreadsheet import defused, restored

SUFFIX = ".corrections.csv"
CONTEXT = 40
"""Characters of raw text before and after a place that a row tells."""
MOST_BYTES = 50_000_000
LONGEST = 2_000
"""Characters that a cell may hold."""

_ACTIONS: tuple[Action, ...] = get_args(Action)
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_OFFSET = re.compile(r"\d{1,10}", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ENCODINGS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Row:
    """What a reviewer says of a place: `start` and `end` in the raw text of the document `sha256` that lay before them.

    action: accept, correct (`corrected` is printed there), delete (nothing is), withdraw (takes the reviewer's earlier
    rows about the place back). before, after: raw text beside the place; time: ISO 8601, UTC, seconds.
    """

    action: Action
    start: int
    end: int
    raw: str
    before: str
    after: str
    restored: str
    corrected: str
    reviewer: str
    time: str
    sha256: str


COLUMNS = tuple(field.name for field in fields(Row))


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that says nothing that can be done. `line`: of the file, counted from 1."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file goes on: its encoding, what parts its cells, the order of its columns."""

    encoding: str = "utf-8-sig"
    delimiter: str = ","
    columns: tuple[str, ...] = COLUMNS


PLAIN = Dialect()


@dataclass(frozen=True, slots=True)
class Log:
    """`rows` in order of time, those of one second as they stand in the file."""

    rows: tuple[Row, ...]
    bad: tuple[BadRow, ...]


def read_log(data: bytes) -> Log:
    """The rows of a file. Raises InputError, corrections_encoding or corrections_header, where it is none."""
    rows, bad = list[Row](), list[BadRow]()
    dialect, records = _opened(data, bad)
    for line, cells in records:
        if any(cells):
            try:
                rows.append(_row(dialect.columns, cells))
            except ValueError as error:
                bad.append(BadRow(line, str(error)))
    return Log(tuple(sorted(rows, key=lambda row: row.time)), tuple(bad))


def read_dialect(data: bytes) -> Dialect:
    """How a file goes on. Raises InputError as `read_log` does."""
    return _opened(data, [])[0]


def write_rows(rows: Iterable[Row], dialect: Dialect = PLAIN, header: bool = False) -> bytes:
    """Rows as they stand in a file; with `header` a whole file."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=dialect.delimiter, lineterminator="\r\n")
    if header:
        writer.writerow(dialect.columns)
    for row in rows:
        cells = dict(zip(COLUMNS, (defused(str(cell)) for cell in astuple(row)), strict=True))
        writer.writerow([cells.get(name, "") for name in dialect.columns])
    return stream.getvalue().encode(dialect.encoding if header else dialect.encoding.removesuffix("-sig"))


def standing(rows: Iterable[Row], places: Mapping[Row, Span | None] = {}) -> list[Row]:
    """Rows that nobody withdrew; of one reviewer about one place the last. `places`: where they are, if elsewhere."""
    found = dict[tuple[str, Span], Row]()
    for row in rows:
        key = row.reviewer, places.get(row) or (row.start, row.end)
        found.pop(key, None)
        if row.action != "withdraw":
            found[key] = row
    return list(found.values())


def meet(one: Span, other: Span) -> bool:
    """Whether two places have a character in common."""
    return one[0] < other[1] and other[0] < one[1]


def context(raw: str, start: int, end: int) -> tuple[str, str]:
    """What stands in the raw text before and after a place."""
    return raw[max(0, start - CONTEXT) : start], raw[end : end + CONTEXT]


def now(moment: datetime) -> str:
    """A moment in UTC as rows have it."""
    return moment.strftime(_TIME)


def _opened(data: bytes, bad: list[BadRow]) -> tuple[Dialect, Iterator[tuple[int, list[str]]]]:
    """How a file is written, and its records behind the header; `bad` gets those that can't be read."""
    text, encoding = _decoded(data)
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    records = _records(text, delimiter, bad)
    columns = tuple(name.strip().lower() for name in next(records, (0, list[str]()))[1])
    if set(COLUMNS) - set(columns) or len(set(columns)) < len(columns):
        missing = ", ".join(name for name in COLUMNS if name not in columns) or "none, but one stands there twice"
        message = f"Columns that are missing in the first line: {missing}."
        raise InputError("corrections_header", message, "Save it as the review page does, or name another file.")
    return Dialect(encoding, delimiter, columns), records


def _decoded(data: bytes) -> tuple[str, str]:
    encoding = next((name for mark, name in _ENCODINGS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding).removeprefix("\ufeff"), encoding
    except UnicodeDecodeError as error:
        message = f"It is not in UTF-8: {error.reason} at byte {error.start}."
        remedy = "In the spreadsheet choose 'CSV UTF-8' when saving; a row saved otherwise has lost its letters."
        raise InputError("corrections_encoding", message, remedy) from error


def _records(text: str, delimiter: str, bad: list[BadRow]) -> Iterator[tuple[int, list[str]]]:
    """Records with the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        try:
            yield reader.line_num + 1, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            bad.append(BadRow(reader.line_num, f"no row of a CSV file: {error}"))


def _row(columns: Sequence[str], cells: Sequence[str]) -> Row:
    """Raises ValueError, with what is wrong as its message."""
    if len(cells) != len(columns):
        raise ValueError(f"it has {len(cells)} cells, not {len(columns)}")
    texts = {name: restored(cell) for name, cell in zip(columns, cells, strict=True)}
    for name in COLUMNS:
        if len(texts[name]) > LONGEST:
            raise ValueError(f"{name} is longer than {LONGEST} characters")
    action = next((known for known in _ACTIONS if known == texts["action"].strip()), None)
    if action is None:
        raise ValueError(f"the action {texts['action'][:40]!r} is none of {', '.join(_ACTIONS)}")
    start, end = _offset(texts, "start"), _offset(texts, "end")
    if end - start != len(texts["raw"]) or not texts["raw"].strip():
        raise ValueError("raw is not the text from start to end")
    corrected = " ".join(unicodedata.normalize("NFC", texts["corrected"]).split())
    if action in ("accept", "correct") and not corrected:
        raise ValueError(f"{action} without a text in corrected")
    if any(unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs") for character in corrected):
        raise ValueError("corrected holds characters that nobody prints")
    try:
        datetime.strptime(texts["time"].strip(), _TIME)
    except ValueError:
        raise ValueError(f"the time {texts['time'][:40]!r} is not like 2026-11-25T07:10:00Z") from None
    digest = texts["sha256"].strip().lower()
    if not _SHA256.fullmatch(digest):
        raise ValueError("sha256 is not the digest of a document")
    return Row(
        action=action,
        start=start,
        end=end,
        raw=texts["raw"],
        before=texts["before"],
        after=texts["after"],
        restored=texts["restored"],
        corrected=corrected,
        reviewer=" ".join(texts["reviewer"].split()),
        time=texts["time"].strip(),
        sha256=digest,
    )


def _offset(texts: dict[str, str], name: str) -> int:
    if not _OFFSET.fullmatch(texts[name].strip()):
        raise ValueError(f"{name} is not a number: {texts[name][:40]!r}")
    return int(texts[name])
