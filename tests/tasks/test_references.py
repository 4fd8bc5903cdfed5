"""References to provisions of the same document, one by one and in lists."""

import pytest

from pipeline.structure import structure
from pipeline.tasks import find
from tests.support import read

RULES = (
    "NGHỊ ĐỊNH\nVề đèo dốc\nChương I\nTRẠM GÁC\nĐiều 1. Trạm\n1. Trạm gác gồm:\na) Chòi;\nb) Barie;\nđ) Kẻng.\n"
    "2. Người gác.\n3. Xe tuần.\nĐiều 2. Xe\n1. Xe qua đèo theo {0}.\nPHỤ LỤC I\nMẪU BIỂN\nPHỤ LỤC II\nMẪU XE\n"
)


@pytest.mark.parametrize(
    ("words", "targets"),
    [
        ("các khoản 1, 2 và 3 Điều 1", ["dieu-1/1", "dieu-1/2", "dieu-1/3"]),
        ("điểm a và điểm đ khoản 1 Điều 1", ["dieu-1/1/a", "dieu-1/1/đ"]),
        ("khoản 1, khoản 2 Điều 1", ["dieu-1/1", "dieu-1/2"]),
        ("Điều 1 và Điều 2", ["dieu-1", "dieu-2"]),
        ("Chương I", [""]),
        ("khoản này", ["dieu-2/1"]),
        ("mức 5 và mức 6", []),
        ("điểm dừng chân", []),
        ("các Điều 1, 2 Luật Đường đèo", []),
        ("Điều 2 trong 3 tháng", ["dieu-2"]),
    ],
)
def test_lists(words: str, targets: list[str]) -> None:
    found = find(structure(*read(RULES.format(words)))).citations
    inside = [
        c for c in found if c.type in ("dieu", "khoan", "diem", "chuong", "muc") and c.node_id == "chuong-I/dieu-2/1"
    ]
    assert [c.target_id for c in inside] == [f"chuong-I/{target}".rstrip("/") for target in targets]


def test_annexes_by_number() -> None:
    found = find(structure(*read(RULES.format("Phụ lục II ban hành kèm theo Nghị định này")))).citations
    (annex,) = [citation for citation in found if citation.type == "phu_luc"]
    assert annex.target_id is not None
    assert annex.target_id.endswith("phu-luc-II")
