"""Order of markers: what is repaired, what is kept as printed, what is reported."""

import pytest

from pipeline.document import Structure
from pipeline.structure import structure
from tests.support import read


def outline(text: str) -> Structure:
    return structure(*read(text))


def ids(text: str) -> list[str]:
    return [provision.id for provision in outline(text).provisions]


def codes(text: str) -> set[str]:
    return {notice.code for notice in outline(text).notices} - {"no_letterhead"}


@pytest.mark.parametrize("damaged", ["L", "l.", "1.", "I.", "Il.", "H.", "11.", "111."])
def test_a_heading_in_capitals_gets_the_numeral_that_is_due(damaged: str) -> None:
    text = (
        "I. MỤC TIÊU CHUNG\n1. Trồng cây.\n2. Tưới cây.\nII. NHIỆM VỤ CHÍNH\n1. Đào hố.\n2. Bón lót.\n"
        f"{damaged} TỔ CHỨC THỰC HIỆN\n1. Giao việc.\n2. Kiểm tra."
    )
    assert ids(text) == ["I", "I/1", "I/2", "II", "II/1", "II/2", "III", "III/1", "III/2"]
    assert codes(text) == {"marker_repaired"}


def test_a_numeral_printed_too_high_is_kept() -> None:
    text = "I. MỤC TIÊU CHUNG\nII. NHIỆM VỤ CHÍNH\nV. TỔ CHỨC THỰC HIỆN"
    assert ids(text) == ["I", "II", "V"]
    assert outline(text).gaps[0].missing == ("III", "IV")


def test_numerals_that_start_anew_are_kept() -> None:
    text = "I. MỤC TIÊU CHUNG\nII. NHIỆM VỤ CHÍNH\nI. PHẦN THÊM VÀO\nII. PHẦN CUỐI CÙNG"
    assert ids(text) == ["I", "II", "I~2", "II~2"]
    assert "numbering_restart" in codes(text)


def test_a_chapter_of_numbers_with_headings_in_capitals_stays_numbers() -> None:
    assert ids("1. MỤC TIÊU CHUNG\nTrồng rừng.\n2. NHIỆM VỤ CHÍNH\nTưới cây.") == ["1", "1/doan-1", "2", "2/doan-1"]


def test_the_second_d_is_read_as_the_letter_due() -> None:
    text = "1. Gồm có:\na) Ngô;\nb) Khoai;\nc) Sắn;\nd) Lạc;\nd) Vừng;\ne) Đỗ."
    assert ids(text)[-3:] == ["1/d", "1/đ", "1/e"]


def test_a_skipped_letter_is_kept_and_reported() -> None:
    text = "1. Gồm có:\na) Ngô;\nb) Khoai;\nd) Lạc."
    assert ids(text) == ["1", "1/a", "1/b", "1/d"]
    assert [(gap.after_id, gap.missing) for gap in outline(text).gaps] == [("1/b", ("c",))]


def test_numbers_that_start_anew_get_ids_of_their_own() -> None:
    assert ids("1. Một.\n2. Hai.\n1. Lại một.\n2. Lại hai.") == ["1", "2", "1~2", "2~2"]


def test_a_number_inside_a_sentence_opens_no_clause() -> None:
    text = (
        "1. Bến tàu được nâng cấp theo lộ trình ba giai đoạn, trong đó giai đoạn\n"
        "2. Các hạng mục phụ trợ theo sau được nghiệm thu cùng lúc với bến tàu."
    )
    assert ids("1. Một hàng dài.\n" + text.replace("1. Bến", "2. Bến").replace("\n2. Các", "\n7. Các")) == ["1", "2"]


def test_a_dash_inside_a_chain_of_places_opens_no_bullet() -> None:
    text = (
        "- Tuyến xe khách liên tỉnh chạy qua các bến Mường Khương - Bắc Hà\n- Si Ma Cai - Xín Mần mỗi ngày hai chuyến."
    )
    assert ids(text) == ["1"]


def test_bullets_of_other_shape_nest_in_order_of_appearance() -> None:
    text = "- Một:\n+ Một một;\n+ Một hai:\n• Sâu nữa;\n- Hai."
    assert ids(text) == ["1", "1/1", "1/2", "1/2/1", "2"]


