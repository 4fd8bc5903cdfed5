"""Jobs in, readings out: the strategy over several guarded processes, in which large scans are read page by page."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.archive import Strategy
from pipeline.errors import InputError, StageError
from pipeline.guard import PAGE_BYTES, Guard
from pipeline.ingest import Limits, count_pages, needs_tesseract, read_ahead
from pipeline.plan import Job
from pipeline.pool import Lost, Task, carry_out
from pipeline.run import Options, Reading, read

CHUNK = 8
"""Pages that one process reads at a time of a document of more."""
CHUNKS = 4
"""That each process reads of a document of very many pages: each opens it, and takes its digest, anew."""


def processes(count: int, guard: Guard) -> Strategy:
    """The strategy over `count` processes. A document whose process dies is tried a second time, after all others."""

    def strategy(jobs: Iterable[Job], options: Options) -> Iterator[tuple[Job, Reading]]:
        queue = _Queue(map(_Document, jobs), options, guard, count, options.readings if count > 1 else None)
        for task, result in carry_out(queue.next_task, count, guard.megabytes, "pipeline.preloaded"):
            document, step = task.key
            reading = queue.ended(document, step, result)
            if reading:
                yield document.job, reading

    return strategy


@dataclass(slots=True, eq=False)
class _Document:
    """A job under way. pages: to be read, as far as is known; ahead: steps that its last one waits for."""

    job: Job
    pages: int = 0
    ahead: int = 0
    given_up: bool = False
    tried: bool = False


@dataclass(slots=True)
class _Queue:
    """Steps of documents: its pages counted; some read ahead into `readings`, where there is such a folder, by several
    processes; the whole read, with what those have left there. A text has the last step alone."""

    documents: Iterator[_Document]
    options: Options
    guard: Guard
    count: int
    readings: Path | None
    ready: deque[Task] = field(default_factory=deque)
    again: deque[_Document] = field(default_factory=deque)

    def next_task(self) -> Task | None:
        while self.ready:
            task = self.ready.popleft()
            if not task.key[0].given_up:
                return task
        fresh = next(self.documents, None)
        if fresh is None and not self.again:
            return None
        document = fresh or self.again.popleft()
        if document.pages or not needs_tesseract(document.job.path):
            return self._read_whole(document)
        return Task(
            (document, _count), partial(_count, document.job.path, self.options.limits), self.guard.allowance(1)
        )

    def _read_ahead(self, document: _Document, pages: range, readings: Path) -> Task:
        work = partial(_ahead, document.job.path, pages, self.options.limits, readings)
        return Task((document, _ahead), work, self.guard.allowance(len(pages)))

    def _read_whole(self, document: _Document) -> Task:
        work = partial(_whole, document.job.path, self.options, document.job.corrections)
        return Task((document, _whole), work, self.guard.allowance(document.pages or _text_pages(document.job.path)))

    def ended(self, document: _Document, step: object, result: Any) -> Reading | None:
        """What is to be told of the document, if this was its last step."""
        if step is _count:
            self._counted(document, 1 if isinstance(result, Lost) else result)
        elif step is _ahead:
            document.ahead -= 1
            if isinstance(result, Lost) and not document.given_up:
                document.given_up = True
                return self._lost(result)
            if not document.ahead:
                self.ready.append(self._read_whole(document))
        elif result is Lost.DIED and not document.tried:
            document.tried = True
            document.pages = document.pages or 1
            self.again.append(document)
        else:
            return self._lost(result) if isinstance(result, Lost) else result
        return None

    def _counted(self, document: _Document, pages: int) -> None:
        document.pages = max(pages, 1)
        size = max(CHUNK, pages // (CHUNKS * self.count))
        parts = [range(first, min(first + size, pages + 1)) for first in range(1, pages + 1, size)]
        if self.readings and len(parts) > 1 and pages <= self.options.limits.pages:
            document.ahead = len(parts)
            self.ready.extend(self._read_ahead(document, part, self.readings) for part in parts)
        else:
            self.ready.append(self._read_whole(document))

    def _lost(self, why: Lost) -> Reading:
        if why is Lost.LATE:
            limit = f"{self.guard.seconds} seconds" if self.guard.seconds else "the time that its pages may take"
            remedy = "Look at the file; if it is sound, raise the limit with --max-seconds N."
            return Reading(errors=(InputError("input_too_slow", f"It was given up after {limit}.", remedy),))
        remedy = "Look at the file; if it is sound, close other programs, or raise the limit with --max-memory MB."
        message = "The process that read it was ended, by a fault or for want of memory."
        return Reading(errors=(StageError("process_died", message, remedy),))


def _text_pages(path: Path) -> int:
    try:
        return 1 + path.stat().st_size // PAGE_BYTES
    except OSError:
        return 1


def _count(path: Path, limits: Limits) -> int:
    """Pages of an input; 1 where something is wrong with it, which the reading will tell."""
    try:
        return count_pages(path, limits)
    except Exception:
        return 1


def _ahead(path: Path, pages: range, limits: Limits, readings: Path) -> bool:
    """Read pages ahead; what goes wrong is told by the reading of the whole."""
    try:
        read_ahead(path, pages, limits, readings)
    except Exception:
        return False
    return True


def _whole(path: Path, options: Options, corrections: Path) -> Reading:
    from pipeline.preloaded import ENGINE

    return read(path, ENGINE, options, corrections)
