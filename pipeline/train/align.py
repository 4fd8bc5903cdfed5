"""Readings of pages in, pairs of (true line, read line) out: which read line shows which true line."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

import numpy as np
from rapidfuzz import fuzz, process

from ..restore.tokens import even_tones
from .read import Reading

LEAST_RATIO = 50
"""Below this similarity of skeletons (0 to 100) two lines are not taken for the same."""
SKIP = -8.0
"""What leaving a line unpaired costs, in points of similarity above LEAST_RATIO."""


def skeleton(text: str) -> str:
    """Lower-case letters and digits without marks: what survives an engine without Vietnamese."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return re.sub(r"[^a-z0-9]", "", bare)


def pair_lines(truth: Iterable[str], read: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of lines, in order, that maximise total similarity; lines without a partner are left out."""
    true_lines = [_printable(line) for line in truth]
    read_lines = [" ".join(line.split()) for line in read if line.strip()]
    true_skeletons = [skeleton(line) for line in true_lines]
    read_skeletons = [skeleton(line) for line in read_lines]
    if not true_lines or not read_lines:
        return
    gains = process.cdist(true_skeletons, read_skeletons, scorer=fuzz.ratio, dtype=np.float32) - LEAST_RATIO
    rows, columns = gains.shape
    best = np.zeros((rows + 1, columns + 1), dtype=np.float32)
    best[:, 0] = SKIP * np.arange(rows + 1)
    best[0, :] = SKIP * np.arange(columns + 1)
    for i in range(rows):
        for j in range(columns):
            best[i + 1, j + 1] = max(best[i, j] + gains[i, j], best[i, j + 1] + SKIP, best[i + 1, j] + SKIP)
    pairs = []
    i, j = rows, columns
    while i and j:
        if best[i, j] == best[i - 1, j - 1] + gains[i - 1, j - 1]:
            i, j = i - 1, j - 1
            if gains[i, j] > 0 and true_skeletons[i]:
                pairs.append((true_lines[i], read_lines[j]))
        elif best[i, j] == best[i - 1, j] + SKIP:
            i -= 1
        else:
            j -= 1
    yield from reversed(pairs)


def pairs_of(readings: Iterable[Reading]) -> Iterator[tuple[str, str]]:
    for reading in readings:
        yield from pair_lines(reading.truth, reading.read)


def _printable(line: str) -> str:
    """A line of a text layer with even tones and without the codes of symbol fonts."""
    kept = "".join(c for c in unicodedata.normalize("NFC", " ".join(line.split())) if c.isprintable())
    return even_tones(kept)
