"""Footnotes at the foot of pages, and their numbers behind markers."""

from pipeline.document import Structure
from pipeline.structure import structure
from tests.structure.invariants import check
from tests.support import read


def structured(text: str) -> Structure:
    source, restoration = read(text)
    found = structure(source, restoration)
    check(source, found)
    return found


def outline(text: str) -> list[str]:
    return [f"{p.id}: {p.text}" for p in structured(text).provisions]


PAGE = "1. Người giữ rừng được cấp gạo1 mỗi\n1 Mức gạo do tỉnh định.\n\ftháng một lần.\n2. Người giữ rừng trồng cây."


def test_a_footnote_cuts_no_paragraph() -> None:
    assert outline(PAGE) == [
        "1: Người giữ rừng được cấp gạo1 mỗi tháng một lần.",
        "chu-thich-1: Mức gạo do tỉnh định.",
        "2: Người giữ rừng trồng cây.",
    ]


def test_a_footnote_is_marked_by_its_number() -> None:
    note = structured(PAGE).provisions[1]
    assert (note.kind, note.marker, note.parent_id, note.page) == ("chu_thich", "1", None, 1)


def test_a_line_that_opens_with_a_number_is_no_footnote_unless_the_page_refers_to_it() -> None:
    assert "chu-thich" not in "".join(outline(PAGE.replace("gạo1", "gạo")))


def test_a_text_without_pages_has_no_footnotes() -> None:
    assert "chu-thich" not in "".join(outline(PAGE.replace("\f", "")))


def test_a_heading_stands_in_no_footnote() -> None:
    assert "dieu-2: Gạo" in outline("Điều 1. Gạo1\nCấp gạo.\n1 Mức gạo.\nĐiều 2. Gạo\nChia gạo.\n\fHết gạo thì mua.")


def test_the_number_of_a_footnote_is_no_part_of_a_marker() -> None:
    text = "Điều 1.1 Cấp gạo\n1. Gạo nếp.\n2.3 Gạo tẻ:\na) Gạo mới;\nb)4 Gạo cũ.\n3.5 (được bãi bỏ)\nĐiều 2.6 Chia gạo"
    assert [line.split(":")[0] for line in outline(text)] == [
        "dieu-1",
        "dieu-1/1",
        "dieu-1/2",
        "dieu-1/2/a",
        "dieu-1/2/b",
        "dieu-1/3",
        "dieu-2",
    ]


def test_two_numbers_with_a_full_stop_stay_a_marker() -> None:
    assert [line.split(":")[0] for line in outline("1. Gạo\n1.1. Nếp\n1.2. Tẻ\n2. Ngô\n2.1. Ngô nếp\n2.2. Ngô tẻ")] == [
        "1",
        "1/1.1",
        "1/1.2",
        "2",
        "2/2.1",
        "2/2.2",
    ]
