"""The trained model at run time; that the automaton holds what was estimated is in tests/train/test_language.py."""

import numpy as np

from pipeline.restore import Engine
from pipeline.restore.language import LanguageModel, advance, new_memo, recall
from pipeline.restore.tokens import atoms


def after(model: LanguageModel, text: str) -> int:
    state = model.start
    for atom in atoms(text):
        _, state = advance(model.automaton, state, model.vocabulary.index(atom))
    return int(state)


def log_probability(model: LanguageModel, text: str) -> float:
    state, total = model.start, 0.0
    for atom in atoms(text):
        chance, state = advance(model.automaton, state, model.vocabulary.index(atom))
        total += chance
    return total


def test_probabilities_after_any_context_add_up_to_about_one(engine: Engine) -> None:
    model = engine.language
    for context in ("", "ủy ban nhân dân", "theo quy định của", "xanh hỏi trang"):
        state = after(model, context)
        chances = [advance(model.automaton, state, atom)[0] for atom in range(len(model.vocabulary))]
        assert abs(np.exp(chances).sum() - 1) < 0.05, context


def test_what_is_remembered_is_what_was_said(engine: Engine) -> None:
    automaton, memo = engine.language.automaton, new_memo()
    steps = np.random.default_rng(1).integers(0, (len(automaton.suffix), len(engine.language.vocabulary)), (2000, 2))
    for state, atom in (*steps, *steps[::-1]):
        assert recall(automaton, memo, state, atom) == advance(automaton, state, atom)


def test_what_was_never_seen_together_is_unlikely_but_possible(engine: Engine) -> None:
    usual = log_probability(engine.language, "chịu trách nhiệm thi hành")
    odd = log_probability(engine.language, "hành trách thi nhiệm chịu")
    assert np.isfinite(odd)
    assert usual > odd + 5


def test_numbers_and_the_unknown_have_their_chance(engine: Engine) -> None:
    model = engine.language
    for atom in ("<unk>", "<d1>", "<d2>", "<year>", "<thousands>", "<code>"):
        chance, _ = advance(model.automaton, after(model, "trong"), model.vocabulary.index(atom))
        assert -20 < chance < 0


def test_contexts_decide_between_words_that_are_read_alike(engine: Engine) -> None:
    model = engine.language
    assert log_probability(model, "cơ sở hạ tầng") > log_probability(model, "có số hạ tầng")
    assert log_probability(model, "vì có số liệu") > log_probability(model, "vì cơ sở liệu")
