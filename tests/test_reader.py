"""Reading results: what downstream relies on, over versions of the schema, and what is refused how."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import load
from pipeline.errors import InputError
from pipeline.export.frames import Excerpt
from pipeline.export.schema import SCHEMA_VERSION
from pipeline.reader import read_document
from tests.documents import KEPT, document

FIRST = KEPT / "schema-1.0.json"


def write(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load(path)
    assert caught.value.remedy
    return caught.value.code


def test_every_kept_document_is_read() -> None:
    kept = sorted(KEPT.glob("schema-1.*.json"))
    newest = int(SCHEMA_VERSION.removeprefix("1."))
    assert {path.name for path in kept} == {f"schema-1.{minor}.json" for minor in range(newest + 1)}
    for path in kept:
        found = json.loads(path.read_bytes())
        assert load(path).schema_version == found["schema_version"]
        assert [node.text for node in load(path).nodes] == [node["text"] for node in found["nodes"]]


def test_typed_values() -> None:
    found = load(str(FIRST))
    assert found.metadata.issued_date is not None
    assert found.metadata.issued_date.value == "2021-03-12"
    (task, *_) = found.tasks
    assert [agency.name for agency in task.lead] == ["Sở Nội vụ"]
    assert task.deadline is not None
    assert task.deadline.end == date(2021, 6, 30)
    assert found.node(task.node_id).marker == "a"
    with pytest.raises(KeyError):
        found.node("dieu-99")


def test_the_tree_holds_every_node_once_in_reading_order() -> None:
    found = load(FIRST)
    walked = [branch for top in found.tree() for branch in top.walk()]
    assert [branch.node for branch in walked] == list(found.nodes)
    for branch in walked:
        assert [child.node for child in branch.children] == [
            node for node in found.nodes if node.parent_id == branch.node.id
        ]


def test_a_tree_of_five_thousand_levels() -> None:
    nodes = [(str(n), str(n - 1) if n else None, "khoan", None, None, "x") for n in range(5000)]
    (top,) = document(nodes).tree()
    assert sum(1 for _ in top.walk()) == 5000


def test_fields_of_later_versions_are_passed_over(tmp_path: Path) -> None:
    def grown(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: grown(item) for name, item in value.items()} | {"later": [{"x": 1}]}
        return [grown(item) for item in value] if isinstance(value, list) else value

    later = grown(json.loads(FIRST.read_bytes())) | {"schema_version": "1.42"}
    found = load(write(tmp_path / "a.json", later))
    assert found.schema_version == "1.42"
    assert found.model_copy(update={"schema_version": load(FIRST).schema_version}) == load(FIRST)
    assert read_document(tmp_path / "a.json", Excerpt).tasks == found.tasks


def test_a_byte_order_mark_and_other_layout_change_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(json.loads(FIRST.read_bytes())).encode())
    assert load(path) == load(FIRST)


def test_files_that_are_not_there_or_folders(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.json") == "input_missing"
    assert refusal(tmp_path) == "input_folder"


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe", FIRST.read_bytes()[:-100], b'{"schema_name": "\\ud800"}'])
def test_what_is_not_json(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.json").write_bytes(data)
    assert refusal(tmp_path / "a.json") == "document_not_json"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"schema_name": "other.document"}, "document_other_schema"),
        ({"schema_version": "2.0"}, "document_too_new"),
        ({"schema_version": "10.3"}, "document_too_new"),
        ({"schema_version": "0.9"}, "document_invalid"),
        ({"schema_version": None}, "document_invalid"),
        ({"nodes": None}, "document_invalid"),
        ({"status": "splendid"}, "document_invalid"),
    ],
)
def test_other_schemas_versions_and_broken_fields(tmp_path: Path, change: dict[str, Any], code: str) -> None:
    assert refusal(write(tmp_path / "a.json", json.loads(FIRST.read_bytes()) | change)) == code


@pytest.mark.parametrize("content", [[], 1, {}, {"type": "FeatureCollection"}, None])
def test_json_of_other_programs(tmp_path: Path, content: Any) -> None:
    assert refusal(write(tmp_path / "a.json", content)) == "document_other_schema"


def test_the_message_names_the_place(tmp_path: Path) -> None:
    broken = json.loads(FIRST.read_bytes())
    broken["tasks"][1]["deadline"]["kind"] = "never"
    with pytest.raises(InputError, match=r"tasks\.1\.deadline\.kind"):
        load(write(tmp_path / "a.json", broken))


@pytest.mark.parametrize(("index", "field", "value"), [(0, "parent_id", "dieu-2/1"), (3, "id", "co-quan")])
def test_nodes_that_are_no_tree(tmp_path: Path, index: int, field: str, value: str) -> None:
    broken = json.loads(FIRST.read_bytes())
    broken["nodes"][index][field] = value
    assert refusal(write(tmp_path / "a.json", broken)) == "document_invalid"


def test_frames_have_a_row_a_record_and_typed_columns() -> None:
    found = load(FIRST)
    for name in ("tasks", "targets", "citations", "nodes", "corrections"):
        assert len(found.frame(name)) == len(getattr(found, name))
    tasks = found.frame("tasks").set_index("node_id")
    assert tasks.loc["dieu-2/1/a", "deadline_end"] == pd.Timestamp(2021, 6, 30)
    assert tasks.loc["dieu-2/1/a", "lead_ids"] == ("so-noi-vu",)
    assert tasks.loc["dieu-2/1/a", "section"] == "Điều 2. Tổ chức thực hiện > 1 > a"
    assert tasks["deadline_end"].dt.year.max() == 2024
    citations = found.frame("citations").set_index("raw")
    assert citations.loc["khoản 1 Điều này", "node_id"] == "dieu-2/2"
    nodes = found.frame("nodes")
    restored = found.text.restored
    assert [restored[a:b] for a, b in zip(nodes["span_start"], nodes["span_end"], strict=True)] == list(nodes["text"])


def test_a_document_without_anything_has_empty_frames_of_the_same_columns() -> None:
    empty, full = document(), load(FIRST)
    for name in ("tasks", "targets", "citations", "nodes", "corrections"):
        frame = empty.frame(name)
        assert frame.empty
        assert list(frame.dtypes.items()) == list(full.frame(name).dtypes.items())


def test_the_package_starts_without_pandas_and_reader() -> None:
    program = (
        "import sys, pipeline, pipeline.cli; assert not {'pandas', 'pydantic', 'lxml', 'pyarrow'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=FIRST.parents[2])
