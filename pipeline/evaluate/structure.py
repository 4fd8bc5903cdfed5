"""Labelled documents in; out: how far sections, tasks, deadlines, targets and citations agree with the labels.

Each document is structured twice: from its true text, and from its restored OCR text.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..document import Line, Page, Restoration, RestoredLine, Source, Syllable, Word
from ..ingest import ingest, ingest_text
from ..restore import Engine, restore
from ..structure import structure
from ..tasks import find
from .agreement import Agreement, agree
from .found import labels_of
from .gold import Document
from .pages import held_out_jobs, read_jobs
from .places import Reading, Text, as_printed, read_by_lines, read_in

READ_WITH = ("eng", 200)
"""Language and dots per inch of the readings that stand beside the true text."""


@dataclass(frozen=True)
class Measured:
    """How one document agrees with its labels, by item, read from one kind of text."""

    document: Document
    items: dict[str, Agreement]


def from_true_text(document: Document) -> Measured:
    """The true text, as if it had been read and restored without a change."""
    source, restoration = unchanged(document.text)
    return _measure(document, source, restoration, as_printed(document.text, source.raw))


def from_ocr(document: Document, engine: Engine, shared: Path, build: Path) -> Measured:
    """What an OCR engine made of the document's pages, restored."""
    source = as_read(document, shared, build)
    restoration = restore(source, engine)
    if not document.ocr:
        return _measure(document, source, restoration, read_in(document.text, source.raw))
    lines = source.lines[: len(document.text.lines)]
    start = ingest_text(source.name, source.raw[: lines[-1].end].encode())
    reading = read_by_lines(document.text, start.raw, [(line.start, line.end) for line in lines])
    return _measure(document, start, Restoration(restoration.lines[: len(lines)], restoration.model), reading)


def as_read(document: Document, shared: Path, build: Path) -> Source:
    """The engine's text of the document: the one that comes with it, or that of its rasterised pages."""
    if document.ocr:
        return ingest(document.ocr)
    jobs = [
        job
        for job in held_out_jobs(shared, *READ_WITH)
        if job.pdf == document.file and job.index is not None and job.index + 1 in document.pages
    ]
    pages = ("\n".join(page.read) for page in read_jobs(jobs, build / "heldout"))
    return ingest_text(f"{document.name}.txt", "\f".join(pages).encode())


def _measure(document: Document, source: Source, restoration: Restoration, reading: Reading) -> Measured:
    built = structure(source, restoration)
    return Measured(document, agree(document.labels, labels_of(built, find(built), reading), reading.read))


def unchanged(text: Text) -> tuple[Source, Restoration]:
    """A text as a source and its restoration, each word a syllable as it stands."""
    pages: list[Page] = []
    restored: list[RestoredLine] = []
    raw: list[str] = []
    position = 0
    for number in sorted(set(text.pages)):
        lines: list[Line] = []
        for content in (line for line, page in zip(text.lines, text.pages, strict=True) if page == number):
            words = [(m.group(), m.start(), m.end()) for m in re.finditer(r"\S+", content)]
            end = position + len(content)
            lines.append(Line(tuple(Word(w, position + a, position + b) for w, a, b in words), position, end))
            syllables = tuple(Syllable(w, a, b, position + a, position + b, 1.0) for w, a, b in words)
            restored.append(RestoredLine(content, syllables, position, end))
            raw.append(content)
            position = end + 1
        pages.append(Page(number, tuple(lines)))
    return Source("gold.txt", "", "text/plain", "\n".join(raw), tuple(pages)), Restoration(tuple(restored), "unchanged")


def pace(documents: Sequence[Document]) -> float:
    """Syllables a second that structure and tasks work through on one core, all true texts one after another."""
    inputs = [(unchanged(document.text), len(document.text.words)) for document in documents]
    start = time.process_time()
    for (source, restoration), _ in inputs:
        find(structure(source, restoration))
    return sum(count for _, count in inputs) / (time.process_time() - start)
