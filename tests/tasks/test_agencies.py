"""Names of agencies are found and resolved."""

import csv
from datetime import date
from importlib import resources

import pytest

from pipeline.document import AgencyMention
from pipeline.tasks.agencies import AgencyFinder
from pipeline.tasks.gazetteer import gazetteer
from pipeline.tasks.language import load


def find_agencies(text: str, day: date | None = None) -> list[AgencyMention]:
    nlp = load()
    return AgencyFinder(nlp, gazetteer()).find(nlp.make_doc(text), text, day)


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
        ("Công an tỉnh Lào Cai, Sở Y tế thành phố Đà Nẵng", ["cong-an-lao-cai", "so-y-te-da-nang"]),
        ("các Bộ: Công an, Quốc phòng và Y tế", ["bo-cong-an", "bo-quoc-phong", "bo-y-te"]),
        ("các Sở Tài chính, Xây dựng", ["so-tai-chinh", "so-xay-dung"]),
        ("Ủy ban nhân dân các tỉnh: Lào Cai, Lai Châu và Sơn La", ["ubnd-lao-cai", "ubnd-lai-chau", "ubnd-son-la"]),
        ("Ủy ban nhân thành phố Hải Phòng", ["ubnd-hai-phong"]),
        ("Ủy ban nhân dân xã Hòa Bình", [None]),
        ("Văn phòng Ủy ban nhân dân tỉnh", ["van-phong-uy-ban-nhan-dan-cap-tinh"]),
        ("Văn phòng UBND tỉnh Lào Cai", ["van-phong-ubnd-lao-cai"]),
        ("Quyết định số 9/QĐ-BTC", []),
        ("Giám đốc Sở Y tế", ["so-y-te"]),
        ("các bộ, cơ quan trung ương và địa phương", ["cac-bo-nganh-dia-phuong"]),
        ("Ban Quản lý dự án đầu tư hồ chứa", [None]),
        ("Viện Nghiên cứu Hoa Cỏ", [None]),
        ("bộ phận một cửa", []),
        ("cán bộ y tế xã", []),
    ],
)
def test_names(text: str, found: list[str | None]) -> None:
    mentions = find_agencies(text)
    assert [mention.agency_id for mention in mentions] == found
    assert all(text[slice(*mention.span)] == mention.raw for mention in mentions)


def test_an_exact_name_scores_more_than_a_damaged_one() -> None:
    exact, damaged = find_agencies("Bộ Giao thông vận tải")[0], find_agencies("Bộ Giao thong vận tảii")[0]
    assert exact.agency_id == damaged.agency_id
    assert exact.score == 100
    assert 88 <= damaged.score < 100


def test_the_tables_are_sound() -> None:
    agencies, local, provinces = rows("agencies.csv"), rows("local.csv"), rows("provinces.csv")
    ids = [row["id"] for row in (*agencies, *local)]
    assert {row["parent"] for row in agencies} - {""} <= set(ids)
    for table in (agencies, local, provinces):
        assert len({row["id"] for row in table}) == len(table)
    for row in (*agencies, *local, *provinces):
        since, until = (date.fromisoformat(row[key]) if row[key] else None for key in ("valid_from", "valid_to"))
        assert since is None or until is None or since < until


@pytest.mark.parametrize(
    ("name", "day", "agency"),
    [
        ("VCCI", date(2019, 5, 1), "phong-thuong-mai-va-cong-nghiep-viet-nam"),
        ("VCCI", date(2024, 5, 1), "lien-doan-thuong-mai-va-cong-nghiep-viet-nam"),
        ("Tổng cục Thuế", date(2026, 5, 1), "tong-cuc-thue"),
        ("Bộ Kế hoạch và Đầu tư", date(2026, 5, 1), "bo-ke-hoach-va-dau-tu"),
    ],
)
def test_a_name_means_the_body_that_bore_it_then(name: str, day: date, agency: str) -> None:
    assert [mention.agency_id for mention in find_agencies(name, day)] == [agency]


def test_every_ministry_that_was_merged_has_an_end() -> None:
    ended = {
        row["id"] for row in rows("agencies.csv") if row["valid_to"] == "2025-02-28" and row["id"].startswith("bo-")
    }
    assert ended == {
        "bo-ke-hoach-va-dau-tu",
        "bo-nong-nghiep-va-phat-trien-nong-thon",
        "bo-tai-nguyen-va-moi-truong",
        "bo-giao-thong-van-tai",
        "bo-thong-tin-va-truyen-thong",
        "bo-lao-dong-thuong-binh-va-xa-hoi",
    }


def test_all_provinces_have_a_committee() -> None:
    names = [row["name"] for row in rows("provinces.csv")]
    assert len(names) == 64
    found = find_agencies("; ".join(f"Ủy ban nhân dân {row['type']} {row['name']}" for row in rows("provinces.csv")))
    assert {mention.agency_id for mention in found} == {f"ubnd-{row['id']}" for row in rows("provinces.csv")}
    standing = [row for row in rows("provinces.csv") if not row["valid_to"]]
    assert len(standing) == 34


def rows(table: str) -> list[dict[str, str]]:
    path = resources.files("pipeline.tasks") / "data" / table
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
