"""Held-out gazette PDFs in, documents as an OCR engine reads them with their true lines out; resumable."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..train.align import pair_lines
from ..train.read import Job, Reading, load_readings, pdf_jobs, read_pages
from ..train.render import Wear

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
    documents: dict[str, list[Reading]] = defaultdict(list)
    for reading in read_jobs(held_out_jobs(shared, language, dpi), build):
        documents[re.sub(r"-\d+$", "", reading.name)].append(reading)
    return [_document(name, pages) for name, pages in documents.items()]


def held_out_jobs(shared: Path, language: str, dpi: int) -> list[Job]:
    """All pages of the held-out documents."""
    wear = Wear(dpi=dpi, skew=0.2, blur=2.0, noise=8.0, ink=0, contrast=0.85, threshold=150)
    return list(pdf_jobs(shared / "pdf" / "heldout", language, f"heldout{dpi}", 1.0, wear))


def read_jobs(jobs: Sequence[Job], build: Path) -> Iterator[Reading]:
    """Their readings; those that `build` lacks are made."""
    for _ in read_pages(jobs, build, SEED):
        pass
    return load_readings(build / f"{job.name}.json" for job in jobs)


def _document(name: str, pages: list[Reading]) -> HeldOut:
    lines: list[str] = []
    truth: list[str | None] = []
    for page in pages:
        lines += page.read
        truth += _truth(page)
    return HeldOut(name, tuple(lines), tuple(truth))


def _truth(page: Reading) -> Iterator[str | None]:
    pairs = list(pair_lines(page.truth, page.read))
    scored = len(pairs) >= LEAST_PAIRED * len(page.truth)
    waiting = iter(pairs if scored else [])
    following = next(waiting, None)
    for line in page.read:
        if following and " ".join(line.split()) == following[1]:
            yield following[0]
            following = next(waiting, None)
        else:
            yield None
