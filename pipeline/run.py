"""Input files in, result files out: one document through the stages, many documents over several processes."""

import multiprocessing
import os
import signal
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.document import Failure, Findings, MapEntry, Metadata, Notice, Restoration, Source, Structure
from pipeline.errors import InputError, MissingPartError, OutputError, PageError, StageError, VanbanError
from pipeline.export import is_current, marked, searchable_pdf, to_document, to_json, write_files
from pipeline.ingest import as_pdf, ingest, ingest_text, read_file, sha256
from pipeline.paths import LESSONS, models_folder
from pipeline.plan import Job
from pipeline.restore import Engine, load_engine, load_lessons, restore
from pipeline.review import MOST_BYTES, apply
from pipeline.structure import structure
from pipeline.tasks import find


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input. A failed one may have results all the same, of the stages that went well."""

    job: Job
    state: Literal["done", "skipped", "failed"]
    notices: tuple[Notice, ...] = ()
    errors: tuple[VanbanError, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """max_bytes: larger inputs are refused (None: the usual limit); pdf: scans become searchable PDFs too; readings:
    folder for pages of scans that are not yet done."""

    max_bytes: int | None = None
    pdf: bool = False
    readings: Path | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What the stages made of one input: the bytes of its files (none where it can't be read), and what to report."""

    json: bytes = b""
    text: bytes = b""
    pdf: bytes = b""
    notices: tuple[Notice, ...] = ()
    errors: tuple[VanbanError, ...] = ()


_DIED = Reading(
    errors=(
        StageError(
            "process_died",
            "The process that read it was ended from outside, perhaps for want of memory.",
            "Close other programs, or run with --jobs 1.",
        ),
    )
)


def extract(
    jobs: Sequence[Job],
    out: Path,
    *,
    processes: int = 1,
    force: bool = False,
    max_bytes: int | None = None,
    pdf: bool = False,
) -> Iterator[Outcome]:
    """Carry out `jobs`, an outcome each as they end; inputs whose results are current are skipped.

    `pdf`: write searchable PDFs of scans too.
    """
    options = Options(max_bytes, pdf, out / ".readings")
    engine = load()
    todo = list[Job]()
    for job in jobs:
        if job.error:
            yield Outcome(job, "failed", errors=(job.error,))
        elif (
            not force
            and not (pdf and not job.pdf.exists())
            and job.text.exists()
            and is_current(job.json, sha256(job.path), engine.version, sha256(job.corrections))
        ):
            yield Outcome(job, "skipped")
        else:
            todo.append(job)
    if todo:
        _check_writable(out)
    for job, reading in _readings(todo, engine, min(processes, len(todo)), options):
        yield _written(job, reading)


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


def read(path: Path, engine: Engine, options: Options = Options(), corrections: Path | None = None) -> Reading:
    """One document through the stages. A stage that fails is reported, and what came before it is kept.

    corrections: what reviewers said of it; the file need not be there.
    """
    try:
        source = ingest(path, options.max_bytes, options.readings)
    except InputError as error:
        return Reading(errors=(error,))
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
                layered = searchable_pdf(as_pdf(path) or b"", source, restoration)
        except StageError as error:
            errors.append(error)
    return Reading(to_json(document), text.encode(), layered, notices, tuple(errors))


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
    except InputError:
        raise
    except Exception as error:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        message = f"The {name} stage failed: {type(error).__name__}: {error} ({place})."
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


def _check_writable(out: Path) -> None:
    probe = out / f".vanban.{os.getpid()}.part"
    write_files({probe: b""})
    probe.unlink()


def _written(job: Job, reading: Reading) -> Outcome:
    errors = reading.errors
    if reading.json:
        try:
            pdf = {job.pdf: reading.pdf} if reading.pdf else {}
            write_files({**pdf, job.text: reading.text, job.json: reading.json})
        except OutputError as error:
            errors = (*errors, error)
    return Outcome(job, "failed" if errors else "done", reading.notices, errors)


def _readings(jobs: Sequence[Job], engine: Engine, processes: int, options: Options) -> Iterator[tuple[Job, Reading]]:
    if processes <= 1:
        for job in jobs:
            yield job, read(job.path, engine, options, job.corrections)
        return
    unread = list[Job]()
    for job, reading in _pooled(jobs, processes, options):
        if reading is None:
            unread.append(job)
        else:
            yield job, reading
    for job in unread:
        for _, reading in _pooled([job], 1, options):
            yield job, reading or _DIED


def _pooled(jobs: Sequence[Job], processes: int, options: Options) -> Iterator[tuple[Job, Reading | None]]:
    """Readings as they come, None for jobs that were under way or waiting when a process died."""
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), _start_worker)
    others = multiprocessing.active_children()
    try:
        with _interrupts_left_to_parent():
            futures: dict[Future[Reading], Job] = {
                pool.submit(_read_in_worker, job.path, options, job.corrections): job for job in jobs
            }
        for future in as_completed(futures):
            job = futures.pop(future)
            try:
                yield job, future.result()
            except BrokenProcessPool:
                yield job, None
    finally:
        for child in multiprocessing.active_children():
            if child not in others:
                child.terminate()
        pool.shutdown(cancel_futures=True)


@contextmanager
def _interrupts_left_to_parent() -> Iterator[None]:
    """Processes started in here pass over Ctrl-C, which a terminal sends to all: the parent ends them."""
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


_worker_engine: Engine


def _start_worker() -> None:
    global _worker_engine
    _worker_engine = load()


def _read_in_worker(path: Path, options: Options, corrections: Path) -> Reading:
    return read(path, _worker_engine, options, corrections)
