"""Tokens and what is newly thought of them in, entries and a layout that say so out."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from .channel import Channel
from .engine import Reader
from .entries import Entries, concatenate, picked_entries, proposed_entries
from .steps import Layout

Row = Sequence[tuple[int, int, int]]
"""Units (surface, start, end) of a token."""


def rows_of(entries: Entries, layout: Layout, token: int) -> NDArray[np.int64]:
    """All rows that a token has, alone."""
    own, other = int(layout.single[token]), int(layout.proposed[token])
    return np.array([*entries.rows(own), *(entries.rows(other) if other >= 0 else ())])


@dataclass
class Revision:
    """What is to change of `entries` and `layout`; nothing does before `applied`."""

    entries: Entries
    layout: Layout
    _picks: dict[int, tuple[int, NDArray[np.int64], NDArray[np.float64]]] = field(default_factory=dict)
    _proposals: dict[int, tuple[str, Sequence[Row], Sequence[float]]] = field(default_factory=dict)

    def pick(self, token: int, rows: NDArray[np.int64], bonus: NDArray[np.float64]) -> None:
        """A token has these of all rows alone, each with what speaks for it; nothing else is proposed for it."""
        self._picks[token] = int(self.layout.single[token]), rows, bonus

    def propose(self, token: int, rows: Sequence[Row], bonus: Sequence[float]) -> None:
        """A token may be read as these rows, too, each with what speaks for it."""
        self._proposals[token] = self.entries.texts[self.layout.single[token]], rows, bonus

    def applied(self, channel: Channel, reader: Reader) -> tuple[Entries, Layout]:
        """What was given, where nothing changes."""
        if not self._picks and not self._proposals:
            return self.entries, self.layout
        single, proposed = self.layout.single.copy(), self.layout.proposed.copy()
        owners, rows, bonus = zip(*self._picks.values(), strict=True) if self._picks else ((), (), ())
        first = len(self.entries.texts)
        single[list(self._picks)] = first + np.arange(len(owners))
        proposed[list(self._picks)] = -1
        proposed[list(self._proposals)] = first + len(owners) + np.arange(len(self._proposals))
        counts = np.array([len(own) for own in rows], dtype=np.int64)
        picked = picked_entries(
            self.entries, np.array(owners, dtype=np.int64), counts, np.concatenate([*rows, np.zeros(0, np.int64)])
        )
        picked = replace(picked, bonus=np.concatenate([*bonus, np.zeros(0)]))
        new = list(self._proposals.values())
        more = proposed_entries([text for text, *_ in new], [own for _, own, _ in new], channel, reader)
        more = replace(more, bonus=np.array([each for *_, own in new for each in own], dtype=np.float64))
        layout = replace(self.layout, single=single, proposed=proposed)
        return concatenate(concatenate(self.entries, picked), more), layout
