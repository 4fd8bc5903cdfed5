"""Jobs in, result files and an outcome for each out: what is current is skipped, a strategy reads the rest."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeAlias

from pipeline.document import Notice
from pipeline.errors import OutputError, VanbanError
from pipeline.export import is_current, write_files
from pipeline.ingest import sha256
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
    settled = deque[Outcome]()
    todo = _due(jobs, out, force, options.pdf, settled)
    for job, reading in strategy(todo, replace(options, readings=out / ".readings")):
        while settled:
            yield settled.popleft()
        yield _written(job, reading)
    yield from settled


def _due(jobs: Iterable[Job], out: Path, force: bool, pdf: bool, settled: deque[Outcome]) -> Iterator[Job]:
    """Jobs that are to be done; outcomes of the others go to `settled`."""
    model, writable = load().version, False
    for job in jobs:
        if job.error:
            settled.append(Outcome(job, "failed", errors=(job.error,)))
        elif (
            not force
            and not (pdf and not job.pdf.exists())
            and job.text.exists()
            and is_current(job.json, sha256(job.path), model, sha256(job.corrections))
        ):
            settled.append(Outcome(job, "skipped"))
        else:
            if not writable:
                _check_writable(out)
                writable = True
            yield job


def _check_writable(out: Path) -> None:
    probe = out / f".vanban.{os.getpid()}.part"
    write_files({probe: b""})
    probe.unlink()


_STATES: dict[str, State] = {"ok": "done", "partial": "partial", "failed": "failed"}


def _written(job: Job, reading: Reading) -> Outcome:
    state, errors = _STATES[reading.status], reading.errors
    if state == "done" and errors:
        state = "partial"
    if reading.json:
        try:
            pdf = {job.pdf: reading.pdf} if reading.pdf else {}
            write_files({**pdf, job.text: reading.text, job.json: reading.json})
        except OutputError as error:
            state, errors = "failed", (*errors, error)
    return Outcome(job, state, reading.notices, errors, reading.pages, reading.seconds)
