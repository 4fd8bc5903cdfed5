import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.restore import Engine
from pipeline.restore.channel import new_scratch
from pipeline.restore.scoring import NUMBER, figure_class, score_unit
from pipeline.restore.tokens import NUMBER_CLASSES, number_class


@given(st.from_regex(r"[0-9][0-9.,]{0,8}", fullmatch=True))
def test_compiled_code_knows_the_classes_of_numbers(engine: Engine, number: str) -> None:
    reader = engine.plain
    printed = np.array([reader.channels[0].printed_ids[c] for c in number])
    assert NUMBER_CLASSES[figure_class(reader.alphabet, printed)][0] == number_class(number)


@pytest.mark.parametrize(("read", "other"), [("12", "13"), ("60", "10"), ("2019", "2018"), ("1.435", "1.485")])
def test_a_number_is_what_was_read_unless_much_speaks_against_it(engine: Engine, read: str, other: str) -> None:
    reader = engine.plain

    def score(number: str) -> float:
        printed = np.array([reader.channels[0].printed_ids[c] for c in number])
        encoded = reader.channels[0].encode_read(read)
        spelling = reader.lexicon.surfaces.spelling
        tables = reader.channels[0].tables
        return float(score_unit(tables, NUMBER, printed, encoded, reader.alphabet, spelling, new_scratch()))

    assert score(read) > score(other) + 10