def test_ten_levels() -> None:
    text = (
        "PHẦN THỨ NHẤT\nChương I\nMục 1. CHUNG CHUNG\nTiểu mục 1. RIÊNG RẼ\nĐiều 1. Tên điều\n1. Khoản:\na) Điểm:\n"
        "- Gạch:\n+ Cộng:\n• Chấm."
    )
    found = outline(text).provisions
    assert [p.kind for p in found] == [
        "phan", "chuong", "muc", "tieu_muc", "dieu", "khoan", "diem", "gach_dau_dong", "gach_dau_dong", "gach_dau_dong",
    ]  # fmt: skip
    assert [p.parent_id for p in found] == [None, *(p.id for p in found[:-1])]


def test_articles_count_on_through_chapters() -> None:
    text = "Chương I\nCHUNG CHUNG\nĐiều 1. Một\nĐiều 2. Hai\nChương II\nRIÊNG RẼ\nĐiều 3. Ba"
    assert codes(text) == set()
    assert ids(text)[-1] == "chuong-II/dieu-3"


def test_an_inserted_article_is_in_order() -> None:
    assert codes("Điều 1. Một\nĐiều 1a. Thêm\nĐiều 2. Hai") == set()


def test_quoted_provisions_hang_under_what_quotes_them() -> None:
    text = "Điều 1. Sửa đổi\n1. Sửa Điều 9:\n“Điều 9. Tên mới\n1. Một.\n2. Hai.”\n2. Bỏ Điều 10."
    assert ids(text) == ["dieu-1", "dieu-1/1", "dieu-1/1/doan-1", "dieu-1/1/doan-2", "dieu-1/1/doan-3", "dieu-1/2"]


def test_a_misread_number_of_an_article_is_put_right() -> None:
    found = outline("Điều l. Một.\nĐiều 2. Hai.")
    assert found.text == "Điều 1. Một.\nĐiều 2. Hai."
    assert [p.confidence < 1 for p in found.provisions] == [True, False]


@pytest.mark.parametrize("damaged", ["Điêu 2.", "Diều 2:", "Pidu 2.", "Điều2."])
def test_a_misread_article_is_still_an_article(damaged: str) -> None:
    assert ids(f"Điều 1. Một.\n{damaged} Hai.\nĐiều 3. Ba.") == ["dieu-1", "dieu-2", "dieu-3"]


@pytest.mark.parametrize("text", ["1.Việc một.\n2.Việc hai.", "a)Việc một;\nb)Việc hai.", "-Việc một.\n-Việc hai."])
def test_markers_may_stick_to_the_text(text: str) -> None:
    assert [p.text[:4] for p in outline(text).provisions] == ["Việc", "Việc"]


def test_numerals_count_anew_in_each_chapter() -> None:
    text = "Chương I\nCHUNG CHUNG\nI. MỤC ĐẦU TIÊN\nII. MỤC THỨ HAI\nChương II\nRIÊNG RẼ\nI. MỤC DUY NHẤT"
    assert ids(text)[-1] == "chuong-II/I"
    assert codes(text) == set()


