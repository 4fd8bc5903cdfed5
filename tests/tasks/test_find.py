"""Which provisions are tasks, whose they are, by when, with what result."""

import time
from pathlib import Path

import pytest

from pipeline.document import Findings, Task
from pipeline.structure import structure
from pipeline.tasks import find
from tests.support import read

GOLDEN = Path(__file__).parent.parent / "structure" / "golden"
HEAD = "Hà Nội, ngày 10 tháng 5 năm 2020\nKẾ HOẠCH\nGiữ rừng đầu nguồn\n"


def findings(text: str) -> Findings:
    return find(structure(*read(text)))


def tasks(text: str) -> dict[str, Task]:
    return {task.node_id: task for task in findings(text).tasks}


def golden(name: str) -> dict[str, Task]:
    return tasks((GOLDEN / f"{name}.txt").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "nodes"),
    [
        (
            "chuong_trinh",
            ["II/1/a/1", "II/1/a/2", "II/1/b", "II/2/1", "II/2/2", "II/3", "II/4", "II/5", "III/1", "III/2"],
        ),
        ("nghi_dinh", ["chuong-I/muc-2/dieu-3/1", "chuong-I/muc-2/dieu-3/3"]),
        ("ke_hoach", ["II/1/1", "II/1/1/1", "II/1/1/2", "II/1/2", "II/2"]),
        ("cong_van", ["doan-1"]),
    ],
)
def test_tasks_of_the_golden_documents(name: str, nodes: list[str]) -> None:
    prefix = "phu-luc/" if name == "chuong_trinh" else ""
    assert list(golden(name)) == [prefix + node for node in nodes]


def who(task: Task) -> tuple[list[str | None], list[str | None]]:
    return [m.agency_id for m in task.lead], [m.agency_id for m in task.coordinating]


@pytest.mark.parametrize(
    ("name", "node", "lead", "coordinating"),
    [
        ("chuong_trinh", "phu-luc/III/1", ["bo-tai-chinh"], []),
        ("chuong_trinh", "phu-luc/III/2", ["uy-ban-nhan-dan-cap-tinh"], []),
        ("nghi_dinh", "chuong-I/muc-2/dieu-3/1", ["bo-xay-dung"], ["bo-cong-an", "uy-ban-nhan-dan-cap-tinh"]),
        ("ke_hoach", "II/1/1", ["so-cong-thuong"], ["so-tai-chinh", "cong-an-cap-tinh"]),
        ("ke_hoach", "II/1/2", ["so-cong-thuong"], []),
        ("ke_hoach", "II/2", ["uy-ban-nhan-dan-cap-huyen"], []),
        ("cong_van", "doan-1", ["cac-co-quan"], []),
    ],
)
def test_agencies(name: str, node: str, lead: list[str], coordinating: list[str]) -> None:
    assert who(golden(name)[node]) == (lead, coordinating)


@pytest.mark.parametrize(
    ("name", "node", "raw", "end"),
    [
        ("nghi_dinh", "chuong-I/muc-2/dieu-3/3", "trước ngày 30 tháng 9 năm 2032", "2032-09-30"),
        ("nghi_dinh", "chuong-I/muc-2/dieu-3/1", "hằng năm", None),
        ("ke_hoach", "II/1/1", "trước ngày 30 tháng 4 năm 2021", "2021-04-30"),
        ("ke_hoach", "II/1/2", "trong quý III năm 2021", "2021-09-30"),
        ("cong_van", "doan-1", "trước ngày 28 tháng 02 năm 2026", "2026-02-28"),
    ],
)
def test_deadlines(name: str, node: str, raw: str, end: str | None) -> None:
    deadline = golden(name)[node].deadline
    assert deadline is not None
    assert (deadline.raw, deadline.end.isoformat() if deadline.end else None) == (raw, end)


def test_deliverables() -> None:
    assert golden("ke_hoach")["II/1/2"].deliverable == "Đề án chợ phiên du lịch"


def test_spans_point_into_the_restored_text() -> None:
    source, restoration = read((GOLDEN / "ke_hoach.txt").read_text(encoding="utf-8"))
    whole = structure(source, restoration)
    for task in find(whole).tasks:
        for mention in (*task.lead, *task.coordinating):
            assert whole.text[slice(*mention.span)] == mention.raw
        if task.deadline:
            assert whole.text[slice(*task.deadline.span)] == task.deadline.raw


