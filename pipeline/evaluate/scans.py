"""`python -m pipeline.evaluate.scans`: how well scans are read, beside Tesseract alone on the same pages, on stdout."""

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table as Shown

from ..paths import models_folder
from ..restore import load_engine
from .gold import GOLD
from .scan_pages import page_readings
from .scan_tables import TABLE_DPI, TABLES, row_reading


def main(arguments: Sequence[str] | None = None) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.evaluate.scans", description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder of scans and held-out documents")
    parser.add_argument("--pages", type=int, help="read only so many pages of each document with tables")
    options = parser.parse_args(arguments)
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    engine = load_engine(models_folder())
    shown = Shown("scan, page 1", "reading", "found", "true", "codes", "CER", title=f"models {engine.version}")
    for name, way, reading in page_readings(options.shared / "scans", engine):
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
