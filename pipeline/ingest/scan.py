"""A page image in, the words and tables on it out, in points of the upright page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from pipeline.document import Box, Notice
from pipeline.ingest import clean
from pipeline.ingest.arrival import without_arrival_stamps
from pipeline.ingest.capitals import with_small_letters
from pipeline.ingest.covered import with_covered_words, without_pieces, without_strokes
from pipeline.ingest.fuse import with_whole_codes
from pipeline.ingest.grid import Grid
from pipeline.ingest.layout import Token, holds, moved, rows_of
from pipeline.ingest.quarters import with_quarters
from pipeline.ingest.rulings import ruled
from pipeline.ingest.second import with_second_look
from pipeline.ingest.strips import Strip, columns
from pipeline.ingest.tesseract import quarter_turns, read_words
from pipeline.ingest.unruled import is_number, numbers_column

DOUBTFUL_PAGE = 0.65
"""Mean confidence of a page's words below which it may stand on its side or its head."""
FEW_WORDS = 8
LONG_WORD = 4
"""Letters from which a word is wider than high."""
LEAST_CONFIDENCE = 0.2
"""Words read with less, in which hardly a letter is, are no words: edges of stamps, pen strokes, dirt."""
SURE_NUMBER = 0.5
"""Numbers of rows that only a look at their column finds are read with this at least: specks look like 'I' and 'l'."""
CELL_MARGIN = 1.5
"""Points cut from the sides of a cell: what the rulings left."""
CELL_SPACE = 14
"""Points between cells that are set one below the other to be read."""


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """quarters: turns clockwise that set the page upright; arrival_stamps: what those say; the rest is as in Sheet."""

    quarters: int
    tokens: tuple[Token, ...]
    grids: tuple[Grid, ...]
    arrival_stamps: tuple[str, ...] = ()

    def notices(self, number: int) -> tuple[Notice, ...]:
        """What a user should know of how page `number` was read."""
        return tuple(
            Notice("arrival_stamp", f"Page {number}: left out as an arrival stamp: {text}")
            for text in self.arrival_stamps
        )


def read_scan(image: clean.Image, dpi: float, blank: Sequence[Box] = ()) -> ScannedPage:
    """Read a page that was scanned at `dpi`. `blank`: places whose words are known. Raises PageFailedError."""
    pixels = _prepared(image, dpi, blank)
    page = _read(pixels, dpi)
    if not _is_doubtful(page.tokens) or not (pixels < 128).any():
        return page
    quarters = quarter_turns(Image.fromarray(pixels), dpi)
    if not quarters:
        return page
    turned = _read(np.ascontiguousarray(np.rot90(pixels, -quarters)), dpi)
    if not _is_on_its_side(page.tokens) and _confidence(turned.tokens) <= _confidence(page.tokens):
        return page
    return replace(turned, quarters=quarters)


def _prepared(image: clean.Image, dpi: float, blank: Sequence[Box]) -> clean.Image:
    pixels = clean.grey(image, dpi)
    for x0, top, x1, bottom in blank:
        rows = slice(max(int(top * dpi / 72), 0), int(bottom * dpi / 72) + 1)
        pixels = pixels.copy() if not pixels.flags.writeable else pixels
        pixels[rows, max(int(x0 * dpi / 72), 0) : int(x1 * dpi / 72) + 1] = 255
    return clean.even(clean.clear_edges(pixels))


def _is_doubtful(tokens: Sequence[Token]) -> bool:
    return len(tokens) < FEW_WORDS or _confidence(tokens) < DOUBTFUL_PAGE or _is_on_its_side(tokens)


def _is_on_its_side(tokens: Sequence[Token]) -> bool:
    """Do most words run up or down? Tesseract reads such ones too, but their lines in no order."""
    boxes = [token.box for token in tokens if len(token.text) >= LONG_WORD]
    return 2 * sum(bottom - top > right - left for left, top, right, bottom in boxes) > len(boxes)


def _confidence(tokens: Sequence[Token]) -> float:
    return sum((token.confidence or 0.0) * len(token.text) for token in tokens) / max(
        sum(len(token.text) for token in tokens), FEW_WORDS
    )


