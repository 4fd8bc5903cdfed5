"""One input file in, the bytes of its results out: a document through the stages."""

import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from pipeline.document import Failure, Findings, MapEntry, Metadata, Notice, Restoration, Source, Structure
from pipeline.errors import InputError, MissingPartError, PageError, StageError, VanbanError
from pipeline.export import marked, searchable_pdf, to_document, to_json
from pipeline.ingest import Limits, as_pdf, ingest, ingest_text, read_file
from pipeline.paths import LESSONS, models_folder
from pipeline.restore import Engine, load_engine, load_lessons, restore
from pipeline.review import MOST_BYTES, apply
from pipeline.structure import structure
from pipeline.tasks import find


@dataclass(frozen=True, slots=True)
class Options:
    """limits: what is refused; pdf: scans become searchable PDFs too; readings: folder for pages of scans that are not
    yet done."""

    limits: Limits = field(default_factory=Limits)
    pdf: bool = False
    readings: Path | None = None


USUAL = Options()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the stages made of one input: the bytes of its files (none where it can't be read), and what to report.

    status: of the document, as in its JSON. sha256, corrections: digests of what it was made from. seconds: what it
    took, which is no part of the result.
    """

    status: Literal["ok", "partial", "failed"] = "failed"

    json: bytes = b""
    text: bytes = b""
    pdf: bytes = b""
    notices: tuple[Notice, ...] = ()
    errors: tuple[VanbanError, ...] = ()
    pages: int = 0
    sha256: str | None = None
    corrections: str | None = None
    model: str = ""
    seconds: float = field(default=0.0, compare=False)


def load() -> Engine:
    """The restoration engine with the models that came with the program, and what the archive's reviewers taught."""
    folder = models_folder()
    try:
        lessons = load_lessons(LESSONS)
    except (OSError, ValueError) as error:
        remedy = "Make it anew (vanban train --from-corrections), or take it away."
        raise MissingPartError("lessons_broken", f"{LESSONS} can't be used: {error}.", remedy) from error
    try:
        return load_engine(folder).having_learned(lessons)
    except (OSError, ValueError, LookupError) as error:
        remedy = "In a checkout run `git checkout models` or `make train`; else install vanban again."
        raise MissingPartError("models_broken", f"The models in {folder} can't be used: {error}.", remedy) from error


def read(path: Path, engine: Engine, options: Options = USUAL, corrections: Path | None = None) -> Reading:
    """One document through the stages. A stage that fails is reported, and what came before it is kept.

    corrections: what reviewers said of it; the file need not be there.
    """
    start = time.perf_counter()
    try:
        reading = _read(path, engine, options, corrections)
    except (InputError, StageError) as error:
        reading = Reading(errors=(error,))
    except MemoryError:
        reading = Reading(errors=(TOO_MUCH_MEMORY,))
    return replace(reading, model=engine.version, seconds=time.perf_counter() - start)


TOO_MUCH_MEMORY = InputError(
    "input_too_much_memory",
    "It takes more memory than a document may have.",
    "Split it, or raise the limit with --max-memory MB.",
)


def _read(path: Path, engine: Engine, options: Options, corrections: Path | None) -> Reading:
    with _stage("ingest"):
        source = ingest(path, options.limits, options.readings)
    restoration = Restoration(lines=(), model=engine.version)
    structured = Structure("", (), Metadata(), (), (), ())
    findings = Findings((), (), ())
    errors = list[VanbanError]()
    try:
        with _stage("restore"):
            restoration = restore(source, engine)
        try:
            restoration = _reviewed(source, restoration, corrections)
        except InputError as error:
            errors.append(InputError(error.code, f"The corrections can't be taken in. {error.message}", error.remedy))
        structured = _as_lines(restoration)
        with _stage("structure"):
            structured = structure(source, restoration)
        with _stage("tasks"):
            findings = find(structured)
    except StageError as error:
        errors.append(error)
    try:
        with _stage("export"):
            document = to_document(source, restoration, structured, findings, errors)
    except StageError as error:
        return Reading(errors=(*errors, error))
    errors += _page_errors(source)
    notices = tuple(Notice(notice.code, notice.message) for notice in document.warnings)
    text = f"{structured.text}\n" if structured.text else ""
    layered = b""
    if options.pdf and any(page.kind == "scan" for page in source.pages):
        try:
            with _stage("export"):
                layered = searchable_pdf(as_pdf(path, options.limits) or b"", source, restoration)
        except (InputError, StageError) as error:
            errors.append(error)
    return Reading(
        document.status,
        to_json(document),
        text.encode(),
        layered,
        notices,
        tuple(errors),
        len(source.pages),
        source.sha256,
        restoration.corrections,
    )


def _reviewed(source: Source, restoration: Restoration, corrections: Path | None) -> Restoration:
    if corrections is None or not corrections.exists():
        return restoration
    data = read_file(corrections, MOST_BYTES)
    with _stage("review"):
        return apply(source, restoration, data)


def _page_errors(source: Source) -> Iterator[PageError]:
    """An error for all pages that failed alike."""
    alike: dict[Failure, list[int]] = {}
    for page in source.pages:
        if page.failure:
            alike.setdefault(page.failure, []).append(page.number)
    for failure, numbers in alike.items():
        pages = f"Page {numbers[0]}" if len(numbers) == 1 else f"Pages {', '.join(map(str, numbers))}"
        yield PageError(failure.code, f"{pages}: {failure.message}", failure.remedy)


def restore_lines(
    name: str, data: bytes, engine: Engine, mark_below: float | None = None
) -> tuple[bytes, tuple[Notice, ...]]:
    """Plain text to plain text in UTF-8: each line, page break and line end stands where the input has it.

    Readings that are less sure than `mark_below` are marked, see export.marks; without it the text is plain.
    """
    if not data.strip():
        return data, ()
    source = ingest_text(name, data)
    with _stage("restore"):
        restoration = restore(source, engine)
        pieces, end = list[str](), 0
        for line, restored in zip(source.lines, restoration.lines, strict=True):
            text = marked(restored, source.raw, mark_below) if mark_below is not None else restored.text
            pieces += source.raw[end : line.start], text
            end = line.end
    whole = "".join((*pieces, source.raw[end:]))
    return whole.encode(), (*source.notices, *restoration.notices)


@contextmanager
def _stage(name: str) -> Iterator[None]:
    try:
        yield
    except (InputError, MemoryError):
        raise
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        message = f"The {name} stage failed: {type(error).__name__} ({place})."
        remedy = "This is a fault in vanban: report it with the file."
        raise StageError(f"{name}_failed", message, remedy) from error


def _as_lines(restoration: Restoration) -> Structure:
    """Makeshift for a document whose structure can't be had: its restored lines."""
    offsets, start = list[MapEntry](), 0
    for line in restoration.lines:
        offsets += (
            MapEntry(start + syllable.start, start + syllable.end, syllable.raw_start, syllable.raw_end)
            for syllable in line.syllables
        )
        start += len(line.text) + 1
    return Structure("\n".join(line.text for line in restoration.lines), tuple(offsets), Metadata(), (), (), ())
