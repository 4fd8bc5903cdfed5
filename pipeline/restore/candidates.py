"""Candidates: one raw token (or two joined ones) in, the likeliest rows of printed units for it out.

A beam walks over the read characters and down the trie together; at the end of a unit it starts at the root again,
so that 'coso' may be 'cơ sở' (a space not seen) and '(GDP)' three units. Numbers and strings that no lexicon holds
(codes, foreign names) have paths of their own: a number's digits may be read from letters, a foreign string stays as read.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .channel import LONGEST_SEGMENT, Tables, find_segments, plain_emission, unit_probability
from .lexicon import CLOSE, EITHER, OPEN, SEPARATOR, WORD, Surfaces, Trie

NUMBER, FOREIGN = -2, -3
"""Surfaces of units that stand in no lexicon."""

LONGEST_TOKEN = 40
"""Longer strings without a space are kept as they are."""
BEAM = 50
WINDOW = 12.0
"""Partial readings this much (log) behind the best at the same place are dropped."""
KEPT = 16
KEPT_WINDOW = 11.0
LEAST_EMISSION = -10.0
"""Segments less likely than this (log) for a character are not tried."""

DIGIT_COST = -2.3
NUMBER_COST = -3.5
FOREIGN_COST = -14.0
FOREIGN_LETTER_COST = -3.0
GLUED_NUMBER_COST = -4.0
SKIPPED_MARK_COST = -6.0
"""A mark or space inside a unit that stands for nothing printed."""

_ROOM = 6000
_PLACES = 1 << 14


class Emissions(NamedTuple):
    """By segment: printed characters it may stand for. first: (segments + 1); letter: sorted per segment; score: log."""

    first: NDArray[np.int32]
    letter: NDArray[np.int16]
    score: NDArray[np.float32]


class Alphabet(NamedTuple):
    """What a search needs to know of characters. digit_of: (printed) 0..9 or -1; number_mark: (printed) '.' or ',';
    kind: (printed) kind of the unit a character opens; same: (read) the same character printed, 0 where none;
    wordlike: (read) letters and digits; space: id of the read space; dot: id of the printed '.'."""

    digit_of: NDArray[np.int8]
    number_mark: NDArray[np.bool_]
    kind: NDArray[np.int8]
    same: NDArray[np.int64]
    wordlike: NDArray[np.bool_]
    space: int
    dot: int


class Candidates(NamedTuple):
    """Rows of units for many tokens. rows: (tokens + 1); units: (rows + 1); surface, start, end, atom: by unit, start
    and end in the token; letters: (units + 1) where a unit's printed characters start in `printed`."""

    rows: NDArray[np.int64]
    units: NDArray[np.int64]
    surface: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    letters: NDArray[np.int64]
    printed: NDArray[np.int64]


class Workspace(NamedTuple):
    """Hypotheses (rows of `_ROOM`) and the table that finds equal ones; reused from token to token."""

    parent: NDArray[np.int32]
    node: NDArray[np.int32]
    letter: NDArray[np.int32]
    closed: NDArray[np.int32]
    kind: NDArray[np.int8]
    place: NDArray[np.int16]
    drops: NDArray[np.int8]
    score: NDArray[np.float64]
    ahead: NDArray[np.float64]
    key: NDArray[np.uint64]
    done: NDArray[np.bool_]
    table: NDArray[np.int32]
    stamp: NDArray[np.int32]


def new_workspace() -> Workspace:
    return Workspace(
        np.zeros(_ROOM, np.int32),
        np.zeros(_ROOM, np.int32),
        np.zeros(_ROOM, np.int32),
        np.zeros(_ROOM, np.int32),
        np.zeros(_ROOM, np.int8),
        np.zeros(_ROOM, np.int16),
        np.zeros(_ROOM, np.int8),
        np.zeros(_ROOM),
        np.zeros(_ROOM),
        np.zeros(_ROOM, np.uint64),
        np.zeros(_ROOM, np.bool_),
        np.zeros(_PLACES, np.int32),
        np.zeros(_PLACES + 1, np.int32),
    )


_ROOT = 0
_CLOSED = -1
_OPEN_UNIT = -9


@njit(cache=True, inline="always")
def _mix(key: np.uint64, value: int) -> np.uint64:
    return (key ^ np.uint64(value)) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(0x7F4A7C15)


