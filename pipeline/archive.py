"""Jobs in, result files and an outcome for each out: what is current is skipped, a strategy reads the rest."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from pipeline.document import Notice
from pipeline.errors import OutputError, VanbanError
from pipeline.export import read_earlier, sweep, write_files
from pipeline.ingest import sha256
from pipeline.manifest import Made, Manifest
from pipeline.plan import Job
from pipeline.run import USUAL, Options, Reading, load, read

State: TypeAlias = Literal["done", "partial", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one input. partial: it has results, but not all that were asked for; failed: it has none."""

    job: Job
    state: State
    notices: tuple[Notice, ...] = ()
    errors: tuple[VanbanError, ...] = ()
    pages: int = 0
    seconds: float = 0.0


Strategy: TypeAlias = Callable[[Iterable[Job], Options], Iterator[tuple[Job, Reading]]]
"""Reads jobs, in any order, and may take each from the iterable only when it can begin with it."""


def in_process(jobs: Iterable[Job], options: Options) -> Iterator[tuple[Job, Reading]]:
    """The strategy without other processes: one job after the other, unguarded."""
    engine = load()
    for job in jobs:
        yield job, read(job.path, engine, options, job.corrections)


def extract(
    jobs: Iterable[Job],
    out: Path,
    *,
    strategy: Strategy = in_process,
    force: bool = False,
    options: Options = USUAL,
) -> Iterator[Outcome]:
    """Carry out `jobs`, an outcome each as they end; inputs whose results are current are skipped, unless `force`.

    Raises OutputError where nothing can be written to `out`, MissingPartError where a part of the program is missing.
    """
    settled, manifest = deque[Outcome](), Manifest(out)
    todo = _due(jobs, manifest, force, options.pdf, settled)
    readings = out / ".readings"
    options = replace(options, readings=None if readings.is_symlink() else readings)  # a link may lead anywhere
    try:
        for job, reading in strategy(todo, options):
            while settled:
                yield settled.popleft()
            yield _written(job, reading, manifest)
        yield from settled
    finally:
        manifest.close()


def _due(jobs: Iterable[Job], manifest: Manifest, force: bool, pdf: bool, settled: deque[Outcome]) -> Iterator[Job]:
    """Jobs that are to be done; outcomes of the others go to `settled`."""
    model, ready = load().version, False
    for job in jobs:
        if job.error:
            settled.append(Outcome(job, "failed", errors=(job.error,)))
        elif not force and _is_current(job, manifest, model, pdf):
            settled.append(Outcome(job, "skipped"))
        else:
            if not ready:
                _make_ready(manifest.folder)
                ready = True
            yield job


def _is_current(job: Job, manifest: Manifest, model: str, pdf: bool) -> bool:
    made = Made(sha256(job.path), sha256(job.corrections), model)
    if not job.text.exists() or not manifest.is_current(job.json, job.path, made):
        return False
    earlier = read_earlier(job.json) if pdf and not job.pdf.exists() else None
    return earlier is None or not earlier.scans


def _make_ready(out: Path) -> None:
    """Raises OutputError where nothing can be written."""
    probe = out / ".vanban.probe"
    write_files({probe: b""})
    probe.unlink()
    sweep(out)


_STATES: dict[str, State] = {"ok": "done", "partial": "partial", "failed": "failed"}


def outcome(job: Job, reading: Reading) -> Outcome:
    """What became of an input that was read, if its results can be written."""
    state, errors = _STATES[reading.status], reading.errors
    if state == "done" and errors:
        state = "partial"
    return Outcome(job, state, reading.notices, errors, reading.pages, reading.seconds)


def results(job: Job, reading: Reading) -> dict[Path, bytes]:
    """Files to write, in this order; none where the input can't be read."""
    if not reading.json:
        return {}
    pdf = {job.pdf: reading.pdf} if reading.pdf else {}
    return {**pdf, job.text: reading.text, job.json: reading.json}


def _written(job: Job, reading: Reading, manifest: Manifest) -> Outcome:
    ended = outcome(job, reading)
    try:
        write_files(results(job, reading))
        made = Made(reading.sha256, reading.corrections, reading.model)
        codes = [error.code for error in ended.errors]
        manifest.record(job.json, job.path, made, ended.state, codes, reading.pages, reading.seconds)
    except OutputError as error:
        return replace(ended, state="failed", errors=(*ended.errors, error))
    return ended