def test_a_numeral_without_its_full_stop_is_no_repair() -> None:
    text = "I. MỤC TIÊU CHUNG\nII NHIỆM VỤ CHÍNH"
    assert ids(text) == ["I", "II"]
    assert codes(text) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. Một.\n1a. Thêm.\n1b. Thêm nữa.\n2. Hai.", ["1", "1a", "1b", "2"]),
        ("a) Một;\na1) Thêm;\nb) Hai.", ["a", "a1", "b"]),
        ("Chương I\nMỘT MỘT\nChương Ia\nTHÊM THÊM\nChương II\nHAI HAI", ["chuong-I", "chuong-Ia", "chuong-II"]),
        ("Mục 1. MỘT MỘT\nMục 1a. THÊM THÊM\nMục 2. HAI HAI", ["muc-1", "muc-1a", "muc-2"]),
        ("d) Một;\ne) Hai;\nf) Ba;\ng) Bốn.", ["d", "e", "f", "g"]),
    ],
)
def test_inserted_units_are_in_order(text: str, expected: list[str]) -> None:
    assert ids(text) == expected
    assert "numbering_out_of_order" not in codes(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I- TÌNH HÌNH CHUNG\n1- Trồng cây.\n2- Tưới cây.\nII- NHIỆM VỤ CHÍNH", ["I", "I/1", "I/2", "II"]),
        ("1. Gồm:\na) Cây to:\na.1) Lim;\na.2) Sến;\nb) Cây nhỏ.", ["1", "1/a", "1/a/a.1", "1/a/a.2", "1/b"]),
    ],
)
def test_other_ways_to_print_markers(text: str, expected: list[str]) -> None:
    assert ids(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "1. Người giữ rừng được hưởng phụ cấp theo quy định tại khoản 3\nĐiều 19.\n2. Phụ cấp trả hằng tháng.",
        "1. Bãi bỏ cụm từ “bến phà” tại khoản 1 Điều 3, khoản 2 Điều\n4. Cụm từ khác giữ nguyên.\n2. Bãi bỏ Điều 9.",
        "1. Mức hỗ trợ trực đêm\nMức 325.000 đồng một đêm cho mỗi người trực.\n2. Mức hỗ trợ trực ngày.",
    ],
)
def test_references_and_amounts_are_no_units(text: str) -> None:
    assert [i for i in ids(text) if "doan" not in i] == ["1", "2"]


def test_an_article_after_a_reference_to_another_one() -> None:
    assert ids("Điều 3. Bãi bỏ Điều 7\nĐiều 4. Sửa đổi Điều 8") == ["dieu-3", "dieu-4"]


@pytest.mark.parametrize("printed", ["Chương I", "Chương II"])
def test_a_chapter_printed_twice_before_the_next_is_not_mended(printed: str) -> None:
    text = f"Chương I\nMỘT MỘT\nChương II\nHAI HAI\n{printed}\nLẠI NỮA\nChương III\nBA BA"
    assert "marker_repaired" not in codes(text)


@pytest.mark.parametrize("word", ["Biểu", "Mẫu", "Kiểu", "Model"])
def test_a_word_like_an_article_is_none(word: str) -> None:
    assert ids(f"Có hai bảng kê.\n{word} 1: Số cây.\n{word} 2: Số người.")[0] == "doan-1"
    assert not [i for i in ids(f"Có hai bảng kê.\n{word} 1: Số cây.\n{word} 2: Số người.") if "dieu" in i]


def test_a_list_goes_on_after_a_paragraph() -> None:
    text = "1. Gồm:\n- Trường nghề\nMỗi tỉnh có ba trường, trong đó:\n+ Trường to;\n+ Trường nhỏ.\n- Trường mầm non"
    assert ids(text) == ["1", "1/1", "1/doan-1", "1/1/1", "1/1/2", "1/2"]


FORMS = (
    "Điều 1. Ban hành mẫu đơn./.\nBỘ TRƯỞNG\nLê Thị Đơn\nPHỤ LỤC\nCÁC MẪU ĐƠN\n(Kèm theo Thông tư số 4/2030/TT-BYT)\n"
    "Mẫu số 01\nĐƠN XIN CẤP GẠO\n1. Họ tên.\n2. Nơi ở.\nMẫu số 02\nĐƠN XIN CẤP MUỐI\n1. Họ tên.\n2. Nơi ở."
)


def test_forms_stand_in_their_annex_each_with_its_own_numbering() -> None:
    assert [i for i in ids(FORMS) if "/" in i and "doan" not in i] == [
        "phu-luc/kem-theo",
        "phu-luc/mau-01",
        "phu-luc/mau-01/1",
        "phu-luc/mau-01/2",
        "phu-luc/mau-02",
        "phu-luc/mau-02/1",
        "phu-luc/mau-02/2",
    ]
    assert codes(FORMS) == set()


def test_a_list_of_forms_is_no_form() -> None:
    text = "Điều 1. Các mẫu đơn\nMẫu số 01\nĐơn xin cấp gạo.\nMẫu số 02\nĐơn xin cấp muối."
    assert "phu_luc" not in {p.kind for p in outline(text).provisions}
