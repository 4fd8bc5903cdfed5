import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipeline.restore.counter import add, get, new_counter

KEYS = st.integers(1, 12) | st.integers(1, 2**64 - 1)


@given(st.lists(st.tuples(KEYS, st.integers(1, 9)), max_size=60), KEYS)
def test_a_counter_counts_as_a_dict_does(additions: list[tuple[int, int]], other: int) -> None:
    counter = new_counter(len(additions))
    expected: dict[int, int] = {}
    for key, weight in additions:
        assert add(counter, np.uint64(key), np.float32(weight)) == (key not in expected)
        expected[key] = expected.get(key, 0) + weight
    for key in {other, *expected}:
        assert get(counter, np.uint64(key)) == expected.get(key, 0)
