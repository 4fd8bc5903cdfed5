"""A row of words in, what stands at a place of it by the words on both sides out: a small neural model, in numpy.

Two towers of three transformer blocks (Vaswani et al., 2017) read a text, one from the left, one from the right; what
the left one knows before a place and the right one behind it is mixed into a vector, whose products with the words'
vectors are their log-odds. Words are written small; numbers are classes. Weights are bytes, with a scale a row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .tokens import BOUNDARY, UNKNOWN

Floats = NDArray[np.float32]

WINDOW, STRIDE = 96, 64
"""Words a tower sees at a time, and how far apart windows start: each word has WINDOW - STRIDE before it, if there."""
BATCH = 32
EPSILON = 1e-6


def lexeme(atom: str) -> str:
    """What the model knows an atom as."""
    return atom if atom.startswith("<") else atom.lower()


@dataclass(frozen=True)
class ContextModel:
    """lexemes: words by id; weights: by name, as in training, (rows, columns) float32."""

    lexemes: tuple[str, ...]
    weights: dict[str, Floats]

    @cached_property
    def ids(self) -> dict[str, int]:
        return {text: i for i, text in enumerate(self.lexemes)}

    def lexeme_ids(self, vocabulary: Sequence[str]) -> NDArray[np.int64]:
        """(vocabulary) id of each atom's lexeme."""
        unknown = self.ids[UNKNOWN]
        return np.array([self.ids.get(lexeme(atom), unknown) for atom in vocabulary])

    def log_probabilities(self, row: NDArray[np.int64], places: NDArray[np.int64]) -> Floats:
        """(places, lexemes) log P(word at the place | all words of the row but it); row: (words) ids."""
        if not len(places):
            return np.zeros((0, len(self.lexemes)), np.float32)
        edge = np.array([self.ids[BOUNDARY]])
        vectors = self.weights["emb.weight"][np.concatenate([edge, row, edge])]
        before = _tower(self.weights, "left", vectors)[places]
        behind = _tower(self.weights, "right", vectors[::-1])[::-1][places + 2]
        w = self.weights
        mixed = np.concatenate([_normed(before, w["nl.w"]), _normed(behind, w["nr.w"])], axis=1)
        hidden = _normed(_squared(mixed @ w["mix.weight"].T) @ w["head.weight"].T, w["nf.w"]) * w["scale"]
        odds = hidden @ w["emb.weight"].T + w["bias"]
        odds -= odds.max(axis=1, keepdims=True)
        return np.asarray(odds - np.log(np.exp(odds).sum(axis=1, keepdims=True)), np.float32)


def _normed(x: Floats, weight: Floats) -> Floats:
    """Root mean square normalisation (Zhang and Sennrich, 2019)."""
    return np.asarray(x / np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + EPSILON) * weight)


def _squared(x: Floats) -> Floats:
    return np.square(np.maximum(x, 0))


def _tower(weights: dict[str, Floats], name: str, vectors: Floats) -> Floats:
    """(words, width) what a tower knows at each word, from it and the words before it."""
    count = len(vectors)
    starts = list(range(0, max(count - (WINDOW - STRIDE), 1), STRIDE))
    padded = np.zeros((starts[-1] + WINDOW, vectors.shape[1]), np.float32)
    padded[:count] = vectors
    out = np.zeros_like(padded)
    for first in range(0, len(starts), BATCH):
        part = starts[first : first + BATCH]
        known = _blocks(weights, name, np.stack([padded[start : start + WINDOW] for start in part]))
        for start, own in zip(part, known, strict=True):
            skip = WINDOW - STRIDE if start else 0
            out[start + skip : start + WINDOW] = own[skip:]
    return out[:count]


def _blocks(weights: dict[str, Floats], name: str, x: Floats) -> Floats:
    """x: (windows, WINDOW, width)."""
    distance = np.subtract.outer(np.arange(WINDOW), np.arange(WINDOW))
    relative = weights[f"{name}.rel"]
    blocks, heads, _ = relative.shape
    windows, length, width = x.shape
    each = width // heads
    for block in range(blocks):
        w = {part: weights[f"{name}.blocks.{block}.{part}"] for part in PARTS}
        bias = np.where(distance >= 0, relative[block][:, np.maximum(distance, 0)], np.float32(-1e9))
        qkv = (_normed(x, w["n1.w"]) @ w["qkv.weight"].T).reshape(windows, length, 3, heads, each)
        query, key, value = qkv.transpose(2, 0, 3, 1, 4)
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(each)) + bias
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        seen = (scores @ value).transpose(0, 2, 1, 3).reshape(windows, length, width)
        x = x + seen @ w["o.weight"].T
        x = x + _squared(_normed(x, w["n2.w"]) @ w["up.weight"].T) @ w["down.weight"].T
    return x


PARTS = ("n1.w", "n2.w", "qkv.weight", "o.weight", "up.weight", "down.weight")


def save_context(path: Path, lexemes: Sequence[str], weights: dict[str, Floats]) -> None:
    """Matrices as bytes with a scale a row, all else as half floats."""
    arrays: dict[str, NDArray[Any]] = {"lexemes": np.frombuffer("\n".join(lexemes).encode(), np.uint8)}
    for name, value in weights.items():
        if value.ndim == 2:
            scale = np.abs(value).max(axis=1, keepdims=True) / 127 + 1e-12
            arrays[f"{name}:scale"] = scale.astype(np.float16)
            arrays[name] = np.round(value / scale.astype(np.float16).astype(np.float32)).clip(-127, 127).astype(np.int8)
        else:
            arrays[name] = value.astype(np.float16)
    np.savez(path, allow_pickle=False, **arrays)


def load_context(path: Path) -> ContextModel:
    with np.load(path) as data:
        weights = {
            name: data[name].astype(np.float32)
            * (data[f"{name}:scale"].astype(np.float32) if f"{name}:scale" in data else np.float32(1))
            for name in data.files
            if name != "lexemes" and not name.endswith(":scale")
        }
        return ContextModel(tuple(data["lexemes"].tobytes().decode().split("\n")), weights)
