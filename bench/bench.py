"""The sample document in, speed, start and memory of vanban on one core out, and the speed of its peers."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.evaluate.systems import peers
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
    print(f"vanban extract --force   {wall:6.2f} s wall")
    print(f"vanban restore, whole    {_peak():6} MB peak memory of the process that reads")

    print(f"vanban restore, one line {min(_start() for _ in range(ROUNDS)):6.2f} s wall: ready")

    engine = load()
    restore(source, engine)
    print(f"vanban restore           {syllables / _best(lambda: restore(source, engine)):6.0f} syllables/s")
    for name, system in peers(engine):
        crashed = sum(bool(line.crash) for line in system(lines))
        pace = syllables / _best(lambda: system(lines))  # noqa: B023
        print(f"{name:24} {pace:6.0f} syllables/s" + (f", crashed on {crashed} lines" if crashed else ""))


def _use_one_core() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _extract() -> float:
    with tempfile.TemporaryDirectory() as out:
        command = [sys.executable, "-m", "pipeline", "extract", "--force", "--jobs", "1", "--out", out, str(SAMPLE)]
        start = time.perf_counter()
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        return time.perf_counter() - start


def _peak() -> int:
    """MB that one process takes to restore the sample. Those of `extract` are no children of it, and not counted."""
    process = subprocess.Popen([sys.executable, "-m", "pipeline", "restore", str(SAMPLE)], stdout=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    return used.ru_maxrss // 1024


def _start() -> float:
    """Seconds until a process has restored a line: what a start costs, once compiled code is kept."""
    command = [sys.executable, "-m", "pipeline", "restore", "-"]
    start = time.perf_counter()
    subprocess.run(command, input=b"Uy ban nhan dan tinh", check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def _best(work: Callable[[], object]) -> float:
    return min(_seconds(work) for _ in range(ROUNDS))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
