"""Readings of pages: a list of page jobs in, one JSON file a page (true lines, lines as Tesseract read them) out.

Resumable: a page whose file exists is not read again. Seeded: a page's wear depends on its name and the seed alone.
"""

import json
import os
import shlex
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import pytesseract

from . import render

BEST = "tessdata-best"
"""Folder of Tesseract's larger models, beside the folder of readings."""
BEST_FROM = "4.0.0_best_int of the npm packages @tesseract.js-data/eng and @tesseract.js-data/vie, unpacked"


@dataclass(frozen=True)
class Job:
    """One page to read. language: as Tesseract names it, "-best" behind it where its tessdata_best model is to read;
    index: a PDF's page (from 0), or None for a page rendered from `paragraphs`."""

    name: str
    language: str
    pdf: Path | None = None
    index: int | None = None
    paragraphs: tuple[str, ...] = ()
    wear: render.Wear | None = None


@dataclass(frozen=True)
class Reading:
    """True lines and read lines of one page; they need not be equal in number or order."""

    name: str
    language: str
    truth: tuple[str, ...]
    read: tuple[str, ...]


def pdf_jobs(
    folder: Path, language: str, series: str, share: float = 1.0, wear: render.Wear | None = None
) -> Iterator[Job]:
    """Jobs for the pages of all PDFs of a folder; a `share` below 1 takes every so many-th page."""
    step = 1 / share
    for path in sorted(folder.glob("*.pdf")):
        count = render.pdf_length(path)
        for k in range(int(count * share) or 1):
            index = min(int(k * step), count - 1)
            yield Job(f"{series}-{language}-{path.stem}-{index:03}", language, pdf=path, index=index, wear=wear)


def read_page(job: Job, seed: int, best: Path) -> Reading:
    """Render, wear and read one page; best: folder of tessdata_best."""
    rng = np.random.default_rng([seed, zlib.crc32(job.name.encode())])
    wear = job.wear or render.draw_wear(rng)
    if job.pdf is not None and job.index is not None:
        image, truth = render.pdf_page(job.pdf, job.index, wear.dpi)
    else:
        image, truth = render.text_page(job.paragraphs, wear.dpi, rng)
    image = render.wear_image(image, wear, rng)
    language, _, model = job.language.partition("-")
    models = f" --tessdata-dir {shlex.quote(str(best))}" if model else ""
    text = pytesseract.image_to_string(image, lang=language, config=f"--dpi {wear.dpi}{models}")
    return Reading(job.name, job.language, tuple(truth), tuple(text.rstrip("\n\f").split("\n")))


def _read_to_file(task: tuple[Job, Path, int]) -> str:
    job, path, seed = task
    reading = read_page(job, seed, path.parent.parent / BEST)
    partial = path.with_suffix(".part")
    partial.write_text(json.dumps(reading.__dict__, ensure_ascii=False, indent=0), encoding="utf-8")
    partial.rename(path)
    return job.name


def read_pages(jobs: Sequence[Job], folder: Path, seed: int, processes: int | None = None) -> Iterator[str]:
    """Read all jobs into `folder`, yielding each page's name as it is done; pages already there are skipped.

    Errors: FileNotFoundError where a job is for tessdata_best and its model is not in BEST beside `folder`.
    """
    os.environ["OMP_THREAD_LIMIT"] = "1"
    folder.mkdir(parents=True, exist_ok=True)
    tasks = [(job, folder / f"{job.name}.json", seed) for job in jobs]
    open_tasks = [task for task in tasks if not task[1].exists()]
    for language, model in {job.language.partition("-")[::2] for job, _, _ in open_tasks}:
        path = folder.parent / BEST / f"{language}.traineddata"
        if model and not path.exists():
            raise FileNotFoundError(f"{path} is missing: Tesseract's tessdata_best, or {BEST_FROM}")
    with Pool(processes or os.cpu_count()) as pool:
        yield from pool.imap_unordered(_read_to_file, open_tasks, chunksize=4)


def load_readings(paths: Iterable[Path]) -> Iterator[Reading]:
    for path in sorted(paths):
        record = json.loads(path.read_text(encoding="utf-8"))
        yield Reading(record["name"], record["language"], tuple(record["truth"]), tuple(record["read"]))
