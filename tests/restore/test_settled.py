import numpy as np
import pytest

from pipeline.restore.candidates import QUICK
from pipeline.restore.engine import Engine, Reader
from pipeline.restore.entries import Entries, make_entries, row_pieces
from pipeline.restore.settled import SETTLED, settle
from pipeline.restore.steps import Layout, Step

TEXTS = ["coso", "hién,", "hién, coso"]


@pytest.fixture
def reader(engine: Engine) -> Reader:
    return engine.plain


@pytest.fixture
def entries(reader: Reader) -> Entries:
    return make_entries(TEXTS, reader, reader.channels[0], QUICK)


def layout() -> Layout:
    return Layout(np.array([0, 1, 0]), np.array([-1, 2, -1]), np.full(3, -1), np.array([0, 0, 2]))


def step(entries: Entries, token: int, entry: int, posterior: float, ranks: list[int]) -> Step:
    rows = [entries.rows(entry)[rank] for rank in ranks]
    return Step(token, 1, entry, rows[0], posterior, [*rows, -2], [0.0] * (len(rows) + 1), 0)


def printed(reader: Reader, entries: Entries, entry: int) -> list[tuple[float, list[str]]]:
    return [
        (float(entries.score[row]), [piece.text for piece in row_pieces(reader, entries, row, opens_line=False)])
        for row in entries.rows(entry)
    ]


def test_a_settled_token_keeps_what_is_in_the_running_there(reader: Reader, entries: Entries) -> None:
    steps = [
        step(entries, 0, 0, 1.0, [1, 0]),
        step(entries, 1, 1, SETTLED - 0.1, [0]),
        step(entries, 2, 0, SETTLED - 0.1, [0]),
    ]
    settled, new = settle(entries, layout(), steps)
    first, second = printed(reader, entries, 0)[:2]
    assert new.single.tolist() == [3, 1, 0]
    assert new.joined.tolist() == [-1, 2, -1]
    assert printed(reader, settled, 3) == [second, first]
    assert settled.texts == [*TEXTS, TEXTS[0]]
    assert [printed(reader, settled, entry) for entry in range(3)] == [
        printed(reader, entries, entry) for entry in range(3)
    ]


def test_beside_a_settled_token_none_is_joined_and_what_nobody_needs_is_gone(reader: Reader, entries: Entries) -> None:
    steps = [step(entries, token, entry, 1.0, [0]) for token, entry in ((0, 0), (1, 1), (2, 0))]
    settled, new = settle(entries, layout(), steps)
    assert new.single.tolist() == [3, 4, 3]
    assert new.joined.tolist() == [-1, -1, -1]
    assert [len(settled.rows(entry)) for entry in range(5)] == [0, 0, 0, 1, 1]


def test_dirt_and_joined_tokens_are_never_settled(entries: Entries) -> None:
    dirt = step(entries, 0, 0, 1.0, [0])._replace(row=-1)
    joined = step(entries, 1, 2, 1.0, [0])._replace(width=2)
    _, new = settle(entries, layout(), [dirt, joined])
    assert new.single.tolist() == layout().single.tolist()
    assert new.joined.tolist() == layout().joined.tolist()
