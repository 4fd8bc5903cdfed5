"""Doubts marked in a restored line: what people see, and that taking the marks out gives the line back."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.document import RestoredLine, Syllable
from pipeline.export import marked, unmarked

WORDS = st.text("ạbC1⟦⟧|\\.", min_size=1, max_size=6)


def line_of(syllables: list[tuple[str, str, str | None, float]]) -> tuple[RestoredLine, str]:
    """(restored, raw, runner-up, confidence) each; the line and its raw text."""
    made, at, raw_at = [], 0, 0
    for text, raw, rival, confidence in syllables:
        made.append(Syllable(text, at, at + len(text), raw_at, raw_at + len(raw), confidence, rival))
        at, raw_at = at + len(text) + 1, raw_at + len(raw) + 1
    raw_text = " ".join(raw for _, raw, _, _ in syllables)
    return RestoredLine(" ".join(text for text, *_ in syllables), tuple(made), 0, len(raw_text)), raw_text


def test_a_doubt_shows_what_was_restored_what_was_read_and_what_else_it_could_be() -> None:
    line, raw = line_of([("Ủy", "Uy", None, 0.99), ("bản,", "ban,", "bàn,", 0.6), ("số", "s6", None, 0.7)])
    assert marked(line, raw, 0.9) == "Ủy ⟦bản,|ban,|bàn,⟧ ⟦số|s6⟧"
    assert marked(line, raw, 0.65) == "Ủy ⟦bản,|ban,|bàn,⟧ số"


@given(st.lists(st.tuples(WORDS, WORDS, st.none() | WORDS, st.floats(0, 1)), max_size=8), st.floats(0, 1))
def test_taking_the_marks_out_gives_the_line_back(
    syllables: list[tuple[str, str, str | None, float]], below: float
) -> None:
    line, raw = line_of(syllables)
    shown = marked(line, raw, below)
    assert unmarked(shown) == line.text
    if not any("⟦" in text for text, *_ in syllables):
        assert shown.count("⟦") - shown.count("\\⟦") == sum(confidence < below for *_, confidence in syllables)


@given(st.text("a⟦⟧|\\ \n"))
def test_any_text_can_be_unmarked(text: str) -> None:
    assert len(unmarked(text)) <= len(text)


def test_a_doubt_that_a_person_mended_stays_mended() -> None:
    assert unmarked("Ủy ⟦ban|ban,|bàn⟧ ⟦nhân dân|nhdn⟧") == "Ủy ban nhân dân"
