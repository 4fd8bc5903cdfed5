"""Tasks in, their results out as they end: over several processes, any of which may hang or die at no other's cost.

Each worker has one task at a time and a pipe of its own, so that none can block another; the next task is asked for
when a worker is free. Workers are forked, where the system allows, from a server that has loaded all they need and does
no work itself. They end with the process that began them, however that ends.
"""

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from pipeline.confine import confine
from pipeline.errors import MissingPartError

STILLBORN = 5
"""Workers one after the other that end before they can work, after which no more are started."""

Work = Callable[[], Any]


class Lost(Enum):
    """Why a task has no result."""

    DIED = "its process ended"
    LATE = "it took too long"


@dataclass(frozen=True, slots=True)
class Task:
    """key: what the asker knows it by; work: what a process calls, pickled; seconds: after which it is given up."""

    key: Any
    work: Work
    seconds: float


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: "Connection[Any, Any]"
    task: Task | None = None
    until: float = 0.0
    ready: bool = False

    def begin(self, task: Task) -> bool:
        """Whether it could take the task."""
        try:
            self.pipe.send(task.work)
        except OSError:
            return False
        self.task, self.until = task, time.monotonic() + task.seconds
        return True

    def result(self) -> Any:
        """What came of its task; None while it is at work. Lost: it has to be ended."""
        if self.pipe.poll():
            try:
                result = self.pipe.recv()
            except (EOFError, OSError):
                return Lost.DIED
            self.ready = True
            return result
        if not self.process.is_alive():
            return Lost.DIED
        return Lost.LATE if time.monotonic() >= self.until else None

    def end(self) -> None:
        """Kill it, and what it has started."""
        with suppress(AttributeError, OSError):
            os.killpg(self.process.pid or 0, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.pipe.close()


def carry_out(
    next_task: Callable[[], Task | None], processes: int, megabytes: int, preload: str = ""
) -> Iterator[tuple[Task, Any]]:
    """Each task with what its work returned, or Lost; `work` must return something.

    next_task: the next to begin, None while there is none; it is asked again after each result. preload: the module
    that workers need. Raises MissingPartError where no worker lives to begin.
    """
    workers, stillborn = list[_Worker](), 0
    with tempfile.TemporaryDirectory(prefix="vanban-", ignore_cleanup_errors=True) as folder:
        try:
            while True:
                _employ(workers, next_task, processes, lambda: _start(folder, megabytes, preload))
                busy = [worker for worker in workers if worker.task]
                if not busy:
                    return
                soonest = min(worker.until for worker in busy) - time.monotonic()
                wait([place for each in busy for place in (each.pipe, each.process.sentinel)], max(soonest, 0.0))
                for worker in busy:
                    task, result = worker.task, worker.result()
                    if task is None or result is None:
                        continue
                    worker.task = None
                    if isinstance(result, Lost):
                        workers.remove(worker)
                        worker.end()
                    stillborn = 0 if worker.ready else stillborn + 1
                    if stillborn >= STILLBORN and not any(each.ready for each in workers):
                        raise MissingPartError(*_NO_WORKERS)
                    yield task, result
        finally:
            for worker in workers:
                worker.end()


_NO_WORKERS = (
    "workers_broken",
    f"{STILLBORN} processes that were to read documents ended before they could begin.",
    "Close other programs, or raise the limit with --max-memory MB; then try vanban doctor. "
    'A program of your own that calls vanban has to do so under `if __name__ == "__main__":`.',
)


def _employ(
    workers: list[_Worker], next_task: Callable[[], Task | None], processes: int, start: Callable[[], _Worker]
) -> None:
    """Give every worker that is free a task, and take on workers while there are tasks."""
    while sum(worker.task is not None for worker in workers) < processes:
        task = next_task()
        if task is None:
            return
        for worker in [worker for worker in workers if worker.task is None]:
            if worker.begin(task):
                break
            workers.remove(worker)
            worker.end()
        else:
            worker = start()
            workers.append(worker)
            if not worker.begin(task):
                worker.task = task  # it died at once; its result will say so


def _start(folder: str, megabytes: int, preload: str) -> _Worker:
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # processes work side by side instead
    context: Any = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
    if preload and sys.platform == "linux":
        context.set_forkserver_preload([preload])
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, folder, megabytes), daemon=True)
    with _interrupts_left_to_parent():
        process.start()
    there.close()
    return _Worker(process, here)


@contextmanager
def _interrupts_left_to_parent() -> Iterator[None]:
    """Processes started in here never see Ctrl-C, which a terminal sends to all; their parent does, and ends them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # where it is started on the way, it lets Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: "Connection[Any, Any]", folder: str, megabytes: int) -> None:
    """What a worker does: its tasks, until there are no more, or it can't go on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setsid"):
        os.setsid()
    os.environ["TMPDIR"] = tempfile.tempdir = folder
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # libraries say things of damaged files, and bytes of them
    with suppress(EOFError, OSError, MemoryError, RuntimeError):
        confine(megabytes)
        threading.Thread(target=_end_with_parent, daemon=True).start()
        pipe.send(None)  # it can begin
        while True:
            pipe.send(pipe.recv()())


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent
    wait([parent.sentinel])
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
