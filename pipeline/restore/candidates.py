"""Raw tokens in, for each the likeliest rows of printed units out.

Rows are the best ways to tile a token with units: 'coso' may be 'cơ sở' (a space not seen), '(GDP)' is three units.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .arrays import Int, grown
from .channel import Scratch, Tables, new_scratch
from .language import Automaton, advance
from .lexicon import FIGURE, OPEN, WORD, Surfaces, Trie
from .scoring import (
    CHANNEL_WEIGHT,
    FOREIGN,
    FOREIGN_COST,
    FOREIGN_LETTER_COST,
    NUMBER,
    NUMBER_COST,
    Alphabet,
    figure_class,
    foreign_score,
    glue_cost,
    score_unit,
)
from .units import LETTER, PARENT, PLACE, Effort, Workspace, may_start, spread, units_from, walk

LONGEST_TOKEN = 40
"""A longer string has one row without units: nothing is known to read it as."""
POOR = -8.0
"""A token whose best row's log P(token | row) is below this may hide a space, or be half of a broken word."""
QUICK = Effort(60, 12.0, 40, 11.0, 9.0)
THOROUGH = Effort(80, 13.0, 64, 14.0, 11.0)


class Candidates(NamedTuple):
    """tokens' units: (tokens + 1), tokens' rows: (tokens + 1), rows' parts: (rows + 1); part: unit by place in a row;
    surface, start, end: by unit, start and end in the token; letters: (units + 1) where its characters start in
    `printed`; best: (tokens) log P(token | best row)."""

    units: NDArray[np.int64]
    rows: NDArray[np.int64]
    parts: NDArray[np.int64]
    part: NDArray[np.int64]
    surface: NDArray[np.int32]
    start: NDArray[np.int32]
    end: NDArray[np.int32]
    letters: NDArray[np.int64]
    printed: NDArray[np.int64]
    best: NDArray[np.float64]


class Units(NamedTuple):
    """Units of one token; letters: (units + 1) where each one's characters start in `printed`; score: as found,
    with the unigram `prior`; atom: vocabulary id."""

    surface: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    kind: NDArray[np.int64]
    score: NDArray[np.float64]
    prior: NDArray[np.float64]
    atom: NDArray[np.int64]
    letters: NDArray[np.int64]
    printed: NDArray[np.int64]


class Rows(NamedTuple):
    """Rows of one token's units, best first by `tile`. parts: (rows + 1) into part; score: (rows) log P(token | row);
    rank: the same weighed with the language model, without context."""

    parts: NDArray[np.int64]
    part: NDArray[np.int64]
    score: NDArray[np.float64]
    rank: NDArray[np.float64]


