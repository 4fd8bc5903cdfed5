import lzma
from pathlib import Path

import pytest

from pipeline.train.corpus import documents

TEXT = """### mot
Sở Nội vụ chủ trì tổng hợp.
Thực hiện Nghị quyết số 45 - NQ/TW của Bộ Chính trị.
Thực hiện Nghị quyết số 108/NQ-CP của Chính phủ.
Đề án phát triển thành phố Hải Phòng đến năm 2030.
Văn phòng theo dõi việc thực hiện.
### hai
**Ký bởi: ai đó**
12
= Kế hoạch năm =
"""


def paragraphs(text: str, folder: Path) -> list[tuple[str, ...]]:
    with lzma.open(folder / "small.txt.xz", "wt", encoding="utf-8") as file:
        file.write(text)
    return list(documents(folder, "small"))


def test_paragraphs_that_quote_held_out_documents_stay_out(tmp_path: Path) -> None:
    assert paragraphs(TEXT, tmp_path)[0] == ("Sở Nội vụ chủ trì tổng hợp.", "Văn phòng theo dõi việc thực hiện.")


def test_marks_of_web_pages_and_signatures_stay_out(tmp_path: Path) -> None:
    assert paragraphs(TEXT, tmp_path)[1] == ("Kế hoạch năm",)


@pytest.mark.parametrize(
    "lines",
    [
        ("Giám đốc các sở và Chủ tịch Ủy ban nhân dân các", "huyện chịu trách nhiệm thi hành quyết định này."),
        ("Các đơn vị báo cáo kết quả về Sở Nội vụ trước ngày,", "15 hằng tháng để tổng hợp và báo cáo cấp trên."),
    ],
)
def test_printed_lines_are_joined_to_paragraphs(tmp_path: Path, lines: tuple[str, str]) -> None:
    assert paragraphs("### mot\n" + "\n".join(lines), tmp_path) == [(" ".join(lines),)]


def test_a_quotation_over_a_line_end_is_found_too(tmp_path: Path) -> None:
    text = "### mot\nThành ủy quán triệt mục tiêu phát triển thành phố\nHải Phòng theo hướng hiện đại và văn minh.\n"
    assert paragraphs(text, tmp_path) == [()]


def test_numbered_items_stand_for_themselves(tmp_path: Path) -> None:
    lines = ("1. Sở Y tế chủ trì công tác khám bệnh", "2. Sở Tài chính bố trí nguồn kinh phí", "a) chi thường xuyên")
    assert paragraphs("### mot\n" + "\n".join(lines), tmp_path) == [lines]
