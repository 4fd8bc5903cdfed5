"""Questions to the tasks of all results: whom a name means, which days count, how answers are written."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.export import schema
from pipeline.listing import LINE, as_json, as_lines, as_table
from pipeline.query import Question, agencies_called, answers, matching
from tests.documents import KEPT, agency, by, task

GTVT = ("Bộ Giao thông vận tải", "bo-giao-thong-van-tai", "Bộ Giao thông vận tải")


def asked(question: Question, **parts: Any) -> bool:
    return answers(question, schema.Task.model_validate(task("1", **parts)))


@pytest.mark.parametrize(
    "name",
    [
        "Bộ Giao thông vận tải",
        "bộ giao thông vận tải",
        "bo giao thong van tai",
        "Bộ  Giao thông, vận tải",
        "BGTVT",
        "Bộ GTVT",
        "bo-giao-thong-van-tai",
        "Bộ Giao thông vận tãii",
        "giao thông vận tải",
        "GTVT",
    ],
)
def test_an_agency_by_many_names(name: str) -> None:
    assert asked(Question(agency=name), lead=(agency(*GTVT),))
    assert asked(Question(agency=name), lead=(agency("Bộ GTVT", *GTVT[1:]),))


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Bộ Y tế", agency("Sở Y tế", "so-y-te", "Sở Y tế")),
        ("Bộ Công an", agency("Bộ Công Thương", "bo-cong-thuong", "Bộ Công Thương")),
        ("UBND tỉnh Hà Nam", agency("Ủy ban nhân dân tỉnh Hà Nội")),
        ("Ủy ban nhân dân tỉnh Bắc Giang", agency("UBND tỉnh Hậu Giang", "ubnd-hau-giang", "UBND tỉnh Hậu Giang")),
        ("Hội Văn nghệ Biển Xanh", agency("Hội Văn nghệ Sông Hồng")),
        ("Bộ Giao thông vận tải", agency("các bộ, ngành", "cac-bo-nganh", "Các bộ, ngành")),
        ("", agency("Sở Y tế")),
    ],
)
def test_not_for_another_of_a_like_name(name: str, other: dict[str, Any]) -> None:
    assert not asked(Question(agency=name), lead=(other,))


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("Ủy ban nhân dân tỉnh Lào Cai", "UBND tỉnh Lào Cai"),
        ("UBND thành phố Cẩm Thủy", "Ủy ban nhân dân thành phố Cẩm Thuỷ"),
        ("Hội Văn nghệ Biển Xanh", "Hội Văn nghê Biển Xanh"),
        ("Biển Xanh", "Hội Văn nghệ Biển Xanh"),
    ],
)
def test_agencies_that_no_gazetteer_knows_are_found_by_likeness(name: str, raw: str) -> None:
    assert asked(Question(agency=name), lead=(agency(raw),))


def test_a_part_of_a_name_means_all_that_have_it() -> None:
    assert {"bo-giao-thong-van-tai", "so-giao-thong-van-tai"} <= agencies_called("giao thông").ids
    assert agencies_called("Bộ Y tế").ids == {"bo-y-te"}


def test_roles() -> None:
    other = agency("Sở Y tế", "so-y-te", "Sở Y tế")
    parts = {"lead": (other,), "coordinating": (agency(*GTVT),)}
    assert asked(Question(agency="BGTVT"), **parts)
    assert asked(Question(agency="BGTVT", role="coordinating"), **parts)
    assert not asked(Question(agency="BGTVT", role="lead"), **parts)


@pytest.mark.parametrize(
    ("after", "before", "answer"),
    [
        (None, "2025-12-31", True),
        (None, "2025-12-30", False),
        ("2025-12-31", None, True),
        ("2026-01-01", None, False),
        ("2025-01-01", "2025-12-31", True),
        ("2026-01-01", "2025-01-01", False),
    ],
)
def test_days_are_included(after: str | None, before: str | None, answer: bool) -> None:
    days = [date.fromisoformat(day) if day else None for day in (after, before)]
    assert asked(Question(due_after=days[0], due_before=days[1]), deadline=by("2025-12-31")) is answer
    assert not asked(Question(due_after=days[0], due_before=days[1]), deadline=by(None))
    assert not asked(Question(due_after=days[0], due_before=days[1]))
    assert asked(Question())


@pytest.mark.parametrize(("words", "answer"), [("dự toán", True), ("DU  TOAN", True), ("toá", False), ("", False)])
def test_words_of_the_text(words: str, answer: bool) -> None:
    assert asked(Question(text=words)) is answer


def test_answers_over_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.json").write_bytes((KEPT / "schema-1.0.json").read_bytes())
    found = matching([tmp_path, KEPT / "schema-1.0.json", tmp_path / "none.json"], Question(agency="Sở Nội vụ"))
    assert [row[0] for row in found.rows] == ["sub/a"] * 3 + ["schema-1.0"] * 3
    assert (found.documents, found.tasks) == (2, 12)
    assert [error.code for _, error in found.errors] == ["document_not_json", "input_missing"]


def test_lines_for_other_programs() -> None:
    found = matching([KEPT / "schema-1.0.json"], Question(agency="BGTVT", due_before=date(2024, 12, 31)))
    (line,) = as_lines(found.rows).decode().splitlines()
    assert dict(zip(LINE, line.split("\t"), strict=True)) == {
        "document": "schema-1.0",
        "node_id": "phu-luc/II/1/1",
        "page": "1",
        "deadline_end": "2024-12-31",
        "lead": "Sở Giao thông vận tải",
        "coordinating": "Bộ Giao thông vận tải",
        "text": "Sở Giao thông vận tải chủ trì, phối hợp với Bộ Giao thông vận tải tiếp nhận hồ sơ trước ngày 31"
        " tháng 12 năm 2024;",
    }


def test_json_has_lists_and_iso_dates() -> None:
    rows = matching([KEPT / "schema-1.0.json"], Question(due_before=date(2021, 6, 30))).rows
    (found,) = json.loads(as_json(rows))
    assert found["lead"] == ["Sở Nội vụ"]
    assert found["coordinating_ids"] == ["so-tai-chinh", "so-thong-tin-va-truyen-thong"]
    assert found["deadline_end"] == "2021-06-30"
    assert json.loads(as_json([])) == []


def test_nothing_a_document_says_moves_the_cursor(tmp_path: Path) -> None:
    text = (KEPT / "schema-1.0.json").read_text(encoding="utf-8")
    (tmp_path / "a.json").write_text(re.sub('"text": "', r'"text": "\\u001b[2J\\u0007\\u009b\\tx', text))
    rows = matching([tmp_path], Question()).rows
    for data in (as_lines(rows), as_table(rows)):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", data.decode())
    assert all(line.count("\t") == len(LINE) - 1 for line in as_lines(rows).decode().splitlines())
