"""Names of agencies are found and resolved."""

import csv
from datetime import date
from importlib import resources

import pytest

from pipeline.tasks.agencies import find_agencies, gazetteer


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bộ Kế hoạch và Đầu tư chủ trì", ["bo-ke-hoach-va-dau-tu"]),
        ("Bộ Văn hóa, Thể thao và Du lịch, Bộ Y tế", ["bo-van-hoa-the-thao-va-du-lich", "bo-y-te"]),
        ("Bộ trưởng Bộ Nội vụ", ["bo-noi-vu"]),
        ("Bộ GD&ĐT và NHNN", ["bo-giao-duc-va-dao-tao", "ngan-hang-nha-nuoc"]),
        ("Ngân hàng Nhà nước Việt Nam", ["ngan-hang-nha-nuoc"]),
        ("Ủy ban nhân dân tỉnh Lào Cai", ["ubnd-lao-cai"]),
        ("UBND thành phố Đà Nẵng", ["ubnd-da-nang"]),
        ("Thành ủy Cần Thơ", ["thanh-uy-can-tho"]),
        ("các bộ, ngành, địa phương", ["cac-bo-nganh-dia-phuong"]),
        ("các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ", ["cac-bo-co-quan-ngang-bo", "co-quan-thuoc-chinh-phu"]),
        ("Bộ Kế hoạch và Đẩu tu", ["bo-ke-hoach-va-dau-tu"]),
        ("Bộ Kế họach và Đầu tơ", ["bo-ke-hoach-va-dau-tu"]),
        ("Sở Y tế", ["so-y-te"]),
        ("Viện Nghiên cứu Hoa Cỏ", [None]),
        ("bộ phận một cửa", []),
        ("cán bộ y tế xã", []),
    ],
)
def test_names(text: str, found: list[str | None]) -> None:
    mentions = find_agencies(text, 0)
    assert [mention.agency_id for mention in mentions] == found
    assert all(text[slice(*mention.span)] == mention.raw for mention in mentions)


def test_an_exact_name_scores_more_than_a_damaged_one() -> None:
    exact, damaged = find_agencies("Bộ Giao thông vận tải", 0)[0], find_agencies("Bộ Giao thong vận tảii", 0)[0]
    assert exact.agency_id == damaged.agency_id
    assert exact.score == 100
    assert 88 <= damaged.score < 100


def test_the_tables_are_sound() -> None:
    path = resources.files("pipeline.tasks") / "data" / "agencies.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids)
    assert {row["parent"] for row in rows} - {""} <= set(ids)
    for row in rows:
        since, until = (date.fromisoformat(row[key]) if row[key] else None for key in ("valid_from", "valid_to"))
        assert since is None or until is None or since < until


def test_all_provinces_have_a_committee() -> None:
    committees = {agency.id for agency in gazetteer().names.values() if agency.id.startswith("ubnd-")}
    assert len(committees) == 64
