"""Held-out gazette PDFs in, documents as an OCR engine reads them with their true lines out; resumable."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from rapidfuzz.distance import Indel, LCSseq

from ..train.align import pair_lines, skeleton
from ..train.read import Reading, load_readings, pdf_jobs, read_pages
from ..train.render import Wear, pdf_rows

SEED = 11
LEAST_PAIRED = 0.8
"""Share of a page's true lines that must be found in its reading; pages with tables have less and are not scored."""


@dataclass(frozen=True)
class HeldOut:
    """lines: as read, pages one behind the other; truth: the true line of each, None where it is not scored."""

    name: str
    lines: tuple[str, ...]
    truth: tuple[str | None, ...]


def read_held_out(shared: Path, build: Path, language: str, dpi: int) -> list[HeldOut]:
    """All held-out documents, rasterised at `dpi`, lightly worn and bilevel, read with Tesseract."""
    wear = Wear(dpi=dpi, skew=0.2, blur=2.0, noise=8.0, ink=0, contrast=0.85, threshold=150)
    jobs = list(pdf_jobs(shared / "pdf" / "heldout", language, f"heldout{dpi}", 1.0, wear))
    for _ in read_pages(jobs, build, SEED):
        pass
    documents: dict[str, list[Reading]] = defaultdict(list)
    sources = {job.name: job for job in jobs}
    for reading in load_readings(build / f"{job.name}.json" for job in jobs):
        job = sources[reading.name]
        assert job.pdf is not None and job.index is not None
        rows = replace(reading, truth=tuple(pdf_rows(job.pdf, job.index)))
        scored = len(list(pair_lines(reading.truth, reading.read))) >= LEAST_PAIRED * len(reading.truth)
        name = re.sub(r"-\d+$", "", reading.name)
        documents[name].append(max(reading, rows, key=_explained) if scored else replace(reading, truth=()))
    return [_document(name, pages) for name, pages in documents.items()]


def _document(name: str, pages: list[Reading]) -> HeldOut:
    lines: list[str] = []
    truth: list[str | None] = []
    for page in pages:
        lines += page.read
        truth += _truth(page)
    return HeldOut(name, tuple(lines), tuple(truth))


def _explained(page: Reading) -> int:
    """Characters of the page that its true lines explain: columns may have been read apart, or side by side."""
    return sum(
        LCSseq.similarity(skeleton(true), skeleton(read)) - Indel.distance(skeleton(true), skeleton(read))
        for true, read in pair_lines(page.truth, page.read)
    )


def _truth(page: Reading) -> Iterator[str | None]:
    waiting = iter(pair_lines(page.truth, page.read))
    following = next(waiting, None)
    for line in page.read:
        if following and " ".join(line.split()) == following[1]:
            yield following[0]
            following = next(waiting, None)
        else:
            yield None
