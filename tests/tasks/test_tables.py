"""Rows of task tables, as annexes of programmes and plans have them, become tasks."""

import time
from collections.abc import Sequence
from datetime import date

import pytest

from pipeline.columns import column_of
from pipeline.document import AgencyMention, StructuredTable, TableCell, TableRow, Task
from pipeline.tasks.language import load
from pipeline.tasks.tables import find_table_tasks

ISSUED = date(2031, 3, 10)
HEADER = ("STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian hoàn thành", "Sản phẩm")


def built(header: Sequence[str], *rows: Sequence[str]) -> tuple[str, StructuredTable]:
    """A text in which the cells stand one after another, a line each, and the table of them."""
    text, made = "", []
    for number, row in enumerate((header, *rows), start=-1):
        cells = []
        for cell in row:
            cells.append(TableCell(cell, (len(text), len(text) + len(cell))))
            text += cell + "\n"
        made.append(TableRow(f"bang/{number}", tuple(cells)))
    return text, StructuredTable("bang", (made[0].cells,) if header else (), tuple(made[1:]))


def table(header: Sequence[str], *rows: Sequence[str]) -> list[Task]:
    text, whole = built(header, *rows)
    doc = load()(text)
    mentions: list[AgencyMention] = sorted((s._.agency for s in doc.spans["agencies"]), key=lambda m: m.span)
    found = list(find_table_tasks(whole, mentions, ISSUED))
    for task in found:
        for mention in (*task.lead, *task.coordinating):
            assert text[slice(*mention.span)] == mention.raw
        if task.deadline:
            assert text[slice(*task.deadline.span)] == task.deadline.raw
        if task.deliverable_span:
            assert text[slice(*task.deliverable_span)] == task.deliverable
    return found


def who(task: Task) -> tuple[list[str | None], list[str | None]]:
    return [m.agency_id for m in task.lead], [m.agency_id for m in task.coordinating]


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("STT", "number"),
        ("TT", "number"),
        ("Nội dung", "task"),
        ("Nhiệm vụ,\ngiải pháp", "task"),
        ("Tên đề án, nhiệm vụ", "task"),
        ("Cơ quan chủ trì", "lead"),
        ("Đơn vị chủ trì thực hiện", "lead"),
        ("Cơ quan thực hiện", "lead"),
        ("Bộ, ngành chủ trì", "lead"),
        ("CƠ QUAN PHỐI HỢP", "coordinating"),
        ("Phối hợp", "coordinating"),
        ("Cơ quan chủ trì, phối hợp", "both"),
        ("Thời hạn", "time"),
        ("Tiến độ thực hiện", "time"),
        ("Thời gian trình", "time"),
        ("Sản phẩm dự kiến", "product"),
        ("Kết quả đầu ra", "product"),
        ("Ghi chú", "note"),
        ("Tổ chức thực hiện", None),
        ("Cây giống", None),
    ],
)
def test_headings(heading: str, column: str | None) -> None:
    assert column_of(heading) == column


def test_a_row_is_a_task() -> None:
    (task,) = table(
        HEADER,
        (
            "1",
            "Trồng lại rừng đầu nguồn",
            "Bộ Nông nghiệp và Môi trường",
            "Bộ Tài chính, UBND các tỉnh",
            "Quý IV/2031",
            "Đề án",
        ),
    )
    assert who(task) == (["bo-nong-nghiep-va-moi-truong"], ["bo-tai-chinh", "uy-ban-nhan-dan-cap-tinh"])
    assert task.deadline is not None
    assert (task.deadline.start, task.deadline.end) == (date(2031, 10, 1), date(2031, 12, 31))
    assert (task.text, task.deliverable, task.origin, task.node_id) == (
        "Trồng lại rừng đầu nguồn",
        "Đề án",
        "table",
        "bang/0",
    )


@pytest.mark.parametrize(
    ("time", "kind", "end"),
    [
        ("2031", "within", date(2031, 12, 31)),
        ("2031 - 2033", "within", date(2033, 12, 31)),
        ("Tháng 6/2031", "within", date(2031, 6, 30)),
        ("12/2031", "within", date(2031, 12, 31)),
        ("Quý II, III/2031", "within", date(2031, 9, 30)),
        ("30/6", "by", date(2031, 6, 30)),
        ("Thường xuyên", "recurring", None),
        ("Sau khi đường đèo được thông xe", "by", None),
    ],
)
def test_times(time: str, kind: str, end: date | None) -> None:
    (task,) = table(HEADER, ("1", "Gác rừng", "Bộ Công an", "", time, ""))
    assert task.deadline is not None
    assert (task.deadline.kind, task.deadline.end) == (kind, end)


def test_what_a_row_does_not_say_stays_empty() -> None:
    (task,) = table(HEADER, ("1", "Gác rừng", "Bộ Công an", "", "", ""))
    assert (task.coordinating, task.deadline, task.deliverable) == ((), None, None)


def test_rows_that_head_a_group_are_no_tasks() -> None:
    found = table(HEADER, ("I", "Giữ rừng", "", "", "", ""), ("1", "Gác rừng", "Bộ Công an", "", "2031", ""))
    assert [task.node_id for task in found] == ["bang/1"]


