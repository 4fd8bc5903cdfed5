"""A token and a place in it in, the units that may start there out: lexicon entries and numbers, with their ends.

A beam walks over the read characters and down the trie together.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .arrays import Int, kernel
from .channel import DOUBLED, LONGEST_SEGMENT, Scratch, Tables, find_segments, new_scratch
from .lexicon import WORD, Surfaces, Trie
from .scoring import DIGIT_COST, DIRT_COST, NUMBER, NUMBER_COST, Alphabet

_ROOM = 20_000
_PLACES = 1 << 15
_NUMBER_NODE, _MARK_NODE = -1, -2


class Effort(NamedTuple):
    """beam, window: partial units that go on from a place, and how far (log) behind the best; kept, kept_window: units
    between the same places, and rows of a token; rank_window: rows handed to the search, by channel and unigrams."""

    beam: int
    window: float
    kept: int
    kept_window: float
    rank_window: float


class Workspace(NamedTuple):
    """Hypotheses, reused from start to start. whole: (room, fields below); score: (room, 2) so far, and ahead at
    best; table: (places, 2) hypothesis and stamp by hash, to find equal ones; the last row holds the current stamp;
    queue: those that go on from a place; scratch: to score units."""

    whole: NDArray[np.int64]
    score: NDArray[np.float64]
    table: NDArray[np.int32]
    queue: NDArray[np.int64]
    scratch: Scratch


PARENT, NODE, LETTER, PLACE, DROPS, KEY, DONE, CHAIN = range(8)


def new_workspace() -> Workspace:
    return Workspace(
        np.zeros((_ROOM, 8), np.int64), np.zeros((_ROOM, 2)), np.zeros((_PLACES + 1, 2), np.int32),
        np.zeros(_ROOM, np.int64), new_scratch(),
    )  # fmt: skip


@njit(cache=True, inline="always")
def _mix(key: Int, value: Int) -> Int:
    return (key ^ value) * np.int64(0x1E3779B97F4A7C15) + np.int64(0x7F4A7C15)


@kernel
def _push(
    w: Workspace,
    window: float,
    size: int,
    best: NDArray[np.float64],
    last: NDArray[np.int64],
    parent: int,
    node: int,
    letter: int,
    place: int,
    drops: int,
    score: float,
    ahead: float,
    key: Int,
) -> int:
    """Add a hypothesis unless an equal one is better or it is hopeless; the new number of hypotheses."""
    if score + ahead < best[place] - window or size >= _ROOM:
        return size
    whole, scores, table = w.whole, w.score, w.table
    mixed = _mix(_mix(key, node + 8), place)
    at = (mixed ^ (mixed >> 31)) & (_PLACES - 1)
    index: Int = size
    while table[at, 1] == table[_PLACES, 1]:
        other = np.int64(table[at, 0])
        if whole[other, KEY] == key and whole[other, NODE] == node and whole[other, PLACE] == place:
            if scores[other, 0] >= score or whole[other, DONE]:
                return size
            index = other
            break
        at = (at + 1) & (_PLACES - 1)
    if index == size:
        table[at, 0], table[at, 1] = size, table[_PLACES, 1]
        whole[size, CHAIN] = last[place]
        last[place] = size
        size += 1
    whole[index, PARENT], whole[index, NODE], whole[index, LETTER] = parent, node, letter
    whole[index, PLACE], whole[index, DROPS], whole[index, KEY], whole[index, DONE] = place, drops, key, 0
    scores[index, 0], scores[index, 1] = score, ahead
    best[place] = max(best[place], score + ahead)
    return size


@njit(cache=True)
def spread(tables: Tables, read: NDArray[np.int64]) -> NDArray[np.float32]:
    """log P(segment | character) of the segments of a token: (start, length, printed character)."""
    m = len(read)
    ids = np.zeros((m + 1, LONGEST_SEGMENT + 1), np.int64)
    find_segments(tables, read, ids)
    table = np.full((m + 1, LONGEST_SEGMENT + 1, tables.log_base.shape[1]), -60.0, dtype=np.float32)
    for length in range(LONGEST_SEGMENT + 1):
        for j in range(m - length + 1):
            if ids[j, length] >= 0:
                table[j, length] = tables.log_base[ids[j, length]]
            elif length == 1:
                table[j, 1] = tables.log_strange
            else:
                table[j, length] = table[j, length - 1] + table[j + length - 1, 1] + np.float32(np.log(DOUBLED))
    return table


@njit(cache=True)
def walk(
    w: Workspace,
    effort: Effort,
    emissions: NDArray[np.float32],
    alphabet: Alphabet,
    trie: Trie,
    read: NDArray[np.int64],
    start: int,
) -> int:
    """All partial units from `start`; the number of hypotheses in the workspace."""
    m = len(read)
    likeliest = np.zeros((m + 1, LONGEST_SEGMENT + 1), np.float32)
    for j in range(start, m + 1):
        for length in range(LONGEST_SEGMENT + 1):
            likeliest[j, length] = emissions[j, length].max()
    best, last = np.full(m + 1, -np.inf), np.full(m + 1, -1)
    w.table[_PLACES, 1] += 1
    size = _push(w, effort.window, 0, best, last, -1, 0, 0, start, 0, 0.0, 0.0, 1)
    for j in range(start, m):
        tail = _arrivals(w, last[j], best[j] - effort.window)
        if tail > effort.beam:
            arrivals = w.queue[:tail]
            order = np.argsort(-(w.score[arrivals, 0] + w.score[arrivals, 1]))
            w.queue[: effort.beam] = arrivals[order[: effort.beam]]
            tail = effort.beam
        size = _go_on(w, effort.window, emissions, likeliest, alphabet, trie, read, j, tail, size, best, last)
    return size


@kernel
def _arrivals(w: Workspace, last: int, least: float) -> int:
    """Put the hypotheses of a chain whose score is `least` or more into the queue; how many they are."""
    tail, h = 0, last
    while h >= 0:
        if w.score[h, 0] + w.score[h, 1] >= least:
            w.queue[tail] = h
            tail += 1
        h = w.whole[h, CHAIN]
    return tail


@kernel
def _go_on(
    w: Workspace,
    window: float,
    emissions: NDArray[np.float32],
    likeliest: NDArray[np.float32],
    alphabet: Alphabet,
    trie: Trie,
    read: NDArray[np.int64],
    j: int,
    tail: int,
    size: int,
    best: NDArray[np.float64],
    last: NDArray[np.int64],
) -> int:
    """Take all steps from the `tail` hypotheses in the queue, and from what they lead to at the same place j; the new
    number of hypotheses. likeliest: (start, length) greatest of `emissions`."""
    m, whole, scores, head = len(read), w.whole, w.score, 0
    while head < tail:
        h = w.queue[head]
        head += 1
        whole[h, DONE] = 1
        node, score, key = whole[h, NODE], scores[h, 0], whole[h, KEY]
        if score + scores[h, 1] < best[j] - window:
            continue
        before = size
        inside = node > 0 and j + 1 < m and alphabet.wordlike[read[j + 1]]
        is_dirt = node >= 0 and (alphabet.dust[read[j]] or (inside and alphabet.dirt[read[j]]))
        if is_dirt or (node == _NUMBER_NODE and read[j] == alphabet.space):
            size = _push(w, window, size, best, last, h, node, 0, j + 1, 0, score + DIRT_COST, scores[h, 1], key)
        for length in range(1 if whole[h, DROPS] else 0, min(LONGEST_SEGMENT, m - j) + 1):
            to = j + length
            if node >= 0 and score + likeliest[j, length] + trie.ahead[node] >= best[to] - window:
                for arc in range(trie.first[node], trie.first[node + 1]):
                    letter, child = trie.letter[arc], trie.child[arc]
                    if length == 0 and alphabet.kind[letter] != WORD:
                        continue
                    total, ahead = score + emissions[j, length, letter], trie.ahead[child]
                    if total + ahead < best[to] - window:
                        continue
                    if to == m and trie.own[child] < 0 and trie.capital[child] < 0:
                        best[m] = max(best[m], total + ahead)
                        continue
                    size = _push(w, window, size, best, last, h, child, letter, to, length == 0, total, ahead, key)
            if length == 1 and node <= 0 and read[j] != alphabet.space:
                for digit in range(10 if node != _NUMBER_NODE else 12):
                    letter = alphabet.digits[digit]
                    total = score + emissions[j, length, letter] + DIGIT_COST
                    new = _NUMBER_NODE if digit < 10 else _MARK_NODE
                    size = _push(
                        w, window, size, best, last, h, new, letter, to, 0, total, NUMBER_COST,
                        _mix(key, letter + 1000),
                    )  # fmt: skip
        for new in range(before, size):
            if whole[new, PLACE] == j:
                w.queue[tail] = new
                tail += 1
    return size


@kernel
def may_start(alphabet: Alphabet, read: NDArray[np.int64], j: int, anywhere: bool) -> bool:
    """Whether a unit may start at j: at the token's start, beside a mark, between digits and letters, or anywhere; but
    never beside the space of a joined token."""
    if j == 0:
        return True
    left, right = read[j - 1], read[j]
    if left == alphabet.space or right == alphabet.space:
        return False
    if anywhere:
        return True
    return not (alphabet.letter[left] and alphabet.letter[right]) and not (
        alphabet.wordlike[left]
        and alphabet.wordlike[right]
        and not alphabet.letter[left]
        and not alphabet.letter[right]
    )


@njit(cache=True)
def units_from(
    w: Workspace,
    effort: Effort,
    size: int,
    alphabet: Alphabet,
    trie: Trie,
    surfaces: Surfaces,
    read: NDArray[np.int64],
    start: int,
    anywhere: bool,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Hypothesis, surface and score of the units worth keeping, for every end."""
    m = len(read)
    whole, scores, own, capital, prior, kept_most = (
        w.whole,
        w.score,
        trie.own,
        trie.capital,
        surfaces.prior,
        effort.kept,
    )
    may_end = np.array([j == m or may_start(alphabet, read, j, anywhere) for j in range(m + 1)])
    hyp, surface, score = np.zeros(2 * size, np.int64), np.zeros(2 * size, np.int64), np.zeros(2 * size)
    count = 0
    for h in range(size):
        end = whole[h, PLACE]
        if end == start or not may_end[end]:
            continue
        node = whole[h, NODE]
        if node >= 0:
            for s in (own[node], capital[node]):
                if s >= 0:
                    hyp[count], surface[count], score[count] = h, s, scores[h, 0] + prior[s]
                    count += 1
        elif node == _NUMBER_NODE:
            hyp[count], surface[count], score[count] = h, NUMBER, scores[h, 0] + NUMBER_COST
            count += 1
    kept = np.zeros(count, np.int64)
    n_kept = 0
    places = whole[:, PLACE][hyp[:count]]
    for end in range(start + 1, m + 1):
        here = np.nonzero(places == end)[0]
        if len(here) == 0:
            continue
        order = here[np.argsort(-score[here])]
        for k in order[:kept_most]:
            if score[k] < score[order[0]] - effort.kept_window:
                break
            kept[n_kept] = k
            n_kept += 1
    kept = kept[:n_kept]
    return hyp[kept], surface[kept], score[kept]
