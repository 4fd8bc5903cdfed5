from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pipeline.paths import models_folder
from pipeline.restore.context import WINDOW, ContextModel, Floats, lexeme, load_context, save_context
from pipeline.restore.tokens import atoms, number_class


@pytest.fixture(scope="module")
def model() -> ContextModel:
    return load_context(models_folder() / "context.npz")


def odds(model: ContextModel, row: list[int] | NDArray[np.int64], places: list[int] | NDArray[np.int64]) -> Floats:
    return np.concatenate(
        [np.zeros((0, len(model.lexemes)), np.float32), *model.log_odds(np.array(row), np.array(places))]
    )


def ids(model: ContextModel, text: str) -> list[int]:
    return [model.ids[lexeme(number_class(atom) or atom)] for atom in atoms(text)]


def test_it_expects_what_both_sides_speak_for(model: ContextModel) -> None:
    row = ids(model, "Bộ trưởng Bộ Tài chính hướng dẫn thực hiện Nghị định này")
    for place, word in enumerate(row[:-1]):
        others = [*row[:place], model.ids["quả"], *row[place + 1 :]]
        chances = odds(model, others, [place])[0]
        assert (chances > chances[word]).sum() < 20, model.lexemes[word]


@settings(max_examples=10, deadline=None)
@given(place=st.integers(0, 299), word=st.integers(0, 7999))
def test_the_word_at_the_place_itself_is_not_looked_at(model: ContextModel, place: int, word: int) -> None:
    row = np.random.default_rng(1).integers(0, 8000, 300)
    other = row.copy()
    other[place] = word
    one, two = (odds(model, text, [place]) for text in (row, other))
    assert np.array_equal(one, two)


def test_only_words_within_reach_count(model: ContextModel) -> None:
    row = np.random.default_rng(2).integers(0, 8000, 6 * WINDOW)
    far = row.copy()
    far[4 * WINDOW :] = 7
    place = np.array([WINDOW])
    assert np.array_equal(odds(model, row, place), odds(model, far, place))


def test_a_place_is_told_alike_whatever_else_is_asked(model: ContextModel) -> None:
    row = np.random.default_rng(4).integers(0, 8000, 12 * WINDOW)
    places = np.arange(0, len(row), 50)
    alone = np.concatenate([odds(model, row, places[i : i + 1]) for i in range(len(places))])
    assert odds(model, row, places) == pytest.approx(alone, abs=1e-3)


def test_no_places_no_chances(model: ContextModel) -> None:
    assert not list(model.log_odds(np.array([5, 6]), np.zeros(0, np.int64)))


def test_a_saved_model_is_the_model_within_a_byte_a_weight(tmp_path: Path) -> None:
    weights = {
        "emb.weight": np.random.default_rng(3).normal(size=(3, 4)).astype(np.float32),
        "bias": np.ones(3, np.float32),
    }
    save_context(tmp_path / "context.npz", ("<s>", "<unk>", "và"), weights)
    loaded = load_context(tmp_path / "context.npz")
    assert loaded.lexemes == ("<s>", "<unk>", "và")
    size = np.abs(weights["emb.weight"]).max()
    assert np.abs(loaded.weights["emb.weight"] - weights["emb.weight"]).max() < size / 127
    assert np.array_equal(loaded.weights["bias"], weights["bias"])
