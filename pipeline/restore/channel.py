"""The channel: what a printed unit (syllable, mark, number) looks like after OCR; P(read | printed) of pairs out.

A printed character becomes a segment of 0 to 3 read characters. Its distribution is taken from its neighbours in the
unit, backed off to the next character, to the character alone, to its bare letter. On top of it stands a memory of
whole units as they were read: P = (n(read) + T * P_characters) / (N + T), T kinds among N readings (Witten and Bell,
1991). What a document's own readings say is kept apart and weighed against that: `Own`.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .arrays import Int, kernel
from .counter import Counter, add, get, new_counter, slot

LONGEST_SEGMENT = 3
PAD, OTHER = 0, 1
"""Ids of both alphabets: the edge of a unit, and any character never seen in training."""

BACKOFF = 2.0
"""Least weight of the shorter context, in readings; it grows by the kinds of readings seen."""
FLOOR = 0.35
"""Share of the character's own distribution in every context: documents differ from what was seen in training."""
OWN_FLOOR, OWN_UNIT_FLOOR = 0.3, 0.1
"""Share of general knowledge however often a letter, a unit was read: a document shows rare errors too rarely."""
DOUBLED = 0.02
"""Chance that a character is read as two, each of which it may be read as."""
OWN_LETTER, OWN_CONTEXT, OWN_UNIT = 30.0, 5.0, 8.0
"""Weight of general knowledge, in readings of the document at hand: for a letter, a letter in context, a unit."""
LONGEST_UNIT = 48
"""Characters, printed or read; a longer unit is never thought of."""
RAW_BITS = 10
"""Of a read character in a packed segment."""


class Own(NamedTuple):
    """Readings of one document. letters: (printed characters, segments) counts; sums: (printed characters) their sums;
    contexts, memory, totals: as in Tables."""

    letters: NDArray[np.float32]
    sums: NDArray[np.float32]
    contexts: Counter
    memory: Counter
    totals: Counter


class Tables(NamedTuple):
    """What compiled code needs.

    base: (printed characters, segments) float32, P(segment | character); log_base: its logarithm, turned;
    known: where it was seen in training; strange: (printed characters) float32, the same
    of a read character never seen; segment_ids: packed segment -> id + 1;
    letters: (read characters) float32, share of each; contexts: counts by context and segment;
    memory: counts by unit and reading; totals: N by unit; kinds: T by unit; own: of the document at hand.
    """

    base: NDArray[np.float32]
    log_base: NDArray[np.float32]
    known: NDArray[np.bool_]
    strange: NDArray[np.float32]
    log_strange: NDArray[np.float32]
    segment_ids: Counter
    letters: NDArray[np.float32]
    contexts: Counter
    memory: Counter
    totals: Counter
    kinds: Counter
    own: Own


@dataclass
class Channel:
    """printed, read: characters by id (from 2 on); segments: packed segments by id; counts: (printed, segments)."""

    printed: str
    read: str
    segments: NDArray[np.int64]
    counts: NDArray[np.float32]
    tables: Tables
    missing_space: float = 0.003
    """Share of printed spaces that the engine did not see."""

    def __post_init__(self) -> None:
        self.printed_ids = {character: i for i, character in enumerate(self.printed, start=2)}
        self.read_ids = {character: i for i, character in enumerate(self.read, start=2)}

    def encode_printed(self, text: str) -> NDArray[np.int64]:
        return np.array([self.printed_ids.get(c, OTHER) for c in text], dtype=np.int64)

    def encode_read(self, text: str) -> NDArray[np.int64]:
        return np.array([self.read_ids.get(c, OTHER) for c in text], dtype=np.int64)

    def with_own(self, own: Own) -> "Channel":
        """This channel, knowing what a document's readings say."""
        base = (own.letters + OWN_LETTER * self.tables.base) / (own.sums + OWN_LETTER)[:, None]
        base = (1 - OWN_FLOOR) * base + OWN_FLOOR * self.tables.base
        tables = self.tables._replace(own=own, log_base=np.log(base.T + 1e-30))
        return Channel(self.printed, self.read, self.segments, self.counts, tables, self.missing_space)

    def segment_text(self, segment: int) -> str:
        parts = ((int(self.segments[segment]) >> (RAW_BITS * i)) & ((1 << RAW_BITS) - 1) for i in range(3))
        return "".join(self.read[part - 2] for part in parts if part)


