"""Documents written for these tests, with every provision that should be found."""

from pathlib import Path

import pytest

from pipeline.document import Structure
from pipeline.structure import structure
from tests.structure.invariants import check
from tests.support import read

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.txt"))


def structured(name: str) -> Structure:
    source, restoration = read((GOLDEN / f"{name}.txt").read_text(encoding="utf-8"))
    found = structure(source, restoration)
    check(source, found)
    return found


@pytest.mark.parametrize("name", NAMES)
def test_every_provision_stands_in_its_place(name: str) -> None:
    found = [f"{p.id} | {p.kind} | {p.text}" for p in structured(name).provisions]
    assert found == (GOLDEN / f"{name}.outline").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("chuong_trinh", "national_title", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        ("chuong_trinh", "motto", "Độc lập - Tự do - Hạnh phúc"),
        ("chuong_trinh", "issuing_body", "CHÍNH PHỦ"),
        ("chuong_trinh", "number", "512"),
        ("chuong_trinh", "notation", "NQ-CP"),
        ("chuong_trinh", "place", "Hà Nội"),
        ("chuong_trinh", "issued_date", "2020-03-05"),
        ("chuong_trinh", "doc_type", "NGHỊ QUYẾT"),
        ("chuong_trinh", "signatory", "Trần Văn Mộc"),
        ("nghi_dinh", "number", "41/2031"),
        ("nghi_dinh", "notation", "NĐ-CP"),
        ("nghi_dinh", "subject", "Về bến đò ngang và an toàn cho khách qua sông"),
        ("ke_hoach", "issuing_body", "ỦY BAN NHÂN DÂN TỈNH LÀO CAI"),
        ("ke_hoach", "place", "Lào Cai"),
        ("ke_hoach", "issued_date", "2021-01-14"),
        ("ke_hoach", "signatory", "Giàng A Páo"),
        ("cong_van", "subject", "báo cáo số lượng thôn, bản sau sắp xếp"),
        ("cong_van", "doc_type", None),
    ],
)
def test_metadata(name: str, field: str, value: str | None) -> None:
    found = getattr(structured(name).metadata, field)
    assert (found.value if found else None) == value


def test_metadata_points_into_both_texts() -> None:
    raw = (GOLDEN / "chuong_trinh.txt").read_text(encoding="utf-8")
    found = structured("chuong_trinh")
    place = found.metadata.place
    assert place is not None
    assert found.text[slice(*place.span)] == "Hà Nội"
    assert [raw[slice(*span)] for span in place.raw_spans] == ["Hà Nội,"]


def test_legal_bases_and_recipients_are_those_of_the_document_itself() -> None:
    metadata = structured("chuong_trinh").metadata
    assert len(metadata.legal_bases) == 3
    assert [recipient.value for recipient in metadata.recipients] == [
        "Văn phòng Quốc hội;",
        "Kho bạc Nhà nước;",
        "Lưu: VT, KGVX (3b).",
    ]


def test_headings_are_marked() -> None:
    headings = {p.id: p.heading for p in structured("nghi_dinh").provisions if p.heading}
    assert headings["chuong-I"] == "QUY ĐỊNH CHUNG"
    assert headings["chuong-I/muc-1/dieu-1"] == "Phạm vi điều chỉnh"
    assert "chuong-I/muc-1/dieu-2/1" not in headings


def test_damaged_markers_are_repaired_with_less_confidence() -> None:
    found = structured("chuong_trinh")
    provisions = {p.id: p for p in found.provisions}
    for node, line in (("I", "I. MỤC TIÊU"), ("III", "III. TỔ CHỨC"), ("II/5", "5. Tín dụng")):
        assert provisions[f"phu-luc/{node}"].confidence < 0.7
        assert f"\n{line}" in found.text
    assert "marker_repaired" in {notice.code for notice in found.notices}


def test_what_is_missing_in_print_is_reported_not_filled_in() -> None:
    gaps = {gap.after_id: gap.missing for gap in structured("nghi_dinh").gaps}
    assert gaps == {"chuong-I/muc-2/dieu-3/1": ("2",), "chuong-II/dieu-4": ("Điều 5",)}


def test_page_numbers_and_dirt_are_set_aside() -> None:
    raw = (GOLDEN / "chuong_trinh.txt").read_text(encoding="utf-8")
    aside = [(item.reason, raw[slice(*item.span)]) for item in structured("chuong_trinh").uncovered]
    assert aside == [
        ("speck", "—"),
        ("speck", "I"),
        ("page_number", "2"),
        ("speck", "_"),
        ("speck", "*"),
        ("speck", "-"),
    ]
