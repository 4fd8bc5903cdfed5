"""The same letterhead and sign-off, however its two columns were read."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.document import Structure
from pipeline.structure import structure
from pipeline.structure.bodies import body_starts, issues_below
from tests.structure.invariants import check
from tests.support import read

NATIONAL = ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
LEFT = ["ỦY BAN NHÂN DÂN TỈNH LAI CHÂU", "SỞ XÂY DỰNG", "Số: 75/SXD-HT", "V/v sửa cầu treo"]
RIGHT = [*NATIONAL, "Lai Châu, ngày 04 tháng 6 năm 2029"]
BODY = ["Kính gửi: Ủy ban nhân dân các xã", "Sở Xây dựng đề nghị các xã sửa cầu treo trước mùa lũ./."]
RECIPIENTS = ["Nơi nhận:", "- Như trên;", "- Giám đốc Sở (để b/c);", "- Lưu: VT, HT."]
SIGNATURE = ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "(Đã ký)", "Lò Văn Cầu"]


def one_after_the_other(left: list[str], right: list[str]) -> list[str]:
    return left + right


def the_other_first(left: list[str], right: list[str]) -> list[str]:
    return right + left


def in_turns(left: list[str], right: list[str]) -> list[str]:
    longest = max(len(left), len(right))
    return [line for i in range(longest) for column in (left, right) for line in column[i : i + 1]]


def side_by_side(left: list[str], right: list[str]) -> list[str]:
    longest = max(len(left), len(right))
    return [" ".join(column[i] for column in (left, right) if i < len(column)) for i in range(longest)]


Layout = Callable[[list[str], list[str]], list[str]]
LAYOUTS: list[Layout] = [one_after_the_other, the_other_first, in_turns, side_by_side]


def structured(text: str) -> Structure:
    source, restoration = read(text)
    found = structure(source, restoration)
    check(source, found)
    return found


@pytest.mark.parametrize("head", LAYOUTS)
@pytest.mark.parametrize("foot", LAYOUTS)
def test_two_columns(head: Layout, foot: Layout) -> None:
    metadata = structured("\n".join([*head(LEFT, RIGHT), *BODY, *foot(RECIPIENTS, SIGNATURE)])).metadata
    found = {
        name: [item.value for item in value] if isinstance(value := getattr(metadata, name), tuple) else value.value
        for name in (
            "national_title", "motto", "parent_body", "issuing_body", "number", "notation", "place", "issued_date",
            "subject", "addressees", "recipients", "signing_authority", "signatory_title", "signatory",
        )
    }  # fmt: skip
    assert found == {
        "national_title": NATIONAL[0],
        "motto": NATIONAL[1],
        "parent_body": LEFT[0],
        "issuing_body": LEFT[1],
        "number": "75",
        "notation": "SXD-HT",
        "place": "Lai Châu",
        "issued_date": "2029-06-04",
        "subject": "sửa cầu treo",
        "addressees": ["Ủy ban nhân dân các xã"],
        "recipients": ["Như trên;", "Giám đốc Sở (để b/c);", "Lưu: VT, HT."],
        "signing_authority": SIGNATURE[0],
        "signatory_title": SIGNATURE[1],
        "signatory": SIGNATURE[3],
    }


@pytest.mark.parametrize(
    ("lines", "starts", "below"),
    [
        (["CHÍNH PHỦ"], [0], False),
        (["ỦY BAN NHÂN DÂN", "TỈNH LÀO CAI"], [0], False),
        (["BỘ KHOA HỌC", "VÀ CÔNG NGHỆ"], [0], False),
        (["BỘ Y TẾ", "BỘ TÀI CHÍNH"], [0, 1], False),
        (["BAN CHẤP HÀNH", "ĐẢNG BỘ TỈNH SƠN LA"], [0], False),
        (["BỘ Y TẾ", "CỤC DÂN SỐ"], [0, 1], True),
        (["ỦY BAN NHÂN DÂN", "TỈNH LÀO CAI", "SỞ XÂY DỰNG"], [0, 2], True),
        (["BỘ VĂN HÓA, THỂ THAO", "VÀ DU LỊCH", "CỤC DI SẢN", "VĂN HÓA"], [0, 2], True),
    ],
)
def test_the_body_above_and_the_one_that_issues(lines: list[str], starts: list[int], below: bool) -> None:
    assert body_starts(lines) == starts
    names = [" ".join(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    assert issues_below(names) is below


def test_two_signatures_are_two() -> None:
    found = structured("Điều 1. Giữ đê./.\nBỘ TRƯỞNG BỘ Y TẾ\nLê Thị Đê\nBỘ TRƯỞNG BỘ XÂY DỰNG\nĐỗ Văn Bờ")
    assert [p.text for p in found.provisions if p.kind == "chu_ky"] == [
        "BỘ TRƯỞNG BỘ Y TẾ Lê Thị Đê",
        "BỘ TRƯỞNG BỘ XÂY DỰNG Đỗ Văn Bờ",
    ]


@pytest.mark.parametrize(
    ("line", "number", "notation"),
    [
        ("Số: 115/NQ-CP", "115", "NQ-CP"),
        ("Số 45-NQ/TU", "45", "NQ/TU"),
        ("Số: 37/2026/TT-BCA", "37/2026", "TT-BCA"),
        ("Số: /KH-UBND", None, "KH-UBND"),
        ("Luật số: 12/2033/QH17", "12/2033", "QH17"),
    ],
)
def test_number_and_notation(line: str, number: str | None, notation: str) -> None:
    metadata = structured(f"BỘ Y TẾ\n{NATIONAL[0]}\n{line}\nKẾ HOẠCH\nTiêm phòng\nI. MỤC TIÊU CHUNG\n1. Tiêm.").metadata
    assert (metadata.number and metadata.number.value) == number
    assert metadata.notation is not None
    assert metadata.notation.value == notation


def test_a_section_head_of_a_gazette_is_no_second_body() -> None:
    head = (
        "VĂN BẢN QUY PHẠM PHÁP LUẬT\nBỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG\nBỘ NÔNG NGHIỆP\nVÀ MÔI TRƯỜNG\nSố: 3/2030/TT-BNNMT\n"
    )
    found = structured(head + "\n".join(RIGHT) + "\nTHÔNG TƯ\nVề giống lúa\nĐiều 1. Giống lúa\nGiống lúa nếp.")
    assert found.metadata.issuing_body is not None
    assert found.metadata.issuing_body.value == "BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"
    assert {item.reason for item in found.uncovered} == {"running_head"}


def test_fields_are_as_sure_as_their_least_sure_syllable() -> None:
    source, restoration = read("BỘ Y TẾ\nSố: 7/QĐ-BYT\nQUYẾT ĐỊNH\nVề trạm y tế\nĐiều 1. Lập trạm.")
    lines = list(restoration.lines)
    doubtful = replace(lines[1].syllables[1], confidence=0.3)
    lines[1] = replace(lines[1], syllables=(lines[1].syllables[0], doubtful))
    metadata = structure(source, replace(restoration, lines=tuple(lines))).metadata
    assert metadata.number is not None
    assert metadata.number.confidence == 0.3
    assert metadata.subject is not None
    assert metadata.subject.confidence == 1.0
