"""The spaCy pipeline: its groups of spans, and components of others in it."""

import subprocess
import sys
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.language import Language

from pipeline.structure import structure
from pipeline.tasks import find, language
from pipeline.tasks.language import annotate, blank, load
from tests.support import read

TEXT = (
    "1. Giao Ban Quản lý Đèo Gió phối hợp với Bộ Y tế rà soát trạm gác trước ngày 5 tháng 6 năm 2031, đạt 5% số trạm."
)


def add_pass_board(nlp: Language) -> None:
    """What a package outside does: its agencies, with spaCy's own ruler."""
    ruler = nlp.add_pipe("span_ruler", before="vanban_tasks", config={"spans_key": "agencies", "overwrite": False})
    ruler.add_patterns([{"label": "AGENCY", "id": "ban-quan-ly-deo-gio", "pattern": "Ban Quản lý Đèo Gió"}])  # type: ignore[attr-defined]


@given(st.text(max_size=200))
def test_tokens_tile_the_text(text: str) -> None:
    assert load().make_doc(text).text == text


def test_spans_of_every_group_stand_in_the_text() -> None:
    whole = structure(*read("KẾ HOẠCH\nGiữ rừng\n" + TEXT + "\n2. Theo khoản 1 Điều 3 Luật Lâm nghiệp."))
    doc = annotate(load(), whole)
    assert doc.text == whole.text
    for group in ("agencies", "deadlines", "targets", "citations", "tasks"):
        assert doc.spans[group], group
        for span in doc.spans[group]:
            assert span.text == whole.text[span.start_char : span.end_char]
    for span in doc.spans["agencies"]:
        assert span._.agency.raw == span.text
        assert span._.agency.span == (span.start_char, span.end_char)


def test_agencies_of_others_are_heard() -> None:
    whole = structure(*read("KẾ HOẠCH\nGiữ rừng\n" + TEXT))
    assert [m.agency_id for m in find(whole).tasks[0].lead] == [None]
    nlp = blank()
    add_pass_board(nlp)
    (task,) = find(whole, nlp).tasks
    assert [m.agency_id for m in task.lead] == ["ban-quan-ly-deo-gio"]
    assert [m.agency_id for m in task.coordinating] == ["bo-y-te"]


def test_installed_packages_add_components(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = Mock(load=lambda: add_pass_board)
    entry.name = "pass-board"
    monkeypatch.setattr(language, "entry_points", lambda group: [entry] if group == "vanban.components" else [])
    language._loaded.cache_clear()
    try:
        assert "span_ruler" in load().pipe_names
    finally:
        language._loaded.cache_clear()


def test_mere_text_is_read_line_by_line() -> None:
    doc = load()("Bộ Y tế kiểm tra trạm gác.\n\nBộ Công an gác đèo.")
    assert [span._.agency.agency_id for span in doc.spans["agencies"]] == ["bo-y-te", "bo-cong-an"]
    assert doc.spans["tasks"][0]._.task.node_id == "doan-1"


def test_commands_that_need_no_spans_do_without_spacy() -> None:
    program = "import sys, pipeline.cli, pipeline.tasks; print('spacy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "False"
