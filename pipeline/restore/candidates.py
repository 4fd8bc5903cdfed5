"""Candidates: raw tokens in, for each the likeliest rows of printed units out.

From each place where a unit may start, a beam walks over the read characters and down the trie together and finds
units; rows are the best ways to tile the token with them: 'coso' may be 'cơ sở' (a space not seen), '(GDP)' is three.
Numbers and strings that no lexicon holds (codes, foreign names) have ways of their own: a number's digits may be read
from letters, a foreign string stays as it was read.
"""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .arrays import Int, grown
from .channel import DOUBLED, LONGEST_SEGMENT, Tables, find_segments, unit_probability
from .language import Automaton
from .lexicon import CLOSE, EITHER, OPEN, SEPARATOR, WORD, Surfaces, Trie

NUMBER, FOREIGN = -2, -3
"""Surfaces of units that stand in no lexicon."""

LONGEST_TOKEN = 40
"""Longer strings without a space are kept as they are."""
POOR = -8.0
"""A token whose best row's log P(token | row) is below this may hide a space, or be half of a broken word."""

CHANNEL_SHARE = 0.7

LEAST_EXPECTED, LEAST_HEARD, MOST_PROPOSED = -6.0, -22.0, 8
"""Of what the language model proposes: its least log-probability, the channel's, and how many."""

DIGIT_COST = -2.3
NUMBER_COST = -3.5
FOREIGN_COST = -14.0
ABBREVIATION_LETTER_COST, FOREIGN_LETTER_COST, MIXED_LETTER_COST = -2.0, -4.5, -6.0
GLUED_NUMBER_COST = -4.0
DIRT_COST = -6.0
"""A mark or space inside a unit that stands for nothing printed."""

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


QUICK = Effort(60, 12.0, 40, 11.0, 9.0)
THOROUGH = Effort(80, 13.0, 64, 14.0, 11.0)


class Alphabet(NamedTuple):
    """What a search needs to know of characters. kind: (printed) kind of the unit a character opens; digits: printed
    ids of 0..9 and of '.' and ','; by read character: wordlike: letters and digits; letter; capital; dirt: marks that
    may stand for nothing; space: its id."""

    kind: NDArray[np.int8]
    digits: NDArray[np.int64]
    wordlike: NDArray[np.bool_]
    letter: NDArray[np.bool_]
    capital: NDArray[np.bool_]
    dirt: NDArray[np.bool_]
    space: int


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


class Workspace(NamedTuple):
    """Hypotheses, reused from start to start. whole: (room, fields below); score: (room, 2) so far, and ahead at
    best; table: (places, 2) hypothesis and stamp by hash, to find equal ones; the last row holds the current stamp."""

    whole: NDArray[np.int64]
    score: NDArray[np.float64]
    table: NDArray[np.int32]


PARENT, NODE, LETTER, PLACE, DROPS, KEY, DONE, CHAIN = range(8)


def new_workspace() -> Workspace:
    return Workspace(np.zeros((_ROOM, 8), np.int64), np.zeros((_ROOM, 2)), np.zeros((_PLACES + 1, 2), np.int32))


@njit(cache=True, inline="always")
def _mix(key: Int, value: Int) -> Int:
    return (key ^ value) * np.int64(0x1E3779B97F4A7C15) + np.int64(0x7F4A7C15)


@njit(cache=True)
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


@njit(cache=True, inline="always")
def glue_cost(left: Int, right: Int, missing_space: float) -> float:
    """What it costs that two units touch; `missing_space`: log-share of spaces not seen."""
    if left == OPEN or left == SEPARATOR or left == EITHER:
        return 0.0
    if right == CLOSE or right == SEPARATOR or right == EITHER:
        return 0.0
    return missing_space


