"""Tasks over processes: every one ends with a result or with why it has none."""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pipeline import pool
from pipeline.errors import MissingPartError
from pipeline.pool import Lost, Task, carry_out

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


def square(number: int) -> int:
    return number**2


def die() -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


def hang() -> int:
    while True:
        time.sleep(1)


def hang_with_a_child(note: Path) -> int:
    child = subprocess.Popen(["sleep", "1000"])
    note.write_text(f"{os.getpid()} {child.pid}")
    return child.wait()


def take(megabytes: int) -> str:
    try:
        return str(len(bytearray(megabytes * 1_000_000)))
    except MemoryError:
        return "refused"


def reach() -> str:
    try:
        with socket.socket():
            return "open"
    except PermissionError:
        return "refused"


def reach_from_a_child() -> str:
    code = "import socket\ntry:\n socket.socket(); print('open')\nexcept PermissionError:\n print('refused')"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def carried_out(*works: Callable[[], Any], seconds: float = 60.0, megabytes: int = 2000) -> list[Any]:
    """Results in the order of the works."""
    tasks = deque(Task(key, work, seconds) for key, work in enumerate(works))
    found = {task.key: result for task, result in carry_out(lambda: tasks.popleft() if tasks else None, 2, megabytes)}
    return [found[key] for key in range(len(works))]


def gone(pids: Iterable[int], seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while any(map(running, pids)):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_all_tasks_have_their_results() -> None:
    assert carried_out(*(partial(square, number) for number in range(50))) == [number**2 for number in range(50)]


def test_a_process_that_dies_costs_its_own_task_alone() -> None:
    works: list[Callable[[], int]] = [partial(square, 2), die, partial(square, 3), die, partial(square, 4)]
    assert carried_out(*works) == [4, Lost.DIED, 9, Lost.DIED, 16]


def test_workers_that_never_begin_are_not_started_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    started = list[int]()

    def start(*_: object) -> pool._Worker:
        started.append(1)
        here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(target=os._exit, args=(1,), daemon=True)
        process.start()
        there.close()
        return pool._Worker(process, here)

    monkeypatch.setattr(pool, "_start", start)
    with pytest.raises(MissingPartError, match="workers_broken"):
        list(carry_out(lambda: Task(0, partial(square, 2), 60), 2, 2000))
    assert len(started) <= pool.STILLBORN + 2


def test_a_process_that_hangs_is_ended_with_all_it_started(tmp_path: Path) -> None:
    works: list[Callable[[], int]] = [
        partial(hang_with_a_child, tmp_path / "pids"),
        *(partial(square, number) for number in range(5)),
    ]
    assert carried_out(*works, seconds=3.0) == [Lost.LATE, 0, 1, 4, 9, 16]
    assert gone(map(int, (tmp_path / "pids").read_text().split()))


def test_tasks_are_asked_for_only_when_a_process_is_free() -> None:
    asked = list[int]()

    def next_task() -> Task | None:
        if len(asked) == 100:
            return None
        asked.append(1)
        return Task(len(asked), partial(square, 2), 60)

    results = carry_out(next_task, 2, 2000)
    for done in range(1, 20):
        next(results)
        assert len(asked) <= done + 3
    results.close()  # type: ignore[attr-defined]


def test_stopping_early_ends_the_processes(tmp_path: Path) -> None:
    tasks = deque([Task(0, partial(hang_with_a_child, tmp_path / "pids"), 60.0), Task(1, partial(square, 2), 60.0)])
    results = carry_out(lambda: tasks.popleft() if tasks else None, 2, 2000)
    assert next(results)[1] == 4
    while not (tmp_path / "pids").exists() or not (tmp_path / "pids").read_text():
        time.sleep(0.02)
    results.close()  # type: ignore[attr-defined]
    assert gone(map(int, (tmp_path / "pids").read_text().split()))


def test_processes_end_with_the_one_that_began_them(tmp_path: Path) -> None:
    code = (
        "import pathlib\nfrom functools import partial\nfrom pipeline.pool import Task, carry_out\n"
        "from tests.test_pool import hang_with_a_child\n"
        "if __name__ == '__main__':\n"
        f"    tasks = [Task(0, partial(hang_with_a_child, pathlib.Path({str(tmp_path / 'pids')!r})), 60)]\n"
        "    list(carry_out(lambda: tasks.pop() if tasks else None, 1, 2000))\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parent.parent) as process:
        until = time.monotonic() + 30
        while not (tmp_path / "pids").exists() or not (tmp_path / "pids").read_text():
            assert time.monotonic() < until
            time.sleep(0.02)
        process.kill()
    assert gone(map(int, (tmp_path / "pids").read_text().split()))


def test_memory_has_a_limit() -> None:
    if sys.platform != "linux":
        pytest.skip("limited on Linux alone")
    assert carried_out(partial(take, 100), partial(take, 1000), megabytes=500) == ["100000000", "refused"]


def test_there_is_no_network_for_a_process_and_those_it_starts() -> None:
    assert carried_out(reach) == ["refused"]
    if sys.platform == "linux":
        assert carried_out(reach_from_a_child) == ["refused"]
