"""Tables over many documents: what a spreadsheet and a program find in them."""

import csv
import datetime
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from pipeline.errors import OutputError
from pipeline.export import schema, tables
from pipeline.export.columns import columns
from pipeline.export.frames import Excerpt
from pipeline.export.tables import labelled_rows, table_columns, table_files, tables_are_newer, write_tables
from pipeline.listing import as_csv
from pipeline.reader import Document, read_document
from pipeline.spreadsheet import defused
from tests.documents import KEPT, agency, by, document, task

KEPT_TASKS = 6


@pytest.fixture(scope="module")
def kept() -> Excerpt:
    return read_document(KEPT / "schema-1.0.json", Excerpt)


def excerpt(whole: Document) -> Excerpt:
    return Excerpt.model_validate_json(whole.model_dump_json(), extra="ignore")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_columns_that_users_rely_on() -> None:
    """The schema may add to them; none of these goes, or changes its name."""
    shared = "document document_type document_number document_date issuing_body section page"
    relied_on = {
        "tasks": "node_id text lead lead_ids coordinating coordinating_ids deadline_raw deadline_kind deadline_start"
        " deadline_end deadline_precision deliverable origin",
        "targets": "node_id indicator comparator value unit period span_start span_end",
        "citations": "node_id raw type number year issuer date target_id span_start span_end",
    }
    for name, own in relied_on.items():
        found = [column.name for column in table_columns(name)]  # type: ignore[arg-type]
        assert found[:7] == [*shared.split()[:5], *(n for n in found[5:7])]
        assert {*shared.split(), *own.split()} <= set(found)
        assert len(set(found)) == len(found)


def test_every_kind_of_field_has_a_column() -> None:
    class Inner(BaseModel):
        day: datetime.date | None
        span: schema.Span

    class Record(BaseModel):
        flag: bool
        words: tuple[str, ...]
        inner: Inner | None
        agencies: tuple[schema.Agency, ...]
        other: dict[str, int]
        span: schema.RestoredSpan | None
        parts: schema.RawSpans
        box: schema.Box

    made = Record(
        flag=True, words=("a", "b"), inner=None, agencies=(schema.Agency(**agency("Sở X")),), other={"a": 1},
        span=None, parts=((1, 2),), box=(1, 2, 3, 4),
    )  # fmt: skip
    assert {column.name: (column.kind, column.value(made)) for column in columns(Record)} == {
        "flag": ("flag", True),
        "words": ("texts", ("a", "b")),
        "inner_day": ("date", None),
        "agencies": ("texts", ("Sở X",)),
        "agencies_ids": ("texts", ("",)),
        "other": ("text", '{"a": 1}'),
        "span_start": ("whole", None),
        "span_end": ("whole", None),
        "box": ("numbers", (1.0, 2.0, 3.0, 4.0)),
    }


def test_csv_has_a_byte_order_mark_iso_dates_and_joined_lists(tmp_path: Path, kept: Excerpt) -> None:
    assert write_tables(tmp_path, [("năm 2021/a", kept)]) == {"tasks": KEPT_TASKS, "targets": 1, "citations": 7}
    data = (tmp_path / "tasks.csv").read_bytes()
    assert data.startswith("\N{BYTE ORDER MARK}document,document_type,".encode())
    assert data.count(b"\r\n") == 1 + KEPT_TASKS
    first = read(tmp_path / "tasks.csv")[0]
    assert first["document"] == "năm 2021/a"
    assert first["document_number"] == "9731/QĐ-UBND"
    assert first["document_date"] == "2021-03-12"
    assert first["section"] == "Điều 2. Tổ chức thực hiện > 1 > a"
    assert first["coordinating"] == "Sở Tài chính; Sở Thông tin và Truyền thông"
    assert first["deadline_end"] == "2021-06-30"
    assert first["page"] == "1"


def test_parquet_holds_the_same_with_types(tmp_path: Path, kept: Excerpt) -> None:
    write_tables(tmp_path, [("a", kept)])
    for name in ("tasks", "targets", "citations"):
        table, rows = pd.read_parquet(tmp_path / f"{name}.parquet"), read(tmp_path / f"{name}.csv")
        assert list(table.columns) == list(rows[0])
        assert list(table["section"].fillna("")) == [row["section"] for row in rows]
    tasks = pd.read_parquet(tmp_path / "tasks.parquet")
    assert list(tasks["lead"].iloc[0]) == ["Sở Nội vụ"]
    assert tasks["deadline_end"].iloc[0] == datetime.date(2021, 6, 30)


