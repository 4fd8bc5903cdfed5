"""Development data and systems in, a row of figures for each text and system out, as they are done."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..ingest import ingest
from ..restore import Engine
from ..train.read import BEST
from .figures import Figures
from .first_pages import FirstPage, judge_page, read_first_pages
from .pages import HeldOut, read_held_out
from .score import ReadLine, Verdict, characters, judge_line
from .systems import System, Vanban, ablations, as_read, peers

SAMPLE = Path("corpus/raw/108-nq-cp-2019.ocr.txt")
READINGS = (("eng", 200), ("eng", 150), ("eng-best", 200), ("vie", 200), ("vie-best", 200))
"""As Tesseract's languages, "-best" read by its larger models, which are measured only where `read.BEST` has them."""
ENGINE = "vanban"


@dataclass(frozen=True)
class Material:
    """Documents of one kind; is_ablated: whether the engine is measured on them without its parts, too."""

    name: str
    documents: Sequence[HeldOut | FirstPage]
    is_ablated: bool = False


@dataclass(frozen=True)
class Row:
    material: str
    system: str
    figures: Figures


def materials(shared: Path, build: Path, quick: bool) -> Iterator[Material]:
    """What is measured; `quick`: what takes less than a minute."""
    yield Material("108/NQ-CP, first half", [_gold(shared)], is_ablated=not quick)
    clean: list[HeldOut] = []
    for language, dpi in () if quick else READINGS:
        if language.endswith("-best") and not (build / BEST).is_dir():
            continue
        documents = read_held_out(shared, build / "heldout", language, dpi)
        yield Material(f"held-out, {dpi} dpi, -l {language}", documents, is_ablated=(language, dpi) == READINGS[0])
        clean = clean or [_unread(document) for document in documents]
    for language in ("eng", "vie"):
        yield Material(f"scans, 300 dpi, -l {language}", read_first_pages(shared, build / "heldout", language))
    if clean:
        yield Material("held-out, true text", clean)


def _gold(shared: Path) -> HeldOut:
    gold = (shared / "gold" / "dev.txt").read_text(encoding="utf-8").splitlines()
    source = ingest(SAMPLE)
    lines = tuple(source.raw[line.start : line.end] for line in source.lines)
    return HeldOut(SAMPLE.name, lines, (*gold, *[None] * (len(lines) - len(gold))))


def _unread(document: HeldOut) -> HeldOut:
    """The document's true lines, as if they had been read without an error."""
    truth = tuple(line for line in document.truth if line is not None)
    return HeldOut(document.name, truth, truth)


def rows(engine: Engine, shared: Path, build: Path, quick: bool = False) -> Iterator[Row]:
    """Every system on every material; the engine without its parts where the material asks for it."""
    own = Vanban(engine)
    own(["Uy ban nhan dan tinh", "Ủy ban nhân dân tỉnh"])
    others = list(peers(engine))
    parts = [] if quick else list(ablations(engine))
    for material in materials(shared, build, quick):
        systems = [("as read", as_read), (ENGINE, own), *(parts if material.is_ablated else ()), *others]
        for name, system in systems:
            yield Row(material.name, name, measure(material.documents, system))


def measure(documents: Sequence[HeldOut | FirstPage], system: System) -> Figures:
    """A system's figures over documents, each restored as a whole."""
    verdicts: list[tuple[Verdict, ...]] = []
    crashes: list[tuple[str, str]] = []
    count = edits = 0
    seconds = 0.0
    for document in documents:
        start = time.process_time()
        read = system(document.lines)
        seconds += time.process_time() - start
        crashes += ((raw, own.crash) for raw, own in zip(document.lines, read, strict=True) if own.crash)
        if isinstance(document, FirstPage):
            verdicts += map(tuple, judge_page(document, read))
            continue
        for true, raw, own in zip(document.truth, document.lines, read, strict=True):
            if true is not None:
                verdicts.append(tuple(judge_line(true, raw, own)))
                more = characters(true, own.text)
                count, edits = count + more[0], edits + more[1]
    in_order = not any(isinstance(document, FirstPage) for document in documents)
    if not in_order:
        return Figures(tuple(verdicts), seconds=seconds, crashes=tuple(crashes))
    return Figures(tuple(verdicts), count, edits, seconds, tuple(crashes))


def measure_differs(shared: Path) -> str:
    """What to say where this measure counts other errors than the shared one does (`score.py`), else nothing."""
    document = _gold(shared)
    pairs = [(true, raw) for true, raw in zip(document.truth, document.lines, strict=True) if true is not None]
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("gold.txt", "read.txt")]
        for path, lines in zip(paths, zip(*pairs, strict=True), strict=True):
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [sys.executable, str(shared / "score.py"), *map(str, paths), "--json"]
        theirs = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["errors"]
    ours = sum(not verdict.is_right for true, raw in pairs for verdict in judge_line(true, raw, ReadLine(raw)))
    return "" if ours == theirs else f"score.py counts {theirs} errors in the unrestored gold, this measure {ours}"
