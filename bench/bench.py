"""The sample document in, speed and memory of vanban and of pyvi.add_accents on one core out."""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.ingest import ingest
from pipeline.restore import restore
from pipeline.run import load

SAMPLE = Path("corpus/raw/108-nq-cp-2019.ocr.txt")
ROUNDS = 3


def main() -> None:
    """Print the figures."""
    _use_one_core()
    source = ingest(SAMPLE)
    lines = [" ".join(word.text for word in line.words) for line in source.lines if line.words]
    syllables = sum(len(line.split()) for line in lines)
    print(f"{SAMPLE}: {len(lines)} lines, {syllables} syllables, one core, best of {ROUNDS}\n")

    wall = min(_extract() for _ in range(ROUNDS + 1))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"vanban extract --force   {wall:6.2f} s wall, {peak} MB peak memory")

    engine = load()
    restore(source, engine)
    print(f"vanban restore           {syllables / _best(lambda: restore(source, engine)):6.0f} syllables/s")
    _bench_pyvi(lines)


def _use_one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _extract() -> float:
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "pipeline", "extract", "--force", "--jobs", "1", "--out", out, str(SAMPLE)]
        start = time.perf_counter()
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return time.perf_counter() - start


def _best(work: Callable[[], object]) -> float:
    return min(_seconds(work) for _ in range(ROUNDS))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _bench_pyvi(lines: Iterable[str]) -> None:
    from pyvi import ViUtils

    readable, crashes = [], 0
    for line in lines:
        try:
            ViUtils.add_accents(line)
        except Exception:
            crashes += 1
        else:
            readable.append(line)
    syllables = sum(len(line.split()) for line in readable)
    seconds = _best(lambda: [ViUtils.add_accents(line) for line in readable])
    print(f"pyvi.add_accents         {syllables / seconds:6.0f} syllables/s, crashed on {crashes} lines")


if __name__ == "__main__":
    main()
