"""Measurable aims."""

from datetime import date

import pytest

from pipeline.structure import structure
from pipeline.tasks.targets import find_targets
from tests.support import read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Đến năm 2025, sản lượng mật ong đạt 20.000 tấn.",
            ("sản lượng mật ong", "equal", "20.000", "tấn", "Đến năm 2025"),
        ),
        (
            "Tỷ lệ che phủ rừng tối thiểu 42,5% trong năm 2030.",
            ("Tỷ lệ che phủ rừng", "at_least", "42,5", "%", "trong năm 2030"),
        ),
        (
            "Phấn đấu thu nhập bình quân đạt khoảng 60 triệu đồng.",
            ("thu nhập bình quân", "about", "60", "triệu đồng", None),
        ),
        (
            "Tỷ lệ hộ nghèo giảm còn 3% giai đoạn 2021 - 2025.",
            ("Tỷ lệ hộ nghèo", "decrease", "3", "%", "giai đoạn 2021 - 2025"),
        ),
        ("Số xã chưa có điện không quá 2 xã.", ("Số xã chưa có điện", "at_most", "2", "xã", None)),
        ("Tỷ lệ che phủ rừng từ 44% - 45%.", ("Tỷ lệ che phủ rừng", "between", "44 - 45", "%", None)),
        ("Một số chỉ tiêu cụ thể Sản lượng đạt 5 tấn.", ("Sản lượng", "equal", "5", "tấn", None)),
    ],
)
def test_targets(text: str, expected: tuple[str | None, ...]) -> None:
    found = [
        (t.indicator, t.comparator, t.value, t.unit, t.period) for t in find_targets(structure(*read(f"1. {text}")))
    ]
    assert found == [expected]


def test_a_period_is_inherited_from_the_stem() -> None:
    text = "a) Giai đoạn từ năm 2031 đến năm 2035:\n- Diện tích rừng trồng đạt 500 ha."
    target = next(iter(find_targets(structure(*read(text)))))
    assert (target.node_id, target.period) == ("a/1", "Giai đoạn từ năm 2031 đến năm 2035")


@pytest.mark.parametrize("text", ["Quốc lộ 37 dài hơn đường cũ.", "Ngày 12 tháng 5.", "Điều 5 khoản 3."])
def test_numbers_that_are_no_aims(text: str) -> None:
    assert list(find_targets(structure(*read(f"1. {text}")))) == []


def test_a_period_is_that_of_its_own_clause() -> None:
    text = (
        "a) Đến năm 2035:\n- Mật ong giai đoạn 2031 - 2033 đạt 5 tấn, sáp ong đạt 2 tấn. Đến năm 2034, chè đạt 9 tấn;"
        " thuốc nam đạt 1 tấn."
    )
    periods = {target.value: target.period for target in find_targets(structure(*read(text)))}
    assert periods == {"5": "giai đoạn 2031 - 2033", "2": "Đến năm 2035", "9": "Đến năm 2034", "1": "Đến năm 2034"}


def test_a_range_has_both_its_ends_and_the_period_its_days() -> None:
    text = "a) Giai đoạn từ nay đến năm 2035:\n- Thu hoạch đạt 180.000 đến 190.000 tấn."
    target = next(iter(find_targets(structure(*read(text)))))
    assert (target.value, target.low, target.high, target.comparator) == (
        "180.000 đến 190.000",
        180_000,
        190_000,
        "between",
    )
    assert (target.start, target.end) == (None, date(2035, 12, 31))
    assert (target.scope, target.scope_id) == ("Giai đoạn từ nay đến năm 2035", "a")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đến năm 2034, chuyển đổi 50% số lò gạch.", ("số lò gạch", "equal", "50", "%")),
        (
            "Mỗi tỉnh có tối đa không quá 03 trường dạy nghề để đào tạo thợ.",
            ("trường dạy nghề", "at_most", "03", "trường"),
        ),
        ("Mỗi huyện có ít nhất 01 bệnh viện đạt chuẩn.", ("bệnh viện đạt chuẩn", "at_least", "01", "bệnh viện")),
        ("Tốc độ tăng trưởng từ 10%/năm trở lên.", ("Tốc độ tăng trưởng", "at_least", "10", "%/năm")),
    ],
)
def test_the_indicator_may_follow_the_value(text: str, expected: tuple[str, ...]) -> None:
    (target,) = find_targets(structure(*read(f"KẾ HOẠCH\nGiữ rừng\n1. {text}")))
    assert (target.indicator, target.comparator, target.value, target.unit) == expected


@pytest.mark.parametrize(
    "text",
    [
        "KẾ HOẠCH\nGiữ rừng\nI. KẾT QUẢ ĐẠT ĐƯỢC\n1. Tỷ lệ che phủ rừng đạt 42%.",
        "KẾ HOẠCH\nGiữ rừng\n1. Thu ngân sách ước đạt 257,2 tỷ đồng.",
        "NGHỊ ĐỊNH\nVề rừng\nĐiều 1. Phạt\n1. Phạt tiền từ 1.000.000 đồng đến 2.000.000 đồng.",
        "KẾ HOẠCH\nGiữ rừng\n1. Mức hỗ trợ không quá 2 triệu đồng/hộ.",
    ],
)
def test_what_was_reached_and_what_is_fixed_are_no_aims(text: str) -> None:
    assert list(find_targets(structure(*read(text)))) == []
