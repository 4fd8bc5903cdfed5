"""A pruned back-off mixture in, the arrays of `restore.language` out (see there for their meaning)."""

from collections.abc import Container
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..restore.language import MAPPED, Automaton
from .language import BITS, ORDER, Floats, Keys, Mixture, find, suffix


def compile_automaton(mixture: Mixture) -> Automaton:
    """States: the empty context, then contexts of one to three atoms in key order."""
    contexts = [np.zeros(1, dtype=np.uint64), *mixture.contexts]
    offsets = np.cumsum([0] + [len(keys) for keys in contexts])
    codebook = make_codebook(np.concatenate([np.log(p) for p in (*mixture.probabilities, *mixture.backoffs)]))
    first = np.concatenate(
        [np.zeros(1, dtype=np.int64)]
        + [_arc_counts(contexts[order - 1], keys, order) for order, keys in enumerate(mixture.keys, start=1)]
    ).cumsum()
    suffixes = [np.zeros(1, dtype=np.int64)]
    for order in range(1, ORDER):
        suffixes.append(_longest_state(contexts, offsets, suffix(contexts[order], order), order - 1))
    targets = [_longest_state(contexts, offsets, mixture.keys[order - 1], order) for order in range(1, ORDER)]
    return Automaton(
        first=first.astype(np.uint32),
        backoff=encode(np.concatenate([[0.0], *(np.log(b) for b in mixture.backoffs)]), codebook),
        suffix=np.concatenate(suffixes).astype(np.uint32),
        word=np.concatenate([(keys & np.uint64(0xFFFF)).astype(np.uint16) for keys in mixture.keys]),
        probability=encode(np.concatenate([np.log(p) for p in mixture.probabilities]), codebook),
        target=np.concatenate(targets).astype(np.uint32),
        codebook=codebook,
    )


def _arc_counts(contexts: Keys, keys: Keys, order: int) -> NDArray[np.int64]:
    if order == 1:
        return np.array([len(keys)])
    heads, counts = np.unique(keys >> BITS, return_counts=True)
    assert np.array_equal(heads, contexts)
    return np.asarray(counts, dtype=np.int64)


def _longest_state(contexts: list[Keys], offsets: NDArray[np.int64], keys: Keys, length: int) -> NDArray[np.int64]:
    """The state of the longest suffix, at most `length` atoms, of each key that is a context."""
    states = np.zeros(len(keys), dtype=np.int64)
    for shorter in range(1, length + 1):
        tails = keys & np.uint64((1 << (16 * shorter)) - 1)
        found, at = find(contexts[shorter], tails)
        states = np.where(found, offsets[shorter] + at, states)
    return states


def make_codebook(values: Floats) -> NDArray[np.float32]:
    """256 levels: the values' quantiles in the mean between equal steps and equal counts; 0 is always a level."""
    values = np.clip(values, -20.0, 3.0)
    counts = np.quantile(values, np.linspace(0, 1, 128))
    steps = np.linspace(values.min(), values.max(), 127)
    return np.sort(np.concatenate([counts, steps, [0.0]])).astype(np.float32)


def encode(values: Floats, codebook: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The nearest level of each value."""
    middles = (codebook[1:] + codebook[:-1]) / 2
    return np.searchsorted(middles, values).astype(np.uint8)


def save(automaton: Automaton, vocabulary: list[str], small: Container[str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    arcs = np.diff(automaton.first)
    if arcs.max(initial=0) >= 1 << 16:
        raise ValueError("a state has more arcs than two bytes can count")
    np.save(folder / "language.arcs.npy", arcs.astype(np.uint16))
    for name in MAPPED:
        np.save(folder / f"language.{name}.npy", getattr(automaton, name))
    (folder / "vocabulary.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    kept = "\n".join(atom for atom in vocabulary if atom in small)
    (folder / "small.txt").write_text(kept, encoding="utf-8")
