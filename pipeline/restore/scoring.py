"""A unit and what was read of it in, log P(read | unit) out; what it costs that units touch.

Numbers and strings that no lexicon holds (codes, foreign names) have ways of their own: a number's digits may be read
from letters, a foreign string stays as it was read.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .arrays import Int, kernel
from .channel import LONGEST_UNIT, Scratch, Tables, unit_probability
from .lexicon import CLOSE, CODE, EITHER, FIGURE, OPEN, SEPARATOR, WORD

CHANNEL_WEIGHT = 0.7
"""Of the channel's log-probabilities against the language model's: errors come in company, which it does not know."""

NUMBER, FOREIGN = -2, -3
"""Surfaces of units that stand in no lexicon."""

DIGIT_COST = -2.3
YEAR_COST = -4.0
"""What a number's spelling costs: a digit of any number, a whole year of the last or this century."""
NUMBER_COST = -3.5
FOREIGN_COST = -14.0
ABBREVIATION_LETTER_COST, FOREIGN_LETTER_COST, MIXED_LETTER_COST = -2.5, -4.5, -6.0
GLUED_NUMBER_COST, NUMBERED_CODE_COST = -4.0, -0.7
"""What it costs that a word follows a number, or a number an abbreviation, without a space."""
CHANGED_DIGIT_COST = -6.0
"""What it costs, beyond the channel, that a digit was read as another."""
DIRT_COST = -6.0
"""A mark or space inside a unit that stands for nothing printed."""


class Alphabet(NamedTuple):
    """What a search needs to know of characters. kind: (printed) kind of the unit a character opens; digits,
    read_digits: printed and read ids of 0..9 and of '.' and ','; numbers: vocabulary ids of `figure_class`; unknown: of
    what has no other; by read character: wordlike: letters and digits; letter; capital; dirt: marks that may stand for
    nothing inside a word; dust: at its edges too; space: its id."""

    kind: NDArray[np.int8]
    digits: NDArray[np.int64]
    read_digits: NDArray[np.int64]
    numbers: NDArray[np.int64]
    unknown: int
    wordlike: NDArray[np.bool_]
    letter: NDArray[np.bool_]
    capital: NDArray[np.bool_]
    dirt: NDArray[np.bool_]
    dust: NDArray[np.bool_]
    space: int


@kernel
def foreign_score(alphabet: Alphabet, read: NDArray[np.int64]) -> float:
    """Log-chance of a string's spelling: abbreviations are short and in capitals, names have no digits inside."""
    capitals = digits = 0
    for character in read:
        capitals += alphabet.capital[character]
        digits += alphabet.wordlike[character] and not alphabet.letter[character]
    if capitals + digits == len(read):
        return ABBREVIATION_LETTER_COST * len(read)
    return (MIXED_LETTER_COST if digits else FOREIGN_LETTER_COST) * len(read)


@kernel
def score_unit(
    tables: Tables,
    surface: int,
    printed: NDArray[np.int64],
    read: NDArray[np.int64],
    alphabet: Alphabet,
    spelling: NDArray[np.float32],
    scratch: Scratch,
) -> float:
    """log P(reading | unit), for numbers and foreign strings with the chance of their spelling; spelling: see
    lexicon.Surfaces."""
    if surface == FOREIGN:
        return foreign_score(alphabet, read)
    probability = unit_probability(tables, printed, read, scratch)
    clean = without_dirt(alphabet, read, scratch.clean)
    if 0 < clean < len(read) <= LONGEST_UNIT:
        bare = unit_probability(tables, printed, scratch.clean[:clean], scratch)
        probability = max(probability, bare * np.exp(DIRT_COST * (len(read) - clean)))
    score = float(np.log(probability + 1e-40))
    if surface == NUMBER:
        return score + number_cost(alphabet, printed) + changed_digits(alphabet, printed, read)
    return score + float(spelling[surface])


@kernel
def changed_digits(alphabet: Alphabet, printed: NDArray[np.int64], read: NDArray[np.int64]) -> float:
    """What it costs to take a number for another: where only digits were read, they are to be trusted."""
    changed = abs(len(printed) - len(read))
    for j in range(len(read)):
        which = 0
        while which < len(alphabet.read_digits) and alphabet.read_digits[which] != read[j]:
            which += 1
        if which == len(alphabet.read_digits):
            return 0.0
        changed += j < len(printed) and printed[j] != alphabet.digits[which]
    return CHANGED_DIGIT_COST * changed


@kernel
def number_cost(alphabet: Alphabet, printed: NDArray[np.int64]) -> float:
    """Log-chance of a number's spelling."""
    if len(printed) == 4:
        thousand, hundred = printed[0], printed[1]
        digits = alphabet.digits
        if (thousand == digits[1] and hundred == digits[9]) or (thousand == digits[2] and hundred == digits[0]):
            return YEAR_COST
    return DIGIT_COST * len(printed)


@kernel
def without_dirt(alphabet: Alphabet, read: NDArray[np.int64], clean: NDArray[np.int64]) -> int:
    """How many characters are left when marks that stand for nothing are taken out; they are put into `clean`, as far
    as it has room. A full stop or bracket at the edge is no such mark."""
    first, last = 0, len(read) - 1
    while first <= last and not alphabet.wordlike[read[first]]:
        first += 1
    while last >= first and not alphabet.wordlike[read[last]]:
        last -= 1
    count = 0
    for j in range(len(read)):
        inside = first <= j <= last
        if not (alphabet.dirt[read[j]] if inside else alphabet.dust[read[j]]):
            if count < len(clean):
                clean[count] = read[j]
            count += 1
    return count


@njit(cache=True)
def figure_class(alphabet: Alphabet, printed: NDArray[np.int64]) -> int:
    """Place of a number's class in tokens.NUMBER_CLASSES."""
    digits = alphabet.digits
    point, comma = digits[10], digits[11]
    count, groups, points, commas, thousands = 0, 0, 0, 0, True
    for letter in printed:
        if letter == point or letter == comma:
            if count == 0 or commas:
                return 9
            if groups:
                thousands &= count == 3
            else:
                thousands &= count <= 3
            points += letter == point
            commas += letter == comma
            groups, count = groups + 1, 0
        else:
            count += 1
    if count == 0:
        return 9
    if points == 0 and commas == 0:
        value: Int = 0
        for letter in printed[:4]:
            value = 10 * value + np.int64(np.nonzero(digits == letter)[0][0])
        if count == 1:
            return 0
        if count == 2:
            return 1 if 1 <= value <= 12 else 2 if 13 <= value <= 31 else 3
        return 4 if count == 4 and 1800 <= value < 2100 else 5
    if points == 0:
        return 7
    if thousands and (commas or count == 3):
        return 6
    return 9 if commas else 8


@njit(cache=True, inline="always")
def touch(left: Int, right: Int) -> bool:
    """Whether no space stands between two units where none was read."""
    return (
        left == OPEN
        or left == SEPARATOR
        or left == EITHER
        or left == FIGURE
        or right == CLOSE
        or right == SEPARATOR
        or right == EITHER
        or (left == CODE and right == FIGURE)
    )


@njit(cache=True, inline="always")
def glue_cost(left: Int, right: Int, missing_space: float) -> float:
    """What it costs that two units touch; `missing_space`: log-share of spaces not seen."""
    if not touch(left, right):
        return missing_space
    if left == FIGURE and (right == WORD or right == CODE):
        return GLUED_NUMBER_COST
    if right == FIGURE and (left == FIGURE or left == CODE):
        return NUMBERED_CODE_COST if left == CODE else -np.inf
    return 0.0