def test_a_second_line_of_headings_and_one_of_numbers() -> None:
    header = ("TT", "Nhiệm vụ", "Cơ quan thực hiện", "Cơ quan thực hiện", "Thời hạn")
    found = table(
        header,
        ("", "", "Chủ trì", "Phối hợp", ""),
        ("(1)", "(2)", "(3)", "(4)", "(5)"),
        ("1", "Gác rừng", "Bộ Công an", "Bộ Y tế", "2031"),
    )
    assert [who(task) for task in found] == [(["bo-cong-an"], ["bo-y-te"])]


def test_children_take_from_the_row_above_them_what_they_do_not_say() -> None:
    found = table(
        HEADER,
        ("1", "Giữ rừng", "Bộ Công an", "Bộ Y tế", "2031", ""),
        ("1.1", "Gác rừng", "", "", "", ""),
        ("1.2", "Trồng rừng", "Bộ Tài chính", "", "", ""),
        ("2", "Xây chòi gác", "Bộ Xây dựng", "", "", ""),
    )
    assert [(task.node_id, who(task)[0]) for task in found] == [
        ("bang/1", ["bo-cong-an"]),
        ("bang/2", ["bo-tai-chinh"]),
        ("bang/3", ["bo-xay-dung"]),
    ]
    assert {mention.inherited_from for mention in found[0].lead} == {"bang/0"}
    assert found[0].deadline is not None
    assert found[0].deadline.inherited_from == "bang/0"


def test_one_column_for_both_roles() -> None:
    header = ("TT", "Nhiệm vụ", "Cơ quan chủ trì, phối hợp", "Thời hạn")
    found = table(header, ("1", "Gác rừng", "Chủ trì: Bộ Công an; Phối hợp: Bộ Y tế, Hội Gác đèo", "2031"))
    assert [who(task) for task in found] == [(["bo-cong-an"], ["bo-y-te", None])]


@pytest.mark.parametrize(
    ("group", "members"), [("B", ["bang/0", "bang/2"]), ("II", ["bang/0", "bang/2"]), ("b)", ["bang/1", "bang/2"])]
)
def test_capitals_number_groups_and_small_letters_what_is_under_a_row(group: str, members: list[str]) -> None:
    found = table(
        HEADER,
        ("1", "Giữ rừng", "Bộ Công an", "", "2031", ""),
        (group, "Đường đèo", "", "", "", ""),
        ("2", "Xây chòi gác", "Bộ Xây dựng", "", "", ""),
    )
    assert [task.node_id for task in found] == members


def test_a_group_named_in_one_cell_over_all_columns_ends_the_one_before() -> None:
    found = table(
        HEADER,
        ("1", "Giữ rừng", "Bộ Công an", "", "2031", ""),
        ("Việc của các xã", "", "", "", "", ""),
        ("", "- Gác rừng", "", "", "", ""),
    )
    assert [task.node_id for task in found] == ["bang/0"]


def test_a_child_finds_its_row_past_one_that_speaks_for_itself() -> None:
    found = table(
        HEADER,
        ("1", "Giữ rừng", "Bộ Công an", "", "", ""),
        ("1.1", "Gác rừng", "Bộ Tài chính", "", "", ""),
        ("1.2", "Trồng rừng", "", "", "", ""),
    )
    assert [(task.node_id, who(task)[0]) for task in found] == [
        ("bang/1", ["bo-tai-chinh"]),
        ("bang/2", ["bo-cong-an"]),
    ]


def test_headings_that_stand_in_the_first_row() -> None:
    found = table((), HEADER, ("1", "Gác rừng", "Bộ Công an", "", "2031", ""))
    assert [(task.node_id, who(task)[0]) for task in found] == [("bang/1", ["bo-cong-an"])]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (("TT", "Cây giống", "Số lượng"), ("1", "Thông", "200")),
        (("TT", "Nội dung", "Đơn vị", "Năm 2030"), ("1", "Rừng trồng mới", "Nghìn héc-ta", "2030")),
        (("TT", "Tên văn bản", "Ghi chú"), ("1", "Quyết định về rừng", "Bộ Công an")),
        ((), ("1", "Đề án giữ rừng", "Bộ Công an")),
        ((), ()),
    ],
)
def test_a_table_without_tasks(header: Sequence[str], row: Sequence[str]) -> None:
    assert table(header, row, row) == []


def test_a_long_table_takes_linear_time() -> None:
    def seconds(count: int) -> float:
        text, whole = built(
            HEADER, ("1", "Giữ rừng", "Bộ Công an", "", "2031", ""), *[("", "- Gác", "", "", "", "")] * count
        )
        doc = load()(text)
        mentions = [span._.agency for span in doc.spans["agencies"]]
        start = time.process_time()
        assert len(find_table_tasks(whole, mentions, ISSUED)) == count
        return time.process_time() - start

    seconds(10)
    few, many = (min(seconds(count) for _ in range(3)) for count in (400, 4_000))
    assert many < 30 * few
