"""Steps of a search in, the lattice for the next one out: what is settled is not thought about again."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .entries import Entries, picked_entries
from .graph import SPECK
from .interrupts import held_interrupts
from .steps import Layout, Step

SETTLED = 0.99
"""Posterior of a reading from which only those in the running beside it are searched again."""


@held_interrupts()
def settle(entries: Entries, layout: Layout, steps: Sequence[Step]) -> tuple[Entries, Layout]:
    """Each settled token gets an entry of what is in the running there. Entries keep their ids; those that no token
    needs any more lose their rows."""
    single, joined = layout.single.copy(), layout.joined.copy()
    old = len(entries.texts)
    settled: dict[tuple[int, ...], int] = {}
    for step in steps:
        if step.posterior > SETTLED and step.width == 1 and step.row != SPECK:
            rows = tuple(row for row in step.rows if row > SPECK)
            single[step.token] = old + settled.setdefault(rows, len(settled))
            joined[max(step.token - 1, 0) : step.token + 1] = -1
    needed = np.isin(np.arange(old), np.concatenate([single, joined]))
    counts = np.diff(entries.candidates.rows)
    owners = entries.entry_of(np.array([rows[0] for rows in settled], np.int64))
    picked = picked_entries(
        entries,
        np.concatenate([np.arange(old), owners]),
        np.concatenate([counts * needed, np.array([len(rows) for rows in settled], np.int64)]),
        np.concatenate([
            np.nonzero(np.repeat(needed, counts))[0],
            np.array([row for rows in settled for row in rows], np.int64),
        ]),
    )  # fmt: skip
    return picked, replace(layout, single=single, joined=joined)
