"""Arrays of compiled code: the type of their elements, and how they grow."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Int = int | np.int64
"""A whole number in code that is compiled, and run as plain Python when it is looked into."""


@njit(cache=True)
def grown(array: NDArray[Any], least: int) -> NDArray[Any]:
    """The array itself where it has a place `least`, else a larger one that starts with it."""
    if least < len(array):
        return array
    larger = np.zeros(2 * least + 16, array.dtype)
    larger[: len(array)] = array
    return larger
