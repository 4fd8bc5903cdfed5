"""A unit and what was read of it in, log P(read | unit) out; what it costs that units touch.

Numbers and strings that no lexicon holds (codes, foreign names) have ways of their own: a number's digits may be read
from letters, a foreign string stays as it was read.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .arrays import Int
from .channel import Tables, unit_probability
from .lexicon import CLOSE, EITHER, OPEN, SEPARATOR

NUMBER, FOREIGN = -2, -3
"""Surfaces of units that stand in no lexicon."""

DIGIT_COST = -2.3
YEAR_COST = -4.0
"""What a number's spelling costs: a digit of any number, a whole year of the last or this century."""
NUMBER_COST = -3.5
FOREIGN_COST = -14.0
ABBREVIATION_LETTER_COST, FOREIGN_LETTER_COST, MIXED_LETTER_COST = -2.5, -4.5, -6.0
GLUED_NUMBER_COST = -4.0
DIRT_COST = -6.0
"""A mark or space inside a unit that stands for nothing printed."""


class Alphabet(NamedTuple):
    """What a search needs to know of characters. kind: (printed) kind of the unit a character opens; digits: printed
    ids of 0..9 and of '.' and ','; by read character: wordlike: letters and digits; letter; capital; dirt: marks that
    may stand for nothing inside a word; dust: at its edges too; space: its id."""

    kind: NDArray[np.int8]
    digits: NDArray[np.int64]
    wordlike: NDArray[np.bool_]
    letter: NDArray[np.bool_]
    capital: NDArray[np.bool_]
    dirt: NDArray[np.bool_]
    dust: NDArray[np.bool_]
    space: int


@njit(cache=True)
def foreign_score(alphabet: Alphabet, read: NDArray[np.int64]) -> float:
    """Log-chance of a string's spelling: abbreviations are short and in capitals, names have no digits inside."""
    capitals = digits = 0
    for character in read:
        capitals += alphabet.capital[character]
        digits += alphabet.wordlike[character] and not alphabet.letter[character]
    if capitals + digits == len(read):
        return ABBREVIATION_LETTER_COST * len(read)
    return (MIXED_LETTER_COST if digits else FOREIGN_LETTER_COST) * len(read)


@njit(cache=True)
def score_unit(
    tables: Tables, surface: int, printed: NDArray[np.int64], read: NDArray[np.int64], alphabet: Alphabet
) -> float:
    """log P(reading | unit), for numbers and foreign strings with the chance of their spelling."""
    if surface == FOREIGN:
        return foreign_score(alphabet, read)
    probability = unit_probability(tables, printed, read)
    clean = without_dirt(alphabet, read)
    if 0 < len(clean) < len(read):
        bare = unit_probability(tables, printed, clean)
        probability = max(probability, bare * np.exp(DIRT_COST * (len(read) - len(clean))))
    score = float(np.log(probability + 1e-40))
    return score + number_cost(alphabet, printed) if surface == NUMBER else score


@njit(cache=True)
def number_cost(alphabet: Alphabet, printed: NDArray[np.int64]) -> float:
    """Log-chance of a number's spelling."""
    if len(printed) == 4:
        thousand, hundred = printed[0], printed[1]
        digits = alphabet.digits
        if (thousand == digits[1] and hundred == digits[9]) or (thousand == digits[2] and hundred == digits[0]):
            return YEAR_COST
    return DIGIT_COST * len(printed)


@njit(cache=True)
def without_dirt(alphabet: Alphabet, read: NDArray[np.int64]) -> NDArray[np.int64]:
    """What is left when marks that stand for nothing are taken out; a full stop or bracket at the edge is none."""
    keep = ~alphabet.dust[read]
    first, last = 0, len(read) - 1
    while first <= last and not alphabet.wordlike[read[first]]:
        first += 1
    while last >= first and not alphabet.wordlike[read[last]]:
        last -= 1
    for j in range(first, last + 1):
        keep[j] = not alphabet.dirt[read[j]]
    return read[keep]


@njit(cache=True, inline="always")
def glue_cost(left: Int, right: Int, missing_space: float) -> float:
    """What it costs that two units touch; `missing_space`: log-share of spaces not seen."""
    if left == OPEN or left == SEPARATOR or left == EITHER:
        return 0.0
    if right == CLOSE or right == SEPARATOR or right == EITHER:
        return 0.0
    return missing_space
