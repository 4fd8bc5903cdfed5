"""Numbering: what lists go on with, whatever a single label looks like."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.restore.numbering import LABELS, Label, Level, Opening, likeliest, odds

LEVELS: tuple[Level, ...] = ("roman", "number", "letter")


def opening(chances: dict[Label, float], before_title: bool = False) -> Opening:
    return Opening(chances, min(chances.values()), before_title, opens=False)


def labels(openings: list[Opening]) -> list[Label | None]:
    return [step.label for step in likeliest(openings).steps()]


@st.composite
def nested(draw: st.DrawFn, depth: int = 0) -> list[Label]:
    """A list of items of one level, each of which may have a list of the next level inside."""
    items: list[Label] = []
    for value in range(1, draw(st.integers(2, 6)) + 1):
        items.append(Label(LEVELS[depth], value))
        if depth + 1 < len(LEVELS) and draw(st.booleans()):
            items += draw(nested(depth + 1))
    return items


@given(nested(), st.data())
def test_one_label_that_could_be_any_other_of_its_level_is_told_by_its_neighbours(
    items: list[Label], data: st.DataObject
) -> None:
    inner = [i for i in range(1, len(items) - 1) if items[i + 1].level == items[i].level == items[i - 1].level]
    openings = [opening({item: 0.0}, item.level == "roman") for item in items]
    if inner:
        lost = data.draw(st.sampled_from(inner))
        any_of_level = {Label(items[lost].level, value): 0.0 for value in range(1, len(LABELS["letter"]) + 1)}
        openings[lost] = opening(any_of_level, items[lost].level == "roman")
    assert labels(openings) == items


def test_a_title_in_capitals_tells_a_roman_one_from_a_figure() -> None:
    one = {Label("roman", 1): -1.0, Label("number", 1): 0.0}
    assert labels([opening(one, before_title=True)]) == [Label("roman", 1)]
    assert labels([opening(one, before_title=False)]) == [Label("number", 1)]


def test_odds_leave_out_how_the_label_was_read() -> None:
    first, second = Label("letter", 1), Label("letter", 2)
    for heard in (0.0, -9.0):
        openings = [opening({second: heard, first: 0.0})]
        assert odds(openings, (first,), second, first) > 0
        assert odds(openings, (), second, first) < 0
