"""Rows of a document's tables are tasks beside those of its prose."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.document import Cell, Findings, Structure, Table
from pipeline.ingest import ingest
from pipeline.structure import structure
from pipeline.tasks import find
from tests.conftest import read_as_is
from tests.ingest.papers import put, text_pdf
from tests.support import read

BEFORE = """Hà Nội, ngày 10 tháng 5 năm 2031
KẾ HOẠCH
Giữ rừng đầu nguồn
I. NHIỆM VỤ CHÍNH
1. Bộ Y tế cấp thuốc cho các trạm gác.
"""
AFTER = """
2. Bộ Xây dựng rà soát đường đèo trước ngày 30 tháng 6 năm 2031."""
TASKS = (
    ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời hạn", "Sản phẩm"),
    ("1", "Xây dựng Đề án trồng rừng", "Bộ Công an", "Bộ Tài chính; Hội Gác đèo", "Quý IV/2031", "Đề án"),
    ("2", "Bộ Quốc phòng kiểm tra bẫy thú rừng", "Bộ Quốc phòng", "Các bộ, ngành", "Thường xuyên", "Báo cáo"),
)
AMOUNTS = (
    ("TT", "Cây giống", "Đơn vị", "Số lượng"),
    ("1", "Xây dựng vườn ươm thông", "vườn", "20"),
)


def document(*tables: Sequence[Sequence[str]]) -> Structure:
    """Tables, one after another, between two clauses of a plan; a cell is a line of the text."""
    text, made = BEFORE, []
    for rows in tables:
        first, cells = len(text), []
        for row, texts in enumerate(rows):
            for column, cell in enumerate(texts):
                cells.append(Cell(((len(text), len(text) + len(cell)),), row, column))
                text += cell + "\n"
        made.append(Table(((first, len(text) - 1),), 1, (0, 0, 1, 1), 1, tuple(cells)))
    source, restoration = read(text.removesuffix("\n") + AFTER)
    return structure(replace(source, tables=tuple(made)), restoration)


def spans_agree(whole: Structure, found: Findings) -> bool:
    nodes = {node.id: node for node in whole.provisions}
    stated = [
        *((mention.raw, mention.span) for task in found.tasks for mention in (*task.lead, *task.coordinating)),
        *((task.deadline.raw, task.deadline.span) for task in found.tasks if task.deadline),
        *((task.deliverable, task.deliverable_span) for task in found.tasks if task.deliverable_span),
    ]
    return all(whole.text[slice(*span)] == raw for raw, span in stated) and all(
        task.text in whole.text[slice(*nodes[task.node_id].span)] for task in found.tasks
    )


def test_rows_are_tasks_in_their_place_and_the_prose_around_them_keeps_its_own() -> None:
    whole = document(AMOUNTS, TASKS)
    found = find(whole)
    rows = [node.id for node in whole.provisions if node.kind == "hang"]
    assert [(task.node_id, task.origin) for task in found.tasks] == [
        ("I/1", "prose"),
        (rows[1], "table"),
        (rows[2], "table"),
        ("I/2", "prose"),
    ]
    first, second = found.tasks[1:3]
    assert first.text == "Xây dựng Đề án trồng rừng"
    assert [mention.agency_id for mention in first.lead] == ["bo-cong-an"]
    assert [mention.raw for mention in first.coordinating] == ["Bộ Tài chính", "Hội Gác đèo"]
    assert first.deadline is not None
    assert first.deadline.end is not None
    assert first.deadline.end.isoformat() == "2031-12-31"
    assert (first.deliverable, second.deliverable) == ("Đề án", "Báo cáo")
    assert second.deadline is not None
    assert second.deadline.kind == "recurring"
    assert spans_agree(whole, found)


def test_a_table_without_tasks_gives_none() -> None:
    assert [task.node_id for task in find(document(AMOUNTS)).tasks] == ["I/1", "I/2"]


def test_the_rows_of_a_printed_table_are_tasks(tmp_path: Path) -> None:
    columns = [50.0, 80.0, 250.0, 350.0, 450.0, 545.0]
    lines = [
        *((columns[0] + 3, 305, "TT"), (columns[1] + 5, 305, "Nhiệm vụ"), (columns[2] + 5, 305, "Chủ trì")),
        *((columns[3] + 5, 305, "Phối hợp"), (columns[4] + 5, 305, "Thời hạn")),
        *((columns[0] + 3, 345, "1"), (columns[1] + 5, 345, "Xây dựng Đề án"), (columns[1] + 5, 361, "trồng rừng")),
        *((columns[2] + 5, 345, "Bộ Công an"), (columns[3] + 5, 345, "Bộ Y tế;"), (columns[3] + 5, 361, "Bộ Nội vụ")),
        (columns[4] + 5, 345, "Tháng 6/2031"),
        *((columns[0] + 3, 385, "2"), (columns[1] + 5, 385, "Xây chòi gác"), (columns[2] + 5, 385, "Bộ Xây dựng")),
        (columns[4] + 5, 385, "2032"),
    ]
    rulings = [300.0, 340.0, 380.0, 420.0]
    rules = [
        *((columns[0], y, columns[-1], y) for y in rulings),
        *((x, rulings[0], x, rulings[-1]) for x in columns),
    ]
    source = ingest(put(tmp_path, "a.pdf", text_pdf([(240, 200, "KẾ HOẠCH"), *lines], rules=rules)))
    whole = structure(source, read_as_is(source))
    found = find(whole)
    assert [
        (
            task.text,
            [mention.agency_id for mention in task.lead],
            [mention.agency_id for mention in task.coordinating],
            task.deadline and task.deadline.raw,
            task.origin,
        )
        for task in found.tasks
    ] == [
        ("Xây dựng Đề án trồng rừng", ["bo-cong-an"], ["bo-y-te", "bo-noi-vu"], "Tháng 6/2031", "table"),
        ("Xây chòi gác", ["bo-xay-dung"], [], "2032", "table"),
    ]
    assert spans_agree(whole, found)
