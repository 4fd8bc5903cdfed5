"""Damaged inputs: no parser is left but by its result or a coded error, and the program loses none of them."""

import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.export import to_document, to_json, unmarked
from pipeline.ingest import as_pdf, ingest, ingest_text
from pipeline.reader import load
from pipeline.restore.lessons import Lesson, lessons_text, load_lessons
from pipeline.review import apply
from pipeline.review.rows import Row, read_log, write_rows
from pipeline.structure import structure
from pipeline.tasks import find
from tests.conftest import REPOSITORY, read_as_is
from tests.fuzz.damage import damaged
from tests.fuzz.program import fuzz
from tests.fuzz.samples import TEXT, images, pdfs, short_images, short_pdfs, texts

SEEDS = st.integers(0, 2**32)


def document() -> bytes:
    source = ingest_text("x.txt", TEXT.encode())
    restored = read_as_is(source)
    structured = structure(source, restored)
    return to_json(to_document(source, restored, structured, find(structured)))


def corrections() -> bytes:
    sha256 = ingest_text("x.txt", TEXT.encode()).sha256
    start = TEXT.index("Giao")
    place = (start, start + 4, "Giao", TEXT[start - 8 : start], TEXT[start + 4 : start + 12], "Giao")
    rows = [
        Row("correct", *place, corrected, "an", f"2026-01-02T03:04:0{second}Z", sha256)
        for second, corrected in enumerate(("Trao", '=1+1;"x"', "Giao cho"))
    ]
    return write_rows(rows, header=True)


SAMPLES = {**texts(), **short_pdfs(), **pdfs(), **short_images(), **images()}
DOCUMENT, CORRECTIONS = document(), corrections()
LESSONS = lessons_text([Lesson("plain", "ân", "dn", 3), Lesson("marked", "văn", "vdn", 4)]).encode()


def test_the_text_that_is_damaged_has_a_table_over_two_pages() -> None:
    (table,) = ingest_text("x.txt", TEXT.encode()).tables
    assert (len(table.cells), len(table.raw_spans)) == (15, 2)


@settings(max_examples=20)  # pages that are pictures take a second each
@given(SEEDS, st.sampled_from(sorted(SAMPLES)))
def test_what_can_be_ingested_goes_through_all_stages(seed: int, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(damaged(SAMPLES[name], list(SAMPLES.values()), Random(seed)))
        with suppress(InputError):
            as_pdf(path)
        try:
            source = ingest(path)
        except InputError as error:
            assert all((error.code, error.message, error.remedy))
            return
    restored = read_as_is(source)
    structured = structure(source, restored)
    assert to_json(to_document(source, restored, structured, find(structured)))


@given(SEEDS)
def test_the_reader_of_documents(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.json")
        path.write_bytes(damaged(DOCUMENT, [DOCUMENT, TEXT.encode()], Random(seed)))
        with suppress(InputError):
            read = load(path)
            read.tree()
            for name in ("tasks", "targets", "citations", "nodes", "corrections"):
                read.frame(name)


@given(SEEDS)
def test_the_log_of_corrections(seed: int) -> None:
    source = ingest_text("x.txt", TEXT.encode())
    data = damaged(CORRECTIONS, [CORRECTIONS, CORRECTIONS.decode("utf-8-sig").encode("utf-16")], Random(seed))
    with suppress(InputError):
        read_log(data)
        restored = apply(source, read_as_is(source), data)
        structured = structure(source, restored)
        assert to_json(to_document(source, restored, structured, find(structured)))


@given(SEEDS)
def test_lessons(seed: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "lessons.tsv")
        path.write_bytes(damaged(LESSONS, [LESSONS, TEXT.encode()], Random(seed)))
        with suppress(ValueError):  # which whoever loads them tells as lessons_broken
            load_lessons(path)


def test_the_lessons_that_are_damaged_are_sound(tmp_path: Path) -> None:
    path = tmp_path / "lessons.tsv"
    path.write_bytes(LESSONS)
    assert [lesson.kind for lesson in load_lessons(path)] == ["plain", "marked"]


@given(st.text(alphabet=st.sampled_from("[]{}|\\?%ab ệ\n")))
def test_marks_are_taken_out_of_any_text(text: str) -> None:
    assert isinstance(unmarked(text), str)


def test_the_program_loses_no_damaged_input(tmp_path: Path) -> None:
    log = tmp_path / "log"
    report = fuzz(30, seed=11, log=log)
    assert not report.faults
    assert report.outcomes.total() == report.inputs.total() == 30
    assert len(set(report.outcomes)) > 1, "sound and hopeless ones should be among them"
    begun = time.monotonic()
    assert fuzz(30, seed=11, log=log) == report
    assert time.monotonic() - begun < 1, "what the log has is not run again"


@pytest.mark.parametrize("kind", ["texts", "pdfs", "images"])
def test_guided_inputs_find_no_fault(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris is not installed: pip install -r requirements-fuzz.txt")
    command = [sys.executable, "-m", "tests.fuzz.guided", kind, str(tmp_path), "-runs=200"]
    done = subprocess.run(command, capture_output=True, timeout=600, check=False, cwd=REPOSITORY)
    assert not done.returncode, done.stderr[-2000:]
    assert b"Done 200 runs" in done.stderr
