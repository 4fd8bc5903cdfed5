"""Provisions that an amending document quotes are no provisions of its own."""

import pytest

from pipeline.structure import structure
from tests.structure.invariants import check
from tests.support import read


def outline(text: str) -> list[str]:
    source, restoration = read(text)
    found = structure(source, restoration)
    check(source, found)
    return [f"{p.id}: {p.text}" for p in found.provisions]


def units(text: str) -> list[str]:
    return [line.split(":")[0] for line in outline(text) if "doan" not in line.split(":")[0]]


AMENDING = (
    "Điều 1. Sửa đổi Nghị định về đò ngang\n1. Sửa đổi Điều 4 như sau:\n{quoted}\n2. Bãi bỏ Điều 9.\n"
    "Điều 2. Hiệu lực thi hành\nNghị định này có hiệu lực từ ngày ký."
)
OWN = ["dieu-1", "dieu-1/1", "dieu-1/2", "dieu-2"]


@pytest.mark.parametrize(
    "quoted",
    [
        "“Điều 4. Giá vé\n1. Giá vé ghi ở bến.\n2. Trẻ em đi không mất tiền.”",
        "“Điều 4. Giá vé\n1. Giá vé ghi ở bến.\na) Bến to;\nb) Bến nhỏ.\n2. Trẻ em đi không mất tiền.”.",
        '"Điều 4. Giá vé\n1. Giá vé ghi ở bến.\n2. Trẻ em đi không mất tiền."',
        "«Điều 4. Giá vé\n1. Giá vé ghi ở bến.\n2. Trẻ em đi không mất tiền.»",
        "‟Điều 4. Giá vé\n1. Giá vé ghi ở bến.\n2. Trẻ em đi không mất tiền.”;",
        "“Điều 4. Giá vé\n1. “Giá vé” là tiền trả.\n2. “Bến” là nơi đò đậu.\nChương III\nTỔ CHỨC\nĐiều 5. Bến”",
    ],
)
def test_a_quotation_over_several_units(quoted: str) -> None:
    assert units(AMENDING.format(quoted=quoted)) == OWN


def test_a_quotation_that_opens_behind_its_lead_in() -> None:
    text = "1. Sửa đổi khoản 2 Điều 4 như sau: “2. Đò phải có:\na) Phao;\nb) Còi.”.\n2. Bãi bỏ Điều 9."
    assert units(text) == ["1", "2"]


def test_a_heading_leads_in_without_a_colon() -> None:
    text = "Điều 1. Bổ sung Điều 4a vào sau Điều 4\n“Điều 4a. Phao\n1. Phao tròn.\n2. Phao áo.”\nĐiều 2. Bãi bỏ Điều 9"
    assert units(text) == ["dieu-1", "dieu-2"]


def test_a_quotation_that_is_never_closed_ends_where_the_amending_goes_on() -> None:
    quoted = "“Điều 4. Giá vé\n1. Giá vé ghi ở bến.\n2. Trẻ em đi không mất tiền."
    assert units(AMENDING.format(quoted=quoted)) == OWN


def test_a_heading_that_sounds_like_an_amendment_ends_no_quotation() -> None:
    quoted = "“Điều 4. Sửa đò\n1. Đò hỏng phải sửa.\n2. Thay thế ván mục:\na) Ván đáy;\nb) Ván mạn.”"
    assert units(AMENDING.format(quoted=quoted)) == OWN


def test_a_mark_that_was_read_wrong_swallows_nothing() -> None:
    text = "1. Bến gọi là “Bến Trên, bến kia gọi là bến dưới.\n2. Đò đậu ở bến.\n3. Người lái ngủ trên đò."
    assert units(text) == ["1", "2", "3"]


def test_quoted_text_keeps_its_markers() -> None:
    assert outline("1. Sửa Điều 4:\n“Điều 4. Vé\n1. Vé giấy.”\n2. Bỏ Điều 9.")[1:3] == [
        "1/doan-1: “Điều 4. Vé",
        "1/doan-2: 1. Vé giấy.”",
    ]


def test_a_second_quotation_whose_opening_mark_is_missing() -> None:
    quoted = "“Điều 4. Giá vé\n1. Giá vé ghi ở bến.”.\nĐiều 4a. Bến\n1. Bến to.\n2. Bến nhỏ.”."
    assert units(AMENDING.format(quoted=quoted)) == OWN
