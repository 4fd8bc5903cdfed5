"""A language model state and a reading in, the words expected there that could have been read so out."""

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .arrays import Int
from .channel import Tables, new_scratch
from .engine import Reader
from .language import Automaton
from .lexicon import CODE, WORD, Surfaces
from .scoring import Alphabet, score_unit
from .tokens import core_span

LEAST_EXPECTED, LEAST_HEARD, MOST_PROPOSED = -7.0, -26.0, 12
"""Of what is proposed: the language model's least log-probability, the channel's, and how many words."""
LONGEST_CORE, MOST_LETTERS_APART = 8, 3


@dataclass(frozen=True)
class Place:
    """A token's core, from `start` to `end`, and the marks around it as units (surface, start, end)."""

    start: int
    end: int
    before: tuple[tuple[int, int, int], ...]
    behind: tuple[tuple[int, int, int], ...]

    def row(self, surface: int) -> list[tuple[int, int, int]]:
        return [*self.before, (surface, self.start, self.end), *self.behind]


def place_of(text: str, reader: Reader) -> Place | None:
    """Where in a token a word may be proposed; None where it is too long, or has marks that are in no lexicon."""
    start, end = core_span(text)
    marks = [(reader.marks.get(text[i], -1), i, i + 1) for i in (*range(start), *range(end, len(text)))]
    if not 0 < end - start <= LONGEST_CORE or any(mark < 0 for mark, _, _ in marks):
        return None
    return Place(start, end, tuple(marks[:start]), tuple(marks[start:]))


@njit(cache=True)
def propose(
    tables: Tables,
    lm: Automaton,
    alphabet: Alphabet,
    surfaces: Surfaces,
    surface_of: NDArray[np.int32],
    state: int,
    read: NDArray[np.int64],
    channel_weight: float,
) -> NDArray[np.int64]:
    """Surfaces that the language model expects in a state and that could have been read so, best first.

    surface_of: (vocabulary, 3) surface of each atom as it is, in capitals, as a sentence start, -1 where none.
    """
    most = 400
    surface, score = np.zeros(most, np.int64), np.full(most, -np.inf)
    count, cost, scratch = 0, 0.0, new_scratch()
    here: Int = state
    while here != 0 and count < most:
        for arc in range(lm.first[here], lm.first[here + 1]):
            chance = cost + lm.codebook[lm.probability[arc]]
            if chance < LEAST_EXPECTED:
                continue
            for form in range(3):
                s = surface_of[lm.word[arc], form]
                if s < 0 or count == most or surfaces.kind[s] not in (WORD, CODE):
                    continue
                if np.any(surface[:count] == s):
                    continue
                printed = surfaces.letters[surfaces.first[s] : surfaces.first[s + 1]]
                if abs(len(printed) - len(read)) > MOST_LETTERS_APART:
                    continue
                heard = score_unit(tables, s, printed, read, alphabet, surfaces.spelling, scratch)
                if heard < LEAST_HEARD:
                    continue
                surface[count], score[count] = s, chance + channel_weight * heard
                count += 1
        cost += float(lm.codebook[lm.backoff[here]])
        here = np.int64(lm.suffix[here])
    return surface[:count][np.argsort(-score[:count])[:MOST_PROPOSED]]
