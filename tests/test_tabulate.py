"""Tables after extract: over all results, also those of earlier runs, whatever else lies in the folder."""

import csv
import json
import os
import shutil
from pathlib import Path

import pytest

from pipeline.tabulate import Tabulation, tabulate
from tests.documents import KEPT

TASKS = 6


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    for name in ("b.json", "a.json", "sub/c.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(KEPT / "schema-1.0.json", tmp_path / name)
    return tmp_path


def documents(folder: Path) -> list[str]:
    with (folder / "tasks.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(dict.fromkeys(row["document"] for row in csv.DictReader(stream)))


def made(folder: Path) -> Tabulation:
    found = tabulate(folder)
    assert found
    return found


def test_all_documents_in_the_order_of_their_names(clean: Path) -> None:
    assert made(clean).rows["tasks"] == 3 * TASKS
    assert documents(clean) == ["a", "b", "sub/c"]


def test_a_damaged_document_is_told_and_the_others_are_in(clean: Path) -> None:
    (clean / "b.json").write_bytes((clean / "a.json").read_bytes()[:-50])
    found = made(clean)
    assert [(path, error.code) for path, error in found.errors] == [(clean / "b.json", "document_not_json")]
    assert documents(clean) == ["a", "sub/c"]


def test_a_document_of_a_newer_major_version_is_told(clean: Path) -> None:
    newer = json.loads((clean / "a.json").read_bytes()) | {"schema_version": "2.0"}
    (clean / "a.json").write_text(json.dumps(newer))
    assert [error.code for _, error in made(clean).errors] == ["document_too_new"]


def test_json_of_other_programs_and_hidden_files_are_passed_over(clean: Path) -> None:
    (clean / "package.json").write_text('{"name": "x"}')
    (clean / ".a.json.123.part").write_text("{")
    (clean / ".hidden").mkdir()
    (clean / ".hidden" / "d.json").write_text("{")
    (clean / "folder.json").mkdir()
    assert made(clean).errors == ()
    assert documents(clean) == ["a", "b", "sub/c"]


def test_a_document_that_went_is_no_longer_in_the_tables(clean: Path) -> None:
    made(clean)
    (clean / "a.json").unlink()
    made(clean)
    assert documents(clean) == ["b", "sub/c"]
    for name in ("b.json", "sub/c.json"):
        (clean / name).unlink()
    assert made(clean).rows["tasks"] == 0
    assert documents(clean) == []


def test_nothing_is_written_where_there_are_no_documents(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    assert tabulate(tmp_path) is None
    assert tabulate(tmp_path / "none") is None
    assert [path.name for path in tmp_path.iterdir()] == ["package.json"]


def test_tables_that_are_up_to_date_stay(clean: Path) -> None:
    whole = sorted(clean.rglob("*.json"))
    assert tabulate(clean, whole)
    before = (clean / "tasks.csv").stat().st_mtime_ns
    assert tabulate(clean, whole) is None
    assert (clean / "tasks.csv").stat().st_mtime_ns == before
    assert tabulate(clean, whole[1:])
    (clean / "tasks.parquet").unlink()
    assert tabulate(clean, whole)


def test_a_change_is_noticed(clean: Path) -> None:
    whole = sorted(clean.rglob("*.json"))
    made(clean)
    later = (clean / "tasks.csv").stat().st_mtime_ns + 10**9
    os.utime(whole[0], ns=(later, later))
    assert tabulate(clean, whole)
