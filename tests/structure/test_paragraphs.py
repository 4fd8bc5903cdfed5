"""Wrapped lines become paragraphs, whatever stands between them."""

from dataclasses import replace

import pytest

from pipeline.document import Restoration, Source, Style
from pipeline.structure import structure
from tests.support import read

FIRST = "Đội tuần đường kiểm tra hành lang an toàn của tuyến đèo mỗi tuần hai lần và"
SECOND = "báo ngay cho trạm gác khi có đá lăn hoặc cây đổ."


@pytest.mark.parametrize(
    "between", ["\n", "\n\n", "\n\n\n\n", "\f", "\n\f\n", "\n7\f\n", "\n.\n", "\n\n12\n\n\n", "\n____\n"]
)
def test_a_sentence_goes_on_over_breaks(between: str) -> None:
    found = structure(*read(f"1. {FIRST}{between}{SECOND}"))
    assert [p.text for p in found.provisions] == [f"{FIRST} {SECOND}"]


def test_a_short_line_with_a_full_stop_ends_its_paragraph() -> None:
    found = structure(*read(f"{FIRST}\n{SECOND}\nTrạm gác đóng đường khi mưa lớn."))
    assert [p.text for p in found.provisions] == [f"{FIRST} {SECOND}", "Trạm gác đóng đường khi mưa lớn."]


def test_a_break_within_a_paragraph_parts_its_raw_spans() -> None:
    source, restoration = read(f"{FIRST}\n3\f{SECOND}")
    provision = structure(source, restoration).provisions[0]
    assert [source.raw[slice(*span)] for span in provision.raw_spans] == [FIRST, SECOND]
    assert provision.page == 1


def test_running_heads_are_set_aside_once_they_come_again() -> None:
    pages = [f"Báo cáo công tác thủy lợi năm 2022\n{number}. Việc thứ {number} đã xong.\n" for number in range(1, 5)]
    found = structure(*read("\f".join(pages)))
    assert [p.marker for p in found.provisions] == ["1", "2", "3", "4"]
    assert {item.reason for item in found.uncovered} == {"running_head"}


def test_footnotes_that_are_alike_are_no_running_heads() -> None:
    note = "{n} Khoản này được sửa đổi theo quy định tại khoản {n} Điều 1\nThông tư số 28/2032/TT-BYT."
    pages = [f"{n}.{n} Việc thứ {n}.\n{note.format(n=n)}" for n in range(1, 6)]
    found = structure(*read("\f".join(pages)))
    assert [p.marker for p in found.provisions if p.kind == "chu_thich"] == ["1", "2", "3", "4", "5"]
    assert not found.uncovered


@pytest.mark.parametrize(
    "head",
    [
        "CÔNG BÁO/Số 242/Ngày 22-04-2032",
        "70 CÔNG BÁO/ Số 459 + 460/Ngày 11-03-2032",
        "VĂN BẢN QUY PHẠM PHÁP LUẬT",
        "VĂN BẢN HỢP NHẤT - BỘ Y TẾ",
        "VĂN BẢN HỢP NHẤT -\nBỘ Y TẾ",
        "(Xem tiếp Công báo số 331 + 332)",
        "VĂN PHÒNG CHÍNH PHỦ XUẤT BẢN\nĐịa chỉ: Số 5 phố Nhà In\nĐiện thoại: 080.12345",
    ],
)
def test_what_a_gazette_prints_around_a_document_is_set_aside(head: str) -> None:
    found = structure(*read(f"1. Đắp đê.\n2. Gác đê.\f{head}"))
    assert [p.text for p in found.provisions] == ["Đắp đê.", "Gác đê."]
    assert {item.reason for item in found.uncovered} == {"running_head"}


def test_a_table_of_numbers_is_no_row_of_page_numbers() -> None:
    found = structure(*read("Số liệu:\n\n12\n\n15\n\n19\n"))
    assert not found.uncovered


def boxed(lines: list[tuple[str, float]]) -> tuple[Source, Restoration]:
    """Lines that start at x = 72 and end where given, their words spread evenly."""
    source, restoration = read("\n".join(text for text, _ in lines))
    placed = []
    for line, (text, right) in zip(source.lines, lines, strict=True):
        unit = (right - 72) / len(text)
        edges = [(72 + (w.start - line.start) * unit, 72 + (w.end - line.start) * unit) for w in line.words]
        words = (replace(word, box=(x0, 0, x1, 12)) for word, (x0, x1) in zip(line.words, edges, strict=True))
        placed.append(replace(line, words=tuple(words)))
    return replace(source, pages=(replace(source.pages[0], lines=tuple(placed)),)), restoration


def test_the_place_on_the_page_tells_a_full_line_from_a_short_one() -> None:
    wide = "Đội tuần đường kiểm tra hành lang an toàn."
    narrow = "Trạm gác đóng đường khi có mưa lớn kéo dài và khi có đá lăn."
    joined = structure(*boxed([(wide, 520), (narrow, 520)]))
    parted = structure(*boxed([(narrow, 520), (wide, 300), (narrow, 520)]))
    assert [p.text for p in joined.provisions] == [f"{wide} {narrow}"]
    assert [p.text for p in parted.provisions] == [f"{narrow} {wide}", narrow]


@pytest.mark.parametrize(
    ("last", "parted"),
    [
        ("lội lũ lụt tới tận thôn Tới tìm lối lên lại đồi, tới lúc trời tối thì lại lội.", True),
        ("Đoàn xe chở gạo, muối, vải, dầu, thuốc men qua đèo Mã Pì Lèng mùa mưa lũ.", False),
    ],
)
def test_letters_take_the_room_that_they_take_in_print(last: str, parted: bool) -> None:
    """Both lines have about as many characters as the full ones; only the first leaves room for a word."""
    full = "Đội tuần đường kiểm tra hành lang an toàn của tuyến đèo mỗi tuần hai lần và"
    text = "\n".join(
        [f"1. {full}", *[full] * 8, last, "Trạm gác mở đường khi hết mưa và khi đá lăn đã được dọn khỏi mặt đường."]
    )
    assert len(structure(*read(text)).provisions) == (2 if parted else 1)


@pytest.mark.parametrize(
    ("indents", "parted"), [((28.0, 0.0, 28.0), True), ((28.0, 0.0, 0.0), False), ((28.0, 28.0, 28.0), False)]
)
def test_an_indented_line_opens_a_paragraph_where_others_are_flush(indents: tuple[float, ...], parted: bool) -> None:
    full = "Đội tuần đường kiểm tra hành lang an toàn của tuyến đèo mỗi tuần hai lần"
    source, restoration = boxed([(full, 520)] * 3)
    lines = tuple(
        replace(line, style=Style(bold=False, italic=False, centred=False, indent=indent))
        for line, indent in zip(source.lines, indents, strict=True)
    )
    source = replace(source, pages=(replace(source.pages[0], lines=lines),))
    assert len(structure(source, restoration).provisions) == (2 if parted else 1)
