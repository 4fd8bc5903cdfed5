"""Mends on their way into a document: what each row does, what is told of those that do nothing, and properties."""

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import Restoration, Syllable
from pipeline.restore import Engine
from pipeline.review import apply
from pipeline.review.anchor import anchor
from pipeline.review.rows import Row, context, write_rows
from pipeline.run import read as read_document
from tests.support import read

TEXT = "Điều 1. Giao So Nội vụ chủ trì\n\nphối hợp vói Sở Tài chính truóc ngày 5 thang 12\n7 | Noi nhan:"


def row(text: str, place: str, corrected: str, action: str = "correct", nth: int = 0, **cells: str) -> Row:
    """A row about the nth `place` of a text."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(place, start + 1)
    end = start + len(place)
    before, after = context(text, start, end)
    fields = {"restored": place, "corrected": corrected, "reviewer": "An", "time": "2026-11-25T07:10:00Z"}
    parts = {"raw": place, "before": before, "after": after, "sha256": "0" * 64}
    return Row(action=action, start=start, end=end, **(fields | parts | cells))  # type: ignore[arg-type]


def mended(rows: list[Row], text: str = TEXT) -> Restoration:
    return apply(*read(text), write_rows(rows, header=True))


def lines(restoration: Restoration) -> list[str]:
    return [line.text for line in restoration.lines]


def syllable(restoration: Restoration, text: str) -> Syllable:
    (found,) = (s for line in restoration.lines for s in line.syllables if s.text == text)
    return found


def test_a_syllable_is_mended_and_says_by_whom() -> None:
    after = mended([row(TEXT, "So", "Sở")])
    assert lines(after)[0] == "Điều 1. Giao Sở Nội vụ chủ trì"
    found = next(syllable for syllable in after.lines[0].syllables if syllable.text == "Sở")
    assert (found.confidence, found.runner_up) == (1.0, "So")
    assert found.review is not None
    assert (found.review.reviewer, found.review.time) == ("An", "2026-11-25T07:10:00Z")
    assert [(w.reviewer, w.counts, w.unplaced) for w in after.work] == [("An", (("correct", 1),), 0)]
    assert not after.notices


def test_several_syllables_keep_their_own_places_where_their_number_stays() -> None:
    after = mended([row(TEXT, "vói Sở", "với Số")])
    assert lines(after)[2].startswith("phối hợp với Số Tài")
    raw_span = syllable(after, "Số").raw_start, syllable(after, "Số").raw_end
    assert TEXT[slice(*raw_span)] == "Sở"


@pytest.mark.parametrize(
    ("place", "corrected", "line"),
    [
        ("vói Sở", "với", "phối hợp với Tài chính truóc ngày 5 thang 12"),
        ("vói", "cùng với các", "phối hợp cùng với các Sở Tài chính truóc ngày 5 thang 12"),
        ("5", "mồng 5 của", "phối hợp vói Sở Tài chính truóc ngày mồng 5 của thang 12"),
    ],
)
def test_other_numbers_of_syllables_share_the_place(place: str, corrected: str, line: str) -> None:
    after = mended([row(TEXT, place, corrected)])
    assert lines(after)[2] == line
    start = TEXT.index(place, TEXT.index("phối"))
    own = [s for s in after.lines[2].syllables if s.review]
    assert (own[0].raw_start, own[-1].raw_end) == (start, start + len(place))
    assert [s.raw_start for s in own[1:]] == [s.raw_end for s in own[:-1]]
    assert own[0].runner_up == place


def test_what_is_deleted_is_a_speck_and_can_be_taken_up_again() -> None:
    gone = mended([row(TEXT, "|", "", "delete")])
    assert lines(gone)[3] == "7 Noi nhan:"
    assert [TEXT[slice(*span)] for span in gone.lines[3].specks] == ["|"]
    assert [s.raw_start for s in gone.lines[3].deleted] == [TEXT.index("|")]
    again = mended([row(TEXT, "|", "", "delete"), row(TEXT, "|", "I", time="2026-11-25T08:00:00Z")])
    assert lines(again)[3] == "7 I Noi nhan:"
    assert not again.lines[3].specks


def test_a_speck_of_the_model_can_be_read() -> None:
    source, restoration = read("a | b")
    line = restoration.lines[0]
    dirt = replace(line, text="a b", syllables=(line.syllables[0], line.syllables[2]), specks=((2, 3),))
    found = apply(source, replace(restoration, lines=(dirt,)), write_rows([row("a | b", "|", "I")], header=True))
    assert lines(found) == ["a I b"]


def test_accepting_keeps_the_text_and_its_spaces_and_takes_the_doubt_away() -> None:
    source, restoration = read("Sở   Y   tế")
    doubtful = replace(
        restoration.lines[0], syllables=tuple(replace(s, confidence=0.4) for s in restoration.lines[0].syllables)
    )
    accepted = row("Sở   Y   tế", "Y", "Y", "accept")
    after = apply(source, replace(restoration, lines=(doubtful,)), write_rows([accepted], header=True))
    assert lines(after) == ["Sở   Y   tế"]
    assert [s.confidence for s in after.lines[0].syllables] == [0.4, 1.0, 0.4]


def test_the_last_row_about_a_place_wins_whatever_the_order_of_the_file() -> None:
    first, last = row(TEXT, "vói", "với"), row(TEXT, "vói", "vời", time="2026-11-26T07:10:00Z", reviewer="Bình")
    for rows in ([first, last], [last, first]):
        assert "vời" in lines(mended(rows))[2]
    part = row(TEXT, "Sở", "Sổ", time="2026-11-26T07:10:00Z")
    assert lines(mended([row(TEXT, "vói Sở", "với Số"), part]))[2].startswith("phối hợp với Sổ Tài")


def test_withdrawing_takes_back_ones_own_rows_alone() -> None:
    first = row(TEXT, "vói", "với", reviewer="Bình")
    second = row(TEXT, "vói", "vời", time="2026-11-25T08:00:00Z")
    back = row(TEXT, "vói", "", "withdraw", time="2026-11-25T09:00:00Z")
    assert "với" in lines(mended([first, second, back]))[2]
    assert lines(mended([second, back])) == lines(read(TEXT)[1])


def test_what_cannot_be_done_is_told_and_changes_nothing() -> None:
    text = "Sở Y tế\n" * 30
    one_of_many = row(text, "Y", "I", nth=10)
    one_of_many = replace(one_of_many, start=one_of_many.start + 1, end=one_of_many.end + 1)
    stranger = row("Ủy ban nhân dân xã", "nhân", "nhan")
    half = replace(row(TEXT, "Noi", "Nơi"), start=TEXT.index("oi nhan"), end=TEXT.index("oi nhan") + 2, raw="oi")
    half = replace(half, before=TEXT[half.start - 40 : half.start], after=TEXT[half.end :][:40])
    for rows, within in (([stranger], TEXT), ([half], TEXT), ([one_of_many], text)):
        after = mended(rows, within)
        assert lines(after) == within.split("\n")
        assert [notice.code for notice in after.notices] == ["correction_unplaced"]
        assert after.work[0].unplaced == 1
    data = write_rows([row(TEXT, "vói", "với")], header=True) + b"smudge,1,2\r\n"
    after = apply(*read(TEXT), data)
    assert "với" in lines(after)[2]
    assert [notice.code for notice in after.notices] == ["correction_bad"]
    assert "Line 6" in after.notices[0].message


TOKENS = ("Sở", "Nội", "vụ", "tỉnh", "báo", "cáo", "12", "a)", "-", "Điều", "truóc", "ngay")
WORDS = st.lists(st.sampled_from(TOKENS), min_size=3, max_size=30)
TEXTS = st.lists(WORDS.map(" ".join), min_size=1, max_size=4).map("\n".join)


@st.composite
def reviews(draw: st.DrawFn) -> tuple[str, list[Row]]:
    text = draw(TEXTS)
    source, _ = read(text)
    rows = []
    for second in range(draw(st.integers(1, 6))):
        line = draw(st.sampled_from([line for line in source.lines if line.words]))
        first = draw(st.integers(0, len(line.words) - 1))
        last = draw(st.integers(first, min(first + 2, len(line.words) - 1)))
        start, end = line.words[first].start, line.words[last].end
        before, after = context(text, start, end)
        action = draw(st.sampled_from(("correct", "accept", "delete")))
        corrected = {
            "delete": "",
            "accept": text[start:end],
            "correct": " ".join(draw(st.lists(st.sampled_from(("Sở", "của", "1", "được")), min_size=1, max_size=4))),
        }[action]
        time = f"2026-11-25T07:10:{second:02}Z"
        digest = "0" * 64
        rows.append(
            Row(action, start, end, text[start:end], before, after, text[start:end], corrected, "An", time, digest)  # type: ignore[arg-type]
        )
    return text, rows


def spans(restoration: Restoration) -> list[tuple[int, int]]:
    every = [(s.raw_start, s.raw_end) for line in restoration.lines for s in (*line.syllables, *line.deleted)]
    return sorted(every)


@given(reviews())
def test_any_rows_leave_the_raw_text_accounted_for(found: tuple[str, list[Row]]) -> None:
    text, rows = found
    before, after = read(text)[1], mended(rows, text)
    covered = set[int]()
    for start, end in spans(after):
        assert start < end
        assert not covered.intersection(range(start, end))
        covered.update(range(start, end))
    assert {i for start, end in spans(before) for i in range(start, end)} <= covered
    for line in after.lines:
        assert all(line.text[s.start : s.end] == s.text for s in line.syllables)
        assert [s.start for s in line.syllables] == sorted(s.start for s in line.syllables)


@given(reviews())
def test_saying_it_twice_changes_nothing(found: tuple[str, list[Row]]) -> None:
    text, rows = found
    assert mended([*rows, *rows], text).lines == mended(rows, text).lines


@given(reviews())
def test_withdrawing_all_undoes_all(found: tuple[str, list[Row]]) -> None:
    text, rows = found
    back = [replace(one, action="withdraw", corrected="", time="2026-11-25T09:00:00Z") for one in rows]
    after = mended([*rows, *back], text)
    assert after.lines == read(text)[1].lines
    assert not after.notices


PASSAGE = (
    "Ủy ban nhân dân tỉnh chủ trì xây dựng đề án sắp xếp lại các trạm y tế xã trong hai năm tới; Sở Tài chính bố trí"
    " kinh phí; Sở Nội vụ theo dõi, đôn đốc và báo cáo kết quả trước ngày 15 tháng 12 hằng năm cho Hội đồng nhân dân."
)


@given(st.text("abc dé\n", max_size=60), st.integers(0, len(PASSAGE.split()) - 1), st.integers(1, 3))
def test_a_shift_of_the_raw_text_finds_every_place(put_before: str, first: int, count: int) -> None:
    words = read(PASSAGE)[0].lines[0].words[first : first + count]
    start, end = words[0].start, words[-1].end
    said = row(PASSAGE, PASSAGE[start:end], "x")
    said = replace(said, start=start, end=end)
    before, after = context(PASSAGE, start, end)
    said = replace(said, before=before, after=after)
    shifted = f"{put_before}\n{PASSAGE}\n{put_before}"
    at = len(put_before) + 1
    assert anchor(said, shifted) == (start + at, end + at)


@pytest.mark.parametrize(
    ("old", "new", "place", "found"),
    [
        ("trạm y tế", "trạrn y tê", "trạm", "trạrn"),
        ("kinh phí;", "kỉnh phi ;", "phí;", "phi ;"),
        ("15 tháng", "1S thang", "tháng", "thang"),
    ],
)
def test_a_place_read_otherwise_is_found_by_its_passage(old: str, new: str, place: str, found: str) -> None:
    read_anew = "Mẫu số 1\n" + PASSAGE.replace(old, new)
    place_ = anchor(row(PASSAGE, place, "x"), read_anew)
    assert place_ is not None
    assert read_anew[slice(*place_)] == found


def test_one_of_two_like_passages_is_not_guessed() -> None:
    said = row(PASSAGE, "trạm", "x")
    assert anchor(said, f"Mẫu 1\n{PASSAGE}\nMẫu 2\n{PASSAGE}") is None
    assert anchor(said, "\n".join(["Mẫu", *[PASSAGE.replace("trạm", "trạrn")] * 2])) is None


def test_mends_reach_text_nodes_tasks_and_the_next_run(
    quick: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "QUYẾT ĐỊNH:\n\nĐiều 1. Giao So Noi vụ chủ trì lập Đề án trước ngày 31 tháng 12 năm 2025.\nĐiều 2. Bỏ.\n"
    path, said = tmp_path / "a.txt", tmp_path / "a.corrections.csv"
    path.write_text(text)
    plain = json.loads(read_document(path, quick, corrections=said).json)
    said.write_bytes(write_rows([row(text, "So Noi", "Sở Nội"), row(text, "Bỏ.", "Bỏ.", "accept")], header=True))
    reading = read_document(path, quick, corrections=said)
    document = json.loads(reading.json)
    assert "Giao Sở Nội vụ chủ trì" in reading.text.decode()
    assert [node["id"] for node in document["nodes"]] == [node["id"] for node in plain["nodes"]]
    assert any("Sở Nội vụ" in node["text"] for node in document["nodes"])
    assert document["tasks"][0]["lead"][0]["name"] == "Sở Nội vụ"
    assert [
        (c["raw"], c["restored"], c["source"], c["reviewer"], c["confidence"]) for c in document["corrections"]
    ] == [
        ("So", "Sở", "reviewer", "An", 1.0),
        ("Noi", "Nội", "reviewer", "An", 1.0),
        ("Bỏ.", "Bỏ.", "reviewer", "An", 1.0),
    ]
    assert document["text"]["raw"] == plain["text"]["raw"]
    event = document["events"][-1]
    assert (event["type"], event["agent"]["name"], event["date"]) == ("correction", "An", "2026-11-25T07:10:00Z")
    assert [e["type"] for e in document["events"]] == ["capture", "restoration", "correction"]
    assert reading == read_document(path, cast(Engine, SimpleNamespace(version="as-is")), corrections=said)


def test_a_file_that_is_no_log_leaves_the_document_unfinished(quick: Engine, tmp_path: Path) -> None:
    path, said = tmp_path / "a.txt", tmp_path / "a.corrections.csv"
    path.write_text("Điều 1. Giao Sở Y tế.\n")
    said.write_bytes(b"\xff\xfe\xff")
    reading = read_document(path, quick, corrections=said)
    assert [error.code for error in reading.errors] == ["corrections_encoding"]
    assert json.loads(reading.json)["status"] == "partial"
    assert reading.text.decode().strip() == "Điều 1. Giao Sở Y tế."