@pytest.mark.parametrize(
    "line",
    [
        "Rừng đầu nguồn có nhiều cây gỗ quý.",
        "Xây dựng.",
        "Bà con phấn khởi trồng rừng.",
        "Mỗi xã được cấp hai nghìn cây giống.",
    ],
)
def test_statements_are_no_tasks(line: str) -> None:
    assert tasks(f"{HEAD}I. NHIỆM VỤ CHÍNH\n1. {line}") == {}


@pytest.mark.parametrize("title", ["MỤC TIÊU CHUNG", "QUAN ĐIỂM CHỈ ĐẠO", "MỤC ĐÍCH, YÊU CẦU", "PHẠM VI THỰC HIỆN"])
def test_aims_are_no_tasks(title: str) -> None:
    text = f"{HEAD}I. {title}\n1. Xây dựng vườn ươm ở mỗi xã.\nII. NHIỆM VỤ CHÍNH\n1. Xây dựng vườn ươm ở mỗi xã."
    assert list(tasks(text)) == ["II/1"]


def test_a_stem_is_no_task_but_its_items_are() -> None:
    text = f"{HEAD}1. Bộ Công an có trách nhiệm:\na) Kiểm tra xe chở gỗ;\nb) Xử lý xe vi phạm."
    found = tasks(text)
    assert list(found) == ["1/a", "1/b"]
    assert {lead.agency_id for task in found.values() for lead in task.lead} == {"bo-cong-an"}


def test_a_task_with_a_list_of_objects_is_one_task() -> None:
    text = f"{HEAD}1. Rà soát các loại rừng sau đây:\na) Rừng thông;\nb) Rừng tràm."
    assert list(tasks(text)) == ["1"]


def test_ministries_named_in_a_list() -> None:
    found = tasks(f"{HEAD}1. Giao các Bộ: Công an, Quốc phòng và Y tế tổ chức trực gác rừng.")
    assert who(found["1"])[0] == ["bo-cong-an", "bo-quoc-phong", "bo-y-te"]


def test_the_clause_on_execution_is_no_task() -> None:
    assert tasks("QUYẾT ĐỊNH\nVề rừng\nĐiều 1. Bộ Y tế và Bộ Công an chịu trách nhiệm thi hành Quyết định này.") == {}


def test_in_a_decree_only_agencies_have_tasks() -> None:
    text = (
        "NGHỊ ĐỊNH\nVề rừng\nĐiều 1. Chủ rừng\n1. Trồng lại rừng trong một năm.\n2. Bộ Y tế kiểm tra việc dùng thuốc."
    )
    assert list(tasks(text.replace("Trồng lại", "Thực hiện trồng lại"))) == ["dieu-1/2"]


@pytest.mark.parametrize("text", ["", "x" * 1_000_000, "Bộ " * 50_000, "ngày 99 tháng 99 năm 2020", "Điều 1.\n" * 50])
def test_odd_input(text: str) -> None:
    findings(text)


def test_a_crowded_paragraph_takes_linear_time() -> None:
    unit = "Bộ Y tế phối hợp với Bộ Công an theo khoản 1 Điều 1 đạt 5% trước ngày 1 tháng 5 năm 2021; "

    def seconds(count: int) -> float:
        whole = structure(*read("1. " + unit * count))
        start = time.process_time()
        find(whole)
        return time.process_time() - start

    seconds(10)
    assert seconds(2_000) < 20 * seconds(200)


def test_a_paragraph_that_leads_in_names_the_lead_of_what_follows() -> None:
    text = (
        f"{HEAD}I. NHIỆM VỤ CHÍNH\nĐể giữ rừng, bên cạnh việc thường ngày, Bộ Công an và các địa phương cần cụ thể hóa"
        " và làm các việc sau đây:\n1. Gác rừng\n- Tăng cường tuần tra ban đêm.\n- Bộ Y tế cung cấp thuốc."
        "\n2. Kiểm tra bẫy thú rừng."
    )
    found = tasks(text)
    assert {node: who(task)[0] for node, task in found.items()} == {
        "I/1/1": ["bo-cong-an", "cac-dia-phuong"],
        "I/1/2": ["bo-y-te"],
        "I/2": ["bo-cong-an", "cac-dia-phuong"],
    }


