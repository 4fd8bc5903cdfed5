from dataclasses import replace

from pipeline.document import Cell, Table
from pipeline.structure import structure
from tests.support import read

TEXT = """PHỤ LỤC I
DANH MỤC NHIỆM VỤ
STT
Nhiệm vụ
1
Xây dựng Đề án bến cá
2
1. Rà soát quy hoạch
PHỤ LỤC II
a) Nội dung khác."""


def _table() -> Table:
    def at(text: str) -> tuple[int, int]:
        start = TEXT.index(f"\n{text}\n") + 1
        return start, start + len(text)

    cells = (
        Cell((at("STT"),), 0, 0),
        Cell((at("Nhiệm vụ"),), 0, 1),
        Cell((at("1"),), 1, 0),
        Cell((at("Xây dựng Đề án bến cá"),), 1, 1),
        Cell((at("2"),), 2, 0),
        Cell((at("1. Rà soát quy hoạch"),), 2, 1),
    )
    return Table(((at("STT")[0], at("1. Rà soát quy hoạch")[1]),), 1, (0, 0, 1, 1), 1, cells)


def test_a_table_stands_in_its_place_and_its_numbers_open_no_clauses() -> None:
    source, restoration = read(TEXT)
    found = structure(replace(source, tables=(_table(),)), restoration)
    kinds = [node.kind for node in found.provisions]
    assert kinds.count("bang") == 1
    assert kinds.count("hang") == 2
    assert "khoan" not in kinds
    assert [node.text for node in found.provisions if node.kind == "hang"] == [
        "1 | Xây dựng Đề án bến cá",
        "2 | 1. Rà soát quy hoạch",
    ]
    assert kinds.index("bang") < [node.text for node in found.provisions].index("Nội dung khác.")
    for node in found.provisions:
        assert found.text[slice(*node.span)] == node.text
    for row in found.tables[0].rows:
        assert all(found.text[slice(*cell.span)] == cell.text for cell in row.cells)
    assert [node.span for node in found.provisions] == sorted(node.span for node in found.provisions)


def test_all_of_a_table_is_accounted_for_and_the_map_leads_back() -> None:
    source, restoration = read(TEXT)
    found = structure(replace(source, tables=(_table(),)), restoration)
    covered = set[int]()
    for span in (*(s for node in found.provisions for s in node.raw_spans), *(u.span for u in found.uncovered)):
        covered |= set(range(*span))
    assert all(i in covered or character.isspace() for i, character in enumerate(TEXT))
    for entry in found.offsets:
        restored = found.text[entry.restored_start : entry.restored_end]
        assert TEXT[entry.raw_start : entry.raw_end].startswith(restored)


def test_a_table_alone_is_a_document_too() -> None:
    source, restoration = read("A\nB\nC\nD")
    cells = tuple(Cell(((2 * i, 2 * i + 1),), i // 2, i % 2) for i in range(4))
    table = Table(((0, 7),), 1, (0, 0, 1, 1), 1, cells)
    found = structure(replace(source, tables=(table,)), restoration)
    assert [(node.kind, node.text) for node in found.provisions] == [("bang", "A | B"), ("hang", "C | D")]
    assert found.text == "A | B\nC | D"
