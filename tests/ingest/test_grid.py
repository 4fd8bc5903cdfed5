from hypothesis import given
from hypothesis import strategies as st

from pipeline.ingest.grid import Grid, Segment, find_grids

EDGES = st.lists(st.integers(15, 120), min_size=3, max_size=7)


def _at(steps: list[int]) -> list[float]:
    places = [50.0]
    for step in steps:
        places.append(places[-1] + step)
    return places


def _grid(across: list[Segment], down: list[Segment]) -> Grid:
    (grid,) = find_grids(across, down)
    return grid


@given(EDGES, EDGES, st.data())
def test_cells_tile_the_grid(widths: list[int], heights: list[int], data: st.DataObject) -> None:
    """Whatever rulings are missing within it, each elementary cell is in exactly one cell, if cells are rectangles."""
    xs, ys = _at(widths), _at(heights)
    down = [(x, ys[0], ys[-1]) for x in xs]
    row = data.draw(st.integers(0, len(ys) - 2))
    merged = data.draw(st.sets(st.integers(1, len(xs) - 2), max_size=len(xs) - 2))
    for column in merged:
        down.remove((xs[column], ys[0], ys[-1]))
        down += [(xs[column], ys[0], ys[row]), (xs[column], ys[row + 1], ys[-1])]
    grid = _grid([(y, xs[0], xs[-1]) for y in ys], [line for line in down if line[2] > line[1]])
    places = [
        (row, column)
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for column in range(cell.column, cell.column + cell.column_span)
    ]
    assert len(places) == len(set(places)) == grid.rows * (len(grid.xs) - 1)
    assert len(grid.cells) == (len(xs) - 1) * (len(ys) - 1) - len(merged)


@given(EDGES, EDGES)
def test_a_table_open_at_its_sides_has_its_outer_columns(widths: list[int], heights: list[int]) -> None:
    xs, ys = _at(widths), _at(heights)
    across = [(y, xs[0], xs[-1]) for y in ys]
    whole = _grid(across, [(x, ys[0], ys[-1]) for x in xs])
    assert _grid(across, [(x, ys[0], ys[-1]) for x in xs[1:-1]]) == whole


def test_a_line_that_sticks_out_makes_no_column() -> None:
    xs, ys = (50.0, 100.0, 300.0), (50.0, 80.0, 120.0, 160.0)
    across = [(y, xs[0], xs[-1]) for y in ys[:-1]]
    grid = _grid([*across, (ys[-1], xs[0], 400.0)], [(x, ys[0], ys[-1]) for x in xs])
    assert grid.xs == xs
