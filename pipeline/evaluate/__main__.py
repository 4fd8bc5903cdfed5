"""`python -m pipeline.evaluate`: how well development data is restored, and then structured; tables on stdout."""

import argparse
from itertools import islice
from pathlib import Path

from rich.console import Console

from ..export import write_files
from ..paths import models_folder
from ..restore import Engine, load_engine
from ..train.read import BEST
from .classes import count_classes
from .gold import GOLD, load
from .plots import calibration_svg, classes_svg
from .report import measure, numbered
from .restoration import ENGINE, Row, measure_differs, rows
from .rows import LEGEND, crashes, head, misses, shown


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m pipeline.evaluate", description=__doc__)
    parser.add_argument("--shared", type=Path, default=Path("../shared"), help="folder of gold and held-out documents")
    parser.add_argument("--build", type=Path, default=Path("build"), help="where readings of pages are kept")
    parser.add_argument("--only", choices=("restoration", "structure"), help="one part of the figures")
    parser.add_argument("--quick", action="store_true", help="restoration of the resolution and the scans alone")
    parser.add_argument("--plots", type=Path, metavar="DIR", help="where pictures go (default: the models' folder)")
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
        for line in islice(misses(_restoration(console, engine, options)), options.show):
            console.out(line, highlight=False)
    if options.only != "restoration" and not options.quick:
        report = measure(engine, options.shared, options.build)
        for table in report.tables():
            console.print(table)
        for line in islice(report.misses(), options.show):
            console.out(line, highlight=False)


def _restoration(console: Console, engine: Engine, options: argparse.Namespace) -> list[Row]:
    """Prints the table; returns the rows of the engine as it is. Draws the pictures where all was measured."""
    if difference := measure_differs(options.shared):
        console.out(f"warning: {difference}", highlight=False)
    console.out(f"models {engine.version}", *head(), sep="\n", highlight=False)
    if not (options.build / BEST).is_dir():
        console.out(f"left out: readings of Tesseract's larger models, which are not in {options.build / BEST}")
    done: list[Row] = []
    for row in rows(engine, options.shared, options.build, options.quick):
        done.append(row)
        console.out(shown(row), highlight=False)
    own = [row for row in done if row.system == ENGINE]
    console.out(LEGEND, *crashes(done), sep="\n", highlight=False)
    for row in own:
        kinds = ", ".join(f"{name} {count}" for name, count in count_classes(row.figures.errors).most_common())
        console.out(f"errors, {row.material}: {kinds or 'none'}", highlight=False)
    if not options.quick:
        folder = options.plots or models_folder()
        read = [row for row in own if row.figures.spoiled[1] < row.figures.syllables]
        sure = [pair for row in read for pair in row.figures.confidences]
        errors = {row.material: row.figures.errors for row in read}
        pictures = {"calibration.svg": calibration_svg(sure), "errors.svg": classes_svg(errors)}
        write_files({folder / name: picture.encode() for name, picture in pictures.items()})
    return own


if __name__ == "__main__":
    main()
