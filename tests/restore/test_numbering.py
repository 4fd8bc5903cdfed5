"""Numbering: what lists go on with, whatever a single label looks like."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.restore.numbering import ALL, LABELS, OUTER, Label, Level, Opening, chance_of, likeliest

LEVELS: tuple[Level, ...] = ("roman", "number", "letter")


def opening(chances: dict[Label, float], before_title: bool = False) -> Opening:
    return Opening(chances, min(chances.values()), before_title, ALL)


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


def test_how_a_label_was_read_does_not_count_in_what_speaks_for_it() -> None:
    first, second = Label("letter", 1), Label("letter", 2)
    for heard in (0.0, -9.0):
        openings = [opening({second: heard, first: 0.0})]
        assert chance_of(second, openings, (first,)) > chance_of(first, openings, (first,))
        assert chance_of(second, openings, ()) < chance_of(first, openings, ())


def test_a_list_ends_with_its_article_and_goes_on_over_those_inside_it() -> None:
    chapters = [Label("chapter", value) for value in (1, 2)]
    items = [Label("number", 1), Label("number", 2)]
    read = [chapters[0], *items, items[0], items[1], chapters[1], items[0]]
    unsure = {Label("number", 1): 0.0, Label("number", 3): 0.0}
    openings = [opening({label: 0.0}) for label in read]
    openings[3] = opening(unsure)._replace(stay=OUTER)
    assert labels(openings) == read
    assert labels([*openings[:3], opening(unsure)])[3] == Label("number", 3)