@njit(cache=True, inline="always")
def pack(read: NDArray[np.int64], start: Int, length: Int) -> np.int64:
    """Characters of a segment in one number; the empty segment is 1 << 30, so that no segment is 0."""
    packed = np.int64(1) << 30
    for i in range(length):
        packed |= read[start + i] << (RAW_BITS * i)
    return packed


@njit(cache=True, inline="always")
def unit_key(text: NDArray[np.int64], start: Int, end: Int) -> np.uint64:
    """A hash (FNV-1a) of part of an encoded text."""
    key = np.uint64(0xCBF29CE484222325)
    for i in range(start, end):
        key = (key ^ np.uint64(text[i])) * np.uint64(0x100000001B3)
    return key | np.uint64(1)


@njit(cache=True, inline="always")
def pair_key(printed: np.uint64, read: np.uint64) -> np.uint64:
    return (printed * np.uint64(0x9E3779B97F4A7C15) ^ read) | np.uint64(1)


@njit(cache=True, inline="always")
def context_key(before: Int, here: Int, after: Int, segment: Int) -> np.uint64:
    """before: PAD.. or -1 where only the next character counts."""
    head = (np.uint64(before + 1) << np.uint64(24)) | (np.uint64(here) << np.uint64(12)) | np.uint64(after)
    return (head << np.uint64(26)) | np.uint64(segment + 3)


class Scratch(NamedTuple):
    """Where the chance of a unit is worked out. ids: (start, length) of segments; emissions: (printed characters,
    start, length); sums: (2, start); clean: (read characters)."""

    ids: NDArray[np.int64]
    emissions: NDArray[np.float64]
    sums: NDArray[np.float64]
    clean: NDArray[np.int64]


@njit(cache=True)
def new_scratch() -> Scratch:
    """For units of LONGEST_UNIT characters at most."""
    lengths = LONGEST_SEGMENT + 1
    return Scratch(
        np.empty((LONGEST_UNIT + 1, lengths), np.int64),
        np.empty((LONGEST_UNIT, LONGEST_UNIT + 1, lengths)),
        np.empty((2, LONGEST_UNIT + 1)),
        np.empty(LONGEST_UNIT, np.int64),
    )


@kernel
def find_segments(tables: Tables, read: NDArray[np.int64], ids: NDArray[np.int64]) -> None:
    """Fill in the ids of all segments by start and length, -1 where never seen."""
    count = len(read)
    for j in range(count + 1):
        for length in range(min(LONGEST_SEGMENT, count - j) + 1):
            ids[j, length] = np.int64(get(tables.segment_ids, np.uint64(pack(read, j, length)))) - 1


