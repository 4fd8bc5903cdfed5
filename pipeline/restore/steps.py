"""What passes between the searches of a reading: where the best path went, and which candidates stand where."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Step(NamedTuple):
    """One move of the best path: `width` tokens from `token` on read as `row` (SPECK: as dirt) of `entry`. rows,
    masses: rows in the running for the same tokens and their posteriors; before: language model state before the
    step."""

    token: int
    width: int
    entry: int
    row: int
    posterior: float
    rows: list[int]
    masses: list[float]
    before: int


@dataclass(frozen=True)
class Layout:
    """By token: entry of it alone, with the next one, of what its context proposes (-1: none); what follows it
    (see search.BREAKS)."""

    single: NDArray[np.int64]
    joined: NDArray[np.int64]
    proposed: NDArray[np.int64]
    breaks: NDArray[np.int64]
