"""PDFs and images in, what reading their pages costs out: CPU time with and without Tesseract's own, memory, cores.

The time of pages is that of a program that runs already.
"""

import resource
import subprocess
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import pytesseract  # noqa: F401  (loads more than it takes to read a page)

from pipeline.ingest import ingest

SAMPLE = Path("corpus/raw/47-kh-ubnd-2024.scan.pdf")
COPIES = 4
"""Of the sample, read on one core and on two."""


def main(paths: list[Path]) -> None:
    """Print the figures of each file, of the sample where none is named, and of several documents side by side."""
    for path in paths or [SAMPLE]:
        with get_context("spawn").Pool(1) as pool:
            pages, own, tesseract, peak = pool.apply(_read, (path,))
        times = f"{pages / (own + tesseract):5.1f} pages/s of CPU time"
        if tesseract:
            times += f", {(own + tesseract) / tesseract:.2f} x the time of its Tesseract runs"
        print(f"{path.name:50} {pages:4} pages, {times}, {peak} MB peak memory")
    start, one, two = _extract(0, 1), _extract(COPIES, 1), _extract(COPIES, 2)
    print(
        f"\n{COPIES} scans, vanban extract --jobs 1: {one:.1f} s; --jobs 2: {two:.1f} s, {one / two:.2f} times as fast;"
        f" {(one - start) / (two - start):.2f} times without the {start:.1f} s that a line of text takes from the start"
    )


def _read(path: Path) -> tuple[int, float, float, int]:
    """Pages, seconds of this process and of Tesseract's, peak memory of this one in MB."""
    before, children = _cpu(resource.RUSAGE_SELF), _cpu(resource.RUSAGE_CHILDREN)
    source = ingest(path)
    own = _cpu(resource.RUSAGE_SELF) - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return len(source.pages), own, _cpu(resource.RUSAGE_CHILDREN) - children, peak


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _extract(copies: int, jobs: int) -> float:
    """Seconds for so many copies of the sample, and a line of text."""
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder) / "in"
        inputs.mkdir()
        (inputs / "line.txt").write_text("Uy ban nhan dan tinh to chirc thuc hién\n", encoding="utf-8")
        for number in range(copies):  # each with other bytes, so that none counts as read
            (inputs / f"{number}.pdf").write_bytes(SAMPLE.read_bytes() + b"%%%d\n" % number)
        command = [sys.executable, "-m", "pipeline", "extract", "--force", "--jobs", str(jobs), "--out", folder]
        start = time.perf_counter()
        subprocess.run([*command, str(inputs)], check=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
