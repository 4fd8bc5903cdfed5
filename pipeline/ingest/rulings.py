"""A grey page image in, its ruled tables out, and the image without ruling lines.

A ruling that is whole is found by its length. One that copying broke is found by the share of a stretch that its pieces
cover, less what other strokes cross of it: serifs and bars of letters stand in a line too, but their stems cross it.
Yet broken ones count only where they make cells that the whole ones do not.
"""

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ingest.clean import Image, outlines, part_of, pixels
from pipeline.ingest.grid import Grid, Segment, find_grids

LEAST_INCHES = 0.35
"""A straight stretch of ink as long as this is a ruling."""
THICKEST_INCHES = 0.1
"""Thicker ones are pictures."""
PIECE_INCHES = 0.05
"""The shortest piece of a broken ruling."""
BREAK_INCHES = 0.14
"""The longest gap between two pieces."""
THIN_INCHES = 0.024
"""Pieces are no thicker than this."""
STRETCH_INCHES = 0.8
COVERED = 0.7
"""Share of a stretch that the pieces of a broken ruling cover, beyond what crosses it."""
FILLED = 0.5
"""Share of a longer gap that pieces cover, or two cells are one there."""


def ruled(image: Image, dpi: float) -> tuple[list[Grid], Image]:
    """Tables, and the image without rulings."""
    ink = pixels(cv2.adaptiveThreshold(image, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15))
    upright = _lines(np.ascontiguousarray(ink.T), dpi)
    if not upright.whole.any() and not upright.broken.any():
        return [], pixels(image | _morphed(cv2.MORPH_DILATE, _whole(ink, dpi), 3, 3))
    across = _lines(ink, dpi)
    grids = _grids(across.whole, upright.whole, dpi)
    gone = _morphed(cv2.MORPH_DILATE, across.whole | upright.whole.T, 3, 3)
    rows, columns = across.whole | across.broken, upright.whole | upright.broken
    more = _grids(rows, columns, dpi)
    if _cells(more) > _cells(grids):
        grids = more
        gone = _morphed(cv2.MORPH_DILATE, rows | columns.T, 3, 3) | across.crumbs | upright.crumbs.T
    return grids, pixels(image | gone)


class _Lines(NamedTuple):
    """Masks of horizontal rulings: whole ones; broken ones, their gaps filled, and the ink that belongs to those."""

    whole: Image
    broken: Image
    crumbs: Image


def _whole(ink: Image, dpi: float) -> Image:
    return _morphed(cv2.MORPH_OPEN, _morphed(cv2.MORPH_CLOSE, ink, 3, 3), 1, int(LEAST_INCHES * dpi))


def _lines(ink: Image, dpi: float) -> _Lines:
    whole = _whole(ink, dpi)
    high = _morphed(cv2.MORPH_OPEN, ink, max(round(THIN_INCHES * dpi), 3), 1)
    thin = ink & ~high
    spread = _morphed(cv2.MORPH_DILATE, thin, 3, 1)
    crossed = _morphed(cv2.MORPH_DILATE, high, 3, 1)
    core = cv2.subtract(_share(spread, dpi), _share(crossed, dpi)) >= COVERED * 255
    if not core.any():
        return _Lines(whole, np.zeros_like(ink), np.zeros_like(ink))
    pieces = _morphed(cv2.MORPH_OPEN, spread, 1, int(PIECE_INCHES * dpi))
    gap = int(BREAK_INCHES * dpi) | 1  # odd, or closing moves what it closes
    parts = _parts_with(core, _morphed(cv2.MORPH_CLOSE, pieces | whole, 1, gap))
    broken = parts & ~_unfilled(parts & ~_morphed(cv2.MORPH_DILATE, whole, 5, 1), pieces, gap)
    near = _morphed(cv2.MORPH_DILATE, broken, 3, 1)
    return _Lines(whole, broken, _morphed(cv2.MORPH_DILATE, thin & near, 3, 3) & ~high)


def _grids(across: Image, upright: Image, dpi: float) -> list[Grid]:
    return find_grids(list(_segments(across, dpi)), list(_segments(upright, dpi)))


def _cells(grids: list[Grid]) -> int:
    return sum(len(grid.cells) for grid in grids)


def _morphed(operation: int, mask: Image, height: int, width: int) -> Image:
    return pixels(cv2.morphologyEx(mask, operation, np.ones((height, width), np.uint8)))


def _share(mask: Image, dpi: float) -> Image:
    """How much of the stretch about each pixel is in the mask, 255 for all of it."""
    return pixels(cv2.blur(mask, (int(STRETCH_INCHES * dpi), 1), borderType=cv2.BORDER_CONSTANT))


def _parts_with(core: NDArray[np.bool_], mask: Image) -> Image:
    """The connected parts of a mask that the core lies in."""
    kept = np.zeros_like(mask)
    for outline in outlines(mask):
        left, top, width, height = cv2.boundingRect(outline)
        place = slice(top, top + height), slice(left, left + width)
        if core[place].any():
            part = part_of(mask, outline)
            if (core[place] & (part > 0)).any():
                kept[place][part > 0] = 255
    return kept


def _unfilled(between: Image, pieces: Image, gap: int) -> Image:
    """What stands between whole stretches and is no ruling: longer than a gap, and strokes of letters cover little."""
    unfilled = np.zeros_like(between)
    for outline in outlines(between):
        left, top, width, height = cv2.boundingRect(outline)
        if width <= gap:
            continue
        place = slice(top, top + height), slice(left, left + width)
        part = part_of(between, outline) > 0
        if (part & (pieces[place] > 0)).any(axis=0).sum() < FILLED * width:
            unfilled[place][part] = 255
    return unfilled


def _segments(lines: Image, dpi: float) -> Iterator[Segment]:
    """Long thin parts of a mask as segments in points."""
    scale = 72 / dpi
    for left, top, width, height in map(cv2.boundingRect, outlines(lines)):
        if height < THICKEST_INCHES * dpi and width >= LEAST_INCHES * dpi:
            yield (top + height / 2) * scale, left * scale, (left + width) * scale
