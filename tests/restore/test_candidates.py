"""What the trained models take a string for, one string at a time."""

from itertools import pairwise

import numpy as np
import pytest

from pipeline.restore import Engine
from pipeline.restore.candidates import LONGEST_TOKEN, POOR, QUICK, THOROUGH
from pipeline.restore.engine import Reader
from pipeline.restore.entries import (
    Entries,
    concatenate,
    heard_anew,
    make_entries,
    row_pieces,
    speck_chance,
)


@pytest.fixture(scope="module")
def reader(engine: Engine) -> Reader:
    return engine.plain


def readings(reader: Reader, text: str) -> list[tuple[str, ...]]:
    entries = make_entries([text], reader, reader.channels[0], THOROUGH)
    return [tuple(piece.text for piece in row_pieces(reader, entries, row, False)) for row in entries.rows(0)]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("coso", ("cơ", "sở")),
        ("thuc", ("thực",)),
        ("hién,", ("hiện,",)),
        ("(GDP)", ("(GDP)",)),
        ("12.345", ("12.345",)),
        ("l5/3/2021", ("15/3/2021",)),
        ("UBND", ("UBND",)),
        ("QUYET", ("QUYẾT",)),
        ("Quyet", ("Quyết",)),
        ("Microsoft", ("Microsoft",)),
    ],
)
def test_the_printed_form_is_among_the_candidates(reader: Reader, text: str, reading: tuple[str, ...]) -> None:
    assert reading in readings(reader, text)


@pytest.mark.parametrize("text", ["2021", "12.345,6", "30/6/2022", "45%", "(03)", "12/2021/QĐ-UBND"])
def test_a_number_may_be_what_it_was_read_as(reader: Reader, text: str) -> None:
    assert (text,) in readings(reader, text.replace("Đ", "D"))


def test_pieces_tile_their_string(reader: Reader) -> None:
    entries = make_entries(["coso", "(thuchién)", "-kinhté,"], reader, reader.channels[0], THOROUGH)
    for entry, text in enumerate(entries.texts):
        for row in entries.rows(entry):
            pieces = row_pieces(reader, entries, row, opens_line=False)
            assert pieces[0].start == 0
            assert pieces[-1].end == len(text)
            assert all(a.end == b.start for a, b in pairwise(pieces))


def test_a_long_string_has_no_reading_but_itself(reader: Reader) -> None:
    assert readings(reader, "x" * (LONGEST_TOKEN + 1)) == [()]


def test_a_string_that_reads_poorly_is_known_for_it(reader: Reader) -> None:
    entries = make_entries(["xqzwkkj", "nam"], reader, reader.channels[0], QUICK)
    poor, good = entries.candidates.best
    assert poor < POOR < good


def test_entries_one_behind_the_other_read_as_each_did(reader: Reader) -> None:
    first, second = (make_entries(texts, reader, reader.channels[0], QUICK) for texts in (["coso", "12"], ["kinh,"]))
    both = concatenate(first, second)

    def texts(entries: Entries, entry: int) -> list[list[str]]:
        return [[piece.text for piece in row_pieces(reader, entries, row, False)] for row in entries.rows(entry)]

    assert [texts(both, entry) for entry in range(3)] == [texts(first, 0), texts(first, 1), texts(second, 0)]


def test_rows_are_scored_as_they_would_be_anew(reader: Reader) -> None:
    entries = make_entries(["coso", "(thuchién)", "l5/3/2021", "~Bo", "x" * 50], reader, reader.channels[0], QUICK)
    assert np.allclose(entries.score, heard_anew(entries, reader.channels[0], reader).score)


def test_short_marks_and_single_letters_may_be_dirt_bullets_and_digits_not() -> None:
    assert speck_chance("'") > speck_chance("#") > -np.inf
    assert speck_chance("#") > speck_chance("x") > -np.inf
    assert {speck_chance(text) for text in ("-", "3", "a.", "ab", "....")} == {-np.inf}