def test_a_lead_in_says_nothing_of_what_stands_before_it() -> None:
    text = f"{HEAD}1. Kiểm tra bẫy thú rừng.\nBộ Công an cần làm các việc sau:\n2. Tăng cường tuần tra."
    assert {node: who(task)[0] for node, task in tasks(text).items()} == {"1": [], "2": []}


def test_items_inherit_who_helps_from_their_stem() -> None:
    text = f"{HEAD}1. Bộ Công an phối hợp với Bộ Y tế làm các việc sau:\na) Kiểm tra xe chở gỗ;\nb) Xử lý xe vi phạm."
    assert who(tasks(text)["1/b"]) == (["bo-cong-an"], ["bo-y-te"])


def test_a_stem_that_lost_its_colon_is_still_a_stem() -> None:
    found = tasks(f"{HEAD}1. Giao Bộ Công an;\na) Kiểm tra xe chở gỗ;\nb) Xử lý xe vi phạm.")
    assert {node: who(task)[0] for node, task in found.items()} == {"1/a": ["bo-cong-an"], "1/b": ["bo-cong-an"]}


def test_the_subject_of_a_later_clause_leads() -> None:
    text = f"{HEAD}1. Khi có cháy, nếu cần thêm người, các bộ, cơ quan thuộc Chính phủ chủ động báo Bộ Y tế."
    assert who(tasks(text)["1"])[0] == ["cac-bo", "co-quan-thuoc-chinh-phu"]


def test_a_verb_that_lost_a_letter_is_still_a_verb() -> None:
    assert list(tasks(f"{HEAD}I. NHIỆM VỤ CHÍNH\n1. T chức trồng rừng.\n2. Xâ dựng vườn ươm.")) == ["I/1", "I/2"]


def test_headings_above_tasks_are_none() -> None:
    text = f"{HEAD}1. Tăng cường gác rừng\n- Kiểm tra bẫy thú rừng.\n2. Đẩy mạnh trồng rừng:\n- Xây dựng vườn ươm."
    assert list(tasks(text)) == ["1/1", "2/1"]


def test_rights_and_what_is_adopted_are_no_tasks() -> None:
    text = (
        "QUYẾT ĐỊNH\nVề rừng\nĐiều 1. Quyền hạn của đội\n1. Kiểm tra xe.\nĐiều 2. Thông qua hai việc:\n1. Cải tạo rừng."
    )
    assert tasks(text) == {}


@pytest.mark.parametrize(
    ("line", "deliverable"),
    [
        ("Xây dựng các chương trình, trồng rừng.", None),
        ("Xây dựng chương trình, kế hoạch gác rừng.", "chương trình, kế hoạch gác rừng"),
        ("Đề xuất gửi bộ Kế hoạch và Đầu tư xem xét.", None),
        ("Hoàn thiện cơ sở dữ liệu, hệ thống chốt gác.", None),
    ],
)
def test_what_is_delivered(line: str, deliverable: str | None) -> None:
    assert tasks(f"{HEAD}I. NHIỆM VỤ CHÍNH\n1. {line}")["I/1"].deliverable == deliverable


def test_what_is_inherited_says_from_where() -> None:
    text = (
        f"{HEAD}I. NHIỆM VỤ CHÍNH\n1. Bộ Công an phối hợp với Bộ Y tế:\na) Gác rừng ban đêm;\n"
        "b) Bộ Quốc phòng gác đèo ban ngày."
    )
    found = tasks(text)
    assert {m.inherited_from for m in (*found["I/1/a"].lead, *found["I/1/a"].coordinating)} == {"I/1"}
    assert [(m.agency_id, m.inherited_from) for m in found["I/1/b"].lead] == [("bo-quoc-phong", None)]


def test_a_title_that_is_a_time_limits_what_stands_under_it() -> None:
    found = tasks(
        f"{HEAD}1. Trong quý II năm 2021:\na) Kiểm tra bẫy thú rừng;\nb) Trồng lại rừng trước ngày 5 tháng 9 năm 2021."
    )
    first, second = found["1/a"].deadline, found["1/b"].deadline
    assert first is not None
    assert second is not None
    assert (first.raw, first.inherited_from) == ("Trong quý II năm 2021", "1")
    assert (second.raw, second.inherited_from) == ("trước ngày 5 tháng 9 năm 2021", None)


