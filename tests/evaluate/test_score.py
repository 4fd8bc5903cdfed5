"""The measure of restoration: verdicts on invented lines, and what holds for any."""

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from pipeline.evaluate.classes import class_of
from pipeline.evaluate.score import ReadLine, Verdict, characters, exact_numbers, judge_line, token_of, tokens

WORDS = st.sampled_from(("sở", "Sở", "nội", "vụ", "số", "12", "12/KH-UBND", "báo", "cáo", "-", "(cáo)", "l2"))
LINES = st.lists(WORDS, max_size=9).map(" ".join)


def right(verdicts: list[Verdict]) -> list[bool]:
    return [verdict.is_right for verdict in verdicts]


def test_marks_around_tokens_and_the_place_of_the_tone_make_no_difference() -> None:
    assert tokens("“Uỷ ban (hoà giải) – số 12, hằng năm...") == tokens("Ủy ban hòa giải số 12 hàng năm")
    assert token_of("—/") == ""
    assert token_of("12/2021/NĐ-CP.") == "12/2021/NĐ-CP"


def test_each_true_token_has_a_verdict_before_and_after_restoration() -> None:
    verdicts = judge_line(
        "Sở Nội vụ báo cáo", "So Nội vụ bao cao", ReadLine("Sở Nội vu báo cào", (0.9, 1, 1, 0.8, 0.3))
    )
    assert [(v.true, v.before, v.is_right, v.confidence) for v in verdicts] == [
        ("Sở", False, True, 0.9),
        ("Nội", True, True, 1),
        ("vụ", True, False, 1),
        ("báo", False, True, 0.8),
        ("cáo", False, False, 0.3),
    ]


def test_a_dropped_token_is_as_sure_as_the_least_sure_token_beside_it() -> None:
    verdicts = judge_line("có thể báo cáo", "", ReadLine("cóthể báo cáo", (0.4, 1, 1)))
    assert [(v.true, v.read, v.confidence, v.parted) for v in verdicts[:2]] == [
        ("có", "cóthể", 0.4, True),
        ("thể", "", 0.4, True),
    ]
    (_, lost, _) = judge_line("một hai ba", "", ReadLine("một ba", (0.1, 0.1)))
    assert (lost.true, lost.read, lost.confidence) == ("hai", "", None)


@given(LINES, LINES, LINES)
def test_errors_are_those_of_the_shortest_edit(true: str, raw: str, read: str) -> None:
    verdicts = judge_line(true, raw, ReadLine(read))
    assert [v.true for v in verdicts if v.true] == tokens(true)
    assert [v.read for v in verdicts if v.read] == tokens(read)
    assert right(verdicts).count(False) == Levenshtein.distance(tokens(true), tokens(read))
    wrong_before = sum(bool(v.true) and not v.before for v in verdicts)
    assert len(tokens(true)) - wrong_before == sum(v.is_right for v in judge_line(true, "", ReadLine(raw)) if v.true)


@given(LINES, LINES)
def test_numbers_are_exact_wherever_in_the_line_they_stand(true: str, read: str) -> None:
    count, missed = exact_numbers(judge_line(true, "", ReadLine(read)))
    wanted = [token for token in tokens(true) if any(c.isdigit() for c in token)]
    had = tokens(read)
    assert count == len(wanted)
    assert len(missed) == sum(max(wanted.count(token) - had.count(token), 0) for token in set(wanted))


def test_characters_count_spaces_once() -> None:
    assert characters("Uỷ  ban", "Ủy bán") == (6, 1)


def test_classes_of_errors() -> None:
    for true, read, expected in (
        ("có thể", "cóthể", "word boundary"),
        ("hai", "", "dropped"),
        ("", "hai", "invented"),
        ("12/2021", "l2/2021", "number or code"),
        ("là", "13", "digit for a letter"),
        ("Lợi", "lợi", "case only"),
        ("để", "đã", "other letters"),
        ("bộ", "bố", "marks only"),
        ("Đồ", "do", "marks only"),
    ):
        assert {class_of(v) for v in judge_line(true, "", ReadLine(read))} == {expected}, true
