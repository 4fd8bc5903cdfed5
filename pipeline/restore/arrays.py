"""Arrays of compiled code: the type of their elements, and how they grow."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Compiles a function that makes no array, and so need not count who holds one: in the innermost loops over arrays
    in tuples that counting, atomic as it is, takes longer than all else."""
    options: dict[str, Any] = {"cache": True, "_nrt": False}
    compiled: F = njit(**options)(function)
    return compiled


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
