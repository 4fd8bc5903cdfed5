"""Documents over guarded processes: limits, and large scans read by several."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from pipeline import workforce
from pipeline.document import Findings
from pipeline.errors import InputError
from pipeline.guard import Guard
from pipeline.ingest import Limits, ingest, read_ahead
from pipeline.plan import plan
from pipeline.pool import Lost, Task
from pipeline.restore import Engine
from pipeline.run import Options, Reading, read
from tests.conftest import REPOSITORY
from tests.ingest.papers import saved, text_pdf
from tests.test_cli import CommandLine

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")

DONE = Reading("ok", b"{}", b"")


def paged(path: Path, pages: int) -> Path:
    line = [(70.0, 100.0, "Ủy ban nhân dân xã giao thôn làm việc này trong tháng sau, và báo cáo kết quả.")]
    with pikepdf.open(io.BytesIO(text_pdf(line))) as document:
        for _ in range(pages - 1):
            document.pages.append(document.pages[0])
        path.write_bytes(saved(document))
    return path


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., tuple[list[str], list[Reading]]]:
    """Steps in their order, and what was told; `answer` says what comes of each."""

    def work(
        path: Path, count: int, answer: Callable[[str], Any], keeps: bool = True
    ) -> tuple[list[str], list[Reading]]:
        steps = list[str]()

        def carry_out(next_task: Callable[[], Task | None], *_: object) -> Iterator[tuple[Task, Any]]:
            while task := next_task():
                assert isinstance(task.work, partial)
                name = task.work.func.__name__
                steps.append(f"{name} {list(task.work.args[1])}" if name == "_ahead" else name)
                result = answer(name)
                yield task, task.work() if result is None else result

        monkeypatch.setattr(workforce, "carry_out", carry_out)
        strategy = workforce.processes(count, Guard())
        found = strategy(plan([path], tmp_path / "clean"), Options(readings=tmp_path / ".readings" if keeps else None))
        return steps, [reading for _, reading in found]

    return work


def test_a_large_scan_is_read_by_several_processes_page_by_page(worked: Any, tmp_path: Path) -> None:
    path = paged(tmp_path / "a.pdf", 19)
    answers = {"_whole": DONE, "_ahead": True}
    steps, readings = worked(path, 2, answers.get)
    assert readings == [DONE]
    assert steps == [
        "_count",
        *(f"_ahead {list(part)}" for part in (range(1, 9), range(9, 17), range(17, 20))),
        "_whole",
    ]
    assert worked(path, 1, answers.get)[0] == ["_count", "_whole"]
    assert worked(path, 2, answers.get, keeps=False)[0] == ["_count", "_whole"]
    assert worked(paged(tmp_path / "b.pdf", 8), 2, answers.get)[0] == ["_count", "_whole"]


def test_the_parts_of_a_document_grow_with_it(worked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workforce, "count_pages", lambda *_: 10_000)
    steps, _ = worked(paged(tmp_path / "a.pdf", 1), 2, {"_whole": DONE, "_ahead": True}.get)
    assert steps == ["_count", *(f"_ahead {list(range(n, n + 1250))}" for n in range(1, 10_000, 1250)), "_whole"]


def test_what_workers_share_is_not_searched_for_garbage() -> None:
    code = "import gc, pipeline.preloaded; print(len(gc.get_objects()) < gc.get_freeze_count() / 10)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert said.stdout == "True\n"


def test_pages_that_hang_cost_their_document(worked: Any, tmp_path: Path) -> None:
    steps, (reading,) = worked(paged(tmp_path / "a.pdf", 40), 2, {"_ahead": Lost.LATE}.get)
    assert [error.code for error in reading.errors] == ["input_too_slow"]
    assert len(steps) == 2


def test_a_document_whose_process_died_is_tried_once_more(worked: Any, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Điều 1.")
    steps, (reading,) = worked(tmp_path / "a.txt", 2, {"_whole": Lost.DIED}.get)
    assert steps == ["_whole", "_whole"]
    assert [error.code for error in reading.errors] == ["process_died"]


def test_a_damaged_file_has_one_page_until_it_is_read(worked: Any, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    assert worked(tmp_path / "a.pdf", 2, {"_whole": DONE}.get) == (["_count", "_whole"], [DONE])


def test_time_grows_with_pages_unless_it_is_given() -> None:
    assert Guard().allowance(10) > Guard().allowance(1)
    assert Guard(seconds=5).allowance(10) == 5


def test_a_limit_is_told_with_the_flag_that_raises_it(vanban: CommandLine, tmp_path: Path) -> None:
    paged(tmp_path / "a.pdf", 3)
    err = vanban("extract", "a.pdf", "--out", "clean", "--max-pages", "2", folder=tmp_path).stderr.decode()
    assert "a.pdf: failed: It has 3 pages, more than 2. Split it, or raise the limit with --max-pages N." in err
    assert not list((tmp_path / "clean").glob("*.json"))


def test_a_document_that_takes_too_much_memory_is_told(
    quick: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Findings:
        raise MemoryError

    monkeypatch.setattr("pipeline.run.find", full)
    (tmp_path / "a.txt").write_text("Điều 1.")
    (error,) = read(tmp_path / "a.txt", quick).errors
    assert error.code == "input_too_much_memory"
    assert "--max-memory" in error.remedy


def test_limits_of_pixels(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (300, 400), 255).save(tmp_path / "a.png")
    with pytest.raises(InputError) as caught:
        ingest(tmp_path / "a.png", Limits(pixels=100_000))
    assert caught.value.code == "page_too_large"
    assert "100,000" in caught.value.message


def test_pages_read_ahead_make_the_same_document(tmp_path: Path) -> None:
    path, readings = paged(tmp_path / "a.pdf", 5), tmp_path / "readings"
    for pages in (range(4, 6), range(1, 4)):
        read_ahead(path, pages, Limits(), readings)
    assert len(list(readings.rglob("*.json"))) == 5
    assert ingest(path, readings=readings) == ingest(path)
    assert not readings.exists()