@kernel
def emissions_of(
    tables: Tables, printed: NDArray[np.int64], count: int, ids: NDArray[np.int64], table: NDArray[np.float64]
) -> None:
    """Fill in P(segment | character in context): (printed characters, start, length), where an alignment with all
    `count` read characters passes."""
    base, known, strange, contexts, own = tables.base, tables.known, tables.strange, tables.contexts, tables.own
    keys, weights = contexts.keys, contexts.weights
    own_letters, own_sums, own_keys, own_weights = own.letters, own.sums, own.contexts.keys, own.contexts.weights
    n = len(printed)
    for i in range(n):
        here = printed[i]
        before = printed[i - 1] if i else PAD
        after = printed[i + 1] if i + 1 < n else PAD
        next_total = np.float64(weights[slot(keys, context_key(-1, here, after, -1))])
        next_weight = weights[slot(keys, context_key(-1, here, after, -2))] + BACKOFF
        both_total = np.float64(weights[slot(keys, context_key(before, here, after, -1))])
        both_weight = weights[slot(keys, context_key(before, here, after, -2))] + BACKOFF
        own_sum, own_total = np.float64(own_sums[here]), 0.0
        if own_sum:
            own_total = np.float64(own_weights[slot(own_keys, context_key(before, here, after, -1))])
        reach = count - LONGEST_SEGMENT * (n - 1 - i)
        for j in range(max(0, reach - LONGEST_SEGMENT), min(count, LONGEST_SEGMENT * i) + 1):
            for length in range(max(0, reach - j), min(LONGEST_SEGMENT, count - j) + 1):
                segment = ids[j, length]
                if segment >= 0:
                    plain = np.float64(base[here, segment])
                else:
                    plain = np.float64(1.0)
                    for k in range(length):
                        single = ids[j + k, 1]
                        plain *= (DOUBLED if k else 1.0) * (base[here, single] if single >= 0 else strange[here])
                chance = plain
                if next_total:
                    seen = 0.0
                    if segment >= 0 and known[here, segment]:
                        seen = np.float64(weights[slot(keys, context_key(-1, here, after, segment))])
                    chance = (seen + next_weight * chance) / (next_total + next_weight)
                    if both_total:
                        if seen:
                            seen = np.float64(weights[slot(keys, context_key(before, here, after, segment))])
                        chance = (seen + both_weight * chance) / (both_total + both_weight)
                    chance = (1 - FLOOR) * chance + FLOOR * plain
                if own_sum:
                    general = chance
                    seen = np.float64(own_letters[here, segment]) if segment >= 0 else 0.0
                    chance = (seen + OWN_LETTER * chance) / (own_sum + OWN_LETTER)
                    if own_total:
                        if seen:
                            seen = np.float64(own_weights[slot(own_keys, context_key(before, here, after, segment))])
                        chance = (seen + OWN_CONTEXT * chance) / (own_total + OWN_CONTEXT)
                    chance = (1 - OWN_FLOOR) * chance + OWN_FLOOR * general
                table[i, j, length] = chance


@kernel
def character_probability(
    tables: Tables, printed: NDArray[np.int64], read: NDArray[np.int64], scratch: Scratch
) -> float:
    """P(read | printed), summed over alignments, by the character model alone."""
    n, count, table, sums = len(printed), len(read), scratch.emissions, scratch.sums
    find_segments(tables, read, scratch.ids)
    emissions_of(tables, printed, count, scratch.ids, table)
    sums[0, : count + 1] = 0.0
    sums[0, 0] = 1.0
    for i in range(n):
        here, then = i & 1, 1 - (i & 1)
        sums[then, : count + 1] = 0.0
        reach = count - LONGEST_SEGMENT * (n - 1 - i)
        for j in range(max(0, reach - LONGEST_SEGMENT), min(count, LONGEST_SEGMENT * i) + 1):
            for length in range(max(0, reach - j), min(LONGEST_SEGMENT, count - j) + 1):
                sums[then, j + length] += sums[here, j] * table[i, j, length]
    return np.float64(sums[n & 1, count])


@kernel
def unit_probability(tables: Tables, printed: NDArray[np.int64], read: NDArray[np.int64], scratch: Scratch) -> float:
    """P(read | printed unit), 0 where either is longer than LONGEST_UNIT."""
    if len(printed) > LONGEST_UNIT or len(read) > LONGEST_UNIT:
        return 0.0
    probability = character_probability(tables, printed, read, scratch)
    unit = unit_key(printed, 0, len(printed))
    total = np.float64(get(tables.totals, unit))
    pair = pair_key(unit, unit_key(read, 0, len(read)))
    if total > 0:
        kinds = np.float64(get(tables.kinds, unit))
        probability = (np.float64(get(tables.memory, pair)) + kinds * probability) / (total + kinds)
    total = np.float64(get(tables.own.totals, unit))
    if total > 0:
        own = (np.float64(get(tables.own.memory, pair)) + OWN_UNIT * probability) / (total + OWN_UNIT)
        probability = (1 - OWN_UNIT_FLOOR) * own + OWN_UNIT_FLOOR * probability
    return probability


