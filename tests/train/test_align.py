from hypothesis import given
from hypothesis import strategies as st

from pipeline.train.align import pair_lines, pairs_of, skeleton
from pipeline.train.read import Reading

TRUE = ["Sở Xây dựng báo cáo tiến độ,", "Phòng Tài chính bố trí kinh phí.", "Nơi nhận: Văn phòng Sở"]
NOISED = ["So Xay dung bao cao tién d6,", "Phong Tai chinh bé tri kinh phi.", "Noi nhan: Van phong So"]


def test_lines_find_their_readings_in_order_past_strangers() -> None:
    read = ["~ .", NOISED[0], "", "QWERTY 12345 QWERTY 67890", NOISED[1], NOISED[2], "3"]
    assert list(pair_lines(TRUE, read)) == list(zip(TRUE, NOISED, strict=True))


def test_a_true_line_that_was_not_read_has_no_pair() -> None:
    assert list(pair_lines(TRUE, [NOISED[0], NOISED[2]])) == [(TRUE[0], NOISED[0]), (TRUE[2], NOISED[2])]


def test_lines_read_in_another_order_are_not_crossed() -> None:
    pairs = list(pair_lines(TRUE, [NOISED[1], NOISED[0]]))
    assert len(pairs) == 1
    assert pairs[0] in zip(TRUE, NOISED, strict=True)


def test_spaces_and_tones_are_evened_out() -> None:
    assert list(pair_lines(["  hoà   bình  lâu dài "], ["hoa  binh lau dai"])) == [
        ("hòa bình lâu dài", "hoa binh lau dai")
    ]


def test_a_skeleton_is_what_survives_an_engine_without_vietnamese() -> None:
    assert skeleton("Điều 1. Tổ chức") == skeleton("Diéu 1, T6 chuc".replace("6", "o")) == "dieu1tochuc"


def test_pages_are_paired_each_for_itself() -> None:
    pages = [Reading("a", "eng", (TRUE[0],), (NOISED[1],)), Reading("b", "eng", (TRUE[1],), (NOISED[0], NOISED[1]))]
    assert list(pairs_of(pages)) == [(TRUE[1], NOISED[1])]


@given(st.lists(st.sampled_from(TRUE), max_size=5), st.lists(st.sampled_from(NOISED), max_size=5))
def test_no_line_is_used_twice(truth: list[str], read: list[str]) -> None:
    pairs = list(pair_lines(truth, read))
    for side, lines in ((0, truth), (1, read)):
        for line in lines:
            assert sum(pair[side] == line for pair in pairs) <= lines.count(line)
