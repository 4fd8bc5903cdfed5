"""Labelled rows of task tables in, how many of them `ingest` and `restore` read out: born digital, or rasterised."""

import re
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

from ..document import Source
from ..ingest import ingest
from ..restore import Engine, restore
from .gold import load
from .places import Text
from .scan_pages import copy_pages, plain

TABLES = ("97-nq-cp-2026-annex", "105-nq-cp-2026-annex")
SCORED = ("task", "lead", "coordinating", "time")
TABLE_DPI = 200


@dataclass(frozen=True)
class RowReading:
    """rows: labelled ones on the pages that were read; right: of them with task, lead, coordinating agencies and time
    each in a cell of one row of a table; cells, cells_right: likewise."""

    rows: int
    right: int
    cells: int
    cells_right: int


def row_reading(gold: Path, shared: Path, engine: Engine, scanned: bool, most: int | None = None) -> RowReading:
    """The labelled rows of a document's task tables against its tables: born digital, or rasterised and read again.

    `most`: only so many of the labelled pages.
    """
    document = load(gold, shared)
    pages = document.pages[:most]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pages.pdf"
        (_rasterised if scanned else copy_pages)(document.file, pages, path)
        read = list(_rows(ingest(path), engine))
    rows = right = cells = cells_right = 0
    for row in document.rows:
        wanted = [
            _squeezed(" ".join(document.text.words[n] for n in sorted(row.cells[c]))) for c in SCORED if c in row.cells
        ]
        first = min(n for words in row.cells.values() for n in words)
        if _page_of(document.text, first) not in pages:
            continue
        found = max((sum(cell in had for cell in wanted) for had in read), default=0)
        rows += 1
        right += found == len(wanted)
        cells += len(wanted)
        cells_right += found
    return RowReading(rows, right, cells, cells_right)


def _page_of(text: Text, word: int) -> int:
    for line, page in zip(text.lines, text.pages, strict=True):
        word -= len(line.split())
        if word < 0:
            return page
    raise ValueError("no such word")


def _rasterised(path: Path, pages: Sequence[int], target: Path) -> None:
    whole = pypdfium2.PdfDocument(path)
    images = [whole[number - 1].render(scale=TABLE_DPI / 72).to_pil().convert("L") for number in pages]
    images[0].save(target, "PDF", resolution=TABLE_DPI, save_all=True, append_images=images[1:], quality=90)


def _rows(source: Source, engine: Engine) -> Iterator[set[str]]:
    """The texts of the cells of each row, merged ones in each that they go over."""
    lines = [(line.raw_start, line.raw_end, line.text) for line in restore(source, engine).lines if line.text]
    for table in source.tables:
        rows: dict[int, set[str]] = {}
        for cell in table.cells:
            text = " ".join(text for a, b, text in lines if any(s <= a and b <= e for s, e in cell.raw_spans))
            for row in range(cell.row, cell.row + cell.row_span):
                rows.setdefault(row, set()).add(_squeezed(text))
        yield from rows.values()


def _squeezed(text: str) -> str:
    """Without spaces, which line ends bring and take; marks of footnotes as figures; dashes and quotes of one kind."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", plain(text)))
