"""Numbers of damaged inputs in; what the program did with them out: `make fuzz`, in short form in the tests.

The inputs are extracted as an archivist would, by the command line. Afterwards each input must have a document that
can be loaded, or a line that says why it has none; nothing may lie outside of the folder of results; and all messages
must be vanban's own and speak of no fault in it.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from random import Random

from pipeline import load
from pipeline.errors import Exit, VanbanError
from pipeline.ingest import tesseract_missing
from tests.fuzz.damage import damaged
from tests.fuzz.samples import images, pdfs, texts

SECONDS = 600
"""For the inputs of one run of the program."""
BATCH = 250
SHARES = {"texts": 6, "pdfs": 3, "images": 1}
"""Of ten inputs; the quick kinds make up most."""
_FAULT = re.compile(r"Traceback|report it with the file|\[(process_died|[a-z]+_failed)\]")
_SPARED = re.compile(r"\[page_ocr_failed\]")
"""Tesseract that gives up on a page is reported as that."""


@dataclass(slots=True)
class Report:
    """inputs by kind; states of the inputs; faults: what must not happen, a line each."""

    inputs: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        counts = [*sorted(self.inputs.items()), *sorted(self.states.items()), ("faults", len(self.faults))]
        return ", ".join(f"{count} {name}" for name, count in counts)


def fuzz(variants: int, seed: int, keep: Path | None = None) -> Report:
    """Extract that many damaged inputs, and say after each batch how it goes. `keep`: where those with a fault go."""
    report = Report()
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
    inputs = _inputs(variants, seed, report)
    while batch := list(islice(inputs, BATCH)):
        with tempfile.TemporaryDirectory() as folder:
            before = len(report.faults)
            _extract(Path(folder), batch, report)
            sys.stderr.write("".join(f"fault: {fault}\n" for fault in report.faults[before:]) + f"{report}\n")
            if keep and len(report.faults) > before:
                shutil.move(Path(folder, "raw"), keep / f"{seed}-{batch[0][0]}")
    return report


def _inputs(variants: int, seed: int, report: Report) -> Iterator[tuple[str, bytes]]:
    random = Random(seed)
    samples: Mapping[str, Mapping[str, bytes]] = {"texts": texts(), "pdfs": pdfs(), "images": images()}
    kinds = [kind for kind in SHARES if kind == "texts" or not tesseract_missing()]
    every = [data for sample in samples.values() for data in sample.values()]
    for number in range(variants):
        (kind,) = random.choices(kinds, [SHARES[kind] for kind in kinds])
        name, data = random.choice(list(samples[kind].items()))
        others = list(samples[kind].values()) if random.random() < 0.9 else every
        report.inputs[kind] += 1
        yield f"{number:05}-{name}", damaged(data, others, random)


def _extract(folder: Path, inputs: list[tuple[str, bytes]], report: Report) -> None:
    raw, out = folder / "raw", folder / "out"
    raw.mkdir()
    for name, data in inputs:
        (raw / name).write_bytes(data)
    command = [sys.executable, "-m", "pipeline", "extract", str(raw), "--out", str(out), "--jobs", "2"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        report.faults.append(f"not done after {SECONDS} seconds: {inputs[0][0]} to {inputs[-1][0]}")
        return
    said = done.stderr.decode(errors="replace")
    if done.returncode not in (Exit.OK, Exit.SOME_FAILED):
        report.faults.append(f"exit code {done.returncode}: {said[-500:]}")
    report.faults += [line for line in said.splitlines() if _FAULT.search(_SPARED.sub("", line))]
    known = (f"{raw}{os.sep}", "vanban: ")
    report.faults += [f"not vanban's words: {line}" for line in said.splitlines() if not line.startswith(known)]
    report.faults += [f"outside of the results: {path.name}" for path in folder.iterdir() if path not in (raw, out)]
    strangers = {path.name for path in raw.iterdir()} ^ {name for name, _ in inputs}
    report.faults += [f"among the inputs: {name}" for name in strangers]
    for name, _ in inputs:
        state = _state(out / f"{Path(name).stem}.json", f"{raw / name}: failed: " in said)
        report.states[state] += 1
        if state in ("lost", "unreadable"):
            report.faults.append(f"{name}: {state}")


def _state(document: Path, reported: bool) -> str:
    if not document.exists():
        return "reported" if reported else "lost"
    try:
        return load(document).status
    except VanbanError:
        return "unreadable"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.program", description=__doc__.split("\n")[0])
    parser.add_argument("--variants", type=int, default=10_000, metavar="N", help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="default: %(default)s")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="put inputs there that were met with a fault")
    options = parser.parse_args()
    report = fuzz(options.variants, options.seed, options.keep)
    sys.stdout.write(f"{report}\n")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
