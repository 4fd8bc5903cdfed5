"""References to documents and provisions."""

import pytest

from pipeline.document import Citation
from pipeline.structure import structure
from pipeline.tasks import find
from tests.support import read

LAW = (
    "NGHỊ ĐỊNH\nVề đèo dốc\nĐiều 1. Gác đèo\n1. Trạm gác gồm:\na) Chòi;\nb) Barie.\n2. Người gác theo {0}.\n"
    "Điều 2. Xe\n1. Xe qua đèo theo {0}.\n"
)


def find_citations(text: str) -> tuple[Citation, ...]:
    return find(structure(*read(text))).citations


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Thực hiện Chỉ thị số 9-CT/TW ngày 3 tháng 4 năm 2021 của Ban Bí thư.",
            ("chi_thi", "9-CT/TW", 2021, "Ban Bí thư", "2021-04-03"),
        ),
        ("Theo Nghị định số 12/2029/NĐ-CP.", ("nghi_dinh", "12/2029/NĐ-CP", 2029, None, None)),
        (
            "Theo Quyết định số 77/QĐ-TTg ngày 2/1/2020 của Thủ tướng Chính phủ.",
            ("quyet_dinh", "77/QĐ-TTg", 2020, "Thủ tướng Chính phủ", "2020-01-02"),
        ),
        ("Theo Luật Chăn nuôi ngày 19 tháng 11 năm 2018.", ("luat", None, 2018, None, "2018-11-19")),
        ("Theo Luật Cán bộ, công chức số 80/2025/QH15.", ("luat", "80/2025/QH15", 2025, None, None)),
    ],
)
def test_documents(text: str, expected: tuple[object, ...]) -> None:
    found = find_citations(text)[0]
    day = found.date.isoformat() if found.date else None
    assert (found.type, found.number, found.year, found.issuer, day) == expected


@pytest.mark.parametrize(
    ("words", "targets"),
    [
        ("điểm b khoản 1 Điều 1", ["dieu-1/1/b", "dieu-1/1/b"]),
        ("khoản 1 Điều này", ["dieu-1/1", "dieu-2/1"]),
        ("Điều 2", ["dieu-2", "dieu-2"]),
        ("khoản 9 Điều 1", [None, None]),
        ("khoản 1 Điều 1 của Luật Đường đèo", []),
        ("khoản 1 Điều 1 Nghị định này", ["dieu-1/1", "dieu-1/1"]),
    ],
)
def test_provisions(words: str, targets: list[str | None]) -> None:
    found = list(find_citations(LAW.format(words)))
    assert [citation.target_id for citation in found if citation.type in ("dieu", "khoan", "diem")] == targets


def test_what_an_amendment_cites_is_in_another_document() -> None:
    text = "Điều 1. Sửa đổi Nghị định số 1/2030/NĐ-CP\n1. Bãi bỏ Điều 2.\nĐiều 2. Hiệu lực từ ngày ký."
    assert [c.target_id for c in find_citations(text)] == [None, None]


def test_a_date_that_no_calendar_has_still_tells_the_year() -> None:
    citation = find_citations("Theo Quyết định số 4/QĐ-BYT ngày 46 tháng 4 năm 2019.")[0]
    assert (citation.year, citation.date) == (2019, None)


def test_an_annex_does_not_mean_itself() -> None:
    text = "PHỤ LỤC\nDANH SÁCH BẾN ĐÒ\n1. Bến Trên nêu tại Phụ lục kèm theo."
    assert [c.target_id for c in find_citations(text)] == [None]


def test_a_notation_read_apart() -> None:
    assert find_citations("Theo Nghị quyết số 7-NQ/T W về gốm.")[0].number == "7-NQ/TW"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Theo các Tờ trình: Số 12/TTr-BYT ngày 3 tháng 4 năm 2031, số 14/TTr-BYT ngày 5/4/2031 và số 9/BC-BYT.",
            [("to_trinh", "12/TTr-BYT"), ("to_trinh", "14/TTr-BYT"), ("bao_cao", "9/BC-BYT")],
        ),
        (
            "Dự thảo Luật sửa đổi, bổ sung một số điều của Luật Đường đèo, Luật Bến đò và Luật Lâm nghiệp.",
            [("luat", None)],
        ),
        ("Theo Thông báo số 213/TB- VPCP ngày 25 tháng 4 năm 2031.", [("thong_bao", "213/TB-VPCP")]),
        ("Theo Nghị quyết số 16/NÔ-CP ngày 24 tháng 9 năm 2031.", [("nghi_quyet", "16/NQ-CP")]),
        ("Theo Nghị quyết số 7-NQ/TW, Nghị quyết số 7-NQ/TW và Nghị quyết số 7-NQ/T.", [("nghi_quyet", "7-NQ/TW")] * 3),
        ("Theo Luật Cán bộ, công chức năm 2025 và Luật Viên chức năm 2025.", [("luat", None), ("luat", None)]),
    ],
)
def test_numbers_and_laws_in_lists(text: str, found: list[tuple[str, str | None]]) -> None:
    assert [(citation.type, citation.number) for citation in find_citations(text)] == found


def test_a_citation_knows_where_it_stands() -> None:
    citation = find_citations("1. Theo Luật Lâm nghiệp năm 2017 và Hiến pháp năm 2013.")[0]
    assert (citation.node_id, citation.raw, citation.year) == ("1", "Luật Lâm nghiệp năm 2017", 2017)


@pytest.mark.parametrize(
    ("text", "laws"),
    [
        ("Theo Luật Đường đèo và thủ tục đăng ký xe.", ["Luật Đường đèo"]),
        ("Theo Luật Hôn nhân và gia đình năm 2014.", ["Luật Hôn nhân và gia đình năm 2014"]),
        ("Theo Luật Đường đèo và Bến đò và Luật Gió.", ["Luật Đường đèo và Bến đò", "Luật Gió"]),
        ("Theo Hiến pháp năm 2013 và Luật Gió.", ["Hiến pháp năm 2013", "Luật Gió"]),
        ("Theo Luật Gió đang có hiệu lực.", ["Luật Gió"]),
    ],
)
def test_where_the_name_of_a_law_ends(text: str, laws: list[str]) -> None:
    assert [citation.raw for citation in find_citations(text)] == laws
