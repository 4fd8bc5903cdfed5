"""`python -m pipeline.evaluate.scans`: how well scans are read, beside Tesseract alone on the same pages, on stdout.

Real scans are scored against the texts of their first pages (`scans/*.p1.txt`), which their publishers typed: they have
slips, so that a page read without a fault does not reach 100 %. Task tables are scored against the labelled rows of
`tests/gold/`, born digital and rasterised.
"""

import argparse
import os
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytesseract
from rapidfuzz.distance import Levenshtein
from rich.console import Console
from rich.table import Table as Shown

from ..document import Restoration, Source
from ..ingest import ingest
from ..paths import models_folder
from ..restore import Engine, load_engine, restore
from .gold import GOLD, load
from .places import Text

LANGUAGES = ("eng", "vie", "vie+eng")
DPI = 300
TABLES = ("97-nq-cp-2026-annex", "105-nq-cp-2026-annex")
SCORED = ("task", "lead", "coordinating", "time")
TABLE_DPI = 200
_WORD = re.compile(r"[^\W_]+")
_CODE = re.compile(r"\S*\d\S*")


@dataclass(frozen=True)
class Reading:
    """found: share of true syllables that were read; true: share of read ones that are true; codes: share of true
    tokens with a digit that were read exactly; cer: character errors in reading order."""

    found: float
    true: float
    codes: float
    cer: float


def compare(truth: str, read: str) -> Reading:
    """Compare two texts of one page, line ends and the place of tone marks (hoà, hòa) aside."""
    truth, read = _plain(truth), _plain(read)
    wanted, had = Counter(_WORD.findall(truth)), Counter(_WORD.findall(read))
    both = (wanted & had).total()
    codes, codes_read = (Counter(word.strip(".,;:()") for word in _CODE.findall(text)) for text in (truth, read))
    return Reading(
        found=both / max(wanted.total(), 1),
        true=both / max(had.total(), 1),
        codes=(codes & codes_read).total() / max(codes.total(), 1),
        cer=Levenshtein.distance(truth, read) / max(len(truth), 1),
    )


def _plain(text: str) -> str:
    """One space between words, tone marks of oa, oe, uy on the second letter."""
    spread = unicodedata.normalize("NFD", " ".join(text.split()))
    moved = re.sub("([ou])([\u0300\u0301\u0303\u0309\u0323])([aey])(?![\\w\u0302])", r"\1\3\2", spread, flags=re.I)
    return unicodedata.normalize("NFC", moved)


def page_rows(scans: Path, engine: Engine) -> Iterator[tuple[str, str, Reading]]:
    """For each first page: its name, how it was read, how well."""
    for path in sorted(scans.glob("*.p1.txt")):
        name = path.name.removesuffix(".p1.txt")
        truth = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            page = _first_page(scans / f"{name}.pdf", Path(folder))
            source = ingest(page)
            if source.pages[0].kind == "scan":
                image = pypdfium2.PdfDocument(page)[0].render(scale=DPI / 72, draw_annots=False).to_pil()
                for language in LANGUAGES:
                    text = pytesseract.image_to_string(image, lang=language, config=f"--dpi {DPI}")
                    yield name, f"tesseract -l {language}", compare(truth, text)
        yield name, f"as read, {source.pages[0].kind}", compare(truth, source.raw)
        yield name, "restored", compare(truth, _text(restore(source, engine)))


def _first_page(path: Path, folder: Path) -> Path:
    whole, first = pypdfium2.PdfDocument(path), pypdfium2.PdfDocument.new()
    first.import_pages(whole, [0])
    target = folder / path.name
    first.save(target)
    return target


def _text(restoration: Restoration) -> str:
    return "\n".join(line.text for line in restoration.lines)


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
        (_rasterised if scanned else _copied)(document.file, pages, path)
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


def _copied(path: Path, pages: Sequence[int], target: Path) -> None:
    whole, part = pypdfium2.PdfDocument(path), pypdfium2.PdfDocument.new()
    part.import_pages(whole, [number - 1 for number in pages])
    part.save(target)


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
    plain = unicodedata.normalize("NFKC", _plain(text)).translate(_ALIKE)
    return re.sub(r"\s", "", plain)


_ALIKE = str.maketrans("–—“”‘’", "--\"\"''")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.evaluate.scans", description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder of scans and held-out documents")
    parser.add_argument("--pages", type=int, help="read only so many pages of each document with tables")
    options = parser.parse_args(arguments)
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    engine = load_engine(models_folder())
    shown = Shown("scan, page 1", "reading", "found", "true", "codes", "CER", title=f"models {engine.version}")
    for name, way, reading in page_rows(options.shared / "scans", engine):
        figures = (reading.found, reading.true, reading.codes, reading.cer)
        shown.add_row(name, way, *(f"{figure:.2%}" for figure in figures))
    tables = Shown("task table", "read", "rows", "rows right", "cells", "cells right")
    for name in TABLES:
        for scanned in (False, True):
            read = row_reading(GOLD / name, options.shared, engine, scanned, options.pages)
            shares = read.right / max(read.rows, 1), read.cells_right / max(read.cells, 1)
            way = f"scan, {TABLE_DPI} dpi" if scanned else "born digital"
            tables.add_row(name, way, str(read.rows), f"{shares[0]:.1%}", str(read.cells), f"{shares[1]:.1%}")
    console = Console(width=120)
    console.print(shown)
    console.print(tables)


if __name__ == "__main__":
    main()