@njit(cache=True)
def best_alignment(tables: Tables, printed: NDArray[np.int64], read: NDArray[np.int64]) -> NDArray[np.int64]:
    """The likeliest segment lengths, one a printed character; empty where no alignment exists."""
    count, n = len(read), len(printed)
    table, ids = np.zeros((n, count + 1, LONGEST_SEGMENT + 1)), np.zeros((count + 1, LONGEST_SEGMENT + 1), np.int64)
    find_segments(tables, read, ids)
    emissions_of(tables, printed, count, ids, table)
    best = np.full((n + 1, count + 1), -np.inf)
    back = np.zeros((n + 1, count + 1), dtype=np.int64)
    best[0, 0] = 0.0
    for i in range(n):
        for j in range(count + 1):
            if best[i, j] == -np.inf:
                continue
            for length in range(min(LONGEST_SEGMENT, count - j) + 1):
                score = best[i, j] + np.log(table[i, j, length] + 1e-30)
                if score > best[i + 1, j + length]:
                    best[i + 1, j + length] = score
                    back[i + 1, j + length] = length
    if best[n, count] == -np.inf:
        return np.zeros(0, dtype=np.int64)
    lengths = np.zeros(n, dtype=np.int64)
    j = count
    for i in range(n, 0, -1):
        lengths[i - 1] = back[i, j]
        j -= back[i, j]
    return lengths


@njit(cache=True)
def learn_unit(
    teacher: Tables,
    tables: Tables,
    counts: NDArray[np.float32],
    printed: NDArray[np.int64],
    read: NDArray[np.int64],
    weight: float,
    remember: bool,
) -> None:
    """Add one reading of a unit, as `teacher` aligns it, to contexts and counts, and to the memory where `remember`."""
    lengths = best_alignment(teacher, printed, read)
    amount = np.float32(weight)
    j, n = 0, len(printed)
    for i in range(len(lengths)):
        before = printed[i - 1] if i else PAD
        after = printed[i + 1] if i + 1 < n else PAD
        segment = np.int64(get(tables.segment_ids, np.uint64(pack(read, j, lengths[i])))) - 1
        j += lengths[i]
        if segment < 0:
            continue
        counts[printed[i], segment] += amount
        for left in (-1, before):
            if add(tables.contexts, context_key(left, printed[i], after, segment), amount):
                add(tables.contexts, context_key(left, printed[i], after, -2), np.float32(1))
            add(tables.contexts, context_key(left, printed[i], after, -1), amount)
    if remember and len(lengths):
        unit = unit_key(printed, 0, n)
        if add(tables.memory, pair_key(unit, unit_key(read, 0, len(read))), amount):
            add(tables.kinds, unit, np.float32(1))
        add(tables.totals, unit, amount)


@njit(cache=True)
def learn_own(
    tables: Tables, own: Own, printed: NDArray[np.int64], read: NDArray[np.int64], weight: float, remember: bool
) -> None:
    """Add one reading of a unit in the document at hand to `own`."""
    lengths = best_alignment(tables, printed, read)
    amount = np.float32(weight)
    j, n = 0, len(printed)
    for i in range(len(lengths)):
        before = printed[i - 1] if i else PAD
        after = printed[i + 1] if i + 1 < n else PAD
        segment = np.int64(get(tables.segment_ids, np.uint64(pack(read, j, lengths[i])))) - 1
        j += lengths[i]
        if segment < 0:
            continue
        own.letters[printed[i], segment] += amount
        own.sums[printed[i]] += amount
        add(own.contexts, context_key(before, printed[i], after, segment), amount)
        add(own.contexts, context_key(before, printed[i], after, -1), amount)
    if remember and len(lengths):
        unit = unit_key(printed, 0, n)
        add(own.memory, pair_key(unit, unit_key(read, 0, len(read))), amount)
        add(own.totals, unit, amount)


def new_own(shape: tuple[int, ...], readings: int) -> Own:
    """Nothing learned yet; `readings`: how many distinct unit readings will be."""
    return Own(
        np.zeros(shape, dtype=np.float32),
        np.zeros(shape[0], dtype=np.float32),
        new_counter(8 * readings),
        new_counter(readings),
        new_counter(readings),
    )
