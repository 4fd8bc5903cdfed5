"""`python -m pipeline.evaluate.scans`: how well scans are read, beside Tesseract alone on the same pages, on stdout.

Real scans are scored against the texts of their first pages (`scans/*.p1.txt`), which their publishers typed: they have
slips, so that a page read without a fault does not reach 100 %. Task tables are scored against themselves: the cells of
a born-digital table, and of the same table rasterised and read as a scan.
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

LANGUAGES = ("eng", "vie", "vie+eng")
DPI = 300
TABLES = ("nghi-quyet-so-97-nq-cp-469324.pdf", "nghi-quyet-so-105-nq-cp-469364.pdf")
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
class TableReading:
    """rows: of the born-digital table; same: of them in the scan with the same cells; cells, same_cells: likewise."""

    rows: int
    same: int
    cells: int
    same_cells: int


def table_reading(path: Path, engine: Engine, pages: int | None = None) -> TableReading:
    """Cells of a document's tables against those of the same pages rasterised, read as a scan and restored."""
    with tempfile.TemporaryDirectory() as folder:
        digital = Path(folder) / "digital.pdf"
        whole, part = pypdfium2.PdfDocument(path), pypdfium2.PdfDocument.new()
        part.import_pages(whole, list(range(min(pages or len(whole), len(whole)))))
        part.save(digital)
        images = [page.render(scale=TABLE_DPI / 72).to_pil().convert("L") for page in pypdfium2.PdfDocument(digital)]
        scanned = Path(folder) / "scan.pdf"
        images[0].save(scanned, "PDF", resolution=TABLE_DPI, save_all=True, append_images=images[1:])
        wanted, had = (list(_rows(ingest(place), engine)) for place in (digital, scanned))
    found = Counter(had)
    same = (Counter(wanted) & found).total()
    cells, found_cells = (Counter(cell for row in rows for cell in row) for rows in (wanted, had))
    return TableReading(len(wanted), same, cells.total(), (cells & found_cells).total())


def _rows(source: Source, engine: Engine) -> Iterator[tuple[str, ...]]:
    restoration = restore(source, engine)
    lines = [(line.raw_start, line.raw_end, line.text) for line in restoration.lines if line.text]
    for table in source.tables:
        rows: dict[int, list[str]] = {}
        for cell in table.cells:
            texts = [text for a, b, text in lines if any(s <= a and b <= e for s, e in cell.raw_spans)]
            rows.setdefault(cell.row, []).append(_plain(" ".join(texts)))
        yield from (tuple(row) for _, row in sorted(rows.items()))


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
    tables = Shown("tables, scan against born digital", "rows", "rows same", "cells", "cells same")
    for name in TABLES:
        read = table_reading(options.shared / "pdf" / "heldout" / name, engine, options.pages)
        shares = read.same / max(read.rows, 1), read.same_cells / max(read.cells, 1)
        tables.add_row(name, str(read.rows), f"{shares[0]:.1%}", str(read.cells), f"{shares[1]:.1%}")
    console = Console(width=120)
    console.print(shown)
    console.print(tables)


if __name__ == "__main__":
    main()
