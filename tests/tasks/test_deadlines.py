"""Time limits in words become dates."""

from datetime import date

import pytest

from pipeline.tasks.deadlines import find_deadlines, most_exact

ISSUED = date(2020, 5, 10)


@pytest.mark.parametrize(
    ("text", "kind", "start", "end", "precision"),
    [
        ("Hoàn thành trước ngày 15 tháng 12 năm 2021.", "by", None, "2021-12-15", "day"),
        ("Báo cáo trước ngày 15 tháng 12.", "by", None, "2020-12-15", "day"),
        ("Báo cáo trước ngày 15 tháng 3.", "by", None, "2021-03-15", "day"),
        ("Gửi trước ngày 15 tháng 12 hằng năm.", "recurring", None, None, "none"),
        ("Xong chậm nhất ngày 01/7/2022.", "by", None, "2022-07-01", "day"),
        ("Trình trong quý II năm 2020.", "within", "2020-04-01", "2020-06-30", "quarter"),
        ("Trình trước quý II/2021.", "by", None, "2021-03-31", "quarter"),
        ("Trình trong quý IV.", "within", "2020-10-01", "2020-12-31", "quarter"),
        ("Trình trong tháng 9 năm 2020.", "within", "2020-09-01", "2020-09-30", "month"),
        ("Trình trước tháng 3/2021.", "by", None, "2021-02-28", "month"),
        ("Làm xong trong năm 2022.", "within", "2022-01-01", "2022-12-31", "year"),
        ("Đến năm 2030, mọi thôn có nhà trẻ.", "by", None, "2030-12-31", "year"),
        ("Làm xong trước năm 2030.", "by", None, "2029-12-31", "year"),
        ("Thực hiện giai đoạn 2021 - 2025.", "within", "2021-01-01", "2025-12-31", "year"),
        ("Trình quy hoạch bến đò trước năm 2030.", "by", None, "2029-12-31", "year"),
        ("Lập quy hoạch bến đò đến năm 2025, hoàn thành đập.", "by", None, "2025-12-31", "year"),
        ("Rà soát hằng năm.", "recurring", None, None, "none"),
        ("Định kỳ 6 tháng báo cáo.", "recurring", None, None, "none"),
        ("Trong vòng 30 ngày kể từ ngày ký.", "within", "2020-05-10", "2020-06-09", "day"),
        ("Trong thời hạn 3 tháng kể từ ngày ban hành.", "within", "2020-05-10", "2020-08-10", "day"),
        ("Trong thời hạn 7 ngày làm việc kể từ ngày ký.", "within", "2020-05-10", "2020-05-19", "day"),
        ("Trong thời hạn 5 ngày kể từ ngày nhận đơn.", "within", None, None, "none"),
    ],
)
def test_limits(text: str, kind: str, start: str | None, end: str | None, precision: str) -> None:
    (found, *_) = find_deadlines(text, 0, ISSUED)
    dates = tuple(day.isoformat() if day else None for day in (found.start, found.end))
    assert (found.kind, *dates, found.precision) == (kind, start, end, precision)
    assert text[slice(*found.span)] == found.raw


@pytest.mark.parametrize(
    "text",
    [
        "Theo Nghị quyết số 7-NQ/TU ngày 2 tháng 8 năm 2016 về nghề gốm đến năm 2025, tầm nhìn đến năm 2035.",
        "Cây keo được trồng năm 2015.",
        "Lập quy hoạch bến đò đến năm 2030.",
        "Xây dựng Kế hoạch gác rừng giai đoạn 2021 - 2030.",
        "Cải tạo bến đò phù hợp với mục tiêu đến năm 2025 của tỉnh.",
        "Giữ rừng, đến năm 2030 trở thành rừng già.",
        "Trước ngày 31 tháng 02 năm 2021.",
        "Chia theo quy định.",
    ],
)
def test_what_is_no_limit(text: str) -> None:
    assert find_deadlines(text, 0, ISSUED) == []


def test_without_a_date_of_issue_a_day_has_no_year() -> None:
    (found,) = find_deadlines("Xong trước ngày 15 tháng 12.", 0, None)
    assert (found.end, found.precision) == (None, "none")


@pytest.mark.parametrize(
    ("text", "kind", "start", "end", "precision"),
    [
        ("Quý IV/2021 trình Đề án.", "within", "2021-10-01", "2021-12-31", "quarter"),
        ("Trong quý II, III/2021 làm xong.", "within", "2021-04-01", "2021-09-30", "quarter"),
        ("Báo cáo trong 6 tháng đầu năm 2021.", "within", "2021-01-01", "2021-06-30", "month"),
        ("Hoàn thành cuối năm 2021.", "within", "2021-07-01", "2021-12-31", "year"),
        ("Hoàn thành tháng 10 năm 2024.", "within", "2024-10-01", "2024-10-31", "month"),
        ("Xong trước 30/6/2025.", "by", None, "2025-06-30", "day"),
        ("Chậm nhất đến hết ngày 20 tháng 10 năm 2021, gửi sổ.", "by", None, "2021-10-20", "day"),
        ("Chậm nhất trong quý III năm 2021.", "by", None, "2021-09-30", "quarter"),
        ("Trong thời gian từ ngày 01/3/2021 đến hết ngày 30/6/2021.", "within", "2021-03-01", "2021-06-30", "day"),
        ("Từ tháng 5 đến tháng 9 năm 2021, gác rừng.", "within", "2021-05-01", "2021-09-30", "month"),
        ("Từ nay đến năm 2025, trồng lại rừng.", "by", None, "2025-12-31", "year"),
        ("Ngày 25 hằng tháng báo cáo.", "recurring", None, None, "none"),
        ("Trước ngày 25 của tháng cuối quý, báo cáo.", "recurring", None, None, "none"),
        ("Báo cáo định kỳ hằng năm trước ngày 15 tháng 12.", "recurring", None, None, "none"),
        ("Chậm nhất 30 ngày kể từ ngày Nghị quyết này có hiệu lực.", "within", "2020-05-10", "2020-06-09", "day"),
    ],
)
def test_more_limits(text: str, kind: str, start: str | None, end: str | None, precision: str) -> None:
    test_limits(text, kind, start, end, precision)


@pytest.mark.parametrize(
    "text",
    [
        "Bố trí từ ngân sách nhà nước hằng năm.",
        "Người gác có mặt trước ngày 01 tháng 01 năm 1995.",
        "Xây dựng cơ chế thu hút vốn vào bến đò giai đoạn 2021 - 2025.",
        "Áp dụng khoản 8 Quyết định này.",
        "Báo cáo tình hình quý I.",
    ],
)
def test_more_that_is_no_limit(text: str) -> None:
    test_what_is_no_limit(text)


def test_of_several_limits_the_most_exact_is_chosen() -> None:
    found = find_deadlines("Trong năm 2021, hằng quý gác rừng; báo cáo trước ngày 5 tháng 8 năm 2021.", 0, ISSUED)
    chosen = most_exact(found)
    assert chosen is not None
    assert chosen.raw == "trước ngày 5 tháng 8 năm 2021"
    assert most_exact([]) is None
