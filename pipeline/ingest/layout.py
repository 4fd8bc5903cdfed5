"""Words of a page with their boxes in, rows in reading order out: lines, columns, blank lines, how each is set."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pipeline.document import Box, Style

COLUMN_GAP = 0.75
"""A gap of so many text heights within a line may part columns; spaces of justified text are narrower, as a rule."""
SURE_COLUMN_GAP = 1.5
"""One line, at least, must have a gap like this."""
LEAST_GUTTER = 0.6
"""What a gutter must keep over all its lines, in text heights."""
BAND_GAP = 0.9
"""A gap of so many text heights over both columns starts a new band: what stands above is read first."""
BLANK_PITCH = 1.6
"""Line pitch, by the page's own, from which a blank line stands between."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word on a page: text, box in points, confidence of the reading, other readings, how it is set.

    `line`: words of one number stand on one line, as an OCR engine found it; words without stand for themselves.
    """

    text: str
    box: Box
    confidence: float | None = None
    alternatives: tuple[str, ...] = ()
    bold: bool = False
    italic: bool = False
    line: int | None = None


Row = tuple[Token, ...]
"""Words of one line, or of one column's part of it, from left to right."""


@dataclass(frozen=True, slots=True)
class Text:
    """A row in its place in reading order. `blank`: a blank line stands before it."""

    row: Row
    blank: bool
    style: Style


def box_of(tokens: Sequence[Token]) -> Box:
    """The box around tokens."""
    return union([token.box for token in tokens])


def union(boxes: Sequence[Box]) -> Box:
    """The box around boxes."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def moved(box: Box, right: float, down: float) -> Box:
    """The box elsewhere."""
    return box[0] + right, box[1] + down, box[2] + right, box[3] + down


def read_order(tokens: Sequence[Token]) -> list[Text]:
    """All tokens, each in one row: top to bottom, and columns side by side one after the other."""
    rows = rows_of(tokens)
    return _with_style([part for rows_or_columns in _columns(rows) for part in rows_or_columns])


def rows_of(tokens: Sequence[Token]) -> list[Row]:
    """Tokens that stand on one line, whatever the gaps between them; lines from top to bottom."""
    rows: list[list[_Piece]] = []
    reaches: list[tuple[float, float]] = []
    for piece in sorted(_pieces(tokens), key=lambda piece: (middle(piece.box), piece.box[0])):
        best: int | None = None
        shared = 0.5
        top, bottom = piece.box[1], piece.box[3]
        for index in range(max(len(rows) - _NEAR_ROWS, 0), len(rows)):
            if top < reaches[index][1] and bottom > reaches[index][0]:
                overlap = _shared_height(piece, rows[index])
                if overlap > shared:
                    best, shared = index, overlap
        if best is None:
            rows.append([piece])
            reaches.append((top, bottom))
        else:
            rows[best].append(piece)
            reaches[best] = min(reaches[best][0], top), max(reaches[best][1], bottom)
    ordered = [tuple(sorted((t for piece in row for t in piece.tokens), key=lambda t: t.box[0])) for row in rows]
    return sorted(ordered, key=lambda row: median(middle(token.box) for token in row))


_NEAR_ROWS = 8


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words that are known to stand on one line."""

    tokens: list[Token]
    box: Box


def _pieces(tokens: Sequence[Token]) -> Iterator[_Piece]:
    lines: dict[int, list[Token]] = {}
    for token in tokens:
        if token.line is None:
            yield _Piece([token], token.box)
        else:
            lines.setdefault(token.line, []).append(token)
    for line in lines.values():
        yield _Piece(line, box_of(line))


def _shared_height(piece: _Piece, row: Sequence[_Piece]) -> float:
    """What the piece shares of its height with the nearest one of the row; none where they lie over each other."""
    x0, _, x1, _ = piece.box
    near, distance = row[0], float("inf")
    for other in row:
        gap = max(other.box[0] - x1, x0 - other.box[2])
        if gap < -0.3 * min(x1 - x0, other.box[2] - other.box[0]) and len(piece.tokens) + len(other.tokens) > 2:
            return 0.0
        if gap < distance:
            near, distance = other, gap
    return _overlap(piece.box, near.box)


def _overlap(box: Box, other: Box) -> float:
    """Shared height by the lower of the two."""
    shared = min(box[3], other[3]) - max(box[1], other[1])
    return shared / max(min(box[3] - box[1], other[3] - other[1]), 0.01)


def middle(box: Box) -> float:
    """Half way down."""
    return (box[1] + box[3]) / 2


