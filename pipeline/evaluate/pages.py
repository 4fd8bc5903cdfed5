"""Held-out gazette PDFs in, documents as an OCR engine reads them with their true lines out; resumable."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from rapidfuzz.distance import Indel, LCSseq

from ..ingest.kept import Kept
from ..ingest.pdf import sheets
from ..train.align import pair_lines, skeleton
from ..train.read import Job, Reading, load_readings, pdf_jobs, read_pages
from ..train.render import Wear, pdf_rows

SEED = 11
LEAST_PAIRED = 0.8
"""Share of a page's true lines that must be found in its reading for it to be scored."""


@dataclass(frozen=True)
class HeldOut:
    """lines: as read, pages one behind the other; truth: the true line of each, None where it is not scored."""

    name: str
    lines: tuple[str, ...]
    truth: tuple[str | None, ...]


def read_held_out(shared: Path, build: Path, language: str, dpi: int) -> list[HeldOut]:
    """All held-out documents, rasterised at `dpi`, lightly worn and bilevel, read with Tesseract."""
    documents: dict[str, list[Reading]] = defaultdict(list)
    jobs = held_out_jobs(shared, language, dpi)
    job_of = {job.name: job for job in jobs}
    for reading in read_jobs(jobs, build):
        documents[re.sub(r"-\d+$", "", reading.name)].append(_columns_as_read(job_of[reading.name], reading))
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


def _columns_as_read(job: Job, page: Reading) -> Reading:
    """The page with its true lines as the engine took columns, apart or side by side; a page with tables has none, as
    lines there go over several cells."""
    assert job.pdf is not None
    assert job.index is not None
    paired = len(list(pair_lines(page.truth, page.read)))
    if paired < LEAST_PAIRED * len(page.truth) or job.index + 1 in _pages_with_tables(job.pdf):
        return replace(page, truth=())
    return max(page, replace(page, truth=tuple(pdf_rows(job.pdf, job.index))), key=_explained)


@cache
def _pages_with_tables(pdf: Path) -> frozenset[int]:
    """Numbers of the pages that have ruled tables, from 1."""
    return frozenset(sheet.number for sheet in sheets(pdf, Kept()) if sheet.grids)


def _explained(page: Reading) -> int:
    """Letters of the page that its true lines explain, less those in which they differ."""
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
