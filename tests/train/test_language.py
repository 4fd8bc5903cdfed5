"""From a tiny corpus to the automaton: the same probabilities on the way."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.restore.language import Automaton, LanguageModel, advance, load_language
from pipeline.train.automaton import compile_automaton, save
from pipeline.train.counts import choose_vocabulary, encode, lower_capital_runs, small_at_start, to_stream
from pipeline.train.language import BITS, ORDER, Keys, KneserNey, Mixture, mix

PARAGRAPHS = (
    "Sở Tài chính báo cáo Ủy ban nhân dân tỉnh.",
    "Sở Tài chính phối hợp với Sở Xây dựng báo cáo kết quả trước ngày 15.",
    "Ủy ban nhân dân tỉnh giao Sở Xây dựng báo cáo.",
    "Ủy ban nhân dân huyện báo cáo Ủy ban nhân dân tỉnh trước ngày 20.",
    "BÁO CÁO KẾT QUẢ của Sở Tài chính năm 2021.",
)


@pytest.fixture(scope="module")
def vocabulary(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], tuple[Path, Path]]:
    files = tmp_path_factory.mktemp("streams") / "ids.npy", tmp_path_factory.mktemp("streams") / "forms.txt"
    encode(PARAGRAPHS * 3, *files)
    return choose_vocabulary({"congbao": files}, small_at_start({"congbao": files})), files


@pytest.fixture(scope="module")
def model(vocabulary: tuple[list[str], tuple[Path, Path]]) -> KneserNey:
    atoms, files = vocabulary
    stream = to_stream(*files, atoms, small_at_start({"congbao": files}))
    return KneserNey.estimate(stream, len(atoms))


@pytest.fixture(scope="module")
def mixture(model: KneserNey) -> Mixture:
    return mix([model], [1.0], [1], (30, 30, 30))


@pytest.fixture(scope="module")
def automaton(mixture: Mixture) -> Automaton:
    return compile_automaton(mixture)


def spell(key: int, order: int) -> list[int]:
    return [(key >> (16 * i)) & 0xFFFF for i in range(order - 1, -1, -1)]


def walk(automaton: Automaton, context: list[int]) -> int:
    state = 0
    for atom in context:
        _, state = advance(automaton, state, atom)
    return state


def step(automaton: Automaton) -> float:
    """The widest gap between levels of the codebook: no value is coded worse than that."""
    return float(np.diff(automaton.codebook).max())


def test_estimated_probabilities_add_up_to_one_after_any_context(model: KneserNey) -> None:
    for order in range(1, ORDER + 1):
        heads = np.unique(model.counts[order - 1][0] >> BITS)
        for head in (*heads[:5].tolist(), 7):
            keys: Keys = np.array([(head << 16) | atom for atom in range(model.size)], dtype=np.uint64)
            assert model.probability(keys, order).sum() == pytest.approx(1)


def test_frequent_continuations_are_likelier(model: KneserNey, vocabulary: tuple[list[str], object]) -> None:
    ids = {atom: i for i, atom in enumerate(vocabulary[0])}

    def probability(*atoms: str) -> float:
        key = 0
        for atom in atoms:
            key = (key << 16) | ids[atom]
        return float(model.probability(np.array([key], dtype=np.uint64), len(atoms))[0])

    usual, rare, never = (probability("ban", "nhân", "dân", atom) for atom in ("tỉnh", "huyện", "ngày"))
    assert usual > rare > never > 0


@pytest.mark.parametrize("order", range(1, ORDER + 1))
def test_the_automaton_gives_kept_ngrams_their_probability(automaton: Automaton, mixture: Mixture, order: int) -> None:
    assert len(mixture.keys[order - 1])
    for key, probability in zip(mixture.keys[order - 1].tolist(), mixture.probabilities[order - 1], strict=True):
        *context, atom = spell(key, order)
        chance, _ = advance(automaton, walk(automaton, context), atom)
        assert chance == pytest.approx(np.log(probability), abs=step(automaton))


def test_the_automaton_backs_off_to_a_distribution(automaton: Automaton, model: KneserNey) -> None:
    for state in range(len(automaton.backoff)):
        chances = [advance(automaton, state, atom)[0] for atom in range(model.size)]
        assert np.exp(chances).sum() == pytest.approx(1, abs=3 * step(automaton))


def test_a_mixture_keeps_the_asked_number_of_ngrams_with_all_their_parts(mixture: Mixture) -> None:
    assert len(mixture.keys[-1]) == 30
    for order in range(2, ORDER + 1):
        shorter = set(mixture.keys[order - 2].tolist())
        for key in mixture.keys[order - 1].tolist():
            assert {key >> 16, key & ((1 << (16 * (order - 1))) - 1)} <= shorter


def test_a_saved_model_reads_back(automaton: Automaton, vocabulary: tuple[list[str], object], tmp_path: Path) -> None:
    save(automaton, vocabulary[0], {"báo", "nowhere"}, tmp_path / "models")
    loaded: LanguageModel = load_language(tmp_path / "models")
    assert loaded.vocabulary == tuple(vocabulary[0])
    assert loaded.small == {"báo"}
    for name in Automaton._fields:
        assert np.array_equal(getattr(loaded.automaton, name), getattr(automaton, name)), name
    assert loaded.start == walk(automaton, [0])


def test_the_vocabulary_has_words_marks_and_classes_of_numbers(vocabulary: tuple[list[str], object]) -> None:
    assert vocabulary[0][:2] == ["<s>", "<unk>"]
    assert {"Sở", "báo", "quả", ".", "<day>", "<year>"} <= set(vocabulary[0])
    assert not {"BÁO", "15", "2021"} & set(vocabulary[0])


def test_runs_of_capitals_are_counted_as_small_letters_abbreviations_not() -> None:
    assert lower_capital_runs(["BÁO", "CÁO", "của", "UBND", "tỉnh"]) == ["báo", "cáo", "của", "UBND", "tỉnh"]


def test_capitals_of_sentence_starts_are_taken_back_where_the_word_is_small_inside(tmp_path: Path) -> None:
    files = tmp_path / "ids.npy", tmp_path / "forms.txt"
    encode(("Báo cáo Sở: báo cáo. Sở báo cáo; Báo giá.",), *files)
    small = small_at_start({"congbao": files})
    assert "báo" in small
    assert "sở" not in small
    vocabulary = ["<s>", "<unk>", "báo", "Báo", "Sở", "cáo"]
    words = [vocabulary[i] for i in to_stream(*files, vocabulary, small)]
    assert words.count("báo") == 4
    assert words.count("Báo") == 0
    assert words.count("Sở") == 2
