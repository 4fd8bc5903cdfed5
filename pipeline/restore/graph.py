"""The graph of a finished search in: its best path, and the posteriors of what stands beside it, out."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .arrays import kernel

SPECK = -1
"""A step's row where its token is taken for dirt."""
RIVALS = 4


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


class Graph(NamedTuple):
    """All hypotheses and the steps between them. Of hypotheses: state, run, score: language model state, last form and
    what stands before, log-score; back: best step to it, chain: another one at the same place, -1 where none. Of steps:
    source, target: hypotheses; row, gain, token, width. By place: best: highest score, last: start of the chain.
    table: see search; size: (2) hypotheses and steps so far."""

    state: NDArray[np.int64]
    run: NDArray[np.int64]
    score: NDArray[np.float64]
    back: NDArray[np.int64]
    chain: NDArray[np.int64]
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    row: NDArray[np.int64]
    gain: NDArray[np.float64]
    token: NDArray[np.int64]
    width: NDArray[np.int64]
    best: NDArray[np.float64]
    last: NDArray[np.int64]
    table: NDArray[np.int64]
    size: NDArray[np.int64]


@njit(cache=True)
def trace(n: int, g: Graph, ends: NDArray[np.int64], rows: int, temperature: float) -> Path:
    """The best path over n tokens to one of the hypotheses `ends`, best first, and posteriors by a forward-backward
    pass, all paths taken relative to the best one to each place. rows: how many the lattice has; temperature: see
    search."""
    hyps, steps, final = g.size[0], g.size[1], ends[0]
    chance = np.zeros(steps)
    _posteriors(g, ends, temperature, np.zeros(hyps), np.zeros(hyps), chance)
    length, h = 0, final
    while g.back[h] >= 0:
        length += 1
        h = g.source[g.back[h]]
    path = Path(
        np.zeros(length, np.int64), np.zeros(length, np.int64), np.zeros(length, np.int64),
        np.full((length, RIVALS), -2), np.zeros((length, RIVALS)), np.zeros(length, np.int64),
        g.state[final], g.run[final], g.score[final],
    )  # fmt: skip
    step_at = np.full(n, -1)
    k, h = length, final
    while g.back[h] >= 0:
        k -= 1
        e = g.back[h]
        path.token[k], path.width[k], path.row[k] = g.token[e], g.width[e], g.row[e]
        path.before[k] = g.state[g.source[e]]
        step_at[g.token[e]] = k
        h = g.source[e]
    _rivals(g, path, step_at, chance, np.zeros(rows + 1), np.zeros(steps, np.int64))
    return path


@kernel
def _posteriors(
    g: Graph,
    ends: NDArray[np.int64],
    temperature: float,
    forward: NDArray[np.float64],
    backward: NDArray[np.float64],
    chance: NDArray[np.float64],
) -> None:
    """Fill in `chance`, the posterior of each step; all else is 0 before."""
    for h in ends:
        backward[h] = np.exp((g.score[h] - g.score[ends[0]]) / temperature)
    for e in range(len(chance) - 1, -1, -1):
        if backward[g.target[e]] > 0:
            chance[e] = np.exp((g.score[g.source[e]] + g.gain[e] - g.score[g.target[e]]) / temperature)
            backward[g.source[e]] += chance[e] * backward[g.target[e]]
    forward[0] = 1.0
    total = backward[0]
    for e in range(len(chance)):
        if chance[e] > 0:
            flow = forward[g.source[e]] * chance[e]
            forward[g.target[e]] += flow
            chance[e] = flow * backward[g.target[e]] / total


@kernel
def _rivals(
    g: Graph,
    path: Path,
    step_at: NDArray[np.int64],
    chance: NDArray[np.float64],
    mass: NDArray[np.float64],
    seen: NDArray[np.int64],
) -> None:
    """Fill in rows and masses of a path. step_at: (tokens) step of the path that starts there, -1 where none;
    mass: (rows + 1), seen: (steps) to work in, mass all 0."""
    e = 0
    while e < len(chance):
        t, count = g.token[e], 0
        while e < len(chance) and g.token[e] == t:
            if chance[e] > 0:
                if mass[g.row[e] + 1] == 0:
                    seen[count] = e
                    count += 1
                mass[g.row[e] + 1] += chance[e]
            e += 1
        k = step_at[t]
        for rival in range(RIVALS if k >= 0 else 0):
            most = -1
            for i in range(count):
                if g.width[seen[i]] == path.width[k] and mass[g.row[seen[i]] + 1] > (
                    mass[g.row[seen[most]] + 1] if most >= 0 else 0.0
                ):
                    most = i
            if most < 0:
                break
            path.rows[k, rival] = g.row[seen[most]]
            path.masses[k, rival] = mass[path.rows[k, rival] + 1]
            mass[path.rows[k, rival] + 1] = 0.0
        for i in range(count):
            mass[g.row[seen[i]] + 1] = 0.0
