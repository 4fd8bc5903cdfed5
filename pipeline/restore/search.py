"""The search: a lattice of candidates in, the likeliest reading of a stretch of tokens and its posteriors out.

A hypothesis is a language model state and whether capitals run; a beam of them moves from token to token and over line
ends. Every step it takes is kept, so that a forward-backward pass over the same graph gives each row's posterior.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .arrays import grown
from .language import Automaton, advance

NEUTRAL, CAPITALS, SMALL, TITLE = range(4)
"""Forms of a unit: mark or number or abbreviation, word in capitals, in small letters, with a capital first letter."""
INSIDE, MAY_START, STARTS = range(3)
"""What stands before a unit: anything, a mark after which a sentence may start, or does."""

RUNS = np.log(
    np.array(
        [
            [1.0, 0.12, 0.88, 0.88],
            [1.0, 0.92, 0.08, 0.08],
            [1.0, 0.004, 0.996, 0.996],
        ]
    )
)
"""(last form, form): chance of a word in capitals at a paragraph's start, in a run of capitals, in ordinary text; a run
goes on over marks and numbers."""
START_FORMS = np.log(np.array([[1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 0.5, 0.5], [1.0, 1.0, 0.05, 0.95]]))
"""(what stands before, form): chance of a small or capital first letter."""
BEGIN = NEUTRAL + 4 * STARTS
"""Run and start in one number, as a text begins."""

BREAKS = np.array([[0.0, -np.inf], [-2.5, 0.0], [-4.0, 0.0]])
"""(none, line end, blank line): cost of going on in the same paragraph, and of starting a new one."""


class Effort(NamedTuple):
    """beam: hypotheses that go on from a token; window: how far (log) behind the best; rank_window: how far behind the
    token's best row by rank another may be, less what the hypothesis is behind."""

    beam: int
    window: float
    rank_window: float


EFFORT = Effort(24, 12.0, 18.0)
SPECK = -1
RIVALS = 4


class Lattice(NamedTuple):
    """Tokens of a stretch. single, joined: (tokens) entry of the token alone and with the next one, proposed: entry of
    what its context alone proposes; -1 where none;
    breaks: (tokens) what follows, see BREAKS. Of entries: rows: (entries + 1), speck: log-chance that it is dirt; of
    rows: parts: (rows + 1) into part, the units of rows; score: log P(token | row), rank: the same weighed with
    unigrams; of units: atom, at_start: vocabulary id, the same where a sentence may start, form, opens: what it is
    before the next."""

    single: NDArray[np.int64]
    joined: NDArray[np.int64]
    proposed: NDArray[np.int64]
    breaks: NDArray[np.int64]
    rows: NDArray[np.int64]
    parts: NDArray[np.int64]
    part: NDArray[np.int64]
    score: NDArray[np.float64]
    rank: NDArray[np.float64]
    atom: NDArray[np.int32]
    at_start: NDArray[np.int32]
    form: NDArray[np.int8]
    opens: NDArray[np.int8]
    speck: NDArray[np.float64]


class Path(NamedTuple):
    """By step of the best path: token where it starts, tokens it covers, row (SPECK for dirt); rows, masses: (steps,
    RIVALS) the likeliest rows for the same tokens and their posteriors; before: language model state before the step;
    state, run: where the search stands at the end."""

    token: NDArray[np.int64]
    width: NDArray[np.int64]
    row: NDArray[np.int64]
    rows: NDArray[np.int64]
    masses: NDArray[np.float64]
    before: NDArray[np.int64]
    state: int
    run: int


