"""By URL: the documents of a local run, byte for byte, in a store; what can't be had or written is told."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.archive import Outcome, extract, in_process
from pipeline.errands import Errand, Terms, admit, do_errands, plan_errands
from pipeline.errors import InputError, UsageError
from pipeline.guard import Guard
from pipeline.ingest import Limits
from pipeline.plan import plan
from pipeline.restore import Engine
from pipeline.run import Options
from tests.conftest import CommandLine
from tests.fuzz.samples import TEXT

fsspec: Any = pytest.importorskip("fsspec", reason="fsspec is not installed: pip install -r requirements-cluster.txt")

NAMES = ("a.txt", "a.pdf", "b/c.txt", "b/C.txt", ".hidden.txt", ".d/e.txt", "x.docx")


@pytest.fixture
def store() -> Any:
    system = fsspec.filesystem("memory")
    yield system
    system.rm("/", recursive=True)


@pytest.fixture
def by_one(quick: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Errands without trained models and other processes."""
    monkeypatch.setattr("pipeline.errands.processes", lambda *_: in_process)
    return quick


def carry_out(store: Any, model: str = "as-is", **terms: Any) -> list[Outcome]:
    errands, source, target = plan_errands(["memory://raw"], "memory://raw/clean")
    return do_errands(errands, Terms(source, target, Options(), Guard(), model, **terms))


def text(number: int) -> bytes:
    return TEXT.replace("12/QĐ", f"{number}/QĐ").encode()


def test_names_are_those_of_a_local_run(store: Any, tmp_path: Path) -> None:
    pages = ("scan/1.png", "scan/2.png", "mixed/1.png", "mixed/note.txt", "above/1.png", "above/deep/er/2.png")
    for name in (*NAMES, *pages):
        (tmp_path / "raw" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "raw" / name).write_bytes(b"x")
        store.pipe_file(f"/raw/{name}", b"x")
    errands, _, _ = plan_errands(["memory://raw"], "memory://clean")
    far = [(errand.job.path.relative_to("/raw"), errand.job.json.relative_to("/clean")) for errand in errands]
    jobs = plan([tmp_path / "raw"], tmp_path / "clean")
    near = [(job.path.relative_to(tmp_path / "raw"), job.json.relative_to(tmp_path / "clean")) for job in jobs]
    assert far == near


