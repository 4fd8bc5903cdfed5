"""Whatever is read, the structure is whole: nothing lost, nothing twice, spans and ids sound."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Restoration, Source
from pipeline.structure import structure
from tests.structure.invariants import check
from tests.support import read

_SAMPLES = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "CHÍNH PHỦ", "NGHỊ QUYẾT", "QUYẾT NGHỊ:",
    "Số: 5/NQ-CP", "Hà Nội, ngày 1 tháng 2 năm 2020", "Căn cứ Luật Nhà ở;", "Nơi nhận:", "TM. CHÍNH PHỦ",
    "PHỤ LỤC I", "(Kèm theo Nghị quyết số 5/NQ-CP)", "Kính gửi: Bộ Y tế", "Chương II", "Mục 1. CHUNG", "Điều 3.",
    "Điều 4. Tên", "I.", "III. TÊN MỤC", "L TÊN MỤC", "1.", "2. Việc", "1.2. Nhỏ", "a)", "d) Điểm", "S. Việc", "-",
    "- Gạch", "+ Cộng", "*", "_", "“Điều 1. Trích", "hết.”", "12", "____", "nối tiếp của", "Câu trọn.",
    "Nguyễn Văn A", ".", "|", "\u00a0", "é", "İ",
)  # fmt: skip
PIECES = st.sampled_from(_SAMPLES)
BREAKS = st.sampled_from([" ", "  ", "\n", "\n\n", "\n\n\n", "\f", "\n ", "\t"])
DOCUMENTS = st.lists(st.tuples(PIECES, BREAKS), max_size=40).map(lambda parts: "".join(a + b for a, b in parts))


@given(DOCUMENTS)
def test_documents_of_pieces(text: str) -> None:
    source, restoration = read(text)
    check(source, structure(source, restoration))


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    source, restoration = read(text)
    check(source, structure(source, restoration))


@given(DOCUMENTS, st.data())
def test_specks_and_dropped_tokens(text: str, data: st.DataObject) -> None:
    source, restoration = read(text)
    damaged = _damaged(source, restoration, data)
    check(source, structure(source, damaged))


def _damaged(source: Source, restoration: Restoration, data: st.DataObject) -> Restoration:
    """Some tokens are specks, some vanish, some hold two syllables."""
    lines = []
    for line in restoration.lines:
        kept, specks = [], []
        for syllable in line.syllables:
            fate = data.draw(st.sampled_from(["keep", "keep", "speck", "drop", "double"]))
            if fate == "speck":
                specks.append((syllable.raw_start, syllable.raw_end))
            elif fate == "double":
                kept += [replace(syllable, text="Xã"), replace(syllable, text="hội,")]
            elif fate == "keep":
                kept.append(syllable)
        text = " ".join(syllable.text for syllable in kept)
        lines.append(replace(line, text=text, syllables=tuple(kept), specks=tuple(specks)))
    return replace(restoration, lines=tuple(lines))


@given(DOCUMENTS)
def test_the_same_document_gives_the_same_structure(text: str) -> None:
    assert structure(*read(text)) == structure(*read(text))


@pytest.mark.parametrize("later", ["\n3. Thêm một việc.", "\n- Thêm một gạch."])
def test_ids_do_not_depend_on_what_comes_later(later: str) -> None:
    text = "1. Việc một:\n- Gạch một.\n- Gạch hai.\n2. Việc hai."
    before = [p.id for p in structure(*read(text)).provisions]
    assert [p.id for p in structure(*read(text + later)).provisions][: len(before)] == before
