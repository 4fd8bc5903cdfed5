"""Streams of atom ids in, a pruned 4-gram model out: interpolated modified Kneser-Ney of two corpora, mixed.

An n-gram is one uint64 key, 16 bits an atom, the last atom lowest. Kneser-Ney after Chen and Goodman (1999);
pruning by the weighted difference between an n-gram's probability and its back-off's (Seymore and Rosenfeld, 1996).
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import corpus
from .counts import NOTATIONS, PLACES, Stream, to_stream

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]
ORDER = 4
MIX = (("legal", (*corpus.LEGAL, PLACES, NOTATIONS), 0.6, 2), ("general", corpus.GENERAL, 0.4, 3))
"""Models to mix: name, corpus files, weight, and how often an n-gram of order 3 or 4 must be seen to be a candidate."""
SIZES = (480_000, 680_000, 900_000)
"""How many n-grams of orders 2, 3, 4 are kept."""
BITS = np.uint64(16)


def train(files: dict[str, tuple[Path, Path]], vocabulary: Sequence[str], small: Container[str]) -> "Mixture":
    """files: encoded corpus files by name, see `counts.encode_all`."""
    models = []
    for _, names, _, _ in MIX:
        stream = np.concatenate([to_stream(*files[name], vocabulary, small) for name in names])
        models.append(KneserNey.estimate(stream, len(vocabulary)))
    return mix(models, [weight for *_, weight, _ in MIX], [least for *_, least in MIX], SIZES)


def ngram_keys(stream: Stream, order: int) -> Keys:
    """All n-grams of a stream whose inner atoms are no boundary."""
    length = len(stream) - order + 1
    keys = np.zeros(length, dtype=np.uint64)
    inner = np.ones(length, dtype=bool)
    for i in range(order):
        part = stream[i : i + length]
        keys = (keys << BITS) | part
        if 0 < i < order - 1:
            inner &= part != 0
    return keys[inner]


def suffix(keys: Keys, order: int) -> Keys:
    """The last order-1 atoms of n-grams of the given order."""
    return keys & np.uint64((1 << (16 * (order - 1))) - 1)


def find(haystack: Keys, needles: Keys) -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    """Whether and where each needle stands in a sorted array."""
    at = np.searchsorted(haystack, needles)
    at[at == len(haystack)] = 0
    return haystack[at] == needles, at


@dataclass
class Level:
    """One order of a Kneser-Ney model: sorted n-grams, discounted counts; their contexts' totals and left-over mass."""

    keys: Keys
    discounted: Floats
    contexts: Keys
    totals: Floats
    left_over: Floats


@dataclass
class KneserNey:
    """Interpolated modified Kneser-Ney over one stream; `counts[n-1]` are the n-grams' raw counts."""

    levels: list[Level]
    counts: list[tuple[Keys, NDArray[np.int64]]]
    size: int

    @classmethod
    def estimate(cls, stream: Stream, size: int) -> "KneserNey":
        counts = []
        for order in range(1, ORDER + 1):
            keys, numbers = np.unique(ngram_keys(stream, order), return_counts=True)
            counts.append((keys, numbers))
        levels = []
        for order in range(1, ORDER + 1):
            keys, numbers = counts[order - 1]
            if order < ORDER:
                numbers = _continuations(keys, numbers, counts[order][0], order)
            levels.append(_level(keys, numbers))
        return cls(levels, counts, size)

    def probability(self, keys: Keys, order: int) -> Floats:
        """P(last atom | atoms before it) of each n-gram, seen or not."""
        if order == 0:
            return np.full(len(keys), 1.0 / self.size)
        shorter = suffix(keys, order)
        lower = self.probability(shorter, order - 1)
        level = self.levels[order - 1]
        known, at = find(level.contexts, keys >> BITS)
        seen, where = find(level.keys, keys)
        own = np.where(seen, level.discounted[where], 0.0)
        return np.where(known, (own + level.left_over[at] * lower) / level.totals[at], lower)


def _continuations(keys: Keys, numbers: NDArray[np.int64], longer: Keys, order: int) -> NDArray[np.int64]:
    """How many different atoms stand before each n-gram; n-grams that open a paragraph keep their counts."""
    tails, kinds = np.unique(suffix(longer, order + 1), return_counts=True)
    found, at = find(tails, keys)
    opens = (keys >> (BITS * np.uint64(order - 1))) == 0
    return np.where(opens | ~found, numbers, kinds[at])


