"""Documents written for these tests, with every provision that should be found."""

import random
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.document import Structure, Syllable
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
        ("cong_van", "addressees", ["Bộ Tài chính;", "Ủy ban nhân dân các tỉnh, thành phố."]),
        ("quyet_dinh", "parent_body", None),
        ("quyet_dinh", "issuing_body", "ỦY BAN NHÂN DÂN TỈNH LÀO CAI"),
        ("quyet_dinh", "signing_authority", "KT. CHỦ TỊCH"),
        ("quyet_dinh", "signatory_title", "PHÓ CHỦ TỊCH"),
        ("quyet_dinh", "signatory", "Sùng Thị Dở"),
        ("quyet_dinh", "recipients", ["Như Điều 3;", "Bộ Nông nghiệp và Môi trường;", "Lưu: VT, KT (2b)."]),
        ("chi_thi", "number", "9"),
        ("chi_thi", "signatory", "Vũ Hồng Trà"),
        ("chi_thi", "recipients", ["Ban Bí thư Trung ương Đảng;", "Các bộ, cơ quan ngang bộ;", "Lưu: VT, CN (3b)."]),
        ("thong_tu", "issuing_body", "BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"),
        ("thong_tu", "issued_date", "2032-08-09"),
        ("thong_bao", "signing_authority", "KT. BỘ TRƯỞNG, CHỦ NHIỆM"),
        ("thong_bao", "signatory_title", "PHÓ CHỦ NHIỆM"),
        ("bao_cao", "parent_body", "ỦY BAN NHÂN DÂN TỈNH GIA LAI"),
        ("bao_cao", "issuing_body", "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH"),
        ("to_trinh", "addressees", ["Chính phủ"]),
        ("luat", "number", "12/2033"),
        ("luat", "subject", "ĐƯỜNG LÀNG"),
        ("luat", "issued_date", "2033-11-21"),
        ("luat", "signatory_title", "CHỦ TỊCH QUỐC HỘI"),
        ("nghi_quyet_dang", "national_title", "ĐẢNG CỘNG SẢN VIỆT NAM"),
        ("nghi_quyet_dang", "motto", None),
        ("nghi_quyet_dang", "issuing_body", "BAN CHẤP HÀNH TRUNG ƯƠNG"),
        ("nghi_quyet_dang", "number", "12"),
        ("nghi_quyet_dang", "notation", "NQ/TW"),
        ("nghi_quyet_dang", "issued_date", "2031-04-15"),
        ("nghi_quyet_dang", "signing_authority", "T/M BAN CHẤP HÀNH TRUNG ƯƠNG"),
        ("nghi_quyet_dang", "signatory_title", "TỔNG BÍ THƯ"),
        ("cong_van_so", "parent_body", "BỘ XÂY DỰNG"),
        ("cong_van_so", "issuing_body", "CỤC HÀNG HẢI VÀ ĐƯỜNG THỦY VIỆT NAM"),
        ("cong_van_so", "urgency", "HỎA TỐC"),
        ("cong_van_so", "secrecy", None),
        ("cong_van_so", "addressees", ["Các Cảng vụ hàng hải; Sở Xây dựng các tỉnh ven sông"]),
        ("cong_van_so", "signing_authority", "TL. CỤC TRƯỞNG"),
        ("cong_van_so", "signatory_title", "TRƯỞNG PHÒNG QUẢN LÝ KẾT CẤU HẠ TẦNG"),
        ("nghi_quyet_hdnd", "issuing_body", "HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ CẦN THƠ"),
        ("cong_dien", "doc_type", "CÔNG ĐIỆN"),
        ("van_ban_hop_nhat", "doc_type", "NGHỊ ĐỊNH"),
        ("van_ban_hop_nhat", "issuing_body", "BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH"),
        ("van_ban_hop_nhat", "number", "19"),
        ("van_ban_hop_nhat", "signatory", "Tạ Thị Đa"),
    ],
)
def test_metadata(name: str, field: str, value: str | list[str] | None) -> None:
    found = getattr(structured(name).metadata, field)
    shown = [item.value for item in found] if isinstance(found, tuple) else found.value if found else None
    assert shown == value


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"chuong_trinh", "nghi_dinh"}))
def test_nothing_is_odd_about_a_clean_document(name: str) -> None:
    found = structured(name)
    assert (found.notices, found.gaps) == ((), ())


def test_attachments_are_documents_within_the_document() -> None:
    regulation, annex = structured("quyet_dinh").attachments
    assert regulation.node_id == "phu-luc"
    assert regulation.doc_type is not None
    assert regulation.doc_type.value == "QUY CHẾ"
    assert regulation.title is not None
    assert regulation.title.value == "QUY CHẾ Trông coi ruộng bậc thang trên địa bàn tỉnh"
    assert regulation.issued_with is not None
    assert regulation.issued_with.value.startswith("(Ban hành kèm theo Quyết định số 214/QĐ-UBND")
    assert (annex.node_id, annex.doc_type) == ("phu-luc~2", None)


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


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(3))
def test_ids_are_stable_when_the_text_is_restored_a_little_differently(name: str, seed: int) -> None:
    """One word in eight of the running text, not of markers, titles and numbers, gets another accent or letter."""
    source, restoration = read((GOLDEN / f"{name}.txt").read_text(encoding="utf-8"))
    before = structure(source, restoration)
    start = next((p.raw_spans[0][0] for p in before.provisions if p.kind in ("dieu", "muc", "khoan", "doan")), 0)
    dice = random.Random(seed)

    def misread(word: Syllable) -> Syllable:
        plain = word.text.islower() and word.text.isalpha() and len(word.text) > 3 and word.raw_start > start
        if not plain or dice.random() > 1 / 8:
            return word
        return replace(word, text=word.text[:-1] + dice.choice("nghtcáàâ"))

    lines = []
    for line in restoration.lines:
        words = (*line.syllables[:2], *(misread(word) for word in line.syllables[2:]))
        lines.append(replace(line, text=" ".join(word.text for word in words), syllables=words))
    after = structure(source, replace(restoration, lines=tuple(lines)))
    assert [p.id for p in after.provisions] == [p.id for p in before.provisions]
