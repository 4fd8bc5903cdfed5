"""The language model at run time: memory-mapped arrays in, log-probabilities of atoms after a context out.

The back-off n-gram model is an automaton: a state is a context that some kept n-gram continues, an arc an n-gram.
State 0 is the empty context, whose arcs are all unigrams in vocabulary order. Arcs of the last order (from
`top_state` on) store no target: theirs is the target of the same atom from the suffix state.
Probabilities are natural logarithms, coded by one byte into `codebook`.
"""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .arrays import Int, kernel

MAPPED = ("backoff", "suffix", "word", "probability", "target", "codebook")
"""Arrays of an automaton that stay in their files; `first` is stored in half the room, as how many arcs a state has."""


class Automaton(NamedTuple):
    """first: (states+1) uint32; backoff: (states) uint8; suffix: (states) uint32; word: (arcs) uint16;
    probability: (arcs) uint8; target: (arcs below the last order) uint32; codebook: (256) float32."""

    first: NDArray[np.uint32]
    backoff: NDArray[np.uint8]
    suffix: NDArray[np.uint32]
    word: NDArray[np.uint16]
    probability: NDArray[np.uint8]
    target: NDArray[np.uint32]
    codebook: NDArray[np.float32]


@dataclass(frozen=True)
class LanguageModel:
    """vocabulary: atom of each id; start: the state after a boundary;
    small: words that count as themselves where a sentence start gave them a capital."""

    automaton: Automaton
    vocabulary: tuple[str, ...]
    start: int
    small: frozenset[str]

    @cached_property
    def unigrams(self) -> NDArray[np.float64]:
        """(vocabulary) log-probabilities without context."""
        codes = self.automaton.probability[: len(self.vocabulary)]
        return self.automaton.codebook[codes].astype(np.float64)


def load_language(folder: Path) -> LanguageModel:
    """Memory-map the model of a folder."""
    arcs = np.load(folder / "language.arcs.npy")
    first = np.concatenate([np.zeros(1, np.uint32), np.cumsum(arcs, dtype=np.uint32)])
    first.flags.writeable = False
    automaton = Automaton(first, *(np.load(folder / f"language.{name}.npy", mmap_mode="r") for name in MAPPED))
    vocabulary = tuple((folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n"))
    small = frozenset((folder / "small.txt").read_text(encoding="utf-8").split("\n"))
    return LanguageModel(automaton, vocabulary, int(automaton.target[0]), small)


@njit(cache=True, inline="always")
def find_arc(first: NDArray[np.uint32], word: NDArray[np.uint16], state: Int, atom: Int) -> Int:
    """The arc of `atom` from `state`, or -1."""
    low, high = np.int64(first[state]), np.int64(first[state + 1])
    end = high
    while low < high:
        middle = (low + high) >> 1
        if word[middle] < atom:
            low = middle + 1
        else:
            high = middle
    if low < end and word[low] == atom:
        return low
    return -1


@kernel
def advance(automaton: Automaton, state: Int, atom: Int) -> tuple[float, int]:
    """Log-probability of `atom` after the context `state`, and the state that follows."""
    first, word = automaton.first, automaton.word
    arcs_with_target = len(automaton.target)
    total = 0.0
    here = np.int64(state)
    while True:
        arc = atom if here == 0 else find_arc(first, word, here, atom)
        if arc >= 0:
            break
        total += automaton.codebook[automaton.backoff[here]]
        here = np.int64(automaton.suffix[here])
    total += automaton.codebook[automaton.probability[arc]]
    while arc >= arcs_with_target:
        here = np.int64(automaton.suffix[here])
        arc = atom if here == 0 else find_arc(first, word, here, atom)
        if arc < 0:
            arc = arcs_with_target
    return total, int(np.int64(automaton.target[arc]))


class Memo(NamedTuple):
    """Steps taken lately, by a hash of state and atom. taken: (places) state and atom; chance, state: what `advance`
    said."""

    taken: NDArray[np.int64]
    chance: NDArray[np.float64]
    state: NDArray[np.int64]


_MEMO_BITS = 16


def new_memo() -> Memo:
    size = 1 << _MEMO_BITS
    return Memo(np.full(size, -1), np.zeros(size), np.zeros(size, np.int64))


@njit(cache=True, inline="always")
def recall(automaton: Automaton, memo: Memo, state: Int, atom: Int) -> tuple[float, int]:
    """The same as `advance`, remembered: a search takes the same few steps again and again."""
    step = (np.int64(state) << 16) | np.int64(atom)
    place = ((step * np.int64(0x1E3779B97F4A7C15)) >> (63 - _MEMO_BITS)) & ((1 << _MEMO_BITS) - 1)
    if memo.taken[place] != step:
        memo.chance[place], memo.state[place] = advance(automaton, state, atom)
        memo.taken[place] = step
    return memo.chance[place], memo.state[place]


@njit(cache=True)
def row_chances(
    automaton: Automaton, parts: NDArray[np.int64], part: NDArray[np.int64], atom: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Log-probabilities of rows of atoms without context: row r is atom[part[parts[r] : parts[r + 1]]]."""
    chances = np.zeros(len(parts) - 1)
    for row in range(len(chances)):
        state = 0
        for p in range(parts[row], parts[row + 1]):
            chance, state = advance(automaton, state, atom[part[p]])
            chances[row] += chance
    return chances