@njit(cache=True)
def spread(tables: Tables, read: NDArray[np.int64]) -> NDArray[np.float32]:
    """log P(segment | character) of the segments of a token: (start, length, printed character)."""
    m = len(read)
    ids = find_segments(tables, read, 0, m)
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
    whole, scores = w.whole, w.score
    first, letters, children, ahead, kinds = trie.first, trie.letter, trie.child, trie.ahead, alphabet.kind
    dirt, digits, beam, window = alphabet.dirt, alphabet.digits, effort.beam, effort.window
    best = np.full(m + 1, -np.inf)
    last = np.full(m + 1, -1, np.int64)
    queue = np.zeros(_ROOM, np.int64)
    w.table[_PLACES, 1] += 1
    size = _push(w, window, 0, best, last, -1, 0, 0, start, 0, 0.0, 0.0, 1)
    for j in range(start, m):
        tail = 0
        h = last[j]
        while h >= 0:
            if scores[h].sum() >= best[j] - window:
                queue[tail] = h
                tail += 1
            h = whole[h, CHAIN]
        if tail > beam:
            arrivals = queue[:tail]
            queue[:beam] = arrivals[np.argsort(-(scores[arrivals, 0] + scores[arrivals, 1]))[:beam]]
            tail = beam
        head = 0
        while head < tail:
            h = queue[head]
            head += 1
            whole[h, DONE] = 1
            node, score, key = whole[h, NODE], scores[h, 0], whole[h, KEY]
            if score + scores[h, 1] < best[j] - window:
                continue
            before = size
            if dirt[read[j]] and node >= 0:
                size = _push(w, window, size, best, last, h, node, 0, j + 1, 0, score + DIRT_COST, scores[h, 1], key)
            for length in range(1 if whole[h, DROPS] else 0, min(LONGEST_SEGMENT, m - j) + 1):
                if node >= 0:
                    for arc in range(first[node], first[node + 1]):
                        letter, child = letters[arc], children[arc]
                        if length == 0 and kinds[letter] != WORD:
                            continue
                        total = score + emissions[j, length, letter]
                        if total + ahead[child] < best[j + length] - window:
                            continue
                        size = _push(
                            w,
                            window,
                            size,
                            best,
                            last,
                            h,
                            child,
                            letter,
                            j + length,
                            length == 0,
                            total,
                            ahead[child],
                            key,
                        )
                if length == 1 and node <= 0:
                    for digit in range(10 if node != _NUMBER_NODE else 12):
                        letter = digits[digit]
                        total = score + emissions[j, length, letter] + DIGIT_COST
                        new = _NUMBER_NODE if digit < 10 else _MARK_NODE
                        size = _push(
                            w, window, size, best, last, h, new, letter, j + length, 0, total, NUMBER_COST,
                            _mix(key, letter + 1000),
                        )  # fmt: skip
            for new in range(before, size):
                if whole[new, PLACE] == j:
                    queue[tail] = new
                    tail += 1
    return size


@njit(cache=True)
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