@pytest.mark.parametrize(
    "text",
    [
        "1. Tên nhiệm vụ: Trồng lại rừng.\n2. Cơ quan chủ trì: Bộ Công an.\n3. Cơ quan phối hợp: Bộ Y tế.\n"
        "4. Sản phẩm: Đề án trồng rừng.\n5. Thời gian hoàn thành: Quý IV/2021.",
        "1. Trồng lại rừng\n- Đơn vị chủ trì: Bộ Công an.\n- Đơn vị phối hợp: Bộ Y tế.\n- Sản phẩm: Đề án trồng rừng.\n"
        "- Thời gian thực hiện: Quý IV/2021.",
    ],
)
def test_a_task_told_in_fields_is_one(text: str) -> None:
    found = tasks(HEAD + text)
    assert list(found) == ["1"]
    assert who(found["1"]) == (["bo-cong-an"], ["bo-y-te"])
    assert found["1"].deliverable == "Đề án trồng rừng"
    assert found["1"].deadline is not None
    assert found["1"].deadline.raw == "Quý IV/2021"


def test_the_order_passes_on_to_whom_it_names() -> None:
    text = (
        f"{HEAD}Thủ tướng Chính phủ yêu cầu Bộ Công an và Bộ Y tế thực hiện các nhiệm vụ sau đây:\n1. Gác rừng ban đêm."
    )
    assert who(tasks(text)["1"])[0] == ["bo-cong-an", "bo-y-te"]


def test_who_enacts_a_plan_has_not_its_tasks() -> None:
    assert who(tasks(f"{HEAD}Ủy ban nhân dân tỉnh ban hành Kế hoạch như sau:\n1. Kiểm tra bẫy thú rừng.")["1"])[0] == []


def test_a_stem_over_a_list_of_cases_is_the_task() -> None:
    text = f"{HEAD}1. Bộ Công an kiểm tra xe trong các trường hợp sau:\na) Chở gỗ lậu;\nb) Chạy quá tốc độ."
    assert list(tasks(text)) == ["1"]


def test_bodies_that_no_gazetteer_knows() -> None:
    text = (
        f"{HEAD}1. Trong thời hạn 10 ngày, cơ quan bảo hiểm xã hội chi trả tiền hỗ trợ.\n"
        "2. Trung tâm Giống rừng chủ trì ươm cây."
    )
    leads = {node: [m.raw for m in task.lead] for node, task in tasks(text).items()}
    assert leads == {"1": ["cơ quan bảo hiểm xã hội"], "2": ["Trung tâm Giống rừng"]}


def test_a_later_subject_does_not_replace_the_stem_s() -> None:
    text = f"{HEAD}1. Bộ Công an:\na) Tăng cường gác rừng. Bộ Y tế khẩn trương cấp thuốc."
    assert who(tasks(text)["1/a"])[0] == ["bo-cong-an"]


def test_a_noun_is_no_verb() -> None:
    assert tasks(f"{HEAD}I. NHIỆM VỤ CHÍNH\n1. Vận hành của các trạm gác rừng trên đèo.") == {}


@pytest.mark.parametrize(
    "headings",
    [
        "TT Nội dung công việc Cơ quan chủ trì Cơ quan phối hợp Thời gian",
        "TT\n\nNhiệm vụ\n\nCơ quan chủ trì\n\nThời hạn",
    ],
)
def test_cells_of_a_table_that_came_as_text_are_no_tasks(headings: str) -> None:
    cells = "1\n\nTrồng lại rừng\n\nBộ Công an chủ trì theo dõi\n\nQuý IV/2021"
    text = (
        f"QUYẾT ĐỊNH\nVề rừng\nĐiều 1. Giao Bộ Công an gác rừng.\nPHỤ LỤC\nDANH MỤC NHIỆM VỤ\n\n{headings}\n\n{cells}"
    )
    assert list(tasks(text)) == ["dieu-1"]


def test_a_table_that_came_as_one_paragraph_is_no_task_and_what_follows_may_be() -> None:
    text = (
        "KẾ HOẠCH\nI. PHÂN CÔNG\nTT Nội dung nhiệm vụ Cơ quan chủ trì Cơ quan phối hợp Thời hạn\n"
        "1 Trồng lại rừng Bộ Công an Bộ Tài chính Quý IV/2021\n2 Gác rừng Bộ Công an Bộ Tài chính Quý II/2022\n"
        "II. THỰC HIỆN\n1. Giao Bộ Công an gác rừng."
    )
    assert list(tasks(text)) == ["II/1"]