@njit(cache=True)
def _push(
    w: Workspace,
    size: int,
    best: NDArray[np.float64],
    parent: int,
    node: int,
    letter: int,
    closed: int,
    kind: int,
    place: int,
    drops: int,
    score: float,
    ahead: float,
    key: np.uint64,
) -> int:
    """Add a hypothesis unless an equal one is better or it is hopeless; the new number of hypotheses."""
    if score + ahead < best[place] - WINDOW or size >= _ROOM:
        return size
    full = _mix(_mix(key, node + 8), place)
    at = np.int64(full & np.uint64(_PLACES - 1))
    index = size
    while w.stamp[at] == w.stamp[_PLACES]:
        other = w.table[at]
        if w.key[other] == key and w.node[other] == node and w.place[other] == place:
            if w.score[other] >= score or w.done[other]:
                return size
            index = other
            break
        at = (at + 1) & (_PLACES - 1)
    if index == size:
        w.stamp[at] = w.stamp[_PLACES]
        w.table[at] = size
        size += 1
    w.parent[index] = parent
    w.node[index] = node
    w.letter[index] = letter
    w.closed[index] = closed
    w.kind[index] = kind
    w.place[index] = place
    w.drops[index] = drops
    w.score[index] = score
    w.ahead[index] = ahead
    w.key[index] = key
    w.done[index] = False
    if score + ahead > best[place]:
        best[place] = score + ahead
    return size


@njit(cache=True, inline="always")
def glue_cost(left: int, right: int, missing_space: float) -> float:
    """What it costs that two units touch; `missing_space`: log-share of spaces not seen."""
    if left == OPEN or left == SEPARATOR or left == EITHER:
        return 0.0
    if right == CLOSE or right == SEPARATOR or right == EITHER:
        return 0.0
    return missing_space


