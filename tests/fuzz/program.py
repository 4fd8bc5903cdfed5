"""Numbers of damaged inputs in; what the program did with them out: `make fuzz`, in short form in the tests.

The inputs are extracted as an archivist would, by the command line. Afterwards each input must have a document that
can be loaded, or a line that says why it has none; nothing may lie outside of the folder of results; and all messages
must be vanban's own and speak of no fault in it.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

from pipeline import load
from pipeline.errors import Exit, VanbanError
from pipeline.ingest import tesseract_missing
from tests.fuzz.damage import damaged
from tests.fuzz.samples import images, pdfs, short_images, short_pdfs, texts

BATCH = 500
"""Inputs of one run of the program."""
SECONDS = 1800
"""For one run of the program."""
Samples = Mapping[str, bytes]
KINDS: Mapping[str, tuple[int, Callable[[], Samples]]] = {
    "texts": (60, texts),
    "short PDFs": (22, short_pdfs),
    "PDFs": (8, pdfs),
    "short images": (8, short_images),
    "images": (2, images),
}
"""Of a hundred inputs, how many are of which samples; the quick ones make up most."""
FAULTS = ("crashes", "hangs", "files outside", "inputs not reported")
_CRASH = re.compile(r"Traceback|report it with the file|\[(process_died|[a-z]+_failed)\]")
_SPARED = re.compile(r"\[page_ocr_failed\]")
"""Tesseract that gives up on a page is reported as that."""


@dataclass(slots=True)
class Report:
    """inputs by kind; outcomes: states and codes of errors; faults: by kind (FAULTS), a line each."""

    inputs: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def add(self, other: "Report") -> None:
        self.inputs += other.inputs
        self.outcomes += other.outcomes
        self.faults += other.faults

    def table(self) -> str:
        faults = Counter(kind for kind, _ in self.faults)
        parts = {
            "inputs": self.inputs,
            "outcomes": dict(self.outcomes.most_common()),
            "faults": {kind: faults[kind] for kind in FAULTS},
        }
        return "\n\n".join(
            "\n".join((f"{sum(counts.values()):6} {part}", *(f"{count:6}   {name}" for name, count in counts.items())))
            for part, counts in parts.items()
        )


def fuzz(variants: int, seed: int, keep: Path | None = None, log: Path | None = None) -> Report:
    """Extract that many damaged inputs, and say after each batch how it goes.

    keep: where batches with a fault go. log: a file with a line of JSON for each batch; those that it has already, of
    this seed, are not run again.
    """
    report, known = Report(), _logged(log, seed)
    for first in range(0, variants, BATCH):
        numbers = range(first, min(first + BATCH, variants))
        name = f"{seed}-{numbers.start}-{numbers.stop}"
        batch = known.get(name) or _run(numbers, seed, keep and keep / name)
        if log and name not in known:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps([name, batch.inputs, batch.outcomes, batch.faults]) + "\n")
        report.add(batch)
        sys.stderr.write("".join(f"{kind}: {fault}\n" for kind, fault in batch.faults))
        sys.stderr.write(f"{numbers.stop} of {variants} inputs, {len(report.faults)} faults\n")
    return report


def _logged(log: Path | None, seed: int) -> dict[str, Report]:
    if log is None or not log.exists():
        return {}
    lines = (json.loads(line) for line in log.read_text(encoding="utf-8").splitlines())
    return {
        name: Report(Counter(inputs), Counter(outcomes), [(kind, fault) for kind, fault in faults])
        for name, inputs, outcomes, faults in lines
        if name.startswith(f"{seed}-")
    }


def _run(numbers: range, seed: int, keep: Path | None) -> Report:
    report = Report()
    inputs = list(_inputs(numbers, seed, report))
    with tempfile.TemporaryDirectory() as folder:
        _extract(Path(folder), inputs, report)
        if keep and report.faults:
            keep.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(Path(folder, "raw"), keep)
    return report


@cache
def _samples() -> Mapping[str, Samples]:
    kinds = ["texts"] if tesseract_missing() else KINDS
    return {kind: KINDS[kind][1]() for kind in kinds}


def _inputs(numbers: range, seed: int, report: Report) -> Iterator[tuple[str, bytes]]:
    """The same for the same number and seed, whatever the batch."""
    samples = _samples()
    every = [data for sample in samples.values() for data in sample.values()]
    for number in numbers:
        random = Random(f"{seed} {number}")
        (kind,) = random.choices(list(samples), [KINDS[kind][0] for kind in samples])
        name, data = random.choice(list(samples[kind].items()))
        others = list(samples[kind].values()) if random.random() < 0.9 else every
        report.inputs[kind] += 1
        yield f"{number:05}-{name}", damaged(data, others, random)


def _extract(folder: Path, inputs: list[tuple[str, bytes]], report: Report) -> None:
    raw, out, log = folder / "raw", folder / "out", folder / "log"
    raw.mkdir()
    for name, data in inputs:
        (raw / name).write_bytes(data)
    options = ("--out", str(out), "--jobs", "2", "--json-log", str(log))
    command = [sys.executable, "-m", "pipeline", "extract", str(raw), *options]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        report.faults.append(("hangs", f"not done after {SECONDS} seconds: {inputs[0][0]} to {inputs[-1][0]}"))
        return
    said = done.stderr.decode(errors="replace")
    crashes = [line for line in said.splitlines() if _CRASH.search(_SPARED.sub("", line))]
    known = (f"{raw}{os.sep}", "vanban: ")
    crashes += [f"not vanban's words: {line}" for line in said.splitlines() if not line.startswith(known)]
    if done.returncode not in (Exit.OK, Exit.SOME_FAILED):
        crashes.append(f"exit code {done.returncode}: {said[-500:]}")
    strangers = [path for path in folder.iterdir() if path not in (raw, out, log)]
    strangers += [path for path in raw.iterdir() if path.name not in dict(inputs)]
    gone = [f"{name}: it is gone" for name, _ in inputs if not (raw / name).exists()]
    outcomes = _outcomes(log)
    for name, _ in inputs:
        state, codes = outcomes.get(name, ("lost", ()))
        report.outcomes[" ".join((state, *sorted(set(codes))))] += 1
        if "input_too_slow" in codes:
            report.faults.append(("hangs", f"{name}: it was given up"))
        if not _is_accounted_for(state, out / f"{Path(name).stem}.json", f"{raw / name}: failed: " in said):
            gone.append(f"{name}: {state}, but there is neither a document of it nor a word about it")
    report.faults += [("crashes", crash) for crash in crashes]
    report.faults += [("files outside", str(path.relative_to(folder))) for path in strangers]
    report.faults += [("inputs not reported", line) for line in gone]


def _outcomes(log: Path) -> dict[str, tuple[str, list[str]]]:
    """State and codes by name of the input, as the program's own log has them."""
    if not log.exists():
        return {}
    records = [json.loads(line) for line in log.read_bytes().splitlines()]
    return {
        Path(record["input"]).name: (record["state"], record["errors"])
        for record in records
        if record["event"] == "document"
    }


def _is_accounted_for(state: str, document: Path, reported: bool) -> bool:
    if not document.exists():
        return state == "failed" and reported
    try:
        return load(document).status == {"done": "ok"}.get(state, state)
    except VanbanError:
        return False


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.program", description=__doc__.split("\n")[0])
    parser.add_argument("--variants", type=int, default=10_000, metavar="N", help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="default: %(default)s")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="put inputs there that were met with a fault")
    parser.add_argument("--log", type=Path, metavar="FILE", help="note each batch there, and go on after those noted")
    options = parser.parse_args()
    report = fuzz(options.variants, options.seed, options.keep, options.log)
    sys.stdout.write(f"{report.table()}\n")
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