@njit(cache=True)
def tile(
    effort: Effort,
    lm: Automaton,
    unit_start: NDArray[np.int64],
    unit_end: NDArray[np.int64],
    unit_score: NDArray[np.float64],
    unit_prior: NDArray[np.float64],
    unit_kind: NDArray[np.int64],
    unit_atom: NDArray[np.int64],
    m: int,
    missing_space: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The best rows of units from 0 to m. Partial rows as (parent, unit), and the final ones, best first."""
    room = (m + 1) * 4 * effort.kept + effort.kept * (len(unit_start) + 1) + 1
    parent, unit, score = np.full(room, -1, np.int64), np.full(room, -1, np.int64), np.full(room, -np.inf)
    place = np.full(room, -1, np.int64)
    state = np.zeros(room, np.int64)
    place[0], score[0] = 0, 0.0
    best = np.full(m + 1, -np.inf)
    size = 1
    for j in range(m + 1):
        here = np.nonzero(place[:size] == j)[0]
        if len(here) == 0:
            continue
        order = here[np.argsort(-score[here])]
        kept = 0
        while kept < min(effort.kept, len(order)) and score[order[kept]] >= score[order[0]] - effort.kept_window:
            kept += 1
        if j == m:
            return parent, unit, order[:kept]
        for u in range(len(unit_start)):
            if unit_start[u] != j:
                continue
            for k in order[:kept]:
                left = unit[k]
                glue = glue_cost(unit_kind[left], unit_kind[u], missing_space) if left >= 0 else 0.0
                end = unit_end[u]
                heard = score[k] + glue + unit_score[u] - unit_prior[u]
                if size == room or heard == -np.inf or heard < best[end] - effort.kept_window:
                    continue
                chance, state[size] = advance(lm, state[k], unit_atom[u])
                if left < 0:
                    chance = unit_prior[u]
                if heard + chance < best[end] - effort.kept_window:
                    continue
                parent[size], unit[size], place[size], score[size] = k, u, end, heard + chance
                best[end] = max(best[end], heard + chance)
                size += 1
    return parent, unit, np.zeros(0, np.int64)


@njit(cache=True)
def find_units(
    w: Workspace,
    effort: Effort,
    emissions: NDArray[np.float32],
    alphabet: Alphabet,
    trie: Trie,
    surfaces: Surfaces,
    token: NDArray[np.int64],
    anywhere: bool,
) -> Units:
    """All units of a token; `anywhere`: whether they may start between any two characters."""
    m = len(token)
    surface, start, end = np.zeros(64, np.int64), np.zeros(64, np.int64), np.zeros(64, np.int64)
    kind, score, prior, atom = np.zeros(64, np.int64), np.zeros(64), np.zeros(64), np.zeros(64, np.int64)
    letters, printed = np.zeros(65, np.int64), np.zeros(256, np.int64)
    whole, surface_kind = w.whole, surfaces.kind
    units = spelled = 0
    for j in range(m):
        if not may_start(alphabet, token, j, anywhere):
            continue
        size = walk(w, effort, emissions, alphabet, trie, token, j)
        found, found_surface, found_score = units_from(w, effort, size, alphabet, trie, surfaces, token, j, anywhere)
        need = units + len(found) + 2
        surface, start, end = grown(surface, need), grown(start, need), grown(end, need)
        kind, score, letters = grown(kind, need), grown(score, need), grown(letters, need)
        prior, atom = grown(prior, need), grown(atom, need)
        for k in range(len(found)):
            surface[units], score[units] = found_surface[k], found_score[k]
            start[units], end[units] = j, whole[found[k], PLACE]
            count, h = 0, found[k]
            while whole[h, PARENT] >= 0:
                count += whole[h, LETTER] > 0
                h = whole[h, PARENT]
            printed = grown(printed, spelled + count)
            spelled += count
            at, h = spelled, found[k]
            while whole[h, PARENT] >= 0:
                if whole[h, LETTER] > 0:
                    at -= 1
                    printed[at] = whole[h, LETTER]
                h = whole[h, PARENT]
            if surface[units] >= 0:
                kind[units], prior[units] = surface_kind[surface[units]], surfaces.prior[surface[units]]
                atom[units] = surfaces.atom[surface[units]]
            else:
                kind[units], prior[units] = FIGURE, NUMBER_COST
                atom[units] = alphabet.numbers[figure_class(alphabet, printed[letters[units] : spelled])]
            units += 1
            letters[units] = spelled
        stop = foreign_end(alphabet, token, j)
        if stop > j + 1:
            surface[units], start[units], end[units], kind[units] = FOREIGN, j, stop, WORD
            score[units] = FOREIGN_COST + FOREIGN_LETTER_COST * (stop - j)
            prior[units], atom[units] = FOREIGN_COST, alphabet.unknown
            units += 1
            letters[units] = spelled
    return Units(
        surface[:units],
        start[:units],
        end[:units],
        kind[:units],
        score[:units],
        prior[:units],
        atom[:units],
        letters[: units + 1],
        printed[:spelled],
    )


@njit(cache=True)
def foreign_end(alphabet: Alphabet, token: NDArray[np.int64], start: int) -> int:
    """Where a foreign string from `start` ends: with the letters and digits, of which one is a letter; else `start`."""
    if start > 0 and alphabet.wordlike[token[start - 1]]:
        return start
    stop, letter = start, False
    while stop < len(token) and alphabet.wordlike[token[stop]]:
        letter |= alphabet.letter[token[stop]]
        stop += 1
    return stop if letter else start


@njit(cache=True)
def find_rows(
    effort: Effort,
    tables: Tables,
    alphabet: Alphabet,
    lm: Automaton,
    spelling: NDArray[np.float32],
    units: Units,
    token: NDArray[np.int64],
    missing_space: float,
    scratch: Scratch,
) -> Rows:
    """The best rows of units over a whole token, scored anew by the whole channel."""
    surface, start, end, kind, letters = units.surface, units.start, units.end, units.kind, units.letters
    parent, unit, finals = tile(
        effort, lm, start, end, units.score, units.prior, kind, units.atom, len(token), missing_space
    )
    score, rank, heard = np.zeros(len(finals)), np.zeros(len(finals)), np.full(len(surface), np.nan)
    parts, part = np.zeros(len(finals) + 1, np.int64), np.zeros(64, np.int64)
    for row in range(len(finals)):
        count, k = 0, finals[row]
        while k > 0:
            count += 1
            k = parent[k]
        part = grown(part, parts[row] + count)
        at = parts[row + 1] = parts[row] + count
        right, k = -1, finals[row]
        while k > 0:
            u = unit[k]
            at -= 1
            part[at] = u
            if np.isnan(heard[u]):
                printed = units.printed[letters[u] : letters[u + 1]]
                heard[u] = score_unit(
                    tables, surface[u], printed, token[start[u] : end[u]], alphabet, spelling, scratch
                )
            gain = heard[u]
            if right >= 0:
                gain += glue_cost(kind[u], kind[right], missing_space)
            score[row] += gain
            right, k = u, parent[k]
        state = 0
        for p in range(parts[row], parts[row + 1]):
            chance, state = advance(lm, state, units.atom[part[p]])
            rank[row] += units.prior[part[p]] if p == parts[row] else chance
        rank[row] += CHANNEL_WEIGHT * score[row]
    return Rows(parts, part[: parts[-1]], score, rank)


@njit(cache=True)
def as_foreign(alphabet: Alphabet, token: NDArray[np.int64]) -> tuple[Units, Rows]:
    """One row of one unit: the whole token as a foreign string."""
    zero, one = np.zeros(1, np.int64), np.ones(1, np.int64)
    score = np.full(1, foreign_score(alphabet, token))
    prior = np.full(1, FOREIGN_COST)
    units = Units(
        FOREIGN * one, zero, len(token) * one, WORD * one, score, prior, alphabet.unknown * one, np.zeros(2, np.int64),
        one[:0],
    )  # fmt: skip
    return units, Rows(np.array([0, 1]), zero, score, CHANNEL_WEIGHT * score + FOREIGN_COST)


@njit(cache=True)
def candidates_of(
    w: Workspace,
    effort: Effort,
    tables: Tables,
    alphabet: Alphabet,
    lm: Automaton,
    trie: Trie,
    surfaces: Surfaces,
    token: NDArray[np.int64],
    missing_space: float,
) -> tuple[Units, Rows]:
    """Units and rows of one token. It is taken to hide spaces where it reads poorly without."""
    token = token[: len(token) if len(token) <= LONGEST_TOKEN else 0]
    emissions = spread(tables, token)
    units = find_units(w, effort, emissions, alphabet, trie, surfaces, token, False)
    rows = find_rows(effort, tables, alphabet, lm, surfaces.spelling, units, token, missing_space, w.scratch)
    if len(rows.score) == 0:
        units, rows = as_foreign(alphabet, token)
    if rows.score.max() < POOR and not np.any(token == alphabet.space):
        units = find_units(w, effort, emissions, alphabet, trie, surfaces, token, True)
        rows = find_rows(effort, tables, alphabet, lm, surfaces.spelling, units, token, missing_space, w.scratch)
        if len(rows.score) == 0:
            units, rows = as_foreign(alphabet, token)
    return units, rows


@njit(cache=True)
def generate(
    w: Workspace,
    effort: Effort,
    tables: Tables,
    alphabet: Alphabet,
    lm: Automaton,
    trie: Trie,
    surfaces: Surfaces,
    read: NDArray[np.int64],
    first: NDArray[np.int64],
    missing_space: float,
) -> tuple[Candidates, NDArray[np.float64]]:
    """Candidates of all tokens, units that no row needs left out, and log P(token | row) of each row; token t is
    read[first[t]:first[t + 1]]."""
    tokens = len(first) - 1
    t_units, t_rows, best = np.zeros(tokens + 1, np.int64), np.zeros(tokens + 1, np.int64), np.zeros(tokens)
    surface, start, end = np.zeros(64, np.int32), np.zeros(64, np.int32), np.zeros(64, np.int32)
    letters, printed = np.zeros(65, np.int64), np.zeros(256, np.int64)
    parts, part, score = np.zeros(64, np.int64), np.zeros(64, np.int64), np.zeros(64)
    count = rows = placed = spelled = 0
    for t in range(tokens):
        token = read[first[t] : first[t + 1]]
        units, own = candidates_of(w, effort, tables, alphabet, lm, trie, surfaces, token, missing_space)
        best[t] = own.score.max()
        least = own.rank.max() - effort.rank_window
        need = count + len(units.surface) + 2
        surface, start, end = grown(surface, need), grown(start, need), grown(end, need)
        letters, printed = grown(letters, need), grown(printed, spelled + len(units.printed))
        part, parts = grown(part, placed + len(own.part)), grown(parts, rows + len(own.score) + 1)
        score = grown(score, rows + len(own.score))
        needed = np.zeros(len(units.surface), np.bool_)
        for row in range(len(own.score)):
            if own.rank[row] >= least:
                needed[own.part[own.parts[row] : own.parts[row + 1]]] = True
        moved = np.zeros(len(units.surface), np.int64)
        for u in range(len(units.surface)):
            if needed[u]:
                moved[u] = count
                surface[count], start[count], end[count] = units.surface[u], units.start[u], units.end[u]
                for letter in units.printed[units.letters[u] : units.letters[u + 1]]:
                    printed[spelled] = letter
                    spelled += 1
                count += 1
                letters[count] = spelled
        for row in range(len(own.score)):
            if own.rank[row] >= least:
                for u in own.part[own.parts[row] : own.parts[row + 1]]:
                    part[placed] = moved[u]
                    placed += 1
                score[rows] = own.score[row]
                rows += 1
                parts[rows] = placed
        t_units[t + 1], t_rows[t + 1] = count, rows
    candidates = Candidates(
        t_units, t_rows, parts[: rows + 1], part[:placed], surface[:count], start[:count], end[:count],
        letters[: count + 1], printed[:spelled], best,
    )  # fmt: skip
    return candidates, score[:rows]


@njit(cache=True)
def score_rows(
    tables: Tables,
    c: Candidates,
    surface_kind: NDArray[np.int8],
    spelling: NDArray[np.float32],
    alphabet: Alphabet,
    read: NDArray[np.int64],
    first: NDArray[np.int64],
    missing_space: float,
) -> NDArray[np.float64]:
    """log P(token | row) of every row: (rows)."""
    scores = np.zeros(len(c.parts) - 1)
    unit_scores, scratch = np.zeros(len(c.surface)), new_scratch()
    for t in range(len(first) - 1):
        token = read[first[t] : first[t + 1]]
        for u in range(c.units[t], c.units[t + 1]):
            printed = c.printed[c.letters[u] : c.letters[u + 1]]
            heard = token[c.start[u] : c.end[u]]
            unit_scores[u] = score_unit(tables, c.surface[u], printed, heard, alphabet, spelling, scratch)
        for row in range(c.rows[t], c.rows[t + 1]):
            left: Int = OPEN
            for p in range(c.parts[row], c.parts[row + 1]):
                u = c.part[p]
                scores[row] += unit_scores[u]
                surface = c.surface[u]
                kind = np.int64(surface_kind[surface]) if surface >= 0 else FIGURE if surface == NUMBER else WORD
                scores[row] += glue_cost(left, kind, missing_space)
                left = kind
    return scores
