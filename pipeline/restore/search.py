"""The search: a lattice of candidates in, the likeliest reading of a stretch of tokens and its posteriors out.

A hypothesis is a language model state and whether capitals run; a beam of them moves from token to token and over line
ends. Every step it takes is kept, so that a forward-backward pass over the same graph gives each row's posterior.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .arrays import Int, grown
from .language import Automaton, Memo, recall

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
FAINT = 24.0
"""A step that ends that far (log) behind the best is left out."""
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
    state, run: where the search stands at the end; score: log-chance of the path."""

    token: NDArray[np.int64]
    width: NDArray[np.int64]
    row: NDArray[np.int64]
    rows: NDArray[np.int64]
    masses: NDArray[np.float64]
    before: NDArray[np.int64]
    state: int
    run: int
    score: float


@njit(cache=True)
def search(
    lattice: Lattice,
    lm: Automaton,
    memo: Memo,
    effort: Effort,
    weight: float,
    state: int,
    run: int,
    temperature: float,
    peaks: NDArray[np.float64],
) -> Path:
    """`weight`: of the channel against the language model; `temperature`: flattens posteriors (above 1); `peaks`:
    (rows) raised to the highest posterior that a row has here."""
    l_single, l_proposed, l_joined, l_breaks = lattice.single, lattice.proposed, lattice.joined, lattice.breaks
    l_rows, l_parts, l_part, l_score = lattice.rows, lattice.parts, lattice.part, lattice.score
    l_rank, l_atom, l_form, l_speck = lattice.rank, lattice.atom, lattice.form, lattice.speck
    l_at_start, l_opens = lattice.at_start, lattice.opens
    n = len(l_single)
    beam, window, rank_window = effort.beam, effort.window, effort.rank_window
    room = 64 * (n + 2)
    h_state, h_run, h_score = np.zeros(room, np.int64), np.zeros(room, np.int64), np.zeros(room)
    h_back, h_chain = np.full(room, -1, np.int64), np.full(room, -1, np.int64)
    e_from, e_to = np.zeros(room, np.int64), np.zeros(room, np.int64)
    e_row, e_gain = np.zeros(room, np.int64), np.zeros(room)
    e_token, e_width = np.zeros(room, np.int64), np.zeros(room, np.int64)
    best, last = np.full(n + 3, -np.inf), np.full(n + 3, -1, np.int64)
    table = _new_table(l_rows, beam)
    h_state[0], h_run[0] = state, run
    best[0], last[0] = 0.0, 0
    hyps, edges = 1, 0
    least_rank = np.zeros(3)
    for t in range(n):
        here = _alive(last[t], best[t] - window, beam, h_score, h_chain)
        if len(here) == 0:
            continue
        for way in (0, 2):
            entry = l_single[t] if way == 0 else l_joined[t]
            if entry >= 0:
                least_rank[way] = l_rank[l_rows[entry] : l_rows[entry + 1]].max() - rank_window
        for h in here:
            behind = best[t] - h_score[h]
            for way in range(3):
                entry = l_single[t] if way == 0 else l_proposed[t] if way == 1 else l_joined[t]
                if entry < 0:
                    continue
                width = 2 if way == 2 else 1
                to = t + width
                following = l_breaks[to - 1]
                for row in range(l_rows[entry] - (way == 0), l_rows[entry + 1]):
                    is_speck = row < l_rows[entry]
                    if not is_speck and way != 1 and l_rank[row] < least_rank[way] + behind:
                        continue
                    gain = l_speck[entry] if is_speck else weight * l_score[row]
                    if h_score[h] + gain < best[to] - FAINT or gain == -np.inf:
                        continue
                    s, r, before = h_state[h], h_run[h] & 3, h_run[h] >> 2
                    if not is_speck:
                        for p in range(l_parts[row], l_parts[row + 1]):
                            u = l_part[p]
                            chance, s = recall(lm, memo, s, l_at_start[u] if before else l_atom[u])
                            form = l_form[u]
                            gain += chance
                            if form != NEUTRAL:
                                gain += RUNS[r, form] + START_FORMS[before, form]
                                r = np.int64(min(form, SMALL))
                            before = np.int64(l_opens[u])
                    for new in range(2 if following else 1):
                        total, s2, r2 = gain + BREAKS[following, new], s, r + 4 * before
                        if new:
                            chance, s2 = recall(lm, memo, s, 0)
                            total += chance
                            r2 = np.int64(BEGIN)
                        score = h_score[h] + total
                        if score < best[to] - FAINT:
                            continue
                        place, target = _find(table, to, s2, r2)
                        if target < 0:
                            if score < best[to] - window:
                                continue
                            target = hyps
                            if target == len(h_state):
                                h_state, h_run, h_score = (
                                    grown(h_state, target),
                                    grown(h_run, target),
                                    grown(h_score, target),
                                )
                                h_back, h_chain = grown(h_back, target), grown(h_chain, target)
                            hyps += 1
                            table[to % 3, place, 0], table[to % 3, place, 1] = _mark(to, s2, r2), target
                            h_state[target], h_run[target], h_score[target] = s2, r2, -np.inf
                            h_chain[target] = last[to]
                            last[to] = target
                        if edges == len(e_from):
                            e_from, e_to, e_row = grown(e_from, edges), grown(e_to, edges), grown(e_row, edges)
                            e_gain, e_token, e_width = (
                                grown(e_gain, edges),
                                grown(e_token, edges),
                                grown(e_width, edges),
                            )
                        e_from[edges], e_to[edges], e_row[edges] = h, target, SPECK if is_speck else row
                        e_gain[edges], e_token[edges], e_width[edges] = total, t, width
                        if score > h_score[target]:
                            h_score[target], h_back[target] = score, edges
                            best[to] = max(best[to], score)
                        edges += 1
    return _trace(
        n, _alive(last[n], -np.inf, hyps, h_score, h_chain), h_state[:hyps], h_run, h_score, h_back,
        e_from[:edges], e_to[:edges], e_row[:edges], e_gain[:edges], e_token[:edges], e_width[:edges],
        temperature, peaks,
    )  # fmt: skip


