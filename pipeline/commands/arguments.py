"""What several commands take: the folders of an archive, limits, texts and streams, days, numbers."""

import argparse
from datetime import date
from pathlib import Path
from typing import TypeAlias

from pipeline.errors import UsageError
from pipeline.ingest import MAX_BYTES, MAX_PAGED_BYTES
from pipeline.paths import CLEAN as CLEAN
from pipeline.paths import RAW as RAW

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def limits() -> argparse.ArgumentParser:
    """A parent for commands that read files."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument(
        "--max-bytes",
        type=positive,
        metavar="N",
        help=f"refuse larger inputs (default: {MAX_BYTES} for text, {MAX_PAGED_BYTES} for PDFs and images)",
    )
    return parser


def streams() -> argparse.ArgumentParser:
    """A parent for commands that turn one text into another."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("file", metavar="FILE", help="a text file, or - for standard input")
    parser.add_argument("-o", dest="out", type=Path, metavar="OUT", help="write to a file, not to standard output")
    return parser


def documents(parser: argparse.ArgumentParser) -> None:
    """Paths of results to work on; see `results`."""
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=f"files or folders (default: {CLEAN})")


def results(paths: list[Path]) -> list[Path]:
    """The paths named, else the folder where results are; UsageError where there is none."""
    if not paths and not CLEAN.is_dir():
        raise UsageError("input_missing", f"There is no folder {CLEAN} here.", "Name documents, or extract some first.")
    return paths or [CLEAN]


def path_or_url(text: str) -> Path | str:
    """A URL stays a text."""
    return text if "://" in text else Path(text)


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day like 2025-12-31") from None


def probability(text: str) -> float:
    try:
        chance = float(text)
    except ValueError:
        chance = -1.0
    if not 0 <= chance <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to 1")
    return chance
