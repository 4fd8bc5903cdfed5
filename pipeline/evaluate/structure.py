"""Labelled documents in; out: how far sections, tasks, deadlines, targets and citations agree with the labels.

Each document is structured twice: from its true text, and from its restored OCR text.
"""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from ..document import (
    AgencyMention,
    Citation,
    Findings,
    Line,
    Page,
    Restoration,
    RestoredLine,
    Source,
    Span,
    Structure,
    Syllable,
    Target,
    Word,
)
from ..ingest import ingest, ingest_text
from ..restore import Engine, restore
from ..structure import structure
from ..tasks import find
from .agreement import Agreement, agree
from .gold import Aim, Document, Labels, Limit, Node, Product, Reference, Role, labelled
from .pages import held_out_jobs, read_jobs
from .places import Reading, Text, Words, as_printed, read_by_lines, read_in

READ_WITH = ("eng", 200)
"""Language and dots per inch of the readings that stand beside the true text."""


LISTED = ("nodes", "tasks", "roles", "deadlines", "deliverables", "- period and indicator", "- issuer")
"""Items whose disagreements are listed: the strictest of each kind."""


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


def labels_of(built: Structure, findings: Findings, reading: Reading) -> Labels:
    """What the program found, as words of the true text."""
    ranges = {provision.id: reading.within(provision.raw_spans) for provision in built.provisions}
    starts = {name: min(words, default=None) for name, words in ranges.items()}

    def words(span: Span) -> Words:
        entries = (entry for entry in built.offsets if entry.restored_start < span[1] and span[0] < entry.restored_end)
        return reading.within((entry.raw_start, entry.raw_end) for entry in entries)

    return Labels(
        nodes=tuple(
            Node(ranges[p.id], p.kind, p.marker or "", starts[p.parent_id] if p.parent_id else None)
            for p in built.provisions
        ),
        tasks=tuple(starts[task.node_id] for task in findings.tasks),
        roles=tuple(
            Role(starts[task.node_id], role, mention.agency_id or "", words(mention.span))
            for task in findings.tasks
            for role, mention in _mentions(task.lead, task.coordinating)
        ),
        limits=tuple(
            Limit(starts[task.node_id], words(task.deadline.span), task.deadline.start, task.deadline.end)
            for task in findings.tasks
            if task.deadline
        ),
        products=tuple(
            Product(starts[task.node_id], words(_place_of(task.deliverable, task.node_id, built)))
            for task in findings.tasks
            if task.deliverable
        ),
        aims=tuple(_aim(target, words(target.span)) for target in findings.targets),
        references=tuple(_reference(citation, words(citation.span), starts) for citation in findings.citations),
    )


def _mentions(
    lead: Iterable[AgencyMention], coordinating: Iterable[AgencyMention]
) -> Iterator[tuple[str, AgencyMention]]:
    yield from (("lead", mention) for mention in lead)
    yield from (("coordinating", mention) for mention in coordinating)


def _place_of(text: str, node: str, built: Structure) -> Span:
    """A deliverable has no span of its own: the first place of its words in its unit."""
    provision = next(p for p in built.provisions if p.id == node)
    start = provision.span[0] + max(0, provision.text.find(text))
    return start, start + len(text)


def _aim(target: Target, words: Words) -> Aim:
    years = tuple(sorted({int(year) for year in re.findall(r"(?<!\d)[12]\d{3}(?!\d)", target.period or "")}))
    return Aim(words, target.indicator, target.comparator or "", target.value, target.unit or "", years)


def _reference(citation: Citation, words: Words, starts: dict[str, int | None]) -> Reference:
    day = citation.date.isoformat() if citation.date else str(citation.year or "")
    target = starts[citation.target_id] if citation.target_id else None
    return Reference(words, citation.type, citation.number or "", day, citation.issuer or "", target)


@dataclass(frozen=True)
class Report:
    """All documents, from their true texts and from OCR; `pace`: syllables a second from text to findings."""

    true: tuple[Measured, ...]
    ocr: tuple[Measured, ...]
    pace: float

    def tables(self) -> Iterator[Table]:
        """One table over all documents with precision, recall and F1, and one with the F1 of each document."""
        both = (_total(self.true), _total(self.ocr))
        title = (
            f"sections and tasks, {self.pace:,.0f} syllables/s: from true text, and beside it from restored OCR text"
        )
        whole = Table("item", "labels", *("precision", "recall", "F1") * 2, title=title)
        for item, mine in both[0].items():
            figures = (_percent(x) for a in (mine, both[1][item]) for x in (a.precision, a.recall, a.f1))
            whole.add_row(item, str(mine.gold), *figures)
        yield whole
        names = [item for item in both[0] if not item.startswith("-")]
        each = Table("F1: true text / OCR text", *names)
        for mine_of, read_of in zip(self.true, self.ocr, strict=True):
            pairs = (f"{_percent(mine_of.items[n].f1)} / {_percent(read_of.items[n].f1)}" for n in names)
            each.add_row(mine_of.document.name, *pairs)
        yield each

    def misses(self) -> Iterator[str]:
        """Each disagreement in a line: document, text, item, place, what the label says, what came."""
        for label, measured in (("true", self.true), ("ocr", self.ocr)):
            for one in measured:
                text = one.document.text
                for item in LISTED:
                    for miss in one.items[item].misses:
                        told = f"expected {_say(miss.expected, text)}\tcame {_say(miss.came, text)}"
                        yield f"{one.document.name}\t{label}\t{item}\t{_where(text, miss.at)}\t{told}"


def measure(engine: Engine, shared: Path, build: Path) -> Report:
    """Structures and compares all labelled documents."""
    documents = list(labelled(shared))
    true = tuple(from_true_text(document) for document in documents)
    ocr = tuple(from_ocr(document, engine, shared, build) for document in documents)
    return Report(true, ocr, pace(documents))


def numbered(text: Text) -> Iterator[str]:
    """The lines with their numbers, for those who write labels; each page opens with its own."""
    page = 0
    for number, (line, at) in enumerate(zip(text.lines, text.pages, strict=True), start=1):
        if at != page:
            yield f"--- page {at}"
            page = at
        yield f"{number}\t{line}"


def _total(measured: Sequence[Measured]) -> dict[str, Agreement]:
    items = measured[0].items
    return {item: sum((m.items[item] for m in measured), Agreement()) for item in items}


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"


def _where(text: Text, word: int | None) -> str:
    if word is None:
        return "-"
    place = text.place(word)
    return f"{place} (page {text.pages[int(place.split('.')[0]) - 1]})"


def _say(item: object, text: Text) -> str:
    if item is None:
        return "nothing"
    parts = []
    for name, value in vars(item).items():
        if name == "words":
            parts.append(f"‹{text.place(min(value))}-{text.place(max(value))} {text.quote(value)}›" if value else "‹›")
        elif name in ("parent", "task", "target"):
            parts.append(f"{name} {text.place(value) if value is not None else '-'}")
        elif value not in ("", None, ()):
            parts.append(f"{name} {value}")
    return ", ".join(parts)


def pace(documents: Sequence[Document]) -> float:
    """Syllables a second that structure and tasks work through on one core, all true texts one after another."""
    inputs = [(unchanged(document.text), len(document.text.words)) for document in documents]
    start = time.process_time()
    for (source, restoration), _ in inputs:
        find(structure(source, restoration))
    return sum(count for _, count in inputs) / (time.process_time() - start)