def height_of(row: Row) -> float:
    """Height of the row's text: that of its larger tokens, since dashes and full stops have none."""
    heights = sorted(token.box[3] - token.box[1] for token in row)
    return max(heights[len(heights) * 3 // 4], 4.0)


_Zone = list[tuple[Row, Row]]
"""Lines of two columns: words of the left one, words of the right one; a line may lack either."""


def _columns(rows: list[Row]) -> Iterator[list[Row]]:
    """Single rows, and both columns of each band of a zone."""
    at = 0
    while at < len(rows):
        zone = _zone_from(rows, at)
        if not zone:
            yield [rows[at]]
            at += 1
            continue
        for band in _bands(zone):
            yield [left for left, _ in band if left] + [right for _, right in band if right]
        at += len(zone)


def _zone_from(rows: list[Row], at: int) -> _Zone:
    """The longest zone of two columns that begins at a row; a line alone stays one, whatever its gaps."""
    best: _Zone = []
    height = height_of(rows[at])
    for gutter in _gaps(rows[at], COLUMN_GAP * height):
        zone = _grow(rows, at, gutter, height)
        widths = [right[0].box[0] - max(token.box[2] for token in left) for left, right in zone if left and right]
        if len(zone) > max(len(best), 1) and max(widths) >= SURE_COLUMN_GAP * height:
            best = zone
    return best


def _gaps(row: Row, least: float) -> Iterator[tuple[float, float]]:
    end = row[0].box[2]
    for token in row[1:]:
        if token.box[0] - end >= least:
            yield end, token.box[0]
        end = max(end, token.box[2])


def _grow(rows: list[Row], at: int, gutter: tuple[float, float], height: float) -> _Zone:
    """Rows from `at` on that leave the gutter free. After the last one with both columns, only close neighbours."""
    free = gutter
    lines: list[tuple[Row, Row]] = []
    kept = 0
    for row in rows[at:]:
        count, free = part(row, free)
        if free[1] - free[0] < LEAST_GUTTER * height:
            break
        lines.append((row[:count], row[count:]))
        if 0 < count < len(row):
            kept = len(lines)
        elif kept == len(lines) - 1 and _follows(lines, height):
            kept = len(lines)
    return lines[:kept]


def part(row: Row, free: tuple[float, float]) -> tuple[int, tuple[float, float]]:
    """How many words stand left of a gutter (left, right edge), and what the row leaves free of it."""
    best, gap = 0, (0.0, 0.0)
    end = float("-inf")
    for count in range(len(row) + 1):
        start = row[count].box[0] if count < len(row) else float("inf")
        shared = max(free[0], end), min(free[1], start)
        if shared[1] - shared[0] > gap[1] - gap[0]:
            best, gap = count, shared
        if count < len(row):
            end = max(end, row[count].box[2])
    return best, gap


def _follows(lines: _Zone, height: float) -> bool:
    """Does the last line, in one column alone, go on with that column: close below, and starting at its edge?"""
    side = 0 if lines[-1][0] else 1
    above = [line[side] for line in lines[:-1] if line[side]]
    if not above:
        return False
    box, last = box_of(lines[-1][side]), box_of(above[-1])
    aligned = any(abs(box[0] - box_of(row)[0]) < height for row in above)
    return aligned and box[1] - last[3] < BAND_GAP * height


def _bands(lines: _Zone) -> Iterator[_Zone]:
    """Cut where a gap goes through both columns."""
    band: _Zone = []
    bottom = 0.0
    for line in lines:
        box = box_of((*line[0], *line[1]))
        if band and box[1] - bottom > BAND_GAP * height_of((*line[0], *line[1])):
            yield band
            band = []
        band.append(line)
        bottom = max(bottom, box[3])
    if band:
        yield band


def _with_style(rows: list[Row]) -> list[Text]:
    if not rows:
        return []
    boxes = [box_of(row) for row in rows]
    left, right = _edges(boxes)
    pitch = _pitch(boxes)
    texts = []
    for i, (row, box) in enumerate(zip(rows, boxes, strict=True)):
        blank = i > 0 and _parted(boxes[i - 1], box, pitch)
        texts.append(Text(row, blank, _style(row, box, left, right)))
    return texts


def _edges(boxes: list[Box]) -> tuple[float, float]:
    """Left and right edge of the text, a few rows that stick out left aside."""
    if len(boxes) < 3:
        return min(box[0] for box in boxes), max(box[2] for box in boxes)
    lefts, rights = sorted(box[0] for box in boxes), sorted(box[2] for box in boxes)
    return lefts[len(lefts) // 10], rights[len(rights) - 1 - len(rights) // 10]


def _pitch(boxes: list[Box]) -> float:
    """The usual distance from line to line."""
    steps = [below[3] - above[3] for above, below in pairwise(boxes) if below[3] > above[3]]
    return median(steps) if steps else 0.0


def _parted(above: Box, below: Box, pitch: float) -> bool:
    """Is there room for a line between two rows, or does the lower one begin a new column?"""
    return below[3] < above[1] or below[3] - above[3] > BLANK_PITCH * pitch


def _style(row: Row, box: Box, left: float, right: float) -> Style:
    letters = sum(len(token.text) for token in row)
    bold = sum(len(token.text) for token in row if token.bold) > 0.6 * letters
    italic = sum(len(token.text) for token in row if token.italic) > 0.6 * letters
    before, after = box[0] - left, right - box[2]
    near = 0.06 * (right - left)
    centred = abs(before - after) < near and min(before, after) > near
    return Style(bold, italic, centred, round(max(before, 0.0), 1))


def without(tokens: Sequence[Token], boxes: Sequence[Box]) -> list[Token]:
    """Tokens whose middle lies in none of the boxes."""
    return [token for token in tokens if not any(holds(box, token.box) for box in boxes)]


def holds(box: Box, other: Box) -> bool:
    """Does the middle of the other box lie in this one?"""
    x, y = (other[0] + other[2]) / 2, middle(other)
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]
