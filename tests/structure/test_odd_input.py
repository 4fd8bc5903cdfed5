"""Input that is no orderly document: always a whole structure, in good time, with a notice of what is odd."""

import time

import pytest

from pipeline.document import Structure
from pipeline.structure import structure
from tests.structure.invariants import check
from tests.support import read


def structured(text: str) -> Structure:
    source, restoration = read(text)
    found = structure(source, restoration)
    check(source, found)
    return found


def codes(found: Structure) -> set[str]:
    return {notice.code for notice in found.notices}


@pytest.mark.parametrize("text", ["", "\n\n\n", "\f\f", "   "])
def test_nothing(text: str) -> None:
    found = structured(text)
    assert (found.text, found.provisions, codes(found)) == ("", (), {"empty_text"})


def test_text_without_structure() -> None:
    found = structured("Sáng nay sương mù phủ kín đèo. Xe đi chậm.")
    assert [p.kind for p in found.provisions] == ["doan"]
    assert codes(found) == {"no_letterhead", "no_outline"}


def test_two_documents_in_one_file() -> None:
    one = "BỘ Y TẾ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: {n}/QĐ-BYT\nQUYẾT ĐỊNH\nVề việc {n}\nĐiều 1. Việc {n}.\n"
    closing = "BỘ TRƯỞNG\nĐỗ Thị Hoa\n"
    found = structured(one.format(n=3) + closing + one.format(n=4) + closing)
    assert "several_documents" in codes(found)
    assert [p.id for p in found.provisions if p.kind == "dieu"] == ["dieu-1", "van-ban/dieu-1"]
    number = found.metadata.number
    assert number is not None
    assert number.value == "3"


def test_only_an_annex() -> None:
    found = structured("PHỤ LỤC II\nDANH SÁCH BẾN ĐÒ\n(Kèm theo Quyết định số 3/QĐ-BYT)\n1. Bến Trên.\n2. Bến Dưới.")
    assert [p.id for p in found.provisions] == ["phu-luc-II", "phu-luc-II/kem-theo", "phu-luc-II/1", "phu-luc-II/2"]
    assert found.metadata.doc_type is None


def test_an_annex_title_without_the_word() -> None:
    found = structured("Điều 1. Ban hành quy chế.\nQUY CHẾ GÁC ĐÈO\n(Ban hành kèm theo Quyết định số 9)\nĐiều 1. Gác.")
    assert [p.id for p in found.provisions] == ["dieu-1", "phu-luc", "phu-luc/kem-theo", "phu-luc/dieu-1"]


@pytest.mark.parametrize("mark", ["-", "+", "*", "1.", "a)", "Điều 1."])
def test_five_thousand_items_take_linear_time(mark: str) -> None:
    lines = "\n".join(f"{mark} Việc thứ {number} của danh sách." for number in range(5000))
    start = time.process_time()
    found = structured(lines)
    assert time.process_time() - start < 5
    assert len(found.provisions) == 5000


def test_five_thousand_recipients() -> None:
    found = structured("Điều 1. Việc.\nNơi nhận:\n" + "\n".join(f"- Trạm số {number};" for number in range(5000)))
    assert found.provisions[-1].id == "noi-nhan/5000"


@pytest.mark.parametrize("unit", ["x", "ă", "1", "-", "“", "I.", "ngày"])
def test_a_line_of_a_million_characters(unit: str) -> None:
    start = time.process_time()
    found = structured("1. Đầu.\n" + unit * (1_000_000 // len(unit)))
    assert time.process_time() - start < 10
    assert found.provisions


def test_ten_thousand_syllables_in_a_second() -> None:
    article = (
        "Điều {n}. Tên điều\n1. Trạm gác ghi sổ xe qua đèo và giao sổ cho trạm bên kia:\na) Xe tải;\nb) Xe khách.\n"
    )
    source, restoration = read("".join(article.format(n=number) for number in range(1, 400)))
    start = time.process_time()
    structure(source, restoration)
    assert time.process_time() - start < 1


def test_numbering_that_starts_anew_is_kept_and_reported() -> None:
    found = structured("1. Một.\n2. Hai.\n1. Lại một.\n2. Lại hai.")
    assert [p.id for p in found.provisions] == ["1", "2", "1~2", "2~2"]
    assert "numbering_restart" in codes(found)


def test_numbering_out_of_order_is_kept_and_reported() -> None:
    found = structured("Điều 1. Một.\nĐiều 3. Ba.\nĐiều 2. Hai.\nĐiều 4. Bốn.")
    assert [p.id for p in found.provisions] == ["dieu-1", "dieu-3", "dieu-2", "dieu-4"]
    assert {"numbering_gap", "numbering_out_of_order"} <= codes(found)


def test_pages_out_of_order() -> None:
    pages = [f"{n}\n\nĐiều {n}. Việc thứ {n}.\nLàm việc thứ {n}." for n in (3, 5, 4, 6)]
    found = structured("\f".join(pages))
    assert "pages_out_of_order" in codes(found)
    assert "pages_out_of_order" not in codes(structured("\f".join(sorted(pages))))


def test_a_table_as_text() -> None:
    rows = "\n".join(f"{n} Sửa cầu số {n}\nSở Xây dựng\nQuý {n}" for n in range(1, 5))
    found = structured(f"PHỤ LỤC I\nPHÂN CÔNG SỬA CẦU\nTT Việc\nCơ quan chủ trì\nThời hạn\n{rows}")
    assert "table_as_text" in codes(found)
    rows = "\n".join(f"{n} Sửa cầu số {n} Sở Xây dựng Quý {n}" for n in range(1, 5))
    found = structured(f"PHỤ LỤC I\nPHÂN CÔNG SỬA CẦU\nTT Nội dung nhiệm vụ Cơ quan chủ trì Thời hạn\n{rows}")
    assert "table_as_text" in codes(found)


def test_a_table_of_five_thousand_lines() -> None:
    lines = "\n".join(f"{n} | Xã số {n} | {n * 3} | x" for n in range(1, 5001))
    start = time.process_time()
    structured(f"Số liệu như sau:\n{lines}")
    assert time.process_time() - start < 5


def test_five_hundred_pages() -> None:
    page = (
        "Điều {n}. Tên điều\n1. Trạm gác ghi sổ xe qua đèo1 và giao sổ cho trạm kia:\na) Xe tải;\nb) Xe khách.\n1 Sổ."
    )
    source, restoration = read("\f".join(page.format(n=n) for n in range(1, 501)))
    half = read("\f".join(page.format(n=n) for n in range(1, 251)))
    start = time.process_time()
    structure(*half)
    middle = time.process_time()
    structure(source, restoration)
    assert time.process_time() - middle < 3 * (middle - start) + 0.5


def test_a_signature_in_the_middle_loses_nothing() -> None:
    found = structured("Điều 1. Một.\nTM. CHÍNH PHỦ\nTHỦ TƯỚNG\nĐiều 2. Hai.\n1. Nhỏ.")
    assert [p.id for p in found.provisions] == ["dieu-1", "chu-ky", "dieu-2", "dieu-2/1"]
