"""Pairs of lines (printed, read) in, a trained `restore.channel.Channel` out.

Expectation maximisation over all monotone alignments of whole lines (a printed character, space included, becomes 0 to
3 read characters) gives the segments; cutting the likeliest alignments at the units gives readings to learn from.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

from ..restore.channel import LONGEST_SEGMENT, OTHER, Channel, learn_unit
from ..restore.smoothing import LENGTH_PRIOR, bare_letter, fill_base, new_channel
from ..restore.tokens import has_digit, split_token

ROUNDS = 4
BAND = 14
"""How far, in characters, an alignment may stray from the diagonal."""
LEAST_SEGMENT = 3
LEAST_CHARACTER = 3
WORST_LINE = -2.2
"""Mean log-probability of a printed character below which a pair of lines is taken for a wrong pairing."""

Ids = NDArray[np.int64]


@dataclass(frozen=True)
class Alphabets:
    printed: str
    read: str
    segments: tuple[str, ...]


def alphabets_of(pairs: Sequence[tuple[str, str]], company: Sequence[tuple[str, str]] = ()) -> Alphabets:
    """Characters and segments seen often enough to have statistics of their own; segment 0 is the empty one.

    company: pairs of other engines whose channels are to have the same characters.
    """
    printed = Counter(c for line, _ in (*pairs, *company) for c in line)
    read = Counter(c for _, line in (*pairs, *company) for c in line)
    letters = {c for c, n in read.items() if n >= LEAST_CHARACTER}
    segments = Counter(
        line[i : i + length]
        for _, line in pairs
        for length in range(1, LONGEST_SEGMENT + 1)
        for i in range(len(line) - length + 1)
    )
    kept = [s for s, n in segments.items() if n >= LEAST_SEGMENT * len(s) - 2 and letters.issuperset(s)]
    return Alphabets(
        "".join(sorted(c for c, n in printed.items() if n >= LEAST_CHARACTER)),
        "".join(sorted(letters)),
        ("", *sorted(kept)),
    )


@dataclass(frozen=True)
class EncodedPair:
    """printed: ids (n); segments: of the read line, their ids by start and length (m + 1, 4), -1 where none."""

    printed: Ids
    segments: Ids


def encode(pairs: Iterable[tuple[str, str]], alphabets: Alphabets) -> list[EncodedPair]:
    printed_ids = {c: i for i, c in enumerate(alphabets.printed, start=2)}
    segment_ids = {s: i for i, s in enumerate(alphabets.segments)}
    encoded = []
    for printed, read in pairs:
        m = len(read)
        ids = np.full((m + 1, LONGEST_SEGMENT + 1), -1, dtype=np.int64)
        for j in range(m + 1):
            for length in range(min(LONGEST_SEGMENT, m - j) + 1):
                ids[j, length] = segment_ids.get(read[j : j + length], -1)
        encoded.append(EncodedPair(np.array([printed_ids.get(c, OTHER) for c in printed], dtype=np.int64), ids))
    return encoded


def first_guess(alphabets: Alphabets) -> NDArray[np.float64]:
    """P(segment | character) before any data: a letter is read as itself without marks, rarely as anything else."""
    sizes = Counter(map(len, alphabets.segments))
    usual = np.array([LENGTH_PRIOR[len(s)] / sizes[len(s)] for s in alphabets.segments])
    table = np.tile(usual, (len(alphabets.printed) + 2, 1))
    for i, character in enumerate(alphabets.printed, start=2):
        bare = bare_letter(character).lower()
        for j, segment in enumerate(alphabets.segments):
            if segment == character:
                table[i, j] += 0.3
            elif segment and bare in bare_letter(segment).lower():
                table[i, j] += 0.3
            elif bare in segment.lower():
                table[i, j] += 0.01
    return np.asarray(table / table.sum(axis=1, keepdims=True), dtype=np.float64)


@njit(cache=True)
def expect(printed: Ids, segments: Ids, table: NDArray[np.float64], counts: NDArray[np.float64]) -> float:
    """Add the expected segment counts of one pair; its log-probability, -inf where no alignment lies in the band."""
    n, m = len(printed), len(segments) - 1
    forward = np.zeros((n + 1, m + 1))
    backward = np.zeros((n + 1, m + 1))
    scale = np.ones(n + 1)
    forward[0, 0] = 1.0
    for i in range(n):
        centre = i * m // n
        for j in range(max(0, centre - BAND), min(m, centre + BAND) + 1):
            if forward[i, j] == 0:
                continue
            for length in range(min(LONGEST_SEGMENT, m - j) + 1):
                segment = segments[j, length]
                if segment >= 0:
                    forward[i + 1, j + length] += forward[i, j] * table[printed[i], segment]
        scale[i + 1] = forward[i + 1].sum()
        if scale[i + 1] == 0:
            return -np.inf
        forward[i + 1] /= scale[i + 1]
    if forward[n, m] == 0:
        return -np.inf
    backward[n, m] = 1.0 / forward[n, m]
    for i in range(n - 1, -1, -1):
        centre = i * m // n
        for j in range(max(0, centre - BAND), min(m, centre + BAND) + 1):
            for length in range(min(LONGEST_SEGMENT, m - j) + 1):
                segment = segments[j, length]
                if segment < 0 or backward[i + 1, j + length] == 0:
                    continue
                part = table[printed[i], segment] * backward[i + 1, j + length] / scale[i + 1]
                backward[i, j] += part
                counts[printed[i], segment] += forward[i, j] * part
    return np.float64(np.log(scale).sum() + np.log(forward[n, m]))


@njit(cache=True)
def align(printed: Ids, segments: Ids, table: NDArray[np.float64]) -> Ids:
    """Offsets in the read line where each printed character starts, and the end (n + 1); empty where none fit."""
    n, m = len(printed), len(segments) - 1
    best = np.full((n + 1, m + 1), -np.inf)
    back = np.zeros((n + 1, m + 1), dtype=np.int64)
    best[0, 0] = 0.0
    for i in range(n):
        centre = i * m // n
        for j in range(max(0, centre - BAND), min(m, centre + BAND) + 1):
            if best[i, j] == -np.inf:
                continue
            for length in range(min(LONGEST_SEGMENT, m - j) + 1):
                segment = segments[j, length]
                if segment < 0:
                    continue
                score = best[i, j] + np.log(table[printed[i], segment] + 1e-30)
                if score > best[i + 1, j + length]:
                    best[i + 1, j + length] = score
                    back[i + 1, j + length] = length
    if best[n, m] == -np.inf or best[n, m] < WORST_LINE * n:
        return np.zeros(0, dtype=np.int64)
    starts = np.zeros(n + 1, dtype=np.int64)
    starts[n] = m
    for i in range(n, 0, -1):
        starts[i - 1] = starts[i] - back[i, starts[i]]
    return starts


def maximise(encoded: Sequence[EncodedPair], alphabets: Alphabets) -> NDArray[np.float64]:
    """P(segment | character) after `ROUNDS` rounds."""
    table = first_guess(alphabets)
    for _ in range(ROUNDS):
        counts = np.zeros_like(table)
        for pair in encoded:
            expect(pair.printed, pair.segments, table, counts)
        counts += 1e-3 * table + 1e-9
        table = counts / counts.sum(axis=1, keepdims=True)
    return table


def units(
    pairs: Sequence[tuple[str, str]], encoded: Sequence[EncodedPair], table: NDArray[np.float64]
) -> Iterator[tuple[str, str]]:
    """Readings of units, (printed, read), from the likeliest alignment of each pair of lines; ' ' is a unit too."""
    for (printed, read), pair in zip(pairs, encoded, strict=True):
        starts = align(pair.printed, pair.segments, table)
        if len(starts) == 0:
            continue
        at = 0
        for token in printed.split(" "):
            for unit in split_token(token):
                end = at + len(unit)
                yield unit, read[starts[at] : starts[end]].strip()
                at = end
            if at < len(printed):
                yield " ", read[starts[at] : starts[at + 1]]
                at += 1


def train(pairs: Sequence[tuple[str, str]], company: Sequence[tuple[str, str]] = ()) -> Channel:
    """What pairs of lines teach; company: see `alphabets_of`."""
    alphabets = alphabets_of(pairs, company)
    encoded = encode(pairs, alphabets)
    table = maximise(encoded, alphabets)
    readings = Counter(units(pairs, encoded, table))
    spaces = {read: n for (unit, read), n in readings.items() if unit == " "}
    learned = {(unit, read): n for (unit, read), n in readings.items() if unit != " " and read}
    segments = _used_segments(learned, alphabets, table)
    letters = np.zeros(len(alphabets.read) + 2, dtype=np.float32)
    for (_, read), n in learned.items():
        for character in read:
            letters[alphabets.read.index(character) + 2 if character in alphabets.read else OTHER] += n
    letters = (letters + 1) / (letters + 1).sum()
    model = new_channel(alphabets.printed, alphabets.read, segments, letters, len(learned))
    kept = [alphabets.segments.index(s) for s in segments]
    model.counts[:] = table[:, kept] * 50
    fill_base(model)
    model.missing_space = spaces.get("", 0) / max(sum(spaces.values()), 1)
    for last in (False, True):
        model = _learn(model, learned, with_memory=last)
    return model


def _used_segments(learned: dict[tuple[str, str], int], alphabets: Alphabets, table: NDArray[np.float64]) -> list[str]:
    """Segments that some character is read as with a chance worth keeping; single characters always stay."""
    worth = table.max(axis=0)
    return [s for s, chance in zip(alphabets.segments, worth, strict=True) if len(s) < 2 or chance > 1e-4]


def _learn(model: Channel, learned: dict[tuple[str, str], int], with_memory: bool) -> Channel:
    """One round of Viterbi learning from readings of units, into a fresh channel."""
    segments = [model.segment_text(i) for i in range(len(model.segments))]
    fresh = new_channel(model.printed, model.read, segments, model.tables.letters, len(learned))
    fresh.missing_space = model.missing_space
    for (unit, read), n in learned.items():
        learn_unit(
            model.tables,
            fresh.tables,
            fresh.counts,
            model.encode_printed(unit),
            model.encode_read(read),
            float(n),
            with_memory and not has_digit(unit),
        )
    fill_base(fresh)
    return fresh
