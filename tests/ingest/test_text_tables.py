"""Tables in plain texts: cells parted by tabs, strokes or wide spaces, with their places; all else stays text."""

import time
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Source
from pipeline.ingest import ingest_text
from pipeline.structure import structure
from tests.conftest import read_as_is
from tests.structure.invariants import check

HEADER = "TT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"
ROWS = (
    ("1", "Xây dựng Đề án bến cá", "Sở Nội vụ", "Quý II/2031"),
    ("2", "Rà soát quy hoạch", "Sở Xây dựng", ""),
    ("3", "Báo cáo kết quả", "Sở Y tế", "Năm 2032"),
)
Cells = Sequence[Sequence[str]]


def by_tabs(rows: Cells) -> str:
    return "\n".join("\t".join(row) for row in rows)


def by_strokes(rows: Cells) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def by_spaces(rows: Cells) -> str:
    widths = [max(len(row[column]) for row in rows) + 3 for column in range(len(rows[0]))]
    return "\n".join("".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)


def read(text: str) -> Source:
    return ingest_text("a.txt", text.encode())


def cells_of(source: Source) -> list[list[list[str]]]:
    found = []
    for one in source.tables:
        rows: dict[int, list[str]] = {}
        for cell in one.cells:
            rows.setdefault(cell.row, []).append(" ".join(source.raw[slice(*span)] for span in cell.raw_spans))
        found.append([rows[row] for row in sorted(rows)])
    return found


ways = pytest.mark.parametrize("written", [by_tabs, by_strokes, by_spaces])


@ways
def test_cells_come_with_their_places_and_the_text_about_them_stays(written: Callable[[Cells], str]) -> None:
    text = f"PHỤ LỤC\n{written((HEADER, *ROWS))}\nĐiều 2. Các sở thi hành Quyết định này kể từ ngày ký.\n"
    source = read(text)
    assert source.raw == text
    assert cells_of(source) == [[list(HEADER), *map(list, ROWS)]]
    lines = [source.raw[line.start : line.end] for line in source.lines]
    assert lines[0] == "PHỤ LỤC"
    assert lines[-1].startswith("Điều 2.")
    found = structure(source, read_as_is(source))
    check(source, found)
    assert [cell.text for cell in found.tables[0].rows[0].cells] == list(ROWS[0])


def test_cells_over_several_lines_between_rules() -> None:
    rule = "|----|------|------|----|"
    source = read(
        f"| TT | Nhiệm vụ | Cơ quan | Thời hạn |\n|    |   | chủ trì | |\n{rule}\n"
        "| 1 | Xây dựng Đề án | Sở Nội vụ | Quý II/2031 |\n|  | bến cá | và Sở Y tế | |\n"
        f"{rule}\n| 2 | Rà soát | Sở Y tế | |\n{rule}\n| 3 | Báo cáo | Sở Y tế | Năm 2032 |"
    )
    found = cells_of(source)[0]
    assert found[0][2] == "Cơ quan chủ trì"
    assert found[1] == ["1", "Xây dựng Đề án bến cá", "Sở Nội vụ và Sở Y tế", "Quý II/2031"]
    structured = structure(source, read_as_is(source))
    check(source, structured)
    assert {item.reason for item in structured.uncovered} == {"rule"}


def test_headings_that_an_engine_misread_head_columns_too() -> None:
    header = "TT", "Néi dung nhiém vu", "Co quan chu tri", "Théi han"
    assert cells_of(read(by_strokes((header, *ROWS)))) == [[list(header), *map(list, ROWS)]]


@ways
def test_a_table_goes_on_over_a_form_feed_under_the_same_headings(written: Callable[[Cells], str]) -> None:
    rest = [HEADER, ("4", "Tổng kết việc thực hiện", "Sở Nội vụ", "Năm 2033")]
    source = read(f"{written((HEADER, *ROWS))}\n\f{written(rest)}\n")
    check(source, structure(source, read_as_is(source)))
    assert sum(row[0] == "4" for table in cells_of(source) for row in table) == 1
    if written is not by_spaces:
        assert len(source.tables) == 1