@njit(cache=True)
def generate(
    w: Workspace,
    tables: Tables,
    emissions: Emissions,
    alphabet: Alphabet,
    trie: Trie,
    surfaces: Surfaces,
    read: NDArray[np.int64],
    missing_space: float,
) -> NDArray[np.int64]:
    """The workspace's hypotheses that end the best rows of units for one token, best first."""
    m = len(read)
    number, number_mark, foreign = len(trie.own), len(trie.own) + 1, len(trie.own) + 2
    ids = find_segments(tables, read, 0, m)
    best = np.full(m + 1, -np.inf)
    w.stamp[_PLACES] += 1
    size = _push(w, 0, best, -1, _ROOT, 0, _CLOSED, -1, 0, 0, 0.0, 0.0, np.uint64(1))
    finals = np.zeros(400, np.int64)
    n_finals = 0
    queue = np.zeros(_ROOM, np.int64)
    for j in range(m + 1):
        arrivals = np.nonzero((w.place[:size] == j) & ~w.done[:size])[0]
        if len(arrivals) > BEAM:
            order = np.argsort(-(w.score[arrivals] + w.ahead[arrivals]))
            arrivals = arrivals[order[:BEAM]]
        head, tail = 0, len(arrivals)
        queue[:tail] = arrivals
        while head < tail:
            h = queue[head]
            head += 1
            w.done[h] = True
            if w.score[h] + w.ahead[h] < best[j] - WINDOW:
                continue
            before = size
            node, score, key, kind = w.node[h], w.score[h], w.key[h], w.kind[h]
            if w.closed[h] == _OPEN_UNIT:
                if node < number:
                    for capital in range(2):
                        surface = trie.own[node] if capital == 0 else trie.capital[node]
                        if surface >= 0:
                            size = _push(
                                w, size, best, h, _ROOT, 0, surface, surfaces.kind[surface], j, 0,
                                score + surfaces.prior[surface], 0.0, _mix(key, surface + 3),
                            )  # fmt: skip
                elif node == number or node == foreign:
                    cost = NUMBER_COST if node == number else FOREIGN_COST
                    surface = NUMBER if node == number else FOREIGN
                    size = _push(
                        w, size, best, h, _ROOT, 0, surface, WORD, j, 0, score + cost, 0.0, _mix(key, surface + 99)
                    )
            elif j == m and h > 0:
                if n_finals < len(finals):
                    finals[n_finals] = h
                    n_finals += 1
                continue
            if j < m:
                closed = w.closed[h] != _OPEN_UNIT
                left = kind if closed else -1
                after_number = closed and w.closed[h] == NUMBER
                if not alphabet.wordlike[read[j]] and node < number:
                    glue = glue_cost(left, WORD, missing_space) if left >= 0 else 0.0
                    size = _push(
                        w, size, best, h, node, 0, _OPEN_UNIT, kind, j + 1, 0,
                        score + glue + SKIPPED_MARK_COST, w.ahead[h], key,
                    )  # fmt: skip
                if (closed or node == foreign) and alphabet.wordlike[read[j]] and alphabet.same[read[j]] > 0:
                    glue = 0.0
                    if closed and left >= 0:
                        glue = glue_cost(left, WORD, GLUED_NUMBER_COST if after_number else missing_space)
                    new_key = _mix(key, 7777) if closed else key
                    size = _push(
                        w, size, best, h, foreign, alphabet.same[read[j]], _OPEN_UNIT, WORD, j + 1, 0,
                        score + glue + FOREIGN_LETTER_COST, FOREIGN_COST, new_key,
                    )  # fmt: skip
                shortest = 0 if w.drops[h] < 1 else 1
                for length in range(shortest, min(LONGEST_SEGMENT, m - j) + 1):
                    segment = ids[j, length]
                    drops = w.drops[h] + 1 if length == 0 else 0
                    if not closed and node < number:
                        children = trie.first[node + 1] - trie.first[node]
                        if segment < 0 or children < emissions.first[segment + 1] - emissions.first[segment]:
                            for arc in range(trie.first[node], trie.first[node + 1]):
                                letter = trie.letter[arc]
                                size = _push(
                                    w, size, best, h, trie.child[arc], letter, _OPEN_UNIT, kind, j + length, drops,
                                    score + np.log(plain_emission(tables, letter, ids, j, length) + 1e-30), trie.ahead[trie.child[arc]], key,
                                )  # fmt: skip
                            continue
                    if segment < 0:
                        continue
                    for e in range(emissions.first[segment], emissions.first[segment + 1]):
                        letter = emissions.letter[e]
                        glue = 0.0
                        digit = alphabet.digit_of[letter]
                        if closed:
                            if length == 0 and alphabet.kind[letter] != WORD:
                                continue
                            if left >= 0:
                                glue = glue_cost(
                                    left, alphabet.kind[letter], GLUED_NUMBER_COST if after_number else missing_space
                                )
                        total = score + glue + emissions.score[e]
                        if node >= number:
                            if node != foreign and (digit >= 0 or (node == number and alphabet.number_mark[letter])):
                                if length:
                                    size = _push(
                                        w, size, best, h, number if digit >= 0 else number_mark, letter, _OPEN_UNIT,
                                        WORD, j + length, 0, total + DIGIT_COST, NUMBER_COST, _mix(key, letter + 1000),
                                    )  # fmt: skip
                            continue
                        if closed and digit >= 0:
                            if length and not after_number:
                                size = _push(
                                    w, size, best, h, number, letter, _OPEN_UNIT, WORD, j + length, 0,
                                    total + DIGIT_COST, NUMBER_COST, _mix(key, letter + 1000),
                                )  # fmt: skip
                            continue
                        low, high = trie.first[node], trie.first[node + 1]
                        end = high
                        while low < high:
                            middle = (low + high) >> 1
                            if trie.letter[middle] < letter:
                                low = middle + 1
                            else:
                                high = middle
                        if low < end and trie.letter[low] == letter:
                            child = trie.child[low]
                            size = _push(
                                w, size, best, h, child, letter, _OPEN_UNIT, alphabet.kind[letter], j + length, drops,
                                total, trie.ahead[child], key,
                            )  # fmt: skip
            for new in range(before, size):
                if w.place[new] == j:
                    queue[tail] = new
                    tail += 1
    return best_rows(w, finals[:n_finals])


@njit(cache=True)
def best_rows(w: Workspace, finals: NDArray[np.int64]) -> NDArray[np.int64]:
    """The final hypotheses worth keeping, best first."""
    order = np.argsort(-w.score[finals])[:KEPT]
    kept = 0
    for k in order:
        if w.score[finals[k]] < w.score[finals[order[0]]] - KEPT_WINDOW:
            break
        kept += 1
    return finals[order[:kept]]


