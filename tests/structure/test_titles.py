"""Which texts are headings, and where paragraphs hang."""

import pytest

from pipeline.structure import structure
from tests.support import read


def headings(text: str) -> dict[str, str | None]:
    return {provision.id: provision.heading for provision in structure(*read(text)).provisions}


def ids(text: str) -> list[str]:
    return [provision.id for provision in structure(*read(text)).provisions]


def test_a_title_is_the_text_once_more() -> None:
    found = structure(*read("1. Công tác đê điều\n- Đắp đê.\n2. Công tác thủy lợi\n- Khơi mương."))
    assert [p.heading for p in found.provisions] == ["Công tác đê điều", None, "Công tác thủy lợi", None]
    assert all(p.heading in (None, p.text) for p in found.provisions)


@pytest.mark.parametrize("ending", [":", ";", ""])
def test_units_are_titles_as_most_of_their_siblings_are(ending: str) -> None:
    text = f"1. Công tác đê điều\n- Đắp đê.\n2. Công tác thủy lợi\n- Khơi mương.\n3. Công tác trồng tre{ending}\n- Ươm."
    assert headings(text)["3"] == f"Công tác trồng tre{ending}"


@pytest.mark.parametrize(
    "stem",
    [
        "Bộ Y tế có trách nhiệm:",
        "Giao Bộ Y tế",
        "Đắp đê theo các bước sau:",
        "Đê cao thêm. Bờ rộng thêm:",
        "Đê được gia cố, gồm:",
    ],
)
def test_stems_and_sentences_are_no_titles(stem: str) -> None:
    text = f"1. Công tác đê điều\n- Đắp đê.\n2. Công tác thủy lợi\n- Khơi mương.\n3. {stem}\n- Ươm tre."
    found = headings(text)
    assert found["1"] is not None
    assert found["3"] is None


def test_a_unit_without_units_has_no_title() -> None:
    assert headings("1. Công tác đê điều\n2. Công tác thủy lợi") == {"1": None, "2": None}


@pytest.mark.parametrize(
    ("text", "parent"),
    [
        ("1. Gồm:\na) Ngô;\nb) Khoai.\nNgười trồng được cấp giống.", "1/doan-1"),
        ("1. Gồm:\na) Ngô;\nb) Khoai.\nNgười trồng được cấp giống.\nc) Sắn.", "1/b/doan-1"),
        ("1. Gồm:\na) Ngô được trồng.\nNgười trồng được cấp giống.", "1/a/doan-1"),
        ("1. Gồm:\na) Ngô;\nb) Khoai:\nNgười trồng được cấp giống.", "1/b/doan-1"),
        ("1. Ngô.\n2. Khoai.\nNgười trồng được cấp giống.", "2/doan-1"),
    ],
)
def test_a_paragraph_after_a_list_closes_the_list(text: str, parent: str) -> None:
    assert parent in ids(text)
