"""What the restoration left damaged or undecided: mended where one reading is left, else kept and reported."""

from dataclasses import replace

import pytest

from pipeline.document import DOUBT, Restoration, Source, Structure
from pipeline.structure import structure
from tests.structure.invariants import check
from tests.support import read


def structured(text: str) -> Structure:
    source, restoration = read(text)
    found = structure(source, restoration)
    check(source, found)
    return found


def ids(text: str) -> list[str]:
    return [provision.id for provision in structured(text).provisions]


def codes(found: Structure) -> set[str]:
    return {notice.code for notice in found.notices} - {"no_letterhead"}


def misread(text: str, token: int, restored: str) -> tuple[Source, Restoration]:
    """`text` of one line, one of its tokens restored to something else."""
    source, restoration = read(text)
    line = restoration.lines[-1]
    syllables = [replace(s, text=restored) if i == token else s for i, s in enumerate(line.syllables)]
    last = replace(line, text=" ".join(s.text for s in syllables), syllables=tuple(syllables))
    return source, replace(restoration, lines=(*restoration.lines[:-1], last))


@pytest.mark.parametrize(("read_as", "restored"), [("-", "."), ("+", "•"), ("–", ","), ("-", "+")])
def test_a_bullet_is_what_the_engine_read(read_as: str, restored: str) -> None:
    source, restoration = misread(f"1. Giữ đê:\n{read_as} Đắp thêm đất.", 0, restored)
    found = structure(source, restoration)
    check(source, found)
    assert [p.id for p in found.provisions] == ["1", "1/1"]
    assert found.provisions[1].marker == ("-" if read_as == "–" else read_as)


def test_a_mark_before_a_word_in_small_letters_is_left_alone() -> None:
    source, restoration = misread("1. Giữ đê\n- đắp thêm đất.", 0, ".")
    assert [p.id for p in structure(source, restoration).provisions] == ["1"]


@pytest.mark.parametrize("sign", ["}", "]", ">"])
def test_a_misread_bracket(sign: str) -> None:
    found = structured(f"1. Giữ đê:\na{sign} Đắp thêm đất;\nb{sign} Trồng thêm tre.\n2. Gác đê.")
    assert [p.id for p in found.provisions] == ["1", "1/a", "1/b", "2"]
    assert "\nb) Trồng" in found.text
    assert codes(found) == {"marker_repaired"}


def test_a_comma_after_the_number_due() -> None:
    assert ids("1. Giữ đê.\n2, Gác đê.\n3. Sửa đê.") == ["1", "2", "3"]


def test_a_comma_after_another_number_is_text() -> None:
    assert ids("1. Đê dài thêm, từ\n7, Nam sang 8, Bắc.") == ["1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. Gồm:\na) Ngô;\nh) Khoai;\nc) Sắn.", ["1", "1/a", "1/b", "1/c"]),
        ("1. Ngô.\n8. Khoai.\n3. Sắn.", ["1", "2", "3"]),
        ("1. Gồm:\na) Ngô;\ne) Khoai.", ["1", "1/a", "1/e"]),
    ],
)
def test_an_item_between_its_neighbours(text: str, expected: list[str]) -> None:
    assert ids(text) == expected


def test_a_chapter_that_lost_a_stroke() -> None:
    text = "Chương I\nCHUNG CHUNG\nChương II\nRIÊNG RẼ\nChương II\nCUỐI CÙNG"
    assert ids(text) == ["chuong-I", "chuong-II", "chuong-III"]


@pytest.mark.parametrize(
    ("numerals", "expected"),
    [
        (["1", "II", "III"], ["I", "II", "III"]),
        (["I", "11", "III"], ["I", "II", "III"]),
        (["1", "2", "3"], ["1", "2", "3"]),
        (["1"], ["1"]),
    ],
)
def test_chapters_whose_numerals_were_taken_for_ones(numerals: list[str], expected: list[str]) -> None:
    text = "\n".join(f"Chương {numeral}\nVIỆC THỨ {'ABC'[i]}" for i, numeral in enumerate(numerals))
    assert ids(text) == [f"chuong-{numeral}" for numeral in expected]