@njit(cache=True)
def search(
    lattice: Lattice, lm: Automaton, effort: Effort, weight: float, state: int, run: int, temperature: float
) -> Path:
    """`weight`: of the channel against the language model; `temperature`: flattens posteriors (above 1)."""
    l_single, l_proposed, l_joined, l_breaks = lattice.single, lattice.proposed, lattice.joined, lattice.breaks
    l_rows, l_parts, l_part, l_score = lattice.rows, lattice.parts, lattice.part, lattice.score
    l_rank, l_atom, l_form, l_speck = lattice.rank, lattice.atom, lattice.form, lattice.speck
    l_at_start, l_opens = lattice.at_start, lattice.opens
    n = len(l_single)
    beam, window, rank_window = effort.beam, effort.window, effort.rank_window
    room = 4 * beam * (n + 2)
    h_state, h_run = np.zeros(room, np.int64), np.zeros(room, np.int8)
    h_score, h_back = np.full(room, -np.inf), np.full(room, -1, np.int64)
    slots = np.full((n + 3, 4 * beam), -1, np.int64)
    filled = np.zeros(n + 3, np.int64)
    e_room = 64 * (n + 2)
    e_from, e_to = np.zeros(e_room, np.int64), np.zeros(e_room, np.int64)
    e_row, e_gain = np.zeros(e_room, np.int64), np.zeros(e_room, np.float64)
    e_token, e_width = np.zeros(e_room, np.int64), np.zeros(e_room, np.int8)
    edges = 0
    h_state[0], h_run[0], h_score[0] = state, run, 0.0
    slots[0, 0], filled[0] = 0, 1
    hyps = 1
    least_rank = np.zeros(3)
    for t in range(n):
        count = filled[t]
        if count == 0:
            continue
        here = slots[t, :count].copy()
        order = np.argsort(-h_score[here])
        top = h_score[here[order[0]]]
        for way in (0, 2):
            entry = l_single[t] if way == 0 else l_joined[t]
            if entry >= 0:
                least_rank[way] = l_rank[l_rows[entry] : l_rows[entry + 1]].max() - rank_window
        for o in range(min(beam, count)):
            h = here[order[o]]
            if h_score[h] < top - window:
                break
            for way in range(3):
                entry = l_single[t] if way == 0 else l_proposed[t] if way == 1 else l_joined[t]
                if entry < 0:
                    continue
                width = 2 if way == 2 else 1
                for row in range(l_rows[entry] - (way == 0), l_rows[entry + 1]):
                    if row < l_rows[entry]:
                        gain = l_speck[entry]
                        if gain == -np.inf:
                            continue
                        s, r, before = h_state[h], np.int64(h_run[h]) & 3, np.int64(h_run[h]) >> 2
                        which = SPECK
                    else:
                        gain = weight * l_score[row]
                        if way != 1 and l_rank[row] < least_rank[way] + top - h_score[h]:
                            continue
                        s, r, before = h_state[h], np.int64(h_run[h]) & 3, np.int64(h_run[h]) >> 2
                        which = row
                        for p in range(l_parts[row], l_parts[row + 1]):
                            u = l_part[p]
                            chance, s = advance(lm, s, l_at_start[u] if before else l_atom[u])
                            form = l_form[u]
                            gain += chance
                            if form != NEUTRAL:
                                gain += RUNS[r, form] + START_FORMS[before, form]
                                r = np.int64(min(form, SMALL))
                            before = np.int64(l_opens[u])
                    to = t + width
                    following = l_breaks[to - 1]
                    for new in range(2 if following else 1):
                        total, s2, r2 = gain + BREAKS[following, new], s, r + 4 * before
                        if new:
                            chance, s2 = advance(lm, s, 0)
                            total += chance
                            r2 = np.int64(BEGIN)
                        score = h_score[h] + total
                        target = -1
                        worst, worst_at = np.inf, -1
                        for k in range(filled[to]):
                            g = slots[to, k]
                            if h_state[g] == s2 and h_run[g] == r2:
                                target = g
                                break
                            if h_score[g] < worst:
                                worst, worst_at = h_score[g], g
                        if target < 0:
                            if filled[to] < slots.shape[1]:
                                target = hyps
                                hyps += 1
                                slots[to, filled[to]] = target
                                filled[to] += 1
                            elif score > worst:
                                target = worst_at
                                for e in range(edges - 1, -1, -1):
                                    if e_token[e] < t - 1:
                                        break
                                    if e_to[e] == target:
                                        e_gain[e] = -np.inf
                            else:
                                continue
                            h_state[target], h_run[target] = s2, r2
                            h_score[target] = -np.inf
                        if edges == len(e_from):
                            e_from, e_to, e_row = grown(e_from, edges), grown(e_to, edges), grown(e_row, edges)
                            e_gain, e_token, e_width = (
                                grown(e_gain, edges),
                                grown(e_token, edges),
                                grown(e_width, edges),
                            )
                        e_from[edges], e_to[edges], e_row[edges] = h, target, which
                        e_gain[edges], e_token[edges], e_width[edges] = total, t, width
                        if score > h_score[target]:
                            h_score[target] = score
                            h_back[target] = edges
                        edges += 1
    return _trace(
        lattice, n, slots[n, : filled[n]], hyps, h_state, h_run, h_score, h_back,
        e_from[:edges], e_to[:edges], e_row[:edges], e_gain[:edges], e_token[:edges], e_width[:edges], temperature,
    )  # fmt: skip


