"""Channels on disk: one compressed file of counts a channel; loading it builds the tables anew."""

from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .channel import Channel
from .counter import Counter, add, new_counter
from .smoothing import fill_base, new_channel

COUNTERS = ("contexts", "memory", "totals", "kinds")


def save_channel(channel: Channel, path: Path) -> None:
    """Write counts, those of contexts and units as 16-bit floats; the same channel gives the same bytes."""
    arrays: dict[str, NDArray[np.generic]] = {
        "printed": np.array(channel.printed),
        "read": np.array(channel.read),
        "segments": np.array([channel.segment_text(i) for i in range(len(channel.segments))]),
        "letters": channel.tables.letters,
        "missing_space": np.array(channel.missing_space),
    }
    where = np.nonzero(channel.counts)
    arrays["count_at"] = np.ravel_multi_index(where, channel.counts.shape).astype(np.uint32)
    arrays["count"] = channel.counts[where].astype(np.float32)
    for name in COUNTERS:
        counter: Counter = getattr(channel.tables, name)
        used = np.nonzero(counter.keys)[0]
        used = used[np.argsort(counter.keys[used])]
        arrays[f"{name}_keys"] = counter.keys[used]
        arrays[f"{name}_weights"] = np.minimum(counter.weights[used], 60_000).astype(np.float16)
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def load_channel(path: Path) -> Channel:
    """Read a channel. Errors: OSError, ValueError or KeyError where the file is missing or not a channel."""
    with np.load(path, allow_pickle=False) as file:
        data = {name: file[name] for name in file.files}
    channel = new_channel(str(data["printed"]), str(data["read"]), data["segments"].tolist(), data["letters"], 1)
    channel.counts.flat[data["count_at"]] = data["count"]

    def counter(name: str) -> Counter:
        return filled(data[f"{name}_keys"], data[f"{name}_weights"].astype(np.float32))

    channel.tables = channel.tables._replace(
        contexts=counter("contexts"), memory=counter("memory"), totals=counter("totals"), kinds=counter("kinds")
    )
    channel.missing_space = float(data["missing_space"])
    fill_base(channel)
    return channel


def filled(keys: NDArray[np.uint64], weights: NDArray[np.float32]) -> Counter:
    """A counter of the given keys."""
    counter = new_counter(len(keys))
    _fill(counter, keys, weights)
    return counter


@njit(cache=True)
def _fill(counter: Counter, keys: NDArray[np.uint64], weights: NDArray[np.float32]) -> None:
    for i in range(len(keys)):
        add(counter, keys[i], weights[i])