def test_a_heading_whose_numeral_is_damaged_after_a_text_that_breaks_off() -> None:
    text = "I. MỤC TIÊU CHUNG\n1. Trồng cây, làm đường, xây trường học…\n\n1 CÁCH LÀM CHUNG\n1. Giao huyện làm."
    assert ids(text) == ["I", "I/1", "II", "II/1"]


def test_the_words_of_a_mended_marker_keep_their_places() -> None:
    found = structured("Piéu 1. Giữ đê.\nĐiều 2. Gác đê.")
    assert [(entry.restored_start, entry.restored_end, entry.raw_start, entry.raw_end) for entry in found.offsets][
        :3
    ] == [(0, 4, 0, 4), (5, 7, 5, 7), (8, 11, 8, 11)]


def test_a_mended_marker_stuck_to_the_text() -> None:
    found = structured("Điều l.Giữ đê.\nĐiều 2. Gác đê.")
    assert found.text.startswith("Điều 1.Giữ đê.")
    assert found.provisions[0].text == "Giữ đê."


def test_a_bullet_that_lost_its_dash_is_a_doubt() -> None:
    text = "- Đội canh đê đi tuần mỗi đêm.\n\nĐội cứu hộ tập chèo thuyền.\n\n- Nhà kho đủ bao."
    found = structured(text)
    assert [p.kind for p in found.provisions] == ["gach_dau_dong", "doan", "gach_dau_dong"]
    assert found.provisions[1].confidence < 1
    assert codes(found) == {"bullet_perhaps_lost"}


def test_text_after_the_end_of_the_document() -> None:
    found = structured("Điều 1. Giữ đê.\n1. Đắp đất.\n2. Trồng tre./.\nthành một dải chữ thừa")
    assert [(p.id, p.parent_id) for p in found.provisions][-1] == ("doan-1", None)
    assert codes(found) == {"text_after_end"}


def test_a_damaged_sign_off() -> None:
    found = structured("QUYẾT ĐỊNH\nVề đê điều\nĐiều 1. Giữ đê./.\nTU, UỶ BẠN\nĐỖ TÍCH\nTrần Thị Đê")
    assert [p.kind for p in found.provisions][-1] == "chu_ky"
    assert found.metadata.signatory is not None


def test_a_subject_goes_on_after_a_misread_comma() -> None:
    found = structured("QUYẾT ĐỊNH\nVề đê sông, đê biển;\nCống Dưới Đê\nĐiều 1. Giữ đê.")
    assert found.metadata.subject is not None
    assert found.metadata.subject.value.endswith("Cống Dưới Đê")


ANNEXED = (
    "CHÍNH PHỦ\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: {number}/NQ-CP\nHà Nội, ngày {day} tháng 3 năm 2020\n"
    "NGHỊ QUYẾT\nVề đê điều\nĐiều 1. Ban hành quy chế.\nQUY CHẾ GÁC ĐÊ\n"
    "(Ban hành kèm theo Nghị quyết số 52/NQ-CP ngày 05 tháng 3 năm 2020)\nĐiều 1. Gác đê."
)


@pytest.mark.parametrize(
    ("number", "day", "expected"),
    [
        ("52", "05", set()),
        ("62", "05", {"number_disagrees"}),
        ("52", "06", {"date_disagrees"}),
        ("62", "06", {"number_disagrees", "date_disagrees"}),
    ],
)
def test_a_number_or_date_stated_twice(number: str, day: str, expected: set[str]) -> None:
    found = structured(ANNEXED.format(number=number, day=day))
    assert codes(found) == expected
    own, issued = found.metadata.number, found.metadata.issued_date
    assert own
    assert issued
    assert (own.confidence < DOUBT) == ("number_disagrees" in expected)
    assert (issued.confidence < DOUBT) == ("date_disagrees" in expected)


def test_another_document_named_by_an_annex_disagrees_with_nothing() -> None:
    text = ANNEXED.format(number="62", day="06").replace("52/NQ-CP", "7/QĐ-TTg")
    assert codes(structured(text)) == set()