@njit(cache=True)
def tile(
    effort: Effort,
    unit_start: NDArray[np.int64],
    unit_end: NDArray[np.int64],
    unit_surface: NDArray[np.int64],
    unit_score: NDArray[np.float64],
    unit_kind: NDArray[np.int64],
    m: int,
    missing_space: float,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The best rows of units from 0 to m. Partial rows as (parent, unit), and the final ones, best first."""
    room = (m + 1) * 4 * effort.kept + effort.kept * (len(unit_start) + 1) + 1
    parent, unit, score = np.full(room, -1, np.int64), np.full(room, -1, np.int64), np.full(room, -np.inf)
    place = np.full(room, -1, np.int64)
    place[0], score[0] = 0, 0.0
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
                glue = 0.0
                left = unit[k]
                if left >= 0:
                    if unit_surface[left] == NUMBER and unit_surface[u] == NUMBER:
                        continue
                    number = unit_surface[left] == NUMBER
                    glue = glue_cost(unit_kind[left], unit_kind[u], GLUED_NUMBER_COST if number else missing_space)
                if size < room:
                    parent[size], unit[size], place[size] = k, u, unit_end[u]
                    score[size] = score[k] + glue + unit_score[u]
                    size += 1
    return parent, unit, np.zeros(0, np.int64)


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
    clean = read[~alphabet.dirt[read]]
    if 0 < len(clean) < len(read):
        bare = unit_probability(tables, printed, clean)
        probability = max(probability, bare * np.exp(DIRT_COST * (len(read) - len(clean))))
    score = float(np.log(probability + 1e-40))
    return score + DIGIT_COST * len(printed) if surface == NUMBER else score


@njit(cache=True)
def generate(
    w: Workspace,
    effort: Effort,
    tables: Tables,
    alphabet: Alphabet,
    trie: Trie,
    surfaces: Surfaces,
    read: NDArray[np.int64],
    first: NDArray[np.int64],
    missing_space: float,
) -> Candidates:
    """Candidates of all tokens; token t is read[first[t]:first[t + 1]]. A token is taken to hide spaces where it reads
    poorly without."""
    tokens = len(first) - 1
    t_units, t_rows = np.zeros(tokens + 1, np.int64), np.zeros(tokens + 1, np.int64)
    best = np.zeros(tokens)
    surface, start, end = np.zeros(64, np.int32), np.zeros(64, np.int32), np.zeros(64, np.int32)
    score, kind = np.zeros(64), np.zeros(64, np.int64)
    letters, printed = np.zeros(65, np.int64), np.zeros(256, np.int64)
    parts, part = np.zeros(64, np.int64), np.zeros(64, np.int64)
    units = spelled = rows = placed = 0
    for t in range(tokens):
        token = read[first[t] : first[t + 1]]
        m = len(token) if first[t + 1] - first[t] <= LONGEST_TOKEN else 0
        emissions = spread(tables, token[:m])
        for anywhere in (False, True):
            low = units = t_units[t]
            spelled, rows = letters[low], t_rows[t]
            placed = parts[rows]
            for j in range(m):
                if not may_start(alphabet, token, j, anywhere):
                    continue
                size = walk(w, effort, emissions, alphabet, trie, token, j)
                found, found_surface, found_score = units_from(
                    w, effort, size, alphabet, trie, surfaces, token, j, anywhere
                )
                stop = j
                while stop < m and alphabet.wordlike[token[stop]]:
                    stop += 1
                foreign = np.int64(
                    stop > j
                    and (j == 0 or not alphabet.wordlike[token[j - 1]])
                    and np.any(alphabet.letter[token[j:stop]])
                )
                need = units + len(found) + foreign + 1
                surface, start, end = grown(surface, need), grown(start, need), grown(end, need)
                score, kind, letters = grown(score, need), grown(kind, need), grown(letters, need + 1)
                for k in range(len(found) + foreign):
                    if k < len(found):
                        surface[units], score[units] = found_surface[k], found_score[k]
                        end[units] = w.whole[found[k], PLACE]
                        kind[units] = surfaces.kind[found_surface[k]] if found_surface[k] >= 0 else WORD
                        h, count = found[k], 0
                        while w.whole[h, PARENT] >= 0:
                            count += w.whole[h, LETTER] > 0
                            h = w.whole[h, PARENT]
                        printed = grown(printed, spelled + count)
                        spelled += count
                        h, at = found[k], spelled
                        while w.whole[h, PARENT] >= 0:
                            if w.whole[h, LETTER] > 0:
                                at -= 1
                                printed[at] = w.whole[h, LETTER]
                            h = w.whole[h, PARENT]
                    else:
                        surface[units], end[units], kind[units] = FOREIGN, stop, WORD
                        score[units] = FOREIGN_COST + FOREIGN_LETTER_COST * (stop - j)
                    start[units] = j
                    units += 1
                    letters[units] = spelled
            parent, unit, finals = tile(
                effort,
                start[low:units].astype(np.int64), end[low:units].astype(np.int64), surface[low:units].astype(np.int64),
                score[low:units], kind[low:units], m, missing_space,
            )  # fmt: skip
            if len(finals) == 0:
                surface, start, end = grown(surface, low + 1), grown(start, low + 1), grown(end, low + 1)
                letters, score, kind = grown(letters, low + 2), grown(score, low + 1), grown(kind, low + 1)
                surface[low], start[low], end[low], kind[low] = FOREIGN, 0, len(token), WORD
                units = low + 1
                spelled = letters[low]
                letters[units] = spelled
                parent, unit, finals = np.array([-1, 0]), np.array([-1, 0]), np.array([1])
            rescored = np.full(units - low, np.nan)
            totals, ranks = np.zeros(len(finals)), np.zeros(len(finals))
            for f in range(len(finals)):
                k, right = finals[f], -1
                while k > 0:
                    u = low + unit[k]
                    if np.isnan(rescored[u - low]):
                        rescored[u - low] = score_unit(
                            tables, surface[u], printed[letters[u] : letters[u + 1]], token[start[u] : end[u]],
                            alphabet,
                        )  # fmt: skip
                    glue = 0.0
                    if right >= 0:
                        number = surface[u] == NUMBER
                        glue = glue_cost(kind[u], kind[right], GLUED_NUMBER_COST if number else missing_space)
                    prior = (
                        surfaces.prior[surface[u]]
                        if surface[u] >= 0
                        else NUMBER_COST
                        if surface[u] == NUMBER
                        else FOREIGN_COST
                    )
                    totals[f] += rescored[u - low] + glue
                    ranks[f] += CHANNEL_SHARE * (rescored[u - low] + glue) + prior
                    right, k = u, parent[k]
            best[t] = totals.max()
            if best[t] >= POOR or np.any(token == alphabet.space):
                break
        for f in range(len(finals)):
            if ranks[f] < ranks.max() - effort.rank_window:
                continue
            count, k = 0, finals[f]
            while k > 0:
                count += 1
                k = parent[k]
            part, parts = grown(part, placed + count + 1), grown(parts, rows + 2)
            placed += count
            at, k = placed, finals[f]
            while k > 0:
                at -= 1
                part[at] = low + unit[k]
                k = parent[k]
            rows += 1
            parts[rows] = placed
        used = np.zeros(units - low + 1, np.int64)
        for p in range(parts[t_rows[t]], placed):
            used[part[p] - low + 1] = 1
        moved = np.cumsum(used)
        for u in range(low, units):
            if used[u - low + 1]:
                v = low + moved[u - low]
                count = letters[u + 1] - letters[u]
                surface[v], start[v], end[v] = surface[u], start[u], end[u]
                printed[letters[v] : letters[v] + count] = printed[letters[u] : letters[u] + count]
                letters[v + 1] = letters[v] + count
        for p in range(parts[t_rows[t]], placed):
            part[p] = low + moved[part[p] - low]
        units = low + moved[-1]
        t_units[t + 1], t_rows[t + 1] = units, rows
    return Candidates(
        t_units, t_rows, parts[: rows + 1], part[:placed], surface[:units], start[:units], end[:units],
        letters[: units + 1], printed[: letters[units]], best,
    )  # fmt: skip


@njit(cache=True)
def score_rows(
    tables: Tables,
    c: Candidates,
    surface_kind: NDArray[np.int8],
    alphabet: Alphabet,
    read: NDArray[np.int64],
    first: NDArray[np.int64],
    missing_space: float,
) -> NDArray[np.float64]:
    """log P(token | row) of every row: (rows)."""
    scores = np.zeros(len(c.parts) - 1)
    unit_scores = np.zeros(len(c.surface))
    for t in range(len(first) - 1):
        token = read[first[t] : first[t + 1]]
        for u in range(c.units[t], c.units[t + 1]):
            printed = c.printed[c.letters[u] : c.letters[u + 1]]
            unit_scores[u] = score_unit(tables, c.surface[u], printed, token[c.start[u] : c.end[u]], alphabet)
        for row in range(c.rows[t], c.rows[t + 1]):
            left = -1
            for p in range(c.parts[row], c.parts[row + 1]):
                u = c.part[p]
                scores[row] += unit_scores[u]
                if left >= 0:
                    kinds = [np.int64(surface_kind[c.surface[x]]) if c.surface[x] >= 0 else WORD for x in (left, u)]
                    number = c.surface[left] == NUMBER
                    scores[row] += glue_cost(kinds[0], kinds[1], GLUED_NUMBER_COST if number else missing_space)
                left = u
    return scores


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

    surface_of: (vocabulary, 2) surface of each atom as it is and in capitals, -1 where none.
    """
    most = 400
    surface, score = np.zeros(most, np.int64), np.full(most, -np.inf)
    count, cost = 0, 0.0
    here: Int = state
    while here != 0 and count < most:
        for arc in range(lm.first[here], lm.first[here + 1]):
            chance = cost + lm.codebook[lm.probability[arc]]
            if chance < LEAST_EXPECTED:
                continue
            for form in range(2):
                s = surface_of[lm.word[arc], form]
                if s < 0 or count == most or surfaces.kind[s] != WORD:
                    continue
                if np.any(surface[:count] == s):
                    continue
                printed = surfaces.letters[surfaces.first[s] : surfaces.first[s + 1]]
                if abs(len(printed) - len(read)) > 3:
                    continue
                heard = score_unit(tables, s, printed, read, alphabet)
                if heard < LEAST_HEARD:
                    continue
                surface[count], score[count] = s, chance + channel_weight * heard
                count += 1
        cost += float(lm.codebook[lm.backoff[here]])
        here = np.int64(lm.suffix[here])
    return surface[:count][np.argsort(-score[:count])[:MOST_PROPOSED]]
