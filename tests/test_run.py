"""Documents through the stages."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from pipeline import run
from pipeline.archive import extract
from pipeline.document import Findings
from pipeline.errors import InputError, MissingPartError, OutputError
from pipeline.ingest import ingest_text
from pipeline.manifest import NAME
from pipeline.plan import plan
from pipeline.restore import Engine
from pipeline.run import Options, read, restore_lines
from tests.ingest.papers import saved, text_pdf

LETTER = "QUYẾT ĐỊNH\n\nĐiều 1. Thành lập tổ công tác.\n1. Sở Nội vụ báo cáo.\n"


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "a.txt").write_text(LETTER)
    (folder / "b.txt").write_text(LETTER * 2)
    return folder


@pytest.fixture
def states(raw: Path, tmp_path: Path) -> Callable[..., dict[str, str]]:
    def carry_out(**options: Any) -> dict[str, str]:
        outcomes = extract(plan([raw], tmp_path / "clean"), tmp_path / "clean", **options)
        return {outcome.job.path.name: outcome.state for outcome in outcomes}

    return carry_out


States = Callable[..., dict[str, str]]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != NAME}


def test_results_are_the_document_and_the_restored_text(quick: object, states: States, tmp_path: Path) -> None:
    assert states() == {"a.txt": "done", "b.txt": "done"}
    assert sorted(contents(tmp_path / "clean")) == ["a.json", "a.txt", "b.json", "b.txt"]
    document = json.loads((tmp_path / "clean" / "a.json").read_bytes())
    assert (tmp_path / "clean" / "a.txt").read_text() == document["text"]["restored"] + "\n"
    assert document["source"]["file_name"] == "a.txt"
    assert document["generator"]["model"] == "as-is"


def test_the_same_input_gives_the_same_bytes_wherever_it_lies(quick: Engine, raw: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    copy = tmp_path / "elsewhere" / "a.txt"
    copy.write_bytes((raw / "a.txt").read_bytes())
    assert read(copy, quick) == read(raw / "a.txt", quick)


def test_unchanged_inputs_are_skipped_until_something_changes(
    quick: Engine, states: States, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    states()
    assert states() == {"a.txt": "skipped", "b.txt": "skipped"}
    assert states(force=True) == {"a.txt": "done", "b.txt": "done"}
    (raw / "a.txt").write_text(LETTER + "2. Sở Y tế.\n")
    assert states() == {"a.txt": "done", "b.txt": "skipped"}
    (tmp_path / "clean" / "b.txt").unlink()
    assert states() == {"a.txt": "skipped", "b.txt": "done"}
    monkeypatch.setattr(quick, "version", "another")
    assert states() == {"a.txt": "done", "b.txt": "done"}


def test_a_bad_file_among_good_ones_stops_none(quick: object, states: States, raw: Path, tmp_path: Path) -> None:
    (raw / "aa.txt").write_bytes(b"")
    (raw / "ab.pdf").write_bytes(b"%PDF-1.7")
    (raw / "ac.txt").symlink_to(raw / "gone.txt")
    assert states() == {"a.txt": "done", "b.txt": "done", "aa.txt": "failed", "ab.pdf": "failed", "ac.txt": "failed"}
    assert sorted(contents(tmp_path / "clean")) == ["a.json", "a.txt", "b.json", "b.txt"]


@pytest.mark.parametrize(
    ("stage", "status", "text"),
    [("restore", "failed", ""), ("structure", "partial", LETTER), ("find", "partial", None)],
)
def test_what_stages_before_a_failure_found_is_kept(
    quick: Engine, raw: Path, monkeypatch: pytest.MonkeyPatch, stage: str, status: str, text: str | None
) -> None:
    whole = json.loads(read(raw / "a.txt", quick).json)

    def fail(*_: object) -> Findings:
        raise KeyError("x")

    monkeypatch.setattr(run, stage, fail)
    reading = read(raw / "a.txt", quick)
    document = json.loads(reading.json)
    assert document["status"] == status
    assert document["errors"][0]["code"] == {"find": "tasks_failed"}.get(stage, f"{stage}_failed")
    assert "KeyError" in document["errors"][0]["message"]
    assert document["text"]["raw"] == LETTER
    if text is None:
        assert document["nodes"] == whole["nodes"]
    else:
        assert document["nodes"] == []
        assert reading.text.decode().strip() == text.strip()
        for a, b, c, d in document["text"]["map"]:
            assert document["text"]["restored"][a:b] == LETTER[c:d]


def test_documents_with_a_failed_stage_are_tried_again(
    quick: object, states: States, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(run, "find", lambda _: 1 / 0)
        assert states() == {"a.txt": "partial", "b.txt": "partial"}
    assert states() == {"a.txt": "done", "b.txt": "done"}


def test_results_that_break_the_contract_fail_their_document_alone(
    quick: Engine, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "find", lambda _: Findings(("no task",), (), ()))  # type: ignore[arg-type]
    reading = read(raw / "a.txt", quick)
    assert [error.code for error in reading.errors] == ["export_failed"]
    assert not reading.json


def test_an_output_folder_that_cannot_be_written_is_told_at_once(quick: object, states: States, tmp_path: Path) -> None:
    (tmp_path / "clean").write_text("a file")
    with pytest.raises(OutputError) as caught:
        states()
    assert caught.value.code == "output_unwritable"


def test_a_result_that_cannot_be_written_fails_its_document_alone(
    quick: object, states: States, tmp_path: Path
) -> None:
    (tmp_path / "clean" / "a.json").mkdir(parents=True)
    assert states() == {"a.txt": "failed", "b.txt": "done"}
    assert sorted(path.name for path in (tmp_path / "clean").iterdir() if path.is_file()) == [
        NAME,
        "a.txt",
        "b.json",
        "b.txt",
    ]


@pytest.mark.parametrize("files", [(), ("vocabulary.txt",)])
def test_missing_or_damaged_models_are_a_missing_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: tuple[str, ...]
) -> None:
    for file in files:
        (tmp_path / file).write_bytes(b"\xff")
    monkeypatch.setattr(run, "models_folder", lambda: tmp_path)
    with pytest.raises(MissingPartError) as caught:
        run.load()
    assert caught.value.code.startswith("models_")


def test_restore_lines_keeps_all_line_ends(quick: Any) -> None:
    data = "một\r\n\r\nhai\nba\r\x0cbốn".encode()
    assert restore_lines("a.txt", data, quick) == (data, ())
    assert restore_lines("a.txt", data + b"\n", quick) == (data + b"\n", ())
    assert restore_lines("a.txt", b"\n \n", quick) == (b"\n \n", ())
    assert restore_lines("a.txt", b"", quick) == (b"", ())


def test_a_searchable_pdf_that_cannot_be_made_costs_no_document(
    quick: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def damaged(*_: object) -> None:
        raise InputError("image_damaged", "Not an image that can be opened.", "Scan it again.")

    source = ingest_text("a.txt", LETTER.encode())
    scan = replace(source, pages=tuple(replace(page, kind="scan") for page in source.pages))
    monkeypatch.setattr(run, "ingest", lambda *_: scan)
    monkeypatch.setattr(run, "as_pdf", damaged)
    reading = read(tmp_path / "a", quick, Options(pdf=True))
    assert [error.code for error in reading.errors] == ["image_damaged"]
    assert reading.text
    assert not reading.pdf


def test_a_page_that_failed_makes_a_document_partial_and_is_named(
    quick: Engine, raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> str:
        raise MissingPartError("tesseract_missing", "Tesseract is not installed.", "Install it.")

    monkeypatch.setattr("pipeline.ingest.tesseract.check", missing)
    lines = [(70.0, 100.0 + 20 * i, "Ủy ban nhân dân xã giao thôn làm việc này") for i in range(3)]
    whole, empty = text_pdf(lines), text_pdf([], picture=Image.new("L", (60, 80), 0))
    with pikepdf.open(io.BytesIO(whole)) as document, pikepdf.open(io.BytesIO(empty)) as scan:
        document.pages.extend(scan.pages)
        (raw / "c.pdf").write_bytes(saved(document))
    (outcome,) = extract(plan([raw / "c.pdf"], tmp_path / "clean"), tmp_path / "clean")
    assert outcome.state == "partial"
    assert [str(error) for error in outcome.errors] == [
        "Page 2: Tesseract is not installed. Install it. [tesseract_missing]"
    ]
    document_ = json.loads((tmp_path / "clean" / "c.json").read_bytes())
    assert document_["status"] == "partial"
    assert [(error["code"], error["page"]) for error in document_["errors"]] == [("tesseract_missing", 2)]
    assert all(node["box"] and node["page"] == 1 for node in document_["nodes"])
    assert document_["coverage"]["pages_without_text"] == [2]