@njit(cache=True)
def _new_table(rows: NDArray[np.int64], beam: int) -> NDArray[np.int64]:
    """Hypotheses that end at one of three places in a row: (3, twice as many as there can be, mark and hypothesis)."""
    most = 0
    for entry in range(len(rows) - 1):
        most = max(most, rows[entry + 1] - rows[entry])
    size = 1
    while size < 4 * beam * (3 * most + 1):
        size *= 2
    return np.full((3, size, 2), -1)


@njit(cache=True, inline="always")
def _mark(place: Int, state: Int, run: Int) -> Int:
    return (np.int64(place) << 32) | (np.int64(state) << 4) | np.int64(run)


@njit(cache=True, inline="always")
def _find(table: NDArray[np.int64], to: Int, state: Int, run: Int) -> tuple[Int, Int]:
    """Where in the table a hypothesis stands or would, and which it is, -1 where none."""
    own, mark = to % 3, _mark(to, state, run)
    mask = table.shape[1] - 1
    at = ((mark * np.int64(0x1E3779B97F4A7C15)) >> 40) & mask
    while table[own, at, 0] >> 32 == to:
        if table[own, at, 0] == mark:
            return at, table[own, at, 1]
        at = (at + 1) & mask
    return at, np.int64(-1)


@njit(cache=True)
def _alive(
    last: int, least: float, beam: int, h_score: NDArray[np.float64], h_chain: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The best hypotheses of a chain, best first."""
    count, h = 0, last
    while h >= 0:
        count += h_score[h] >= least
        h = h_chain[h]
    here, h = np.zeros(count, np.int64), last
    while h >= 0:
        if h_score[h] >= least:
            count -= 1
            here[count] = h
        h = h_chain[h]
    return here[np.argsort(-h_score[here])[:beam]]


@njit(cache=True)
def _trace(
    n: int,
    ends: NDArray[np.int64],
    h_state: NDArray[np.int64],
    h_run: NDArray[np.int64],
    h_score: NDArray[np.float64],
    h_back: NDArray[np.int64],
    e_from: NDArray[np.int64],
    e_to: NDArray[np.int64],
    e_row: NDArray[np.int64],
    e_gain: NDArray[np.float64],
    e_token: NDArray[np.int64],
    e_width: NDArray[np.int64],
    temperature: float,
    peaks: NDArray[np.float64],
) -> Path:
    """The best path; posteriors by a forward-backward pass, all paths taken relative to the best one to each place."""
    hyps, edges, final = len(h_state), len(e_from), ends[0]
    forward, backward, chance = np.zeros(hyps), np.zeros(hyps), np.zeros(edges)
    for h in ends:
        backward[h] = np.exp((h_score[h] - h_score[final]) / temperature)
    for e in range(edges - 1, -1, -1):
        if backward[e_to[e]] > 0:
            chance[e] = np.exp((h_score[e_from[e]] + e_gain[e] - h_score[e_to[e]]) / temperature)
            backward[e_from[e]] += chance[e] * backward[e_to[e]]
    forward[0] = 1.0
    total = backward[0]
    for e in range(edges):
        if chance[e] > 0:
            flow = forward[e_from[e]] * chance[e]
            forward[e_to[e]] += flow
            chance[e] = flow * backward[e_to[e]] / total
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
    mass = np.zeros(len(peaks) + 1)
    seen = np.zeros(edges, np.int64)
    e = 0
    while e < edges:
        t, count = e_token[e], 0
        while e < edges and e_token[e] == t:
            if chance[e] > 0:
                if mass[e_row[e] + 1] == 0:
                    seen[count] = e
                    count += 1
                mass[e_row[e] + 1] += chance[e]
            e += 1
        for i in range(count):
            which = e_row[seen[i]]
            if which != SPECK:
                peaks[which] = max(peaks[which], mass[which + 1])
        k = step_at[t]
        for rival in range(RIVALS if k >= 0 else 0):
            most = -1
            for i in range(count):
                if e_width[seen[i]] == width[k] and mass[e_row[seen[i]] + 1] > (
                    mass[e_row[seen[most]] + 1] if most >= 0 else 0.0
                ):
                    most = i
            if most < 0:
                break
            rows[k, rival] = e_row[seen[most]]
            masses[k, rival] = mass[rows[k, rival] + 1]
            mass[rows[k, rival] + 1] = 0.0
        for i in range(count):
            mass[e_row[seen[i]] + 1] = 0.0
    return Path(token, width, row, rows, masses, before, int(h_state[final]), int(h_run[final]), float(h_score[final]))