def _read(pixels: clean.Image, dpi: float) -> ScannedPage:
    """Read an image whose lines run from left to right, or nearly so."""
    straight = clean.straighten(pixels, clean.skew(pixels, dpi))
    whole, arrivals = without_arrival_stamps(clean.despeckle(straight, dpi), dpi)
    grids, plain = ruled(whole, dpi)
    tokens = list[Token]()
    for grid in grids:
        tokens += _after(tokens, _read_cells(plain, grid, dpi))
        plain = _blanked(plain, grid.box, dpi)
    bare, strokes = without_strokes(plain, dpi)
    words = with_covered_words(without_pieces(_read_twice(bare, dpi), strokes), plain, dpi)
    words = [*words, *_row_numbers(words, bare, dpi)]
    tokens += _after(tokens, filter(_is_word, words))
    return ScannedPage(0, tuple(tokens), tuple(grids), arrivals)


def _after(tokens: Sequence[Token], more: Iterable[Token]) -> list[Token]:
    """Words on lines of their own, which are numbered on from those of other words."""
    first = 1 + max((token.line or 0 for token in tokens), default=0)
    return [replace(token, line=first + (token.line or 0)) for token in more]


def _read_twice(pixels: clean.Image, dpi: float, mode: int = 3) -> list[Token]:
    """Words as read with Vietnamese, with a second look at those that it misreads."""
    words = read_words(Image.fromarray(pixels), dpi, mode=mode)
    return with_second_look(with_quarters(with_whole_codes(with_small_letters(words))), pixels, dpi)


def _row_numbers(words: Sequence[Token], pixels: clean.Image, dpi: float) -> list[Token]:
    """Numbers in the first column of a table without rulings: on a whole page the engine passes over most of them."""
    numbers = numbers_column(rows_of(words))
    if numbers is None:
        return []
    x0, top, x1, bottom = _pixels(numbers, dpi, 0.0)
    strip = pixels[top:bottom, x0:x1]
    if not strip.size:
        return []
    found = [
        replace(token, box=moved(token.box, x0 * 72 / dpi, top * 72 / dpi))
        for token in read_words(Image.fromarray(strip), dpi, "eng", mode=6)
        if is_number(token.text) and (token.confidence or 0.0) >= SURE_NUMBER
    ]
    return _after(words, (token for token in found if not any(holds(word.box, token.box) for word in words)))


def _is_word(token: Token) -> bool:
    letters = sum(character.isalnum() for character in token.text)
    return letters > 0 or (token.confidence or 0.0) >= LEAST_CONFIDENCE


def _blanked(pixels: clean.Image, box: Box, dpi: float) -> clean.Image:
    x0, top, x1, bottom = _pixels(box, dpi, 0.0)
    pixels = pixels.copy()
    pixels[top:bottom, x0:x1] = 255
    return pixels


def _pixels(box: Box, dpi: float, margin: float) -> tuple[int, int, int, int]:
    x0, top, x1, bottom = box
    scale = dpi / 72
    left, above = int((x0 + margin) * scale), int((top + margin) * scale)
    return max(left, 0), max(above, 0), int((x1 - margin) * scale), int((bottom - margin) * scale)


def _read_cells(pixels: clean.Image, grid: Grid, dpi: float) -> list[Token]:
    """Cells set one below the other in a single column, so that lines of neighbours never run together."""
    strips = []
    for cell in grid.cells:
        x0, top, x1, bottom = _pixels(cell.box, dpi, CELL_MARGIN)
        part = pixels[top:bottom, x0:x1]
        ink = np.nonzero((part < 128).any(axis=1))[0]
        if len(ink):
            first, last = max(int(ink[0]) - 4, 0), int(ink[-1]) + 5
            strips.append(Strip(part[first:last], x0, top + first))
    tokens: list[Token] = []
    for column in columns(strips, int(CELL_SPACE * dpi / 72)):
        read = column.placed(_read_twice(column.image, dpi, mode=6), dpi)
        tokens += _after(tokens, filter(_is_word, read))
    return tokens
