"""A counter in compiled code: 64-bit keys in, weights out (open addressing, linear probing; key 0 is empty)."""

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray


class Counter(NamedTuple):
    """keys: (2**k) uint64; weights: (2**k) float32; both are changed in place by `add`."""

    keys: NDArray[np.uint64]
    weights: NDArray[np.float32]


def new_counter(entries: int) -> Counter:
    """An empty counter with room for `entries` keys at half load."""
    size = 1 << max(4, int(2 * entries).bit_length())
    return Counter(np.zeros(size, dtype=np.uint64), np.zeros(size, dtype=np.float32))


@njit(cache=True, inline="always")
def slot(keys: NDArray[np.uint64], key: np.uint64) -> np.int64:
    """Where `key` stands, or the empty place where it would."""
    mask = np.uint64(len(keys) - 1)
    mixed = key * np.uint64(0x9E3779B97F4A7C15)
    place = (mixed ^ (mixed >> np.uint64(29))) & mask
    while keys[place] != 0 and keys[place] != key:
        place = (place + np.uint64(1)) & mask
    return np.int64(place)


@njit(cache=True, inline="always")
def get(counter: Counter, key: np.uint64) -> np.float32:
    """The weight of `key`, 0 where it was never added."""
    return np.float32(counter.weights[slot(counter.keys, key)])


@njit(cache=True, inline="always")
def add(counter: Counter, key: np.uint64, weight: np.float32) -> bool:
    """Add `weight` to `key`; True where the key is new."""
    place = slot(counter.keys, key)
    fresh = counter.keys[place] == 0
    counter.keys[place] = key
    counter.weights[place] += weight
    return bool(fresh)
