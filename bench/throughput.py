"""Texts made from the sample in; what many documents cost out: start, pace of one process and of several, memory.

python bench/throughput.py [--documents 200] [--syllables 1000] [--jobs 2]
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from statistics import mean

from pipeline.archive import extract
from pipeline.guard import Guard
from pipeline.plan import plan
from pipeline.pool import Task, carry_out
from pipeline.workforce import processes

SAMPLE = Path("corpus/raw/108-nq-cp-2019.ocr.txt")
SIZES = (10, 100, 1000)


@dataclass(frozen=True, slots=True)
class Run:
    """start: seconds to the first outcome; each: of a document, once every process has done its first, which end
    together and would make a short run look quick; memory: MB of the tree, at each outcome."""

    start: float
    each: float
    memory: list[float]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("documents", 200), ("syllables", 1000), ("jobs", 2)):
        parser.add_argument(f"--{name}", type=int, default=default, help="default: %(default)s")
    options = parser.parse_args()
    if options.documents < 2:
        parser.error("the pace is taken from the second document on: --documents 2 or more")
    print(f"{options.documents} texts of {options.syllables} syllables; {options.jobs} processes\n")
    first, further = _starts(options.jobs)
    print(f"first worker ready        {first:7.2f} s, a further one {further:.3f} s")
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw"
        _write(raw, options.documents, options.syllables)
        several = _run(raw, options.documents, options.jobs)
        one = _run(raw, options.documents, 1)
        print(f"one process               {one.each:7.3f} s a document, first after {one.start:.1f} s")
        print(
            f"{options.jobs} processes               {several.each:7.3f} s a document: {one.each / several.each:.2f} x"
        )
        hundred = max(min(100, options.documents // 4), 1)
        early, late = mean(several.memory[:hundred]), mean(several.memory[-hundred:])
        print(
            f"memory                    {early:7.0f} MB in the first {hundred}, {late:.0f} MB in the last: "
            f"{late / early - 1:+.1%}"
        )
        for size in (size for size in SIZES if size <= options.documents):
            print(f"of {size:4} documents         {_run(raw, size, options.jobs).each:7.3f} s a document")


def _starts(jobs: int) -> tuple[float, float]:
    begun = time.perf_counter()
    tasks = [Task(0, partial(pow, 2, 2), 60)]
    next_task: Callable[[], Task | None] = lambda: tasks.pop() if tasks else None  # noqa: E731
    list(carry_out(next_task, jobs, Guard().megabytes, "pipeline.preloaded"))
    first, begun = time.perf_counter() - begun, time.perf_counter()
    tasks.append(Task(0, partial(pow, 2, 2), 60))
    list(carry_out(next_task, jobs, Guard().megabytes, "pipeline.preloaded"))
    return first, time.perf_counter() - begun


def _write(raw: Path, documents: int, syllables: int) -> None:
    """Every text begins at another line of the sample."""
    raw.mkdir()
    lines = [line for line in SAMPLE.read_text(encoding="utf-8").split("\n") if line.strip()]
    for number in range(documents):
        chosen, total = list[str](), 0
        for line in islice(cycle(lines), number * 7 % len(lines), None):
            chosen.append(line)
            total += len(line.split())
            if total >= syllables:
                break
        (raw / f"{number:06}.txt").write_text("\n".join(chosen), encoding="utf-8")


def _run(raw: Path, documents: int, jobs: int) -> Run:
    with tempfile.TemporaryDirectory() as out:
        plans = plan([raw], Path(out))[:documents]
        begun, times, memory = time.perf_counter(), list[float](), list[float]()
        for outcome in extract(plans, Path(out), strategy=processes(jobs, Guard())):
            if outcome.state == "failed":
                raise SystemExit(f"{outcome.job.path}: {outcome.errors}")
            times.append(time.perf_counter())
            memory.append(_memory())
        first = min(jobs, len(times) - 1)
        return Run(times[0] - begun, (times[-1] - times[first - 1]) / (len(times) - first), memory)


def _memory() -> float:
    """MB that this process and all under it have of their own, what they share counted once; not what is mapped from
    files, which the system takes back when it wants, and other programs map as well."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[stat.parent.name] = stat.read_text().rpartition(")")[2].split()[1]
        except OSError:
            continue
    ours, size = {str(os.getpid())}, 0
    while len(ours) != size:
        size = len(ours)
        ours |= {pid for pid, parent in parents.items() if parent in ours}
    return sum(map(_share, ours)) / 1000


def _share(pid: str) -> int:
    """Proportional share of anonymous memory in kB."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss_Anon:")), 0)


if __name__ == "__main__":
    main()