def test_the_same_documents_give_the_same_bytes_in_any_batches(
    tmp_path: Path, kept: Excerpt, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = [(str(number), kept) for number in range(5)]
    for folder in ("one", "two"):
        write_tables(tmp_path / folder, documents)
    monkeypatch.setattr(tables, "_BATCH", 1)
    write_tables(tmp_path / "batches", documents)
    for name, (text, parquet) in table_files(Path()).items():
        assert (tmp_path / "one" / text).read_bytes() == (tmp_path / "two" / text).read_bytes()
        assert (tmp_path / "one" / parquet).read_bytes() == (tmp_path / "two" / parquet).read_bytes()
        assert (tmp_path / "one" / text).read_bytes() == (tmp_path / "batches" / text).read_bytes(), name
        assert pd.read_parquet(tmp_path / "one" / parquet).equals(pd.read_parquet(tmp_path / "batches" / parquet))


def test_no_documents_give_headings_alone(tmp_path: Path) -> None:
    assert write_tables(tmp_path, []) == {"tasks": 0, "targets": 0, "citations": 0}
    assert len((tmp_path / "tasks.csv").read_bytes().splitlines()) == 1
    assert pd.read_parquet(tmp_path / "tasks.parquet").empty


def test_what_stops_in_the_middle_leaves_the_earlier_tables(tmp_path: Path, kept: Excerpt) -> None:
    def broken() -> Iterator[tuple[str, Excerpt]]:
        yield "b", kept
        raise KeyboardInterrupt

    write_tables(tmp_path, [("a", kept)])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(KeyboardInterrupt):
        write_tables(tmp_path, broken())
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_table_that_cannot_be_replaced_is_told(tmp_path: Path, kept: Excerpt) -> None:
    (tmp_path / "tasks.csv").mkdir()
    with pytest.raises(OutputError) as caught:
        write_tables(tmp_path, [("a", kept)])
    assert caught.value.code == "output_unwritable"


@pytest.mark.parametrize("cell", ["=1+1", "+84 24", "-A1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "-", "=-5"])
def test_formulas_are_defused(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "14.740", "-5", "+3,5%", "Sở Y tế", "'=1", "a=1", "5 - 7"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert defused(cell) == cell


HOSTILE = '=HYPERLINK("http://x"),"; \r\n\tSở'


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from('=+-@\t\r\n",;'), max_size=12)))
def test_any_text_comes_back_from_the_csv(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("tables")
    given_tasks = [
        task("1", text, lead=(agency(text), agency(HOSTILE)), deadline=by("2021-12-31") | {"raw": text})
        for text in (*texts, HOSTILE)
    ]
    whole = document([("1", None, "khoan", "1", None, "x")], tasks=given_tasks)
    write_tables(folder, [(HOSTILE, excerpt(whole))])
    rows = read(folder / "tasks.csv")
    assert [row["text"] for row in rows] == [defused(text) for text in (*texts, HOSTILE)]
    assert [row["lead"] for row in rows] == [defused(f"{text}; {HOSTILE}") for text in (*texts, HOSTILE)]
    assert not any(cell[:1] in ("=", "@", "\t", "\r", "\n") for row in rows for cell in row.values())
    stored = pd.read_parquet(folder / "tasks.parquet")
    assert list(stored["text"]) == [*texts, HOSTILE]


def newest(path: Path) -> None:
    later = max(other.stat().st_mtime_ns for other in (path.parent, *path.parent.iterdir())) + 10**9
    os.utime(path, ns=(later, later))


def test_tables_are_out_of_date_once_a_document_comes_changes_or_goes(tmp_path: Path, kept: Excerpt) -> None:
    paths = [tmp_path / "a.json", tmp_path / "sub" / "b.json"]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        path.write_text("{}")
    assert not tables_are_newer(tmp_path, paths)
    write_tables(tmp_path, [("a", kept)])
    assert tables_are_newer(tmp_path, paths)
    newest(paths[1])
    assert not tables_are_newer(tmp_path, paths)
    write_tables(tmp_path, [("a", kept)])
    newest(tmp_path)
    assert not tables_are_newer(tmp_path, paths)


def test_csv_text_is_what_the_command_line_gives(kept: Excerpt, tmp_path: Path) -> None:
    rows: list[tuple[Any, ...]] = list(labelled_rows("a", kept, "tasks"))
    write_tables(tmp_path, [("a", kept)])
    assert as_csv(rows) == (tmp_path / "tasks.csv").read_bytes()
    assert list(csv.reader(io.StringIO(as_csv(rows).decode("utf-8-sig"))))[1][0] == "a"