@njit(cache=True)
def generate_all(
    w: Workspace,
    tables: Tables,
    emissions: Emissions,
    alphabet: Alphabet,
    trie: Trie,
    surfaces: Surfaces,
    read: NDArray[np.int64],
    first: NDArray[np.int64],
    missing_space: float,
) -> Candidates:
    """Candidates of all tokens; token t is read[first[t]:first[t + 1]]."""
    tokens = len(first) - 1
    rows = np.zeros(tokens + 1, np.int64)
    units = np.zeros(tokens * KEPT + 1, np.int64)
    room = tokens * KEPT * 2 + 64
    surface, start, end = np.zeros(room, np.int32), np.zeros(room, np.int32), np.zeros(room, np.int32)
    letters, printed = np.zeros(room + 1, np.int64), np.zeros(room * 6, np.int64)
    row = unit = letter = 0
    for t in range(tokens):
        length = first[t + 1] - first[t]
        finals = np.zeros(0, np.int64)
        if length <= LONGEST_TOKEN:
            token = read[first[t] : first[t + 1]]
            finals = generate(w, tables, emissions, alphabet, trie, surfaces, token, missing_space)
        if len(finals) == 0:
            if unit + 1 >= len(surface):
                surface, start, end = _grown(surface), _grown(start), _grown(end)
                letters = _grown(letters)
            surface[unit], start[unit], end[unit] = FOREIGN, 0, length
            unit, row = unit + 1, row + 1
            letters[unit] = letter
            units[row] = unit
        for h in finals:
            n_units, n_letters, walk = 0, 0, h
            while w.parent[walk] >= 0:
                if w.closed[walk] != _OPEN_UNIT:
                    n_units += 1
                elif w.letter[walk] > 0:
                    n_letters += 1
                walk = w.parent[walk]
            if unit + n_units >= len(surface):
                surface, start, end = _grown(surface), _grown(start), _grown(end)
                letters = _grown(letters)
            if letter + n_letters >= len(printed):
                printed = _grown(printed)
            at, spelled, walk = unit + n_units, letter + n_letters, h
            while w.parent[walk] >= 0:
                if w.closed[walk] != _OPEN_UNIT:
                    letters[at] = spelled
                    at -= 1
                    surface[at], end[at] = w.closed[walk], w.place[walk]
                    start[at] = 0
                    if at + 1 < unit + n_units:
                        start[at + 1] = w.place[walk]
                elif w.letter[walk] > 0:
                    spelled -= 1
                    printed[spelled] = w.letter[walk]
                walk = w.parent[walk]
            unit, letter, row = unit + n_units, letter + n_letters, row + 1
            letters[unit] = letter
            units[row] = unit
        rows[t + 1] = row
    return Candidates(
        rows, units[: row + 1], surface[:unit], start[:unit], end[:unit], letters[: unit + 1], printed[:letter]
    )


@njit(cache=True)
def _grown(array: NDArray[np.generic]) -> NDArray[np.generic]:
    larger = np.zeros(2 * len(array), array.dtype)
    larger[: len(array)] = array
    return larger


@njit(cache=True)
def score_all(
    tables: Tables,
    candidates: Candidates,
    surface_kind: NDArray[np.int8],
    read: NDArray[np.int64],
    first: NDArray[np.int64],
    wordlike: NDArray[np.bool_],
    missing_space: float,
) -> NDArray[np.float64]:
    """log P(token | row) of every row: (rows)."""
    scores = np.zeros(len(candidates.units) - 1)
    for t in range(len(first) - 1):
        token = read[first[t] : first[t + 1]]
        for row in range(candidates.rows[t], candidates.rows[t + 1]):
            left = left_surface = -1
            for u in range(candidates.units[row], candidates.units[row + 1]):
                surface = candidates.surface[u]
                kind = surface_kind[surface] if surface >= 0 else WORD
                if left >= 0:
                    scores[row] += glue_cost(left, kind, GLUED_NUMBER_COST if left_surface == NUMBER else missing_space)
                left, left_surface = kind, surface
                printed = candidates.printed[candidates.letters[u] : candidates.letters[u + 1]]
                scores[row] += score_unit(tables, surface, printed, token, candidates.start[u], candidates.end[u], wordlike)
    return scores


@njit(cache=True)
def score_unit(
    tables: Tables,
    surface: int,
    printed: NDArray[np.int64],
    token: NDArray[np.int64],
    start: int,
    end: int,
    wordlike: NDArray[np.bool_],
) -> float:
    """log P(reading | unit), for numbers and foreign strings with the chance of their spelling."""
    if surface == FOREIGN:
        return FOREIGN_LETTER_COST * max(len(printed), 1)
    probability = unit_probability(tables, printed, token, start, end)
    letters = np.zeros(end - start, np.int64)
    count = 0
    for j in range(start, end):
        if wordlike[token[j]]:
            letters[count] = token[j]
            count += 1
    if 0 < count < end - start:
        bare = unit_probability(tables, printed, letters, 0, count)
        probability = max(probability, bare * np.exp(SKIPPED_MARK_COST * (end - start - count)))
    score = np.log(probability + 1e-40)
    if surface == NUMBER:
        score += DIGIT_COST * len(printed)
    return score
