"""The bytes of a plain text file in, a Source out: form feeds end pages, line ends of any system end lines.

The lines of a table are parted into those of single cells, where the text tells them."""

import hashlib
import re
from collections.abc import Iterator

from pipeline.document import Line, Page, Source, Word
from pipeline.errors import InputError
from pipeline.ingest.encoding import decode
from pipeline.ingest.text_tables import with_tables

_END = re.compile(r"(?:\r\n|\n|\r)?\f|\r\n|\n|\r")
_WORD = re.compile(r"\S+")


def ingest_text(name: str, data: bytes) -> Source:
    """Decode and cut a plain text; raises InputError where there is no text in it."""
    raw, notices = decode(data)
    if not raw or raw.isspace():
        raise InputError("input_empty", "No text in it.", "Check that the OCR ran, or take the file out.")
    pages, tables = with_tables(tuple(_pages(raw)), raw)
    return Source(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type="text/plain",
        raw=raw,
        pages=pages,
        notices=notices,
        tables=tables,
    )


def _pages(raw: str) -> Iterator[Page]:
    """Cut at form feeds; a form feed at the very end of the text ends the last page and opens no other."""
    number, lines, start = 1, list[Line](), 0
    for end in _END.finditer(raw):
        lines.append(_line(raw, start, end.start()))
        start = end.end()
        if end[0].endswith("\f"):
            yield Page(number, tuple(lines))
            number, lines = number + 1, []
    if start < len(raw):
        lines.append(_line(raw, start, len(raw)))
    if lines:
        yield Page(number, tuple(lines))


def _line(raw: str, start: int, end: int) -> Line:
    words = tuple(Word(word[0], word.start(), word.end()) for word in _WORD.finditer(raw, start, end))
    return Line(words, start, end)
