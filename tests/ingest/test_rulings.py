import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pipeline.ingest.rulings import ruled

DPI = 150
EDGES = (100, 180, 500, 800)
ROWS = (100, 160, 260, 330, 480)


def _ruled(thick: int = 3) -> NDArray[np.uint8]:
    page = Image.new("L", (900, 600), 255)
    draw = ImageDraw.Draw(page)
    for y in ROWS:
        draw.line((EDGES[0], y, EDGES[-1], y), 0, thick)
    for x in EDGES:
        draw.line((x, ROWS[0], x, ROWS[-1]), 0, thick)
    return np.array(page)


def _worn(page: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """With white blots over a share of it, as a copy of a copy has them."""
    random = np.random.default_rng(7)
    blots = random.random((page.shape[0] // 4, page.shape[1] // 4)) < share
    return np.where(np.kron(blots, np.ones((4, 4), bool)), 255, page).astype(np.uint8)


def test_rulings_are_found_and_taken_out() -> None:
    page = np.full((600, 600), 255, np.uint8)
    page[100:103, 50:550] = 0
    page[100:400, 50:53] = 0
    page[200:210, 300:330] = 0
    grids, plain = ruled(page, DPI)
    assert grids == []
    assert plain[101, 300] == 255
    assert plain[205, 315] == 0


@pytest.mark.parametrize("share", [0.0, 0.06, 0.12])
def test_a_grid_of_broken_rulings_is_the_grid_of_whole_ones(share: float) -> None:
    (grid,), plain = ruled(_worn(_ruled(), share), DPI)
    assert grid.rows == len(ROWS) - 1
    assert [round(x * DPI / 72 / 4) for x in grid.xs] == [round(x / 4) for x in EDGES]
    assert len(grid.cells) == (len(ROWS) - 1) * (len(EDGES) - 1)
    assert (plain < 128).mean() < 0.0005


def test_lines_of_text_are_no_rulings_and_stay() -> None:
    page = Image.new("L", (1240, 900), 255)
    draw = ImageDraw.Draw(page)
    for line in range(18):
        draw.text(
            (80, 60 + 42 * line),
            "DE NGHI THE HIEN THEO TIET 11111 lilili minh hien - 2024",
            0,
            ImageFont.load_default(30),
        )
    image = np.array(page)
    grids, plain = ruled(image, DPI)
    assert grids == []
    assert (plain == image).all()


def test_a_streak_of_the_copier_parts_no_cells() -> None:
    page = _ruled()
    page[:, 300:302] = 0
    (grid,), _ = ruled(page, DPI)
    assert len(grid.xs) == len(EDGES)