FIVE = tuple((*row, note) for row, note in zip((HEADER, *ROWS), ("Ghi chú", "", "Gấp", "Mới"), strict=True))


@pytest.mark.parametrize("between", ["", "\nBiểu số 2\n"])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        (by_strokes((HEADER, *ROWS)), by_tabs((HEADER, *ROWS))),
        (by_tabs((HEADER, *ROWS)), by_spaces((HEADER, *ROWS))),
        (by_spaces((HEADER, *ROWS)), by_strokes((HEADER, *ROWS))),
        (by_strokes(FIVE), by_strokes((HEADER, *ROWS))),
        (by_tabs((HEADER, *ROWS)), by_tabs(FIVE)),
    ],
)
def test_tables_on_one_page_are_each_parted_as_their_own_headings(first: str, second: str, between: str) -> None:
    alone = [*cells_of(read(first)), *cells_of(read(second))]
    assert len(alone) == 2
    assert cells_of(read(f"{first}\n{between}{second}\n")) == alone


@pytest.mark.parametrize("written", [by_tabs, by_spaces])
def test_a_stroke_that_parts_no_columns_is_a_letter(written: Callable[[Cells], str]) -> None:
    rows = (*ROWS[:2], ("3", "Báo cáo kết quả", "Sở Y tế", "Quý |/2031"))
    source = read(written((HEADER, *rows)))
    assert cells_of(source) == [[list(HEADER), *map(list, rows)]]
    assert "|/2031" in [word.text for line in source.lines for word in line.words]


def test_a_line_of_very_many_words_takes_no_longer_than_others() -> None:
    begun = time.process_time()
    assert not read(f"STT {'a ' * 20_000}\n1 Báo cáo\n").tables
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("later", ["Thứ tự ưu tiên như trên.", "TT 08/2031 hết hiệu lực."])
@pytest.mark.parametrize("written", [by_tabs, by_strokes])
def test_a_later_line_that_opens_as_headings_do_takes_no_table(written: Callable[[Cells], str], later: str) -> None:
    table = written((HEADER, *ROWS))
    assert cells_of(read(f"{table}\n{later}\n")) == cells_of(read(table)) != []


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(" ".join(row) for row in (HEADER, *ROWS)),
        by_strokes((HEADER, *ROWS)).replace("bến cá |", "bến cá "),
        by_strokes((HEADER, *ROWS)).replace("| Sở Xây dựng |", "Sở Xây dựng"),
        by_tabs((HEADER, ROWS[0], ROWS[2])),
        by_tabs((("TT", "Cây giống", "Số lượng", "Nơi trồng"), *ROWS)),
    ],
    ids=["single spaces", "a stroke lost", "two strokes lost", "two rows", "no tasks"],
)
def test_what_is_not_sure_stays_lines(text: str) -> None:
    source = read(text)
    assert not source.tables
    assert [source.raw[line.start : line.end] for line in source.lines] == text.split("\n")


pieces = st.sampled_from(["TT", "Nhiệm vụ", "Chủ trì", "1", "2", "3", "Sở Y tế", "|", "\t", "   ", "\n", "\f", "II."])


@given(st.lists(pieces, max_size=30).map(" ".join), st.booleans(), st.sampled_from([by_tabs, by_strokes, by_spaces]))
def test_nothing_is_lost_or_said_twice(noise: str, is_before: bool, written: Callable[[Cells], str]) -> None:
    table = written((HEADER, *ROWS))
    text = f"{noise}\n{table}" if is_before else f"{table}\n{noise}"
    source = read(text)
    said = [word for line in source.lines for word in line.words]
    assert [word.start for word in said] == sorted({word.start for word in said})
    assert "".join(w.text for w in said).replace("|", "") == "".join(text.split()).replace("|", "")
    check(source, structure(source, read_as_is(source)))