@njit(cache=True, inline="always")
def _log_add(a: float, b: float) -> float:
    if a == -np.inf:
        return b
    if b == -np.inf:
        return a
    return float(max(a, b) + np.log1p(np.exp(-abs(a - b))))


@njit(cache=True)
def _trace(
    lattice: Lattice,
    n: int,
    ends: NDArray[np.int64],
    hyps: int,
    h_state: NDArray[np.int64],
    h_run: NDArray[np.int8],
    h_score: NDArray[np.float64],
    h_back: NDArray[np.int64],
    e_from: NDArray[np.int64],
    e_to: NDArray[np.int64],
    e_row: NDArray[np.int64],
    e_gain: NDArray[np.float64],
    e_token: NDArray[np.int64],
    e_width: NDArray[np.int8],
    temperature: float,
) -> Path:
    edges = len(e_from)
    forward, backward = np.full(hyps, -np.inf), np.full(hyps, -np.inf)
    forward[0] = 0.0
    for e in range(edges):
        forward[e_to[e]] = _log_add(forward[e_to[e]], forward[e_from[e]] + e_gain[e] / temperature)
    total = -np.inf
    final = ends[0]
    for h in ends:
        backward[h] = 0.0
        total = _log_add(total, forward[h])
        if h_score[h] > h_score[final]:
            final = h
    for e in range(edges - 1, -1, -1):
        backward[e_from[e]] = _log_add(backward[e_from[e]], backward[e_to[e]] + e_gain[e] / temperature)
    length, h = 0, final
    while h_back[h] >= 0:
        length += 1
        h = e_from[h_back[h]]
    token, width, row = np.zeros(length, np.int64), np.zeros(length, np.int64), np.zeros(length, np.int64)
    before = np.zeros(length, np.int64)
    step_at = np.full(n, -1, np.int64)
    k, h = length, final
    while h_back[h] >= 0:
        k -= 1
        e = h_back[h]
        token[k], width[k], row[k] = e_token[e], e_width[e], e_row[e]
        before[k] = h_state[e_from[e]]
        step_at[e_token[e]] = k
        h = e_from[e]
    rows, masses = np.full((length, RIVALS), -2, np.int64), np.zeros((length, RIVALS))
    mass = np.zeros(len(lattice.parts))
    touched = np.zeros(edges + 1, np.int64)
    e = 0
    while e < edges:
        last = e
        while last < edges and e_token[last] == e_token[e]:
            last += 1
        k = step_at[e_token[e]]
        if k >= 0:
            count = 0
            for i in range(e, last):
                if e_width[i] == width[k] and e_gain[i] > -np.inf:
                    chance = np.exp(forward[e_from[i]] + e_gain[i] / temperature + backward[e_to[i]] - total)
                    if mass[e_row[i] + 1] == 0 and chance > 0:
                        touched[count] = e_row[i]
                        count += 1
                    mass[e_row[i] + 1] += chance
            for rival in range(min(RIVALS, count)):
                best = 0
                for i in range(1, count):
                    if mass[touched[i] + 1] > mass[touched[best] + 1]:
                        best = i
                rows[k, rival], masses[k, rival] = touched[best], mass[touched[best] + 1]
                mass[touched[best] + 1] = 0.0
            for i in range(count):
                mass[touched[i] + 1] = 0.0
        e = last
    return Path(token, width, row, rows, masses, before, int(h_state[final]), int(h_run[final]))
