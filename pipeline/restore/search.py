"""The search: a lattice of candidates in, the likeliest reading of a stretch of tokens and its posteriors out.

A hypothesis is a language model state and whether capitals run; a beam of them moves from token to token and over line
ends. Every step it takes is kept, so that a forward-backward pass over the same graph gives each row's posterior.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .arrays import Int, grown, kernel
from .graph import SPECK, Graph, Path, trace
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
ALONE, PROPOSED, JOINED = range(3)
"""Ways to take a token, see Lattice."""


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
) -> Path:
    """`weight`: of the channel against the language model; `temperature`: flattens posteriors (above 1)."""
    n = len(lattice.single)
    graph = _new_graph(n, _new_table(lattice.rows, effort.beam), state, run)
    least_rank = np.zeros(3)
    for t in range(n):
        here = _alive(graph, graph.last[t], graph.best[t] - effort.window, effort.beam)
        if len(here):
            rows = 0
            for way in range(3):
                entry = entry_at(lattice, t, way)
                if entry >= 0:
                    ranks = lattice.rank[lattice.rows[entry] : lattice.rows[entry + 1]]
                    least_rank[way] = ranks.max() - effort.rank_window if way != PROPOSED else -np.inf
                    rows += len(ranks) + 1
            graph = _with_room(graph, 2 * rows * len(here))
            _go_on(graph, lattice, lm, memo, effort, weight, t, here, least_rank)
    return trace(n, graph, _alive(graph, graph.last[n], -np.inf, graph.size[0]), len(lattice.score), temperature)


@njit(cache=True)
def _new_graph(n: int, table: NDArray[np.int64], state: int, run: int) -> Graph:
    """One hypothesis, at place 0 of n."""
    room = 64 * (n + 2)
    graph = Graph(
        np.zeros(room, np.int64), np.zeros(room, np.int64), np.zeros(room), np.full(room, -1), np.full(room, -1),
        np.zeros(room, np.int64), np.zeros(room, np.int64), np.zeros(room, np.int64), np.zeros(room),
        np.zeros(room, np.int64), np.zeros(room, np.int64),
        np.full(n + 3, -np.inf), np.full(n + 3, -1), table, np.array([1, 0]),
    )  # fmt: skip
    graph.state[0], graph.run[0] = state, run
    graph.best[0], graph.last[0] = 0.0, 0
    return graph


@njit(cache=True)
def _with_room(g: Graph, more: int) -> Graph:
    """The same graph, with room for so many more hypotheses and steps."""
    hyps, steps = g.size[0] + more, g.size[1] + more
    if hyps < len(g.state) and steps < len(g.source):
        return g
    return Graph(
        grown(g.state, hyps), grown(g.run, hyps), grown(g.score, hyps), grown(g.back, hyps), grown(g.chain, hyps),
        grown(g.source, steps), grown(g.target, steps), grown(g.row, steps), grown(g.gain, steps),
        grown(g.token, steps), grown(g.width, steps),
        g.best, g.last, g.table, g.size,
    )  # fmt: skip


@kernel
def entry_at(lattice: Lattice, t: int, way: int) -> Int:
    """The entry for a token: ALONE, PROPOSED or JOINED with the next, -1 where none."""
    if way == ALONE:
        return np.int64(lattice.single[t])
    return np.int64(lattice.proposed[t] if way == PROPOSED else lattice.joined[t])


@kernel
def _go_on(
    g: Graph,
    lattice: Lattice,
    lm: Automaton,
    memo: Memo,
    effort: Effort,
    weight: float,
    t: int,
    here: NDArray[np.int64],
    least_rank: NDArray[np.float64],
) -> None:
    """Take all steps worth taking from the hypotheses `here` at token t. least_rank: (ways) of rows, from the best
    hypothesis on."""
    window = effort.window
    hyps, steps = g.size[0], g.size[1]
    for h in here:
        behind = g.best[t] - g.score[h]
        for way in range(3):
            entry = entry_at(lattice, t, way)
            if entry < 0:
                continue
            width = 2 if way == JOINED else 1
            to = t + width
            following = lattice.breaks[to - 1]
            for row in range(lattice.rows[entry] - (way == ALONE), lattice.rows[entry + 1]):
                is_speck = row < lattice.rows[entry]
                if not is_speck and lattice.rank[row] < least_rank[way] + behind:
                    continue
                gain = lattice.speck[entry] if is_speck else weight * lattice.score[row]
                if g.score[h] + gain < g.best[to] - FAINT or gain == -np.inf:
                    continue
                s, r, before = g.state[h], g.run[h] & 3, g.run[h] >> 2
                if not is_speck:
                    for p in range(lattice.parts[row], lattice.parts[row + 1]):
                        u = lattice.part[p]
                        chance, s = recall(lm, memo, s, lattice.at_start[u] if before else lattice.atom[u])
                        form = lattice.form[u]
                        gain += chance
                        if form != NEUTRAL:
                            gain += RUNS[r, form] + START_FORMS[before, form]
                            r = np.int64(min(form, SMALL))
                        before = np.int64(lattice.opens[u])
                for new in range(2 if following else 1):
                    total, s2, r2 = gain + BREAKS[following, new], s, r + 4 * before
                    if new:
                        chance, s2 = recall(lm, memo, s, 0)
                        total += chance
                        r2 = np.int64(BEGIN)
                    score = g.score[h] + total
                    if score < g.best[to] - FAINT:
                        continue
                    place, target = _find(g.table, to, s2, r2)
                    if target < 0:
                        if score < g.best[to] - window:
                            continue
                        target = hyps
                        hyps += 1
                        g.table[to % 3, place, 0], g.table[to % 3, place, 1] = _mark(to, s2, r2), target
                        g.state[target], g.run[target], g.score[target] = s2, r2, -np.inf
                        g.back[target], g.chain[target] = -1, g.last[to]
                        g.last[to] = target
                    g.source[steps], g.target[steps], g.row[steps] = h, target, SPECK if is_speck else row
                    g.gain[steps], g.token[steps], g.width[steps] = total, t, width
                    if score > g.score[target]:
                        g.score[target], g.back[target] = score, steps
                        g.best[to] = max(g.best[to], score)
                    steps += 1
    g.size[0], g.size[1] = hyps, steps


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
def _alive(g: Graph, last: int, least: float, beam: int) -> NDArray[np.int64]:
    """The best hypotheses of a chain, best first."""
    count = _chained(g, last, least, np.zeros(0, np.int64))
    here = np.zeros(count, np.int64)
    _chained(g, last, least, here)
    return here[np.argsort(-g.score[here])[:beam]]


@kernel
def _chained(g: Graph, last: int, least: float, here: NDArray[np.int64]) -> int:
    """How many hypotheses of a chain have a score of `least` or more; they are put into `here`, from the last on, as
    far as there is room."""
    count, h = 0, last
    while h >= 0:
        if g.score[h] >= least:
            count += 1
            if count <= len(here):
                here[len(here) - count] = h
        h = g.chain[h]
    return count
