"""Ruling lines in, grids of cells out: merged cells found by the rulings that are missing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.document import Box

SNAP = 3.0
"""Points within which ruling lines count as one, or as touching."""
LEAST_SIDE = 8.0
"""Points: lower or narrower cells are no cells, but double lines."""
LEAST_COLUMNS = 2
LEAST_CELLS = 3
LEAST_COLUMN = 15.0
"""Points that most rulings go on beyond the last upright one, where the table is open at its side."""
LEAST_RULINGS = 3
STREAK = 24.0
"""Points that a line goes on beyond a table at both ends: it is none of its rulings, but a streak of the copier."""
COVERED = 0.7
"""Share of a cell's side that a ruling must cover to part it from its neighbour."""

Segment = tuple[float, float, float]
"""A ruling: its own coordinate (y of a horizontal, x of a vertical one), where it starts, where it ends; points."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell in the grid's rows and columns, which count from 0."""

    box: Box
    row: int
    column: int
    row_span: int
    column_span: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A ruled table, or the part of one that stands on a page; cells by row, then column. xs: edges of columns."""

    box: Box
    cells: tuple[GridCell, ...]
    xs: tuple[float, ...]
    rows: int


def find_grids(horizontal: Sequence[Segment], vertical: Sequence[Segment]) -> list[Grid]:
    """Tables of a page, from top to bottom. Rulings may come in pieces."""
    groups = _connected(_joined(horizontal), _joined(vertical))
    parts = (part for across, down in groups for part in _connected(*_without_streaks(across, down)))
    grids = [grid for across, down in parts if (grid := _grid(across, down))]
    return sorted(grids, key=lambda grid: grid.box[1])


def _joined(segments: Sequence[Segment]) -> list[Segment]:
    """Pieces of one ruling made whole."""
    joined: list[Segment] = []
    for line in _clustered(segments):
        place = sum(at for at, _, _ in line) / len(line)
        start = end = None
        for _, low, high in sorted(line, key=lambda segment: segment[1]):
            if start is None or end is None:
                start, end = low, high
            elif low <= end + SNAP:
                end = max(end, high)
            else:
                joined.append((place, start, end))
                start, end = low, high
        if start is not None and end is not None:
            joined.append((place, start, end))
    return [segment for segment in joined if segment[2] - segment[1] >= LEAST_SIDE]


def _clustered(segments: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Segments in groups that lie within SNAP of their neighbours."""
    group: list[Segment] = []
    for segment in sorted(segments):
        if group and segment[0] - group[-1][0] > SNAP:
            yield group
            group = []
        group.append(segment)
    if group:
        yield group


def _connected(across: list[Segment], down: list[Segment]) -> Iterator[tuple[list[Segment], list[Segment]]]:
    """Groups of rulings that touch each other."""
    parent = list(range(len(across) + len(down)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, (y, left, right) in enumerate(across):
        for j, (x, top, bottom) in enumerate(down):
            if left - SNAP <= x <= right + SNAP and top - SNAP <= y <= bottom + SNAP:
                parent[root(i)] = root(len(across) + j)
    groups: dict[int, tuple[list[Segment], list[Segment]]] = {}
    for i, segment in enumerate(across):
        groups.setdefault(root(i), ([], []))[0].append(segment)
    for j, segment in enumerate(down):
        groups.setdefault(root(len(across) + j), ([], []))[1].append(segment)
    yield from groups.values()


def _without_streaks(across: list[Segment], down: list[Segment]) -> tuple[list[Segment], list[Segment]]:
    """Without upright lines that go through a table from far above to far below, where others keep to it."""
    kept = [line for line in down if not _goes_through(line, across)]
    return (across, kept) if len(kept) > LEAST_COLUMNS else (across, down)


def _goes_through(line: Segment, across: list[Segment]) -> bool:
    x, top, bottom = line
    met = [y for y, left, right in across if left - SNAP <= x <= right + SNAP and top - SNAP <= y <= bottom + SNAP]
    return bool(met) and min(met) - top > STREAK and bottom - max(met) > STREAK


def _grid(across: list[Segment], down: list[Segment]) -> Grid | None:
    """Cells between the rulings of one group: elementary cells, joined where no ruling parts them."""
    ys, xs = _places(across), _closed(_places(down), across)
    if len(xs) <= LEAST_COLUMNS or len(ys) < 2:
        return None
    owner = _merged(across, down, xs, ys)
    members: dict[int, list[tuple[int, int]]] = {}
    for index, own in enumerate(owner):
        members.setdefault(own, []).append(divmod(index, len(xs) - 1))
    cells = [_cell(places, xs, ys) for places in members.values()]
    if len(cells) < LEAST_CELLS or all(cell.column_span == len(xs) - 1 for cell in cells):
        return None
    box = (xs[0], ys[0], xs[-1], ys[-1])
    ordered = sorted(cells, key=lambda cell: (cell.row, cell.column))
    return Grid(box, tuple(ordered), tuple(xs), len(ys) - 1)


def _places(segments: list[Segment]) -> list[float]:
    """Coordinates of rulings, double lines as one."""
    places: list[float] = []
    for place, _, _ in sorted(segments):
        if not places or place - places[-1] >= LEAST_SIDE:
            places.append(place)
    return places


def _closed(xs: list[float], across: list[Segment]) -> list[float]:
    """Edges of columns, with those of the outer ones where the table is open at its sides: there most rulings end."""
    long = [line for line in across if line[1] <= xs[0] + SNAP and line[2] >= xs[-1] - SNAP] if xs else []
    if len(long) < LEAST_RULINGS:
        return xs
    left, right = median(line[1] for line in long), median(line[2] for line in long)
    before = [left] if xs[0] - left >= LEAST_COLUMN and _is_common(left, [line[1] for line in long]) else []
    after = [right] if right - xs[-1] >= LEAST_COLUMN and _is_common(right, [line[2] for line in long]) else []
    return [*before, *xs, *after]


def _is_common(place: float, places: list[float]) -> bool:
    return sum(abs(place - other) <= SNAP for other in places) >= COVERED * len(places)


def _merged(across: list[Segment], down: list[Segment], xs: list[float], ys: list[float]) -> list[int]:
    """By elementary cell (row by row) the number of the cell that it belongs to."""
    width, height = len(xs) - 1, len(ys) - 1
    owner = list(range(width * height))

    def root(i: int) -> int:
        while owner[i] != i:
            i = owner[i]
        return i

    for row in range(height):
        for column in range(width):
            here = row * width + column
            if column + 1 < width and not _is_ruled(down, xs[column + 1], ys[row], ys[row + 1]):
                owner[root(here + 1)] = root(here)
            if row + 1 < height and not _is_ruled(across, ys[row + 1], xs[column], xs[column + 1]):
                owner[root(here + width)] = root(here)
    return [root(i) for i in range(width * height)]


def _is_ruled(segments: list[Segment], place: float, low: float, high: float) -> bool:
    covered = sum(
        max(0.0, min(high, end) - max(low, start)) for at, start, end in segments if abs(at - place) < LEAST_SIDE
    )
    return covered >= COVERED * (high - low)


def _cell(places: list[tuple[int, int]], xs: list[float], ys: list[float]) -> GridCell:
    rows, columns = [row for row, _ in places], [column for _, column in places]
    top, left, bottom, right = min(rows), min(columns), max(rows) + 1, max(columns) + 1
    return GridCell((xs[left], ys[top], xs[right], ys[bottom]), top, left, bottom - top, right - left)
