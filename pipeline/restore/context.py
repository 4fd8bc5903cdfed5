"""A row of words in, what stands at a place of it by the words on both sides out: a small neural model, in numpy.

Two towers of three transformer blocks (Vaswani et al., 2017) read a text, one from the left, one from the right; what
the left one knows before a place and the right one behind it is mixed into a vector, whose products with the words'
vectors are their log-odds. Words are written small; numbers are classes. Weights are bytes, with a scale a row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .tokens import BOUNDARY, UNKNOWN

Floats = NDArray[np.float32]

WINDOW, CHUNK = 96, 64
"""Words a block of a tower sees at a time, and how many of them it passes on; the others before them are remembered
from the chunk before (Dai et al., 2019)."""
BATCH, PLACES = 8, 64
"""Chunks, and places asked for, that are computed at a time: what is under way stays in the processor's cache."""
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

    def log_odds(self, row: NDArray[np.int64], places: NDArray[np.int64]) -> Iterator[Floats]:
        """(places, lexemes) log P(word at the place | all words of the row but it), up to a constant of the place; in
        batches of PLACES. row: (words) ids."""
        if not len(places):
            return
        edge = np.array([self.ids[BOUNDARY]])
        vectors = self.weights["emb.weight"][np.concatenate([edge, row, edge])]
        w = self.weights
        before = _normed(_tower(w, "left", vectors, places), w["nl.w"])
        behind = _normed(_tower(w, "right", vectors[::-1], len(row) - 1 - places), w["nr.w"])
        mixed = _squared(np.concatenate([before, behind], axis=1) @ w["mix.weight"].T)
        hidden = _normed(mixed @ w["head.weight"].T, w["nf.w"]) * w["scale"]
        for first in range(0, len(places), PLACES):
            yield np.asarray(hidden[first : first + PLACES] @ w["emb.weight"].T + w["bias"])


def _normed(x: Floats, weight: Floats) -> Floats:
    """Root mean square normalisation (Zhang and Sennrich, 2019)."""
    return np.asarray(x / np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + EPSILON) * weight)


def _squared(x: Floats) -> Floats:
    positive = np.maximum(x, 0)
    return np.square(positive, out=positive)


def _tower(weights: dict[str, Floats], name: str, vectors: Floats, places: NDArray[np.int64]) -> Floats:
    """(places, width) what a tower knows at each place of the text, from it and the words before it."""
    chunk = places // CHUNK
    padded = np.zeros(((int(chunk.max()) + 1) * CHUNK, vectors.shape[1]), np.float32)
    padded[: len(vectors)] = vectors[: len(padded)]
    chunks = padded.reshape(-1, CHUNK, vectors.shape[1])
    out = np.empty((len(places), vectors.shape[1]), np.float32)
    blocks, heads, _ = weights[f"{name}.rel"].shape
    past = [np.zeros((1, WINDOW - CHUNK, 2, heads, vectors.shape[1] // heads), np.float32)] * blocks
    for first in range(0, len(chunks), BATCH):
        asked = np.nonzero(chunk // BATCH == first // BATCH)[0]
        at = places[asked] - first * CHUNK
        out[asked] = _blocks(weights, name, chunks[first : first + BATCH], past, at, first == 0)
    return out


def _blocks(
    weights: dict[str, Floats], name: str, x: Floats, past: list[Floats], at: NDArray[np.int64], opens: bool
) -> Floats:
    """x: (chunks, CHUNK, width); past: by block, keys and values before the first chunk, replaced by those before the
    next one; at: words that are asked for; opens: whether nothing stands before the first chunk: (asked, width)."""
    distance = np.subtract.outer(np.arange(WINDOW - CHUNK, WINDOW), np.arange(WINDOW))
    relative = weights[f"{name}.rel"]
    blocks, heads, _ = relative.shape
    chunks, _, width = x.shape
    each = width // heads
    x = x.reshape(-1, width)
    for block in range(blocks):
        w = {part: weights[f"{name}.blocks.{block}.{part}"] for part in PARTS}
        bias = np.where(distance >= 0, relative[block][:, np.maximum(distance, 0)], HIDDEN)
        qkv = (_normed(x, w["n1.w"]) @ w["qkv.weight"].T).reshape(chunks, CHUNK, 3, heads, each)
        query = qkv[:, :, 0].transpose(0, 2, 1, 3)
        before = np.concatenate([past[block], qkv[:, CHUNK - WINDOW :, 1:]])
        past[block] = before[-1:]
        key, value = np.concatenate([before[:-1], qkv[:, :, 1:]], axis=1).transpose(2, 0, 3, 1, 4)
        scores = query * np.float32(1 / np.sqrt(each)) @ key.transpose(0, 1, 3, 2)
        scores += bias
        if opens:
            scores[0, :, :, : WINDOW - CHUNK] = HIDDEN
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        seen = (scores @ value).transpose(0, 2, 1, 3).reshape(-1, width)
        if block == blocks - 1:
            x, seen = x[at], seen[at]
        x = x + seen @ w["o.weight"].T
        x += _squared(_normed(x, w["n2.w"]) @ w["up.weight"].T) @ w["down.weight"].T
    return x


HIDDEN = np.float32(-1e9)
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
