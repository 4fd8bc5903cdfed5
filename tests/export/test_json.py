"""Stage results to the document: the invariants of the contract."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import (
    AgencyMention,
    Citation,
    Deadline,
    Field,
    Findings,
    MapEntry,
    Metadata,
    Notice,
    NumberingGap,
    Provision,
    Restoration,
    RestoredLine,
    Source,
    Structure,
    Syllable,
    Target,
    Task,
    Uncovered,
)
from pipeline.errors import InputError, StageError
from pipeline.export import schema, to_document, to_json
from pipeline.ingest import ingest_text
from pipeline.structure import structure
from pipeline.tasks import find

NOTHING = Findings((), (), ())

RAW = "1. So Y te\nbao cao * truoc\n7\n"
"""Line 1 with its marker is a provision that goes on in line 2, '*' is a speck, '7' a page number."""


@pytest.fixture
def source() -> Source:
    return ingest_text("a.txt", RAW.encode())


@pytest.fixture
def restoration() -> Restoration:
    return Restoration(
        (
            RestoredLine(
                "1. Sở Y tế",
                (
                    Syllable("1.", 0, 2, 0, 2, 0.99),
                    Syllable("Sở", 3, 5, 3, 5, 0.87654321, "Số"),
                    Syllable("Y", 6, 7, 6, 7, 0.5, "V"),
                    Syllable("tế", 8, 10, 8, 10, 1.0),
                ),
                0,
                10,
            ),
            RestoredLine(
                "báo cáo trước",
                (
                    Syllable("báo", 0, 3, 11, 14, 0.95),
                    Syllable("cáo", 4, 7, 15, 18, 0.95),
                    Syllable("trước", 8, 13, 21, 26, 0.95),
                ),
                11,
                26,
                specks=((19, 20),),
            ),
            RestoredLine("7", (Syllable("7", 0, 1, 27, 28, 0.4, "1"),), 27, 28),
        ),
        model="abc",
        notices=(Notice("english", "This looks like English."),),
    )


@pytest.fixture
def structured() -> Structure:
    text = "1. Sở Y tế báo cáo trước"
    spans = [(0, 2, 0, 2), (3, 5, 3, 5), (6, 7, 6, 7), (8, 10, 8, 10)]
    spans += [(11, 14, 11, 14), (15, 18, 15, 18), (19, 24, 21, 26)]
    return Structure(
        text,
        tuple(MapEntry(*span) for span in spans),
        Metadata(subject=Field("Sở Y tế báo cáo", (3, 18), ((3, 10), (11, 18)), 1, 0.912345)),
        (Provision("1", None, "khoan", "1", None, text[3:], (3, 24), ((0, 10), (11, 18), (21, 26)), 1, 0.9),),
        (Uncovered((27, 28), "page_number"),),
        (NumberingGap("1", ("2", "3")),),
    )


@pytest.fixture
def document(source: Source, restoration: Restoration, structured: Structure) -> schema.Document:
    span = (3, 10)
    agency = AgencyMention("Sở Y tế", "so-y-te", "Sở Y tế", 98.765, span)
    deadline = Deadline("trước", "by", None, date(2021, 3, 15), "day", (19, 24))
    findings = Findings(
        (Task("1", "Sở Y tế báo cáo trước", (agency,), (), deadline, None, "prose"),),
        (Target("1", "tỷ lệ", ">=", "95", "%", "2025", span),),
        (Citation("Luật", "luat", None, 2015, None, date(2015, 6, 19), None, span),),
    )
    return to_document(source, restoration, structured, findings)


def test_changed_and_unsure_syllables_are_corrections(document: schema.Document) -> None:
    rows = [(c.raw, c.restored, c.span, c.confidence, c.runner_up) for c in document.corrections]
    assert rows == [
        ("So", "Sở", (3, 5), 0.8765, "Số"),
        ("Y", "Y", (6, 7), 0.5, "V"),
        ("te", "tế", (8, 10), 1.0, None),
        ("bao", "báo", (11, 14), 0.95, None),
        ("cao", "cáo", (15, 18), 0.95, None),
        ("truoc", "trước", (19, 24), 0.95, None),
        ("7", "7", None, 0.4, "1"),
    ]
    assert document.corrections[-1].raw_span == (27, 28)


def test_a_correction_inside_a_longer_map_entry_gets_the_place_of_the_entry(
    source: Source, restoration: Restoration, structured: Structure
) -> None:
    whole = Structure(structured.text, (MapEntry(0, 10, 0, 10), MapEntry(11, 24, 11, 26)), Metadata(), (), (), ())
    document = to_document(source, restoration, whole, NOTHING)
    assert [c.span for c in document.corrections] == [(0, 10)] * 3 + [(11, 24)] * 3 + [None]


def test_coverage_names_what_is_in_no_node(document: schema.Document) -> None:
    assert [(part.span, part.reason) for part in document.coverage.uncovered] == [
        ((19, 20), "speck"),
        ((27, 28), "page_number"),
    ]
    assert document.coverage.numbering_gaps == (schema.NumberingGap(after_id="1", missing=("2", "3")),)
    assert [warning.code for warning in document.warnings] == ["english"]


def test_text_that_no_stage_claimed_is_listed_and_told(source: Source, restoration: Restoration) -> None:
    empty = Structure("", (), Metadata(), (), (), ())
    document = to_document(source, restoration, empty, NOTHING)
    assert [(part.span, part.reason) for part in document.coverage.uncovered] == [
        ((0, 18), "unassigned"),
        ((19, 20), "speck"),
        ((21, 28), "unassigned"),
    ]
    assert "unassigned_text" in [warning.code for warning in document.warnings]


def test_values_findings_and_pages(document: schema.Document) -> None:
    assert document.metadata.subject == schema.Value(
        value="Sở Y tế báo cáo", raw="So Y te\nbao cao", span=(3, 18), page=1, confidence=0.9123
    )
    (task,) = document.tasks
    assert task.lead[0].score == 98.8
    assert task.deadline is not None
    assert task.deadline.end == date(2021, 3, 15)
    assert document.citations[0].date == date(2015, 6, 19)
    assert document.targets[0].value == "95"
    assert document.source.pages == (schema.Page(number=1, width=None, height=None, kind="text"),)


def test_pages_without_text(read_as_is: Callable[[Source], Restoration]) -> None:
    source = ingest_text("a.txt", b"mot\x0c \n\x0cba")
    document = to_document(source, read_as_is(source), Structure("", (), Metadata(), (), (), ()), NOTHING)
    assert document.coverage.pages_without_text == (2,)


def test_status_tells_what_could_be_had(source: Source, restoration: Restoration, structured: Structure) -> None:
    error = StageError("tasks_failed", "The tasks stage failed.", "Report it.")
    nothing = Structure("", (), Metadata(), (), (), ())
    assert to_document(source, restoration, structured, NOTHING).status == "ok"
    partial = to_document(source, restoration, nothing, NOTHING, [error])
    assert partial.status == "partial"
    assert partial.errors == (
        schema.Error(code="tasks_failed", message="The tasks stage failed.", remedy="Report it."),
    )
    assert {part.reason for part in partial.coverage.uncovered} == {"not_processed", "speck"}
    assert to_document(source, Restoration((), "abc"), nothing, NOTHING, [error]).status == "failed"


def test_bytes_read_back_as_the_same_document(document: schema.Document) -> None:
    data = to_json(document)
    assert schema.Document.model_validate_json(data) == document
    assert to_json(schema.Document.model_validate_json(data)) == data
    assert data.endswith(b"\n}\n")
    assert "Sở Y tế".encode() in data


PIECES = (
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "Số: 12/QĐ-UBND",
    "QUYẾT ĐỊNH",
    "QUYẾT ĐỊNH:",
    "Điều 1. Phê duyệt kế hoạch.",
    "Điều 3. Hiệu lực",
    "I. NHIỆM VỤ",
    "1. Sở Y tế chủ trì, phối hợp với Sở Tài chính lập dự toán trước ngày 15/3/2021;",
    "a) Rà soát danh mục;",
    "- Báo cáo hằng quý.",
    "và các đơn vị có liên quan",
    "Nơi nhận:",
    "TM. ỦY BAN NHÂN DÂN",
    "2",
    "_",
    "",
    "\f",
    "   ",
    "~ | .",
)
documents = st.one_of(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=25).map("\n".join),
    st.text(st.sampled_from("aơ1.I)-:;|_ \n\f\r"), min_size=1, max_size=60),
    st.text(min_size=1, max_size=40).filter(lambda text: "\0" not in text),
).filter(lambda text: bool(text.strip()))


def unsure(restoration: Restoration) -> Restoration:
    """Every syllable in doubt, so that each becomes a correction."""
    lines = (
        replace(line, syllables=tuple(replace(syllable, confidence=0.5) for syllable in line.syllables))
        for line in restoration.lines
    )
    return replace(restoration, lines=tuple(lines))


@given(documents)
def test_invariants(read_as_is: Callable[[Source], Restoration], text: str) -> None:
    try:
        source = ingest_text("a.txt", text.encode("utf-8", "replace"))
    except InputError:
        return
    restoration = unsure(read_as_is(source))
    structured = structure(source, restoration)
    findings = find(structured)
    document = to_document(source, restoration, structured, findings)
    raw, restored = document.text.raw, document.text.restored

    for node in document.nodes:
        assert restored[slice(*node.span)] == node.text
    for values in (value for _, value in document.metadata if value):
        for value in values if isinstance(values, tuple) else (values,):
            assert 0 <= value.span[0] <= value.span[1] <= len(restored)

    spans = [span for node in document.nodes for span in node.raw_spans]
    spans += [part.span for part in document.coverage.uncovered]
    owners = [0] * len(raw)
    for start, end in spans:
        for place in range(start, end):
            owners[place] += 1
    unowned = [place for place, character in enumerate(raw) if not owners[place] and not character.isspace()]
    assert not unowned
    assert max(owners) == 1
    assert not [part for part in document.coverage.uncovered if part.reason == "unassigned"]

    entries = document.text.map
    assert all(one[1] <= two[0] for one, two in pairwise(entries))
    for correction in document.corrections:
        assert raw[slice(*correction.raw_span)] == correction.raw
        if correction.span and any(node.span[0] <= correction.span[0] < node.span[1] for node in document.nodes):
            assert restored[slice(*correction.span)] == correction.restored
    assert len(document.corrections) == sum(len(line.words) for line in source.lines)

    again = to_document(source, unsure(read_as_is(source)), structure(source, restoration), find(structured))
    assert to_json(again) == to_json(document)
    json.loads(to_json(document))
