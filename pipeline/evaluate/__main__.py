"""`python -m pipeline.evaluate`: how well development data is restored, and then structured; tables on stdout."""

import argparse
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

from ..ingest import ingest, ingest_text
from ..paths import models_folder
from ..restore import Engine, load_engine, restore
from .gold import GOLD, load
from .pages import read_held_out
from .report import measure, numbered
from .score import Score, score

SAMPLE = Path("corpus/raw/108-nq-cp-2019.ocr.txt")
READINGS = (("eng", 200), ("eng", 150), ("vie", 200))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m pipeline.evaluate", description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder of gold and held-out documents")
    parser.add_argument("--build", type=Path, default=Path("build"), help="where readings of pages are kept")
    parser.add_argument("--only", choices=("restoration", "structure"), help="one part of the figures")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="list the first N disagreements")
    parser.add_argument("--text", metavar="NAME", help="print a labelled document's lines with their numbers, and end")
    options = parser.parse_args()
    if not (options.shared / "gold").is_dir():
        parser.error(f"{options.shared} has no gold: name its folder with --shared")
    console = Console(width=160)
    if options.text:
        console.out(*numbered(load(GOLD / options.text, options.shared).text), sep="\n", highlight=False)
        return
    engine = load_engine(models_folder())
    if options.only != "structure":
        console.print(_restoration(engine, options.shared, options.build))
    if options.only != "restoration":
        report = measure(engine, options.shared, options.build)
        for table in report.tables():
            console.print(table)
        for line in islice(report.misses(), options.show):
            console.out(line, highlight=False)


def _restoration(engine: Engine, shared: Path, build: Path) -> Table:
    columns = ("text", "syllables", "as read", "restored", "CER", "tokens with digits")
    table = Table(*columns, title=f"models {engine.version}")
    for row in rows(engine, shared, build):
        table.add_row(*row)
    return table


def rows(engine: Engine, shared: Path, build: Path) -> list[tuple[str, ...]]:
    found = [_gold(engine, shared)]
    clean: list[str] = []
    for language, dpi in READINGS:
        raw, read, truth = [], [], []
        for document in read_held_out(shared, build / "heldout", language, dpi):
            restored = _restored(document.lines, engine)
            for line, own, true in zip(document.lines, restored, document.truth, strict=True):
                if true is not None:
                    raw.append(line)
                    read.append(own)
                    truth.append(true)
        found.append(_row(f"held-out gazettes, {dpi} dpi, -l {language}", truth, raw, read, shared))
        clean = clean or truth
    found.append(_row("their true text, to be left alone", clean, clean, _restored(clean, engine), shared))
    return found


def _gold(engine: Engine, shared: Path) -> tuple[str, ...]:
    gold = (shared / "gold" / "dev.txt").read_text(encoding="utf-8").splitlines()
    source = ingest(SAMPLE)
    restored = [line.text for line in restore(source, engine).lines][: len(gold)]
    raw = [source.raw[line.start : line.end] for line in source.lines][: len(gold)]
    return _row("resolution 108/NQ-CP, first half", gold, raw, restored, shared)


def _restored(lines: Sequence[str], engine: Engine) -> list[str]:
    source = ingest_text("lines.txt", "\n".join(lines).encode())
    return [line.text for line in restore(source, engine).lines]


def _row(name: str, gold: Sequence[str], raw: Sequence[str], read: Sequence[str], shared: Path) -> tuple[str, ...]:
    before, after = score(gold, raw, shared), score(gold, read, shared)
    digits = f"{after.critical_exact:.1%}"
    return name, str(after.syllables), _percent(before), _percent(after), f"{after.cer:.2%}", digits


def _percent(score: Score) -> str:
    return f"{score.accuracy:.2%}"


if __name__ == "__main__":
    main()