@pytest.mark.parametrize("name", ["/raw/../escaped.txt", "/raw/..", "/raw//twice.txt", "/elsewhere.txt"])
def test_a_name_that_leads_elsewhere_is_refused(store: Any, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(type(store), "find", lambda *_, **__: {name: {"size": 1}})
    ((errand,), _, _) = plan_errands(["memory://raw"], "memory://clean")
    assert errand.job.error
    assert errand.job.error.code == "input_name"


def test_results_are_those_of_a_local_run_and_then_current(store: Any, tmp_path: Path, by_one: Engine) -> None:
    raw, out = tmp_path / "raw", tmp_path / "out"
    raw.mkdir()
    for number in range(3):
        (raw / f"{number}.txt").write_bytes(text(number))
        store.pipe_file(f"/raw/{number}.txt", text(number))
    list(extract(plan([raw], out), out))

    assert [outcome.state for outcome in carry_out(store)] == ["done"] * 3
    made = {Path(name).name: store.cat_file(name) for name in store.find("/raw/clean")}
    assert made == {path.name: path.read_bytes() for path in out.glob("*.*") if path.suffix in (".json", ".txt")}

    assert [outcome.state for outcome in carry_out(store)] == ["skipped"] * 3
    store.pipe_file("/raw/1.txt", text(9))
    store.rm("/raw/clean/2.txt")
    assert [outcome.state for outcome in carry_out(store)] == ["skipped", "done", "done"]
    assert [outcome.state for outcome in carry_out(store, force=True)] == ["done"] * 3
    assert [outcome.state for outcome in carry_out(store, model="another")] == ["done"] * 3


def test_corrections_come_along(store: Any, by_one: Engine) -> None:
    store.pipe_file("/raw/a.txt", text(1))
    assert carry_out(store)[0].state == "done"
    store.pipe_file("/raw/a.corrections.csv", b"no such columns\n")
    assert [(outcome.job.path.name, outcome.state) for outcome in carry_out(store)] == [("a.txt", "partial")]


def test_one_that_vanishes_is_told_and_the_others_go_on(store: Any, by_one: Engine) -> None:
    store.pipe_file("/raw/a.txt", text(1))
    store.pipe_file("/raw/b.txt", text(2))
    errands, source, target = plan_errands(["memory://raw"], "memory://clean")
    store.rm("/raw/a.txt")
    outcomes = do_errands(errands, Terms(source, target, Options(), Guard(), "as-is"))
    assert [outcome.state for outcome in outcomes] == ["failed", "done"]
    assert outcomes[0].errors[0].code == "input_unreadable"


def test_a_name_too_long_for_the_disk_is_told(store: Any, by_one: Engine) -> None:
    store.pipe_file(f"/raw/{'n' * 300}/1.png", b"page")
    store.pipe_file("/raw/a.txt", text(1))
    assert [outcome.state for outcome in carry_out(store)] == ["done", "failed"]


def test_a_store_that_takes_nothing_is_told(store: Any, by_one: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    store.pipe_file("/raw/a.txt", text(1))
    monkeypatch.setattr(type(store), "pipe_file", refuse)
    (outcome,) = carry_out(store)
    assert (outcome.state, outcome.errors[-1].code) == ("failed", "output_unwritable")


def test_too_large_a_document_is_not_fetched(store: Any) -> None:
    store.pipe_file("/raw/a.txt", b"x" * 11)
    (errand,), _, _ = plan_errands(["memory://raw"], "memory://clean")
    assert errand.files == {"/raw/a.txt": 11}
    with pytest.raises(InputError) as caught:
        admit(errand, Options(Limits(bytes=10)))
    assert caught.value.code == "input_too_large"


def test_nothing_at_a_url_is_told(store: Any) -> None:
    ((errand,), _, _) = plan_errands(["memory://gone"], "memory://clean")
    assert isinstance(errand, Errand)
    assert errand.job.error
    assert errand.job.error.code == "input_missing"


@pytest.mark.parametrize(
    ("urls", "code"),
    [(["nonesuch://a"], "store_unknown"), (["memory://a", "file:///a"], "stores_mixed")],
)
def test_urls_that_cannot_be_read_are_refused(urls: list[str], code: str) -> None:
    with pytest.raises(UsageError) as caught:
        plan_errands(urls, "memory://clean")
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("file:///raw", "--out", "file:///clean"), "url_without_cluster"),
        (("file:///raw", "--engine", "ray"), "url_and_folder"),
        (("raw", "--out", "s3://clean", "--engine", "ray"), "url_and_folder"),
        (("nonesuch://raw", "--out", "file:///clean", "--engine", "ray"), "store_unknown"),
    ],
)
def test_the_command_says_what_is_wrong_with_urls(vanban: CommandLine, arguments: tuple[str, ...], code: str) -> None:
    ended = vanban("extract", *arguments)
    assert ended.returncode == 2
    assert f"[{code}]" in ended.stderr.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="the address of a folder looks different there")
def test_a_cluster_reads_and_writes_by_url(vanban: CommandLine, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: pip install -r requirements-cluster.txt")
    raw, near, far = tmp_path / "raw", tmp_path / "near", tmp_path / "far"
    raw.mkdir()
    for number in range(10):
        (raw / f"{number}.txt").write_bytes(text(number))
    (raw / "empty.txt").touch()
    assert vanban("extract", os.fspath(raw), "--out", os.fspath(near)).returncode == 1
    command = ("extract", raw.as_uri(), "--out", far.as_uri(), "--engine", "ray", "--jobs", "1")
    ended = vanban(*command)
    assert ended.returncode == 1
    assert "10 done, 0 partial, 1 failed, 0 skipped" in ended.stderr.decode()
    assert {path.name: path.read_bytes() for path in far.iterdir()} == {
        path.name: path.read_bytes() for path in near.iterdir() if path.stem.isdecimal() and path.suffix != ".html"
    }
    assert "0 done, 0 partial, 1 failed, 10 skipped" in vanban(*command).stderr.decode()