def _level(keys: Keys, numbers: NDArray[np.int64]) -> Level:
    of_count = [max(int((numbers == k).sum()), 1) for k in range(1, 5)]
    y = of_count[0] / (of_count[0] + 2 * of_count[1])
    discounts = np.array([0.0] + [max(k - (k + 1) * y * of_count[k] / of_count[k - 1], 0.05) for k in (1, 2, 3)])
    discount = discounts[np.minimum(numbers, 3)]
    contexts, starts = np.unique(keys >> BITS, return_index=True)
    totals = np.add.reduceat(numbers.astype(np.float64), starts)
    left_over = np.add.reduceat(discount, starts)
    return Level(keys, numbers - discount, contexts, totals, left_over)


@dataclass
class Mixture:
    """Mixed probabilities of kept n-grams, order by order, with their contexts' back-off weights."""

    keys: list[Keys]
    probabilities: list[Floats]
    contexts: list[Keys]
    backoffs: list[Floats]


def mix(models: Sequence[KneserNey], weights: Sequence[float], least: Sequence[int], sizes: Sequence[int]) -> Mixture:
    """Mix models linearly, keep the `sizes[n-2]` most useful n-grams of each order n >= 2.

    `least[m]`: n-grams of orders 3 and 4 seen fewer times than that in model m, nor enough in another, are not tried.
    """
    kept = [_candidates(models, least, order) for order in range(1, ORDER + 1)]
    kept[0] = np.arange(models[0].size, dtype=np.uint64)
    probabilities = [_mixed(models, weights, keys, order) for order, keys in enumerate(kept, start=1)]
    joint = [_joint(models, weights, keys, order) for order, keys in enumerate(kept, start=1)]
    for order in range(ORDER, 1, -1):
        keys = kept[order - 1]
        _, below = find(kept[order - 2], suffix(keys, order))
        gain = joint[order - 1] * np.log(probabilities[order - 1] / probabilities[order - 2][below])
        needed = np.zeros(len(keys), dtype=bool)
        if order < ORDER:
            for part in (kept[order] >> BITS, suffix(kept[order], order + 1)):
                found, at = find(keys, np.unique(part))
                needed[at[found]] = True
        gain[needed] = np.inf
        size = max(sizes[order - 2], int(needed.sum()))
        if len(keys) > size:
            choice = np.sort(np.argpartition(-gain, size)[:size])
            choice = choice[gain[choice] > 0]
            kept[order - 1] = keys[choice]
            probabilities[order - 1] = probabilities[order - 1][choice]
    contexts, backoffs = _backoffs(kept, probabilities)
    return Mixture(kept, probabilities, contexts, backoffs)


def _candidates(models: Sequence[KneserNey], least: Sequence[int], order: int) -> Keys:
    """N-grams frequent enough in some model; all their prefixes and suffixes pass too, as counts fall with length."""
    parts = []
    for model, minimum in zip(models, least, strict=True):
        keys, numbers = model.counts[order - 1]
        parts.append(keys[numbers >= (minimum if order > 2 else min(minimum, 2))])
    return np.unique(np.concatenate(parts))


def _mixed(models: Sequence[KneserNey], weights: Sequence[float], keys: Keys, order: int) -> Floats:
    parts = [weight * model.probability(keys, order) for model, weight in zip(models, weights, strict=True)]
    return np.asarray(np.sum(parts, axis=0), dtype=np.float64)


def _joint(models: Sequence[KneserNey], weights: Sequence[float], keys: Keys, order: int) -> Floats:
    """Mixed relative frequency of whole n-grams."""
    total = np.zeros(len(keys))
    for model, weight in zip(models, weights, strict=True):
        known, numbers = model.counts[order - 1]
        found, at = find(known, keys)
        total += np.where(found, numbers[at], 0) * (weight / model.counts[0][1].sum())
    return total


def _backoffs(kept: list[Keys], probabilities: list[Floats]) -> tuple[list[Keys], list[Floats]]:
    contexts: list[Keys] = []
    backoffs: list[Floats] = []
    for order in range(2, ORDER + 1):
        keys = kept[order - 1]
        _, below = find(kept[order - 2], suffix(keys, order))
        heads, starts = np.unique(keys >> BITS, return_index=True)
        own = np.add.reduceat(probabilities[order - 1], starts)
        lower = np.add.reduceat(probabilities[order - 2][below], starts)
        contexts.append(heads)
        backoffs.append(np.maximum(1 - own, 1e-9) / np.maximum(1 - lower, 1e-9))
    return contexts, backoffs
